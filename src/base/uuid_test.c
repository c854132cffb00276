#include "base.h"
#include "test.h"

static void
a_uuid_is_read_in_either_case_and_written_in_lower_case(void **state)
{
    struct rg_arena *arena = rg_arena_new(1 << 16);
    unsigned char id[16];
    assert_true(rg_uuid_parse(STR("AC148810-d857-441c-9679-408f346de14b"), id));
    assert_int_equal(id[0], 0xAC);
    assert_true(str_is(rg_uuid_text(arena, id), "ac148810-d857-441c-9679-408f346de14b"));
    assert_false(rg_uuid_parse(STR("ac148810-d857-441c-9679-408f346de14"), id));
    assert_false(rg_uuid_parse(STR("ac148810xd857-441c-9679-408f346de14b"), id));
    assert_false(rg_uuid_parse(STR("gc148810-d857-441c-9679-408f346de14b"), id));
    assert_false(rg_uuid_parse(STR(""), id));
    rg_arena_free(arena);
}

/* Worked out by another program (Python's hashlib.blake2b, 16 bytes). */
static void
a_name_gives_the_same_uuid_for_ever(void **state)
{
    struct rg_arena *arena = rg_arena_new(1 << 16);
    const struct str parts[] = {STR("need"), STR("\0"), STR("casa.affitto")};
    struct str whole = STR("need\0casa.affitto");
    assert_true(str_is(rg_uuid_of(arena, parts, RG_COUNT(parts)),
                       "45cecd88-afdd-8b69-b29b-bf9e79c5908d"));
    assert_true(str_eq(rg_uuid_of(arena, &whole, 1), rg_uuid_of(arena, parts, 3)));
    assert_false(str_eq(rg_uuid_of(arena, parts, 2), rg_uuid_of(arena, parts, 3)));
    rg_arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_uuid_is_read_in_either_case_and_written_in_lower_case),
        cmocka_unit_test(a_name_gives_the_same_uuid_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
