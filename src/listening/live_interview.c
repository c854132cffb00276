/* Interviews: under a pseudonym, with the consent that says how far their words may go. */
#include "listening/live.h"
#include "listening/live_pages.h"
#include "listening_tmpl.h"
#include <sodium.h>

enum { IV_CODE, IV_EVENT, IV_CATEGORY, IV_ROLE, IV_ZONE, IV_DAY, IV_CONSENT, IV_KIND, IV_TEXT,
       IV_UID };
static const char *const consents[] = {"none", "coded", "pseudonym", "public", NULL};
const struct web_input live_interviews_inputs[LIVE_INTERVIEWS_N] = {
    [IV_CODE] = {.name = "pseudonimo", .max = 40, .required = true,
                 .label_key = "listening.live.pseudonym"},
    [IV_EVENT] = {.name = "evento", .max = 60, .label_key = "listening.live.round"},
    [IV_CATEGORY] = {.name = "categoria", .max = 40, .label_key = "listening.live.category"},
    [IV_ROLE] = {.name = "ruolo", .max = 200, .label_key = "listening.live.role"},
    [IV_ZONE] = {.name = "zona", .max = 2, .label_key = "listening.live.zone_label"},
    [IV_DAY] = {.name = "giorno", .kind = WEB_IN_DATE, .label_key = "listening.live.day"},
    [IV_CONSENT] = {.name = "assenso", .max = 20, .label_key = "listening.live.consent_label"},
    [IV_KIND] = {.name = "tipo", .max = 20, .label_key = "listening.live.kind_label"},
    [IV_TEXT] = {.name = "testo", .max = LIVE_CARD_MAX, .label_key = "listening.live.card_text"},
    [IV_UID] = {.name = "uid", .max = LIVE_UID_MAX},
};

static enum rg_err
interviews_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans, bool sent)
{
    struct live_interviews_page page = {0};
    struct listening_sql_live_interviews_row *rows;
    static const char *const hints[LIVE_INTERVIEWS_N] = {
        [IV_CODE] = "listening.live.pseudonym_hint", [IV_EVENT] = "listening.live.round_hint",
        [IV_ROLE] = "listening.live.role_hint"};
    struct live_form *form = &page.form;
    for (size_t i = IV_CODE; i <= IV_CONSENT; i++)
        if (!live_field(ctx, form, i, &live_interviews_inputs[i], sent ? &req->values[i] : NULL,
                        hints[i]))
            return RG_NO_MEMORY(ctx);
    struct str none = STR("");
    form->options[IV_CATEGORY] =
        live_options(ctx, "category", live_categories, sent ? web_text(req, IV_CATEGORY) : none,
                     true, &form->n_options[IV_CATEGORY]);
    form->options[IV_ZONE] = live_zone_options(ctx, sent ? web_text(req, IV_ZONE) : none,
                                               &form->n_options[IV_ZONE]);
    form->options[IV_CONSENT] =
        live_options(ctx, "consent_kind", consents, sent ? web_text(req, IV_CONSENT) : STR("none"),
                     false, &form->n_options[IV_CONSENT]);
    enum rg_err err = listening_sql_live_interviews(ctx, &rows, &page.n);
    if (err != RG_OK)
        return err;
    page.rows = rows;
    if (form->n_errors)
        ans->status = 400;
    struct web_frame frame = {0};
    live_frame(ctx, &frame, NULL, wording_text(ctx->lang, "listening.live.interviews"));
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_live_interviews(h, &page);
    return web_page_close(ctx, req, ans);
}

enum rg_err
live_interviews_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return interviews_show(ctx, req, ans, false);
}

static void
problem(struct web_request *req, size_t input, const char *key)
{
    req->n_problems += req->values[input].problem_key == NULL;
    req->values[input].problem_key = key;
}

/* A pseudonym is a sign like "I-07"; a name has blanks, and is refused before it is kept. */
static bool
pseudonym_ok(struct str code)
{
    bool digit = false;
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        digit = digit || (c >= '0' && c <= '9');
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && !(c >= '0' && c <= '9') && c != '-')
            return false;
    }
    return digit;
}

enum rg_err
live_interviews_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_live_event_row event;
    struct listening_sql_live_interview_find_row known;
    struct listening_sql_live_interview_add_row added;
    bool has_event = false, taken = false;
    enum rg_err err = listening_sql_live_event(ctx, web_text(req, IV_EVENT), &has_event, &event);
    if (err == RG_OK)
        err = listening_sql_live_interview_find(ctx, web_text(req, IV_CODE), &taken, &known);
    if (err != RG_OK)
        return err;
    if (!has_event)
        problem(req, IV_EVENT, "listening.live.no_event");
    if (taken)
        problem(req, IV_CODE, "listening.live.pseudonym_taken");
    else if (!pseudonym_ok(web_text(req, IV_CODE)))
        problem(req, IV_CODE, "listening.live.pseudonym_bad");
    if (!live_code_ok(live_categories, web_text(req, IV_CATEGORY)))
        problem(req, IV_CATEGORY, "web.input.choice");
    if (!live_zone_ok(web_text(req, IV_ZONE)))
        problem(req, IV_ZONE, "web.input.choice");
    if (web_text(req, IV_CONSENT).n == 0 || !live_code_ok(consents, web_text(req, IV_CONSENT)))
        problem(req, IV_CONSENT, "web.input.choice");
    if (req->n_problems)
        return interviews_show(ctx, req, ans, true);
    err = store_write_begin(ctx, "interview");
    if (err == RG_OK)
        err = listening_sql_live_interview_add(
            ctx, (struct store_int){true, event.id}, web_text(req, IV_CODE),
            web_text(req, IV_CATEGORY), web_text(req, IV_ROLE), web_text(req, IV_ZONE),
            web_text(req, IV_DAY), STR(""), web_text(req, IV_CONSENT), &added);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    const char *path = rg_arena_printf(ctx->arena, "/gestione/interviste/%.*s",
                                       STR_ARG(web_text(req, IV_CODE)));
    if (err == RG_OK)
        err = path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
    return err;
}

static enum rg_err
interview_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
               const char *problem_key)
{
    struct live_interview_page page = {0};
    struct listening_sql_live_interview_said_row *said;
    unsigned char bytes[16];
    char hex[33];
    bool found;
    enum rg_err err = listening_sql_live_interview_find(ctx, web_text(req, IV_CODE), &found,
                                                        &page.row);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.live.no_interview");
    if (err == RG_OK)
        err = listening_sql_live_interview_said(ctx, page.row.event_id.v, page.row.id, &said,
                                                &page.n);
    if (err != RG_OK)
        return err;
    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2hex(hex, sizeof(hex), bytes, sizeof(bytes));
    page.i = &page.row;
    page.said = said;
    page.uid = rg_arena_str(ctx->arena, str_of(hex));
    page.may_say = !str_is(page.row.consent, "none");
    page.consent_word =
        wording_text(ctx->lang, live_word_key(ctx, "consent_kind", page.row.consent));
    page.kinds = live_options(ctx, "kind", live_kinds, STR("need"), false, &page.n_kinds);
    if (problem_key) {
        page.problem = wording_text(ctx->lang, problem_key);
        ans->status = 400;
    }
    struct web_frame frame = {0};
    live_frame(ctx, &frame, NULL, page.row.code);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_live_interview(h, &page);
    return web_page_close(ctx, req, ans);
}

enum rg_err
live_interview_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return interview_show(ctx, req, ans, NULL);
}

/* Consent decides what becomes public: none, nothing may be written; coded, the contribution counts
 * but stays a draft, out of every public list; pseudonym and public, it is said.             */
static enum rg_err
say(struct rg_ctx *ctx, const struct web_request *req,
    const struct listening_sql_live_interview_find_row *interview)
{
    struct listening_sql_live_interview_said_row *said;
    struct listening_sql_live_card_find_row known;
    struct listening_sql_live_card_add_row added;
    bool found, shown = str_is(interview->consent, "pseudonym") ||
                        str_is(interview->consent, "public");
    size_t n = 0;
    enum rg_err err = listening_sql_live_card_find(ctx, web_text(req, IV_UID), &found, &known);
    if (err != RG_OK || found)
        return err; /* sent twice is once */
    err = listening_sql_live_interview_said(ctx, interview->event_id.v, interview->id, &said, &n);
    const char *code = rg_arena_printf(ctx->arena, "%.*s/%03zu", STR_ARG(interview->code), n + 1);
    if (err == RG_OK && !code)
        err = RG_NO_MEMORY(ctx);
    if (err == RG_OK)
        err = listening_sql_live_card_add(
            ctx, str_of(code), web_text(req, IV_UID), interview->event_id.v, (struct store_int){0},
            (struct store_int){0}, (struct store_int){true, interview->id}, web_text(req, IV_KIND),
            web_text(req, IV_TEXT), interview->category, interview->zone,
            shown ? STR("said") : STR("draft"), &added);
    return err;
}

enum rg_err
live_interview_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_live_interview_find_row row;
    bool found;
    enum rg_err err = listening_sql_live_interview_find(ctx, web_text(req, IV_CODE), &found, &row);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.live.no_interview");
    if (err == RG_OK && str_is(row.consent, "none"))
        err = RG_FAIL(ctx, RG_DENIED, "listening.live.no_consent");
    if (err != RG_OK)
        return err;
    if (!web_given(req, IV_TEXT) || req->values[IV_TEXT].problem_key)
        return interview_show(ctx, req, ans, web_given(req, IV_TEXT) ? "listening.live.card.long"
                                                                     : "listening.live.card.empty");
    if (web_text(req, IV_KIND).n == 0 || !live_code_ok(live_kinds, web_text(req, IV_KIND)))
        return interview_show(ctx, req, ans, "listening.live.card.bad_kind");
    if (web_text(req, IV_UID).n < 8)
        return interview_show(ctx, req, ans, "listening.live.card.bad_uid");
    err = store_write_begin(ctx, "said in an interview");
    if (err == RG_OK)
        err = say(ctx, req, &row);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    const char *path = rg_arena_printf(ctx->arena, "/gestione/interviste/%.*s", STR_ARG(row.code));
    if (err == RG_OK)
        err = path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
    return err;
}
