/* Lists of municipalities: the columns settled, then rows through the intake. */
#include "network/import_csv.h"
#include "network/hsds_priv.h"
#include "network/import.h"

static struct str
cell_text(struct rg_ctx *ctx, const struct rg_csv *csv, size_t column)
{
    struct str s = column < csv->n_fields ? str_trim(csv->fields[column]) : STR("");
    s = str_utf8_ok(s) ? s : STR("");
    return rg_arena_str(ctx->arena, s);
}

static struct str *
row_copy(struct rg_ctx *ctx, const struct rg_csv *csv, size_t n)
{
    struct str *row = RG_ARRAY(ctx->arena, struct str, n);
    for (size_t i = 0; row && i < n; i++)
        row[i] = cell_text(ctx, csv, i);
    return row;
}

/* The column a line of the mapping speaks of: "#3", its header, else its number. */
static bool
column_named(const struct import_csv_columns *c, struct str name, size_t *ret_column)
{
    int64_t number;
    bool by_number = str_starts(name, STR("#"));
    if (by_number)
        name = str_n(name.p + 1, name.n - 1);
    for (size_t i = 0; !by_number && i < c->n; i++)
        if (c->headers[i].n && str_eq_nocase(c->headers[i], name)) {
            *ret_column = i;
            return true;
        }
    if (!rg_parse_i64(name, 1, (int64_t)c->n, &number))
        return false;
    *ret_column = (size_t)number - 1;
    return true;
}

/* One line, "column=field": the last '=' divides, since headers may hold one. */
static enum rg_err
map_line(struct rg_ctx *ctx, struct import_csv_columns *c, struct str line)
{
    size_t at = line.n, column;
    enum csv_map_field field;
    while (at > 0 && line.p[at - 1] != '=')
        at--;
    struct str name = at ? str_trim(str_n(line.p, at - 1)) : line;
    struct str value = str_trim(str_n(line.p + at, line.n - at));
    if (!at || !column_named(c, name, &column))
        return RG_FAIL(ctx, RG_INVALID, "network.import.no_column", "column",
                       rg_arena_cstr(ctx->arena, name));
    if (!csv_map_field_of(value, &field))
        return RG_FAIL(ctx, RG_INVALID, "network.import.no_field", "field",
                       rg_arena_cstr(ctx->arena, value));
    for (size_t i = 0; i < c->n; i++) /* what a person says takes the place of a guess */
        if (i != column && c->columns[i].field == field && c->columns[i].confidence <= 100 &&
            field != CSV_MAP_KEEP && field != CSV_MAP_PHONE)
            c->columns[i] = (struct csv_map_column){CSV_MAP_KEEP, 0};
    c->columns[column] = (struct csv_map_column){field, 101};
    return RG_OK;
}

static enum rg_err
map_lines(struct rg_ctx *ctx, struct import_csv_columns *c, struct str mapping)
{
    struct str line;
    while (mapping.n && str_cut(&mapping, '\n', &line)) {
        line = str_trim(line);
        enum rg_err err = line.n ? map_line(ctx, c, line) : RG_OK;
        if (err != RG_OK)
            return err;
    }
    for (size_t i = 0; i < c->n; i++)
        if (c->columns[i].confidence > 100)
            c->columns[i].confidence = 100;
    return RG_OK;
}

enum rg_err
import_csv_columns(struct rg_ctx *ctx, const char *file, struct str bytes, struct str mapping,
                   struct import_csv_columns *ret)
{
    RG_CLEANUP(rg_csv_done) struct rg_csv csv;
    rg_csv_init(&csv, bytes);
    if (!rg_csv_next(&csv))
        return csv.no_memory ? RG_NO_MEMORY(ctx)
                             : RG_FAIL(ctx, RG_INVALID, "network.import.no_rows", "file", file);
    struct import_csv_columns c = {.n = csv.n_fields};
    c.headers = row_copy(ctx, &csv, c.n);
    c.columns = RG_ARRAY(ctx->arena, struct csv_map_column, c.n);
    while (c.n_rows < IMPORT_CSV_SAMPLE && rg_csv_next(&csv)) {
        c.rows[c.n_rows] = row_copy(ctx, &csv, c.n);
        if (!c.rows[c.n_rows++])
            return RG_NO_MEMORY(ctx);
    }
    if (!c.headers || !c.columns || csv.no_memory)
        return RG_NO_MEMORY(ctx);
    csv_map_guess(c.headers, c.n, c.n_rows ? c.rows[0] : NULL, c.columns);
    enum rg_err err = map_lines(ctx, &c, mapping);
    if (err == RG_OK)
        *ret = c;
    return err;
}

static enum rg_err
read_bytes(struct rg_ctx *ctx, const struct network_import *what, const char *file,
           struct str bytes, const struct intake_sink *sink, struct intake_progress *progress,
           struct intake_counts *ret_counts)
{
    const struct intake_options options = {.source = what->source.name,
                                           .default_country = STR("IT"),
                                           .progress = progress};
    struct import_csv_columns c;
    enum rg_err err = import_csv_columns(ctx, file, bytes, what->mapping, &c);
    return err == RG_OK ? csv_map_apply(ctx, &options, file, bytes, c.columns, c.n, sink,
                                        ret_counts)
                        : err;
}

enum rg_err
import_read_csv(struct rg_ctx *ctx, const struct network_import *what,
                const struct intake_sink *sink, struct intake_progress *progress,
                struct intake_counts *ret_counts)
{
    const char *path = rg_arena_cstr(ctx->arena, what->path);
    struct str bytes;
    if (!path)
        return RG_NO_MEMORY(ctx);
    if (!intake_file_map(path, &bytes))
        return RG_FAIL(ctx, RG_ABSENT, "network.intake_no_file", "path", path);
    const char *slash = strrchr(path, '/');
    enum rg_err err =
        read_bytes(ctx, what, slash ? slash + 1 : path, bytes, sink, progress, ret_counts);
    intake_file_unmap(bytes);
    return err;
}
