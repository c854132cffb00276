/* Every room's records, in the order of the floors. */
#include "app/app.h"
#include "accounts/accounts.h"
#include "finder/finder.h"
#include "jobs/jobs.h"
#include "listening/listening.h"
#include "network/network.h"
#include "plan/plan.h"
#include "territory/territory.h"

const struct store_room *const app_store_rooms[] = {
    &jobs_store,   &accounts_store,  &territory_store, &network_store,
    &listening_store, &finder_store, &plan_store,
};
const size_t app_n_store_rooms = RG_COUNT(app_store_rooms);
