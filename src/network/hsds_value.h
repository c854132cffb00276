/* Single values of strangers brought to the formats of HSDS. Pure; results in the arena. */
#ifndef NETWORK_HSDS_VALUE_H
#define NETWORK_HSDS_VALUE_H

#include "base/base.h"

struct str hsds_url_parse(struct rg_arena *arena, struct str text, bool *ret_changed);
/* A valid RFC 3986 URI: as it is, or with "http://" put before a bare host, characters that may
 * not stand in one percent-encoded, and the first of several. None if it is no address.      */
struct str hsds_email_parse(struct str text, bool *ret_changed);
/* The one address in the text, borrowed; the first of several. None if there is none. */
struct str hsds_instant_parse(struct rg_arena *arena, struct str text, bool *ret_changed);
/* RFC 3339 with zone; a bare date is midnight UTC, a missing zone UTC. None if unreadable. */
struct str hsds_number_parse(struct rg_arena *arena, struct str text, bool *ret_changed);
/* A JSON number with the digits given: "+5", "007", ".5" and "1,5" are mended. None if none. */

#endif
