#include "file.h"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { STEP = 64 * 1024 };

enum rg_file
rg_file_read(const char *path, size_t n_max, struct rg_buf *ret, const char **ret_why)
{
    const char *why = "";
    enum rg_file told = RG_FILE_READ;
    rg_buf_init(ret, n_max + 1); /* the byte too many shows that there are more */
    FILE *f = fopen(path, "rb");
    if (!f) {
        told = errno == ENOENT ? RG_FILE_ABSENT : RG_FILE_UNREADABLE;
        why = strerror(errno);
    }
    for (size_t got = 1; f && got > 0 && told == RG_FILE_READ;) {
        size_t step = n_max + 1 - ret->n < STEP ? n_max + 1 - ret->n : STEP;
        char *room = rg_buf_room(ret, step);
        errno = 0;
        got = room ? fread(room, 1, step, f) : 0;
        ret->n += got;
        if (!room) {
            told = RG_FILE_NO_MEMORY;
        } else if (ret->n > n_max) {
            told = RG_FILE_TOO_LARGE;
        } else if (got == 0 && ferror(f)) {
            told = RG_FILE_UNREADABLE; /* a folder opens and does not read */
            why = strerror(errno ? errno : EIO);
        }
    }
    if (f)
        fclose(f);
    if (ret_why)
        *ret_why = why;
    return told;
}

bool
rg_file_put(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}
