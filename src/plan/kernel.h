/* Kernels of the plan: pure functions on plain arrays. They know no database and no language.
 *
 * Memory is the caller's: scratch is sized by the …_scratch functions, outputs have the size
 * said beside them. Nothing here fails. Each has a slow obvious twin in kernel_test.c. */
#ifndef PLAN_KERNEL_H
#define PLAN_KERNEL_H

#include "base/base.h"

#define PLAN_NONE UINT32_MAX

struct plan_pair {
    uint32_t a, b;
};

/* ---- the thread (thread.c) ---- */

enum plan_thread_flag {
    PLAN_EXEMPT =
        1, /* not asked: a withdrawn voice, a merged theme, an element of a closed plan */
    PLAN_TOLD = 2, /* its fate is told, or its origin is: by a record of its own */
};

struct plan_thread {
    uint32_t n_voices, n_themes, n_elements;
    const uint8_t *voices, *themes, *elements; /* flags of each */
    const uint32_t *merged_into;     /* of each theme, or PLAN_NONE; cycles end a walk */
    const uint32_t *parents;         /* of each element, or PLAN_NONE; no cycle        */
    const struct plan_pair *codings; /* voice, theme                                   */
    size_t n_codings;
    const struct plan_pair *theme_origins; /* element, theme                                 */
    size_t n_theme_origins;
    const struct plan_pair *voice_origins; /* element, voice                                 */
    size_t n_voice_origins;
};

enum plan_thread_broken {
    PLAN_VOICE_NO_FATE =
        1, /* no element takes it up, directly or by a theme, and nothing says why */
    PLAN_THEME_NO_VOICE = 2, /* nobody said it */
    PLAN_ELEMENT_NO_ORIGIN =
        4, /* neither it nor what stands under it comes from a theme or a voice */
};

void plan_thread_check(const struct plan_thread *thread, uint8_t *ret_voices,
                       uint8_t *ret_themes, uint8_t *ret_elements);
/* Mark what is broken: arrays of n_voices, n_themes, n_elements bytes, 0 where the thread
 * holds. A theme merged into another lends it its voices and shares its fate. Linear in the
 * input.       */

/* ---- graphs (graph.c) ---- */

size_t plan_cycle_scratch(size_t n_nodes, size_t n_arcs);
/* How many uint32_t plan_cycle_find needs. */

size_t plan_cycle_find(size_t n_nodes, const struct plan_pair *arcs, size_t n_arcs,
                       uint32_t *scratch, uint32_t *ret_nodes);
/* Nodes of one cycle in its order, each once (an arc onto itself is a cycle of one), or 0:
 * there is none. ret_nodes has room for n_nodes. Linear; no recursion. */

void plan_cover_count(size_t n_axes, const struct plan_pair *links, size_t n_links,
                      uint32_t *ret_matrix, uint8_t *ret_orphans);
/* Links from axis a to axis b (PLAN_NONE: none of the axes, not counted): matrix of n_axes
 * squared, by rows. An orphan has no link with another axis in either direction. */

/* ---- objectives (smart.c) ---- */

struct plan_smart { /* texts of an objective; "" or none where nobody said it */
    struct str measure, unit, baseline, target, target_day, relevance;
    bool has_origin; /* its element comes from a theme or a contribution                  */
    bool has_owner;  /* somebody answers for it, or a step of its element has an owner    */
    bool has_money;  /* a step of its element says what it costs                          */
};

enum plan_smart_missing { /* what is missing, as a set */
                          PLAN_NO_MEASURE = 1,
                          PLAN_NO_UNIT = 2, /* S: specific    */
                          PLAN_NO_BASELINE = 4,
                          PLAN_NO_TARGET = 8,     /* M: measurable  */
                          PLAN_NO_MEANS = 16,     /* A: attainable  */
                          PLAN_NO_RELEVANCE = 32, /* R: relevant    */
                          PLAN_NO_DAY = 64,       /* T: time-bound  */
                          PLAN_NO_MOVE = 128,     /* the target is where we stand already */
};

unsigned plan_smart_check(const struct plan_smart *objective);
/* The set of what is missing; 0 for an objective that is SMART. */

bool plan_decimal_ok(struct str s);
/* An exact decimal as people write it: digits, one point or comma, a sign before. */
int plan_decimal_cmp(struct str a, struct str b);
/* Compare two of them exactly, however long: <0, 0, >0. */

/* ---- days (deadline.c) ---- */

bool plan_day_parse(struct str s, int64_t *ret_first, int64_t *ret_last);
/* "2026-03-31" is a day; "2026-03" is a month and "2026" a year, from their first to their
 * last. */

enum plan_risk {
    PLAN_RISK_DONE,
    PLAN_RISK_FAR,
    PLAN_RISK_NEAR,
    PLAN_RISK_LATE,
    PLAN_RISK_PAST,
    PLAN_RISK__MAX
};
enum { PLAN_NEAR_DAYS = 90 };

enum plan_risk plan_deadline_risk(int64_t today, int64_t day, int64_t lead_days, bool done,
                                  int64_t *ret_left);
/* Past: the day is over. Late: less time is left than the work needs. Near: the work must begin
 * within PLAN_NEAR_DAYS. ret_left: days until the day, negative after it. A deadline of a thing
 * that is done has no risk. */

/* ---- exact words (amend.c) ---- */

size_t plan_amend_count(struct str text, struct str old, size_t *ret_at);
/* How often the words stand in the text (overlaps counted), and where first. Empty words: 0. */

enum plan_diff_kind { PLAN_SAME, PLAN_GONE, PLAN_NEW };
struct plan_diff {
    enum plan_diff_kind kind;
    struct str text;
};
enum { PLAN_DIFF_WORDS_MAX = 1200 }; /* of a side: the table has one byte a pair of words */

size_t plan_diff_words(struct rg_arena *arena, struct str before, struct str after,
                       struct plan_diff **ret);
/* The pieces, in order: those not NEW make before, those not GONE make after, byte for byte.
 * Longest common sequence of words; past the bound, or without memory for it, all gone and all
 * new. 0 pieces only when both are empty or memory is out. */

#endif
