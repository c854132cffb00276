/* One service as the catalogue keeps it: words, facets, a point, and the payload that a line of
 * results is written from. */
#include "finder/catalogue_priv.h"
#include <stdio.h>

enum { SUMMARY_MAX = 220 };

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
    uint8_t age_low, age_high, room, spare[5];
};

enum { F_SYNTHETIC = 1, F_FREE = 2, F_PAID = 4, F_ACTIVE = 8, F_WIDE = 16,
       F_MORE_AREAS = 32, F_BY_ISEE = 64 };

static void
put_text(struct rg_buf *out, struct str s, size_t max)
{
    uint16_t n = (uint16_t)str_utf8_prefix(s, max);
    rg_buf_add(out, &n, sizeof(n));
    rg_buf_add(out, s.p, n);
}

/* The beginning of a description: whole words, and a sign that it goes on. */
static void
put_summary(struct rg_buf *out, struct str s)
{
    static const char more[] = "…";
    char cut[SUMMARY_MAX];
    if (s.n <= SUMMARY_MAX) {
        put_text(out, s, SUMMARY_MAX);
        return;
    }
    size_t n = str_utf8_prefix(s, SUMMARY_MAX - (sizeof(more) - 1)), whole = n;
    while (whole > n / 2 && s.p[whole] != ' ')
        whole--;
    n = s.p[whole] == ' ' ? whole : n;
    memcpy(cut, s.p, n);
    memcpy(cut + n, more, sizeof(more) - 1);
    put_text(out, str_n(cut, n + sizeof(more) - 1), SUMMARY_MAX);
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
                          .format = CATALOGUE_FORMAT,
                          .age_low = e->age_low,
                          .age_high = e->age_high,
                          .room = (uint8_t)e->room};
    memcpy(fixed.need, e->need, sizeof(fixed.need));
    fixed.flags = (uint8_t)((e->synthetic ? F_SYNTHETIC : 0) | (e->free_of_charge ? F_FREE : 0) |
                            (e->paid ? F_PAID : 0) | (e->active ? F_ACTIVE : 0) |
                            (e->wide ? F_WIDE : 0) | (e->more_areas ? F_MORE_AREAS : 0) |
                            (e->by_isee ? F_BY_ISEE : 0));
    rg_buf_add(out, &fixed, sizeof(fixed));
    rg_buf_add(out, e->spots, e->n_spots * sizeof(e->spots[0]));
    rg_buf_add(out, e->areas, e->n_areas * sizeof(e->areas[0]));
    put_text(out, e->uid, 64);
    put_text(out, e->name, 300);
    put_text(out, e->organization, 300);
    put_summary(out, e->summary);
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

/* Returns what follows; none when it makes no sense. */
static struct str
facts_read(struct str payload, struct finder_entry *ret)
{
    struct fixed fixed;
    *ret = (struct finder_entry){.verified_day = -1, .age_high = FINDER_AGE_ANY};
    if (!take(&payload, &fixed, sizeof(fixed)) || fixed.n_spots > FINDER_PLACES_MAX ||
        fixed.n_areas > FINDER_PLACES_MAX)
        return STR_NONE;
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
    ret->by_isee = fixed.flags & F_BY_ISEE;
    ret->age_low = fixed.age_low;
    ret->age_high = fixed.age_high;
    ret->room = fixed.room <= FINDER_FITS_NOT ? (enum finder_fit)fixed.room : FINDER_FIT_UNKNOWN;
    ret->n_spots = fixed.n_spots;
    ret->n_areas = fixed.n_areas;
    if (!take(&payload, ret->spots, fixed.n_spots * sizeof(ret->spots[0])) ||
        !take(&payload, ret->areas, fixed.n_areas * sizeof(ret->areas[0])))
        return STR_NONE;
    return payload;
}

void
finder_entry_facts(struct str payload, struct finder_entry *ret)
{
    (void)facts_read(payload, ret);
}

void
finder_entry_read(struct str payload, struct finder_entry *ret)
{
    payload = facts_read(payload, ret);
    ret->uid = take_text(&payload);
    ret->name = take_text(&payload);
    ret->organization = take_text(&payload);
    ret->summary = take_text(&payload);
    ret->place = take_text(&payload);
    ret->languages = take_text(&payload);
}

/* ---- from a record to a document ---- */

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
    m->entry.age_low = low > 0 && low < FINDER_AGE_ANY ? (uint8_t)low : 0;
    m->entry.age_high = high > 0 && high < FINDER_AGE_ANY ? (uint8_t)high : FINDER_AGE_ANY;
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
    m->entry.by_isee = str_find(fees, STR("ISEE")) >= 0;
    facet(m, FINDER_DIM_COST, m->entry.free_of_charge && !m->entry.paid ? 1
                              : m->entry.paid                           ? 2
                                                                        : 0);
}

/* Free places of any kind are free places; none is told only by counts that are all 0. */
static void
add_capacity(struct making *m, const struct rg_jv *doc)
{
    const struct rg_jv *list = rg_jv_get(doc, "capacities"), *c = rg_jv_first(list);
    for (uint32_t i = 0; list && i < list->n; i++, c = rg_jv_next(c)) {
        double available;
        const struct rg_jv *value = rg_jv_get(c, "available");
        if (!value || !rg_parse_decimal(rg_jv_str(m->ctx->arena, value), &available))
            continue;
        if (available > 0)
            m->entry.room = FINDER_FITS;
        else if (m->entry.room == FINDER_FIT_UNKNOWN)
            m->entry.room = FINDER_FITS_NOT;
    }
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
    hours_encode_week(rules, n, catalogue_monday(m->ctx), &m->entry.hours);
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

void
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

void
making_done(struct making *m)
{
    rg_buf_done(&m->needs_text);
    rg_buf_done(&m->body);
    rg_buf_done(&m->places_text);
    rg_buf_done(&m->languages);
    rg_buf_done(&m->codes);
    rg_buf_done(&m->payload);
}

enum rg_err
making_doc(struct making *m, const struct network_service *service, struct search_doc *ret)
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
    add_capacity(m, doc);
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
