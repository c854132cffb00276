/* The recorder of the power-cut trial: what a program wrote, cut off and synced, in order.
 *
 *     LD_PRELOAD=powercut.so POWERCUT_DIR=/tmp/x/ POWERCUT_LOG=/tmp/x.log writer …
 *
 * Every write, truncation, sync and removal of a file below POWERCUT_DIR is done and noted in
 * POWERCUT_LOG under one lock, so that the log is the order in which they happened. A sync is
 * noted but not asked of the real disk: the trial imagines a disk that keeps only what was
 * synced, and cutter.c plays it. With POWERCUT_FAIL_SYNC=N the N-th sync fails with EIO, and what
 * waited for it is never safe, as on Linux. What a file held before it was first opened is noted
 * whole, as safe. Others may append records of their own to the log: each is one write.
 *
 * The log is a sequence of struct record (record.h) with their bytes. What is mapped into memory
 * and what a child does is not seen; the program under trial writes neither way.             */
#include "record.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FD_MAX = 1024, FILES_MAX = 64, PATH_MAX_BYTES = 512 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *dir;
static int log_fd = -1;
static long n_syncs, fail_sync;
static uint8_t file_of[FD_MAX]; /* 0: not ours; else index into paths plus one */
static char paths[FILES_MAX][PATH_MAX_BYTES];
static unsigned n_paths;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* One call for head and bytes, so that a record of another writer cannot stand between them. */
static void
note(char op, unsigned file, int64_t at, const void *bytes, size_t n)
{
    struct record r = {.op = op, .file = (uint8_t)file, .at = at, .n = (uint32_t)n};
    const struct iovec parts[] = {{&r, sizeof(r)}, {(void *)(uintptr_t)bytes, n}};
    if (writev(log_fd, parts, n ? 2 : 1) != (ssize_t)(sizeof(r) + n))
        abort(); /* a trial without its log proves nothing */
}

__attribute__((constructor)) static void
begin(void)
{
    dir = getenv("POWERCUT_DIR");
    const char *log = getenv("POWERCUT_LOG"), *n = getenv("POWERCUT_FAIL_SYNC");
    fail_sync = n ? strtol(n, NULL, 10) : 0;
    if (dir && log)
        log_fd = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (log_fd >= 0 && log_fd < FD_MAX)
        file_of[log_fd] = 0;
}

/* What stands in the file already is of the time before the trial. */
static void
note_before(const char *path, unsigned file)
{
    static uint8_t bytes[65536];
    int fd = REAL(open)(path, O_RDONLY | O_CLOEXEC);
    int64_t at = 0;
    for (ssize_t n; fd >= 0 && (n = read(fd, bytes, sizeof(bytes))) > 0; at += n)
        note(RECORD_WRITE, file, at, bytes, (size_t)n);
    if (at > 0)
        note(RECORD_SYNC, file, 0, NULL, 0);
    if (fd >= 0)
        REAL(close)(fd);
}

/* The number of a path below the folder; its name is noted the first time. Lock held. */
static unsigned
file_number(const char *path)
{
    if (log_fd < 0 || strncmp(path, dir, strlen(dir)) != 0 ||
        strlen(path) >= PATH_MAX_BYTES)
        return 0;
    for (unsigned i = 0; i < n_paths; i++)
        if (strcmp(paths[i], path) == 0)
            return i + 1;
    if (n_paths == FILES_MAX)
        abort();
    memcpy(paths[n_paths++], path, strlen(path) + 1);
    note(RECORD_NAME, n_paths, 0, path, strlen(path));
    note_before(path, n_paths);
    return n_paths;
}

static int
opened(int fd, const char *path, int flags)
{
    if (fd < 0 || fd >= FD_MAX)
        return fd;
    pthread_mutex_lock(&lock);
    unsigned file = file_number(path);
    file_of[fd] = (uint8_t)file;
    if (file && flags & O_TRUNC)
        note(RECORD_TRUNCATE, file, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return fd;
}

static mode_t
mode_of(int flags, va_list args)
{
    return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(args, int) : 0;
}

#define DEFINE_OPEN(name)                                                                     \
    int name(const char *path, int flags, ...)                                                \
    {                                                                                         \
        va_list args;                                                                         \
        va_start(args, flags);                                                                \
        mode_t mode = mode_of(flags, args);                                                   \
        va_end(args);                                                                         \
        return opened(REAL(name)(path, flags, mode), path, flags);                            \
    }
DEFINE_OPEN(open)
DEFINE_OPEN(open64)

int
close(int fd)
{
    pthread_mutex_lock(&lock);
    if (fd >= 0 && fd < FD_MAX)
        file_of[fd] = 0;
    pthread_mutex_unlock(&lock);
    return REAL(close)(fd);
}

static unsigned
ours(int fd)
{
    return fd >= 0 && fd < FD_MAX && log_fd >= 0 ? file_of[fd] : 0;
}

#define DEFINE_PWRITE(name, offset)                                                           \
    ssize_t name(int fd, const void *bytes, size_t n, offset at)                              \
    {                                                                                         \
        unsigned file = ours(fd);                                                             \
        if (!file)                                                                            \
            return REAL(name)(fd, bytes, n, at);                                              \
        pthread_mutex_lock(&lock);                                                            \
        ssize_t done = REAL(name)(fd, bytes, n, at);                                          \
        if (done > 0)                                                                         \
            note(RECORD_WRITE, file, at, bytes, (size_t)done);                                \
        pthread_mutex_unlock(&lock);                                                          \
        return done;                                                                          \
    }
DEFINE_PWRITE(pwrite, off_t)
DEFINE_PWRITE(pwrite64, off64_t)

/* Plain writes: of the file of promises (appended) and whatever else moves its own place. */
ssize_t
write(int fd, const void *bytes, size_t n)
{
    unsigned file = ours(fd);
    if (!file)
        return REAL(write)(fd, bytes, n);
    pthread_mutex_lock(&lock);
    int64_t at = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
    ssize_t done = REAL(write)(fd, bytes, n);
    if (done > 0)
        note(RECORD_WRITE, file, at, bytes, (size_t)done);
    pthread_mutex_unlock(&lock);
    return done;
}

#define DEFINE_TRUNCATE(name, offset)                                                         \
    int name(int fd, offset size)                                                             \
    {                                                                                         \
        unsigned file = ours(fd);                                                             \
        pthread_mutex_lock(&lock);                                                            \
        int done = REAL(name)(fd, size);                                                      \
        if (file && done == 0)                                                                \
            note(RECORD_TRUNCATE, file, size, NULL, 0);                                       \
        pthread_mutex_unlock(&lock);                                                          \
        return done;                                                                          \
    }
DEFINE_TRUNCATE(ftruncate, off_t)
DEFINE_TRUNCATE(ftruncate64, off64_t)

static int
synced(int fd, int (*real)(int))
{
    unsigned file = ours(fd);
    if (!file)
        return real(fd);
    pthread_mutex_lock(&lock);
    bool fails = ++n_syncs == fail_sync;
    note(fails ? RECORD_SYNC_FAILED : RECORD_SYNC, file, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    if (fails)
        errno = EIO;
    return fails ? -1 : 0;
}

int
fsync(int fd)
{
    return synced(fd, REAL(fsync));
}

int
fdatasync(int fd)
{
    return synced(fd, REAL(fdatasync));
}

int
unlink(const char *path)
{
    pthread_mutex_lock(&lock);
    unsigned file = file_number(path);
    int done = REAL(unlink)(path);
    if (file && done == 0)
        note(RECORD_UNLINK, file, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}
