#include "hsds_intake.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

/* ---- a sink that remembers ---- */

enum { RECORDS_MAX = 20000, PROBLEMS_MAX = 20000 };

struct heard {
    const char *key, *kind;
    struct str field, value;
    uint64_t line, count;
    enum intake_severity severity;
};

static struct rg_ctx ctx;
static struct intake_record records[RECORDS_MAX];
static struct heard problems[PROBLEMS_MAX];
static size_t n_records, n_problems;
static struct intake_counts counts;

static enum rg_err
take(void *user, struct rg_ctx *c, const struct intake_record *record)
{
    assert_true(n_records < RECORDS_MAX);
    struct intake_record *r = &records[n_records++];
    *r = *record;
    r->id = rg_arena_str(c->arena, record->id);
    r->doc = rg_arena_str(c->arena, record->doc);
    r->source_id = rg_arena_str(c->arena, record->source_id);
    r->name = rg_arena_str(c->arena, record->name);
    r->organization_id = rg_arena_str(c->arena, record->organization_id);
    r->service_id = rg_arena_str(c->arena, record->service_id);
    r->location_id = rg_arena_str(c->arena, record->location_id);
    return RG_OK;
}

static enum rg_err
hear(void *user, struct rg_ctx *c, const struct intake_problem *p)
{
    assert_true(n_problems < PROBLEMS_MAX);
    problems[n_problems++] = (struct heard){p->key,
                                            p->kind,
                                            rg_arena_str(c->arena, p->field),
                                            rg_arena_str(c->arena, p->value),
                                            p->line,
                                            p->count,
                                            p->severity};
    return RG_OK;
}

static const struct intake_sink sink = {.record = take, .problem = hear};
static const struct intake_options options = {.source = STR("test")};

static int
begin(void **state)
{
    n_records = n_problems = 0;
    return rg_ctx_init(&ctx, 512 << 20) == RG_OK ? 0 : -1;
}

static int
end(void **state)
{
    rg_ctx_done(&ctx);
    return 0;
}

static void
read_json(const char *json)
{
    assert_int_equal(intake_json(&ctx, &options, "test.json", str_of(json), &sink, &counts),
                     RG_OK);
}

static uint64_t
heard(const char *key, const char *kind, const char *field)
{
    uint64_t n = 0;
    for (size_t i = 0; i < n_problems; i++)
        if (strcmp(problems[i].key + strlen("network.intake_"), key) == 0 &&
            (!kind || strcmp(problems[i].kind, kind) == 0) &&
            (!field || str_eq(problems[i].field, str_of(field))))
            n += problems[i].count;
    return n;
}

static const struct intake_record *
record_of(enum hsds_type type, struct str id)
{
    for (size_t i = n_records; i > 0; i--)
        if (records[i - 1].type == type && str_eq(records[i - 1].id, id))
            return &records[i - 1];
    return NULL;
}

static const struct rg_jv *
doc_of(const struct intake_record *record)
{
    const struct rg_jv *root;
    assert_true(rg_jv_parse(ctx.arena, record->doc, &root));
    return root;
}

static struct str
member(const struct intake_record *record, const char *key)
{
    return rg_jv_get_str(ctx.arena, doc_of(record), key);
}

static void
assert_member(const struct intake_record *record, const char *key, const char *value)
{
    assert_string_equal(rg_arena_cstr(ctx.arena, member(record, key)), value);
}

static const struct intake_record *
only(enum hsds_type type)
{
    const struct intake_record *found = NULL;
    for (size_t i = 0; i < n_records; i++)
        if (records[i].type == type) {
            assert_null(found);
            found = &records[i];
        }
    assert_non_null(found);
    return found;
}

/* The shared folder of reference data, or NULL where this machine has none. */
static const char *
shared(const char *path)
{
    const char *base = getenv("REGIA_SHARED");
    const char *full = rg_arena_printf(ctx.arena, "%s/%s", base ? base : "../shared", path);
    if (access(full, R_OK) != 0) {
        print_message("skipped: %s is not here (set REGIA_SHARED)\n", full);
        return NULL;
    }
    return full;
}

/* ---- nothing is lost: every member of the source stands somewhere in what came out ---- */

static void assert_held(const struct rg_jv *source, const struct rg_jv *out, const char *at);

static const struct rg_jv *
part_held(const struct rg_jv *part)
{
    struct str id = rg_jv_get_str(ctx.arena, part, "id");
    for (int t = 0; id.p && t < HSDS_AGGREGATE__MAX; t++) {
        const struct intake_record *r = record_of((enum hsds_type)t, id);
        if (r)
            return doc_of(r);
    }
    return NULL;
}

static void
assert_parted(const struct rg_jv *value, const char *at)
{
    if (value->kind == RG_JV_ARRAY) {
        const struct rg_jv *v = rg_jv_first(value);
        for (uint32_t i = 0; i < value->n; i++, v = rg_jv_next(v))
            assert_parted(v, at);
        return;
    }
    const struct rg_jv *part = part_held(value);
    if (!part)
        fail_msg("lost: %s", at);
    assert_held(value, part, at);
}

static void
assert_held(const struct rg_jv *source, const struct rg_jv *out, const char *at)
{
    assert_int_equal(source->kind, out->kind);
    if (source->kind == RG_JV_OBJECT) {
        const struct rg_jv *key = rg_jv_first(source);
        for (uint32_t i = 0; i < source->n; i++) {
            const char *name = rg_arena_cstr(ctx.arena, key->text);
            const struct rg_jv *value = rg_jv_next(key), *there = rg_jv_get(out, name);
            const char *path = rg_arena_printf(ctx.arena, "%s.%s", at, name);
            if (there)
                assert_held(value, there, path);
            else
                assert_parted(value, path);
            key = rg_jv_next(value);
        }
    } else if (source->kind == RG_JV_ARRAY) {
        assert_int_equal(source->n, out->n);
        const struct rg_jv *a = rg_jv_first(source), *b = rg_jv_first(out);
        for (uint32_t i = 0; i < source->n; i++, a = rg_jv_next(a), b = rg_jv_next(b))
            assert_held(a, b, at);
    } else {
        struct str a = rg_jv_str(ctx.arena, source), b = rg_jv_str(ctx.arena, out);
        if (!str_eq(a, b))
            fail_msg("%s: %.*s became %.*s", at, STR_ARG(a), STR_ARG(b));
    }
}

static struct str
slurp(const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *p = rg_arena_alloc(ctx.arena, 4 << 20);
    size_t n = fread(p, 1, 4 << 20, f);
    fclose(f);
    return str_n(p, n);
}

/* What came out, written down and read again, is itself: the fullest form of each record. */
static void
assert_settled(void)
{
    static struct str docs[RECORDS_MAX];
    struct rg_buf lines RG_CLEANUP(rg_buf_done) = {0};
    rg_buf_init(&lines, 64 << 20);
    size_t n = 0;
    for (size_t i = 0; i < n_records; i++) {
        const struct intake_record *r = &records[i];
        bool last = true;
        for (size_t k = i + 1; last && k < n_records; k++)
            last = !(records[k].again && records[k].type == r->type &&
                     str_eq(records[k].id, r->id));
        if (!last)
            continue;
        docs[n++] = r->doc;
        rg_buf_printf(&lines, "{\"%s\":%.*s}\n", hsds_type_name(r->type), STR_ARG(r->doc));
    }
    n_records = n_problems = 0;
    assert_int_equal(intake_json(&ctx, &options, "again.ndjson", rg_buf_view(&lines), &sink,
                                 &counts), RG_OK);
    assert_int_equal(n_records, n);
    for (size_t i = 0; i < n; i++)
        if (!str_eq(records[i].doc, docs[i]))
            fail_msg("became\n%.*s\n%.*s", STR_ARG(docs[i]), STR_ARG(records[i].doc));
    for (size_t i = 0; i < n_problems; i++)
        if (problems[i].severity != INTAKE_NOTED)
            fail_msg("again: %s %s %.*s: %.*s", problems[i].key, problems[i].kind,
                     STR_ARG(problems[i].field), STR_ARG(problems[i].value));
}

static void
official_examples_come_through_without_loss(void **state)
{
    static const char *const files[] = {
        "service_full", "organization_full", "service_at_location_full",
        "location",     "taxonomy_term",     "taxonomy"};
    for (size_t i = 0; i < RG_COUNT(files); i++) {
        const char *path =
            shared(rg_arena_printf(ctx.arena, "hsds/3.1/examples/%s.json", files[i]));
        if (!path)
            skip();
        n_records = n_problems = 0;
        assert_int_equal(intake_path(&ctx, &options, path, &sink, &counts), RG_OK);
        const struct rg_jv *root;
        assert_true(rg_jv_parse(ctx.arena, slurp(path), &root));
        assert_parted(root, files[i]);
        assert_int_equal(counts.problems[INTAKE_REPAIRED], 0);
        assert_int_equal(counts.problems[INTAKE_REJECTED], 0);
        /* what is noted is wrong in the examples themselves: latitude 100, absent parents */
        assert_int_equal(counts.problems[INTAKE_NOTED],
                         heard("coordinates", NULL, NULL) + heard("dangling", NULL, NULL));
        assert_settled();
    }
}

static void
official_csv_comes_through_but_for_rows_that_have_no_owner(void **state)
{
    const char *path = shared("hsds/3.1/examples/csv");
    if (!path)
        skip();
    assert_int_equal(intake_path(&ctx, &options, path, &sink, &counts), RG_OK);
    for (int t = 0; t < HSDS_AGGREGATE__MAX; t++)
        assert_int_equal(counts.records[t], 1);
    assert_int_equal(counts.problems[INTAKE_REPAIRED], 0);
    assert_int_equal(counts.problems[INTAKE_REJECTED], 4);
    assert_int_equal(heard("orphan", NULL, NULL), 4);
    const struct rg_jv *service = doc_of(only(HSDS_SERVICE));
    assert_int_equal(rg_jv_get(service, "phones")->n, 1);
    assert_int_equal(rg_jv_get(service, "schedules")->n, 1);
    assert_int_equal(rg_jv_get(service, "cost_options")->n, 1);
    const struct rg_jv *contact = rg_jv_first(rg_jv_get(service, "contacts"));
    const struct rg_jv *phone = rg_jv_first(rg_jv_get(contact, "phones"));
    assert_int_equal(rg_jv_get(phone, "languages")->n, 1);
}

static void
washington_comes_in_whole_with_its_defects_counted(void **state)
{
    const char *path = shared("data/hsds-real/dc-orservices");
    if (!path)
        skip();
    assert_int_equal(intake_path(&ctx, &options, path, &sink, &counts), RG_OK);
    assert_int_equal(counts.records[HSDS_ORGANIZATION], 399);
    assert_int_equal(counts.records[HSDS_SERVICE], 1656);
    assert_int_equal(counts.records[HSDS_LOCATION], 1197);
    assert_int_equal(counts.records[HSDS_TAXONOMY_TERM], 485);
    assert_int_equal(counts.records[HSDS_PROGRAM], 141);
    /* 2,107 rows, and 25 pairs that only services.csv names */
    assert_int_equal(counts.records[HSDS_SERVICE_AT_LOCATION], 2107 + 25);
    assert_int_equal(heard("status_missing", "service", "status"), 607);
    /* 19 services without an organization that exists: 17 name none, one names an absent one,
     * one names two */
    assert_int_equal(heard("no_organization", "service", NULL), 17);
    assert_int_equal(heard("dangling", "service", "organization_id"), 1);
    assert_int_equal(heard("list_ids", "service", "organization_id"), 1);
    assert_int_equal(heard("orphan", "address", NULL), 8);
    assert_int_equal(heard("ids_derived", "service", "id"), 1656);
    assert_settled();
}

static void
the_harvest_is_read_line_by_line_and_a_bad_line_costs_only_itself(void **state)
{
    const char *path = shared("data/hsds-real/haarrrvest/results.ndjson");
    if (!path)
        skip();
    assert_int_equal(intake_path(&ctx, &options, path, &sink, &counts), RG_OK);
    assert_int_equal(counts.elements, 949);
    assert_int_equal(heard("not_object", NULL, "hsds"), 38);
    assert_true(counts.records[HSDS_ORGANIZATION] >= 880);
    assert_true(counts.records[HSDS_SERVICE] >= 866);
    assert_settled();
}

static void
the_same_source_gives_the_same_ids_again(void **state)
{
    const char *json = "{\"id\":\"org-1\",\"name\":\"Ente\",\"description\":\"d\","
                       "\"phones\":[{\"number\":\"011 1\"}]}";
    read_json(json);
    read_json(json);
    assert_int_equal(n_records, 2);
    assert_true(str_eq(records[0].doc, records[1].doc));
    assert_true(str_is(records[0].source_id, "org-1"));
    assert_int_equal(records[0].id.p[14], '8'); /* the version of our own making */
    struct intake_options other = {.source = STR("other")};
    assert_int_equal(intake_json(&ctx, &other, "t", str_of(json), &sink, &counts), RG_OK);
    assert_false(str_eq(records[0].id, records[2].id));
}

static void
a_nested_service_comes_apart_and_keeps_its_links(void **state)
{
    read_json("{\"id\":\"ac148810-d857-441c-9679-408f346de14b\",\"name\":\"Mensa\","
              "\"status\":\"active\",\"organization\":{\"id\":\"o\",\"name\":\"Ente\","
              "\"description\":\"\"},\"service_at_locations\":[{\"id\":\"x\",\"location\":"
              "{\"id\":\"l\",\"location_type\":\"physical\",\"latitude\":\"45.0703000\","
              "\"longitude\":7.6868}}]}");
    const struct intake_record *service = only(HSDS_SERVICE),
                               *link = only(HSDS_SERVICE_AT_LOCATION);
    assert_true(str_eq(service->organization_id, only(HSDS_ORGANIZATION)->id));
    assert_true(str_eq(link->service_id, service->id));
    assert_true(str_eq(link->location_id, only(HSDS_LOCATION)->id));
    const struct rg_jv *latitude = rg_jv_get(doc_of(only(HSDS_LOCATION)), "latitude");
    assert_int_equal(latitude->kind, RG_JV_NUMBER);
    assert_true(str_is(latitude->text, "45.0703000")); /* every digit as given */
    assert_int_equal(heard("dangling", NULL, NULL), 0);
}

static void
older_versions_are_renamed(void **state)
{
    read_json(
        "{\"organizations\":[{\"id\":\"1\",\"name\":\"E\",\"description\":\"d\","
        "\"url\":\"www.ente.it\"}],\"services\":[{\"id\":\"2\",\"organization_id\":\"1\","
        "\"name\":\"S\",\"status\":\"Active\",\"fees\":\"gratis\",\"eligibility\":\"tutti\","
        "\"regular_schedule\":[{\"weekday\":\"Monday\",\"opens_at\":\"9:00AM\","
        "\"closes_at\":\"12:00\"}]}],\"locations\":[{\"id\":\"3\",\"physical_addresses\":"
        "[{\"address_1\":\"via Po 1\",\"city\":\"Torino\"}]}]}");
    const struct intake_record *service = only(HSDS_SERVICE);
    assert_member(only(HSDS_ORGANIZATION), "website", "http://www.ente.it");
    assert_member(only(HSDS_ORGANIZATION), "website_as_received", "www.ente.it");
    assert_member(service, "status", "active");
    assert_member(service, "fees_description", "gratis");
    assert_member(service, "eligibility_description", "tutti");
    const struct rg_jv *s = rg_jv_first(rg_jv_get(doc_of(service), "schedules"));
    assert_true(str_is(rg_jv_get(s, "byday")->text, "MO"));
    assert_true(str_is(rg_jv_get(s, "freq")->text, "WEEKLY"));
    assert_true(str_is(rg_jv_get(s, "opens_at")->text, "09:00"));
    const struct rg_jv *a = rg_jv_first(rg_jv_get(doc_of(only(HSDS_LOCATION)), "addresses"));
    assert_true(str_is(rg_jv_get(a, "address_type")->text, "physical"));
    assert_true(str_is(rg_jv_get(a, "country")->text, ""));
}

static void
what_cannot_stand_in_its_field_is_kept_beside_it(void **state)
{
    read_json("{\"id\":\"2\",\"name\":\"S\",\"status\":\"boh\",\"email\":\"nessuna\","
              "\"url\":\"vedi sito\",\"minimum_age\":\"dodici\",\"organization_id\":\"o\","
              "\"colore\":\"rosso\"}");
    const struct intake_record *service = only(HSDS_SERVICE);
    assert_member(service, "status", "active");
    assert_member(service, "status_as_received", "boh");
    assert_member(service, "email_as_received", "nessuna");
    assert_member(service, "url_as_received", "vedi sito");
    assert_member(service, "minimum_age_as_received", "dodici");
    assert_member(service, "colore", "rosso");
    assert_null(member(service, "email").p);
    assert_int_equal(heard("value", "service", NULL), 4);
    assert_int_equal(heard("status_missing", NULL, NULL), 0);
    assert_int_equal(heard("dangling", "service", "organization_id"), 1);
}

static void
records_without_a_name_and_second_copies_are_refused_with_their_line(void **state)
{
    read_json(
        "[\n{\"id\":\"1\",\"name\":\"A\",\"description\":\"\",\"website\":\"http://a.it\"},\n"
        "{\"id\":\"1\",\"name\":\"A\",\"description\":\"\",\"website\":\"http://a.it\"},\n"
        "{\"id\":\"1\",\"name\":\"B\",\"description\":\"\"},\n"
        "{\"id\":\"2\",\"status\":\"active\"},\n 7\n]");
    assert_int_equal(counts.records[HSDS_ORGANIZATION], 1);
    assert_int_equal(heard("duplicate_same", "organization", "id"), 1);
    assert_int_equal(heard("duplicate", "organization", "id"), 1);
    assert_int_equal(heard("no_name", "service", "name"), 1);
    assert_int_equal(heard("not_object", NULL, NULL), 1);
    for (size_t i = 0; i < n_problems; i++) {
        if (strstr(problems[i].key, "no_name"))
            assert_int_equal(problems[i].line, 5);
        if (strstr(problems[i].key, "not_object"))
            assert_int_equal(problems[i].line, 6);
    }
}

static void
a_page_is_streamed_and_broken_json_is_explained(void **state)
{
    read_json(
        "{\"total_items\":2,\"contents\":[{\"id\":\"a\",\"name\":\"A\",\"status\":"
        "\"active\"},{\"id\":\"b\",\"name\":\"B\",\"status\":\"active\"}],\"empty\":false}");
    assert_int_equal(counts.records[HSDS_SERVICE], 2);
    read_json("{\"id\":\"a\",\"name\":");
    assert_int_equal(heard("not_json", NULL, NULL), 1);
    read_json("");
    read_json("[");
    assert_int_equal(n_records, 2);
}

static void
bytes_that_are_no_text_are_replaced(void **state)
{
    read_json("{\"id\":\"a\",\"name\":\"Caff\xE8\",\"description\":\"\"}");
    assert_member(only(HSDS_ORGANIZATION), "name", "Caff\xEF\xBF\xBD");
    assert_int_equal(heard("utf8", NULL, NULL), 1);
}

static void
a_schedule_with_many_times_becomes_many_schedules(void **state)
{
    read_json(
        "{\"id\":\"s\",\"name\":\"S\",\"status\":\"active\",\"schedules\":[{\"id\":\"h\","
        "\"days\":[\"MO\",\"FR\"],\"times\":[{\"start_time\":\"09:00\",\"end_time\":"
        "\"12:00\"},{\"start_time\":\"15:00\",\"end_time\":\"18:00\",\"days\":[\"FR\"]}]}]}");
    const struct rg_jv *list = rg_jv_get(doc_of(only(HSDS_SERVICE)), "schedules");
    assert_int_equal(list->n, 2);
    const struct rg_jv *first = rg_jv_first(list), *second = rg_jv_next(first);
    assert_true(str_is(rg_jv_get(first, "byday")->text, "MO,FR"));
    assert_true(str_is(rg_jv_get(second, "byday")->text, "FR"));
    assert_true(str_is(rg_jv_get(second, "opens_at")->text, "15:00"));
    assert_false(str_eq(rg_jv_get(first, "id")->text, rg_jv_get(second, "id")->text));
}

static void
tables_of_the_orservices_exporter_find_their_children(void **state)
{
    struct intake_table tables[] = {
        {"services.csv",
         STR("service_recordid,service_name,service_organization,service_locations,"
             "service_phones,service_taxonomy\n1,Mensa,7,\"20,21\",30,40\n")},
        {"organizations.csv", STR("id,name,description,url\n7,Ente,,www.ente.it\n")},
        {"locations.csv", STR("id,name,latitude,longitude\n20,A,45.07,7.68\n21,B,0,0\n")},
        {"services_at_location.csv", STR("id,service_id,location_id\n5,1,20\n6,1,99\n")},
        {"phones.csv", STR("id,location_id,service_id,number\n30,20,,011 1\n31,,1,011 2\n"
                           "32,98,,011 3\n")},
        {"service_attributes.csv", STR("id,service_id,taxonomy_term_id\n1,1,40\n")},
    };
    assert_int_equal(intake_tables(&ctx, &options, tables, RG_COUNT(tables), &sink, &counts),
                     RG_OK);
    assert_int_equal(counts.records[HSDS_SERVICE_AT_LOCATION], 3); /* 20, 99, and 21 paired */
    const struct rg_jv *service = doc_of(only(HSDS_SERVICE));
    assert_int_equal(rg_jv_get(service, "phones")->n, 2);
    assert_int_equal(rg_jv_get(service, "attributes")->n, 1);
    assert_int_equal(heard("orphan", "phone", "id"), 1);
    assert_int_equal(heard("dangling", "service_at_location", "location_id"), 1);
    assert_int_equal(heard("coordinates", "location", NULL), 1);
    struct intake_table none = {"notes.csv", STR("a,b\n1,2\n")};
    assert_int_equal(intake_tables(&ctx, &options, &none, 1, &sink, &counts), RG_INVALID);
    rg_story_clear(&ctx);
}

static void
an_allocation_that_fails_anywhere_is_an_answer_not_a_crash(void **state)
{
    static const char json[] =
        "{\"id\":\"s\",\"name\":\"S\",\"status\":\"active\",\"phones\":"
        "[{\"number\":\"1\"}],\"organization\":{\"id\":\"o\",\"name\":\"O\"}}";
    unsigned n_refused = 0;
    for (long n = 1; n < 400; n++) {
        n_records = n_problems = 0;
        rg_alloc_fail_after(n);
        enum rg_err err = intake_json(&ctx, &options, "t", str_of(json), &sink, &counts);
        rg_alloc_fail_after(0);
        n_refused += err != RG_OK || n_records < 2;
        rg_story_clear(&ctx);
    }
    assert_true(n_refused > 10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(official_examples_come_through_without_loss),
        TEST(official_csv_comes_through_but_for_rows_that_have_no_owner),
        TEST(washington_comes_in_whole_with_its_defects_counted),
        TEST(the_harvest_is_read_line_by_line_and_a_bad_line_costs_only_itself),
        TEST(the_same_source_gives_the_same_ids_again),
        TEST(a_nested_service_comes_apart_and_keeps_its_links),
        TEST(older_versions_are_renamed),
        TEST(what_cannot_stand_in_its_field_is_kept_beside_it),
        TEST(records_without_a_name_and_second_copies_are_refused_with_their_line),
        TEST(a_page_is_streamed_and_broken_json_is_explained),
        TEST(bytes_that_are_no_text_are_replaced),
        TEST(a_schedule_with_many_times_becomes_many_schedules),
        TEST(tables_of_the_orservices_exporter_find_their_children),
        TEST(an_allocation_that_fails_anywhere_is_an_answer_not_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
