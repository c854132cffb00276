#include "network/export_tables.h"
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACKAGE_FILE "datapackage.json"
enum { PACKAGE_MAX = 1 << 20 };

static enum rg_err
cannot_write(struct export_tables *t, const char *file)
{
    rg_detail(t->ctx, "errno %d", errno);
    return RG_FAIL(t->ctx, RG_BROKEN, "network.export.cannot_write", "file", file);
}

static const char *
table_path(struct export_tables *t, enum hsds_type type)
{
    return rg_arena_printf(t->ctx->arena, "%s/%s.csv", t->folder, hsds_models[type].file);
}

static const char *
package_path(struct export_tables *t)
{
    return rg_arena_printf(t->ctx->arena, "%s/" PACKAGE_FILE, t->folder);
}

static void
folder_remove(struct export_tables *t)
{
    const char *path = package_path(t);
    if (path)
        unlink(path);
    for (int type = 0; type < HSDS_TYPE__MAX; type++) {
        path = table_path(t, (enum hsds_type)type);
        if (path)
            unlink(path);
    }
    rmdir(t->folder);
}

/* ---- rows ---- */

static bool
put_bytes(FILE *file, struct str bytes)
{
    return fwrite(bytes.p, 1, bytes.n, file) == bytes.n;
}

static enum rg_err
table_open(struct export_tables *t, enum hsds_type type)
{
    const char *path = table_path(t, type);
    RG_CLEANUP(rg_buf_done) struct rg_buf header;
    rg_buf_init(&header, 1 << 16);
    if (!path)
        return RG_NO_MEMORY(t->ctx);
    hsds_rows_header(&header, type);
    t->files[type] = fopen(path, "wb");
    if (!t->files[type] || !put_bytes(t->files[type], rg_buf_view(&header)))
        return cannot_write(t, path);
    return header.failed ? RG_NO_MEMORY(t->ctx) : RG_OK;
}

static enum rg_err
put_row(void *user, enum hsds_type type, struct str line)
{
    struct export_tables *t = user;
    enum rg_err err = t->files[type] ? RG_OK : table_open(t, type);
    if (err == RG_OK && !put_bytes(t->files[type], line))
        err = cannot_write(t, table_path(t, type));
    return err;
}

enum rg_err
export_tables_begin(struct export_tables *t, struct rg_ctx *ctx, const char *path)
{
    struct str name = str_of(path);
    while (name.n > 1 && name.p[name.n - 1] == '/')
        name.n--;
    *t = (struct export_tables){.ctx = ctx};
    hsds_rows_init(&t->rows, ctx);
    t->rows.user = t;
    t->rows.row = put_row;
    t->path = rg_arena_cstr(ctx->arena, name);
    const char *folder = rg_arena_printf(ctx->arena, "%.*s.partial", STR_ARG(name));
    if (!t->path || !folder)
        return RG_NO_MEMORY(ctx);
    if (mkdir(folder, 0777) == 0) {
        t->folder = folder;
        return RG_OK;
    }
    t->folder = errno == EEXIST ? folder : NULL;
    if (t->folder)
        folder_remove(t);
    return mkdir(folder, 0777) == 0 ? RG_OK : cannot_write(t, folder);
}

enum rg_err
export_tables_put(struct export_tables *t, enum hsds_type type, struct str doc)
{
    return hsds_rows_put(&t->rows, type, doc);
}

/* ---- datapackage.json ---- */

static void
put_text(struct rg_jw *jw, const char *key, const char *text)
{
    rg_jw_key(jw, key);
    rg_jw_str(jw, str_of(text));
}

/* "": there and empty is what the standard asks and a table cannot show, so not required here. */
static void
put_constraints(struct rg_jw *jw, const struct hsds_property *p, bool key)
{
    rg_jw_key(jw, "constraints");
    rg_jw_object(jw);
    rg_jw_key(jw, "required");
    rg_jw_bool(jw, key || (p->fallback && !hsds_may_be_empty(p)));
    if (key) {
        rg_jw_key(jw, "unique");
        rg_jw_bool(jw, true);
    }
    struct str rest = str_of(p->choices ? p->choices : ""), choice;
    if (p->choices) {
        rg_jw_key(jw, "enum");
        rg_jw_array(jw);
        while (str_cut(&rest, '|', &choice))
            rg_jw_str(jw, choice);
        rg_jw_end_array(jw);
    }
    rg_jw_end_object(jw);
}

static void
put_fields(struct rg_jw *jw, enum hsds_type type)
{
    rg_jw_key(jw, "fields");
    rg_jw_array(jw);
    for (size_t i = 0; i < hsds_models[type].n; i++) {
        const struct hsds_property *p = &hsds_models[type].properties[i];
        if (!hsds_is_column(p))
            continue;
        rg_jw_object(jw);
        put_text(jw, "name", p->name);
        put_text(jw, "type", p->form == HSDS_NUMBER ? "number" : "string");
        put_constraints(jw, p, i == 0);
        rg_jw_end_object(jw);
    }
    rg_jw_object(jw);
    put_text(jw, "name", HSDS_MORE);
    put_text(jw, "type", "object");
    put_text(jw, "description",
             "What this row has no column for, as JSON. No part of HSDS; Regia reads it back.");
    rg_jw_end_object(jw);
    rg_jw_end_array(jw);
}

/* To what other tables of the package the ids of this one point. */
static void
put_keys(struct rg_jw *jw, const struct export_tables *t, enum hsds_type type)
{
    rg_jw_key(jw, "foreignKeys");
    rg_jw_array(jw);
    for (size_t i = 1; i < hsds_models[type].n; i++) {
        const struct hsds_property *p = &hsds_models[type].properties[i];
        if (p->form != HSDS_ID || p->type < 0 || !t->files[p->type])
            continue;
        rg_jw_object(jw);
        put_text(jw, "fields", p->name);
        rg_jw_key(jw, "reference");
        rg_jw_object(jw);
        put_text(jw, "resource", p->type == (int)type ? "" : hsds_models[p->type].name);
        put_text(jw, "fields", "id");
        rg_jw_end_object(jw);
        rg_jw_end_object(jw);
    }
    rg_jw_end_array(jw);
}

static void
put_resource(struct rg_jw *jw, const struct export_tables *t, enum hsds_type type)
{
    char path[64];
    snprintf(path, sizeof(path), "%s.csv", hsds_models[type].file);
    rg_jw_object(jw);
    put_text(jw, "name", hsds_models[type].name);
    put_text(jw, "path", path);
    put_text(jw, "profile", "tabular-data-resource");
    put_text(jw, "format", "csv");
    put_text(jw, "mediatype", "text/csv");
    put_text(jw, "encoding", "utf-8");
    rg_jw_key(jw, "schema");
    rg_jw_object(jw);
    put_text(jw, "primaryKey", "id");
    put_fields(jw, type);
    put_keys(jw, t, type);
    rg_jw_end_object(jw);
    rg_jw_end_object(jw);
}

static enum rg_err
put_package(struct export_tables *t, struct str title)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    struct rg_jw jw;
    rg_buf_init(&out, PACKAGE_MAX);
    rg_jw_init(&jw, &out);
    rg_jw_object(&jw);
    put_text(&jw, "profile", "tabular-data-package");
    put_text(&jw, "name", "human_services_data");
    rg_jw_key(&jw, "title");
    rg_jw_str(&jw, title);
    put_text(&jw, "description", "Human Services Data Specification (HSDS) 3.1, in tables");
    put_text(&jw, "homepage", "https://docs.openreferral.org/");
    rg_jw_key(&jw, "resources");
    rg_jw_array(&jw);
    for (int type = 0; type < HSDS_TYPE__MAX; type++)
        if (t->files[type])
            put_resource(&jw, t, (enum hsds_type)type);
    rg_jw_end_array(&jw);
    rg_jw_end_object(&jw);
    rg_buf_c(&out, '\n');
    const char *path = package_path(t);
    if (out.failed || !path)
        return RG_NO_MEMORY(t->ctx);
    FILE *file = fopen(path, "wb");
    bool ok = file && put_bytes(file, rg_buf_view(&out)) && fflush(file) == 0 &&
              fsync(fileno(file)) == 0;
    if (file && fclose(file) != 0)
        ok = false;
    return ok ? RG_OK : cannot_write(t, path);
}

/* ---- the end ---- */

static enum rg_err
tables_sync(struct export_tables *t)
{
    for (int type = 0; type < HSDS_TYPE__MAX; type++) {
        FILE *file = t->files[type];
        if (file && (fflush(file) != 0 || fsync(fileno(file)) != 0))
            return cannot_write(t, table_path(t, (enum hsds_type)type));
    }
    return RG_OK;
}

static enum rg_err
as_folder(struct export_tables *t)
{
    if (rename(t->folder, t->path) == 0) {
        t->folder = NULL;
        return RG_OK;
    }
    if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
        return RG_FAIL(t->ctx, RG_CONFLICT, "network.export.not_empty", "file", t->path);
    return cannot_write(t, t->path);
}

static enum rg_err
as_zip(struct export_tables *t)
{
    struct rg_zip_out *zip;
    const char *package = package_path(t);
    enum rg_zip told = package ? rg_zip_new(t->path, &zip) : RG_ZIP_NO_MEMORY;
    if (told == RG_ZIP_OK) {
        told = rg_zip_add_file(zip, PACKAGE_FILE, package);
        for (int type = 0; type < HSDS_TYPE__MAX && told == RG_ZIP_OK; type++) {
            const char *path = table_path(t, (enum hsds_type)type);
            const char *slash = path ? strrchr(path, '/') : NULL;
            if (t->files[type])
                told = slash ? rg_zip_add_file(zip, slash + 1, path) : RG_ZIP_NO_MEMORY;
        }
        if (told == RG_ZIP_OK)
            told = rg_zip_finish(zip, NULL);
        int why = errno;
        rg_zip_drop(zip);
        errno = why;
    }
    return told == RG_ZIP_OK          ? RG_OK
           : told == RG_ZIP_NO_MEMORY ? RG_NO_MEMORY(t->ctx)
                                      : cannot_write(t, t->path);
}

enum rg_err
export_tables_finish(struct export_tables *t, struct str title)
{
    enum rg_err err = tables_sync(t);
    if (err == RG_OK)
        err = put_package(t, title);
    if (err == RG_OK)
        err = str_ends(str_of(t->path), STR(".zip")) ? as_zip(t) : as_folder(t);
    return err;
}

void
export_tables_end(struct export_tables *t)
{
    for (int type = 0; type < HSDS_TYPE__MAX; type++)
        if (t->files[type])
            fclose(t->files[type]);
    if (t->folder)
        folder_remove(t);
    hsds_rows_done(&t->rows);
}
