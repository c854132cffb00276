/* Pages of accounts: people, for the administrator. */
#include "accounts/accounts_priv.h"
#include "accounts_tmpl.h"
#include <stdio.h>

static const char *const langs[] = {"it", "fr", "en", NULL};
_Static_assert(RG_COUNT(langs) == RG_LANG__MAX + 1, "a choice per language");

const struct web_input accounts_person_inputs[PERSON__MAX] = {
    [PERSON_LOGIN] = {.name = "login", .max = 200, .label_key = "accounts.field.login"},
    [PERSON_NAME] = {.name = "nome", .max = ACCOUNTS_NAME_MAX, .label_key = "accounts.field.name"},
    [PERSON_ROLES] = {.name = "ruoli", .kind = WEB_IN_LIST, .max = 40, .required = true,
                      .label_key = "accounts.field.roles"},
    [PERSON_ORG] = {.name = "ente", .kind = WEB_IN_INT, .min = 0, .max = INT64_MAX,
                    .label_key = "accounts.field.org"},
    [PERSON_AREA] = {.name = "area", .kind = WEB_IN_INT, .min = 0, .max = INT64_MAX,
                     .label_key = "accounts.field.area"},
    [PERSON_LANG] = {.name = "lingua", .kind = WEB_IN_CHOICE, .choices = langs, .required = true,
                     .label_key = "accounts.field.lang"},
    [PERSON_ACTIVE] = {.name = "attivo", .kind = WEB_IN_FLAG,
                       .label_key = "accounts.field.active"},
    [PERSON_PASSWORD] = {.name = "password", .kind = WEB_IN_SECRET, .max = ACCOUNTS_PASSWORD_MAX,
                         .label_key = "accounts.field.password"},
    [PERSON_ID] = {.name = "id", .kind = WEB_IN_INT, .min = 1, .max = INT64_MAX,
                   .required = true},
};
static const char *const person_done[] = {"salvato", "aggiunto", NULL};
const struct web_input accounts_person_shown[SHOWN__MAX] = {
    [SHOWN_ID] = {.name = "id", .kind = WEB_IN_INT, .min = 1, .max = INT64_MAX,
                  .required = true},
    [SHOWN_DONE] = {.name = "fatto", .kind = WEB_IN_CHOICE, .choices = person_done},
};

/* ---- the list ---- */

static enum rg_err
people_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
              const struct accounts_view *people, size_t n, int64_t total, int64_t page)
{
    static const struct web_listing_column columns[] = {
        {"id", WEB_DATUM_INT, "accounts.field.number"},
        {"login", WEB_DATUM_TEXT, "accounts.field.login"},
        {"name", WEB_DATUM_TEXT, "accounts.field.name"},
        {"roles", WEB_DATUM_TEXT, "accounts.field.roles"},
        {"org_id", WEB_DATUM_INT, "accounts.field.org"},
        {"area_id", WEB_DATUM_INT, "accounts.field.area"},
        {"lang", WEB_DATUM_TEXT, "accounts.field.lang"},
        {"active", WEB_DATUM_FLAG, "accounts.field.active"},
        {"created", WEB_DATUM_INSTANT, "accounts.field.created"},
        {"seen", WEB_DATUM_INSTANT, "accounts.field.seen"}};
    struct web_datum *cells = RG_ARRAY(ctx->arena, struct web_datum, n * RG_COUNT(columns));
    if (!cells)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        struct web_datum *c = &cells[i * RG_COUNT(columns)];
        RG_CLEANUP(rg_buf_done) struct rg_buf roles;
        rg_buf_init(&roles, 256);
        accounts_roles_put(&roles, people[i].roles);
        c[0] = web_datum_int(people[i].id);
        c[1] = web_datum_text(people[i].login);
        c[2] = web_datum_text(people[i].name);
        c[3] = web_datum_text(rg_arena_str(ctx->arena, rg_buf_view(&roles)));
        c[4] = (struct web_datum){.has = people[i].org_id != 0, .i = people[i].org_id};
        c[5] = (struct web_datum){.has = people[i].area_id != 0, .i = people[i].area_id};
        c[6] = web_datum_text(str_of(rg_lang_tag(people[i].lang)));
        c[7] = web_datum_int(people[i].active);
        c[8] = web_datum_int(people[i].created_s);
        c[9] = (struct web_datum){.has = people[i].seen_s != 0, .i = people[i].seen_s};
    }
    const struct web_listing list = {.name = "people",
                                     .columns = columns,
                                     .n_columns = RG_COUNT(columns),
                                     .cells = cells,
                                     .n_rows = n,
                                     .total = total,
                                     .page = page,
                                     .size = ACCOUNTS_PAGE};
    return web_listing_answer(ctx, req, ans, &list);
}

static enum rg_err
people_table(struct rg_ctx *ctx, const struct accounts_view *people, size_t n,
             struct web_table *ret_table)
{
    static const char *const headings[] = {"accounts.field.login", "accounts.field.name",
                                           "accounts.field.roles", "accounts.field.state",
                                           "accounts.field.seen"};
    struct web_cell *cells;
    if (!accounts_table_make(ctx, ret_table, "persone",
                             wording_text(ctx->lang, "accounts.people.caption"), headings, 5, n,
                             &cells))
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++, cells += 5) {
        const struct accounts_view *p = &people[i];
        cells[0].text = p->login;
        cells[0].path = str_of(
            rg_arena_printf(ctx->arena, "/gestione/persone/%lld", (long long)p->id));
        cells[1].text = p->name;
        cells[2].text = accounts_roles_text(ctx, p->roles);
        cells[3].text = wording_text(ctx->lang, p->active ? "accounts.state.active"
                                                          : "accounts.state.closed");
        cells[3].badge = p->active ? "ok" : "warn";
        cells[4].text = p->seen_s ? web_moment(ctx, p->seen_s)
                                  : wording_text(ctx->lang, "accounts.state.not_in");
    }
    return RG_OK;
}

enum rg_err
accounts_web_people(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct accounts_view *people;
    struct web_paging paging;
    struct web_table table;
    int64_t total, number = web_given(req, PEOPLE_PAGE) ? web_int(req, PEOPLE_PAGE) : 1;
    size_t n;
    enum rg_err err = accounts_count(ctx, &total);
    int64_t last = total > 0 && err == RG_OK ? (total + ACCOUNTS_PAGE - 1) / ACCOUNTS_PAGE : 1;
    number = number > last ? last : number;
    if (err == RG_OK)
        err = accounts_list(ctx, (number - 1) * ACCOUNTS_PAGE, ACCOUNTS_PAGE, &people, &n);
    if (err != RG_OK)
        return err;
    if (req->form != WEB_HTML)
        return people_answer(ctx, req, ans, people, n, total, number);
    err = people_table(ctx, people, n, &table);
    if (err == RG_OK)
        err = web_paging_fill(ctx, STR("/gestione/persone"), STR(""), number, ACCOUNTS_PAGE, total,
                              &paging);
    if (err != RG_OK)
        return err;
    const char *query = number > 1 ? rg_arena_printf(ctx->arena, "?pagina=%lld",
                                                     (long long)number)
                                   : "";
    const struct web_download files[] = {
        {"CSV", str_of(rg_arena_printf(ctx->arena, "/gestione/persone.csv%s", query))},
        {"JSON", str_of(rg_arena_printf(ctx->arena, "/gestione/persone.json%s", query))}};
    struct accounts_people_page page = {&table, &paging, files, RG_COUNT(files)};
    struct web_frame frame = {.title = wording_text(ctx->lang, "accounts.people.title"),
                              .no_index = true};
    const struct web_crumb crumbs[] = {
        {STR("/gestione"), wording_text(ctx->lang, "accounts.desk.title")},
        {STR_NONE, frame.title}};
    web_crumbs(ctx, &frame, RG_COUNT(crumbs), crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_accounts_people(h, &page);
    return web_page_close(ctx, req, ans);
}

/* ---- one person ---- */

enum { FIELDS = PERSON_PASSWORD + 1 };

struct person_form {
    struct web_field fields[FIELDS]; /* by PERSON_… */
    struct accounts_errors errors;
    unsigned roles;
    enum rg_lang lang;
    bool active;
};

static struct str
number_text(struct rg_ctx *ctx, int64_t id)
{
    return id ? str_of(rg_arena_printf(ctx->arena, "%lld", (long long)id)) : STR("");
}

static void
form_begin(struct rg_ctx *ctx, struct person_form *form)
{
    static const char *const hints[FIELDS] = {
        [PERSON_LOGIN] = "accounts.hint.login",   [PERSON_ROLES] = "accounts.hint.roles",
        [PERSON_ORG] = "accounts.hint.org",       [PERSON_AREA] = "accounts.hint.area",
        [PERSON_ACTIVE] = "accounts.hint.active", [PERSON_PASSWORD] = "accounts.hint.new_password",
    };
    *form = (struct person_form){.lang = RG_IT, .active = true};
    for (size_t i = 0; i < FIELDS; i++) {
        const struct web_input *input = &accounts_person_inputs[i];
        form->fields[i] = (struct web_field){.name = input->name,
                                             .label = wording_text(ctx->lang, input->label_key),
                                             .required = i == PERSON_LOGIN || i == PERSON_NAME};
        if (hints[i])
            form->fields[i].hint = wording_text(ctx->lang, hints[i]);
    }
    form->fields[PERSON_LOGIN].autocomplete = "off";
    form->fields[PERSON_LOGIN].n_max = ACCOUNTS_LOGIN_MAX;
    form->fields[PERSON_NAME].n_max = ACCOUNTS_NAME_MAX;
    form->fields[PERSON_ORG].narrow = form->fields[PERSON_AREA].narrow = true;
    form->fields[PERSON_ORG].optional = form->fields[PERSON_AREA].optional = true;
    form->fields[PERSON_PASSWORD].type = "password";
    form->fields[PERSON_PASSWORD].autocomplete = "new-password";
    form->fields[PERSON_PASSWORD].optional = true;
    form->fields[PERSON_ACTIVE].value = STR("1");
}

/* The name of the organization or area beside its number; a number of nothing is a problem. */
static void
scope_check(struct rg_ctx *ctx, struct accounts *accounts, struct person_form *form,
            enum accounts_scope scope, int64_t id, bool asked)
{
    struct web_field *field = &form->fields[scope == ACCOUNTS_ORG ? PERSON_ORG : PERSON_AREA];
    struct str name;
    if (id == 0 || !accounts || !accounts->options.scope_name)
        return;
    if (accounts->options.scope_name(ctx, scope, id, &name) == RG_OK) {
        field->hint = name;
        return;
    }
    rg_story_clear(ctx);
    if (asked)
        accounts_error_add(ctx, &form->errors, field,
                           wording_text(ctx->lang, scope == ACCOUNTS_ORG
                                                       ? "accounts.problem.org_unknown"
                                                       : "accounts.problem.area_unknown"));
}

/* What was sent, kept for the form, and into a draft. */
static struct accounts_draft
form_read(struct rg_ctx *ctx, struct web_request *req, struct person_form *form)
{
    for (size_t i = 0; i < PERSON_LANG; i++)
        form->fields[i].value = web_text(req, i);
    const struct web_value *chosen = &req->values[PERSON_ROLES];
    for (size_t i = 0; i < chosen->n; i++) {
        unsigned roles;
        if (accounts_roles_parse(chosen->list[i], &roles))
            form->roles |= roles;
        else
            accounts_error_add(ctx, &form->errors, &form->fields[PERSON_ROLES],
                               wording_text(ctx->lang, "accounts.problem.roles"));
    }
    form->lang = web_given(req, PERSON_LANG) && !req->values[PERSON_LANG].problem_key
                     ? (enum rg_lang)web_int(req, PERSON_LANG)
                     : RG_IT;
    form->active = web_int(req, PERSON_ACTIVE) != 0;
    accounts_errors_of_inputs(ctx, req, &form->errors, form->fields, FIELDS);
    return (struct accounts_draft){.login = web_text(req, PERSON_LOGIN),
                                   .name = web_text(req, PERSON_NAME),
                                   .roles = form->roles,
                                   .org_id = web_int(req, PERSON_ORG),
                                   .area_id = web_int(req, PERSON_AREA),
                                   .lang = form->lang,
                                   .password = web_given(req, PERSON_PASSWORD)
                                                   ? web_text(req, PERSON_PASSWORD)
                                                   : STR_NONE,
                                   .must_change = true};
}

static void
form_judge(struct rg_ctx *ctx, struct accounts *accounts, const struct accounts_draft *draft,
           struct person_form *form, bool is_new)
{
    struct accounts_problems p;
    (void)accounts_draft_check(draft, &p);
    const char *name = draft->name.n == 0 ? "accounts.problem.name" : p.name;
    const char *const keys[FIELDS] = {[PERSON_LOGIN] = is_new ? p.login : NULL,
                                      [PERSON_NAME] = name,
                                      [PERSON_ROLES] = p.roles,
                                      [PERSON_ORG] = p.org,
                                      [PERSON_AREA] = p.area,
                                      [PERSON_PASSWORD] = is_new ? p.password : NULL};
    for (size_t i = 0; i < FIELDS; i++)
        if (keys[i])
            accounts_error_add(ctx, &form->errors, &form->fields[i],
                               wording_text(ctx->lang, keys[i]));
    scope_check(ctx, accounts, form, ACCOUNTS_ORG, draft->org_id, true);
    scope_check(ctx, accounts, form, ACCOUNTS_AREA, draft->area_id, true);
}

static enum rg_err
form_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
          struct person_form *form, const struct accounts_view *person, struct str flash)
{
    static const char *const lang_names[] = {"Italiano", "Français", "English"};
    struct web_option roles[8], options[RG_LANG__MAX];
    size_t n_roles = 0;
    for (size_t i = 0; accounts_role_at(i) && n_roles < RG_COUNT(roles); i++) {
        unsigned bit = accounts_role_at(i);
        roles[n_roles++] = (struct web_option){
            str_of(accounts_role_name(bit)), wording_text(ctx->lang, accounts_role_key(bit)),
            (form->roles & bit) != 0};
    }
    for (size_t i = 0; i < RG_LANG__MAX; i++)
        options[i] = (struct web_option){str_of(langs[i]), str_of(lang_names[i]),
                                         i == (size_t)form->lang};
    struct web_field *f = form->fields;
    struct accounts_person_page page = {
        .errors = form->errors.list, .n_errors = form->errors.n,
        .login = &f[PERSON_LOGIN], .name = &f[PERSON_NAME], .roles = &f[PERSON_ROLES],
        .org = &f[PERSON_ORG], .area = &f[PERSON_AREA], .lang = &f[PERSON_LANG],
        .active = &f[PERSON_ACTIVE], .password = &f[PERSON_PASSWORD],
        .role_options = roles, .n_role_options = n_roles, .lang_options = options,
        .n_lang_options = RG_COUNT(options), .is_active = form->active};
    page.title = person ? person->name : wording_text(ctx->lang, "accounts.person.new_title");
    page.post_path = STR("/gestione/persone/nuova");
    if (person) {
        page.known_login = person->login;
        page.post_path = str_of(
            rg_arena_printf(ctx->arena, "/gestione/persone/%lld", (long long)person->id));
        page.reset_path = str_of(
            rg_arena_printf(ctx->arena, "/gestione/persone/%lld/password", (long long)person->id));
    }
    struct web_frame frame = {.title = page.title, .no_index = true, .flash = flash};
    const struct web_crumb crumbs[] = {
        {STR("/gestione"), wording_text(ctx->lang, "accounts.desk.title")},
        {STR("/gestione/persone"), wording_text(ctx->lang, "accounts.people.title")},
        {STR_NONE, page.title}};
    web_crumbs(ctx, &frame, RG_COUNT(crumbs), crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_accounts_person(h, &page);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
once_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
          const char *title_key, struct str login, struct str password)
{
    struct accounts_once_page page = {wording_text(ctx->lang, title_key), login, password};
    struct web_frame frame = {.title = page.title, .no_index = true};
    const struct web_crumb crumbs[] = {
        {STR("/gestione"), wording_text(ctx->lang, "accounts.desk.title")},
        {STR("/gestione/persone"), wording_text(ctx->lang, "accounts.people.title")},
        {STR_NONE, page.title}};
    web_crumbs(ctx, &frame, RG_COUNT(crumbs), crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_accounts_once(h, &page);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
see_person(struct rg_ctx *ctx, struct web_answer *ans, int64_t id, const char *done)
{
    const char *path = rg_arena_printf(ctx->arena, "/gestione/persone/%lld?fatto=%s",
                                       (long long)id, done);
    return path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
}

enum rg_err
accounts_web_new_form(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct person_form form;
    form_begin(ctx, &form);
    return form_show(ctx, req, ans, &form, NULL, STR_NONE);
}

enum rg_err
accounts_web_new(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct person_form form;
    struct str password = STR_NONE;
    int64_t id = 0;
    form_begin(ctx, &form);
    struct accounts_draft draft = form_read(ctx, req, &form);
    form_judge(ctx, req->data, &draft, &form, true);
    enum rg_err err = RG_OK;
    if (form.errors.n == 0)
        err = accounts_add(ctx, &draft, &id, &password);
    if (err == RG_CONFLICT)
        accounts_error_add(ctx, &form.errors, &form.fields[PERSON_LOGIN], accounts_sentence(ctx));
    else if (err != RG_OK)
        return err;
    if (form.errors.n > 0) {
        ans->status = err == RG_CONFLICT ? 409 : 400;
        return form_show(ctx, req, ans, &form, NULL, STR_NONE);
    }
    if (!password.n)
        return see_person(ctx, ans, id, "aggiunto");
    struct accounts_view added;
    err = accounts_get(ctx, id, &added);
    return err == RG_OK ? once_show(ctx, req, ans, "accounts.once.added", added.login, password)
                        : err;
}

enum rg_err
accounts_web_person(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct accounts_view person;
    struct person_form form;
    enum rg_err err = accounts_get(ctx, web_int(req, SHOWN_ID), &person);
    if (err != RG_OK)
        return err;
    form_begin(ctx, &form);
    form.fields[PERSON_NAME].value = person.name;
    form.fields[PERSON_ORG].value = number_text(ctx, person.org_id);
    form.fields[PERSON_AREA].value = number_text(ctx, person.area_id);
    form.roles = person.roles;
    form.lang = person.lang;
    form.active = person.active;
    scope_check(ctx, req->data, &form, ACCOUNTS_ORG, person.org_id, false);
    scope_check(ctx, req->data, &form, ACCOUNTS_AREA, person.area_id, false);
    struct str flash = STR_NONE;
    if (web_given(req, SHOWN_DONE))
        flash = wording_text(ctx->lang, web_int(req, SHOWN_DONE) == 0 ? "accounts.person.saved"
                                                                      : "accounts.person.added");
    return form_show(ctx, req, ans, &form, &person, flash);
}

/* Whoever changed their own rights goes on with a new session, or leaves. */
static enum rg_err
own_rights_changed(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
                   const struct accounts_view *me)
{
    struct accounts_entry entry = {.token = STR("")};
    enum rg_err err = me->active ? accounts_rotate(ctx, me->id, &entry) : RG_OK;
    if (err != RG_OK)
        return err;
    accounts_cookie_set(ctx, req, ans, entry.token);
    if (me->active && me->roles & RG_ROLE_ADMIN)
        return see_person(ctx, ans, me->id, "salvato");
    return web_see_other(ctx, ans, me->active ? "/io" : "/");
}

enum rg_err
accounts_web_person_set(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct accounts_view person;
    struct person_form form;
    if (req->values[PERSON_ID].problem_key)
        return RG_FAIL(ctx, RG_ABSENT, "store.absent");
    enum rg_err err = accounts_get(ctx, web_int(req, PERSON_ID), &person);
    if (err != RG_OK)
        return err;
    form_begin(ctx, &form);
    struct accounts_draft draft = form_read(ctx, req, &form);
    form_judge(ctx, req->data, &draft, &form, false);
    struct accounts_view want = person;
    want.name = draft.name;
    want.roles = draft.roles;
    want.org_id = draft.org_id;
    want.area_id = draft.area_id;
    want.lang = draft.lang;
    want.active = form.active;
    if (form.errors.n == 0)
        err = accounts_set(ctx, &want);
    if (err == RG_CONFLICT)
        accounts_error_add(ctx, &form.errors, &form.fields[PERSON_ROLES], accounts_sentence(ctx));
    else if (err != RG_OK)
        return err;
    if (form.errors.n > 0) {
        ans->status = err == RG_CONFLICT ? 409 : 400;
        return form_show(ctx, req, ans, &form, &person, STR_NONE);
    }
    return want.id == ctx->actor.account_id ? own_rights_changed(ctx, req, ans, &want)
                                            : see_person(ctx, ans, want.id, "salvato");
}

enum rg_err
accounts_web_person_reset(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct accounts_view person;
    struct str password;
    enum rg_err err = accounts_get(ctx, web_int(req, SHOWN_ID), &person);
    if (err == RG_OK)
        err = accounts_reset(ctx, person.id, STR_NONE, true, &password);
    if (err != RG_OK)
        return err;
    return once_show(ctx, req, ans, "accounts.once.reset", person.login, password);
}
