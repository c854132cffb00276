/* The pages of the territory: the map with its table, a page per zone and per comune, the one
 * drawing that every map of the site is made from, and suggestions of places.
 *
 *   GET /territorio                  every comune, map and table; JSON, CSV, GeoJSON
 *   GET /territorio/zone/{n}         what is here
 *   GET /territorio/comuni/{codice}  "001125" or "001125-ivrea"
 *   GET /territorio/luoghi.json?q=   places whose name begins so
 *   GET /mappa/comuni.svg?v=         the drawing: kept for a year when v is today's
 * What services there are is known above; the app fills the slots. Part of territory.h.      */
#ifndef TERRITORY_WEB_H
#define TERRITORY_WEB_H

#include "territory/territory.h"
#include "web/web.h"
#include <stdatomic.h>

struct territory_service {
    struct str name, organization;
    struct str path; /* "/servizi/12": of this site, without language */
    bool synthetic;  /* demonstration data: the line says so          */
};

struct territory_web {
    struct territory_live *live;
    void *arg; /* handed to the slots */

    /* Services by municipality: an array with a number for each area of the model, in its order
     * (0 for what is no comune). NULL: not known, and then no page speaks of services. Arena. */
    enum rg_err (*counts)(void *arg, struct rg_ctx *ctx, const struct territory_model *model,
                          const int64_t **ret_n_by_area);

    /* At most n_max services in one comune, and how many there are in all. May be NULL. Arena. */
    enum rg_err (*services_in)(void *arg, struct rg_ctx *ctx, struct str istat_code, size_t n_max,
                               struct territory_service **ret_services, size_t *ret_n,
                               int64_t *ret_total);

    _Atomic uint64_t stamp; /* the room's own: begin with 0 */
};

extern const struct web_route territory_routes[]; /* data: struct territory_web */
extern const size_t territory_n_routes;

struct str territory_drawing_path(struct rg_ctx *ctx, struct territory_web *web);
/* Address of the drawing of now, whole, for <use href="…#c001125">: the same in all languages. None
 * when there is nothing to draw. Arena.                                                       */

#endif
