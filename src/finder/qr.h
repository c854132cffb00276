/* QR codes (ISO/IEC 18004:2015), for an address on paper: bytes, error correction M, versions 1 to
 * 13. What is left out: other modes and levels, which an address does not need.                */
#ifndef FINDER_QR_H
#define FINDER_QR_H

#include "base/base.h"

enum {
    FINDER_QR_VERSION_MAX = 13,
    FINDER_QR_SIDE_MAX = 17 + 4 * FINDER_QR_VERSION_MAX,
    FINDER_QR_BYTES_MAX = 331, /* of version 13-M */
    FINDER_QR_QUIET = 4,       /* light modules around, by the standard */
};

struct finder_qr {
    int version, mask, side;
    uint8_t dark[FINDER_QR_SIDE_MAX][FINDER_QR_SIDE_MAX]; /* row, column: 0 or 1 */
};

bool finder_qr_make(struct str bytes, struct finder_qr *ret);
/* The smallest version that holds the bytes, with the mask of least penalty; false past
 * FINDER_QR_BYTES_MAX. No memory. 0.7 ms for the largest.                                      */

void finder_qr_remainder(const uint8_t *data, size_t n, size_t n_ec, uint8_t *ret_ec);
/* Reed-Solomon check bytes over GF(256) with x^8+x^4+x^3+x^2+1; n_ec at most 30. */

void finder_qr_path(struct rg_buf *out, const struct finder_qr *qr);
/* The dark modules as the d of an SVG path of strokes one wide, quiet zone included: the drawing's
 * box is side + 2 * FINDER_QR_QUIET. */

#endif
