/* The door of this room. */
#include "listening/listening.h"
#include "listening_sql.h"
#include "listening_tmpl.h"

static enum rg_err
home(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_counts_row counts;
    enum rg_err err = listening_sql_counts(ctx, &counts);
    if (err != RG_OK)
        return err;
    struct web_frame frame = {.title = wording_text(ctx->lang, "listening.title")};
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_home(h, counts.contributions);
    return web_page_close(ctx, req, ans);
}

const struct web_route listening_routes[] = {
    {.method = "GET", .path = "/ascolto", .roles = RG_ROLE_PUBLIC, .handle = home,
     .title_key = "listening.title", .cache = WEB_PUBLIC},
};
const size_t listening_n_routes = RG_COUNT(listening_routes);
