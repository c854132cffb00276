/* The catalogue inside: catalogue.c opens it and follows the feed, catalogue_doc.c makes the
 * document and the payload of one service. */
#ifndef FINDER_CATALOGUE_PRIV_H
#define FINDER_CATALOGUE_PRIV_H

#include "finder/catalogue.h"
#include <pthread.h>
#include <stdatomic.h>

enum {
    CATALOGUE_FORMAT = 7,       /* of payload and facets: part of the file's name              */
    CATALOGUE_FACETS_MAX = 640, /* of one service that lists every comune of the territory     */
};

struct term { /* a taxonomy term that is a need */
    struct str uid, code;
};

struct finder_catalogue {
    uint64_t name;            /* given once in a process */
    struct store *store;
    const struct finder_model *model;
    struct territory_live *territory;
    char *path;
    struct search_live *live;
    pthread_mutex_t lock;     /* of refreshing */
    _Atomic int64_t seq;      /* read of the feed so far; written under the lock */
    int64_t change_id;
    _Atomic int64_t monday;   /* all hours tell the week from this day on; 0: not looked at yet */
    struct rg_arena *terms_arena;
    struct term *terms;
    size_t n_terms;
};

struct making { /* one document being made */
    struct rg_ctx *ctx;
    struct finder_catalogue *cat;
    const struct territory_model *territory;
    struct finder_entry entry;
    struct search_facet_value facets[CATALOGUE_FACETS_MAX];
    size_t n_facets;
    struct rg_buf needs_text, body, places_text, languages, codes, payload;
};

int64_t catalogue_monday(const struct rg_ctx *ctx);
/* The Monday of this week in Rome, in days since 1970. */

void making_init(struct making *m, struct rg_ctx *ctx, struct finder_catalogue *cat);
void making_done(struct making *m);
RG_MUST_CHECK enum rg_err making_doc(struct making *m, const struct network_service *service,
                                     struct search_doc *ret);
/* The document of a service, in the making's buffers: good until the next call. */

#endif
