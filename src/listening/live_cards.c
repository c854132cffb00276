/* Cards: what a table writes down, saved so that sending twice is once and nobody's words are lost.
 */
#include "listening/live.h"
#include <jansson.h>
#include <stdio.h>

/* ---- one card ---- */

static const char *
card_problem(const struct live_card *card)
{
    if (card->uid.n < 8 || card->uid.n > LIVE_UID_MAX)
        return "listening.live.card.bad_uid";
    for (size_t i = 0; i < card->uid.n; i++) {
        char c = card->uid.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '-')
            return "listening.live.card.bad_uid";
    }
    if (card->text.n == 0 && !card->withdrawn)
        return "listening.live.card.empty";
    if (card->text.n > LIVE_CARD_MAX)
        return "listening.live.card.long";
    if (card->kind.n == 0 || !live_code_ok(live_kinds, card->kind))
        return "listening.live.card.bad_kind";
    if (!live_code_ok(live_categories, card->category))
        return "listening.live.card.bad_category";
    if (!live_zone_ok(card->zone))
        return "listening.live.card.bad_zone";
    return NULL;
}

static bool
same_card(const struct listening_sql_live_card_find_row *row, const struct live_card *card)
{
    return str_eq(row->text, card->text) && str_eq(row->kind, card->kind) &&
           str_eq(row->category, card->category) && str_eq(row->zone, card->zone) &&
           row->session_ord.has == (card->session_ord > 0) &&
           (!row->session_ord.has || row->session_ord.v == card->session_ord) &&
           str_is(row->state, "withdrawn") == card->withdrawn;
}

/* event/table/session/number: the number after all that the table has, withdrawn ones too, so that
 * a code is never given twice. */
static enum rg_err
card_code(struct rg_ctx *ctx, const struct live_table *table, int64_t session_ord,
          struct str *ret_code)
{
    struct listening_sql_live_card_count_row count;
    struct listening_sql_live_card_code_taken_row taken = {1};
    enum rg_err err = listening_sql_live_card_count(ctx, table->event_id, table->table_id, &count);
    for (int64_t n = count.n + 1; err == RG_OK && taken.n; n++) {
        const char *code = rg_arena_printf(ctx->arena, "%.*s/%.*s/%lld/%03lld",
                                           STR_ARG(table->event_code), STR_ARG(table->table_code),
                                           (long long)session_ord, (long long)n);
        if (!code)
            return RG_NO_MEMORY(ctx);
        *ret_code = str_of(code);
        err = listening_sql_live_card_code_taken(ctx, *ret_code, &taken);
    }
    return err;
}

static enum rg_err
card_add(struct rg_ctx *ctx, const struct live_table *table, const struct live_card *card,
         struct live_card_answer *answer)
{
    struct listening_sql_live_card_add_row added;
    enum rg_err err = card_code(ctx, table, card->session_ord, &answer->code);
    if (err == RG_OK)
        err = listening_sql_live_card_add(
            ctx, answer->code, card->uid, table->event_id,
            (struct store_int){true, table->table_id},
            (struct store_int){card->session_ord > 0, card->session_ord}, (struct store_int){0},
            card->kind, card->text, card->category, card->zone,
            card->withdrawn ? STR("withdrawn") : STR("draft"), &added);
    if (err == RG_OK) {
        answer->id = added.id;
        answer->rev = 1;
        answer->result = LIVE_CARD_SAVED;
    }
    return err;
}

static enum rg_err
card_save(struct rg_ctx *ctx, const struct live_table *table, const struct live_card *card,
          struct live_card_answer *answer)
{
    struct listening_sql_live_card_find_row row;
    bool found;
    *answer = (struct live_card_answer){.result = LIVE_CARD_BAD};
    answer->problem_key = card_problem(card);
    if (answer->problem_key)
        return RG_OK;
    enum rg_err err = listening_sql_live_card_find(ctx, card->uid, &found, &row);
    if (err != RG_OK)
        return err;
    if (!found && card->rev > 0) {
        answer->problem_key = "listening.live.card.unknown";
        return RG_OK;
    }
    if (!found)
        return card_add(ctx, table, card, answer);
    if (!row.event_id.has || row.event_id.v != table->event_id || !row.table_id.has ||
        row.table_id.v != table->table_id) {
        answer->problem_key = "listening.live.card.elsewhere";
        return RG_OK;
    }
    answer->code = row.code;
    answer->id = row.id;
    answer->rev = row.rev;
    if (same_card(&row, card)) {
        answer->result = LIVE_CARD_SAME;
        return RG_OK;
    }
    if (row.rev != card->rev) {
        answer->result = LIVE_CARD_CONFLICT;
        answer->text = row.text;
        answer->kind = row.kind;
        return RG_OK;
    }
    struct str state = card->withdrawn ? STR("withdrawn") : STR("draft");
    struct store_int session = {card->session_ord > 0, card->session_ord};
    err = listening_sql_live_card_set(ctx, row.id, row.rev, session, card->kind, card->text,
                                      card->category, card->zone, state, NULL);
    if (err == RG_OK) {
        answer->rev = row.rev + 1;
        answer->result = LIVE_CARD_SAVED;
    }
    return err;
}

/* ---- a batch ---- */

/* Closing takes the same turn as writing, so what is asked here cannot change before the commit. */
static enum rg_err
still_open(struct rg_ctx *ctx, const struct live_table *table)
{
    struct listening_sql_live_table_now_row now;
    bool found;
    enum rg_err err =
        listening_sql_live_table_now(ctx, table->event_id, table->table_id, &found, &now);
    if (err != RG_OK)
        return err;
    if (!found)
        return RG_FAIL(ctx, RG_ABSENT, "listening.live.no_table");
    if (!str_is(now.state, "running"))
        return RG_FAIL(ctx, RG_CONFLICT, "listening.live.not_running");
    if (now.axis.n == 0)
        return RG_FAIL(ctx, RG_CONFLICT, "listening.live.no_axis");
    return now.closed_s.has ? RG_FAIL(ctx, RG_CONFLICT, "listening.live.table_closed") : RG_OK;
}

enum rg_err
live_cards_save(struct rg_ctx *ctx, const struct live_table *table, const struct live_card *cards,
                size_t n, struct live_card_answer *answers)
{
    RG_ASSERT(n <= LIVE_BATCH_MAX);
    enum rg_err err = store_write_begin(ctx, "cards of a table");
    if (err == RG_OK)
        err = still_open(ctx, table);
    bool wrote = false;
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        err = card_save(ctx, table, &cards[i], &answers[i]);
        wrote = wrote || answers[i].result == LIVE_CARD_SAVED;
    }
    /* Without a change there is nothing to make durable, and no empty change set to number. */
    if (err == RG_OK && wrote)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

static struct str
member(struct rg_ctx *ctx, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_string(value))
        return STR("");
    struct str s = rg_arena_str(
        ctx->arena, str_n(json_string_value(value), json_string_length(value)));
    return s.p ? str_trim(s) : STR("");
}

static int64_t
whole(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_integer(value) && json_integer_value(value) >= 0 &&
                   json_integer_value(value) < INT32_MAX ? (int64_t)json_integer_value(value) : 0;
}

static enum rg_err
cards_of(struct rg_ctx *ctx, const json_t *root, struct live_card **ret_cards, size_t *ret_n)
{
    size_t n = json_array_size(root);
    char most[16];
    snprintf(most, sizeof(most), "%d", LIVE_BATCH_MAX);
    if (!json_is_array(root))
        return RG_FAIL(ctx, RG_INVALID, "listening.live.bad_batch");
    if (n > LIVE_BATCH_MAX)
        return RG_FAIL(ctx, RG_INVALID, "listening.live.big_batch", "most", most);
    struct live_card *cards = RG_ARRAY(ctx->arena, struct live_card, n);
    if (!cards)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        const json_t *o = json_array_get(root, i); /* no object: no uid, and it is told so */
        cards[i] = (struct live_card){.uid = member(ctx, o, "uid"),
                                      .kind = member(ctx, o, "kind"),
                                      .text = member(ctx, o, "text"),
                                      .category = member(ctx, o, "category"),
                                      .zone = member(ctx, o, "zone"),
                                      .session_ord = whole(o, "session"),
                                      .rev = whole(o, "rev"),
                                      .withdrawn = json_is_true(json_object_get(o, "withdrawn"))};
    }
    *ret_cards = cards;
    *ret_n = n;
    return RG_OK;
}

enum rg_err
live_cards_read(struct rg_ctx *ctx, struct str json, struct live_card **ret_cards, size_t *ret_n)
{
    json_error_t at;
    json_t *root = json_loadb(json.n ? json.p : "", json.n, JSON_REJECT_DUPLICATES, &at);
    if (!root)
        return RG_FAIL(ctx, RG_INVALID, "listening.live.bad_batch");
    enum rg_err err = cards_of(ctx, root, ret_cards, ret_n);
    json_decref(root);
    return err;
}
