/* What the pages of the territory are given to show; shared by web*.c and pages/territory.tmpl. */
#ifndef TERRITORY_PAGE_H
#define TERRITORY_PAGE_H

#include "territory/territory.h"
#include "web/web.h"

enum territory_page_limits {
    TERRITORY_TONES = 5,         /* v1 to v5 of the style sheet; v0 is "nothing here"          */
    TERRITORY_SERVICES_SHOWN = 20, /* on the page of a comune; the search shows the rest        */
    TERRITORY_SUGGESTIONS = 10,  /* more would push the keyboard off a phone                   */
};

struct territory_map_use {
    struct str code;
    const char *tone; /* classes: "v3", "v3 is-here" */
};

struct territory_map_mark {
    int x, y;
    struct str label;
};

struct territory_map_key {
    const char *tone;
    struct str label;
};

struct territory_map_view {
    struct str drawing; /* address of the one SVG; none: there is no map to show */
    int left, top, width, height;
    struct str title, desc, caption;
    const struct territory_map_use *uses;
    size_t n_uses;
    const struct territory_map_mark *marks;
    size_t n_marks;
    const struct territory_map_key *keys;
    size_t n_keys;
};

struct territory_ref {
    struct str path, label, note;
};

struct territory_tab { /* a way to look at the map */
    struct str path, label;
    bool on;
};

struct territory_fact {
    struct str label, value, note;
    struct str path;
    bool doubtful;
};

struct territory_index_page {
    struct str lead, query;
    bool asked, found; /* a place was looked for, and there is one */
    const struct territory_ref *places;
    size_t n_places;
    const struct territory_tab *tabs;
    size_t n_tabs;
    struct territory_map_view *map;
    struct web_table *zones, *comuni;
    const struct web_download *downloads;
    size_t n_downloads;
    struct str source;
    const struct territory_fact *doubts, *partitions;
    size_t n_doubts, n_partitions;
};

struct territory_zone_page {
    struct str title, lead;
    const struct web_kpi *kpis;
    size_t n_kpis;
    struct territory_map_view *map;
    struct web_table *comuni;
    struct str search_place;
    bool services_known;
    const struct web_download *downloads;
    size_t n_downloads;
    struct str source;
    const struct territory_fact *doubts;
    size_t n_doubts;
};

struct territory_comune_page {
    struct str name, lead;
    const struct territory_fact *facts;
    size_t n_facts;
    struct territory_map_view *map;
    bool services_known;
    const struct territory_service *services;
    size_t n_services;
    int64_t n_services_all;
    const struct web_download *downloads;
    size_t n_downloads;
    struct str source;
};

/* ---- web_map.c ---- */

enum territory_view { TERRITORY_VIEW_ZONES, TERRITORY_VIEW_SERVICES };

RG_MUST_CHECK enum rg_err territory_map_of_all(struct rg_ctx *ctx, struct territory_web *web,
                                               const struct territory_model *model,
                                               enum territory_view view, const int64_t *counts,
                                               const bool *here,
                                               struct territory_map_view **ret_map);
/* Every comune, in the tone of its zone or of its number of services; here[area] marks those that
 * were looked for (may be NULL).                                                              */
RG_MUST_CHECK enum rg_err territory_map_of_zone(struct rg_ctx *ctx, struct territory_web *web,
                                                const struct territory_model *model,
                                                uint32_t zone,
                                                struct territory_map_view **ret_map);
RG_MUST_CHECK enum rg_err territory_map_of_comune(struct rg_ctx *ctx, struct territory_web *web,
                                                  const struct territory_model *model,
                                                  uint32_t comune,
                                                  struct territory_map_view **ret_map);

size_t territory_classes(const int64_t *values, size_t n, int64_t ret_tops[TERRITORY_TONES]);
/* Upper bounds of at most five classes of about equal size over the values above zero, sorted by
 * the caller; equal values share a class. How many classes there are: 0 when all are zero.    */

/* ---- web_table.c ---- */

enum territory_sort {
    TERRITORY_BY_COMUNE,
    TERRITORY_BY_ZONE,
    TERRITORY_BY_POPULATION,
    TERRITORY_BY_AREA,
    TERRITORY_BY_ALTITUDE,
    TERRITORY_BY_SERVICES,
    TERRITORY_SORT__MAX
};
extern const char *const territory_sort_choices[]; /* upwards, then the same downwards ("-nome") */

struct territory_rows { /* comuni to be shown, in order */
    uint32_t *areas;
    size_t n;
    const int64_t *counts; /* by area, or NULL */
};

void territory_rows_sort(const struct territory_model *model, struct territory_rows *rows,
                         enum territory_sort by, bool down);
/* Equal ones by name; what is not known stands last either way. */

RG_MUST_CHECK enum rg_err territory_rows_answer(struct rg_ctx *ctx, struct web_request *req,
                                                struct web_answer *ans,
                                                const struct territory_model *model,
                                                const struct territory_rows *rows);
/* The rows as JSON, CSV or GeoJSON. */

RG_MUST_CHECK enum rg_err territory_rows_table(struct rg_ctx *ctx, const struct web_request *req,
                                               const struct territory_model *model,
                                               const struct territory_rows *rows,
                                               const char *path, enum territory_sort by,
                                               bool down, struct web_table **ret_table);
/* The same rows for people; headings lead to path in another order. */

RG_MUST_CHECK enum rg_err territory_zones_table(struct rg_ctx *ctx,
                                                const struct territory_model *model,
                                                const int64_t *counts,
                                                struct web_table **ret_table);

struct str territory_source(struct rg_ctx *ctx, const struct web_request *req);
struct str territory_km2(struct rg_ctx *ctx, struct store_int area_m2);
/* "13,1" below 100 km², whole above; empty when not known. */
struct str territory_class_name(struct rg_ctx *ctx, struct str altitude_class);
struct str territory_comune_path(struct rg_ctx *ctx, const struct territory_area *comune);
/* "/territorio/comuni/001125-ivrea" */
struct str territory_zone_path(struct rg_ctx *ctx, const struct territory_area *zone);

enum territory_basis { TERRITORY_LISTED, TERRITORY_ONLY_ONE, TERRITORY_LEFT_OVER,
                       TERRITORY_UNSAID };
enum territory_basis territory_basis_of(struct str basis);
struct str territory_basis_name(struct rg_ctx *ctx, struct str basis);

#endif
