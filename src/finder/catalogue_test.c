/* The catalogue against the records it is made from. */
#include "finder/catalogue_priv.h"
#include "finder/finder_world.h"
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <cmocka.h>

enum { SERVICES = 300 };

static bool
entry_find(struct world *w, int64_t service, struct finder_entry *ret)
{
    struct search_live *live = finder_catalogue_live(w->catalogue);
    const struct search_snapshot *snapshot = search_acquire(live);
    struct str payload, kept = STR_NONE;
    bool found = search_find(snapshot, service, &payload);
    if (found)
        kept = rg_arena_str(w->ctx.arena, payload);
    search_release(live, snapshot);
    if (found)
        finder_entry_read(kept, ret);
    return found;
}

static size_t
docs_of(struct world *w)
{
    struct search_live *live = finder_catalogue_live(w->catalogue);
    const struct search_snapshot *snapshot = search_acquire(live);
    size_t n = search_snapshot_docs(snapshot);
    search_release(live, snapshot);
    return n;
}

struct compared {
    struct world *w;
    size_t n, n_synthetic;
};

static enum rg_err
compare(struct rg_ctx *ctx, void *arg, const struct network_service *service)
{
    struct compared *c = arg;
    struct finder_entry e;
    (void)ctx;
    if (!entry_find(c->w, service->id, &e))
        fail_msg("service %d is not in the catalogue", (int)service->id);
    assert_true(str_eq(e.uid, service->uid));
    assert_true(str_eq(e.name, service->name));
    assert_int_equal(e.org_id, service->organization_id);
    assert_int_equal(e.synthetic, service->synthetic);
    assert_int_equal(e.updated_s, service->updated_s);
    for (size_t i = 0; i < e.n_spots; i++) {
        bool of_a_place = false;
        for (size_t p = 0; p < service->n_places; p++)
            of_a_place |= !service->places[p].confidential &&
                          service->places[p].lat_e7 == e.spots[i].lat_e7;
        assert_true(of_a_place);
    }
    c->n_synthetic += e.synthetic;
    c->n++;
    return RG_OK;
}

static void
every_record_is_in_the_catalogue_as_it_is(void **state)
{
    struct compared c = {.w = *state};
    int64_t last;
    size_t n;
    assert_int_equal(network_service_walk(&c.w->ctx, 0, 100000, compare, &c, &last, &n), RG_OK);
    assert_int_equal(c.n, SERVICES);
    assert_int_equal(c.n_synthetic, SERVICES);
    assert_int_equal(docs_of(c.w), SERVICES);
}

/* Closing and opening again maps the file: its time of change stays. */
static void
the_file_is_used_again(void **state)
{
    struct world *w = *state;
    struct stat before, after;
    char path[128];
    snprintf(path, sizeof(path), "%s/finder.index.%d", w->folder, CATALOGUE_FORMAT);
    assert_int_equal(stat(path, &before), 0);
    finder_thread_done();
    w->catalogue = finder_catalogue_close(w->catalogue);
    assert_int_equal(finder_catalogue_open(&w->ctx, w->store, w->model, w->territory,
                                           world_path(w, "finder.index"), &w->catalogue), RG_OK);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(docs_of(w), SERVICES);
    w->finder.catalogue = w->catalogue;
}

static void
a_damaged_file_is_built_anew(void **state)
{
    struct world *w = *state;
    char path[128];
    snprintf(path, sizeof(path), "%s/finder.index.%d", w->folder, CATALOGUE_FORMAT);
    finder_thread_done();
    w->catalogue = finder_catalogue_close(w->catalogue);
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, 300, SEEK_SET), 0);
    assert_int_equal(fputs("damage", f) >= 0, 1);
    fclose(f);
    assert_int_equal(finder_catalogue_open(&w->ctx, w->store, w->model, w->territory,
                                           world_path(w, "finder.index"), &w->catalogue), RG_OK);
    assert_int_equal(docs_of(w), SERVICES);
    assert_null(w->ctx.story.key);
    w->finder.catalogue = w->catalogue;
}

#define SERVICE "44444444-4444-4444-8444-444444444444"
#define ORGANIZATION "55555555-5555-4555-8555-555555555555"

static void
a_new_name_of_an_organization_reaches_its_services(void **state)
{
    struct world *w = *state;
    struct finder_entry e;
    world_write(w);
    world_put(w, NETWORK_ORGANIZATION, STR("{\"id\":\"" ORGANIZATION "\",\"name\":\"Prima\"}"));
    int64_t id = world_put(w, NETWORK_SERVICE,
                           STR("{\"id\":\"" SERVICE "\",\"organization_id\":\"" ORGANIZATION
                               "\",\"name\":\"Prova\",\"status\":\"active\"}"));
    world_commit(w);
    assert_int_equal(finder_catalogue_refresh(&w->ctx, w->catalogue), RG_OK);
    assert_true(entry_find(w, id, &e));
    assert_true(str_is(e.organization, "Prima"));
    world_write(w);
    world_put(w, NETWORK_ORGANIZATION, STR("{\"id\":\"" ORGANIZATION "\",\"name\":\"Dopo\"}"));
    world_commit(w);
    assert_int_equal(finder_catalogue_refresh(&w->ctx, w->catalogue), RG_OK);
    assert_true(entry_find(w, id, &e));
    assert_true(str_is(e.organization, "Dopo"));
}

/* More changes than one batch, fewer than a rebuild. */
static void
many_changes_are_all_taken_in(void **state)
{
    enum { MANY = 700 };
    struct world *w = *state;
    struct finder_entry e;
    int64_t ids[MANY];
    size_t before = docs_of(w);
    world_write(w);
    for (int i = 0; i < MANY; i++) {
        const char *doc = rg_arena_printf(
            w->ctx.arena, "{\"id\":\"66666666-6666-4666-8666-%012d\",\"name\":\"Molti %d\","
                          "\"status\":\"active\",\"description\":\"uno di molti\"}", i, i);
        ids[i] = world_put(w, NETWORK_SERVICE, str_of(doc));
    }
    world_commit(w);
    assert_int_equal(finder_catalogue_refresh(&w->ctx, w->catalogue), RG_OK);
    assert_int_equal(docs_of(w), before + MANY);
    for (int i = 0; i < MANY; i++) {
        char name[32];
        snprintf(name, sizeof(name), "Molti %d", i);
        assert_true(entry_find(w, ids[i], &e));
        assert_true(str_eq(e.name, str_of(name)));
        assert_true(str_is(e.summary, "uno di molti"));
    }
}

static enum hours_state
open_at(struct world *w, int64_t service, int64_t unix_s)
{
    struct finder_entry e;
    assert_true(entry_find(w, service, &e));
    return hours_code_open_at(&e.hours, unix_s, NULL);
}

static ino_t
file_of(struct world *w)
{
    struct stat st;
    char path[128];
    snprintf(path, sizeof(path), "%s/finder.index.%d", w->folder, CATALOGUE_FORMAT);
    assert_int_equal(stat(path, &st), 0);
    return st.st_ino;
}

/* From Wednesday 25 November to the Monday after: a service of the first Tuesday of the month was
 * closed all week and must not stay unknown, nor one of every Tuesday since long ago.        */
static void
hours_are_looked_at_anew_when_the_week_turns(void **state)
{
    struct world *w = *state;
    const int64_t tuesday = 1796115600; /* 1 December 2026, 10:00 in Rome */
    world_write(w);
#define HOURS(freq, byday)                                                                     \
    "\"status\":\"active\",\"schedules\":[{\"id\":\"66666666-6666-4666-8666-666666666666\","       \
    "\"freq\":\"" freq "\",\"dtstart\":\"2026-01-01\",\"byday\":\"" byday                         \
    "\",\"opens_at\":\"09:00\",\"closes_at\":\"12:00\"}]}"
    int64_t monthly = world_put(w, NETWORK_SERVICE,
                                STR("{\"id\":\"66666666-6666-4666-8666-666666666661\","
                                    "\"name\":\"Primo martedì\"," HOURS("MONTHLY", "1TU")));
    int64_t weekly = world_put(w, NETWORK_SERVICE,
                               STR("{\"id\":\"66666666-6666-4666-8666-666666666662\","
                                   "\"name\":\"Ogni martedì\"," HOURS("WEEKLY", "TU")));
    world_commit(w);
    assert_int_equal(finder_catalogue_refresh(&w->ctx, w->catalogue), RG_OK);
    assert_int_equal(open_at(w, monthly, WORLD_NOW), HOURS_CLOSED);
    assert_int_equal(open_at(w, monthly, tuesday), HOURS_UNKNOWN);
    assert_int_equal(open_at(w, weekly, tuesday), HOURS_OPEN);
    ino_t file = file_of(w);
    assert_int_equal(finder_catalogue_turn(&w->ctx, w->catalogue), RG_OK);
    assert_true(file_of(w) == file); /* the same week */
    w->ctx.now_s = 1795994400;       /* Monday 30 November, 00:20 in Rome; Sunday in Greenwich */
    assert_int_equal(finder_catalogue_turn(&w->ctx, w->catalogue), RG_OK);
    assert_int_equal(open_at(w, monthly, tuesday), HOURS_OPEN);
    assert_int_equal(open_at(w, monthly, tuesday + 86400), HOURS_CLOSED);
    assert_int_equal(open_at(w, weekly, tuesday), HOURS_OPEN);
    assert_false(file_of(w) == file);
    file = file_of(w);
    assert_int_equal(finder_catalogue_turn(&w->ctx, w->catalogue), RG_OK);
    assert_true(file_of(w) == file);
    w->ctx.now_s = WORLD_NOW;
}

static void
a_long_description_ends_at_a_word_and_says_that_it_goes_on(void **state)
{
    struct world *w = *state;
    struct finder_entry e;
    char words[600] = "";
    world_write(w);
    for (int lead = 0; lead < 8; lead++) { /* wherever the cut falls */
        size_t n = (size_t)snprintf(words, sizeof(words), "%.*s", lead, "abcdefgh");
        while (n + 8 < sizeof(words))
            n += (size_t)snprintf(words + n, sizeof(words) - n, " perché");
        const char *doc = rg_arena_printf(
            w->ctx.arena, "{\"id\":\"77777777-6666-4666-8666-%012d\",\"name\":\"Lungo\","
                          "\"status\":\"active\",\"description\":\"%s\"}", lead, words);
        int64_t id = world_put(w, NETWORK_SERVICE, str_of(doc));
        world_commit(w);
        assert_int_equal(finder_catalogue_refresh(&w->ctx, w->catalogue), RG_OK);
        assert_true(entry_find(w, id, &e));
        assert_true(e.summary.n <= 220 && e.summary.n > 200);
        assert_true(str_ends(e.summary, STR("perché…")));
        world_write(w);
    }
    store_write_rollback(&w->ctx);
}

/* What waited on top is in the file then, and a fresh start finds it there. */
static void
tidying_writes_what_waited_into_the_file(void **state)
{
    struct world *w = *state;
    struct finder_entry e;
    world_write(w);
    int64_t id = world_put(w, NETWORK_SERVICE,
                           STR("{\"id\":\"77777777-7777-4777-8777-000000000077\",\"name\":"
                               "\"Riordinato\",\"status\":\"active\"}"));
    world_commit(w);
    assert_int_equal(finder_catalogue_refresh(&w->ctx, w->catalogue), RG_OK);
    size_t docs = docs_of(w);
    assert_true(search_live_pending(finder_catalogue_live(w->catalogue)) > 0);
    assert_int_equal(finder_catalogue_tidy(&w->ctx, w->catalogue, 1000000), RG_OK);
    assert_true(search_live_pending(finder_catalogue_live(w->catalogue)) > 0); /* too few */
    assert_int_equal(finder_catalogue_tidy(&w->ctx, w->catalogue, 0), RG_OK);
    assert_int_equal(search_live_pending(finder_catalogue_live(w->catalogue)), 0);
    assert_int_equal(docs_of(w), docs);
    assert_true(entry_find(w, id, &e));
    world_write(w); /* and changes go on being taken in on top */
    world_put(w, NETWORK_SERVICE, STR("{\"id\":\"77777777-7777-4777-8777-000000000077\",\"name\":"
                                      "\"Riordinato due\",\"status\":\"active\"}"));
    world_commit(w);
    assert_int_equal(finder_catalogue_refresh(&w->ctx, w->catalogue), RG_OK);
    assert_true(entry_find(w, id, &e));
    assert_int_equal(docs_of(w), docs);
}

static void
a_source_that_goes_takes_its_services_along(void **state)
{
    struct world *w = *state;
    int64_t n;
    assert_int_equal(network_drop_source(&w->ctx, STR("demo"), &n), RG_OK);
    assert_int_equal(finder_catalogue_refresh(&w->ctx, w->catalogue), RG_OK);
    assert_int_equal(docs_of(w), 0);
}

static void
bytes_of_a_payload_are_not_trusted(void **state)
{
    struct world *w = *state;
    struct finder_entry e;
    struct str payload;
    struct search_live *live = finder_catalogue_live(w->catalogue);
    const struct search_snapshot *snapshot = search_acquire(live);
    assert_true(search_find(snapshot, 1, &payload));
    for (size_t n = 0; n < payload.n; n++) { /* cut short anywhere: no read past the end */
        char *copy = malloc(n ? n : 1);
        memcpy(copy, payload.p, n);
        finder_entry_read(str_n(copy, n), &e);
        assert_true(e.n_spots <= FINDER_PLACES_MAX && e.n_areas <= FINDER_PLACES_MAX);
        free(copy);
    }
    search_release(live, snapshot);
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
        cmocka_unit_test(every_record_is_in_the_catalogue_as_it_is),
        cmocka_unit_test(bytes_of_a_payload_are_not_trusted),
        cmocka_unit_test(the_file_is_used_again),
        cmocka_unit_test(a_damaged_file_is_built_anew),
        cmocka_unit_test(a_new_name_of_an_organization_reaches_its_services),
        cmocka_unit_test(many_changes_are_all_taken_in),
        cmocka_unit_test(hours_are_looked_at_anew_when_the_week_turns),
        cmocka_unit_test(a_long_description_ends_at_a_word_and_says_that_it_goes_on),
        cmocka_unit_test(tidying_writes_what_waited_into_the_file),
        cmocka_unit_test(a_source_that_goes_takes_its_services_along),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
