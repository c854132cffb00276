#include "wording.h"
#include <stdio.h>

enum {
    /* Kilometres beyond this lose their decimal: nobody walks or drives to a tenth of 100 km. */
    KM_DECIMAL_MAX_TENTHS = 1000,
    /* The longest year we print in words; civil time is asked for nothing beyond. */
    DAYS_MAX = 2932896, /* 9999-12-31 */
};

const struct wording_entry *
wording_find_key(struct wording_key key)
{
    size_t at = key.hash & (wording_n_slots - 1);
    for (; wording_slots[at]; at = (at + 1) & (wording_n_slots - 1)) {
        const struct wording_entry *entry = &wording_entries[wording_slots[at] - 1];
        if (entry->hash == key.hash)
            return entry;
    }
    return NULL;
}

const struct wording_entry *
wording_find(const char *key)
{
    return wording_find_key((struct wording_key){key, wording_hash(str_of(key))});
}

struct str
wording_text(enum rg_lang lang, const char *key)
{
    return wording_form(lang, key, -1);
}

static bool
is_singular(enum rg_lang lang, int64_t count)
{
    return count == 1 || (lang == RG_FR && count == 0);
}

enum wording_form
wording_form_of(const struct wording_entry *entry, enum rg_lang lang, int64_t count)
{
    RG_ASSERT(lang < RG_LANG__MAX);
    return entry->plural && !(count >= 0 && is_singular(lang, count)) ? WORDING_OTHER
                                                                      : WORDING_ONE;
}

struct str
wording_form(enum rg_lang lang, const char *key, int64_t count)
{
    const struct wording_entry *entry = wording_find(key);
    return entry ? entry->text[lang][wording_form_of(entry, lang, count)] : str_of(key);
}

bool
wording_next(struct str *rest, struct str *ret_literal, struct str *ret_name)
{
    if (rest->n == 0)
        return false;
    const char *open = memchr(rest->p, '{', rest->n);
    const char *end = rest->p + rest->n;
    const char *close = open ? memchr(open, '}', (size_t)(end - open)) : NULL;
    if (!close) {
        *ret_literal = *rest;
        *ret_name = STR_NONE;
        rest->n = 0;
        return true;
    }
    *ret_literal = str_n(rest->p, (size_t)(open - rest->p));
    *ret_name = str_n(open + 1, (size_t)(close - open - 1));
    *rest = str_n(close + 1, (size_t)(end - close - 1));
    return true;
}

static void
put_argument(struct rg_buf *out, enum rg_lang lang, struct str name,
             const struct wording_arg *args, size_t n_args, int64_t count)
{
    for (size_t i = 0; i < n_args; i++)
        if (str_eq(str_of(args[i].name), name)) {
            rg_buf_str(out, args[i].value);
            return;
        }
    if (count >= 0 && str_is(name, "count")) {
        wording_number(out, lang, count);
        return;
    }
    rg_buf_c(out, '{');
    rg_buf_str(out, name);
    rg_buf_c(out, '}');
}

void
wording_put(struct rg_buf *out, enum rg_lang lang, const char *key,
            const struct wording_arg *args, size_t n_args, int64_t count)
{
    struct str rest = wording_form(lang, key, count), literal, name;
    while (wording_next(&rest, &literal, &name)) {
        rg_buf_str(out, literal);
        if (name.p)
            put_argument(out, lang, name, args, n_args, count);
    }
}

void
wording_story(struct rg_buf *out, enum rg_lang lang, const struct rg_story *story)
{
    if (story->code == RG_OK || !story->key)
        return;
    struct wording_arg args[RG_STORY_ARGS_MAX];
    for (unsigned i = 0; i < story->n_args; i++)
        args[i] = (struct wording_arg){story->args[i].name, str_of(story->args[i].value)};
    wording_put(out, lang, story->key, args, story->n_args, -1);
}

void
wording_number(struct rg_buf *out, enum rg_lang lang, int64_t value)
{
    struct str separator = wording_text(lang, "web.thousands");
    char digits[24];
    size_t n = 0;
    uint64_t u = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[n++] = (char)('0' + u % 10); /* backwards */
        u /= 10;
    } while (u);
    if (value < 0)
        rg_buf_lit(out, "\xE2\x88\x92"); /* the minus sign, not a hyphen: read as a number */
    while (n-- > 0) {
        rg_buf_c(out, digits[n]);
        if (n > 0 && n % 3 == 0)
            rg_buf_str(out, separator);
    }
}

/* A small decimal number in a fixed place, for the arguments of dates and clocks. */
struct small {
    char p[16];
};

static struct str
small_number(struct small *to, int64_t value, int width)
{
    uint64_t u = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    size_t at = sizeof(to->p);
    do {
        to->p[--at] = (char)('0' + u % 10);
        u /= 10;
    } while (at > 1 && (u || (int)(sizeof(to->p) - at) < width));
    if (value < 0)
        to->p[--at] = '-';
    return str_n(to->p + at, sizeof(to->p) - at);
}

static const char *const month_keys[12] = {
    "web.month.01", "web.month.02", "web.month.03", "web.month.04", "web.month.05",
    "web.month.06", "web.month.07", "web.month.08", "web.month.09", "web.month.10",
    "web.month.11", "web.month.12",
};

void
wording_date(struct rg_buf *out, enum rg_lang lang, int64_t days)
{
    int64_t within = days < -DAYS_MAX ? -DAYS_MAX : days > DAYS_MAX ? DAYS_MAX : days;
    struct rg_civil c = rg_civil_of_days(within);
    struct small day, year;
    struct wording_arg args[] = {
        {"day", c.day == 1 ? wording_text(lang, "web.first_of_month")
                           : small_number(&day, c.day, 1)},
        {"month", wording_text(lang, month_keys[c.month - 1])},
        {"year", small_number(&year, c.year, 1)},
    };
    wording_put(out, lang, "web.date", args, RG_COUNT(args), -1);
}

void
wording_datetime(struct rg_buf *out, enum rg_lang lang, int64_t unix_s)
{
    int64_t limit = (int64_t)DAYS_MAX * 86400;
    int64_t within = unix_s < -limit ? -limit : unix_s > limit ? limit : unix_s;
    struct rg_civil c = rg_civil_rome(within);
    struct small hour, minute;
    struct wording_arg args[] = {
        {"hour", small_number(&hour, c.hour, lang == RG_EN ? 2 : 1)},
        {"minute", small_number(&minute, c.minute, 2)},
    };
    wording_date(out, lang, rg_days_of(c.year, c.month, c.day));
    wording_put(out, lang, "web.clock_after_date", args, RG_COUNT(args), -1);
}

void
wording_distance(struct rg_buf *out, enum rg_lang lang, int64_t dist_m)
{
    int64_t m = dist_m < 0 ? 0 : dist_m;
    if (m >= 100 && m < 1000)
        m = (m + 5) / 10 * 10;
    if (m < 1000) {
        wording_number(out, lang, m);
        rg_buf_str(out, wording_text(lang, "web.unit_m"));
        return;
    }
    int64_t tenths = m / 100 + (m % 100 >= 50);
    if (tenths >= KM_DECIMAL_MAX_TENTHS) {
        wording_number(out, lang, m / 1000 + (m % 1000 >= 500));
    } else {
        wording_number(out, lang, tenths / 10);
        if (tenths % 10 != 0) {
            rg_buf_str(out, wording_text(lang, "web.decimal"));
            rg_buf_i64(out, tenths % 10);
        }
    }
    rg_buf_str(out, wording_text(lang, "web.unit_km"));
}
