/* Arena and buffer: what is said of memory that has a ceiling. */
#include "base/base.h"
#include "base/test.h"
#include <stdio.h>
#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

static void
the_ceiling_holds_and_is_remembered(void **state)
{
    struct rg_arena *arena = rg_arena_new(1000);
    assert_non_null(rg_arena_alloc(arena, 992));
    assert_false(rg_arena_overflowed(arena));
    assert_null(rg_arena_alloc(arena, 9));
    assert_true(rg_arena_overflowed(arena));
    assert_int_equal(rg_arena_used(arena), 992);
    rg_arena_reset(arena);
    assert_false(rg_arena_overflowed(arena));
    assert_non_null(rg_arena_alloc(arena, 992));
    assert_null(rg_arena_free(arena));
    assert_null(rg_arena_free(NULL));
}

static void
absurd_sizes_fail_and_do_not_wrap_around(void **state)
{
    struct rg_arena *arena = rg_arena_new(SIZE_MAX);
    assert_null(rg_arena_alloc(arena, SIZE_MAX));
    assert_null(rg_arena_alloc(arena, SIZE_MAX - 15));
    assert_null(rg_arena_array(arena, SIZE_MAX / 4, 8));
    assert_null(RG_ARRAY(arena, uint64_t, SIZE_MAX / 8 + 2));
    assert_non_null(rg_arena_alloc(arena, 1));
    rg_arena_free(arena);
}

static void
pieces_are_zero_aligned_and_apart_also_after_a_release(void **state)
{
    struct rg_arena *arena = rg_arena_new(1 << 22);
    for (int round = 0; round < 20; round++) {
        struct rg_mark mark = rg_arena_mark(arena);
        unsigned char *piece[200];
        size_t size[200];
        for (size_t i = 0; i < 200; i++) {
            size[i] = test_chance(test_chance(10) ? 100 : 60000);
            piece[i] = rg_arena_alloc(arena, size[i]);
            if (!piece[i]) {
                size[i] = 0;
                continue;
            }
            assert_int_equal((uintptr_t)piece[i] % 16, 0);
            for (size_t k = 0; k < size[i]; k++)
                assert_int_equal(piece[i][k], 0);
            memset(piece[i], (int)i, size[i]);
        }
        for (size_t i = 0; i < 200; i++)
            for (size_t k = 0; k < size[i]; k++)
                assert_int_equal(piece[i][k], (unsigned char)i);
        rg_arena_release(arena, mark);
        assert_int_equal(rg_arena_used(arena), 0);
    }
    rg_arena_free(arena);
}

static void
a_mark_of_an_empty_arena_gives_everything_back_and_keeps_a_chunk(void **state)
{
    struct rg_arena *arena = rg_arena_new(1 << 20);
    struct rg_mark empty = rg_arena_mark(arena);
    rg_arena_release(arena, empty); /* nothing was taken: nothing happens */
    char *first = rg_arena_alloc(arena, 100);
    assert_non_null(rg_arena_alloc(arena, 200000));
    rg_arena_release(arena, empty);
    assert_int_equal(rg_arena_used(arena), 0);
    assert_ptr_equal(rg_arena_alloc(arena, 100), first); /* no malloc in the next round */
    struct rg_mark inner = rg_arena_mark(arena);
    assert_non_null(rg_arena_alloc(arena, 500000));
    rg_arena_release(arena, inner);
    assert_int_equal(rg_arena_used(arena), 112);
    rg_arena_free(arena);
}

/* Its story: a test's world was built line by line at the end of a chunk of 8 MB, and each line
 * took and gave back one of 16; the test lasted a minute instead of two seconds.             */
static void
a_loop_at_the_border_of_a_chunk_takes_the_same_one_again(void **state)
{
    struct rg_arena *arena = rg_arena_new(64 << 20);
    assert_non_null(rg_arena_alloc(arena, 1 << 20)); /* the chunk is full to its last byte */
    struct rg_mark round = rg_arena_mark(arena);
    char *first = rg_arena_alloc(arena, 1 << 20);
    rg_arena_release(arena, round);
    for (int i = 0; i < 5; i++) {
        char *again = rg_arena_alloc(arena, i % 2 ? 100 : 1 << 20);
        assert_ptr_equal(again, first);
        assert_int_equal(again[99], 0);
        memset(again, 'x', 100);
        rg_arena_release(arena, round);
    }
    assert_int_equal(rg_arena_used(arena), 1 << 20);
    rg_arena_free(arena);
}

static void
released_memory_is_poisoned_under_the_sanitizer(void **state)
{
#ifdef __SANITIZE_ADDRESS__
    struct rg_arena *arena = rg_arena_new(1 << 20);
    struct rg_mark empty = rg_arena_mark(arena);
    char *p = rg_arena_alloc(arena, 10);
    assert_false(__asan_address_is_poisoned(p + 9));
    assert_true(__asan_address_is_poisoned(p + 10));
    rg_arena_release(arena, empty);
    assert_true(__asan_address_is_poisoned(p));
    rg_arena_free(arena);
#else
    skip();
#endif
}

static void
copies_are_terminated_and_none_stays_none(void **state)
{
    struct rg_arena *arena = rg_arena_new(64);
    struct str s = rg_arena_str(arena, STR("città"));
    assert_true(str_is(s, "città") && s.p[s.n] == '\0');
    assert_null(rg_arena_str(arena, STR_NONE).p);
    assert_string_equal(rg_arena_cstr(arena, STR_NONE), "");
    assert_non_null(rg_arena_str(arena, STR("")).p);
    assert_string_equal(rg_arena_printf(arena, "%d-%s", 7, "x"), "7-x");
    assert_null(rg_arena_printf(arena, "%0100d", 1));
    assert_null(rg_arena_cstr(arena, STR("0123456789012345678901234567890123456789")));
    assert_true(rg_arena_overflowed(arena));
    rg_arena_free(arena);
}

static void
a_buffer_fills_to_its_ceiling_and_no_further(void **state)
{
    struct rg_buf buf;
    rg_buf_init(&buf, 10);
    rg_buf_printf(&buf, "%s", "");
    rg_buf_printf(&buf, "%s", "0123456789"); /* exactly the ceiling: no room lost to a terminator */
    assert_false(buf.failed);
    assert_true(str_is(rg_buf_view(&buf), "0123456789"));
    rg_buf_str(&buf, STR(""));
    assert_false(buf.failed);
    rg_buf_c(&buf, 'x');
    assert_true(buf.failed);
    size_t n = 77;
    assert_null(rg_buf_take(&buf, &n));
    assert_int_equal(n, 77);
    rg_buf_reset(&buf);
    assert_true(!buf.failed && rg_buf_view(&buf).n == 0);
    rg_buf_lit(&buf, "ok");
    char *taken = rg_buf_take(&buf, &n);
    assert_true(n == 2 && memcmp(taken, "ok", 2) == 0 && buf.p == NULL && buf.ceiling == 10);
    free(taken);
    rg_buf_done(&buf);
    rg_buf_init(&buf, 0);
    taken = rg_buf_take(&buf, &n); /* nothing written is an answer too */
    assert_true(taken != NULL && n == 0);
    free(taken);
}

static void
a_buffer_keeps_its_content_as_it_grows(void **state)
{
    struct rg_buf buf;
    rg_buf_init(&buf, 1 << 20);
    for (int i = 0; i < 20000; i++)
        switch (i % 3) {
        case 0: rg_buf_printf(&buf, "%06d", i); break;
        case 1: rg_buf_i64(&buf, 900000 + i); break;
        default: rg_buf_lit(&buf, "abcdef"); break;
        }
    assert_int_equal(buf.n, 120000);
    for (int i = 0; i < 20000; i++) {
        char want[16];
        snprintf(want, sizeof(want), i % 3 == 2 ? "abcdef" : "%06d", i % 3 ? 900000 + i : i);
        assert_memory_equal(buf.p + 6 * i, want, 6);
    }
    rg_buf_reset(&buf);
    rg_buf_i64(&buf, INT64_MIN);
    rg_buf_c(&buf, ' ');
    rg_buf_i64(&buf, INT64_MAX);
    assert_true(str_is(rg_buf_view(&buf), "-9223372036854775808 9223372036854775807"));
    rg_buf_done(&buf);
}

static void
the_nth_allocation_fails_once_and_cleanly(void **state)
{
    for (long n = 1;; n++) {
        rg_alloc_fail_after(n);
        bool whole = false;
        struct rg_arena *arena = rg_arena_new(1 << 20);
        struct rg_buf buf;
        rg_buf_init(&buf, 1 << 20);
        for (int i = 0; i < 300; i++)
            rg_buf_lit(&buf, "0123456789");
        if (arena) {
            bool a = rg_arena_alloc(arena, 10) != NULL, b = rg_arena_alloc(arena, 50000) != NULL;
            whole = a && b && !buf.failed;
            assert_int_equal(rg_arena_overflowed(arena), !(a && b));
        }
        assert_true(buf.failed || buf.n == 3000);
        rg_buf_done(&buf);
        rg_arena_free(arena);
        rg_alloc_fail_after(0);
        if (whole) {
            assert_true(n > 4); /* one arena, two pieces, several doublings */
            break;
        }
    }
}

static void
a_file_is_read_whole_or_it_is_said_why_not(void **state)
{
    static const char path[] = "/tmp/regia-file-test";
    struct rg_buf bytes;
    const char *why;
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    for (int i = 0; i < 100000; i++)
        fputc('a' + i % 26, f);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(rg_file_read(path, 100000, &bytes, &why), RG_FILE_READ);
    assert_int_equal(bytes.n, 100000);
    assert_int_equal(bytes.p[99999], 'a' + 99999 % 26);
    rg_buf_done(&bytes);
    assert_int_equal(rg_file_read(path, 99999, &bytes, &why), RG_FILE_TOO_LARGE);
    rg_buf_done(&bytes);
    for (long n = 1; n < 8; n++) { /* whichever piece of memory is refused */
        rg_alloc_fail_after(n);
        enum rg_file told = rg_file_read(path, 100000, &bytes, NULL);
        rg_alloc_fail_after(0);
        assert_true(told == RG_FILE_NO_MEMORY || (told == RG_FILE_READ && bytes.n == 100000));
        rg_buf_done(&bytes);
    }
    assert_int_equal(remove(path), 0);
    assert_int_equal(rg_file_read(path, 10, &bytes, &why), RG_FILE_ABSENT);
    assert_true(*why != '\0');
    rg_buf_done(&bytes);
    assert_int_equal(rg_file_read("/tmp", 10, &bytes, &why), RG_FILE_UNREADABLE);
    assert_true(*why != '\0');
    rg_buf_done(&bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_whole_or_it_is_said_why_not),
        cmocka_unit_test(the_ceiling_holds_and_is_remembered),
        cmocka_unit_test(absurd_sizes_fail_and_do_not_wrap_around),
        cmocka_unit_test(pieces_are_zero_aligned_and_apart_also_after_a_release),
        cmocka_unit_test(a_mark_of_an_empty_arena_gives_everything_back_and_keeps_a_chunk),
        cmocka_unit_test(a_loop_at_the_border_of_a_chunk_takes_the_same_one_again),
        cmocka_unit_test(released_memory_is_poisoned_under_the_sanitizer),
        cmocka_unit_test(copies_are_terminated_and_none_stays_none),
        cmocka_unit_test(a_buffer_fills_to_its_ceiling_and_no_further),
        cmocka_unit_test(a_buffer_keeps_its_content_as_it_grows),
        cmocka_unit_test(the_nth_allocation_fails_once_and_cleanly),
    };
    return cmocka_run_group_tests_name("base/memory", tests, NULL, NULL);
}
