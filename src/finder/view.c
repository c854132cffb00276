/* The page of results, put together: danger, what was understood, choices, ways out. */
#include "finder/page.h"

/* ---- help lines ---- */

/* The person's own language: who is in danger need not look for a switch. */
static enum finder_lang
danger_lang(const struct finder_view *v)
{
    static const enum finder_lang of_page[] = {
        [RG_IT] = FINDER_IT, [RG_FR] = FINDER_FR, [RG_EN] = FINDER_EN};
    enum finder_lang lang = v->a->understood.lang;
    return v->q->text.n && lang != FINDER_IT ? lang : of_page[v->ctx->lang];
}

static struct str
line_name(const struct finder_line *line, enum finder_lang lang)
{
    if (line->own[lang].n)
        return line->own[lang];
    for (enum rg_lang l = 0; l < RG_LANG__MAX; l++)
        if (strcmp(rg_lang_tag(l), finder_lang_tag(lang)) == 0 && line->name[l].n)
            return line->name[l];
    return line->name[RG_IT];
}

static enum rg_lang
page_lang(enum finder_lang lang)
{
    return lang == FINDER_FR ? RG_FR : lang == FINDER_IT ? RG_IT : RG_EN;
}

static struct finder_line_view *
lines_make(struct finder_view *v, enum finder_lang lang, const size_t *line_ix, size_t n)
{
    size_t n_all;
    const struct finder_line *all = finder_model_lines(v->finder->model, &n_all);
    struct finder_line_view *out = RG_ARRAY(v->ctx->arena, struct finder_line_view, n);
    for (size_t i = 0; out && i < n; i++) {
        const struct finder_line *line = &all[line_ix[i]];
        RG_ASSERT(line_ix[i] < n_all);
        out[i] = (struct finder_line_view){
            line->number, line_name(line, lang),
            str_is(line->check, "certo")
                ? STR("")
                : wording_text(page_lang(lang), "finder.danger.check")};
    }
    return out;
}

static void
fill_lines(struct finder_view *v)
{
    const struct finder_understanding *u = &v->a->understood;
    if (u->danger && u->n_lines > 0) {
        enum finder_lang lang = danger_lang(v);
        v->page->lines = lines_make(v, lang, u->line_ix, u->n_lines);
        v->page->n_lines = v->page->lines ? u->n_lines : 0;
        v->page->danger_lang = finder_lang_tag(lang);
        v->page->danger_dir = finder_tongue_dir(lang);
        v->page->danger_title = finder_tongue_danger(lang);
        v->page->danger_likely = !u->danger_sure;
    }
    v->page->ears = lines_make(v, danger_lang(v), u->ear_ix, u->n_ears);
    v->page->n_ears = v->page->ears ? u->n_ears : 0;
}

bool
finder_sensitive(const struct finder *finder, const struct finder_answer *answer)
{
    static const char *const codes[] = {"tutela.violenza", "famiglia.tutela", "tutela.tratta"};
    (void)finder;
    for (size_t i = 0; i < answer->n_needs; i++)
        for (size_t c = 0; c < RG_COUNT(codes); c++)
            if (str_starts(answer->needs[i].code, str_of(codes[c])))
                return true;
    return answer->understood.danger;
}

/* ---- links: the question with one thing changed ---- */

static struct finder_question
changed(const struct finder_view *v)
{
    struct finder_question q = v->base;
    q.page = 1;
    return q;
}

static struct str
link_of(struct finder_view *v, const struct finder_question *q)
{
    return finder_link(v->ctx, &v->scratch, q);
}

static void
chip(struct web_chip *chips, size_t *n, struct str label, struct str path)
{
    if (*n < FINDER_CHIPS_MAX)
        chips[(*n)++] = (struct web_chip){label, path};
}

/* A label behind the name of its choice: "Luogo: Ivrea". */
static struct str
named(struct finder_view *v, const char *key, const char *argument, struct str value)
{
    return finder_text(v->ctx, &v->scratch, key, argument, &value, NULL);
}

static struct str
need_label(const struct finder_view *v, size_t need_ix)
{
    return finder_need_label(v->finder->model, need_ix, v->ctx->lang);
}

/* Without one need: the others, by hand; without the last, none of the guesses. */
static struct str
link_without_need(struct finder_view *v, size_t without)
{
    struct finder_question q = changed(v);
    q.n_needs = 0;
    for (size_t i = 0; i < v->a->n_needs; i++)
        if (i != without)
            q.needs[q.n_needs++] = v->a->needs[i].code;
    q.no_needs = q.n_needs == 0 && !v->a->needs[without].chosen;
    return link_of(v, &q);
}

static struct str
link_with_need(struct finder_view *v, size_t need_ix)
{
    struct finder_question q = changed(v);
    q.needs[0] = finder_need_code(v->finder->model, need_ix);
    q.n_needs = 1;
    q.no_needs = false;
    return link_of(v, &q);
}

static struct str
link_with_place(struct finder_view *v, struct str name)
{
    struct finder_question q = changed(v);
    q.place = name;
    q.anywhere = !name.n;
    return link_of(v, &q);
}

/* ---- what was understood ---- */

static struct str
area_label(const struct finder_view *v, struct str code)
{
    size_t n;
    const struct finder_area *areas = finder_model_areas(v->finder->model, &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(areas[i].code, code))
            return areas[i].label[v->ctx->lang];
    return code;
}


static void
fill_needs(struct finder_view *v)
{
    struct finder_search_page *p = v->page;
    for (size_t i = 0; i < v->a->n_needs; i++) {
        const struct finder_need_view *need = &v->a->needs[i];
        struct str label = need_label(v, need->need_ix);
        chip(p->chips, &p->n_chips, named(v, "finder.page.chip.need", "need", label),
             link_without_need(v, i));
        if (need->why.n)
            p->said[p->n_said++] = (struct finder_said){label, need->why};
    }
    if (v->a->widened.n)
        p->widened = named(v, v->a->n_beyond ? "finder.page.widened_none" : "finder.page.widened",
                           "area", area_label(v, v->a->widened));
    for (size_t i = 0; i < v->a->n_others; i++)
        p->others[p->n_others++] = (struct finder_go){
            link_with_need(v, v->a->others[i].need_ix), need_label(v, v->a->others[i].need_ix),
            v->a->others[i].n};
}

static void
fill_place(struct finder_view *v)
{
    struct finder_search_page *p = v->page;
    const struct territory_area *place = finder_place_area(v->finder, v->a->place);
    if (place) {
        p->place_name = finder_area_text(v->ctx, place, &v->scratch);
        if (v->a->n_beyond)
            p->none_here = named(v, "finder.page.none_here", "place", p->place_name);
        finder_view_beyond(v);
        chip(p->chips, &p->n_chips, named(v, "finder.page.chip.place", "place", p->place_name),
             link_with_place(v, STR_NONE));
    }
    for (size_t i = 0; i < v->a->n_place_options; i++) {
        const struct territory_area *area =
            finder_place_area(v->finder, v->a->place_options[i]);
        p->places[p->n_places++] =
            (struct finder_go){link_with_place(v, area->name),
                               finder_area_text(v->ctx, area, &v->scratch), -1};
    }
    if (v->a->place_unknown)
        p->place_unknown = named(v, "finder.page.place_unknown", "place", v->q->place);
}

/* ---- choices that can be taken back ---- */

static const struct territory_area *
zone_by_number(const struct finder_view *v, uint32_t number)
{
    const struct territory_model *model = territory_live_get(v->finder->territory);
    const char *code = rg_arena_printf(v->ctx->arena, "%u", number);
    uint32_t at = code ? territory_model_by_code(model, STR("zona"), str_of(code))
                       : TERRITORY_NOWHERE;
    return at == TERRITORY_NOWHERE ? NULL : &model->areas[at];
}

static void
drop_text(struct str *list, size_t *n, size_t at)
{
    memmove(list + at, list + at + 1, (--*n - at) * sizeof(*list));
}

static void
drop_number(uint32_t *list, size_t *n, size_t at)
{
    memmove(list + at, list + at + 1, (--*n - at) * sizeof(*list));
}

static void
chip_filter(struct finder_view *v, struct str label, const struct finder_question *without)
{
    chip(v->page->filters, &v->page->n_filters, label, link_of(v, without));
}

static void
fill_filters(struct finder_view *v)
{
    const struct finder_question *q = v->q;
    struct finder_question w;
    for (size_t i = 0; i < q->n_areas; i++) {
        w = changed(v);
        drop_text(w.areas, &w.n_areas, i);
        chip_filter(v, area_label(v, q->areas[i]), &w);
    }
    for (size_t i = 0; i < q->n_zones; i++) {
        const struct territory_area *zone = zone_by_number(v, q->zones[i]);
        w = changed(v);
        drop_number(w.zones, &w.n_zones, i);
        chip_filter(v, zone ? finder_area_text(v->ctx, zone, &v->scratch) : STR("?"), &w);
    }
    for (size_t i = 0; i < q->n_audiences; i++) {
        w = changed(v);
        drop_number(w.audiences, &w.n_audiences, i);
        chip_filter(v, named(v, "finder.page.chip.audience", "audience",
                             finder_audience_text(v->ctx->lang,
                                                  (enum finder_audience)q->audiences[i])), &w);
    }
    for (size_t i = 0; i < q->n_languages; i++) {
        struct str name = finder_language_text(v->ctx->lang, q->languages[i]);
        w = changed(v);
        drop_text(w.languages, &w.n_languages, i);
        chip_filter(v, named(v, "finder.page.chip.language", "language",
                             name.p ? name : q->languages[i]), &w);
    }
    if (q->free_only) {
        w = changed(v);
        w.free_only = false;
        chip_filter(v, wording_text(v->ctx->lang, "finder.page.free"), &w);
    }
    if (q->open_only) {
        w = changed(v);
        w.open_only = false;
        chip_filter(v, wording_text(v->ctx->lang, "finder.page.open"), &w);
    }
}

/* ---- forms, sorting, paging ---- */

static void
hide(struct finder_view *v, struct web_param *params, size_t *n, const char *name,
     struct str value)
{
    (void)v;
    if (value.n)
        params[(*n)++] = (struct web_param){str_of(name), value};
}

/* Places offered while writing: the towns that most people mean. */
static void
fill_suggestions(struct finder_view *v)
{
    enum { TOWN_MIN = 6000 };
    const struct territory_model *model = territory_live_get(v->finder->territory);
    struct web_place *places = RG_ARRAY(v->ctx->arena, struct web_place, model->n_comuni);
    size_t n = 0;
    for (uint32_t i = 0; places && i < model->n_comuni; i++) {
        const struct territory_area *area = &model->areas[model->first_comune + i];
        if (area->population.has && area->population.v >= TOWN_MIN)
            places[n++] = (struct web_place){area->name};
    }
    v->page->search.places = places;
    v->page->search.n_places = n;
}

static void
fill_forms(struct finder_view *v)
{
    enum { HIDDEN_MAX = 4 + FINDER_CHOICES_MAX };
    struct finder_search_page *p = v->page;
    const struct finder_question *q = &v->base;
    struct web_param *hidden = RG_ARRAY(v->ctx->arena, struct web_param, HIDDEN_MAX);
    p->search = (struct web_search){.path = "/cerca",
                                    .query = p->posted ? STR("") : v->q->text,
                                    .place = v->q->place,
                                    .flat = true};
    fill_suggestions(v);
    if (!hidden)
        return;
    hide(v, hidden, &p->n_hidden, "q", q->text);
    hide(v, hidden, &p->n_hidden, "luogo", q->anywhere ? STR("ovunque") : q->place);
    if (q->no_needs)
        hide(v, hidden, &p->n_hidden, "bisogno", STR("nessuno"));
    for (size_t i = 0; i < q->n_areas; i++)
        hide(v, hidden, &p->n_hidden, "area", q->areas[i]);
    if (q->sort == FINDER_SORT_NEAR)
        hide(v, hidden, &p->n_hidden, "ordina", STR("vicino"));
    p->hidden = hidden;
}

static enum rg_err
fill_paging(struct finder_view *v, bool addressed)
{
    struct finder_search_page *p = v->page;
    struct finder_question q = changed(v);
    q.sort = FINDER_SORT_BEST;
    p->best_path = link_of(v, &q);
    q.sort = FINDER_SORT_NEAR;
    p->near_path = p->place_name.n ? link_of(v, &q) : STR_NONE;
    p->by_distance = v->q->sort == FINDER_SORT_NEAR;
    p->total = v->a->total;
    if (v->a->n_hits == 0 || !addressed)
        return RG_OK;
    rg_buf_reset(&v->scratch);
    finder_query_put(&v->scratch, &v->base);
    struct str query = rg_arena_str(v->ctx->arena, rg_buf_view(&v->scratch));
    int64_t reachable = v->a->total < SEARCH_QUERY_DEPTH_MAX ? v->a->total : SEARCH_QUERY_DEPTH_MAX;
    p->paging = &p->paging_kept;
    return web_paging_fill(v->ctx, STR("/cerca"), query, v->a->page, v->a->size, reachable,
                           p->paging);
}

static void
fill_downloads(struct finder_view *v)
{
    static const struct {
        const char *format, *ending;
    } forms[] = {{"JSON", ".json"}, {"CSV", ".csv"}, {"GeoJSON", ".geojson"}, {"Atom", ".atom"}};
    rg_buf_reset(&v->scratch);
    finder_query_put(&v->scratch, &v->base);
    if (v->a->page > 1)
        rg_buf_printf(&v->scratch, "%spagina=%lld", v->scratch.n ? "&" : "",
                      (long long)v->a->page);
    const char *sheet = rg_arena_printf(v->ctx->arena, "/cerca/foglio?%.*s",
                                        STR_ARG(rg_buf_view(&v->scratch)));
    v->page->sheet_path = str_of(sheet ? sheet : "");
    for (size_t i = 0; i < RG_COUNT(forms); i++) {
        const char *path = rg_arena_printf(v->ctx->arena, "/cerca%s?%.*s", forms[i].ending,
                                           STR_ARG(rg_buf_view(&v->scratch)));
        if (path)
            v->page->downloads[v->page->n_downloads++] =
                (struct web_download){forms[i].format, str_of(path)};
    }
}

/* ---- ways out of an empty page ---- */

static void
drop(struct finder_view *v, struct str label, const struct finder_question *q)
{
    struct finder_search_page *p = v->page;
    if (p->n_drops < FINDER_DROPS_MAX)
        p->drops[p->n_drops++] = (struct finder_go){link_of(v, q), label, -1};
}

/* From a comune to its zone, from a place to everywhere; and each choice given up. */
static void
fill_drops(struct finder_view *v)
{
    const struct territory_area *place = finder_place_area(v->finder, v->a->place);
    const struct territory_area *zone = place ? finder_place_area(v->finder, place->zone) : NULL;
    struct finder_question w;
    int64_t number;
    if (zone && rg_parse_i64(zone->code, 1, 999, &number)) {
        w = changed(v);
        w.place = STR("");
        w.anywhere = v->base.text.n > 0;
        w.zones[0] = (uint32_t)number;
        w.n_zones = 1;
        drop(v, named(v, "finder.page.drop.zone", "zone",
                      finder_area_text(v->ctx, zone, &v->scratch)), &w);
    }
    if (place || v->q->n_zones) {
        w = changed(v);
        w.place = STR("");
        w.anywhere = v->base.text.n > 0;
        w.n_zones = 0;
        drop(v, wording_text(v->ctx->lang, "finder.page.drop.anywhere"), &w);
    }
    for (size_t i = 0; i < v->page->n_filters && v->page->n_drops < FINDER_DROPS_MAX; i++)
        v->page->drops[v->page->n_drops++] = (struct finder_go){
            v->page->filters[i].remove_path,
            named(v, "finder.page.drop.without", "choice", v->page->filters[i].label), -1};
}

/* The nearest desks where somebody listens, whatever the need. */
static enum rg_err
fill_desks(struct finder_view *v)
{
    const struct territory_area *place = finder_place_area(v->finder, v->a->place);
    struct finder_question q = {.needs = {STR("accesso.sportello")},
                                .n_needs = 1,
                                .place = place ? place->name : STR(""),
                                .sort = place ? FINDER_SORT_NEAR : FINDER_SORT_BEST,
                                .page = 1,
                                .size = FINDER_DESKS_SHOWN};
    struct finder_answer *a = RG_NEW(v->ctx->arena, struct finder_answer);
    if (!a)
        return RG_NO_MEMORY(v->ctx);
    enum rg_err err = finder_ask(v->ctx, v->finder, &q, a);
    if (err == RG_OK)
        err = finder_view_hits(v, a, &v->page->desks);
    if (err == RG_OK)
        v->page->n_desks = a->n_hits;
    return err;
}

static void
fill_examples(struct finder_view *v)
{
    static const char *const keys[FINDER_EXAMPLES_SHOWN] = {
        "finder.page.example.1", "finder.page.example.2", "finder.page.example.3",
        "finder.page.example.4"};
    for (size_t i = 0; i < FINDER_EXAMPLES_SHOWN; i++) {
        struct finder_question q = {.text = wording_text(v->ctx->lang, keys[i])};
        v->page->examples[v->page->n_examples++] = (struct finder_go){link_of(v, &q), q.text, -1};
    }
}

static enum rg_err
fill_help(struct finder_view *v)
{
    struct finder_tile *tiles;
    bool none = v->a->asked && v->a->n_hits == 0;
    enum rg_err err = finder_tiles(v->ctx, v->finder, v->ctx->lang, &tiles, &v->page->n_tiles);
    if (err != RG_OK)
        return err;
    v->page->tiles = tiles;
    fill_examples(v);
    if (none)
        fill_drops(v);
    return none ? fill_desks(v) : RG_OK;
}

static const char *
why_not_key(enum finder_why_not why_not)
{
    static const char *const keys[FINDER_WHY_NOT__MAX] = {
        [FINDER_UNKNOWN_WORDS] = "finder.why_none.unknown_words",
        [FINDER_NOT_A_NEED] = "finder.why_none.not_a_need",
        [FINDER_UNSURE] = "finder.why_none.unsure"};
    return keys[why_not];
}

enum rg_err
finder_view_fill(struct finder_view *v)
{
    struct finder_search_page *p = v->page;
    /* Words that were not understood and must not be in an address: no link can say the same. */
    bool addressed = v->a->asked && !(p->posted && v->a->by_words);
    p->asked = v->a->asked;
    p->abstained = v->a->by_words && !v->q->no_needs;
    p->why_not_key = p->abstained ? why_not_key(v->a->understood.why_not) : NULL;
    p->by_words = v->a->by_words && v->a->n_hits > 0;
    fill_lines(v);
    finder_view_tongue(v, addressed ? link_of(v, &v->base) : STR_NONE);
    fill_needs(v);
    fill_place(v);
    p->understood = p->n_chips > 0 || p->n_others > 0 || p->place_unknown.n > 0;
    fill_filters(v);
    fill_forms(v);
    enum rg_err err = finder_view_hits(v, v->a, &p->hits);
    p->n_hits = v->a->n_hits;
    if (err == RG_OK)
        err = fill_paging(v, addressed);
    if (err == RG_OK && addressed)
        finder_view_facets(v);
    if (err == RG_OK && v->a->n_hits > 0) {
        finder_view_map(v);
        if (addressed)
            fill_downloads(v);
    }
    if (err == RG_OK && (p->abstained || v->a->n_hits == 0))
        err = fill_help(v);
    return err;
}
