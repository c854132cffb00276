/* Sentences about an answer: reasons, opening, names of areas, audiences and languages. */
#include "finder/page.h"
#include <stdarg.h>
#include <stdio.h>

struct str
finder_scratch_text(struct rg_ctx *ctx, const struct rg_buf *scratch)
{
    struct str text =
        scratch->failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(scratch));
    return text.p ? text : STR("");
}

struct str
finder_text(struct rg_ctx *ctx, struct rg_buf *scratch, const char *key, ...)
{
    struct wording_arg args[4];
    size_t n = 0;
    va_list list;
    va_start(list, key);
    for (const char *name; (name = va_arg(list, const char *)) != NULL;) {
        const struct str *value = va_arg(list, const struct str *);
        RG_ASSERT(n < RG_COUNT(args));
        args[n++] = (struct wording_arg){name, *value};
    }
    va_end(list);
    rg_buf_reset(scratch);
    wording_put(scratch, ctx->lang, key, args, n, -1);
    return finder_scratch_text(ctx, scratch);
}

/* ---- names ---- */

static const char *const audience_keys[FINDER_AUDIENCE__MAX] = {
    [FINDER_MINORI] = "finder.audience.minori",
    [FINDER_GIOVANI] = "finder.audience.giovani",
    [FINDER_ANZIANI] = "finder.audience.anziani",
    [FINDER_FAMIGLIE] = "finder.audience.famiglie",
    [FINDER_DISABILITA] = "finder.audience.disabilita",
    [FINDER_DONNE_VIOLENZA] = "finder.audience.donne_violenza",
    [FINDER_STRANIERI] = "finder.audience.stranieri",
    [FINDER_STUDENTI] = "finder.audience.studenti",
    [FINDER_LAVORATORI] = "finder.audience.lavoratori",
    [FINDER_IMPRESE] = "finder.audience.imprese",
    [FINDER_PROFESSIONISTI] = "finder.audience.professionisti",
    [FINDER_ENTI] = "finder.audience.enti",
    [FINDER_OPERATORI] = "finder.audience.operatori",
};

struct str
finder_audience_text(enum rg_lang lang, enum finder_audience audience)
{
    return audience_keys[audience] ? wording_text(lang, audience_keys[audience]) : STR("");
}

bool
finder_audience_find(struct str code, enum finder_audience *ret)
{
    for (unsigned a = FINDER_ANYBODY + 1; a < FINDER_AUDIENCE__MAX; a++)
        if (str_eq(code, str_of(finder_audience_code((enum finder_audience)a)))) {
            *ret = (enum finder_audience)a;
            return true;
        }
    return false;
}

/* Languages that services of the territory are known to speak. */
static const struct {
    const char *code, *key;
} languages[] = {
    {"it", "finder.page.lang.it"}, {"fr", "finder.page.lang.fr"}, {"en", "finder.page.lang.en"},
    {"ro", "finder.page.lang.ro"}, {"es", "finder.page.lang.es"}, {"sq", "finder.page.lang.sq"},
    {"ar", "finder.page.lang.ar"}, {"zh", "finder.page.lang.zh"}, {"de", "finder.page.lang.de"},
    {"pt", "finder.page.lang.pt"}, {"uk", "finder.page.lang.uk"}, {"ru", "finder.page.lang.ru"},
    {"bn", "finder.page.lang.bn"}, {"ur", "finder.page.lang.ur"}, {"tl", "finder.page.lang.tl"},
    {"so", "finder.page.lang.so"}, {"vi", "finder.page.lang.vi"}, {"ko", "finder.page.lang.ko"},
};

const char *
finder_language_code(size_t i)
{
    return i < RG_COUNT(languages) ? languages[i].code : NULL;
}

struct str
finder_language_text(enum rg_lang lang, struct str code)
{
    for (size_t i = 0; i < RG_COUNT(languages); i++)
        if (str_eq(code, str_of(languages[i].code)))
            return wording_text(lang, languages[i].key);
    return STR_NONE;
}

struct str
finder_area_text(struct rg_ctx *ctx, const struct territory_area *area, struct rg_buf *scratch)
{
    if (!area)
        return STR("");
    if (!str_is(area->kind, "zona"))
        return area->name;
    return finder_text(ctx, scratch, "finder.page.zone", "number", &area->code, "name", &area->name,
                       NULL);
}

/* ---- opening ---- */

static struct str
clock_text(struct rg_ctx *ctx, int64_t unix_s, struct rg_buf *scratch)
{
    struct rg_civil at = rg_civil_rome(unix_s);
    rg_buf_reset(scratch);
    rg_buf_i64(scratch, at.hour);
    rg_buf_c(scratch, ':');
    rg_buf_digits(scratch, (uint64_t)at.minute, 2);
    return finder_scratch_text(ctx, scratch);
}

static int64_t
day_of(int64_t unix_s)
{
    return (unix_s + rg_rome_offset_s(unix_s)) / 86400;
}

static struct str
opens_text(struct rg_ctx *ctx, int64_t opens_s, struct rg_buf *scratch)
{
    static const char *const days[] = {
        "finder.page.day.0", "finder.page.day.1", "finder.page.day.2", "finder.page.day.3",
        "finder.page.day.4", "finder.page.day.5", "finder.page.day.6"};
    struct str time = clock_text(ctx, opens_s, scratch);
    int64_t day = day_of(opens_s), ahead = day - day_of(ctx->now_s);
    if (ahead <= 1)
        return finder_text(ctx, scratch,
                           ahead == 1 ? "finder.page.opens_tomorrow" : "finder.page.opens_today",
                           "time", &time, NULL);
    struct str name = wording_text(ctx->lang, days[rg_weekday_of(day)]);
    return finder_text(ctx, scratch, "finder.page.opens_day", "day", &name, "time", &time, NULL);
}

struct str
finder_open_text(struct rg_ctx *ctx, const struct finder_hit *hit, struct rg_buf *scratch)
{
    struct str time;
    switch (hit->open) {
    case FINDER_OPEN_NOW:
        if (hit->closes_s == HOURS_FOREVER || hit->closes_s == 0)
            return wording_text(ctx->lang, "finder.page.open_always");
        time = clock_text(ctx, hit->closes_s, scratch);
        return finder_text(ctx, scratch, "finder.page.open_until", "time", &time, NULL);
    case FINDER_OPEN_LATER:
    case FINDER_CLOSED:
        return hit->opens_s ? opens_text(ctx, hit->opens_s, scratch)
                            : wording_text(ctx->lang, "finder.page.closed");
    case FINDER_OPEN_UNKNOWN: break;
    }
    return wording_text(ctx->lang, "finder.page.hours_unknown");
}

/* ---- reasons ---- */

static const struct territory_area *
zone_of(const struct finder *finder, const struct territory_area *area)
{
    if (!area || str_is(area->kind, "zona"))
        return area;
    return finder_place_area(finder, area->zone);
}

static struct str
near_text(struct rg_ctx *ctx, const struct territory_area *place, double distance_m,
          struct rg_buf *scratch)
{
    struct str area = finder_area_text(ctx, place, scratch);
    rg_buf_reset(scratch);
    wording_distance(scratch, ctx->lang, (int64_t)(distance_m + 0.5));
    struct str distance = rg_arena_str(ctx->arena, rg_buf_view(scratch));
    return finder_text(ctx, scratch, finder_reason_key(FINDER_WHY_NEAR), "distance", &distance,
                       "area", &area, NULL);
}

static struct str
number_text(struct rg_ctx *ctx, int n, struct rg_buf *scratch)
{
    rg_buf_reset(scratch);
    rg_buf_i64(scratch, n);
    return finder_scratch_text(ctx, scratch);
}

/* "da 65 anni", "fino a 17 anni", "da 11 a 35 anni". */
static struct str
ages_text(struct rg_ctx *ctx, const struct finder_entry *e, struct rg_buf *scratch)
{
    struct str low = number_text(ctx, e->age_low, scratch);
    struct str high = number_text(ctx, e->age_high, scratch);
    if (e->age_high == FINDER_AGE_ANY)
        return finder_text(ctx, scratch, "finder.why.ages_from", "low", &low, NULL);
    if (e->age_low == 0)
        return finder_text(ctx, scratch, "finder.why.ages_to", "high", &high, NULL);
    return finder_text(ctx, scratch, "finder.why.ages_between", "low", &low, "high", &high, NULL);
}

struct str
finder_reason_text(struct rg_ctx *ctx, const struct finder *finder,
                   const struct finder_answer *answer, const struct finder_hit *hit,
                   enum finder_reason reason, struct rg_buf *scratch)
{
    const struct territory_area *place = finder_place_area(finder, answer->place);
    const char *key = finder_reason_key(reason);
    struct str value = STR("");
    switch (reason) {
    case FINDER_WHY_NEED:
        value = finder_need_label(finder->model, hit->need_ix, ctx->lang);
        break;
    case FINDER_WHY_NEAR: return near_text(ctx, place, hit->distance_m, scratch);
    case FINDER_WHY_OPEN:
    case FINDER_WHY_OPENS: return finder_open_text(ctx, hit, scratch);
    case FINDER_WHY_COMUNE: value = finder_area_text(ctx, place, scratch); break;
    case FINDER_WHY_ZONE: value = finder_area_text(ctx, zone_of(finder, place), scratch); break;
    case FINDER_WHY_AUDIENCE:
        value = finder_audience_text(ctx->lang, answer->understood.audience);
        break;
    case FINDER_WHY_LANGUAGE:
        value = finder_language_text(ctx->lang, str_of(finder_lang_tag(answer->language)));
        break;
    case FINDER_WHY_AGE: value = number_text(ctx, answer->understood.age, scratch); break;
    case FINDER_WHY_NOT_AGE: value = ages_text(ctx, &hit->entry, scratch); break;
    case FINDER_WHY_NOT_AUDIENCE:
        value = finder_audience_text(ctx->lang, answer->understood.audience);
        break;
    case FINDER_WHY_WHEN:
    case FINDER_WHY_ISEE:
    case FINDER_WHY_NOT_WHEN:
    case FINDER_WHY_NOT_FREE:
    case FINDER_WHY_FULL:
    case FINDER_WHY_WIDE:
    case FINDER_WHY_FREE:
    case FINDER_WHY_FRESH:
    case FINDER_WHY_WORDS: return wording_text(ctx->lang, key);
    case FINDER_WHY__MAX: break;
    }
    return finder_text(ctx, scratch, key, finder_reason_argument(reason), &value, NULL);
}
