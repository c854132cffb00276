/* Accounts: who signs in, what they may do, and the traces of it.
 *
 * Local accounts with a password (Argon2id), sessions by an opaque cookie, roles as bits of enum
 * rg_role. No account exists until somebody adds one and no password is built in. The cookie's
 * token is nowhere kept: the table of sessions holds its BLAKE2b. A session ends after 8 hours
 * without use, after 24 hours in any case, at sign-out, and whenever the account's roles, its
 * scope or its password change. Guessing is throttled per login and per network
 * (throttle.h), and at most two passwords are computed at once, since each takes 64 MiB and
 * about 50 ms.
 *
 * Every sign-in, failed sign-in, sign-out and password change is a change set, with a row in
 * accounts_event that says from which network; rows go after 180 days. Refuses: to leave the site
 * without an administrator; to say whether a login exists, in words or in time.
 *
 * Errors besides RG_BROKEN: RG_INVALID with the field's sentence, RG_CONFLICT for a login already
 * taken or the last administrator, RG_DENIED for a wrong password, RG_BUSY when throttled or when
 * all places for computing are taken, RG_ABSENT for an account that is not there.            */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include "base/base.h"
#include "store/store.h"
#include "web/web.h"

enum accounts_limits {
    ACCOUNTS_IDLE_S = 8 * 3600, /* a working day's lunch and meetings */
    ACCOUNTS_ABSOLUTE_S = 24 * 3600,
    ACCOUNTS_SEEN_EVERY_S = 300, /* a page read must not cost a write each time */
    ACCOUNTS_EVENTS_KEPT_S = 180 * 24 * 3600, /* "amministratori di sistema": six months of logs */
    ACCOUNTS_PAGE = 50,
};

/* ---- the state of a server ---- */

enum accounts_scope { ACCOUNTS_ORG, ACCOUNTS_AREA };

struct accounts_options { /* slots that rooms above fill; each may be NULL */
    enum rg_err (*scope_name)(struct rg_ctx *ctx, enum accounts_scope scope, int64_t id,
                              struct str *ret_name);
    /* The name of an organization or area, in the arena; RG_ABSENT when there is none. With it the
     * forms show names beside numbers and refuse a number of nothing. */
};

struct accounts;

RG_MUST_CHECK enum rg_err accounts_new(struct rg_ctx *ctx, const struct accounts_options *options,
                                       struct accounts **ret_accounts);
/* Memory of failed sign-ins, and the slots (NULL: none; copied). Owned: accounts_free. To be the
 * data of the room's entry in web_config.rooms.                                              */
struct accounts *accounts_free(struct accounts *accounts); /* takes NULL, returns NULL */

/* ---- accounts ---- */

bool accounts_roles_parse(struct str text, unsigned *ret_roles);
/* "planner,editor" to bits; READER comes with every list. False for an unknown name or none.
 * Names: admin planner facilitator delegate editor reader.                                   */
void accounts_roles_put(struct rg_buf *out, unsigned roles);
/* The names of a mask, the widest role first, with commas. */
const char *accounts_role_key(unsigned bit);
/* The wording key of one role's name, NULL for a bit that is no role of an account. */

struct accounts_draft { /* an account to be added */
    struct str login;   /* 2 to 64 of a-z 0-9 . _ - + @; capitals are made small  */
    struct str name;    /* of the person; none: the login                         */
    unsigned roles;
    int64_t org_id, area_id; /* 0: none                                           */
    enum rg_lang lang;
    struct str password; /* none: one is made                                     */
    bool must_change;    /* the password is good for changing it and nothing else */
};

struct accounts_problems { /* wording keys, NULL where the field is fine */
    const char *login, *name, *roles, *org, *area, *password;
};

bool accounts_draft_check(const struct accounts_draft *draft, struct accounts_problems *ret);
/* Every bad field at once; true when there is none. A login already taken is found by adding. */

RG_MUST_CHECK enum rg_err accounts_add(struct rg_ctx *ctx, const struct accounts_draft *draft,
                                       int64_t *ret_id, struct str *ret_password);
/* A change set of its own (no write may be open: computing the hash must not hold up others).
 * ret_password: the one made, or none when the draft gave one; arena, shown once, kept nowhere. */

struct accounts_view {
    int64_t id, org_id, area_id, created_s;
    int64_t seen_s;    /* newest use of a live session; 0: none */
    struct str login, name;
    unsigned roles;    /* without PUBLIC                        */
    enum rg_lang lang;
    bool active, must_change;
};

RG_MUST_CHECK enum rg_err accounts_get(struct rg_ctx *ctx, int64_t id, struct accounts_view *ret);
RG_MUST_CHECK enum rg_err accounts_find(struct rg_ctx *ctx, struct str login, bool *ret_found,
                                        int64_t *ret_id);
RG_MUST_CHECK enum rg_err accounts_list(struct rg_ctx *ctx, int64_t skip, size_t n_max,
                                        struct accounts_view **ret, size_t *ret_n);
/* By login. Arena. */
RG_MUST_CHECK enum rg_err accounts_count(struct rg_ctx *ctx, int64_t *ret_n);

RG_MUST_CHECK enum rg_err accounts_set(struct rg_ctx *ctx, const struct accounts_view *want);
/* A change set of its own: name, roles, org_id, area_id, lang, active of the account want->id.
 * When what it may do changes, all its sessions end. RG_CONFLICT for the last administrator. */

RG_MUST_CHECK enum rg_err accounts_reset(struct rg_ctx *ctx, int64_t id, struct str password,
                                         bool must_change, struct str *ret_password);
/* A change set of its own: a new password (none: one is made, as in accounts_add); all sessions
 * end.                                                                                       */

/* ---- sessions ---- */

struct accounts_entry { /* of somebody who has just come in */
    int64_t account_id;
    struct str token; /* for the cookie; arena, kept nowhere */
    enum rg_lang lang;
    bool must_change;
};

RG_MUST_CHECK enum rg_err accounts_sign_in(struct rg_ctx *ctx, struct accounts *accounts,
                                           struct str login, struct str password,
                                           struct str peer, struct str old_token,
                                           struct accounts_entry *ret_entry);
/* Check a password and open a new session; old_token (or none) ends with it, so a token known
 * before the sign-in is worth nothing after. RG_DENIED "accounts.wrong" whatever is wrong, after
 * the same work: one Argon2 computation, one change set. RG_BUSY when throttled.             */

RG_MUST_CHECK enum rg_err accounts_who(struct rg_ctx *ctx, struct str token,
                                       struct web_who *ret_who);
/* For web_config.who: the live session of a token, found == false when there is none. One indexed
 * statement; every five minutes of use a write besides, whose failure does not matter. */

RG_MUST_CHECK enum rg_err accounts_sign_out(struct rg_ctx *ctx, struct str token, struct str peer);
/* End a session; nothing happens when there is none. */

RG_MUST_CHECK enum rg_err accounts_password_change(struct rg_ctx *ctx, struct accounts *accounts,
                                                   int64_t id, struct str current,
                                                   struct str wanted, struct str peer,
                                                   struct accounts_entry *ret_entry);
/* By the person: the current password is asked for (throttled as a sign-in), all sessions end and a
 * new one begins. RG_DENIED "accounts.wrong_current", RG_INVALID for a poor new password.    */

RG_MUST_CHECK enum rg_err accounts_rotate(struct rg_ctx *ctx, int64_t id,
                                          struct accounts_entry *ret_entry);
/* End all sessions of an account and open one: for a person who changed their own roles. */

RG_MUST_CHECK enum rg_err accounts_sweep(struct rg_ctx *ctx);
/* Forget sessions that ended by themselves and traces older than 180 days. Writes only when there
 * are any; to be called now and then.                                                        */

extern const struct store_room accounts_store;
extern const struct web_route accounts_routes[];
extern const size_t accounts_n_routes;

#endif
