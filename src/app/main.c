/* The command line: words into a command, errors into a sentence and an exit status. */
#include "app/app.h"
#include "web/web.h"
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COMMAND_ARENA = 1024 * 1024 * 1024 }; /* an import works in marks; this is its ceiling */

static const struct app_command commands[] = {
    {"serve", "serve [--db DB] [--listen 127.0.0.1:8420] [--public https://…]", 0, true,
     app_serve},
    {"load", "load packs/torino [--db DB]", 1, true, app_load},
    {"import",
     "import hsds|services-csv|areas PATH [--source NAME] [--title TEXT] [--db DB]\n"
     "  regia import report FILE --name CODE [--title TEXT] [--db DB]",
     2, true, app_import},
    {"export",
     "export hsds FILE.ndjson|FILE.zip|FOLDER/ [--source NAME] [--db DB]\n"
     "  regia export listening FOLDER | plan FOLDER [--db DB]",
     2, true, app_export},
    {"remove", "remove SOURCE [--db DB]", 1, true, app_remove},
    {"ask", "ask \"testo\" [--place COMUNE] [--json] [--db DB]", 1, true, app_ask},
    {"account",
     "account add|reset|list|off LOGIN [--name TEXT] [--roles admin,planner] [--org N] [--area "
     "N] [--db DB]",
     1, true, app_account},
    {"check", "check hsds PATH | thread | plan [--json] [--db DB]", 1, false, app_check},
    {"draw",
     "draw PEOPLE.csv --seed TEXT --size N | --check DRAW.json [--quotas QUOTAS.csv] [--json]", 1,
     false, app_draw},
    {"backup", "backup PATH [--db DB]", 1, true, app_backup},
    {"restore", "restore COPY [--db DB]", 1, false, app_restore},
    {"verify", "verify [--db DB]", 0, true, app_verify},
    {"status", "status [--json] [--db DB]", 0, true, app_status},
};

static int
usage(FILE *out)
{
    fprintf(out, "regia COMMAND\n");
    for (size_t i = 0; i < RG_COUNT(commands); i++)
        fprintf(out, "  regia %s\n", commands[i].usage);
    return out == stdout ? APP_DONE : APP_MISUSE;
}

int
app_tell(struct app *app, enum rg_err err)
{
    static const int statuses[] = {
        [RG_OK] = APP_DONE,     [RG_INVALID] = APP_NO,   [RG_DENIED] = APP_NO,
        [RG_ABSENT] = APP_NO,   [RG_CONFLICT] = APP_NO,  [RG_LIMIT] = APP_NO,
        [RG_BUSY] = APP_FAILED, [RG_BROKEN] = APP_FAILED};
    _Static_assert(RG_COUNT(statuses) == RG_ERR__MAX, "an exit status per error class");
    if (err == RG_OK)
        return APP_DONE;
    struct rg_buf sentence;
    rg_buf_init(&sentence, 64 * 1024);
    wording_story(&sentence, app->ctx.lang, &app->ctx.story);
    if (sentence.n == 0)
        rg_buf_str(&sentence, wording_text(app->ctx.lang, "app.failed"));
    fprintf(stderr, "regia: %.*s\n", (int)sentence.n, sentence.p ? sentence.p : "");
    if (app->ctx.story.detail[0] && statuses[err] == APP_FAILED)
        fprintf(stderr, "       (%s)\n", app->ctx.story.detail);
    rg_buf_done(&sentence);
    return statuses[err];
}

int
app_misuse(struct app *app, const char *key, const char *value)
{
    const struct wording_arg args[] = {{"value", str_of(value)}};
    struct rg_buf sentence;
    rg_buf_init(&sentence, 64 * 1024);
    wording_put(&sentence, app->ctx.lang, key, args, 1, -1);
    fprintf(stderr, "regia: %.*s\n", (int)sentence.n, sentence.p ? sentence.p : "");
    rg_buf_done(&sentence);
    return APP_MISUSE;
}

static bool progress_shown;

void
app_progress(void *arg, int64_t done, int64_t total)
{
    struct app *app = arg;
    if (!isatty(STDERR_FILENO))
        return;
    struct rg_buf line;
    rg_buf_init(&line, 256);
    rg_buf_lit(&line, "\r\033[K");
    wording_number(&line, app->ctx.lang, done);
    if (total > 0) {
        rg_buf_lit(&line, " / ");
        wording_number(&line, app->ctx.lang, total);
    }
    fprintf(stderr, "%.*s", (int)line.n, line.p ? line.p : "");
    rg_buf_done(&line);
    progress_shown = true;
}

void
app_progress_end(void)
{
    if (progress_shown)
        fputc('\n', stderr);
    progress_shown = false;
}

/* --option VALUE or --flag; false when the option is unknown or its value is missing. Another
 * option is not a value: "--place --db x" forgot the place. */
static bool
take_option(struct app_args *args, int argc, char **argv, int *i)
{
    const struct {
        const char *name;
        const char **value;
    } valued[] = {
        {"--db", &args->db},
        {"--listen", &args->listen},
        {"--place", &args->place},
        {"--source", &args->source},
        {"--title", &args->title},
        {"--licence", &args->licence},
        {"--map", &args->mapping},
        {"--roles", &args->roles},
        {"--name", &args->name},
        {"--kind", &args->kind},
        {"--public", &args->public_url},
        {"--seed", &args->seed},
        {"--size", &args->size},
        {"--quotas", &args->quotas},
        {"--check", &args->check},
        {"--org", &args->org},
        {"--area", &args->area},
    };
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {
        {"--json", &args->json},
        {"--synthetic", &args->synthetic},
        {"--yes", &args->yes}};
    for (size_t k = 0; k < RG_COUNT(flags); k++)
        if (strcmp(argv[*i], flags[k].name) == 0) {
            *flags[k].flag = true;
            return true;
        }
    for (size_t k = 0; k < RG_COUNT(valued); k++)
        if (strcmp(argv[*i], valued[k].name) == 0 && *i + 1 < argc &&
            strncmp(argv[*i + 1], "--", 2) != 0) {
            *valued[k].value = argv[++*i];
            return true;
        }
    return false;
}

static int
parse(struct app *app, int argc, char **argv)
{
    bool options = true;
    app->args.db = "regia.db";
    app->args.listen = "127.0.0.1:8420";
    for (int i = 2; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && strncmp(argv[i], "--", 2) == 0) {
            if (!take_option(&app->args, argc, argv, &i))
                return app_misuse(app, "app.bad_option", argv[i]);
        } else if (app->args.n_words == RG_COUNT(app->args.words)) {
            return app_misuse(app, "app.too_many", argv[i]);
        } else if (!str_utf8_ok(str_of(argv[i]))) {
            return app_misuse(app, "app.not_text", "");
        } else {
            app->args.words[app->args.n_words++] = argv[i];
        }
    }
    return APP_DONE;
}

static int
run(struct app *app, const struct app_command *command)
{
    if (app->args.n_words < command->n_words_min)
        return app_misuse(app, "app.usage", command->usage);
    enum rg_err err = RG_OK;
    if (command->needs_store) {
        err = store_open(&app->ctx, app->args.db, app_store_rooms, app_n_store_rooms,
                         &app->store);
        if (err == RG_OK)
            err = store_session_begin(&app->ctx, app->store);
    }
    int status = err == RG_OK ? command->run(app) : app_tell(app, err);
    app_progress_end();
    store_session_end(&app->ctx);
    app->store = store_close(app->store);
    return status;
}

int
main(int argc, char **argv)
{
    static struct app app;
    if (argc == 3 && strcmp(argv[1], APP_PDF_WORKER) == 0)
        return app_pdf_worker(argv[2]); /* knows no database, and speaks to no person */
    if (rg_ctx_init(&app.ctx, COMMAND_ARENA) != RG_OK) {
        fprintf(stderr, "regia: %s\n", wording_text(RG_IT, "base.no_memory").p);
        return APP_FAILED;
    }
    app.ctx.actor.name = STR("regia");
    app.ctx.actor.roles = RG_ROLE_PUBLIC | RG_ROLE_ADMIN; /* who holds the database may */
    const char *lang = getenv("LC_ALL");
    if (!lang || !*lang)
        lang = getenv("LANG");
    if (!lang || !rg_lang_of(str_of(lang), &app.ctx.lang))
        app.ctx.lang = RG_IT;
    if (argc < 2 || strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
        return usage(argc < 2 ? stderr : stdout);
    int status = APP_MISUSE;
    const struct app_command *command = NULL;
    for (size_t i = 0; i < RG_COUNT(commands); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            command = &commands[i];
    if (!command) {
        app_misuse(&app, "app.unknown", argv[1]);
        usage(stderr);
    } else {
        status = parse(&app, argc, argv);
        if (status == APP_DONE)
            status = run(&app, command);
    }
    rg_ctx_done(&app.ctx);
    return status;
}
