/* The pages that the law asks of a public site, and the page about invented data. */
#include "publish/publish_priv.h"
#include "publish_tmpl.h"

struct html *
publish_open(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
             struct web_frame *frame)
{
    frame->title = wording_text(ctx->lang, req->route->title_key);
    frame->search = true;
    struct web_crumb crumb = {STR_NONE, frame->title};
    web_crumbs(ctx, frame, 1, &crumb);
    return web_page_open(ctx, req, ans, frame);
}

static struct publish_legal
legal_of(struct rg_ctx *ctx, const struct web_request *req)
{
    const struct publish_data *data = req->data;
    struct publish_legal legal = {data->owner,         data->code_url, data->accessibility_url,
                                  data->feedback_email, data->privacy_email, STR_NONE, STR_NONE};
    if (data->feedback_email)
        legal.feedback_mailto =
            str_of(rg_arena_printf(ctx->arena, "mailto:%s", data->feedback_email));
    if (data->privacy_email)
        legal.privacy_mailto =
            str_of(rg_arena_printf(ctx->arena, "mailto:%s", data->privacy_email));
    return legal;
}

static enum rg_err
legal_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
           void (*page)(struct html *h, const struct publish_legal *p))
{
    struct publish_legal legal = legal_of(ctx, req);
    struct web_frame frame = {0};
    page(publish_open(ctx, req, ans, &frame), &legal);
    return web_page_close(ctx, req, ans);
}

enum rg_err
publish_accessibility(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return legal_page(ctx, req, ans, tmpl_publish_accessibility);
}

enum rg_err
publish_privacy(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return legal_page(ctx, req, ans, tmpl_publish_privacy);
}

enum rg_err
publish_notes(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return legal_page(ctx, req, ans, tmpl_publish_notes);
}

/* ---- invented data ---- */

enum { IN_REMOVED };
enum { IN_CONFIRM };

static enum rg_err
demo_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
          struct web_frame *frame, struct str error)
{
    const struct publish_data *data = req->data;
    struct publish_demo page = {.error = error};
    if (data->synthetic_count) {
        enum rg_err err = data->synthetic_count(data->arg, ctx, &page.n);
        if (err != RG_OK)
            return err;
        page.counted = true;
    }
    page.any = page.n > 0;
    page.may_remove =
        page.any && data->synthetic_remove && ctx->actor.roles & RG_ROLE_ADMIN;
    tmpl_publish_demo(publish_open(ctx, req, ans, frame), &page);
    return web_page_close(ctx, req, ans);
}

enum rg_err
publish_demo_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct web_frame frame = {0};
    if (web_given(req, IN_REMOVED))
        frame.flash = web_words_n(ctx, "publish.demo.removed", web_int(req, IN_REMOVED));
    return demo_show(ctx, req, ans, &frame, STR_NONE);
}

enum rg_err
publish_demo_remove(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct publish_data *data = req->data;
    int64_t n_removed;
    if (!web_int(req, IN_CONFIRM)) {
        struct web_frame frame = {0};
        ans->status = 400;
        return demo_show(ctx, req, ans, &frame,
                         wording_text(ctx->lang, "publish.demo.not_confirmed"));
    }
    if (!data->synthetic_remove)
        return RG_FAIL(ctx, RG_ABSENT, "web.not_found");
    enum rg_err err = data->synthetic_remove(data->arg, ctx, &n_removed);
    if (err != RG_OK)
        return err;
    const char *path = rg_arena_printf(ctx->arena, "/dati-dimostrativi?tolti=%lld",
                                       (long long)n_removed);
    return path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
}

static const struct web_input demo_inputs[] = {
    [IN_REMOVED] = {.name = "tolti", .kind = WEB_IN_INT, .min = 0, .max = INT64_MAX},
};
static const struct web_input remove_inputs[] = {
    [IN_CONFIRM] = {.name = "conferma", .kind = WEB_IN_FLAG,
                    .label_key = "publish.demo.confirm"},
};

const struct web_route publish_routes[] = {
    {.method = "GET", .path = "/", .roles = RG_ROLE_PUBLIC, .handle = publish_home_page,
     .title_key = "publish.home.title", .forms = WEB_BIT(WEB_JSON), .cache = WEB_PUBLIC},
    {.method = "GET", .path = "/accessibilita", .roles = RG_ROLE_PUBLIC,
     .handle = publish_accessibility, .title_key = "publish.access.title", .cache = WEB_PUBLIC},
    {.method = "GET", .path = "/privacy", .roles = RG_ROLE_PUBLIC, .handle = publish_privacy,
     .title_key = "publish.privacy.title", .cache = WEB_PUBLIC},
    {.method = "GET", .path = "/note-legali", .roles = RG_ROLE_PUBLIC, .handle = publish_notes,
     .title_key = "publish.notes.title", .cache = WEB_PUBLIC},
    {.method = "GET", .path = "/mappa-del-sito", .roles = RG_ROLE_PUBLIC,
     .handle = publish_sitemap, .title_key = "publish.sitemap.title", .cache = WEB_PUBLIC},
    {.method = "GET", .path = "/api", .roles = RG_ROLE_PUBLIC, .handle = publish_api_page,
     .title_key = "publish.api.title", .cache = WEB_PUBLIC},
    {.method = "GET", .path = "/stato", .roles = RG_ROLE_PUBLIC, .handle = publish_status_page,
     .title_key = "publish.status.title", .forms = WEB_BIT(WEB_JSON), .cache = WEB_PRIVATE},
    {.method = "GET", .path = "/dati-dimostrativi", .inputs = demo_inputs,
     .n_inputs = RG_COUNT(demo_inputs), .roles = RG_ROLE_PUBLIC, .handle = publish_demo_page,
     .title_key = "publish.demo.title", .cache = WEB_PUBLIC},
    {.method = "POST", .path = "/dati-dimostrativi/rimuovi", .inputs = remove_inputs,
     .n_inputs = RG_COUNT(remove_inputs), .roles = RG_ROLE_ADMIN,
     .handle = publish_demo_remove, .title_key = "publish.demo.title"},
};
const size_t publish_n_routes = RG_COUNT(publish_routes);
