/* QR codes: the standard's worked example, and every code read back by a slow reader of its own. */
#include "finder/qr.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* ---- the slow reader: knows tables 7 and 9 and the geometry by its own words ---- */

static const int capacities[] = {0, 14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331};
static const int n_check_of[] = {0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22};
static const int blocks_of[] = {0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9};
static const int words_of[] = {0, 26, 44, 70, 100, 134, 172, 196, 242, 292, 346, 404, 466, 532};

static bool
in_square(int r, int c, int row, int column, int radius)
{
    return r >= row - radius && r <= row + radius && c >= column - radius && c <= column + radius;
}

/* Centres of alignment patterns are evenly spaced, even numbers, from 6 to side - 7. */
static int
centres(int version, int *ret)
{
    int side = 17 + 4 * version, n = version == 1 ? 0 : version / 7 + 2;
    for (int i = 0; i < n; i++)
        ret[i] = i == 0 ? 6 : n == 3 && i == 1 ? (side - 1) / 2
                                               : side - 7;
    return n;
}

static bool
is_function(int version, int r, int c)
{
    int n = 17 + 4 * version, at[3], n_at = centres(version, at);
    if (r == 6 || c == 6 || (r < 9 && c < 9) || (r < 9 && c >= n - 8) || (r >= n - 8 && c < 9))
        return true;
    if (version >= 7 && ((r < 6 && c >= n - 11) || (c < 6 && r >= n - 11)))
        return true;
    for (int i = 0; i < n_at; i++)
        for (int k = 0; k < n_at; k++) {
            bool at_finder = (i == 0 && k == 0) || (i == 0 && k == n_at - 1) ||
                             (i == n_at - 1 && k == 0);
            if (!at_finder && in_square(r, c, at[i], at[k], 2))
                return true;
        }
    return false;
}

static bool
mask_says(int mask, int i, int j)
{
    const bool says[] = {(i + j) % 2 == 0,
                         i % 2 == 0,
                         j % 3 == 0,
                         (i + j) % 3 == 0,
                         (i / 2 + j / 3) % 2 == 0,
                         (i * j) % 2 + (i * j) % 3 == 0,
                         ((i * j) % 2 + (i * j) % 3) % 2 == 0,
                         ((i + j) % 2 + (i * j) % 3) % 2 == 0};
    return says[mask];
}

static uint8_t powers[256];

static void
powers_fill(void)
{
    unsigned x = 1;
    for (int i = 0; i < 255; i++) {
        powers[i] = (uint8_t)x;
        x <<= 1;
        if (x > 255)
            x ^= 285;
    }
}

static uint8_t
times_power(uint8_t a, int power)
{
    int i = 0;
    if (a == 0)
        return 0;
    while (powers[i] != a)
        i++;
    return powers[(i + power) % 255];
}

/* A block is sound when its polynomial is zero at the first powers of two. */
static void
block_must_be_sound(const uint8_t *word, int n, int n_check)
{
    for (int root = 0; root < n_check; root++) {
        uint8_t sum = 0;
        for (int i = 0; i < n; i++)
            sum = times_power(sum, root) ^ word[i];
        assert_int_equal(sum, 0);
    }
}

/* Both copies of the format, most significant bit first as figure 25 numbers them. */
static unsigned
format_read(const struct finder_qr *qr, bool second)
{
    static const int8_t first_at[15][2] = {{8, 0}, {8, 1}, {8, 2}, {8, 3}, {8, 4},
                                           {8, 5}, {8, 7}, {8, 8}, {7, 8}, {5, 8},
                                           {4, 8}, {3, 8}, {2, 8}, {1, 8}, {0, 8}};
    unsigned bits = 0;
    for (int i = 0; i < 15; i++) {
        int r = first_at[i][0], c = first_at[i][1];
        if (second) {
            r = i < 7 ? qr->side - 1 - i : 8;
            c = i < 7 ? 8 : qr->side - 15 + i;
        }
        bits = bits << 1 | qr->dark[r][c];
    }
    return bits;
}

/* The eight format words of level M, each by long division as on paper. */
static int
mask_of(unsigned bits)
{
    for (unsigned mask = 0; mask < 8; mask++) {
        unsigned rest = mask << 10;
        for (int i = 14; i >= 10; i--)
            if (rest >> i & 1)
                rest ^= 0x537u << (i - 10);
        if (((mask << 10 | rest) ^ 0x5412) == bits)
            return (int)mask;
    }
    return -1;
}

static size_t
words_read(const struct finder_qr *qr, int version, int mask, uint8_t *words)
{
    size_t n_bits = 0;
    memset(words, 0, 600);
    for (int pair = 0, right = qr->side - 1; right >= 1; pair++, right -= 2) {
        if (right == 6)
            right--;
        for (int i = 0; i < qr->side; i++)
            for (int k = 0; k < 2; k++) {
                int r = pair % 2 == 0 ? qr->side - 1 - i : i, c = right - k;
                if (is_function(version, r, c))
                    continue;
                if (qr->dark[r][c] ^ mask_says(mask, r, c))
                    words[n_bits / 8] |= (uint8_t)(128 >> n_bits % 8);
                n_bits++;
            }
    }
    return n_bits / 8;
}

static size_t
qr_read(const struct finder_qr *qr, char *out)
{
    uint8_t words[600], block[160], data[400];
    int version = (qr->side - 17) / 4, n_check = n_check_of[version];
    int n_blocks = blocks_of[version], n_all = words_of[version], n_data = 0;
    unsigned format = format_read(qr, false);
    assert_int_equal(format, format_read(qr, true));
    int mask = mask_of(format);
    assert_int_equal(mask, qr->mask);
    assert_int_equal(words_read(qr, version, mask, words), n_all);
    int each = n_all / n_blocks - n_check, n_short = n_blocks - n_all % n_blocks;
    for (int b = 0; b < n_blocks; b++) {
        int n = 0;
        for (int i = 0; i < each; i++)
            block[n++] = words[i * n_blocks + b];
        if (b >= n_short)
            block[n++] = words[each * n_blocks + b - n_short];
        for (int i = 0; i < n; i++)
            data[n_data++] = block[i];
        for (int i = 0; i < n_check; i++)
            block[n++] = words[n_all - n_check * n_blocks + i * n_blocks + b];
        block_must_be_sound(block, n, n_check);
    }
    assert_int_equal(data[0] >> 4, 4);
    int half = version < 10 ? 1 : 2; /* the text begins half a byte after this one */
    int n = version < 10 ? (data[0] & 15) << 4 | data[1] >> 4
                         : (data[0] & 15) << 12 | data[1] << 4 | data[2] >> 4;
    for (int i = 0; i < n; i++)
        out[i] = (char)((data[half + i] & 15) << 4 | data[half + i + 1] >> 4);
    return (size_t)n;
}

/* ---- claims ---- */

/* Annex I: "01234567" in version 1-M. */
static void
the_check_bytes_are_those_of_the_standards_example(void **state)
{
    static const uint8_t data[16] = {0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11,
                                     0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11};
    static const uint8_t expected[10] = {0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C,
                                         0x55};
    uint8_t ec[10];
    (void)state;
    finder_qr_remainder(data, sizeof(data), sizeof(ec), ec);
    assert_memory_equal(ec, expected, sizeof(ec));
}

static void
every_length_is_read_back(void **state)
{
    static struct finder_qr qr;
    char text[FINDER_QR_BYTES_MAX], read[FINDER_QR_BYTES_MAX + 8];
    struct rg_ctx ctx = {.chance = 7};
    unsigned masks = 0;
    (void)state;
    powers_fill();
    for (size_t n = 0; n <= FINDER_QR_BYTES_MAX; n++) {
        for (size_t i = 0; i < n; i++)
            text[i] = (char)rg_chance(&ctx);
        assert_true(finder_qr_make(str_n(text, n), &qr));
        assert_true((int)n <= capacities[qr.version]);
        assert_true(qr.version == 1 || (int)n > capacities[qr.version - 1]);
        assert_int_equal(qr_read(&qr, read), n);
        assert_memory_equal(read, text, n);
        masks |= 1u << qr.mask;
    }
    assert_int_equal(masks, 255); /* each was best for something */
}

static void
what_does_not_fit_is_refused(void **state)
{
    static struct finder_qr qr;
    static const char text[FINDER_QR_BYTES_MAX + 1];
    (void)state;
    assert_true(finder_qr_make(str_n(text, FINDER_QR_BYTES_MAX), &qr));
    assert_int_equal(qr.version, FINDER_QR_VERSION_MAX);
    assert_false(finder_qr_make(str_n(text, sizeof(text)), &qr));
}

/* Annex D: version 7 is 000111110010010100. */
static void
the_version_is_written_as_in_the_standards_example(void **state)
{
    static struct finder_qr qr;
    static const char text[122];
    unsigned bits = 0, other = 0;
    (void)state;
    assert_true(finder_qr_make(str_n(text, sizeof(text)), &qr));
    assert_int_equal(qr.version, 7);
    for (int i = 17; i >= 0; i--) {
        bits = bits << 1 | qr.dark[i / 3][qr.side - 11 + i % 3];
        other = other << 1 | qr.dark[qr.side - 11 + i % 3][i / 3];
    }
    assert_int_equal(bits, 0x07C94);
    assert_int_equal(other, bits);
}

static void
finders_timing_and_the_dark_module_stand_where_readers_look(void **state)
{
    static const char *const finder[] = {"#######.", "#.....#.", "#.###.#.", "#.###.#.",
                                         "#.###.#.", "#.....#.", "#######.", "........"};
    static struct finder_qr qr;
    (void)state;
    assert_true(finder_qr_make(STR("https://regia.example/cerca?q=affitto&luogo=Ivrea"), &qr));
    int n = qr.side;
    for (int r = 0; r < 8; r++)
        for (int c = 0; c < 8; c++) {
            assert_int_equal(qr.dark[r][c], finder[r][c] == '#');
            assert_int_equal(qr.dark[r][n - 1 - c], finder[r][c] == '#');
            assert_int_equal(qr.dark[n - 1 - r][c], finder[r][c] == '#');
        }
    for (int i = 8; i < n - 8; i++) {
        assert_int_equal(qr.dark[6][i], i % 2 == 0);
        assert_int_equal(qr.dark[i][6], i % 2 == 0);
    }
    assert_int_equal(qr.dark[n - 8][8], 1);
}

/* The path, painted again, is the code. */
static void
the_path_paints_the_code(void **state)
{
    static struct finder_qr qr;
    static uint8_t painted[FINDER_QR_SIDE_MAX][FINDER_QR_SIDE_MAX];
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    (void)state;
    rg_buf_init(&out, 64 * 1024);
    assert_true(finder_qr_make(STR("/cartella?s=12&s=40"), &qr));
    finder_qr_path(&out, &qr);
    struct str rest = rg_buf_view(&out), piece;
    assert_true(rest.n > 0 && rest.p[0] == 'M');
    rest = str_n(rest.p + 1, rest.n - 1);
    while (rest.n > 0 && str_cut(&rest, 'M', &piece)) {
        int64_t x, y, run;
        struct str part;
        assert_true(str_cut(&piece, ' ', &part) && rg_parse_i64(part, 4, 80, &x));
        assert_true(str_cut(&piece, '.', &part) && rg_parse_i64(part, 4, 80, &y));
        assert_true(str_cut(&piece, 'h', &part) && str_is(part, "5"));
        assert_true(rg_parse_i64(piece, 1, 80, &run));
        while (run-- > 0)
            painted[y - FINDER_QR_QUIET][x++ - FINDER_QR_QUIET] = 1;
    }
    for (int r = 0; r < qr.side; r++)
        assert_memory_equal(painted[r], qr.dark[r], (size_t)qr.side);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_check_bytes_are_those_of_the_standards_example),
        cmocka_unit_test(every_length_is_read_back),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(the_version_is_written_as_in_the_standards_example),
        cmocka_unit_test(finders_timing_and_the_dark_module_stand_where_readers_look),
        cmocka_unit_test(the_path_paints_the_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
