/* Imports on both engines: SQLite always; PostgreSQL when REGIA_TEST_PG names a server whose schema
 * "public" may be emptied.                                                                    */
#include "network/import.h"
#include "network/import_csv.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static const struct store_room *const rooms[] = {&jobs_store, &territory_store, &network_store};
static const char *where;
static char folder[64], database[96];

struct world {
    struct rg_ctx ctx;
    struct store *store;
    struct network_web web;
};

static void
world_open(struct world *w)
{
    *w = (struct world){0};
    assert_int_equal(rg_ctx_init(&w->ctx, 128 << 20), RG_OK);
    w->ctx.actor.name = STR("tester");
    w->ctx.now_s = 1790000000;
    enum rg_err err = store_open(&w->ctx, where, rooms, RG_COUNT(rooms), &w->store);
    if (err)
        print_error("%s: %s\n", w->ctx.story.key, w->ctx.story.detail);
    assert_int_equal(err, RG_OK);
    assert_int_equal(store_session_begin(&w->ctx, w->store), RG_OK);
    w->web.store = w->store;
}

static void
world_close(struct world *w)
{
    store_session_end(&w->ctx);
    w->store = store_close(w->store);
    rg_ctx_done(&w->ctx);
}

static void
world_empty(void)
{
    if (where != database) {
        char command[512];
        snprintf(command, sizeof(command),
                 "psql -q '%s' -c 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' "
                 ">/dev/null 2>&1", where);
        assert_int_equal(system(command), 0);
        return;
    }
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < RG_COUNT(ends); i++) {
        char path[112];
        snprintf(path, sizeof(path), "%s%s", database, ends[i]);
        unlink(path);
    }
}

static const char *
in_folder(const char *name)
{
    static char paths[8][160];
    static unsigned at;
    char *path = paths[at++ % RG_COUNT(paths)];
    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

static const char *
put_file(const char *name, const char *text)
{
    const char *path = in_folder(name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    assert_int_equal(fclose(f), 0);
    return path;
}

static char *
file_text(const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *text = calloc(1, 4 << 20);
    assert_non_null(text);
    assert_true(fread(text, 1, (4 << 20) - 1, f) < (4 << 20) - 1);
    fclose(f);
    return text;
}

static const char tiny[] =
    /* a service before its organization, a link before its ends, one that leads nowhere */
    "{\"service_at_location\":{\"id\":\"a0000000-0000-4000-8000-000000000001\","
    "\"service_id\":\"50000000-0000-4000-8000-000000000001\","
    "\"location_id\":\"10000000-0000-4000-8000-000000000001\"}}\n"
    "{\"service_at_location\":{\"id\":\"a0000000-0000-4000-8000-000000000002\","
    "\"service_id\":\"50000000-0000-4000-8000-000000000001\","
    "\"location_id\":\"10000000-0000-4000-8000-00000000dead\"}}\n"
    "{\"service\":{\"id\":\"50000000-0000-4000-8000-000000000001\",\"name\":\"Mensa\","
    "\"status\":\"active\",\"organization_id\":\"00000000-0000-4000-8000-000000000001\"}}\n"
    "{\"service\":{\"id\":\"50000000-0000-4000-8000-000000000002\",\"status\":\"active\"}}\n"
    "{\"organization\":{\"id\":\"00000000-0000-4000-8000-000000000001\",\"name\":\"Ente\","
    "\"description\":\"d\"}}\n"
    "{\"location\":{\"id\":\"10000000-0000-4000-8000-000000000001\","
    "\"location_type\":\"physical\",\"name\":\"Sede\"}}\n"
    "{\"location\":{\"id\":\"10000000-0000-4000-8000-000000000002\","
    "\"location_type\":\"physical\",\"name\":\"Rifugio\",\"confidential\":true}}\n"
    "{\"service_at_location\":{\"id\":\"a0000000-0000-4000-8000-000000000003\","
    "\"service_id\":\"50000000-0000-4000-8000-000000000001\","
    "\"location_id\":\"10000000-0000-4000-8000-000000000002\"}}\n";

/* Organizations with services inside, each with a summary of a shared organization: everything
 * that may come twice, over more than one batch.                                             */
static const char *
put_many(const char *name, unsigned n)
{
    const char *path = in_folder(name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    for (unsigned i = 0; i < n; i++) /* the links first: they all wait */
        fprintf(f, "{\"service_at_location\":{\"id\":\"a0000000-0000-4000-8000-%012u\","
                   "\"service_id\":\"50000000-0000-4000-8000-%012u\","
                   "\"location_id\":\"10000000-0000-4000-8000-%012u\"}}\n", i, i, i % 7);
    for (unsigned i = 0; i < n; i++)
        fprintf(f, "{\"service\":{\"id\":\"50000000-0000-4000-8000-%012u\",\"name\":\"S %u\","
                   "\"status\":\"active\",\"strange\":[%u,{\"x\":1.50}],"
                   "\"phones\":[{\"id\":\"40000000-0000-4000-8000-%012u\",\"number\":\"0%u\"}],"
                   "\"organization\":{\"id\":\"00000000-0000-4000-8000-%012u\",\"name\":\"O\"}}}\n",
                i, i, i, i, i, i % 5);
    for (unsigned i = 0; i < 5; i++)
        fprintf(f, "{\"organization\":{\"id\":\"00000000-0000-4000-8000-%012u\",\"name\":\"O\","
                   "\"description\":\"the fuller form\",\"email\":\"o%u@example.org\"}}\n", i, i);
    for (unsigned i = 0; i < 7; i++)
        fprintf(f, "{\"location\":{\"id\":\"10000000-0000-4000-8000-%012u\",\"name\":\"L %u\","
                   "\"location_type\":\"physical\",\"latitude\":45.0%u,\"longitude\":7.5}}\n", i, i,
                i);
    assert_int_equal(fclose(f), 0);
    return path;
}

static enum rg_err
import(struct world *w, const char *kind, const char *path, const char *mapping,
       struct jobs_view *ret)
{
    const struct network_import what = {.source = {.name = STR("test")},
                                        .path = str_of(path),
                                        .mapping = str_of(mapping)};
    int64_t job = 0;
    enum rg_err err = network_import_run(&w->ctx, &w->web, kind, &what, NULL, NULL, &job);
    if (err == RG_OK)
        assert_int_equal(jobs_get(&w->ctx, job, ret), RG_OK);
    return err;
}

static int64_t
outcome(struct world *w, const struct jobs_view *job, const char *key)
{
    const struct rg_jv *root;
    char name[80];
    snprintf(name, sizeof(name), "network.import.n_%s", key);
    assert_true(rg_jv_parse(w->ctx.arena, job->outcome, &root));
    return rg_jv_i64(rg_jv_get(root, name), 0);
}

static struct store_change *
changes(struct world *w, size_t *ret_n)
{
    struct store_change *list;
    assert_int_equal(store_changes_since(&w->ctx, 0, 0, 1000000, &list, ret_n), RG_OK);
    return list;
}

static enum rg_err
put_links(struct rg_ctx *ctx, void *arg, const struct network_service *s)
{
    (void)ctx;
    fprintf(arg, "%.*s %.*s %zu\n", STR_ARG(s->uid), STR_ARG(s->organization_uid), s->n_places);
    return RG_OK;
}

/* All that is kept, as text: the export in the order of ids, and what each service is tied to. */
static char *
dump(struct world *w)
{
    struct network_export_counts counts;
    const char *path = in_folder("dump.ndjson");
    int64_t last;
    size_t n;
    assert_int_equal(network_export_hsds(&w->ctx, path, NULL, &counts), RG_OK);
    FILE *f = fopen(path, "ab");
    assert_non_null(f);
    assert_int_equal(network_service_walk(&w->ctx, 0, 100000, put_links, f, &last, &n), RG_OK);
    assert_int_equal(fclose(f), 0);
    return file_text(path);
}

/* ---- claims ---- */

static void
records_find_each_other_whatever_their_order(void **state)
{
    struct world w;
    struct jobs_view job;
    struct network_service s;
    service_id id;
    bool found;
    world_empty();
    world_open(&w);
    assert_int_equal(import(&w, "import-hsds", put_file("tiny.ndjson", tiny), NULL, &job), RG_OK);
    assert_string_equal(rg_arena_cstr(w.ctx.arena, job.state), "done");
    assert_int_equal(outcome(&w, &job, "services_added"), 1);
    assert_int_equal(outcome(&w, &job, "services_rejected"), 1);
    assert_int_equal(outcome(&w, &job, "organizations_added"), 1);
    assert_int_equal(outcome(&w, &job, "locations_added"), 2);
    assert_int_equal(outcome(&w, &job, "places_added"), 2);
    assert_int_equal(outcome(&w, &job, "places_rejected"), 1);
    assert_int_equal(network_service_find(&w.ctx, STR("50000000-0000-4000-8000-000000000001"),
                                          &found, &id), RG_OK);
    assert_true(found);
    assert_int_equal(network_service_get(&w.ctx, id, &s), RG_OK);
    assert_string_equal(rg_arena_cstr(w.ctx.arena, s.organization), "Ente");
    assert_int_equal(s.n_places, 2);
    world_close(&w);
}

static void
what_is_wrong_is_told_with_line_field_and_remedy(void **state)
{
    struct world w;
    struct jobs_view job;
    struct jobs_finding *found;
    size_t n;
    world_empty();
    world_open(&w);
    assert_int_equal(import(&w, "import-hsds", put_file("tiny.ndjson", tiny), NULL, &job), RG_OK);
    assert_int_equal(jobs_findings(&w.ctx, job.id, 0, 100, &found, &n), RG_OK);
    bool no_name = false, dangling = false;
    for (size_t i = 0; i < n; i++) {
        if (found[i].severity != JOBS_REJECTED)
            continue;
        no_name |= found[i].line == 4 && str_is(found[i].field, "name") &&
                   str_find(found[i].message, STR("servizio")) >= 0 &&
                   str_find(found[i].message, STR("Scrivi il nome nel campo name")) > 0;
        dangling |= found[i].line == 2 && str_is(found[i].field, "location_id") &&
                    str_find(found[i].message, STR("10000000-0000-4000-8000-00000000dead")) > 0;
        assert_true(str_is(found[i].file, "tiny.ndjson"));
    }
    assert_true(no_name);
    assert_true(dangling);
    world_close(&w);
}

static void
importing_again_leaves_no_trace_in_the_feed(void **state)
{
    struct world w;
    struct jobs_view job;
    size_t before, after;
    world_empty();
    world_open(&w);
    const char *path = put_many("many.ndjson", 1300);
    assert_int_equal(import(&w, "import-hsds", path, NULL, &job), RG_OK);
    assert_int_equal(outcome(&w, &job, "services_added"), 1300);
    assert_int_equal(outcome(&w, &job, "places_added"), 1300);
    assert_int_equal(outcome(&w, &job, "organizations_added"), 5);
    assert_int_equal(outcome(&w, &job, "organizations_changed"), 0);
    changes(&w, &before);
    w.ctx.now_s += 1000;
    assert_int_equal(import(&w, "import-hsds", path, NULL, &job), RG_OK);
    assert_int_equal(outcome(&w, &job, "services_same"), 1300);
    assert_int_equal(outcome(&w, &job, "places_same"), 1300);
    assert_int_equal(outcome(&w, &job, "organizations_same"), 5);
    assert_int_equal(outcome(&w, &job, "services_changed") + outcome(&w, &job, "places_changed") +
                         outcome(&w, &job, "organizations_changed"), 0);
    changes(&w, &after);
    assert_int_equal(before, after);
    world_close(&w);
}

static uint64_t die_after;

static void
die(uint64_t n_batches)
{
    if (n_batches >= die_after)
        _exit(9);
}

/* A server whose worker dies after some batches; then another that takes the job up. */
static void
killed_import(const char *path, uint64_t batches)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct world w;
        struct jobs_kind kinds[NETWORK_IMPORT_KINDS];
        struct jobs *jobs;
        int64_t job;
        const struct network_import what = {.source = {.name = STR("test")}, .path = str_of(path)};
        die_after = batches;
        import_after_batch = die;
        world_open(&w);
        if (store_write_begin(&w.ctx, "test") != RG_OK ||
            network_import_add(&w.ctx, "import-hsds", &what, false, &job) != RG_OK ||
            store_write_commit(&w.ctx) != RG_OK)
            _exit(1);
        size_t n = network_import_kinds(&w.web, kinds, RG_COUNT(kinds));
        if (jobs_start(&w.ctx, w.store, kinds, n, &jobs) != RG_OK)
            _exit(1);
        sleep(60);
        _exit(2);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 9);
}

static void
resume(struct world *w, struct jobs_view *ret)
{
    struct jobs_kind kinds[NETWORK_IMPORT_KINDS];
    struct jobs *jobs;
    size_t n = network_import_kinds(&w->web, kinds, RG_COUNT(kinds));
    assert_int_equal(jobs_start(&w->ctx, w->store, kinds, n, &jobs), RG_OK);
    for (int i = 0; i < 600; i++) {
        struct rg_mark mark = rg_arena_mark(w->ctx.arena);
        assert_int_equal(jobs_get(&w->ctx, 1, ret), RG_OK);
        if (str_is(ret->state, "done") || str_is(ret->state, "failed"))
            break;
        rg_arena_release(w->ctx.arena, mark);
        usleep(50000);
    }
    jobs_stop(jobs);
    assert_string_equal(rg_arena_cstr(w->ctx.arena, ret->state), "done");
}

static void
an_import_killed_between_batches_ends_as_if_it_had_not_been(void **state)
{
    struct world w;
    struct jobs_view job;
    world_empty();
    world_open(&w);
    const char *path = put_many("many.ndjson", 1300);
    assert_int_equal(import(&w, "import-hsds", path, NULL, &job), RG_OK);
    char *whole = dump(&w);
    int64_t findings = job.n_findings;
    world_close(&w);
    for (uint64_t batches = 1; batches <= 4; batches++) {
        world_empty();
        killed_import(path, batches);
        world_open(&w);
        resume(&w, &job);
        char *resumed = dump(&w);
        assert_string_equal(resumed, whole);
        assert_int_equal(job.n_findings, findings);
        assert_int_equal(outcome(&w, &job, "services_added"), 1300);
        assert_int_equal(outcome(&w, &job, "places_added"), 1300);
        free(resumed);
        world_close(&w);
    }
    free(whole);
}

static void
a_failed_allocation_leaves_the_store_whole(void **state)
{
    struct world w;
    struct jobs_view job;
    world_empty();
    world_open(&w);
    const char *path = put_file("tiny.ndjson", tiny);
    unsigned n_failed = 0;
    for (long n = 1;; n += n < 300 ? 1 : 37) {
        const struct network_import what = {.source = {.name = STR("test")}, .path = str_of(path)};
        int64_t id = 0;
        struct rg_mark mark = rg_arena_mark(w.ctx.arena);
        rg_alloc_fail_after(n);
        enum rg_err err =
            network_import_run(&w.ctx, &w.web, "import-hsds", &what, NULL, NULL, &id);
        rg_alloc_fail_after(0);
        assert_false(store_writing(&w.ctx));
        rg_story_clear(&w.ctx);
        if (err == RG_OK && n > 300)
            break;
        n_failed += err != RG_OK;
        assert_int_equal(store_verify(&w.ctx, w.store), RG_OK);
        rg_arena_release(w.ctx.arena, mark);
        assert_true(n < 100000);
    }
    assert_true(n_failed > 20);
    assert_int_equal(import(&w, "import-hsds", path, NULL, &job), RG_OK);
    assert_int_equal(outcome(&w, &job, "services_added") + outcome(&w, &job, "services_same"), 1);
    assert_int_equal(outcome(&w, &job, "places_added") + outcome(&w, &job, "places_same"), 2);
    world_close(&w);
}

/* One a line, a ZIP of tables, a folder of tables. */
static const char *const forms[] = {"out.ndjson", "out.zip", "out/"};

static void
out_empty(void)
{
    static const char *const names[] = {
        "datapackage.json", "organizations.csv", "services.csv", "locations.csv",
        "service_at_location.csv", "phones.csv"};
    char path[200];
    for (size_t i = 0; i < RG_COUNT(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", in_folder("out"), names[i]);
        unlink(path);
    }
    rmdir(in_folder("out"));
    unlink(in_folder("out.zip"));
    unlink(in_folder("out.ndjson"));
}

static void
an_export_comes_in_again_byte_for_byte(void **state)
{
    struct world w;
    struct jobs_view job;
    struct network_export_counts counts;
    world_empty();
    world_open(&w);
    assert_int_equal(import(&w, "import-hsds", put_many("many.ndjson", 300), NULL, &job), RG_OK);
    out_empty();
    mkdir(in_folder("out.partial"), 0700); /* an export was killed here */
    put_file("out.partial/services.csv", "half");
    for (size_t i = 0; i < RG_COUNT(forms); i++) {
        assert_int_equal(network_export_hsds(&w.ctx, in_folder(forms[i]), NULL, &counts), RG_OK);
        assert_int_equal(counts.n[NETWORK_SERVICE], 300);
    }
    assert_int_equal(access(in_folder("out.partial"), F_OK), -1);
    char *first = dump(&w);
    world_close(&w);
    for (size_t i = 0; i < RG_COUNT(forms); i++) {
        world_empty();
        world_open(&w);
        assert_int_equal(import(&w, "import-hsds", in_folder(forms[i]), NULL, &job), RG_OK);
        assert_int_equal(outcome(&w, &job, "repaired") + outcome(&w, &job, "rejected"), 0);
        char *second = dump(&w);
        assert_string_equal(first, second);
        assert_non_null(strstr(second, "\"x\":1.50"));
        free(second);
        world_close(&w);
    }
    free(first);
    out_empty();
}

/* The package's description names its files and their columns as they are. */
static void
a_package_describes_its_tables(void **state)
{
    struct world w;
    struct jobs_view job;
    struct network_export_counts counts;
    world_empty();
    world_open(&w);
    out_empty();
    assert_int_equal(import(&w, "import-hsds", put_file("tiny.ndjson", tiny), NULL, &job), RG_OK);
    assert_int_equal(network_export_hsds(&w.ctx, in_folder("out/"), "test", &counts), RG_OK);
    char *text = file_text(in_folder("out/datapackage.json"));
    const struct rg_jv *root;
    assert_true(rg_jv_parse(w.ctx.arena, str_of(text), &root));
    const struct rg_jv *resources = rg_jv_get(root, "resources"), *r = rg_jv_first(resources);
    assert_int_equal(resources->n, 4); /* organization, service, location and their link */
    for (uint32_t i = 0; i < resources->n; i++, r = rg_jv_next(r)) {
        struct str path = rg_jv_get_str(w.ctx.arena, r, "path");
        const struct rg_jv *fields = rg_jv_get(rg_jv_get(r, "schema"), "fields");
        const struct rg_jv *f = rg_jv_first(fields);
        char *table = file_text(rg_arena_printf(w.ctx.arena, "%s/%.*s", in_folder("out"),
                                                STR_ARG(path)));
        struct str header, name;
        struct str rest = str_of(table);
        assert_true(str_cut(&rest, '\n', &header));
        header = str_trim(header);
        for (uint32_t k = 0; k < fields->n; k++, f = rg_jv_next(f)) {
            assert_true(str_cut(&header, ',', &name));
            assert_true(str_eq(name, rg_jv_get_str(w.ctx.arena, f, "name")));
        }
        assert_int_equal(header.n, 0);
        free(table);
    }
    free(text);
    world_close(&w);
    out_empty();
}

static void
an_export_that_fails_is_not_there(void **state)
{
    struct world w;
    struct jobs_view job;
    struct network_export_counts counts;
    world_empty();
    world_open(&w);
    out_empty();
    assert_int_equal(import(&w, "import-hsds", put_many("many.ndjson", 20), NULL, &job), RG_OK);
    assert_int_equal(network_export_hsds(&w.ctx, in_folder("out/"), NULL, &counts), RG_OK);
    assert_int_equal(network_export_hsds(&w.ctx, in_folder("out"), NULL, &counts), RG_CONFLICT);
    rg_story_clear(&w.ctx);
    assert_int_equal(network_export_hsds(&w.ctx, "/nowhere/at/all.zip", NULL, &counts), RG_BROKEN);
    rg_story_clear(&w.ctx);
    world_close(&w);
    out_empty();
}

/* Nothing half-written stays where it would be taken for whole, whichever allocation fails. */
static void
an_export_without_memory_leaves_nothing(void **state)
{
    struct world w;
    struct jobs_view job;
    struct network_export_counts counts;
    world_empty();
    world_open(&w);
    assert_int_equal(import(&w, "import-hsds", put_many("many.ndjson", 20), NULL, &job), RG_OK);
    world_close(&w);
    for (size_t i = 0; i < RG_COUNT(forms); i++) {
        unsigned n_failed = 0;
        for (long nth = 1; nth < 40; nth += nth < 12 ? 1 : 5) {
            world_open(&w);
            rg_alloc_fail_after(nth);
            enum rg_err err = network_export_hsds(&w.ctx, in_folder(forms[i]), NULL, &counts);
            rg_alloc_fail_after(0);
            rg_story_clear(&w.ctx);
            assert_int_equal(access(in_folder(forms[i]), F_OK), err == RG_OK ? 0 : -1);
            assert_int_equal(access(in_folder("out.partial"), F_OK), -1);
            n_failed += err != RG_OK;
            world_close(&w);
            out_empty();
        }
        assert_true(n_failed > 0);
    }
}

static void
a_confidential_location_leaves_by_no_door(void **state)
{
    struct world w;
    struct jobs_view job;
    struct network_export_counts counts;
    static const char *const tables[] = {"out.ndjson", "out/locations.csv",
                                         "out/service_at_location.csv"};
    world_empty();
    world_open(&w);
    out_empty();
    assert_int_equal(import(&w, "import-hsds", put_file("tiny.ndjson", tiny), NULL, &job), RG_OK);
    for (size_t i = 0; i < RG_COUNT(forms); i++) {
        assert_int_equal(network_export_hsds(&w.ctx, in_folder(forms[i]), "test", &counts), RG_OK);
        assert_int_equal(counts.n_withheld, 1);
    }
    for (size_t i = 0; i < RG_COUNT(tables); i++) {
        char *text = file_text(in_folder(tables[i]));
        assert_null(strstr(text, "Rifugio"));
        assert_null(strstr(text, "10000000-0000-4000-8000-000000000002"));
        assert_non_null(strstr(text, "10000000-0000-4000-8000-000000000001"));
        free(text);
    }
    const char *out = in_folder("out.ndjson");
    assert_int_equal(network_export_hsds(&w.ctx, out, "nessuna", &counts), RG_ABSENT);
    rg_story_clear(&w.ctx);
    assert_int_equal(network_export_hsds(&w.ctx, "/nowhere/at/all", NULL, &counts), RG_BROKEN);
    world_close(&w);
    out_empty();
}

static const char list[] = "Servizio;Ente;Indirizzo;Comune;Telefono;Note interne\n"
                           "Sportello casa;Comune di Ivrea;Via Roma 1;Ivrea;0125 1;a\n"
                           "Mensa;COMUNE  DI IVREA;Via Roma 2;Ivrea;0125 2;b\n"
                           ";Comune di Ivrea;Via Roma 3;Ivrea;;c\n"
                           "Doposcuola;Associazione Alfa;;Ivrea;0125 4;d\n";

static void
a_municipal_list_has_one_organization_per_body(void **state)
{
    struct world w;
    struct jobs_view job;
    struct jobs_finding *found;
    size_t n, before, after;
    world_empty();
    world_open(&w);
    const char *path = put_file("elenco.csv", list);
    assert_int_equal(import(&w, "import-services-csv", path, NULL, &job), RG_OK);
    assert_int_equal(outcome(&w, &job, "services_added"), 3);
    assert_int_equal(outcome(&w, &job, "organizations_added"), 2);
    assert_int_equal(outcome(&w, &job, "services_rejected"), 1);
    assert_int_equal(jobs_findings(&w.ctx, job.id, 0, 100, &found, &n), RG_OK);
    bool row = false;
    for (size_t i = 0; i < n; i++)
        row |= found[i].severity == JOBS_REJECTED && found[i].line == 4;
    assert_true(row);
    changes(&w, &before);
    assert_int_equal(import(&w, "import-services-csv", path, NULL, &job), RG_OK);
    changes(&w, &after);
    assert_int_equal(before, after);
    world_close(&w);
}

static void
a_person_s_mapping_goes_before_the_guess(void **state)
{
    struct world w;
    struct import_csv_columns c;
    world_empty();
    world_open(&w);
    assert_int_equal(import_csv_columns(&w.ctx, "elenco.csv", str_of(list), STR(""), &c), RG_OK);
    assert_int_equal(c.n, 6);
    assert_int_equal(c.n_rows, 4);
    assert_int_equal(c.columns[0].field, CSV_MAP_NAME);
    assert_int_equal(c.columns[3].field, CSV_MAP_COMUNE);
    assert_int_equal(import_csv_columns(&w.ctx, "elenco.csv", str_of(list),
                                        STR("#1=keep\nNote interne=name\n4=area\n"), &c), RG_OK);
    assert_int_equal(c.columns[0].field, CSV_MAP_KEEP);
    assert_int_equal(c.columns[5].field, CSV_MAP_NAME);
    assert_int_equal(c.columns[3].field, CSV_MAP_AREA);
    static const char *const bad[] = {"Colore=name", "#7=name", "#0=name", "Ente=padrone", "Ente"};
    for (size_t i = 0; i < RG_COUNT(bad); i++) {
        assert_int_equal(import_csv_columns(&w.ctx, "elenco.csv", str_of(list), str_of(bad[i]), &c),
                         RG_INVALID);
        rg_story_clear(&w.ctx);
    }
    assert_int_equal(import_csv_columns(&w.ctx, "vuoto.csv", STR(""), STR(""), &c), RG_INVALID);
    world_close(&w);
}

static unsigned n_heard;

static void
hear(void *arg, const struct network_problem *p)
{
    (void)arg;
    assert_true(p->message.n > 10);
    n_heard++;
}

static void
a_file_is_checked_without_a_store(void **state)
{
    struct rg_ctx ctx;
    uint64_t n_rejected = 0;
    assert_int_equal(rg_ctx_init(&ctx, 64 << 20), RG_OK);
    n_heard = 0;
    assert_int_equal(network_check_path(&ctx, put_file("tiny.ndjson", tiny), hear, NULL,
                                        &n_rejected), RG_OK);
    assert_int_equal(n_rejected, 1);
    assert_true(n_heard > 1);
    assert_int_equal(network_check_path(&ctx, in_folder("nothing.json"), hear, NULL, &n_rejected),
                     RG_ABSENT);
    rg_ctx_done(&ctx);
}

static void
what_is_not_there_or_not_known_is_refused(void **state)
{
    struct world w;
    struct jobs_view job;
    world_empty();
    world_open(&w);
    assert_int_equal(import(&w, "import-hsds", in_folder("no.json"), NULL, &job), RG_ABSENT);
    rg_story_clear(&w.ctx);
    assert_int_equal(import(&w, "import-xml", put_file("tiny.ndjson", tiny), NULL, &job),
                     RG_INVALID);
    world_close(&w);
}

static int
run_all(const char *engine)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_find_each_other_whatever_their_order),
        cmocka_unit_test(what_is_wrong_is_told_with_line_field_and_remedy),
        cmocka_unit_test(importing_again_leaves_no_trace_in_the_feed),
        cmocka_unit_test(an_import_killed_between_batches_ends_as_if_it_had_not_been),
        cmocka_unit_test(a_failed_allocation_leaves_the_store_whole),
        cmocka_unit_test(an_export_comes_in_again_byte_for_byte),
        cmocka_unit_test(a_package_describes_its_tables),
        cmocka_unit_test(an_export_that_fails_is_not_there),
        cmocka_unit_test(an_export_without_memory_leaves_nothing),
        cmocka_unit_test(a_confidential_location_leaves_by_no_door),
        cmocka_unit_test(a_municipal_list_has_one_organization_per_body),
        cmocka_unit_test(a_person_s_mapping_goes_before_the_guess),
        cmocka_unit_test(a_file_is_checked_without_a_store),
        cmocka_unit_test(what_is_not_there_or_not_known_is_refused),
    };
    print_message("imports on %s\n", engine);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int
main(void)
{
    snprintf(folder, sizeof(folder), "/tmp/regia-import-XXXXXX");
    if (!mkdtemp(folder))
        return 1;
    snprintf(database, sizeof(database), "%s/test.db", folder);
    where = database;
    int failed = run_all("SQLite");
    const char *pg = getenv("REGIA_TEST_PG");
    if (pg && *pg) {
        where = pg;
        failed += run_all("PostgreSQL");
    } else {
        print_message("imports on PostgreSQL: skipped, REGIA_TEST_PG is not set\n");
    }
    where = database;
    world_empty();
    static const char *const names[] = {"tiny.ndjson", "many.ndjson", "dump.ndjson", "elenco.csv"};
    for (size_t i = 0; i < RG_COUNT(names); i++)
        unlink(in_folder(names[i]));
    rmdir(folder);
    return failed;
}
