/* Accounts as records: adding, changing, listing. */
#include "accounts/accounts_priv.h"
#include "accounts_sql.h"
#include <sodium.h>
#include <stdlib.h>

enum rg_err
accounts_new(struct rg_ctx *ctx, const struct accounts_options *options,
             struct accounts **ret_accounts)
{
    struct accounts *accounts = calloc(1, sizeof(*accounts));
    struct web_throttle *throttle = accounts ? web_throttle_new() : NULL;
    if (!throttle) {
        free(accounts);
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    }
    accounts->throttle = throttle;
    if (options)
        accounts->options = *options;
    *ret_accounts = accounts;
    return RG_OK;
}

struct accounts *
accounts_free(struct accounts *accounts)
{
    if (!accounts)
        return NULL;
    web_throttle_free(accounts->throttle);
    free(accounts);
    return NULL;
}

/* ---- what is let in ---- */

static unsigned
roles_all(void)
{
    unsigned roles = 0;
    for (size_t i = 0; accounts_role_at(i); i++)
        roles |= accounts_role_at(i);
    return roles;
}

static bool
name_ok(struct str name)
{
    if (name.n == 0 || name.n > ACCOUNTS_NAME_MAX || !str_utf8_ok(name))
        return false;
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < 0x20)
            return false;
    return true;
}

/* What an account may be, whether it is new or changed. */
static void
scope_check(unsigned roles, int64_t org_id, int64_t area_id, struct accounts_problems *problems)
{
    if (roles == 0 || roles & ~roles_all())
        problems->roles = "accounts.problem.roles";
    if (org_id < 0 || (roles & RG_ROLE_EDITOR && org_id == 0))
        problems->org = "accounts.problem.org";
    if (area_id < 0 || (roles & RG_ROLE_DELEGATE && area_id == 0))
        problems->area = "accounts.problem.area";
}

static const char *
first_problem(const struct accounts_problems *p)
{
    const char *const keys[] = {p->login, p->name, p->roles, p->org, p->area, p->password};
    for (size_t i = 0; i < RG_COUNT(keys); i++)
        if (keys[i])
            return keys[i];
    return NULL;
}

bool
accounts_draft_check(const struct accounts_draft *draft, struct accounts_problems *ret)
{
    struct accounts_problems problems = {0};
    char login[ACCOUNTS_LOGIN_MAX + 1];
    bool login_ok = accounts_login_form(draft->login, login);
    if (!login_ok)
        problems.login = "accounts.problem.login";
    if (draft->name.n > 0 && !name_ok(draft->name))
        problems.name = "accounts.problem.name";
    scope_check(draft->roles, draft->org_id, draft->area_id, &problems);
    if (draft->password.p)
        problems.password = accounts_password_problem(
            draft->password, login_ok ? str_of(login) : STR_NONE);
    *ret = problems;
    return first_problem(&problems) == NULL;
}

/* ---- adding ---- */

static enum rg_err
add_inside(struct rg_ctx *ctx, const struct accounts_draft *draft, struct str login,
           const char *hash, int64_t *ret_id)
{
    struct accounts_sql_account_find_row taken;
    struct accounts_sql_account_add_row added;
    bool found;
    enum rg_err err = accounts_sql_account_find(ctx, login, &found, &taken);
    if (err == RG_OK && found)
        return RG_FAIL(ctx, RG_CONFLICT, "accounts.login_taken");
    if (err == RG_OK)
        err = accounts_sql_account_add(ctx, login, draft->name.n ? draft->name : login,
                                       draft->roles | RG_ROLE_READER, draft->org_id,
                                       draft->area_id, str_of(rg_lang_tag(draft->lang)),
                                       ctx->now_s, &added);
    if (err == RG_OK)
        err = accounts_sql_secret_set(ctx, added.id, str_of(hash), draft->must_change, NULL);
    if (err == RG_OK)
        *ret_id = added.id;
    return err;
}

enum rg_err
accounts_add(struct rg_ctx *ctx, const struct accounts_draft *draft, int64_t *ret_id,
             struct str *ret_password)
{
    struct accounts_problems problems;
    char login[ACCOUNTS_LOGIN_MAX + 1], hash[HASH_SIZE];
    if (!accounts_draft_check(draft, &problems) || !accounts_login_form(draft->login, login))
        return RG_FAIL(ctx, RG_INVALID, first_problem(&problems));
    struct str made = draft->password.p ? STR_NONE : accounts_password_make(ctx);
    if (!draft->password.p && !made.p)
        return RG_NO_MEMORY(ctx);
    int64_t id = 0;
    enum rg_err err = accounts_hash_make(ctx, draft->password.p ? draft->password : made, hash);
    if (err == RG_OK)
        err = store_write_begin(ctx, "accounts.why.add");
    if (err == RG_OK)
        err = add_inside(ctx, draft, str_of(login), hash, &id);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    sodium_memzero(hash, sizeof(hash));
    if (err != RG_OK)
        return err;
    *ret_id = id;
    *ret_password = made;
    return RG_OK;
}

/* ---- reading ---- */

static enum rg_lang
lang_of(struct str tag)
{
    enum rg_lang lang = RG_IT;
    (void)rg_lang_of(tag, &lang);
    return lang;
}

#define VIEW_OF(row)                                                                          \
    (struct accounts_view)                                                                    \
    {                                                                                         \
        .id = (row).id, .org_id = (row).org_id, .area_id = (row).area_id,                     \
        .created_s = (row).created_s, .seen_s = (row).seen_s.has ? (row).seen_s.v : 0,        \
        .login = (row).login, .name = (row).name, .roles = (unsigned)(row).roles,             \
        .lang = lang_of((row).lang), .active = (row).active != 0,                             \
        .must_change = (row).must_change.has && (row).must_change.v != 0                      \
    }

enum rg_err
accounts_get(struct rg_ctx *ctx, int64_t id, struct accounts_view *ret)
{
    struct accounts_sql_account_get_row row;
    enum rg_err err = accounts_sql_account_get(ctx, id, &row);
    if (err == RG_OK)
        *ret = VIEW_OF(row);
    return err;
}

enum rg_err
accounts_find(struct rg_ctx *ctx, struct str login, bool *ret_found, int64_t *ret_id)
{
    struct accounts_sql_account_find_row row;
    char form[ACCOUNTS_LOGIN_MAX + 1];
    bool found = false;
    if (accounts_login_form(login, form)) {
        enum rg_err err = accounts_sql_account_find(ctx, str_of(form), &found, &row);
        if (err != RG_OK)
            return err;
    }
    *ret_found = found;
    if (found)
        *ret_id = row.id;
    return RG_OK;
}

enum rg_err
accounts_list(struct rg_ctx *ctx, int64_t skip, size_t n_max, struct accounts_view **ret,
              size_t *ret_n)
{
    struct accounts_sql_account_list_row *rows;
    size_t n;
    enum rg_err err = accounts_sql_account_list(ctx, skip, (int64_t)n_max, &rows, &n);
    if (err != RG_OK)
        return err;
    struct accounts_view *views = RG_ARRAY(ctx->arena, struct accounts_view, n);
    if (!views)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++)
        views[i] = VIEW_OF(rows[i]);
    *ret = views;
    *ret_n = n;
    return RG_OK;
}

enum rg_err
accounts_count(struct rg_ctx *ctx, int64_t *ret_n)
{
    struct accounts_sql_account_count_row row;
    enum rg_err err = accounts_sql_account_count(ctx, &row);
    if (err == RG_OK)
        *ret_n = row.n;
    return err;
}

/* ---- changing ---- */

/* Nobody may take away the last active administrator, not even themselves. */
static enum rg_err
admin_remains(struct rg_ctx *ctx, const struct accounts_view *was, bool stays_admin)
{
    struct accounts_sql_other_admins_row others;
    if (stays_admin || !was->active || !(was->roles & RG_ROLE_ADMIN))
        return RG_OK;
    enum rg_err err = accounts_sql_other_admins(ctx, was->id, RG_ROLE_ADMIN, &others);
    if (err == RG_OK && others.n == 0)
        err = RG_FAIL(ctx, RG_CONFLICT, "accounts.last_admin");
    return err;
}

static enum rg_err
set_inside(struct rg_ctx *ctx, const struct accounts_view *want)
{
    struct accounts_view was;
    unsigned roles = want->roles | RG_ROLE_READER;
    enum rg_err err = accounts_get(ctx, want->id, &was);
    if (err == RG_OK)
        err = admin_remains(ctx, &was, want->active && roles & RG_ROLE_ADMIN);
    if (err == RG_OK)
        err = accounts_sql_account_set(ctx, want->id, want->name, roles, want->org_id,
                                       want->area_id, str_of(rg_lang_tag(want->lang)),
                                       want->active, NULL);
    bool may_change = err == RG_OK && (was.roles != roles || was.org_id != want->org_id ||
                                       was.area_id != want->area_id ||
                                       was.active != want->active);
    if (may_change)
        err = accounts_sql_session_remove_all(ctx, want->id, NULL);
    return err;
}

enum rg_err
accounts_set(struct rg_ctx *ctx, const struct accounts_view *want)
{
    struct accounts_problems problems = {0};
    if (!name_ok(want->name))
        problems.name = "accounts.problem.name";
    scope_check(want->roles, want->org_id, want->area_id, &problems);
    if (first_problem(&problems))
        return RG_FAIL(ctx, RG_INVALID, first_problem(&problems));
    enum rg_err err = store_write_begin(ctx, "accounts.why.set");
    if (err == RG_OK)
        err = set_inside(ctx, want);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

static enum rg_err
reset_inside(struct rg_ctx *ctx, const struct accounts_view *account, const char *hash,
             bool must_change)
{
    enum rg_err err = accounts_sql_secret_set(ctx, account->id, str_of(hash), must_change, NULL);
    if (err == RG_OK)
        err = accounts_sql_session_remove_all(ctx, account->id, NULL);
    if (err == RG_OK)
        err = accounts_event_put(ctx, "reset", account->id, account->login, STR_NONE);
    return err;
}

enum rg_err
accounts_reset(struct rg_ctx *ctx, int64_t id, struct str password, bool must_change,
               struct str *ret_password)
{
    struct accounts_view account;
    char hash[HASH_SIZE];
    enum rg_err err = accounts_get(ctx, id, &account);
    if (err != RG_OK)
        return err;
    const char *problem = password.p ? accounts_password_problem(password, account.login) : NULL;
    if (problem)
        return RG_FAIL(ctx, RG_INVALID, problem);
    struct str made = password.p ? STR_NONE : accounts_password_make(ctx);
    if (!password.p && !made.p)
        return RG_NO_MEMORY(ctx);
    err = accounts_hash_make(ctx, password.p ? password : made, hash);
    if (err == RG_OK)
        err = store_write_begin(ctx, "accounts.why.reset");
    if (err == RG_OK)
        err = reset_inside(ctx, &account, hash, must_change);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    sodium_memzero(hash, sizeof(hash));
    if (err == RG_OK)
        *ret_password = made;
    return err;
}
