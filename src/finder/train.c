/* The trained part: multinomial logistic regression over hashed features.
 *
 * Stochastic gradient with a step per row that shrinks with the row's own past gradients (after
 * Duchi, Hazan and Singer 2011, one accumulator a row instead of one a weight: 220 KB instead of
 * 32 MB, no difference measured). Samples are visited in an order drawn from a fixed seed. The
 * weights are then kept as one byte each with one scale a row: 8 MB, and the answers of our
 * sentences do not change in the third decimal.                                               */
#include "finder/finder_priv.h"
#include <math.h>
#include <stdlib.h>

/* Of 24, 30, 36 and 48 rounds, by the figures of all sets of tests/finder: from 24 to 30 hit@1 goes
 * from 0.872 to 0.875, the rest costs more than it brings.                                    */
enum { EPOCHS = 30, AHEAD = 8 };

/* These set by the four-fold trial on our own sentences (score_bench -x 4). */
static const float step_first = 1.2f, step_last = 0.2f;
/* Of each sentence a fifth of the words is hidden, others at each visit: the model learns to do
 * with what remains, letter runs and concepts first. hit@1 0.629 without, 0.640 with.         */
static const float hidden_share = 0.2f;
/* What a need learns, the other needs of its area learn by a tenth: hit@3 0.762 to 0.768.     */
static const float area_share = 0.1f;
static const float danger_weight = 1.0f;

/* What one sample costs is all of the cost: compiled for speed and left unwatched even in debug
 * builds, where a training would otherwise take minutes. All walk exactly n floats of arrays that
 * trained_alloc and train sized by the same n, and buckets that features_of keeps in bounds.   */
#define HOT __attribute__((optimize("O3"), no_sanitize("address", "undefined"), noinline))

/* Where the machine has wide registers they are used; without fused steps, so that every machine
 * learns the same to the bit. Clang cannot have both attributes, and is for the fuzzers.      */
#if defined(__x86_64__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

HOT WIDE static void
add_scaled(float *restrict to, const float *restrict from, float by, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += by * from[i];
}

HOT static void
add_scaled_bytes(float *restrict to, const int8_t *restrict from, float by, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += by * (float)from[i];
}

bool
trained_alloc(struct trained *t, size_t n_classes)
{
    size_t stride = (n_classes + CLASSES_ALIGN - 1) / CLASSES_ALIGN * CLASSES_ALIGN;
    *t = (struct trained){.n_classes = n_classes, .stride = stride,
        .weights = calloc(BUCKETS, stride), .row_scale = calloc(BUCKETS, sizeof(float)),
        .idf = calloc(BUCKETS, sizeof(float)), .bias = calloc(stride, sizeof(float))};
    if (t->weights && t->row_scale && t->idf && t->bias)
        return true;
    trained_done(t);
    return false;
}

void
trained_done(struct trained *t)
{
    free(t->weights);
    free(t->row_scale);
    free(t->idf);
    free(t->bias);
    *t = (struct trained){0};
}

HOT static void
softmax(float *scores, size_t n)
{
    float most = scores[0], sum = 0;
    for (size_t i = 1; i < n; i++)
        most = scores[i] > most ? scores[i] : most;
    for (size_t i = 0; i < n; i++)
        sum += scores[i] = expf(scores[i] - most);
    for (size_t i = 0; i < n; i++)
        scores[i] /= sum;
}

static uint64_t
roll(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state;
}

static void
shuffle(uint32_t *order, size_t n, uint64_t *state)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)((roll(state) >> 33) % i);
        uint32_t keep = order[i - 1];
        order[i - 1] = order[j];
        order[j] = keep;
    }
}

struct learner {
    struct trained *t;
    const uint8_t *area_of;
    float *weights; /* BUCKETS rows of stride, in float */
    float *seen;    /* BUCKETS: sum of squared gradients */
    uint64_t dice;
    struct feature kept[FEATURES_MAX];
};

/* The features of the words that are not hidden this time, length 1 again. 0: all are hidden. */
HOT static uint32_t
hide_words(struct learner *l, const struct sample *s, const struct feature *f)
{
    uint64_t turn = roll(&l->dice);
    uint32_t n = 0;
    float sum = 0;
    for (uint32_t i = 0; i < s->n && n < FEATURES_MAX; i++) {
        uint64_t z = (turn ^ (f[i].word + 1u) * 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u;
        if ((float)(z >> 40 & 0xFFFF) / 65536.0f < hidden_share)
            continue;
        l->kept[n++] = f[i];
        sum += f[i].value * f[i].value;
    }
    float scale = sum > 0 ? 1.0f / sqrtf(sum) : 0;
    for (uint32_t i = 0; i < n; i++)
        l->kept[i].value *= scale;
    return n;
}

/* How far the chance of danger is from what was said of the sample. */
static float
danger_gradient(float score, uint8_t label)
{
    if (label == DANGER_UNKNOWN)
        return 0;
    float chance = 1.0f / (1.0f + expf(-score));
    return danger_weight * (chance - (label == DANGER_PRESENT));
}

/* The gradient of the scores: the chance of each class less what it should have been, and a
 * share of it to the neighbours of its area. Its squared length.                              */
HOT static float
gradient(const struct learner *l, float *p, size_t class, uint8_t danger)
{
    size_t n = l->t->n_classes - 1;
    p[n] = danger_gradient(p[n], danger);
    float of_area[FINDER_AREAS_MAX + 1] = {0}, size = p[n] * p[n];
    softmax(p, n);
    p[class] -= 1.0f;
    for (size_t c = 0; c < n; c++)
        of_area[l->area_of[c]] += p[c];
    for (size_t c = 0; c < n; c++) {
        p[c] += area_share * of_area[l->area_of[c]];
        size += p[c] * p[c];
    }
    for (size_t c = n + 1; c < l->t->stride; c++)
        p[c] = 0;
    return size;
}

/* The rows lie anywhere in 32 MB, and waiting for them would be most of the training. */
static inline void
fetch_row(const float *row, size_t stride)
{
    for (size_t at = 0; at < stride; at += 64 / sizeof(*row))
        __builtin_prefetch(row + at);
}

HOT static void
learn_one(struct learner *l, const struct sample *s, const struct feature *f, float step)
{
    size_t stride = l->t->stride;
    float p[CLASSES_MAX];
    uint32_t n = hide_words(l, s, f);
    if (n > 0)
        f = l->kept;
    else
        n = s->n;
    memcpy(p, l->t->bias, stride * sizeof(*p));
    for (uint32_t i = 0; i < n; i++) {
        if (i + AHEAD < n)
            fetch_row(l->weights + (size_t)f[i + AHEAD].bucket * stride, stride);
        add_scaled(p, l->weights + (size_t)f[i].bucket * stride, f[i].value, stride);
    }
    float size = gradient(l, p, s->class, s->danger);
    if (size < 1e-5f)
        return;
    for (uint32_t i = 0; i < n; i++) {
        float *seen = &l->seen[f[i].bucket];
        *seen += size * f[i].value * f[i].value;
        add_scaled(l->weights + (size_t)f[i].bucket * stride, p,
                   -step * f[i].value / sqrtf(*seen + 1e-4f), stride);
    }
    add_scaled(l->t->bias, p, -0.01f * step, stride);
}

static void
keep_as_bytes(struct trained *t, const float *weights)
{
    for (size_t row = 0; row < BUCKETS; row++) {
        const float *from = weights + row * t->stride;
        float most = 0;
        for (size_t c = 0; c < t->n_classes; c++)
            most = fabsf(from[c]) > most ? fabsf(from[c]) : most;
        t->row_scale[row] = most / 127.0f;
        if (most <= 0)
            continue;
        for (size_t c = 0; c < t->n_classes; c++)
            t->weights[row * t->stride + c] = (int8_t)lrintf(from[c] / most * 127.0f);
    }
}

bool
train(struct trained *t, const struct sample *samples, size_t n_samples,
      const struct feature *features, const uint8_t *area_of)
{
    struct learner *l = calloc(1, sizeof(*l));
    uint32_t *order = calloc(n_samples ? n_samples : 1, sizeof(*order));
    bool ok = l && order;
    if (ok) {
        l->t = t;
        l->area_of = area_of;
        l->dice = 77;
        l->weights = calloc((size_t)BUCKETS * t->stride, sizeof(float));
        l->seen = calloc(BUCKETS, sizeof(float));
        ok = l->weights && l->seen;
    }
    for (size_t i = 0; ok && i < n_samples; i++)
        order[i] = (uint32_t)i;
    uint64_t state = 20260101;
    for (int epoch = 0; ok && epoch < EPOCHS; epoch++) {
        shuffle(order, n_samples, &state);
        float step = step_first + (step_last - step_first) * (float)epoch / (EPOCHS - 1);
        for (size_t i = 0; i < n_samples; i++)
            learn_one(l, &samples[order[i]], features + samples[order[i]].first, step);
    }
    if (ok)
        keep_as_bytes(t, l->weights);
    if (l) {
        free(l->weights);
        free(l->seen);
    }
    free(l);
    free(order);
    return ok;
}

void
trained_score(const struct trained *t, const struct features *f, float *ret_scores)
{
    memcpy(ret_scores, t->bias, t->stride * sizeof(float));
    for (size_t i = 0; i < f->n; i++)
        add_scaled_bytes(ret_scores, t->weights + (size_t)f->at[i].bucket * t->stride,
                         f->at[i].value * t->row_scale[f->at[i].bucket], t->stride);
}
