/* Packs in and out, their faults, and the two checks. */
#include "plan/test_world.h"

static struct world w;

static int
set_up(void **state)
{
    (void)state;
    world_open(&w, false);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void
must_load(struct plan_load_counts *counts)
{
    enum rg_err err = world_load(&w, counts);
    if (err != RG_OK)
        print_error("%s\n%s\n", w.told, w.ctx.story.key);
    assert_int_equal(err, RG_OK);
}

static void
file_same(const char *name, const char *text)
{
    char path[160], bytes[8192];
    snprintf(path, sizeof(path), "%s.out/%s.csv", w.pack, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    bytes[fread(bytes, 1, sizeof(bytes) - 1, f)] = '\0';
    fclose(f);
    assert_string_equal(bytes, text);
}

static void
what_was_loaded_comes_out_byte_for_byte(void **state)
{
    (void)state;
    struct plan_load_counts counts;
    char folder[160];
    int64_t n = 0;
    must_load(&counts);
    assert_int_equal(counts.n_read, counts.n_added);
    snprintf(folder, sizeof(folder), "%s.out", w.pack);
    assert_int_equal(plan_export(&w.ctx, folder, &n), RG_OK);
    assert_int_equal(n, counts.n_read);
    for (size_t i = 0; i < RG_COUNT(world_files); i++)
        file_same(world_files[i][0], world_files[i][1]);
}

static void
loading_twice_writes_nothing(void **state)
{
    (void)state;
    struct plan_load_counts counts;
    int64_t before, after;
    must_load(&counts);
    assert_int_equal(store_head(&w.ctx, &before), RG_OK);
    must_load(&counts);
    assert_int_equal(store_head(&w.ctx, &after), RG_OK);
    assert_int_equal(counts.n_added + counts.n_changed + counts.n_kept, 0);
    assert_int_equal(before, after);
}

static void
what_people_changed_survives_the_pack(void **state)
{
    (void)state;
    struct plan_load_counts counts;
    struct plan_world world;
    must_load(&counts);
    assert_int_equal(plan_world_read(&w.ctx, &world), RG_OK);
    struct plan_row *row = plan_world_element(&world, STR("nuovo/2"));
    row->v[EL_TITLE] = STR("Ambiente, aria, acqua");
    assert_int_equal(store_write_begin(&w.ctx, "a mano"), RG_OK);
    assert_int_equal(plan_row_set(&w.ctx, PLAN_ELEMENTS, row), RG_OK);
    assert_int_equal(store_write_commit(&w.ctx), RG_OK);
    must_load(&counts);
    assert_int_equal(counts.n_kept, 1);
    assert_int_equal(counts.n_changed, 0);
    assert_int_equal(plan_world_read(&w.ctx, &world), RG_OK);
    assert_true(str_is(plan_world_element(&world, STR("nuovo/2"))->v[EL_TITLE],
                       "Ambiente, aria, acqua"));
    /* a pack that says something new of the row is heard */
    char text[4096];
    snprintf(text, sizeof(text), "%s", world_files[1][1]);
    memcpy(strstr(text, "Ambiente,"), "Natura  ,", 9);
    world_write(&w, "elements", text);
    must_load(&counts);
    assert_int_equal(counts.n_changed, 1);
    assert_int_equal(plan_world_read(&w.ctx, &world), RG_OK);
    assert_true(str_is(plan_world_element(&world, STR("nuovo/2"))->v[EL_TITLE], "Natura"));
}

static const char element_header[] =
    "plan,code,parent,level,title,alt_title,text,complete,competence,addressee,state,state_"
    "reason,"
    "departments,partners,territory,paradigms,pnrr_measure,deadline,note,source\n";

/* Load with these elements in the place of the good ones; must be refused with this sentence.
 */
static void
refused(const char *file, const char *text, const char *said)
{
    struct plan_load_counts counts = {0};
    struct plan_world world;
    world_write(&w, file, text);
    assert_int_equal(world_load(&w, &counts), RG_INVALID);
    if (!strstr(w.told, said))
        print_error("told: %s\nwanted: %s\n", w.told, said);
    assert_non_null(strstr(w.told, said));
    assert_true(counts.n_faults > 0);
    assert_int_equal(plan_world_read(&w.ctx, &world), RG_OK);
    assert_int_equal(world.t[PLAN_ELEMENTS].n, 0); /* all or nothing */
}

static const char *
elements(const char *rows)
{
    static char text[8192];
    snprintf(text, sizeof(text), "%s%s", element_header, rows);
    return text;
}

static void
bad_elements_are_named_with_line_field_and_remedy(void **state)
{
    (void)state;
    refused("elements",
            elements("nuovo,6,,axis,Salute,,,yes,,,,,,,,,,,,\n"
                     "nuovo,6,,axis,Sanità,,,yes,,,,,,,,,,,,\n"),
            "elements.csv:3: code: 6 c'è già (riga 2");
    refused("elements", elements("nuovo,6.1,6,strategy,Case,,,yes,,,,,,,,,,,,\n"),
            "elements.csv:2: parent: sopra non c'è 6 nel piano nuovo");
    refused("elements",
            elements("nuovo,6,6.1,axis,A,,,yes,,,,,,,,,,,,\n"
                     "nuovo,6.1,6,strategy,B,,,yes,,,,,,,,,,,,\n"),
            "parent: girano in tondo: ");
    refused("elements", elements("nuovo,6,,axis,A,,,yes,4,,,,,,,,,,,\n"),
            "elements.csv:2: competence: 4 non è un numero fra quelli ammessi (1–3)");
    refused("elements", elements("nuovo,6,,axis,A,,,yes,,,,,,,,,,2026-02-30,,\n"),
            "elements.csv:2: deadline: 2026-02-30 non è una data");
    refused("elements", elements("altro,6,,axis,A,,,forse,,,,,,,,,,,,\n"),
            "elements.csv:2: complete: forse non è fra i valori ammessi: yes, partial, no");
    assert_non_null(strstr(w.told, "elements.csv:2: plan: il piano altro non c'è"));
    refused("elements", elements("nuovo,6.1,,action,A,,,yes,,,,,,,,,,,,\n"),
            "parent: manca l'elemento che sta sopra");
    refused("elements", "plan,code\nnuovo,6\n", "elements.csv:1: title: la colonna manca");
    refused("elements", elements("nuovo,6,,axis,A\n"),
            "elements.csv:2: la riga non ha tante celle");
    refused("elements", "", "elements.csv:1: il file è vuoto");
}

static void
bad_references_are_all_told_at_once(void **state)
{
    (void)state;
    refused("links",
            "from,to,kind,reason,source\nnuovo/6,nuovo/9,affects,,\nnuovo/6,nuovo/6,ama,,\n",
            "links.csv:2: to: l'elemento nuovo/9 non c'è");
    assert_non_null(strstr(w.told, "links.csv:3: kind: ama non è fra i valori ammessi"));
    assert_non_null(strstr(w.told, "links.csv:3: to: nuovo/6 rimanda a sé stesso"));
    world_write(&w, "links", world_files[2][1]);
    refused("origins",
            "element,theme,contribution,how,note\nnuovo/6,t-niente,,answers,\n"
            "nuovo/6,,forum/9/9,answers,\nnuovo/6,,,answers,\n",
            "origins.csv:2: theme: il tema t-niente non c'è");
    assert_non_null(
        strstr(w.told, "origins.csv:3: contribution: il contributo forum/9/9 non c'è"));
    assert_non_null(strstr(w.told, "origins.csv:4: theme: manca da dove viene"));
    world_write(&w, "origins", world_files[3][1]);
    refused("adoptions",
            "element,area_code,state,act,day,source\nnuovo/6.1,999999,adopted,,,\n",
            "adoptions.csv:2: area_code: il comune 999999 non c'è");
}

static void
a_circle_of_dependencies_is_named(void **state)
{
    (void)state;
    refused("steps",
            "element,ord,code,title,owner,from_day,to_day,money_cents,fund,state,state_reason,"
            "needs,"
            "source\nnuovo/6.1,1,a,A,,,,,,,,c,\nnuovo/6.1,2,b,B,,,,,,,,a,\n"
            "nuovo/6.1,3,c,C,,2024-05,2024-01,dieci,,,,nuovo/6.1#b|z,\n",
            "needs: girano in tondo: ");
    assert_non_null(strstr(w.told, "a → c → b → a"));
    assert_non_null(strstr(w.told, "steps.csv:4: needs: il passo z non c'è"));
    assert_non_null(strstr(w.told, "steps.csv:4: money_cents: dieci non è un numero"));
    assert_non_null(strstr(w.told, "steps.csv:4: to_day: 2024-01 viene prima di 2024-05"));
}

static void
a_folder_of_garbage_is_refused(void **state)
{
    (void)state;
    struct plan_load_counts counts = {0};
    char garbage[4096];
    for (size_t i = 0; i < sizeof(garbage) - 1; i++)
        garbage[i] = (char)(1 + i * 7919 % 255);
    garbage[sizeof(garbage) - 1] = '\0';
    world_write(&w, "elements", garbage);
    assert_int_equal(world_load(&w, &counts), RG_INVALID);
    rg_story_clear(&w.ctx);
    assert_int_equal(plan_load(&w.ctx, "/tmp/regia-nowhere", NULL, NULL, &counts), RG_ABSENT);
}

/* ---- checks ---- */

static size_t
found(const struct plan_finding *findings, size_t n, const char *check, const char *code)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count +=
            strcmp(findings[i].check, check) == 0 && str_eq(findings[i].code, str_of(code));
    return count;
}

static void
the_thread_check_names_what_is_broken(void **state)
{
    (void)state;
    struct plan_load_counts counts;
    struct plan_finding *f;
    size_t n;
    must_load(&counts);
    assert_int_equal(plan_check_thread(&w.ctx, &f, &n), RG_OK);
    for (size_t i = 0; i < n; i++)
        assert_true(f[i].why.n > 10 && f[i].remedy.n > 10 && !has(f[i].why, "plan.check"));
    /* 2 comes from nowhere; 6 and 6.1 by what is under them; 6.2 by the voice that amends it */
    assert_int_equal(found(f, n, "element_no_origin", "nuovo/2"), 1);
    assert_int_equal(found(f, n, "element_no_origin", "nuovo/6"), 0);
    assert_int_equal(found(f, n, "element_no_origin", "nuovo/6.2"), 0);
    assert_int_equal(n, 1); /* every voice has its fate, 4 by a merged theme; duties are kept */
    world_sql(&w,
              "DELETE FROM plan_fate; DELETE FROM plan_amendment; DELETE FROM plan_adoption;"
              "DELETE FROM plan_objective; DELETE FROM plan_request;"
              "DELETE FROM listening_coding WHERE theme_id = 2;"
              "UPDATE plan_element SET addressee = '' WHERE code = '6.2'");
    assert_int_equal(plan_check_thread(&w.ctx, &f, &n), RG_OK);
    assert_int_equal(found(f, n, "element_no_origin", "nuovo/6.2"), 1);
    assert_int_equal(found(f, n, "theme_no_voice", "t-aria"), 1);
    assert_int_equal(found(f, n, "voice_no_fate", "forum/6/3"), 1);
    assert_int_equal(found(f, n, "level_1_no_kpi", "nuovo/6.1"), 1);
    assert_int_equal(found(f, n, "level_2_no_adoption", "nuovo/6.1.1"), 1);
    assert_int_equal(found(f, n, "level_3_no_addressee", "nuovo/6.2"), 1);
    assert_int_equal(found(f, n, "level_3_no_request", "nuovo/6.2"), 1);
    assert_int_equal(n, 8);
}

static void
the_plan_check_names_what_is_broken(void **state)
{
    (void)state;
    struct plan_load_counts counts;
    struct plan_finding *f;
    size_t n;
    RG_CLEANUP(rg_buf_done) struct rg_buf json;
    rg_buf_init(&json, 65536);
    must_load(&counts);
    assert_int_equal(plan_check_plan(&w.ctx, &f, &n), RG_OK);
    assert_int_equal(found(f, n, "objective_not_smart", "nuovo/6.2#1"), 1);
    assert_int_equal(found(f, n, "objective_not_smart", "nuovo/6.1#1"), 0);
    assert_int_equal(found(f, n, "request_unanswered", "r1"), 1);
    assert_int_equal(n, 2);
    plan_findings_json(&json, f, n);
    must_have(rg_buf_view(&json), "manca il traguardo");
    must_have(rg_buf_view(&json), "\"n\":2");
    w.ctx.now_s = 1767265200; /* January 2026: three months left, half a year needed */
    assert_int_equal(plan_check_plan(&w.ctx, &f, &n), RG_OK);
    assert_int_equal(found(f, n, "deadline_late", "pnrr"), 1);
    assert_int_equal(found(f, n, "step_late", "nuovo/6.1#b"), 1);
    w.ctx.now_s = 1775041200; /* April 2026 */
    assert_int_equal(plan_check_plan(&w.ctx, &f, &n), RG_OK);
    assert_int_equal(found(f, n, "deadline_past", "pnrr"), 1);
    world_sql(&w, "UPDATE plan_act SET quorum = 211;"
                  "UPDATE plan_link SET to_element = 'nuovo/77' WHERE to_element = 'nuovo/2';"
                  "UPDATE plan_step SET from_day = '2024-02' WHERE code = 'b'");
    assert_int_equal(plan_check_plan(&w.ctx, &f, &n), RG_OK);
    assert_int_equal(found(f, n, "act_no_quorum", "a1"), 1);
    assert_int_equal(found(f, n, "row", "nuovo/6"), 1);
    assert_int_equal(found(f, n, "step_before_need", "nuovo/6.1#b"), 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_was_loaded_comes_out_byte_for_byte),
        TEST(loading_twice_writes_nothing),
        TEST(what_people_changed_survives_the_pack),
        TEST(bad_elements_are_named_with_line_field_and_remedy),
        TEST(bad_references_are_all_told_at_once),
        TEST(a_circle_of_dependencies_is_named),
        TEST(a_folder_of_garbage_is_refused),
        TEST(the_thread_check_names_what_is_broken),
        TEST(the_plan_check_names_what_is_broken),
    };
    return world_run(tests);
}
