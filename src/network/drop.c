/* Removing all that came from a source. */
#include "network/network_priv.h"
#include "network_sql.h"

static enum rg_err
drop_some(struct rg_ctx *ctx, int64_t source, int64_t n_max, int64_t *ret_n)
{
    enum rg_err (*const drops[])(struct rg_ctx *, int64_t, int64_t, int64_t *) = {
        network_sql_service_at_location_drop_source, network_sql_service_drop_source,
        network_sql_location_drop_source,            network_sql_program_drop_source,
        network_sql_organization_drop_source,        network_sql_taxonomy_term_drop_source,
        network_sql_taxonomy_drop_source};
    *ret_n = 0;
    for (size_t i = 0; i < RG_COUNT(drops) && *ret_n == 0; i++) {
        enum rg_err err = drops[i](ctx, source, n_max, ret_n);
        if (err != RG_OK)
            return err;
    }
    return RG_OK;
}

enum rg_err
network_drop_source(struct rg_ctx *ctx, struct str name, int64_t *ret_n_removed)
{
    enum { BATCH = 2000 };
    struct network_sql_source_find_row source;
    bool found;
    enum rg_err err = network_sql_source_find(ctx, name, &found, &source);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "network.no_source", "name",
                      rg_arena_cstr(ctx->arena, name));
    *ret_n_removed = 0;
    for (int64_t n = 1; err == RG_OK && n > 0; *ret_n_removed += n) {
        err = store_write_begin(ctx, "remove source");
        if (err == RG_OK)
            err = drop_some(ctx, source.id, BATCH, &n);
        if (err == RG_OK && n == 0)
            err = network_sql_service_term_orphans(ctx, NULL);
        if (err == RG_OK)
            err = store_write_commit(ctx);
        else
            store_write_rollback(ctx);
    }
    return err;
}

enum rg_err
network_count_synthetic(struct rg_ctx *ctx, int64_t *ret_n)
{
    struct network_sql_synthetic_count_row row;
    enum rg_err err = network_sql_synthetic_count(ctx, &row);
    if (err == RG_OK)
        *ret_n = row.n;
    return err;
}

enum rg_err
network_drop_synthetic(struct rg_ctx *ctx, int64_t *ret_n_removed)
{
    struct network_sql_synthetic_names_row *names;
    size_t n_names;
    int64_t n;
    enum rg_err err = network_sql_synthetic_names(ctx, &names, &n_names);
    *ret_n_removed = 0;
    for (size_t i = 0; i < n_names && err == RG_OK; i++) {
        err = network_drop_source(ctx, names[i].name, &n);
        if (err == RG_OK)
            *ret_n_removed += n;
    }
    return err;
}
