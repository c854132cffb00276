/* Packs and boundary files into records. Each load is one change set: all of it or nothing. */
#include "territory/territory.h"
#include "territory_sql.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { PACK_FILE_MAX = 16 * 1024 * 1024, CODES_MAX = 8 };

/* The whole of a file in the heap; absent leaves ret none when that is allowed. */
static enum rg_err
file_read(struct rg_ctx *ctx, const char *path, size_t n_max, bool must_exist, char **ret,
          size_t *ret_n)
{
    struct rg_buf bytes;
    const char *why;
    enum rg_file told = rg_file_read(path, n_max, &bytes, &why);
    *ret = NULL;
    *ret_n = 0;
    if (told == RG_FILE_READ && (*ret = rg_buf_take(&bytes, ret_n)) != NULL)
        return RG_OK;
    rg_buf_done(&bytes);
    if (told == RG_FILE_ABSENT && !must_exist)
        return RG_OK;
    if (told == RG_FILE_TOO_LARGE)
        return RG_FAIL(ctx, RG_LIMIT, "territory.file_too_large", "file", path, "max_mb",
                       rg_arena_printf(ctx->arena, "%zu", n_max / (1024 * 1024)));
    if (told == RG_FILE_ABSENT || told == RG_FILE_UNREADABLE)
        return RG_FAIL(ctx, told == RG_FILE_ABSENT ? RG_ABSENT : RG_BROKEN,
                       "territory.cannot_open", "file", path, "why", why);
    return RG_NO_MEMORY(ctx);
}

/* ---- one table of a pack ---- */

struct table {
    struct rg_ctx *ctx;
    const char *path;
    const char *const *columns; /* what the reader asks for, in its own order */
    ptrdiff_t at[16];
    size_t n_columns;
    struct rg_csv csv;
    struct territory_load_counts *counts;
};

static struct str
cell(const struct table *table, size_t column)
{
    RG_ASSERT(column < table->n_columns);
    ptrdiff_t at = table->at[column];
    return at >= 0 && (size_t)at < table->csv.n_fields ? str_trim(table->csv.fields[at])
                                                       : STR("");
}

static enum rg_err
bad_cell(struct table *table, size_t column)
{
    return RG_FAIL(
        table->ctx, RG_INVALID, "territory.pack_bad_cell", "file", table->path, "line",
        rg_arena_printf(table->ctx->arena, "%llu", (unsigned long long)table->csv.line),
        "field", table->columns[column], "value",
        rg_arena_cstr(table->ctx->arena, cell(table, column)));
}

static enum rg_err
cell_text(struct table *table, size_t column, struct str *ret)
{
    *ret = cell(table, column);
    return ret->n > 0 && str_utf8_ok(*ret) ? RG_OK : bad_cell(table, column);
}

/* An empty cell means "not found": it stays without a value. */
static enum rg_err
cell_int(struct table *table, size_t column, int64_t min, int64_t max, struct store_int *ret)
{
    struct str text = cell(table, column);
    *ret = (struct store_int){.has = text.n > 0};
    return !ret->has || rg_parse_i64(text, min, max, &ret->v) ? RG_OK : bad_cell(table, column);
}

static enum rg_err
cell_e7(struct table *table, size_t column, struct store_int *ret)
{
    struct str text = cell(table, column);
    int32_t e7 = 0;
    *ret = (struct store_int){.has = text.n > 0};
    if (ret->has && !rg_parse_e7(text, &e7))
        return bad_cell(table, column);
    ret->v = e7;
    return RG_OK;
}

static enum rg_err
cell_km2(struct table *table, size_t column, struct store_int *ret_m2)
{
    struct str text = cell(table, column);
    double km2 = 0;
    *ret_m2 = (struct store_int){.has = text.n > 0};
    if (ret_m2->has && (!rg_parse_decimal(text, &km2) || km2 < 0 || km2 > 1e8))
        return bad_cell(table, column);
    ret_m2->v = llround(km2 * 1e6);
    return RG_OK;
}

static enum rg_err
area_must(struct table *table, const char *kind, struct str code, size_t column,
          int64_t *ret_id)
{
    struct territory_sql_area_find_row row;
    bool found;
    enum rg_err err = territory_sql_area_find(table->ctx, str_of(kind), code, &found, &row);
    if (err)
        return err;
    if (!found)
        return bad_cell(table, column);
    *ret_id = row.id;
    return RG_OK;
}

typedef enum rg_err (*row_reader)(struct table *table);

static enum rg_err
table_read(struct rg_ctx *ctx, const char *folder, const char *name, const char *const *columns,
           size_t n_needed, row_reader read, struct territory_load_counts *counts)
{
    struct table table = {.ctx = ctx, .columns = columns, .counts = counts};
    char *bytes = NULL;
    size_t n_bytes = 0;
    table.path = rg_arena_printf(ctx->arena, "%s/%s", folder, name);
    if (!table.path)
        return RG_NO_MEMORY(ctx);
    enum rg_err err = file_read(ctx, table.path, PACK_FILE_MAX, false, &bytes, &n_bytes);
    if (err || !bytes)
        return err;
    rg_csv_init(&table.csv, str_n(bytes, n_bytes));
    bool header = rg_csv_next(&table.csv);
    for (; columns[table.n_columns] && !err; table.n_columns++) {
        RG_ASSERT(table.n_columns < RG_COUNT(table.at));
        ptrdiff_t at =
            header ? rg_csv_column(&table.csv, str_of(columns[table.n_columns])) : -1;
        table.at[table.n_columns] = at;
        if (at < 0 && table.n_columns < n_needed)
            err = RG_FAIL(ctx, RG_INVALID, "territory.pack_no_column", "file", table.path,
                          "field", columns[table.n_columns]);
    }
    while (!err && rg_csv_next(&table.csv)) {
        struct rg_mark mark = rg_arena_mark(ctx->arena);
        err = read(&table);
        if (!err)
            rg_arena_release(ctx->arena, mark);
    }
    if (!err && table.csv.no_memory)
        err = RG_NO_MEMORY(ctx);
    rg_csv_done(&table.csv);
    free(bytes);
    return err;
}

/* ---- the tables ---- */

enum { PA_CODE, PA_IT, PA_EN, PA_FR, PA_ABOUT, PA_COMPLETE, PA_SOURCE };
static const char *const partition_columns[] = {
    "code", "name_it", "name_en", "name_fr", "description_it", "complete", "source", NULL};

static enum rg_err
partition_row(struct table *table)
{
    struct str code, it;
    enum rg_err err = cell_text(table, PA_CODE, &code);
    if (!err)
        err = cell_text(table, PA_IT, &it);
    if (err)
        return err;
    table->counts->n_partitions++;
    struct str en = cell(table, PA_EN), fr = cell(table, PA_FR);
    return territory_sql_partition_set(
        table->ctx, code, it, en.n ? en : it, fr.n ? fr : it, cell(table, PA_ABOUT),
        str_is(cell(table, PA_COMPLETE), "yes"), cell(table, PA_SOURCE), NULL);
}

enum { ZO_CODE, ZO_NAME, ZO_OFFICIAL, ZO_POPULATION, ZO_AREA };
static const char *const zone_columns[] = {"code",       "name",     "official_name",
                                           "population", "area_km2", NULL};

static enum rg_err
zone_row(struct table *table)
{
    static const struct store_int none = {0};
    struct str code, name;
    struct store_int population, area_m2;
    enum rg_err err = cell_text(table, ZO_CODE, &code);
    if (!err)
        err = cell_text(table, ZO_NAME, &name);
    if (!err)
        err = cell_int(table, ZO_POPULATION, 0, INT32_MAX, &population);
    if (!err)
        err = cell_km2(table, ZO_AREA, &area_m2);
    if (err)
        return err;
    table->counts->n_areas++;
    struct str official = cell(table, ZO_OFFICIAL);
    return territory_sql_area_set(table->ctx, STR("zona"), code, name,
                                  official.n ? official : name, none, none, none, STR_NONE,
                                  area_m2, population, NULL);
}

enum {
    CO_CODE,
    CO_NAME,
    CO_ZONE,
    CO_BASIS,
    CO_FROM,
    CO_LAT,
    CO_LON,
    CO_ALTITUDE,
    CO_CLASS,
    CO_AREA,
    CO_POPULATION
};
static const char *const comune_columns[] = {
    "istat_code", "name",       "zone",           "zone_basis", "zone_from",  "seat_lat",
    "seat_lon",   "altitude_m", "altitude_class", "area_km2",   "population", NULL};

/* The zone of a comune from a day on; what held before ends that day. */
static enum rg_err
zone_join(struct table *table, struct str code)
{
    struct str zone = cell(table, CO_ZONE), from = cell(table, CO_FROM);
    int64_t area_id, zone_id, day;
    if (zone.n == 0)
        return RG_OK;
    if (from.n > 0 && !rg_parse_date(from, &day))
        return bad_cell(table, CO_FROM);
    enum rg_err err = area_must(table, "comune", code, CO_CODE, &area_id);
    if (!err)
        err = area_must(table, "zona", zone, CO_ZONE, &zone_id);
    if (!err && from.n > 0)
        err =
            territory_sql_membership_end(table->ctx, area_id, STR("zona_omogenea"), from, NULL);
    if (err)
        return err;
    return territory_sql_membership_set(table->ctx, area_id, zone_id, STR("zona_omogenea"),
                                        from, cell(table, CO_BASIS), NULL);
}

static enum rg_err
comune_row(struct table *table)
{
    struct str code, name, altitude_class = cell(table, CO_CLASS);
    struct store_int lat, lon, altitude_m, area_m2, population;
    enum rg_err err = cell_text(table, CO_CODE, &code);
    if (!err)
        err = cell_text(table, CO_NAME, &name);
    if (!err)
        err = cell_e7(table, CO_LAT, &lat);
    if (!err)
        err = cell_e7(table, CO_LON, &lon);
    if (!err && (lat.has != lon.has || lat.v < -900000000 || lat.v > 900000000))
        err = bad_cell(table, CO_LAT);
    if (!err)
        err = cell_int(table, CO_ALTITUDE, -500, 9000, &altitude_m);
    if (!err)
        err = cell_km2(table, CO_AREA, &area_m2);
    if (!err)
        err = cell_int(table, CO_POPULATION, 0, INT32_MAX, &population);
    if (!err)
        err = territory_sql_area_set(table->ctx, STR("comune"), code, name, name, lat, lon,
                                     altitude_m, altitude_class.n ? altitude_class : STR_NONE,
                                     area_m2, population, NULL);
    if (err)
        return err;
    table->counts->n_areas++;
    return zone_join(table, code);
}

enum { PL_NAME, PL_KIND, PL_AREAS, PL_WORD, PL_NOTE };
static const char *const place_columns[] = {"name", "kind", "areas", "is_word", "note", NULL};

static enum rg_err
place_row(struct table *table)
{
    static const char *const kinds[] = {"alias", "former", "hamlet", "region"};
    struct str name, areas, code, kind = cell(table, PL_KIND);
    bool known = false;
    enum rg_err err = cell_text(table, PL_NAME, &name);
    if (!err)
        err = cell_text(table, PL_AREAS, &areas);
    for (size_t i = 0; i < RG_COUNT(kinds); i++)
        known |= str_eq(kind, str_of(kinds[i]));
    if (!err && !known)
        err = bad_cell(table, PL_KIND);
    for (size_t i = 0; !err && str_cut(&areas, '|', &code); i++) {
        int64_t area_id = 0;
        bool zone = str_starts(code, STR("zona:"));
        if (i == CODES_MAX)
            return bad_cell(table, PL_AREAS);
        err = zone ? area_must(table, "zona", str_n(code.p + 5, code.n - 5), PL_AREAS, &area_id)
                   : area_must(table, "comune", code, PL_AREAS, &area_id);
        if (!err)
            err = territory_sql_name_set(table->ctx, area_id, name, kind,
                                         str_is(cell(table, PL_WORD), "yes"),
                                         cell(table, PL_NOTE), NULL);
        table->counts->n_names++;
    }
    return err;
}

static const char *const word_columns[] = {"word", NULL};

static enum rg_err
word_row(struct table *table)
{
    struct str word;
    enum rg_err err = cell_text(table, 0, &word);
    table->counts->n_words++;
    return err ? err : territory_sql_word_add(table->ctx, word, NULL);
}

enum rg_err
territory_load(struct rg_ctx *ctx, const char *folder, struct territory_load_counts *ret_counts)
{
    struct territory_load_counts counts = {0};
    enum rg_err err = store_write_begin(ctx, "pack");
    if (!err)
        err = table_read(ctx, folder, "partitions.csv", partition_columns, 2, partition_row,
                         &counts);
    if (!err)
        err = table_read(ctx, folder, "zones.csv", zone_columns, 2, zone_row, &counts);
    if (!err)
        err = table_read(ctx, folder, "comuni.csv", comune_columns, 2, comune_row, &counts);
    if (!err)
        err = table_read(ctx, folder, "places.csv", place_columns, 3, place_row, &counts);
    if (!err)
        err = table_read(ctx, folder, "common-words.csv", word_columns, 1, word_row, &counts);
    if (!err && counts.n_areas == 0)
        err = RG_FAIL(ctx, RG_ABSENT, "territory.pack_empty", "folder", folder);
    if (!err)
        err = territory_sql_version_bump(ctx, NULL);
    if (!err)
        err = store_write_commit(ctx);
    if (err) {
        store_write_rollback(ctx);
        return err;
    }
    *ret_counts = counts;
    return RG_OK;
}

/* ---- boundaries ---- */

static enum rg_err
boundaries_keep(struct rg_ctx *ctx, const struct territory_shapes *shapes, const char *kind,
                struct str source, struct territory_import_counts *counts)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf line;
    rg_buf_init(&line, TERRITORY_FILE_MAX);
    for (uint32_t s = 0; s < shapes->n_shapes; s++) {
        struct territory_sql_area_find_row row;
        bool found;
        enum rg_err err =
            territory_sql_area_find(ctx, str_of(kind), shapes->shapes[s].code, &found, &row);
        if (err)
            return err;
        if (!found) {
            if (counts->n_unknown++ == 0)
                counts->first_unknown = shapes->shapes[s].code;
            continue;
        }
        counts->n_known++;
        rg_buf_reset(&line);
        territory_shape_format(&line, shapes, s);
        if (line.failed)
            return RG_NO_MEMORY(ctx);
        err = territory_sql_boundary_set(ctx, row.id, rg_buf_view(&line), source, ctx->now_s,
                                         NULL);
        if (err)
            return err;
    }
    return RG_OK;
}

enum rg_err
territory_import(struct rg_ctx *ctx, const char *path, const char *kind,
                 const char *code_property, struct territory_import_counts *ret_counts)
{
    struct territory_import_counts counts = {0};
    struct territory_shapes shapes;
    char *bytes = NULL;
    size_t n_bytes = 0;
    enum rg_err err = file_read(ctx, path, TERRITORY_FILE_MAX, true, &bytes, &n_bytes);
    if (err)
        return err;
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
    err = territory_shapes_read(ctx, ctx->arena, str_n(bytes, n_bytes), file, code_property,
                                &shapes);
    free(bytes);
    if (err)
        return err;
    err = store_write_begin(ctx, "import areas");
    if (!err)
        err = boundaries_keep(ctx, &shapes, kind, str_of(file), &counts);
    if (!err && counts.n_known == 0)
        err = RG_FAIL(ctx, RG_ABSENT, "territory.no_known_code", "file", file, "code",
                      rg_arena_cstr(ctx->arena, counts.first_unknown));
    if (!err)
        err = territory_sql_version_bump(ctx, NULL);
    if (!err)
        err = store_write_commit(ctx);
    if (err) {
        store_write_rollback(ctx);
        return err;
    }
    *ret_counts = counts;
    return RG_OK;
}

enum rg_err
territory_version(struct rg_ctx *ctx, int64_t *ret_n)
{
    struct territory_sql_version_get_row row;
    enum rg_err err = territory_sql_version_get(ctx, &row);
    if (!err)
        *ret_n = row.n;
    return err;
}
