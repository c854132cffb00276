#include "app/world.h"
#include <stdio.h>

const char *
app_beside(struct app *app, const char *ending)
{
    const char *path =
        store_is_pgsql(app->store)
            ? rg_arena_printf(app->ctx.arena, "regia-%08llx%s",
                              (unsigned long long)(str_hash(str_of(app->args.db)) & 0xFFFFFFFF),
                              ending)
            : rg_arena_printf(app->ctx.arena, "%s%s", app->args.db, ending);
    RG_ASSERT(path);
    return path;
}

enum rg_err
app_world_territory(struct app *app, struct app_world *world)
{
    world->store = app->store;
    enum rg_err err = territory_live_new(&app->ctx, &world->territory);
    if (err != RG_OK)
        return err;
    world->network.territory = world->territory;
    world->network.store = app->store;
    world->n_kinds = network_import_kinds(&world->network, world->kinds, APP_KINDS_MAX);
    return RG_OK;
}

enum rg_err
app_world_finder(struct app *app, struct app_world *world)
{
    enum rg_err err = finder_model_open(&app->ctx, app_beside(app, ".model"), &world->model);
    if (err == RG_OK)
        err = finder_catalogue_open(&app->ctx, app->store, world->model, world->territory,
                                    app_beside(app, ".index"), &world->catalogue);
    if (err == RG_OK)
        world->finder = (struct finder){.model = world->model,
                                        .catalogue = world->catalogue,
                                        .territory = world->territory,
                                        .store = app->store};
    return err;
}

void
app_world_close(struct app_world *world)
{
    finder_thread_done();
    world->catalogue = finder_catalogue_close(world->catalogue);
    world->model = finder_model_free(world->model);
    world->territory = territory_live_free(world->territory);
}
