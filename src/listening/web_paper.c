/* Who spoke and who is missing; the position paper, put together from the coding. */
#include "listening/surface.h"
#include "listening/kernel.h"
#include "listening_sql.h"
#include "listening_tmpl.h"

enum { IN_AXIS };

/* ---- who spoke: expected against present ---- */

/* Of n voices with a Zone, how many a Zone would have if it spoke like it is inhabited,
 * rounded. */
static int64_t
expected(int64_t n, int64_t inhabitants, int64_t all)
{
    return all > 0 ? (n * inhabitants * 2 + all) / (all * 2) : 0;
}

static void
zone_judge(struct said_spread_row *row, int64_t n, int64_t wanted)
{
    row->state_key = n == 0               ? "listening.spread.silent"
                     : n * 2 < wanted     ? "listening.spread.few"
                     : n > wanted * 2 + 4 ? "listening.spread.many"
                                          : "listening.spread.fair";
    row->badge = n == 0 ? "bad" : n * 2 < wanted ? "warn" : n > wanted * 2 + 4 ? "info" : "ok";
}

static enum rg_err
zones_fill(struct rg_ctx *ctx, struct said_spread *page)
{
    struct listening_sql_spread_by_row *rows;
    struct listening_sql_zones_row *zones;
    struct listening_sql_zones_told_row *told;
    size_t n_rows, n, n_told;
    int64_t counts[SPREAD_MAX] = {0}, all_people = 0, with_zone = 0;
    bool hidden[SPREAD_MAX];
    enum rg_err err = listening_sql_spread_by(ctx, STR("zone"), &rows, &n_rows);
    if (err == RG_OK)
        err = listening_sql_zones(ctx, &zones, &n);
    if (err == RG_OK)
        err = listening_sql_zones_told(ctx, &told, &n_told);
    if (err != RG_OK)
        return err;
    if (n > SPREAD_MAX)
        n = SPREAD_MAX;
    struct said_spread_row *list = RG_ARRAY(ctx->arena, struct said_spread_row, n);
    if (!list)
        return RG_NO_MEMORY(ctx);
    for (size_t r = 0; r < n_rows; r++)
        page->n_without_zone += rows[r].code.n == 0 ? rows[r].n : 0;
    for (size_t i = 0; i < n; i++) {
        all_people += zones[i].population.v;
        for (size_t r = 0; r < n_rows; r++)
            if (str_eq(rows[r].code, zones[i].code))
                counts[i] = rows[r].n;
        with_zone += counts[i];
    }
    page->n_with_zone = with_zone;
    page->zones_divided = spread_hide(counts, n, hidden);
    for (size_t i = 0; i < n; i++) {
        int64_t wanted = expected(with_zone, zones[i].population.v, all_people);
        bool shown = page->zones_divided && !hidden[i];
        int64_t tenths =
            all_people ? (zones[i].population.v * 1000 + all_people / 2) / all_people : 0;
        const char *share = rg_arena_printf(ctx->arena, "%d%c%d %%", (int)(tenths / 10),
                                            ctx->lang == RG_EN ? '.' : ',', (int)(tenths % 10));
        const char *path = rg_arena_printf(ctx->arena, "/ascolto/contributi?zona=%.*s",
                                           STR_ARG(zones[i].code));
        list[i] = (struct said_spread_row){
            .label = web_words(ctx, "listening.zone_named", "zone", &zones[i].code, "name",
                               &zones[i].name, NULL),
            .path = str_of(path ? path : "/ascolto/contributi"),
            .share = str_of(share ? share : ""),
            .wanted = web_number(ctx, wanted),
            .shown = shown ? web_number(ctx, counts[i])
                           : wording_text(ctx->lang, "listening.spread.hidden")};
        for (size_t k = 0; k < n_told; k++)
            if (str_eq(told[k].code, zones[i].code)) {
                struct str rank = web_number(ctx, told[k].rank.v);
                list[i].told = told[k].rank.has
                                   ? web_words(ctx, "listening.event.rank", "rank", &rank, NULL)
                                   : wording_text(ctx->lang, "listening.event.named");
            }
        if (with_zone > 0 && (shown || counts[i] == 0)) /* a judgement would tell it */
            zone_judge(&list[i], counts[i], wanted);
    }
    page->zones = list;
    page->n_zones = n;
    return RG_OK;
}

enum rg_err
said_spread(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct said_spread page = {0};
    struct listening_sql_spread_by_row *rows;
    size_t n;
    enum rg_err err = zones_fill(ctx, &page);
    if (err == RG_OK)
        err = listening_sql_spread_by(ctx, STR("category"), &rows, &n);
    struct said_tally *tally = err == RG_OK ? RG_ARRAY(ctx->arena, struct said_tally, n) : NULL;
    if (err == RG_OK && !tally)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        tally[i] = (struct said_tally){rows[i].code, rows[i].n};
    if (err == RG_OK)
        err = said_groups(ctx, false, tally, n, &page.categories, &page.n_categories,
                          &page.categories_divided);
    if (err != RG_OK)
        return err;
    struct web_frame frame = {.title = wording_text(ctx->lang, "listening.spread.title"),
                              .description = wording_text(ctx->lang, "listening.spread.lead")};
    const struct web_crumb crumbs[] = {
        {STR("/ascolto"), wording_text(ctx->lang, "listening.title")}, {STR_NONE, frame.title}};
    web_crumbs(ctx, &frame, 2, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_spread(h, &page);
    return web_page_close(ctx, req, ans);
}

/* ---- the position paper ---- */

/* How plain the text is that the paper adds to the voices: summaries and positions. */
static int64_t
plainness(const struct said_paper *page)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf text;
    struct rg_gulpease index;
    rg_buf_init(&text, 1024 * 1024);
    for (size_t i = 0; i < page->n_themes; i++) {
        const struct said_paper_theme *t = &page->themes[i];
        rg_buf_str(&text, t->theme.summary);
        rg_buf_lit(&text, "\n");
        for (size_t p = 0; p < t->n_positions; p++) {
            rg_buf_str(&text, t->positions[p].text);
            rg_buf_lit(&text, "\n");
        }
    }
    return !text.failed && text.n && rg_gulpease(rg_buf_view(&text), &index) ? index.index : 0;
}

/* Axis "-" stands for the transversal themes, none for the contents alone. */
static bool
is_asked(struct str asked, struct str axis)
{
    return axis.n ? str_eq(asked, axis) : str_is(asked, "trasversali");
}

enum rg_err
said_paper_fill(struct rg_ctx *ctx, struct str asked, struct said_paper *page)
{
    struct said_paper_theme *list = NULL;
    enum rg_err err = said_axes(ctx, false, &page->axes, &page->n_axes);
    for (size_t a = 0; err == RG_OK && a < page->n_axes; a++) {
        const struct said_axis *axis = &page->axes[a];
        for (size_t i = 0; i < axis->n_themes; i++)
            page->n_voices += axis->themes[i].n;
        if (!is_asked(asked, axis->axis))
            continue;
        page->axis = asked;
        page->axis_title = axis->title;
        list = RG_ARRAY(ctx->arena, struct said_paper_theme, axis->n_themes);
        if (!list)
            return RG_NO_MEMORY(ctx);
        for (size_t i = 0; err == RG_OK && i < axis->n_themes; i++) {
            if (axis->themes[i].n == 0) { /* nothing is said that nobody said */
                page->n_silent++;
                continue;
            }
            err = said_paper_theme_fill(ctx, &axis->themes[i], &list[page->n_themes++]);
        }
    }
    page->themes = list;
    if (err == RG_OK && asked.n && !page->axis.n)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.no_axis");
    if (err == RG_OK)
        page->gulpease = plainness(page);
    return err;
}

/* On paper the contents are followed by what they name: every axis of which somebody spoke. */
static enum rg_err
chapters_put(struct rg_ctx *ctx, struct html *h, const struct said_paper *contents)
{
    enum rg_err err = RG_OK;
    for (size_t i = 0; err == RG_OK && i < contents->n_axes; i++) {
        struct said_paper chapter = {0};
        err = said_paper_fill(ctx, contents->axes[i].axis_path, &chapter);
        if (err == RG_OK && chapter.n_themes)
            tmpl_listening_paper_chapter(h, &chapter);
    }
    return err;
}

enum rg_err
said_paper(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct said_paper page = {0};
    struct str asked = req->route->n_inputs ? web_text(req, IN_AXIS) : STR("");
    enum rg_err err = said_paper_fill(ctx, asked, &page);
    if (err != RG_OK)
        return err;
    struct str title = wording_text(ctx->lang, "listening.paper.title");
    struct web_frame frame = {.title = page.axis.n ? web_words(ctx, "listening.paper.chapter",
                                                               "title", &page.axis_title, NULL)
                                                   : title,
                              .description = wording_text(ctx->lang, "listening.paper.lead")};
    const struct web_crumb crumbs[] = {
        {STR("/ascolto"), wording_text(ctx->lang, "listening.title")},
        {page.axis.n ? STR("/ascolto/position-paper") : STR_NONE, title},
        {STR_NONE, page.axis_title}};
    web_crumbs(ctx, &frame, page.axis.n ? 3 : 2, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    if (page.axis.n)
        tmpl_listening_paper_chapter(h, &page);
    else
        tmpl_listening_paper(h, &page);
    if (!page.axis.n && req->printed)
        err = chapters_put(ctx, h, &page);
    return err == RG_OK ? web_page_close(ctx, req, ans) : err;
}
