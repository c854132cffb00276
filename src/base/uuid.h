/* UUIDs (RFC 9562): read, written, and made of a name, the same for ever. */
#ifndef RG_UUID_H
#define RG_UUID_H

#include "arena.h"
#include "str.h"

bool rg_uuid_parse(struct str text, unsigned char ret_id[16]);
/* The 36 characters of one, in either case. */

struct str rg_uuid_text(struct rg_arena *arena, const unsigned char id[16]);
/* In lower case; none without memory. */

struct str rg_uuid_of(struct rg_arena *arena, const struct str parts[], size_t n_parts);
/* Version 8: BLAKE2b of the parts one behind the other, nothing between them; none without memory.
 * Callers put what keeps parts apart, and must never change what they put: ids hang on it.    */

#endif
