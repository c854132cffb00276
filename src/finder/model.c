/* The frozen model: built from a corpus, trained or taken from kept bytes, asked for its parts. */
#include "finder/finder_priv.h"
#include <math.h>
#include <stdlib.h>

enum {
    TRAINED_VERSION = 7, /* of the bytes: one more whenever features or training change */
    SAMPLES_MAX = FINDER_EXAMPLES_MAX + FINDER_NEEDS_MAX * 64,
};

/* How much even_out takes out. Set on the sets of tests/finder and the held-back queries: of 0,
 * 0.2, 0.4 and 0.6 the most that cost no recall of danger.                                    */
static const float even_share = 0.2f;

/* Needs whose priority 1 lines are shown whenever they are understood (taxonomy README). */
static const char *const always_urgent[] = {"tutela.violenza_donne", "famiglia.tutela",
    "psiche.crisi", "tutela.tratta", "tutela.fragili", "accesso.urgenza"};

void
model_words(const struct finder_model *m, struct search_analyser *an, enum search_lang lang,
           struct str text, struct words *ret)
{
    words_of(an, lang, text, ret);
    ret->n_concepts = patterns_match(m->lexicon, ret, ret->concepts, CONCEPTS_MAX);
}

/* ---- building ---------------------------------------------------------------------------- */

struct gather {
    const struct finder_model *model;
    struct search_analyser *an;
    struct words words;
    struct features one;
    struct sample *samples;
    size_t n_samples, samples_max;
    struct feature *features;
    size_t n_features, features_cap;
    uint32_t *seen;        /* how many samples hold the bucket */
    uint32_t *last;        /* sample that counted it last, plus one */
    bool failed;
};

static void
gather_text(struct gather *g, enum search_lang lang, struct str text, size_t class,
            enum danger_label danger)
{
    if (g->failed || g->n_samples == g->samples_max || str_trim(text).n == 0)
        return;
    model_words(g->model, g->an, lang, text, &g->words);
    features_of(&g->words, NULL, &g->one);
    if (g->one.n == 0)
        return;
    if (g->n_features + g->one.n > g->features_cap) {
        size_t cap = g->features_cap ? g->features_cap * 2 : 1 << 18;
        struct feature *more = realloc(g->features, cap * sizeof(*more));
        if (!more) {
            g->failed = true;
            return;
        }
        g->features = more;
        g->features_cap = cap;
    }
    g->samples[g->n_samples++] = (struct sample){(uint32_t)g->n_features, (uint32_t)g->one.n,
                                                 (uint16_t)class, (uint8_t)danger};
    for (size_t i = 0; i < g->one.n; i++) {
        struct feature f = g->one.at[i];
        g->features[g->n_features++] = f;
        if (g->last[f.bucket] != g->n_samples) {
            g->last[f.bucket] = (uint32_t)g->n_samples;
            g->seen[f.bucket]++;
        }
    }
}

/* A need that is always urgent tells danger by its very name. */
static enum danger_label
danger_of_need(const struct finder_model *m, size_t need)
{
    return m->is_urgent[need] ? DANGER_PRESENT : DANGER_NONE;
}

static void
gather_need(struct gather *g, const struct finder_need *need, size_t class)
{
    enum danger_label danger = danger_of_need(g->model, class);
    gather_text(g, SEARCH_IT, need->label[RG_IT], class, danger);
    gather_text(g, SEARCH_FR, need->label[RG_FR], class, danger);
    gather_text(g, SEARCH_EN, need->label[RG_EN], class, danger);
    gather_text(g, SEARCH_IT, need->description, class, danger);
    for (int lang = 0; lang < RG_LANG__MAX; lang++) {
        struct str rest = need->synonyms[lang], one;
        while (rest.n && str_cut(&rest, '|', &one))
            gather_text(g, (enum search_lang)lang, one, class, danger);
    }
}

/* What the pack says of a sentence; where it says nothing, what its need says, unless the patterns
 * see danger in it: then nobody knows.                                                        */
static void
gather_example(struct gather *g, const struct finder_example *e)
{
    const struct finder_model *m = g->model;
    enum finder_lang lang = FINDER_IT;
    size_t class = m->n_needs;
    lang_of_tag(e->lang, &lang);
    if (e->code.n && !finder_need_find(m, e->code, &class))
        return;
    enum danger_label danger = class < m->n_needs ? danger_of_need(m, class) : DANGER_NONE;
    if (str_is(e->danger, "1"))
        danger = DANGER_PRESENT;
    else if (str_is(e->danger, "0"))
        danger = DANGER_NONE;
    else if (danger == DANGER_NONE && danger_tells(m->danger, g->an, &g->words, e->text))
        danger = DANGER_UNKNOWN;
    gather_text(g, lang_analysis(lang), e->text, class, danger);
}

/* idf of a bucket, and with it the final values: length 1 again. */
static void
weigh(struct gather *g, float *idf)
{
    for (size_t b = 0; b < BUCKETS; b++)
        idf[b] = logf((float)(g->n_samples + 1) / (float)(g->seen[b] + 1)) + 0.5f;
    for (size_t s = 0; s < g->n_samples; s++) {
        struct feature *f = g->features + g->samples[s].first;
        float sum = 0;
        for (uint32_t i = 0; i < g->samples[s].n; i++) {
            f[i].value *= idf[f[i].bucket];
            sum += f[i].value * f[i].value;
        }
        float scale = 1.0f / sqrtf(sum);
        for (uint32_t i = 0; i < g->samples[s].n; i++)
            f[i].value *= scale;
    }
}

/* The area of each class; "not a need" is an area of its own. */
static void
areas_of(const struct finder_model *m, uint8_t *ret)
{
    for (size_t i = 0; i < m->n_needs; i++) {
        ret[i] = (uint8_t)m->n_areas; /* a parent that is no row of the file */
        for (size_t a = 0; a < m->n_areas; a++)
            if (str_eq(m->areas[a].code, m->needs[i].parent))
                ret[i] = (uint8_t)a;
    }
    ret[m->n_needs] = (uint8_t)m->n_areas;
}

/* Of some needs there are ten times as many sentences as of others, written for the sake of danger:
 * that is no sign of how often people ask for them, and is taken out of what is learned.      */
static void
even_out(const struct gather *g, struct trained *t)
{
    size_t n_of[CLASSES_MAX] = {0}, n_needs = t->n_classes - 2;
    for (size_t i = 0; i < g->n_samples; i++)
        n_of[g->samples[i].class]++;
    for (size_t c = 0; c < n_needs; c++)
        t->bias[c] -= even_share * logf((float)(n_of[c] + 1) * (float)n_needs /
                                        (float)(g->n_samples - n_of[n_needs] + n_needs));
}

static bool
learn(struct finder_model *m, const struct finder_corpus *corpus)
{
    struct gather *g = calloc(1, sizeof(*g));
    if (!g)
        return false;
    g->model = m;
    g->an = search_analyser_new();
    g->samples_max = SAMPLES_MAX;
    g->samples = calloc(SAMPLES_MAX, sizeof(*g->samples));
    g->seen = calloc(BUCKETS, sizeof(*g->seen));
    g->last = calloc(BUCKETS, sizeof(*g->last));
    bool ok = g->an && g->samples && g->seen && g->last;
    for (size_t i = 0; ok && i < m->n_needs; i++)
        gather_need(g, &corpus->needs[i], i);
    for (size_t i = 0; ok && i < corpus->n_examples; i++)
        gather_example(g, &corpus->examples[i]);
    ok = ok && !g->failed;
    if (ok) {
        weigh(g, m->trained.idf);
        uint8_t area_of[CLASSES_MAX];
        areas_of(m, area_of);
        ok = train(&m->trained, g->samples, g->n_samples, g->features, area_of);
        even_out(g, &m->trained);
    }
    search_analyser_free(g->an);
    free(g->samples);
    free(g->features);
    free(g->seen);
    free(g->last);
    free(g);
    return ok;
}

static uint64_t
fold_hash(uint64_t h, struct str s)
{
    return (h ^ str_hash(s)) * 0x9E3779B97F4A7C15u + 1;
}

static uint64_t
corpus_hash(const struct finder_corpus *c)
{
    uint64_t h = TRAINED_VERSION;
    for (size_t i = 0; i < c->n_needs; i++) {
        h = fold_hash(fold_hash(h, c->needs[i].code), c->needs[i].description);
        for (int l = 0; l < RG_LANG__MAX; l++)
            h = fold_hash(fold_hash(h, c->needs[i].label[l]), c->needs[i].synonyms[l]);
    }
    for (size_t i = 0; i < c->n_examples; i++)
        h = fold_hash(fold_hash(fold_hash(fold_hash(h, c->examples[i].code), c->examples[i].lang),
                                c->examples[i].text), c->examples[i].danger);
    for (size_t i = 0; i < c->n_patterns; i++) /* they decide of which sentences nobody knows */
        h = fold_hash(fold_hash(h, c->patterns[i].code), c->patterns[i].words);
    for (size_t i = 0; i < c->n_concepts; i++)
        for (int l = 0; l < FINDER_LANG__MAX; l++)
            h = fold_hash(h, c->concepts[i].words[l]);
    return h;
}

/* The bytes of a trained part: this head, then idf, row_scale, bias, weights. Native byte order:
 * the file belongs to the machine that wrote it, as does every cache of Regia.               */
struct head {
    uint32_t magic, version, n_classes, buckets;
    uint64_t corpus, check;
};

static size_t
body_bytes(const struct trained *t)
{
    return (2 * BUCKETS + t->stride) * sizeof(float) + BUCKETS * t->stride;
}

static bool
trained_read(struct finder_model *m, struct str bytes)
{
    struct head head;
    struct trained *t = &m->trained;
    if (bytes.n != sizeof(head) + body_bytes(t))
        return false;
    memcpy(&head, bytes.p, sizeof(head));
    struct str body = str_n(bytes.p + sizeof(head), bytes.n - sizeof(head));
    if (head.magic != MODEL_MAGIC || head.version != TRAINED_VERSION ||
        head.n_classes != t->n_classes || head.buckets != BUCKETS ||
        head.corpus != m->corpus_hash || head.check != str_hash(body))
        return false;
    const char *p = body.p;
    memcpy(t->idf, p, BUCKETS * sizeof(float));
    p += BUCKETS * sizeof(float);
    memcpy(t->row_scale, p, BUCKETS * sizeof(float));
    p += BUCKETS * sizeof(float);
    memcpy(t->bias, p, t->stride * sizeof(float));
    p += t->stride * sizeof(float);
    memcpy(t->weights, p, BUCKETS * t->stride);
    return true;
}

void
finder_model_trained(const struct finder_model *m, struct rg_buf *out)
{
    const struct trained *t = &m->trained;
    struct rg_buf body;
    rg_buf_init(&body, body_bytes(t) + 1);
    rg_buf_add(&body, t->idf, BUCKETS * sizeof(float));
    rg_buf_add(&body, t->row_scale, BUCKETS * sizeof(float));
    rg_buf_add(&body, t->bias, t->stride * sizeof(float));
    rg_buf_add(&body, t->weights, BUCKETS * t->stride);
    struct head head = {.magic = MODEL_MAGIC, .version = TRAINED_VERSION,
        .n_classes = (uint32_t)t->n_classes, .buckets = BUCKETS, .corpus = m->corpus_hash,
        .check = str_hash(rg_buf_view(&body))};
    rg_buf_add(out, &head, sizeof(head));
    rg_buf_str(out, rg_buf_view(&body));
    out->failed |= body.failed;
    rg_buf_done(&body);
}

bool
line_is_for(const struct finder_line *line, struct str code, uint64_t situation)
{
    struct str codes = line->codes, situations = line->situations, one;
    bool is = false;
    while (!is && str_cut(&codes, '|', &one))
        is = str_eq(one, code);
    if (!is || situations.n == 0)
        return is;
    while (str_cut(&situations, '|', &one))
        if (str_hash(one) == situation)
            return true;
    return false;
}

static const struct finder_name *
name_of(const struct finder_corpus *c, struct str code)
{
    for (size_t i = 0; i < c->n_names; i++)
        if (str_eq(c->names[i].code, code))
            return &c->names[i];
    return NULL;
}

static void
copy_names(struct finder_model *m, const struct finder_name *name, struct str own[FINDER_LANG__MAX])
{
    for (int l = 0; name && l < FINDER_LANG__MAX; l++)
        if (name->in[l].n)
            own[l] = rg_arena_str(m->arena, name->in[l]);
}

static bool
copy_texts(struct finder_model *m, const struct finder_corpus *c)
{
    m->arena = rg_arena_new(4 << 20);
    m->needs = m->arena ? RG_ARRAY(m->arena, struct finder_need, c->n_needs) : NULL;
    m->lines = m->arena ? RG_ARRAY(m->arena, struct finder_line, c->n_lines) : NULL;
    m->areas = m->arena ? RG_ARRAY(m->arena, struct finder_area, c->n_areas) : NULL;
    m->is_urgent = m->arena ? RG_ARRAY(m->arena, bool, c->n_needs) : NULL;
    m->has_lines = m->arena ? RG_ARRAY(m->arena, bool, c->n_needs) : NULL;
    if (!m->needs || !m->areas || !m->lines || !m->is_urgent || !m->has_lines)
        return false;
    m->n_needs = c->n_needs;
    m->n_lines = c->n_lines;
    m->n_areas = c->n_areas;
    for (size_t i = 0; i < c->n_areas; i++) {
        const struct finder_area *a = &c->areas[i];
        m->areas[i] = (struct finder_area){.code = rg_arena_str(m->arena, a->code),
                                           .description = rg_arena_str(m->arena, a->description)};
        for (int l = 0; l < RG_LANG__MAX; l++)
            m->areas[i].label[l] = rg_arena_str(m->arena, a->label[l]);
    }
    for (size_t i = 0; i < c->n_needs; i++) {
        const struct finder_need *n = &c->needs[i];
        m->needs[i] = (struct finder_need){.code = rg_arena_str(m->arena, n->code),
            .parent = rg_arena_str(m->arena, n->parent),
            .description = rg_arena_str(m->arena, n->description),
            .targets = rg_arena_str(m->arena, n->targets)};
        for (int l = 0; l < RG_LANG__MAX; l++)
            m->needs[i].label[l] = rg_arena_str(m->arena, n->label[l]);
        copy_names(m, name_of(c, n->code), m->needs[i].own);
        for (size_t k = 0; k < RG_COUNT(always_urgent); k++)
            m->is_urgent[i] |= str_eq(n->code, str_of(always_urgent[k]));
    }
    for (size_t i = 0; i < c->n_lines; i++) {
        const struct finder_line *l = &c->lines[i];
        m->lines[i] = (struct finder_line){.number = rg_arena_str(m->arena, l->number),
            .for_whom = rg_arena_str(m->arena, l->for_whom),
            .hours = rg_arena_str(m->arena, l->hours), .check = rg_arena_str(m->arena, l->check),
            .codes = rg_arena_str(m->arena, l->codes),
            .situations = rg_arena_str(m->arena, l->situations), .priority = l->priority};
        for (int k = 0; k < RG_LANG__MAX; k++)
            m->lines[i].name[k] = rg_arena_str(m->arena, l->name[k]);
        copy_names(m, name_of(c, l->number), m->lines[i].own);
        for (size_t k = 0; k < m->n_needs; k++)
            m->has_lines[k] |= l->priority == 1 && line_is_for(l, m->needs[k].code, 0);
    }
    return !rg_arena_overflowed(m->arena);
}

enum rg_err
finder_model_build(struct rg_ctx *ctx, const struct finder_corpus *corpus, struct str trained,
                   struct finder_model **ret_model)
{
    RG_ASSERT(corpus->n_needs > 0 && corpus->n_needs <= FINDER_NEEDS_MAX);
    struct finder_model *m = calloc(1, sizeof(*m));
    if (!m)
        return RG_NO_MEMORY(ctx);
    m->magic = MODEL_MAGIC;
    bool ok = copy_texts(m, corpus) && (m->lang = lang_model_new(corpus)) &&
              (m->danger = danger_new(corpus)) &&
              (m->lexicon = lexicon_new(corpus)) &&
              (m->facts = facts_new()) &&
              (m->spelling = spelling_new(corpus)) && trained_alloc(&m->trained, m->n_needs + 2);
    if (ok) {
        m->corpus_hash = corpus_hash(corpus);
        if (!trained_read(m, trained)) {
            m->was_trained = true;
            ok = learn(m, corpus);
        }
    }
    if (!ok) {
        finder_model_free(m);
        return RG_NO_MEMORY(ctx);
    }
    *ret_model = m;
    return RG_OK;
}

struct finder_model *
finder_model_free(struct finder_model *m)
{
    if (!m)
        return NULL;
    RG_ASSERT(m->magic == MODEL_MAGIC);
    m->magic = 0;
    lang_model_free(m->lang);
    danger_free(m->danger);
    patterns_free(m->lexicon);
    patterns_free(m->facts);
    spelling_free(m->spelling);
    trained_done(&m->trained);
    rg_arena_free(m->arena);
    free(m);
    return NULL;
}

bool
finder_model_was_trained(const struct finder_model *m)
{
    return m->was_trained;
}

size_t
finder_model_needs(const struct finder_model *m)
{
    return m->n_needs;
}

struct str
finder_need_code(const struct finder_model *m, size_t need_ix)
{
    RG_ASSERT(need_ix < m->n_needs);
    return m->needs[need_ix].code;
}

struct str
finder_need_label(const struct finder_model *m, size_t need_ix, enum rg_lang lang)
{
    RG_ASSERT(need_ix < m->n_needs && lang < RG_LANG__MAX);
    return m->needs[need_ix].label[lang];
}

struct str
finder_need_name(const struct finder_model *m, size_t need_ix, enum finder_lang lang)
{
    RG_ASSERT(need_ix < m->n_needs && lang < FINDER_LANG__MAX);
    const struct finder_need *need = &m->needs[need_ix];
    for (enum rg_lang l = 0; l < RG_LANG__MAX; l++)
        if (strcmp(rg_lang_tag(l), finder_lang_tag(lang)) == 0)
            return need->label[l];
    return need->own[lang].p ? need->own[lang] : STR("");
}

bool
finder_need_find(const struct finder_model *m, struct str code, size_t *ret_need_ix)
{
    for (size_t i = 0; i < m->n_needs; i++)
        if (str_eq(m->needs[i].code, code)) {
            *ret_need_ix = i;
            return true;
        }
    return false;
}

bool
finder_need_is_urgent(const struct finder_model *m, size_t need_ix)
{
    RG_ASSERT(need_ix < m->n_needs);
    return m->is_urgent[need_ix];
}

const struct finder_need *
finder_model_need(const struct finder_model *m, size_t need_ix)
{
    RG_ASSERT(need_ix < m->n_needs);
    return &m->needs[need_ix];
}

const struct finder_area *
finder_model_areas(const struct finder_model *m, size_t *ret_n)
{
    *ret_n = m->n_areas;
    return m->areas;
}

const struct finder_line *
finder_model_lines(const struct finder_model *m, size_t *ret_n)
{
    *ret_n = m->n_lines;
    return m->lines;
}
