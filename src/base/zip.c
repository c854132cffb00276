#include "zip.h"
#include "arena.h"
#include "file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <zip.h>

enum { STEP = 64 * 1024, DOS_1980 = 0x21 }; /* 1 January 1980: the first day a ZIP can tell */

struct rg_zip_in {
    zip_t *zip;
};

struct rg_zip_out {
    zip_t *zip;           /* NULL once finished          */
    char *path;           /* NULL: written to memory     */
    zip_source_t *memory;
};

static enum rg_zip
told(int code)
{
    switch (code) {
    case ZIP_ER_OK: return RG_ZIP_OK;
    case ZIP_ER_MEMORY: return RG_ZIP_NO_MEMORY;
    case ZIP_ER_OPEN: case ZIP_ER_READ: case ZIP_ER_WRITE: case ZIP_ER_SEEK:
    case ZIP_ER_CLOSE: case ZIP_ER_RENAME: case ZIP_ER_TMPOPEN: case ZIP_ER_REMOVE:
        return RG_ZIP_DISK;
    default: return RG_ZIP_DAMAGED;
    }
}

/* What the archive says of its last failure; errno then has the system's reason, if it had one. */
static enum rg_zip
told_by(zip_t *zip)
{
    zip_error_t *error = zip_get_error(zip);
    errno = zip_error_code_system(error);
    return told(zip_error_code_zip(error));
}

/* ---- in ---- */

enum rg_zip
rg_zip_open(struct str bytes, struct rg_zip_in **ret)
{
    *ret = NULL;
    struct rg_zip_in *in = rg_alloc_should_fail() ? NULL : calloc(1, sizeof(*in));
    zip_source_t *source = in ? zip_source_buffer_create(bytes.p, bytes.n, 0, NULL) : NULL;
    if (!source) {
        free(in);
        return RG_ZIP_NO_MEMORY;
    }
    zip_error_t error;
    zip_error_init(&error);
    in->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    enum rg_zip err = in->zip ? RG_ZIP_OK : told(zip_error_code_zip(&error));
    zip_error_fini(&error);
    if (!in->zip) {
        zip_source_free(source);
        free(in);
        return err == RG_ZIP_NO_MEMORY ? err : RG_ZIP_DAMAGED;
    }
    *ret = in;
    return RG_ZIP_OK;
}

struct rg_zip_in *
rg_zip_close(struct rg_zip_in *zip)
{
    if (zip)
        zip_discard(zip->zip);
    free(zip);
    return NULL;
}

size_t
rg_zip_count(const struct rg_zip_in *zip)
{
    zip_int64_t n = zip_get_num_entries(zip->zip, 0);
    return n > 0 ? (size_t)n : 0;
}

bool
rg_zip_name(const struct rg_zip_in *zip, size_t i, struct str *ret_name)
{
    const char *name = zip_get_name(zip->zip, i, ZIP_FL_ENC_GUESS);
    *ret_name = str_of(name ? name : "");
    return ret_name->n > 0 && !str_ends(*ret_name, STR("/")) && str_utf8_ok(*ret_name);
}

enum rg_zip
rg_zip_extract(struct rg_zip_in *zip, size_t i, int fd, uint64_t n_max, uint64_t *ret_n)
{
    *ret_n = 0;
    zip_file_t *file = zip_fopen_index(zip->zip, i, 0);
    if (!file) {
        enum rg_zip err = told_by(zip->zip);
        return err == RG_ZIP_NO_MEMORY ? err : RG_ZIP_DAMAGED;
    }
    enum rg_zip err = RG_ZIP_OK;
    char bytes[STEP];
    for (zip_int64_t got = 1; got > 0 && err == RG_ZIP_OK;) {
        got = zip_fread(file, bytes, sizeof(bytes));
        if (got < 0)
            err = RG_ZIP_DAMAGED;
        else if ((uint64_t)got > n_max - *ret_n)
            err = RG_ZIP_TOO_LARGE;
        else if (!rg_file_put(fd, bytes, (size_t)got))
            err = RG_ZIP_DISK;
        else
            *ret_n += (uint64_t)got;
    }
    zip_fclose(file);
    return err;
}

/* ---- out ---- */

static enum rg_zip
open_in_memory(struct rg_zip_out *out)
{
    zip_error_t error;
    zip_error_init(&error);
    out->memory = zip_source_buffer_create(NULL, 0, 0, &error);
    if (out->memory) {
        zip_source_keep(out->memory); /* what is written there outlives the archive */
        out->zip = zip_open_from_source(out->memory, ZIP_CREATE | ZIP_TRUNCATE, &error);
        if (!out->zip)
            zip_source_free(out->memory);
    }
    zip_error_fini(&error);
    return out->zip ? RG_ZIP_OK : RG_ZIP_NO_MEMORY;
}

static enum rg_zip
open_at(struct rg_zip_out *out, const char *path)
{
    int code = ZIP_ER_OK;
    out->path = strdup(path);
    if (!out->path)
        return RG_ZIP_NO_MEMORY;
    out->zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    return out->zip                          ? RG_ZIP_OK
           : told(code) == RG_ZIP_NO_MEMORY ? RG_ZIP_NO_MEMORY
                                              : RG_ZIP_DISK;
}

enum rg_zip
rg_zip_new(const char *path, struct rg_zip_out **ret)
{
    *ret = NULL;
    struct rg_zip_out *out = rg_alloc_should_fail() ? NULL : calloc(1, sizeof(*out));
    if (!out)
        return RG_ZIP_NO_MEMORY;
    enum rg_zip err = path ? open_at(out, path) : open_in_memory(out);
    if (err != RG_ZIP_OK)
        rg_zip_drop(out);
    else
        *ret = out;
    return err;
}

static enum rg_zip
add(struct rg_zip_out *out, const char *name, zip_source_t *source, bool stored)
{
    if (!source)
        return RG_ZIP_NO_MEMORY;
    zip_int64_t at = zip_file_add(out->zip, name, source, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(source);
        return told_by(out->zip);
    }
    zip_file_set_dostime(out->zip, (zip_uint64_t)at, 0, DOS_1980, 0);
    if (stored)
        zip_set_file_compression(out->zip, (zip_uint64_t)at, ZIP_CM_STORE, 0);
    return RG_ZIP_OK;
}

enum rg_zip
rg_zip_add_file(struct rg_zip_out *out, const char *name, const char *path)
{
    return add(out, name, zip_source_file(out->zip, path, 0, -1), false);
}

enum rg_zip
rg_zip_add(struct rg_zip_out *out, const char *name, struct str bytes, bool stored)
{
    return add(out, name, zip_source_buffer(out->zip, bytes.p, bytes.n, 0), stored);
}

static enum rg_zip
read_memory(struct rg_zip_out *out, struct rg_buf *to)
{
    zip_stat_t stat;
    if (zip_source_stat(out->memory, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE) ||
        zip_source_open(out->memory) != 0)
        return RG_ZIP_NO_MEMORY;
    char *room = rg_buf_room(to, (size_t)stat.size);
    zip_int64_t got = room ? zip_source_read(out->memory, room, stat.size) : 0;
    zip_source_close(out->memory);
    to->n += room && got > 0 ? (size_t)got : 0;
    return !room                             ? RG_ZIP_TOO_LARGE
           : got == (zip_int64_t)stat.size ? RG_ZIP_OK
                                             : RG_ZIP_NO_MEMORY;
}

static bool
synced(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

enum rg_zip
rg_zip_finish(struct rg_zip_out *out, struct rg_buf *to)
{
    if (zip_close(out->zip) != 0)
        return told_by(out->zip);
    out->zip = NULL;
    if (!out->path)
        return read_memory(out, to);
    return synced(out->path) ? RG_ZIP_OK : RG_ZIP_DISK;
}

struct rg_zip_out *
rg_zip_drop(struct rg_zip_out *out)
{
    if (out && out->zip)
        zip_discard(out->zip);
    if (out && out->memory)
        zip_source_free(out->memory);
    if (out)
        free(out->path);
    free(out);
    return NULL;
}
