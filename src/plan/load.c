/* A folder of CSV files into the records of the plan, and back. */
#include "plan/plan_priv.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 64 * 1024 * 1024 };

struct load {
    struct rg_ctx *ctx;
    const char *folder;
    plan_tell *tell;
    void *arg;
    struct plan_world world;
    struct plan_rows news[PLAN_TABLE__MAX]; /* rows of the files, in their order */
    struct plan_load_counts counts;
    int64_t n_faults; /* of files, before rows are looked at */
};

/* ---- faults ---- */

static void
tell_fault(struct load *l, const char *file, uint32_t line, const char *field, struct str words)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 8192);
    rg_buf_printf(&out, "%s/%s.csv", l->folder, file);
    if (line)
        rg_buf_printf(&out, ":%u", line);
    rg_buf_printf(&out, ": %s%s%.*s", field ? field : "", field ? ": " : "", STR_ARG(words));
    l->n_faults++;
    if (l->tell)
        l->tell(l->arg, rg_buf_view(&out));
}

/* ---- reading a file ---- */

static enum rg_err
file_bytes(struct rg_ctx *ctx, const char *path, struct rg_buf *bytes, bool *ret_there)
{
    const char *why;
    enum rg_file told = rg_file_read(path, bytes->ceiling, bytes, &why);
    *ret_there = told == RG_FILE_READ;
    switch (told) {
    case RG_FILE_READ:
    case RG_FILE_ABSENT: return RG_OK;
    case RG_FILE_UNREADABLE:
        return RG_FAIL(ctx, RG_BROKEN, "plan.load.open", "file", path, "why", why);
    case RG_FILE_TOO_LARGE:
        return RG_FAIL(ctx, RG_LIMIT, "plan.load.large", "file", path, "max", "64 MiB");
    case RG_FILE_NO_MEMORY: break;
    }
    return RG_NO_MEMORY(ctx);
}

struct header {
    ptrdiff_t at[PLAN_COLUMNS_MAX];
};

/* Columns are found by name: all must be there, none may be unknown. */
static bool
header_read(struct load *l, const struct plan_table_def *def, const struct rg_csv *csv,
            struct header *header)
{
    int64_t before = l->n_faults;
    for (size_t c = 0; c < def->n_columns; c++) {
        header->at[c] = rg_csv_column(csv, str_of(def->columns[c].name));
        if (header->at[c] < 0)
            tell_fault(l, def->name, 1, def->columns[c].name,
                       wording_text(l->ctx->lang, "plan.fault.no_column"));
    }
    for (size_t f = 0; f < csv->n_fields; f++) {
        bool known = false;
        for (size_t c = 0; c < def->n_columns; c++)
            known |= header->at[c] == (ptrdiff_t)f;
        if (!known) {
            struct str value = csv->fields[f];
            tell_fault(l, def->name, 1, NULL,
                       web_words(l->ctx, "plan.fault.column", "value", &value, NULL));
        }
    }
    return l->n_faults == before;
}

static enum rg_err
row_read(struct load *l, enum plan_table table, const struct rg_csv *csv,
         const struct header *header)
{
    const struct plan_table_def *def = &plan_tables[table];
    struct plan_row row = {.line = (uint32_t)csv->line, .place = (int64_t)l->news[table].n + 1};
    const char *key = csv->bad_quote                    ? "plan.fault.quote"
                      : csv->too_long                   ? "plan.fault.long"
                      : csv->n_fields != def->n_columns ? "plan.fault.cells"
                                                        : NULL;
    if (key)
        tell_fault(l, def->name, row.line, NULL, wording_text(l->ctx->lang, key));
    for (size_t c = 0; c < def->n_columns; c++) {
        size_t at = (size_t)header->at[c];
        struct str cell = at < csv->n_fields ? str_trim(csv->fields[at]) : STR("");
        row.v[c] = rg_arena_str(l->ctx->arena, cell.p ? cell : STR(""));
        if (!row.v[c].p)
            return RG_NO_MEMORY(l->ctx);
    }
    return plan_rows_add(l->ctx, &l->news[table], &row);
}

static enum rg_err
table_load(struct load *l, enum plan_table table, bool *ret_there)
{
    const struct plan_table_def *def = &plan_tables[table];
    RG_CLEANUP(rg_buf_done) struct rg_buf bytes;
    struct rg_csv csv;
    struct header header;
    rg_buf_init(&bytes, FILE_MAX);
    const char *path = rg_arena_printf(l->ctx->arena, "%s/%s.csv", l->folder, def->name);
    if (!path)
        return RG_NO_MEMORY(l->ctx);
    enum rg_err err = file_bytes(l->ctx, path, &bytes, ret_there);
    if (err != RG_OK || !*ret_there)
        return err;
    rg_csv_init(&csv, rg_buf_view(&bytes));
    if (!rg_csv_next(&csv))
        tell_fault(l, def->name, 1, NULL, wording_text(l->ctx->lang, "plan.fault.no_header"));
    else if (header_read(l, def, &csv, &header))
        while (err == RG_OK && rg_csv_next(&csv))
            err = row_read(l, table, &csv, &header);
    if (err == RG_OK && csv.no_memory)
        err = RG_NO_MEMORY(l->ctx);
    rg_csv_done(&csv);
    return err;
}

/* ---- joining with what is here ---- */

static int64_t
row_hash(enum plan_table table, const struct plan_row *row)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t c = 0; c < plan_tables[table].n_columns; c++)
        hash = (hash ^ str_hash(row->v[c])) * 1099511628211u;
    int64_t positive = (int64_t)(hash >> 1);
    return positive ? positive : 1;
}

static bool
rows_same(enum plan_table table, const struct plan_row *a, const struct plan_row *b)
{
    for (size_t c = 0; c < plan_tables[table].n_columns; c++)
        if (!str_eq(a->v[c], b->v[c]))
            return false;
    return true;
}

/* Numbers as the records keep them, "03" as "3", so that a second loading finds nothing new. */
static void
row_canonical(struct rg_ctx *ctx, enum plan_table table, struct plan_row *row)
{
    for (size_t c = 0; c < plan_tables[table].n_columns; c++) {
        int64_t n;
        if (plan_tables[table].columns[c].kind != PLAN_INT || !plan_int(row, c, &n))
            continue;
        const char *digits = rg_arena_printf(ctx->arena, "%lld", (long long)n);
        row->v[c] = digits ? str_of(digits) : row->v[c];
    }
}

/* Put the rows of the files into the world: each in the place of the row of its key, else at
 * the end. A key that stands twice in the files is left for the check to tell. */
static enum rg_err
table_join(struct load *l, enum plan_table table)
{
    struct plan_rows *rows = &l->world.t[table];
    enum rg_err err = RG_OK;
    l->counts.n_read += (int64_t)l->news[table].n;
    for (size_t i = 0; i < l->news[table].n && err == RG_OK; i++) {
        struct plan_row *row = &l->news[table].p[i];
        row_canonical(l->ctx, table, row);
        row->pack_hash = row_hash(table, row);
        struct str key = plan_row_key(l->ctx, table, row);
        uint32_t at = key.p ? plan_world_find(&l->world, table, key) : PLAN_NONE;
        if (!key.p)
            return RG_NO_MEMORY(l->ctx);
        struct plan_row *here = at == PLAN_NONE ? NULL : &rows->p[at];
        if (!here || here->line) { /* new, or met already in this file */
            err = plan_rows_add(l->ctx, rows, row);
            continue;
        }
        row->id = here->id;
        bool kept = here->pack_hash == row->pack_hash && !rows_same(table, here, row);
        if (kept) {
            l->counts.n_kept++;
            here->line = row->line;
            continue;
        }
        bool same = rows_same(table, here, row) && here->place == row->place &&
                    here->pack_hash == row->pack_hash;
        *here = *row;
        here->place = same ? row->place : -row->place; /* marked: to be written */
    }
    return err;
}

static enum rg_err
faults_tell(struct load *l)
{
    struct plan_faults faults;
    enum rg_err err = plan_validate(l->ctx, &l->world, &faults);
    for (size_t i = 0; err == RG_OK && i < faults.n; i++) {
        const struct plan_fault *f = &faults.p[i];
        const struct plan_table_def *def = &plan_tables[f->table];
        tell_fault(l, def->name, l->world.t[f->table].p[f->row].line,
                   def->columns[f->column].name, plan_fault_words(l->ctx, f));
    }
    return err;
}

static enum rg_err
table_write(struct load *l, enum plan_table table)
{
    struct plan_rows *rows = &l->world.t[table];
    enum rg_err err = RG_OK;
    for (size_t i = 0; i < rows->n && err == RG_OK; i++) {
        struct plan_row *row = &rows->p[i];
        if (!row->line)
            continue;
        if (!row->id) {
            err = plan_row_add(l->ctx, table, row);
            l->counts.n_added++;
        } else if (row->place < 0) {
            row->place = -row->place;
            err = plan_row_set(l->ctx, table, row);
            l->counts.n_changed++;
        }
    }
    return err;
}

static enum rg_err
load_locked(struct load *l)
{
    bool any = false;
    enum rg_err err = plan_world_read(l->ctx, &l->world);
    for (size_t t = 0; err == RG_OK && t < PLAN_TABLE__MAX; t++) {
        bool there = false;
        err = table_load(l, (enum plan_table)t, &there);
        any |= there;
    }
    if (err == RG_OK && !any)
        err = RG_FAIL(l->ctx, RG_ABSENT, "plan.load.nothing", "folder", l->folder);
    for (size_t t = 0; err == RG_OK && t < PLAN_TABLE__MAX; t++)
        err = table_join(l, (enum plan_table)t);
    if (err == RG_OK)
        err = plan_world_index(l->ctx, &l->world);
    if (err == RG_OK)
        err = faults_tell(l);
    l->counts.n_faults = l->n_faults;
    if (err == RG_OK && l->n_faults) {
        const char *n = rg_arena_printf(l->ctx->arena, "%lld", (long long)l->n_faults);
        return RG_FAIL(l->ctx, RG_INVALID, "plan.load.faults", "folder", l->folder, "n",
                       n ? n : "");
    }
    for (size_t t = 0; err == RG_OK && t < PLAN_TABLE__MAX; t++)
        err = table_write(l, (enum plan_table)t);
    return err;
}

enum rg_err
plan_load(struct rg_ctx *ctx, const char *folder, plan_tell *tell, void *arg,
          struct plan_load_counts *ret_counts)
{
    struct load l = {.ctx = ctx, .folder = folder, .tell = tell, .arg = arg};
    enum rg_err err = store_write_begin(ctx, "pack");
    if (err == RG_OK)
        err = load_locked(&l);
    if (err == RG_OK && l.counts.n_added + l.counts.n_changed > 0)
        err = store_write_commit(ctx);
    else
        store_write_rollback(ctx); /* also where nothing is new: no empty change set */
    if (err == RG_OK || err == RG_INVALID)
        *ret_counts = l.counts;
    return err;
}

/* ---- export ---- */

static enum rg_err
cannot_write(struct rg_ctx *ctx, const char *path)
{
    return RG_FAIL(ctx, RG_BROKEN, "plan.export.cannot", "file", path, "why", strerror(errno));
}

/* RFC 4180 and no quote more than it asks: the header shows a reader which mark separates, and
 * so the files are those that other programs write. */
static void
cell_put(struct rg_buf *out, struct str cell, bool first)
{
    bool quoted = false;
    for (size_t i = 0; i < cell.n; i++)
        quoted |=
            cell.p[i] == ',' || cell.p[i] == '"' || cell.p[i] == '\n' || cell.p[i] == '\r';
    if (!first)
        rg_buf_c(out, ',');
    if (!quoted) {
        rg_buf_str(out, cell);
        return;
    }
    rg_buf_c(out, '"');
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] == '"')
            rg_buf_c(out, '"');
        rg_buf_c(out, cell.p[i]);
    }
    rg_buf_c(out, '"');
}

static void
table_put(struct rg_buf *out, enum plan_table table, const struct plan_rows *rows)
{
    const struct plan_table_def *def = &plan_tables[table];
    for (size_t c = 0; c < def->n_columns; c++)
        cell_put(out, str_of(def->columns[c].name), c == 0);
    rg_buf_c(out, '\n');
    for (size_t i = 0; i < rows->n; i++) {
        for (size_t c = 0; c < def->n_columns; c++)
            cell_put(out, rows->p[i].v[c], c == 0);
        rg_buf_c(out, '\n');
    }
}

static enum rg_err
file_write(struct rg_ctx *ctx, const char *path, struct str bytes)
{
    const char *partial = rg_arena_printf(ctx->arena, "%s.partial", path);
    if (!partial)
        return RG_NO_MEMORY(ctx);
    FILE *f = fopen(partial, "wb");
    if (!f)
        return cannot_write(ctx, partial);
    bool ok =
        fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fflush(f) == 0 && fsync(fileno(f)) == 0;
    ok = fclose(f) == 0 && ok;
    return ok && rename(partial, path) == 0 ? RG_OK : cannot_write(ctx, path);
}

enum rg_err
plan_export(struct rg_ctx *ctx, const char *folder, int64_t *ret_n_rows)
{
    struct plan_world world;
    int64_t n = 0;
    enum rg_err err = plan_world_read(ctx, &world);
    if (err == RG_OK && mkdir(folder, 0777) != 0 && errno != EEXIST)
        err = cannot_write(ctx, folder);
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, FILE_MAX);
    for (size_t t = 0; err == RG_OK && t < PLAN_TABLE__MAX; t++) {
        const char *path =
            rg_arena_printf(ctx->arena, "%s/%s.csv", folder, plan_tables[t].name);
        rg_buf_reset(&out);
        table_put(&out, (enum plan_table)t, &world.t[t]);
        if (!path || out.failed)
            err = RG_NO_MEMORY(ctx);
        else
            err = file_write(ctx, path, rg_buf_view(&out));
        n += (int64_t)world.t[t].n;
    }
    if (err == RG_OK)
        *ret_n_rows = n;
    return err;
}
