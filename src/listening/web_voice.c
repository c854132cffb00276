/* Voices: the list that can be narrowed, and one of them with what became of it. */
#include "listening/surface.h"
#include "listening_sql.h"
#include "listening_tmpl.h"
#include <stddef.h>

enum { IN_ID };
enum {
    IN_EVENT,
    IN_TABLE,
    IN_SESSION,
    IN_AXIS,
    IN_ZONE,
    IN_CATEGORY,
    IN_KIND,
    IN_PARKED,
    IN_TERRITORY,
    IN_THEME,
    IN_TAG,
    IN_PAGE
};
enum { FEED_MAX = 50 };

_Static_assert(offsetof(struct listening_sql_voice_rows_row, consent) ==
                   offsetof(struct listening_sql_voice_get_row, consent),
               "one reading for both");

/* ---- forms for machines ---- */

static const struct web_listing_column columns[] = {
    {"code", WEB_DATUM_TEXT, "listening.col.code"},
    {"kind", WEB_DATUM_TEXT, "listening.col.kind"},
    {"text", WEB_DATUM_TEXT, "listening.col.text"},
    {"event", WEB_DATUM_TEXT, "listening.col.event"},
    {"table", WEB_DATUM_TEXT, "listening.col.table"},
    {"session", WEB_DATUM_INT, "listening.col.session"},
    {"interview", WEB_DATUM_TEXT, "listening.col.interview"},
    {"document", WEB_DATUM_TEXT, "listening.col.document"},
    {"line_from", WEB_DATUM_INT, "listening.col.line_from"},
    {"line_to", WEB_DATUM_INT, "listening.col.line_to"},
    {"category", WEB_DATUM_TEXT, "listening.col.category"},
    {"zone", WEB_DATUM_TEXT, "listening.col.zone"},
    {"territory", WEB_DATUM_TEXT, "listening.col.territory"},
    {"contests", WEB_DATUM_TEXT, "listening.col.contests"},
    {"parked", WEB_DATUM_FLAG, "listening.col.parked"},
    {"themes", WEB_DATUM_TEXT, "listening.col.themes"},
    {"address", WEB_DATUM_TEXT, "listening.col.address"},
    {"updated", WEB_DATUM_INSTANT, "listening.col.updated"},
};
enum {
    COL_CODE,
    COL_KIND,
    COL_TEXT,
    COL_EVENT,
    COL_TABLE,
    COL_SESSION,
    COL_INTERVIEW,
    COL_DOCUMENT,
    COL_FROM,
    COL_TO,
    COL_CATEGORY,
    COL_ZONE,
    COL_TERRITORY,
    COL_CONTESTS,
    COL_PARKED,
    COL_THEMES,
    COL_ADDRESS,
    COL_UPDATED,
    COL__MAX
};
_Static_assert(RG_COUNT(columns) == COL__MAX, "every column is named");

static struct web_datum
told(struct str text)
{
    return (struct web_datum){.has = text.n > 0, .text = text};
}

static enum rg_err
row_fill(struct rg_ctx *ctx, const struct said_voice *v, bool feed, struct web_datum *row)
{
    struct listening_sql_voice_themes_row *themes;
    size_t n;
    enum rg_err err = listening_sql_voice_themes(ctx, v->id, &themes, &n);
    if (err != RG_OK)
        return err;
    RG_CLEANUP(rg_buf_done) struct rg_buf list;
    rg_buf_init(&list, 64 * 1024);
    for (size_t i = 0; i < n; i++)
        rg_buf_printf(&list, "%s%.*s%s%.*s", i ? "|" : "", STR_ARG(themes[i].code),
                      themes[i].position.n ? "/" : "", STR_ARG(themes[i].position));
    row[COL_CODE] = web_datum_text(v->code);
    row[COL_KIND] = web_datum_text(v->kind);
    row[COL_TEXT] = told(v->text);
    row[COL_EVENT] = told(v->event);
    row[COL_TABLE] = told(v->table);
    row[COL_SESSION] = (struct web_datum){.has = v->session > 0, .i = v->session};
    row[COL_INTERVIEW] = told(v->interview);
    row[COL_DOCUMENT] = told(v->lines.document);
    row[COL_FROM] = (struct web_datum){.has = v->lines.from > 0, .i = v->lines.from};
    row[COL_TO] = (struct web_datum){.has = v->lines.to > 0, .i = v->lines.to};
    row[COL_CATEGORY] = told(v->category);
    row[COL_ZONE] = told(v->zone);
    row[COL_TERRITORY] = told(v->territory);
    row[COL_CONTESTS] = told(v->contests);
    row[COL_PARKED] = web_datum_int(v->parked);
    row[COL_THEMES] = told(list.n ? rg_arena_str(ctx->arena, rg_buf_view(&list)) : STR(""));
    row[COL_ADDRESS] = web_datum_text(v->slug);
    if (feed) {
        struct store_change *last;
        size_t n_last;
        err = store_history(ctx, STR("listening_contribution"), v->id, 0, 1, &last, &n_last);
        row[COL_UPDATED] = (struct web_datum){.has = err == RG_OK && n_last > 0,
                                              .i = err == RG_OK && n_last ? last[0].at_s : 0};
    }
    return err;
}

static enum rg_err
voices_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
              const struct said_voice *voices, size_t n, int64_t total, int64_t page,
              int64_t size)
{
    bool feed = req->form == WEB_ATOM;
    if (feed && n > FEED_MAX)
        n = FEED_MAX;
    struct web_datum *cells = RG_ARRAY(ctx->arena, struct web_datum, n * COL__MAX);
    enum rg_err err = cells ? RG_OK : RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        err = row_fill(ctx, &voices[i], feed, &cells[i * COL__MAX]);
    const struct web_listing list = {.name = "contributi",
                                     .title = wording_text(ctx->lang, "listening.voices.title"),
                                     .columns = columns,
                                     .n_columns = feed ? COL__MAX : COL__MAX - 1,
                                     .cells = cells,
                                     .n_rows = n,
                                     .total = total,
                                     .page = page,
                                     .size = size,
                                     .id_column = COL_ADDRESS,
                                     .title_column = feed ? COL_TEXT : COL_CODE,
                                     .text_column = COL_THEMES,
                                     .updated_column = feed ? COL_UPDATED : -1,
                                     .lat_column = -1,
                                     .lon_column = -1,
                                     .entry_path = "/ascolto/contributi/",
                                     .source_key = "listening.source"};
    if (err == RG_OK && !feed) /* rows stand COL__MAX apart: close them up */
        for (size_t i = 1; i < n; i++)
            memmove(&cells[i * list.n_columns], &cells[i * COL__MAX],
                    list.n_columns * sizeof(*cells));
    return err == RG_OK ? web_listing_answer(ctx, req, ans, &list) : err;
}

enum rg_err
said_voices_of_theme(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
                     const struct said_voice *voices, size_t n)
{
    return voices_answer(ctx, req, ans, voices, n, (int64_t)n, 1, (int64_t)n);
}

/* ---- the list ---- */

struct narrow {
    struct str event, table, axis, zone, category, kind, territory, theme, tag_kind, tag;
    int64_t session, parked;
};

static struct narrow
narrow_of(const struct web_request *req)
{
    struct narrow by = {.event = web_text(req, IN_EVENT),
                        .table = web_text(req, IN_TABLE),
                        .axis = web_text(req, IN_AXIS),
                        .zone = web_text(req, IN_ZONE),
                        .category = web_text(req, IN_CATEGORY),
                        .kind = web_text(req, IN_KIND),
                        .territory = web_text(req, IN_TERRITORY),
                        .theme = web_text(req, IN_THEME),
                        .session = web_int(req, IN_SESSION),
                        .parked = web_int(req, IN_PARKED),
                        .tag_kind = STR(""),
                        .tag = STR("")};
    struct str tag = web_text(req, IN_TAG), kind;
    if (tag.n && str_cut(&tag, ':', &kind) && tag.p) {
        by.tag_kind = kind;
        by.tag = tag;
    }
    return by;
}

/* A person's Zone or category that a reader may not see must not be found by asking either. */
static bool
asks_who(const struct narrow *by)
{
    return by->zone.n || by->category.n;
}

static void
chip_add(struct rg_ctx *ctx, const struct web_request *req, struct web_chip *chips, size_t *n,
         const char *name, struct str label)
{
    struct str query = web_query_with(ctx, req, name, STR_NONE);
    const char *path = rg_arena_printf(ctx->arena, "/ascolto/contributi?%.*s", STR_ARG(query));
    chips[(*n)++] = (struct web_chip){label, str_of(path ? path : "/ascolto/contributi")};
}

static size_t
chips_fill(struct rg_ctx *ctx, const struct web_request *req, const struct narrow *by,
           struct web_chip *chips)
{
    size_t n = 0;
    if (by->event.n)
        chip_add(ctx, req, chips, &n, "evento", by->event);
    if (by->table.n)
        chip_add(ctx, req, chips, &n, "tavolo",
                 web_words(ctx, "listening.table", "table", &by->table, NULL));
    if (by->axis.n)
        chip_add(ctx, req, chips, &n, "asse", said_axis_title(ctx, by->axis));
    if (by->zone.n)
        chip_add(ctx, req, chips, &n, "zona",
                 web_words(ctx, "listening.zone", "zone", &by->zone, NULL));
    if (by->category.n)
        chip_add(ctx, req, chips, &n, "categoria",
                 said_label(ctx, "listening.category.", by->category));
    if (by->kind.n)
        chip_add(ctx, req, chips, &n, "tipo", said_label(ctx, "listening.kind.", by->kind));
    if (by->territory.n)
        chip_add(ctx, req, chips, &n, "territorio",
                 said_label(ctx, "listening.territory.", by->territory));
    if (by->theme.n)
        chip_add(ctx, req, chips, &n, "tema", by->theme);
    if (by->tag.n)
        chip_add(ctx, req, chips, &n, "etichetta", by->tag);
    if (by->parked)
        chip_add(ctx, req, chips, &n, "sospesi",
                 wording_text(ctx->lang, "listening.voice.parked"));
    if (by->session) {
        struct str ord = web_number(ctx, by->session);
        chip_add(ctx, req, chips, &n, "sessione",
                 web_words(ctx, "listening.session", "session", &ord, NULL));
    }
    return n;
}

static struct web_option *
options_of(struct rg_ctx *ctx, const char *prefix, const char *const *codes, struct str chosen,
           size_t *ret_n)
{
    size_t n = 0;
    while (codes[n])
        n++;
    struct web_option *options = RG_ARRAY(ctx->arena, struct web_option, n + 1);
    if (!options)
        return NULL;
    options[0] = (struct web_option){STR(""), wording_text(ctx->lang, "listening.voices.any"),
                                     chosen.n == 0};
    for (size_t i = 0; i < n; i++)
        options[i + 1] =
            (struct web_option){str_of(codes[i]), said_label(ctx, prefix, str_of(codes[i])),
                                str_eq(str_of(codes[i]), chosen)};
    *ret_n = n + 1;
    return options;
}

static enum rg_err
zones_fill(struct rg_ctx *ctx, const struct narrow *by, struct said_voices_page *page)
{
    struct listening_sql_zones_row *zones;
    struct listening_sql_axes_known_row *axes;
    size_t n, n_axes;
    enum rg_err err = listening_sql_zones(ctx, &zones, &n);
    if (err == RG_OK)
        err = listening_sql_axes_known(ctx, &axes, &n_axes);
    if (err != RG_OK)
        return err;
    struct web_option *options = RG_ARRAY(ctx->arena, struct web_option, n + 1);
    struct web_option *of_axes = RG_ARRAY(ctx->arena, struct web_option, n_axes + 1);
    if (!options || !of_axes)
        return RG_NO_MEMORY(ctx);
    struct str any = wording_text(ctx->lang, "listening.voices.any");
    options[0] = (struct web_option){STR(""), any, by->zone.n == 0};
    of_axes[0] = (struct web_option){STR(""), any, by->axis.n == 0};
    for (size_t i = 0; i < n; i++)
        options[i + 1] =
            (struct web_option){zones[i].code,
                                web_words(ctx, "listening.zone_named", "zone", &zones[i].code,
                                          "name", &zones[i].name, NULL),
                                str_eq(zones[i].code, by->zone)};
    for (size_t i = 0; i < n_axes; i++)
        of_axes[i + 1] = (struct web_option){axes[i].axis, said_axis_title(ctx, axes[i].axis),
                                             str_eq(axes[i].axis, by->axis)};
    page->zones = options;
    page->n_zones = n + 1;
    page->axes = of_axes;
    page->n_axes = n_axes + 1;
    return RG_OK;
}

/* "torino-lione" is a place's code: shown as "Torino Lione". */
static struct str
place_named(struct rg_ctx *ctx, struct str code)
{
    char *p = (char *)(uintptr_t)rg_arena_cstr(ctx->arena, code);
    for (size_t i = 0; p && i < code.n; i++) {
        if (p[i] == '-')
            p[i] = ' ';
        else if ((i == 0 || p[i - 1] == ' ') && p[i] >= 'a' && p[i] <= 'z')
            p[i] = (char)(p[i] - 'a' + 'A');
    }
    return p ? str_n(p, code.n) : code;
}

/* What a tag says to people: needs and bodies by the rooms that know them. */
static enum rg_err
tag_label(struct rg_ctx *ctx, const struct web_request *req, struct str kind, struct str code,
          struct str *ret_label)
{
    const struct listening_web *web = req->data;
    struct str path = STR_NONE;
    *ret_label = STR_NONE;
    if (str_is(kind, "paradigm"))
        *ret_label = said_label(ctx, "listening.paradigm.", code);
    else if (str_is(kind, "place"))
        *ret_label = place_named(ctx, code);
    enum rg_err err = web && web->tag && !ret_label->n
                          ? web->tag(web->arg, ctx, kind, code, ret_label, &path)
                          : RG_OK;
    if (err == RG_OK && !ret_label->n)
        *ret_label = code;
    return err;
}

/* What voices speak of most, each a way to narrow the list. */
static enum rg_err
tags_gather(struct rg_ctx *ctx, const struct web_request *req, struct said_voices_page *page)
{
    static const char *const kinds[][2] = {{"body", "listening.voices.bodies"},
                                           {"place", "listening.voices.places"},
                                           {"instrument", "listening.voices.instruments"}};
    enum { TAGS_SHOWN = 30 };
    struct said_tag_group *groups =
        RG_ARRAY(ctx->arena, struct said_tag_group, RG_COUNT(kinds));
    if (!groups)
        return RG_NO_MEMORY(ctx);
    for (size_t k = 0; k < RG_COUNT(kinds); k++) {
        struct listening_sql_tags_by_kind_row *rows;
        size_t n;
        enum rg_err err =
            listening_sql_tags_by_kind(ctx, str_of(kinds[k][0]), TAGS_SHOWN, &rows, &n);
        struct web_page_link *links =
            err == RG_OK ? RG_ARRAY(ctx->arena, struct web_page_link, n) : NULL;
        if (err != RG_OK || !links)
            return err != RG_OK ? err : RG_NO_MEMORY(ctx);
        for (size_t i = 0; i < n; i++) {
            struct str named;
            err = tag_label(ctx, req, str_of(kinds[k][0]), rows[i].code, &named);
            if (err != RG_OK)
                return err;
            const char *path =
                rg_arena_printf(ctx->arena, "/ascolto/contributi?etichetta=%s:%.*s",
                                kinds[k][0], STR_ARG(rows[i].code));
            const char *label = rg_arena_printf(ctx->arena, "%.*s (%lld)", STR_ARG(named),
                                                (long long)rows[i].n);
            links[i] = (struct web_page_link){str_of(path), str_of(label), false};
        }
        if (n)
            groups[page->n_tags++] = (struct said_tag_group){kinds[k][1], links, n};
    }
    page->tags = groups;
    return RG_OK;
}

static enum rg_err
list_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
          const struct narrow *by, struct said_voices_page *page, int64_t number)
{
    struct web_chip chips[16];
    struct web_paging paging;
    enum rg_err err = web_paging_fill(ctx, STR("/ascolto/contributi"),
                                      web_query_with(ctx, req, "pagina", STR_NONE), number,
                                      WEB_PAGE_SIZE, page->total, &paging);
    if (err == RG_OK)
        err = zones_fill(ctx, by, page);
    if (err == RG_OK)
        err = tags_gather(ctx, req, page);
    page->kinds = options_of(ctx, "listening.kind.", said_kinds, by->kind, &page->n_kinds);
    page->categories = options_of(ctx, "listening.category.", said_categories, by->category,
                                  &page->n_categories);
    if (err == RG_OK && (!page->kinds || !page->categories))
        err = RG_NO_MEMORY(ctx);
    if (err != RG_OK)
        return err;
    page->n_chips = chips_fill(ctx, req, by, chips);
    page->chips = chips;
    page->paging = &paging;
    page->files = said_downloads(ctx, req, WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM), &page->n_files);
    struct web_frame frame = {.title = wording_text(ctx->lang, "listening.voices.title"),
                              .description = wording_text(ctx->lang, "listening.voices.lead")};
    const struct web_crumb crumbs[] = {
        {STR("/ascolto"), wording_text(ctx->lang, "listening.title")}, {STR_NONE, frame.title}};
    web_crumbs(ctx, &frame, 2, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_voices(h, page);
    return web_page_close(ctx, req, ans);
}

enum rg_err
said_voices(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct narrow by = narrow_of(req);
    struct listening_sql_voice_rows_row *rows;
    struct listening_sql_voice_rows_count_row count;
    size_t n, n_shown = 0;
    int64_t page = web_given(req, IN_PAGE) ? web_int(req, IN_PAGE) : 1;
    int64_t size = req->form == WEB_HTML ? WEB_PAGE_SIZE : WEB_PAGE_SIZE_MAX;
    enum rg_err err = listening_sql_voice_rows_count(
        ctx, by.event, by.table, by.session, by.axis, by.zone, by.category, by.kind, by.parked,
        by.territory, by.theme, by.tag_kind, by.tag, &count);
    if (err == RG_OK)
        err = listening_sql_voice_rows(ctx, by.event, by.table, by.session, by.axis, by.zone,
                                       by.category, by.kind, by.parked, by.territory, by.theme,
                                       by.tag_kind, by.tag, (page - 1) * size, size, &rows, &n);
    struct said_voice *voices =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_voice, n) : NULL;
    if (err == RG_OK && !voices)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        struct said_voice *v = &voices[n_shown];
        said_voice_of(ctx, (const struct listening_sql_voice_get_row *)&rows[i], v);
        n_shown +=
            !asks_who(&by) || ((!by.zone.n || v->zone.n) && (!by.category.n || v->category.n));
    }
    if (err != RG_OK)
        return err;
    int64_t total = count.n - (int64_t)(n - n_shown);
    struct said_voices_page shown = {.voices = voices, .n_voices = n_shown, .total = total};
    return req->form == WEB_HTML
               ? list_page(ctx, req, ans, &by, &shown, page)
               : voices_answer(ctx, req, ans, voices, n_shown, total, page, size);
}

/* ---- one voice ---- */

static enum rg_err
tags_fill(struct rg_ctx *ctx, const struct web_request *req, struct said_voice_page *page)
{
    struct listening_sql_voice_tags_row *rows;
    size_t n;
    enum rg_err err = listening_sql_voice_tags(ctx, page->v.id, &rows, &n);
    struct said_tag *tags = err == RG_OK ? RG_ARRAY(ctx->arena, struct said_tag, n) : NULL;
    if (err == RG_OK && !tags)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        const char *path =
            rg_arena_printf(ctx->arena, "/ascolto/contributi?etichetta=%.*s:%.*s",
                            STR_ARG(rows[i].kind), STR_ARG(rows[i].code));
        struct str named;
        err = tag_label(ctx, req, rows[i].kind, rows[i].code, &named);
        tags[i] = (struct said_tag){named, said_key(ctx, "listening.tag.", rows[i].kind),
                                    str_of(path ? path : "/ascolto")};
    }
    page->tags = tags;
    page->n_tags = err == RG_OK ? n : 0;
    return err;
}

static enum rg_err
themes_fill(struct rg_ctx *ctx, struct said_voice_page *page)
{
    struct listening_sql_voice_themes_row *rows;
    size_t n;
    enum rg_err err = listening_sql_voice_themes(ctx, page->v.id, &rows, &n);
    struct said_theme_ref *list =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_theme_ref, n) : NULL;
    if (err == RG_OK && !list)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        list[i] = (struct said_theme_ref){rows[i].code, rows[i].title, rows[i].position,
                                          rows[i].position_title, rows[i].theme_id};
    page->themes = list;
    page->n_themes = err == RG_OK ? n : 0;
    return err;
}

/* What the staff may put it under: each theme, and each position of it. */
static enum rg_err
options_fill(struct rg_ctx *ctx, struct said_voice_page *page)
{
    struct listening_sql_coding_choices_row *rows;
    size_t n;
    enum rg_err err = listening_sql_coding_choices(ctx, &rows, &n);
    struct web_option *options =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct web_option, n) : NULL;
    if (err == RG_OK && !options)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        const char *value =
            rg_arena_printf(ctx->arena, "%.*s%s%.*s", STR_ARG(rows[i].code),
                            rows[i].position.n ? "/" : "", STR_ARG(rows[i].position));
        const char *label =
            rg_arena_printf(ctx->arena, "%.*s%s%.*s", STR_ARG(rows[i].title),
                            rows[i].position.n ? " – " : "", STR_ARG(rows[i].position_title));
        options[i] = (struct web_option){str_of(value), str_of(label), false};
    }
    page->options = options;
    page->n_options = err == RG_OK ? n : 0;
    return err;
}

/* The changes of one voice as a feed: whoever said it can follow it without a name or address.
 */
static enum rg_err
voice_feed(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
           const struct said_voice *v)
{
    static const struct web_listing_column feed_columns[] = {
        {"id", WEB_DATUM_TEXT, "listening.col.code"},
        {"title", WEB_DATUM_TEXT, "listening.col.title"},
        {"updated", WEB_DATUM_INSTANT, "listening.col.updated"}};
    struct store_change *changes;
    size_t n, n_sets = 0;
    enum rg_err err =
        store_history(ctx, STR("listening_contribution"), v->id, 0, FEED_MAX, &changes, &n);
    struct web_datum *cells =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct web_datum, n * 3) : NULL;
    if (err == RG_OK && !cells)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        if (i > 0 && changes[i].seq == changes[i - 1].seq)
            continue;
        struct web_datum *row = &cells[n_sets++ * 3];
        const char *id = rg_arena_printf(ctx->arena, "%.*s#%lld", STR_ARG(v->slug),
                                         (long long)changes[i].seq);
        row[0] = web_datum_text(str_of(id));
        row[1] = web_datum_text(said_label(ctx, "listening.reason.", changes[i].reason));
        row[2] = web_datum_int(changes[i].at_s);
    }
    const struct web_listing list = {
        .name = "contributo",
        .title = web_words(ctx, "listening.voice.feed", "code", &v->code, NULL),
        .columns = feed_columns,
        .n_columns = 3,
        .cells = cells,
        .n_rows = n_sets,
        .total = (int64_t)n_sets,
        .page = 1,
        .size = FEED_MAX,
        .id_column = 0,
        .title_column = 1,
        .text_column = -1,
        .updated_column = 2,
        .lat_column = -1,
        .lon_column = -1,
        .entry_path = "/ascolto/contributi/"};
    return err == RG_OK ? web_listing_answer(ctx, req, ans, &list) : err;
}

/* By its address; a code may hold '_' itself. */
enum rg_err
said_voice_open(struct rg_ctx *ctx, struct str slug, struct said_voice *ret)
{
    struct listening_sql_voice_get_row row;
    bool found;
    enum rg_err err = listening_sql_voice_get(ctx, said_voice_code(ctx, slug), &found, &row);
    if (err == RG_OK && !found)
        err = listening_sql_voice_get(ctx, slug, &found, &row);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.no_voice");
    if (err == RG_OK)
        said_voice_of(ctx, &row, ret);
    return err;
}

/* "/ascolto/contributi/123", the number in the records, leads to the address that lasts. */
static enum rg_err
by_number(struct rg_ctx *ctx, struct str slug, struct web_answer *ans, bool *ret_done)
{
    struct listening_sql_voice_code_row row;
    int64_t id;
    bool found = false;
    enum rg_err err = RG_OK;
    *ret_done = false;
    if (rg_parse_i64(slug, 1, INT64_MAX, &id))
        err = listening_sql_voice_code(ctx, id, &found, &row);
    if (err == RG_OK && found) {
        *ret_done = true;
        err = web_see_other(ctx, ans, listening_voice_path(ctx, row.code));
    }
    return err;
}

enum rg_err
said_voice(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct listening_web *web = req->data;
    struct said_voice_page page = {.staff = said_staff(ctx)};
    struct listening_fate *fates = NULL;
    bool done;
    enum rg_err err = by_number(ctx, web_text(req, IN_ID), ans, &done);
    if (err != RG_OK || done)
        return err;
    err = said_voice_open(ctx, web_text(req, IN_ID), &page.v);
    if (err == RG_OK && req->form == WEB_ATOM)
        return voice_feed(ctx, req, ans, &page.v);
    if (err == RG_OK && req->form != WEB_HTML)
        return voices_answer(ctx, req, ans, &page.v, 1, 1, 1, 1);
    if (err == RG_OK)
        err = themes_fill(ctx, &page);
    if (err == RG_OK)
        err = tags_fill(ctx, req, &page);
    if (err == RG_OK && page.staff)
        err = options_fill(ctx, &page);
    page.linked = web && web->fate;
    if (err == RG_OK && page.linked)
        err = web->fate(web->arg, ctx, page.v.id, &fates, &page.n_fates);
    if (err != RG_OK)
        return err;
    said_fates_worded(ctx, fates, page.n_fates);
    page.fates = fates;
    const char *feed =
        rg_arena_printf(ctx->arena, "/ascolto/contributi/%.*s.atom", STR_ARG(page.v.slug));
    struct web_frame frame = {
        .title = web_words(ctx, "listening.voice.title", "code", &page.v.code, NULL),
        .description = page.v.text,
        .feed = str_of(feed ? feed : "")};
    const struct web_crumb crumbs[] = {
        {STR("/ascolto"), wording_text(ctx->lang, "listening.title")},
        {STR("/ascolto/contributi"), wording_text(ctx->lang, "listening.voices.title")},
        {STR_NONE, page.v.code}};
    web_crumbs(ctx, &frame, 3, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_voice_page(h, &page);
    return web_page_close(ctx, req, ans);
}
