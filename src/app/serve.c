/* The server: every room put together, the menu, the slots filled, the signals heard. */
#include "app/world.h"
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { HOUSEKEEPING_S = 2, PYTHON_BYTES = 256 };

static const struct web_nav nav[] = {
    {"/cerca", "app.nav.find", RG_ROLE_PUBLIC},
    {"/enti", "app.nav.who", RG_ROLE_PUBLIC},
    {"/ascolto", "app.nav.said", RG_ROLE_PUBLIC},
    {"/piano", "app.nav.plan", RG_ROLE_PUBLIC},
    {"/territorio", "app.nav.where", RG_ROLE_PUBLIC},
    {"/gestione/eventi", "app.nav.events", RG_ROLE_FACILITATOR},
    {"/gestione", "app.nav.manage", RG_ROLE_ADMIN | RG_ROLE_PLANNER},
};

/* The same answer for every page of some seconds: asked of the records when it may have changed. */
static bool
has_synthetic(void *arg)
{
    struct app_world *world = arg;
    return world->synthetic;
}

static struct str
asset_find(struct str name, bool gzip, const char **ret_type, bool *ret_gzip)
{
    const struct web_asset *asset = web_asset_find(name);
    if (!asset)
        return STR_NONE;
    *ret_type = asset->type;
    *ret_gzip = gzip && asset->gz;
    return *ret_gzip ? str_n((const char *)asset->gz, asset->n_gz)
                     : str_n((const char *)asset->raw, asset->n_raw);
}

/* What must not wait for a request: newer boundaries, new records, ended sessions. */
static void
keep_house(struct app *app, struct app_world *world, bool last)
{
    struct rg_ctx ctx;
    if (rg_ctx_init(&ctx, 512 * 1024 * 1024) != RG_OK)
        return;
    enum rg_err err = store_session_begin(&ctx, app->store);
    if (err == RG_OK)
        err = territory_live_refresh(&ctx, world->territory);
    if (err == RG_OK)
        err = finder_catalogue_refresh(&ctx, world->catalogue);
    if (err == RG_OK)
        err = finder_catalogue_turn(&ctx, world->catalogue);
    if (err == RG_OK)
        err = finder_catalogue_tidy(&ctx, world->catalogue, FINDER_TIDY_AFTER);
    bool synthetic;
    if (err == RG_OK && network_has_synthetic(&ctx, &synthetic) == RG_OK)
        world->synthetic = synthetic;
    if (err == RG_OK && ctx.now_s % 600 < HOUSEKEEPING_S)
        err = accounts_sweep(&ctx);
    if (err == RG_OK && (last || ctx.now_s % 600 < HOUSEKEEPING_S))
        err = finder_unmet_flush(&ctx, &world->finder);
    if (err != RG_OK)
        fprintf(stderr, "regia: housekeeping: %s (%s)\n", ctx.story.key ? ctx.story.key : "?",
                ctx.story.detail);
    store_session_end(&ctx);
    rg_ctx_done(&ctx);
}

static int
signals_open(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static void
wait_for_signal(struct app *app, struct app_world *world, int signals)
{
    struct pollfd wait = {.fd = signals, .events = POLLIN};
    while (poll(&wait, 1, HOUSEKEEPING_S * 1000) == 0)
        keep_house(app, world, false);
    keep_house(app, world, true); /* what is only in memory yet is written down */
}

static int
serve_with(struct app *app, struct app_world *world, int signals)
{
    struct accounts *accounts = NULL;
    struct jobs *jobs = NULL;
    struct web_throttle *knocks = NULL;
    struct web_server *server = NULL;
    const struct accounts_options options = {.scope_name = app_scope_name};
    enum rg_err err = accounts_new(&app->ctx, &options, &accounts);
    if (err == RG_OK) {
        knocks = web_throttle_new();
        err = knocks ? RG_OK : RG_NO_MEMORY(&app->ctx);
    }
    if (err == RG_OK)
        err = jobs_start(&app->ctx, app->store, world->kinds, world->n_kinds, &jobs);
    world->network.jobs = jobs;
    app_slots_fill(world);
    const struct web_room rooms[] = {
        {"publish", publish_routes, publish_n_routes, &world->publish},
        {"finder", finder_routes, finder_n_routes, &world->finder_web},
        {"network", network_routes, network_n_routes, &world->network},
        {"import", network_import_routes, network_import_n_routes, &world->network},
        {"listening", listening_routes, listening_n_routes, &world->listening},
        {"live", listening_live_routes, listening_live_n_routes, knocks},
        {"plan", plan_routes, plan_n_routes, NULL},
        {"territory", territory_routes, territory_n_routes, &world->territory_web},
        {"accounts", accounts_routes, accounts_n_routes, accounts},
        {"jobs", jobs_routes, jobs_n_routes, jobs},
    };
    char python[PYTHON_BYTES];
    const char *const pdf_command[] = {"/proc/self/exe", APP_PDF_WORKER, python, NULL};
    bool prints = app_pdf_program(python, sizeof(python));
    const struct web_config config = {.pdf_command = prints ? pdf_command : NULL,
                                      .listen = app->args.listen,
                                      .public_url = app->args.public_url,
                                      .spool = app_beside(app, ".spool"),
                                      .store = app->store,
                                      .rooms = rooms,
                                      .n_rooms = RG_COUNT(rooms),
                                      .who = accounts_who,
                                      .nav = nav,
                                      .n_nav = RG_COUNT(nav),
                                      .territory_key = "app.territory",
                                      .attribution_key = "app.attribution",
                                      .synthetic = has_synthetic,
                                      .synthetic_data = world,
                                      .asset_find = asset_find};
    html_asset_table_set(web_asset_url);
    keep_house(app, world, false);
    if (err == RG_OK)
        err = web_start(&app->ctx, &config, &server);
    if (err == RG_OK) {
        struct rg_buf line;
        const struct wording_arg args[] = {{"value", str_of(app->args.listen)}};
        rg_buf_init(&line, 1024);
        wording_put(&line, app->ctx.lang, "app.serving", args, 1, -1);
        printf("%.*s\n", (int)line.n, line.p);
        fflush(stdout);
        rg_buf_done(&line);
        wait_for_signal(app, world, signals);
    }
    web_stop(server);
    jobs_stop(jobs);
    web_throttle_free(knocks);
    accounts_free(accounts);
    return app_tell(app, err);
}

int
app_serve(struct app *app)
{
    static struct app_world world;
    int signals = signals_open(); /* before any thread, so that all of them hold the signals back */
    mkdir(app_beside(app, ".spool"), 0700);
    enum rg_err err = app_world_territory(app, &world);
    if (err == RG_OK)
        err = app_world_finder(app, &world);
    int status = err == RG_OK ? serve_with(app, &world, signals) : app_tell(app, err);
    app_world_close(&world);
    close(signals);
    return status;
}
