/* The kernels of the territory: pure functions on arrays that the caller holds.
 *
 *   places   a name as people write it, or inside a sentence → areas, with a confidence
 *   shapes   boundaries read from GeoJSON or TopoJSON, point-in-area, nearest seat
 *   map      one SVG of all areas whose neighbours share their edges; cells where no boundary is
 * An area is known here by its index in the caller's array. Coordinates are whole numbers of
 * 1e-7 degree (WGS84), so that two areas that share a vertex share it exactly.
 * Not here: addresses, roads, travel times (see access), and any geometry across the antimeridian.
 * Everything returned is in the arena passed in, and frozen: many threads may read it.          */
#ifndef TERRITORY_KERNEL_H
#define TERRITORY_KERNEL_H

#include "base/base.h"

enum territory_limits {
    /* A folded place name. The longest official Italian one has 34 letters. */
    TERRITORY_NAME_MAX = 64,
    /* Names in one lookup: all Italian municipalities with several hamlets each. */
    TERRITORY_NAMES_MAX = 200000,
    /* Words of one name; "San Sebastiano da Po" has 4, "Riva presso Chieri" 3. */
    TERRITORY_NAME_WORDS_MAX = 8,
    /* A sentence is read to here: people who ask for help rarely write more than a page. */
    TERRITORY_SENTENCE_WORDS_MAX = 512,
    /* Candidates for one name: more would be a list, not an answer. */
    TERRITORY_PLACE_HITS_MAX = 16,
    /* A boundary file: all of Italy generalised is about 40 MB. */
    TERRITORY_FILE_MAX = 128 * 1024 * 1024,
    TERRITORY_SHAPES_MAX = 50000,
    TERRITORY_POINTS_MAX = 8 * 1000 * 1000,
    /* Seats for which cells are drawn: matching cells to seats is quadratic at worst. */
    TERRITORY_SEATS_MAX = 5000,
    TERRITORY_CODE_MAX = 32,
};

/* ---- places ---------------------------------------------------------------------------------- */

enum territory_name_kind {
    TERRITORY_NAME_OFFICIAL, /* of the area itself                              */
    TERRITORY_NAME_ALIAS,    /* another name of the same area: old, dialect     */
    TERRITORY_NAME_FORMER,   /* a municipality merged into this one             */
    TERRITORY_NAME_HAMLET,   /* a place inside the area                         */
    TERRITORY_NAME_REGION,   /* a valley or land spread over several areas      */
    TERRITORY_NAME__MAX
};

struct territory_name {
    struct str name;
    uint32_t area;   /* the caller's index; several names may say the same area */
    uint32_t weight; /* decides among equals: population                        */
    uint8_t kind;    /* enum territory_name_kind                                */
    bool is_word;    /* also an everyday word ("None", "Porte"): in a sentence it counts
                      * only where the sentence speaks of a place               */
};

enum territory_how {
    TERRITORY_BY_NAME,     /* the name, up to case, accents, apostrophes, abbreviations */
    TERRITORY_BY_SHORT,    /* without its last word: "San Mauro" (Torinese)             */
    TERRITORY_BY_SPELLING, /* one or two slips away                                     */
    TERRITORY_BY_START,    /* begins with what was written                              */
};

struct territory_place {
    uint32_t area;
    uint32_t name;  /* index of the name that matched             */
    uint16_t score; /* 0 to 1000; 1000 = an official name, whole; under 600 ask the person */
    uint8_t how;    /* enum territory_how                         */
    uint32_t at, n; /* bytes of the text that named it            */
};

struct territory_places;

RG_MUST_CHECK enum rg_err territory_places_build(struct rg_ctx *ctx, struct rg_arena *arena,
                                                 const struct territory_name *names,
                                                 size_t n_names, const struct str *words,
                                                 size_t n_words,
                                                 const struct territory_places **ret_places);
/* Build the lookup, frozen, in arena; names are borrowed for as long as it lives. Official names
 * of several words also answer without their last word unless the rest is another name. words
 * are everyday words: a name or a shortened name equal to one is treated as is_word. RG_LIMIT
 * past TERRITORY_NAMES_MAX or the arena's ceiling; names that fold to nothing are left out.     */

size_t territory_place_lookup(const struct territory_places *places, struct str text,
                              struct territory_place *ret, size_t cap);
/* text is a place and nothing else, as typed in a field. At most cap candidates (and at most
 * TERRITORY_PLACE_HITS_MAX), best first, one per area. Names that differ by a slip are looked
 * for only when nothing answers to the text as written. A slip is a letter missing, added,
 * changed, or two exchanged (Damerau 1964): none below 4 letters, one below 8, two from 8.
 * 312 municipalities with hamlets: under 1 µs exact, 5–20 µs misspelt.                          */

size_t territory_place_suggest(const struct territory_places *places, struct str prefix,
                               struct territory_place *ret, size_t cap);
/* Areas with a name beginning so, official and populous first, one per area. */

size_t territory_place_find(const struct territory_places *places, struct str sentence,
                            struct territory_place *ret, size_t cap);
/* Places named inside a sentence, in the order of the text; areas that share a name follow each
 * other with the same at and n, best first. The longest name wins. Not taken: streets ("via
 * Cavour"), everyday words without a sign of place ("non ho none"), misspelt names unless a
 * preposition leads to them. Sign of place: "abito a", "vicino a", "comune di", "zona"…, or a
 * preposition and a capital; in Italian, English and French. Linear in the sentence.            */

size_t territory_name_fold(struct str name, char out[TERRITORY_NAME_MAX]);
/* The form in which names are compared: lower case without accents, saints and valleys in one
 * spelling, no little words inside: "Sant'Antonino di Susa" → "s antonino susa". Bytes written;
 * 0 when nothing is left or it does not fit. Not terminated.                                    */

/* ---- shapes ---------------------------------------------------------------------------------- */

struct territory_point {
    int32_t lon_e7, lat_e7;
};

struct territory_ring {
    uint32_t first, n; /* points; the first is not repeated at the end     */
    bool hole;         /* belongs to the nearest ring before it that is no hole */
};

struct territory_shape {
    struct str code;
    struct str name; /* none if the file has no name                     */
    uint32_t first_ring, n_rings;
    struct territory_point low, high; /* bounding box, both ends inside          */
};

struct territory_shapes {
    struct territory_shape *shapes;
    struct territory_ring *rings;
    struct territory_point *points;
    uint32_t n_shapes, n_rings, n_points;
};

RG_MUST_CHECK enum rg_err territory_shapes_read(struct rg_ctx *ctx, struct rg_arena *arena,
                                                struct str bytes, const char *file,
                                                const char *code_property,
                                                struct territory_shapes *ret_shapes);
/* Boundaries from GeoJSON (RFC 7946: FeatureCollection of Polygon or MultiPolygon) or TopoJSON
 * (one object collection, quantised or not), told apart by "type". file is named in errors. The
 * code of a feature is its property code_property, or when NULL the first present of istat_code,
 * com_istat_code, PRO_COM_T, codice, code, then the feature's id. RG_INVALID with a story that
 * names file and feature; RG_LIMIT past the limits above. Nothing is returned half read.        */

bool territory_shape_has(const struct territory_shapes *shapes, uint32_t shape,
                         struct territory_point at);
/* Even-odd rule in exact integers; a point on a shared edge is in exactly one of the two. */

struct territory_grid;

RG_MUST_CHECK enum rg_err territory_grid_build(struct rg_ctx *ctx, struct rg_arena *arena,
                                               const struct territory_shapes *shapes,
                                               const struct territory_grid **ret_grid);
/* An index of boxes over the shapes, which it borrows. */

#define TERRITORY_NOWHERE UINT32_MAX

uint32_t territory_grid_find(const struct territory_grid *grid, struct territory_point at);
/* The lowest shape that holds the point, or TERRITORY_NOWHERE. About 0.3 µs for 312 areas. */

uint32_t territory_seat_nearest(const struct territory_point *seats, size_t n,
                                struct territory_point at, double *ret_dist_m);
/* The nearest of n seats (the lowest among equals) and its distance; TERRITORY_NOWHERE if n is 0.
 * ret_dist_m may be NULL. Linear, about 2 ns a seat.                                            */

void territory_shape_format(struct rg_buf *out, const struct territory_shapes *shapes,
                            uint32_t shape);
/* The rings as one line of printable ASCII for a text column, about 5 bytes a point: ';' opens a
 * ring, ',' a hole, then differences as base-32 digits from '?' (after Google's polyline code). */

RG_MUST_CHECK enum rg_err territory_shapes_parse(struct rg_ctx *ctx, struct rg_arena *arena,
                                                 const struct str *codes,
                                                 const struct str *lines, size_t n,
                                                 struct territory_shapes *ret_shapes);
/* n lines of territory_shape_format back to shapes, point for point; codes are borrowed. */

/* ---- map ------------------------------------------------------------------------------------- */

/* How degrees become pixels: x to the right, y down, one scale, longitudes shrunk by the cosine of
 * the middle latitude. At the size of a province the error against a true projection is less
 * than a pixel.                                                                                 */
struct territory_map_frame {
    double lon0, lat0; /* degrees, upper left corner of the drawing   */
    double x_scale, y_scale; /* pixels per degree                           */
    int width, height;       /* pixels                                      */
};

struct territory_map_options {
    int width;          /* pixels, 100 to 4000                                        */
    size_t max_bytes;   /* the drawing loses detail until it fits                     */
    const char *prefix; /* of path ids, before the area code: "c". All in a group "tutti" */
};

RG_MUST_CHECK enum rg_err territory_map_draw(struct rg_ctx *ctx,
                                             const struct territory_shapes *shapes,
                                             const struct territory_map_options *options,
                                             struct rg_buf *out,
                                             struct territory_map_frame *ret_frame);
/* Append one SVG document with a path per shape, its id prefix + code, in whole pixels and
 * relative commands. Detail goes by smallest triangle first (Visvalingam and Whyatt 1993) over the
 * graph of shared vertices, so that a border is simplified once and neighbours keep meeting; each
 * ring keeps three points, each shape is drawn. RG_LIMIT if it does not fit even at its coarsest,
 * RG_INVALID if a code cannot stand in an id. No colours: pages give them through classes.      */

void territory_map_place(const struct territory_map_frame *frame, struct territory_point at,
                         double *ret_x, double *ret_y);
/* Where a point falls in the drawing, in pixels. */

RG_MUST_CHECK enum rg_err territory_map_cells(struct rg_ctx *ctx, struct rg_arena *arena,
                                              const struct territory_point *seats,
                                              const struct str *codes, size_t n,
                                              struct territory_shapes *ret_shapes);
/* For areas without boundaries: around each seat the land nearer to it than to any other, cut at
 * a hull some kilometres outside (Voronoi by GEOS). Shape i belongs to seat i; seats in the same
 * place are parted by a metre. To be called what it is: cells, not limits. RG_INVALID if n is 0. */

#endif
