/* The routes of the territory: what is asked is found in the read model, and the rest in web_map.c
 * and web_table.c.                                                                            */
#include "territory/territory_page.h"
#include "territory/territory_priv.h"
#include "territory_sql.h"
#include "territory_tmpl.h"

static const struct territory_model *
model_of(const struct web_request *req)
{
    const struct territory_web *web = req->data;
    return territory_live_get(web->live);
}

/* Services by area, or NULL where nobody knows them. */
static enum rg_err
counts_get(struct rg_ctx *ctx, const struct web_request *req, const struct territory_model *model,
           const int64_t **ret_counts)
{
    const struct territory_web *web = req->data;
    *ret_counts = NULL;
    return web->counts ? web->counts(web->arg, ctx, model, ret_counts) : RG_OK;
}

static enum rg_err
rows_new(struct rg_ctx *ctx, const struct territory_model *model, const bool *wanted,
         const int64_t *counts, struct territory_rows *ret_rows)
{
    struct territory_rows rows = {.areas = RG_ARRAY(ctx->arena, uint32_t, model->n_comuni),
                                  .counts = counts};
    if (!rows.areas)
        return RG_NO_MEMORY(ctx);
    for (uint32_t i = model->first_comune; i < model->first_comune + model->n_comuni; i++)
        if (!wanted || wanted[i])
            rows.areas[rows.n++] = i;
    *ret_rows = rows;
    return RG_OK;
}

static enum rg_err
downloads_new(struct rg_ctx *ctx, struct str path, struct str query,
              const struct web_download **ret, size_t *ret_n)
{
    static const char *const forms[][2] = {
        {"CSV", "csv"}, {"JSON", "json"}, {"GeoJSON", "geojson"}};
    struct web_download *made = RG_ARRAY(ctx->arena, struct web_download, RG_COUNT(forms));
    if (!made)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < RG_COUNT(forms); i++)
        made[i] = (struct web_download){
            forms[i][0], str_of(rg_arena_printf(ctx->arena, "%.*s.%s%s%.*s", STR_ARG(path),
                                                forms[i][1], query.n ? "?" : "",
                                                STR_ARG(query)))};
    *ret = made;
    *ret_n = RG_COUNT(forms);
    return RG_OK;
}

/* ---- everything ---- */

enum { IN_VIEW, IN_QUERY, IN_ORDER };
static const char *const views[] = {"zone", "servizi", NULL};
static const struct web_input index_inputs[] = {
    [IN_VIEW] = {.name = "vista", .kind = WEB_IN_CHOICE, .choices = views,
                 .label_key = "territory.page.view"},
    [IN_QUERY] = {.name = "q", .kind = WEB_IN_TEXT, .max = 120,
                  .label_key = "territory.page.find"},
    [IN_ORDER] = {.name = "ordine", .kind = WEB_IN_CHOICE, .choices = territory_sort_choices,
                  .label_key = "territory.page.order"},
};

static void
order_of(const struct web_request *req, int input, enum territory_sort *ret_by, bool *ret_down)
{
    int64_t choice = web_given(req, input) ? web_int(req, input) : TERRITORY_BY_COMUNE;
    *ret_by = (enum territory_sort)(choice % TERRITORY_SORT__MAX);
    *ret_down = choice >= TERRITORY_SORT__MAX;
}

/* The comuni that a place means: itself, or all of a zone. */
static void
place_mark(const struct territory_model *model, uint32_t area, bool *wanted)
{
    if (str_is(model->areas[area].kind, "comune"))
        wanted[area] = true;
    for (uint32_t i = model->first_comune; i < model->first_comune + model->n_comuni; i++)
        if (model->areas[i].zone == area)
            wanted[i] = true;
}

static struct territory_ref
place_ref(struct rg_ctx *ctx, const struct territory_model *model,
          const struct territory_place *hit)
{
    const struct territory_area *area = &model->areas[hit->area];
    bool comune = str_is(area->kind, "comune");
    struct str called = model->places->names[hit->name].name;
    struct territory_ref ref = {
        .path = comune ? territory_comune_path(ctx, area) : territory_zone_path(ctx, area),
        .label = comune ? area->name : area->official_name};
    if (!str_eq(called, area->name))
        ref.note = web_words(ctx, "territory.page.found_as", "name", &called, NULL);
    return ref;
}

/* Which comuni the words mean; wanted stays NULL when nothing was asked or nothing is called so. */
static enum rg_err
places_find(struct rg_ctx *ctx, const struct territory_model *model, struct str words,
            struct territory_index_page *page, bool **ret_wanted)
{
    struct territory_place hits[TERRITORY_PLACE_HITS_MAX];
    *ret_wanted = NULL;
    page->query = words;
    page->asked = words.n > 0;
    size_t n = words.n ? territory_place_lookup(model->places, words, hits, RG_COUNT(hits)) : 0;
    if (n == 0)
        return RG_OK;
    struct territory_ref *refs = RG_ARRAY(ctx->arena, struct territory_ref, n);
    bool *wanted = RG_ARRAY(ctx->arena, bool, model->n_areas);
    if (!refs || !wanted)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        place_mark(model, hits[i].area, wanted);
        refs[i] = place_ref(ctx, model, &hits[i]);
    }
    page->places = refs;
    page->n_places = n;
    page->found = true;
    *ret_wanted = wanted;
    return RG_OK;
}

static enum rg_err
tabs_fill(struct rg_ctx *ctx, const struct web_request *req, enum territory_view view,
          struct territory_index_page *page)
{
    static const char *const labels[] = {"territory.page.view.zones",
                                         "territory.page.view.services"};
    struct territory_tab *tabs = RG_ARRAY(ctx->arena, struct territory_tab, RG_COUNT(labels));
    if (!tabs)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < RG_COUNT(labels); i++) {
        struct str query = web_query_with(ctx, req, "vista", str_of(views[i]));
        tabs[i] = (struct territory_tab){
            str_of(rg_arena_printf(ctx->arena, "/territorio?%.*s", STR_ARG(query))),
            wording_text(ctx->lang, labels[i]), i == (size_t)view};
    }
    page->tabs = tabs;
    page->n_tabs = RG_COUNT(labels);
    return RG_OK;
}

/* How many of these comuni are in their zone for which reason. */
static enum rg_err
doubts_fill(struct rg_ctx *ctx, const struct territory_model *model,
            const struct territory_rows *rows, const struct territory_fact **ret, size_t *ret_n)
{
    static const char *const values[] = {"list", "derived-unique", "derived"};
    int64_t n[RG_COUNT(values)] = {0};
    struct territory_fact *facts = RG_ARRAY(ctx->arena, struct territory_fact, RG_COUNT(values));
    if (!facts)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < rows->n; i++) {
        enum territory_basis basis = territory_basis_of(model->areas[rows->areas[i]].zone_basis);
        if (basis != TERRITORY_UNSAID)
            n[basis]++;
    }
    *ret_n = 0;
    for (size_t i = 0; i < RG_COUNT(values); i++)
        if (n[i] > 0)
            facts[(*ret_n)++] = (struct territory_fact){
                .label = territory_basis_name(ctx, str_of(values[i])),
                .value = web_words_n(ctx, "territory.page.n_comuni", n[i])};
    *ret = facts;
    return RG_OK;
}

static struct str
partition_name(const struct rg_ctx *ctx, const struct territory_sql_partition_list_row *row)
{
    struct str name = ctx->lang == RG_FR ? row->name_fr : ctx->lang == RG_EN ? row->name_en
                                                                             : row->name_it;
    return name.n ? name : row->name_it;
}

static enum rg_err
partitions_fill(struct rg_ctx *ctx, struct territory_index_page *page)
{
    struct territory_sql_partition_list_row *rows;
    size_t n;
    enum rg_err err = territory_sql_partition_list(ctx, &rows, &n);
    if (err != RG_OK)
        return err;
    struct territory_fact *facts = RG_ARRAY(ctx->arena, struct territory_fact, n);
    if (!facts)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++)
        facts[i] = (struct territory_fact){
            .label = partition_name(ctx, &rows[i]),
            .value = wording_text(ctx->lang, rows[i].complete ? "territory.page.complete"
                                                              : "territory.page.incomplete"),
            .doubtful = !rows[i].complete};
    page->partitions = facts;
    page->n_partitions = n;
    return RG_OK;
}

static enum rg_err
index_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
           struct territory_index_page *page)
{
    struct web_frame frame = {.title = wording_text(ctx->lang, "territory.page.title"),
                              .description = page->lead,
                              .search = true};
    struct web_crumb crumb = {STR_NONE, frame.title};
    web_crumbs(ctx, &frame, 1, &crumb);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_territory_index(h, page);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
index_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct territory_model *model = model_of(req);
    struct territory_index_page page = {0};
    struct territory_rows rows;
    const int64_t *counts;
    enum territory_sort by;
    bool down, *wanted;
    order_of(req, IN_ORDER, &by, &down);
    enum rg_err err = counts_get(ctx, req, model, &counts);
    if (err == RG_OK)
        err = places_find(ctx, model, web_text(req, IN_QUERY), &page, &wanted);
    if (err == RG_OK)
        err = rows_new(ctx, model, wanted, counts, &rows);
    if (err != RG_OK)
        return err;
    if (page.asked && !page.found)
        rows.n = 0; /* nothing is called so: no row answers, in any form */
    territory_rows_sort(model, &rows, by, down);
    if (req->form != WEB_HTML)
        return territory_rows_answer(ctx, req, ans, model, &rows);
    enum territory_view view = counts && web_given(req, IN_VIEW)
                                   ? (enum territory_view)web_int(req, IN_VIEW)
                                   : TERRITORY_VIEW_ZONES;
    struct str n_comuni = web_number(ctx, model->n_comuni),
               n_zones = web_number(ctx, model->n_zones);
    page.lead = web_words(ctx, "territory.page.lead", "comuni", &n_comuni, "zones", &n_zones, NULL);
    page.source = territory_source(ctx, req);
    err = territory_map_of_all(ctx, req->data, model, view, counts, wanted, &page.map);
    if (err == RG_OK && counts)
        err = tabs_fill(ctx, req, view, &page);
    if (err == RG_OK)
        err = territory_zones_table(ctx, model, counts, &page.zones);
    if (err == RG_OK)
        err = territory_rows_table(ctx, req, model, &rows, "/territorio", by, down, &page.comuni);
    if (err == RG_OK)
        err = doubts_fill(ctx, model, &rows, &page.doubts, &page.n_doubts);
    if (err == RG_OK)
        err = partitions_fill(ctx, &page);
    if (err == RG_OK)
        err = downloads_new(ctx, STR("/territorio"), req->query, &page.downloads,
                            &page.n_downloads);
    return err == RG_OK ? index_show(ctx, req, ans, &page) : err;
}

/* ---- a zone ---- */

enum { IN_ZONE, IN_ZONE_ORDER };
static const struct web_input zone_inputs[] = {
    [IN_ZONE] = {.name = "n", .kind = WEB_IN_TEXT, .max = TERRITORY_CODE_MAX, .required = true,
                 .label_key = "territory.page.zone"},
    [IN_ZONE_ORDER] = {.name = "ordine", .kind = WEB_IN_CHOICE,
                       .choices = territory_sort_choices, .label_key = "territory.page.order"},
};

static enum rg_err
zone_kpis(struct rg_ctx *ctx, const struct territory_model *model, uint32_t zone,
          const struct territory_rows *rows, struct territory_zone_page *page)
{
    const struct territory_area *area = &model->areas[zone];
    struct web_kpi *kpis = RG_ARRAY(ctx->arena, struct web_kpi, 4);
    int64_t n_services = 0;
    if (!kpis)
        return RG_NO_MEMORY(ctx);
    if (area->population.has)
        kpis[page->n_kpis++] =
            (struct web_kpi){web_number(ctx, area->population.v),
                             wording_text(ctx->lang, "territory.page.population")};
    kpis[page->n_kpis++] = (struct web_kpi){web_number(ctx, (int64_t)rows->n),
                                            wording_text(ctx->lang, "territory.page.comuni")};
    if (area->area_m2.has)
        kpis[page->n_kpis++] = (struct web_kpi){territory_km2(ctx, area->area_m2),
                                                wording_text(ctx->lang, "territory.page.km2")};
    for (size_t i = 0; rows->counts && i < rows->n; i++)
        n_services += rows->counts[rows->areas[i]];
    if (rows->counts)
        kpis[page->n_kpis++] =
            (struct web_kpi){web_number(ctx, n_services),
                             wording_text(ctx->lang, "territory.page.services")};
    page->kpis = kpis;
    page->services_known = rows->counts != NULL;
    return RG_OK;
}

static enum rg_err
zone_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
          const struct territory_area *zone, struct territory_zone_page *page)
{
    page->title = web_words(ctx, "territory.page.zone_title", "code", &zone->code, "name",
                            &zone->official_name, NULL);
    page->search_place = zone->name;
    page->source = territory_source(ctx, req);
    struct web_frame frame = {.title = page->title, .description = page->lead, .search = true};
    const struct web_crumb crumbs[] = {
        {STR("/territorio"), wording_text(ctx->lang, "territory.page.title")},
        {STR_NONE, page->title}};
    web_crumbs(ctx, &frame, RG_COUNT(crumbs), crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_territory_zone(h, page);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
zone_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct territory_model *model = model_of(req);
    uint32_t zone = territory_model_by_code(model, STR("zona"), web_text(req, IN_ZONE));
    struct territory_zone_page page = {0};
    struct territory_rows rows;
    const int64_t *counts;
    enum territory_sort by;
    bool down, *wanted = RG_ARRAY(ctx->arena, bool, model->n_areas);
    if (zone == TERRITORY_NOWHERE)
        return RG_FAIL(ctx, RG_ABSENT, "territory.page.no_zone");
    if (!wanted)
        return RG_NO_MEMORY(ctx);
    order_of(req, IN_ZONE_ORDER, &by, &down);
    place_mark(model, zone, wanted);
    enum rg_err err = counts_get(ctx, req, model, &counts);
    if (err == RG_OK)
        err = rows_new(ctx, model, wanted, counts, &rows);
    if (err != RG_OK)
        return err;
    territory_rows_sort(model, &rows, by, down);
    if (req->form != WEB_HTML)
        return territory_rows_answer(ctx, req, ans, model, &rows);
    struct str path = territory_zone_path(ctx, &model->areas[zone]);
    page.lead = web_words_n(ctx, "territory.page.zone_lead", (int64_t)rows.n);
    err = path.p ? zone_kpis(ctx, model, zone, &rows, &page) : RG_NO_MEMORY(ctx);
    if (err == RG_OK)
        err = territory_map_of_zone(ctx, req->data, model, zone, &page.map);
    if (err == RG_OK)
        err = territory_rows_table(ctx, req, model, &rows, path.p, by, down, &page.comuni);
    if (err == RG_OK)
        err = doubts_fill(ctx, model, &rows, &page.doubts, &page.n_doubts);
    if (err == RG_OK)
        err = downloads_new(ctx, path, req->query, &page.downloads, &page.n_downloads);
    return err == RG_OK ? zone_show(ctx, req, ans, &model->areas[zone], &page) : err;
}

/* ---- a comune ---- */

enum { IN_CODE };
static const struct web_input comune_inputs[] = {
    [IN_CODE] = {.name = "codice", .kind = WEB_IN_TEXT, .max = 120, .required = true,
                 .label_key = "territory.page.code"},
};

static void
fact_add(struct rg_ctx *ctx, struct territory_comune_page *page, struct territory_fact *facts,
         const char *label_key, struct str value)
{
    if (value.n)
        facts[page->n_facts++] = (struct territory_fact){
            .label = wording_text(ctx->lang, label_key), .value = value};
}

/* Since when: the date of the membership, where it is known. */
static struct str
since_text(struct rg_ctx *ctx, const struct territory_model *model, uint32_t comune)
{
    for (uint32_t i = 0; i < model->n_memberships; i++) {
        const struct territory_membership *m = &model->memberships[i];
        int64_t day;
        if (m->area != comune || !str_is(m->partition, "zona_omogenea") ||
            !rg_parse_date(m->valid_from, &day))
            continue;
        struct str date = web_date(ctx, day);
        return web_words(ctx, "territory.page.since", "date", &date, NULL);
    }
    return STR_NONE;
}

static void
zone_fact(struct rg_ctx *ctx, const struct territory_model *model, uint32_t comune,
          struct territory_comune_page *page, struct territory_fact *facts)
{
    const struct territory_area *area = &model->areas[comune];
    if (area->zone == TERRITORY_NOWHERE)
        return;
    const struct territory_area *zone = &model->areas[area->zone];
    struct str since = since_text(ctx, model, comune);
    struct str basis = territory_basis_name(ctx, area->zone_basis);
    struct str name = web_words(ctx, "territory.page.zone_title", "code", &zone->code, "name",
                                &zone->official_name, NULL);
    facts[page->n_facts++] = (struct territory_fact){
        .label = wording_text(ctx->lang, "territory.page.zone"),
        .value = name,
        .path = territory_zone_path(ctx, zone),
        .note = since.n ? str_of(rg_arena_printf(ctx->arena, "%.*s; %.*s", STR_ARG(basis),
                                                 STR_ARG(since)))
                        : basis,
        .doubtful = territory_basis_of(area->zone_basis) != TERRITORY_LISTED};
}

/* Names of one kind, one after another: "Borgata A, Borgata B". */
static enum rg_err
names_facts(struct rg_ctx *ctx, territory_id id, struct territory_comune_page *page,
            struct territory_fact *facts)
{
    static const char *const kinds[][2] = {{"alias", "territory.page.names.alias"},
                                           {"former", "territory.page.names.former"},
                                           {"hamlet", "territory.page.names.hamlet"},
                                           {"region", "territory.page.names.region"}};
    struct territory_sql_name_list_row *rows;
    size_t n;
    enum rg_err err = territory_sql_name_list(ctx, id.v, &rows, &n);
    for (size_t k = 0; err == RG_OK && k < RG_COUNT(kinds); k++) {
        RG_CLEANUP(rg_buf_done) struct rg_buf out;
        rg_buf_init(&out, 64 * 1024);
        for (size_t i = 0; i < n; i++) {
            if (!str_eq(rows[i].kind, str_of(kinds[k][0])))
                continue;
            if (out.n)
                rg_buf_lit(&out, ", ");
            rg_buf_str(&out, rows[i].name);
        }
        struct str all = out.failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(&out));
        if (!all.p)
            return RG_NO_MEMORY(ctx);
        fact_add(ctx, page, facts, kinds[k][1], all);
    }
    return err;
}

static enum rg_err
comune_facts(struct rg_ctx *ctx, const struct territory_model *model, uint32_t comune,
             struct territory_comune_page *page)
{
    const struct territory_area *area = &model->areas[comune];
    struct territory_fact *facts = RG_ARRAY(ctx->arena, struct territory_fact, 12);
    if (!facts)
        return RG_NO_MEMORY(ctx);
    zone_fact(ctx, model, comune, page, facts);
    if (area->population.has)
        fact_add(ctx, page, facts, "territory.page.population",
                 web_number(ctx, area->population.v));
    struct str km2 = territory_km2(ctx, area->area_m2);
    if (km2.n)
        fact_add(ctx, page, facts, "territory.page.area",
                 web_words(ctx, "territory.page.n_km2", "n", &km2, NULL));
    if (area->altitude_m.has) {
        struct str m = web_number(ctx, area->altitude_m.v);
        fact_add(ctx, page, facts, "territory.page.altitude",
                 web_words(ctx, "territory.page.n_metres", "n", &m, NULL));
    }
    fact_add(ctx, page, facts, "territory.page.class",
             territory_class_name(ctx, area->altitude_class));
    fact_add(ctx, page, facts, "territory.page.code", area->code);
    page->facts = facts;
    return names_facts(ctx, area->id, page, facts);
}

static enum rg_err
comune_services(struct rg_ctx *ctx, const struct web_request *req, struct str code,
                struct territory_comune_page *page)
{
    const struct territory_web *web = req->data;
    struct territory_service *services;
    if (!web->services_in)
        return RG_OK;
    enum rg_err err = web->services_in(web->arg, ctx, code, TERRITORY_SERVICES_SHOWN, &services,
                                       &page->n_services, &page->n_services_all);
    if (err == RG_OK)
        page->services = services;
    page->services_known = err == RG_OK;
    return err;
}

static enum rg_err
comune_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
            const struct territory_model *model, const struct territory_area *area,
            struct territory_comune_page *page)
{
    const char *site = web_config_of(req)->public_url;
    struct str own = territory_comune_path(ctx, area);
    struct web_frame frame = {.title = area->name, .description = page->lead, .search = true};
    if (site && own.p)
        frame.canonical =
            str_of(rg_arena_printf(ctx->arena, "%s%s", site, web_path(ctx, "%s", own.p)));
    struct web_crumb crumbs[3] = {
        {STR("/territorio"), wording_text(ctx->lang, "territory.page.title")}};
    size_t n = 1;
    if (area->zone != TERRITORY_NOWHERE)
        crumbs[n++] = (struct web_crumb){territory_zone_path(ctx, &model->areas[area->zone]),
                                         model->areas[area->zone].official_name};
    crumbs[n++] = (struct web_crumb){STR_NONE, area->name};
    web_crumbs(ctx, &frame, n, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_territory_comune(h, page);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
comune_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct territory_model *model = model_of(req);
    struct str rest = web_text(req, IN_CODE), code = rest;
    (void)str_cut(&rest, '-', &code); /* the words behind the code are for people */
    uint32_t comune = territory_model_by_code(model, STR("comune"), code);
    const int64_t *counts;
    if (comune == TERRITORY_NOWHERE)
        return RG_FAIL(ctx, RG_ABSENT, "territory.page.no_comune");
    if (req->form != WEB_HTML) {
        enum rg_err err = counts_get(ctx, req, model, &counts);
        struct territory_rows one = {&comune, 1, counts};
        return err == RG_OK ? territory_rows_answer(ctx, req, ans, model, &one) : err;
    }
    const struct territory_area *area = &model->areas[comune];
    struct territory_comune_page page = {.name = area->name,
                                         .source = territory_source(ctx, req)};
    page.lead = web_words(ctx, "territory.page.comune_lead", "name", &area->name, NULL);
    enum rg_err err = comune_facts(ctx, model, comune, &page);
    if (err == RG_OK)
        err = comune_services(ctx, req, area->code, &page);
    if (err == RG_OK)
        err = territory_map_of_comune(ctx, req->data, model, comune, &page.map);
    if (err == RG_OK)
        err = downloads_new(ctx, territory_comune_path(ctx, area), STR(""), &page.downloads,
                            &page.n_downloads);
    return err == RG_OK ? comune_show(ctx, req, ans, model, area, &page) : err;
}

/* ---- suggestions and the drawing ---- */

enum { IN_PREFIX };
static const struct web_input suggest_inputs[] = {
    [IN_PREFIX] = {.name = "q", .kind = WEB_IN_TEXT, .max = 120},
};

static enum rg_err
suggest(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct territory_model *model = model_of(req);
    struct territory_place hits[TERRITORY_SUGGESTIONS];
    struct str words = web_text(req, IN_PREFIX);
    size_t n = words.n ? territory_place_suggest(model->places, words, hits, RG_COUNT(hits)) : 0;
    struct rg_jw jw;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    rg_jw_object(&jw);
    rg_jw_key(&jw, "places");
    rg_jw_array(&jw);
    for (size_t i = 0; i < n; i++) {
        const struct territory_area *area = &model->areas[hits[i].area];
        struct territory_ref ref = place_ref(ctx, model, &hits[i]);
        rg_jw_object(&jw);
        rg_jw_key(&jw, "name");
        rg_jw_str(&jw, model->places->names[hits[i].name].name);
        rg_jw_key(&jw, "area");
        rg_jw_str(&jw, ref.label);
        rg_jw_key(&jw, "kind");
        rg_jw_str(&jw, area->kind);
        rg_jw_key(&jw, "code");
        rg_jw_str(&jw, area->code);
        rg_jw_key(&jw, "path");
        rg_jw_str(&jw, ref.path);
        rg_jw_end_object(&jw);
    }
    rg_jw_end_array(&jw);
    rg_jw_end_object(&jw);
    return RG_OK;
}

enum { IN_VERSION };
static const struct web_input drawing_inputs[] = {
    [IN_VERSION] = {.name = "v", .kind = WEB_IN_TEXT, .max = 40},
};

static enum rg_err
drawing(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct territory_model *model = model_of(req);
    struct str own = territory_drawing_path(ctx, req->data), given = web_text(req, IN_VERSION);
    if (!own.p)
        return RG_FAIL(ctx, RG_ABSENT, "territory.page.no_map");
    ans->fixed = model->svg; /* models are kept until the server stops */
    ans->type = "image/svg+xml";
    if (given.n && str_ends(own, given)) {
        web_header(ans, "Cache-Control", "public, max-age=31536000, immutable");
        ans->cache_set = true;
    }
    return RG_OK;
}

#define FORMS (WEB_TABLE_FORMS | WEB_BIT(WEB_GEOJSON))

const struct web_route territory_routes[] = {
    {.method = "GET", .path = "/territorio", .inputs = index_inputs,
     .n_inputs = RG_COUNT(index_inputs), .roles = RG_ROLE_PUBLIC, .handle = index_page,
     .title_key = "territory.page.title", .forms = FORMS, .cache = WEB_PUBLIC},
    {.method = "GET", .path = "/territorio/zone/{n}", .inputs = zone_inputs,
     .n_inputs = RG_COUNT(zone_inputs), .roles = RG_ROLE_PUBLIC, .handle = zone_page,
     .title_key = "territory.page.zone", .forms = FORMS, .cache = WEB_PUBLIC,
     .example = "/territorio/zone/9"},
    {.method = "GET", .path = "/territorio/comuni/{codice}", .inputs = comune_inputs,
     .n_inputs = RG_COUNT(comune_inputs), .roles = RG_ROLE_PUBLIC, .handle = comune_page,
     .title_key = "territory.page.comune", .forms = FORMS, .cache = WEB_PUBLIC,
     .example = "/territorio/comuni/001125-ivrea"},
    {.method = "GET", .path = "/territorio/luoghi.json", .inputs = suggest_inputs,
     .n_inputs = RG_COUNT(suggest_inputs), .roles = RG_ROLE_PUBLIC, .handle = suggest,
     .title_key = "territory.page.suggest", .cache = WEB_PUBLIC,
     .flags = WEB_API | WEB_NO_SITEMAP},
    {.method = "GET", .path = "/mappa/comuni.svg", .inputs = drawing_inputs,
     .n_inputs = RG_COUNT(drawing_inputs), .roles = RG_ROLE_PUBLIC, .handle = drawing,
     .cache = WEB_PUBLIC, .flags = WEB_NO_SITEMAP},
};
const size_t territory_n_routes = RG_COUNT(territory_routes);
