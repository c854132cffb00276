/* Coming in, being known, going out. */
#include "accounts/accounts_priv.h"
#include "accounts_sql.h"
#include <sodium.h>
#include <stdio.h>

enum { TOKEN_BYTES = 32 };

void
accounts_token_hash(struct str token, char ret_hex[65])
{
    unsigned char hash[32];
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)(token.n ? token.p : ""),
                       token.n, NULL, 0);
    sodium_bin2hex(ret_hex, 65, hash, sizeof(hash));
}

static void
random_hex(char hex[2 * TOKEN_BYTES + 1])
{
    unsigned char bytes[TOKEN_BYTES];
    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2hex(hex, 2 * TOKEN_BYTES + 1, bytes, sizeof(bytes));
}

enum rg_err
accounts_session_open(struct rg_ctx *ctx, int64_t account_id, struct str *ret_token)
{
    char token[2 * TOKEN_BYTES + 1], secret[2 * TOKEN_BYTES + 1], hash[65];
    random_hex(token);
    random_hex(secret);
    accounts_token_hash(str_of(token), hash);
    struct str kept = rg_arena_str(ctx->arena, str_of(token));
    if (!kept.p)
        return RG_NO_MEMORY(ctx);
    enum rg_err err = accounts_sql_session_add(ctx, str_of(hash), account_id, str_of(secret),
                                               ctx->now_s, ctx->now_s + ACCOUNTS_ABSOLUTE_S, NULL);
    if (err == RG_OK)
        *ret_token = kept;
    return err;
}

enum rg_err
accounts_event_put(struct rg_ctx *ctx, const char *kind, int64_t account_id, struct str login,
                   struct str peer)
{
    char network[WEB_NETWORK_MAX] = "";
    if (peer.p)
        web_network_of(peer, network);
    return accounts_sql_event_add(ctx, store_write_seq(ctx), ctx->now_s, str_of(kind), account_id,
                                  login, str_of(network), NULL);
}

static enum rg_err
token_end(struct rg_ctx *ctx, struct str token)
{
    char hash[65];
    if (token.n == 0)
        return RG_OK;
    accounts_token_hash(token, hash);
    return accounts_sql_session_remove(ctx, str_of(hash), NULL);
}

/* ---- the door ---- */

/* The login as it is looked for and counted: its proper form, or what was typed, cut. */
static struct str
login_key(struct rg_ctx *ctx, struct str typed)
{
    char form[ACCOUNTS_LOGIN_MAX + 1];
    if (accounts_login_form(typed, form))
        return rg_arena_str(ctx->arena, str_of(form));
    typed = str_trim(typed);
    return rg_arena_str(ctx->arena, str_n(typed.p ? typed.p : "",
                                          str_utf8_prefix(typed, ACCOUNTS_LOGIN_MAX)));
}

struct knock { /* somebody at the door */
    struct str login, peer, network, old_token;
    struct accounts_sql_door_row door;
    bool known; /* such an account may sign in */
    bool right;
};

static enum rg_err
enter_inside(struct rg_ctx *ctx, const struct knock *k, struct str *ret_token)
{
    enum rg_err err = token_end(ctx, k->old_token);
    if (err == RG_OK)
        err = accounts_session_open(ctx, k->door.id, ret_token);
    if (err == RG_OK)
        err = accounts_event_put(ctx, "sign_in", k->door.id, k->login, k->peer);
    return err;
}

/* One change set either way, so that the disk takes as long for a wrong password as for a right
 * one. In histories the account stands behind its sign-in, nobody behind a failed one.        */
static enum rg_err
knock_write(struct rg_ctx *ctx, const struct knock *k, struct str *ret_token)
{
    struct rg_actor kept = ctx->actor;
    ctx->actor = (struct rg_actor){.roles = RG_ROLE_PUBLIC};
    if (k->right) {
        ctx->actor.account_id = k->door.id;
        ctx->actor.name = k->login;
    }
    enum rg_err err = store_write_begin(ctx, k->right ? "accounts.why.sign_in"
                                                      : "accounts.why.failed");
    if (err == RG_OK && k->right)
        err = enter_inside(ctx, k, ret_token);
    else if (err == RG_OK)
        err = accounts_event_put(ctx, "failed", k->known ? k->door.id : 0, k->login, k->peer);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    ctx->actor = kept;
    return err;
}

/* Take a guess against the throttle; RG_BUSY with the seconds to wait. */
static enum rg_err
guess_take(struct rg_ctx *ctx, struct accounts *accounts, const struct knock *k)
{
    char wait[24];
    int64_t wait_s =
        web_throttle_take(accounts->throttle, k->login, k->network, ctx->now_s);
    if (wait_s == 0)
        return RG_OK;
    snprintf(wait, sizeof(wait), "%lld", (long long)wait_s);
    return RG_FAIL(ctx, RG_BUSY, "web.too_many", "seconds", wait);
}

/* Look the account up and compute, once, whether it is there or not. A guess that could not be
 * answered is given back.                                                                    */
static enum rg_err
knock_check(struct rg_ctx *ctx, struct accounts *accounts, struct knock *k, struct str password)
{
    char network[WEB_NETWORK_MAX];
    web_network_of(k->peer, network);
    k->network = rg_arena_str(ctx->arena, str_of(network));
    if (!k->login.p || !k->network.p)
        return RG_NO_MEMORY(ctx);
    enum rg_err err = guess_take(ctx, accounts, k);
    if (err != RG_OK)
        return err;
    bool found = false;
    if (password.n > ACCOUNTS_PASSWORD_MAX)
        password.n = ACCOUNTS_PASSWORD_MAX + 1; /* fits no account: none has one so long */
    err = accounts_sql_door(ctx, k->login, &found, &k->door);
    k->known = err == RG_OK && found && k->door.active;
    if (err == RG_OK)
        err = accounts_hash_check(ctx, k->known ? k->door.hash : STR_NONE, password, &k->right);
    if (err != RG_OK)
        web_throttle_forgive(accounts->throttle, k->login, k->network, ctx->now_s, false);
    return err;
}

enum rg_err
accounts_sign_in(struct rg_ctx *ctx, struct accounts *accounts, struct str login,
                 struct str password, struct str peer, struct str old_token,
                 struct accounts_entry *ret_entry)
{
    struct knock k = {.login = login_key(ctx, login), .peer = peer.p ? peer : STR(""),
                      .old_token = old_token};
    struct str token = STR_NONE;
    enum rg_err err = knock_check(ctx, accounts, &k, password);
    if (err == RG_OK)
        err = knock_write(ctx, &k, &token);
    if (err != RG_OK)
        return err;
    if (!k.right)
        return RG_FAIL(ctx, RG_DENIED, "accounts.wrong");
    web_throttle_forgive(accounts->throttle, k.login, k.network, ctx->now_s, true);
    *ret_entry = (struct accounts_entry){.account_id = k.door.id, .token = token,
                                         .must_change = k.door.must_change != 0};
    (void)rg_lang_of(k.door.lang, &ret_entry->lang);
    return RG_OK;
}

/* ---- being known ---- */

/* Note that a session is in use. Not worth failing a page for. */
static void
seen_put(struct rg_ctx *ctx, const char *hash)
{
    struct rg_story kept = ctx->story;
    enum rg_err err = store_write_begin(ctx, "accounts.why.seen");
    if (err == RG_OK)
        err = accounts_sql_session_seen(ctx, str_of(hash), ctx->now_s, NULL);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    if (err != RG_OK)
        ctx->story = kept;
}

static bool
alive(const struct accounts_sql_session_who_row *row, int64_t now_s)
{
    return row->active && now_s < row->expires_s && now_s - row->seen_s < ACCOUNTS_IDLE_S;
}

enum rg_err
accounts_who(struct rg_ctx *ctx, struct str token, struct web_who *ret_who)
{
    struct accounts_sql_session_who_row row;
    char hash[65];
    bool found = false;
    *ret_who = (struct web_who){0};
    if (token.n != 2 * TOKEN_BYTES)
        return RG_OK;
    accounts_token_hash(token, hash);
    enum rg_err err = accounts_sql_session_who(ctx, str_of(hash), &found, &row);
    if (err != RG_OK || !found || !alive(&row, ctx->now_s))
        return err;
    unsigned roles = (unsigned)row.roles | RG_ROLE_PUBLIC | RG_ROLE_READER;
    if (row.must_change) /* until the password is one's own, it opens nothing else */
        roles = RG_ROLE_PUBLIC | RG_ROLE_READER;
    *ret_who = (struct web_who){.found = true,
                                .secret = row.secret,
                                .actor = {.account_id = row.account_id,
                                          .roles = roles,
                                          .org_id = row.org_id,
                                          .area_id = row.area_id,
                                          .name = row.login}};
    if (ctx->now_s - row.seen_s >= ACCOUNTS_SEEN_EVERY_S && !store_writing(ctx))
        seen_put(ctx, hash);
    return RG_OK;
}

/* ---- going out ---- */

enum rg_err
accounts_sign_out(struct rg_ctx *ctx, struct str token, struct str peer)
{
    struct accounts_sql_session_who_row row;
    char hash[65];
    bool found = false;
    accounts_token_hash(token, hash);
    enum rg_err err = accounts_sql_session_who(ctx, str_of(hash), &found, &row);
    if (err != RG_OK || !found)
        return err;
    err = store_write_begin(ctx, "accounts.why.sign_out");
    if (err == RG_OK)
        err = accounts_sql_session_remove(ctx, str_of(hash), NULL);
    if (err == RG_OK)
        err = accounts_event_put(ctx, "sign_out", row.account_id, row.login, peer);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

/* ---- a new password, new rights ---- */

static enum rg_err
renew_inside(struct rg_ctx *ctx, int64_t id, struct str *ret_token)
{
    enum rg_err err = accounts_sql_session_remove_all(ctx, id, NULL);
    return err == RG_OK ? accounts_session_open(ctx, id, ret_token) : err;
}

static enum rg_err
password_write(struct rg_ctx *ctx, const struct accounts_view *account, const char *hash,
               struct str peer, struct str *ret_token)
{
    enum rg_err err = store_write_begin(ctx, "accounts.why.password");
    if (err == RG_OK)
        err = accounts_sql_secret_set(ctx, account->id, str_of(hash), 0, NULL);
    if (err == RG_OK)
        err = renew_inside(ctx, account->id, ret_token);
    if (err == RG_OK)
        err = accounts_event_put(ctx, "password", account->id, account->login, peer);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

enum rg_err
accounts_password_change(struct rg_ctx *ctx, struct accounts *accounts, int64_t id,
                         struct str current, struct str wanted, struct str peer,
                         struct accounts_entry *ret_entry)
{
    struct accounts_view account;
    enum rg_err err = accounts_get(ctx, id, &account);
    if (err != RG_OK)
        return err;
    const char *problem = accounts_password_problem(wanted, account.login);
    if (!problem && str_eq(current, wanted))
        problem = "accounts.problem.password_same";
    if (problem)
        return RG_FAIL(ctx, RG_INVALID, problem);
    struct knock k = {.login = account.login, .peer = peer.p ? peer : STR("")};
    struct str token = STR_NONE;
    char hash[HASH_SIZE];
    err = knock_check(ctx, accounts, &k, current);
    if (err == RG_OK && !k.right) {
        err = knock_write(ctx, &k, &token);
        return err == RG_OK ? RG_FAIL(ctx, RG_DENIED, "accounts.wrong_current") : err;
    }
    if (err != RG_OK)
        return err;
    web_throttle_forgive(accounts->throttle, k.login, k.network, ctx->now_s, true);
    err = accounts_hash_make(ctx, wanted, hash);
    if (err == RG_OK)
        err = password_write(ctx, &account, hash, k.peer, &token);
    sodium_memzero(hash, sizeof(hash));
    if (err == RG_OK)
        *ret_entry = (struct accounts_entry){.account_id = id, .token = token,
                                             .lang = account.lang};
    return err;
}

enum rg_err
accounts_rotate(struct rg_ctx *ctx, int64_t id, struct accounts_entry *ret_entry)
{
    struct accounts_view account;
    struct str token = STR_NONE;
    enum rg_err err = accounts_get(ctx, id, &account);
    if (err == RG_OK)
        err = store_write_begin(ctx, "accounts.why.rotate");
    if (err == RG_OK)
        err = renew_inside(ctx, id, &token);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    if (err == RG_OK)
        *ret_entry = (struct accounts_entry){.account_id = id, .token = token,
                                             .lang = account.lang,
                                             .must_change = account.must_change};
    return err;
}

enum rg_err
accounts_sweep(struct rg_ctx *ctx)
{
    struct accounts_sql_session_count_old_row sessions;
    struct accounts_sql_event_count_old_row events;
    int64_t idle_before_s = ctx->now_s - ACCOUNTS_IDLE_S;
    int64_t events_before_s = ctx->now_s - ACCOUNTS_EVENTS_KEPT_S;
    enum rg_err err = accounts_sql_session_count_old(ctx, ctx->now_s, idle_before_s, &sessions);
    if (err == RG_OK)
        err = accounts_sql_event_count_old(ctx, events_before_s, &events);
    if (err != RG_OK || (sessions.n == 0 && events.n == 0))
        return err;
    err = store_write_begin(ctx, "accounts.why.sweep");
    if (err == RG_OK)
        err = accounts_sql_session_remove_old(ctx, ctx->now_s, idle_before_s, NULL);
    if (err == RG_OK)
        err = accounts_sql_event_remove_old(ctx, events_before_s, NULL);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}
