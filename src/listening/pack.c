/* Files of a pack, read and checked cell by cell: every problem is told, with its remedy. */
#include "listening/pack.h"
#include <stdio.h>

static const char *const phase_states[] = {"done", "running", "next", NULL};
static const char *const event_kinds[] = {"forum",           "meeting", "assembly",
                                          "interview_round", "survey",  NULL};
static const char *const event_states[] = {"draft", "open", "running", "closed", NULL};
static const char *const slot_kinds[] = {"welcome", "plenary", "talk", "move",
                                         "session", "break",   NULL};
static const char *const count_whats[] = {"axis", "zone", "category", NULL};
static const char *const consents[] = {"none", "coded", "pseudonym", "public", NULL};
static const char *const kinds[] = {"lesson",   "need",    "proposal", "position",
                                    "practice", "dissent", "fact",     NULL};
static const char *const categories[] = {
    "comune",      "citta_metropolitana", "zona",          "regione",      "pa",
    "scuola",      "universita",          "impresa",       "professioni",  "sanita",
    "terzo_settore", "associazione",      "giustizia",     "cittadini",    "ricerca", NULL};
static const char *const territories[] = {"plain", "hill", "foothill", "mountain", NULL};
static const char *const tag_kinds[] = {"need",     "body", "place", "instrument",
                                        "paradigm", "plan", "axis",  NULL};
static const char *const states[] = {"said", "withdrawn", NULL};

#define COLUMNS(...) (const struct pack_column[]) { __VA_ARGS__, {0} }
#define CODE(n) {n, PACK_CODE, true, NULL, NULL}
#define MUST(n) {n, PACK_TEXT, true, NULL, NULL}
#define FREE(n) {n, PACK_TEXT, false, NULL, NULL}
#define WHOLE(n, must) {n, PACK_INT, must, NULL, NULL}
#define TIME(n, must) {n, PACK_TIME, must, NULL, NULL}
#define WHEN(n) {n, PACK_WHEN, false, NULL, NULL}
#define ONE_OF(n, must, list) {n, PACK_CHOICE, must, list, NULL}
#define FLAG(n) {n, PACK_FLAG, false, NULL, NULL}
#define SOURCE {"source", PACK_SOURCE, false, NULL, NULL}
#define REF(n, must) {n, PACK_REF, must, NULL, n}
#define SIBLING(n) {n, PACK_SIBLING, false, NULL, "table"}

const struct pack_file pack_files[PACK_FILE__MAX] = {
    [PACK_DOCUMENTS] = {"documents", "document", 1,
                        COLUMNS(CODE("code"), MUST("title"), FREE("author"), WHEN("day"),
                                FREE("url"))},
    [PACK_PROCESSES] = {"processes", "process", 1,
                        COLUMNS(CODE("code"), MUST("title"), FREE("aim"), SOURCE)},
    [PACK_PHASES] = {"phases", NULL, 3,
                     COLUMNS(REF("process", true), WHOLE("ord", true), CODE("code"), MUST("title"),
                             WHEN("from_day"), WHEN("to_day"),
                             ONE_OF("state", true, phase_states), FREE("inputs"), FREE("outputs"),
                             FREE("next_steps"), SOURCE)},
    [PACK_EVENTS] = {"events", "event", 1,
                     COLUMNS(CODE("code"), REF("process", false), FREE("phase"),
                             ONE_OF("kind", true, event_kinds), FREE("series"), MUST("title"),
                             FREE("aim"), FREE("place"), FREE("area_code"), WHEN("day"),
                             TIME("starts", false), TIME("ends", false),
                             WHOLE("n_present", false), WHOLE("n_remote", false),
                             FREE("stream_url"), FREE("recording_url"), FREE("materials"),
                             FREE("minutes"), ONE_OF("state", true, event_states), SOURCE)},
    [PACK_AGENDA] = {"agenda", NULL, 2,
                     COLUMNS(REF("event", true), WHOLE("ord", true), TIME("starts", true),
                             TIME("ends", true), ONE_OF("kind", true, slot_kinds), MUST("title"),
                             WHOLE("session", false))},
    [PACK_ACTS] = {"acts", NULL, 1,
                   COLUMNS(CODE("code"), MUST("title"), FREE("body"), WHEN("day"),
                           FREE("summary"), REF("event", false), SOURCE)},
    [PACK_TABLES] = {"tables", "table", 2,
                     COLUMNS(REF("event", true), CODE("code"), MUST("axis"), MUST("title"),
                             FREE("room"), WHOLE("capacity", false), WHOLE("n_present", false),
                             SIBLING("merged_with"), FREE("report"), SOURCE)},
    [PACK_COUNTS] = {"counts", NULL, 3,
                     COLUMNS(REF("event", true), ONE_OF("what", true, count_whats), CODE("code"),
                             WHOLE("n", false), WHOLE("rank", false), SOURCE)},
    [PACK_SESSIONS] = {"sessions", "session", 2,
                       COLUMNS(REF("event", true), WHOLE("ord", true), MUST("title"),
                               FREE("question"), SOURCE)},
    [PACK_SPEECHES] = {"speeches", NULL, 2,
                       COLUMNS(REF("event", true), WHOLE("ord", true), MUST("speaker"),
                               FREE("aliases"), FREE("role"), FREE("body"), FREE("summary"),
                               FREE("url"), SOURCE)},
    [PACK_INTERVIEWS] = {"interviews", "interview", 1,
                         COLUMNS(CODE("code"), REF("event", false),
                                 ONE_OF("category", false, categories), FREE("role"),
                                 FREE("body"), FREE("zone"), WHEN("day"), FREE("guide"),
                                 ONE_OF("consent", true, consents), SOURCE)},
    [PACK_THEMES_FILE] = {"themes", "theme", 1,
                          COLUMNS(CODE("code"), FREE("axis"), MUST("title"), FREE("summary"),
                                  FLAG("parked"), SOURCE, REF("merged_into", false))},
    [PACK_POSITIONS] = {"positions", "position", 2,
                        COLUMNS(REF("theme", true), CODE("code"), MUST("title"), FREE("text"),
                                SOURCE)},
    [PACK_CONTRIBUTIONS] =
        {"contributions", "contribution", 1,
         COLUMNS(CODE("code"), REF("event", false), SIBLING("table"), WHOLE("session", false),
                 REF("interview", false), REF("document", false), WHOLE("line_from", false),
                 WHOLE("line_to", false), ONE_OF("kind", true, kinds), MUST("text"),
                 FREE("quote"), ONE_OF("category", false, categories), FREE("zone"),
                 FREE("area_code"), ONE_OF("territory", false, territories), FREE("contests"),
                 FLAG("parked"), FLAG("local_case"),
                 {"themes", PACK_THEMES, false, NULL, NULL},
                 {"tags", PACK_TAGS, false, tag_kinds, NULL}, ONE_OF("state", false, states))},
};

size_t
pack_n_columns(const struct pack_file *file)
{
    size_t n = 0;
    while (file->columns[n].name)
        n++;
    RG_ASSERT(n <= PACK_COLUMNS_MAX);
    return n;
}

const struct store_stmt *
pack_stmt(struct rg_ctx *ctx, const char *file, const char *what)
{
    const char *name = rg_arena_printf(ctx->arena, "listening.pack_%s_%s", file, what);
    return name ? store_stmt_find(&listening_store, name) : NULL;
}

/* ---- problems ---- */

static void
tell(struct pack *pack, struct listening_problem *list, size_t *n, size_t *n_all,
     const struct pack_table *table, const struct pack_row *row, size_t column, struct str text)
{
    ++*n_all;
    if (*n == LISTENING_PROBLEMS_MAX)
        return;
    list[(*n)++] = (struct listening_problem){
        .file = table->path,
        .line = row ? row->line : 1,
        .field = column < pack_n_columns(table->file) ? table->file->columns[column].name : "",
        .text = text};
}

/* A value may be long: what a sentence shows of it is its beginning. */
static struct str
shortened(struct rg_ctx *ctx, struct str value)
{
    if (value.n <= 60)
        return value;
    const char *cut =
        rg_arena_printf(ctx->arena, "%.*s…", (int)str_utf8_prefix(value, 57), value.p);
    return str_of(cut ? cut : "");
}

void
pack_problem(struct pack *pack, const struct pack_table *table, const struct pack_row *row,
             size_t column, const char *key, struct str value)
{
    struct listening_load_report *r = pack->report;
    if (!str_utf8_ok(value))
        value = STR("?");
    value = shortened(pack->ctx, value);
    tell(pack, r->problems, &r->n_problems, &r->n_problems_all, table, row, column,
         web_words(pack->ctx, key, "value", &value, NULL));
}

void
pack_note(struct pack *pack, const struct pack_table *table, const struct pack_row *row,
          size_t column, const char *key, struct str value, struct str other)
{
    struct listening_load_report *r = pack->report;
    tell(pack, r->notes, &r->n_notes, &r->n_notes_all, table, row, column,
         web_words(pack->ctx, key, "value", &value, "other", &other, NULL));
}

/* ---- one cell ---- */

static bool
code_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '|')
            return false;
    return s.n <= 120;
}

static bool
when_ok(struct str s)
{
    char whole[11] = "0000-01-01";
    int64_t days;
    if (s.n != 4 && s.n != 7 && s.n != 10)
        return false;
    memcpy(whole, s.p, s.n);
    return rg_parse_date(str_n(whole, 10), &days);
}

static bool
choice_ok(struct str s, const char *const *choices)
{
    for (size_t i = 0; choices[i]; i++)
        if (str_eq(s, str_of(choices[i])))
            return true;
    return false;
}

static bool
time_ok(struct str s, int64_t *ret_minutes)
{
    int second;
    if (!rg_parse_clock(s, &second) || second % 60)
        return false;
    *ret_minutes = second / 60;
    return true;
}

static bool
flag_ok(struct str s, int64_t *ret)
{
    *ret = str_is(s, "1") || str_is(s, "yes") || str_is(s, "si") || str_is(s, "true");
    return *ret || str_is(s, "0") || str_is(s, "no") || str_is(s, "false");
}

/* "forum-2023:3-36": the document's code, then a line or two. */
static bool
source_piece_ok(struct str piece)
{
    struct str rest = piece, code, from;
    int64_t a, b;
    ptrdiff_t colon = -1;
    for (size_t i = 0; i < piece.n; i++)
        if (piece.p[i] == ':')
            colon = (ptrdiff_t)i;
    if (colon <= 0)
        return false;
    code = str_n(piece.p, (size_t)colon);
    rest = str_n(piece.p + colon + 1, piece.n - (size_t)colon - 1);
    if (!code_ok(code) || !str_cut(&rest, '-', &from) || !rg_parse_i64(from, 1, INT32_MAX, &a))
        return false;
    return !rest.p || (rg_parse_i64(rest, a, INT32_MAX, &b));
}

static bool
source_ok(struct str s)
{
    struct str piece;
    while (str_cut(&s, ' ', &piece))
        if (piece.n && !source_piece_ok(piece))
            return false;
    return true;
}

static bool
tags_ok(struct str s, const char *const *tag_kinds_known)
{
    struct str piece, kind;
    while (str_cut(&s, '|', &piece)) {
        piece = str_trim(piece);
        if (!str_cut(&piece, ':', &kind) || !choice_ok(kind, tag_kinds_known) || !piece.p ||
            piece.n == 0)
            return false;
    }
    return true;
}

/* NULL when the cell is fine; else the key of what is wrong with it. */
static const char *
cell_problem(const struct pack_column *column, struct str s, int64_t *ret_i)
{
    *ret_i = INT64_MIN;
    if (column->kind == PACK_FLAG && s.n == 0)
        *ret_i = 0;
    if (s.n == 0)
        return column->must ? "listening.pack.missing" : NULL;
    if (!str_utf8_ok(s))
        return "listening.pack.not_text";
    switch (column->kind) {
    case PACK_CODE: return code_ok(s) ? NULL : "listening.pack.code";
    case PACK_INT:
        return rg_parse_i64(s, 0, 1000000000, ret_i) ? NULL : "listening.pack.number";
    case PACK_TIME: return time_ok(s, ret_i) ? NULL : "listening.pack.time";
    case PACK_WHEN: return when_ok(s) ? NULL : "listening.pack.day";
    case PACK_CHOICE: return choice_ok(s, column->choices) ? NULL : "listening.pack.choice";
    case PACK_FLAG: return flag_ok(s, ret_i) ? NULL : "listening.pack.flag";
    case PACK_SOURCE: return source_ok(s) ? NULL : "listening.pack.source";
    case PACK_TAGS: return tags_ok(s, column->choices) ? NULL : "listening.pack.tags";
    case PACK_TEXT:
    case PACK_REF:
    case PACK_SIBLING:
    case PACK_THEMES: break;
    }
    return NULL;
}

/* ---- one file ---- */

static struct pack_row *
row_add(struct pack *pack, struct pack_table *table, size_t n_columns)
{
    struct rg_arena *arena = pack->ctx->arena;
    if (table->n == table->cap) {
        size_t cap = table->cap ? table->cap * 2 : 16;
        struct pack_row *rows = RG_ARRAY(arena, struct pack_row, cap);
        if (!rows)
            return NULL;
        if (table->n)
            memcpy(rows, table->rows, table->n * sizeof(*rows));
        table->rows = rows;
        table->cap = cap;
    }
    struct pack_row *row = &table->rows[table->n];
    row->cells = RG_ARRAY(arena, struct str, n_columns);
    row->ints = RG_ARRAY(arena, int64_t, n_columns);
    if (!row->cells || !row->ints)
        return NULL;
    table->n++;
    return row;
}

static enum rg_err
row_read(struct pack *pack, struct pack_table *table, const struct rg_csv *csv,
         const ptrdiff_t *at)
{
    size_t n = pack_n_columns(table->file);
    struct pack_row *row = row_add(pack, table, n);
    if (!row)
        return RG_NO_MEMORY(pack->ctx);
    row->line = csv->line;
    if (csv->bad_quote || csv->too_wide || csv->too_long)
        pack_problem(pack, table, row, 0, "listening.pack.bad_row", STR(""));
    for (size_t c = 0; c < n; c++) {
        struct str cell = at[c] >= 0 && (size_t)at[c] < csv->n_fields
                              ? str_trim(csv->fields[at[c]])
                              : STR("");
        row->cells[c] = rg_arena_str(pack->ctx->arena, cell);
        if (!row->cells[c].p)
            return RG_NO_MEMORY(pack->ctx);
        const char *key = cell_problem(&table->file->columns[c], row->cells[c], &row->ints[c]);
        if (key)
            pack_problem(pack, table, row, c, key, row->cells[c]);
    }
    return RG_OK;
}

enum rg_err
pack_table_read(struct pack *pack, enum pack_file_ix ix, struct str path, struct str bytes)
{
    struct pack_table *table = &pack->tables[ix];
    ptrdiff_t at[PACK_COLUMNS_MAX];
    size_t n = pack_n_columns(&pack_files[ix]);
    RG_CLEANUP(rg_csv_done) struct rg_csv csv;
    *table = (struct pack_table){.file = &pack_files[ix], .path = path, .there = true};
    rg_csv_init(&csv, bytes);
    bool header = rg_csv_next(&csv), whole = header;
    for (size_t c = 0; c < n; c++) {
        const struct pack_column *column = &table->file->columns[c];
        at[c] = header ? rg_csv_column(&csv, str_of(column->name)) : -1;
        bool optional = (ix == PACK_THEMES_FILE && c == THE_MERGED) ||
                        (ix == PACK_CONTRIBUTIONS && c == CON_STATE);
        if (at[c] < 0 && !optional) {
            whole = false;
            pack_problem(pack, table, NULL, c, "listening.pack.no_column", str_of(column->name));
        }
    }
    enum rg_err err = RG_OK;
    while (err == RG_OK && whole && rg_csv_next(&csv))
        err = row_read(pack, table, &csv, at);
    return err == RG_OK && csv.no_memory ? RG_NO_MEMORY(pack->ctx) : err;
}
