/* Registering to an event, and the secret link by which a person changes or leaves. */
#include "listening/live.h"
#include "listening/live_pages.h"
#include "listening_tmpl.h"
#include <stdio.h>

enum { IN_CODE, IN_NAME, IN_CONTACT, IN_CATEGORY, IN_ZONE, IN_TABLE, IN_CONSENT };
const struct web_input live_register_inputs[LIVE_REGISTER_N] = {
    [IN_CODE] = {.name = "codice", .max = 60, .required = true},
    [IN_NAME] = {.name = "nome", .max = LIVE_NAME_MAX, .required = true,
                 .label_key = "listening.live.name"},
    [IN_CONTACT] = {.name = "contatto", .max = LIVE_CONTACT_MAX, .required = true,
                    .label_key = "listening.live.contact"},
    [IN_CATEGORY] = {.name = "categoria", .max = 40, .label_key = "listening.live.category"},
    [IN_ZONE] = {.name = "zona", .max = 2, .label_key = "listening.live.zone_label"},
    [IN_TABLE] = {.name = "tavolo", .max = 20, .label_key = "listening.live.table"},
    [IN_CONSENT] = {.name = "consenso", .kind = WEB_IN_FLAG, .required = true,
                    .label_key = "listening.live.consent"},
};

const struct web_field *
live_field(struct rg_ctx *ctx, struct live_form *form, size_t i, const struct web_input *input,
           const struct web_value *value, const char *hint_key)
{
    struct web_field *field = RG_NEW(ctx->arena, struct web_field);
    if (!field)
        return NULL;
    *field = (struct web_field){
        .name = input->name,
        .label = wording_text(ctx->lang, input->label_key),
        .hint = hint_key ? wording_text(ctx->lang, hint_key) : STR(""),
        .value = value && value->text.p ? value->text : STR(""),
        .n_max = input->kind == WEB_IN_TEXT ? input->max : 0,
        .required = input->required,
        .optional = !input->required && input->kind == WEB_IN_TEXT};
    if (value && value->problem_key) {
        field->error = wording_text(ctx->lang, value->problem_key);
        struct str line = web_words(ctx, "listening.live.field_error", "field", &field->label,
                                    "problem", &field->error, NULL);
        form->errors[form->n_errors++] = (struct web_field_error){input->name, line};
    }
    form->fields[i] = field;
    return field;
}

static struct str
notice_of(struct rg_ctx *ctx)
{
    return wording_text(ctx->lang, "listening.live.notice");
}

static enum rg_err
form_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
          const struct live_place *place, bool sent, bool known)
{
    struct live_register_page page = {.code = place->event.code,
                                      .title = place->event.title,
                                      .day = web_day(ctx, place->event.day),
                                      .place = place->event.place,
                                      .notice = notice_of(ctx),
                                      .known = known,
                                      .open = str_is(place->event.state, "open")};
    static const char *const hints[LIVE_REGISTER_N] = {
        [IN_NAME] = "listening.live.name_hint",
        [IN_CONTACT] = "listening.live.contact_hint",
        [IN_TABLE] = "listening.live.table_hint"};
    struct live_form *form = &page.form;
    for (size_t i = IN_NAME; i <= IN_CONSENT; i++)
        if (!live_field(ctx, form, i, &live_register_inputs[i], sent ? &req->values[i] : NULL,
                        hints[i]))
            return RG_NO_MEMORY(ctx);
    form->options[IN_CATEGORY] =
        live_options(ctx, "category", live_categories, web_text(req, IN_CATEGORY), true,
                     &form->n_options[IN_CATEGORY]);
    form->options[IN_ZONE] =
        live_zone_options(ctx, web_text(req, IN_ZONE), &form->n_options[IN_ZONE]);
    form->options[IN_TABLE] = live_table_options(ctx, place, web_text(req, IN_TABLE), true,
                                                 &form->n_options[IN_TABLE]);
    page.consent_on = sent && web_int(req, IN_CONSENT) != 0;
    if (form->n_errors)
        ans->status = 400;
    struct web_frame frame = {.title = wording_text(ctx->lang, "listening.live.register_title"),
                              .no_index = true};
    struct web_crumb crumbs[2] = {
        {STR("/ascolto"), wording_text(ctx->lang, "listening.title")}, {STR_NONE, frame.title}};
    web_crumbs(ctx, &frame, 2, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_live_register(h, &page);
    return web_page_close(ctx, req, ans);
}

enum rg_err
live_register_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    enum rg_err err = live_event_open(ctx, web_text(req, IN_CODE), &place);
    return err == RG_OK ? form_show(ctx, req, ans, &place, false, false) : err;
}

static bool
digits_or_at(struct str contact)
{
    size_t digits = 0;
    for (size_t i = 0; i < contact.n; i++)
        digits += contact.p[i] >= '0' && contact.p[i] <= '9';
    const char *at = contact.n ? memchr(contact.p, '@', contact.n) : NULL;
    return digits >= 6 || (at && at > contact.p && at + 3 < contact.p + contact.n);
}

static void
problem(struct web_request *req, size_t input, const char *key)
{
    if (!req->values[input].problem_key) {
        req->values[input].problem_key = key;
        req->n_problems++;
    }
}

static void
check(struct web_request *req, const struct live_place *place)
{
    if (web_given(req, IN_CONTACT) && !digits_or_at(web_text(req, IN_CONTACT)))
        problem(req, IN_CONTACT, "listening.live.bad_contact");
    if (!live_code_ok(live_categories, web_text(req, IN_CATEGORY)))
        problem(req, IN_CATEGORY, "web.input.choice");
    if (!live_zone_ok(web_text(req, IN_ZONE)))
        problem(req, IN_ZONE, "web.input.choice");
    if (web_text(req, IN_TABLE).n && !live_table_find(place, web_text(req, IN_TABLE)))
        problem(req, IN_TABLE, "listening.live.no_table");
    if (!web_int(req, IN_CONSENT)) {
        req->n_problems += req->values[IN_CONSENT].problem_key == NULL;
        req->values[IN_CONSENT].problem_key = "listening.live.consent_missing";
    }
}

/* Who asks for a contact that is registered already learns it, so that nobody takes two places;
 * the throttle keeps a list of contacts from being asked so.                                  */
static enum rg_err
register_throttled(struct rg_ctx *ctx, const struct web_request *req, int64_t event_id,
                   const struct live_person *person, struct live_registered *ret)
{
    struct web_throttle *knocks = req->data;
    char network[WEB_NETWORK_MAX], wait[24];
    web_network_of(req->peer, network);
    int64_t wait_s = web_throttle_wait(knocks, person->contact, str_of(network), ctx->now_s);
    if (wait_s == 0) {
        enum rg_err err = live_register(ctx, event_id, person, ret);
        if (err == RG_OK && ret->outcome == LIVE_KNOWN)
            (void)web_throttle_take(knocks, person->contact, str_of(network), ctx->now_s);
        return err;
    }
    snprintf(wait, sizeof(wait), "%lld", (long long)wait_s);
    return RG_FAIL(ctx, RG_BUSY, "web.too_many", "seconds", wait);
}

enum rg_err
live_register_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    struct live_registered done;
    enum rg_err err = live_event_open(ctx, web_text(req, IN_CODE), &place);
    if (err == RG_OK && !str_is(place.event.state, "open"))
        err = RG_FAIL(ctx, RG_CONFLICT, "listening.live.not_open");
    if (err != RG_OK)
        return err;
    check(req, &place);
    if (req->n_problems)
        return form_show(ctx, req, ans, &place, true, false);
    const struct listening_sql_live_tables_row *table =
        live_table_find(&place, web_text(req, IN_TABLE));
    const struct live_person person = {
        .name = web_text(req, IN_NAME), .contact = web_text(req, IN_CONTACT),
        .category = web_text(req, IN_CATEGORY), .zone = web_text(req, IN_ZONE),
        .table_id = {table != NULL, table ? table->id : 0}, .notice = notice_of(ctx)};
    err = register_throttled(ctx, req, place.event.id, &person, &done);
    if (err != RG_OK)
        return err;
    if (done.outcome == LIVE_KNOWN) {
        ans->status = 409;
        return form_show(ctx, req, ans, &place, true, true);
    }
    const char *path =
        rg_arena_printf(ctx->arena, "/ascolto/iscrizioni/%.*s", STR_ARG(done.token));
    return path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
}

/* ---- the secret link ---- */

enum { LINK_TOKEN, LINK_ACTION, LINK_TABLE };
static const char *const actions[] = {"cambia", "ritira", "cancella", NULL};
const struct web_input live_link_inputs[LIVE_LINK_N] = {
    [LINK_TOKEN] = {.name = "segno", .max = LIVE_TOKEN_HEX, .required = true},
    [LINK_ACTION] = {.name = "azione", .kind = WEB_IN_CHOICE, .choices = actions},
    [LINK_TABLE] = {.name = "tavolo", .max = 20, .label_key = "listening.live.table"},
};

static enum rg_err
link_find(struct rg_ctx *ctx, struct str token,
          struct listening_sql_live_registration_of_token_row *ret)
{
    char hash[65];
    bool found;
    live_token_hash(token, hash);
    enum rg_err err =
        listening_sql_live_registration_of_token(ctx, str_of(hash), &found, ret);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.live.no_link");
    return err;
}

static enum rg_err
link_fill(struct rg_ctx *ctx, const struct listening_sql_live_registration_of_token_row *row,
          const struct live_place *place, struct live_link_page *page)
{
    struct listening_sql_live_notice_get_row notice;
    struct listening_sql_live_waiting_ahead_row ahead;
    struct str chosen = STR("");
    for (size_t i = 0; i < place->n_tables; i++)
        if (row->table_id.has && place->tables[i].id == row->table_id.v) {
            page->table = live_table_name(ctx, &place->tables[i]);
            chosen = place->tables[i].code;
        }
    page->tables = live_table_options(ctx, place, chosen, true, &page->n_tables);
    struct live_form form = {0};
    page->table_field = live_field(ctx, &form, 0, &live_link_inputs[LINK_TABLE], NULL, NULL);
    if (!page->tables || !page->table_field)
        return RG_NO_MEMORY(ctx);
    enum rg_err err = RG_OK;
    if (page->waiting) {
        err = listening_sql_live_waiting_ahead(ctx, row->event_id, row->table_id, row->ord, &ahead);
        if (err == RG_OK)
            page->ahead = web_words_n(ctx, "listening.live.ahead", ahead.n);
    }
    if (err == RG_OK && row->notice_id.has) {
        err = listening_sql_live_notice_get(ctx, row->notice_id.v, &notice);
        if (err == RG_OK)
            page->notice = notice.text;
    }
    return err;
}

enum rg_err
live_link_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_live_registration_of_token_row row;
    struct live_place place;
    enum rg_err err = link_find(ctx, web_text(req, LINK_TOKEN), &row);
    if (err == RG_OK)
        err = live_event_open(ctx, row.event_code, &place);
    if (err != RG_OK)
        return err;
    struct live_link_page page = {
        .token = web_text(req, LINK_TOKEN),
        .title = place.event.title,
        .code = place.event.code,
        .day = web_day(ctx, place.event.day),
        .place = place.event.place,
        .name = live_open(ctx, row.name_box, row.secret),
        .state_key = live_word_key(ctx, "registration", row.state),
        .waiting = str_is(row.state, "waiting"),
        .active = str_is(row.state, "waiting") || str_is(row.state, "confirmed"),
        .consent_days = row.consent_s / 86400,
    };
    err = link_fill(ctx, &row, &place, &page);
    if (err != RG_OK)
        return err;
    struct web_frame frame = {.title = wording_text(ctx->lang, "listening.live.link_title"),
                              .no_index = true};
    const struct web_crumb crumb = {STR_NONE, frame.title};
    web_crumbs(ctx, &frame, 1, &crumb);
    /* The address is a secret: no page behind a link on this one may be told of it. */
    web_header(ans, "Cache-Control", "no-store");
    ans->cache_set = true;
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_live_link(h, &page);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
erased_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct live_link_page page = {.erased = true};
    struct web_frame frame = {.title = wording_text(ctx->lang, "listening.live.erased_title"),
                              .no_index = true};
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_live_link(h, &page);
    return web_page_close(ctx, req, ans);
}

enum rg_err
live_link_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_live_registration_of_token_row row;
    struct live_place place;
    enum rg_err err = link_find(ctx, web_text(req, LINK_TOKEN), &row);
    if (err == RG_OK)
        err = live_event_open(ctx, row.event_code, &place);
    if (err != RG_OK)
        return err;
    const struct listening_sql_live_tables_row *table =
        live_table_find(&place, web_text(req, LINK_TABLE));
    struct store_int table_id = {table != NULL, table ? table->id : 0};
    bool waiting;
    switch (web_given(req, LINK_ACTION) ? web_int(req, LINK_ACTION) : 0) {
    case 0:
        if (web_text(req, LINK_TABLE).n && !table)
            err = RG_FAIL(ctx, RG_ABSENT, "listening.live.no_table");
        else if (!str_is(place.event.state, "open"))
            err = RG_FAIL(ctx, RG_CONFLICT, "listening.live.not_open");
        else
            err = live_move(ctx, row.event_id, row.id, table_id, &waiting);
        break;
    case 1: err = live_withdraw(ctx, row.event_id, row.id); break;
    default:
        err = live_erase(ctx, row.event_id, row.id);
        return err == RG_OK ? erased_show(ctx, req, ans) : err;
    }
    const char *path = rg_arena_printf(ctx->arena, "/ascolto/iscrizioni/%.*s",
                                       STR_ARG(web_text(req, LINK_TOKEN)));
    if (err == RG_OK)
        err = path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
    return err;
}
