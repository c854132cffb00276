/* The facilitator's page: cards of a table, with and without script; groups, report, closing. */
#include "listening/live.h"
#include "listening/live_pages.h"
#include "listening_tmpl.h"
#include <sodium.h>

enum { CARD_CODE, CARD_TABLE, CARD_UID, CARD_KIND, CARD_TEXT, CARD_CATEGORY, CARD_ZONE,
       CARD_SESSION, CARD_REV, CARD_ACTION, CARD_BATCH };
static const char *const card_actions[] = {"salva", "ritira", NULL};
const struct web_input live_cards_inputs[LIVE_CARDS_N] = {
    [CARD_CODE] = {.name = "codice", .max = 60, .required = true},
    [CARD_TABLE] = {.name = "tavolo", .max = 20, .required = true},
    [CARD_UID] = {.name = "uid", .max = LIVE_UID_MAX},
    [CARD_KIND] = {.name = "tipo", .max = 20, .label_key = "listening.live.kind_label"},
    [CARD_TEXT] = {.name = "testo", .max = LIVE_CARD_MAX, .label_key = "listening.live.card_text"},
    [CARD_CATEGORY] = {.name = "categoria", .max = 40, .label_key = "listening.live.category"},
    [CARD_ZONE] = {.name = "zona", .max = 2, .label_key = "listening.live.zone_label"},
    [CARD_SESSION] = {.name = "sessione", .kind = WEB_IN_INT, .min = 0, .max = 99},
    [CARD_REV] = {.name = "rev", .kind = WEB_IN_INT, .min = 0, .max = INT32_MAX},
    [CARD_ACTION] = {.name = "azione", .kind = WEB_IN_CHOICE, .choices = card_actions},
    [CARD_BATCH] = {.name = "carte", .max = LIVE_BATCH_BYTES},
};
enum { PAGE_CODE, PAGE_TABLE, PAGE_SESSION, PAGE_DONE };
const struct web_input live_table_inputs[LIVE_TABLE_N] = {
    [PAGE_CODE] = {.name = "codice", .max = 60, .required = true},
    [PAGE_TABLE] = {.name = "tavolo", .max = 20, .required = true},
    [PAGE_SESSION] = {.name = "sessione", .kind = WEB_IN_INT, .min = 0, .max = 99},
    [PAGE_DONE] = {.name = "fatto", .max = 20},
};

/* ---- showing ---- */

static struct str
word(struct rg_ctx *ctx, const char *group, struct str code)
{
    return code.n ? wording_text(ctx->lang, live_word_key(ctx, group, code)) : STR("");
}

static bool
card_view(struct rg_ctx *ctx, struct live_card_view *v)
{
    v->kind_word = word(ctx, "kind", v->kind);
    v->category_word = word(ctx, "category", v->category);
    v->zone_word = v->zone.n ? web_words(ctx, "listening.live.zone", "n", &v->zone, NULL) : STR("");
    v->kinds = live_options(ctx, "kind", live_kinds, v->kind, false, &v->n_kinds);
    v->categories =
        live_options(ctx, "category", live_categories, v->category, true, &v->n_categories);
    v->zones = live_zone_options(ctx, v->zone, &v->n_zones);
    return v->kinds && v->categories && v->zones;
}

static enum rg_err
cards_fill(struct rg_ctx *ctx, const struct live_place *place, int64_t table_id, int64_t session,
           struct live_card_view **ret, size_t *ret_n, int64_t *ret_all)
{
    struct listening_sql_live_cards_row *rows;
    size_t n, k = 0;
    enum rg_err err = listening_sql_live_cards(ctx, place->event.id, table_id, &rows, &n);
    if (err != RG_OK)
        return err;
    struct live_card_view *views = RG_ARRAY(ctx->arena, struct live_card_view, n);
    for (size_t i = 0; views && i < n; i++) {
        if (session > 0 && rows[i].session_ord.has && rows[i].session_ord.v != session)
            continue;
        views[k] = (struct live_card_view){.code = rows[i].code, .uid = rows[i].uid,
                                           .text = rows[i].text, .kind = rows[i].kind,
                                           .category = rows[i].category, .zone = rows[i].zone,
                                           .id = rows[i].id, .rev = rows[i].rev,
                                           .session_ord = rows[i].session_ord.v,
                                           .group_id = rows[i].group_id.v};
        if (!card_view(ctx, &views[k++]))
            return RG_NO_MEMORY(ctx);
    }
    if (!views)
        return RG_NO_MEMORY(ctx);
    *ret = views;
    *ret_n = k;
    *ret_all = (int64_t)n;
    return RG_OK;
}

static enum rg_err
groups_fill(struct rg_ctx *ctx, int64_t table_id, const struct live_card_view *cards, size_t n,
            struct live_group_view **ret, size_t *ret_n)
{
    struct listening_sql_live_groups_row *rows;
    size_t n_groups;
    enum rg_err err = listening_sql_live_groups(ctx, table_id, &rows, &n_groups);
    if (err != RG_OK)
        return err;
    struct live_group_view *groups = RG_ARRAY(ctx->arena, struct live_group_view, n_groups);
    for (size_t g = 0; groups && g < n_groups; g++) {
        struct live_card_view *mine =
            RG_ARRAY(ctx->arena, struct live_card_view, (size_t)rows[g].n_cards);
        size_t k = 0;
        if (!mine)
            return RG_NO_MEMORY(ctx);
        for (size_t i = 0; i < n && k < (size_t)rows[g].n_cards; i++)
            if (cards[i].group_id == rows[g].id)
                mine[k++] = cards[i];
        groups[g] = (struct live_group_view){.title = rows[g].title, .id = rows[g].id,
                                             .n_cards = rows[g].n_cards, .cards = mine, .n = k};
    }
    *ret = groups;
    *ret_n = n_groups;
    return groups ? RG_OK : RG_NO_MEMORY(ctx);
}

static struct str
new_uid(struct rg_ctx *ctx)
{
    unsigned char bytes[16];
    char hex[33];
    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2hex(hex, sizeof(hex), bytes, sizeof(bytes));
    struct str uid = rg_arena_str(ctx->arena, str_of(hex));
    return uid.p ? uid : STR("");
}

static void
writable(struct rg_ctx *ctx, const struct live_place *place, struct live_table_page *page)
{
    page->closed = place->table->closed_s.has;
    page->running = str_is(place->event.state, "running");
    page->writable = !page->closed && page->running && place->table->axis.n > 0;
    if (!page->running)
        page->closed_word = wording_text(ctx->lang, "listening.live.not_running");
    else if (page->closed)
        page->closed_word = wording_text(ctx->lang, "listening.live.table_closed");
    else if (!page->writable)
        page->closed_word = wording_text(ctx->lang, "listening.live.no_axis");
}

/* sent: a card that did not get in, shown again in the form; theirs: the text it met. */
static enum rg_err
table_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
           const struct live_place *place, int64_t session, const struct live_card_view *sent,
           struct str problem, struct str theirs)
{
    struct live_table_page page = {.code = place->event.code, .table = place->table->code,
                                   .event_title = place->event.title, .axis = place->table->axis,
                                   .name = live_table_name(ctx, place->table),
                                   .report = place->table->report, .problem = problem,
                                   .merged_with = place->table->merged_with, .theirs = theirs,
                                   .office = live_office(ctx)};
    struct listening_sql_live_sessions_row *sessions;
    struct live_card_view *cards;
    struct live_group_view *groups;
    enum rg_err err =
        listening_sql_live_sessions(ctx, place->event.id, &sessions, &page.n_sessions);
    if (err != RG_OK)
        return err;
    page.session = session > 0 ? session : page.n_sessions ? sessions[0].ord : 0;
    for (size_t i = 0; i < page.n_sessions; i++)
        if (sessions[i].ord == page.session) {
            page.question = sessions[i].question;
            page.session_title = sessions[i].title;
        }
    page.sessions = sessions;
    writable(ctx, place, &page);
    page.url = str_of(web_path(ctx, "/gestione/eventi/%.*s/tavoli/%.*s/carte",
                               STR_ARG(page.code), STR_ARG(page.table)));
    page.draft = sent ? *sent : (struct live_card_view){.uid = new_uid(ctx), .kind = STR("need"),
                                                        .text = STR("")};
    if (!card_view(ctx, &page.draft))
        return RG_NO_MEMORY(ctx);
    page.draft_ref = &page.draft;
    page.others = live_table_options(ctx, place, place->table->merged_with, true, &page.n_others);
    err = cards_fill(ctx, place, place->table->id, 0, &cards, &page.n_shown, &page.n_cards);
    if (err == RG_OK)
        err = groups_fill(ctx, place->table->id, cards, page.n_shown, &groups, &page.n_groups);
    if (err != RG_OK)
        return err;
    page.cards = cards;
    page.groups = groups;
    struct web_frame frame = {0};
    live_frame(ctx, &frame, place, page.name);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_live_table(h, &page);
    return web_page_close(ctx, req, ans);
}

enum rg_err
live_table_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    enum rg_err err =
        live_staff_open(ctx, web_text(req, PAGE_CODE), web_text(req, PAGE_TABLE), &place);
    return err == RG_OK ? table_show(ctx, req, ans, &place, web_int(req, PAGE_SESSION), NULL,
                                     STR(""), STR("")) : err;
}

static enum rg_err
back_to_table(struct rg_ctx *ctx, struct web_answer *ans, const struct live_place *place,
              int64_t session)
{
    const char *path =
        rg_arena_printf(ctx->arena, "/gestione/eventi/%.*s/tavoli/%.*s?sessione=%lld",
                        STR_ARG(place->event.code), STR_ARG(place->table->code),
                        (long long)session);
    return path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
}

/* ---- cards in ---- */

static const char *const result_words[] = {"saved", "same", "conflict", "bad"};
_Static_assert(RG_COUNT(result_words) == LIVE_CARD__MAX, "a word per result");

static void
answer_put(struct rg_ctx *ctx, struct rg_jw *jw, const struct live_card *card,
           const struct live_card_answer *answer)
{
    rg_jw_object(jw);
    rg_jw_key(jw, "uid");
    rg_jw_str(jw, card->uid);
    rg_jw_key(jw, "result");
    rg_jw_str(jw, str_of(result_words[answer->result]));
    rg_jw_key(jw, "rev");
    rg_jw_i64(jw, answer->rev);
    if (answer->code.p) {
        rg_jw_key(jw, "code");
        rg_jw_str(jw, answer->code);
    }
    if (answer->result == LIVE_CARD_CONFLICT) {
        rg_jw_key(jw, "text");
        rg_jw_str(jw, answer->text);
        rg_jw_key(jw, "kind");
        rg_jw_str(jw, answer->kind);
    }
    if (answer->problem_key) {
        rg_jw_key(jw, "problem");
        rg_jw_str(jw, wording_text(ctx->lang, answer->problem_key));
    }
    rg_jw_end_object(jw);
}

static enum rg_err
batch_take(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
           const struct live_table *table)
{
    struct live_card *cards;
    size_t n;
    req->form = WEB_JSON; /* whatever happens, a script reads it */
    enum rg_err err = live_cards_read(ctx, web_text(req, CARD_BATCH), &cards, &n);
    if (err != RG_OK)
        return err;
    struct live_card_answer *answers = RG_ARRAY(ctx->arena, struct live_card_answer, n);
    if (!answers)
        return RG_NO_MEMORY(ctx);
    err = live_cards_save(ctx, table, cards, n, answers);
    if (err != RG_OK)
        return err;
    struct rg_jw jw;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    rg_jw_object(&jw);
    rg_jw_key(&jw, "cards");
    rg_jw_array(&jw);
    for (size_t i = 0; i < n; i++)
        answer_put(ctx, &jw, &cards[i], &answers[i]);
    rg_jw_end_array(&jw);
    rg_jw_end_object(&jw);
    return RG_OK;
}

static enum rg_err
one_take(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
         const struct live_place *place, const struct live_table *table)
{
    struct live_card_answer answer;
    bool withdraw = web_given(req, CARD_ACTION) && web_int(req, CARD_ACTION) == 1;
    const struct live_card card = {.uid = web_text(req, CARD_UID), .kind = web_text(req, CARD_KIND),
                                   .text = web_text(req, CARD_TEXT),
                                   .category = web_text(req, CARD_CATEGORY),
                                   .zone = web_text(req, CARD_ZONE),
                                   .session_ord = web_int(req, CARD_SESSION),
                                   .rev = web_int(req, CARD_REV), .withdrawn = withdraw};
    enum rg_err err = live_cards_save(ctx, table, &card, 1, &answer);
    bool refused = err == RG_CONFLICT; /* closed meanwhile: the words are shown, not dropped */
    if (err != RG_OK && !refused)
        return err;
    if (!refused && (answer.result == LIVE_CARD_SAVED || answer.result == LIVE_CARD_SAME))
        return back_to_table(ctx, ans, place, card.session_ord);
    struct live_card_view sent = {.uid = card.uid.n ? card.uid : new_uid(ctx), .kind = card.kind,
                                  .text = card.text, .category = card.category, .zone = card.zone,
                                  .rev = refused ? card.rev : answer.rev};
    bool conflict = !refused && answer.result == LIVE_CARD_CONFLICT;
    const char *key = conflict ? "listening.live.card.conflict"
                      : refused ? ctx->story.key : answer.problem_key;
    struct str problem = wording_text(ctx->lang, key);
    ans->status = refused || conflict ? 409 : 400;
    return table_show(ctx, req, ans, place, card.session_ord, &sent, problem,
                      conflict ? answer.text : STR(""));
}

/* The way of a batch, without what only a page needs to know. */
static enum rg_err
batch_open(struct rg_ctx *ctx, const struct web_request *req, struct live_table *ret)
{
    struct listening_sql_live_table_at_row at;
    struct listening_sql_live_may_table_row may = {1};
    bool found;
    enum rg_err err = listening_sql_live_table_at(ctx, web_text(req, CARD_CODE),
                                                  web_text(req, CARD_TABLE), &found, &at);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.live.no_table");
    if (err == RG_OK && !live_office(ctx))
        err = listening_sql_live_may_table(ctx, at.event_id, at.table_id, ctx->actor.account_id,
                                           &may);
    if (err == RG_OK && may.n == 0)
        err = RG_FAIL(ctx, RG_DENIED, "listening.live.not_your_table");
    if (err == RG_OK)
        *ret = (struct live_table){.event_id = at.event_id, .table_id = at.table_id,
                                   .event_code = web_text(req, CARD_CODE),
                                   .table_code = web_text(req, CARD_TABLE)};
    return err;
}

enum rg_err
live_cards_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    struct live_table at;
    if (web_given(req, CARD_BATCH) && !req->values[CARD_BATCH].problem_key) {
        enum rg_err opened = batch_open(ctx, req, &at);
        return opened == RG_OK ? batch_take(ctx, req, ans, &at) : opened;
    }
    enum rg_err err =
        live_staff_open(ctx, web_text(req, CARD_CODE), web_text(req, CARD_TABLE), &place);
    if (err != RG_OK)
        return err;
    const struct live_table table = {.event_id = place.event.id, .table_id = place.table->id,
                                     .event_code = place.event.code,
                                     .table_code = place.table->code};
    if (req->values[CARD_BATCH].problem_key)
        return RG_FAIL(ctx, RG_INVALID, "listening.live.bad_batch");
    if (req->values[CARD_TEXT].problem_key) {
        const struct live_card_view sent = {.uid = web_text(req, CARD_UID),
                                            .kind = web_text(req, CARD_KIND),
                                            .text = web_text(req, CARD_TEXT),
                                            .category = web_text(req, CARD_CATEGORY),
                                            .zone = web_text(req, CARD_ZONE),
                                            .rev = web_int(req, CARD_REV)};
        ans->status = 400;
        return table_show(ctx, req, ans, &place, web_int(req, CARD_SESSION), &sent,
                          wording_text(ctx->lang, "listening.live.card.long"), STR(""));
    }
    if (req->n_problems)
        return RG_FAIL(ctx, RG_INVALID, "web.bad_inputs");
    return one_take(ctx, req, ans, &place, &table);
}

/* What a phone asks when the connection is back: a fresh forgery token and what stands here. */
enum rg_err
live_cards_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    struct listening_sql_live_cards_row *rows;
    struct rg_jw jw;
    size_t n;
    enum rg_err err =
        live_staff_open(ctx, web_text(req, CARD_CODE), web_text(req, CARD_TABLE), &place);
    if (err == RG_OK)
        err = listening_sql_live_cards(ctx, place.event.id, place.table->id, &rows, &n);
    if (err != RG_OK)
        return err;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    rg_jw_object(&jw);
    rg_jw_key(&jw, "csrf");
    rg_jw_str(&jw, str_of(req->csrf));
    rg_jw_key(&jw, "closed");
    rg_jw_bool(&jw, place.table->closed_s.has);
    rg_jw_key(&jw, "cards");
    rg_jw_array(&jw);
    for (size_t i = 0; i < n; i++) {
        rg_jw_object(&jw);
        rg_jw_key(&jw, "uid");
        rg_jw_str(&jw, rows[i].uid);
        rg_jw_key(&jw, "code");
        rg_jw_str(&jw, rows[i].code);
        rg_jw_key(&jw, "rev");
        rg_jw_i64(&jw, rows[i].rev);
        rg_jw_key(&jw, "text");
        rg_jw_str(&jw, rows[i].text);
        rg_jw_end_object(&jw);
    }
    rg_jw_end_array(&jw);
    rg_jw_end_object(&jw);
    return RG_OK;
}

/* ---- groups ---- */

enum { GROUP_CODE, GROUP_TABLE, GROUP_ID, GROUP_TITLE, GROUP_CARDS, GROUP_SESSION };
const struct web_input live_groups_inputs[LIVE_GROUPS_N] = {
    [GROUP_CODE] = {.name = "codice", .max = 60, .required = true},
    [GROUP_TABLE] = {.name = "tavolo", .max = 20, .required = true},
    [GROUP_ID] = {.name = "gruppo", .kind = WEB_IN_INT, .min = 0, .max = INT64_MAX,
                  .label_key = "listening.live.group"},
    [GROUP_TITLE] = {.name = "titolo", .max = 200, .label_key = "listening.live.group_title"},
    [GROUP_CARDS] = {.name = "carta", .kind = WEB_IN_LIST, .max = 20},
    [GROUP_SESSION] = {.name = "sessione", .kind = WEB_IN_INT, .min = 0, .max = 99},
};

static enum rg_err
group_cards(struct rg_ctx *ctx, const struct web_request *req, const struct live_place *place,
            int64_t group_id)
{
    const struct web_value *cards = &req->values[GROUP_CARDS];
    struct listening_sql_live_card_at_row row;
    enum rg_err err = RG_OK;
    for (size_t i = 0; err == RG_OK && i < cards->n; i++) {
        int64_t id = 0;
        bool found = false;
        if (rg_parse_i64(cards->list[i], 1, INT64_MAX, &id))
            err = listening_sql_live_card_at(ctx, id, place->event.id, place->table->id, &found,
                                             &row);
        if (err == RG_OK && !found)
            err = RG_FAIL(ctx, RG_ABSENT, "listening.live.card.unknown");
        if (err == RG_OK)
            err = listening_sql_live_card_ungroup(ctx, id, NULL);
        if (err == RG_OK && group_id)
            err = listening_sql_live_card_group(ctx, group_id, id, NULL);
    }
    return err;
}

/* A group of 0 with a title is new; 0 without one takes the cards out of their groups. */
enum rg_err
live_groups_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    struct listening_sql_live_group_add_row added;
    struct listening_sql_live_group_is_row is = {1};
    enum rg_err err =
        live_staff_open(ctx, web_text(req, GROUP_CODE), web_text(req, GROUP_TABLE), &place);
    if (err == RG_OK && place.table->closed_s.has)
        err = RG_FAIL(ctx, RG_CONFLICT, "listening.live.table_closed");
    if (err != RG_OK)
        return err;
    int64_t group_id = web_int(req, GROUP_ID);
    err = store_write_begin(ctx, "cards grouped");
    if (err == RG_OK && group_id)
        err = listening_sql_live_group_is(ctx, group_id, place.table->id, &is);
    if (err == RG_OK && is.n == 0)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.live.no_group");
    if (err == RG_OK && group_id && web_given(req, GROUP_TITLE))
        err = listening_sql_live_group_title_set(ctx, group_id, place.table->id,
                                                 web_text(req, GROUP_TITLE), NULL);
    if (err == RG_OK && !group_id && web_given(req, GROUP_TITLE)) {
        err = listening_sql_live_group_add(ctx, place.event.id, place.table->id,
                                           web_text(req, GROUP_TITLE), &added);
        if (err == RG_OK)
            group_id = added.id;
    }
    if (err == RG_OK)
        err = group_cards(ctx, req, &place, group_id);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err == RG_OK ? back_to_table(ctx, ans, &place, web_int(req, GROUP_SESSION)) : err;
}

/* ---- report, merging, closing ---- */

enum { REPORT_CODE, REPORT_TABLE, REPORT_ACTION, REPORT_TEXT, REPORT_WITH };
static const char *const report_actions[] = {"resoconto", "unisci", "chiudi", "riapri", NULL};
const struct web_input live_report_inputs[LIVE_REPORT_N] = {
    [REPORT_CODE] = {.name = "codice", .max = 60, .required = true},
    [REPORT_TABLE] = {.name = "tavolo", .max = 20, .required = true},
    [REPORT_ACTION] = {.name = "azione", .kind = WEB_IN_CHOICE, .required = true,
                       .choices = report_actions},
    [REPORT_TEXT] = {.name = "resoconto", .max = LIVE_REPORT_MAX,
                     .label_key = "listening.live.report"},
    [REPORT_WITH] = {.name = "con", .max = 20, .label_key = "listening.live.merge_with"},
};

/* Table a reports through b: same axis, not itself, and b does not report through another. */
static enum rg_err
merge(struct rg_ctx *ctx, const struct live_place *place, struct str with)
{
    const struct listening_sql_live_tables_row *other = live_table_find(place, with);
    if (with.n == 0)
        return listening_sql_live_table_merge_set(ctx, place->table->id, STR(""), NULL);
    if (!other)
        return RG_FAIL(ctx, RG_ABSENT, "listening.live.no_table");
    if (other == place->table)
        return RG_FAIL(ctx, RG_INVALID, "listening.live.merge_itself");
    if (other->merged_with.n)
        return RG_FAIL(ctx, RG_CONFLICT, "listening.live.merge_chain");
    if (!str_eq(other->axis, place->table->axis))
        return RG_FAIL(ctx, RG_INVALID, "listening.live.merge_axis");
    for (size_t i = 0; i < place->n_tables; i++)
        if (str_eq(place->tables[i].merged_with, place->table->code))
            return RG_FAIL(ctx, RG_CONFLICT, "listening.live.merge_chain");
    return listening_sql_live_table_merge_set(ctx, place->table->id, with, NULL);
}

static enum rg_err
report_act(struct rg_ctx *ctx, struct web_request *req, const struct live_place *place)
{
    const struct listening_sql_live_tables_row *table = place->table;
    switch (web_int(req, REPORT_ACTION)) {
    case 0:
        return listening_sql_live_table_report_set(ctx, table->id, web_text(req, REPORT_TEXT),
                                                   NULL);
    case 1: return merge(ctx, place, web_text(req, REPORT_WITH));
    case 2:
        if (table->closed_s.has)
            return RG_OK; /* closing twice is once */
        if (table->axis.n == 0)
            return RG_FAIL(ctx, RG_CONFLICT, "listening.live.no_axis");
        enum rg_err err = listening_sql_live_cards_said(ctx, place->event.id, table->id, NULL);
        if (err == RG_OK)
            err = listening_sql_live_table_close(ctx, place->event.id, table->id, ctx->now_s,
                                                 ctx->actor.account_id, NULL);
        return err;
    default:
        return live_office(ctx) ? listening_sql_live_table_reopen(ctx, table->id, NULL)
                                : RG_FAIL(ctx, RG_DENIED, "listening.live.office_only");
    }
}

enum rg_err
live_report_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    enum rg_err err = store_write_begin(ctx, "table report");
    if (err == RG_OK)
        err = live_staff_open(ctx, web_text(req, REPORT_CODE), web_text(req, REPORT_TABLE), &place);
    if (err == RG_OK)
        err = report_act(ctx, req, &place);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err == RG_OK ? back_to_table(ctx, ans, &place, 0) : err;
}

/* ---- the plenary ---- */

enum { PLENARY_REFRESH_S = 15 };

enum rg_err
live_plenary_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    enum rg_err err = live_staff_open(ctx, web_text(req, 0), STR(""), &place);
    if (err != RG_OK)
        return err;
    struct live_plenary_page page = {.code = place.event.code, .title = place.event.title,
                                     .n_tables = place.n_tables};
    struct live_plenary_table *tables =
        RG_ARRAY(ctx->arena, struct live_plenary_table, place.n_tables);
    if (!tables)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < place.n_tables; i++) {
        struct live_card_view *cards;
        struct live_group_view *groups;
        size_t n, n_groups;
        int64_t n_cards;
        err = cards_fill(ctx, &place, place.tables[i].id, 0, &cards, &n, &n_cards);
        if (err == RG_OK)
            err = groups_fill(ctx, place.tables[i].id, cards, n, &groups, &n_groups);
        if (err != RG_OK)
            return err;
        tables[i] = (struct live_plenary_table){.name = live_table_name(ctx, &place.tables[i]),
                                                .report = place.tables[i].report,
                                                .merged_with = place.tables[i].merged_with,
                                                .closed = place.tables[i].closed_s.has,
                                                .n_cards = n_cards, .groups = groups,
                                                .n_groups = n_groups};
        page.n_cards += n_cards;
    }
    page.tables = tables;
    struct web_frame frame = {0};
    live_frame(ctx, &frame, &place, wording_text(ctx->lang, "listening.live.plenary_title"));
    const char *refresh = rg_arena_printf(ctx->arena, "%d", PLENARY_REFRESH_S);
    if (refresh)
        web_header(ans, "Refresh", refresh);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_live_plenary(h, &page);
    return web_page_close(ctx, req, ans);
}
