/* Pages of accounts: the door, who I am, the desk; and the room's routes. */
#include "accounts/accounts_priv.h"
#include "accounts_tmpl.h"
#include <stdio.h>

/* ---- helpers of all the room's pages ---- */

bool
accounts_table_make(struct rg_ctx *ctx, struct web_table *table, const char *id,
                    struct str caption, const char *const *heading_keys, size_t n_columns,
                    size_t n_rows, struct web_cell **ret_cells)
{
    struct web_column *columns = RG_ARRAY(ctx->arena, struct web_column, n_columns);
    struct web_row *rows = RG_ARRAY(ctx->arena, struct web_row, n_rows);
    struct web_cell *cells = RG_ARRAY(ctx->arena, struct web_cell, n_rows * n_columns);
    if (!columns || !rows || !cells || !id)
        return false;
    for (size_t c = 0; c < n_columns; c++)
        columns[c].label = wording_text(ctx->lang, heading_keys[c]);
    for (size_t r = 0; r < n_rows; r++)
        rows[r].cells = &cells[r * n_columns];
    *table = (struct web_table){.id = id,
                                .caption = caption,
                                .columns = columns,
                                .n_columns = n_columns,
                                .rows = rows,
                                .n_rows = n_rows};
    *ret_cells = cells;
    return true;
}

static struct str
buf_text(struct rg_ctx *ctx, const struct rg_buf *buf)
{
    struct str text = buf->failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(buf));
    return text.p ? text : STR("");
}

struct str
accounts_roles_text(struct rg_ctx *ctx, unsigned roles)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 4096);
    for (size_t i = 0; accounts_role_at(i); i++) {
        unsigned bit = accounts_role_at(i);
        if (bit == RG_ROLE_READER ? out.n > 0 : !(roles & bit))
            continue;
        if (out.n)
            rg_buf_lit(&out, ", ");
        rg_buf_str(&out, wording_text(ctx->lang, accounts_role_key(bit)));
    }
    return buf_text(ctx, &out);
}

struct str
accounts_sentence(struct rg_ctx *ctx)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 16 * 1024);
    wording_story(&out, ctx->lang, &ctx->story);
    rg_story_clear(ctx);
    return buf_text(ctx, &out);
}

void
accounts_cookie_set(struct rg_ctx *ctx, const struct web_request *req, struct web_answer *ans,
                    struct str token)
{
    const char *url = web_config_of(req)->public_url;
    bool secure = req->over_tls || (url && str_starts(str_of(url), STR("https://")));
    const char *cookie = rg_arena_printf(
        ctx->arena, "regia=%.*s; Path=/; HttpOnly; SameSite=Lax%s%s", STR_ARG(token),
        secure ? "; Secure" : "", token.n ? "" : "; Max-Age=0");
    if (cookie)
        web_header(ans, "Set-Cookie", cookie);
}

void
accounts_error_add(struct rg_ctx *ctx, struct accounts_errors *errors, struct web_field *field,
                   struct str sentence)
{
    if (field->error.n || errors->n == RG_COUNT(errors->list))
        return;
    struct str text = web_words(ctx, "accounts.field_problem", "field", &field->label, "problem",
                                &sentence, NULL);
    field->error = sentence;
    errors->list[errors->n++] = (struct web_field_error){field->name, text};
}

void
accounts_errors_of_inputs(struct rg_ctx *ctx, const struct web_request *req,
                          struct accounts_errors *errors, struct web_field *fields,
                          size_t n_fields)
{
    for (size_t f = 0; f < n_fields; f++)
        for (size_t i = 0; fields[f].name && i < req->route->n_inputs; i++)
            if (req->values[i].problem_key &&
                str_eq(str_of(req->route->inputs[i].name), str_of(fields[f].name)))
                accounts_error_add(ctx, errors, &fields[f],
                                   wording_text(ctx->lang, req->values[i].problem_key));
}

/* ---- the door ---- */

enum { DOOR_WAY_BACK, DOOR_LOGIN, DOOR_PASSWORD };
static const struct web_input door_inputs[] = {
    [DOOR_WAY_BACK] = {.name = "verso", .max = ACCOUNTS_WAY_BACK_MAX},
    [DOOR_LOGIN] = {.name = "login", .max = ACCOUNTS_LOGIN_MAX, .required = true,
                    .label_key = "accounts.field.login"},
    [DOOR_PASSWORD] = {.name = "password", .kind = WEB_IN_SECRET, .max = ACCOUNTS_PASSWORD_MAX,
                       .required = true, .label_key = "accounts.field.password"},
};

/* The form, with what was typed (but for the password) and what is wrong with it. */
static enum rg_err
door_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
          struct str sentence)
{
    struct accounts_errors errors = {.n = 0};
    struct web_field fields[] = {
        {.name = "login", .label = wording_text(ctx->lang, "accounts.field.login"),
         .value = web_text(req, DOOR_LOGIN), .autocomplete = "username", .required = true,
         .n_max = ACCOUNTS_LOGIN_MAX},
        {.name = "password", .label = wording_text(ctx->lang, "accounts.field.password"),
         .type = "password", .autocomplete = "current-password", .required = true}};
    struct accounts_door_page page = {.login_ref = &fields[0], .password_ref = &fields[1],
                                      .way_back = web_text(req, DOOR_WAY_BACK)};
    if (str_is(str_of(req->route->method), "POST"))
        accounts_errors_of_inputs(ctx, req, &errors, fields, RG_COUNT(fields));
    if (sentence.n) /* one sentence for the form as a whole: it never says which field */
        errors.list[errors.n++] = (struct web_field_error){"login", sentence};
    page.errors = errors.list;
    page.n_errors = errors.n;
    struct web_frame frame = {.title = wording_text(ctx->lang, "accounts.door.title"),
                              .no_index = true};
    struct web_crumb crumb = {STR_NONE, frame.title};
    web_crumbs(ctx, &frame, 1, &crumb);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_accounts_door(h, &page);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
door_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return door_show(ctx, req, ans, STR_NONE);
}

static const char *
way_back(struct rg_ctx *ctx, struct str wanted)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 3 * ACCOUNTS_WAY_BACK_MAX);
    const char *path = wanted.n && accounts_way_back(wanted, &out)
                           ? rg_arena_cstr(ctx->arena, rg_buf_view(&out))
                           : NULL;
    return path ? path : "/";
}

static enum rg_err
door_enter(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct accounts_entry entry;
    if (web_given(req, DOOR_LOGIN) && req->values[DOOR_LOGIN].problem_key) {
        req->values[DOOR_LOGIN].problem_key = NULL; /* longer than any login: simply wrong */
        req->n_problems--;
    }
    if (req->values[DOOR_LOGIN].problem_key || req->values[DOOR_PASSWORD].problem_key) {
        ans->status = 400;
        return door_show(ctx, req, ans, STR_NONE);
    }
    enum rg_err err =
        accounts_sign_in(ctx, req->data, web_text(req, DOOR_LOGIN), web_text(req, DOOR_PASSWORD),
                         req->peer, req->session, &entry);
    if (err == RG_DENIED || err == RG_BUSY) {
        ans->status = err == RG_DENIED ? 403 : 429;
        if (err == RG_BUSY)
            web_header(ans, "Retry-After", "60");
        return door_show(ctx, req, ans, accounts_sentence(ctx));
    }
    if (err != RG_OK)
        return err;
    accounts_cookie_set(ctx, req, ans, entry.token);
    return web_see_other(ctx, ans,
                         entry.must_change ? "/io" : way_back(ctx, web_text(req, DOOR_WAY_BACK)));
}

static enum rg_err
leave(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    enum rg_err err = req->session.n ? accounts_sign_out(ctx, req->session, req->peer) : RG_OK;
    if (err != RG_OK)
        return err;
    accounts_cookie_set(ctx, req, ans, STR(""));
    return web_see_other(ctx, ans, "/");
}

/* ---- who I am ---- */

enum { ME_CURRENT, ME_WANTED, ME_AGAIN };
static const struct web_input me_inputs[] = {
    [ME_CURRENT] = {.name = "attuale", .kind = WEB_IN_SECRET, .max = ACCOUNTS_PASSWORD_MAX,
                    .required = true, .label_key = "accounts.field.current"},
    [ME_WANTED] = {.name = "nuova", .kind = WEB_IN_SECRET, .max = ACCOUNTS_PASSWORD_MAX,
                   .required = true, .label_key = "accounts.field.wanted"},
    [ME_AGAIN] = {.name = "ripetuta", .kind = WEB_IN_SECRET, .max = ACCOUNTS_PASSWORD_MAX,
                  .required = true, .label_key = "accounts.field.again"},
};
enum { ME_DONE };
static const char *const me_done[] = {"password", NULL};
static const struct web_input me_page_inputs[] = {
    [ME_DONE] = {.name = "fatto", .kind = WEB_IN_CHOICE, .choices = me_done},
};

static struct str
scope_text(struct rg_ctx *ctx, struct accounts *accounts, enum accounts_scope scope, int64_t id)
{
    struct str name = STR_NONE;
    if (id == 0)
        return STR_NONE;
    if (accounts && accounts->options.scope_name) {
        if (accounts->options.scope_name(ctx, scope, id, &name) == RG_OK)
            return name;
        rg_story_clear(ctx);
    }
    return str_of(rg_arena_printf(ctx->arena, "%lld", (long long)id));
}

static void
me_fields(struct rg_ctx *ctx, struct web_field fields[3])
{
    static const char *const completes[] = {"current-password", "new-password", "new-password"};
    for (size_t i = 0; i < RG_COUNT(me_inputs); i++)
        fields[i] = (struct web_field){
            .name = me_inputs[i].name, .type = "password", .required = true,
            .label = wording_text(ctx->lang, me_inputs[i].label_key),
            .autocomplete = completes[i]};
    fields[ME_WANTED].hint = wording_text(ctx->lang, "accounts.hint.password");
}

static enum rg_err
me_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
        struct web_field fields[3], const struct accounts_errors *errors, struct str flash)
{
    struct accounts_view me;
    enum rg_err err = accounts_get(ctx, ctx->actor.account_id, &me);
    if (err != RG_OK)
        return err;
    struct str roles[8];
    struct accounts_me_page page = {.errors = errors->list,
                                    .n_errors = errors->n,
                                    .login = me.login,
                                    .name = me.name,
                                    .roles = roles,
                                    .org = scope_text(ctx, req->data, ACCOUNTS_ORG, me.org_id),
                                    .area = scope_text(ctx, req->data, ACCOUNTS_AREA, me.area_id),
                                    .must_change = me.must_change,
                                    .current = &fields[ME_CURRENT],
                                    .wanted = &fields[ME_WANTED],
                                    .again = &fields[ME_AGAIN]};
    for (size_t i = 0; accounts_role_at(i); i++)
        if (me.roles & accounts_role_at(i) && page.n_roles < RG_COUNT(roles))
            roles[page.n_roles++] =
                wording_text(ctx->lang, accounts_role_key(accounts_role_at(i)));
    struct web_frame frame = {.title = wording_text(ctx->lang, "accounts.me.title"),
                              .no_index = true, .flash = flash, .flash_kind = WEB_FLASH_OK};
    struct web_crumb crumb = {STR_NONE, frame.title};
    web_crumbs(ctx, &frame, 1, &crumb);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_accounts_me(h, &page);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
me_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct web_field fields[3];
    struct accounts_errors errors = {.n = 0};
    me_fields(ctx, fields);
    return me_show(ctx, req, ans, fields, &errors,
                   web_given(req, ME_DONE)
                       ? wording_text(ctx->lang, "accounts.me.password_done")
                       : STR_NONE);
}

static enum rg_err
me_password(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct web_field fields[3];
    struct accounts_errors errors = {.n = 0};
    struct accounts_entry entry;
    me_fields(ctx, fields);
    accounts_errors_of_inputs(ctx, req, &errors, fields, RG_COUNT(fields));
    if (errors.n == 0 && !str_eq(web_text(req, ME_WANTED), web_text(req, ME_AGAIN)))
        accounts_error_add(ctx, &errors, &fields[ME_AGAIN],
                           wording_text(ctx->lang, "accounts.problem.password_again"));
    enum rg_err err = RG_OK;
    if (errors.n == 0)
        err = accounts_password_change(ctx, req->data, ctx->actor.account_id,
                                       web_text(req, ME_CURRENT), web_text(req, ME_WANTED),
                                       req->peer, &entry);
    ans->status = err == RG_BUSY ? 429 : err == RG_DENIED ? 403 : 400;
    if (err == RG_INVALID)
        accounts_error_add(ctx, &errors, &fields[ME_WANTED], accounts_sentence(ctx));
    else if (err == RG_DENIED || err == RG_BUSY)
        accounts_error_add(ctx, &errors, &fields[ME_CURRENT], accounts_sentence(ctx));
    else if (err != RG_OK)
        return err;
    if (errors.n > 0)
        return me_show(ctx, req, ans, fields, &errors, STR_NONE);
    accounts_cookie_set(ctx, req, ans, entry.token);
    return web_see_other(ctx, ans, "/io?fatto=password");
}

/* ---- the desk ---- */

static enum rg_err
desk_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    static const struct {
        const char *path, *label_key, *text_key;
        unsigned roles;
    } known[] = {
        {"/gestione/persone", "accounts.people.title", "accounts.people.lead", RG_ROLE_ADMIN},
        {"/gestione/registro", "accounts.log.title", "accounts.log.lead", RG_ROLE_ADMIN},
        {"/gestione/importa", "accounts.desk.import", "accounts.desk.import_text",
         RG_ROLE_ADMIN | RG_ROLE_PLANNER},
        {"/gestione/eventi", "accounts.desk.events", "accounts.desk.events_text",
         RG_ROLE_ADMIN | RG_ROLE_PLANNER},
        {"/gestione/interviste", "accounts.desk.interviews", "accounts.desk.interviews_text",
         RG_ROLE_ADMIN | RG_ROLE_PLANNER},
        {"/gestione/bisogni-scoperti", "accounts.desk.unmet", "accounts.desk.unmet_text",
         RG_ROLE_ADMIN | RG_ROLE_PLANNER},
        {"/piano/controllo", "accounts.desk.plan", "accounts.desk.plan_text",
         RG_ROLE_ADMIN | RG_ROLE_PLANNER},
        {"/lavori", "accounts.desk.jobs", "accounts.desk.jobs_text",
         RG_ROLE_ADMIN | RG_ROLE_PLANNER},
        {"/dati-dimostrativi", "accounts.desk.demo", "accounts.desk.demo_text",
         RG_ROLE_ADMIN | RG_ROLE_PLANNER},
    };
    struct accounts_link links[RG_COUNT(known)];
    struct accounts_desk_page page = {.links = links};
    for (size_t i = 0; i < RG_COUNT(known); i++)
        if (known[i].roles & ctx->actor.roles)
            links[page.n_links++] =
                (struct accounts_link){known[i].path, wording_text(ctx->lang, known[i].label_key),
                                       wording_text(ctx->lang, known[i].text_key)};
    struct web_frame frame = {.title = wording_text(ctx->lang, "accounts.desk.title"),
                              .no_index = true};
    struct web_crumb crumb = {STR_NONE, frame.title};
    web_crumbs(ctx, &frame, 1, &crumb);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_accounts_desk(h, &page);
    return web_page_close(ctx, req, ans);
}

/* ---- routes ---- */

static const struct web_input people_inputs[PEOPLE__MAX] = {
    [PEOPLE_PAGE] = {.name = "pagina", .kind = WEB_IN_INT, .min = 1, .max = 1000000},
};
static const struct web_input log_inputs[LOG__MAX] = {
    [LOG_BEFORE] = {.name = "prima", .kind = WEB_IN_INT, .min = 1, .max = INT64_MAX},
};
static const struct web_input set_inputs[SET__MAX] = {
    [SET_SEQ] = {.name = "seq", .kind = WEB_IN_INT, .min = 1, .max = INT64_MAX - 1,
                 .required = true},
    [SET_AFTER] = {.name = "dopo", .kind = WEB_IN_INT, .min = 0, .max = INT64_MAX},
};

#define STAFF (RG_ROLE_ADMIN | RG_ROLE_PLANNER)
#define INPUTS(list) .inputs = (list), .n_inputs = RG_COUNT(list)

const struct web_route accounts_routes[] = {
    {.method = "GET", .path = "/accedi", .inputs = door_inputs, .n_inputs = 1, /* the way back */
     .roles = RG_ROLE_PUBLIC,
     .handle = door_page, .title_key = "accounts.door.title",
     .flags = WEB_SHOWS_PROBLEMS | WEB_NO_SITEMAP, .cache = WEB_PRIVATE},
    {.method = "POST", .path = "/accedi", INPUTS(door_inputs), .roles = RG_ROLE_PUBLIC,
     .handle = door_enter, .flags = WEB_SHOWS_PROBLEMS, .cache = WEB_PRIVATE},
    {.method = "POST", .path = "/esci", .roles = RG_ROLE_PUBLIC, .handle = leave,
     .cache = WEB_PRIVATE},
    {.method = "GET", .path = "/io", INPUTS(me_page_inputs), .roles = RG_ROLE_READER,
     .handle = me_page, .title_key = "accounts.me.title"},
    {.method = "POST", .path = "/io/password", INPUTS(me_inputs), .roles = RG_ROLE_READER,
     .handle = me_password, .flags = WEB_SHOWS_PROBLEMS},
    {.method = "GET", .path = "/gestione", .roles = STAFF, .handle = desk_page,
     .title_key = "accounts.desk.title"},
    {.method = "GET", .path = "/gestione/persone", INPUTS(people_inputs), .roles = RG_ROLE_ADMIN,
     .handle = accounts_web_people, .title_key = "accounts.people.title",
     .forms = WEB_TABLE_FORMS},
    {.method = "GET", .path = "/gestione/persone/nuova", .roles = RG_ROLE_ADMIN,
     .handle = accounts_web_new_form, .title_key = "accounts.person.new_title"},
    {.method = "POST", .path = "/gestione/persone/nuova",
     .inputs = accounts_person_inputs, .n_inputs = PERSON_ID, /* all but the number */
     .roles = RG_ROLE_ADMIN, .handle = accounts_web_new, .flags = WEB_SHOWS_PROBLEMS},
    {.method = "GET", .path = "/gestione/persone/{id}", .inputs = accounts_person_shown,
     .n_inputs = SHOWN__MAX, .roles = RG_ROLE_ADMIN, .handle = accounts_web_person,
     .title_key = "accounts.people.title", .example = "/gestione/persone/1"},
    {.method = "POST", .path = "/gestione/persone/{id}", INPUTS(accounts_person_inputs),
     .roles = RG_ROLE_ADMIN, .handle = accounts_web_person_set, .flags = WEB_SHOWS_PROBLEMS},
    {.method = "POST", .path = "/gestione/persone/{id}/password", .inputs = accounts_person_shown,
     .n_inputs = SHOWN__MAX, .roles = RG_ROLE_ADMIN, .handle = accounts_web_person_reset},
    {.method = "GET", .path = "/gestione/registro", INPUTS(log_inputs), .roles = RG_ROLE_ADMIN,
     .handle = accounts_web_log, .title_key = "accounts.log.title", .forms = WEB_TABLE_FORMS},
    {.method = "GET", .path = "/gestione/registro/{seq}", INPUTS(set_inputs),
     .roles = RG_ROLE_ADMIN, .handle = accounts_web_set, .title_key = "accounts.log.title",
     .forms = WEB_TABLE_FORMS, .example = "/gestione/registro/1"},
};
const size_t accounts_n_routes = RG_COUNT(accounts_routes);
