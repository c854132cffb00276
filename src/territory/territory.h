/* Territory: the areas that everything else happens in, in several dated partitions.
 *
 * An area is a municipality (comune), a zone, a health authority, a managing body… known by kind
 * and code for ever, and by a number in this database. Who belongs to whom is dated, because it
 * changes: Mappano joined its zone in 2021. Records come from a pack (territory_load) and from a
 * boundary file (territory_import); both may be repeated and then change only what differs.
 *
 * What is asked on every page is in a read model: built whole from the records, frozen, swapped
 * in one step when territory_version has grown. Kernels (names, shapes, map): kernel.h.
 * Rooms above read the views v_territory_area and v_territory_membership in their SQL.
 * Refuses: guessing. An authority that no table gives is an empty partition.                 */
#ifndef TERRITORY_H
#define TERRITORY_H

#include "base/base.h"
#include "store/store.h"
#include "territory/kernel.h"

extern const struct store_room territory_store;

typedef struct {
    int64_t v;
} territory_id;

struct territory_load_counts {
    size_t n_areas, n_names, n_words, n_partitions;
};

RG_MUST_CHECK enum rg_err territory_load(struct rg_ctx *ctx, const char *folder,
                                         struct territory_load_counts *ret_counts);
/* Load or refresh a pack's partitions.csv, zones.csv, comuni.csv, places.csv, common-words.csv in
 * one change set of its own. ctx needs a session and no open write. RG_INVALID names file, line
 * and field, and nothing is changed then. Places a pack no longer lists are kept. */

struct territory_import_counts {
    size_t n_known;   /* areas that now have this boundary      */
    size_t n_unknown; /* in the file, but no area has that code */
    struct str first_unknown; /* its code; arena               */
};

RG_MUST_CHECK enum rg_err territory_import(struct rg_ctx *ctx, const char *path, const char *kind,
                                           const char *code_property,
                                           struct territory_import_counts *ret_counts);
/* Read a GeoJSON or TopoJSON file and keep the boundary of every area of that kind ("comune") whose
 * code it has, in one change set. code_property as in territory_shapes_read. RG_ABSENT when no
 * code of the file is known, RG_INVALID and RG_LIMIT as the reader says; nothing is changed
 * then. */

RG_MUST_CHECK enum rg_err territory_version(struct rg_ctx *ctx, int64_t *ret_n);
/* Grows with every load and import. */

struct territory_partition {
    int64_t id;
    struct str code, name_it, name_en, name_fr, description_it, source;
    bool complete; /* false: to be filled in by the institution */
};

RG_MUST_CHECK enum rg_err territory_partition_list(struct rg_ctx *ctx,
                                                   struct territory_partition **ret, size_t *ret_n);
/* The ways the territory is divided. Arena. */

struct territory_past {
    territory_id parent;
    struct str partition, valid_from, valid_to, basis; /* days; "" not known, or still so */
};

RG_MUST_CHECK enum rg_err territory_area_history(struct rg_ctx *ctx, territory_id area,
                                                 struct territory_past **ret, size_t *ret_n);
/* What the area belonged to, by partition, then day. Arena. */

RG_MUST_CHECK enum rg_err territory_area_name(struct rg_ctx *ctx, territory_id id,
                                              struct str *ret_name);
/* The name of an area. RG_ABSENT. Arena. */

struct territory_other_name {
    struct str name, kind, note; /* kind: alias, former, hamlet, region */
};

RG_MUST_CHECK enum rg_err territory_area_names(struct rg_ctx *ctx, territory_id area,
                                               struct territory_other_name **ret, size_t *ret_n);
/* Hamlets, old names, names in other languages, by kind, then name. Arena. */

/* ---- the read model ---- */

struct territory_area {
    territory_id id;
    struct str kind, code, name, official_name;
    bool has_seat;
    struct territory_point seat;
    struct store_int population, altitude_m, area_m2;
    struct str altitude_class;      /* or none */
    uint32_t zone;                  /* index of the zone a comune is in, or TERRITORY_NOWHERE */
    struct str zone_basis;          /* how that is known */
};

struct territory_membership {
    uint32_t area, parent;          /* indexes */
    struct str partition;
    struct str valid_from, basis;   /* "" when not known */
};

struct territory_model {
    int64_t version;
    const struct territory_area *areas; /* by kind, then code */
    uint32_t n_areas;
    uint32_t first_comune, n_comuni; /* they stand together in areas  */
    uint32_t first_zone, n_zones;    /* in the order of their numbers */
    const struct territory_membership *memberships; /* in force when the model was built */
    uint32_t n_memberships;
    const struct territory_places *places; /* hits name areas by index  */
    struct territory_shapes bounds;        /* the boundaries there are          */
    const uint32_t *bound_area;            /* area of each                      */
    const struct territory_grid *grid;     /* over bounds                       */
    const struct territory_point *seats;   /* of the comuni without a boundary  */
    const uint32_t *seat_area;
    uint32_t n_seats;
    bool real_boundaries; /* all comuni have one: the map shows limits, not cells */
    struct str svg; /* the drawing, ids "c" + ISTAT code, all in "tutti"; none without */
    struct territory_map_frame frame;
    struct rg_arena *arena;
};

RG_MUST_CHECK enum rg_err territory_model_new(struct rg_ctx *ctx, struct territory_model **ret);
/* Build from the records of ctx's session, as of ctx's clock. Owned: free with
 * territory_model_free. Never changes: share it between threads. Works in ctx's arena meanwhile
 * (RG_LIMIT past its ceiling): 16 MiB do for 312 areas with generalised boundaries. */
struct territory_model *territory_model_free(struct territory_model *model);
/* Takes NULL, returns NULL. */

uint32_t territory_model_by_id(const struct territory_model *model, territory_id id);
uint32_t territory_model_by_code(const struct territory_model *model, struct str kind,
                                 struct str code);
/* Index, or TERRITORY_NOWHERE. */

enum territory_at_how { TERRITORY_AT_BOUNDARY, TERRITORY_AT_NEAREST_SEAT };

uint32_t territory_model_at(const struct territory_model *model, struct territory_point point,
                            enum territory_at_how *ret_how, double *ret_seat_m);
/* The comune of a point: the one whose boundary holds it; else, among those without a boundary, the
 * one with the nearest seat within TERRITORY_SEAT_REACH_M. TERRITORY_NOWHERE outside. The last two
 * may be NULL; ret_seat_m is set only when the answer rests on a seat. */

enum { TERRITORY_SEAT_REACH_M = 15000 };
/* Farther than this from every seat of a territory is outside it: the widest real gap, in the
 * high valleys, is about 12 km. */

/* ---- the read model of a running server ---- */

struct territory_live;

RG_MUST_CHECK enum rg_err territory_live_new(struct rg_ctx *ctx, struct territory_live **ret_live);
/* Build the model and hold it. Owned: free with territory_live_free when no request runs. */
struct territory_live *territory_live_free(struct territory_live *live);
const struct territory_model *territory_live_get(struct territory_live *live);
/* The model of now; stays valid until territory_live_free, also when a newer one comes. */
RG_MUST_CHECK enum rg_err territory_live_refresh(struct rg_ctx *ctx, struct territory_live *live);
/* Build a new model when the records' version has grown, and swap it in. */

#include "territory/territory_web.h"

#endif
