/* Suggestions while typing, as a piece of a page and as JSON. The script of the site puts the piece
 * under the field; without script the field works as it is.                                    */
#include "finder/page.h"
#include "finder_tmpl.h"

enum { SUGGEST_Q };

const struct web_input finder_suggest_inputs[1] = {
    [SUGGEST_Q] = {.name = "q", .kind = WEB_IN_TEXT, .max = 400, .label_key = "web.part.need"}};

static void
json_write(struct rg_jw *jw, const struct finder_suggestion *list, size_t n)
{
    rg_jw_object(jw);
    rg_jw_key(jw, "suggestions");
    rg_jw_array(jw);
    for (size_t i = 0; i < n; i++) {
        const struct {
            const char *key;
            struct str value;
        } members[] = {{"value", list[i].value},
                       {"note", list[i].note},
                       {"need", list[i].need},
                       {"comune", list[i].comune}};
        rg_jw_object(jw);
        for (size_t m = 0; m < RG_COUNT(members); m++) {
            rg_jw_key(jw, members[m].key);
            rg_jw_str(jw, members[m].value);
        }
        rg_jw_end_object(jw);
    }
    rg_jw_end_array(jw);
    rg_jw_end_object(jw);
}

enum rg_err
finder_suggest_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct finder_web *room = req->data;
    struct finder_suggestion list[FINDER_SUGGEST_MAX];
    size_t n;
    enum rg_err err = finder_suggest(ctx, room->finder, web_text(req, SUGGEST_Q), list, &n);
    if (err != RG_OK)
        return err;
    if (req->form == WEB_JSON) {
        struct rg_jw jw;
        rg_jw_init(&jw, &ans->body);
        ans->type = "application/json";
        json_write(&jw, list, n);
        return RG_OK;
    }
    ans->type = "text/html; charset=utf-8";
    ans->html = (struct html){&ans->body, ctx->lang, "", ctx->now_s};
    tmpl_finder_suggestions(&ans->html, list, n);
    return RG_OK;
}
