/* Needs that found nothing near: what is counted, what is kept of it, and who sees it. */
#include "finder/page_world.h"
#include "finder_sql.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { SERVICES = 3000, NOON = WORLD_NOW, DAY = NOON / 86400 };

struct case_of { /* one question about Ivrea and its answer, as the room would make them */
    struct finder_question q;
    struct finder_answer a;
    struct finder_hit hits[2];
};

static void
case_make(struct world *w, struct case_of *c)
{
    const struct territory_model *model = territory_live_get(w->territory);
    *c = (struct case_of){.q = {.text = STR("affitto"), .page = 1}};
    c->a.place = territory_model_by_code(model, STR("comune"), STR("001125"));
    assert_true(c->a.place != TERRITORY_NOWHERE);
    c->a.needs[0].code = STR("casa.affitto");
    c->a.n_needs = 1;
    c->a.hits = c->hits;
}

static bool
counts(struct world *w, const struct case_of *c)
{
    struct str comune, need;
    bool yes = finder_unmet(&w->finder, &c->q, &c->a, &comune, &need);
    if (yes)
        assert_true(str_is(comune, "001125") && str_is(need, "casa.affitto"));
    return yes;
}

static void
only_what_the_territory_lacks_counts(void **state)
{
    struct world *w = *state;
    struct case_of c;
    case_make(w, &c);
    assert_true(counts(w, &c));
    c.a.n_hits = 1;
    c.hits[0].distance_m = 30001;
    assert_true(counts(w, &c));
    c.hits[0].distance_m = 30000;
    assert_false(counts(w, &c));
    c.hits[0].distance_m = -1; /* not told where: it may be near */
    assert_false(counts(w, &c));
    c.a.understood.abstained = c.a.needs[0].chosen = true; /* said by hand */
    assert_true(counts(w, &c));
    c.q.text = STR("");
    assert_false(counts(w, &c));
}

static void
a_narrowed_question_or_one_without_comune_or_need_does_not_count(void **state)
{
    struct world *w = *state;
    struct case_of c;
    case_make(w, &c);
    c.q.free_only = true;
    assert_false(counts(w, &c));
    case_make(w, &c);
    c.q.n_languages = 1;
    assert_false(counts(w, &c));
    case_make(w, &c);
    c.q.page = 2;
    assert_false(counts(w, &c));
    case_make(w, &c);
    c.a.n_needs = 0;
    assert_false(counts(w, &c));
    case_make(w, &c);
    c.a.place = TERRITORY_NOWHERE;
    assert_false(counts(w, &c));
    case_make(w, &c);
    c.a.place = territory_live_get(w->territory)->first_zone;
    assert_false(counts(w, &c));
}

static void
a_person_in_danger_is_not_counted(void **state)
{
    struct case_of c;
    case_make(*state, &c);
    c.a.understood.danger = true;
    assert_false(counts(*state, &c));
    case_make(*state, &c);
    c.a.needs[0].code = STR("tutela.violenza");
    assert_false(counts(*state, &c));
}

static int64_t
counted(struct world *w, int64_t n_min, size_t *ret_n)
{
    struct finder_sql_unmet_list_row *rows;
    world_must(w, finder_sql_unmet_list(&w->ctx, DAY - 1, DAY + 2, n_min, &rows, ret_n), "list");
    return *ret_n ? rows[0].n : 0;
}

static void
the_records_know_day_comune_and_need_and_the_feed_nothing(void **state)
{
    struct world *w = *state;
    struct case_of c;
    struct store_set *sets;
    size_t n;
    case_make(w, &c);
    w->ctx.now_s = NOON;
    w->ctx.actor.name = STR("somebody");
    for (int i = 0; i < 4; i++)
        finder_unmet_count(&w->ctx, &w->finder, &c.q, &c.a);
    assert_int_equal(counted(w, 1, &n), 1); /* the first at once, three wait in memory */
    w->ctx.now_s = NOON + 599;
    finder_unmet_count(&w->ctx, &w->finder, &c.q, &c.a);
    assert_int_equal(counted(w, 1, &n), 1);
    world_must(w, finder_unmet_flush(&w->ctx, &w->finder), "flush");
    assert_int_equal(counted(w, 5, &n), 5);
    assert_int_equal(n, 1);
    assert_int_equal(counted(w, 6, &n), 0);
    world_must(w, store_sets(&w->ctx, 0, 1, &sets, &n), "sets");
    assert_true(str_is(sets[0].reason, "finder.why.sweep"));
    assert_int_equal(sets[0].n_changes, 0);
    assert_int_equal(sets[0].at_s % 86400, 0);
    assert_int_equal(sets[0].actor.n, 0);
    assert_true(str_is(w->ctx.actor.name, "somebody")); /* given back */
    assert_int_equal(w->ctx.now_s, NOON + 599);
}

static bool
page_says(struct world *w, unsigned roles, const char *target, const char *text)
{
    struct page p = page_as(w, roles, NOON + 1200, "GET", target);
    bool yes = says(&p, text);
    page_done(&p);
    return yes;
}

static void
the_plan_office_sees_groups_of_five_and_nobody_sees_smaller_ones(void **state)
{
    struct world *w = *state;
    static const char page[] = "/gestione/bisogni-scoperti?anno=2026";
    static const char csv[] = "/gestione/bisogni-scoperti.csv?anno=2026";
    struct case_of c;
    case_make(w, &c);
    c.a.needs[0].code = STR("lavoro.ricerca");
    w->ctx.now_s = NOON;
    for (int i = 0; i < 4; i++)
        finder_unmet_count(&w->ctx, &w->finder, &c.q, &c.a);
    world_must(w, finder_unmet_flush(&w->ctx, &w->finder), "flush");
    assert_true(page_says(w, RG_ROLE_PLANNER, page, "Ivrea"));
    assert_true(page_says(w, RG_ROLE_PLANNER, page, "Un gruppo con meno di cinque"));
    assert_true(page_says(w, RG_ROLE_ADMIN, csv, "001125,Ivrea,casa.affitto"));
    assert_false(page_says(w, RG_ROLE_ADMIN, csv, "lavoro.ricerca"));
    assert_false(page_says(w, RG_ROLE_PLANNER, "/gestione/bisogni-scoperti?anno=2025", "Ivrea"));
    assert_false(page_says(w, RG_ROLE_READER, page, "Ivrea"));
    assert_false(page_says(w, RG_ROLE_EDITOR, csv, "casa.affitto"));
    finder_unmet_count(&w->ctx, &w->finder, &c.q, &c.a);
    world_must(w, finder_unmet_flush(&w->ctx, &w->finder), "flush");
    assert_true(page_says(w, RG_ROLE_ADMIN, csv, "lavoro.ricerca"));
}

static void
a_page_that_finds_nothing_counts_and_one_that_finds_does_not(void **state)
{
    struct world *w = *state;
    struct finder_sql_unmet_list_row *rows;
    size_t n;
    static const char lacking[] = "/cerca?q=zzqx+vvkw&bisogno=casa.affitto&luogo=Torino";
    static const char having[] = "/cerca?bisogno=accesso.sportello&luogo=Torino";
    assert_true(page_says(w, RG_ROLE_PUBLIC, having, "rg-result"));
    world_must(w, finder_unmet_flush(&w->ctx, &w->finder), "flush");
    world_must(w, finder_sql_unmet_list(&w->ctx, DAY, DAY + 1, 1, &rows, &n), "list");
    for (size_t i = 0; i < n; i++)
        assert_int_not_equal(rows[i].comune, 1272);
    assert_true(page_says(w, RG_ROLE_PUBLIC, lacking, "Torino")); /* not understood, then chosen */
    world_must(w, finder_unmet_flush(&w->ctx, &w->finder), "flush");
    world_must(w, finder_sql_unmet_list(&w->ctx, DAY, DAY + 1, 1, &rows, &n), "list");
    assert_int_equal(rows[n - 1].comune, 1272);
    assert_true(str_is(rows[n - 1].need, "casa.affitto") && rows[n - 1].n == 1);
}

static int
setup(void **state)
{
    *state = world_new(SERVICES);
    return 0;
}

static int
teardown(void **state)
{
    world_free(*state);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_the_territory_lacks_counts),
        cmocka_unit_test(a_narrowed_question_or_one_without_comune_or_need_does_not_count),
        cmocka_unit_test(a_person_in_danger_is_not_counted),
        cmocka_unit_test(the_records_know_day_comune_and_need_and_the_feed_nothing),
        cmocka_unit_test(the_plan_office_sees_groups_of_five_and_nobody_sees_smaller_ones),
        cmocka_unit_test(a_page_that_finds_nothing_counts_and_one_that_finds_does_not),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
