/* Wording: the sentences of the program in every language, compiled in.
 *
 * The texts stand in src/ROOM/po/{it,fr,en}.po; tools/wordc turns all of them into one sorted
 * table and refuses the build when a language lacks a key or its placeholders differ. Nothing
 * here fails at run time: an unknown key shows itself, an argument not given shows its
 * placeholder, and both are easy to see and to search for. What is written is plain text: the
 * caller escapes it (html.h does). Look-up is by hash: the places are laid out by tools/wordc. */
#ifndef RG_WORDING_H
#define RG_WORDING_H

#include "base/base.h"

/* One message. The second form is for many; a message without plural has only the first. */
enum wording_form { WORDING_ONE, WORDING_OTHER, WORDING_FORM__MAX };

struct wording_entry {
    const char *key;
    uint64_t hash; /* wording_hash(key); no two are equal, tools/wordc sees to it */
    bool plural;
    struct str text[RG_LANG__MAX][WORDING_FORM__MAX];
    bool plain[RG_LANG__MAX][WORDING_FORM__MAX]; /* nothing to fill in, nothing to escape in HTML */
};

struct wording_key { /* a key with its hash: tools/tmplc knows it when it compiles */
    const char *name;
    uint64_t hash;
};

static inline uint64_t
wording_hash(struct str key) /* eight bytes at a time; keys are ours, no stranger chooses them */
{
    uint64_t h = key.n * 0x9E3779B97F4A7C15u, word = 0;
    size_t i = 0;
    for (; key.n - i >= sizeof(word); i += sizeof(word)) {
        memcpy(&word, key.p + i, sizeof(word));
        h = (h ^ word) * 0xD6E8FEB86659FD93u;
        h ^= h >> 32;
    }
    for (word = 0; i < key.n; i++)
        word = word << 8 | (unsigned char)key.p[i];
    h = (h ^ word) * 0xD6E8FEB86659FD93u;
    return h ^ h >> 32;
}

extern const struct wording_entry wording_entries[]; /* sorted by key; written by tools/wordc */
extern const size_t wording_n_entries;
extern const uint16_t wording_slots[]; /* by wording_hash, open: index + 1, 0 free */
extern const size_t wording_n_slots;   /* a power of two                                  */

struct wording_arg {
    const char *name; /* a placeholder of the message */
    struct str value;
};

const struct wording_entry *wording_find(const char *key);
const struct wording_entry *wording_find_key(struct wording_key key);
/* The message, or NULL. */

enum wording_form wording_form_of(const struct wording_entry *entry, enum rg_lang lang,
                                  int64_t count);
/* Which form of a message fits the count, as wording_form says. */

struct str wording_text(enum rg_lang lang, const char *key);
/* The raw text with its placeholders (of a plural, the form for many), or the key itself. */

struct str wording_form(enum rg_lang lang, const char *key, int64_t count);
/* The raw text in the form for count: Italian and English have the singular for 1 alone,
 * French for 0 and 1. A negative count, or a message without plural, gives the plain form.
 * The key itself when there is no such message.                                              */

bool wording_next(struct str *rest, struct str *ret_literal, struct str *ret_name);
/* Walk a raw text: the literal before the next placeholder, and that placeholder's name (none
 * after the last literal). False at the end. "a {b} c" gives ("a ", "b"), (" c", none).      */

void wording_put(struct rg_buf *out, enum rg_lang lang, const char *key,
                 const struct wording_arg *args, size_t n_args, int64_t count);
/* The sentence with its arguments. count < 0: not plural. {count} is shown as a number of the
 * language unless an argument of that name is given.                                         */

void wording_story(struct rg_buf *out, enum rg_lang lang, const struct rg_story *story);
/* The sentence of an error; nothing when no story is told. */

void wording_number(struct rg_buf *out, enum rg_lang lang, int64_t value);
/* 1234567 → "1.234.567", "1 234 567" (narrow no-break spaces), "1,234,567". */

void wording_date(struct rg_buf *out, enum rg_lang lang, int64_t days);
/* Days since 1970-01-01 → "12 gennaio 2026", "12 janvier 2026", "12 January 2026". The first
 * of the month is "1º", "1er", "1".                                                          */

void wording_datetime(struct rg_buf *out, enum rg_lang lang, int64_t unix_s);
/* Wall clock of Rome → "12 gennaio 2026, ore 14:05". */

void wording_distance(struct rg_buf *out, enum rg_lang lang, int64_t dist_m);
/* Metres as people say them: to the metre below 100 m, to ten metres below a kilometre, to a
 * tenth below 100 km, whole kilometres beyond. 847 → "850 m", 3214 → "3,2 km".
 * A negative distance counts as 0.                                                           */

#endif
