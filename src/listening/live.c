/* What the pages of a running event share: who works where, choices, the trail. */
#include "listening/live.h"
#include <stdio.h>

bool
live_office(const struct rg_ctx *ctx)
{
    return (ctx->actor.roles & (RG_ROLE_PLANNER | RG_ROLE_ADMIN)) != 0;
}

enum rg_err
live_event_open(struct rg_ctx *ctx, struct str code, struct live_place *ret)
{
    bool found;
    *ret = (struct live_place){0};
    enum rg_err err = listening_sql_live_event(ctx, code, &found, &ret->event);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.live.no_event");
    if (err == RG_OK)
        err = listening_sql_live_tables(ctx, ret->event.id, &ret->tables, &ret->n_tables);
    return err;
}

struct listening_sql_live_tables_row *
live_table_find(const struct live_place *place, struct str code)
{
    for (size_t i = 0; i < place->n_tables; i++)
        if (str_eq(place->tables[i].code, code))
            return &place->tables[i];
    return NULL;
}

enum rg_err
live_staff_open(struct rg_ctx *ctx, struct str code, struct str table, struct live_place *ret)
{
    struct listening_sql_live_may_event_row event = {1};
    struct listening_sql_live_may_table_row at = {1};
    enum rg_err err = live_event_open(ctx, code, ret);
    if (err == RG_OK && table.n) {
        ret->table = live_table_find(ret, table);
        if (!ret->table)
            err = RG_FAIL(ctx, RG_ABSENT, "listening.live.no_table");
    }
    if (err != RG_OK || live_office(ctx))
        return err;
    if (table.n)
        err = listening_sql_live_may_table(ctx, ret->event.id, ret->table->id,
                                           ctx->actor.account_id, &at);
    else
        err = listening_sql_live_may_event(ctx, ret->event.id, ctx->actor.account_id, &event);
    if (err == RG_OK && (event.n == 0 || at.n == 0))
        err = RG_FAIL(ctx, RG_DENIED, table.n ? "listening.live.not_your_table"
                                              : "listening.live.not_your_event");
    return err;
}

const char *
live_word_key(struct rg_ctx *ctx, const char *group, struct str code)
{
    const char *key = rg_arena_printf(ctx->arena, "listening.live.%s.%.*s", group, STR_ARG(code));
    return key ? key : "";
}

struct web_option *
live_options(struct rg_ctx *ctx, const char *group, const char *const *codes, struct str chosen,
             bool none, size_t *ret_n)
{
    size_t n = 0;
    while (codes[n])
        n++;
    struct web_option *options = RG_ARRAY(ctx->arena, struct web_option, n + 1);
    size_t k = 0;
    if (options && none)
        options[k++] = (struct web_option){
            STR(""), wording_text(ctx->lang, "listening.live.untold"), chosen.n == 0};
    for (size_t i = 0; options && i < n; i++) {
        struct str code = str_of(codes[i]);
        options[k++] = (struct web_option){
            code, wording_text(ctx->lang, live_word_key(ctx, group, code)), str_eq(code, chosen)};
    }
    *ret_n = k;
    return options;
}

struct web_option *
live_zone_options(struct rg_ctx *ctx, struct str chosen, size_t *ret_n)
{
    struct web_option *options = RG_ARRAY(ctx->arena, struct web_option, LIVE_ZONES + 1);
    *ret_n = options ? LIVE_ZONES + 1 : 0;
    for (size_t i = 0; options && i <= LIVE_ZONES; i++) {
        const char *n = rg_arena_printf(ctx->arena, "%zu", i);
        struct str code = str_of(n ? n : "");
        if (i == 0)
            options[i] = (struct web_option){
                STR(""), wording_text(ctx->lang, "listening.live.untold"), chosen.n == 0};
        else
            options[i] = (struct web_option){
                code, web_words(ctx, "listening.live.zone", "n", &code, NULL),
                str_eq(code, chosen)};
    }
    return options;
}

struct str
live_table_name(struct rg_ctx *ctx, const struct listening_sql_live_tables_row *table)
{
    return web_words(ctx, "listening.live.table_name", "code", &table->code, "title", &table->title,
                     NULL);
}

struct web_option *
live_table_options(struct rg_ctx *ctx, const struct live_place *place, struct str chosen, bool none,
                   size_t *ret_n)
{
    struct web_option *options = RG_ARRAY(ctx->arena, struct web_option, place->n_tables + 1);
    size_t k = 0;
    if (options && none)
        options[k++] = (struct web_option){
            STR(""), wording_text(ctx->lang, "listening.live.no_table_chosen"), chosen.n == 0};
    for (size_t i = 0; options && i < place->n_tables; i++)
        options[k++] = (struct web_option){place->tables[i].code,
                                           live_table_name(ctx, &place->tables[i]),
                                           str_eq(place->tables[i].code, chosen)};
    *ret_n = k;
    return options;
}

void
live_frame(struct rg_ctx *ctx, struct web_frame *frame, const struct live_place *place,
           struct str title)
{
    const char *path = place ? rg_arena_printf(ctx->arena, "/gestione/eventi/%.*s",
                                               STR_ARG(place->event.code)) : NULL;
    struct web_crumb crumbs[3] = {
        {STR("/gestione/eventi"), wording_text(ctx->lang, "listening.live.events")}};
    size_t n = 1;
    if (path)
        crumbs[n++] = (struct web_crumb){str_of(path), place->event.title};
    frame->title = title;
    frame->no_index = true;
    crumbs[n++] = (struct web_crumb){STR_NONE, title};
    web_crumbs(ctx, frame, n, crumbs);
}
