/* Themes: all of them, and one with its positions side by side, its voices and who spoke. */
#include "listening/surface.h"
#include "listening_sql.h"
#include "listening_tmpl.h"
#include <stddef.h>

enum { IN_CODE };

/* The columns of a voice stand first in both rows. */
_Static_assert(offsetof(struct listening_sql_theme_voices_row, consent) ==
                   offsetof(struct listening_sql_voice_get_row, consent),
               "one reading for both");

/* ---- all themes ---- */

enum rg_err
said_themes(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    static const struct web_listing_column columns[] = {
        {"code", WEB_DATUM_TEXT, "listening.col.code"},
        {"axis", WEB_DATUM_TEXT, "listening.col.axis"},
        {"title", WEB_DATUM_TEXT, "listening.col.title"},
        {"summary", WEB_DATUM_TEXT, "listening.col.summary"},
        {"parked", WEB_DATUM_FLAG, "listening.col.parked"},
        {"positions", WEB_DATUM_INT, "listening.col.positions"},
        {"voices", WEB_DATUM_INT, "listening.col.voices"}};
    enum { N_COLUMNS = RG_COUNT(columns) };
    const struct said_axis *axes;
    size_t n_axes, n = 0;
    enum rg_err err = said_axes(ctx, true, &axes, &n_axes);
    if (err != RG_OK)
        return err;
    if (req->form == WEB_HTML) {
        struct web_frame frame = {.title = wording_text(ctx->lang, "listening.themes.title"),
                                  .description =
                                      wording_text(ctx->lang, "listening.themes.lead")};
        const struct web_crumb crumbs[] = {
            {STR("/ascolto"), wording_text(ctx->lang, "listening.title")},
            {STR_NONE, frame.title}};
        web_crumbs(ctx, &frame, 2, crumbs);
        struct html *h = web_page_open(ctx, req, ans, &frame);
        struct web_download *files = said_downloads(ctx, req, WEB_TABLE_FORMS, &n);
        tmpl_listening_themes(h, axes, n_axes, files, n, said_staff(ctx));
        return web_page_close(ctx, req, ans);
    }
    for (size_t a = 0; a < n_axes; a++)
        n += axes[a].n_themes;
    struct web_datum *cells = RG_ARRAY(ctx->arena, struct web_datum, n * N_COLUMNS),
                     *row = cells;
    if (!cells)
        return RG_NO_MEMORY(ctx);
    for (size_t a = 0; a < n_axes; a++)
        for (size_t i = 0; i < axes[a].n_themes; i++, row += N_COLUMNS) {
            const struct said_theme *theme = &axes[a].themes[i];
            row[0] = web_datum_text(theme->code);
            row[1] = web_datum_text(theme->axis);
            row[2] = web_datum_text(theme->title);
            row[3] = web_datum_text(theme->summary);
            row[4] = web_datum_int(theme->parked);
            row[5] = web_datum_int(theme->n_positions);
            row[6] = web_datum_int(theme->n);
        }
    const struct web_listing list = {.name = "temi",
                                     .title = wording_text(ctx->lang, "listening.themes.title"),
                                     .columns = columns,
                                     .n_columns = N_COLUMNS,
                                     .cells = cells,
                                     .n_rows = n,
                                     .total = (int64_t)n,
                                     .page = 1,
                                     .size = (int64_t)n,
                                     .id_column = 0,
                                     .title_column = 2,
                                     .text_column = 3,
                                     .updated_column = -1,
                                     .lat_column = -1,
                                     .lon_column = -1,
                                     .entry_path = "/ascolto/temi/",
                                     .source_key = "listening.source"};
    return web_listing_answer(ctx, req, ans, &list);
}

/* ---- one theme ---- */

struct gathered {              /* a theme's voices and what can be counted on the way */
    struct said_voice *voices; /* in one piece, for the forms of machines */
    const struct said_voice *const *list; /* each by itself, for pages    */
    size_t n;
    struct said_mix mix;
    struct said_tally *zones, *categories; /* one a voice, also of those not shown */
};

static void
mix_count(struct said_mix *mix, bool table, bool interview, bool document)
{
    mix->n++;
    if (table)
        mix->n_tables++;
    else if (interview)
        mix->n_interviews++;
    else if (document)
        mix->n_documents++;
    else
        mix->n_other++;
}

static enum rg_err
voices_gather(struct rg_ctx *ctx, int64_t theme_id, struct gathered *ret)
{
    struct listening_sql_theme_voices_row *rows;
    enum rg_err err = listening_sql_theme_voices(ctx, theme_id, &rows, &ret->n);
    ret->voices = err == RG_OK ? RG_ARRAY(ctx->arena, struct said_voice, ret->n) : NULL;
    ret->zones = err == RG_OK ? RG_ARRAY(ctx->arena, struct said_tally, ret->n) : NULL;
    ret->categories = err == RG_OK ? RG_ARRAY(ctx->arena, struct said_tally, ret->n) : NULL;
    if (err == RG_OK && (!ret->voices || !ret->zones || !ret->categories))
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < ret->n; i++) {
        struct said_voice *v = &ret->voices[i];
        ret->zones[i] = (struct said_tally){rows[i].zone, 1};
        ret->categories[i] = (struct said_tally){rows[i].category, 1};
        said_voice_of(ctx, (const struct listening_sql_voice_get_row *)&rows[i], v);
        v->position_id = rows[i].position_id.has ? rows[i].position_id.v : 0;
        mix_count(&ret->mix, v->table.n > 0, v->interview.n > 0, v->lines.document.n > 0);
    }
    const struct said_voice **list =
        err == RG_OK ? RG_ARRAY(ctx->arena, const struct said_voice *, ret->n) : NULL;
    if (err == RG_OK && !list)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < ret->n; i++)
        list[i] = &ret->voices[i];
    ret->list = list;
    return err;
}

/* ---- the same for the page ---- */

struct named { /* a table, document or interview met before */
    char what;
    int64_t id;
    struct str code, consent, label; /* label: of a table, in words */
};

struct names {
    struct named list[64];
    size_t n;
};

static struct named *
name_add(struct rg_ctx *ctx, struct names *names, char what, int64_t id, struct str code)
{
    struct named *slot = &names->list[names->n < RG_COUNT(names->list) ? names->n++ : 0];
    *slot = (struct named){what, id, code, STR(""), STR("")};
    if (what == 't')
        slot->label = web_words(ctx, "listening.table", "table", &slot->code, NULL);
    return slot;
}

static enum rg_err
names_fill(struct rg_ctx *ctx, struct names *names)
{
    struct listening_sql_codes_first_row *rows;
    size_t n;
    enum rg_err err = listening_sql_codes_first(ctx, RG_COUNT(names->list) / 4, &rows, &n);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        name_add(ctx, names, rows[i].what.p[0], rows[i].id, rows[i].code);
    return err;
}

static const struct named *
name_of(struct rg_ctx *ctx, struct names *names, const char *what, int64_t id)
{
    static const struct named nobody = {0};
    struct listening_sql_code_of_row row;
    bool found = false;
    if (!id)
        return &nobody;
    for (size_t i = names->n; i-- > 0;)
        if (names->list[i].id == id && names->list[i].what == *what)
            return &names->list[i];
    if (listening_sql_code_of(ctx, str_of(what), id, &found, &row) != RG_OK || !found)
        return &nobody;
    struct named *slot = name_add(ctx, names, *what, id, row.code);
    slot->consent = row.consent;
    return slot;
}

enum {
    SH_CODE,
    SH_KIND,
    SH_TEXT,
    SH_CATEGORY,
    SH_ZONE,
    SH_CONTESTS,
    SH_PARKED,
    SH_SESSION,
    SH_TABLE,
    SH_DOCUMENT,
    SH_INTERVIEW,
    SH_FROM,
    SH_TO,
    SH_POSITION
};

/* Numbers that may be NULL are read as 0, which no id, line or session is. */

/* A text of the row, or that of the row before where it is the same: most are, and not copied.
 */
static struct str
same_or_kept(struct rg_ctx *ctx, const struct store_cursor *row, size_t column,
             struct str before)
{
    struct str now = store_cursor_text(row, column);
    if (str_eq(now, before))
        return before.p ? before : STR("");
    now = rg_arena_str(ctx->arena, now);
    return now.p ? now : STR("");
}

struct reading { /* a theme's voices being read, one after another */
    struct rg_ctx *ctx;
    struct names names;
    bool staff;
    const struct said_voice *last;
    struct store_rows voices, zones, categories; /* voices: pointers */
};

static enum rg_err
short_add(struct reading *r, const struct store_cursor *row, struct gathered *all)
{
    struct rg_ctx *ctx = r->ctx;
    struct said_voice *v = RG_NEW(ctx->arena, struct said_voice);
    const struct said_voice *before = r->last;
    const struct said_tally *zones = r->zones.p, *categories = r->categories.p;
    size_t n = r->zones.n;
    int64_t document = store_cursor_int(row, SH_DOCUMENT);
    int64_t from = store_cursor_int(row, SH_FROM);
    const struct named *table =
        name_of(ctx, &r->names, "table", store_cursor_int(row, SH_TABLE));
    const struct named *interview =
        name_of(ctx, &r->names, "interview", store_cursor_int(row, SH_INTERVIEW));
    struct said_tally zone = {same_or_kept(ctx, row, SH_ZONE, n ? zones[n - 1].code : STR_NONE),
                              1};
    struct said_tally category = {
        same_or_kept(ctx, row, SH_CATEGORY, n ? categories[n - 1].code : STR_NONE), 1};
    bool who = r->staff || document > 0;
    if (!v)
        return RG_NO_MEMORY(ctx);
    v->kind = same_or_kept(ctx, row, SH_KIND, before ? before->kind : STR_NONE);
    v->contests = same_or_kept(ctx, row, SH_CONTESTS, before ? before->contests : STR_NONE);
    v->slug = said_slug(ctx, store_cursor_text(row, SH_CODE));
    v->table = table->code;
    v->table_label = table->label;
    v->interview = interview->code;
    v->zone = who ? zone.code : STR("");
    v->category = who ? category.code : STR("");
    v->parked = store_cursor_int(row, SH_PARKED);
    v->session = store_cursor_int(row, SH_SESSION);
    v->withheld = str_is(interview->consent, "none") || str_is(interview->consent, "coded");
    v->position_id = store_cursor_int(row, SH_POSITION);
    v->text = v->withheld && !r->staff ? STR("") : same_or_kept(ctx, row, SH_TEXT, STR_NONE);
    v->kind_key =
        before && before->kind.p == v->kind.p ? before->kind_key : said_kind_key(v->kind);
    if (v->category.n)
        v->category_key = before && before->category.p == v->category.p
                              ? before->category_key
                              : said_key(ctx, "listening.category.", v->category);
    if (from > 0) {
        int64_t to = store_cursor_int(row, SH_TO);
        v->lines = (struct said_source){name_of(ctx, &r->names, "document", document)->code,
                                        from, to, from == to};
    }
    said_voice_labels(ctx, v, before);
    mix_count(&all->mix, v->table.n > 0, v->interview.n > 0, document > 0);
    r->last = v;
    enum rg_err err = store_rows_add(ctx, &r->voices, &v);
    if (err == RG_OK)
        err = store_rows_add(ctx, &r->zones, &zone);
    return err == RG_OK ? store_rows_add(ctx, &r->categories, &category) : err;
}

/* The statement is read row by row: of what 300 rows repeat, little is copied (300 us a page).
 */
static enum rg_err
voices_short(struct rg_ctx *ctx, int64_t theme_id, struct gathered *ret)
{
    struct reading r = {.ctx = ctx,
                        .staff = said_staff(ctx),
                        .voices = {.size_each = sizeof(struct said_voice *)},
                        .zones = {.size_each = sizeof(struct said_tally)},
                        .categories = {.size_each = sizeof(struct said_tally)}};
    const struct store_stmt *stmt = store_stmt_find(&listening_store,
                                                    "listening.theme_voices_short");
    const struct store_value id = store_value_int(theme_id);
    RG_CLEANUP(store_cursor_close) struct store_cursor cursor = {0};
    bool more = true;
    RG_ASSERT(stmt && stmt->n_cols == SH_POSITION + 1);
    enum rg_err err = names_fill(ctx, &r.names);
    if (err == RG_OK)
        err = store_cursor_open(ctx, &cursor, stmt, &id);
    while (err == RG_OK) {
        err = store_cursor_next(ctx, &cursor, &more);
        if (err != RG_OK || !more)
            break;
        err = short_add(&r, &cursor, ret);
    }
    ret->list = r.voices.p;
    ret->zones = r.zones.p;
    ret->categories = r.categories.p;
    ret->n = r.voices.n;
    return err;
}

/* The voices of one position, in their order; position 0 those under none. */
static const struct said_voice *const *
voices_under(struct rg_ctx *ctx, const struct gathered *all, int64_t position_id, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        n += all->list[i]->position_id == position_id;
    *ret_n = n;
    if (n == all->n)
        return all->list;
    const struct said_voice **list = RG_ARRAY(ctx->arena, const struct said_voice *, n);
    *ret_n = 0;
    for (size_t i = 0; list && i < all->n; i++)
        if (all->list[i]->position_id == position_id)
            list[(*ret_n)++] = all->list[i];
    return list;
}

static enum rg_err
positions_fill(struct rg_ctx *ctx, int64_t theme_id, const struct gathered *all,
               const struct said_position **ret, size_t *ret_n)
{
    struct listening_sql_theme_positions_row *rows;
    enum rg_err err = listening_sql_theme_positions(ctx, theme_id, &rows, ret_n);
    struct said_position *list =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_position, *ret_n) : NULL;
    if (err == RG_OK && !list)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < *ret_n; i++) {
        list[i] = (struct said_position){.id = rows[i].id,
                                         .code = rows[i].code,
                                         .title = rows[i].title,
                                         .text = rows[i].text,
                                         .sources = said_sources_of(ctx, rows[i].source)};
        list[i].voices = voices_under(ctx, all, rows[i].id, &list[i].n_voices);
        list[i].n = (int64_t)list[i].n_voices;
    }
    *ret = list;
    return err;
}

static enum rg_err
traces_fill(struct rg_ctx *ctx, int64_t theme_id, struct said_theme_page *page)
{
    struct listening_sql_theme_traces_row *rows;
    size_t n;
    enum rg_err err = listening_sql_theme_traces(ctx, theme_id, &rows, &n);
    struct said_trace *list = err == RG_OK ? RG_ARRAY(ctx->arena, struct said_trace, n) : NULL;
    if (err == RG_OK && !list)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        list[i] = (struct said_trace){said_key(ctx, "listening.trace.", rows[i].how),
                                      rows[i].from_code, rows[i].from_title, rows[i].reason,
                                      rows[i].at_s};
    page->traces = list;
    page->n_traces = err == RG_OK ? n : 0;
    return err;
}

/* Who spoke, out of the voices at hand: no further question to the records but the Zones'
 * names. */
static enum rg_err
spread_fill(struct rg_ctx *ctx, const struct gathered *all, struct said_theme_page *page)
{
    bool by_zone, by_category;
    enum rg_err err =
        said_groups(ctx, true, all->zones, all->n, &page->zones, &page->n_zones, &by_zone);
    if (err == RG_OK)
        err = said_groups(ctx, false, all->categories, all->n, &page->categories,
                          &page->n_categories, &by_category);
    page->divided = by_zone || by_category;
    return err;
}

static enum rg_err
fates_fill(struct rg_ctx *ctx, const struct web_request *req, int64_t theme_id,
           struct said_theme_page *page)
{
    const struct listening_web *web = req->data;
    struct listening_fate *fates;
    page->linked = web && web->theme_fates;
    if (!page->linked)
        return RG_OK;
    enum rg_err err = web->theme_fates(web->arg, ctx, theme_id, &fates, &page->n_fates);
    if (err == RG_OK)
        said_fates_worded(ctx, fates, page->n_fates);
    page->fates = fates;
    return err;
}

static enum rg_err
theme_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
             const struct listening_sql_theme_get_row *row, struct said_theme_page *page)
{
    struct web_frame frame = {.title = row->title, .description = row->summary};
    const char *feed = rg_arena_printf(ctx->arena, "%.*s.atom", STR_ARG(req->path));
    const struct web_crumb crumbs[] = {
        {STR("/ascolto"), wording_text(ctx->lang, "listening.title")},
        {STR("/ascolto/temi"), wording_text(ctx->lang, "listening.themes.title")},
        {STR_NONE, row->title}};
    web_crumbs(ctx, &frame, 3, crumbs);
    frame.feed = str_of(feed ? feed : "");
    page->downloads =
        said_downloads(ctx, req, WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM), &page->n_downloads);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_theme(h, page);
    return web_page_close(ctx, req, ans);
}

enum rg_err
said_theme(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_theme_get_row row;
    struct said_theme_page page = {.staff = said_staff(ctx)};
    struct gathered all = {0};
    bool found;
    enum rg_err err = listening_sql_theme_get(ctx, web_text(req, IN_CODE), &found, &row);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.no_theme");
    if (err == RG_OK && row.into_code.n) {
        const char *to =
            rg_arena_printf(ctx->arena, "/ascolto/temi/%.*s", STR_ARG(row.into_code));
        err = web_see_other(ctx, ans, to ? to : "/ascolto/temi");
        ans->status = err == RG_OK ? 301 : ans->status; /* for ever */
        return err;
    }
    if (err == RG_OK)
        err = req->form == WEB_HTML ? voices_short(ctx, row.id, &all)
                                    : voices_gather(ctx, row.id, &all);
    if (err == RG_OK && req->form != WEB_HTML)
        return said_voices_of_theme(ctx, req, ans, all.voices, all.n);
    if (err == RG_OK)
        err = positions_fill(ctx, row.id, &all, &page.positions, &page.n_positions);
    if (err == RG_OK)
        err = traces_fill(ctx, row.id, &page);
    if (err == RG_OK)
        err = spread_fill(ctx, &all, &page);
    if (err == RG_OK)
        err = fates_fill(ctx, req, row.id, &page);
    if (err != RG_OK)
        return err;
    page.code = row.code;
    page.title = row.title;
    page.summary = row.summary;
    page.axis = said_axis_named(ctx, row.axis, row.axis_title);
    page.parked = row.parked;
    page.mix = all.mix;
    page.n = all.mix.n;
    page.voices = voices_under(ctx, &all, 0, &page.n_voices);
    page.sources = said_sources_of(ctx, row.source);
    return theme_answer(ctx, req, ans, &row, &page);
}

/* ---- the position paper: themes of an axis as chapters ---- */

/* Sentences end at ". ", "! ", "? " and at line ends. */
static const struct str *
sentences_of(struct rg_ctx *ctx, struct str text, size_t *ret_n)
{
    enum { SENTENCES_MAX = 40 };
    struct str *list = RG_ARRAY(ctx->arena, struct str, SENTENCES_MAX);
    size_t from = 0, n = 0;
    for (size_t i = 0; list && i < text.n && n < SENTENCES_MAX; i++) {
        char c = text.p[i];
        bool last = i + 1 == text.n;
        bool end =
            c == '\n' || last || ((c == '.' || c == '!' || c == '?') && text.p[i + 1] == ' ');
        if (!end)
            continue;
        struct str s = str_trim(str_n(text.p + from, i + 1 - from));
        if (s.n)
            list[n++] = s;
        from = i + 1;
    }
    *ret_n = n;
    return list;
}

enum rg_err
said_paper_theme_fill(struct rg_ctx *ctx, const struct said_theme *theme,
                      struct said_paper_theme *ret)
{
    struct gathered all = {0};
    struct listening_sql_theme_get_row row;
    bool found;
    *ret = (struct said_paper_theme){.theme = *theme};
    enum rg_err err = voices_gather(ctx, theme->id, &all);
    if (err == RG_OK)
        err = positions_fill(ctx, theme->id, &all, &ret->positions, &ret->n_positions);
    if (err == RG_OK)
        err = listening_sql_theme_get(ctx, theme->code, &found, &row);
    if (err != RG_OK)
        return err;
    ret->sentences = sentences_of(ctx, theme->summary, &ret->n_sentences);
    ret->mix = all.mix;
    ret->voices = voices_under(ctx, &all, 0, &ret->n_voices);
    ret->sources = found ? said_sources_of(ctx, row.source) : (struct said_sources){0};
    return RG_OK;
}
