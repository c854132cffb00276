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

#endif
