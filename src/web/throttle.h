/* How often somebody may guess: memory of what failed per login (or other name) and per network.
 *
 * The first five guesses are free; after the n-th the next must wait 6·2^(n-5) seconds, up to a
 * minute for a login (its owner must not stay locked out by others) and 15 minutes for a network.
 *
 *   guess    1 2 3 4 5   6    7    8    9        so in any minute at most 8 guesses count
 *   at s     0 0 0 0 0   6   18   42   90
 *
 * A guess is charged before the password is looked at, so guesses sent at once do not slip by.
 * Two tables of fixed size, keyed by a hash with a secret key; where a bucket is full, who is
 * blocked shortest gives way, so a flood of fresh names does not free the blocked ones. Pure
 * but for its lock: the clock is handed in. */
#ifndef WEB_THROTTLE_H
#define WEB_THROTTLE_H

#include "base/base.h"

enum web_throttle_limits {
    THROTTLE_FREE = 5,
    THROTTLE_FIRST_WAIT_S = 6,
    THROTTLE_LOGIN_WAIT_MAX_S = 60,
    THROTTLE_NETWORK_WAIT_MAX_S = 900,
    THROTTLE_FORGET_S = 3600, /* quiet for so long: as if nothing had been */
    THROTTLE_WAYS = 8,
    THROTTLE_BUCKETS = 512,   /* 4096 logins and networks at a time: 256 KiB */
    WEB_NETWORK_MAX = 64,     /* "2001:db8:0:1::/64" and its end            */
};

struct web_throttle;

struct web_throttle *web_throttle_new(void);
/* Owned; NULL without memory. */
struct web_throttle *web_throttle_free(struct web_throttle *throttle);

int64_t web_throttle_take(struct web_throttle *throttle, struct str login, struct str network,
                          int64_t now_s);
/* 0: go on, the guess is charged to both. Otherwise seconds to wait, and nothing is charged. */
int64_t web_throttle_wait(struct web_throttle *throttle, struct str login, struct str network,
                          int64_t now_s);
/* What take would answer, and nothing is charged: for doors where most who come are right and many
 * may come at once from one network; those who were wrong are charged by a take afterwards.   */
void web_throttle_forgive(struct web_throttle *throttle, struct str login, struct str network,
                          int64_t now_s, bool right);
/* Take the last charge back. When the password was right the login's other failures go too; the
 * network's stay, lest one good account lend its owner guesses at all the others.            */

void web_network_of(struct str peer, char ret_network[WEB_NETWORK_MAX]);
/* "192.0.2.17" → "192.0.2.0/24", an IPv6 address → its /64; "?" for what is no address. */

#endif
