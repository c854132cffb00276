/* Pages of importing: a file is handed in, the columns of a list are settled, a job begins. */
#include "network/hsds_priv.h"
#include "network/import.h"
#include "network/import_csv.h"
#include "network/import_pages.h"
#include "network_tmpl.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    TOKEN_N = 16,             /* letters of an upload's name: 64 bits                        */
    FILE_NAME_MAX = 100,      /* of the sender's name kept, for the report                   */
    ARGS_MAX = 64 * 1024,
    FORGOTTEN_S = 24 * 3600,  /* a list whose columns nobody settled is removed after a day  */
    SWEEP_MAX = 1000,         /* uploads looked at                                           */
};

enum { IN_KIND, IN_FILE, IN_TITLE, IN_SOURCE, IN_LICENCE, IN_URL, IN_SYNTHETIC };
static const char *const kind_values[] = {"hsds", "services-csv", NULL};
static const struct web_input form_inputs[] = {
    [IN_KIND] = {.name = "tipo", .kind = WEB_IN_CHOICE, .required = true, .choices = kind_values,
                 .label_key = "network.import.kind"},
    [IN_FILE] = {.name = "file", .kind = WEB_IN_FILE, .required = true,
                 .label_key = "network.import.file"},
    [IN_TITLE] = {.name = "titolo", .kind = WEB_IN_TEXT, .max = 200, .required = true,
                  .label_key = "network.import.source_title"},
    [IN_SOURCE] = {.name = "fonte", .kind = WEB_IN_TEXT, .max = 60,
                   .label_key = "network.import.source_name"},
    [IN_LICENCE] = {.name = "licenza", .kind = WEB_IN_TEXT, .max = 200,
                    .label_key = "network.import.licence"},
    [IN_URL] = {.name = "indirizzo", .kind = WEB_IN_TEXT, .max = 500,
                .label_key = "network.import.url"},
    [IN_SYNTHETIC] = {.name = "dimostrativi", .kind = WEB_IN_FLAG,
                      .label_key = "network.import.synthetic"},
};

/* ---- the spool ---- */

static const char *
spool_of(const struct web_request *req)
{
    const struct web_config *config = web_config_of(req);
    return config->spool ? config->spool : "/tmp";
}

/* The folder of an upload; NULL when the token is none of ours. */
static const char *
upload_folder(struct rg_ctx *ctx, const struct web_request *req, struct str token)
{
    if (token.n != TOKEN_N)
        return NULL;
    for (size_t i = 0; i < token.n; i++)
        if (!((token.p[i] >= '0' && token.p[i] <= '9') || (token.p[i] >= 'a' && token.p[i] <= 'f')))
            return NULL;
    return rg_arena_printf(ctx->arena, "%s/import-%.*s", spool_of(req), STR_ARG(token));
}

static void
remove_folder(struct rg_ctx *ctx, const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    while (dir && (entry = readdir(dir)) != NULL) {
        const char *path = rg_arena_printf(ctx->arena, "%s/%s", folder, entry->d_name);
        if (path && entry->d_name[0] != '.')
            (void)unlink(path);
    }
    if (dir)
        closedir(dir);
    (void)rmdir(folder);
}

/* Lists that were handed in and then left: those still with their args have no job. */
static void
sweep(struct rg_ctx *ctx, const struct web_request *req)
{
    DIR *dir = opendir(spool_of(req));
    const struct dirent *entry;
    for (size_t n = 0; dir && n < SWEEP_MAX && (entry = readdir(dir)) != NULL; n++) {
        struct str name = str_of(entry->d_name);
        struct stat st;
        if (!str_starts(name, STR("import-")))
            continue;
        const char *folder = upload_folder(ctx, req, str_n(name.p + 7, name.n - 7));
        const char *args = folder ? rg_arena_printf(ctx->arena, "%s/args.json", folder) : NULL;
        if (args && stat(args, &st) == 0 && st.st_mtime + FORGOTTEN_S < ctx->now_s)
            remove_folder(ctx, folder);
    }
    if (dir)
        closedir(dir);
}

/* The sender's file name with nothing in it that a path could mean. */
static const char *
safe_name(struct rg_ctx *ctx, struct str name, const char *ending)
{
    char out[FILE_NAME_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < FILE_NAME_MAX; i++) {
        char c = name.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || (c == '.' && n > 0);
        out[n++] = plain ? c : '_';
    }
    bool has = str_ends(str_n(out, n), str_of(ending));
    return rg_arena_printf(ctx->arena, "%.*s%s", (int)n, out, has ? "" : ending);
}

/* What the intake takes a file for hangs on its ending. */
static const char *
ending_of(struct str kind, struct str name)
{
    static const char *const endings[] = {".csv", ".zip"};
    for (size_t i = 0; i < RG_COUNT(endings); i++)
        if (name.n > 4 && str_eq_nocase(str_n(name.p + name.n - 4, 4), str_of(endings[i])))
            return endings[i];
    return str_is(kind, "services-csv") ? ".csv" : ".ndjson";
}

/* Move the uploaded file into a folder of its own, where its job finds it. */
static enum rg_err
upload_keep(struct rg_ctx *ctx, struct web_request *req, struct str *ret_token,
            struct str *ret_path)
{
    const struct web_value *file = &req->values[IN_FILE];
    const char *from = rg_arena_cstr(ctx->arena, file->text);
    const char *name = safe_name(ctx, file->file_name, ending_of(web_text(req, IN_KIND),
                                                                 file->file_name));
    const char *token = rg_arena_printf(ctx->arena, "%016llx", (unsigned long long)rg_chance(ctx));
    const char *folder = token ? upload_folder(ctx, req, str_of(token)) : NULL;
    const char *to = folder ? rg_arena_printf(ctx->arena, "%s/%s", folder, name) : NULL;
    if (!from || !name || !to)
        return RG_NO_MEMORY(ctx);
    if (mkdir(folder, 0700) != 0 || rename(from, to) != 0) {
        rg_detail(ctx, "errno %d", errno);
        (void)rmdir(folder);
        return RG_FAIL(ctx, RG_BROKEN, "network.import.cannot_keep");
    }
    *ret_token = str_of(token);
    *ret_path = str_of(to);
    return RG_OK;
}

/* ---- the form ---- */

/* "Comune di Ivrea: servizi" → "comune-di-ivrea-servizi". */
static struct str
slug(struct rg_ctx *ctx, struct str title)
{
    char out[60];
    size_t n = 0;
    for (size_t i = 0; i < title.n && n + 1 < sizeof(out); i++) {
        char c = title.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain)
            out[n++] = c;
        else if (n > 0 && out[n - 1] != '-')
            out[n++] = '-';
    }
    while (n > 0 && out[n - 1] == '-')
        n--;
    return n ? rg_arena_str(ctx->arena, str_n(out, n)) : STR("elenco");
}

static void
form_field(struct rg_ctx *ctx, struct web_request *req, struct import_form *page,
           struct web_field *field, size_t input, const char *hint_key, bool shown)
{
    const struct web_input *in = &form_inputs[input];
    *field = (struct web_field){.name = in->name,
                                .label = wording_text(ctx->lang, in->label_key),
                                .hint = hint_key ? wording_text(ctx->lang, hint_key) : STR(""),
                                .value = shown ? STR("") : web_text(req, input),
                                .n_max = in->max,
                                .required = in->required,
                                .optional = !in->required && in->kind == WEB_IN_TEXT};
    if (!shown && req->values[input].problem_key) {
        field->error = wording_text(ctx->lang, req->values[input].problem_key);
        const char *line = rg_arena_printf(ctx->arena, "%.*s: %.*s", STR_ARG(field->label),
                                           STR_ARG(field->error));
        page->errors[page->n_errors++] = (struct web_field_error){in->name, str_of(line)};
    }
}

static enum rg_err
form_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans, bool first)
{
    struct import_form page = {0};
    form_field(ctx, req, &page, &page.kind, IN_KIND, "network.import.kind_hint", first);
    form_field(ctx, req, &page, &page.file, IN_FILE, "network.import.file_hint", first);
    form_field(ctx, req, &page, &page.title, IN_TITLE, "network.import.source_title_hint", first);
    form_field(ctx, req, &page, &page.source, IN_SOURCE, "network.import.source_name_hint", first);
    form_field(ctx, req, &page, &page.licence, IN_LICENCE, "network.import.licence_hint", first);
    form_field(ctx, req, &page, &page.url, IN_URL, NULL, first);
    form_field(ctx, req, &page, &page.synthetic, IN_SYNTHETIC, NULL, first);
    page.url.type = "url";
    page.synthetic.value = STR("1");
    page.synthetic_on = !first && web_int(req, IN_SYNTHETIC) != 0;
    page.kind_ref = &page.kind;
    page.file_ref = &page.file;
    page.title_ref = &page.title;
    page.source_ref = &page.source;
    page.licence_ref = &page.licence;
    page.url_ref = &page.url;
    page.synthetic_ref = &page.synthetic;
    bool csv = !first && str_is(web_text(req, IN_KIND), "services-csv");
    page.kinds[0] = (struct web_option){
        STR("hsds"), wording_text(ctx->lang, "network.import.kind_hsds_label"), !csv};
    page.kinds[1] = (struct web_option){
        STR("services-csv"), wording_text(ctx->lang, "network.import.kind_csv_label"), csv};
    if (page.n_errors)
        ans->status = 400;
    struct web_frame frame = {.title = wording_text(ctx->lang, "network.import.title"),
                              .no_index = true};
    const struct web_crumb crumb = {STR_NONE, frame.title};
    web_crumbs(ctx, &frame, 1, &crumb);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_network_import_form(h, &page);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
form_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return form_show(ctx, req, ans, true);
}

static enum rg_err
job_begin(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans, const char *kind,
          const struct network_import *what)
{
    const struct network_web *web = req->data;
    int64_t job = 0;
    enum rg_err err = store_write_begin(ctx, "import asked");
    if (err == RG_OK)
        err = network_import_add(ctx, kind, what, true, &job);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    if (err != RG_OK)
        return err;
    if (web && web->jobs)
        jobs_wake(web->jobs);
    const char *path = rg_arena_printf(ctx->arena, "/lavori/%lld", (long long)job);
    return path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
}

/* args.json lies beside the file until the columns are settled. */
static enum rg_err
args_keep(struct rg_ctx *ctx, const char *folder, const struct network_import *what)
{
    const char *path = rg_arena_printf(ctx->arena, "%s/args.json", folder);
    struct str args = import_args_write(ctx, what, true);
    FILE *f = path && args.p ? fopen(path, "wb") : NULL;
    bool ok = f && fwrite(args.p, 1, args.n, f) == args.n;
    ok = f && fclose(f) == 0 && ok;
    return ok ? RG_OK : RG_FAIL(ctx, RG_BROKEN, "network.import.cannot_keep");
}

static enum rg_err
form_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct web_value *file = &req->values[IN_FILE];
    /* Only what the server itself spooled is a file: a text sent under its name is not. */
    if (file->given && !file->file_name.p) {
        file->problem_key = "network.import.no_file";
        req->n_problems++;
    }
    if (req->n_problems) {
        const char *spooled = file->given && file->file_name.p
                                  ? rg_arena_cstr(ctx->arena, file->text) : NULL;
        if (spooled)
            (void)unlink(spooled);
        return form_show(ctx, req, ans, false);
    }
    sweep(ctx, req);
    struct str token;
    struct network_import what = {
        .source = {.name = web_given(req, IN_SOURCE) ? slug(ctx, web_text(req, IN_SOURCE))
                                                     : slug(ctx, web_text(req, IN_TITLE)),
                   .title = web_text(req, IN_TITLE),
                   .licence = web_text(req, IN_LICENCE),
                   .url = web_text(req, IN_URL),
                   .synthetic = web_int(req, IN_SYNTHETIC) != 0}};
    enum rg_err err = upload_keep(ctx, req, &token, &what.path);
    if (err != RG_OK)
        return err;
    if (str_is(web_text(req, IN_KIND), "hsds"))
        return job_begin(ctx, req, ans, "import-hsds", &what);
    const char *folder = upload_folder(ctx, req, token);
    const char *path =
        rg_arena_printf(ctx->arena, "/gestione/importa/%.*s/colonne", STR_ARG(token));
    err = folder && path ? args_keep(ctx, folder, &what) : RG_NO_MEMORY(ctx);
    return err == RG_OK ? web_see_other(ctx, ans, path) : err;
}

/* ---- the columns ---- */

enum { IN_JOB, IN_COLUMNS };
static const struct web_input column_inputs[] = {
    [IN_JOB] = {.name = "id", .kind = WEB_IN_TEXT, .max = TOKEN_N, .required = true},
    [IN_COLUMNS] = {.name = "colonna", .kind = WEB_IN_LIST, .max = 40},
};

/* What was handed in under a token, or RG_ABSENT when it is no longer there. */
static enum rg_err
upload_find(struct rg_ctx *ctx, struct web_request *req, struct network_import *ret)
{
    const char *folder = upload_folder(ctx, req, web_text(req, IN_JOB));
    const char *path = folder ? rg_arena_printf(ctx->arena, "%s/args.json", folder) : NULL;
    struct str bytes;
    bool remove_file;
    if (!path || !intake_file_map(path, &bytes))
        return RG_FAIL(ctx, RG_ABSENT, "network.import.no_upload");
    struct str args = bytes.n < ARGS_MAX ? rg_arena_str(ctx->arena, bytes) : STR("");
    intake_file_unmap(bytes);
    return import_args_read(ctx, args, ret, &remove_file);
}

static const char *
sure_key(const struct csv_map_column *column)
{
    if (column->field == CSV_MAP_KEEP)
        return "network.import.sure_none";
    return column->confidence >= 90   ? "network.import.sure_yes"
           : column->confidence >= 60 ? "network.import.sure_likely"
                                      : "network.import.sure_values";
}

static struct web_option *
field_options(struct rg_ctx *ctx, enum csv_map_field chosen)
{
    struct web_option *options = RG_ARRAY(ctx->arena, struct web_option, CSV_MAP_FIELD__MAX);
    for (int f = 0; options && f < CSV_MAP_FIELD__MAX; f++) {
        const char *name = csv_map_field_name((enum csv_map_field)f);
        const char *key = rg_arena_printf(ctx->arena, "network.csv_map_%s", name);
        options[f] = (struct web_option){str_of(name), wording_text(ctx->lang, key ? key : name),
                                         f == (int)chosen};
    }
    return options;
}

static bool
sample_table(struct rg_ctx *ctx, const struct import_csv_columns *c, struct web_table *table)
{
    struct web_column *columns = RG_ARRAY(ctx->arena, struct web_column, c->n);
    struct web_row *rows = RG_ARRAY(ctx->arena, struct web_row, c->n_rows);
    struct web_cell *cells = RG_ARRAY(ctx->arena, struct web_cell, c->n * c->n_rows);
    if (!columns || !rows || !cells)
        return false;
    for (size_t i = 0; i < c->n; i++)
        columns[i].label = c->headers[i].n ? c->headers[i] : STR("–");
    for (size_t r = 0; r < c->n_rows; r++) {
        rows[r].cells = &cells[r * c->n];
        for (size_t i = 0; i < c->n; i++)
            cells[r * c->n + i].text = str_n(c->rows[r][i].p,
                                             str_utf8_prefix(c->rows[r][i], 80));
    }
    *table = (struct web_table){.id = "righe",
                                .caption = wording_text(ctx->lang, "network.import.sample"),
                                .columns = columns,
                                .n_columns = c->n,
                                .rows = rows,
                                .n_rows = c->n_rows};
    return true;
}

static enum rg_err
columns_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
             const struct network_import *what, const struct import_csv_columns *c,
             const char *problem_key)
{
    const char *path = rg_arena_cstr(ctx->arena, what->path);
    const char *slash = path ? strrchr(path, '/') : NULL;
    struct import_columns_page page = {.file = str_of(slash ? slash + 1 : path),
                                       .id = web_text(req, IN_JOB),
                                       .n_columns = c->n < WEB_LIST_MAX ? c->n : WEB_LIST_MAX};
    page.n_more = c->n - page.n_columns;
    page.columns = RG_ARRAY(ctx->arena, struct import_column, page.n_columns);
    if (!page.columns || !sample_table(ctx, c, &page.sample))
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < page.n_columns; i++) {
        struct import_column *column = &page.columns[i];
        struct str example = c->n_rows ? c->rows[0][i] : STR("");
        *column = (struct import_column){.header = c->headers[i],
                                         .example = str_n(example.p,
                                                          str_utf8_prefix(example, 80)),
                                         .sure_key = sure_key(&c->columns[i]),
                                         .options = field_options(ctx, c->columns[i].field),
                                         .n_options = CSV_MAP_FIELD__MAX};
        if (!column->options)
            return RG_NO_MEMORY(ctx);
    }
    page.sample_ref = &page.sample;
    if (problem_key) {
        ans->status = 400;
        page.problem_title = wording_text(ctx->lang, "network.import.columns_problem");
        page.problem = wording_text(ctx->lang, problem_key);
    }
    struct web_frame frame = {.title = wording_text(ctx->lang, "network.import.columns_title"),
                              .no_index = true};
    const struct web_crumb crumbs[] = {
        {STR("/gestione/importa"), wording_text(ctx->lang, "network.import.title")},
        {STR_NONE, frame.title}};
    web_crumbs(ctx, &frame, 2, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_network_import_columns(h, &page);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
upload_columns(struct rg_ctx *ctx, const struct network_import *what,
               struct import_csv_columns *ret)
{
    const char *path = rg_arena_cstr(ctx->arena, what->path);
    struct str bytes;
    if (!path || !intake_file_map(path, &bytes))
        return RG_FAIL(ctx, RG_ABSENT, "network.import.no_upload");
    const char *slash = strrchr(path, '/');
    enum rg_err err =
        import_csv_columns(ctx, slash ? slash + 1 : path, bytes, what->mapping, ret);
    intake_file_unmap(bytes);
    return err;
}

static enum rg_err
columns_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct network_import what;
    struct import_csv_columns c;
    enum rg_err err = upload_find(ctx, req, &what);
    if (err == RG_OK)
        err = upload_columns(ctx, &what, &c);
    return err == RG_OK ? columns_show(ctx, req, ans, &what, &c, NULL) : err;
}

/* The choices as a mapping, by number: "1=name\n2=comune\n". */
static struct str
chosen_mapping(struct rg_ctx *ctx, const struct web_request *req)
{
    const struct web_value *chosen = &req->values[IN_COLUMNS];
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 4096);
    for (size_t i = 0; i < chosen->n; i++)
        rg_buf_printf(&out, "#%zu=%.*s\n", i + 1, STR_ARG(chosen->list[i]));
    return out.failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(&out));
}

/* What is wrong with a mapping as a whole, or NULL. */
static const char *
mapping_problem(const struct import_csv_columns *c)
{
    unsigned n[CSV_MAP_FIELD__MAX] = {0};
    for (size_t i = 0; i < c->n; i++)
        n[c->columns[i].field]++;
    if (n[CSV_MAP_NAME] == 0)
        return "network.import.columns_no_name";
    for (int f = 0; f < CSV_MAP_FIELD__MAX; f++)
        if (n[f] > 1 && f != CSV_MAP_KEEP && f != CSV_MAP_PHONE)
            return "network.import.columns_twice";
    return NULL;
}

static enum rg_err
columns_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct network_import what;
    struct import_csv_columns c;
    enum rg_err err = upload_find(ctx, req, &what);
    if (err != RG_OK)
        return err;
    what.mapping = chosen_mapping(ctx, req);
    err = upload_columns(ctx, &what, &c);
    if (err != RG_OK)
        return err;
    const char *problem = mapping_problem(&c);
    if (problem)
        return columns_show(ctx, req, ans, &what, &c, problem);
    err = job_begin(ctx, req, ans, "import-services-csv", &what);
    const char *folder = upload_folder(ctx, req, web_text(req, IN_JOB));
    const char *args = folder ? rg_arena_printf(ctx->arena, "%s/args.json", folder) : NULL;
    if (err == RG_OK && args)
        (void)unlink(args); /* the job removes the file and then the folder */
    return err;
}

#define STAFF (RG_ROLE_ADMIN | RG_ROLE_PLANNER)

const struct web_route network_import_routes[] = {
    {.method = "GET", .path = "/gestione/importa", .roles = STAFF, .handle = form_get,
     .title_key = "network.import.title"},
    {.method = "POST", .path = "/gestione/importa", .inputs = form_inputs,
     .n_inputs = RG_COUNT(form_inputs), .roles = STAFF, .handle = form_post,
     .flags = WEB_UPLOADS | WEB_SHOWS_PROBLEMS},
    {.method = "GET", .path = "/gestione/importa/{id}/colonne", .inputs = column_inputs,
     .n_inputs = 1, .roles = STAFF, .handle = columns_get,
     .title_key = "network.import.columns_title", .flags = WEB_NO_SITEMAP},
    {.method = "POST", .path = "/gestione/importa/{id}/colonne", .inputs = column_inputs,
     .n_inputs = RG_COUNT(column_inputs), .roles = STAFF, .handle = columns_post},
};
const size_t network_import_n_routes = RG_COUNT(network_import_routes);
