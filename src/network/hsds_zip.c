/* Packages that come as one ZIP: its tables, or the one JSON file in it. Each is taken out to a
 * file without a name, so that memory stays flat and nothing of it stays behind.             */
#include "hsds_priv.h"
#include <stdio.h>

struct unpacked {
    struct intake_table tables[INTAKE_TABLES_MAX]; /* name and mapped bytes */
    size_t n_tables, n_json;
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
take_out(struct rg_ctx *ctx, struct rg_zip_in *zip, size_t i, struct unpacked *to,
         struct intake_table *table)
{
    uint64_t n = 0;
    FILE *file = tmpfile();
    if (!file)
        return told(ctx, RG_ZIP_DISK, table->name);
    enum rg_zip err = rg_zip_extract(zip, i, fileno(file), to->left, &n);
    to->left -= n;
    if (err == RG_ZIP_OK && !intake_fd_map(fileno(file), &table->bytes))
        err = RG_ZIP_DISK;
    fclose(file);
    return told(ctx, err, table->name);
}

/* What an entry is to us: a table, a JSON file, or nothing. */
enum kind { KIND_OTHER, KIND_TABLE, KIND_JSON };

static enum kind
kind_of(const struct rg_zip_in *zip, size_t i, struct str *ret_name)
{
    if (!rg_zip_name(zip, i, ret_name))
        return KIND_OTHER;
    *ret_name = plain_name(*ret_name);
    if (str_is(*ret_name, "datapackage.json"))
        return KIND_OTHER;
    bool json = ends_in(*ret_name, ".json") || ends_in(*ret_name, ".ndjson");
    return ends_in(*ret_name, ".csv") ? KIND_TABLE : json ? KIND_JSON : KIND_OTHER;
}

static size_t
count(const struct rg_zip_in *zip, enum kind kind)
{
    struct str name;
    size_t n = 0;
    for (size_t i = 0; i < rg_zip_count(zip); i++)
        n += kind_of(zip, i, &name) == kind;
    return n;
}

/* The tables; without any, the one JSON file. JSON beside tables is handed on without its bytes, so
 * that the report names it as not read.                                                       */
static enum rg_err
unpack(struct rg_ctx *ctx, struct rg_zip_in *zip, const char *file, struct unpacked *to)
{
    size_t n_tables = count(zip, KIND_TABLE), n_json = count(zip, KIND_JSON);
    if (n_tables == 0 && n_json != 1)
        return RG_FAIL(ctx, RG_INVALID, "network.intake_zip_what", "file", file);
    if (n_tables + n_json > INTAKE_TABLES_MAX)
        return RG_FAIL(ctx, RG_LIMIT, "network.intake_zip_many", "file", file);
    to->n_json = n_tables ? 0 : 1;
    enum rg_err err = RG_OK;
    for (size_t i = 0; err == RG_OK && i < rg_zip_count(zip); i++) {
        struct str name;
        enum kind kind = kind_of(zip, i, &name);
        if (kind == KIND_OTHER)
            continue;
        struct intake_table *t = &to->tables[to->n_tables++];
        *t = (struct intake_table){rg_arena_cstr(ctx->arena, name), STR("")};
        if (!t->name)
            err = RG_NO_MEMORY(ctx);
        else if (kind == KIND_TABLE || to->n_json)
            err = take_out(ctx, zip, i, to, t);
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
    enum rg_err err = unpack(ctx, zip, file, to);
    rg_zip_close(zip);
    struct intake_options mapped = *options;
    mapped.mapped = true;
    if (err == RG_OK && to->n_json)
        err = intake_json(ctx, &mapped, to->tables[0].name, to->tables[0].bytes, sink,
                          ret_counts);
    else if (err == RG_OK)
        err = intake_tables(ctx, options, to->tables, to->n_tables, sink, ret_counts);
    for (size_t i = 0; i < to->n_tables; i++)
        intake_file_unmap(to->tables[i].bytes);
    return err;
}
