/* Imports as jobs and as commands; checking a file without a store. */
#include "network/import.h"
#include "network/hsds_priv.h"
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- words shared with the intake ---- */

const enum hsds_type import_types[NETWORK_KIND__MAX] = {
    [NETWORK_ORGANIZATION] = HSDS_ORGANIZATION,   [NETWORK_SERVICE] = HSDS_SERVICE,
    [NETWORK_LOCATION] = HSDS_LOCATION,           [NETWORK_PROGRAM] = HSDS_PROGRAM,
    [NETWORK_TAXONOMY] = HSDS_TAXONOMY,           [NETWORK_TAXONOMY_TERM] = HSDS_TAXONOMY_TERM,
    [NETWORK_SERVICE_AT_LOCATION] = HSDS_SERVICE_AT_LOCATION};

enum network_kind
import_kind_of(enum hsds_type type)
{
    int kind = 0;
    while (kind < NETWORK_KIND__MAX && import_types[kind] != type)
        kind++;
    return (enum network_kind)kind;
}

enum network_kind
import_kind_of_name(const char *name)
{
    for (int t = 0; t < HSDS_AGGREGATE__MAX; t++)
        if (strcmp(name, hsds_type_name((enum hsds_type)t)) == 0)
            return import_kind_of((enum hsds_type)t);
    return NETWORK_KIND__MAX;
}

struct jobs_problem
import_problem(const struct intake_problem *p)
{
    static const char *const kind_keys[HSDS_TYPE__MAX] = {
#define KIND(type, name) [type] = "network.kind_" name
        KIND(HSDS_ORGANIZATION, "organization"),
        KIND(HSDS_SERVICE, "service"),
        KIND(HSDS_LOCATION, "location"),
        KIND(HSDS_SERVICE_AT_LOCATION, "service_at_location"),
        KIND(HSDS_PROGRAM, "program"),
        KIND(HSDS_TAXONOMY, "taxonomy"),
        KIND(HSDS_TAXONOMY_TERM, "taxonomy_term"),
        KIND(HSDS_META_TABLE_DESCRIPTION, "meta_table_description"),
        KIND(HSDS_ADDRESS, "address"),
        KIND(HSDS_PHONE, "phone"),
        KIND(HSDS_CONTACT, "contact"),
        KIND(HSDS_SCHEDULE, "schedule"),
        KIND(HSDS_SERVICE_AREA, "service_area"),
        KIND(HSDS_LANGUAGE, "language"),
        KIND(HSDS_ACCESSIBILITY, "accessibility"),
        KIND(HSDS_FUNDING, "funding"),
        KIND(HSDS_COST_OPTION, "cost_option"),
        KIND(HSDS_REQUIRED_DOCUMENT, "required_document"),
        KIND(HSDS_ORGANIZATION_IDENTIFIER, "organization_identifier"),
        KIND(HSDS_ATTRIBUTE, "attribute"),
        KIND(HSDS_UNIT, "unit"),
        KIND(HSDS_SERVICE_CAPACITY, "service_capacity"),
        KIND(HSDS_URL, "url"),
        KIND(HSDS_METADATA, "metadata"),
#undef KIND
    };
    static const enum jobs_severity severities[INTAKE_SEVERITY__MAX] = {
        [INTAKE_NOTED] = JOBS_NOTED,
        [INTAKE_REPAIRED] = JOBS_REPAIRED,
        [INTAKE_REJECTED] = JOBS_REJECTED};
    const char *kind = NULL;
    for (int t = 0; t < HSDS_TYPE__MAX && !kind; t++)
        if (strcmp(p->kind, hsds_type_name((enum hsds_type)t)) == 0)
            kind = kind_keys[t];
    return (struct jobs_problem){.severity = severities[p->severity],
                                 .file = str_of(p->file),
                                 .field = p->field,
                                 .value = p->value,
                                 .line = p->line,
                                 .count = p->count,
                                 .kind_key = kind,
                                 .message_key = p->key,
                                 .remedy_key = p->remedy_key};
}

/* ---- args ---- */

static void
put_member(struct rg_jw *jw, const char *key, struct str value)
{
    rg_jw_key(jw, key);
    rg_jw_str(jw, value.p ? value : STR(""));
}

struct str
import_args_write(struct rg_ctx *ctx, const struct network_import *what, bool remove_file)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 256 * 1024);
    struct rg_jw jw;
    rg_jw_init(&jw, &out);
    rg_jw_object(&jw);
    put_member(&jw, "source", what->source.name);
    put_member(&jw, "title", what->source.title);
    put_member(&jw, "licence", what->source.licence);
    put_member(&jw, "url", what->source.url);
    rg_jw_key(&jw, "synthetic");
    rg_jw_bool(&jw, what->source.synthetic);
    put_member(&jw, "path", what->path);
    put_member(&jw, "mapping", what->mapping);
    rg_jw_key(&jw, "remove_file");
    rg_jw_bool(&jw, remove_file);
    rg_jw_end_object(&jw);
    return out.failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(&out));
}

/* "…/2026/dc-orservices/" → "dc-orservices", "raw.ndjson" → "raw". */
static struct str
base_name(struct str path)
{
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    for (size_t i = path.n; i > 0; i--)
        if (path.p[i - 1] == '/') {
            path = str_n(path.p + i, path.n - i);
            break;
        }
    for (size_t i = path.n; i > 1; i--)
        if (path.p[i - 1] == '.')
            return str_n(path.p, i - 1);
    return path;
}

static void
name_source(struct network_import *what)
{
    if (!what->source.name.n)
        what->source.name = base_name(what->path);
    if (!what->source.title.n)
        what->source.title = what->source.name;
}

enum rg_err
import_args_read(struct rg_ctx *ctx, struct str args, struct network_import *ret,
                 bool *ret_remove_file)
{
    const struct rg_jv *root;
    if (!rg_jv_parse(ctx->arena, args, &root) || root->kind != RG_JV_OBJECT)
        return RG_FAIL(ctx, RG_INVALID, "network.import.bad_args");
#define TEXT(name) rg_jv_get_str(ctx->arena, root, name)
    const struct rg_jv *synthetic = rg_jv_get(root, "synthetic");
    const struct rg_jv *remove_file = rg_jv_get(root, "remove_file");
    *ret = (struct network_import){.source = {.name = TEXT("source"),
                                              .title = TEXT("title"),
                                              .licence = TEXT("licence"),
                                              .url = TEXT("url"),
                                              .synthetic =
                                                  synthetic && synthetic->kind == RG_JV_TRUE},
                                   .path = TEXT("path"),
                                   .mapping = TEXT("mapping")};
#undef TEXT
    *ret_remove_file = remove_file && remove_file->kind == RG_JV_TRUE;
    name_source(ret);
    return ret->path.n ? RG_OK : RG_FAIL(ctx, RG_INVALID, "network.import.bad_args");
}

/* ---- the jobs ---- */

enum rg_err
import_read_hsds(struct rg_ctx *ctx, const struct network_import *what,
                 const struct intake_sink *sink, struct intake_progress *progress,
                 struct intake_counts *ret_counts)
{
    const struct intake_options options = {.source = what->source.name, .progress = progress};
    const char *path = rg_arena_cstr(ctx->arena, what->path);
    return path ? intake_path(ctx, &options, path, sink, ret_counts) : RG_NO_MEMORY(ctx);
}

/* An uploaded file stands alone in a folder made for it. */
static void
remove_input(struct rg_ctx *ctx, struct str path)
{
    const char *file = rg_arena_cstr(ctx->arena, path);
    if (!file || unlink(file) != 0)
        return;
    size_t n = path.n;
    while (n > 0 && path.p[n - 1] != '/')
        n--;
    const char *folder = n > 1 ? rg_arena_cstr(ctx->arena, str_n(path.p, n - 1)) : NULL;
    if (folder)
        (void)rmdir(folder);
}

static enum rg_err
run_import(struct rg_ctx *ctx, struct jobs_run *run, void *data, import_read *read)
{
    const struct network_web *web = data;
    struct network_import what;
    bool remove_file;
    enum rg_err err = import_args_read(ctx, run->args, &what, &remove_file);
    if (err != RG_OK)
        return err;
    err = import_work(ctx, run, web && web->territory ? territory_live_get(web->territory) : NULL,
                      &what, read);
    struct jobs_view view;
    bool stopped = err == RG_OK && run->cancelled; /* by a person, or to go on after a restart */
    if (remove_file && stopped && jobs_get(ctx, run->id, &view) == RG_OK)
        stopped = !view.cancel;
    if (remove_file && !stopped)
        remove_input(ctx, what.path);
    return err;
}

static enum rg_err
run_hsds(struct rg_ctx *ctx, struct jobs_run *run, void *data)
{
    return run_import(ctx, run, data, import_read_hsds);
}

static enum rg_err
run_csv(struct rg_ctx *ctx, struct jobs_run *run, void *data)
{
    return run_import(ctx, run, data, import_read_csv);
}

size_t
network_import_kinds(struct network_web *data, struct jobs_kind out[], size_t n)
{
    const struct jobs_kind kinds[NETWORK_IMPORT_KINDS] = {
        {"import-hsds", "network.import.kind_hsds", run_hsds, data},
        {"import-services-csv", "network.import.kind_csv", run_csv, data}};
    RG_ASSERT(n >= NETWORK_IMPORT_KINDS);
    memcpy(out, kinds, sizeof(kinds));
    return NETWORK_IMPORT_KINDS;
}

enum rg_err
network_import_add(struct rg_ctx *ctx, const char *kind, const struct network_import *what,
                   bool remove_file, int64_t *ret_job_id)
{
    struct network_import named = *what;
    name_source(&named);
    struct str args = import_args_write(ctx, &named, remove_file);
    return args.p ? jobs_add(ctx, kind, named.source.title, args, ret_job_id) : RG_NO_MEMORY(ctx);
}

enum rg_err
network_import_run(struct rg_ctx *ctx, struct network_web *data, const char *kind,
                   const struct network_import *what,
                   void (*on_progress)(void *, int64_t, int64_t), void *arg, int64_t *ret_job_id)
{
    struct jobs_kind kinds[NETWORK_IMPORT_KINDS];
    size_t n = network_import_kinds(data, kinds, RG_COUNT(kinds));
    struct network_import named = *what;
    name_source(&named);
    struct str args = import_args_write(ctx, &named, false);
    const char *path = rg_arena_cstr(ctx->arena, what->path);
    if (!args.p || !path)
        return RG_NO_MEMORY(ctx);
    if (access(path, R_OK) != 0)
        return RG_FAIL(ctx, RG_ABSENT, "network.intake_no_file", "path", path);
    for (size_t i = 0; i < n; i++)
        if (strcmp(kinds[i].name, kind) == 0)
            return jobs_run_here(ctx, &kinds[i], named.source.title, args, on_progress, arg,
                                 ret_job_id);
    return RG_FAIL(ctx, RG_INVALID, "network.import.no_kind", "kind", kind);
}

/* ---- checking ---- */

struct check {
    void (*each)(void *arg, const struct network_problem *p);
    void *arg;
};

static enum rg_err
check_record(void *user, struct rg_ctx *ctx, const struct intake_record *record)
{
    (void)user;
    (void)ctx;
    (void)record;
    return RG_OK;
}

static enum rg_err
check_problem(void *user, struct rg_ctx *ctx, const struct intake_problem *p)
{
    const struct check *check = user;
    struct rg_mark mark = rg_arena_mark(ctx->arena);
    const struct jobs_problem told = import_problem(p);
    const struct network_problem out = {.severity = told.severity,
                                        .file = p->file,
                                        .line = p->line,
                                        .field = p->field,
                                        .message = jobs_sentence(ctx, &told)};
    check->each(check->arg, &out);
    rg_arena_release(ctx->arena, mark);
    return RG_OK;
}

enum rg_err
network_check_path(struct rg_ctx *ctx, const char *path,
                   void (*each)(void *arg, const struct network_problem *p), void *arg,
                   uint64_t *ret_n_rejected)
{
    struct check check = {each, arg};
    const struct intake_sink sink = {
        .user = &check, .record = check_record, .problem = check_problem};
    const struct intake_options options = {.source = base_name(str_of(path))};
    struct intake_counts counts;
    enum rg_err err = intake_path(ctx, &options, path, &sink, &counts);
    if (err == RG_OK)
        *ret_n_rejected = counts.problems[INTAKE_REJECTED];
    return err;
}
