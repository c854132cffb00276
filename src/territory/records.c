/* Lists of the territory's records, for the pages that show them. */
#include "territory/territory.h"
#include "territory_sql.h"

enum rg_err
territory_partition_list(struct rg_ctx *ctx, struct territory_partition **ret, size_t *ret_n)
{
    struct territory_sql_partition_list_row *rows;
    size_t n;
    enum rg_err err = territory_sql_partition_list(ctx, &rows, &n);
    if (err)
        return err;
    struct territory_partition *list = RG_ARRAY(ctx->arena, struct territory_partition, n);
    if (!list)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct territory_partition){.id = rows[i].id,
                                               .code = rows[i].code,
                                               .name_it = rows[i].name_it,
                                               .name_en = rows[i].name_en,
                                               .name_fr = rows[i].name_fr,
                                               .description_it = rows[i].description_it,
                                               .source = rows[i].source,
                                               .complete = rows[i].complete != 0};
    *ret = list;
    *ret_n = n;
    return RG_OK;
}

enum rg_err
territory_area_history(struct rg_ctx *ctx, territory_id area, struct territory_past **ret,
                       size_t *ret_n)
{
    struct territory_sql_membership_history_row *rows;
    size_t n;
    enum rg_err err = territory_sql_membership_history(ctx, area.v, &rows, &n);
    if (err)
        return err;
    struct territory_past *list = RG_ARRAY(ctx->arena, struct territory_past, n);
    if (!list)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct territory_past){.parent = {rows[i].parent_id},
                                          .partition = rows[i].partition_code,
                                          .valid_from = rows[i].valid_from,
                                          .valid_to = rows[i].valid_to,
                                          .basis = rows[i].basis};
    *ret = list;
    *ret_n = n;
    return RG_OK;
}

enum rg_err
territory_area_names(struct rg_ctx *ctx, territory_id area, struct territory_other_name **ret,
                     size_t *ret_n)
{
    struct territory_sql_name_list_row *rows;
    size_t n;
    enum rg_err err = territory_sql_name_list(ctx, area.v, &rows, &n);
    if (err)
        return err;
    struct territory_other_name *list = RG_ARRAY(ctx->arena, struct territory_other_name, n);
    if (!list)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct territory_other_name){rows[i].name, rows[i].kind, rows[i].note};
    *ret = list;
    *ret_n = n;
    return RG_OK;
}

enum rg_err
territory_area_name(struct rg_ctx *ctx, territory_id id, struct str *ret_name)
{
    struct territory_sql_area_name_row row;
    enum rg_err err = territory_sql_area_name(ctx, id.v, &row);
    if (err == RG_OK)
        *ret_name = row.name;
    return err;
}
