/* The door: the process and what comes next, the events, the themes, and words looked for. */
#include "listening/surface.h"
#include "listening/kernel.h"
#include "listening_sql.h"
#include "listening_tmpl.h"

enum { IN_QUERY };
enum { FOUND_MAX = 40, WORDS_MAX = 12, WORDS_AT_ONCE = 1000, FOLD_MAX = RG_CSV_FIELD_MAX };

/* ---- words looked for ----
 * A word counts when its beginning (the word without its last letters) stands anywhere in the
 * text with the blanks left out: so "mappate" finds "venganomappate", and "competenza" finds
 * "competenze". Texts that hold more of the words come first, then older ones. */

struct asked {
    struct str words[WORDS_MAX];
    size_t n;
};

static void
asked_of(struct rg_ctx *ctx, struct str query, struct asked *asked)
{
    struct str word;
    *asked = (struct asked){0};
    for (char *sep = rg_arena_alloc(ctx->arena, query.n + 1); sep && query.n;) {
        memcpy(sep, query.p, query.n);
        for (size_t i = 0; i < query.n; i++)
            if (sep[i] == '\'' || sep[i] == ',' || sep[i] == '.' || sep[i] == '-')
                sep[i] = ' ';
        struct str rest = str_n(sep, query.n);
        while (asked->n < WORDS_MAX && str_cut(&rest, ' ', &word)) {
            char *folded = rg_arena_alloc(ctx->arena, word.n + 1);
            size_t n = folded ? words_fold(word, folded) : 0;
            if (n < 3)
                continue;
            if (n > 5)
                n -= n > 8 ? 2 : 1; /* singular and plural, he and she */
            asked->words[asked->n++] = str_n(folded, n);
        }
        break;
    }
}

static size_t
matches(const struct asked *asked, struct str text, char *scratch)
{
    size_t n = 0;
    if (text.n > FOLD_MAX)
        text.n = str_utf8_prefix(text, FOLD_MAX);
    struct str folded = str_n(scratch, words_fold(text, scratch));
    for (size_t i = 0; i < asked->n; i++)
        n += str_find(folded, asked->words[i]) >= 0;
    return n;
}

struct best {
    struct str code;
    size_t n;
};

/* Keep the best, the most words first and among equals the first come. */
static void
best_add(struct best *best, size_t *n_best, struct str code, size_t n)
{
    size_t at = *n_best;
    while (at > 0 && best[at - 1].n < n)
        at--;
    if (at == FOUND_MAX)
        return;
    size_t n_move = (*n_best < FOUND_MAX ? *n_best : FOUND_MAX - 1) - at;
    memmove(&best[at + 1], &best[at], n_move * sizeof(*best));
    best[at] = (struct best){code, n};
    *n_best += *n_best < FOUND_MAX;
}

static enum rg_err
voices_find(struct rg_ctx *ctx, const struct asked *asked, char *scratch,
            struct said_home *page)
{
    struct best best[FOUND_MAX];
    size_t n_best = 0, n = WORDS_AT_ONCE;
    int64_t after = 0;
    enum rg_err err = RG_OK;
    char codes[FOUND_MAX][128]; /* outlive the pieces' memory */
    while (err == RG_OK && n == WORDS_AT_ONCE) {
        struct rg_mark mark = rg_arena_mark(ctx->arena);
        struct listening_sql_voice_words_row *rows;
        err = listening_sql_voice_words(ctx, after, WORDS_AT_ONCE, &rows, &n);
        for (size_t i = 0; err == RG_OK && i < n; i++) {
            size_t m = matches(asked, rows[i].text, scratch);
            after = rows[i].id;
            if (m)
                best_add(best, &n_best, rows[i].code, m);
        }
        for (size_t i = 0; i < n_best; i++) { /* by way of a copy: entries change places */
            struct str code = best[i].code;
            best[i].code.n = code.n < sizeof(codes[0]) ? code.n : 0;
            memmove(codes[i], code.p, best[i].code.n);
        }
        rg_arena_release(ctx->arena, mark);
        for (size_t i = 0; i < n_best; i++) {
            best[i].code.p = codes[i];
            best[i].code = rg_arena_str(ctx->arena, best[i].code);
        }
    }
    struct said_voice *found = RG_ARRAY(ctx->arena, struct said_voice, n_best);
    if (err == RG_OK && !found)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n_best; i++) {
        struct listening_sql_voice_get_row row;
        bool is_there;
        err = listening_sql_voice_get(ctx, best[i].code, &is_there, &row);
        if (err == RG_OK && is_there)
            said_voice_of(ctx, &row, &found[page->n_found++]);
    }
    page->found = found;
    return err;
}

static enum rg_err
themes_find(struct rg_ctx *ctx, const struct asked *asked, char *scratch,
            struct said_home *page)
{
    size_t n = 0;
    for (size_t a = 0; a < page->n_axes; a++)
        n += page->axes[a].n_themes;
    struct said_theme *found = RG_ARRAY(ctx->arena, struct said_theme, n);
    if (!found)
        return RG_NO_MEMORY(ctx);
    for (size_t a = 0; a < page->n_axes; a++)
        for (size_t i = 0; i < page->axes[a].n_themes; i++) {
            const struct said_theme *theme = &page->axes[a].themes[i];
            if (matches(asked, theme->title, scratch) +
                    matches(asked, theme->summary, scratch) >=
                asked->n)
                found[page->n_found_themes++] = *theme;
        }
    page->found_themes = found;
    return RG_OK;
}

static enum rg_err
find(struct rg_ctx *ctx, struct said_home *page)
{
    struct asked asked;
    char *scratch = rg_arena_alloc(ctx->arena, FOLD_MAX);
    if (!scratch)
        return RG_NO_MEMORY(ctx);
    asked_of(ctx, page->query, &asked);
    page->asked = true;
    if (asked.n == 0)
        return RG_OK;
    enum rg_err err = voices_find(ctx, &asked, scratch, page);
    return err == RG_OK ? themes_find(ctx, &asked, scratch, page) : err;
}

/* ---- process and events ---- */

static enum rg_err
phases_fill(struct rg_ctx *ctx, int64_t process_id, struct said_process *process)
{
    struct listening_sql_phases_of_row *rows;
    size_t n;
    enum rg_err err = listening_sql_phases_of(ctx, process_id, &rows, &n);
    struct said_phase *phases =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_phase, n) : NULL;
    if (err == RG_OK && !phases)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        bool running = str_is(rows[i].state, "running");
        phases[i] =
            (struct said_phase){.ord = rows[i].ord,
                                .title = rows[i].title,
                                .inputs = rows[i].inputs,
                                .outputs = rows[i].outputs,
                                .next_steps = rows[i].next_steps,
                                .when = said_span(ctx, rows[i].from_day, rows[i].to_day),
                                .state_key = said_key(ctx, "listening.phase.", rows[i].state),
                                .badge = running                         ? "info"
                                         : str_is(rows[i].state, "done") ? "ok"
                                                                         : "plain",
                                .running = running,
                                .sources = said_sources_of(ctx, rows[i].source)};
    }
    process->phases = phases;
    process->n_phases = err == RG_OK ? n : 0;
    return err;
}

static enum rg_err
processes_fill(struct rg_ctx *ctx, struct said_home *page)
{
    struct listening_sql_process_list_row *rows;
    size_t n;
    enum rg_err err = listening_sql_process_list(ctx, &rows, &n);
    struct said_process *list =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_process, n) : NULL;
    if (err == RG_OK && !list)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        list[i] = (struct said_process){.title = rows[i].title,
                                        .aim = rows[i].aim,
                                        .sources = said_sources_of(ctx, rows[i].source)};
        err = phases_fill(ctx, rows[i].id, &list[i]);
    }
    page->processes = list;
    page->n_processes = err == RG_OK ? n : 0;
    return err;
}

static enum rg_err
events_fill(struct rg_ctx *ctx, const struct said_event_line **ret, size_t *ret_n)
{
    struct listening_sql_event_list_row *rows;
    size_t n;
    enum rg_err err = listening_sql_event_list(ctx, &rows, &n);
    struct said_event_line *list =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_event_line, n) : NULL;
    if (err == RG_OK && !list)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        list[i] = (struct said_event_line){
            .code = rows[i].code,
            .title = rows[i].title,
            .place = rows[i].place,
            .when = web_day(ctx, rows[i].day),
            .kind_key = said_key(ctx, "listening.event.", rows[i].kind),
            .interviews = str_is(rows[i].kind, "interview_round"),
            .has_present = rows[i].n_present.has,
            .has_remote = rows[i].n_remote.has,
            .n_present = rows[i].n_present.v,
            .n_remote = rows[i].n_remote.v};
    *ret = list;
    *ret_n = err == RG_OK ? n : 0;
    return err;
}

static enum rg_err
figures_fill(struct rg_ctx *ctx, struct said_home *page)
{
    struct listening_sql_counts_row counts;
    struct web_kpi *kpis = RG_ARRAY(ctx->arena, struct web_kpi, 4);
    enum rg_err err = kpis ? listening_sql_counts(ctx, &counts) : RG_NO_MEMORY(ctx);
    if (err != RG_OK)
        return err;
    const struct {
        int64_t n;
        const char *key;
    } all[] = {{counts.contributions, "listening.home.n_voices"},
               {counts.themes, "listening.home.n_themes"},
               {counts.events, "listening.home.n_events"},
               {counts.interviews, "listening.home.n_interviews"}};
    for (size_t i = 0; i < RG_COUNT(all); i++)
        if (all[i].n > 0)
            kpis[page->n_kpis++] = (struct web_kpi){web_number(ctx, all[i].n),
                                                    wording_text(ctx->lang, all[i].key)};
    page->kpis = kpis;
    return RG_OK;
}

enum rg_err
said_home(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct said_home page = {.query = web_text(req, IN_QUERY), .staff = said_staff(ctx)};
    enum rg_err err = figures_fill(ctx, &page);
    if (err == RG_OK)
        err = processes_fill(ctx, &page);
    if (err == RG_OK)
        err = events_fill(ctx, &page.events, &page.n_events);
    if (err == RG_OK)
        err = said_axes(ctx, true, &page.axes, &page.n_axes);
    if (err == RG_OK && page.query.n)
        err = find(ctx, &page);
    if (err != RG_OK)
        return err;
    struct web_frame frame = {.title = wording_text(ctx->lang, "listening.title"),
                              .description = wording_text(ctx->lang, "listening.home.lead"),
                              .no_index = page.asked};
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_home(h, &page);
    return web_page_close(ctx, req, ans);
}

/* ---- all events ---- */

enum rg_err
said_events(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    static const struct web_listing_column columns[] = {
        {"code", WEB_DATUM_TEXT, "listening.col.code"},
        {"kind", WEB_DATUM_TEXT, "listening.col.kind"},
        {"title", WEB_DATUM_TEXT, "listening.col.title"},
        {"day", WEB_DATUM_TEXT, "listening.col.day"},
        {"place", WEB_DATUM_TEXT, "listening.col.place"},
        {"n_present", WEB_DATUM_INT, "listening.col.present"},
        {"n_remote", WEB_DATUM_INT, "listening.col.remote"}};
    if (req->form == WEB_HTML) {
        struct said_home page = {0};
        enum rg_err err = events_fill(ctx, &page.events, &page.n_events);
        if (err != RG_OK)
            return err;
        struct web_frame frame = {.title = wording_text(ctx->lang, "listening.events.title")};
        const struct web_crumb crumbs[] = {
            {STR("/ascolto"), wording_text(ctx->lang, "listening.title")},
            {STR_NONE, frame.title}};
        web_crumbs(ctx, &frame, 2, crumbs);
        struct html *h = web_page_open(ctx, req, ans, &frame);
        size_t n;
        struct web_download *files = said_downloads(ctx, req, WEB_TABLE_FORMS, &n);
        tmpl_listening_events(h, &page, files, n);
        return web_page_close(ctx, req, ans);
    }
    struct listening_sql_event_list_row *rows;
    size_t n, c = RG_COUNT(columns);
    enum rg_err err = listening_sql_event_list(ctx, &rows, &n);
    struct web_datum *cells =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct web_datum, n * c) : NULL;
    if (err == RG_OK && !cells)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        struct web_datum *row = &cells[i * c];
        row[0] = web_datum_text(rows[i].code);
        row[1] = web_datum_text(rows[i].kind);
        row[2] = web_datum_text(rows[i].title);
        row[3] = web_datum_text(rows[i].day);
        row[4] = web_datum_text(rows[i].place);
        row[5] = (struct web_datum){.has = rows[i].n_present.has, .i = rows[i].n_present.v};
        row[6] = (struct web_datum){.has = rows[i].n_remote.has, .i = rows[i].n_remote.v};
    }
    const struct web_listing list = {.name = "eventi",
                                     .title = wording_text(ctx->lang, "listening.events.title"),
                                     .columns = columns,
                                     .n_columns = c,
                                     .cells = cells,
                                     .n_rows = n,
                                     .total = (int64_t)n,
                                     .page = 1,
                                     .size = (int64_t)n,
                                     .id_column = 0,
                                     .title_column = 2,
                                     .text_column = -1,
                                     .updated_column = -1,
                                     .lat_column = -1,
                                     .lon_column = -1,
                                     .entry_path = "/ascolto/eventi/",
                                     .source_key = "listening.source"};
    return err == RG_OK ? web_listing_answer(ctx, req, ans, &list) : err;
}
