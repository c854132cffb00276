/* The list of a page of results: services, choices with counts, the map. */
#include "finder/page.h"
#include <math.h>
#include <stdlib.h>

/* ---- services ---- */

static struct str
service_path(struct finder_view *v, int64_t id)
{
    rg_buf_reset(&v->scratch);
    rg_buf_lit(&v->scratch, "/servizi/");
    rg_buf_i64(&v->scratch, id);
    return finder_scratch_text(v->ctx, &v->scratch);
}

/* One sentence of why, said once for all hits of a need where the hit itself does not come into
 * it.                                                                                        */
static struct str
reason_text(struct finder_view *v, const struct finder_answer *a, const struct finder_hit *hit,
            enum finder_reason reason)
{
    static const bool of_need[FINDER_WHY__MAX] = {
        [FINDER_WHY_NEED] = true,     [FINDER_WHY_COMUNE] = true,       [FINDER_WHY_ZONE] = true,
        [FINDER_WHY_AUDIENCE] = true, [FINDER_WHY_NOT_AUDIENCE] = true, [FINDER_WHY_AGE] = true,
    };
    bool kept = of_need[reason] && a == v->a;
    if (kept && v->said[reason].text.p && v->said[reason].need_ix == hit->need_ix)
        return v->said[reason].text;
    struct str text = finder_reason_text(v->ctx, v->finder, a, hit, reason, &v->scratch);
    if (kept) {
        v->said[reason].text = text;
        v->said[reason].need_ix = hit->need_ix;
    }
    return text;
}

static void
hit_fill(struct finder_view *v, const struct finder_answer *a, const struct finder_hit *hit,
         int64_t number, struct finder_hit_view *ret)
{
    static const char *const kinds[] = {[FINDER_OPEN_UNKNOWN] = "plain", [FINDER_OPEN_NOW] = "ok",
                                        [FINDER_OPEN_LATER] = "warn", [FINDER_CLOSED] = "warn"};
    const struct finder_entry *e = &hit->entry;
    *ret = (struct finder_hit_view){
        .id = hit->service_id,
        .number = number,
        .path = service_path(v, hit->service_id),
        .name = e->name,
        .organization = e->organization,
        .place = e->place,
        .summary = e->summary,
        .open_kind = kinds[hit->open],
        .open_text = finder_open_text(v->ctx, hit, &v->scratch),
        .near = hit->distance_m >= 0,
        .distance_m = hit->distance_m,
        .fresh = {.level = web_fresh_level(e->verified_day, v->ctx->now_s / 86400),
                  .day = e->verified_day},
        .synthetic = e->synthetic};
    for (size_t i = 0; i < hit->n_reasons; i++)
        /* Said already, by the signs above. */
        if (hit->reasons[i] != FINDER_WHY_OPEN && hit->reasons[i] != FINDER_WHY_NEAR)
            ret->reasons[ret->n_reasons++] = reason_text(v, a, hit, hit->reasons[i]);
}

void
finder_view_beyond(struct finder_view *v)
{
    struct finder_search_page *p = v->page;
    for (size_t i = 0; i < v->a->n_beyond; i++) {
        const struct finder_beyond *b = &v->a->beyond[i];
        p->beyond[p->n_beyond++] =
            (struct finder_beyond_view){service_path(v, b->service_id), b->name,
                                        isfinite(b->distance_m) && b->distance_m >= 0,
                                        b->distance_m};
    }
}

enum rg_err
finder_view_hits(struct finder_view *v, const struct finder_answer *a,
                 const struct finder_hit_view **ret_hits)
{
    struct finder_hit_view *hits = RG_ARRAY(v->ctx->arena, struct finder_hit_view, a->n_hits);
    if (!hits)
        return RG_NO_MEMORY(v->ctx);
    for (size_t i = 0; i < a->n_hits; i++)
        hit_fill(v, a, &a->hits[i], (a->page - 1) * a->size + (int64_t)i + 1, &hits[i]);
    *ret_hits = hits;
    return a == v->a ? finder_snippets(v->ctx, v->q, a, hits) : RG_OK;
}

/* ---- choices ---- */

static const struct search_facet *
facet_of(const struct finder_answer *a, enum finder_dim dim)
{
    for (size_t i = 0; i < a->n_facets; i++)
        if (a->facets[i].dim == (unsigned)dim)
            return &a->facets[i];
    return NULL;
}

static int64_t
count_of(const struct search_facet *facet, uint32_t value)
{
    for (size_t i = 0; facet && i < facet->n_counts; i++)
        if (facet->counts[i].value == value)
            return facet->counts[i].n;
    return 0;
}

static bool
has_number(const uint32_t *list, size_t n, uint32_t value)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == value)
            return true;
    return false;
}

static bool
has_text(const struct str *list, size_t n, struct str value)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i], value))
            return true;
    return false;
}

static struct web_facet_option *
options_new(struct finder_view *v, size_t n)
{
    return RG_ARRAY(v->ctx->arena, struct web_facet_option, n);
}

static void
facet_add(struct finder_view *v, const char *name, const char *label_key,
          const struct web_facet_option *options, size_t n)
{
    if (!options || n == 0)
        return;
    RG_ASSERT(v->page->n_facets < FINDER_FACETS_SHOWN);
    v->page->facets[v->page->n_facets++] =
        (struct web_facet){name, wording_text(v->ctx->lang, label_key), options, n};
}

/* The needs of the answer, then the other guesses. */
static void
facet_needs(struct finder_view *v)
{
    const struct finder_answer *a = v->a;
    const struct search_facet *facet = facet_of(a, FINDER_DIM_NEED);
    struct web_facet_option *options = options_new(v, a->n_needs + a->n_others);
    size_t n = 0;
    for (size_t i = 0; options && i < a->n_needs; i++)
        options[n++] = (struct web_facet_option){
            a->needs[i].code,
            finder_need_label(v->finder->model, a->needs[i].need_ix, v->ctx->lang),
            count_of(facet, finder_code_hash(a->needs[i].code)), true};
    for (size_t i = 0; options && i < a->n_others; i++)
        options[n++] = (struct web_facet_option){
            finder_need_code(v->finder->model, a->others[i].need_ix),
            finder_need_label(v->finder->model, a->others[i].need_ix, v->ctx->lang),
            a->others[i].n, false};
    facet_add(v, "bisogno", "finder.page.facet.need", options, n);
}

static void
facet_zones(struct finder_view *v)
{
    const struct territory_model *model = territory_live_get(v->finder->territory);
    const struct search_facet *facet = facet_of(v->a, FINDER_DIM_ZONE);
    struct web_facet_option *options = options_new(v, model->n_zones);
    for (uint32_t i = 0; options && i < model->n_zones; i++) {
        const struct territory_area *zone = &model->areas[model->first_zone + i];
        int64_t number = 0;
        (void)rg_parse_i64(zone->code, 1, 999, &number);
        options[i] = (struct web_facet_option){
            zone->code, zone->name, count_of(facet, (uint32_t)number),
            has_number(v->q->zones, v->q->n_zones, (uint32_t)number)};
    }
    facet_add(v, "zona", "finder.page.facet.zone", options, model->n_zones);
}

static void
facet_audiences(struct finder_view *v)
{
    const struct search_facet *facet = facet_of(v->a, FINDER_DIM_AUDIENCE);
    struct web_facet_option *options = options_new(v, FINDER_AUDIENCE__MAX);
    size_t n = 0;
    for (unsigned a = FINDER_ANYBODY + 1; options && a <= FINDER_IMPRESE; a++)
        options[n++] = (struct web_facet_option){
            str_of(finder_audience_code((enum finder_audience)a)),
            finder_audience_text(v->ctx->lang, (enum finder_audience)a), count_of(facet, a),
            has_number(v->q->audiences, v->q->n_audiences, a)};
    if (facet && (facet->n_counts > 0 || v->q->n_audiences > 0)) /* not where nobody said */
        facet_add(v, "pubblico", "finder.page.facet.audience", options, n);
}

/* Italian is spoken everywhere; of the others those that somebody speaks, and those chosen. */
static void
facet_languages(struct finder_view *v)
{
    const struct search_facet *facet = facet_of(v->a, FINDER_DIM_LANGUAGE);
    const char *code;
    size_t n = 0, n_max = 0;
    while (finder_language_code(n_max))
        n_max++;
    struct web_facet_option *options = options_new(v, n_max);
    for (size_t i = 0; options && (code = finder_language_code(i)); i++) {
        int64_t count = count_of(facet, finder_code_hash(str_of(code)));
        bool on = has_text(v->q->languages, v->q->n_languages, str_of(code));
        if (on || (count > 0 && !str_is(str_of(code), "it")))
            options[n++] = (struct web_facet_option){
                str_of(code), finder_language_text(v->ctx->lang, str_of(code)), count, on};
    }
    facet_add(v, "lingua", "finder.page.facet.language", options, n);
}

static void
facet_cost(struct finder_view *v)
{
    struct web_facet_option *options = options_new(v, 1);
    if (options)
        options[0] = (struct web_facet_option){
            STR("1"), wording_text(v->ctx->lang, "finder.page.free"),
            count_of(facet_of(v->a, FINDER_DIM_COST), 1), v->q->free_only};
    facet_add(v, "gratis", "finder.page.facet.free", options, 1);
}

void
finder_view_facets(struct finder_view *v)
{
    facet_needs(v);
    facet_zones(v);
    facet_audiences(v);
    facet_languages(v);
    facet_cost(v);
}

/* ---- map ---- */

struct box {
    double left, top, right, bottom;
};

static void
box_take(struct box *box, double x, double y)
{
    box->left = fmin(box->left, x);
    box->right = fmax(box->right, x);
    box->top = fmin(box->top, y);
    box->bottom = fmax(box->bottom, y);
}

static bool
crowded(const struct finder_map_point *points, size_t n, int64_t x, int64_t y)
{
    enum { APART_PX = 22 };
    for (size_t i = 0; i < n; i++)
        if (llabs(points[i].x - x) < APART_PX && llabs(points[i].y - y) < APART_PX)
            return true;
    return false;
}

/* Where a number can be read: at its place, or a step beside it when others stand there. */
static struct finder_map_point
point_put(const struct finder_map_point *points, size_t n, double x, double y, int64_t number)
{
    static const int8_t steps[][2] = {{0, 0},  {1, 0},   {0, 1},  {-1, 0}, {0, -1}, {1, 1}, {-1, 1},
                                      {1, -1}, {-1, -1}, {2, 0},  {-2, 0}, {0, 2},  {0, -2}};
    enum { STEP_PX = 24 };
    const struct finder_map_point at = {lround(x), lround(y), number};
    for (size_t i = 0; i < RG_COUNT(steps); i++) {
        int64_t px = at.x + steps[i][0] * STEP_PX, py = at.y + steps[i][1] * STEP_PX;
        if (!crowded(points, n, px, py))
            return (struct finder_map_point){px, py, number};
    }
    return at;
}

/* Points of the hits in the drawing, each with its number in the list. */
static void
map_points(struct finder_view *v, const struct territory_map_frame *frame, struct box *box)
{
    struct finder_map_view *map = &v->page->map;
    struct finder_map_point *points =
        RG_ARRAY(v->ctx->arena, struct finder_map_point, v->a->n_hits);
    double x, y;
    for (size_t i = 0; points && i < v->a->n_hits; i++) {
        const struct finder_hit *hit = &v->a->hits[i];
        if (hit->spot_ix == SIZE_MAX)
            continue;
        const struct finder_spot *spot = &hit->entry.spots[hit->spot_ix];
        territory_map_place(frame, (struct territory_point){spot->lon_e7, spot->lat_e7}, &x, &y);
        if (x < 0 || y < 0 || x > frame->width || y > frame->height)
            continue;
        points[map->n_points] = point_put(points, map->n_points, x, y,
                                          (v->a->page - 1) * v->a->size + (int64_t)i + 1);
        box_take(box, (double)points[map->n_points].x, (double)points[map->n_points].y);
        map->n_points++;
    }
    map->points = points;
}

void
finder_view_map(struct finder_view *v)
{
    enum { MARGIN_PX = 30, WIDTH_MIN_PX = 520 };
    const struct territory_model *model = territory_live_get(v->finder->territory);
    const struct territory_area *place = finder_place_area(v->finder, v->a->place);
    struct finder_map_view *map = &v->page->map;
    struct box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    double x, y;
    if (!v->room->drawing || !model->svg.n || v->a->n_hits == 0)
        return;
    map_points(v, &model->frame, &box);
    if (place && place->has_seat) {
        territory_map_place(&model->frame, place->seat, &x, &y);
        box_take(&box, x, y);
    }
    if (map->n_points == 0)
        return;
    double width = fmax(box.right - box.left + 2 * MARGIN_PX, WIDTH_MIN_PX);
    double height = fmax(box.bottom - box.top + 2 * MARGIN_PX, width * 0.6);
    double left = (box.left + box.right - width) / 2, top = (box.top + box.bottom - height) / 2;
    map->left = lround(left);
    map->top = lround(top);
    map->width = lround(width);
    map->height = lround(height);
    if (place && str_is(place->kind, "comune")) /* its border is drawn over the others' */
        map->here = place->code;
    map->drawing = v->room->drawing(v->room->drawing_arg, v->ctx);
}
