/* From records to what pages show: voices, lines of documents, days, groups. */
#include "listening/surface.h"
#include "listening/kernel.h"
#include "listening_sql.h"

bool
said_staff(const struct rg_ctx *ctx)
{
    return (ctx->actor.roles & SAID_STAFF) != 0;
}

struct str
said_clock(struct rg_ctx *ctx, int64_t minutes)
{
    const char *text =
        rg_arena_printf(ctx->arena, "%d:%02d", (int)(minutes / 60), (int)(minutes % 60));
    return str_of(text ? text : "");
}

struct str
said_span(struct rg_ctx *ctx, struct str from, struct str to)
{
    if (!from.n || !to.n)
        return web_day(ctx, from.n ? from : to);
    const char *both = rg_arena_printf(ctx->arena, "%.*s – %.*s", STR_ARG(web_day(ctx, from)),
                                       STR_ARG(web_day(ctx, to)));
    return str_of(both ? both : "");
}

const char *
said_key(struct rg_ctx *ctx, const char *prefix, struct str code)
{
    const char *key = rg_arena_printf(ctx->arena, "%s%.*s", prefix, STR_ARG(code));
    return key && wording_find(key) ? key : "";
}

struct str
said_label(struct rg_ctx *ctx, const char *prefix, struct str code)
{
    const char *key = said_key(ctx, prefix, code);
    return *key ? wording_text(ctx->lang, key) : code;
}

void
said_fates_worded(struct rg_ctx *ctx, struct listening_fate *fates, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fates[i].day = web_day(ctx, fates[i].day);
}

/* ---- voices ---- */

/* The kinds are few and every voice has one: their keys are not put together each time. */
const char *
said_kind_key(struct str kind)
{
    static const char *const keys[][2] = {
        {"lesson", "listening.kind.lesson"},     {"need", "listening.kind.need"},
        {"proposal", "listening.kind.proposal"}, {"position", "listening.kind.position"},
        {"practice", "listening.kind.practice"}, {"dissent", "listening.kind.dissent"},
        {"fact", "listening.kind.fact"}};
    for (size_t i = 0; i < RG_COUNT(keys); i++)
        if (str_eq(kind, str_of(keys[i][0])))
            return keys[i][1];
    return "listening.kind.need";
}

struct str
said_slug(struct rg_ctx *ctx, struct str code)
{
    char *slug = rg_arena_alloc(ctx->arena, code.n + 1);
    if (!slug)
        return STR("");
    for (size_t i = 0; i < code.n; i++)
        slug[i] = code.p[i] == '/' ? '_' : code.p[i];
    return str_n(slug, code.n);
}

struct str
said_voice_code(struct rg_ctx *ctx, struct str slug)
{
    char *code = rg_arena_alloc(ctx->arena, slug.n + 1);
    if (!code)
        return slug;
    for (size_t i = 0; i < slug.n; i++)
        code[i] = slug.p[i] == '_' ? '/' : slug.p[i];
    return str_n(code, slug.n);
}

const char *
listening_voice_path(struct rg_ctx *ctx, struct str code)
{
    const char *path =
        rg_arena_printf(ctx->arena, "/ascolto/contributi/%.*s", STR_ARG(said_slug(ctx, code)));
    return path ? path : "/ascolto";
}

void
said_voice_labels(struct rg_ctx *ctx, struct said_voice *v, const struct said_voice *before)
{
    if (before && before->kind_key == v->kind_key)
        v->kind_label = before->kind_label;
    else
        v->kind_label = wording_text(ctx->lang, v->kind_key);
    if (v->table_label.n == 0 && before && str_eq(before->table, v->table))
        v->table_label = before->table_label;
    else if (v->table_label.n == 0 && v->table.n)
        v->table_label = web_words(ctx, "listening.table", "table", &v->table, NULL);
    if (before && before->category_key == v->category_key)
        v->category_label = before->category_label;
    else if (v->category_key)
        v->category_label = wording_text(ctx->lang, v->category_key);
    if (before && before->zone_word.n)
        v->zone_word = before->zone_word;
    else if (v->zone.n)
        v->zone_word = wording_text(ctx->lang, "listening.zone_word");
    if (before && before->lines.single == v->lines.single && before->lines_word.n)
        v->lines_word = before->lines_word;
    else
        v->lines_word = wording_text(ctx->lang, v->lines.single ? "listening.line_word"
                                                                : "listening.lines_word");
    if (before && before->session == v->session) {
        v->session_label = before->session_label;
    } else if (v->session > 0) {
        struct str ord = web_number(ctx, v->session);
        v->session_label = web_words(ctx, "listening.session", "session", &ord, NULL);
    }
}

void
said_voice_of(struct rg_ctx *ctx, const struct listening_sql_voice_get_row *row,
                 struct said_voice *ret)
{
    bool staff = said_staff(ctx);
    /* What a published document tells of the speaker is public; what a facilitator noted is not:
     * a Zone and a category at one table can be one person.                                    */
    bool who = staff || row->document_code.n > 0;
    bool withheld = str_is(row->consent, "none") || str_is(row->consent, "coded");
    *ret = (struct said_voice){
        .id = row->id,
        .rev = row->rev,
        .code = row->code,
        .slug = said_slug(ctx, row->code),
        .kind = row->kind,
        .kind_key = said_kind_key(row->kind),
        .text = withheld && !staff ? STR("") : row->text,
        .quote = withheld && !staff ? STR("") : row->quote,
        .category = who ? row->category : STR(""),
        .category_key =
            who && row->category.n ? said_key(ctx, "listening.category.", row->category) : NULL,
        .zone = who ? row->zone : STR(""),
        .territory = row->territory,
        .territory_key =
            row->territory.n ? said_key(ctx, "listening.territory.", row->territory) : NULL,
        .contests = row->contests,
        .state = row->state,
        .parked = row->parked,
        .local_case = row->local_case,
        .withheld = withheld,
        .session = row->session_ord.has ? row->session_ord.v : 0,
        .event = row->event_code,
        .table = row->table_code,
        .interview = row->interview_code,
        .lines = {row->document_code, row->line_from.v, row->line_to.v,
                  row->line_from.v == row->line_to.v}};
    if (!row->line_from.has)
        ret->lines.document = STR("");
    said_voice_labels(ctx, ret, NULL);
}

struct said_sources
said_sources_of(struct rg_ctx *ctx, struct str source)
{
    enum { SOURCES_MAX = 40 };
    struct said_source *list =
        source.n ? RG_ARRAY(ctx->arena, struct said_source, SOURCES_MAX) : NULL;
    struct str piece;
    size_t n = 0;
    while (list && n < SOURCES_MAX && str_cut(&source, ' ', &piece)) {
        size_t colon = piece.n;
        while (colon > 0 && piece.p[colon - 1] != ':')
            colon--;
        struct str rest = str_n(piece.p + colon, piece.n - colon), from;
        struct said_source s = {.document = str_n(piece.p, colon ? colon - 1 : 0)};
        if (!s.document.n || !str_cut(&rest, '-', &from) ||
            !rg_parse_i64(from, 1, INT32_MAX, &s.from))
            continue;
        s.to = s.from;
        if (rest.p && !rg_parse_i64(rest, s.from, INT32_MAX, &s.to))
            continue;
        s.single = s.from == s.to;
        list[n++] = s;
    }
    return (struct said_sources){list, n};
}

/* ---- groups ---- */

static enum rg_err
groups_fill(struct rg_ctx *ctx, struct said_group *groups, const int64_t *counts, size_t n,
            bool *ret_divided)
{
    bool hidden[SPREAD_MAX];
    *ret_divided = spread_hide(counts, n, hidden);
    for (size_t i = 0; i < n; i++) {
        groups[i].nobody = counts[i] == 0;
        groups[i].shown = hidden[i] || !*ret_divided
                              ? wording_text(ctx->lang, "listening.spread.hidden")
                              : web_number(ctx, counts[i]);
    }
    return RG_OK;
}

const char *const said_categories[] = {
    "comune",  "citta_metropolitana", "zona",        "regione", "pa",            "scuola",
    "universita", "impresa",          "professioni", "sanita",  "terzo_settore", "associazione",
    "giustizia",  "cittadini",        "ricerca",     NULL};
const char *const said_territories[] = {"plain", "hill", "foothill", "mountain", NULL};
const char *const said_states[] = {"said", "withdrawn", NULL};
const char *const said_kinds[] = {"lesson",   "need",    "proposal", "position",
                                     "practice", "dissent", "fact",     NULL};

/* The place of a code among the groups; n when it is none of them. */
static size_t
group_of(const struct listening_sql_zones_row *zones, size_t n, struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(zones ? zones[i].code : str_of(said_categories[i]), code))
            return i;
    return n;
}

enum rg_err
said_groups(struct rg_ctx *ctx, bool by_zone, const struct said_tally *tally, size_t n_tally,
            const struct said_group **ret, size_t *ret_n, bool *ret_divided)
{
    struct listening_sql_zones_row *zones = NULL;
    size_t n = RG_COUNT(said_categories) - 1;
    int64_t counts[SPREAD_MAX] = {0};
    enum rg_err err = by_zone ? listening_sql_zones(ctx, &zones, &n) : RG_OK;
    if (n > SPREAD_MAX)
        n = SPREAD_MAX;
    struct said_group *groups = err == RG_OK ? RG_ARRAY(ctx->arena, struct said_group, n) : NULL;
    if (err == RG_OK && !groups)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n_tally; i++) {
        size_t at = tally[i].code.n ? group_of(zones, n, tally[i].code) : n;
        if (at < n)
            counts[at] += tally[i].n;
    }
    for (size_t i = 0; err == RG_OK && i < n; i++)
        groups[i].label = by_zone ? web_words(ctx, "listening.zone_named", "zone",
                                              &zones[i].code, "name", &zones[i].name, NULL)
                                  : said_label(ctx, "listening.category.",
                                               str_of(said_categories[i]));
    if (err == RG_OK)
        err = groups_fill(ctx, groups, counts, n, ret_divided);
    bool told = false;
    for (size_t i = 0; i < n; i++)
        told = told || counts[i] > 0;
    if (err == RG_OK) {
        *ret = groups;
        *ret_n = told ? n : 0;
    }
    return err;
}

/* ---- themes by axis ---- */

struct str
said_axis_named(struct rg_ctx *ctx, struct str axis, struct str title)
{
    ptrdiff_t colon = str_find(title, STR(": ")); /* "…: first table" of an axis with two */
    if (axis.n == 0)
        return wording_text(ctx->lang, "listening.axis.none");
    if (title.n == 0)
        return web_words(ctx, "listening.axis.bare", "axis", &axis, NULL);
    if (colon > 0)
        title.n = (size_t)colon;
    return web_words(ctx, "listening.axis.named", "axis", &axis, "title", &title, NULL);
}

struct str
said_axis_title(struct rg_ctx *ctx, struct str axis)
{
    struct listening_sql_axis_title_row row;
    bool found = false;
    if (axis.n && listening_sql_axis_title(ctx, axis, &found, &row) == RG_OK && found)
        return said_axis_named(ctx, axis, row.title);
    return said_axis_named(ctx, axis, STR(""));
}

enum rg_err
said_axes(struct rg_ctx *ctx, bool parked_too, const struct said_axis **ret, size_t *ret_n)
{
    struct listening_sql_theme_list_row *rows;
    size_t n, n_axes = 0, n_themes = 0;
    int64_t most = 1;
    enum rg_err err = listening_sql_theme_list(ctx, &rows, &n);
    struct said_theme *themes =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_theme, n) : NULL;
    struct said_axis *axes = err == RG_OK ? RG_ARRAY(ctx->arena, struct said_axis, n) : NULL;
    if (err == RG_OK && (!themes || !axes))
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        most = rows[i].n > most ? rows[i].n : most;
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        if (rows[i].parked && !parked_too)
            continue;
        if (n_axes == 0 || !str_eq(axes[n_axes - 1].axis, rows[i].axis))
            axes[n_axes++] = (struct said_axis){.axis = rows[i].axis,
                                                   .title = said_axis_title(ctx, rows[i].axis),
                                                   .axis_path = rows[i].axis.n
                                                                    ? rows[i].axis
                                                                    : STR("trasversali"),
                                                   .themes = &themes[n_themes]};
        axes[n_axes - 1].n_themes++;
        themes[n_themes++] = (struct said_theme){rows[i].id,
                                                    rows[i].code,
                                                    rows[i].axis,
                                                    rows[i].title,
                                                    rows[i].summary,
                                                    rows[i].parked,
                                                    rows[i].n,
                                                    rows[i].n_positions,
                                                    rows[i].n * 200 / most};
    }
    if (err == RG_OK) {
        *ret = axes;
        *ret_n = n_axes;
    }
    return err;
}

/* ---- the same rows in other forms ---- */

struct web_download *
said_downloads(struct rg_ctx *ctx, const struct web_request *req, unsigned forms, size_t *ret_n)
{
    static const struct {
        enum web_form form;
        const char *name, *ending;
    } all[] = {{WEB_CSV, "CSV", "csv"}, {WEB_JSON, "JSON", "json"}, {WEB_ATOM, "Atom", "atom"}};
    struct web_download *list = RG_ARRAY(ctx->arena, struct web_download, RG_COUNT(all));
    *ret_n = 0;
    for (size_t i = 0; list && i < RG_COUNT(all); i++) {
        if (!(forms & WEB_BIT(all[i].form)))
            continue;
        const char *path =
            rg_arena_printf(ctx->arena, "%.*s.%s%s%.*s", STR_ARG(req->path), all[i].ending,
                            req->query.n ? "?" : "", STR_ARG(req->query));
        list[(*ret_n)++] = (struct web_download){all[i].name, str_of(path ? path : "/")};
    }
    return list;
}
