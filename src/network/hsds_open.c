/* Files and folders for the intake: mapped, read-only, never copied. */
#include "hsds_priv.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

bool
intake_fd_map(int fd, struct str *ret_bytes)
{
    struct stat st;
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    *ret_bytes = STR("");
    if (ok && st.st_size > 0) {
        void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        ok = p != MAP_FAILED;
        if (ok) {
            madvise(p, (size_t)st.st_size, MADV_SEQUENTIAL);
            *ret_bytes = str_n(p, (size_t)st.st_size);
        }
    }
    return ok;
}

bool
intake_file_map(const char *path, struct str *ret_bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && intake_fd_map(fd, ret_bytes);
    if (fd >= 0)
        close(fd);
    return ok;
}

void
intake_file_unmap(struct str bytes)
{
    if (bytes.n > 0)
        munmap((void *)(uintptr_t)bytes.p, bytes.n);
}

void
intake_reached(struct intake *in, const char *at)
{
    enum { WINDOW = 4 << 20 }; /* given back in steps: a call for each line would cost more */
    if (in->options->progress)
        in->options->progress->done = in->before + (uint64_t)(at - in->base);
    if (!in->options->mapped || at - in->behind < WINDOW)
        return;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = ((uintptr_t)in->behind + page - 1) / page * page;
    uintptr_t to = (uintptr_t)at / page * page;
    if (from < to)
        (void)madvise((void *)from, to - from, MADV_DONTNEED);
    in->behind = at;
}

static int
table_cmp(const void *a, const void *b)
{
    return strcmp(((const struct intake_table *)a)->name, ((const struct intake_table *)b)->name);
}

static enum rg_err
take_folder(struct rg_ctx *ctx, const struct intake_options *options, const char *path, DIR *dir,
            const struct intake_sink *sink, struct intake_counts *ret_counts)
{
    struct intake_table tables[INTAKE_TABLES_MAX];
    size_t n = 0;
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL && n < INTAKE_TABLES_MAX) {
        struct str name = str_of(entry->d_name);
        if (name.n < 5 || !str_eq_nocase(str_n(name.p + name.n - 4, 4), STR(".csv")))
            continue;
        const char *full = rg_arena_printf(ctx->arena, "%s/%s", path, entry->d_name);
        tables[n].name = rg_arena_cstr(ctx->arena, name);
        if (full && tables[n].name && intake_file_map(full, &tables[n].bytes))
            n++;
    }
    qsort(tables, n, sizeof(tables[0]), table_cmp); /* the order of a folder is chance */
    enum rg_err err = intake_tables(ctx, options, tables, n, sink, ret_counts);
    for (size_t i = 0; i < n; i++)
        intake_file_unmap(tables[i].bytes);
    return err;
}

enum rg_err
intake_path(struct rg_ctx *ctx, const struct intake_options *options, const char *path,
            const struct intake_sink *sink, struct intake_counts *ret_counts)
{
    DIR *dir = opendir(path);
    if (dir) {
        enum rg_err err = take_folder(ctx, options, path, dir, sink, ret_counts);
        closedir(dir);
        return err;
    }
    struct str bytes;
    if (!intake_file_map(path, &bytes))
        return RG_FAIL(ctx, RG_ABSENT, "network.intake_no_file", "path", path);
    const char *slash = strrchr(path, '/');
    struct intake_table table = {.name = slash ? slash + 1 : path, .bytes = bytes};
    struct intake_options mapped = *options;
    mapped.mapped = true;
    enum rg_err err;
    if (str_starts(bytes, STR("PK\3\4")) || str_starts(bytes, STR("PK\5\6"))) /* none in it */
        err = intake_zip(ctx, options, table.name, bytes, sink, ret_counts);
    else if (str_ends(str_of(path), STR(".csv")))
        err = intake_tables(ctx, options, &table, 1, sink, ret_counts);
    else
        err = intake_json(ctx, &mapped, table.name, bytes, sink, ret_counts);
    intake_file_unmap(bytes);
    return err;
}
