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
                                        struct str seed, struct sortition_outcome *ret);

struct str sortition_traits(struct rg_ctx *ctx, const struct sortition_pool *pool, size_t person);
/* "genere: F; zona: 3", arena. */
struct str sortition_quotas_text(struct rg_ctx *ctx, const struct sortition_pool *pool);
/* The quotas as CSV, arena. */
struct str sortition_relax_text(struct rg_ctx *ctx, const struct sortition_pool *pool,
                                const struct sortition_relax *relax);
/* A sentence in the reader's language: which quota, from what to what. */
void sortition_json(struct rg_buf *out, const struct sortition_pool *pool, struct str seed,
                    const struct sortition_outcome *outcome);
void sortition_sentences(struct rg_ctx *ctx, struct rg_buf *out, const struct sortition_pool *pool,
                         const struct sortition_outcome *outcome);

#endif
