/* Pages put together: tables in every form, sections, words. */
#include "plan/surface.h"
#include "plan_tmpl.h"

/* ---- words ---- */

struct str
plan_word(struct rg_ctx *ctx, struct str word)
{
    if (!word.n)
        return STR("");
    const char *key = plan_print(ctx, "plan.choice.%.*s", STR_ARG(word));
    return wording_find(key) ? wording_text(ctx->lang, key) : word;
}

struct str
plan_day(struct rg_ctx *ctx, struct str day)
{
    int64_t first, last;
    if (day.n == 4 || !plan_day_parse(day, &first, &last))
        return day;
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 128);
    wording_date(&out, ctx->lang, first);
    struct str words = rg_arena_str(ctx->arena, rg_buf_view(&out));
    ptrdiff_t blank = str_find(words, STR(" "));
    if (day.n == 7 && blank >= 0) /* a month: the same words without their first, the day */
        words = str_n(words.p + blank + 1, words.n - (size_t)blank - 1);
    return words.p ? words : day;
}

struct str
plan_euro(struct rg_ctx *ctx, struct str cents)
{
    int64_t n;
    if (!rg_parse_i64(cents, 0, INT64_MAX, &n))
        return STR("");
    struct str whole = web_number(ctx, n / 100);
    if (n % 100 == 0)
        return PRINT(ctx, "%.*s €", STR_ARG(whole));
    return PRINT(ctx, "%.*s%s%02d €", STR_ARG(whole), ctx->lang == RG_EN ? "." : ",",
                 (int)(n % 100));
}

struct str
plan_words_list(struct rg_ctx *ctx, struct str list)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    struct str item;
    rg_buf_init(&out, RG_CSV_FIELD_MAX);
    while (plan_item_next(&list, &item)) {
        if (out.n)
            rg_buf_lit(&out, ", ");
        rg_buf_str(&out, plan_word(ctx, item));
    }
    struct str words = rg_arena_str(ctx->arena, rg_buf_view(&out));
    return words.p ? words : STR("");
}

struct str
plan_path(struct rg_ctx *ctx, struct str ref)
{
    return PRINT(ctx, "/piano/%.*s", STR_ARG(ref));
}

struct str
plan_title(struct rg_ctx *ctx, const struct plan_row *element)
{
    return element->v[EL_TITLE].n ? element->v[EL_TITLE]
                                  : wording_text(ctx->lang, "plan.page.no_title");
}

struct str
plan_element_label(struct rg_ctx *ctx, const struct plan_row *element)
{
    struct str title = plan_title(ctx, element);
    return PRINT(ctx, "%.*s %.*s", STR_ARG(element->v[EL_CODE]), STR_ARG(title));
}

const char *
plan_state_badge(struct str state)
{
    static const char *const badges[][2] = {
        {"done", "ok"},           {"running", "info"}, {"late", "bad"},
        {"stopped", "bad"},       {"adopted", "ok"},   {"accepted", "ok"},
        {"applied", "ok"},        {"answered", "ok"},  {"refused", "bad"},
        {"not_started", "plain"}, {"taken_up", "ok"},  {"parked", "warn"},
        {"under_way", "info"},    {"sent", "info"},    {"yes", "ok"},
        {"partial", "warn"},      {"no", "bad"},       {"dropped", "bad"},
        {"in_force", "ok"},       {"serves", "ok"},    {"conflicts", "bad"}};
    for (size_t i = 0; i < RG_COUNT(badges); i++)
        if (str_eq(state, str_of(badges[i][0])))
            return badges[i][1];
    return state.n ? "plain" : NULL;
}

bool
plan_may_edit(const struct rg_ctx *ctx)
{
    return ctx->actor.roles & (RG_ROLE_PLANNER | RG_ROLE_ADMIN);
}

/* ---- tables ---- */

void
grid_init(struct rg_ctx *ctx, struct grid *grid, const char *name,
          const struct grid_column *columns, size_t n_columns)
{
    *grid = (struct grid){.ctx = ctx, .name = name, .columns = columns, .n_columns = n_columns};
}

void
grid_row(struct grid *grid)
{
    if (grid->failed)
        return;
    if (grid->n_rows == grid->cap) {
        size_t cap = grid->cap ? 2 * grid->cap : 32;
        struct grid_cell *more =
            RG_ARRAY(grid->ctx->arena, struct grid_cell, cap * grid->n_columns);
        if (!more) {
            grid->failed = true;
            return;
        }
        if (grid->n_rows)
            memcpy(more, grid->cells, grid->n_rows * grid->n_columns * sizeof(*more));
        grid->cells = more;
        grid->cap = cap;
    }
    grid->n_rows++;
}

static struct grid_cell *
grid_at(struct grid *grid, size_t column)
{
    static struct grid_cell nowhere;
    RG_ASSERT(column < grid->n_columns);
    return grid->failed || !grid->n_rows
               ? &nowhere
               : &grid->cells[(grid->n_rows - 1) * grid->n_columns + column];
}

void
grid_text(struct grid *grid, size_t column, struct str text)
{
    grid_link(grid, column, text, STR(""));
}

void
grid_link(struct grid *grid, size_t column, struct str text, struct str path)
{
    if (!grid->failed)
        *grid_at(grid, column) = (struct grid_cell){
            .html = {.text = text, .path = path, .numeric = grid->columns[column].numeric},
            .value = text};
}

void
grid_word(struct grid *grid, size_t column, struct str word, const char *badge)
{
    if (!grid->failed)
        *grid_at(grid, column) = (struct grid_cell){
            .html = {.text = plan_word(grid->ctx, word), .badge = word.n ? badge : NULL},
            .value = word};
}

void
grid_value(struct grid *grid, size_t column, struct str value)
{
    if (!grid->failed)
        grid_at(grid, column)->value = value;
}

const struct web_table *
grid_table(struct grid *grid, const char *id, struct str caption)
{
    struct rg_arena *arena = grid->ctx->arena;
    size_t n = 0;
    struct web_table *table = RG_NEW(arena, struct web_table);
    struct web_column *columns = RG_ARRAY(arena, struct web_column, grid->n_columns);
    struct web_row *rows = RG_ARRAY(arena, struct web_row, grid->n_rows);
    struct web_cell *cells = RG_ARRAY(arena, struct web_cell, grid->n_rows * grid->n_columns);
    if (!table || !columns || !rows || !cells || !grid->n_rows)
        return NULL;
    for (size_t c = 0; c < grid->n_columns; c++)
        if (grid->columns[c].label_key)
            columns[n++] = (struct web_column){
                .label = wording_text(grid->ctx->lang, grid->columns[c].label_key),
                .numeric = grid->columns[c].numeric};
    for (size_t r = 0; r < grid->n_rows; r++) {
        struct web_cell *row = &cells[r * grid->n_columns];
        size_t at = 0;
        for (size_t c = 0; c < grid->n_columns; c++)
            if (grid->columns[c].label_key)
                row[at++] = grid->cells[r * grid->n_columns + c].html;
        if (!row[0].text.n)
            row[0].text = STR("–"); /* the head of a row is never empty */
        rows[r].cells = row;
    }
    *table = (struct web_table){id, caption, columns, n, rows, grid->n_rows};
    return table;
}

enum rg_err
grid_answer(struct grid *grid, struct web_request *req, struct web_answer *ans,
            struct str title, size_t id_column, size_t title_column, int text_column,
            const char *entry_path)
{
    size_t n = grid->n_rows * grid->n_columns;
    struct web_listing_column *columns =
        RG_ARRAY(grid->ctx->arena, struct web_listing_column, grid->n_columns);
    struct web_datum *cells = RG_ARRAY(grid->ctx->arena, struct web_datum, n);
    if (grid->failed || !columns || !cells)
        return RG_NO_MEMORY(grid->ctx);
    for (size_t c = 0; c < grid->n_columns; c++)
        columns[c] = (struct web_listing_column){grid->columns[c].name, WEB_DATUM_TEXT,
                                                 grid->columns[c].label_key};
    for (size_t i = 0; i < n; i++)
        cells[i] = web_datum_text(grid->cells[i].value.n ? grid->cells[i].value : STR_NONE);
    const struct web_listing listing = {.name = grid->name,
                                        .title = title,
                                        .columns = columns,
                                        .n_columns = grid->n_columns,
                                        .cells = cells,
                                        .n_rows = grid->n_rows,
                                        .total = (int64_t)grid->n_rows,
                                        .page = 1,
                                        .size = (int64_t)grid->n_rows,
                                        .id_column = (int)id_column,
                                        .title_column = (int)title_column,
                                        .text_column = text_column,
                                        .updated_column = -1,
                                        .lat_column = -1,
                                        .lon_column = -1,
                                        .entry_path = entry_path};
    return web_listing_answer(grid->ctx, req, ans, &listing);
}

/* ---- a page ---- */

enum rg_err
surface_begin(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
              struct surface **ret)
{
    struct surface *s = RG_NEW(ctx->arena, struct surface);
    if (!s)
        return RG_NO_MEMORY(ctx);
    s->ctx = ctx;
    s->req = req;
    s->ans = ans;
    *ret = s;
    return plan_world_read(ctx, &s->world);
}

enum rg_err
surface_end(struct surface *s)
{
    struct surface_page *page = &s->page;
    page->sections = s->sections;
    page->kpis = s->kpis;
    page->filters = s->filters;
    page->files = s->files;
    page->links = s->links;
    page->actions = s->actions;
    struct web_frame frame = {.title = page->title,
                              .description = page->lead,
                              .feed = s->feed,
                              .no_index = s->no_index};
    if (s->n_crumbs) {
        surface_crumb(s, STR_NONE, page->title);
        web_crumbs(s->ctx, &frame, s->n_crumbs, s->crumbs);
    }
    struct html *h = web_page_open(s->ctx, s->req, s->ans, &frame);
    tmpl_plan_page(h, page);
    return web_page_close(s->ctx, s->req, s->ans);
}

struct surface_section *
surface_section(struct surface *s, const char *id, struct str heading)
{
    if (s->page.n_sections < SURFACE_MAX)
        s->page.n_sections++;
    struct surface_section *section = &s->sections[s->page.n_sections - 1];
    *section = (struct surface_section){.id = id, .heading = heading};
    return section;
}

void
surface_crumb(struct surface *s, struct str path, struct str label)
{
    if (s->n_crumbs < RG_COUNT(s->crumbs))
        s->crumbs[s->n_crumbs++] = (struct web_crumb){path, label};
}

void
surface_link(struct surface *s, struct str path, struct str label)
{
    if (s->page.n_links < SURFACE_MAX)
        s->links[s->page.n_links++] = (struct web_page_link){path, label, false};
}

void
surface_action(struct surface *s, struct str path, struct str label)
{
    if (s->page.n_actions < SURFACE_MAX)
        s->actions[s->page.n_actions++] = (struct web_page_link){path, label, false};
}

void
surface_kpi(struct surface *s, int64_t n, const char *label_key)
{
    if (s->page.n_kpis < RG_COUNT(s->kpis))
        s->kpis[s->page.n_kpis++] =
            (struct web_kpi){web_number(s->ctx, n), wording_form(s->ctx->lang, label_key, n)};
}

void
surface_file(struct surface *s, const char *format, struct str path)
{
    if (s->page.n_files < RG_COUNT(s->files))
        s->files[s->page.n_files++] = (struct web_download){format, path};
}

void
surface_files(struct surface *s, unsigned forms)
{
    static const struct {
        enum web_form form;
        const char *name, *ending;
    } all[] = {{WEB_CSV, "CSV", "csv"}, {WEB_JSON, "JSON", "json"}, {WEB_ATOM, "Atom", "atom"}};
    struct str query = s->req->query;
    for (size_t i = 0; i < RG_COUNT(all); i++) {
        if (!(forms & WEB_BIT(all[i].form)))
            continue;
        struct str path = PRINT(s->ctx, "%.*s.%s%s%.*s", STR_ARG(s->req->path), all[i].ending,
                                query.n ? "?" : "", STR_ARG(query));
        surface_file(s, all[i].name, path);
        if (all[i].form == WEB_ATOM)
            s->feed = path;
    }
}

static void
filter_add(struct surface *s, const char *name, const char *label_key, struct str now,
           const struct web_option *options, size_t n_options)
{
    struct web_field *field = RG_NEW(s->ctx->arena, struct web_field);
    if (!field || s->page.n_filters == RG_COUNT(s->filters))
        return;
    *field = (struct web_field){.name = name,
                                .label = wording_text(s->ctx->lang, label_key),
                                .value = now,
                                .n_max = options ? 0 : 120};
    s->filters[s->page.n_filters++] = (struct surface_filter){field, options, n_options};
}

void
surface_select(struct surface *s, const char *name, const char *label_key, struct str now,
               const struct web_option *options, size_t n_options)
{
    filter_add(s, name, label_key, now, options, n_options);
}

void
surface_text_filter(struct surface *s, const char *name, const char *label_key, struct str now)
{
    filter_add(s, name, label_key, now, NULL, 0);
}

/* ---- facts ---- */

static void
fact_put(struct facts *facts, struct surface_fact fact)
{
    if (!fact.text.n)
        return;
    if (facts->n == facts->cap) {
        size_t cap = facts->cap ? 2 * facts->cap : 16;
        struct surface_fact *more = RG_ARRAY(facts->ctx->arena, struct surface_fact, cap);
        if (!more)
            return;
        if (facts->n)
            memcpy(more, facts->p, facts->n * sizeof(*more));
        facts->p = more;
        facts->cap = cap;
    }
    facts->p[facts->n++] = fact;
}

void
fact_add(struct facts *facts, const char *label_key, struct str text)
{
    fact_put(facts, (struct surface_fact){wording_text(facts->ctx->lang, label_key), text,
                                          STR(""), NULL});
}

void
fact_link(struct facts *facts, const char *label_key, struct str text, struct str path)
{
    fact_put(facts, (struct surface_fact){wording_text(facts->ctx->lang, label_key), text, path,
                                          NULL});
}

void
fact_word(struct facts *facts, const char *label_key, struct str word, const char *badge)
{
    fact_put(facts, (struct surface_fact){wording_text(facts->ctx->lang, label_key),
                                          plan_word(facts->ctx, word), STR(""), badge});
}

/* ---- what pages share ---- */

const char *const plan_risk_words[PLAN_RISK__MAX] = {"done", "risk_far", "risk_near",
                                                     "risk_late", "risk_past"};
const char *const plan_risk_badges[PLAN_RISK__MAX] = {"ok", "plain", "warn", "bad", "bad"};

enum plan_risk
plan_deadline_of(struct rg_ctx *ctx, const struct plan_world *world,
                 const struct plan_row *deadline, int64_t *ret_left)
{
    int64_t first, last = 0, lead = 0;
    const struct plan_row *element = plan_world_element(world, deadline->v[DE_ELEMENT]);
    if (!plan_day_parse(deadline->v[DE_DAY], &first, &last))
        return PLAN_RISK_FAR;
    plan_int(deadline, DE_LEAD_DAYS, &lead);
    return plan_deadline_risk(plan_today(ctx), last, lead,
                              element && str_is(element->v[EL_STATE], "done"), ret_left);
}

/* Small letters without the accents of Italian; the bytes of other letters as they are. */
static char
plain_next(struct str *s)
{
    int c = str_utf8_next(s);
    static const char plain[] = "aaaaaaaceeeeiiiidnooooo-ouuuuyt-"; /* U+00E0 to U+00FF */
    if (c >= 'A' && c <= 'Z')
        return (char)(c + 'a' - 'A');
    if (c >= 0xC0 && c <= 0xDE)
        c += 0x20;
    if (c >= 0xE0 && c <= 0xFF)
        return plain[c - 0xE0];
    return c < 0 ? '\0' : c < 128 ? (char)c : '?';
}

static bool
stands_in(struct str text, struct str word)
{
    while (text.n) {
        struct str t = text, q = word;
        while (q.n && t.n) {
            struct str t2 = t, q2 = q;
            if (plain_next(&t2) != plain_next(&q2))
                break;
            t = t2;
            q = q2;
        }
        if (!q.n)
            return true;
        str_utf8_next(&text);
    }
    return word.n == 0;
}

bool
plan_matches(const struct plan_world *world, const struct plan_row *element, struct str ref,
             struct str query)
{
    static const size_t told[] = {EL_CODE,     EL_TITLE,       EL_ALT_TITLE,    EL_TEXT,
                                  EL_PARTNERS, EL_DEPARTMENTS, EL_PNRR_MEASURE, EL_ADDRESSEE};
    struct str word;
    while (query.n && str_cut(&query, ' ', &word)) {
        bool found = word.n == 0;
        for (size_t i = 0; i < RG_COUNT(told) && !found; i++)
            found = stands_in(element->v[told[i]], word);
        for (size_t i = 0; i < world->t[PLAN_RENAMES].n && !found; i++) {
            const struct plan_row *rename = &world->t[PLAN_RENAMES].p[i];
            if (str_eq(rename->v[RE_ELEMENT], ref))
                found = stands_in(rename->v[RE_OLD], word) ||
                        stands_in(rename->v[RE_NEW], word) ||
                        stands_in(rename->v[RE_SYNONYMS], word);
        }
        if (!found)
            return false;
    }
    return true;
}

const struct surface_piece *
surface_diff(struct rg_ctx *ctx, struct str before, struct str after, size_t *ret_n)
{
    struct plan_diff *pieces;
    size_t n = plan_diff_words(ctx->arena, before, after, &pieces);
    struct surface_piece *made = RG_ARRAY(ctx->arena, struct surface_piece, n);
    for (size_t i = 0; made && i < n; i++)
        made[i] = (struct surface_piece){(int)pieces[i].kind, pieces[i].text};
    *ret_n = made ? n : 0;
    return made;
}

/* ---- pages that are a list ---- */

struct str
surface_element_name(struct surface *s, struct str ref)
{
    const struct plan_row *e = plan_world_element(&s->world, ref);
    return e ? plan_element_label(s->ctx, e) : ref;
}

enum rg_err
surface_list_end(struct surface *s, struct grid *grid, const char *lead_key, const char *id,
         unsigned forms)
{
    struct surface_section *list = surface_section(s, "elenco", STR(""));
    s->page.lead = wording_text(s->ctx->lang, lead_key);
    surface_crumb(s, STR("/piano"), SAY(s, "title"));
    list->table =
        grid_table(grid, id, web_words_n(s->ctx, "plan.page.rows", (int64_t)grid->n_rows));
    if (!list->table)
        list->text = SAY(s, "page.none");
    surface_files(s, forms);
    return surface_end(s);
}

void
surface_add_action(struct surface *s, enum plan_table table)
{
    const char *name = plan_tables[table].name;
    if (plan_may_edit(s->ctx) ||
        (table == PLAN_ADOPTIONS && s->ctx->actor.roles & RG_ROLE_DELEGATE))
        surface_action(
            s, PRINT(s->ctx, "/piano/modifica/%s/nuovo", name),
            wording_text(s->ctx->lang, plan_print(s->ctx, "plan.edit.add.%s", name)));
}
