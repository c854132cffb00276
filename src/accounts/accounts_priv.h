/* Inside accounts: passwords, sessions, and what the pages are given. */
#ifndef ACCOUNTS_PRIV_H
#define ACCOUNTS_PRIV_H

#include "accounts/accounts.h"
#include "accounts/rule.h"

struct accounts {
    struct web_throttle *throttle;
    struct accounts_options options;
};

/* ---- passwords (password.c) ---- */

enum { HASH_SIZE = 128 }; /* crypto_pwhash_STRBYTES, its final NUL included */

RG_MUST_CHECK enum rg_err accounts_hash_make(struct rg_ctx *ctx, struct str password,
                                             char ret_hash[HASH_SIZE]);
RG_MUST_CHECK enum rg_err accounts_hash_check(struct rg_ctx *ctx, struct str hash,
                                              struct str password, bool *ret_right);
/* hash none: a hash that nothing fits is computed against, for the same time. RG_BUSY when two are
 * at work and four wait, or when a place does not come free within two seconds.              */
uint64_t accounts_hash_count(void);
/* Computations since the start: the tests compare ways by it. */
RG_MUST_CHECK enum rg_err accounts_hash_place_take(struct rg_ctx *ctx);
void accounts_hash_place_give(void);

struct str accounts_password_make(struct rg_ctx *ctx);
/* Four groups of four without look-alikes, 79 bits; none when memory is out. */

/* ---- sessions (session.c) ---- */

void accounts_token_hash(struct str token, char ret_hex[65]);
RG_MUST_CHECK enum rg_err accounts_session_open(struct rg_ctx *ctx, int64_t account_id,
                                                struct str *ret_token);
/* Inside a write. */
RG_MUST_CHECK enum rg_err accounts_event_put(struct rg_ctx *ctx, const char *kind,
                                             int64_t account_id, struct str login,
                                             struct str peer);
/* Inside a write: a line of the trace. */

/* ---- pages ---- */

struct accounts_door_page {
    const struct web_field_error *errors;
    size_t n_errors;
    struct web_field login, password;
    const struct web_field *login_ref, *password_ref;
    struct str way_back;
};

struct accounts_me_page {
    const struct web_field_error *errors;
    size_t n_errors;
    struct str login, name;
    const struct str *roles;
    size_t n_roles;
    struct str org, area;
    bool must_change;
    const struct web_field *current, *wanted, *again;
};

struct accounts_people_page {
    const struct web_table *table;
    const struct web_paging *paging;
    const struct web_download *downloads;
    size_t n_downloads;
};

struct accounts_person_page {
    struct str title, post_path, reset_path; /* reset_path none: a new account */
    const struct web_field_error *errors;
    size_t n_errors;
    const struct web_field *login, *name, *roles, *org, *area, *lang, *active, *password;
    const struct web_option *role_options, *lang_options;
    size_t n_role_options, n_lang_options;
    bool is_active;
    struct str known_login; /* of an account that exists: not to be changed */
};

struct accounts_once_page { /* a password, shown this once */
    struct str title, login, password;
};

struct accounts_link {
    const char *path;
    struct str label, text;
};

struct accounts_desk_page {
    const struct accounts_link *links;
    size_t n_links;
};

struct accounts_log_page {
    const struct web_table *table;
    struct str older, newest;
    const struct web_download *downloads;
    size_t n_downloads;
};

struct accounts_diff {
    struct web_table table;
    const struct web_table *table_ref;
    struct str title;
};

struct accounts_set_page {
    struct str title, reason, actor;
    int64_t at_s;
    const struct web_table *events;
    const struct accounts_diff *diffs;
    size_t n_diffs;
    struct str more;
    const struct web_download *downloads;
    size_t n_downloads;
};

/* ---- helpers of the pages (web.c) ---- */

bool accounts_table_make(struct rg_ctx *ctx, struct web_table *table, const char *id,
                         struct str caption, const char *const *heading_keys, size_t n_columns,
                         size_t n_rows, struct web_cell **ret_cells);
struct str accounts_roles_text(struct rg_ctx *ctx, unsigned roles);
/* The roles in words, with commas. */
struct str accounts_sentence(struct rg_ctx *ctx);
/* The story told in ctx as a sentence; it is forgotten then. */
void accounts_cookie_set(struct rg_ctx *ctx, const struct web_request *req,
                         struct web_answer *ans, struct str token);
/* The session's cookie; an empty token takes it away. */

struct accounts_errors { /* what an error summary is filled from, in the order of the form */
    struct web_field_error list[WEB_INPUTS_MAX];
    size_t n;
};
void accounts_error_add(struct rg_ctx *ctx, struct accounts_errors *errors,
                        struct web_field *field, struct str sentence);
/* Note what is wrong with a field, at the field and in the summary; the first thing said stays. */
void accounts_errors_of_inputs(struct rg_ctx *ctx, const struct web_request *req,
                               struct accounts_errors *errors, struct web_field *fields,
                               size_t n_fields);
/* The problems that the router found, by the names of the fields. */

/* The handlers that stand beside web.c, for its table of routes. */
enum rg_err accounts_web_people(struct rg_ctx *, struct web_request *, struct web_answer *);
enum rg_err accounts_web_new_form(struct rg_ctx *, struct web_request *, struct web_answer *);
enum rg_err accounts_web_new(struct rg_ctx *, struct web_request *, struct web_answer *);
enum rg_err accounts_web_person(struct rg_ctx *, struct web_request *, struct web_answer *);
enum rg_err accounts_web_person_set(struct rg_ctx *, struct web_request *, struct web_answer *);
enum rg_err accounts_web_person_reset(struct rg_ctx *, struct web_request *, struct web_answer *);
enum rg_err accounts_web_log(struct rg_ctx *, struct web_request *, struct web_answer *);
enum rg_err accounts_web_set(struct rg_ctx *, struct web_request *, struct web_answer *);

/* Inputs of the form of a person; the number, which a new one has not yet, comes last. */
enum { PERSON_LOGIN, PERSON_NAME, PERSON_ROLES, PERSON_ORG, PERSON_AREA, PERSON_LANG,
       PERSON_ACTIVE, PERSON_PASSWORD, PERSON_ID, PERSON__MAX };
extern const struct web_input accounts_person_inputs[PERSON__MAX];
enum { SHOWN_ID, SHOWN_DONE, SHOWN__MAX };
extern const struct web_input accounts_person_shown[SHOWN__MAX];
enum { LOG_BEFORE, LOG__MAX };
enum { SET_SEQ, SET_AFTER, SET__MAX };
enum { PEOPLE_PAGE, PEOPLE__MAX };

#endif
