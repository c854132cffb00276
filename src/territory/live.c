/* The read model as the pages of a running server use it: always there, swapped when it is old. */
#include "territory/territory.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MODELS_MAX = 64 }; /* imports between two starts of a server; then a restart is due */

struct territory_live {
    _Atomic(const struct territory_model *) now;
    pthread_mutex_t lock;
    struct territory_model *models[MODELS_MAX]; /* old ones stay: a request may still read them */
    size_t n_models;
};

enum rg_err
territory_live_new(struct rg_ctx *ctx, struct territory_live **ret_live)
{
    struct territory_live *live = calloc(1, sizeof(*live));
    if (!live)
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    pthread_mutex_init(&live->lock, NULL);
    enum rg_err err = territory_live_refresh(ctx, live);
    if (err != RG_OK) {
        territory_live_free(live);
        return err;
    }
    *ret_live = live;
    return RG_OK;
}

struct territory_live *
territory_live_free(struct territory_live *live)
{
    if (!live)
        return NULL;
    for (size_t i = 0; i < live->n_models; i++)
        territory_model_free(live->models[i]);
    pthread_mutex_destroy(&live->lock);
    free(live);
    return NULL;
}

const struct territory_model *
territory_live_get(struct territory_live *live)
{
    return atomic_load_explicit(&live->now, memory_order_acquire);
}

enum rg_err
territory_live_refresh(struct rg_ctx *ctx, struct territory_live *live)
{
    int64_t version;
    enum rg_err err = territory_version(ctx, &version);
    const struct territory_model *now = territory_live_get(live);
    if (err != RG_OK || (now && now->version == version))
        return err;
    struct territory_model *fresh;
    pthread_mutex_lock(&live->lock);
    err = live->n_models == MODELS_MAX ? RG_FAIL(ctx, RG_LIMIT, "territory.restart")
                                       : territory_model_new(ctx, &fresh);
    if (err == RG_OK) {
        live->models[live->n_models++] = fresh;
        atomic_store_explicit(&live->now, fresh, memory_order_release);
    }
    pthread_mutex_unlock(&live->lock);
    return err;
}
