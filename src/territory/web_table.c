/* The comuni as rows: sorted, for machines and for people. Also the words of their facts. */
#include "territory/territory_page.h"
#include "territory_tmpl.h"
#include <stdlib.h>

const char *const territory_sort_choices[] = {
    "nome",  "zona",  "abitanti",  "superficie",  "altitudine",  "servizi",
    "-nome", "-zona", "-abitanti", "-superficie", "-altitudine", "-servizi", NULL};
_Static_assert(RG_COUNT(territory_sort_choices) == 2 * TERRITORY_SORT__MAX + 1, "both ways");

/* ---- words ---- */

static struct str
kept(struct rg_ctx *ctx, const struct rg_buf *out)
{
    struct str text = out->failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(out));
    return text.p ? text : STR("");
}

struct str
territory_km2(struct rg_ctx *ctx, struct store_int area_m2)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    if (!area_m2.has)
        return STR("");
    int64_t tenths = (area_m2.v + 50000) / 100000;
    rg_buf_init(&out, 64);
    if (tenths < 1000) {
        wording_number(&out, ctx->lang, tenths / 10);
        rg_buf_c(&out, ctx->lang == RG_EN ? '.' : ',');
        rg_buf_i64(&out, tenths % 10);
    } else {
        wording_number(&out, ctx->lang, (area_m2.v + 500000) / 1000000);
    }
    return kept(ctx, &out);
}

struct str
territory_class_name(struct rg_ctx *ctx, struct str altitude_class)
{
    static const char *const keys[][2] = {{"montagna", "territory.page.mountain"},
                                          {"collina", "territory.page.hill"},
                                          {"pianura", "territory.page.plain"}};
    for (size_t i = 0; i < RG_COUNT(keys); i++)
        if (str_eq(altitude_class, str_of(keys[i][0])))
            return wording_text(ctx->lang, keys[i][1]);
    return altitude_class.p ? altitude_class : STR("");
}

enum territory_basis
territory_basis_of(struct str basis)
{
    if (str_is(basis, "list"))
        return TERRITORY_LISTED;
    if (str_is(basis, "derived-unique"))
        return TERRITORY_ONLY_ONE;
    return str_is(basis, "derived") ? TERRITORY_LEFT_OVER : TERRITORY_UNSAID;
}

struct str
territory_basis_name(struct rg_ctx *ctx, struct str basis)
{
    static const char *const keys[] = {"territory.page.basis.list", "territory.page.basis.unique",
                                       "territory.page.basis.derived"};
    enum territory_basis known = territory_basis_of(basis);
    if (known == TERRITORY_UNSAID)
        return basis.p ? basis : STR("");
    return wording_text(ctx->lang, keys[known]);
}

/* Letters of a path: small, without accents, everything else a single hyphen. */
static struct str
slug(struct rg_ctx *ctx, struct str name)
{
    static const char plain[] = "aaaaaaaceeeeiiiidnooooo-ouuuuyt-"; /* U+00E0 to U+00FF */
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 128);
    for (int c; (c = str_utf8_next(&name)) >= 0;) {
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        else if (c >= 0xC0 && c <= 0xDE)
            c = plain[c - 0xC0];
        else if (c >= 0xE0 && c <= 0xFF)
            c = plain[c - 0xE0];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            rg_buf_c(&out, (char)c);
        else if (out.n > 0 && out.p[out.n - 1] != '-')
            rg_buf_c(&out, '-');
    }
    while (out.n > 0 && out.p[out.n - 1] == '-')
        out.n--;
    return kept(ctx, &out);
}

struct str
territory_comune_path(struct rg_ctx *ctx, const struct territory_area *comune)
{
    struct str words = slug(ctx, comune->name);
    return str_of(rg_arena_printf(ctx->arena, "/territorio/comuni/%.*s%s%.*s",
                                  STR_ARG(comune->code), words.n ? "-" : "", STR_ARG(words)));
}

struct str
territory_zone_path(struct rg_ctx *ctx, const struct territory_area *zone)
{
    return str_of(rg_arena_printf(ctx->arena, "/territorio/zone/%.*s", STR_ARG(zone->code)));
}

struct str
territory_source(struct rg_ctx *ctx, const struct web_request *req)
{
    const char *key = web_config_of(req)->attribution_key;
    return wording_text(ctx->lang, key ? key : "territory.page.source");
}

/* ---- order ---- */

struct sorted {
    uint32_t area;
    bool known;
    int64_t figure;
    struct str name, text; /* text: what is compared when the figures are equal */
    bool down;
};

static int
sorted_cmp(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    if (x->known != y->known)
        return x->known ? -1 : 1;
    int order = (x->figure > y->figure) - (x->figure < y->figure);
    if (order == 0)
        order = str_cmp(x->text, y->text);
    if (x->down)
        order = -order;
    return order ? order : str_cmp(x->name, y->name);
}

static struct sorted
sorted_of(const struct territory_model *model, const int64_t *counts, uint32_t i,
          enum territory_sort by, bool down)
{
    const struct territory_area *area = &model->areas[i];
    struct store_int figure = {true, 0};
    struct sorted made = {.area = i, .name = area->name, .text = STR(""), .down = down};
    switch (by) {
    case TERRITORY_BY_COMUNE: made.text = area->name; break;
    case TERRITORY_BY_ZONE:
        figure = (struct store_int){area->zone != TERRITORY_NOWHERE, area->zone};
        break;
    case TERRITORY_BY_POPULATION: figure = area->population; break;
    case TERRITORY_BY_AREA: figure = area->area_m2; break;
    case TERRITORY_BY_ALTITUDE: figure = area->altitude_m; break;
    case TERRITORY_BY_SERVICES:
        figure = (struct store_int){counts != NULL, counts ? counts[i] : 0};
        break;
    case TERRITORY_SORT__MAX: break;
    }
    made.known = figure.has;
    made.figure = figure.has ? figure.v : 0;
    return made;
}

void
territory_rows_sort(const struct territory_model *model, struct territory_rows *rows,
                    enum territory_sort by, bool down)
{
    struct rg_arena *scratch = rg_arena_new(rows->n * sizeof(struct sorted) + 4096);
    struct sorted *list = scratch ? RG_ARRAY(scratch, struct sorted, rows->n) : NULL;
    if (list && rows->n > 1) { /* without memory the rows keep the order of their codes */
        for (size_t i = 0; i < rows->n; i++)
            list[i] = sorted_of(model, rows->counts, rows->areas[i], by, down);
        qsort(list, rows->n, sizeof(*list), sorted_cmp);
        for (size_t i = 0; i < rows->n; i++)
            rows->areas[i] = list[i].area;
    }
    rg_arena_free(scratch);
}

/* ---- for machines ---- */

enum {
    COL_CODE, COL_NAME, COL_ZONE, COL_ZONE_NAME, COL_BASIS, COL_POPULATION, COL_AREA,
    COL_ALTITUDE, COL_CLASS, COL_SERVICES, COL_LAT, COL_LON, COL__MAX
};

static const struct web_listing_column columns[] = {
    [COL_CODE] = {"istat_code", WEB_DATUM_TEXT, "territory.page.code"},
    [COL_NAME] = {"name", WEB_DATUM_TEXT, "territory.page.comune"},
    [COL_ZONE] = {"zone", WEB_DATUM_TEXT, "territory.page.zone"},
    [COL_ZONE_NAME] = {"zone_name", WEB_DATUM_TEXT, "territory.page.zone"},
    [COL_BASIS] = {"zone_basis", WEB_DATUM_TEXT, "territory.page.basis"},
    [COL_POPULATION] = {"population", WEB_DATUM_INT, "territory.page.population"},
    [COL_AREA] = {"area_m2", WEB_DATUM_INT, "territory.page.area"},
    [COL_ALTITUDE] = {"altitude_m", WEB_DATUM_INT, "territory.page.altitude"},
    [COL_CLASS] = {"altitude_class", WEB_DATUM_TEXT, "territory.page.class"},
    [COL_SERVICES] = {"services", WEB_DATUM_INT, "territory.page.services"},
    [COL_LAT] = {"seat_lat", WEB_DATUM_E7, "territory.page.seat"},
    [COL_LON] = {"seat_lon", WEB_DATUM_E7, "territory.page.seat"},
};
_Static_assert(RG_COUNT(columns) == COL__MAX, "every column is named");

static struct web_datum
datum_of(struct store_int figure)
{
    return (struct web_datum){.has = figure.has, .i = figure.v};
}

static void
row_fill(const struct territory_model *model, const int64_t *counts, uint32_t i,
         struct web_datum *row)
{
    const struct territory_area *area = &model->areas[i];
    row[COL_CODE] = web_datum_text(area->code);
    row[COL_NAME] = web_datum_text(area->name);
    if (area->zone != TERRITORY_NOWHERE) {
        row[COL_ZONE] = web_datum_text(model->areas[area->zone].code);
        row[COL_ZONE_NAME] = web_datum_text(model->areas[area->zone].official_name);
        row[COL_BASIS] = web_datum_text(area->zone_basis);
    }
    row[COL_POPULATION] = datum_of(area->population);
    row[COL_AREA] = datum_of(area->area_m2);
    row[COL_ALTITUDE] = datum_of(area->altitude_m);
    row[COL_CLASS] = web_datum_text(area->altitude_class);
    if (counts)
        row[COL_SERVICES] = web_datum_int(counts[i]);
    if (area->has_seat) {
        row[COL_LAT] = web_datum_int(area->seat.lat_e7);
        row[COL_LON] = web_datum_int(area->seat.lon_e7);
    }
}

enum rg_err
territory_rows_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
                      const struct territory_model *model, const struct territory_rows *rows)
{
    const struct web_config *config = web_config_of(req);
    struct web_datum *cells = RG_ARRAY(ctx->arena, struct web_datum, rows->n * COL__MAX);
    if (!cells)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < rows->n; i++)
        row_fill(model, rows->counts, rows->areas[i], &cells[i * COL__MAX]);
    const struct web_listing list = {
        .name = "comuni",
        .title = wording_text(ctx->lang, "territory.page.title"),
        .columns = columns,
        .n_columns = COL__MAX,
        .cells = cells,
        .n_rows = rows->n,
        .total = (int64_t)rows->n,
        .page = 1,
        .size = (int64_t)rows->n,
        .id_column = COL_CODE,
        .title_column = COL_NAME,
        .text_column = -1,
        .updated_column = -1,
        .lat_column = COL_LAT,
        .lon_column = COL_LON,
        .entry_path = "/territorio/comuni/",
        .source_key = config->attribution_key ? config->attribution_key
                                              : "territory.page.source",
        .synthetic = rows->counts && config->synthetic &&
                     config->synthetic(config->synthetic_data)};
    return web_listing_answer(ctx, req, ans, &list);
}

/* ---- for people ---- */

static struct web_table *
table_new(struct rg_ctx *ctx, const char *id, const char *caption_key, size_t n_columns,
          size_t n_rows, struct web_column **ret_columns, struct web_cell **ret_cells)
{
    struct web_table *table = RG_NEW(ctx->arena, struct web_table);
    struct web_column *heads = RG_ARRAY(ctx->arena, struct web_column, n_columns);
    struct web_row *lines = RG_ARRAY(ctx->arena, struct web_row, n_rows);
    struct web_cell *cells = RG_ARRAY(ctx->arena, struct web_cell, n_rows * n_columns);
    if (!table || !heads || !lines || !cells)
        return NULL;
    for (size_t r = 0; r < n_rows; r++)
        lines[r].cells = &cells[r * n_columns];
    *table = (struct web_table){.id = id,
                                .caption = wording_text(ctx->lang, caption_key),
                                .columns = heads,
                                .n_columns = n_columns,
                                .rows = lines,
                                .n_rows = n_rows};
    *ret_columns = heads;
    *ret_cells = cells;
    return table;
}

static struct web_cell
cell_number(struct rg_ctx *ctx, struct store_int figure)
{
    return (struct web_cell){.text = figure.has ? web_number(ctx, figure.v) : STR("–"),
                             .numeric = true};
}

/* The heading leads to the other direction of its own order, else to the one people look for
 * first: names from A, figures from the largest.                                              */
static struct web_column
heading(struct rg_ctx *ctx, const struct web_request *req, const char *path, const char *label_key,
        enum territory_sort column, enum territory_sort by, bool down)
{
    bool numeric = column >= TERRITORY_BY_POPULATION;
    bool next_down = column == by ? !down : numeric;
    struct str query = web_query_with(
        ctx, req, "ordine",
        str_of(territory_sort_choices[column + (next_down ? TERRITORY_SORT__MAX : 0)]));
    return (struct web_column){
        .label = wording_text(ctx->lang, label_key),
        .sort_path = str_of(rg_arena_printf(ctx->arena, "%s?%.*s", path, STR_ARG(query))),
        .sort = column != by ? WEB_SORT_NONE : down ? WEB_SORT_DOWN : WEB_SORT_UP,
        .numeric = numeric};
}

static void
row_show(struct rg_ctx *ctx, const struct territory_model *model, const int64_t *counts,
         uint32_t i, struct web_cell *cells)
{
    static const char *const badges[] = {"ok", "info", "warn", "plain"};
    static const char *const words[] = {"territory.page.short.list", "territory.page.short.unique",
                                        "territory.page.short.derived"};
    const struct territory_area *area = &model->areas[i];
    struct web_cell *last = &cells[counts ? 6 : 5];
    cells[0] = (struct web_cell){.text = area->name, .path = territory_comune_path(ctx, area)};
    if (area->zone != TERRITORY_NOWHERE) {
        const struct territory_area *zone = &model->areas[area->zone];
        cells[1].text = str_of(rg_arena_printf(ctx->arena, "%.*s. %.*s", STR_ARG(zone->code),
                                               STR_ARG(zone->name)));
        cells[1].path = territory_zone_path(ctx, zone);
        enum territory_basis basis = territory_basis_of(area->zone_basis);
        last->text = basis == TERRITORY_UNSAID ? area->zone_basis
                                               : wording_text(ctx->lang, words[basis]);
        last->badge = last->text.n ? badges[basis] : NULL;
    }
    cells[2] = cell_number(ctx, area->population);
    cells[3] = (struct web_cell){.text = territory_km2(ctx, area->area_m2), .numeric = true};
    cells[4] = cell_number(ctx, area->altitude_m);
    if (counts)
        cells[5] = cell_number(ctx, (struct store_int){true, counts[i]});
}

enum rg_err
territory_rows_table(struct rg_ctx *ctx, const struct web_request *req,
                     const struct territory_model *model, const struct territory_rows *rows,
                     const char *path, enum territory_sort by, bool down,
                     struct web_table **ret_table)
{
    struct web_column *heads;
    struct web_cell *cells;
    size_t n_columns = rows->counts ? 7 : 6;
    struct web_table *table = table_new(ctx, "comuni", "territory.page.comuni_caption", n_columns,
                                        rows->n, &heads, &cells);
    if (!table)
        return RG_NO_MEMORY(ctx);
    heads[0] = heading(ctx, req, path, "territory.page.comune", TERRITORY_BY_COMUNE, by, down);
    heads[1] = heading(ctx, req, path, "territory.page.zone", TERRITORY_BY_ZONE, by, down);
    heads[2] = heading(ctx, req, path, "territory.page.population", TERRITORY_BY_POPULATION, by,
                       down);
    heads[3] = heading(ctx, req, path, "territory.page.km2", TERRITORY_BY_AREA, by, down);
    heads[4] = heading(ctx, req, path, "territory.page.metres", TERRITORY_BY_ALTITUDE, by, down);
    if (rows->counts)
        heads[5] = heading(ctx, req, path, "territory.page.services", TERRITORY_BY_SERVICES, by,
                           down);
    heads[n_columns - 1].label = wording_text(ctx->lang, "territory.page.basis");
    for (size_t i = 0; i < rows->n; i++)
        row_show(ctx, model, rows->counts, rows->areas[i], &cells[i * n_columns]);
    *ret_table = table;
    return rg_arena_overflowed(ctx->arena) ? RG_NO_MEMORY(ctx) : RG_OK;
}

enum rg_err
territory_zones_table(struct rg_ctx *ctx, const struct territory_model *model,
                      const int64_t *counts, struct web_table **ret_table)
{
    static const char *const labels[] = {"territory.page.zone", "territory.page.comuni",
                                         "territory.page.population", "territory.page.km2",
                                         "territory.page.services"};
    struct web_column *heads;
    struct web_cell *cells;
    size_t n_columns = counts ? 5 : 4;
    int64_t *n_comuni = RG_ARRAY(ctx->arena, int64_t, model->n_areas);
    int64_t *n_services = RG_ARRAY(ctx->arena, int64_t, model->n_areas);
    struct web_table *table = table_new(ctx, "zone", "territory.page.zones_caption", n_columns,
                                        model->n_zones, &heads, &cells);
    if (!table || !n_comuni || !n_services)
        return RG_NO_MEMORY(ctx);
    for (size_t c = 0; c < n_columns; c++)
        heads[c] = (struct web_column){.label = wording_text(ctx->lang, labels[c]),
                                       .numeric = c > 0};
    for (uint32_t i = model->first_comune; i < model->first_comune + model->n_comuni; i++) {
        uint32_t zone = model->areas[i].zone;
        if (zone == TERRITORY_NOWHERE)
            continue;
        n_comuni[zone]++;
        n_services[zone] += counts ? counts[i] : 0;
    }
    for (uint32_t z = 0; z < model->n_zones; z++, cells += n_columns) {
        uint32_t at = model->first_zone + z;
        const struct territory_area *zone = &model->areas[at];
        cells[0].text = str_of(rg_arena_printf(ctx->arena, "%.*s. %.*s", STR_ARG(zone->code),
                                               STR_ARG(zone->official_name)));
        cells[0].path = territory_zone_path(ctx, zone);
        cells[1] = cell_number(ctx, (struct store_int){true, n_comuni[at]});
        cells[2] = cell_number(ctx, zone->population);
        cells[3] = (struct web_cell){.text = territory_km2(ctx, zone->area_m2), .numeric = true};
        if (counts)
            cells[4] = cell_number(ctx, (struct store_int){true, n_services[at]});
    }
    *ret_table = table;
    return rg_arena_overflowed(ctx->arena) ? RG_NO_MEMORY(ctx) : RG_OK;
}
