#include "page.h"

enum {
    FRESH_NEW_DAYS = 183, /* half a year: a service card rarely changes within it */
    FRESH_AGING_DAYS = 365,
};

static struct str
page_path(struct rg_ctx *ctx, struct str path, struct str query, int64_t page)
{
    const char *first = query.n > 0 || page > 1 ? "?" : "";
    const char *second = query.n > 0 && page > 1 ? "&" : "";
    if (page > 1) {
        return str_of(rg_arena_printf(ctx->arena, "%.*s%s%.*s%spagina=%lld", STR_ARG(path),
                                      first, STR_ARG(query), second, (long long)page));
    }
    return str_of(
        rg_arena_printf(ctx->arena, "%.*s%s%.*s", STR_ARG(path), first, STR_ARG(query)));
}

static bool
page_is_shown(int64_t page, int64_t current, int64_t n_pages)
{
    return page == 1 || page == n_pages || (page >= current - 1 && page <= current + 1);
}

/* The number of the next reference after `after`: a page, or 0 for a gap, and how far it
 * reaches. A gap of a single page is that page: an ellipsis would be no shorter. */
static int64_t
ref_next(int64_t after, int64_t current, int64_t n_pages, int64_t *ret_reached)
{
    int64_t page = after + 1;
    *ret_reached = page;
    if (page_is_shown(page, current, n_pages) || page_is_shown(page + 1, current, n_pages)) {
        return page;
    }
    /* Only two gaps exist: up to the neighbours of the current page, and up to the last one. */
    *ret_reached = page < current - 1 ? current - 2 : n_pages - 1;
    return 0;
}

enum rg_err
web_paging_fill(struct rg_ctx *ctx, struct str path, struct str query, int64_t page,
                int64_t page_size, int64_t total, struct web_paging *ret_paging)
{
    if (page < 1 || page_size < 1 || total < 0) {
        return RG_FAIL(ctx, RG_INVALID, "web.part.no_such_page");
    }
    int64_t n_pages = total / page_size + (total % page_size > 0);
    n_pages = n_pages > 0 ? n_pages : 1;
    int64_t current = page < n_pages ? page : n_pages;
    struct web_paging paging = {.total = total};
    if (total > 0) {
        paging.first = (current - 1) * page_size + 1;
        paging.last = current < n_pages ? current * page_size : total;
    }
    for (int64_t reached = 0; reached < n_pages;) {
        RG_ASSERT(paging.n_refs < WEB_PAGE_REFS_MAX);
        int64_t number = ref_next(reached, current, n_pages, &reached);
        paging.refs[paging.n_refs++] = (struct web_page_ref){
            .number = number,
            .path = number > 0 ? page_path(ctx, path, query, number) : STR_NONE,
            .current = number == current,
        };
    }
    if (current > 1) {
        paging.previous = page_path(ctx, path, query, current - 1);
    }
    if (current < n_pages) {
        paging.next = page_path(ctx, path, query, current + 1);
    }
    if (rg_arena_overflowed(ctx->arena)) {
        return RG_NO_MEMORY(ctx);
    }
    *ret_paging = paging;
    return RG_OK;
}

enum web_fresh
web_fresh_level(int64_t day, int64_t today)
{
    if (day < 0) {
        return WEB_FRESH_NEVER;
    }
    int64_t age_days = today - day;
    if (age_days <= FRESH_NEW_DAYS) {
        return WEB_FRESH_NEW;
    }
    return age_days <= FRESH_AGING_DAYS ? WEB_FRESH_AGING : WEB_FRESH_OLD;
}
