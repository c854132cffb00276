/* QR codes. Section numbers are those of ISO/IEC 18004:2015. */
#include "finder/qr.h"
#include <stdlib.h>

enum { DATA_MAX = 334, EC_MAX = 30, BLOCKS_MAX = 9, CODEWORDS_MAX = 532 };

static const struct version { /* level M: table 9; centres of alignment patterns: annex E */
    uint8_t n_ec, n_short, n_short_data, n_long; /* long blocks have one data byte more */
    uint8_t centres[3];
} versions[FINDER_QR_VERSION_MAX + 1] = {
    [1] = {10, 1, 16, 0, {0}},          [2] = {16, 1, 28, 0, {6, 18}},
    [3] = {26, 1, 44, 0, {6, 22}},      [4] = {18, 2, 32, 0, {6, 26}},
    [5] = {24, 2, 43, 0, {6, 30}},      [6] = {16, 4, 27, 0, {6, 34}},
    [7] = {18, 4, 31, 0, {6, 22, 38}},  [8] = {22, 2, 38, 2, {6, 24, 42}},
    [9] = {22, 3, 36, 2, {6, 26, 46}},  [10] = {26, 4, 43, 1, {6, 28, 50}},
    [11] = {30, 1, 50, 4, {6, 30, 54}}, [12] = {22, 6, 36, 2, {6, 32, 58}},
    [13] = {22, 8, 37, 1, {6, 34, 62}},
};

static size_t
data_bytes(int version)
{
    const struct version *v = &versions[version];
    return (size_t)(v->n_short + v->n_long) * v->n_short_data + v->n_long;
}

/* ---- Reed-Solomon (7.5.2, annex A) ---- */

static uint8_t
multiply(uint8_t a, uint8_t b)
{
    unsigned product = 0;
    for (int i = 7; i >= 0; i--) {
        product = product << 1 ^ (product >> 7) * 0x11D;
        if (b >> i & 1)
            product ^= a;
    }
    return (uint8_t)product;
}

void
finder_qr_remainder(const uint8_t *data, size_t n, size_t n_ec, uint8_t *ret_ec)
{
    uint8_t divisor[EC_MAX] = {0}, root = 1;
    RG_ASSERT(n_ec > 0 && n_ec <= EC_MAX);
    divisor[n_ec - 1] = 1; /* the leading 1 is not kept */
    for (size_t i = 0; i < n_ec; i++) {
        for (size_t k = 0; k < n_ec; k++)
            divisor[k] = multiply(divisor[k], root) ^ (k + 1 < n_ec ? divisor[k + 1] : 0);
        root = multiply(root, 2);
    }
    memset(ret_ec, 0, n_ec);
    for (size_t i = 0; i < n; i++) {
        uint8_t factor = data[i] ^ ret_ec[0];
        memmove(ret_ec, ret_ec + 1, n_ec - 1);
        ret_ec[n_ec - 1] = 0;
        for (size_t k = 0; k < n_ec; k++)
            ret_ec[k] ^= multiply(divisor[k], factor);
    }
}

/* ---- data (7.4) ---- */

static void
put_bits(uint8_t *out, size_t *n_bits, unsigned value, int n)
{
    for (int i = n - 1; i >= 0; i--, (*n_bits)++)
        if (value >> i & 1)
            out[*n_bits / 8] |= (uint8_t)(0x80 >> *n_bits % 8);
}

static void
data_make(struct str bytes, int version, uint8_t data[DATA_MAX])
{
    size_t n_bits = 0, n_all = data_bytes(version);
    memset(data, 0, DATA_MAX);
    put_bits(data, &n_bits, 4, 4); /* byte mode */
    put_bits(data, &n_bits, (unsigned)bytes.n, version < 10 ? 8 : 16);
    for (size_t i = 0; i < bytes.n; i++)
        put_bits(data, &n_bits, (uint8_t)bytes.p[i], 8);
    size_t n = (n_bits + 4) / 8 + ((n_bits + 4) % 8 != 0); /* terminator and padding bits: 0 */
    for (size_t i = n < n_all ? n : n_all, k = 0; i < n_all; i++, k++)
        data[i] = k % 2 ? 0x11 : 0xEC;
}

/* Blocks in turn, a byte of each (7.6). Number of codewords. */
static size_t
interleave(int version, const uint8_t *data, uint8_t out[CODEWORDS_MAX])
{
    const struct version *v = &versions[version];
    const uint8_t *start[BLOCKS_MAX];
    uint8_t ec[BLOCKS_MAX][EC_MAX];
    size_t n_blocks = (size_t)v->n_short + v->n_long, n = 0;
    for (size_t b = 0; b < n_blocks; b++) {
        size_t n_data = (size_t)v->n_short_data + (b >= v->n_short);
        start[b] = data;
        finder_qr_remainder(data, n_data, v->n_ec, ec[b]);
        data += n_data;
    }
    for (size_t i = 0; i < (size_t)v->n_short_data + 1; i++)
        for (size_t b = 0; b < n_blocks; b++)
            if (i < v->n_short_data || b >= v->n_short)
                out[n++] = start[b][i];
    for (size_t i = 0; i < v->n_ec; i++)
        for (size_t b = 0; b < n_blocks; b++)
            out[n++] = ec[b][i];
    return n;
}

/* ---- the drawing (6.3, 7.7 to 7.10) ---- */

enum { FREE = 2 }; /* not yet drawn, while a code is made */

static void
square(struct finder_qr *qr, int row, int column, int radius, int light)
{
    for (int r = -radius; r <= radius; r++)
        for (int c = -radius; c <= radius; c++) {
            int far = abs(r) > abs(c) ? abs(r) : abs(c), y = row + r, x = column + c;
            if (y >= 0 && x >= 0 && y < qr->side && x < qr->side)
                qr->dark[y][x] = far != light && far != 4;
        }
}

static void
patterns_draw(struct finder_qr *qr)
{
    const uint8_t *at = versions[qr->version].centres;
    int last = qr->side - 4, n_at = at[0] == 0 ? 0 : at[2] ? 3 : 2;
    for (int i = 0; i < qr->side; i++)
        qr->dark[6][i] = qr->dark[i][6] = i % 2 == 0;
    square(qr, 3, 3, 4, 2);
    square(qr, 3, last, 4, 2);
    square(qr, last, 3, 4, 2);
    for (int i = 0; i < n_at; i++)
        for (int k = 0; k < n_at; k++) {
            bool corner = (i == 0 && k == 0) || (i == 0 && k == n_at - 1) ||
                          (i == n_at - 1 && k == 0);
            if (!corner)
                square(qr, at[i], at[k], 2, 1);
        }
}

/* A value behind its remainder by a generator: BCH codes of format and version (annexes C, D). */
static unsigned
bch(unsigned value, int n_check, unsigned generator)
{
    unsigned rest = value;
    for (int i = 0; i < n_check; i++)
        rest = rest << 1 ^ (rest >> (n_check - 1) & 1) * generator;
    return value << n_check | (rest & ((1u << n_check) - 1));
}

static void
format_draw(struct finder_qr *qr)
{
    unsigned bits = bch((unsigned)qr->mask, 10, 0x537) ^ 0x5412; /* level M is 00 */
    int n = qr->side;
    for (int i = 0; i < 15; i++) {
        uint8_t bit = bits >> i & 1;
        int row = i < 6 ? i : i < 8 ? i + 1 : n - 15 + i;
        int column = i < 8 ? n - 1 - i : i == 8 ? 7 : 14 - i;
        qr->dark[row][8] = bit;
        qr->dark[8][column] = bit;
    }
    qr->dark[n - 8][8] = 1;
}

static void
version_draw(struct finder_qr *qr)
{
    if (qr->version < 7)
        return;
    unsigned bits = bch((unsigned)qr->version, 12, 0x1F25);
    for (int i = 0; i < 18; i++)
        qr->dark[i / 3][qr->side - 11 + i % 3] = qr->dark[qr->side - 11 + i % 3][i / 3] =
            bits >> i & 1;
}

static bool
masked(int mask, int r, int c)
{
    switch (mask) {
    case 0: return (r + c) % 2 == 0;
    case 1: return r % 2 == 0;
    case 2: return c % 3 == 0;
    case 3: return (r + c) % 3 == 0;
    case 4: return (r / 2 + c / 3) % 2 == 0;
    case 5: return r * c % 2 + r * c % 3 == 0;
    case 6: return (r * c % 2 + r * c % 3) % 2 == 0;
    default: return ((r + c) % 2 + r * c % 3) % 2 == 0;
    }
}

/* Two columns at a time, up and down in turn, from the right; the timing column is passed over. */
static void
codewords_draw(struct finder_qr *qr, const uint8_t *words, size_t n)
{
    size_t bit = 0;
    bool up = true;
    for (int right = qr->side - 1; right > 0; right -= 2, up = !up) {
        if (right == 6)
            right = 5;
        for (int i = 0; i < qr->side; i++)
            for (int c = right; c > right - 2; c--) {
                int r = up ? qr->side - 1 - i : i;
                if (qr->dark[r][c] != FREE)
                    continue;
                unsigned value = bit < n * 8 ? words[bit / 8] >> (7 - bit % 8) & 1u : 0;
                qr->dark[r][c] = (uint8_t)(value ^ masked(qr->mask, r, c));
                bit++;
            }
    }
}

/* ---- penalty of a mask (7.8.3) ---- */

static uint8_t
module(const struct finder_qr *qr, int line, int i, bool down)
{
    return down ? qr->dark[i][line] : qr->dark[line][i];
}

static int
line_penalty(const struct finder_qr *qr, int line, bool down)
{
    int penalty = 0, run = 0;
    unsigned window = 0;
    for (int i = 0; i < qr->side; i++) {
        uint8_t m = module(qr, line, i, down);
        run = i > 0 && m == module(qr, line, i - 1, down) ? run + 1 : 1;
        penalty += run == 5 ? 3 : run > 5;
        window = (window << 1 | m) & 0x7FF;
        if (i >= 10 && (window == 0x5D0 || window == 0x05D))
            penalty += 40;
    }
    return penalty;
}

static int
penalty_of(const struct finder_qr *qr)
{
    int penalty = 0, n_dark = 0, n = qr->side;
    for (int i = 0; i < n; i++)
        penalty += line_penalty(qr, i, false) + line_penalty(qr, i, true);
    for (int r = 0; r < n; r++)
        for (int c = 0; c < n; c++) {
            const uint8_t m = qr->dark[r][c];
            n_dark += m;
            if (r > 0 && c > 0 && m == qr->dark[r - 1][c] && m == qr->dark[r][c - 1] &&
                m == qr->dark[r - 1][c - 1])
                penalty += 3;
        }
    return penalty + abs(n_dark * 20 - n * n * 10) / (n * n) * 10;
}

static void
code_draw(struct finder_qr *qr, int version, int mask, const uint8_t *words, size_t n)
{
    qr->version = version;
    qr->mask = mask;
    qr->side = 17 + 4 * version;
    memset(qr->dark, FREE, sizeof(qr->dark));
    patterns_draw(qr);
    format_draw(qr);
    version_draw(qr);
    codewords_draw(qr, words, n);
}

bool
finder_qr_make(struct str bytes, struct finder_qr *ret)
{
    uint8_t data[DATA_MAX], words[CODEWORDS_MAX];
    int version = 1, best = 0, least = 0;
    if (bytes.n > FINDER_QR_BYTES_MAX)
        return false;
    while (12 + (version >= 10 ? 8 : 0) + bytes.n * 8 > data_bytes(version) * 8)
        version++;
    data_make(bytes, version, data);
    size_t n = interleave(version, data, words);
    for (int mask = 0; mask < 8; mask++) {
        code_draw(ret, version, mask, words, n);
        int penalty = penalty_of(ret);
        if (mask == 0 || penalty < least) {
            best = mask;
            least = penalty;
        }
    }
    code_draw(ret, version, best, words, n);
    return true;
}

void
finder_qr_path(struct rg_buf *out, const struct finder_qr *qr)
{
    for (int r = 0; r < qr->side; r++)
        for (int c = 0, run; c < qr->side; c += run) {
            for (run = 1; c + run < qr->side && qr->dark[r][c + run] == qr->dark[r][c];)
                run++;
            if (qr->dark[r][c])
                rg_buf_printf(out, "M%d %d.5h%d", c + FINDER_QR_QUIET, r + FINDER_QR_QUIET, run);
        }
}
