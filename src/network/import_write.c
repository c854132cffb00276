/* Events of the intake become records, a batch at a time. */
#include "network/import.h"
#include "network_sql.h"
#include <stdio.h>
#include <stdlib.h>

void (*import_after_batch)(uint64_t n_batches);

enum pass { PASS_SCAN, PASS_WRITE, PASS_LINK };
enum outcome { N_ADDED, N_CHANGED, N_SAME, N_REJECTED, N_OUTCOMES };

struct taken { /* a record of the batch, copied */
    struct network_record record;
    struct str file;
    uint64_t line, event;
    bool again, embedded;
    bool counted; /* in the link pass: what became of it is counted already */
};

struct last { /* a record not yet taken: which event has most of it */
    char uid[36];
    uint32_t kind_1; /* kind + 1; 0: a free place */
    uint64_t event;
};

struct import {
    struct rg_ctx *ctx;
    struct jobs_run *run;
    const struct network_import *what;
    const struct territory_model *territory;
    const char *reason;
    int64_t source_id;
    bool stamped; /* the source says when it was imported */

    enum pass pass;
    uint64_t event;  /* number of the event at hand                 */
    uint64_t done;   /* events before this one are in the store     */
    struct intake_progress progress;
    uint64_t n_batches;
    bool stop;       /* a person asked, or the server stops         */

    int64_t n[NETWORK_KIND__MAX][N_OUTCOMES];
    int64_t n_problems[INTAKE_SEVERITY__MAX];

    struct rg_arena *batch, *keep;
    struct taken records[IMPORT_BATCH];
    struct jobs_problem problems[IMPORT_BATCH];
    size_t n_records, n_told;

    struct last *lasts;
    size_t n_lasts, lasts_cap;

    uint64_t *open; /* events to be put again: number * 2 + 1 if it was counted already; sorted
                       for the link pass                                                    */
    size_t n_open, open_cap, open_at;
    bool open_lost; /* found before a restart: then every record that may be one is put again */

    struct network_uids *uids;
    int64_t seq; /* of our last batch */
};

/* ---- records that wait for a fuller form ---- */

static struct last *
last_place(struct last *table, size_t cap, enum network_kind kind, struct str uid)
{
    uint64_t h = (str_hash(uid) + (uint64_t)kind) * 0x9E3779B97F4A7C15u;
    for (size_t i = (size_t)(h >> 16) & (cap - 1);; i = (i + 1) & (cap - 1))
        if (!table[i].kind_1 || (table[i].kind_1 == kind + 1u &&
                                 memcmp(table[i].uid, uid.p, sizeof(table[i].uid)) == 0))
            return &table[i];
}

static enum rg_err
last_note(struct import *imp, enum network_kind kind, struct str uid, uint64_t event)
{
    if ((imp->n_lasts + 1) * 4 > imp->lasts_cap * 3) {
        size_t cap = imp->lasts_cap ? imp->lasts_cap * 2 : 1024;
        struct last *table = RG_ARRAY(imp->keep, struct last, cap);
        if (!table)
            return RG_NO_MEMORY(imp->ctx);
        for (size_t i = 0; i < imp->lasts_cap; i++) {
            const struct last *old = &imp->lasts[i];
            if (old->kind_1)
                *last_place(table, cap, (enum network_kind)(old->kind_1 - 1),
                            str_n(old->uid, sizeof(old->uid))) = *old;
        }
        imp->lasts = table;
        imp->lasts_cap = cap;
    }
    struct last *last = last_place(imp->lasts, imp->lasts_cap, kind, uid);
    imp->n_lasts += last->kind_1 == 0;
    memcpy(last->uid, uid.p, sizeof(last->uid));
    last->kind_1 = kind + 1u;
    last->event = event;
    return RG_OK;
}

/* The event that has most of a record which waits, or NULL. */
static struct last *
last_find(const struct import *imp, enum network_kind kind, struct str uid)
{
    if (!imp->n_lasts)
        return NULL;
    struct last *last = last_place(imp->lasts, imp->lasts_cap, kind, uid);
    return last->kind_1 ? last : NULL;
}

/* ---- open links ---- */

static enum rg_err
open_add(struct import *imp, uint64_t event, bool counted)
{
    if (imp->n_open == imp->open_cap) {
        size_t cap = imp->open_cap ? imp->open_cap * 2 : 1024;
        uint64_t *open = RG_ARRAY(imp->keep, uint64_t, cap);
        if (!open)
            return RG_NO_MEMORY(imp->ctx);
        if (imp->n_open)
            memcpy(open, imp->open, imp->n_open * sizeof(*open));
        imp->open = open;
        imp->open_cap = cap;
    }
    imp->open[imp->n_open++] = event * 2 + counted;
    return RG_OK;
}

static int
event_cmp(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* In the link pass events come in order, and so does the list. */
static bool
is_open(struct import *imp, enum network_kind kind, const struct intake_record *r, uint64_t event,
        bool *ret_counted)
{
    const struct last *last = last_find(imp, kind, r->id);
    if (last && last->event != event)
        return false;
    if (imp->open_lost) {
        *ret_counted = true;
        return r->embedded || kind == NETWORK_SERVICE_AT_LOCATION || kind == NETWORK_SERVICE ||
               kind == NETWORK_PROGRAM || kind == NETWORK_TAXONOMY_TERM;
    }
    while (imp->open_at < imp->n_open && imp->open[imp->open_at] / 2 < event)
        imp->open_at++;
    if (imp->open_at == imp->n_open || imp->open[imp->open_at] / 2 != event)
        return false;
    *ret_counted = imp->open[imp->open_at] % 2 != 0;
    return true;
}

/* ---- the position ---- */

static struct str
position_write(struct import *imp)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 4096);
    struct rg_jw jw;
    rg_jw_init(&jw, &out);
    rg_jw_object(&jw);
    rg_jw_key(&jw, "pass");
    rg_jw_i64(&jw, imp->pass);
    rg_jw_key(&jw, "done");
    rg_jw_i64(&jw, (int64_t)imp->done);
    rg_jw_key(&jw, "open");
    rg_jw_bool(&jw, imp->n_open > 0 || imp->open_lost);
    rg_jw_key(&jw, "counts");
    rg_jw_array(&jw);
    for (int k = 0; k < NETWORK_KIND__MAX; k++)
        for (int o = 0; o < N_OUTCOMES; o++)
            rg_jw_i64(&jw, imp->n[k][o]);
    for (int s = 0; s < INTAKE_SEVERITY__MAX; s++)
        rg_jw_i64(&jw, imp->n_problems[s]);
    rg_jw_end_array(&jw);
    rg_jw_end_object(&jw);
    return out.failed ? STR_NONE : rg_arena_str(imp->ctx->arena, rg_buf_view(&out));
}

static void
position_read(struct import *imp)
{
    const struct rg_jv *root;
    imp->pass = PASS_WRITE;
    if (!imp->run->position.n ||
        !rg_jv_parse(imp->ctx->arena, imp->run->position, &root))
        return;
    imp->pass = rg_jv_i64(rg_jv_get(root, "pass"), PASS_WRITE) == PASS_LINK ? PASS_LINK
                                                                             : PASS_WRITE;
    imp->done = (uint64_t)rg_jv_i64(rg_jv_get(root, "done"), 0);
    const struct rg_jv *open = rg_jv_get(root, "open"), *counts = rg_jv_get(root, "counts");
    imp->open_lost = open && open->kind == RG_JV_TRUE;
    const struct rg_jv *v = rg_jv_first(counts);
    for (uint32_t i = 0; counts && i < counts->n; i++, v = rg_jv_next(v)) {
        uint32_t kinds = NETWORK_KIND__MAX * N_OUTCOMES;
        if (i < kinds)
            imp->n[i / N_OUTCOMES][i % N_OUTCOMES] = rg_jv_i64(v, 0);
        else if (i < kinds + INTAKE_SEVERITY__MAX)
            imp->n_problems[i - kinds] = rg_jv_i64(v, 0);
    }
}

/* ---- writing a batch ---- */

/* The source is written when it is new or described anew, and with the first record that differs:
 * so importing the same again leaves no trace in the feed.                                   */
static enum rg_err
source_stamp(struct import *imp)
{
    imp->stamped = true;
    return network_source_put(imp->ctx, &imp->what->source, &imp->source_id);
}

static enum rg_err
source_settle(struct import *imp)
{
    const struct network_source *s = &imp->what->source;
    struct network_sql_source_find_row row;
    bool found;
    enum rg_err err = network_sql_source_find(imp->ctx, s->name, &found, &row);
    if (err != RG_OK)
        return err;
    if (!found || !str_eq(row.title, s->title) || !str_eq(row.licence, s->licence) ||
        !str_eq(row.url, s->url) || (row.synthetic != 0) != s->synthetic)
        return source_stamp(imp);
    imp->source_id = row.id;
    return RG_OK;
}

/* At the end of all, a link that leads nowhere: the record is not taken. */
static enum rg_err
tell_dangling(struct import *imp, const struct taken *t)
{
    bool there;
    enum rg_err err = network_uid_known(imp->ctx, NETWORK_SERVICE, t->record.service_uid, &there);
    if (err != RG_OK)
        return err;
    imp->n[t->record.kind][N_REJECTED]++;
    imp->n_problems[INTAKE_REJECTED]++;
    const struct jobs_problem p = {
        .severity = JOBS_REJECTED,
        .file = t->file,
        .line = t->line,
        .field = there ? STR("location_id") : STR("service_id"),
        .value = there ? t->record.location_uid : t->record.service_uid,
        .kind_key = "network.kind_service_at_location",
        .message_key = "network.import.dangling",
        .remedy_key = "network.import.dangling_remedy"};
    return jobs_tell(imp->ctx, imp->run, &p);
}

/* The source says something new of a record that a person corrected: somebody should look. */
static enum rg_err
tell_stands(struct import *imp, const struct taken *t)
{
    const struct rg_jv *doc;
    struct str name = rg_jv_parse(imp->ctx->arena, t->record.doc, &doc)
                          ? rg_jv_get_str(imp->ctx->arena, doc, "name")
                          : STR_NONE;
    imp->n_problems[INTAKE_NOTED]++;
    const struct jobs_problem p = {.severity = JOBS_NOTED,
                                   .file = t->file,
                                   .line = t->line,
                                   .field = STR(""),
                                   .value = name.n ? name : t->record.uid,
                                   .message_key = "network.import.stands",
                                   .remedy_key = "network.import.stands_remedy"};
    return jobs_tell(imp->ctx, imp->run, &p);
}

/* After a put that was not final: it comes again in the link pass, unless a fuller form does. */
static enum rg_err
put_later(struct import *imp, const struct taken *t, enum network_put put)
{
    enum rg_err err = open_add(imp, t->event, put != NETWORK_WAITING);
    return err == RG_OK && put == NETWORK_WAITING
               ? last_note(imp, t->record.kind, t->record.uid, t->event)
               : err;
}

/* Each record counts once, with what became of it in the end. */
static void
count(struct import *imp, const struct taken *t, enum network_put put, bool waited)
{
    static const enum outcome outcomes[] = {[NETWORK_SAME] = N_SAME, [NETWORK_ADDED] = N_ADDED,
                                            [NETWORK_CHANGED] = N_CHANGED,
                                            [NETWORK_STANDS] = N_SAME};
    bool due = imp->pass == PASS_WRITE ? !t->again || waited
               : imp->open_lost        ? put == NETWORK_ADDED ||
                                      (put == NETWORK_CHANGED && t->embedded)
                                       : !t->counted;
    if (due && put != NETWORK_WAITING)
        imp->n[t->record.kind][outcomes[put]]++;
}

/* A summary of a record that is here and says more does not change it before the input was read to
 * its end: mostly the fuller form follows, and then nothing has changed.                     */
static enum rg_err
put_one(struct import *imp, const struct taken *t)
{
    enum network_put put;
    int64_t id;
    bool open, first = imp->pass == PASS_WRITE;
    struct last *last = first && t->again ? last_find(imp, t->record.kind, t->record.uid) : NULL;
    if (last)
        last->event = t->event;
    struct rg_mark mark = rg_arena_mark(imp->ctx->arena);
    enum rg_err err = network_put_into(imp->ctx, imp->territory, imp->uids, imp->source_id,
                                       &t->record, first && t->embedded, &put, &id, &open);
    if (err == RG_OK && !imp->stamped && (put == NETWORK_ADDED || put == NETWORK_CHANGED))
        err = source_stamp(imp);
    if (err == RG_OK && put == NETWORK_WAITING && !first)
        err = tell_dangling(imp, t);
    if (err == RG_OK && put == NETWORK_STANDS)
        err = tell_stands(imp, t);
    if (err == RG_OK && first && (open || put == NETWORK_WAITING))
        err = put_later(imp, t, put);
    if (err == RG_OK)
        count(imp, t, put, last != NULL);
    rg_arena_release(imp->ctx->arena, mark);
    return err;
}

/* What others refer to goes first, so that within a batch no order of the input matters. */
static enum rg_err
put_all(struct import *imp)
{
    static const enum network_kind order[] = {NETWORK_TAXONOMY, NETWORK_TAXONOMY_TERM,
                                              NETWORK_ORGANIZATION, NETWORK_PROGRAM,
                                              NETWORK_LOCATION, NETWORK_SERVICE,
                                              NETWORK_SERVICE_AT_LOCATION};
    _Static_assert(RG_COUNT(order) == NETWORK_KIND__MAX, "every kind has its turn");
    for (size_t k = 0; k < RG_COUNT(order); k++)
        for (size_t i = 0; i < imp->n_records; i++) {
            if (imp->records[i].record.kind != order[k])
                continue;
            enum rg_err err = put_one(imp, &imp->records[i]);
            if (err != RG_OK)
                return err;
        }
    return RG_OK;
}

static enum rg_err
batch_inside(struct import *imp)
{
    int64_t seq = store_write_seq(imp->ctx);
    if (seq != imp->seq + 1) /* others wrote meanwhile: a remembered id may be gone */
        network_uids_clear(imp->uids);
    imp->seq = seq;
    enum rg_err err = imp->source_id ? RG_OK : source_settle(imp);
    if (err == RG_OK)
        err = put_all(imp);
    for (size_t i = 0; err == RG_OK && i < imp->n_told; i++)
        err = jobs_tell(imp->ctx, imp->run, &imp->problems[i]);
    if (err != RG_OK)
        return err;
    struct str position = position_write(imp);
    if (!position.p)
        return RG_NO_MEMORY(imp->ctx);
    const struct intake_progress *p = &imp->progress;
    uint64_t shown = imp->pass == PASS_LINK ? p->total : p->done;
    return jobs_step(imp->ctx, imp->run, position, (int64_t)(shown / 1024),
                     (int64_t)(p->total / 1024));
}

/* Write what was collected, and that everything before the next event is done. */
static enum rg_err
batch_flush(struct import *imp)
{
    struct rg_mark mark = rg_arena_mark(imp->ctx->arena);
    enum rg_err err = store_write_begin(imp->ctx, imp->reason);
    if (err != RG_OK)
        return err;
    err = batch_inside(imp);
    if (err == RG_OK)
        err = store_write_commit(imp->ctx);
    store_write_rollback(imp->ctx);
    rg_arena_release(imp->ctx->arena, mark);
    if (err != RG_OK)
        return err;
    imp->n_records = imp->n_told = 0;
    rg_arena_reset(imp->batch);
    imp->n_batches++;
    if (import_after_batch)
        import_after_batch(imp->n_batches);
    imp->stop = imp->run->cancelled;
    return imp->stop ? RG_BUSY : RG_OK; /* the error only ends the reading: see import_work */
}

static enum rg_err
batch_took(struct import *imp)
{
    imp->done = imp->event;
    return imp->n_records + imp->n_told >= IMPORT_BATCH ||
                   rg_arena_used(imp->batch) >= IMPORT_BATCH_BYTES
               ? batch_flush(imp)
               : RG_OK;
}

/* ---- the sink ---- */

static struct str
copied(struct import *imp, struct str s)
{
    return rg_arena_str(imp->batch, s);
}

static enum rg_err
tell(struct import *imp, const struct intake_problem *p)
{
    enum network_kind kind = import_kind_of_name(p->kind);
    imp->n_problems[p->severity] += (int64_t)p->count;
    if (p->severity == INTAKE_REJECTED && kind != NETWORK_KIND__MAX)
        imp->n[kind][N_REJECTED] += (int64_t)p->count;
    struct jobs_problem *told = &imp->problems[imp->n_told++];
    *told = import_problem(p);
    told->file = copied(imp, told->file);
    told->field = copied(imp, told->field);
    told->value = copied(imp, told->value);
    if (told->kind_key)
        told->kind_key = rg_arena_cstr(imp->batch, str_of(told->kind_key));
    return rg_arena_overflowed(imp->batch) ? RG_NO_MEMORY(imp->ctx) : batch_took(imp);
}

static enum rg_err
on_problem(void *user, struct rg_ctx *ctx, const struct intake_problem *p)
{
    struct import *imp = user;
    uint64_t event = imp->event++;
    return imp->pass == PASS_WRITE && event >= imp->done ? tell(imp, p) : RG_OK;
}

/* HSDS describes its own tables too: nothing of ours to keep, but not silently. */
static enum rg_err
tell_not_kept(struct import *imp, const struct intake_record *r)
{
    const struct intake_problem p = {.severity = INTAKE_NOTED,
                                     .key = "network.import.not_kept",
                                     .remedy_key = "network.import.not_kept_remedy",
                                     .file = r->file,
                                     .line = r->line,
                                     .kind = hsds_type_name(r->type),
                                     .value = r->name,
                                     .count = 1};
    return tell(imp, &p);
}

static struct taken
taken_of(struct import *imp, const struct intake_record *r, enum network_kind kind)
{
    return (struct taken){.record = {.kind = kind,
                                     .uid = copied(imp, r->id),
                                     .source_key = copied(imp, r->source_id),
                                     .doc = copied(imp, r->doc),
                                     .organization_uid = copied(imp, r->organization_id),
                                     .program_uid = copied(imp, r->program_id),
                                     .service_uid = copied(imp, r->service_id),
                                     .location_uid = copied(imp, r->location_id),
                                     .taxonomy_uid = copied(imp, r->taxonomy_id)},
                          .file = copied(imp, str_of(r->file)),
                          .line = r->line,
                          .again = r->again,
                          .embedded = r->embedded};
}

/* Where a record goes in the batch: in place of a poorer form of it, if that is still there. */
static struct taken *
batch_place(struct import *imp, const struct intake_record *r, enum network_kind kind)
{
    for (size_t i = 0; r->again && i < imp->n_records; i++)
        if (imp->records[i].record.kind == kind && str_eq(imp->records[i].record.uid, r->id))
            return &imp->records[i];
    struct taken *t = &imp->records[imp->n_records++];
    t->again = r->again;
    return t;
}

static enum rg_err
on_record(void *user, struct rg_ctx *ctx, const struct intake_record *r)
{
    struct import *imp = user;
    uint64_t event = imp->event++;
    enum network_kind kind = import_kind_of(r->type);
    bool ours = kind != NETWORK_KIND__MAX, counted = false;
    if (imp->pass == PASS_SCAN)
        return ours && r->again ? last_note(imp, kind, r->id, event) : RG_OK;
    if (event < imp->done)
        return RG_OK;
    if (!ours)
        return imp->pass == PASS_WRITE ? tell_not_kept(imp, r) : RG_OK;
    if (imp->pass == PASS_LINK && !is_open(imp, kind, r, event, &counted))
        return RG_OK;
    struct taken *t = batch_place(imp, r, kind);
    bool again = t->again; /* than those already counted: a form it replaces here was not */
    *t = taken_of(imp, r, kind);
    t->again = again;
    t->event = event;
    t->counted = counted;
    return rg_arena_overflowed(imp->batch) ? RG_NO_MEMORY(imp->ctx) : batch_took(imp);
}

static bool
is_known(void *user, enum hsds_type type, struct str id)
{
    struct import *imp = user;
    enum network_kind kind = import_kind_of(type);
    bool known = false;
    if (kind != NETWORK_KIND__MAX &&
        network_uid_known(imp->ctx, kind, id, &known) != RG_OK) {
        rg_story_clear(imp->ctx); /* told as dangling then: a look-up is not worth the import */
        return false;
    }
    return known;
}

/* ---- the whole ---- */

static enum rg_err
read_pass(struct import *imp, import_read *read)
{
    const struct intake_sink sink = {
        .user = imp, .record = on_record, .problem = on_problem, .known = is_known};
    struct intake_counts counts;
    imp->event = 0;
    imp->progress = (struct intake_progress){0};
    return read(imp->ctx, imp->what, &sink, &imp->progress, &counts);
}

static void
put_outcome(const struct import *imp)
{
    static const char *const kinds[NETWORK_KIND__MAX] = {
        [NETWORK_ORGANIZATION] = "organizations", [NETWORK_SERVICE] = "services",
        [NETWORK_LOCATION] = "locations", [NETWORK_SERVICE_AT_LOCATION] = "places",
        [NETWORK_PROGRAM] = "programs", [NETWORK_TAXONOMY] = "taxonomies",
        [NETWORK_TAXONOMY_TERM] = "terms"};
    static const char *const outcomes[N_OUTCOMES] = {"added", "changed", "same", "rejected"};
    static const char *const severities[INTAKE_SEVERITY__MAX] = {"noted", "repaired", "rejected"};
    struct rg_buf *out = &imp->run->outcome;
    struct rg_jw jw;
    char key[80];
    rg_jw_init(&jw, out);
    rg_jw_object(&jw);
    for (int k = 0; k < NETWORK_KIND__MAX; k++)
        for (int o = 0; o < N_OUTCOMES; o++)
            if (imp->n[k][o]) {
                snprintf(key, sizeof(key), "network.import.n_%s_%s", kinds[k], outcomes[o]);
                rg_jw_key(&jw, key);
                rg_jw_i64(&jw, imp->n[k][o]);
            }
    for (int s = 0; s < INTAKE_SEVERITY__MAX; s++) {
        snprintf(key, sizeof(key), "network.import.n_%s", severities[s]);
        rg_jw_key(&jw, key);
        rg_jw_i64(&jw, imp->n_problems[s]);
    }
    rg_jw_end_object(&jw);
}

/* After a restart it is no longer known which records wait: those given again are found anew. */
static enum rg_err
scan_pass(struct import *imp, import_read *read)
{
    imp->pass = PASS_SCAN;
    imp->n_lasts = imp->lasts_cap = 0;
    enum rg_err err = read_pass(imp, read);
    imp->pass = PASS_LINK;
    return err;
}

static enum rg_err
passes(struct import *imp, import_read *read)
{
    enum rg_err err = RG_OK;
    position_read(imp);
    if (imp->pass == PASS_WRITE) {
        err = read_pass(imp, read);
        if (err != RG_OK)
            return err;
        imp->done = imp->event;
        imp->progress.done = imp->progress.total;
        err = batch_flush(imp);
        if (err != RG_OK || (!imp->n_open && !imp->open_lost))
            return err;
        imp->pass = PASS_LINK;
        imp->done = 0;
    }
    if (imp->open_lost)
        err = scan_pass(imp, read);
    else
        qsort(imp->open, imp->n_open, sizeof(*imp->open), event_cmp);
    if (err == RG_OK)
        err = read_pass(imp, read);
    return err == RG_OK ? batch_flush(imp) : err;
}

enum rg_err
import_work(struct rg_ctx *ctx, struct jobs_run *run, const struct territory_model *territory,
            const struct network_import *what, import_read *read)
{
    struct rg_arena *keep = rg_arena_new(IMPORT_KEEP_MEMORY);
    struct rg_arena *batch = rg_arena_new(IMPORT_BATCH_MEMORY);
    struct import *imp = keep && batch ? RG_NEW(keep, struct import) : NULL;
    enum rg_err err = imp ? RG_OK : RG_NO_MEMORY(ctx);
    if (imp) {
        *imp = (struct import){.ctx = ctx,
                               .run = run,
                               .what = what,
                               .territory = territory,
                               .batch = batch,
                               .keep = keep,
                               .uids = RG_NEW(keep, struct network_uids),
                               .reason = rg_arena_printf(ctx->arena, "import %.*s",
                                                         STR_ARG(what->source.name))};
        err = imp->uids && imp->reason ? passes(imp, read) : RG_NO_MEMORY(ctx);
        if (imp->stop && err == RG_BUSY)
            err = RG_OK;
        put_outcome(imp);
    }
    rg_arena_free(batch);
    rg_arena_free(keep);
    return err;
}
