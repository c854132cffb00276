/* The public bodies a pack names become organizations: facts that are certain, nothing else. */
#include "network/network_priv.h"
#include "network_sql.h"
#include <stdio.h>

enum { BODIES_FILE_MAX = 1024 * 1024 };

static enum rg_err
read_whole(struct rg_ctx *ctx, const char *path, struct str *ret)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf bytes;
    enum rg_file told = rg_file_read(path, BODIES_FILE_MAX, &bytes, NULL);
    if (told == RG_FILE_ABSENT || told == RG_FILE_UNREADABLE)
        return RG_FAIL(ctx, RG_ABSENT, "network.no_file", "file", path);
    if (told == RG_FILE_TOO_LARGE)
        return RG_FAIL(ctx, RG_LIMIT, "base.too_much");
    *ret = told == RG_FILE_READ ? rg_arena_str(ctx->arena, rg_buf_view(&bytes)) : STR_NONE;
    return ret->p ? RG_OK : RG_NO_MEMORY(ctx);
}

/* A UUID (version 8) of a body's code, the same for ever. */
static const char *
body_uid(struct rg_ctx *ctx, struct str code)
{
    return rg_uuid_of(ctx->arena, &code, 1).p;
}

static void
member(struct rg_jw *jw, const char *key, struct str value)
{
    if (!value.n)
        return;
    rg_jw_key(jw, key);
    rg_jw_str(jw, value);
}

struct body {
    struct str code, name, acronym, description, website;
};

static enum rg_err
put_body(struct rg_ctx *ctx, int64_t source_id, const struct body *body)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf doc;
    struct rg_jw jw;
    const char *uid = body_uid(ctx, body->code);
    if (!uid)
        return RG_NO_MEMORY(ctx);
    rg_buf_init(&doc, 64 * 1024);
    rg_jw_init(&jw, &doc);
    rg_jw_object(&jw);
    member(&jw, "id", str_of(uid));
    member(&jw, "name", body->name);
    member(&jw, "alternate_name", body->acronym);
    rg_jw_key(&jw, "description");
    rg_jw_str(&jw, body->description);
    member(&jw, "website", body->website);
    rg_jw_end_object(&jw);
    if (doc.failed)
        return RG_NO_MEMORY(ctx);
    const struct network_record record = {.kind = NETWORK_ORGANIZATION,
                                          .uid = str_of(uid),
                                          .source_key = body->code,
                                          .doc = rg_buf_view(&doc)};
    enum network_put put;
    int64_t id;
    return network_put(ctx, NULL, source_id, &record, &put, &id);
}

static struct str
cell(const struct rg_csv *csv, ptrdiff_t column)
{
    return column >= 0 && (size_t)column < csv->n_fields ? str_trim(csv->fields[column])
                                                         : STR("");
}

static enum rg_err
put_bodies(struct rg_ctx *ctx, const char *path, struct str bytes, int64_t *ret_n)
{
    static const char *const names[] = {"code", "name", "acronym", "description_it", "website"};
    const struct network_source source = {.name = STR("torino"),
                                          .title =
                                              STR("Enti e reti citati dal Forum metropolitano"),
                                          .licence = STR("CC BY 4.0")};
    ptrdiff_t columns[RG_COUNT(names)];
    RG_CLEANUP(rg_csv_done) struct rg_csv csv;
    int64_t source_id;
    rg_csv_init(&csv, bytes);
    enum rg_err err = network_source_put(ctx, &source, &source_id);
    if (err == RG_OK && !rg_csv_next(&csv))
        err = RG_FAIL(ctx, RG_INVALID, "network.bodies_empty", "file", path);
    for (size_t i = 0; i < RG_COUNT(names) && err == RG_OK; i++) {
        columns[i] = rg_csv_column(&csv, str_of(names[i]));
        if (columns[i] < 0)
            err = RG_FAIL(ctx, RG_INVALID, "network.bodies_column", "file", path, "column",
                          names[i]);
    }
    *ret_n = 0;
    while (err == RG_OK && rg_csv_next(&csv)) {
        const struct body body = {cell(&csv, columns[0]), cell(&csv, columns[1]),
                                  cell(&csv, columns[2]), cell(&csv, columns[3]),
                                  cell(&csv, columns[4])};
        if (!body.code.n || !body.name.n)
            err = RG_FAIL(ctx, RG_INVALID, "network.bodies_row", "file", path, "line",
                          rg_arena_printf(ctx->arena, "%llu", (unsigned long long)csv.line));
        else
            err = put_body(ctx, source_id, &body);
        ++*ret_n;
    }
    return err;
}

enum rg_err
network_load_bodies(struct rg_ctx *ctx, const char *path, int64_t *ret_n)
{
    struct str bytes;
    enum rg_err err = read_whole(ctx, path, &bytes);
    if (err == RG_OK)
        err = store_write_begin(ctx, "load pack: bodies");
    if (err == RG_OK)
        err = put_bodies(ctx, path, bytes, ret_n);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

enum rg_err
network_body_find(struct rg_ctx *ctx, struct str code, bool *ret_found, org_id *ret_id,
                  struct str *ret_name)
{
    struct network_sql_organization_find_row row;
    const struct rg_jv *doc;
    const char *uid = body_uid(ctx, code);
    if (!uid)
        return RG_NO_MEMORY(ctx);
    enum rg_err err = network_sql_organization_find(ctx, str_of(uid), ret_found, &row);
    if (err != RG_OK || !*ret_found)
        return err;
    ret_id->v = row.id;
    *ret_name = rg_jv_parse(ctx->arena, row.doc, &doc) ? rg_jv_get_str(ctx->arena, doc, "name")
                                                       : code;
    return RG_OK;
}
