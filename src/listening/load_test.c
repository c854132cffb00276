/* Packs and documents: all of it or nothing, twice is once, out and in again the same bytes. */
#include "listening/test_pack.h"

static struct test_world w;
static struct listening_load_report report;

static int
set_up(void **state)
{
    (void)state;
    test_world_open(&w);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    test_world_close(&w);
    return 0;
}

static int64_t
head(void)
{
    int64_t seq;
    assert_int_equal(store_head(&w.ctx, &seq), RG_OK);
    return seq;
}

static void
loading_twice_writes_nothing_the_second_time(void **state)
{
    (void)state;
    test_pack_load(&w, &report);
    assert_int_equal(report.n_contributions, 8);
    assert_true(report.n_written > 40);
    int64_t before = head();
    test_pack_load(&w, &report);
    assert_int_equal(report.n_written, 0);
    assert_int_equal(head(), before);
}

static bool
noted(const char *field, const char *words)
{
    for (size_t i = 0; i < report.n_notes; i++)
        if (strcmp(report.notes[i].field, field) == 0 &&
            str_find(report.notes[i].text, str_of(words)) >= 0)
            return true;
    return false;
}

static void
six_of_the_125_sat_at_no_table_and_that_is_noted(void **state)
{
    (void)state;
    test_pack_load(&w, &report);
    assert_true(noted("n_present", "125"));
    assert_true(noted("n_present", "119"));
}

static void
folder_read(const char *folder, const char *name, struct rg_buf *out)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s.csv", folder, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    rg_buf_reset(out);
    char *room = rg_buf_room(out, 1 << 20);
    out->n = fread(room, 1, 1 << 20, f);
    fclose(f);
}

static void
what_is_exported_and_loaded_is_exported_the_same(void **state)
{
    (void)state;
    struct test_world other;
    char first[80], second[80];
    int64_t n_first, n_second;
    test_pack_load(&w, &report);
    snprintf(first, sizeof(first), "%s-out", w.folder);
    snprintf(second, sizeof(second), "%s-again", w.folder);
    assert_int_equal(listening_export(&w.ctx, first, &n_first), RG_OK);
    struct listening_load_report again;
    assert_int_equal(listening_load(&w.ctx, first, &again), RG_OK);
    assert_int_equal(again.n_written, 0);
    const char *kept = test_pgsql;
    test_pgsql = NULL;
    test_world_open(&other);
    test_pgsql = kept;
    assert_int_equal(listening_load(&other.ctx, first, &again), RG_OK);
    assert_int_equal(listening_export(&other.ctx, second, &n_second), RG_OK);
    assert_int_equal(n_first, n_second);
    struct rg_buf a, b;
    rg_buf_init(&a, 4 << 20);
    rg_buf_init(&b, 4 << 20);
    for (size_t i = 0; i < RG_COUNT(test_files); i++) {
        folder_read(first, test_files[i].name, &a);
        folder_read(second, test_files[i].name, &b);
        assert_true(str_eq(rg_buf_view(&a), rg_buf_view(&b)));
        if (!str_eq(rg_buf_view(&a), str_of(test_files[i].text)))
            print_error("%s:\n%.*s", test_files[i].name, STR_ARG(rg_buf_view(&a)));
        assert_true(str_eq(rg_buf_view(&a), str_of(test_files[i].text)));
    }
    rg_buf_done(&a);
    rg_buf_done(&b);
    test_world_close(&other);
    test_folder_clear(first);
    test_folder_clear(second);
}

static bool
told(const char *file, uint64_t line, const char *field, const char *words)
{
    for (size_t i = 0; i < report.n_problems; i++) {
        const struct listening_problem *p = &report.problems[i];
        if (str_find(p->file, str_of(file)) >= 0 && p->line == line &&
            strcmp(p->field, field) == 0 && str_find(p->text, str_of(words)) >= 0)
            return true;
    }
    print_error("not told: %s:%d %s %s\n", file, (int)line, field, words);
    return false;
}

static void
every_bad_cell_is_named_at_once_and_nothing_is_written(void **state)
{
    (void)state;
    test_file_put(w.folder, "agenda", ".csv",
                  STR("event,ord,starts,ends,kind,title,session\n"
                      "forum,1,9:30,10:00,welcome,Accesso,\n"
                      "forum,2,9:45,10:20,plenary,Introduzione,\n"
                      "forum,3,25:99,11:00,session,Ora storta,1\n"
                      "altrove,1,9:00,10:00,talk,Evento ignoto,\n"));
    test_file_put(
        w.folder, "tables", ".csv",
        STR("event,code,axis,title,room,capacity,n_present,merged_with,report,source\n"
            "forum,1,,Senza asse,,molti,,,,\n"
            "forum,a,1,Uno,,,,b,,\nforum,b,1,Due,,,,a,,\nforum,c,1,Tre,,,,,,\nforum,c,1,Tre,,,,"
            ",,\n"));
    test_file_put(w.folder, "themes", ".csv",
                  STR("code,axis,title,summary,parked,source,merged_into\n"
                      "x,,Se stesso,,0,,x\ny,,Giro,,0,,z\nz,,Giro,,forse,rapporto;3,y\n"
                      "3-auto,3,Auto,,0,ignoto:1-2,\n"));
    assert_int_equal(listening_load(&w.ctx, w.folder, &report), RG_INVALID);
    assert_true(told("agenda", 3, "starts", "Accesso"));
    assert_true(told("agenda", 4, "starts", "25:99"));
    assert_true(told("agenda", 5, "event", "altrove"));
    assert_true(told("tables", 2, "axis", ""));
    assert_true(told("tables", 2, "capacity", "molti"));
    assert_true(told("tables", 3, "merged_with", "b"));
    assert_true(told("tables", 6, "code", "c"));
    assert_true(told("themes", 2, "merged_into", "x"));
    assert_true(told("themes", 3, "merged_into", "z"));
    assert_true(told("themes", 4, "parked", "forse"));
    assert_true(told("themes", 4, "source", "rapporto;3"));
    assert_true(told("themes", 5, "source", "ignoto"));
    assert_true(told("contributions", 3, "themes", "t-regia"));
    assert_int_equal(head(), 0);
    assert_int_equal(report.n_written, 0);
}

static void
problems_have_a_bound_and_are_all_counted(void **state)
{
    (void)state;
    struct rg_buf many;
    rg_buf_init(&many, 1 << 20);
    rg_buf_lit(&many, "theme,code,title,text,source\n");
    for (int i = 0; i < 1000; i++)
        rg_buf_printf(&many, "nessuno,p%d,Titolo,,\n", i);
    test_file_put(w.folder, "positions", ".csv", rg_buf_view(&many));
    rg_buf_done(&many);
    assert_int_equal(listening_load(&w.ctx, w.folder, &report), RG_INVALID);
    assert_int_equal(report.n_problems, LISTENING_PROBLEMS_MAX);
    assert_true(report.n_problems_all >= 1000);
}

static void
a_changed_programme_gets_another_number(void **state)
{
    (void)state;
    test_pack_load(&w, &report);
    test_file_put(w.folder, "agenda", ".csv",
                  STR("event,ord,starts,ends,kind,title,session\n"
                      "forum,1,9:30,9:50,welcome,Accesso,\n"
                      "forum,2,9:50,10:20,plenary,Introduzione,\n"));
    test_pack_load(&w, &report);
    assert_int_equal(report.n_written, 5); /* two changed, three gone */
    struct store_change *changes;
    size_t n;
    assert_int_equal(store_history(&w.ctx, STR("listening_event"), 1, 0, 50, &changes, &n),
                     RG_OK);
    bool seen = false;
    for (size_t i = 0; i < n; i++) {
        const struct rg_jv *after;
        seen |= str_is(changes[i].entity, "listening_event") && str_is(changes[i].op, "u") &&
                rg_jv_parse(w.ctx.arena, changes[i].after, &after) &&
                rg_jv_i64(rg_jv_get(after, "rev"), 0) == 2;
    }
    assert_true(seen);
}

/* ---- documents ---- */

static enum rg_err
import(const char *name, struct listening_import *ret)
{
    char path[160];
    snprintf(path, sizeof(path), "%s/%s.txt", w.folder, name);
    rg_story_clear(&w.ctx);
    return listening_import_report(&w.ctx, path, STR("rapporto"), STR(""), ret);
}

static void
a_document_comes_with_its_lines_and_once(void **state)
{
    (void)state;
    struct listening_import done;
    test_pack_load(&w, &report);
    assert_int_equal(import("rapporto", &done), RG_OK);
    assert_int_equal(done.n_lines, 12);
    assert_int_equal(done.n_furniture, 1);
    assert_false(done.again);
    int64_t before = head();
    assert_int_equal(import("rapporto", &done), RG_OK);
    assert_true(done.again);
    assert_int_equal(head(), before);
    test_pack_load(&w, &report); /* the lines are there: 11 fits, and nothing changes */
    assert_int_equal(report.n_written, 0);
    test_file_put(
        w.folder, "contributions", ".csv",
        STR("code,event,table,session,interview,document,line_from,line_to,kind,text,"
            "quote,category,zone,area_code,territory,contests,parked,local_case,themes,"
            "tags\n"
            "x/1,,,,,rapporto,9,900,need,Oltre la fine,,,,,,,0,0,,\n"));
    assert_int_equal(listening_load(&w.ctx, w.folder, &report), RG_INVALID);
    assert_true(told("contributions", 2, "line_to", "12"));
}

static void
bad_documents_leave_nothing_and_say_why(void **state)
{
    (void)state;
    struct listening_import done;
    struct rg_buf garbage;
    test_file_put(w.folder, "nul", ".txt", STR("testo\nbin\0ario\n"));
    assert_int_equal(import("nul", &done), RG_INVALID);
    assert_string_equal(w.ctx.story.key, "listening.report.nul");
    test_file_put(w.folder, "latin", ".txt", STR("perch\xE9 no\n"));
    assert_int_equal(import("latin", &done), RG_INVALID);
    assert_string_equal(w.ctx.story.key, "listening.report.not_utf8");
    rg_buf_init(&garbage, 4 << 20);
    for (int i = 0; i < 200 * 50; i++) /* two hundred pages of it */
        rg_buf_lit(&garbage, "%&/()=?^*+[]{}#@;:-_<>|!$ 0123456789\n");
    test_file_put(w.folder, "garbage", ".txt", rg_buf_view(&garbage));
    rg_buf_done(&garbage);
    assert_int_equal(import("garbage", &done), RG_INVALID);
    assert_string_equal(w.ctx.story.key, "listening.report.garbage");
    assert_int_equal(import("manca", &done), RG_ABSENT);
    assert_int_equal(head(), 0);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(loading_twice_writes_nothing_the_second_time),
        CASE(six_of_the_125_sat_at_no_table_and_that_is_noted),
        CASE(what_is_exported_and_loaded_is_exported_the_same),
        CASE(every_bad_cell_is_named_at_once_and_nothing_is_written),
        CASE(problems_have_a_bound_and_are_all_counted),
        CASE(a_changed_programme_gets_another_number),
        CASE(a_document_comes_with_its_lines_and_once),
        CASE(bad_documents_leave_nothing_and_say_why),
    };
    return test_run(tests);
}
