/* Packages that come as one ZIP: its tables, or the one JSON file in it. Each is taken out to a
 * file without a name, so that memory stays flat and nothing of it stays behind.             */
#include "hsds_priv.h"
#include <stdio.h>

struct unpacked {
    struct intake_table tables[INTAKE_TABLES_MAX]; /* name and mapped bytes */
    size_t n_tables;
    struct intake_table json;
    size_t n_json;
    uint64_t left; /* bytes that may still come out */
};

static bool
ends_in(struct str name, const char *ending)
{
    size_t n = strlen(ending);
    return name.n > n && str_eq_nocase(str_n(name.p + name.n - n, n), str_of(ending));
}

/* The name behind its folders; none for what computers put in by themselves (__MACOSX/, .name). */
static struct str
plain_name(struct str name)
{
    if (str_starts(name, STR("__MACOSX/")))
        return STR_NONE;
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '/') {
            name = str_n(name.p + i, name.n - i);
            break;
        }
    return str_starts(name, STR(".")) ? STR_NONE : name;
}

static enum rg_err
told(struct rg_ctx *ctx, enum rg_zip err, const char *file)
{
    switch (err) {
    case RG_ZIP_OK: return RG_OK;
    case RG_ZIP_NO_MEMORY: return RG_NO_MEMORY(ctx);
    case RG_ZIP_TOO_LARGE: return RG_FAIL(ctx, RG_LIMIT, "network.intake_zip_large", "file", file);
    case RG_ZIP_DISK: return RG_FAIL(ctx, RG_BROKEN, "network.intake_zip_disk", "file", file);
    default: return RG_FAIL(ctx, RG_INVALID, "network.intake_zip_damaged", "file", file);
    }
}

static enum rg_err
take_out(struct rg_ctx *ctx, struct rg_zip_in *zip, size_t i, struct str name,
         struct unpacked *to, struct intake_table *ret)
{
    uint64_t n = 0;
    const char *copy = rg_arena_cstr(ctx->arena, name);
    FILE *file = tmpfile();
    if (!copy || !file) {
        if (file)
            fclose(file);
        return told(ctx, copy ? RG_ZIP_DISK : RG_ZIP_NO_MEMORY, copy);
    }
    enum rg_zip err = rg_zip_extract(zip, i, fileno(file), to->left, &n);
    to->left -= n;
    if (err == RG_ZIP_OK && !intake_fd_map(fileno(file), &ret->bytes))
        err = RG_ZIP_DISK;
    ret->name = copy;
    fclose(file);
    return told(ctx, err, copy);
}

static enum rg_err
unpack(struct rg_ctx *ctx, struct rg_zip_in *zip, struct unpacked *to)
{
    enum rg_err err = RG_OK;
    for (size_t i = 0; err == RG_OK && i < rg_zip_count(zip); i++) {
        struct str name;
        if (!rg_zip_name(zip, i, &name) || !(name = plain_name(name)).n ||
            str_is(name, "datapackage.json"))
            continue;
        bool json = ends_in(name, ".json") || ends_in(name, ".ndjson");
        if (ends_in(name, ".csv") && to->n_tables < INTAKE_TABLES_MAX)
            err = take_out(ctx, zip, i, name, to, &to->tables[to->n_tables++]);
        else if (json && ++to->n_json == 1)
            err = take_out(ctx, zip, i, name, to, &to->json);
    }
    return err;
}

enum rg_err
intake_zip(struct rg_ctx *ctx, const struct intake_options *options, const char *file,
           struct str bytes, const struct intake_sink *sink, struct intake_counts *ret_counts)
{
    struct rg_zip_in *zip;
    struct unpacked *to = RG_NEW(ctx->arena, struct unpacked);
    if (!to)
        return RG_NO_MEMORY(ctx);
    to->left = INTAKE_ZIP_MAX;
    enum rg_zip opened = rg_zip_open(bytes, &zip);
    if (opened != RG_ZIP_OK)
        return told(ctx, opened, file);
    enum rg_err err = unpack(ctx, zip, to);
    rg_zip_close(zip);
    struct intake_options mapped = *options;
    mapped.mapped = true;
    if (err == RG_OK && to->n_tables > 0)
        err = intake_tables(ctx, options, to->tables, to->n_tables, sink, ret_counts);
    else if (err == RG_OK && to->n_json == 1)
        err = intake_json(ctx, &mapped, to->json.name, to->json.bytes, sink, ret_counts);
    else if (err == RG_OK)
        err = RG_FAIL(ctx, RG_INVALID, "network.intake_zip_what", "file", file);
    for (size_t i = 0; i < to->n_tables; i++)
        intake_file_unmap(to->tables[i].bytes);
    intake_file_unmap(to->json.bytes);
    return err;
}
