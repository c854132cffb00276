/* A question as an address, and back. */
#include "finder/page.h"

static const char *const sorts[] = {"migliore", "vicino", NULL};

const struct web_input finder_inputs[IN__MAX] = {
    [IN_Q] = {.name = "q", .kind = WEB_IN_TEXT, .max = FINDER_TEXT_MAX,
              .label_key = "web.part.need"},
    [IN_PLACE] = {.name = "luogo", .kind = WEB_IN_TEXT, .max = 120, .label_key = "web.part.where"},
    [IN_NEED] = {.name = "bisogno", .kind = WEB_IN_LIST, .max = 64,
                 .label_key = "finder.page.facet.need"},
    [IN_AREA] = {.name = "area", .kind = WEB_IN_LIST, .max = 64,
                 .label_key = "finder.page.facet.area"},
    [IN_ZONE] = {.name = "zona", .kind = WEB_IN_LIST, .max = 8,
                 .label_key = "finder.page.facet.zone"},
    [IN_AUDIENCE] = {.name = "pubblico", .kind = WEB_IN_LIST, .max = 32,
                     .label_key = "finder.page.facet.audience"},
    [IN_LANGUAGE] = {.name = "lingua", .kind = WEB_IN_LIST, .max = 8,
                     .label_key = "finder.page.facet.language"},
    [IN_FREE] = {.name = "gratis", .kind = WEB_IN_FLAG, .label_key = "finder.page.facet.free"},
    [IN_OPEN] = {.name = "aperto", .kind = WEB_IN_FLAG, .label_key = "finder.page.facet.open"},
    [IN_SORT] = {.name = "ordina", .kind = WEB_IN_CHOICE, .choices = sorts,
                 .label_key = "finder.page.sort"},
    [IN_PAGE] = {.name = "pagina", .kind = WEB_IN_INT, .min = 1,
                 .max = SEARCH_QUERY_DEPTH_MAX / WEB_PAGE_SIZE, .label_key = "web.part.page"},
};

static bool
same_before(const struct str *list, size_t n, struct str value)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i], value))
            return true;
    return false;
}

static size_t
take_texts(const struct web_value *value, struct str *out)
{
    size_t n = 0;
    for (size_t i = 0; i < value->n && n < FINDER_CHOICES_MAX; i++)
        if (!same_before(out, n, value->list[i]))
            out[n++] = value->list[i];
    return n;
}

static void
take_needs(const struct web_value *value, struct finder_question *q)
{
    q->n_needs = take_texts(value, q->needs);
    for (size_t i = 0; i < q->n_needs;) {
        if (str_is(q->needs[i], "nessuno")) {
            q->no_needs = true;
            q->needs[i] = q->needs[--q->n_needs];
        } else {
            i++;
        }
    }
    q->no_needs = q->no_needs && q->n_needs == 0;
}

static void
take_zones(const struct web_value *value, struct finder_question *q)
{
    int64_t zone;
    for (size_t i = 0; i < value->n && q->n_zones < FINDER_CHOICES_MAX; i++)
        if (rg_parse_i64(value->list[i], 1, 999, &zone))
            q->zones[q->n_zones++] = (uint32_t)zone;
}

static void
take_audiences(const struct web_value *value, struct finder_question *q)
{
    enum finder_audience audience;
    for (size_t i = 0; i < value->n && q->n_audiences < FINDER_CHOICES_MAX; i++)
        if (finder_audience_find(value->list[i], &audience))
            q->audiences[q->n_audiences++] = audience;
}

void
finder_question_read(const struct web_request *req, struct finder_question *ret)
{
    struct finder_question *q = ret;
    *q = (struct finder_question){.text = web_text(req, IN_Q),
                                  .place = web_text(req, IN_PLACE),
                                  .free_only = web_int(req, IN_FREE),
                                  .open_only = web_int(req, IN_OPEN),
                                  .sort = web_given(req, IN_SORT) && web_int(req, IN_SORT) == 1
                                              ? FINDER_SORT_NEAR
                                              : FINDER_SORT_BEST,
                                  .page = web_given(req, IN_PAGE) ? web_int(req, IN_PAGE) : 1,
                                  .size = WEB_PAGE_SIZE};
    if (str_eq_nocase(q->place, STR("ovunque"))) {
        q->anywhere = true;
        q->place = STR("");
    }
    take_needs(&req->values[IN_NEED], q);
    q->n_areas = take_texts(&req->values[IN_AREA], q->areas);
    q->n_languages = take_texts(&req->values[IN_LANGUAGE], q->languages);
    take_zones(&req->values[IN_ZONE], q);
    take_audiences(&req->values[IN_AUDIENCE], q);
}

/* ---- and back ---- */

static void
put_pair(struct rg_buf *out, const char *name, struct str value)
{
    if (out->n && out->p[out->n - 1] != '?')
        rg_buf_c(out, '&');
    rg_buf_str(out, str_of(name));
    rg_buf_c(out, '=');
    html_percent(out, value);
}

static void
put_texts(struct rg_buf *out, const char *name, const struct str *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_pair(out, name, values[i]);
}

static void
put_number(struct rg_buf *out, const char *name, uint32_t value)
{
    put_pair(out, name, STR(""));
    rg_buf_i64(out, value);
}

void
finder_query_put(struct rg_buf *out, const struct finder_question *q)
{
    if (q->text.n)
        put_pair(out, "q", q->text);
    if (q->anywhere || q->place.n)
        put_pair(out, "luogo", q->anywhere ? STR("ovunque") : q->place);
    put_texts(out, "bisogno", q->needs, q->n_needs);
    if (q->no_needs)
        put_pair(out, "bisogno", STR("nessuno"));
    put_texts(out, "area", q->areas, q->n_areas);
    for (size_t i = 0; i < q->n_zones; i++)
        put_number(out, "zona", q->zones[i]);
    for (size_t i = 0; i < q->n_audiences; i++)
        put_pair(out, "pubblico",
                 str_of(finder_audience_code((enum finder_audience)q->audiences[i])));
    put_texts(out, "lingua", q->languages, q->n_languages);
    if (q->free_only)
        put_number(out, "gratis", 1);
    if (q->open_only)
        put_number(out, "aperto", 1);
    if (q->sort == FINDER_SORT_NEAR)
        put_pair(out, "ordina", STR("vicino"));
}

struct str
finder_link(struct rg_ctx *ctx, struct rg_buf *scratch, const struct finder_question *question)
{
    rg_buf_reset(scratch);
    rg_buf_lit(scratch, "/cerca?");
    finder_query_put(scratch, question);
    if (scratch->n == sizeof("/cerca?") - 1)
        return STR("/cerca");
    struct str path =
        scratch->failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(scratch));
    return path.p ? path : STR("/cerca");
}
