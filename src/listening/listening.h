/* Listening: what was said at tables, in interviews, in documents, and what it was gathered into.
 *
 * Read README.md for the nouns and the pack. Rooms above read the views v_listening_theme,
 * v_listening_coding and v_listening_contribution in their SQL; what became of a voice is told by
 * a slot that a higher room fills. Refuses: names of speakers at tables; averaging positions.   */
#ifndef LISTENING_H
#define LISTENING_H

#include "base/base.h"
#include "store/store.h"
#include "web/web.h"

extern const struct store_room listening_store;
extern const struct web_route listening_routes[];
extern const size_t listening_n_routes;

extern const struct web_route listening_live_routes[]; /* the event while it happens (live.h) */
extern const size_t listening_live_n_routes;

struct listening_draw { /* an assembly by lot from files (sortition.h has the rule) */
    const char *people, *quotas; /* paths of CSV files; quotas NULL: by share        */
    const char *seed;
    int64_t size;
    bool json;
};
RG_MUST_CHECK enum rg_err listening_draw(struct rg_ctx *ctx, const struct listening_draw *want,
                                         struct rg_buf *out, bool *ret_drawn);
/* Draw, or say what stands in the way and what would help. RG_INVALID for files that are none. */

#endif
