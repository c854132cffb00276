/* Records of the network: reading them back, whole and in their public form. Putting them in is
 * records_put.c, removing a source drop.c.                                                     */
#include "network/network_priv.h"
#include "network_sql.h"

/* ---- reading ---- */

struct str
network_location_public(struct rg_ctx *ctx, struct str doc, bool confidential)
{
    const struct rg_jv *root;
    if (!confidential)
        return doc;
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 4096);
    struct rg_jw jw;
    rg_jw_init(&jw, &out);
    rg_jw_object(&jw);
    if (rg_jv_parse(ctx->arena, doc, &root)) {
        rg_jw_key(&jw, "id");
        rg_jw_str(&jw, rg_jv_get_str(ctx->arena, root, "id"));
    }
    rg_jw_key(&jw, "location_type");
    rg_jw_str(&jw, STR("virtual"));
    rg_jw_end_object(&jw);
    struct str made = out.failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(&out));
    return made.p ? made : STR("{}");
}

static enum rg_err
places_read(struct rg_ctx *ctx, int64_t service, struct network_place **ret, size_t *ret_n)
{
    struct network_sql_service_places_row *rows;
    size_t n;
    enum rg_err err = network_sql_service_places(ctx, service, &rows, &n);
    if (err != RG_OK)
        return err;
    struct network_place *places = RG_ARRAY(ctx->arena, struct network_place, n);
    if (!places)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        bool secret = rows[i].confidential != 0;
        places[i] = (struct network_place){
            .id = rows[i].id,
            .location_id = rows[i].location_id,
            .uid = rows[i].uid,
            .location_uid = rows[i].location_uid,
            .name = secret ? STR_NONE : rows[i].location_name,
            .doc = secret ? network_location_public(ctx, rows[i].doc, true) : rows[i].doc,
            .location_doc = network_location_public(ctx, rows[i].location_doc, secret),
            .area_code = secret ? STR_NONE : rows[i].area_code,
            .has_point = !secret && rows[i].lat_e7.has && rows[i].lon_e7.has,
            .confidential = secret,
            .lat_e7 = secret ? 0 : (int32_t)rows[i].lat_e7.v,
            .lon_e7 = secret ? 0 : (int32_t)rows[i].lon_e7.v,
        };
    }
    *ret = places;
    *ret_n = n;
    return RG_OK;
}

static enum rg_err
organization_into(struct rg_ctx *ctx, int64_t id, struct network_service *service)
{
    struct network_sql_organization_get_row org;
    enum rg_err err = network_sql_organization_get(ctx, id, &org);
    if (err != RG_OK)
        return err;
    service->organization = org.name;
    service->organization_uid = org.uid;
    service->organization_doc = org.doc;
    return RG_OK;
}

enum rg_err
network_service_get(struct rg_ctx *ctx, service_id id, struct network_service *ret_service)
{
    struct network_sql_service_get_row row;
    enum rg_err err = network_sql_service_get(ctx, id.v, &row);
    if (err != RG_OK)
        return err;
    struct network_service service = {.id = row.id,
                                      .organization_id = row.organization_id.v,
                                      .program_id = row.program_id.v,
                                      .updated_s = row.updated_s,
                                      .verified_s = row.verified_s.v,
                                      .uid = row.uid,
                                      .name = row.name,
                                      .status = row.status,
                                      .doc = row.doc,
                                      .verified_by = row.verified_by,
                                      .source = row.source,
                                      .synthetic = row.synthetic != 0};
    if (service.organization_id)
        err = organization_into(ctx, service.organization_id, &service);
    if (err == RG_OK)
        err = places_read(ctx, service.id, &service.places, &service.n_places);
    if (err == RG_OK)
        *ret_service = service;
    return err;
}

enum rg_err
network_service_find(struct rg_ctx *ctx, struct str uid, bool *ret_found, service_id *ret_id)
{
    struct network_sql_service_find_row row;
    enum rg_err err = network_sql_service_find(ctx, uid, ret_found, &row);
    if (err == RG_OK && *ret_found)
        ret_id->v = row.id;
    return err;
}

enum rg_err
network_service_walk(struct rg_ctx *ctx, int64_t after_id, size_t n_max,
                     enum rg_err (*each)(struct rg_ctx *ctx, void *arg,
                                         const struct network_service *s),
                     void *arg, int64_t *ret_last_id, size_t *ret_n)
{
    RG_CLEANUP(store_cursor_close) struct store_cursor cursor = {0};
    enum rg_err err = network_sql_service_walk_open(ctx, &cursor, after_id, (int64_t)n_max);
    *ret_n = 0;
    *ret_last_id = after_id;
    for (bool more = true; err == RG_OK;) {
        struct rg_mark mark = rg_arena_mark(ctx->arena);
        struct network_sql_service_walk_row row;
        err = network_sql_service_walk_next(ctx, &cursor, &more, &row);
        if (err != RG_OK || !more)
            break;
        struct network_service service = {.id = row.id,
                                          .organization_id = row.organization_id.v,
                                          .program_id = row.program_id.v,
                                          .updated_s = row.updated_s,
                                          .uid = row.uid,
                                          .name = row.name,
                                          .status = row.status,
                                          .doc = row.doc,
                                          .synthetic = row.synthetic != 0};
        if (service.organization_id)
            err = organization_into(ctx, service.organization_id, &service);
        if (err == RG_OK)
            err = places_read(ctx, service.id, &service.places, &service.n_places);
        if (err == RG_OK)
            err = each(ctx, arg, &service);
        ++*ret_n;
        *ret_last_id = row.id;
        rg_arena_release(ctx->arena, mark);
    }
    return err;
}

enum rg_err
network_organization_get(struct rg_ctx *ctx, org_id id, struct network_organization *ret)
{
    struct network_sql_organization_get_row row;
    enum rg_err err = network_sql_organization_get(ctx, id.v, &row);
    if (err == RG_OK)
        *ret = (struct network_organization){.id = row.id,
                                             .updated_s = row.updated_s,
                                             .verified_s = row.verified_s.v,
                                             .uid = row.uid,
                                             .name = row.name,
                                             .doc = row.doc,
                                             .verified_by = row.verified_by,
                                             .source = row.source,
                                             .synthetic = row.synthetic != 0};
    return err;
}

enum rg_err
network_location_get(struct rg_ctx *ctx, location_id id, struct network_location *ret)
{
    struct network_sql_location_get_row row;
    enum rg_err err = network_sql_location_get(ctx, id.v, &row);
    if (err != RG_OK)
        return err;
    bool secret = row.confidential != 0;
    *ret = (struct network_location){.id = row.id,
                                     .updated_s = row.updated_s,
                                     .uid = row.uid,
                                     .name = secret ? STR_NONE : row.name,
                                     .doc = network_location_public(ctx, row.doc, secret),
                                     .area_code = secret ? STR_NONE : row.area_code,
                                     .source = row.source,
                                     .has_point = !secret && row.lat_e7.has && row.lon_e7.has,
                                     .confidential = secret,
                                     .synthetic = row.synthetic != 0,
                                     .lat_e7 = secret ? 0 : (int32_t)row.lat_e7.v,
                                     .lon_e7 = secret ? 0 : (int32_t)row.lon_e7.v};
    return RG_OK;
}

size_t
network_hours_of(struct rg_ctx *ctx, const struct rg_jv *schedules, struct hours_rule *ret_rules,
                 size_t max)
{
    if (schedules && schedules->kind == RG_JV_OBJECT)
        schedules = rg_jv_get(schedules, "schedules");
    return hours_rules_of_schedules(ctx->arena, schedules, ret_rules, max);
}

enum rg_err
network_area_counts(struct rg_ctx *ctx, struct network_area_count **ret, size_t *ret_n)
{
    struct network_sql_area_counts_row *rows;
    size_t n;
    enum rg_err err = network_sql_area_counts(ctx, &rows, &n);
    if (err != RG_OK)
        return err;
    struct network_area_count *counts = RG_ARRAY(ctx->arena, struct network_area_count, n);
    if (!counts)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++)
        counts[i] = (struct network_area_count){rows[i].area_code, rows[i].n_services};
    *ret = counts;
    *ret_n = n;
    return RG_OK;
}

enum rg_err
network_services_of_organization(struct rg_ctx *ctx, org_id id, int64_t **ret_ids, size_t *ret_n)
{
    struct network_sql_organization_service_ids_row *rows;
    size_t n;
    enum rg_err err = network_sql_organization_service_ids(ctx, id.v, &rows, &n);
    _Static_assert(sizeof(*rows) == sizeof(int64_t), "a row is its id");
    if (err == RG_OK) {
        *ret_ids = n ? &rows->id : NULL;
        *ret_n = n;
    }
    return err;
}

enum rg_err
network_services_at(struct rg_ctx *ctx, location_id id, int64_t **ret_ids, size_t *ret_n)
{
    struct network_sql_location_service_ids_row *rows;
    size_t n;
    enum rg_err err = network_sql_location_service_ids(ctx, id.v, &rows, &n);
    _Static_assert(sizeof(*rows) == sizeof(int64_t), "a row is its id");
    if (err == RG_OK) {
        *ret_ids = n ? &rows->id : NULL;
        *ret_n = n;
    }
    return err;
}

enum rg_err
network_terms_with_code(struct rg_ctx *ctx, struct network_term **ret, size_t *ret_n)
{
    struct network_sql_terms_with_code_row *rows;
    size_t n;
    enum rg_err err = network_sql_terms_with_code(ctx, &rows, &n);
    struct network_term *terms = err == RG_OK ? RG_ARRAY(ctx->arena, struct network_term, n) : NULL;
    if (err == RG_OK && !terms)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        terms[i] = (struct network_term){rows[i].uid, rows[i].code};
    if (err == RG_OK) {
        *ret = terms;
        *ret_n = n;
    }
    return err;
}

enum rg_err
network_counts(struct rg_ctx *ctx, struct network_counts *ret)
{
    struct network_sql_organization_count_row organizations;
    struct network_sql_service_count_row services;
    struct network_sql_location_count_row locations;
    enum rg_err err = network_sql_organization_count(ctx, &organizations);
    if (err == RG_OK)
        err = network_sql_service_count(ctx, &services);
    if (err == RG_OK)
        err = network_sql_location_count(ctx, &locations);
    if (err == RG_OK)
        *ret = (struct network_counts){organizations.n, services.n, locations.n};
    return err;
}

enum rg_err
network_area_services(struct rg_ctx *ctx, struct str area_code, size_t n_max,
                      struct network_area_service **ret, size_t *ret_n, int64_t *ret_total)
{
    struct network_sql_area_services_row *rows;
    struct network_sql_area_service_count_row count;
    size_t n;
    enum rg_err err = network_sql_area_services(ctx, area_code, (int64_t)n_max, &rows, &n);
    if (err == RG_OK)
        err = network_sql_area_service_count(ctx, area_code, &count);
    struct network_area_service *found =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct network_area_service, n) : NULL;
    if (err == RG_OK && !found)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        found[i] = (struct network_area_service){rows[i].id, rows[i].name, rows[i].organization,
                                                 rows[i].synthetic != 0};
    if (err == RG_OK) {
        *ret = found;
        *ret_n = n;
        *ret_total = count.n;
    }
    return err;
}

enum rg_err
network_has_synthetic(struct rg_ctx *ctx, bool *ret_has)
{
    struct network_sql_synthetic_any_row row;
    return network_sql_synthetic_any(ctx, ret_has, &row);
}
