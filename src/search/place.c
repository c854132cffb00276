/* Where documents are: distances, a radius, and what is too far to matter.
 *
 * A distance costs three sines and an arc; bounds of it cost a few products, and decide nearly
 * always.                                                                                     */
#include "search/ask_priv.h"

#include <math.h>

static double
square(double v)
{
    return v * v;
}

double
search_distance(const struct ask *a, uint32_t doc)
{
    const int32_t *point = a->index->doc_point + 2 * (size_t)doc;

    if (!a->query->near || point[0] == SEARCH_NO_POINT)
        return INFINITY;
    return rg_distance_m(a->query->lat_e7, a->query->lon_e7, point[0], point[1]);
}

/* What of the sphere can be within the radius, a hair more. Where the box would reach a pole or
 * the line of the date it takes all longitudes.                                              */
void
search_box_set(struct ask *a)
{
    const struct search_query *q = a->query;
    double lat = q->radius_m / SEARCH_CHORD_METRES * 1e7 + 10, cos_least, lon;
    double far = (fabs((double)q->lat_e7) + lat) * 1e-7;

    a->box = true;
    a->lat_min_e7 = (int32_t)fmax(-900000000, q->lat_e7 - lat);
    a->lat_max_e7 = (int32_t)fmin(900000000, q->lat_e7 + lat);
    a->lon_min_e7 = -1800000000;
    a->lon_max_e7 = 1800000000;
    if (far > 80 || lat > SEARCH_CHORD_DEGREES * 1e7)
        return;
    cos_least = cos(far * (M_PI / 180));
    lon = lat / cos_least;
    if (q->lon_e7 - lon < -1800000000.0 || q->lon_e7 + lon > 1800000000.0)
        return;
    a->lon_min_e7 = (int32_t)floor(q->lon_e7 - lon);
    a->lon_max_e7 = (int32_t)ceil(q->lon_e7 + lon);
}

bool
search_place_holds(const struct ask *a, uint32_t doc, double *ret_distance_m)
{
    if (search_nearness(a, a->index->doc_point + 2 * (size_t)doc) > square(a->query->radius_m))
        return false;
    *ret_distance_m = search_distance(a, doc);
    return *ret_distance_m <= a->query->radius_m;
}

/* Surely within, without measuring: the arc over its chord is less than a thousandth longer at
 * these distances, and the other latitude's cosine is as great as it can be.                 */
static bool
surely_within(const struct ask *a, const int32_t *point)
{
    double lat = fabs((double)point[0] - a->query->lat_e7) * 1e-7;
    double lon = fabs((double)point[1] - a->query->lon_e7) * 1e-7;
    double other = a->cos_lat + lat * (M_PI / 180);

    return lat < SEARCH_CHORD_DEGREES && lon < SEARCH_CHORD_DEGREES
           && square(1.001 * 111196) * (lat * lat + a->cos_lat * other * lon * lon)
                  <= square(a->query->radius_m);
}

uint64_t
search_outside(const struct ask *a, uint32_t first)
{
    uint32_t n = a->index->n_docs - first < 64 ? a->index->n_docs - first : 64;
    const int32_t *points = a->index->doc_point + 2 * (size_t)first;
    uint64_t boxed = 0, out = UINT64_MAX;
    double distance_m;

    for (uint32_t i = 0; i < n; i++) {
        const int32_t *p = points + 2 * (size_t)i;
        boxed |= (uint64_t)((p[0] >= a->lat_min_e7) & (p[0] <= a->lat_max_e7)
                            & (p[1] >= a->lon_min_e7) & (p[1] <= a->lon_max_e7)) << i;
    }
    for (; boxed; boxed &= boxed - 1) {
        uint32_t i = (uint32_t)__builtin_ctzll(boxed);
        if (surely_within(a, points + 2 * (size_t)i)
            || search_place_holds(a, first + i, &distance_m))
            out &= ~(UINT64_C(1) << i);
    }
    return out;
}
