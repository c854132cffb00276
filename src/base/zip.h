/* ZIP archives, by libzip: tables and timetables come in one file and leave in one.
 *
 * What comes in is a stranger's: its bytes are borrowed, names are only names (nothing is written
 * under them), and each file is taken out to a descriptor of the caller with a ceiling, so that an
 * archive that swells costs no more than that. What goes out is the same bytes each time.     */
#ifndef RG_ZIP_H
#define RG_ZIP_H

#include "buf.h"
#include "str.h"

enum rg_zip {
    RG_ZIP_OK,
    RG_ZIP_DAMAGED,   /* no archive, cut short, a wrong sum, an unknown method, a password */
    RG_ZIP_TOO_LARGE, /* more than the ceiling                                              */
    RG_ZIP_NO_MEMORY,
    RG_ZIP_DISK       /* reading or writing a file of ours: errno says why                  */
};

struct rg_zip_in;

enum rg_zip rg_zip_open(struct str bytes, struct rg_zip_in **ret);
/* The bytes stay the caller's and must outlive it. Owned: rg_zip_close. */

struct rg_zip_in *rg_zip_close(struct rg_zip_in *zip);
/* Takes NULL. Returns NULL. */

size_t rg_zip_count(const struct rg_zip_in *zip);

bool rg_zip_name(const struct rg_zip_in *zip, size_t i, struct str *ret_name);
/* What entry i is called, folders and all, borrowed; false for a folder and for what has no name
 * in UTF-8.                                                                                    */

enum rg_zip rg_zip_extract(struct rg_zip_in *zip, size_t i, int fd, uint64_t n_max,
                           uint64_t *ret_n);
/* Write entry i to a descriptor, at most n_max bytes; how many. Its checksum is looked at. */

struct rg_zip_out;

enum rg_zip rg_zip_new(const char *path, struct rg_zip_out **ret);
/* An archive that rg_zip_finish puts at path, in place of what stands there; in memory when path is
 * NULL. Owned: rg_zip_drop.                                                                    */

enum rg_zip rg_zip_add_file(struct rg_zip_out *zip, const char *name, const char *path);
/* A file, compressed, read when the archive is finished. */

enum rg_zip rg_zip_add(struct rg_zip_out *zip, const char *name, struct str bytes, bool stored);
/* The same from memory, which is borrowed until then; stored: as it is. */

enum rg_zip rg_zip_finish(struct rg_zip_out *zip, struct rg_buf *out);
/* Write it all, safe on disk, under its name or not at all; or, without a path, append it to out
 * (else NULL). RG_ZIP_TOO_LARGE past the ceiling of out.                                      */

struct rg_zip_out *rg_zip_drop(struct rg_zip_out *zip);
/* Forget it; after rg_zip_finish too. Takes NULL. Returns NULL. */

#endif
