/* What the tests and the bench of this room share: a database with the pack of Torino and services
 * that demogen invents, the model, the catalogue, and the room's pages without a wire.        */
#ifndef FINDER_WORLD_H
#define FINDER_WORLD_H

#include "finder/page.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { WORLD_FILE_MAX = 64 << 20, WORLD_ARENA = 512 << 20, WORLD_BATCH = 200,
       WORLD_NOW = 1795608000 /* Wednesday 25 November 2026, 12:00 UTC */ };

struct world {
    struct rg_ctx ctx;
    char folder[64];
    bool kept; /* the folder stays */
    struct store *store;
    struct territory_live *territory;
    struct finder_model *model;
    struct finder_catalogue *catalogue;
    struct finder finder;
    struct finder_web room;
    struct web_room rooms[1];
    struct web_config config;
    struct web_server *server;
    int64_t source;
};

static inline _Noreturn void
world_stop(struct world *w, const char *what)
{
    fprintf(stderr, "finder world: %s: %s %s\n", what, w->ctx.story.key ? w->ctx.story.key : "",
            w->ctx.story.detail);
    abort();
}

static inline void
world_must(struct world *w, enum rg_err err, const char *what)
{
    if (err != RG_OK)
        world_stop(w, what);
}

static inline const char *
world_path(struct world *w, const char *name)
{
    return rg_arena_printf(w->ctx.arena, "%s/%s", w->folder, name);
}

static inline struct str
world_slurp(struct world *w, const char *path, bool must)
{
    FILE *f = fopen(path, "rb");
    if (!f && !must)
        return STR_NONE;
    if (!f)
        world_stop(w, path);
    RG_CLEANUP(rg_buf_done) struct rg_buf buf;
    rg_buf_init(&buf, WORLD_FILE_MAX);
    for (size_t n = 1; n > 0;) {
        char *room = rg_buf_room(&buf, 1 << 16);
        if (!room)
            world_stop(w, path);
        n = fread(room, 1, 1 << 16, f);
        buf.n += n;
    }
    fclose(f);
    return rg_arena_str(w->ctx.arena, rg_buf_view(&buf));
}

static inline struct finder_file
world_pack(struct world *w, const char *name)
{
    const char *path = rg_arena_printf(w->ctx.arena, "packs/torino/%s", name);
    return (struct finder_file){name, world_slurp(w, path, true)};
}

/* Training takes seconds: kept beside the other temporary files, and ignored by the model when
 * it is of another corpus. */
static inline void
world_model(struct world *w)
{
    const char *tmp = getenv("TMPDIR");
    const char *path = rg_arena_printf(w->ctx.arena, "%s/regia-finder-%u.trained",
                                       tmp ? tmp : "/tmp", (unsigned)getuid());
    struct finder_corpus corpus;
    world_must(w, finder_corpus_read(&w->ctx, world_pack(w, "needs.csv"),
                                     world_pack(w, "emergencies.csv"),
                                     world_pack(w, "finder/examples.csv"),
                                     world_pack(w, "finder/danger.csv"), &corpus), "corpus");
    world_must(w, finder_lexicon_read(&w->ctx, world_pack(w, "finder/lexicon.csv"), &corpus),
               "lexicon");
    world_must(w, finder_names_read(&w->ctx, world_pack(w, "finder/names.csv"), &corpus), "names");
    world_must(w, finder_model_build(&w->ctx, &corpus, world_slurp(w, path, false), &w->model),
               "model");
    if (!finder_model_was_trained(w->model))
        return;
    RG_CLEANUP(rg_buf_done) struct rg_buf bytes;
    rg_buf_init(&bytes, WORLD_FILE_MAX);
    finder_model_trained(w->model, &bytes);
    const char *fresh = rg_arena_printf(w->ctx.arena, "%s.%u", path, (unsigned)getpid());
    FILE *f = fopen(fresh, "wb");
    if (f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fclose(f) == 0)
        rename(fresh, path);
}

static inline int64_t
world_put(struct world *w, enum network_kind kind, struct str doc)
{
    const struct rg_jv *root;
    struct rg_arena *arena = w->ctx.arena;
    enum network_put put;
    int64_t id = 0;
    if (!rg_jv_parse(arena, doc, &root))
        world_stop(w, "a record is not JSON");
    const struct network_record record = {
        .kind = kind,
        .uid = rg_jv_get_str(arena, root, "id"),
        .doc = doc,
        .organization_uid = rg_jv_get_str(arena, root, "organization_id"),
        .service_uid = rg_jv_get_str(arena, root, "service_id"),
        .location_uid = rg_jv_get_str(arena, root, "location_id")};
    world_must(w, network_put(&w->ctx, territory_live_get(w->territory), w->source, &record, &put,
                              &id), "network_put");
    return id;
}

static inline void
world_put_line(struct world *w, struct str line)
{
    static const struct {
        const char *name;
        enum network_kind kind;
    } kinds[] = {{"organization", NETWORK_ORGANIZATION},
                 {"location", NETWORK_LOCATION},
                 {"service", NETWORK_SERVICE},
                 {"service_at_location", NETWORK_SERVICE_AT_LOCATION}};
    const struct rg_jv *root, *doc;
    if (!rg_jv_parse(w->ctx.arena, line, &root))
        world_stop(w, "a line is not JSON");
    for (size_t i = 0; i < RG_COUNT(kinds); i++)
        if ((doc = rg_jv_get(root, kinds[i].name))) {
            world_put(w, kinds[i].kind, doc->text);
            return;
        }
}

static inline void
world_write(struct world *w)
{
    world_must(w, store_write_begin(&w->ctx, "test"), "write");
}

static inline void
world_commit(struct world *w)
{
    world_must(w, store_write_commit(&w->ctx), "commit");
}

/* The services that demogen writes, from the program beside this one. */
static inline void
world_services(struct world *w, unsigned n_services)
{
    char self[512], command[1400], *line = NULL;
    size_t cap = 0;
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    if (n < 0)
        world_stop(w, "readlink");
    self[n] = 0;
    *strrchr(self, '/') = 0;
    snprintf(command, sizeof(command),
             "%s/src/finder/demogen -n %u packs/torino/comuni.csv packs/torino/zones.csv "
             "packs/torino/needs.csv", self, n_services);
    FILE *f = popen(command, "r");
    if (!f)
        world_stop(w, command);
    world_write(w);
    const struct network_source source = {.name = STR("demo"), .synthetic = true};
    world_must(w, network_source_put(&w->ctx, &source, &w->source), "source");
    for (size_t i = 1; (n = getline(&line, &cap, f)) > 0; i++) {
        struct rg_mark mark = rg_arena_mark(w->ctx.arena);
        world_put_line(w, str_trim(str_n(line, (size_t)n)));
        rg_arena_release(w->ctx.arena, mark);
        if (i % WORLD_BATCH == 0) {
            world_commit(w);
            world_write(w);
        }
    }
    world_commit(w);
    free(line);
    if (pclose(f) != 0)
        world_stop(w, command);
}

static inline struct str
world_drawing(void *arg, struct rg_ctx *ctx)
{
    (void)arg, (void)ctx;
    return STR("/mappa/comuni.svg?v=1");
}

static inline void
world_store(struct world *w)
{
    static const struct store_room *const rooms[] = {&jobs_store, &territory_store,
                                                     &network_store, &finder_store};
    world_must(w, rg_ctx_init(&w->ctx, WORLD_ARENA), "context");
    w->ctx.actor.name = STR("tester");
    w->ctx.now_s = WORLD_NOW; /* the same answers on whatever day the tests run */
    world_must(w, store_open(&w->ctx, world_path(w, "regia.db"), rooms, RG_COUNT(rooms),
                             &w->store), "store");
    world_must(w, store_session_begin(&w->ctx, w->store), "session");
}

static inline void
world_ready(struct world *w)
{
    world_must(w, finder_catalogue_open(&w->ctx, w->store, w->model, w->territory,
                                        world_path(w, "finder.index"), &w->catalogue),
               "catalogue");
    w->finder = (struct finder){w->model, w->catalogue, w->territory, w->store};
    w->room = (struct finder_web){&w->finder, world_drawing, NULL};
    w->rooms[0] = (struct web_room){"finder", finder_routes, finder_n_routes, &w->room};
    w->config = (struct web_config){.store = w->store, .rooms = w->rooms, .n_rooms = 1};
    world_must(w, web_start_offline(&w->ctx, &w->config, &w->server), "server");
}

/* With so many services, in a new folder that goes with the world; or in the folder given,
 * which stays and is used as it is when it holds a database. */
static inline struct world *
world_new_in(const char *folder, unsigned n_services)
{
    struct world *w = calloc(1, sizeof(*w));
    struct territory_load_counts counts;
    if (!w)
        abort();
    snprintf(w->folder, sizeof(w->folder), "%s", folder ? folder : "/tmp/regia-finder-XXXXXX");
    w->kept = folder != NULL;
    if (!w->kept && !mkdtemp(w->folder))
        abort();
    world_store(w);
    int64_t before;
    world_must(w, store_head(&w->ctx, &before), "head");
    if (before == 0)
        world_must(w, territory_load(&w->ctx, "packs/torino", &counts), "pack");
    world_must(w, territory_live_new(&w->ctx, &w->territory), "territory");
    world_model(w);
    if (before == 0)
        world_services(w, n_services);
    world_ready(w);
    return w;
}

static inline struct world *
world_new(unsigned n_services)
{
    return world_new_in(NULL, n_services);
}

static inline void
world_free(struct world *w)
{
    char command[128];
    web_stop(w->server);
    finder_thread_done();
    finder_catalogue_close(w->catalogue);
    finder_model_free(w->model);
    territory_live_free(w->territory);
    store_session_end(&w->ctx);
    store_close(w->store);
    rg_ctx_done(&w->ctx);
    snprintf(command, sizeof(command), "rm -rf %s", w->folder);
    if (!w->kept && system(command) != 0)
        fprintf(stderr, "left behind: %s\n", w->folder);
    free(w);
}

#endif
