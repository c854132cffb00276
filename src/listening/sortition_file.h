/* Sortition from files: people and quotas as CSV in, the draw as JSON or sentences out.
 *
 * People: a column "id" (a pseudonym, once each) and a column per category; other facts do not
 * belong in such a file. Quotas: columns category, value, min, max. Without quotas each value gets
 * its share of the seats among these people, rounded down and up.                            */
#ifndef LISTENING_SORTITION_FILE_H
#define LISTENING_SORTITION_FILE_H

#include "listening/sortition.h"
#include "web/web.h"

struct sortition_pool {
    struct sortition_world world;
    struct str *ids;             /* of the people, in the order of their bytes */
    struct str categories[SORTITION_CATEGORIES_MAX];
    struct str values[SORTITION_VALUES_MAX];
    char digest[65];             /* BLAKE2b-256 of the people's file           */
};

RG_MUST_CHECK enum rg_err sortition_pool_read(struct rg_ctx *ctx, const char *people_name,
                                              struct str people, const char *quotas_name,
                                              struct str quotas, int64_t size,
                                              struct sortition_pool *ret);
/* RG_INVALID names file, line and remedy; RG_LIMIT past the bounds of sortition.h. quotas none:
 * by share. Texts are borrowed from the files or the arena.                                  */

struct sortition_outcome {
    enum sortition_result result;
    struct sortition_draw draw;
    struct sortition_relax relax[40];
    size_t n_relax;
};

RG_MUST_CHECK enum rg_err sortition_run(struct rg_ctx *ctx, const struct sortition_pool *pool,
                                        struct str seed, const struct sortition_progress *progress,
                                        struct sortition_outcome *ret);
/* progress NULL: nobody listens. */

enum sortition_check { /* what a published draw says, each found true or not */
    SORTITION_CHECK_POOL,     /* it is of these people                                       */
    SORTITION_CHECK_QUOTAS,   /* of these quotas and seats                                   */
    SORTITION_CHECK_PANELS,   /* 1000 panels, each of which keeps the quotas                 */
    SORTITION_CHECK_CHANCES,  /* each person is in as many of them as is told                */
    SORTITION_CHECK_NUMBER,   /* the seed gives the number, and that panel sits              */
    SORTITION_CHECK_PROOF,    /* the points prove the bound                                  */
    SORTITION_CHECK_AGAIN,    /* the rule, followed again, makes the same panels             */
    SORTITION_CHECK__MAX
};
struct sortition_published {
    struct str seed;          /* borrowed from the file or the arena */
    int64_t size;
    const struct rg_jv *root;
};
RG_MUST_CHECK enum rg_err sortition_published_read(struct rg_ctx *ctx, const char *name,
                                                   struct str json,
                                                   struct sortition_published *ret);
/* What sortition_json wrote, or a stranger says it did. RG_INVALID when seed or size is missing. */
RG_MUST_CHECK enum rg_err sortition_published_check(struct rg_ctx *ctx,
                                                    const struct sortition_pool *pool,
                                                    const struct sortition_published *published,
                                                    const struct sortition_progress *progress,
                                                    bool ret[SORTITION_CHECK__MAX]);
/* All but the last are found by counting alone, without the drawing code; for the last the draw is
 * made again. The pool must have been read with the published size.                          */

struct str sortition_traits(struct rg_ctx *ctx, const struct sortition_pool *pool, size_t person);
/* "genere: F; zona: 3", arena. */
struct str sortition_quotas_text(struct rg_ctx *ctx, const struct sortition_pool *pool);
/* The quotas as CSV, arena. */
struct str sortition_points_text(struct rg_ctx *ctx, const struct sortition_pool *pool,
                                 const struct sortition_proof *proof);
/* The same with how many people have each value and the points of the proof, arena. First comes a
 * row without category: all seats, all people, the points that everybody has.                */

struct sortition_bounds { /* no smallest chance is above num / den; all_den 0: not searched */
    int64_t num, den, all_num, all_den;
};
struct sortition_bounds sortition_bounds(const struct sortition_draw *d);
struct str sortition_bound_text(struct rg_ctx *ctx, int64_t least,
                                const struct sortition_bounds *bounds);
/* In the reader's language: that nobody could be given more than least panels of 1000, or what is
 * proved; arena.                                                                             */
struct str sortition_relax_text(struct rg_ctx *ctx, const struct sortition_pool *pool,
                                const struct sortition_relax *relax);
/* A sentence in the reader's language: which quota, from what to what. */
void sortition_json(struct rg_buf *out, const struct sortition_pool *pool, struct str seed,
                    const struct sortition_outcome *outcome);
/* Read back by sortition_published_check; what it means is told there. */
void sortition_sentences(struct rg_ctx *ctx, struct rg_buf *out, const struct sortition_pool *pool,
                         const struct sortition_outcome *outcome);

#endif
