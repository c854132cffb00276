/* The understanding of one text by the frozen model (model.c). */
#include "finder/finder_priv.h"
#include <math.h>
#include <stdlib.h>

/* Set by four-fold trial on our own sentences (score_bench -x 4) where nothing else is said. */
static const float sharpness = 1.2f;        /* makes scores mean what they say              */
/* A second and a third guess are shown from very little on: a person sees at a glance which of
 * three it is. On the trial hit@3 was 0.795 with 0.03 for all, and went to 0.810.              */
static const float score_min_of_three = 0.004f;
static const float score_min = 0.03f;       /* a fourth guess below this is not shown       */
static const float top_min = 0.03f;         /* a best guess below this is no understanding  */
/* "Not a need" so much likelier than the best. On the trial abstention has F1 0.696 with 4, 0.706
 * with 2.5.                                                                                   */
static const float not_a_need_times = 2.5f;
static const float known_min = 0.05f;       /* less of the text is known: no understanding  */
static const float unknown_sure = 0.50f;    /* words all unknown must tell a need this well */
/* How much danger: what the model says of danger itself, of the needs that are always urgent, and
 * of the others that have lines for it, each as log odds, and from how much on lines come first.
 * Weights and bounds were set on 420 sentences from which nothing is taught (README.md, "Measure").
 */
static const float of_urgent = 0.5f, of_others = 0.4f;
static const float danger_min = -4.1f, danger_sure_min = 0.0f, danger_though_calm = 4.0f;
/* Where patterns see danger and the model sees less than this, the lines come quietly: of 259
 * dangers that patterns see in all the sets 3 lose the loud box, of 67 false alarms 41.       */
static const float danger_doubted = -4.0f;

struct finder_reader {
    const struct finder_model *model;
    struct search_analyser *an;
    struct words words;
    struct words plain;   /* as danger patterns are folded */
    struct features features;
    float scores[CLASSES_MAX];
    float danger; /* what the model says of danger itself, in log odds */
};

enum rg_err
finder_reader_new(struct rg_ctx *ctx, const struct finder_model *model,
                  struct finder_reader **ret_reader)
{
    RG_ASSERT(model->magic == MODEL_MAGIC);
    struct finder_reader *r = calloc(1, sizeof(*r));
    struct search_analyser *an = search_analyser_new();
    if (!r || !an) {
        free(r);
        search_analyser_free(an);
        return RG_NO_MEMORY(ctx);
    }
    r->model = model;
    r->an = an;
    *ret_reader = r;
    return RG_OK;
}

struct finder_reader *
finder_reader_free(struct finder_reader *r)
{
    if (r)
        search_analyser_free(r->an);
    free(r);
    return NULL;
}

/* The words that told a need: each word's own part of the score, the strongest first, those
 * that give at least two fifths of the strongest; then in the order of the text.             */
static void
tell_why(const struct finder_reader *r, struct finder_guess *guess)
{
    const struct trained *t = &r->model->trained;
    float part[WORDS_MAX] = {0};
    for (size_t i = 0; i < r->features.n; i++) {
        const struct feature *f = &r->features.at[i];
        part[f->word] += f->value * t->row_scale[f->bucket] *
                         (float)t->weights[(size_t)f->bucket * t->stride + guess->need_ix];
    }
    float most = 0;
    for (size_t i = 0; i < r->words.n; i++)
        most = part[i] > most ? part[i] : most;
    bool chosen[WORDS_MAX] = {false};
    for (size_t k = 0; k < FINDER_WHY_MAX; k++) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < r->words.n; i++)
            if (!chosen[i] && part[i] > 0 && part[i] >= 0.4f * most &&
                (best == SIZE_MAX || part[i] > part[best]))
                best = i;
        if (best == SIZE_MAX)
            break;
        chosen[best] = true;
    }
    for (size_t i = 0; i < r->words.n; i++)
        if (chosen[i] && (guess->n_why == 0 || /* two words typed as one have one place */
                          guess->why[guess->n_why - 1].from != r->words.at[i].from))
            guess->why[guess->n_why++] = (struct finder_span){r->words.at[i].from,
                                                              r->words.at[i].n};
}

static void
scores_to_chances(float *scores, size_t n)
{
    float most = scores[0], sum = 0;
    for (size_t i = 1; i < n; i++)
        most = scores[i] > most ? scores[i] : most;
    for (size_t i = 0; i < n; i++)
        sum += scores[i] = expf(sharpness * (scores[i] - most));
    for (size_t i = 0; i < n; i++)
        scores[i] /= sum;
}

/* How much of the text the model has ever seen, 0 to 1. */
static float
known_share(const struct finder_reader *r)
{
    float known = 0;
    for (size_t i = 0; i < r->features.n; i++)
        if (r->model->trained.row_scale[r->features.at[i].bucket] > 0)
            known += r->features.at[i].value * r->features.at[i].value;
    return known;
}

static enum finder_why_not
why_none(const struct finder_reader *r, const struct finder_understanding *u)
{
    float best = u->n_needs ? (float)u->needs[0].score : 0;
    if (r->features.n == 0)
        return FINDER_NOTHING_WRITTEN;
    if (known_share(r) < known_min || (best < unknown_sure && r->words.n_concepts == 0 &&
                                       !spelling_knows_any(r->model->spelling, &r->words)))
        return FINDER_UNKNOWN_WORDS;
    if (r->scores[r->model->n_needs] > not_a_need_times * best)
        return FINDER_NOT_A_NEED;
    return best < top_min ? FINDER_UNSURE : FINDER_UNDERSTOOD;
}

const char *
finder_why_not_code(enum finder_why_not why_not)
{
    static const char *const codes[] = {"understood", "nothing_written", "unknown_words",
                                        "not_a_need", "unsure"};
    _Static_assert(RG_COUNT(codes) == FINDER_WHY_NOT__MAX, "a code for each reason");
    RG_ASSERT(why_not < FINDER_WHY_NOT__MAX);
    return codes[why_not];
}

static void
guess_needs(struct finder_reader *r, struct finder_understanding *ret)
{
    size_t n = r->model->n_needs;
    features_of(&r->words, r->model->trained.idf, &r->features);
    trained_score(&r->model->trained, &r->features, r->scores);
    r->danger = r->scores[n + 1];
    scores_to_chances(r->scores, n + 1);
    bool taken[FINDER_NEEDS_MAX] = {false};
    while (ret->n_needs < FINDER_GUESSES_MAX) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < n; i++)
            if (!taken[i] && (best == SIZE_MAX || r->scores[i] > r->scores[best]))
                best = i;
        float least = ret->n_needs == 0 ? 0 : ret->n_needs < 3 ? score_min_of_three : score_min;
        if (best == SIZE_MAX || r->scores[best] < least)
            break;
        taken[best] = true;
        ret->needs[ret->n_needs++] = (struct finder_guess){.need_ix = best,
                                                           .score = r->scores[best]};
    }
    ret->why_not = why_none(r, ret);
    ret->abstained = ret->why_not != FINDER_UNDERSTOOD;
    if (ret->abstained)
        ret->n_needs = 0;
    for (size_t i = 0; i < ret->n_needs; i++)
        tell_why(r, &ret->needs[i]);
}

/* situation: told by a pattern; 0: the need is known, what happened is not. */
static void
add_lines(const struct finder_model *m, size_t need, uint64_t situation, int64_t priority,
          size_t *ix, size_t *n)
{
    for (size_t l = 0; l < m->n_lines; l++) {
        bool known = m->lines[l].priority != priority || *n == FINDER_NUMBERS_MAX ||
                     !line_is_for(&m->lines[l], m->needs[need].code, situation);
        for (size_t k = 0; k < *n; k++)
            known |= ix[k] == l;
        if (!known)
            ix[(*n)++] = l;
    }
}

/* What was taken back as it was typed is taken back where its errors were mended. */
static void
carry_blanks(const struct words *from, struct words *to)
{
    for (size_t i = 0, k = 0; k < to->n; k++) {
        while (i < from->n && from->at[i].from < to->at[k].from)
            i++;
        if (i < from->n && from->at[i].from == to->at[k].from && from->at[i].word_n == 0)
            to->at[k].word_n = 0;
    }
}

/* Of the needs that have lines for danger, the likeliest. */
static size_t
most_urgent(const struct finder_reader *r)
{
    const struct finder_model *m = r->model;
    size_t best = 0;
    for (size_t i = 1; i < m->n_needs; i++)
        if (m->has_lines[i] && (!m->has_lines[best] || r->scores[i] > r->scores[best]))
            best = i;
    return best;
}

static float
log_odds(float chance)
{
    chance = fminf(fmaxf(chance, 1e-6f), 1 - 1e-6f);
    return logf(chance / (1 - chance));
}

static float
how_much_danger(const struct finder_reader *r)
{
    const struct finder_model *m = r->model;
    float urgent = 0, others = 0;
    for (size_t i = 0; i < m->n_needs; i++)
        if (m->is_urgent[i])
            urgent += r->scores[i];
        else if (m->has_lines[i])
            others += r->scores[i];
    return r->danger + of_urgent * log_odds(urgent) + of_others * log_odds(others);
}

/* Lines first: those of the dangers told by patterns, then of urgent needs understood. */
static void
judge_danger(struct finder_reader *r, struct finder_understanding *ret)
{
    const struct finder_model *m = r->model;
    bool calmed = false;
    struct words *const ways[] = {&r->plain, &r->words}; /* as typed, and with errors mended */
    for (size_t way = 0; way < RG_COUNT(ways); way++) {
        struct pattern_hit hits[16];
        size_t n = danger_find(m->danger, ways[way], hits, RG_COUNT(hits), &calmed);
        carry_blanks(&r->plain, &r->words);
        if (n && !ret->danger) {
            const struct word *a = &ways[way]->at[hits[0].first];
            const struct word *b = &ways[way]->at[hits[0].last];
            ret->danger = true;
            ret->danger_why = (struct finder_span){a->from, b->from + b->n - a->from};
        }
        for (size_t i = 0; i < n; i++) {
            const struct danger_kind *kind = danger_kind_of(m->danger, &hits[i]);
            add_lines(m, kind->need, kind->situation, 1, ret->line_ix, &ret->n_lines);
        }
    }
    /* Where words say plainly that it is none ("farla finita con le sigarette") the model must be
     * surer: it learned the same words from those who meant them.                             */
    float much = r->features.n > 0 ? how_much_danger(r) : -INFINITY;
    bool doubted = r->features.n > 0 && much < danger_doubted;
    ret->danger_sure = ret->danger ? !doubted
                                   : much >= (calmed ? danger_though_calm : danger_sure_min);
    if (much >= (calmed ? danger_though_calm : danger_min)) {
        ret->danger = true;
        add_lines(m, most_urgent(r), 0, 1, ret->line_ix, &ret->n_lines);
        for (size_t i = 0; i < ret->n_needs; i++)
            if (m->is_urgent[ret->needs[i].need_ix])
                add_lines(m, ret->needs[i].need_ix, 0, 1, ret->line_ix, &ret->n_lines);
    }
    if (ret->n_needs)
        add_lines(m, ret->needs[0].need_ix, 0, 2, ret->ear_ix, &ret->n_ears);
}

void
finder_understand(struct finder_reader *r, struct str text, struct finder_understanding *ret)
{
    *ret = (struct finder_understanding){.age = -1, .children = -1, .isee_euros = -1};
    if (text.n > FINDER_TEXT_MAX)
        text.n = str_utf8_prefix(text, FINDER_TEXT_MAX);
    ret->lang = lang_guess(r->model->lang, text);
    model_words(r->model, r->an, lang_analysis(ret->lang), text, &r->words);
    if (spelling_fix(r->model->spelling, r->an, lang_analysis(ret->lang), &r->words))
        r->words.n_concepts = patterns_match(r->model->lexicon, &r->words, r->words.concepts,
                                             CONCEPTS_MAX);
    words_of(r->an, SEARCH_PLAIN, text, &r->plain);
    guess_needs(r, ret);
    facts_of(r->model->facts, &r->plain, ret);
    if (ret->n_needs)
        audience_settle(&r->model->needs[ret->needs[0].need_ix], ret);
    judge_danger(r, ret); /* last: it blanks words of r->plain */
}
