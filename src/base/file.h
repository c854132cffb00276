/* A whole file in memory, for packs, tables and what is kept beside the database. */
#ifndef RG_FILE_H
#define RG_FILE_H

#include "buf.h"

enum rg_file {
    RG_FILE_READ,
    RG_FILE_ABSENT,     /* no such file                                  */
    RG_FILE_UNREADABLE, /* there, and the system does not give it: why   */
    RG_FILE_TOO_LARGE,  /* more than the ceiling of the buffer           */
    RG_FILE_NO_MEMORY
};

enum rg_file rg_file_read(const char *path, size_t n_max, struct rg_buf *ret, const char **ret_why);
/* Append the bytes of a file of at most n_max bytes. ret: made here, free with rg_buf_done also
 * after a failure, when it holds what was read so far. ret_why (may be NULL): the system's words,
 * static, for the sentence that the caller tells. One pass, whatever kind of file it is. */

bool rg_file_put(int fd, const char *p, size_t n);
/* Write all of it, however often the system takes less; false with errno. */

#endif
