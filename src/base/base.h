/* Base: the ground floor. Memory, text, buffers, errors, time, numbers, CSV, JSON, UUIDs and
 * archives; no word of any domain and no system beyond the C library, libsodium (uuid.c) and
 * libzip (zip.c). Everything here is pure but for files (file.h, zip.h), rg_ctx_init (clock,
 * chance) and rg_assert_failed. Every other room includes this one header.                    */
#ifndef RG_BASE_H
#define RG_BASE_H

#include "limits.h"
#include "claim.h"
#include "str.h"
#include "arena.h"
#include "buf.h"
#include "err.h"
#include "ctx.h"
#include "num.h"
#include "civil.h"
#include "csv.h"
#include "file.h"
#include "gulpease.h"
#include "ics.h"
#include "json.h"
#include "uuid.h"
#include "zip.h"

#endif
