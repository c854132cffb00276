/* The n-th call fails: memory, writes, syncs and opens that do what they rarely do.
 *
 *     LD_PRELOAD=nth.so FAULT_CALL=malloc|write|fsync|open FAULT_N=17 [FAULT_ERRNO=28]
 *         [FAULT_STICKY=1] [FAULT_DIR=/tmp/x/] FAULT_REPORT=/tmp/x.fired program …
 *
 * Counts the calls of that kind and lets the n-th fail with the error named (with FAULT_STICKY
 * all from the n-th on, as on a full disk). Writes, syncs and opens are counted below FAULT_DIR
 * only, and never those of a file named acks, which belongs to the trial. When the fault has
 * happened FAULT_REPORT exists: a driver raises n until it does not, and has then failed every
 * call once.                                                                                 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum kind { NONE, MALLOC, WRITE, SYNC, OPEN };

static enum kind kind;
static long nth;
static int error;
static bool sticky;
static const char *dir, *report;
static atomic_long n_calls;

/* glibc's own names, so that counting memory needs no memory. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

__attribute__((constructor)) static void
begin(void)
{
    const char *call = getenv("FAULT_CALL"), *n = getenv("FAULT_N"), *e = getenv("FAULT_ERRNO");
    dir = getenv("FAULT_DIR");
    report = getenv("FAULT_REPORT");
    nth = n ? strtol(n, NULL, 10) : 0;
    error = e ? (int)strtol(e, NULL, 10) : EIO;
    sticky = getenv("FAULT_STICKY") != NULL;
    if (!call || !report || nth < 1)
        return;
    kind = strcmp(call, "malloc") == 0 ? MALLOC
         : strcmp(call, "write") == 0  ? WRITE
         : strcmp(call, "fsync") == 0  ? SYNC
         : strcmp(call, "open") == 0   ? OPEN
                                       : NONE;
}

static bool
fails(enum kind what, int with)
{
    if (what != kind)
        return false;
    long call = atomic_fetch_add(&n_calls, 1) + 1;
    if (call != nth && !(sticky && call > nth))
        return false;
    long fd = syscall(SYS_openat, AT_FDCWD, report, O_WRONLY | O_CREAT, 0666);
    if (fd >= 0)
        syscall(SYS_close, fd);
    errno = with;
    return true;
}

static bool
below(const char *path)
{
    const char *name = strrchr(path, '/');
    return (!dir || strncmp(path, dir, strlen(dir)) == 0) &&
           strcmp(name ? name + 1 : path, "acks") != 0;
}

static bool
ours(int fd)
{
    char link[64], path[512];
    if (kind != WRITE && kind != SYNC)
        return false;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof(path) - 1);
    if (n <= 0)
        return false;
    path[n] = '\0';
    return below(path);
}

void *
malloc(size_t n)
{
    return fails(MALLOC, ENOMEM) ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
    return fails(MALLOC, ENOMEM) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
    return fails(MALLOC, ENOMEM) ? NULL : __libc_realloc(p, n);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t
write(int fd, const void *bytes, size_t n)
{
    return ours(fd) && fails(WRITE, error) ? -1 : REAL(write)(fd, bytes, n);
}

ssize_t
pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    return ours(fd) && fails(WRITE, error) ? -1 : REAL(pwrite)(fd, bytes, n, at);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    return ours(fd) && fails(WRITE, error) ? -1 : REAL(pwrite64)(fd, bytes, n, at);
}

int
fsync(int fd)
{
    return ours(fd) && fails(SYNC, error) ? -1 : REAL(fsync)(fd);
}

int
fdatasync(int fd)
{
    return ours(fd) && fails(SYNC, error) ? -1 : REAL(fdatasync)(fd);
}

static int
mode_of(int flags, va_list args)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(args, int) : 0;
}

#define DEFINE_OPEN(name)                                                                     \
    int name(const char *path, int flags, ...)                                                \
    {                                                                                         \
        va_list args;                                                                         \
        va_start(args, flags);                                                                \
        int mode = mode_of(flags, args);                                                      \
        va_end(args);                                                                         \
        return below(path) && fails(OPEN, error) ? -1 : REAL(name)(path, flags, mode);        \
    }
DEFINE_OPEN(open)
DEFINE_OPEN(open64)
