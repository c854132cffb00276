/* Needs that found nothing near, as numbers for the plan office: how many a day, per municipality
 * and need, and nothing else of who asked.
 *
 * A question is counted in memory, and what was counted goes into the records now and then: a page
 * never waits for the disk twice, robots cannot make the disk work at every question, and the time
 * of a change set says nothing of the time of a question. What is not yet written is lost when the
 * process dies: at most ten minutes of counts.                                                 */
#include "finder/page.h"
#include "finder_sql.h"
#include "finder_tmpl.h"
#include "web_tmpl.h"
#include <pthread.h>

enum {
    TALLY_MAX = 256,     /* kinds of need and municipality between two writes */
    WRITE_EVERY_S = 600,
    CODE_MAX = 64,
    NEAR_M = 30000,      /* farther is not near: the widest comune is 20 km across */
    DAY_S = 86400,
};

struct tally_row {
    int64_t day;
    uint32_t comune, n;
    char need[CODE_MAX];
    size_t n_need;
};

static struct { /* of this process */
    pthread_mutex_t lock;
    struct tally_row rows[TALLY_MAX];
    size_t n;
    int64_t written_s;         /* when rows were last taken out */
    const struct store *store; /* of whom the rows are          */
} tally = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- counting ---- */

static void
tally_add(const struct tally_row *row)
{
    for (size_t i = 0; i < tally.n; i++) {
        struct tally_row *r = &tally.rows[i];
        if (r->day == row->day && r->comune == row->comune &&
            str_eq(str_n(r->need, r->n_need), str_n(row->need, row->n_need))) {
            r->n += row->n;
            return;
        }
    }
    if (tally.n < TALLY_MAX) /* full while the records are shut: the oldest stay */
        tally.rows[tally.n++] = *row;
}

static bool
tally_due(int64_t now_s)
{
    return tally.n == TALLY_MAX || now_s - tally.written_s >= WRITE_EVERY_S ||
           now_s < tally.written_s;
}

static void
tally_of(const struct store *store)
{
    if (tally.store != store) {
        tally.store = store;
        tally.n = 0;
        tally.written_s = 0;
    }
}

static enum rg_err
rows_write(struct rg_ctx *ctx, const struct tally_row *rows, size_t n)
{
    enum rg_err err = store_write_begin(ctx, "finder.why.sweep");
    for (size_t i = 0; i < n && err == RG_OK; i++)
        err = finder_sql_unmet_add(ctx, rows[i].day, rows[i].comune,
                                   str_n(rows[i].need, rows[i].n_need), rows[i].n, NULL);
    if (err == RG_OK)
        return store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

/* The write is nobody's, and at no time of the day: the feed knows neither who asked nor when. */
static enum rg_err
rows_write_blind(struct rg_ctx *ctx, const struct tally_row *rows, size_t n)
{
    const struct rg_actor actor = ctx->actor;
    const int64_t now_s = ctx->now_s;
    ctx->actor = (struct rg_actor){.roles = RG_ROLE_PUBLIC};
    ctx->now_s = now_s - now_s % DAY_S;
    enum rg_err err = rows_write(ctx, rows, n);
    ctx->actor = actor;
    ctx->now_s = now_s;
    return err;
}

/* Takes the rows out under the lock and writes without it: other threads go on counting. */
static enum rg_err
tally_write(struct rg_ctx *ctx, const struct store *store, bool must)
{
    struct tally_row *rows = RG_ARRAY(ctx->arena, struct tally_row, TALLY_MAX);
    size_t n = 0;
    if (!rows)
        return RG_NO_MEMORY(ctx);
    pthread_mutex_lock(&tally.lock);
    tally_of(store);
    if (tally.n > 0 && (must || tally_due(ctx->now_s))) {
        n = tally.n;
        memcpy(rows, tally.rows, n * sizeof(*rows));
        tally.n = 0;
        tally.written_s = ctx->now_s;
    }
    pthread_mutex_unlock(&tally.lock);
    enum rg_err err = n > 0 ? rows_write_blind(ctx, rows, n) : RG_OK;
    if (err != RG_OK) { /* kept for the next time */
        pthread_mutex_lock(&tally.lock);
        for (size_t i = 0; i < n; i++)
            tally_add(&rows[i]);
        pthread_mutex_unlock(&tally.lock);
    }
    return err;
}

enum rg_err
finder_unmet_flush(struct rg_ctx *ctx, const struct finder *finder)
{
    return tally_write(ctx, finder->store, true);
}

/* ---- what counts ---- */

/* Choices that leave services out on purpose: nothing left then says nothing of the territory. */
static bool
narrowed(const struct finder_question *q)
{
    return q->free_only || q->open_only || q->n_languages > 0 || q->n_audiences > 0 ||
           q->n_areas > 0 || q->n_zones > 0 || q->page > 1;
}

/* A service whose place is not told may well be near: it counts as found. */
static bool
found_near(const struct finder_answer *a)
{
    for (size_t i = 0; i < a->n_hits; i++)
        if (a->hits[i].distance_m <= NEAR_M)
            return true;
    return false;
}

bool
finder_unmet(const struct finder *finder, const struct finder_question *q,
             const struct finder_answer *a, struct str *ret_comune, struct str *ret_need)
{
    const struct territory_area *place = finder_place_area(finder, a->place);
    if (!place || !str_is(place->kind, "comune") || a->n_needs == 0 || narrowed(q) ||
        finder_sensitive(finder, a))
        return false;
    bool corrected = q->text.n > 0 && a->understood.abstained && a->needs[0].chosen;
    if (!corrected && a->n_beyond == 0 && found_near(a))
        return false;
    *ret_comune = place->code;
    *ret_need = a->needs[0].code;
    return true;
}

void
finder_unmet_count(struct rg_ctx *ctx, const struct finder *finder,
                   const struct finder_question *q, const struct finder_answer *a)
{
    struct tally_row row = {.day = ctx->now_s / DAY_S, .n = 1};
    struct str comune, need;
    if (!finder_unmet(finder, q, a, &comune, &need) || need.n > CODE_MAX)
        return;
    row.comune = finder_comune_number(comune);
    row.n_need = need.n;
    memcpy(row.need, need.p, need.n);
    pthread_mutex_lock(&tally.lock);
    tally_of(finder->store);
    tally_add(&row);
    bool due = tally_due(ctx->now_s);
    pthread_mutex_unlock(&tally.lock);
    /* The answer stands whatever becomes of the count: it is tried again with the next one. */
    if (due && tally_write(ctx, finder->store, false) != RG_OK)
        ctx->story = (struct rg_story){0};
}

/* ---- the page of the plan office ---- */

enum { UNMET_YEAR };

const struct web_input finder_unmet_inputs[1] = {
    [UNMET_YEAR] = {.name = "anno", .kind = WEB_IN_INT, .min = 2000, .max = 2999,
                    .label_key = "finder.unmet.year"}};

static const struct web_listing_column columns[] = {
    {"comune", WEB_DATUM_TEXT, "finder.unmet.code"},
    {"comune_name", WEB_DATUM_TEXT, "finder.unmet.comune"},
    {"need", WEB_DATUM_TEXT, "finder.page.col.code"},
    {"need_label", WEB_DATUM_TEXT, "finder.page.facet.need"},
    {"questions", WEB_DATUM_INT, "finder.unmet.n"},
};

static struct str
comune_name(const struct finder *finder, struct str code)
{
    const struct territory_model *model = territory_live_get(finder->territory);
    uint32_t at = territory_model_by_code(model, STR("comune"), code);
    return at == TERRITORY_NOWHERE ? code : model->areas[at].name;
}

static enum rg_err
cells_fill(struct rg_ctx *ctx, const struct finder *finder,
           const struct finder_sql_unmet_list_row *rows, size_t n, struct web_datum **ret)
{
    struct web_datum *cells = RG_ARRAY(ctx->arena, struct web_datum, n * RG_COUNT(columns));
    for (size_t i = 0; cells && i < n; i++) {
        struct web_datum *c = &cells[i * RG_COUNT(columns)];
        const char *code = rg_arena_printf(ctx->arena, "%06lld", (long long)rows[i].comune);
        size_t need_ix;
        bool known = finder_need_find(finder->model, rows[i].need, &need_ix);
        if (!code)
            return RG_NO_MEMORY(ctx);
        c[0] = web_datum_text(str_of(code));
        c[1] = web_datum_text(comune_name(finder, str_of(code)));
        c[2] = web_datum_text(rows[i].need);
        c[3] = web_datum_text(known ? finder_need_label(finder->model, need_ix, ctx->lang)
                                    : rows[i].need);
        c[4] = web_datum_int(rows[i].n);
    }
    *ret = cells;
    return cells ? RG_OK : RG_NO_MEMORY(ctx);
}

static enum rg_err
page_write(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans, int64_t year,
           const struct web_datum *cells, size_t n, int64_t n_small)
{
    struct finder_unmet_line *lines = RG_ARRAY(ctx->arena, struct finder_unmet_line, n);
    const char *csv = rg_arena_printf(ctx->arena, "/gestione/bisogni-scoperti.csv?anno=%lld",
                                      (long long)year);
    const char *json = rg_arena_printf(ctx->arena, "/gestione/bisogni-scoperti.json?anno=%lld",
                                       (long long)year);
    if (!lines || !csv || !json)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        const struct web_datum *c = &cells[i * RG_COUNT(columns)];
        lines[i] = (struct finder_unmet_line){c[1].text, c[3].text, c[4].i};
    }
    struct finder_unmet_page page = {.year = year,
                                     .lines = lines,
                                     .n_lines = n,
                                     .n_small = n_small,
                                     .downloads = {{"CSV", str_of(csv)}, {"JSON", str_of(json)}}};
    struct web_frame frame = {.title = wording_text(ctx->lang, "finder.unmet.title"),
                              .no_index = true};
    const struct web_crumb crumbs[] = {
        {STR("/gestione"), wording_text(ctx->lang, "finder.unmet.desk")},
        {STR_NONE, frame.title}};
    web_crumbs(ctx, &frame, RG_COUNT(crumbs), crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_finder_unmet(h, &page);
    return web_page_close(ctx, req, ans);
}

/* Whole calendar years only: from overlapping spans a small group could be reckoned back. */
enum rg_err
finder_unmet_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct finder_web *room = req->data;
    int64_t year = web_given(req, UNMET_YEAR) ? web_int(req, UNMET_YEAR)
                                              : rg_civil_utc(ctx->now_s).year;
    int64_t from = rg_days_of((int)year, 1, 1), to = rg_days_of((int)year + 1, 1, 1);
    struct finder_sql_unmet_list_row *rows;
    struct web_datum *cells;
    size_t n;
    struct finder_sql_unmet_small_row small;
    enum rg_err err = tally_write(ctx, room->finder->store, false);
    if (err == RG_OK)
        err = finder_sql_unmet_list(ctx, from, to, FINDER_UNMET_MIN, &rows, &n);
    if (err == RG_OK)
        err = finder_sql_unmet_small(ctx, from, to, FINDER_UNMET_MIN, &small);
    if (err == RG_OK)
        err = cells_fill(ctx, room->finder, rows, n, &cells);
    if (err != RG_OK)
        return err;
    if (req->form == WEB_HTML)
        return page_write(ctx, req, ans, year, cells, n, small.n);
    const struct web_listing list = {.name = "bisogni-scoperti",
                                     .title = wording_text(ctx->lang, "finder.unmet.title"),
                                     .columns = columns,
                                     .n_columns = RG_COUNT(columns),
                                     .cells = cells,
                                     .n_rows = n,
                                     .total = (int64_t)n,
                                     .page = 1,
                                     .size = (int64_t)n,
                                     .id_column = -1,
                                     .title_column = 3,
                                     .text_column = -1,
                                     .updated_column = -1,
                                     .lat_column = -1,
                                     .lon_column = -1};
    return web_listing_answer(ctx, req, ans, &list);
}
