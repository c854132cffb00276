#include "finder/catalogue.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    FORMAT = 4, /* of payload and facets: part of the file's name */
    BUILD_MEMORY = 2000 * 1024 * 1024LL,
    SUMMARY_MAX = 220,
    WALK = 2000,
    FEED_PAGE = 500,
    REBUILD_AFTER = 4000, /* changed services: then a fresh file is cheaper */
    FACETS_MAX = 640, /* of one service: one that lists every comune of the territory fits */
    REFRESH_WAIT_S = 2,
    WORK_MEMORY = 512 * 1024 * 1024,
};

struct term { /* a taxonomy term that is a need */
    struct str uid, code;
};

struct finder_catalogue {
    struct store *store;
    const struct finder_model *model;
    struct territory_live *territory;
    char *path;
    struct search_live *live;
    pthread_mutex_t lock;     /* of refreshing */
    _Atomic int64_t seq;      /* read of the feed so far; written under the lock */
    int64_t change_id;
    struct rg_arena *terms_arena;
    struct term *terms;
    size_t n_terms;
};

uint32_t
finder_code_hash(struct str code)
{
    uint32_t h = (uint32_t)str_hash(code);
    return h ? h : 1;
}

/* No stemmer touches a word that ends in a digit, and no person writes this one. */
struct str
finder_code_term(struct str code, char out[FINDER_CODE_TERM_MAX])
{
    int n = snprintf(out, FINDER_CODE_TERM_MAX, "qz%u", finder_code_hash(code));
    return str_n(out, (size_t)n);
}

uint32_t
finder_comune_number(struct str istat_code)
{
    int64_t n;
    return rg_parse_i64(istat_code, 1, 999999, &n) ? (uint32_t)n : 0;
}

/* ---- the payload: fixed part, spots, areas, then texts behind their lengths ---- */

struct fixed {
    int64_t org_id;
    int64_t verified_day, updated_s;
    struct hours_code hours;
    uint32_t need[4];
    uint32_t audience;
    uint8_t flags, n_spots, n_areas, format;
};

enum { F_SYNTHETIC = 1, F_FREE = 2, F_PAID = 4, F_ACTIVE = 8, F_WIDE = 16,
       F_MORE_AREAS = 32 };

static void
put_text(struct rg_buf *out, struct str s, size_t max)
{
    uint16_t n = (uint16_t)str_utf8_prefix(s, max);
    rg_buf_add(out, &n, sizeof(n));
    rg_buf_add(out, s.p, n);
}

static void
entry_write(struct rg_buf *out, const struct finder_entry *e)
{
    struct fixed fixed = {.org_id = e->org_id,
                          .verified_day = e->verified_day,
                          .updated_s = e->updated_s,
                          .hours = e->hours,
                          .audience = e->audience,
                          .n_spots = (uint8_t)e->n_spots,
                          .n_areas = (uint8_t)e->n_areas,
                          .format = FORMAT};
    memcpy(fixed.need, e->need, sizeof(fixed.need));
    fixed.flags = (uint8_t)((e->synthetic ? F_SYNTHETIC : 0) | (e->free_of_charge ? F_FREE : 0) |
                            (e->paid ? F_PAID : 0) | (e->active ? F_ACTIVE : 0) |
                            (e->wide ? F_WIDE : 0) | (e->more_areas ? F_MORE_AREAS : 0));
    rg_buf_add(out, &fixed, sizeof(fixed));
    rg_buf_add(out, e->spots, e->n_spots * sizeof(e->spots[0]));
    rg_buf_add(out, e->areas, e->n_areas * sizeof(e->areas[0]));
    put_text(out, e->uid, 64);
    put_text(out, e->name, 300);
    put_text(out, e->organization, 300);
    put_text(out, e->summary, SUMMARY_MAX);
    put_text(out, e->place, 200);
    put_text(out, e->languages, 64);
}

static bool
take(struct str *rest, void *to, size_t n)
{
    if (rest->n < n)
        return false;
    memcpy(to, rest->p, n);
    *rest = str_n(rest->p + n, rest->n - n);
    return true;
}

static struct str
take_text(struct str *rest)
{
    uint16_t n;
    if (!take(rest, &n, sizeof(n)) || rest->n < n)
        return STR("");
    struct str text = str_n(rest->p, n);
    *rest = str_n(rest->p + n, rest->n - n);
    return text;
}

void
finder_entry_read(struct str payload, struct finder_entry *ret)
{
    struct fixed fixed;
    *ret = (struct finder_entry){.verified_day = -1};
    if (!take(&payload, &fixed, sizeof(fixed)) || fixed.n_spots > FINDER_PLACES_MAX ||
        fixed.n_areas > FINDER_PLACES_MAX)
        return;
    ret->org_id = fixed.org_id;
    ret->verified_day = fixed.verified_day;
    ret->updated_s = fixed.updated_s;
    ret->hours = fixed.hours;
    ret->audience = fixed.audience;
    memcpy(ret->need, fixed.need, sizeof(ret->need));
    ret->synthetic = fixed.flags & F_SYNTHETIC;
    ret->free_of_charge = fixed.flags & F_FREE;
    ret->paid = fixed.flags & F_PAID;
    ret->active = fixed.flags & F_ACTIVE;
    ret->wide = fixed.flags & F_WIDE;
    ret->more_areas = fixed.flags & F_MORE_AREAS;
    ret->n_spots = fixed.n_spots;
    ret->n_areas = fixed.n_areas;
    if (!take(&payload, ret->spots, fixed.n_spots * sizeof(ret->spots[0])) ||
        !take(&payload, ret->areas, fixed.n_areas * sizeof(ret->areas[0])))
        return;
    ret->uid = take_text(&payload);
    ret->name = take_text(&payload);
    ret->organization = take_text(&payload);
    ret->summary = take_text(&payload);
    ret->place = take_text(&payload);
    ret->languages = take_text(&payload);
}

/* ---- from a record to a document ---- */

struct making { /* one document being made */
    struct rg_ctx *ctx;
    struct finder_catalogue *cat;
    const struct territory_model *territory;
    struct finder_entry entry;
    struct search_facet_value facets[FACETS_MAX];
    size_t n_facets;
    struct rg_buf needs_text, body, places_text, languages, codes, payload;
};

static void
facet(struct making *m, enum finder_dim dim, uint32_t value)
{
    if (m->n_facets < RG_COUNT(m->facets))
        m->facets[m->n_facets++] = (struct search_facet_value){dim, value};
}

static void
word(struct rg_buf *out, struct str s)
{
    if (!s.n)
        return;
    if (out->n)
        rg_buf_c(out, '\n');
    rg_buf_str(out, s);
}

static struct str
code_of_term(const struct finder_catalogue *cat, struct str uid)
{
    size_t low = 0, high = cat->n_terms;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = str_cmp(uid, cat->terms[mid].uid);
        if (order == 0)
            return cat->terms[mid].code;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return STR_NONE;
}

static const struct {
    const char *target;
    enum finder_audience audience;
} targets[] = {
    {"minori", FINDER_MINORI},         {"giovani", FINDER_GIOVANI},
    {"anziani", FINDER_ANZIANI},       {"famiglie", FINDER_FAMIGLIE},
    {"disabilita", FINDER_DISABILITA}, {"donne_violenza", FINDER_DONNE_VIOLENZA},
    {"stranieri", FINDER_STRANIERI},   {"studenti", FINDER_STUDENTI},
    {"lavoratori", FINDER_LAVORATORI}, {"imprese", FINDER_IMPRESE},
};

static void
add_need(struct making *m, struct str code)
{
    size_t need_ix, at = 0;
    if (!code.n || !finder_need_find(m->cat->model, code, &need_ix))
        return;
    uint32_t hash = finder_code_hash(code);
    while (at < RG_COUNT(m->entry.need) && m->entry.need[at] && m->entry.need[at] != hash)
        at++;
    if (at == RG_COUNT(m->entry.need) || m->entry.need[at] == hash)
        return;
    m->entry.need[at] = hash;
    facet(m, FINDER_DIM_NEED, hash);
    const char *dot = memchr(code.p, '.', code.n);
    struct str area = dot ? str_n(code.p, (size_t)(dot - code.p)) : code;
    char term[FINDER_CODE_TERM_MAX];
    facet(m, FINDER_DIM_AREA, finder_code_hash(area));
    word(&m->codes, finder_code_term(code, term));
    word(&m->codes, finder_code_term(area, term));
    for (unsigned lang = 0; lang < RG_LANG__MAX; lang++)
        word(&m->needs_text, finder_need_label(m->cat->model, need_ix, (enum rg_lang)lang));
}

static void
add_attributes(struct making *m, const struct rg_jv *doc)
{
    const struct rg_jv *list = rg_jv_get(doc, "attributes"), *a = rg_jv_first(list);
    struct rg_arena *arena = m->ctx->arena;
    for (uint32_t i = 0; list && i < list->n; i++, a = rg_jv_next(a)) {
        struct str value = rg_jv_get_str(arena, a, "value");
        struct str kind = rg_jv_get_str(arena, a, "link_type");
        struct str uid = rg_jv_get_str(arena, a, "taxonomy_term_id");
        const struct rg_jv *term = rg_jv_get(a, "taxonomy_term");
        add_need(m, rg_jv_get_str(arena, term, "code"));
        add_need(m, code_of_term(m->cat, uid.n ? uid : rg_jv_get_str(arena, term, "id")));
        if (str_is(kind, "need"))
            add_need(m, value);
        for (size_t t = 0; t < RG_COUNT(targets); t++)
            if (str_is(kind, "target") && str_eq(value, str_of(targets[t].target))) {
                m->entry.audience |= 1u << targets[t].audience;
                facet(m, FINDER_DIM_AUDIENCE, targets[t].audience);
            }
        word(&m->needs_text, rg_jv_get_str(arena, a, "label"));
        word(&m->needs_text, rg_jv_get_str(arena, term, "name"));
    }
}

static void
add_ages(struct making *m, const struct rg_jv *doc)
{
    int64_t low = rg_jv_i64(rg_jv_get(doc, "minimum_age"), -1);
    int64_t high = rg_jv_i64(rg_jv_get(doc, "maximum_age"), -1);
    if (high > 0 && high <= 18)
        m->entry.audience |= 1u << FINDER_MINORI;
    if (low >= 60)
        m->entry.audience |= 1u << FINDER_ANZIANI;
    if (low >= 14 && high > 0 && high <= 35)
        m->entry.audience |= 1u << FINDER_GIOVANI;
    for (unsigned a = 0; a < FINDER_AUDIENCE__MAX; a++)
        if (m->entry.audience & 1u << a)
            facet(m, FINDER_DIM_AUDIENCE, a);
}

static void
add_languages(struct making *m, const struct rg_jv *doc)
{
    const struct rg_jv *list = rg_jv_get(doc, "languages"), *l = rg_jv_first(list);
    for (uint32_t i = 0; list && i < list->n && i < FINDER_LANGS_MAX; i++, l = rg_jv_next(l)) {
        struct str code = rg_jv_get_str(m->ctx->arena, l, "code");
        word(&m->body, rg_jv_get_str(m->ctx->arena, l, "name"));
        if (code.n < 2)
            continue;
        code = str_n(code.p, code.n > 2 && code.p[2] != '-' ? code.n : 2);
        if (m->languages.n)
            rg_buf_c(&m->languages, ',');
        rg_buf_str(&m->languages, code);
        facet(m, FINDER_DIM_LANGUAGE, finder_code_hash(code));
    }
}

static void
add_cost(struct making *m, const struct rg_jv *doc)
{
    const struct rg_jv *list = rg_jv_get(doc, "cost_options"), *c = rg_jv_first(list);
    for (uint32_t i = 0; list && i < list->n; i++, c = rg_jv_next(c)) {
        double amount;
        const struct rg_jv *value = rg_jv_get(c, "amount");
        if (value && rg_parse_decimal(rg_jv_str(m->ctx->arena, value), &amount))
            *(amount > 0 ? &m->entry.paid : &m->entry.free_of_charge) = true;
        word(&m->body, rg_jv_get_str(m->ctx->arena, c, "amount_description"));
    }
    struct str fees = rg_jv_get_str(m->ctx->arena, doc, "fees_description");
    word(&m->body, fees);
    if (str_find(fees, STR("ratuit")) >= 0 || str_eq_nocase(fees, STR("free")))
        m->entry.free_of_charge = true;
    facet(m, FINDER_DIM_COST, m->entry.free_of_charge && !m->entry.paid ? 1
                              : m->entry.paid                           ? 2
                                                                        : 0);
}

static void
add_served(struct making *m, uint32_t area)
{
    facet(m, FINDER_DIM_REACH, area);
    if (m->entry.n_areas < FINDER_PLACES_MAX)
        m->entry.areas[m->entry.n_areas++] = area;
    else
        m->entry.more_areas = true;
}

static void
add_areas(struct making *m, const struct rg_jv *doc)
{
    const struct rg_jv *list = rg_jv_get(doc, "service_areas"), *a = rg_jv_first(list);
    for (uint32_t i = 0; list && i < list->n; i++, a = rg_jv_next(a)) {
        struct str extent = rg_jv_get_str(m->ctx->arena, a, "extent");
        struct str type = rg_jv_get_str(m->ctx->arena, a, "extent_type");
        uint32_t n = finder_comune_number(extent);
        word(&m->places_text, rg_jv_get_str(m->ctx->arena, a, "name"));
        if (str_is(type, "istat") && extent.n <= 3)
            m->entry.wide = true;
        else if (str_is(type, "istat") && n)
            add_served(m, n);
        else if (str_is(type, "zona") && n)
            add_served(m, FINDER_OF_ZONE + n);
    }
}

/* Saying nothing of where it serves excludes nobody. */
static void
add_reach(struct making *m)
{
    if (m->entry.wide || m->entry.n_areas == 0)
        facet(m, FINDER_DIM_REACH, FINDER_EVERYWHERE);
}

static void
add_place(struct making *m, const struct network_place *place)
{
    const struct rg_jv *doc;
    uint32_t comune = finder_comune_number(place->area_code);
    if (place->confidential)
        return;
    if (m->entry.n_spots < FINDER_PLACES_MAX && (place->has_point || comune))
        m->entry.spots[m->entry.n_spots++] =
            (struct finder_spot){place->lat_e7, place->lon_e7, comune};
    if (comune) {
        facet(m, FINDER_DIM_COMUNE, comune);
        uint32_t at = territory_model_by_code(m->territory, STR("comune"), place->area_code);
        if (at != TERRITORY_NOWHERE) {
            const struct territory_area *area = &m->territory->areas[at];
            word(&m->places_text, area->name);
            if (!m->entry.place.n)
                m->entry.place = area->name;
            if (area->zone != TERRITORY_NOWHERE) {
                const struct territory_area *zone = &m->territory->areas[area->zone];
                int64_t n;
                if (rg_parse_i64(zone->code, 1, 999, &n))
                    facet(m, FINDER_DIM_ZONE, (uint32_t)n);
                word(&m->places_text, zone->name);
            }
        }
    }
    if (!rg_jv_parse(m->ctx->arena, place->location_doc, &doc))
        return;
    word(&m->places_text, rg_jv_get_str(m->ctx->arena, doc, "name"));
    const struct rg_jv *list = rg_jv_get(doc, "addresses"), *a = rg_jv_first(list);
    for (uint32_t i = 0; list && i < list->n; i++, a = rg_jv_next(a)) {
        struct str city = rg_jv_get_str(m->ctx->arena, a, "city");
        word(&m->places_text, rg_jv_get_str(m->ctx->arena, a, "address_1"));
        word(&m->places_text, city);
        if (!m->entry.place.n)
            m->entry.place = city;
    }
}

static void
add_hours(struct making *m, const struct rg_jv *doc, const struct network_service *service)
{
    struct hours_rule rules[64];
    size_t n = network_hours_of(m->ctx, rg_jv_get(doc, "schedules"), rules, RG_COUNT(rules));
    for (size_t i = 0; n == 0 && i < service->n_places; i++) {
        const struct rg_jv *place;
        if (rg_jv_parse(m->ctx->arena, service->places[i].doc, &place))
            n = network_hours_of(m->ctx, rg_jv_get(place, "schedules"), rules, RG_COUNT(rules));
        if (n == 0 && rg_jv_parse(m->ctx->arena, service->places[i].location_doc, &place))
            n = network_hours_of(m->ctx, rg_jv_get(place, "schedules"), rules, RG_COUNT(rules));
    }
    int64_t today = m->ctx->now_s / 86400;
    hours_encode_week(rules, n, today - rg_weekday_of(today), &m->entry.hours);
}

/* Texts of the record that people search by. */
static void
add_body(struct making *m, const struct rg_jv *doc)
{
    static const char *const fields[] = {"description", "alternate_name", "application_process",
                                         "eligibility_description", "interpretation_services"};
    for (size_t i = 0; i < RG_COUNT(fields); i++)
        word(&m->body, rg_jv_get_str(m->ctx->arena, doc, fields[i]));
}

static struct str
summary_of(struct rg_ctx *ctx, const struct rg_jv *doc)
{
    struct str text = rg_jv_get_str(ctx->arena, doc, "description");
    ptrdiff_t line = text.n ? str_find(text, STR("\n")) : -1;
    if (line > 0)
        text.n = (size_t)line;
    return str_trim(text);
}

static void
making_init(struct making *m, struct rg_ctx *ctx, struct finder_catalogue *cat)
{
    *m = (struct making){
        .ctx = ctx, .cat = cat, .territory = territory_live_get(cat->territory)};
    rg_buf_init(&m->needs_text, 64 * 1024);
    rg_buf_init(&m->body, 1024 * 1024);
    rg_buf_init(&m->places_text, 64 * 1024);
    rg_buf_init(&m->languages, 1024);
    rg_buf_init(&m->codes, 1024);
    rg_buf_init(&m->payload, 16 * 1024);
}

static void
making_done(struct making *m)
{
    rg_buf_done(&m->needs_text);
    rg_buf_done(&m->body);
    rg_buf_done(&m->places_text);
    rg_buf_done(&m->languages);
    rg_buf_done(&m->codes);
    rg_buf_done(&m->payload);
}

static enum rg_err
make_doc(struct making *m, const struct network_service *service, struct search_doc *ret)
{
    const struct rg_jv *doc;
    if (!rg_jv_parse(m->ctx->arena, service->doc, &doc))
        return RG_NO_MEMORY(m->ctx);
    rg_buf_reset(&m->needs_text);
    rg_buf_reset(&m->body);
    rg_buf_reset(&m->places_text);
    rg_buf_reset(&m->languages);
    rg_buf_reset(&m->codes);
    rg_buf_reset(&m->payload);
    m->n_facets = 0;
    m->entry = (struct finder_entry){
        .org_id = service->organization_id,
        .updated_s = service->updated_s,
        .verified_day = service->verified_s ? service->verified_s / 86400 : -1,
        .synthetic = service->synthetic,
        .active = str_is(service->status, "active"),
        .uid = service->uid,
        .name = service->name,
        .organization = service->organization,
        .summary = summary_of(m->ctx, doc)};
    struct str assured = rg_jv_get_str(m->ctx->arena, doc, "assured_date");
    if (m->entry.verified_day < 0 && assured.n >= 10)
        (void)rg_parse_date(str_n(assured.p, 10), &m->entry.verified_day);
    add_attributes(m, doc);
    add_ages(m, doc);
    add_languages(m, doc);
    add_cost(m, doc);
    add_areas(m, doc);
    add_reach(m);
    add_body(m, doc);
    for (size_t i = 0; i < service->n_places; i++)
        add_place(m, &service->places[i]);
    add_hours(m, doc, service);
    facet(m, FINDER_DIM_ORG, (uint32_t)service->organization_id);
    facet(m, FINDER_DIM_STATUS, m->entry.active ? 1 : 2);
    m->entry.languages = rg_buf_view(&m->languages);
    entry_write(&m->payload, &m->entry);
    if (m->payload.failed)
        return RG_NO_MEMORY(m->ctx);
    const struct finder_spot *spot = m->entry.n_spots ? &m->entry.spots[0] : NULL;
    *ret = (struct search_doc){
        .key = service->id,
        .lang = SEARCH_IT,
        .text = {service->name, rg_buf_view(&m->needs_text), service->organization,
                 rg_buf_view(&m->body), rg_buf_view(&m->places_text), rg_buf_view(&m->codes)},
        .facets = m->facets,
        .n_facets = m->n_facets,
        .has_point = spot && (spot->lat_e7 || spot->lon_e7),
        .lat_e7 = spot ? spot->lat_e7 : 0,
        .lon_e7 = spot ? spot->lon_e7 : 0,
        .payload = rg_buf_view(&m->payload)};
    return RG_OK;
}

/* ---- building ---- */

static const struct search_schema schema = {
    .n_fields = 6,
    .n_dims = FINDER_DIM__MAX,
    .fields = {{5, 0.3f}, {3, 0.3f}, {2, 0.3f}, {1, 0.75f}, {1.5f, 0.3f}, {1, 0}},
    .k1 = 1.2f,
};

struct building {
    struct making making;
    struct search_builder *builder;
};

static enum rg_err
build_one(struct rg_ctx *ctx, void *arg, const struct network_service *service)
{
    struct building *b = arg;
    struct search_doc doc;
    enum rg_err err = make_doc(&b->making, service, &doc);
    return err == RG_OK ? search_builder_add(ctx, b->builder, 0, &doc) : err;
}

static int
by_uid(const void *a, const void *b)
{
    return str_cmp(((const struct term *)a)->uid, ((const struct term *)b)->uid);
}

static enum rg_err
terms_read(struct rg_ctx *ctx, struct finder_catalogue *cat)
{
    struct network_term *rows;
    size_t n;
    rg_arena_reset(cat->terms_arena);
    enum rg_err err = network_terms_with_code(ctx, &rows, &n);
    if (err != RG_OK)
        return err;
    struct term *terms = RG_ARRAY(cat->terms_arena, struct term, n);
    if (!terms)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        terms[i] = (struct term){rg_arena_str(cat->terms_arena, rows[i].uid),
                                 rg_arena_str(cat->terms_arena, rows[i].code)};
        if (!terms[i].uid.p || !terms[i].code.p)
            return RG_NO_MEMORY(ctx);
    }
    qsort(terms, n, sizeof(*terms), by_uid);
    cat->terms = terms;
    cat->n_terms = n;
    return RG_OK;
}

static enum rg_err
build(struct rg_ctx *ctx, struct finder_catalogue *cat, struct search_index **ret_index)
{
    int64_t seq;
    struct building b = {0};
    enum rg_err err = store_head(ctx, &seq); /* before reading: what comes meanwhile is repeated */
    if (err == RG_OK)
        err = terms_read(ctx, cat);
    if (err == RG_OK)
        err = search_builder_new(ctx, &schema, BUILD_MEMORY, &b.builder);
    if (err != RG_OK)
        return err;
    making_init(&b.making, ctx, cat);
    int64_t last = 0;
    for (size_t n = WALK; err == RG_OK && n == WALK;)
        err = network_service_walk(ctx, last, WALK, build_one, &b, &last, &n);
    making_done(&b.making);
    if (err == RG_OK)
        err = search_builder_write(ctx, b.builder, (uint64_t)seq, cat->path);
    search_builder_free(b.builder);
    return err == RG_OK ? search_index_open(ctx, cat->path, ret_index) : err;
}

/* ---- opening ---- */

static enum rg_err
open_or_build(struct rg_ctx *ctx, struct finder_catalogue *cat, struct search_index **ret_index)
{
    int64_t head;
    enum rg_err err = store_head(ctx, &head);
    if (err != RG_OK)
        return err;
    if (search_index_open(ctx, cat->path, ret_index) == RG_OK) {
        if (search_index_seq(*ret_index) <= (uint64_t)head)
            return terms_read(ctx, cat);
        search_index_free(*ret_index); /* of another database, or of one since restored */
    }
    rg_story_clear(ctx);
    return build(ctx, cat, ret_index);
}

enum rg_err
finder_catalogue_open(struct rg_ctx *ctx, struct store *store, const struct finder_model *model,
                      struct territory_live *territory, const char *path,
                      struct finder_catalogue **ret_catalogue)
{
    struct finder_catalogue *cat = calloc(1, sizeof(*cat));
    if (!cat)
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    cat->store = store;
    cat->model = model;
    cat->territory = territory;
    cat->terms_arena = rg_arena_new(64 * 1024 * 1024);
    pthread_mutex_init(&cat->lock, NULL);
    size_t n = strlen(path) + 16;
    cat->path = malloc(n);
    struct search_index *index = NULL;
    enum rg_err err = RG_OK;
    if (!cat->path || !cat->terms_arena)
        err = RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    else
        snprintf(cat->path, n, "%s.%d", path, FORMAT);
    if (err == RG_OK)
        err = open_or_build(ctx, cat, &index);
    if (err == RG_OK) {
        cat->seq = (int64_t)search_index_seq(index);
        cat->change_id = INT64_MAX;
        err = search_live_new(ctx, index, &cat->live);
    }
    if (err == RG_OK)
        err = finder_catalogue_refresh(ctx, cat);
    if (err != RG_OK) {
        finder_catalogue_close(cat);
        return err;
    }
    *ret_catalogue = cat;
    return RG_OK;
}

struct finder_catalogue *
finder_catalogue_close(struct finder_catalogue *cat)
{
    if (!cat)
        return NULL;
    if (cat->live)
        search_live_free(cat->live);
    rg_arena_free(cat->terms_arena);
    pthread_mutex_destroy(&cat->lock);
    free(cat->path);
    free(cat);
    return NULL;
}

struct search_live *
finder_catalogue_live(struct finder_catalogue *cat)
{
    return cat->live;
}

/* ---- following the feed ---- */

/* The services a change touches: itself, or those that its place, organization or location
 * belong to. Ids gathered without repetition.                                                */
struct touched {
    int64_t *ids;
    size_t n, cap;
    bool too_many, terms;
};

static enum rg_err
touch(struct rg_ctx *ctx, struct touched *t, int64_t id)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->ids[i] == id)
            return RG_OK;
    if (t->n == REBUILD_AFTER) {
        t->too_many = true;
        return RG_OK;
    }
    if (t->n == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 64;
        int64_t *more = RG_ARRAY(ctx->arena, int64_t, cap);
        if (!more)
            return RG_NO_MEMORY(ctx);
        if (t->n)
            memcpy(more, t->ids, t->n * sizeof(*more));
        t->ids = more;
        t->cap = cap;
    }
    t->ids[t->n++] = id;
    return RG_OK;
}

static enum rg_err
touch_all(struct rg_ctx *ctx, struct touched *t, bool organization, int64_t id)
{
    int64_t *ids;
    size_t n;
    enum rg_err err = organization ? network_services_of_organization(ctx, (org_id){id}, &ids, &n)
                                   : network_services_at(ctx, (location_id){id}, &ids, &n);
    for (size_t i = 0; i < n && err == RG_OK; i++)
        err = touch(ctx, t, ids[i]);
    return err;
}

static enum rg_err
touched_by(struct rg_ctx *ctx, struct touched *t, const struct store_change *change)
{
    if (str_is(change->entity, "network_service"))
        return touch(ctx, t, change->entity_id);
    if (str_is(change->owner, "network_service"))
        return touch(ctx, t, change->owner_id);
    if (str_is(change->entity, "network_organization"))
        return touch_all(ctx, t, true, change->entity_id);
    if (str_is(change->entity, "network_location"))
        return touch_all(ctx, t, false, change->entity_id);
    if (str_is(change->entity, "network_taxonomy_term"))
        t->terms = true;
    return RG_OK;
}

/* The making's buffers are used again for the next document: keep this one's bytes. */
static bool
keep_doc(struct rg_arena *arena, struct search_doc *doc)
{
    for (size_t f = 0; f < SEARCH_FIELDS_MAX; f++)
        if (doc->text[f].p && !(doc->text[f] = rg_arena_str(arena, doc->text[f])).p)
            return false;
    struct search_facet_value *facets = RG_ARRAY(arena, struct search_facet_value, doc->n_facets);
    doc->payload = rg_arena_str(arena, doc->payload);
    if (!facets || !doc->payload.p)
        return false;
    memcpy(facets, doc->facets, doc->n_facets * sizeof(*facets));
    doc->facets = facets;
    return true;
}

static enum rg_err
make_change(struct making *m, int64_t id, uint64_t seq, struct search_change *ret)
{
    struct network_service service;
    *ret = (struct search_change){.seq = seq, .doc.key = id};
    enum rg_err err = network_service_get(m->ctx, (service_id){id}, &service);
    if (err == RG_ABSENT) {
        rg_story_clear(m->ctx);
        ret->removed = true;
        return RG_OK;
    }
    if (err == RG_OK)
        err = make_doc(m, &service, &ret->doc);
    if (err == RG_OK && !keep_doc(m->ctx->arena, &ret->doc))
        err = RG_NO_MEMORY(m->ctx);
    return err;
}

/* In batches: each application makes the whole delta anew. */
static enum rg_err
apply_touched(struct rg_ctx *ctx, struct finder_catalogue *cat, const struct touched *t,
              uint64_t seq)
{
    enum { BATCH = 512 };
    struct search_change *changes = RG_ARRAY(ctx->arena, struct search_change, BATCH);
    struct making m;
    if (!changes)
        return RG_NO_MEMORY(ctx);
    making_init(&m, ctx, cat);
    enum rg_err err = RG_OK;
    for (size_t i = 0; i < t->n && err == RG_OK;) {
        struct rg_mark mark = rg_arena_mark(ctx->arena);
        size_t n = 0;
        while (n < BATCH && i < t->n && err == RG_OK)
            err = make_change(&m, t->ids[i++], seq, &changes[n++]);
        if (err == RG_OK)
            err = search_live_apply(ctx, cat->live, changes, n);
        rg_arena_release(ctx->arena, mark);
    }
    making_done(&m);
    return err;
}

static enum rg_err
rebuild(struct rg_ctx *ctx, struct finder_catalogue *cat, int64_t head)
{
    struct search_index *index;
    enum rg_err err = build(ctx, cat, &index);
    if (err == RG_OK)
        err = search_live_replace(ctx, cat->live, index);
    if (err == RG_OK) {
        cat->seq = head;
        cat->change_id = INT64_MAX;
    }
    return err;
}

/* Gather what the feed touched after the catalogue's place in it. Pages of the feed, documents
 * and all, are read in an arena of their own.                                                */
static enum rg_err
feed_read(struct rg_ctx *ctx, const struct finder_catalogue *cat, struct touched *t)
{
    struct rg_ctx page = *ctx;
    int64_t seq = cat->seq, id = cat->change_id;
    enum rg_err err = RG_OK;
    page.arena = rg_arena_new(WORK_MEMORY);
    if (!page.arena)
        return RG_NO_MEMORY(ctx);
    for (size_t n = FEED_PAGE; err == RG_OK && n == FEED_PAGE && !t->too_many;) {
        struct store_change *changes;
        rg_arena_reset(page.arena);
        err = store_changes_since(&page, seq, id, FEED_PAGE, &changes, &n);
        for (size_t i = 0; err == RG_OK && i < n && !t->too_many; i++) {
            err = touched_by(ctx, t, &changes[i]);
            seq = changes[i].seq;
            id = changes[i].id;
        }
    }
    rg_arena_free(page.arena);
    return err;
}

static enum rg_err
follow(struct rg_ctx *ctx, struct finder_catalogue *cat, int64_t head)
{
    struct touched t = {0};
    enum rg_err err = feed_read(ctx, cat, &t);
    if (err != RG_OK)
        return err;
    if (t.too_many || search_live_pending(cat->live) + t.n > SEARCH_DELTA_DOCS_MAX)
        return rebuild(ctx, cat, head);
    if (t.terms)
        err = terms_read(ctx, cat);
    if (err == RG_OK)
        err = apply_touched(ctx, cat, &t, (uint64_t)head);
    if (err == RG_OK) {
        cat->seq = head;
        cat->change_id = INT64_MAX;
    }
    return err;
}

enum rg_err
finder_catalogue_refresh(struct rg_ctx *ctx, struct finder_catalogue *cat)
{
    int64_t head;
    enum rg_err err = store_head(ctx, &head);
    if (err != RG_OK || head <= cat->seq)
        return err;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += REFRESH_WAIT_S;
    if (pthread_mutex_timedlock(&cat->lock, &until) != 0)
        return RG_OK; /* a rebuild after a large import: the last catalogue answers meanwhile */
    if (head > cat->seq) { /* another thread may have been here meanwhile */
        struct rg_arena *asked = ctx->arena; /* a request's memory would not do */
        ctx->arena = rg_arena_new(WORK_MEMORY);
        err = ctx->arena ? follow(ctx, cat, head) : RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
        rg_arena_free(ctx->arena);
        ctx->arena = asked;
    }
    pthread_mutex_unlock(&cat->lock);
    return err;
}
