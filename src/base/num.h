/* Numbers in and out. One function per kind, with bounds and a plain yes or no; no locale. */
#ifndef RG_NUM_H
#define RG_NUM_H

#include "buf.h"

bool rg_parse_i64(struct str s, int64_t min, int64_t max, int64_t *ret);
/* Decimal, optional sign, nothing else around it. */

bool rg_parse_e7(struct str s, int32_t *ret_e7);
/* A coordinate in decimal degrees to units of 1e-7 degree, rounded half away from zero.
 * Accepts -180.0 to 180.0, '.' as point, at most 20 digits after it. "45.4625" → 454625000.  */

bool rg_parse_decimal(struct str s, double *ret);
/* A finite decimal number with '.' and optional exponent (within ±1,000,000), independent of the
 * locale. The nearest double for up to 15 digits and powers of ten up to 22; else at most one unit
 * in the last place away. Too small becomes 0, too large is refused.                         */

void rg_put_e7(struct rg_buf *buf, int32_t e7);
/* Shortest decimal: 454625000 → "45.4625". */

double rg_distance_m(int32_t lat1_e7, int32_t lon1_e7, int32_t lat2_e7, int32_t lon2_e7);
/* Great circle on a sphere of 6,371,008.8 m (haversine). Within 0.5 % of the ellipsoid. */

#endif
