/* Templates to C: each block one function, literal text in long runs, lines mapped to the
 * template. */
#include "tmplc.h"

static const char *const place_names[] = {"HTML_TEXT", "HTML_ATTR", "HTML_URL", "HTML_QUERY",
                                          "HTML_JSON"};

static void emit_nodes(struct tmplc *tc, const struct node *nodes, unsigned indent);

static void
emit_indent(struct tmplc *tc, unsigned indent)
{
    for (unsigned i = 0; i < indent; i++)
        rg_buf_lit(&tc->out_c, "    ");
}

/* So that an error of the C compiler names the template. */
static void
emit_line(struct tmplc *tc, const char *at)
{
    rg_buf_printf(&tc->out_c, "#line %d \"%s\"\n", tmplc_line(tc, at), tc->path);
}

static void
emit_c_string(struct tmplc *tc, struct str s, unsigned indent)
{
    rg_buf_c(&tc->out_c, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '\n' && i + 1 < s.n) {
            rg_buf_lit(&tc->out_c, "\\n\"\n");
            emit_indent(tc, indent);
            rg_buf_c(&tc->out_c, '"');
        } else if (c == '"' || c == '\\' || c == '?') {
            rg_buf_c(&tc->out_c, '\\');
            rg_buf_c(&tc->out_c, (char)c);
        } else if (c < 0x20) {
            rg_buf_printf(&tc->out_c, "\\%03o", c);
        } else {
            rg_buf_c(&tc->out_c, (char)c);
        }
    }
    rg_buf_c(&tc->out_c, '"');
}

static void
emit_literal(struct tmplc *tc, struct str s, unsigned indent)
{
    if (s.n == 0)
        return;
    emit_indent(tc, indent);
    rg_buf_lit(&tc->out_c, "rg_buf_lit(h->out, ");
    emit_c_string(tc, s, indent + 1);
    rg_buf_lit(&tc->out_c, ");\n");
}

static void
emit_message(struct tmplc *tc, const struct node *node)
{
    const struct hole *hole = &node->hole;
    rg_buf_printf(&tc->out_c, "html_t(h, %s, ", place_names[node->place]);
    if (hole->kind == HOLE_T) { /* the literal in quotes: its hash is known already */
        struct str key = str_n(hole->value.p + 1, hole->value.n - 2);
        rg_buf_printf(&tc->out_c, "(struct wording_key){%.*s, 0x%016llxu}, ", STR_ARG(hole->value),
                      (unsigned long long)wording_hash(key));
    } else {
        rg_buf_printf(&tc->out_c, "html_key(%.*s), ", STR_ARG(hole->value));
    }
    if (hole->n_args > 0) {
        rg_buf_lit(&tc->out_c, "(const struct html_arg[]){");
        for (size_t i = 0; i < hole->n_args; i++)
            rg_buf_printf(&tc->out_c, "%s{\"%.*s\", %.*s}", i ? ", " : "",
                          STR_ARG(hole->args[i].name), STR_ARG(hole->args[i].value));
        rg_buf_lit(&tc->out_c, "}");
    } else {
        rg_buf_lit(&tc->out_c, "NULL");
    }
    if (hole->count.p)
        rg_buf_printf(&tc->out_c, ", %zu, (int64_t)(%.*s));\n", hole->n_args,
                      STR_ARG(hole->count));
    else
        rg_buf_printf(&tc->out_c, ", %zu, -1);\n", hole->n_args);
}

/* The literal runs are escaped here, the pieces percent-encoded at run time. */
static void
emit_url_path(struct tmplc *tc, const struct node *node, unsigned indent)
{
    struct str rest = node->hole.literal;
    if (str_starts(rest, STR("/")) && !str_starts(rest, STR("//"))) {
        emit_indent(tc, indent);
        rg_buf_lit(&tc->out_c, "html_lang_prefix(h);\n");
    }
    for (size_t i = 0; rest.n > 0 || i < node->hole.n_args; i++) {
        ptrdiff_t n = str_find(rest, STR("{}"));
        struct str piece = n < 0 ? rest : str_n(rest.p, (size_t)n);
        struct rg_buf escaped;
        rg_buf_init(&escaped, PO_FILE_MAX);
        html_escape(&escaped, piece);
        struct str kept = rg_arena_str(tc->arena, rg_buf_view(&escaped));
        rg_buf_done(&escaped);
        emit_literal(tc, kept, indent);
        if (n < 0)
            break;
        emit_indent(tc, indent);
        rg_buf_printf(&tc->out_c, "html_put(h, HTML_QUERY, %.*s);\n",
                      STR_ARG(node->hole.args[i].value));
        rest = str_n(piece.p + piece.n + 2, rest.n - piece.n - 2);
    }
}

static void
emit_hole(struct tmplc *tc, const struct node *node, unsigned indent)
{
    const struct hole *hole = &node->hole;
    const char *place = place_names[node->place];
    emit_line(tc, node->at);
    if (hole->kind == HOLE_URL_PATH) {
        emit_url_path(tc, node, indent);
        return;
    }
    emit_indent(tc, indent);
    switch (hole->kind) {
    case HOLE_T:
    case HOLE_TK:
        emit_message(tc, node);
        break;
    case HOLE_RAW:
        rg_buf_printf(&tc->out_c, "html_raw(h, %.*s);\n", STR_ARG(hole->value));
        break;
    case HOLE_ASSET:
        rg_buf_printf(&tc->out_c, "html_asset(h, %s, %.*s);\n", place, STR_ARG(hole->value));
        break;
    case HOLE_URL_VALUE:
        rg_buf_printf(&tc->out_c, "html_url_put(h, %s, %.*s);\n", place, STR_ARG(hole->value));
        break;
    case HOLE_VALUE:
    case HOLE_KIND:
    case HOLE_URL_PATH:
        rg_buf_printf(&tc->out_c, "html_put(h, %s, %.*s);\n", place, STR_ARG(hole->value));
        break;
    }
}

static void
emit_if(struct tmplc *tc, const struct node *node, unsigned indent)
{
    emit_line(tc, node->at);
    emit_indent(tc, indent);
    for (const struct branch *b = node->branches; b; b = b->next) {
        if (b != node->branches)
            rg_buf_lit(&tc->out_c, " else ");
        if (b->cond.p)
            rg_buf_printf(&tc->out_c, "if (%.*s) ", STR_ARG(b->cond));
        rg_buf_lit(&tc->out_c, "{\n");
        emit_nodes(tc, b->body, indent + 1);
        emit_indent(tc, indent);
        rg_buf_lit(&tc->out_c, "}");
    }
    rg_buf_lit(&tc->out_c, "\n");
}

static void
emit_each(struct tmplc *tc, const struct node *node, unsigned indent)
{
    unsigned id = node->depth;
    emit_line(tc, node->at);
    emit_indent(tc, indent);
    rg_buf_printf(&tc->out_c,
                  "for (size_t i_%u = 0, n_%u = (size_t)(%.*s); i_%u < n_%u; i_%u++) {\n", id,
                  id, STR_ARG(node->count), id, id, id);
    emit_indent(tc, indent + 1);
    rg_buf_printf(&tc->out_c, "__auto_type %.*s = &(%.*s)[i_%u];\n", STR_ARG(node->item),
                  STR_ARG(node->items), id);
    emit_indent(tc, indent + 1);
    rg_buf_printf(&tc->out_c, "(void)%.*s;\n", STR_ARG(node->item));
    emit_nodes(tc, node->body, indent + 1);
    emit_indent(tc, indent);
    rg_buf_lit(&tc->out_c, "}\n");
}

static void
emit_function(struct tmplc *tc, const struct block *block, const char *suffix, bool prototype)
{
    struct rg_buf *out = prototype ? &tc->out_h : &tc->out_c;
    bool none = block->params.n == 0 || str_is(block->params, "void");
    rg_buf_printf(out, "void%stmpl_%s_%.*s%s(struct html *h%s%.*s)%s", prototype ? " " : "\n",
                  tc->room, STR_ARG(block->name), suffix, none ? "" : ", ",
                  none ? 0 : (int)block->params.n, block->params.p,
                  prototype ? ";\n" : "\n{\n");
}

static void
emit_nodes(struct tmplc *tc, const struct node *nodes, unsigned indent)
{
    for (const struct node *node = nodes; node && node->kind != NODE_CONTENT;
         node = node->next) {
        switch (node->kind) {
        case NODE_TEXT:
            emit_literal(tc, node->out, indent);
            break;
        case NODE_HOLE:
            emit_hole(tc, node, indent);
            break;
        case NODE_IF:
            emit_if(tc, node, indent);
            break;
        case NODE_EACH:
            emit_each(tc, node, indent);
            break;
        case NODE_RENDER:
            emit_line(tc, node->at);
            emit_indent(tc, indent);
            rg_buf_printf(&tc->out_c, "%.*s;\n", STR_ARG(node->text));
            break;
        case NODE_CSRF:
            emit_indent(tc, indent);
            rg_buf_lit(&tc->out_c, "html_csrf(h);\n");
            break;
        case NODE_CONTENT:
            break;
        }
    }
}

static void
emit_one(struct tmplc *tc, const struct block *block, const char *suffix,
         const struct node *nodes)
{
    emit_function(tc, block, suffix, true);
    rg_buf_lit(&tc->out_c, "\n");
    emit_line(tc, block->at);
    emit_function(tc, block, suffix, false);
    emit_nodes(tc, nodes, 1);
    rg_buf_lit(&tc->out_c, "}\n");
}

void
tmplc_emit(struct tmplc *tc, const struct block *block)
{
    if (!block->is_layout) {
        emit_one(tc, block, "", block->nodes);
        return;
    }
    const struct node *content = block->nodes;
    while (content->kind != NODE_CONTENT)
        content = content->next;
    emit_one(tc, block, "_begin", block->nodes);
    emit_one(tc, block, "_end", content->next);
}
