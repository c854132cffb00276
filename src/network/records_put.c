/* Records of the network: putting aggregates in by their uid. The same doc again writes nothing. */
#include "network/network_priv.h"
#include "network_sql.h"

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

/* Parse the record and write it. */
static enum rg_err
put_now(struct rg_ctx *ctx, const struct territory_model *territory, struct put *put,
        enum network_put *ret_put, int64_t *ret_id, bool *ret_open)
{
    if (!rg_jv_parse(ctx->arena, put->record->doc, &put->doc) || put->doc->kind != RG_JV_OBJECT)
        return RG_FAIL(ctx, RG_INVALID, "network.bad_doc");
    put->name = rg_jv_get_str(ctx->arena, put->doc, "name");
    if (!put->name.p && put->record->kind != NETWORK_LOCATION)
        put->name = STR("");
    bool waiting = false;
    enum rg_err err = put_write(ctx, territory, put, &waiting, ret_id);
    if (err != RG_OK)
        return err;
    *ret_open = put->open;
    *ret_put = waiting           ? NETWORK_WAITING
               : put->same        ? NETWORK_SAME
               : put->known.found ? NETWORK_CHANGED
                                 : NETWORK_ADDED;
    if (!waiting)
        uid_remember(put->uids, put->record->kind, put->record->uid, *ret_id);
    return RG_OK;
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
    enum network_kept kept = NETWORK_KEPT_NOT;
    if (put.known.found && !put.unchanged)
        err = network_kept_ask(ctx, record->kind, record->uid, record->doc, &kept);
    if (err != RG_OK)
        return err;
    if (kept != NETWORK_KEPT_NOT) {
        *ret_put = kept == NETWORK_KEPT_SAID_ANEW ? NETWORK_STANDS : NETWORK_SAME;
        *ret_id = put.known.id;
        uid_remember(uids, record->kind, record->uid, *ret_id);
        return RG_OK;
    }
    return put_now(ctx, territory, &put, ret_put, ret_id, ret_open);
}

enum rg_err
network_correct(struct rg_ctx *ctx, int64_t source_id, const struct network_record *record,
                enum network_put *ret_put, int64_t *ret_id)
{
    struct put put = {.record = record, .source_id = source_id};
    bool open;
    enum rg_err err = known_find(ctx, record->kind, record->uid, &put.known);
    if (err == RG_OK && put.known.found)
        err = network_kept_put(ctx, record->kind, record->uid, put.known.doc);
    return err == RG_OK ? put_now(ctx, NULL, &put, ret_put, ret_id, &open) : err;
}

enum rg_err
network_put(struct rg_ctx *ctx, const struct territory_model *territory, int64_t source_id,
            const struct network_record *record, enum network_put *ret_put, int64_t *ret_id)
{
    bool open;
    return network_put_into(ctx, territory, NULL, source_id, record, false, ret_put, ret_id,
                            &open);
}
