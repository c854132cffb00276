/* The commands that are not the server. */
#include "app/world.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void
say_count(struct app *app, const char *key, int64_t n)
{
    struct rg_buf line;
    rg_buf_init(&line, 1024);
    wording_put(&line, app->ctx.lang, key, NULL, 0, n);
    printf("%.*s\n", (int)line.n, line.p ? line.p : "");
    rg_buf_done(&line);
}

/* ---- load ---- */

static bool
file_there(const char *folder, const char *name)
{
    char path[4096];
    int n = snprintf(path, sizeof(path), "%s/%s", folder, name);
    return n > 0 && n < (int)sizeof(path) && access(path, R_OK) == 0;
}

/* The public bodies a pack names become organizations of the network. */
static enum rg_err
load_bodies(struct app *app, const char *folder, int64_t *ret_n)
{
    const char *path = rg_arena_printf(app->ctx.arena, "%s/bodies.csv", folder);
    return path ? network_load_bodies(&app->ctx, path, ret_n) : RG_NO_MEMORY(&app->ctx);
}

/* ---- the plan ---- */

static void
tell_line(void *arg, struct str line)
{
    (void)arg;
    fprintf(stderr, "%.*s\n", STR_ARG(line));
}

static enum rg_err
load_plan(struct app *app, const char *folder)
{
    struct plan_load_counts counts = {0};
    const char *path = rg_arena_printf(app->ctx.arena, "%s/plan", folder);
    if (!path)
        return RG_NO_MEMORY(&app->ctx);
    enum rg_err err = plan_load(&app->ctx, path, tell_line, NULL, &counts);
    if (err != RG_OK)
        return err;
    say_count(app, "app.load.plan", counts.n_read);
    if (counts.n_kept)
        say_count(app, "app.load.kept", counts.n_kept);
    return RG_OK;
}

static int
export_plan(struct app *app, const char *folder)
{
    int64_t n = 0;
    enum rg_err err = plan_export(&app->ctx, folder, &n);
    if (err == RG_OK)
        say_count(app, "app.exported", n);
    return app_tell(app, err);
}

/* One line a finding: what, code, why, remedy. */
static int
check_plan(struct app *app, bool thread)
{
    struct plan_finding *findings = NULL;
    size_t n = 0;
    struct rg_ctx *ctx = &app->ctx;
    enum rg_err err =
        store_open(ctx, app->args.db, app_store_rooms, app_n_store_rooms, &app->store);
    if (err == RG_OK)
        err = store_session_begin(ctx, app->store);
    if (err == RG_OK)
        err = thread ? plan_check_thread(ctx, &findings, &n) : plan_check_plan(ctx, &findings, &n);
    if (err != RG_OK)
        return app_tell(app, err);
    struct rg_buf out;
    rg_buf_init(&out, RG_ANSWER_MAX);
    if (app->args.json) {
        plan_findings_json(&out, findings, n);
        rg_buf_c(&out, '\n');
    }
    for (size_t i = 0; i < n && !app->args.json; i++)
        rg_buf_printf(&out, "%.*s %.*s: %.*s %.*s\n", STR_ARG(findings[i].what),
                      STR_ARG(findings[i].code), STR_ARG(findings[i].why),
                      STR_ARG(findings[i].remedy));
    if (out.failed)
        err = RG_NO_MEMORY(ctx);
    else if (out.n)
        fwrite(out.p, 1, out.n, stdout);
    rg_buf_done(&out);
    if (err == RG_OK && n == 0 && !app->args.json)
        printf("%s\n", wording_text(ctx->lang, "app.check.whole").p);
    return err != RG_OK ? app_tell(app, err) : n ? APP_NO : APP_DONE;
}

/* ---- what was said ---- */

static void
say_problem(FILE *out, const struct listening_problem *p)
{
    fprintf(out, "%.*s:%llu: %s%s%.*s\n", STR_ARG(p->file), (unsigned long long)p->line, p->field,
            *p->field ? ": " : "", STR_ARG(p->text));
}

/* What was said, from a pack's listening folder: every problem is named before the sentence that
 * nothing was loaded.                                                                          */
static enum rg_err
load_listening(struct app *app, const char *folder)
{
    struct listening_load_report *report = RG_NEW(app->ctx.arena, struct listening_load_report);
    if (!report)
        return RG_NO_MEMORY(&app->ctx);
    enum rg_err err = listening_load(&app->ctx, folder, report);
    for (size_t i = 0; i < report->n_problems; i++)
        say_problem(stderr, &report->problems[i]);
    for (size_t i = 0; i < report->n_notes; i++)
        say_problem(stdout, &report->notes[i]);
    if (err == RG_OK) {
        say_count(app, "app.load.voices", report->n_contributions);
        say_count(app, "app.load.themes", report->n_themes);
    }
    return err;
}

/* ---- packs ---- */

static enum rg_err
load_pack(struct app *app, const char *folder)
{
    struct territory_load_counts counts;
    size_t n_needs = 0;
    int64_t n_bodies = 0;
    enum rg_err err = territory_load(&app->ctx, folder, &counts);
    if (err == RG_OK && file_there(folder, "needs.csv"))
        err = finder_load(&app->ctx, folder, &n_needs);
    if (err == RG_OK && file_there(folder, "bodies.csv"))
        err = load_bodies(app, folder, &n_bodies);
    if (err != RG_OK)
        return err;
    say_count(app, "app.load.areas", (int64_t)counts.n_areas);
    say_count(app, "app.load.needs", (int64_t)n_needs);
    say_count(app, "app.load.bodies", n_bodies);
    const char *said = rg_arena_printf(app->ctx.arena, "%s/listening", folder);
    if (!said)
        return RG_NO_MEMORY(&app->ctx);
    if (file_there(folder, "listening"))
        err = load_listening(app, said);
    if (err == RG_OK && file_there(folder, "plan/plans.csv")) /* after it: it names voices */
        err = load_plan(app, folder);
    return err;
}

/* Run the generator of demonstration services, which stands beside this program, into a file.
 */
static enum rg_err
generate(struct app *app, const char *facts, const char *out)
{
    struct rg_ctx *ctx = &app->ctx;
    char self[4096], tool[4200];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    if (n <= 0)
        return RG_FAIL(ctx, RG_BROKEN, "app.no_demogen");
    self[n] = '\0';
    *strrchr(self, '/') = '\0';
    snprintf(tool, sizeof(tool), "%s/src/finder/demogen", self);
    if (access(tool, X_OK) != 0)
        snprintf(tool, sizeof(tool), "%s/demogen", self);
    const char *comuni = rg_arena_printf(ctx->arena, "%s/comuni.csv", facts);
    const char *zones = rg_arena_printf(ctx->arena, "%s/zones.csv", facts);
    const char *needs = rg_arena_printf(ctx->arena, "%s/needs.csv", facts);
    if (!comuni || !zones || !needs)
        return RG_NO_MEMORY(ctx);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
    char *const argv[] = {tool, (char *)(uintptr_t)comuni, (char *)(uintptr_t)zones,
                          (char *)(uintptr_t)needs, NULL};
    pid_t pid;
    int status = 1;
    bool ran = posix_spawn(&pid, tool, &actions, NULL, argv, environ) == 0 &&
               waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return ran ? RG_OK : RG_FAIL(ctx, RG_BROKEN, "app.no_demogen");
}

static enum rg_err
load_demo(struct app *app, const char *folder)
{
    const char *facts = rg_arena_printf(app->ctx.arena, "%s/../torino", folder);
    const char *file = app_beside(app, ".demo.ndjson");
    struct app_world world = {0};
    int64_t job;
    if (!facts)
        return RG_NO_MEMORY(&app->ctx);
    enum rg_err err = app_world_territory(app, &world);
    if (err == RG_OK)
        err = generate(app, facts, file);
    const struct network_import what = {
        .source = {.name = STR("demo"),
                   .title = STR("Dati dimostrativi (inventati)"),
                   .licence = STR("CC0 1.0"),
                   .synthetic = true},
        .path = str_of(file)};
    if (err == RG_OK)
        err = network_import_run(&app->ctx, &world.network, "import-hsds", &what, app_progress,
                                 app, &job);
    unlink(file);
    if (err == RG_OK) {
        struct network_counts counts;
        app_progress_end();
        err = network_counts(&app->ctx, &counts);
        if (err == RG_OK)
            say_count(app, "app.load.services", counts.n_services);
    }
    app_world_close(&world);
    return err;
}

int
app_load(struct app *app)
{
    for (size_t i = 0; i < app->args.n_words; i++) {
        const char *folder = app->args.words[i];
        bool facts = file_there(folder, "comuni.csv");
        bool said = !facts && file_there(folder, "contributions.csv");
        bool plan = !facts && file_there(folder, "plan/plans.csv");
        if (!facts && !said && !plan && !file_there(folder, "README.md"))
            return app_misuse(app, "app.no_pack", folder);
        enum rg_err err = facts  ? load_pack(app, folder)
                          : said ? load_listening(app, folder)
                          : plan ? load_plan(app, folder)
                                 : load_demo(app, folder);
        if (err != RG_OK)
            return app_tell(app, err);
    }
    return APP_DONE;
}

/* ---- import, export, remove ---- */

static struct str
base_name(const char *path)
{
    struct str s = str_of(path);
    while (s.n > 1 && s.p[s.n - 1] == '/')
        s.n--;
    for (const char *slash; (slash = memchr(s.p, '/', s.n)) != NULL;)
        s = str_n(slash + 1, s.n - (size_t)(slash + 1 - s.p));
    return s;
}

static int
import_areas(struct app *app, const char *path)
{
    struct territory_import_counts counts;
    enum rg_err err = territory_import(
        &app->ctx, path, app->args.kind ? app->args.kind : "comune", NULL, &counts);
    if (err != RG_OK)
        return app_tell(app, err);
    say_count(app, "app.import.known", (int64_t)counts.n_known);
    if (counts.n_unknown)
        say_count(app, "app.import.unknown", (int64_t)counts.n_unknown);
    return APP_DONE;
}

/* What the job brought and found, a line each; whether it took nothing of what it was given. */
static enum rg_err
say_job(struct app *app, int64_t id, bool *ret_nothing_taken)
{
    struct jobs_view job;
    struct jobs_count *kinds;
    const struct rg_jv *counts;
    size_t n;
    struct rg_ctx *ctx = &app->ctx;
    enum rg_err err = jobs_get(ctx, id, &job);
    if (err == RG_OK)
        err = jobs_finding_kinds(ctx, id, &kinds, &n);
    if (err != RG_OK)
        return err;
    int64_t n_taken = 0, n_rejected = 0;
    if (job.outcome.n && rg_jv_parse(ctx->arena, job.outcome, &counts)) {
        const struct rg_jv *key = rg_jv_first(counts);
        for (uint32_t i = 0; i < counts->n; i++) {
            const struct rg_jv *value = rg_jv_next(key);
            const char *name = rg_arena_cstr(ctx->arena, rg_jv_str(ctx->arena, key));
            struct str words = wording_text(ctx->lang, name ? name : "");
            struct str counted = str_of(name ? name : "");
            if (str_ends(counted, STR("_added")) || str_ends(counted, STR("_changed")) ||
                str_ends(counted, STR("_same")))
                n_taken += rg_jv_i64(value, 0);
            else if (str_ends(counted, STR(".n_rejected")))
                n_rejected = rg_jv_i64(value, 0);
            if (rg_jv_i64(value, 0) != 0)
                printf("%8lld  %.*s\n", (long long)rg_jv_i64(value, 0), STR_ARG(words));
            key = rg_jv_next(value);
        }
    }
    for (size_t i = 0; i < n; i++)
        printf("%8lld  %.*s\n", (long long)kinds[i].n, STR_ARG(kinds[i].message));
    *ret_nothing_taken = n_taken == 0 && n_rejected > 0;
    return RG_OK;
}

static int
import_report(struct app *app, const char *path)
{
    struct listening_import done;
    enum rg_err err = listening_import_report(
        &app->ctx, path, str_of(app->args.name ? app->args.name : ""),
        str_of(app->args.title ? app->args.title : ""), &done);
    if (err != RG_OK)
        return app_tell(app, err);
    say_count(app, "app.import.lines", done.n_lines);
    say_count(app, "app.import.furniture", done.n_furniture);
    return APP_DONE;
}

int
app_import(struct app *app)
{
    const char *kind = app->args.words[0], *path = app->args.words[1];
    if (access(path, R_OK) != 0)
        return app_tell(app, RG_FAIL(&app->ctx, RG_ABSENT, "app.no_file", "file", path));
    if (strcmp(kind, "areas") == 0)
        return import_areas(app, path);
    if (strcmp(kind, "report") == 0)
        return import_report(app, path);
    if (strcmp(kind, "hsds") != 0 && strcmp(kind, "services-csv") != 0)
        return app_misuse(app, "app.bad_kind", kind);
    struct app_world world = {0};
    int64_t job = 0;
    bool nothing_taken = false;
    struct str name = app->args.source ? str_of(app->args.source) : base_name(path);
    const struct network_import what = {
        .source = {.name = name,
                   .title = app->args.title ? str_of(app->args.title) : name,
                   .licence = str_of(app->args.licence ? app->args.licence : ""),
                   .synthetic = app->args.synthetic},
        .path = str_of(path),
        .mapping = app->args.mapping ? str_of(app->args.mapping) : STR_NONE};
    enum rg_err err = app_world_territory(app, &world);
    if (err == RG_OK)
        err = network_import_run(&app->ctx, &world.network,
                                 strcmp(kind, "hsds") == 0 ? "import-hsds"
                                                           : "import-services-csv",
                                 &what, app_progress, app, &job);
    app_progress_end();
    if (err == RG_OK)
        err = say_job(app, job, &nothing_taken);
    if (err == RG_OK)
        printf("%s /lavori/%lld\n", wording_text(app->ctx.lang, "app.import.report").p,
               (long long)job);
    app_world_close(&world);
    return err == RG_OK && nothing_taken ? APP_NO : app_tell(app, err);
}

int
app_export(struct app *app)
{
    const char *kind = app->args.words[0], *path = app->args.words[1];
    struct network_export_counts counts;
    int64_t n = 0;
    if (strcmp(kind, "plan") == 0)
        return export_plan(app, path);
    if (strcmp(kind, "listening") == 0) {
        enum rg_err told = listening_export(&app->ctx, path, &n);
        if (told == RG_OK)
            say_count(app, "app.exported", n);
        return app_tell(app, told);
    }
    if (strcmp(kind, "hsds") != 0)
        return app_misuse(app, "app.bad_kind", kind);
    enum rg_err err = network_export_hsds(&app->ctx, path, app->args.source, &counts);
    for (size_t i = 0; err == RG_OK && i < NETWORK_KIND__MAX; i++)
        n += counts.n[i];
    if (err == RG_OK)
        say_count(app, "app.exported", n);
    if (err == RG_OK && counts.n_withheld)
        say_count(app, "app.withheld", counts.n_withheld);
    return app_tell(app, err);
}

int
app_remove(struct app *app)
{
    int64_t n;
    enum rg_err err = network_drop_source(&app->ctx, str_of(app->args.words[0]), &n);
    if (err == RG_OK)
        say_count(app, "app.removed", n);
    return app_tell(app, err);
}

/* ---- ask ---- */

int
app_ask(struct app *app)
{
    struct app_world world = {0};
    struct finder_question question = {.text = str_of(app->args.words[0]),
                                       .place = str_of(app->args.place ? app->args.place : ""),
                                       .page = 1,
                                       .size = 10};
    struct finder_answer answer;
    struct rg_buf out;
    rg_buf_init(&out, RG_ANSWER_MAX);
    enum rg_err err = app_world_territory(app, &world);
    if (err == RG_OK)
        err = app_world_finder(app, &world);
    if (err == RG_OK)
        err = finder_catalogue_turn(&app->ctx, world.catalogue);
    if (err == RG_OK)
        err = finder_ask(&app->ctx, &world.finder, &question, &answer);
    if (err == RG_OK && app->args.json) {
        struct rg_jw jw;
        rg_jw_init(&jw, &out);
        finder_answer_json(&app->ctx, &world.finder, &question, &answer, &jw);
        rg_buf_c(&out, '\n');
    } else if (err == RG_OK) {
        finder_answer_text(&app->ctx, &world.finder, &question, &answer, &out);
    }
    if (err == RG_OK && out.failed)
        err = RG_NO_MEMORY(&app->ctx);
    if (err == RG_OK)
        fwrite(out.p, 1, out.n, stdout);
    rg_buf_done(&out);
    app_world_close(&world);
    return app_tell(app, err);
}

/* ---- accounts ---- */

static enum rg_err
account_id(struct app *app, const char *login, int64_t *ret_id)
{
    bool found;
    enum rg_err err = accounts_find(&app->ctx, str_of(login), &found, ret_id);
    if (err == RG_OK && !found)
        err = RG_FAIL(&app->ctx, RG_ABSENT, "app.no_account", "login", login);
    return err;
}

/* The number of the organization or area somebody answers for; none is 0. */
static enum rg_err
scope_number(struct app *app, const char *text, int64_t *ret)
{
    if (!text || rg_parse_i64(str_of(text), 1, INT64_MAX, ret))
        return RG_OK;
    return RG_FAIL(&app->ctx, RG_INVALID, "app.bad_number", "value", text);
}

static enum rg_err
account_add(struct app *app, const char *login, struct str *ret_password)
{
    struct accounts_draft draft = {.login = str_of(login),
                                   .name = str_of(app->args.name ? app->args.name : login),
                                   .lang = app->ctx.lang,
                                   .must_change = false};
    int64_t id;
    if (!accounts_roles_parse(str_of(app->args.roles ? app->args.roles : "reader"),
                              &draft.roles))
        return RG_FAIL(&app->ctx, RG_INVALID, "app.bad_roles", "roles", app->args.roles);
    enum rg_err err = scope_number(app, app->args.org, &draft.org_id);
    if (err == RG_OK)
        err = scope_number(app, app->args.area, &draft.area_id);
    return err == RG_OK ? accounts_add(&app->ctx, &draft, &id, ret_password) : err;
}

static enum rg_err
account_off(struct app *app, const char *login)
{
    struct accounts_view view;
    int64_t id;
    enum rg_err err = account_id(app, login, &id);
    if (err == RG_OK)
        err = accounts_get(&app->ctx, id, &view);
    view.active = false;
    return err == RG_OK ? accounts_set(&app->ctx, &view) : err;
}

static enum rg_err
account_list(struct app *app)
{
    struct accounts_view *views;
    size_t n;
    enum rg_err err = accounts_list(&app->ctx, 0, 10000, &views, &n);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        struct rg_buf roles;
        rg_buf_init(&roles, 256);
        accounts_roles_put(&roles, views[i].roles);
        printf("%.*s\t%.*s\t%.*s%s\n", STR_ARG(views[i].login), STR_ARG(views[i].name),
               (int)roles.n, roles.p, views[i].active ? "" : "\t-");
        rg_buf_done(&roles);
    }
    return err;
}

int
app_account(struct app *app)
{
    const char *what = app->args.words[0];
    const char *login = app->args.n_words > 1 ? app->args.words[1] : NULL;
    struct str password = STR_NONE;
    enum rg_err err;
    if (strcmp(what, "list") == 0)
        return app_tell(app, account_list(app));
    if (!login)
        return app_misuse(app, "app.usage", "account add|reset|off LOGIN");
    int64_t id;
    if (strcmp(what, "add") == 0) {
        err = account_add(app, login, &password);
    } else if (strcmp(what, "reset") == 0) {
        err = account_id(app, login, &id);
        if (err == RG_OK)
            err = accounts_reset(&app->ctx, id, STR_NONE, false, &password);
    } else if (strcmp(what, "off") == 0) {
        err = account_off(app, login);
    } else {
        return app_misuse(app, "app.usage", "account add|reset|off|list LOGIN");
    }
    if (err == RG_OK && password.n)
        printf("%s %.*s\n", wording_text(app->ctx.lang, "app.password").p, STR_ARG(password));
    return app_tell(app, err);
}

/* ---- check ---- */

static void
print_problem(void *arg, const struct network_problem *p)
{
    (void)arg;
    printf("%s:%llu: %.*s%s%.*s\n", p->file ? p->file : "", (unsigned long long)p->line,
           STR_ARG(p->field), p->field.n ? ": " : "", STR_ARG(p->message));
}

int
app_check(struct app *app)
{
    const char *what = app->args.words[0];
    uint64_t n_rejected = 0;
    if (strcmp(what, "thread") == 0 || strcmp(what, "plan") == 0)
        return check_plan(app, strcmp(what, "thread") == 0);
    if (strcmp(what, "hsds") != 0 || app->args.n_words < 2)
        return app_misuse(app, "app.usage", "check hsds PATH|thread|plan");
    enum rg_err err =
        network_check_path(&app->ctx, app->args.words[1], print_problem, NULL, &n_rejected);
    return err != RG_OK ? app_tell(app, err) : n_rejected ? APP_NO : APP_DONE;
}

/* ---- keeping ---- */

int
app_backup(struct app *app)
{
    return app_tell(app, store_backup(&app->ctx, app->store, app->args.words[0], false));
}

/* Put a copy in the place of the database, whole or not at all; the old one stays beside. Secrets
 * are those of the database that is replaced, so that who was erased since the copy stays so; a
 * copy that replaces nothing brings its own, if it has any.                                   */
int
app_restore(struct app *app)
{
    const char *copy = app->args.words[0], *db = app->args.db;
    struct rg_ctx *ctx = &app->ctx;
    if (str_starts(str_of(db), STR("postgres")))
        return app_tell(app, RG_FAIL(ctx, RG_INVALID, "store.use_pg_dump"));
    if (access(db, F_OK) == 0 && !app->args.yes)
        return app_misuse(app, "app.restore.there", db);
    const char *partial = rg_arena_printf(ctx->arena, "%s.restoring", db);
    const char *before = rg_arena_printf(ctx->arena, "%s.before", db);
    if (!partial || !before)
        return app_tell(app, RG_NO_MEMORY(ctx));
    struct store *store;
    enum rg_err err = store_open(ctx, copy, app_store_rooms, app_n_store_rooms, &store);
    if (err == RG_OK) {
        err = store_session_begin(ctx, store);
        if (err == RG_OK)
            err = store_verify(ctx, store);
        if (err == RG_OK)
            err = store_backup(ctx, store, partial, access(db, F_OK) != 0);
        store_session_end(ctx);
        store_close(store);
    }
    if (err != RG_OK)
        return app_tell(app, err);
    if (access(db, F_OK) == 0) {
        struct store *old; /* opened and closed, so that its log is folded in before it moves */
        if (store_open(ctx, db, app_store_rooms, app_n_store_rooms, &old) == RG_OK)
            store_close(old);
        rg_story_clear(ctx);
        if (store_secrets_carry(ctx, db, partial, app_store_rooms, app_n_store_rooms) != RG_OK)
            app_tell(app, RG_BROKEN); /* said, and gone on: it may be what the copy is needed for */
        rg_story_clear(ctx);
        if (rename(db, before) != 0)
            return app_tell(app, RG_FAIL(ctx, RG_BROKEN, "store.cannot_write", "file", before));
    }
    static const char *const logs[] = {"-wal", "-shm"};
    for (size_t i = 0; i < RG_COUNT(logs); i++) {
        const char *log = rg_arena_printf(ctx->arena, "%s%s", db, logs[i]);
        if (log)
            unlink(log);
    }
    if (rename(partial, db) != 0)
        return app_tell(app, RG_FAIL(ctx, RG_BROKEN, "store.cannot_write", "file", db));
    return APP_DONE;
}

int
app_verify(struct app *app)
{
    enum rg_err err = store_verify(&app->ctx, app->store);
    if (err == RG_OK)
        printf("%s\n", wording_text(app->ctx.lang, "app.verify.ok").p);
    return app_tell(app, err);
}

int
app_status(struct app *app)
{
    struct network_counts counts;
    int64_t seq;
    enum rg_err err = store_head(&app->ctx, &seq);
    if (err == RG_OK)
        err = network_counts(&app->ctx, &counts);
    if (err != RG_OK)
        return app_tell(app, err);
    if (app->args.json) {
        printf(
            "{\"changes\":%lld,\"organizations\":%lld,\"services\":%lld,\"locations\":%lld}\n",
            (long long)seq, (long long)counts.n_organizations, (long long)counts.n_services,
            (long long)counts.n_locations);
    } else {
        say_count(app, "app.status.changes", seq);
        say_count(app, "app.status.organizations", counts.n_organizations);
        say_count(app, "app.load.services", counts.n_services);
        say_count(app, "app.status.locations", counts.n_locations);
    }
    return APP_DONE;
}
