/* The routes of the web room itself: what the route tables say of themselves. */
#include "web_priv.h"

static const struct {
    enum rg_role role;
    const char *name;
} role_names[] = {
    {RG_ROLE_PUBLIC, "public"},     {RG_ROLE_READER, "reader"},
    {RG_ROLE_EDITOR, "editor"},     {RG_ROLE_FACILITATOR, "facilitator"},
    {RG_ROLE_DELEGATE, "delegate"}, {RG_ROLE_PLANNER, "planner"},
    {RG_ROLE_ADMIN, "admin"},
};

static void
put_roles(struct rg_jw *jw, unsigned roles)
{
    rg_jw_array(jw);
    for (size_t i = 0; i < RG_COUNT(role_names); i++)
        if (roles & role_names[i].role)
            rg_jw_str(jw, str_of(role_names[i].name));
    rg_jw_end_array(jw);
}

/* Every route with who may use it: read by the tests of rights and of accessibility. */
static enum rg_err
sitemap(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct rg_jw jw;
    const struct web_route *route;
    const struct web_room *room;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    rg_jw_array(&jw);
    for (size_t i = 0; (route = web_route_at(req->server, i, &room)) != NULL; i++) {
        bool pieces = strchr(route->path, '{') != NULL;
        rg_jw_object(&jw);
        rg_jw_key(&jw, "method");
        rg_jw_str(&jw, str_of(route->method));
        rg_jw_key(&jw, "path");
        rg_jw_str(&jw, str_of(pieces && route->example ? route->example : route->path));
        rg_jw_key(&jw, "pattern");
        rg_jw_str(&jw, str_of(route->path));
        rg_jw_key(&jw, "room");
        rg_jw_str(&jw, str_of(room->name));
        rg_jw_key(&jw, "title");
        rg_jw_str(&jw, route->title_key ? wording_text(ctx->lang, route->title_key) : STR_NONE);
        rg_jw_key(&jw, "page");
        rg_jw_bool(&jw, route->title_key != NULL && !(route->flags & (WEB_API | WEB_PIECE)) &&
                            (!pieces || route->example));
        rg_jw_key(&jw, "roles");
        put_roles(&jw, route->roles);
        rg_jw_key(&jw, "forms");
        rg_jw_i64(&jw, web_forms_of(req->server, route));
        rg_jw_end_object(&jw);
    }
    rg_jw_end_array(&jw);
    return RG_OK;
}

static const char *
schema_type(const struct web_input *input)
{
    switch (input->kind) {
    case WEB_IN_INT:
        return "integer";
    case WEB_IN_FLAG:
        return "boolean";
    case WEB_IN_LIST:
        return "array";
    default:
        return "string";
    }
}

static void
put_schema(struct rg_jw *jw, const struct web_input *input)
{
    rg_jw_object(jw);
    rg_jw_key(jw, "type");
    rg_jw_str(jw, str_of(schema_type(input)));
    if (input->kind == WEB_IN_INT) {
        rg_jw_key(jw, "minimum");
        rg_jw_i64(jw, input->min);
        rg_jw_key(jw, "maximum");
        rg_jw_i64(jw, input->max);
        rg_jw_key(jw, "format");
        rg_jw_str(jw, STR("int64"));
    } else if (input->kind == WEB_IN_LIST) {
        rg_jw_key(jw, "items");
        rg_jw_object(jw);
        rg_jw_key(jw, "type");
        rg_jw_str(jw, STR("string"));
        rg_jw_end_object(jw);
        rg_jw_key(jw, "maxItems");
        rg_jw_i64(jw, WEB_LIST_MAX);
    } else if (input->kind == WEB_IN_DATE || input->kind == WEB_IN_INSTANT ||
               input->kind == WEB_IN_UUID) {
        rg_jw_key(jw, "format");
        rg_jw_str(jw, input->kind == WEB_IN_DATE      ? STR("date")
                      : input->kind == WEB_IN_INSTANT ? STR("date-time")
                                                      : STR("uuid"));
    } else if (input->kind == WEB_IN_CHOICE) {
        rg_jw_key(jw, "enum");
        rg_jw_array(jw);
        for (size_t i = 0; input->choices[i]; i++)
            rg_jw_str(jw, str_of(input->choices[i]));
        rg_jw_end_array(jw);
    } else if (input->kind == WEB_IN_TEXT) {
        rg_jw_key(jw, "maxLength");
        rg_jw_i64(jw, input->max ? input->max : WEB_TEXT_MAX);
    }
    rg_jw_end_object(jw);
}

static bool
in_path(const struct web_route *route, const struct web_input *input)
{
    char piece[80];
    struct rg_buf text = {0};
    rg_buf_init(&text, sizeof(piece));
    rg_buf_printf(&text, "{%s}", input->name);
    bool found = str_find(str_of(route->path), rg_buf_view(&text)) >= 0;
    rg_buf_done(&text);
    return found;
}

static void
put_parameters(struct rg_ctx *ctx, struct rg_jw *jw, const struct web_route *route)
{
    rg_jw_key(jw, "parameters");
    rg_jw_array(jw);
    for (size_t i = 0; i < route->n_inputs; i++) {
        const struct web_input *input = &route->inputs[i];
        bool path = in_path(route, input);
        rg_jw_object(jw);
        rg_jw_key(jw, "name");
        rg_jw_str(jw, str_of(input->name));
        rg_jw_key(jw, "in");
        rg_jw_str(jw, path ? STR("path") : STR("query"));
        if (input->label_key) {
            rg_jw_key(jw, "description");
            rg_jw_str(jw, wording_text(ctx->lang, input->label_key));
        }
        rg_jw_key(jw, "required");
        rg_jw_bool(jw, path || input->required);
        rg_jw_key(jw, "schema");
        put_schema(jw, input);
        rg_jw_end_object(jw);
    }
    rg_jw_end_array(jw);
}

static void
put_response(struct rg_jw *jw, const char *status, const char *words, const char *type)
{
    rg_jw_key(jw, status);
    rg_jw_object(jw);
    rg_jw_key(jw, "description");
    rg_jw_str(jw, str_of(words));
    rg_jw_key(jw, "content");
    rg_jw_object(jw);
    rg_jw_key(jw, type);
    rg_jw_object(jw);
    rg_jw_key(jw, "schema");
    rg_jw_object(jw);
    rg_jw_key(jw, "type");
    rg_jw_str(jw, str_ends(str_of(type), STR("json")) ? STR("object") : STR("string"));
    rg_jw_end_object(jw);
    rg_jw_end_object(jw);
    rg_jw_end_object(jw);
    rg_jw_end_object(jw);
}

static void
put_operation(struct rg_ctx *ctx, struct rg_jw *jw, const struct web_route *route,
              const char *ending)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf text;
    rg_buf_init(&text, 512);
    rg_buf_printf(&text, "%s%s", route->path, ending);
    rg_jw_key_str(jw, rg_buf_view(&text));
    rg_jw_object(jw);
    rg_jw_key(jw, "get");
    rg_jw_object(jw);
    rg_jw_key(jw, "operationId");
    rg_buf_reset(&text);
    rg_buf_lit(&text, "get");
    for (const char *p = route->path; *p; p++)
        rg_buf_c(&text, (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') ? *p : '-');
    bool pdf = strcmp(ending, ".pdf") == 0;
    if (pdf)
        rg_buf_lit(&text, "-pdf");
    rg_jw_str(jw, rg_buf_view(&text));
    rg_jw_key(jw, "summary");
    rg_jw_str(jw, route->title_key ? wording_text(ctx->lang, route->title_key)
                                   : str_of(route->path));
    put_parameters(ctx, jw, route);
    rg_jw_key(jw, "responses");
    rg_jw_object(jw);
    const char *problem = pdf ? "text/html" : "application/problem+json"; /* people open a PDF */
    put_response(jw, "200", "OK", pdf ? "application/pdf" : "application/json");
    put_response(jw, "400", "Bad input", problem);
    put_response(jw, "404", "Absent", problem);
    put_response(jw, "503", "Busy, see Retry-After", problem);
    rg_jw_end_object(jw);
    rg_jw_end_object(jw);
    rg_jw_end_object(jw);
}

static enum rg_err
openapi(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct rg_jw jw;
    const struct web_route *route;
    const struct web_room *room;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    rg_jw_object(&jw);
    rg_jw_key(&jw, "openapi");
    rg_jw_str(&jw, STR("3.1.0"));
    rg_jw_key(&jw, "info");
    rg_jw_object(&jw);
    rg_jw_key(&jw, "title");
    rg_jw_str(&jw, STR("Regia"));
    rg_jw_key(&jw, "version");
    rg_jw_str(&jw, STR("0.1.0"));
    rg_jw_key(&jw, "description");
    rg_jw_str(&jw, wording_text(ctx->lang, "web.api.description"));
    rg_jw_end_object(&jw);
    rg_jw_key(&jw, "servers");
    rg_jw_array(&jw);
    rg_jw_object(&jw);
    rg_jw_key(&jw, "url");
    rg_jw_str(&jw, STR("/"));
    rg_jw_end_object(&jw);
    rg_jw_end_array(&jw);
    rg_jw_key(&jw, "paths");
    rg_jw_object(&jw);
    for (size_t i = 0; (route = web_route_at(req->server, i, &room)) != NULL; i++) {
        if (!(route->roles & RG_ROLE_PUBLIC) || !str_is(str_of(route->method), "GET"))
            continue;
        if (route->flags & WEB_API)
            put_operation(ctx, &jw, route, "");
        else if (route->forms & WEB_BIT(WEB_JSON))
            put_operation(ctx, &jw, route,
                          str_is(str_of(route->path), "/") ? "home.json" : ".json");
        if (web_forms_of(req->server, route) & WEB_BIT(WEB_PDF))
            put_operation(ctx, &jw, route, ".pdf");
    }
    rg_jw_end_object(&jw);
    rg_jw_end_object(&jw);
    return RG_OK;
}

static enum rg_err
status(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    int64_t seq;
    (void)req;
    enum rg_err err = store_head(ctx, &seq);
    if (err != RG_OK)
        return err;
    struct rg_jw jw;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    rg_jw_object(&jw);
    rg_jw_key(&jw, "status");
    rg_jw_str(&jw, STR("ok"));
    rg_jw_key(&jw, "changes");
    rg_jw_i64(&jw, seq);
    rg_jw_end_object(&jw);
    return RG_OK;
}

static enum rg_err
robots(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    (void)ctx;
    (void)req;
    ans->type = "text/plain; charset=utf-8";
    rg_buf_lit(&ans->body, "User-agent: *\nDisallow: /accedi\nDisallow: /cerca\n"
                           "Disallow: /*.pdf$\n");
    return RG_OK;
}

const struct web_route web_own_routes[] = {
    {.method = "GET",
     .path = "/sitemap.json",
     .roles = RG_ROLE_PUBLIC,
     .handle = sitemap,
     .flags = WEB_API | WEB_NO_SITEMAP,
     .cache = WEB_PUBLIC},
    {.method = "GET",
     .path = "/openapi.json",
     .roles = RG_ROLE_PUBLIC,
     .handle = openapi,
     .flags = WEB_API | WEB_NO_SITEMAP,
     .cache = WEB_PUBLIC},
    {.method = "GET",
     .path = "/status",
     .roles = RG_ROLE_PUBLIC,
     .handle = status,
     .flags = WEB_API | WEB_NO_SITEMAP,
     .cache = WEB_PRIVATE},
    {.method = "GET",
     .path = "/robots.txt",
     .roles = RG_ROLE_PUBLIC,
     .handle = robots,
     .flags = WEB_API | WEB_NO_SITEMAP,
     .cache = WEB_HOUR},
};
const size_t web_n_own_routes = RG_COUNT(web_own_routes);
