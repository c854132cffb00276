/* Does a service suit what the person told of themselves: age, for whom, when, cost, language?
 * What a record does not say is unknown, never "no".                                          */
#include "finder/answer_priv.h"

enum { DAY = 24 * 60, WHOLE_WEEK = 0x7f };

/* ---- what was told ---- */

/* A language named beside speaking: "parla solo arabo". Beginnings of words, folded or not. */
static const struct {
    const char *begins;
    enum finder_lang lang;
} named[] = {{"arab", FINDER_AR},    {"cines", FINDER_ZH},   {"rumen", FINDER_RO},
             {"romen", FINDER_RO},   {"albanes", FINDER_SQ}, {"frances", FINDER_FR},
             {"ingles", FINDER_EN},  {"spagnol", FINDER_ES}};

static void
language_read(struct asking *k)
{
    struct finder_answer *a = k->a;
    struct str text = k->q->text;
    a->language = a->understood.lang;
    if (a->language != FINDER_IT || str_find(text, STR("parl")) < 0)
        return;
    for (size_t i = 0; i < RG_COUNT(named); i++)
        if (str_find(text, str_of(named[i].begins)) >= 0)
            a->language = named[i].lang;
}

static void
days_read(struct asking *k)
{
    const struct finder_when *when = &k->a->understood.when;
    k->when_days = when->days;
    if (when->weekend)
        k->when_days |= 1u << 5 | 1u << 6;
    if (when->tomorrow)
        k->when_days |= 1u << (k->weekday + 1) % 7;
    if (k->when_days == 0 && (when->today || when->tonight)) {
        k->when_days = 1u << k->weekday;
        k->when_from = k->minute;
    }
}

static void
hours_read(struct asking *k)
{
    const struct finder_understanding *u = &k->a->understood;
    bool evening = finder_told(u, FINDER_FACT_EVENING) || u->when.tonight;
    bool morning = finder_told(u, FINDER_FACT_MORNING);
    bool afternoon = finder_told(u, FINDER_FACT_AFTERNOON);
    if (morning + afternoon + evening != 1)
        return;
    int from = morning ? 5 * 60 : afternoon ? 14 * 60 : 18 * 60;
    k->when_to = morning ? 13 * 60 : afternoon ? 18 * 60 : DAY;
    k->when_from = k->when_from > from ? k->when_from : from;
    if (k->when_days == 0)
        k->when_days = WHOLE_WEEK;
}

/* Ages for which the need of a service is meant, by the needs of the pack: "minori|famiglie" is
 * nothing for somebody of 30, "famiglie" alone says nothing of age.                           */
static enum finder_fit
fit_of_need(const struct finder_need *need, int age)
{
    static const struct {
        const char *target;
        int low, high;
    } ages[] = {{"minori", 0, 17}, {"giovani", 14, 35}, {"studenti", 6, 35},
                {"adulti", 18, 120}, {"lavoratori", 16, 70}, {"anziani", 60, 120}};
    struct str rest = need->targets, one;
    bool told = false;
    while (rest.n && str_cut(&rest, '|', &one))
        for (size_t i = 0; i < RG_COUNT(ages); i++)
            if (str_eq(one, str_of(ages[i].target))) {
                told = true;
                if (age >= ages[i].low && age <= ages[i].high)
                    return FINDER_FITS;
            } else if (str_is(one, "disabilita") || str_is(one, "stranieri") ||
                       str_is(one, "poverta")) {
                return FINDER_FIT_UNKNOWN; /* of any age */
            }
    return told ? FINDER_FITS_NOT : FINDER_FIT_UNKNOWN;
}

/* A need meant for other ages than the one told is wanted less. */
double
fits_age_of_need(const struct asking *k, size_t need_ix)
{
    const double other_ages = 0.4;
    const struct finder_need *need = finder_model_need(k->finder->model, need_ix);
    int age = k->a->understood.age;
    return age >= 0 && fit_of_need(need, age) == FINDER_FITS_NOT ? other_ages : 1;
}

void
fits_read(struct asking *k)
{
    language_read(k);
    k->when_from = 0;
    k->when_to = DAY;
    days_read(k);
    hours_read(k);
    k->when = k->when_days != 0 && k->when_from < k->when_to && !k->a->understood.when.now;
}

/* ---- whether it suits ---- */

static enum finder_fit
fit_age(const struct asking *k, const struct finder_entry *e)
{
    int age = k->a->understood.age;
    if (age < 0)
        return FINDER_FIT_UNKNOWN;
    if (e->age_low > 0 || e->age_high < FINDER_AGE_ANY)
        return age >= e->age_low && age <= e->age_high ? FINDER_FITS : FINDER_FITS_NOT;
    return FINDER_FIT_UNKNOWN;
}

static enum finder_fit
fit_when(const struct asking *k, const struct hours_code *code)
{
    if (!(code->flags & HOURS_WEEK_TELLS))
        return FINDER_FIT_UNKNOWN;
    for (unsigned i = 0; i < code->n_spans; i++)
        if (code->spans[i].opens_min < k->when_to && code->spans[i].closes_min > k->when_from)
            for (unsigned day = 0; day < 7; day++)
                if (k->when_days >> day & 1 && code->days[day + 1] >> i & 1)
                    return FINDER_FITS;
    return FINDER_FITS_NOT;
}

/* A price that is lowered by the ISEE may be little or much. */
static enum finder_fit
fit_cost(const struct finder_entry *e)
{
    if (e->paid)
        return e->by_isee ? FINDER_FIT_UNKNOWN : FINDER_FITS_NOT;
    return e->free_of_charge || e->by_isee ? FINDER_FITS : FINDER_FIT_UNKNOWN;
}

static bool
speaks(const struct finder_entry *e, struct str lang)
{
    struct str rest = e->languages, code;
    while (rest.n && str_cut(&rest, ',', &code))
        if (str_eq(code, lang))
            return true;
    return false;
}

void
fits_tell(const struct asking *k, const struct finder_entry *e, struct finder_candidate *c)
{
    enum finder_audience audience = k->a->understood.audience;
    if (audience != FINDER_ANYBODY && e->audience)
        c->audience = e->audience & 1u << audience ? FINDER_FITS : FINDER_FITS_NOT;
    c->age = fit_age(k, e);
    if (k->when)
        c->when = fit_when(k, &e->hours);
    c->cost = fit_cost(e);
    c->by_isee = e->by_isee;
    c->room = e->room;
    c->speaks = speaks(e, str_of(finder_lang_tag(k->a->language)));
}
