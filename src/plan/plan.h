/* Plan: axes, strategies and actions, their competence and duties, and the thread back to voices.
 *
 * Read README.md for the nouns and the pack. Refuses: an element without saying what is not known
 * of it; an amendment of words that are no longer there; a code used twice, a cycle, a reference to
 * what is not there. Listening is read through its views alone.
 *
 * Errors: RG_INVALID for a pack with faults (each was told), RG_LIMIT past 200,000 rows of a table,
 * otherwise what the store says.                                                               */
#ifndef PLAN_H
#define PLAN_H

#include "base/base.h"
#include "listening/listening.h"
#include "store/store.h"
#include "web/web.h"

extern const struct store_room plan_store;
extern const struct web_route plan_routes[];
extern const size_t plan_n_routes;

/* ---- packs ---- */

struct plan_load_counts {
    int64_t n_read;    /* rows of the files                                  */
    int64_t n_added, n_changed;
    int64_t n_kept;    /* changed here by hand, unchanged in the pack: stay  */
    int64_t n_faults;
};

typedef void plan_tell(void *arg, struct str line);
/* One sentence for a person, without a line end; borrowed for the call. */

RG_MUST_CHECK enum rg_err plan_load(struct rg_ctx *ctx, const char *folder, plan_tell *tell,
                                    void *arg, struct plan_load_counts *ret_counts);
/* Load FOLDER/plans.csv, elements.csv … in one change set: all or, with any fault, nothing; each
 * fault is told with file, line, field and remedy, and the error is RG_INVALID. Loading the same
 * folder again writes nothing. A row that people changed since stays as they left it unless the
 * pack's own row is another than before. An absent file is empty; rows are never removed.        */

RG_MUST_CHECK enum rg_err plan_export(struct rg_ctx *ctx, const char *folder, int64_t *ret_n_rows);
/* Write the fifteen files into the folder (made where it is missing): loading them into an empty
 * database and exporting again gives the same bytes. Each file appears whole or not at all.     */

/* ---- checks ---- */

struct plan_finding {
    const char *check; /* "voice_no_fate", "level_1_no_kpi", …: stable, for machines        */
    struct str what;   /* theme, contribution, element, step …: the table of the pack       */
    struct str code;   /* its code                                                          */
    struct str why;    /* one sentence in the language of ctx                               */
    struct str remedy; /* what to do                                                        */
    struct str path;   /* of its page, or none                                              */
};

RG_MUST_CHECK enum rg_err plan_check_thread(struct rg_ctx *ctx, struct plan_finding **ret,
                                            size_t *ret_n);
/* No theme, strategy or action without origin, no contribution without fate, no level without its
 * duty. Elements of a closed plan are not asked for an origin. Arena; linear: 100,000 contributions
 * in under a second, reading included (thread_bench.c).                                         */
RG_MUST_CHECK enum rg_err plan_check_plan(struct rg_ctx *ctx, struct plan_finding **ret,
                                          size_t *ret_n);
/* Codes, references, dates, dependencies, objectives that are not SMART, duties of the levels. */

void plan_findings_json(struct rg_buf *out, const struct plan_finding *findings, size_t n);
/* {"findings":[{"check","what","code","why","remedy","path"}],"n":N} */

/* ---- for other rooms ---- */

struct plan_fate {
    const char *state; /* "answers", "amends", "takes_up", "measures", "taken_up", "parked",
                          "other_body", "already_done", "not_taken_up"                     */
    struct str label;  /* of that, in the language of ctx                                   */
    struct str title;  /* of the element that took it up, or the reason for people          */
    struct str element_state; /* of the element, in words; or none                          */
    struct str path;   /* "/piano/psm-2024-26/6.1", or none                                 */
    struct str day;    /* deadline of the element, "2026-03", or none                       */
};

RG_MUST_CHECK enum rg_err plan_fates_of_contribution(struct rg_ctx *ctx, int64_t contribution_id,
                                                     struct plan_fate **ret, size_t *ret_n);
/* What became of it: by itself, and by the themes it counts in. None: 0 of them, which the thread
 * check reports. Two or more indexed statements. Arena.                                        */
RG_MUST_CHECK enum rg_err plan_fates_of_theme(struct rg_ctx *ctx, int64_t theme_id,
                                              struct plan_fate **ret, size_t *ret_n);

struct plan_sentence { /* of the public summary: what is said, and where it comes from */
    struct str text, path, source; /* source: the name of that link */
};
struct plan_summary {
    const struct plan_sentence *sentences;
    size_t n_sentences;
    int gulpease; /* of all sentences together; meaningful for Italian, 0 without words */
    int64_t n_plans, n_elements, n_done, n_late, n_near; /* near: deadlines not far      */
};

RG_MUST_CHECK enum rg_err plan_summary(struct rg_ctx *ctx, struct plan_summary *ret);
/* Generated from the records, in the language of ctx, by the clock of ctx. Arena. */

#endif
