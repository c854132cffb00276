/* Plan: axes, strategies and actions, their competence and duties, and the thread back to voices.
 *
 * Read README.md for the nouns and the pack. Refuses: an element without saying what is not known
 * of it; an amendment of words that are no longer there.                                       */
#ifndef PLAN_H
#define PLAN_H

#include "base/base.h"
#include "listening/listening.h"
#include "store/store.h"
#include "web/web.h"

extern const struct store_room plan_store;
extern const struct web_route plan_routes[];
extern const size_t plan_n_routes;

#endif
