/* The HSDS 3.1 API: services, organizations, services at locations, taxonomies and their terms.
 *
 * Every list goes through one driver: it counts, reads a page (or, for ndjson and minimal, all),
 * and writes each row as it comes from the cursor, so memory does not grow with the list. The
 * envelope has all eight members of Page. Filters are joined by AND.                         */
#include "network/surface.h"
#include "network_sql.h"

enum api_limits {
    API_PER_PAGE = 50,           /* unless asked otherwise                             */
    API_ALL = 10 * 1000 * 1000,  /* more rows than an answer of RG_ANSWER_MAX can hold */
};

struct api_query {
    struct str search, taxonomy, term, organization, parent;
    int64_t modified_s, top_only;
    bool minimal, full, full_service;
};

struct api_row { /* what the drivers of all lists have in common */
    bool synthetic;
};

struct api_list {
    enum rg_err (*count)(struct rg_ctx *ctx, const struct api_query *q, int64_t *ret_n);
    enum rg_err (*open)(struct rg_ctx *ctx, struct store_cursor *cursor,
                        const struct api_query *q, int64_t skip, int64_t n_max);
    enum rg_err (*next)(struct rg_ctx *ctx, struct store_cursor *cursor,
                        const struct api_query *q, bool *ret_more, struct rg_jw *jw,
                        struct api_row *ret_row);
};

/* ---- the driver ---- */

/* Folded as LOWER() of both engines folds ASCII; other letters are compared as they are. */
static struct str
folded(struct rg_ctx *ctx, struct str text)
{
    char *out = rg_arena_alloc(ctx->arena, text.n + 1);
    if (!out || text.n == 0)
        return STR("");
    for (size_t i = 0; i < text.n; i++)
        out[i] = text.p[i] >= 'A' && text.p[i] <= 'Z' ? (char)(text.p[i] | 0x20) : text.p[i];
    return str_n(out, text.n);
}

/* An id as we keep them: UUIDs are written in lower case. */
static struct str
uid_of(struct rg_ctx *ctx, const struct web_request *req, size_t input)
{
    return folded(ctx, web_text(req, input));
}

struct api_window {
    int64_t page, per_page, total;
    bool lines; /* ndjson: all of it, an object a line */
};

static enum rg_err
put_rows(struct rg_ctx *ctx, struct web_answer *ans, const struct api_list *list,
         const struct api_query *q, const struct api_window *window, struct rg_jw *jw,
         int64_t *ret_n)
{
    RG_CLEANUP(store_cursor_close) struct store_cursor cursor = {0};
    bool more = true, synthetic = false;
    enum rg_err err = list->open(ctx, &cursor, q, (window->page - 1) * window->per_page,
                                 window->per_page);
    *ret_n = 0;
    while (err == RG_OK) {
        struct rg_mark mark = rg_arena_mark(ctx->arena);
        struct api_row row = {0};
        if (window->lines)
            rg_jw_init(jw, &ans->body);
        err = list->next(ctx, &cursor, q, &more, jw, &row);
        rg_arena_release(ctx->arena, mark);
        if (err != RG_OK || !more)
            break;
        if (window->lines)
            rg_buf_c(&ans->body, '\n');
        synthetic |= row.synthetic;
        ++*ret_n;
        if (ans->body.failed)
            err = RG_FAIL(ctx, RG_LIMIT, "base.too_much");
    }
    if (err == RG_OK && synthetic)
        web_header(ans, "X-Regia-Synthetic", "true");
    return err;
}

static void
put_envelope_end(struct rg_jw *jw, const struct api_window *window, int64_t n)
{
    int64_t pages = (window->total + window->per_page - 1) / window->per_page;
    rg_jw_end_array(jw);
    rg_jw_key(jw, "total_items");
    rg_jw_i64(jw, window->total);
    rg_jw_key(jw, "total_pages");
    rg_jw_i64(jw, pages);
    rg_jw_key(jw, "page_number");
    rg_jw_i64(jw, window->page);
    rg_jw_key(jw, "size");
    rg_jw_i64(jw, n);
    rg_jw_key(jw, "first_page");
    rg_jw_bool(jw, window->page == 1);
    rg_jw_key(jw, "last_page");
    rg_jw_bool(jw, window->page >= pages);
    rg_jw_key(jw, "empty");
    rg_jw_bool(jw, n == 0);
    rg_jw_end_object(jw);
}

static enum rg_err
answer_list(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
            const struct api_list *list, struct api_query *q)
{
    struct api_window window = {
        .page = web_given(req, IN_API_PAGE) ? web_int(req, IN_API_PAGE) : 1,
        .per_page = web_given(req, IN_API_PER_PAGE) ? web_int(req, IN_API_PER_PAGE)
                    : q->minimal                    ? API_ALL
                                                    : API_PER_PAGE,
        .lines = web_given(req, IN_API_FORMAT) && web_int(req, IN_API_FORMAT) == 1};
    struct rg_jw jw;
    int64_t n;
    q->search = folded(ctx, web_text(req, IN_API_SEARCH));
    if (window.lines) {
        window.page = 1;
        window.per_page = API_ALL;
        ans->type = "application/x-ndjson; charset=utf-8";
        return put_rows(ctx, ans, list, q, &window, &jw, &n);
    }
    enum rg_err err = list->count(ctx, q, &window.total);
    if (err != RG_OK)
        return err;
    ans->type = "application/json";
    rg_jw_init(&jw, &ans->body);
    rg_jw_object(&jw);
    rg_jw_key(&jw, "contents");
    rg_jw_array(&jw);
    err = put_rows(ctx, ans, list, q, &window, &jw, &n);
    if (err == RG_OK)
        put_envelope_end(&jw, &window, n);
    return err;
}

/* Lists of documents without neighbours share this shape of "next". */
static enum rg_err
put_plain(struct rg_ctx *ctx, struct rg_jw *jw, struct str doc, bool synthetic, unsigned detail,
          struct api_row *ret_row)
{
    ret_row->synthetic = synthetic;
    return surface_put_doc(ctx, jw, doc, detail, synthetic);
}

static enum rg_err
no_such(struct rg_ctx *ctx, struct str uid)
{
    return RG_FAIL(ctx, RG_ABSENT, "network.api.absent", "id", rg_arena_cstr(ctx->arena, uid));
}

static void
begin_object(struct web_answer *ans, struct rg_jw *jw, bool synthetic)
{
    ans->type = "application/json";
    rg_jw_init(jw, &ans->body);
    if (synthetic)
        web_header(ans, "X-Regia-Synthetic", "true");
}

static enum rg_err
source_is_synthetic(struct rg_ctx *ctx, int64_t source, bool *ret)
{
    struct network_sql_api_record_synthetic_row row;
    bool found;
    enum rg_err err = network_sql_api_record_synthetic(ctx, source, &found, &row);
    if (err == RG_OK)
        *ret = found && row.synthetic;
    return err;
}

/* ---- the root ---- */

enum rg_err
network_api_root(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct rg_jw jw;
    begin_object(ans, &jw, false);
    rg_jw_object(&jw);
    rg_jw_key(&jw, "version");
    rg_jw_str(&jw, STR("3.1"));
    rg_jw_key(&jw, "profile");
    rg_jw_str(&jw, STR("https://docs.openreferral.org/en/3.1/hsds/overview.html"));
    rg_jw_key(&jw, "openapi_url");
    enum rg_lang lang = ctx->lang;
    ctx->lang = RG_IT; /* the document stands once, without language prefix */
    rg_jw_str(&jw, web_whole(ctx, req, STR("/openapi.json")));
    ctx->lang = lang;
    rg_jw_end_object(&jw);
    return RG_OK;
}

/* ---- services ---- */

static enum rg_err
services_count(struct rg_ctx *ctx, const struct api_query *q, int64_t *ret_n)
{
    struct network_sql_service_page_count_row row;
    enum rg_err err = network_sql_service_page_count(ctx, q->organization, q->term, q->taxonomy,
                                                     q->modified_s, q->search, &row);
    if (err == RG_OK)
        *ret_n = row.n;
    return err;
}

static enum rg_err
services_open(struct rg_ctx *ctx, struct store_cursor *cursor, const struct api_query *q,
              int64_t skip, int64_t n_max)
{
    return network_sql_api_service_rows_open(ctx, cursor, q->organization, q->term, q->taxonomy,
                                             q->modified_s, q->search, skip, n_max);
}

static enum rg_err
services_next(struct rg_ctx *ctx, struct store_cursor *cursor, const struct api_query *q,
              bool *ret_more, struct rg_jw *jw, struct api_row *ret_row)
{
    struct network_sql_api_service_rows_row row;
    struct network_service service;
    enum rg_err err = network_sql_api_service_rows_next(ctx, cursor, ret_more, &row);
    if (err != RG_OK || !*ret_more)
        return err;
    if (q->minimal) {
        surface_put_minimal(jw, row.uid, row.updated_s);
        return RG_OK;
    }
    err = network_service_get(ctx, (service_id){row.id}, &service);
    if (err != RG_OK)
        return err;
    ret_row->synthetic = service.synthetic;
    return surface_put_service(ctx, jw, &service, q->full ? SURFACE_NESTED : SURFACE_SCALARS);
}

enum rg_err
api_services(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    static const struct api_list list = {services_count, services_open, services_next};
    struct api_query q = {.taxonomy = uid_of(ctx, req, IN_API_TAXONOMY),
                          .term = uid_of(ctx, req, IN_API_TERM),
                          .organization = uid_of(ctx, req, IN_API_ORGANIZATION),
                          .modified_s = web_int(req, IN_API_MODIFIED),
                          .minimal = web_int(req, IN_API_MINIMAL),
                          .full = web_int(req, IN_API_FULL)};
    return answer_list(ctx, req, ans, &list, &q);
}

enum rg_err
api_service(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct network_service service;
    service_id id;
    struct rg_jw jw;
    bool found;
    enum rg_err err = network_service_find(ctx, uid_of(ctx, req, IN_ID), &found, &id);
    if (err == RG_OK && !found)
        err = no_such(ctx, uid_of(ctx, req, IN_ID));
    if (err == RG_OK)
        err = network_service_get(ctx, id, &service);
    if (err != RG_OK)
        return err;
    begin_object(ans, &jw, service.synthetic);
    return surface_put_service(ctx, &jw, &service, SURFACE_NESTED);
}

/* ---- organizations ---- */

static enum rg_err
organizations_count(struct rg_ctx *ctx, const struct api_query *q, int64_t *ret_n)
{
    struct network_sql_api_organization_count_row row;
    enum rg_err err =
        network_sql_api_organization_count(ctx, q->term, q->taxonomy, q->search, &row);
    if (err == RG_OK)
        *ret_n = row.n;
    return err;
}

static enum rg_err
organizations_open(struct rg_ctx *ctx, struct store_cursor *cursor, const struct api_query *q,
                   int64_t skip, int64_t n_max)
{
    return network_sql_api_organization_rows_open(ctx, cursor, q->term, q->taxonomy, q->search,
                                                  skip, n_max);
}

static enum rg_err
put_services_of(struct rg_ctx *ctx, struct rg_jw *jw, int64_t organization)
{
    struct network_sql_organization_services_row *rows;
    size_t n;
    enum rg_err err = network_sql_organization_services(ctx, organization, &rows, &n);
    if (err != RG_OK)
        return err;
    rg_jw_key(jw, "services");
    rg_jw_array(jw);
    for (size_t i = 0; i < n && err == RG_OK; i++) {
        struct rg_mark mark = rg_arena_mark(ctx->arena);
        struct network_service service;
        err = network_service_get(ctx, (service_id){rows[i].id}, &service);
        if (err == RG_OK) {
            service.organization_id = 0; /* it stands around them already */
            err = surface_put_service(ctx, jw, &service, SURFACE_NESTED);
        }
        rg_arena_release(ctx->arena, mark);
    }
    rg_jw_end_array(jw);
    return err;
}

static enum rg_err
put_organization(struct rg_ctx *ctx, struct rg_jw *jw, int64_t id, struct str doc,
                 bool synthetic, bool full_service)
{
    const struct rg_jv *root;
    enum rg_err err = RG_OK;
    if (!full_service)
        return surface_put_doc(ctx, jw, doc, SURFACE_NESTED, synthetic);
    if (!rg_jv_parse(ctx->arena, doc, &root) || root->kind != RG_JV_OBJECT)
        return RG_FAIL(ctx, RG_BROKEN, "network.bad_doc");
    rg_jw_object(jw);
    const struct rg_jv *key = rg_jv_first(root);
    for (uint32_t i = 0; i < root->n; i++) {
        const struct rg_jv *value = rg_jv_next(key);
        struct str name = rg_jv_str(ctx->arena, key);
        if (!str_is(name, "services") && !str_is(name, "synthetic")) {
            rg_jw_key_str(jw, name);
            rg_jw_raw(jw, surface_raw(value));
        }
        key = rg_jv_next(value);
    }
    err = put_services_of(ctx, jw, id);
    surface_put_synthetic(jw, synthetic);
    rg_jw_end_object(jw);
    return err;
}

static enum rg_err
organizations_next(struct rg_ctx *ctx, struct store_cursor *cursor, const struct api_query *q,
                   bool *ret_more, struct rg_jw *jw, struct api_row *ret_row)
{
    struct network_sql_api_organization_rows_row row;
    enum rg_err err = network_sql_api_organization_rows_next(ctx, cursor, ret_more, &row);
    if (err != RG_OK || !*ret_more)
        return err;
    ret_row->synthetic = row.synthetic != 0;
    if (!q->full && !q->full_service)
        return put_plain(ctx, jw, row.doc, row.synthetic, SURFACE_SCALARS, ret_row);
    return put_organization(ctx, jw, row.id, row.doc, row.synthetic, q->full_service);
}

enum rg_err
api_organizations(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    static const struct api_list list = {organizations_count, organizations_open,
                                         organizations_next};
    struct api_query q = {.taxonomy = uid_of(ctx, req, IN_API_TAXONOMY),
                          .term = uid_of(ctx, req, IN_API_TERM),
                          .full_service = web_int(req, IN_API_FULL_SERVICE),
                          .full = web_int(req, IN_API_ORGANIZATION_FULL)};
    return answer_list(ctx, req, ans, &list, &q);
}

enum rg_err
api_organization(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct network_sql_organization_find_row row;
    struct rg_jw jw;
    bool found, synthetic;
    enum rg_err err = network_sql_organization_find(ctx, uid_of(ctx, req, IN_ID), &found, &row);
    if (err == RG_OK && !found)
        err = no_such(ctx, uid_of(ctx, req, IN_ID));
    if (err == RG_OK)
        err = source_is_synthetic(ctx, row.source_id, &synthetic);
    if (err != RG_OK)
        return err;
    begin_object(ans, &jw, synthetic);
    return put_organization(ctx, &jw, row.id, row.doc, synthetic, web_int(req, IN_DONE));
}

/* ---- services at locations ---- */

static enum rg_err
places_count(struct rg_ctx *ctx, const struct api_query *q, int64_t *ret_n)
{
    struct network_sql_api_place_count_row row;
    enum rg_err err = network_sql_api_place_count(ctx, q->organization, q->term, q->taxonomy,
                                                  q->modified_s, q->search, &row);
    if (err == RG_OK)
        *ret_n = row.n;
    return err;
}

static enum rg_err
places_open(struct rg_ctx *ctx, struct store_cursor *cursor, const struct api_query *q,
            int64_t skip, int64_t n_max)
{
    return network_sql_api_place_rows_open(ctx, cursor, q->organization, q->term, q->taxonomy,
                                           q->modified_s, q->search, skip, n_max);
}

static enum rg_err
put_place_with_service(struct rg_ctx *ctx, struct rg_jw *jw, struct str uid, struct str doc,
                       struct str location_doc, bool confidential, int64_t service_key,
                       unsigned detail, bool synthetic)
{
    struct network_service service;
    enum rg_err err = network_service_get(ctx, (service_id){service_key}, &service);
    if (err != RG_OK)
        return err;
    service.n_places = 0;
    rg_jw_object(jw);
    err = surface_put_place(ctx, jw, uid, doc, location_doc, confidential);
    if (err == RG_OK) {
        rg_jw_key(jw, "service");
        err = surface_put_service(ctx, jw, &service, detail);
    }
    surface_put_synthetic(jw, synthetic);
    rg_jw_end_object(jw);
    return err;
}

static enum rg_err
places_next(struct rg_ctx *ctx, struct store_cursor *cursor, const struct api_query *q,
            bool *ret_more, struct rg_jw *jw, struct api_row *ret_row)
{
    struct network_sql_api_place_rows_row row;
    enum rg_err err = network_sql_api_place_rows_next(ctx, cursor, ret_more, &row);
    if (err != RG_OK || !*ret_more)
        return err;
    if (q->minimal) {
        surface_put_minimal(jw, row.uid, row.updated_s);
        return RG_OK;
    }
    ret_row->synthetic = row.synthetic != 0;
    return put_place_with_service(ctx, jw, row.uid, row.doc, row.location_doc, row.confidential,
                                  row.service_id, q->full ? SURFACE_NESTED : SURFACE_SCALARS,
                                  row.synthetic);
}

enum rg_err
api_places(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    static const struct api_list list = {places_count, places_open, places_next};
    struct api_query q = {.taxonomy = uid_of(ctx, req, IN_API_TAXONOMY),
                          .term = uid_of(ctx, req, IN_API_TERM),
                          .organization = uid_of(ctx, req, IN_API_ORGANIZATION),
                          .modified_s = web_int(req, IN_API_MODIFIED),
                          .minimal = web_int(req, IN_API_MINIMAL),
                          .full = web_int(req, IN_API_FULL)};
    return answer_list(ctx, req, ans, &list, &q);
}

enum rg_err
api_place(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct network_sql_api_place_row row;
    struct rg_jw jw;
    bool found;
    enum rg_err err = network_sql_api_place(ctx, uid_of(ctx, req, IN_ID), &found, &row);
    if (err == RG_OK && !found)
        err = no_such(ctx, uid_of(ctx, req, IN_ID));
    if (err != RG_OK)
        return err;
    begin_object(ans, &jw, row.synthetic);
    return put_place_with_service(ctx, &jw, row.uid, row.doc, row.location_doc, row.confidential,
                                  row.service_id, SURFACE_NESTED, row.synthetic);
}

/* ---- taxonomies and their terms ---- */

static enum rg_err
taxonomies_count(struct rg_ctx *ctx, const struct api_query *q, int64_t *ret_n)
{
    struct network_sql_api_taxonomy_count_row row;
    enum rg_err err = network_sql_api_taxonomy_count(ctx, q->search, &row);
    if (err == RG_OK)
        *ret_n = row.n;
    return err;
}

static enum rg_err
taxonomies_open(struct rg_ctx *ctx, struct store_cursor *cursor, const struct api_query *q,
                int64_t skip, int64_t n_max)
{
    return network_sql_api_taxonomy_rows_open(ctx, cursor, q->search, skip, n_max);
}

static enum rg_err
taxonomies_next(struct rg_ctx *ctx, struct store_cursor *cursor, const struct api_query *q,
                bool *ret_more, struct rg_jw *jw, struct api_row *ret_row)
{
    struct network_sql_api_taxonomy_rows_row row;
    enum rg_err err = network_sql_api_taxonomy_rows_next(ctx, cursor, ret_more, &row);
    (void)q;
    return err == RG_OK && *ret_more
               ? put_plain(ctx, jw, row.doc, row.synthetic, SURFACE_NESTED, ret_row)
               : err;
}

enum rg_err
api_taxonomies(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    static const struct api_list list = {taxonomies_count, taxonomies_open, taxonomies_next};
    struct api_query q = {0};
    return answer_list(ctx, req, ans, &list, &q);
}

static enum rg_err
terms_count(struct rg_ctx *ctx, const struct api_query *q, int64_t *ret_n)
{
    struct network_sql_api_term_count_row row;
    enum rg_err err =
        network_sql_api_term_count(ctx, q->taxonomy, q->parent, q->top_only, q->search, &row);
    if (err == RG_OK)
        *ret_n = row.n;
    return err;
}

static enum rg_err
terms_open(struct rg_ctx *ctx, struct store_cursor *cursor, const struct api_query *q,
           int64_t skip, int64_t n_max)
{
    return network_sql_api_term_rows_open(ctx, cursor, q->taxonomy, q->parent, q->top_only,
                                          q->search, skip, n_max);
}

static enum rg_err
terms_next(struct rg_ctx *ctx, struct store_cursor *cursor, const struct api_query *q,
           bool *ret_more, struct rg_jw *jw, struct api_row *ret_row)
{
    struct network_sql_api_term_rows_row row;
    enum rg_err err = network_sql_api_term_rows_next(ctx, cursor, ret_more, &row);
    (void)q;
    return err == RG_OK && *ret_more
               ? put_plain(ctx, jw, row.doc, row.synthetic, SURFACE_NESTED, ret_row)
               : err;
}

enum rg_err
api_terms(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    static const struct api_list list = {terms_count, terms_open, terms_next};
    struct api_query q = {.taxonomy = uid_of(ctx, req, IN_API_TAXONOMY),
                          .parent = uid_of(ctx, req, IN_API_PARENT),
                          .top_only = web_int(req, IN_API_TOP_ONLY)};
    return answer_list(ctx, req, ans, &list, &q);
}

static enum rg_err
answer_record(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans, bool found,
              int64_t source, struct str doc)
{
    struct rg_jw jw;
    bool synthetic;
    if (!found)
        return no_such(ctx, uid_of(ctx, req, IN_ID));
    enum rg_err err = source_is_synthetic(ctx, source, &synthetic);
    if (err != RG_OK)
        return err;
    begin_object(ans, &jw, synthetic);
    return surface_put_doc(ctx, &jw, doc, SURFACE_NESTED, synthetic);
}

enum rg_err
api_taxonomy(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct network_sql_taxonomy_find_row row = {0};
    bool found;
    enum rg_err err = network_sql_taxonomy_find(ctx, uid_of(ctx, req, IN_ID), &found, &row);
    return err == RG_OK ? answer_record(ctx, req, ans, found, row.source_id, row.doc) : err;
}

enum rg_err
api_term(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct network_sql_taxonomy_term_find_row row = {0};
    bool found;
    enum rg_err err = network_sql_taxonomy_term_find(ctx, uid_of(ctx, req, IN_ID), &found, &row);
    return err == RG_OK ? answer_record(ctx, req, ans, found, row.source_id, row.doc) : err;
}
