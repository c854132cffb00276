/* Pages of this room asked without a wire, for its tests: one answer, kept until page_done. */
#ifndef FINDER_PAGE_WORLD_H
#define FINDER_PAGE_WORLD_H

#include "finder/finder_world.h"

struct page {
    struct rg_ctx ctx;
    struct web_answer ans;
    struct str body;
};

/* At now_s (0: the clock's), by somebody with these roles; with none by nobody. */
static inline struct page
page_as(struct world *w, unsigned roles, int64_t now_s, const char *method, const char *target)
{
    struct page p;
    world_must(w, rg_ctx_init(&p.ctx, RG_REQUEST_ARENA_MAX), "request");
    if (now_s)
        p.ctx.now_s = now_s;
    p.ctx.actor.roles = RG_ROLE_PUBLIC | roles;
    if (roles != RG_ROLE_PUBLIC) {
        p.ctx.actor.account_id = 1;
        p.ctx.actor.name = STR("Someone Signed In");
    }
    world_must(w, web_simulate(w->server, &p.ctx, method, target, &p.ans), target);
    p.body = p.ans.fixed.p ? p.ans.fixed : rg_buf_view(&p.ans.body);
    return p;
}

static inline void
page_done(struct page *p)
{
    web_answer_done(&p->ans);
    rg_ctx_done(&p->ctx);
}

static inline size_t
count_of(struct str text, const char *needle)
{
    size_t n = 0;
    for (ptrdiff_t at; (at = str_find(text, str_of(needle))) >= 0; n++)
        text = str_n(text.p + at + 1, text.n - (size_t)at - 1);
    return n;
}

static inline bool
says(const struct page *p, const char *text)
{
    return str_find(p->body, str_of(text)) >= 0;
}

#endif
