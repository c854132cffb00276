/* Everything out again: the documents as they are kept, one a line, or in tables. */
#include "network/export_tables.h"
#include "network/import.h"
#include "network/network_priv.h"
#include "network_sql.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 500 }; /* records read at once: about 2 MB */

struct export {
    struct rg_ctx *ctx;
    struct export_tables *tables; /* or one a line: */
    FILE *file;
    const char *partial; /* where it is written before it has its name */
    bool of_source;
    int64_t source_id;
    struct network_export_counts counts;
};

static enum rg_err
cannot_write(struct export *x)
{
    rg_detail(x->ctx, "errno %d", errno);
    return RG_FAIL(x->ctx, RG_BROKEN, "network.export.cannot_write", "file", x->partial);
}

/* {"service":{…}}: the kind as a member name, which the intake reads without guessing. */
static enum rg_err
put_doc(struct export *x, enum network_kind kind, int64_t source_id, struct str doc)
{
    if (x->of_source && source_id != x->source_id)
        return RG_OK;
    x->counts.n[kind]++;
    if (x->tables)
        return export_tables_put(x->tables, import_types[kind], doc);
    bool ok = fprintf(x->file, "{\"%s\":", hsds_type_name(import_types[kind])) > 0 &&
              fwrite(doc.p, 1, doc.n, x->file) == doc.n && fputs("}\n", x->file) >= 0;
    return ok ? RG_OK : cannot_write(x);
}

/* Pages of a walk by id; the arena is given back after each. SKIP: a row that stays here. */
#define WALK(kind, walk, SKIP)                                                                \
    static enum rg_err put_all_##walk(struct export *x)                                       \
    {                                                                                         \
        int64_t after = 0;                                                                    \
        for (size_t n = PAGE; n == PAGE;) {                                                   \
            struct rg_mark mark = rg_arena_mark(x->ctx->arena);                               \
            struct network_sql_##walk##_row *rows;                                            \
            enum rg_err err = network_sql_##walk(x->ctx, after, PAGE, &rows, &n);             \
            for (size_t i = 0; err == RG_OK && i < n; i++) {                                  \
                after = rows[i].id;                                                           \
                if (SKIP)                                                                     \
                    x->counts.n_withheld++;                                                   \
                else                                                                          \
                    err = put_doc(x, kind, rows[i].source_id, rows[i].doc);                   \
            }                                                                                 \
            rg_arena_release(x->ctx->arena, mark);                                            \
            if (err != RG_OK)                                                                 \
                return err;                                                                   \
        }                                                                                     \
        return RG_OK;                                                                         \
    }

WALK(NETWORK_TAXONOMY, taxonomy_walk, false)
WALK(NETWORK_TAXONOMY_TERM, taxonomy_term_walk, false)
WALK(NETWORK_ORGANIZATION, organization_walk, false)
WALK(NETWORK_PROGRAM, program_walk, false)
WALK(NETWORK_LOCATION, location_walk, rows[i].confidential != 0)
WALK(NETWORK_SERVICE, service_walk, false)
WALK(NETWORK_SERVICE_AT_LOCATION, place_walk_open, false)

static enum rg_err
put_everything(struct export *x)
{
    static enum rg_err (*const walks[])(struct export *) = {
        put_all_taxonomy_walk, put_all_taxonomy_term_walk, put_all_organization_walk,
        put_all_program_walk,  put_all_location_walk,      put_all_service_walk,
        put_all_place_walk_open};
    for (size_t i = 0; i < RG_COUNT(walks); i++) {
        enum rg_err err = walks[i](x);
        if (err != RG_OK)
            return err;
    }
    return RG_OK;
}

static enum rg_err
source_choose(struct export *x, const char *source)
{
    struct network_sql_source_find_row row;
    bool found;
    x->of_source = source != NULL;
    if (!source)
        return RG_OK;
    enum rg_err err = network_sql_source_find(x->ctx, str_of(source), &found, &row);
    if (err == RG_OK && !found)
        err = RG_FAIL(x->ctx, RG_ABSENT, "network.no_source", "name", source);
    if (err == RG_OK)
        x->source_id = row.id;
    return err;
}

static enum rg_err
export_lines(struct export *x, const char *path)
{
    x->partial = rg_arena_printf(x->ctx->arena, "%s.partial", path);
    if (!x->partial)
        return RG_NO_MEMORY(x->ctx);
    x->file = fopen(x->partial, "wb");
    if (!x->file)
        return cannot_write(x);
    enum rg_err err = put_everything(x);
    if (err == RG_OK && (fflush(x->file) != 0 || fsync(fileno(x->file)) != 0))
        err = cannot_write(x);
    if (fclose(x->file) != 0 && err == RG_OK)
        err = cannot_write(x);
    if (err == RG_OK && rename(x->partial, path) != 0)
        err = cannot_write(x);
    if (err != RG_OK)
        unlink(x->partial);
    return err;
}

static enum rg_err
export_in_tables(struct export *x, const char *path, const char *source)
{
    struct export_tables tables;
    enum rg_err err = export_tables_begin(&tables, x->ctx, path);
    x->tables = &tables;
    if (err == RG_OK)
        err = put_everything(x);
    if (err == RG_OK)
        err = export_tables_finish(&tables, str_of(source ? source : "Regia"));
    export_tables_end(&tables);
    return err;
}

static bool
asks_for_tables(const char *path)
{
    struct stat st;
    return str_ends(str_of(path), STR(".zip")) || str_ends(str_of(path), STR("/")) ||
           (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

enum rg_err
network_export_hsds(struct rg_ctx *ctx, const char *path, const char *source,
                    struct network_export_counts *ret_counts)
{
    struct export x = {.ctx = ctx};
    enum rg_err err = source_choose(&x, source);
    if (err == RG_OK)
        err = asks_for_tables(path) ? export_in_tables(&x, path, source)
                                    : export_lines(&x, path);
    if (err == RG_OK)
        *ret_counts = x.counts;
    return err;
}
