/* Records of the network: putting aggregates in, reading them back. */
#include "network/network_priv.h"
#include "network_sql.h"

/* ---- putting ---- */

enum rg_err
network_source_put(struct rg_ctx *ctx, const struct network_source *source, int64_t *ret_id)
{
    struct network_sql_source_put_row row;
    enum rg_err err = network_sql_source_put(
        ctx, source->name, source->title.p ? source->title : source->name,
        source->licence.p ? source->licence : STR(""), source->url.p ? source->url : STR(""),
        source->synthetic, ctx->now_s, &row);
    if (err == RG_OK)
        *ret_id = row.id;
    return err;
}

struct known { /* a record by its uid */
    bool found;
    int64_t id;
    struct str doc;
    bool lacks_organization, lacks_program, lacks_taxonomy; /* the column is empty */
};

#define FIND(kind, ...)                                                                       \
    {                                                                                         \
        struct network_sql_##kind##_find_row row;                                             \
        enum rg_err err = network_sql_##kind##_find(ctx, uid, &ret->found, &row);             \
        if (err == RG_OK && ret->found) {                                                     \
            ret->id = row.id;                                                                 \
            ret->doc = row.doc;                                                               \
            __VA_ARGS__;                                                                      \
        }                                                                                     \
        return err;                                                                           \
    }

static enum rg_err
known_find(struct rg_ctx *ctx, enum network_kind kind, struct str uid, struct known *ret)
{
    *ret = (struct known){0};
    switch (kind) {
    case NETWORK_ORGANIZATION: FIND(organization, (void)0)
    case NETWORK_SERVICE: FIND(service, ret->lacks_organization = !row.organization_id.has,
                               ret->lacks_program = !row.program_id.has)
    case NETWORK_LOCATION: FIND(location, (void)0)
    case NETWORK_SERVICE_AT_LOCATION: FIND(service_at_location, (void)0)
    case NETWORK_PROGRAM: FIND(program, ret->lacks_organization = !row.organization_id.has)
    case NETWORK_TAXONOMY: FIND(taxonomy, (void)0)
    case NETWORK_TAXONOMY_TERM: FIND(taxonomy_term, ret->lacks_taxonomy = !row.taxonomy_id.has)
    case NETWORK_KIND__MAX: break;
    }
    rg_assert_failed("a kind of record", __FILE__, __LINE__);
}

/* ---- references ---- */

void
network_uids_clear(struct network_uids *uids)
{
    memset(uids->places, 0, sizeof(uids->places));
}

static struct network_uid *
uid_place(struct network_uids *uids, enum network_kind kind, struct str uid)
{
    uint64_t h = (str_hash(uid) + (uint64_t)kind) * 0x9E3779B97F4A7C15u;
    return &uids->places[h >> (64 - NETWORK_UIDS_BITS)];
}

static void
uid_remember(struct network_uids *uids, enum network_kind kind, struct str uid, int64_t id)
{
    if (!uids || uid.n != sizeof(uids->places[0].uid))
        return;
    struct network_uid *place = uid_place(uids, kind, uid);
    memcpy(place->uid, uid.p, uid.n);
    place->kind = (uint32_t)kind;
    place->id = id;
}

#define FIND_ID(kind)                                                                         \
    {                                                                                         \
        struct network_sql_##kind##_id_row row;                                               \
        enum rg_err err = network_sql_##kind##_id(ctx, uid, &ret->has, &row);                 \
        if (err == RG_OK && ret->has)                                                         \
            ret->v = row.id;                                                                  \
        return err;                                                                           \
    }

static enum rg_err
id_find(struct rg_ctx *ctx, enum network_kind kind, struct str uid, struct store_int *ret)
{
    switch (kind) {
    case NETWORK_ORGANIZATION: FIND_ID(organization)
    case NETWORK_SERVICE: FIND_ID(service)
    case NETWORK_LOCATION: FIND_ID(location)
    case NETWORK_PROGRAM: FIND_ID(program)
    case NETWORK_TAXONOMY: FIND_ID(taxonomy)
    default: rg_assert_failed("a kind that is referred to", __FILE__, __LINE__);
    }
}

/* The id behind a reference; without one when it names none, or one that is not here. */
static enum rg_err
reference(struct rg_ctx *ctx, struct network_uids *uids, enum network_kind kind, struct str uid,
          struct store_int *ret)
{
    *ret = (struct store_int){0};
    if (!uid.n)
        return RG_OK;
    if (uids && uid.n == sizeof(uids->places[0].uid)) {
        const struct network_uid *place = uid_place(uids, kind, uid);
        if (place->id && place->kind == (uint32_t)kind && memcmp(place->uid, uid.p, uid.n) == 0) {
            *ret = (struct store_int){true, place->id};
            return RG_OK;
        }
    }
    enum rg_err err = id_find(ctx, kind, uid, ret);
    if (err == RG_OK && ret->has)
        uid_remember(uids, kind, uid, ret->v);
    return err;
}

/* ---- putting one ---- */

enum rg_err
network_uid_known(struct rg_ctx *ctx, enum network_kind kind, struct str uid, bool *ret_known)
{
    struct rg_mark mark = rg_arena_mark(ctx->arena);
    struct known known;
    enum rg_err err = known_find(ctx, kind, uid, &known);
    if (err == RG_OK)
        *ret_known = known.found;
    rg_arena_release(ctx->arena, mark);
    return err;
}

struct put { /* a record on its way in */
    const struct network_record *record;
    const struct rg_jv *doc;
    struct known known;
    int64_t source_id;
    struct str name;
    struct network_uids *uids; /* or NULL                                       */
    bool unchanged;            /* the words are those that are here             */
    bool same;                 /* and nothing it names has come since           */
    bool open;                 /* it names a record that is not here            */
};

#define ADD_OR_SET(kind, ...)                                                                 \
    do {                                                                                      \
        if (put->known.found) {                                                               \
            *ret_id = put->known.id;                                                          \
            return network_sql_##kind##_set(ctx, put->known.id, __VA_ARGS__,                  \
                                            put->record->doc, ctx->now_s, NULL);              \
        }                                                                                     \
        struct network_sql_##kind##_add_row row;                                              \
        enum rg_err add_err = network_sql_##kind##_add(                                       \
            ctx, put->record->uid, put->source_id, put->record->source_key, __VA_ARGS__,      \
            put->record->doc, ctx->now_s, &row);                                              \
        if (add_err == RG_OK)                                                                 \
            *ret_id = row.id;                                                                 \
        return add_err;                                                                       \
    } while (0)

/* Nothing to write: the words are the same and no reference can be filled. */
static bool
stays(struct put *put, bool gains, int64_t *ret_id)
{
    put->same = put->unchanged && !gains;
    if (put->same)
        *ret_id = put->known.id;
    return put->same;
}

static enum rg_err
write_service(struct rg_ctx *ctx, struct put *put, int64_t *ret_id)
{
    struct store_int organization, program;
    enum rg_err err =
        reference(ctx, put->uids, NETWORK_ORGANIZATION,
                  put->record->organization_uid, &organization);
    if (err == RG_OK)
        err = reference(ctx, put->uids, NETWORK_PROGRAM, put->record->program_uid, &program);
    if (err != RG_OK)
        return err;
    put->open = (put->record->organization_uid.n && !organization.has) ||
                (put->record->program_uid.n && !program.has);
    if (stays(put, (put->known.lacks_organization && organization.has) ||
                       (put->known.lacks_program && program.has), ret_id))
        return RG_OK;
    struct str status = rg_jv_get_str(ctx->arena, put->doc, "status");
    ADD_OR_SET(service, organization, program, put->name, status.p ? status : STR("active"));
}

/* A town by its name, only when the name leaves no doubt. */
static struct str
town_named(const struct territory_model *territory, struct str city)
{
    struct territory_place hits[2];
    size_t n = territory_place_lookup(territory->places, city, hits, RG_COUNT(hits));
    if (n == 0 || (n > 1 && hits[1].score >= hits[0].score))
        return STR_NONE;
    const struct territory_area *area = &territory->areas[hits[0].area];
    return str_is(area->kind, "comune") ? area->code : STR_NONE;
}

/* The municipality of a location: where its point lies, else the town of its address. */
static struct str
location_area(struct rg_ctx *ctx, const struct territory_model *territory, const struct put *put,
              struct store_int lat_e7, struct store_int lon_e7)
{
    if (!territory)
        return STR_NONE;
    if (lat_e7.has && lon_e7.has) {
        struct territory_point point = {.lon_e7 = (int32_t)lon_e7.v, .lat_e7 = (int32_t)lat_e7.v};
        uint32_t at = territory_model_at(territory, point, NULL, NULL);
        return at == TERRITORY_NOWHERE ? STR_NONE : territory->areas[at].code;
    }
    struct str code = STR_NONE;
    const struct rg_jv *addresses = rg_jv_get(put->doc, "addresses");
    const struct rg_jv *address = rg_jv_first(addresses);
    for (uint32_t i = 0; !code.p && addresses && i < addresses->n; i++) {
        struct str city = rg_jv_get_str(ctx->arena, address, "city");
        if (city.n)
            code = town_named(territory, city);
        address = rg_jv_next(address);
    }
    return code;
}

static enum rg_err
write_location(struct rg_ctx *ctx, const struct territory_model *territory, const struct put *put,
               int64_t *ret_id)
{
    struct store_int lat = {0}, lon = {0};
    int32_t e7;
    const struct rg_jv *value = rg_jv_get(put->doc, "latitude");
    if (value && rg_parse_e7(value->text, &e7))
        lat = (struct store_int){true, e7};
    value = rg_jv_get(put->doc, "longitude");
    if (value && rg_parse_e7(value->text, &e7))
        lon = (struct store_int){true, e7};
    if (!lat.has || !lon.has)
        lat = lon = (struct store_int){0};
    const struct rg_jv *secret = rg_jv_get(put->doc, "confidential");
    struct str area = location_area(ctx, territory, put, lat, lon);
    ADD_OR_SET(location, put->name, lat, lon, area, secret && secret->kind == RG_JV_TRUE);
}

static enum rg_err
write_place(struct rg_ctx *ctx, struct put *put, bool *ret_waiting, int64_t *ret_id)
{
    struct store_int service, location;
    enum rg_err err = reference(ctx, put->uids, NETWORK_SERVICE,
                                put->record->service_uid, &service);
    if (err == RG_OK)
        err = reference(ctx, put->uids, NETWORK_LOCATION, put->record->location_uid, &location);
    if (err != RG_OK)
        return err;
    *ret_waiting = put->open = !service.has || !location.has;
    if (*ret_waiting)
        return RG_OK;
    ADD_OR_SET(service_at_location, service.v, location.v);
}

static enum rg_err
write_program(struct rg_ctx *ctx, struct put *put, int64_t *ret_id)
{
    struct store_int organization;
    enum rg_err err =
        reference(ctx, put->uids, NETWORK_ORGANIZATION,
                  put->record->organization_uid, &organization);
    if (err != RG_OK)
        return err;
    put->open = put->record->organization_uid.n && !organization.has;
    if (stays(put, put->known.lacks_organization && organization.has, ret_id))
        return RG_OK;
    ADD_OR_SET(program, organization, put->name);
}

static enum rg_err
write_term(struct rg_ctx *ctx, struct put *put, int64_t *ret_id)
{
    struct store_int taxonomy;
    enum rg_err err = reference(ctx, put->uids, NETWORK_TAXONOMY,
                                put->record->taxonomy_uid, &taxonomy);
    if (err != RG_OK)
        return err;
    put->open = put->record->taxonomy_uid.n && !taxonomy.has;
    if (stays(put, put->known.lacks_taxonomy && taxonomy.has, ret_id))
        return RG_OK;
    struct str code = rg_jv_get_str(ctx->arena, put->doc, "code");
    ADD_OR_SET(taxonomy_term, taxonomy, code, put->name);
}

static enum rg_err
write_organization(struct rg_ctx *ctx, const struct put *put, int64_t *ret_id)
{
    ADD_OR_SET(organization, put->name);
}

static enum rg_err
write_taxonomy(struct rg_ctx *ctx, const struct put *put, int64_t *ret_id)
{
    ADD_OR_SET(taxonomy, put->name);
}

/* The terms a service names in its attributes, kept beside it for filters. */
static enum rg_err
terms_put(struct rg_ctx *ctx, int64_t service, bool is_new, const struct rg_jv *doc)
{
    struct network_sql_service_term_list_row *old = NULL;
    size_t n_old = 0;
    enum rg_err err =
        is_new ? RG_OK : network_sql_service_term_list(ctx, service, &old, &n_old);
    const struct rg_jv *attributes = rg_jv_get(doc, "attributes");
    const struct rg_jv *attribute = rg_jv_first(attributes);
    bool *kept = RG_ARRAY(ctx->arena, bool, n_old + 1);
    if (err == RG_OK && !kept)
        err = RG_NO_MEMORY(ctx);
    for (uint32_t i = 0; err == RG_OK && attributes && i < attributes->n; i++) {
        struct str uid = rg_jv_get_str(ctx->arena, attribute, "taxonomy_term_id");
        if (!uid.n)
            uid = rg_jv_get_str(ctx->arena, rg_jv_get(attribute, "taxonomy_term"), "id");
        bool there = false;
        for (size_t k = 0; k < n_old && !there; k++)
            if (str_eq(old[k].term_uid, uid))
                there = kept[k] = true;
        if (uid.n && !there)
            err = network_sql_service_term_add(ctx, service, uid, NULL);
        attribute = rg_jv_next(attribute);
    }
    for (size_t k = 0; k < n_old && err == RG_OK; k++)
        if (!kept[k])
            err = network_sql_service_term_remove(ctx, old[k].id, NULL);
    return err;
}

static enum rg_err
put_write(struct rg_ctx *ctx, const struct territory_model *territory, struct put *put,
          bool *ret_waiting, int64_t *ret_id)
{
    switch (put->record->kind) {
    case NETWORK_ORGANIZATION: return write_organization(ctx, put, ret_id);
    case NETWORK_LOCATION: return write_location(ctx, territory, put, ret_id);
    case NETWORK_SERVICE_AT_LOCATION: return write_place(ctx, put, ret_waiting, ret_id);
    case NETWORK_PROGRAM: return write_program(ctx, put, ret_id);
    case NETWORK_TAXONOMY: return write_taxonomy(ctx, put, ret_id);
    case NETWORK_TAXONOMY_TERM: return write_term(ctx, put, ret_id);
    case NETWORK_SERVICE: break;
    case NETWORK_KIND__MAX: rg_assert_failed("a kind of record", __FILE__, __LINE__);
    }
    enum rg_err err = write_service(ctx, put, ret_id);
    return err == RG_OK && !put->same ? terms_put(ctx, *ret_id, !put->known.found, put->doc)
                                      : err;
}

/* Some reference of the record that is here was never filled. */
static bool
lacks_some(const struct network_record *r, const struct known *k)
{
    return (k->lacks_organization && r->organization_uid.n) ||
           (k->lacks_program && r->program_uid.n) || (k->lacks_taxonomy && r->taxonomy_uid.n);
}

enum rg_err
network_put_into(struct rg_ctx *ctx, const struct territory_model *territory,
                 struct network_uids *uids, int64_t source_id,
                 const struct network_record *record, bool hold, enum network_put *ret_put,
                 int64_t *ret_id, bool *ret_open)
{
    struct put put = {.record = record, .source_id = source_id, .uids = uids};
    enum rg_err err = known_find(ctx, record->kind, record->uid, &put.known);
    if (err != RG_OK)
        return err;
    *ret_open = false;
    put.unchanged = put.known.found && str_eq(put.known.doc, record->doc);
    if (put.unchanged && !lacks_some(record, &put.known)) {
        *ret_put = NETWORK_SAME;
        *ret_id = put.known.id;
        uid_remember(uids, record->kind, record->uid, *ret_id);
        return RG_OK;
    }
    if (hold && put.known.found && !put.unchanged) {
        *ret_put = NETWORK_WAITING;
        return RG_OK;
    }
    if (!rg_jv_parse(ctx->arena, record->doc, &put.doc) || put.doc->kind != RG_JV_OBJECT)
        return RG_FAIL(ctx, RG_INVALID, "network.bad_doc");
    put.name = rg_jv_get_str(ctx->arena, put.doc, "name");
    if (!put.name.p && record->kind != NETWORK_LOCATION)
        put.name = STR("");
    bool waiting = false;
    err = put_write(ctx, territory, &put, &waiting, ret_id);
    if (err != RG_OK)
        return err;
    *ret_open = put.open;
    *ret_put = waiting           ? NETWORK_WAITING
               : put.same        ? NETWORK_SAME
               : put.known.found ? NETWORK_CHANGED
                                 : NETWORK_ADDED;
    if (!waiting)
        uid_remember(uids, record->kind, record->uid, *ret_id);
    return RG_OK;
}

enum rg_err
network_put(struct rg_ctx *ctx, const struct territory_model *territory, int64_t source_id,
            const struct network_record *record, enum network_put *ret_put, int64_t *ret_id)
{
    bool open;
    return network_put_into(ctx, territory, NULL, source_id, record, false, ret_put, ret_id,
                            &open);
}

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
    if (!schedules || schedules->kind != RG_JV_ARRAY)
        return 0;
    const struct rg_jv *s = rg_jv_first(schedules);
    size_t n = 0;
    for (uint32_t i = 0; i < schedules->n && n < max; i++, s = rg_jv_next(s)) {
#define TEXT(field) .field = rg_jv_get_str(ctx->arena, s, #field)
        const struct hours_fields fields = {
            TEXT(valid_from), TEXT(valid_to), TEXT(dtstart),     TEXT(until),
            TEXT(count),      TEXT(interval), TEXT(freq),        TEXT(wkst),
            TEXT(byday),      TEXT(bymonthday), TEXT(opens_at),  TEXT(closes_at),
            TEXT(timezone),   TEXT(description), TEXT(notes)};
#undef TEXT
        n += hours_parse_rule(&fields, &ret_rules[n]);
    }
    return n;
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
