#include "hsds_intake.h"
#include "hsds_rows.h"
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

/* ---- what came out comes in again as it is, from ndjson and from tables ---- */

/* The fullest form of each record: those that another came after are left out. */
static size_t
fullest(struct intake_record *out)
{
    size_t n = 0;
    for (size_t i = 0; i < n_records; i++) {
        const struct intake_record *r = &records[i];
        bool last = true;
        for (size_t k = i + 1; last && k < n_records; k++)
            last = !(records[k].again && records[k].type == r->type &&
                     str_eq(records[k].id, r->id));
        if (last)
            out[n++] = *r;
    }
    return n;
}

static void
assert_same(const struct intake_record *before, size_t n)
{
    assert_int_equal(n_records, n);
    for (size_t i = 0; i < n; i++) {
        const struct intake_record *r = record_of(before[i].type, before[i].id);
        struct str was = before[i].doc, is = r ? r->doc : STR("nothing");
        size_t at = 0; /* where they part, and a little before */
        while (at < was.n && at < is.n && was.p[at] == is.p[at])
            at++;
        at = at > 60 ? at - 60 : 0;
        if (!str_eq(was, is))
            fail_msg("…%.*s\nbecame\n…%.*s", (int)(was.n - at), was.p + at,
                     (int)(is.n > at ? is.n - at : 0), is.p + at);
    }
    for (size_t i = 0; i < n_problems; i++)
        if (problems[i].severity != INTAKE_NOTED)
            fail_msg("again: %s %s %.*s: %.*s", problems[i].key, problems[i].kind,
                     STR_ARG(problems[i].field), STR_ARG(problems[i].value));
    n_records = n_problems = 0;
}

static struct rg_buf tables_out[HSDS_TYPE__MAX];

static enum rg_err
put_row(void *user, enum hsds_type table, struct str line)
{
    if (tables_out[table].n == 0)
        hsds_rows_header(&tables_out[table], table);
    rg_buf_str(&tables_out[table], line);
    return RG_OK;
}

static int
by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Ids of a table are its key. */
static void
assert_ids_differ(enum hsds_type type)
{
    struct rg_csv csv;
    struct str *ids = RG_ARRAY(ctx.arena, struct str, RECORDS_MAX * 2);
    size_t n = 0;
    rg_csv_init(&csv, rg_buf_view(&tables_out[type]));
    assert_true(rg_csv_next(&csv));
    while (rg_csv_next(&csv)) {
        assert_true(n < RECORDS_MAX * 2);
        ids[n++] = rg_arena_str(ctx.arena, csv.fields[0]);
    }
    rg_csv_done(&csv);
    qsort(ids, n, sizeof(*ids), by_text);
    for (size_t i = 1; i < n; i++)
        if (str_eq(ids[i - 1], ids[i]))
            fail_msg("%s: %.*s stands twice", hsds_type_name(type), STR_ARG(ids[i]));
}

static void
assert_settled_in_tables(const struct intake_record *before, size_t n)
{
    struct hsds_rows rows;
    struct intake_table tables[HSDS_TYPE__MAX];
    size_t n_tables = 0;
    hsds_rows_init(&rows, &ctx);
    rows.row = put_row;
    for (int t = 0; t < HSDS_TYPE__MAX; t++)
        rg_buf_init(&tables_out[t], 64 << 20);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(hsds_rows_put(&rows, before[i].type, before[i].doc), RG_OK);
    for (int t = 0; t < HSDS_TYPE__MAX; t++)
        if (tables_out[t].n > 0)
            tables[n_tables++] = (struct intake_table){
                rg_arena_printf(ctx.arena, "%s.csv", hsds_models[t].file),
                rg_buf_view(&tables_out[t])};
    if (n_tables > 0) {
        assert_int_equal(intake_tables(&ctx, &options, tables, n_tables, &sink, &counts), RG_OK);
        assert_same(before, n);
    }
    for (int t = 0; t < HSDS_TYPE__MAX; t++) {
        if (tables_out[t].n > 0)
            assert_ids_differ((enum hsds_type)t);
        rg_buf_done(&tables_out[t]);
    }
    hsds_rows_done(&rows);
}

static void
assert_settled(void)
{
    static struct intake_record before[RECORDS_MAX];
    size_t n = fullest(before);
    struct rg_buf lines RG_CLEANUP(rg_buf_done) = {0};
    rg_buf_init(&lines, 64 << 20);
    for (size_t i = 0; i < n; i++)
        rg_buf_printf(&lines, "{\"%s\":%.*s}\n", hsds_type_name(before[i].type),
                      STR_ARG(before[i].doc));
    n_records = n_problems = 0;
    assert_int_equal(intake_json(&ctx, &options, "again.ndjson", rg_buf_view(&lines), &sink,
                                 &counts), RG_OK);
    assert_same(before, n);
    assert_settled_in_tables(before, n);
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

/* Everything a table has no place for, and everything that would stand twice in one. */
static const char hardest[] = /* ' stands for " */
    "{'organizations':[{'id':'o','name':'E \\'x\\', y; z\\u0001\\u0000\\r\\n·','description':'',"
    "'colore':{'a':[1,2.50,null,true]},'regia_more':'mine','contacts':[{'id':'c','name':'N',"
    "'phones':[{'id':'p','number':'1','languages':[{'id':'l','name':'it','attributes':[{'id':'a',"
    "'taxonomy_term_id':'t','metadata':[{'id':'m','last_action_date':'2026-01-01',"
    "'last_action_type':'update','field_name':'value','previous_value':'',"
    "'replacement_value':' ','updated_by':'x'}]}]}]}]}],"
    "'phones':[{'id':'p','number':'2','organization_id':'o','service_id':'s'},"
    "{'id':'q','number':'3','extension':1.50,'type':' '}]}],"
    "'services':[{'id':'s','organization_id':'o','name':'S','status':'active',"
    "'phones':[{'id':'p','number':'2'}],'capacities':["
    "{'id':'k1','unit':{'id':'u','name':'posti'},'available':1,'updated':'2026-01-01T00:00:00Z'},"
    "{'id':'k2','unit':{'id':'u','name':'posti'},'available':2,'updated':'2026-01-01T00:00:00Z'},"
    "{'id':'k3','unit':{'id':'u','name':'letti'},'available':3,'updated':'2026-01-01T00:00:00Z'},"
    "{'id':'k4','unit_id':'u','unit':{'id':'u','name':'letti'},'available':4,"
    "'updated':'2026-01-01T00:00:00Z'}]}],"
    "'locations':[{'id':'w','location_type':'physical','latitude':45.0703000,'longitude':7,"
    "'addresses':[{'id':'d','address_1':'via Po','city':'Torino','state_province':'TO',"
    "'postal_code':'','country':''}]}],"
    "'taxonomies':[{'id':'x','name':'X','description':'','metadata':[{'id':'m',"
    "'last_action_date':'2026-01-01','last_action_type':'create','field_name':'name',"
    "'previous_value':'a','replacement_value':'b','updated_by':'x','resource_type':'taxonomy'}]}]}";

static void
the_hardest_record_goes_through_tables_and_back(void **state)
{
    char *json = rg_arena_alloc(ctx.arena, sizeof(hardest));
    for (size_t i = 0; i < sizeof(hardest); i++)
        json[i] = hardest[i] == '\'' ? '"' : hardest[i];
    read_json(json);
    assert_int_equal(n_records, 4);
    assert_int_equal(rg_jv_get(doc_of(only(HSDS_SERVICE)), "capacities")->n, 4);
    assert_settled();
}

/* What the schema nests, its tables can tell. */
static void
every_child_has_a_column_for_each_of_its_owners(void **state)
{
    for (int owner = 0; owner < HSDS_TYPE__MAX; owner++)
        for (size_t i = 0; i < hsds_models[owner].n; i++) {
            const struct hsds_property *p = &hsds_models[owner].properties[i];
            if (p->form != HSDS_MANY || p->type < HSDS_AGGREGATE__MAX)
                continue;
            enum hsds_type child = (enum hsds_type)p->type;
            const char *column = hsds_owner_column((enum hsds_type)owner, child);
            if (!column)
                fail_msg("%s of %s", p->name, hsds_models[owner].name);
            const struct hsds_property *names = hsds_property_find(child, str_of(column));
            assert_true(names && hsds_is_column(names) && hsds_is_owner_column(child, names));
        }
}

/* A cell that was tampered with costs itself alone, and is told. */
static void
more_that_is_no_json_is_kept_and_told(void **state)
{
    struct intake_table tables[] = {
        {"organizations.csv", STR("id,name,description,regia_more\n1,A,,{\"x\":1}\n2,B,,{\"x\":\n"
                                  "3,C,,[1]\n4,D\n")},
    };
    assert_int_equal(intake_tables(&ctx, &options, tables, 1, &sink, &counts), RG_OK);
    assert_int_equal(counts.records[HSDS_ORGANIZATION], 4);
    assert_int_equal(heard("value", "organization", "regia_more"), 2);
    assert_member(&records[1], "regia_more", "{\"x\":");
    assert_true(str_is(rg_jv_get(doc_of(&records[0]), "x")->text, "1"));
}

/* ---- archives ---- */

struct packed {
    const char *name, *text;
};

static enum rg_err
read_zip(const struct packed *files, size_t n, size_t cut)
{
    char path[] = "/tmp/regia-intake-XXXXXX", part[64];
    struct rg_zip_out *zip;
    struct rg_buf bytes;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(rg_zip_new(path, &zip), RG_ZIP_OK);
    for (size_t i = 0; i < n; i++) {
        snprintf(part, sizeof(part), "%s.%zu", path, i);
        FILE *f = fopen(part, "wb");
        assert_non_null(f);
        fputs(files[i].text, f);
        fclose(f);
        assert_int_equal(rg_zip_add_file(zip, files[i].name, part), RG_ZIP_OK);
    }
    assert_int_equal(rg_zip_finish(zip, NULL), RG_ZIP_OK);
    rg_zip_drop(zip);
    for (size_t i = 0; i < n; i++) {
        snprintf(part, sizeof(part), "%s.%zu", path, i);
        unlink(part);
    }
    assert_int_equal(rg_file_read(path, 1 << 20, &bytes, NULL), RG_FILE_READ);
    unlink(path);
    struct str whole = rg_buf_view(&bytes);
    enum rg_err err = intake_zip(&ctx, &options, "prova.zip",
                                 str_n(whole.p, whole.n > cut ? whole.n - cut : 0), &sink,
                                 &counts);
    rg_buf_done(&bytes);
    return err;
}

static void
an_archive_gives_its_tables_or_its_one_json_file(void **state)
{
    static const struct packed tables[] = {
        {"dati/datapackage.json", "{}"},
        {"dati/organizations.csv", "id,name,description\n1,Ente,d\n"},
        {"dati/phones.csv", "id,organization_id,number\n1,1,011 1\n"},
        {"__MACOSX/dati/organizations.csv", "\1\2\3"},
        {"dati/.services.csv", "\1\2\3"},
        {"dati/leggimi.txt", "…"},
        {"dati/altro.json", "{}"},
    };
    assert_int_equal(read_zip(tables, RG_COUNT(tables), 0), RG_OK);
    assert_int_equal(rg_jv_get(doc_of(only(HSDS_ORGANIZATION)), "phones")->n, 1);
    assert_int_equal(heard("unknown_file", NULL, NULL), 1); /* altro.json, and no hidden file */
    assert_int_equal(n_problems, 3);
    n_records = n_problems = 0;
    static const struct packed lines[] = {
        {"enti.NDJSON", "{\"organization\":{\"id\":\"1\",\"name\":\"A\",\"description\":\"\"}}\n"},
        {"datapackage.json", "{}"},
    };
    assert_int_equal(read_zip(lines, RG_COUNT(lines), 0), RG_OK);
    assert_int_equal(n_records, 1);
}

static void
an_archive_of_nothing_useful_is_refused_with_a_reason(void **state)
{
    static const struct packed two[] = {{"a.json", "[]"}, {"b.json", "[]"}},
                               other[] = {{"leggimi.txt", "…"}};
    assert_int_equal(read_zip(two, 2, 0), RG_INVALID);
    assert_string_equal(ctx.story.key, "network.intake_zip_what");
    rg_story_clear(&ctx);
    assert_int_equal(read_zip(other, 1, 0), RG_INVALID);
    assert_string_equal(ctx.story.key, "network.intake_zip_what");
    rg_story_clear(&ctx);
    assert_int_equal(read_zip(other, 1, 9), RG_INVALID);
    assert_string_equal(ctx.story.key, "network.intake_zip_damaged");
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
        TEST(the_hardest_record_goes_through_tables_and_back),
        TEST(every_child_has_a_column_for_each_of_its_owners),
        TEST(more_that_is_no_json_is_kept_and_told),
        TEST(an_archive_gives_its_tables_or_its_one_json_file),
        TEST(an_archive_of_nothing_useful_is_refused_with_a_reason),
        TEST(an_allocation_that_fails_anywhere_is_an_answer_not_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
