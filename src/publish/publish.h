/* Publish: the pages that belong to no single room: home, what the law asks of a public site, how
 * to use the data from programs, where the data come from, and how the system is.
 *
 *   GET /                         "Di cosa hai bisogno?", the doors, the areas of need, figures
 *   GET /accessibilita  /privacy  /note-legali
 *   GET /mappa-del-sito  /api     both read from the route tables, so they cannot be out of date
 *   GET /stato                    version, changes, engine, index, freshness; JSON
 *   GET /dati-dimostrativi        what is invented here; POST …/rimuovi takes it away
 * This room keeps no records. What it shows of other rooms comes through slots that the app fills;
 * a slot left empty takes its piece off the page, and what the institution has not stated yet is
 * said to be missing, never invented.                                                         */
#ifndef PUBLISH_H
#define PUBLISH_H

#include "base/base.h"
#include "territory/territory.h"
#include "web/web.h"

struct publish_need { /* an area of need, as a tile */
    struct str label, path;
    const char *icon; /* "need-casa", of assets/icons */
    bool counted;
    int64_t n_services;
};

struct publish_source { /* for /stato; the page of sources itself, /fonti, is of the network */
    struct str name, title; /* name: stable, for machines     */
    struct str publisher, licence, url; /* "" where not known */
    int64_t n_records;   /* -1: not counted                             */
    int64_t updated_day; /* of the data, days since 1970; -1: not known */
    bool synthetic;
};

struct publish_figures { /* -1: not known, and not shown */
    int64_t n_services, n_organizations;
};

struct publish_index {
    int64_t n_documents;
    int64_t seq;     /* number of the newest change it knows */
    int64_t built_s; /* 0: not known                         */
};

/* Slots: arg is publish_data.arg, what they give lives in ctx's arena or longer. */
struct publish_data {
    const char *version;           /* "0.1.0"                                              */
    const char *code_url;          /* where the program's source is; NULL: not stated      */
    const char *owner;             /* who publishes, in words; NULL: not stated            */
    const char *accessibility_url; /* the declaration on AgID's form; NULL: not yet filled  */
    const char *feedback_email;    /* where a barrier is reported; NULL: not stated        */
    const char *privacy_email;     /* the data protection officer; NULL: not stated        */
    struct territory_live *territory; /* NULL: no figures and no suggestions of places      */
    void *arg;

    enum rg_err (*needs)(void *arg, struct rg_ctx *ctx, const struct publish_need **ret,
                         size_t *ret_n);
    enum rg_err (*emergency)(void *arg, struct rg_ctx *ctx, const struct web_helpline **ret,
                             size_t *ret_n); /* most urgent first; copied from records */
    enum rg_err (*figures)(void *arg, struct rg_ctx *ctx, struct publish_figures *ret);
    enum rg_err (*sources)(void *arg, struct rg_ctx *ctx, const struct publish_source **ret,
                           size_t *ret_n);
    enum rg_err (*index)(void *arg, struct rg_ctx *ctx, struct publish_index *ret);
    enum rg_err (*synthetic_count)(void *arg, struct rg_ctx *ctx, int64_t *ret_n);
    enum rg_err (*synthetic_remove)(void *arg, struct rg_ctx *ctx, int64_t *ret_n_removed);
    /* Opens its own writes; called without one open. */
    enum rg_err (*api_root)(void *arg, struct rg_ctx *ctx, struct web_request *req,
                            struct web_answer *ans); /* the JSON form of "/" */
};

extern const struct web_route publish_routes[]; /* data: struct publish_data */
extern const size_t publish_n_routes;

#endif
