/* The world: the read models and services that pages and commands answer from. */
#ifndef APP_WORLD_H
#define APP_WORLD_H

#include "accounts/accounts.h"
#include "app/app.h"
#include "finder/finder.h"
#include "jobs/jobs.h"
#include "listening/listening.h"
#include "network/network.h"
#include "plan/plan.h"
#include "publish/publish.h"
#include "territory/territory.h"
#include "web/web.h"

enum { APP_KINDS_MAX = 8 };

struct app_world {
    struct store *store;
    struct territory_live *territory;
    struct finder_model *model;
    struct finder_catalogue *catalogue;
    struct finder finder;
    struct finder_web finder_web;
    struct network_web network;
    struct listening_web listening; /* its slots are the plan's to fill */
    struct publish_data publish;
    struct territory_web territory_web;
    _Atomic bool synthetic;    /* demonstration records are here; looked at by housekeeping */
    struct jobs_kind kinds[APP_KINDS_MAX];
    size_t n_kinds;
};

RG_MUST_CHECK enum rg_err app_world_territory(struct app *app, struct app_world *world);
/* The territory and the kinds of jobs: what imports need. */
RG_MUST_CHECK enum rg_err app_world_finder(struct app *app, struct app_world *world);
/* The model and the catalogue besides: what answers need. */
void app_world_close(struct app_world *world);

void app_slots_fill(struct app_world *world);
/* What lower rooms show from above: filled here and nowhere else. */
enum rg_err app_scope_name(struct rg_ctx *ctx, enum accounts_scope scope, int64_t id,
                           struct str *ret_name);

const char *app_beside(struct app *app, const char *ending);
/* A path beside the database: "regia.db" + ending; for PostgreSQL "regia-HASH" + ending here. */

#endif
