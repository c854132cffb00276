/* The rows of a pack into the records, each through its statement; only what differs is
 * touched. */
#include "listening/pack.h"
#include "listening_sql.h"

/* The parameters of a statement are the columns of its file, in their order. */
static enum rg_err
row_write(struct pack *pack, const struct store_stmt *stmt, const struct pack_row *row,
          const size_t *column_of, int64_t *ret_n)
{
    struct store_value values[PACK_COLUMNS_MAX];
    RG_ASSERT(stmt->n_params <= PACK_COLUMNS_MAX);
    for (size_t p = 0; p < stmt->n_params; p++) {
        size_t c = column_of ? column_of[p] : p;
        if ((stmt->params[p] & ~STORE_NULL) == STORE_INT)
            values[p] = store_value_int_opt(
                (struct store_int){row->ints[c] != INT64_MIN, row->ints[c]});
        else
            values[p] = store_value_text(row->cells[c]);
    }
    return store_exec(pack->ctx, stmt, values, ret_n);
}

/* ---- programmes ---- */

/* The rows of one event stand anywhere in the file: each event is done at its first row. */
static enum rg_err
programme_end(struct pack *pack, const struct pack_table *table, size_t first, bool was_there,
              int64_t n_changed, int64_t *n_written)
{
    struct str event = table->rows[first].cells[AGE_EVENT];
    int64_t n_max = 0, n = 0;
    for (size_t r = first; r < table->n; r++)
        if (str_eq(table->rows[r].cells[AGE_EVENT], event) &&
            table->rows[r].ints[AGE_ORD] > n_max)
            n_max = table->rows[r].ints[AGE_ORD];
    enum rg_err err = listening_sql_pack_slots_trim(pack->ctx, event, n_max, &n);
    *n_written += n;
    if (err == RG_OK && was_there && n + n_changed > 0)
        err = listening_sql_pack_event_bump(pack->ctx, event, NULL);
    return err;
}

static enum rg_err
programmes_write(struct pack *pack, const struct store_stmt *stmt, int64_t *n_written)
{
    const struct pack_table *table = &pack->tables[PACK_AGENDA];
    enum rg_err err = RG_OK;
    for (size_t r = 0; err == RG_OK && r < table->n; r++) {
        struct str event = table->rows[r].cells[AGE_EVENT];
        struct listening_sql_pack_slots_count_row before;
        int64_t n_changed = 0;
        bool done = false;
        for (size_t o = 0; o < r && !done; o++)
            done = str_eq(table->rows[o].cells[AGE_EVENT], event);
        if (done)
            continue;
        err = listening_sql_pack_slots_count(pack->ctx, event, &before);
        for (size_t o = r; err == RG_OK && o < table->n; o++) {
            int64_t n = 0;
            if (!str_eq(table->rows[o].cells[AGE_EVENT], event))
                continue;
            err = row_write(pack, stmt, &table->rows[o], NULL, &n);
            n_changed += n;
        }
        *n_written += n_changed;
        if (err == RG_OK)
            err = programme_end(pack, table, r, before.n > 0, n_changed, n_written);
    }
    return err;
}

/* ---- voices: themes and tags ---- */

static enum rg_err
themes_now(struct rg_ctx *ctx, int64_t id, struct rg_buf *out)
{
    struct listening_sql_pack_coding_get_row *rows;
    size_t n;
    enum rg_err err = listening_sql_pack_coding_get(ctx, id, &rows, &n);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        rg_buf_printf(out, "%s%.*s%s%.*s", i ? "|" : "", STR_ARG(rows[i].theme),
                      rows[i].position.n ? "/" : "", STR_ARG(rows[i].position));
    return err;
}

static enum rg_err
tags_now(struct rg_ctx *ctx, int64_t id, struct rg_buf *out)
{
    struct listening_sql_pack_tags_get_row *rows;
    size_t n;
    enum rg_err err = listening_sql_pack_tags_get(ctx, id, &rows, &n);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        rg_buf_printf(out, "%s%.*s:%.*s", i ? "|" : "", STR_ARG(rows[i].kind),
                      STR_ARG(rows[i].code));
    return err;
}

/* A list as it will come back: pieces trimmed, doubled ones once, merged themes as what they
 * lead to. "a | b/x" becomes "a|b/x". */
static enum rg_err
list_settled(struct pack *pack, struct str list, bool themes, struct rg_buf *out)
{
    struct str piece;
    while (list.n && str_cut(&list, '|', &piece)) {
        struct str rest = str_trim(piece), head;
        if (themes && str_cut(&rest, '/', &head)) {
            struct listening_sql_pack_theme_end_row end;
            bool found;
            enum rg_err err = listening_sql_pack_theme_end(pack->ctx, head, &found, &end);
            if (err != RG_OK)
                return err;
            if (found && !str_eq(end.code, head)) {
                rest = STR(""); /* its positions went over with other codes */
                head = end.code;
            }
            const char *whole = rg_arena_printf(pack->ctx->arena, "%.*s%s%.*s", STR_ARG(head),
                                                rest.n ? "/" : "", STR_ARG(rest));
            rest = str_of(whole);
        }
        const char *framed =
            rg_arena_printf(pack->ctx->arena, "|%.*s|", STR_ARG(rg_buf_view(out)));
        const char *wanted = rg_arena_printf(pack->ctx->arena, "|%.*s|", STR_ARG(rest));
        if (!framed || !wanted)
            return RG_NO_MEMORY(pack->ctx);
        if (rest.n && str_find(str_of(framed), str_of(wanted)) < 0)
            rg_buf_printf(out, "%s%.*s", out->n ? "|" : "", STR_ARG(rest));
    }
    return RG_OK;
}

static enum rg_err
coding_write(struct rg_ctx *ctx, int64_t id, struct str list, int64_t *n_written)
{
    struct str piece, theme;
    int64_t n = 0;
    enum rg_err err = listening_sql_coding_clear(ctx, id, &n);
    *n_written += n;
    while (err == RG_OK && list.n && str_cut(&list, '|', &piece)) {
        struct str position = piece;
        if (!str_cut(&position, '/', &theme))
            continue;
        err = listening_sql_coding_add_by_code(ctx, id, theme, position.p ? position : STR(""),
                                               &n);
        *n_written += n;
    }
    return err;
}

static enum rg_err
tags_write(struct rg_ctx *ctx, int64_t id, struct str list, int64_t *n_written)
{
    struct str piece, kind;
    int64_t n = 0;
    enum rg_err err = listening_sql_tags_clear(ctx, id, &n);
    *n_written += n;
    while (err == RG_OK && list.n && str_cut(&list, '|', &piece)) {
        struct str code = piece;
        if (!str_cut(&code, ':', &kind) || !code.p)
            continue;
        err = listening_sql_tag_add(ctx, id, kind, code, &n);
        *n_written += n;
    }
    return err;
}

static enum rg_err
voice_lists_write(struct pack *pack, const struct pack_row *row, int64_t *n_written)
{
    struct rg_ctx *ctx = pack->ctx;
    struct listening_sql_pack_contribution_now_row now;
    bool found;
    enum rg_err err =
        listening_sql_pack_contribution_now(ctx, row->cells[CON_CODE], &found, &now);
    if (err != RG_OK || !found || now.rev != 1)
        return err;
    for (int themes = 0; err == RG_OK && themes < 2; themes++) {
        RG_CLEANUP(rg_buf_done) struct rg_buf is;
        RG_CLEANUP(rg_buf_done) struct rg_buf wanted;
        rg_buf_init(&is, RG_CSV_FIELD_MAX);
        rg_buf_init(&wanted, RG_CSV_FIELD_MAX);
        err = themes ? themes_now(ctx, now.id, &is) : tags_now(ctx, now.id, &is);
        if (err == RG_OK)
            err =
                list_settled(pack, row->cells[themes ? CON_THEMES : CON_TAGS], themes, &wanted);
        if (err == RG_OK && (is.failed || wanted.failed))
            err = RG_NO_MEMORY(ctx);
        if (err == RG_OK && !str_eq(rg_buf_view(&is), rg_buf_view(&wanted)))
            err = themes ? coding_write(ctx, now.id, rg_buf_view(&wanted), n_written)
                         : tags_write(ctx, now.id, rg_buf_view(&wanted), n_written);
    }
    return err;
}

/* Statement "pack_contributions_set" leaves the two lists out. */
static const size_t voice_columns[] = {CON_CODE,      CON_EVENT,    CON_TABLE,     CON_SESSION,
                                       CON_INTERVIEW, CON_DOCUMENT, CON_LINE_FROM, CON_LINE_TO,
                                       CON_KIND,      CON_TEXT,     CON_QUOTE,     CON_CATEGORY,
                                       CON_ZONE,      CON_AREA,     CON_TERRITORY, CON_CONTESTS,
                                       CON_PARKED,    CON_LOCAL,    CON_STATE};

/* ---- all files ---- */

static enum rg_err
table_write(struct pack *pack, enum pack_file_ix ix, int64_t *n_written)
{
    const struct pack_table *table = &pack->tables[ix];
    const struct store_stmt *stmt = pack_stmt(pack->ctx, pack_files[ix].name, "set");
    if (!stmt)
        return RG_NO_MEMORY(pack->ctx);
    if (ix == PACK_AGENDA)
        return programmes_write(pack, stmt, n_written);
    bool voices = ix == PACK_CONTRIBUTIONS;
    enum rg_err err = RG_OK;
    for (size_t r = 0; err == RG_OK && r < table->n; r++) {
        struct rg_mark mark = rg_arena_mark(pack->ctx->arena);
        struct pack_row row = table->rows[r];
        int64_t n = 0;
        if (voices && row.cells[CON_STATE].n == 0)
            row.cells[CON_STATE] = STR("said");
        err = row_write(pack, stmt, &row, voices ? voice_columns : NULL, &n);
        *n_written += n;
        if (err == RG_OK && voices)
            err = voice_lists_write(pack, &row, n_written);
        rg_arena_release(pack->ctx->arena, mark);
    }
    return err;
}

/* Merges come when all themes are there; an empty cell leaves a theme as it is here. */
static enum rg_err
merges_write(struct pack *pack, int64_t *n_written)
{
    const struct pack_table *table = &pack->tables[PACK_THEMES_FILE];
    enum rg_err err = RG_OK;
    for (size_t r = 0; err == RG_OK && r < table->n; r++) {
        const struct pack_row *row = &table->rows[r];
        int64_t n = 0;
        if (row->cells[THE_MERGED].n)
            err = listening_sql_pack_merged_set(pack->ctx, row->cells[THE_CODE],
                                                row->cells[THE_MERGED], &n);
        *n_written += n;
    }
    return err;
}

enum rg_err
pack_write(struct pack *pack, int64_t *ret_n_written)
{
    enum rg_err err = RG_OK;
    *ret_n_written = 0;
    for (size_t f = 0; err == RG_OK && f < PACK_FILE__MAX; f++) {
        err = table_write(pack, (enum pack_file_ix)f, ret_n_written);
        if (err == RG_OK && f == PACK_THEMES_FILE)
            err = merges_write(pack, ret_n_written);
    }
    return err;
}
