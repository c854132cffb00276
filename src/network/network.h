/* Network: organizations, services, locations and taxonomies of the territory, as HSDS 3.1.
 *
 * A record is one aggregate: columns to look it up by, and doc, the whole HSDS object as canonical
 * JSON with its children (phones, schedules, addresses …) and every property we do not know. So
 * import loses nothing, a change is seen and undone whole, and export is the doc again.
 *
 * Putting a record in is by its uid and idempotent: the same doc again writes nothing. What a
 * confidential location says (address, point) leaves by no door: network_location_public makes
 * the doc that may. What stands below: hours.h (opening hours), hsds_intake.h (strangers' files).
 *
 * Refuses: merging records (that is pooling), deciding what a need is (that is finder). */
#ifndef NETWORK_H
#define NETWORK_H

#include "base/base.h"
#include "jobs/jobs.h"
#include "network/hours.h"
#include "store/store.h"
#include "territory/territory.h"
#include "web/web.h"

typedef struct { int64_t v; } org_id;
typedef struct { int64_t v; } service_id;
typedef struct { int64_t v; } location_id;

enum network_kind {
    NETWORK_ORGANIZATION, NETWORK_SERVICE, NETWORK_LOCATION, NETWORK_SERVICE_AT_LOCATION,
    NETWORK_PROGRAM, NETWORK_TAXONOMY, NETWORK_TAXONOMY_TERM, NETWORK_KIND__MAX
};

enum network_put {
    NETWORK_SAME, NETWORK_ADDED, NETWORK_CHANGED, NETWORK_WAITING,
    NETWORK_STANDS /* the source says something new, and a person's correction stands */
};

struct network_source {
    struct str name;             /* stable: "demo", "dc-orservices" */
    struct str title, licence, url;
    bool synthetic;
};

RG_MUST_CHECK enum rg_err network_source_put(struct rg_ctx *ctx,
                                             const struct network_source *source,
                                             int64_t *ret_id);
/* Inside a write. */

struct network_record {          /* what intake gives, to be kept */
    enum network_kind kind;
    struct str uid, source_key;  /* UUID; the source's own id or none */
    struct str doc;              /* canonical HSDS 3.1 JSON           */
    struct str organization_uid, program_uid, service_uid, location_uid, taxonomy_uid; /* or none */
};

RG_MUST_CHECK enum rg_err network_put(struct rg_ctx *ctx, const struct territory_model *territory,
                                      int64_t source_id, const struct network_record *record,
                                      enum network_put *ret_put, int64_t *ret_id);
/* Inside a write: add or bring up to date by uid. territory places a location in its
 * municipality (NULL: not placed). NETWORK_WAITING, and nothing written, when a service at
 * location refers to a service or location that is not here yet. A service's or program's
 * reference that is not here stays empty; putting it again later fills it.                   */

RG_MUST_CHECK enum rg_err network_correct(struct rg_ctx *ctx, int64_t source_id,
                                          const struct network_record *record,
                                          enum network_put *ret_put, int64_t *ret_id);
/* Inside a write: as network_put, by a person. The correction stands from then on: network_put of
 * the record is NETWORK_SAME while its source says what it said, NETWORK_STANDS when it says
 * something new, and changes nothing. Undoing the correction's change set ends that.         */

/* ---- reading ---- */

struct network_place {           /* where a service is offered */
    int64_t id, location_id;
    struct str uid, location_uid, name;
    struct str doc;              /* of the service at location                     */
    struct str location_doc;     /* public form: nothing confidential in it        */
    struct str area_code;        /* ISTAT code of the municipality, or none        */
    bool has_point, confidential;
    int32_t lat_e7, lon_e7;
};

struct network_service {
    int64_t id, organization_id, program_id, updated_s;
    int64_t verified_s;          /* 0: never */
    struct str uid, name, status, doc, verified_by;
    struct str organization, organization_uid, organization_doc; /* or none */
    struct str source;           /* title of where the record comes from */
    bool synthetic;
    struct network_place *places;
    size_t n_places;
};

RG_MUST_CHECK enum rg_err network_service_get(struct rg_ctx *ctx, service_id id,
                                              struct network_service *ret_service);
/* A service with its organization and places; strings in the arena. RG_ABSENT. Three statements
 * by key. */

RG_MUST_CHECK enum rg_err network_service_find(struct rg_ctx *ctx, struct str uid, bool *ret_found,
                                               service_id *ret_id);

RG_MUST_CHECK enum rg_err network_service_walk(struct rg_ctx *ctx, int64_t after_id, size_t n_max,
                                               enum rg_err (*each)(struct rg_ctx *ctx, void *arg,
                                                                   const struct network_service *s),
                                               void *arg, int64_t *ret_last_id, size_t *ret_n);
/* Hand out services in the order of their ids, whole as network_service_get gives them, from
 * after one; the strings live until each returns. For building the finder's index. */

struct network_organization {
    int64_t id, updated_s, verified_s;
    struct str uid, name, doc, verified_by, source;
    bool synthetic;
};
RG_MUST_CHECK enum rg_err network_organization_get(struct rg_ctx *ctx, org_id id,
                                                   struct network_organization *ret);

struct network_location {
    int64_t id, updated_s;
    struct str uid, name, doc, area_code, source; /* doc in its public form */
    bool has_point, confidential, synthetic;
    int32_t lat_e7, lon_e7;
};
RG_MUST_CHECK enum rg_err network_location_get(struct rg_ctx *ctx, location_id id,
                                               struct network_location *ret);

struct str network_location_public(struct rg_ctx *ctx, struct str doc, bool confidential);
/* The doc as it may be shown: of a confidential location only id, type and a public name. */

size_t network_hours_of(struct rg_ctx *ctx, const struct rg_jv *schedules,
                        struct hours_rule *ret_rules, size_t max);
/* The rules of an HSDS "schedules" array (or of an object that has one); how many tell
 * something. */

RG_MUST_CHECK enum rg_err network_services_of_organization(struct rg_ctx *ctx, org_id id,
                                                           int64_t **ret_ids, size_t *ret_n);
RG_MUST_CHECK enum rg_err network_services_at(struct rg_ctx *ctx, location_id id, int64_t **ret_ids,
                                              size_t *ret_n);
/* Ids of the services of an organization, or offered at a location. Arena. */

struct network_counts {
    int64_t n_organizations, n_services, n_locations;
};
RG_MUST_CHECK enum rg_err network_counts(struct rg_ctx *ctx, struct network_counts *ret);

RG_MUST_CHECK enum rg_err network_load_bodies(struct rg_ctx *ctx, const char *path,
                                              int64_t *ret_n);
/* A pack's bodies.csv (code, name, acronym, description_it, website …) as organizations of the
 * source "torino", in one change set; again changes nothing. RG_INVALID names file and line. */

RG_MUST_CHECK enum rg_err network_body_find(struct rg_ctx *ctx, struct str code, bool *ret_found,
                                            org_id *ret_id, struct str *ret_name);
/* The organization that a pack's bodies.csv calls by that code. One statement by key. Arena. */

struct network_term {
    struct str uid, code;
};
RG_MUST_CHECK enum rg_err network_terms_with_code(struct rg_ctx *ctx, struct network_term **ret,
                                                  size_t *ret_n);
/* Taxonomy terms that have a code: what the finder knows needs by. Arena. */

struct network_area_count {
    struct str area_code;
    int64_t n_services;
};
RG_MUST_CHECK enum rg_err network_area_counts(struct rg_ctx *ctx, struct network_area_count **ret,
                                              size_t *ret_n);
/* Services by municipality, for maps. Arena. */

struct network_area_service {
    int64_t id;
    struct str name, organization; /* organization: or none */
    bool synthetic;
};
RG_MUST_CHECK enum rg_err network_area_services(struct rg_ctx *ctx, struct str area_code,
                                                size_t n_max, struct network_area_service **ret,
                                                size_t *ret_n, int64_t *ret_total);
/* Services with a public place in a municipality, by name: at most n_max, and how many in all. */

RG_MUST_CHECK enum rg_err network_has_synthetic(struct rg_ctx *ctx, bool *ret_has);
/* Demonstration records are here. */

RG_MUST_CHECK enum rg_err network_count_synthetic(struct rg_ctx *ctx, int64_t *ret_n);
/* How many demonstration services there are. */
RG_MUST_CHECK enum rg_err network_drop_synthetic(struct rg_ctx *ctx, int64_t *ret_n_removed);
/* network_drop_source for every source of demonstration data. */

RG_MUST_CHECK enum rg_err network_drop_source(struct rg_ctx *ctx, struct str name,
                                              int64_t *ret_n_removed);
/* Remove every record of a source, in change sets of a bounded size (opens its own writes). */

/* ---- importing and exporting ---- */

struct network_import {          /* what an import is asked to do */
    struct network_source source;
    struct str path;             /* file or folder */
    struct str mapping;          /* services-csv: "column=field" lines, or none to guess; the
                                    column by its header or its number, from 1        */
};

struct network_web;

enum { NETWORK_IMPORT_KINDS = 2 };
size_t network_import_kinds(struct network_web *data, struct jobs_kind out[], size_t n);
/* The kinds of job of this room, "import-hsds" and "import-services-csv", for jobs_start; how
 * many. data is borrowed for as long as they run.                                            */

RG_MUST_CHECK enum rg_err network_import_add(struct rg_ctx *ctx, const char *kind,
                                             const struct network_import *what, bool remove_file,
                                             int64_t *ret_job_id);
/* Inside a write: queue an import. remove_file: the input is ours, to be removed at the end. */

RG_MUST_CHECK enum rg_err network_import_run(struct rg_ctx *ctx, struct network_web *data,
                                             const char *kind, const struct network_import *what,
                                             void (*on_progress)(void *, int64_t, int64_t),
                                             void *arg, int64_t *ret_job_id);
/* Do an import in this thread, for the command line: what it did is jobs_get's outcome, what it
 * found jobs_findings. A source without a name is called after the path. RG_ABSENT when nothing
 * is at the path.                                                                            */

struct network_problem {         /* one thing wrong with a file */
    enum jobs_severity severity;
    const char *file;
    uint64_t line;
    struct str field, message;   /* message: sentence and remedy in ctx's language */
};
RG_MUST_CHECK enum rg_err network_check_path(struct rg_ctx *ctx, const char *path,
                                             void (*each)(void *arg,
                                                          const struct network_problem *p),
                                             void *arg, uint64_t *ret_n_rejected);
/* Read a file or folder as an import would, without a store, and hand out what is wrong with it,
 * borrowed for the call.                                                                     */

struct network_export_counts {
    int64_t n[NETWORK_KIND__MAX]; /* records written                                  */
    int64_t n_withheld;           /* confidential locations, which leave by no door   */
};
RG_MUST_CHECK enum rg_err network_export_hsds(struct rg_ctx *ctx, const char *path,
                                              const char *source,
                                              struct network_export_counts *ret_counts);
/* Write every record, or those of a source (NULL: all). A path that ends in ".zip" becomes a
 * package of tables with its datapackage.json in one file; one that ends in "/" or is a folder,
 * the same as a folder; any other, ndjson: {"service":{…}}, what is referred to before what refers.
 * Importing any of them gives the same documents byte for byte. Confidential locations and what
 * is offered there stay here. It appears whole under its name or not at all. RG_ABSENT when there
 * is no such source, RG_CONFLICT when the folder holds something, RG_BROKEN when it cannot be
 * written. */

extern const struct web_route network_import_routes[];
extern const size_t network_import_n_routes;

enum rg_err network_api_root(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans);
/* GET / of the HSDS API: version, profile, openapi_url. For the JSON form of the home page. */

extern const struct store_room network_store;
extern const struct web_route network_routes[];
extern const size_t network_n_routes;

enum rg_err network_api_root(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans);
/* The root of the HSDS API: what "/" answers when JSON is asked for. */
bool network_may_edit(const struct rg_actor *actor, int64_t organization_id);
/* The one place that says who may change a record: administrators and planners all of them, an
 * editor those of the own organization. organization_id 0: a record of no organization. */

struct network_web { /* the state of the room's pages: web_room.data */
    struct territory_live *territory;
    struct jobs *jobs;
    struct store *store;
    enum rg_err (*needs)(void *arg, struct rg_ctx *ctx, struct str term_code,
                         struct str *ret_label);
    /* slot: what a need's code is called in the reader's language; filled by app from the finder */
    void *needs_arg;
};

#endif
