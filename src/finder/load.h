/* Loading the finder's part of a pack, and making the model from what was loaded. */
#ifndef FINDER_LOAD_H
#define FINDER_LOAD_H

#include "finder/kernel.h"
#include "network/network.h"

RG_MUST_CHECK enum rg_err finder_load(struct rg_ctx *ctx, const char *folder, size_t *ret_n_needs);
/* Read needs.csv, emergencies.csv and, of finder/, examples.csv, danger.csv, lexicon.csv and
 * names.csv of a pack (it may lack the last two), check them whole, keep them, and put the needs
 * into the network as a taxonomy ("bisogni"), all in one change set. RG_INVALID names file, line
 * and remedy, and nothing is changed then.                                                    */

RG_MUST_CHECK enum rg_err finder_model_open(struct rg_ctx *ctx, const char *cache,
                                            struct finder_model **ret_model);
/* The model of what was loaded. cache: a file that keeps the trained part, so that only the first
 * start after a change trains (about 5 s); written beside and renamed; may be absent or stale.
 * Before any pack was loaded it knows the social desk and 112, no more. Owned:
 * finder_model_free.                                                                         */

extern const struct store_room finder_store;

#endif
