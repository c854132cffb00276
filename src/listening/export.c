/* The registers as the files of a pack: what is loaded again gives the same bytes. */
#include "listening/pack.h"
#include "listening_sql.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { VOICES_AT_ONCE = 500 };

static void
put_int(struct rg_buf *out, enum pack_kind kind, struct store_int n, bool first)
{
    char text[32] = "";
    if (n.has && kind == PACK_TIME)
        snprintf(text, sizeof(text), "%d:%02d", (int)(n.v / 60), (int)(n.v % 60));
    else if (n.has)
        snprintf(text, sizeof(text), "%lld", (long long)n.v);
    rg_csv_put(out, str_of(text), ',', first);
}

static void
put_header(struct rg_buf *out, const struct pack_file *file, size_t n)
{
    for (size_t c = 0; c < n; c++)
        rg_csv_put(out, str_of(file->columns[c].name), ',', c == 0);
    rg_buf_c(out, '\n');
}

/* Rows of a statement whose columns are those of the file. */
static enum rg_err
put_rows(struct rg_ctx *ctx, const struct pack_file *file, struct rg_buf *out, int64_t *n_rows)
{
    const struct store_stmt *stmt = pack_stmt(ctx, file->name, "get");
    RG_CLEANUP(store_cursor_close) struct store_cursor cursor = {0};
    bool more = true;
    if (!stmt)
        return RG_NO_MEMORY(ctx);
    put_header(out, file, stmt->n_cols);
    enum rg_err err = store_cursor_open(ctx, &cursor, stmt, NULL);
    while (err == RG_OK) {
        err = store_cursor_next(ctx, &cursor, &more);
        if (err != RG_OK || !more)
            break;
        for (size_t c = 0; c < stmt->n_cols; c++) {
            if ((stmt->cols[c] & ~STORE_NULL) == STORE_INT)
                put_int(out, file->columns[c].kind, store_cursor_int_opt(&cursor, c), c == 0);
            else
                rg_csv_put(out, store_cursor_text(&cursor, c), ',', c == 0);
        }
        rg_buf_c(out, '\n');
        ++*n_rows;
    }
    return err;
}

/* Themes have one more column when some of them lead to others. */
static enum rg_err
put_themes(struct rg_ctx *ctx, struct rg_buf *out, int64_t *n_rows)
{
    struct listening_sql_pack_merged_get_row *merged;
    struct listening_sql_pack_themes_get_row *rows;
    size_t n_merged, n;
    enum rg_err err = listening_sql_pack_merged_get(ctx, &merged, &n_merged);
    if (err == RG_OK)
        err = listening_sql_pack_themes_get(ctx, &rows, &n);
    if (err != RG_OK)
        return err;
    put_header(out, &pack_files[PACK_THEMES_FILE], n_merged ? THE_MERGED + 1 : THE_MERGED);
    for (size_t i = 0, m = 0; i < n; i++) {
        rg_csv_put(out, rows[i].code, ',', true);
        rg_csv_put(out, rows[i].axis, ',', false);
        rg_csv_put(out, rows[i].title, ',', false);
        rg_csv_put(out, rows[i].summary, ',', false);
        put_int(out, PACK_FLAG, (struct store_int){true, rows[i].parked}, false);
        rg_csv_put(out, rows[i].source, ',', false);
        bool leads = m < n_merged && str_eq(merged[m].code, rows[i].code);
        if (n_merged)
            rg_csv_put(out, leads ? merged[m].merged_into : STR(""), ',', false);
        m += leads;
        rg_buf_c(out, '\n');
        ++*n_rows;
    }
    return RG_OK;
}

static enum rg_err
put_lists(struct rg_ctx *ctx, int64_t id, struct rg_buf *out)
{
    struct listening_sql_pack_coding_get_row *themes;
    struct listening_sql_pack_tags_get_row *tags;
    size_t n_themes, n_tags;
    RG_CLEANUP(rg_buf_done) struct rg_buf list;
    rg_buf_init(&list, RG_CSV_FIELD_MAX);
    enum rg_err err = listening_sql_pack_coding_get(ctx, id, &themes, &n_themes);
    if (err == RG_OK)
        err = listening_sql_pack_tags_get(ctx, id, &tags, &n_tags);
    if (err != RG_OK)
        return err;
    for (size_t i = 0; i < n_themes; i++)
        rg_buf_printf(&list, "%s%.*s%s%.*s", i ? "|" : "", STR_ARG(themes[i].theme),
                      themes[i].position.n ? "/" : "", STR_ARG(themes[i].position));
    rg_csv_put(out, rg_buf_view(&list), ',', false);
    rg_buf_reset(&list);
    for (size_t i = 0; i < n_tags; i++)
        rg_buf_printf(&list, "%s%.*s:%.*s", i ? "|" : "", STR_ARG(tags[i].kind),
                      STR_ARG(tags[i].code));
    rg_csv_put(out, rg_buf_view(&list), ',', false);
    return list.failed ? RG_NO_MEMORY(ctx) : RG_OK;
}

static enum rg_err
put_voice(struct rg_ctx *ctx, const struct listening_sql_pack_contributions_get_row *v,
          bool states, struct rg_buf *out)
{
    rg_csv_put(out, v->code, ',', true);
    rg_csv_put(out, v->event, ',', false);
    rg_csv_put(out, v->table, ',', false);
    put_int(out, PACK_INT, v->session, false);
    rg_csv_put(out, v->interview, ',', false);
    rg_csv_put(out, v->document, ',', false);
    put_int(out, PACK_INT, v->line_from, false);
    put_int(out, PACK_INT, v->line_to, false);
    const struct str texts[] = {v->kind, v->text,      v->quote,     v->category,
                                v->zone, v->area_code, v->territory, v->contests};
    for (size_t i = 0; i < RG_COUNT(texts); i++)
        rg_csv_put(out, texts[i], ',', false);
    put_int(out, PACK_FLAG, (struct store_int){true, v->parked}, false);
    put_int(out, PACK_FLAG, (struct store_int){true, v->local_case}, false);
    enum rg_err err = put_lists(ctx, v->id, out);
    if (states)
        rg_csv_put(out, v->state, ',', false);
    rg_buf_c(out, '\n');
    return err;
}

static enum rg_err
put_voices(struct rg_ctx *ctx, struct rg_buf *out, int64_t *n_rows)
{
    struct listening_sql_pack_states_other_row other;
    enum rg_err err = listening_sql_pack_states_other(ctx, &other);
    if (err != RG_OK)
        return err;
    bool states = other.n > 0;
    put_header(out, &pack_files[PACK_CONTRIBUTIONS], states ? CON_STATE + 1 : CON_STATE);
    int64_t after = 0;
    size_t n = VOICES_AT_ONCE;
    while (err == RG_OK && n == VOICES_AT_ONCE) {
        struct rg_mark mark = rg_arena_mark(ctx->arena);
        struct listening_sql_pack_contributions_get_row *rows;
        err = listening_sql_pack_contributions_get(ctx, after, VOICES_AT_ONCE, &rows, &n);
        for (size_t i = 0; err == RG_OK && i < n; i++) {
            err = put_voice(ctx, &rows[i], states, out);
            after = rows[i].id;
            ++*n_rows;
        }
        rg_arena_release(ctx->arena, mark);
    }
    return err;
}

/* ---- files ---- */

/* Whole under its name or not at all. */
static enum rg_err
file_write(struct rg_ctx *ctx, const char *path, struct str bytes)
{
    const char *beside = rg_arena_printf(ctx->arena, "%s.part", path);
    if (!beside)
        return RG_NO_MEMORY(ctx);
    FILE *f = fopen(beside, "wb");
    bool ok = f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fflush(f) == 0 &&
              fsync(fileno(f)) == 0;
    int why = errno;
    if (f)
        ok = fclose(f) == 0 && ok;
    ok = ok && rename(beside, path) == 0;
    if (ok)
        return RG_OK;
    unlink(beside);
    return RG_FAIL(ctx, RG_BROKEN, "listening.cannot_write", "file", path, "why",
                   strerror(why));
}

enum rg_err
listening_export(struct rg_ctx *ctx, const char *folder, int64_t *ret_n_rows)
{
    if (mkdir(folder, 0755) != 0 && errno != EEXIST)
        return RG_FAIL(ctx, RG_BROKEN, "listening.cannot_write", "file", folder, "why",
                       strerror(errno));
    *ret_n_rows = 0;
    for (size_t f = 0; f < PACK_FILE__MAX; f++) {
        RG_CLEANUP(rg_buf_done) struct rg_buf out;
        int64_t n = 0;
        rg_buf_init(&out, PACK_FILE_BYTES_MAX);
        const char *path = rg_arena_printf(ctx->arena, "%s/%s.csv", folder, pack_files[f].name);
        enum rg_err err = !path                     ? RG_NO_MEMORY(ctx)
                          : f == PACK_THEMES_FILE   ? put_themes(ctx, &out, &n)
                          : f == PACK_CONTRIBUTIONS ? put_voices(ctx, &out, &n)
                                                    : put_rows(ctx, &pack_files[f], &out, &n);
        if (err == RG_OK && out.failed)
            err = RG_FAIL(ctx, RG_LIMIT, "listening.file_large", "file", path);
        if (err == RG_OK)
            err = file_write(ctx, path, rg_buf_view(&out));
        if (err != RG_OK)
            return err;
        *ret_n_rows += n;
    }
    return RG_OK;
}
