#include "finder/load.h"
#include "finder_sql.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    FILE_MAX = 8 * 1024 * 1024,
    TRAINED_MAX = 16 * 1024 * 1024,
    MODEL_ARENA = 256 * 1024 * 1024
};

static const struct {
    const char *name, *path;
    bool may_lack;
} texts[] = {{"needs", "needs.csv", false},
             {"emergencies", "emergencies.csv", false},
             {"examples", "finder/examples.csv", false},
             {"danger", "finder/danger.csv", false},
             {"lexicon", "finder/lexicon.csv", true},
             {"names", "finder/names.csv", true}};

enum { TEXTS = 6 };
_Static_assert(RG_COUNT(texts) == TEXTS, "bodies are as many as texts");

/* What stands for a text that a pack may lack: its header, and no row. */
static const char no_lexicon[] = "concept,it,fr,en,ro,es,sq,ar,zh\n";
static const char no_names[] = "code\n";

/* Before any pack is loaded: the first door and the one number that holds everywhere. */
static const char *const empty[] = {
    "code,level,parent,label_it,label_en,label_fr,description_it,synonyms_it,targets\n"
    "accesso,1,,Informazioni,Information,Informations,Primo punto di contatto.,,\n"
    "accesso.sportello,2,accesso,Sportello sociale,Social help desk,Guichet social,"
    "Ascolto e orientamento.,sportello sociale|assistente sociale,famiglie\n",
    "number,name_it,name_en,name_fr,for_whom_it,hours_it,priority,trigger_codes,check\n"
    "112,Numero unico di emergenza,Emergency number,Numéro d'urgence,Pericolo immediato.,"
    "24 ore su 24,1,accesso.sportello,certo\n",
    "code,lang,text\naccesso.sportello,it,sportello sociale\n,it,ricetta della pizza\n",
    "situation,code,lang,words\nincendio,accesso.sportello,it,incendio\n",
    no_lexicon, no_names};
_Static_assert(RG_COUNT(empty) == RG_COUNT(texts), "an empty table for each");

static enum rg_err
read_whole(struct rg_ctx *ctx, const char *path, size_t max, struct str *ret)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf text;
    enum rg_file told = rg_file_read(path, max, &text, NULL);
    if (told == RG_FILE_ABSENT || told == RG_FILE_UNREADABLE)
        return RG_FAIL(ctx, told == RG_FILE_ABSENT ? RG_ABSENT : RG_BROKEN, "finder.no_file",
                       "file", path);
    *ret = told == RG_FILE_READ ? rg_arena_str(ctx->arena, rg_buf_view(&text)) : STR_NONE;
    return ret->p                        ? RG_OK
           : told == RG_FILE_NO_MEMORY ? RG_NO_MEMORY(ctx)
                                         : RG_FAIL(ctx, RG_LIMIT, "base.too_much");
}

/* A UUID (version 8) of a name that never changes. */
static const char *
uid_of(struct rg_ctx *ctx, const char *kind, struct str name)
{
    const struct str parts[] = {str_of(kind), STR("\0"), name};
    return rg_uuid_of(ctx->arena, parts, RG_COUNT(parts)).p;
}

static void
member(struct rg_jw *jw, const char *key, struct str value)
{
    if (!value.n)
        return;
    rg_jw_key(jw, key);
    rg_jw_str(jw, value);
}

static enum rg_err
put_doc(struct rg_ctx *ctx, int64_t source, enum network_kind kind, struct str uid,
        struct str key, struct str taxonomy_uid, const struct rg_buf *doc)
{
    enum network_put put;
    int64_t id;
    if (doc->failed)
        return RG_NO_MEMORY(ctx);
    const struct network_record record = {.kind = kind,
                                          .uid = uid,
                                          .source_key = key,
                                          .doc = rg_buf_view(doc),
                                          .taxonomy_uid = taxonomy_uid};
    return network_put(ctx, NULL, source, &record, &put, &id);
}

static enum rg_err
put_taxonomy(struct rg_ctx *ctx, int64_t source, struct str uid)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf doc;
    struct rg_jw jw;
    rg_buf_init(&doc, 4096);
    rg_jw_init(&jw, &doc);
    rg_jw_object(&jw);
    member(&jw, "id", uid);
    member(&jw, "name", STR("Bisogni e servizi"));
    member(&jw, "description", STR("Di che cosa ha bisogno una persona, in parole semplici."));
    rg_jw_end_object(&jw);
    return put_doc(ctx, source, NETWORK_TAXONOMY, uid, STR("bisogni"), STR_NONE, &doc);
}

static enum rg_err
put_term(struct rg_ctx *ctx, int64_t source, struct str taxonomy,
         const struct finder_need *need)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf doc;
    struct rg_jw jw;
    const char *uid = uid_of(ctx, "bisogni", need->code);
    const char *parent = need->parent.n ? uid_of(ctx, "bisogni", need->parent) : "";
    if (!uid || !parent)
        return RG_NO_MEMORY(ctx);
    rg_buf_init(&doc, 64 * 1024);
    rg_jw_init(&jw, &doc);
    rg_jw_object(&jw);
    member(&jw, "id", str_of(uid));
    member(&jw, "code", need->code);
    member(&jw, "name", need->label[RG_IT]);
    rg_jw_key(&jw, "description");
    rg_jw_str(&jw, need->description.p ? need->description : STR(""));
    member(&jw, "parent_id", str_of(parent));
    member(&jw, "taxonomy", STR("bisogni"));
    member(&jw, "language", STR("it"));
    rg_jw_end_object(&jw);
    return put_doc(ctx, source, NETWORK_TAXONOMY_TERM, str_of(uid), need->code, taxonomy, &doc);
}

static enum rg_err
corpus_of(struct rg_ctx *ctx, const struct str bodies[TEXTS], struct finder_corpus *ret)
{
    struct finder_file files[TEXTS];
    for (size_t i = 0; i < TEXTS; i++)
        files[i] = (struct finder_file){texts[i].path, bodies[i]};
    enum rg_err err = finder_corpus_read(ctx, files[0], files[1], files[2], files[3], ret);
    if (err == RG_OK)
        err = finder_lexicon_read(ctx, files[4], ret);
    return err ? err : finder_names_read(ctx, files[5], ret);
}

static enum rg_err
load_inside(struct rg_ctx *ctx, const struct str bodies[TEXTS], const struct finder_corpus *corpus)
{
    const struct network_source source = {.name = STR("bisogni"),
                                          .title = STR("Tassonomia dei bisogni di Regia"),
                                          .licence = STR("CC BY 4.0")};
    int64_t source_id;
    enum rg_err err = RG_OK;
    for (size_t i = 0; i < RG_COUNT(texts) && err == RG_OK; i++)
        err = finder_sql_text_put(ctx, str_of(texts[i].name), bodies[i], ctx->now_s, NULL);
    if (err == RG_OK)
        err = network_source_put(ctx, &source, &source_id);
    const char *taxonomy = uid_of(ctx, "tassonomia", STR("bisogni"));
    if (err == RG_OK && !taxonomy)
        err = RG_NO_MEMORY(ctx);
    if (err == RG_OK)
        err = put_taxonomy(ctx, source_id, str_of(taxonomy));
    for (size_t i = 0; i < corpus->n_needs && err == RG_OK; i++)
        err = put_term(ctx, source_id, str_of(taxonomy), &corpus->needs[i]);
    return err;
}

enum rg_err
finder_load(struct rg_ctx *ctx, const char *folder, size_t *ret_n_needs)
{
    struct str bodies[TEXTS];
    struct finder_corpus corpus;
    enum rg_err err = sodium_init() >= 0 ? RG_OK : RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    for (size_t i = 0; i < RG_COUNT(texts) && err == RG_OK; i++) {
        const char *path = rg_arena_printf(ctx->arena, "%s/%s", folder, texts[i].path);
        err = path ? read_whole(ctx, path, FILE_MAX, &bodies[i]) : RG_NO_MEMORY(ctx);
        if (err == RG_ABSENT && texts[i].may_lack) {
            rg_story_clear(ctx);
            bodies[i] = str_of(empty[i]);
            err = RG_OK;
        }
    }
    if (err == RG_OK)
        err = corpus_of(ctx, bodies, &corpus);
    if (err != RG_OK)
        return err;
    err = store_write_begin(ctx, "load pack: needs");
    if (err == RG_OK)
        err = load_inside(ctx, bodies, &corpus);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    if (err == RG_OK)
        *ret_n_needs = corpus.n_needs;
    return err;
}

/* ---- the model ---- */

/* Keep the trained part for the next start. What cannot be kept is only slower. */
static void
cache_write(const struct finder_model *model, const char *path)
{
    char partial[4096];
    struct rg_buf bytes;
    rg_buf_init(&bytes, TRAINED_MAX);
    finder_model_trained(model, &bytes);
    int n = snprintf(partial, sizeof(partial), "%s.%d", path, (int)getpid());
    FILE *f = bytes.failed || n < 0 || n >= (int)sizeof(partial) ? NULL : fopen(partial, "wb");
    if (f) {
        bool ok = fwrite(bytes.p, 1, bytes.n, f) == bytes.n;
        ok = fclose(f) == 0 && ok;
        if (!ok || rename(partial, path) != 0)
            unlink(partial);
    }
    rg_buf_done(&bytes);
}

static enum rg_err
model_from_store(struct rg_ctx *ctx, const char *cache, struct finder_model **ret_model)
{
    struct str bodies[TEXTS], trained = STR_NONE;
    struct finder_corpus corpus;
    enum rg_err err = RG_OK;
    for (size_t i = 0; i < RG_COUNT(texts) && err == RG_OK; i++) {
        struct finder_sql_text_find_row row;
        bool found;
        err = finder_sql_text_find(ctx, str_of(texts[i].name), &found, &row);
        if (err == RG_OK)
            bodies[i] = found ? row.body : str_of(empty[i]);
    }
    if (err == RG_OK)
        err = corpus_of(ctx, bodies, &corpus);
    if (err != RG_OK)
        return err;
    if (read_whole(ctx, cache, TRAINED_MAX, &trained) != RG_OK)
        rg_story_clear(ctx);
    err = finder_model_build(ctx, &corpus, trained, ret_model);
    if (err == RG_OK && finder_model_was_trained(*ret_model))
        cache_write(*ret_model, cache);
    return err;
}

enum rg_err
finder_model_open(struct rg_ctx *ctx, const char *cache, struct finder_model **ret_model)
{
    struct rg_arena *asked = ctx->arena;
    ctx->arena = rg_arena_new(MODEL_ARENA);
    enum rg_err err = ctx->arena ? model_from_store(ctx, cache, ret_model)
                                 : RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    rg_arena_free(ctx->arena);
    ctx->arena = asked;
    return err;
}
