/* The door of this room. */
#include "plan/plan.h"
#include "plan_sql.h"
#include "plan_tmpl.h"

static enum rg_err
home(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct plan_sql_voice_counts_row counts;
    enum rg_err err = plan_sql_voice_counts(ctx, &counts);
    if (err != RG_OK)
        return err;
    struct web_frame frame = {.title = wording_text(ctx->lang, "plan.title")};
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_plan_home(h, counts.n);
    return web_page_close(ctx, req, ans);
}

const struct web_route plan_routes[] = {
    {.method = "GET", .path = "/piano", .roles = RG_ROLE_PUBLIC, .handle = home,
     .title_key = "plan.title", .cache = WEB_PUBLIC},
};
const size_t plan_n_routes = RG_COUNT(plan_routes);
