/* The grammar of the template language: recursive descent, a tree per block. */
#include "tmplc.h"

/* The parser of one block: which loops are open, and the names they gave. */
struct parser {
    struct tmplc *tc;
    const char *pos;
    unsigned depth;   /* of statements       */
    unsigned n_loops; /* open, innermost last */
    struct {
        struct str item;
        unsigned id;
    } loops[TMPLC_DEPTH_MAX];
    unsigned next_loop_id;
    struct block *block;
};

/* What ended a run of nodes. */
struct stop {
    const char *at;
    struct str word; /* "end", "else", "elif", or none at the end of the file */
    struct str rest; /* of the statement, after the word                      */
};

static struct node *parse_nodes(struct parser *ps, struct stop *ret_stop);

/* loop = "loop" "." ( "index" | "first" | "last" ) */
static struct expr
parse_loop(struct parser *ps, struct lexer *lx)
{
    const char *at = lx->token.at;
    if (ps->n_loops == 0)
        tmplc_fail(ps->tc, at, "\"loop\" has a meaning only inside each");
    unsigned id = ps->loops[ps->n_loops - 1].id;
    lexer_advance(lx);
    lexer_want(lx, ".");
    if (lexer_take(lx, "index"))
        return (struct expr){tmplc_print(ps->tc, "(int64_t)(i_%u + 1)", id), false};
    if (lexer_take(lx, "first"))
        return (struct expr){tmplc_print(ps->tc, "(i_%u == 0)", id), false};
    if (lexer_take(lx, "last"))
        return (struct expr){tmplc_print(ps->tc, "(i_%u + 1 == n_%u)", id, id), false};
    tmplc_fail(ps->tc, at, "a loop has index, first and last");
}

/* accessor = "->" ident | "." ident | "[" number "]" */
static bool
parse_accessor(struct parser *ps, struct lexer *lx, struct str *c)
{
    if (lexer_take(lx, "->")) {
        struct str field = lexer_ident(lx, "a field");
        *c = tmplc_print(ps->tc, "%.*s->%.*s", STR_ARG(*c), STR_ARG(field));
        return true;
    }
    if (lexer_take(lx, ".")) {
        struct str field = lexer_ident(lx, "a field");
        *c = tmplc_print(ps->tc, "%.*s.%.*s", STR_ARG(*c), STR_ARG(field));
        return true;
    }
    if (!lexer_take(lx, "["))
        return false;
    if (lx->token.kind != TOKEN_NUMBER)
        tmplc_fail(ps->tc, lx->token.at, "only a number may stand between [ and ]");
    *c = tmplc_print(ps->tc, "%.*s[%.*s]", STR_ARG(*c), STR_ARG(lx->token.text));
    lexer_advance(lx);
    lexer_want(lx, "]");
    return true;
}

static bool
is_reserved(struct str name)
{
    static const char *const words[] = {"h",   "and",   "or",     "not",    "in",     "if",
                                        "for", "while", "return", "sizeof", "struct", "goto"};
    for (size_t i = 0; i < RG_COUNT(words); i++)
        if (str_eq(name, str_of(words[i])))
            return true;
    return false;
}

/* expr = loop | ident accessor* | [ "-" ] number | string */
static struct expr
parse_expr(struct parser *ps, struct lexer *lx)
{
    struct token token = lx->token;
    if (token.kind == TOKEN_STRING) {
        lexer_advance(lx);
        return (struct expr){tmplc_print(ps->tc, "\"%.*s\"", STR_ARG(token.text)), true};
    }
    bool minus = lexer_take(lx, "-");
    if (lx->token.kind == TOKEN_NUMBER) {
        struct str digits = lx->token.text;
        while (digits.n > 1 && digits.p[0] == '0') /* C would read an octal number */
            digits = str_n(digits.p + 1, digits.n - 1);
        lexer_advance(lx);
        return (struct expr){tmplc_print(ps->tc, "%s%.*s", minus ? "-" : "", STR_ARG(digits)),
                             false};
    }
    if (minus || lx->token.kind != TOKEN_IDENT)
        tmplc_fail(ps->tc, lx->token.at, "expected a value before \"%.*s\"",
                   STR_ARG(lx->token.text));
    if (lexer_is(lx, "loop") && str_is(lx->ahead.text, "."))
        return parse_loop(ps, lx);
    if (is_reserved(token.text))
        tmplc_fail(ps->tc, token.at, "\"%.*s\" cannot be a value", STR_ARG(token.text));
    struct str c = token.text;
    lexer_advance(lx);
    while (parse_accessor(ps, lx, &c))
        ;
    return (struct expr){c, false};
}

static struct str parse_cond(struct parser *ps, struct lexer *lx);

/* test = "(" cond ")" | expr [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) expr ] */
static struct str
parse_test(struct parser *ps, struct lexer *lx)
{
    static const char *const ops[] = {"==", "!=", "<=", ">=", "<", ">"};
    if (lexer_take(lx, "(")) {
        if (++ps->depth > TMPLC_DEPTH_MAX)
            tmplc_fail(ps->tc, lx->token.at, "parentheses too deep");
        struct str inner = parse_cond(ps, lx);
        ps->depth--;
        lexer_want(lx, ")");
        return tmplc_print(ps->tc, "(%.*s)", STR_ARG(inner));
    }
    const char *at = lx->token.at;
    struct expr left = parse_expr(ps, lx);
    for (size_t i = 0; i < RG_COUNT(ops); i++) {
        if (!lexer_take(lx, ops[i]))
            continue;
        struct expr right = parse_expr(ps, lx);
        if (!left.is_string && !right.is_string)
            return tmplc_print(ps->tc, "%.*s %s %.*s", STR_ARG(left.c), ops[i],
                               STR_ARG(right.c));
        if (left.is_string || i > 1)
            tmplc_fail(ps->tc, at,
                       "a text is compared as value == \"text\" or value != \"text\"");
        return tmplc_print(ps->tc, "%shtml_same(%.*s, %.*s)", i == 1 ? "!" : "",
                           STR_ARG(left.c), STR_ARG(right.c));
    }
    return tmplc_print(ps->tc, "html_true(%.*s)", STR_ARG(left.c));
}

/* not = "not" not | test */
static struct str
parse_not(struct parser *ps, struct lexer *lx)
{
    bool negative = false;
    while (lexer_take(lx, "not"))
        negative = !negative;
    struct str test = parse_test(ps, lx);
    return negative ? tmplc_print(ps->tc, "!(%.*s)", STR_ARG(test)) : test;
}

/* and = not ( "and" not )* */
static struct str
parse_and(struct parser *ps, struct lexer *lx)
{
    struct str c = parse_not(ps, lx);
    while (lexer_take(lx, "and")) {
        struct str right = parse_not(ps, lx);
        c = tmplc_print(ps->tc, "(%.*s) && (%.*s)", STR_ARG(c), STR_ARG(right));
    }
    return c;
}

/* cond = and ( "or" and )* */
static struct str
parse_cond(struct parser *ps, struct lexer *lx)
{
    struct str c = parse_and(ps, lx);
    while (lexer_take(lx, "or")) {
        struct str right = parse_and(ps, lx);
        c = tmplc_print(ps->tc, "(%.*s) || (%.*s)", STR_ARG(c), STR_ARG(right));
    }
    return c;
}

/* A word of the language rather than the name of a value: a value would be followed by an
 * accessor or by the end. */
static bool
at_keyword(const struct lexer *lx, const char *word)
{
    return lexer_is(lx, word) &&
           (lx->ahead.kind == TOKEN_IDENT || lx->ahead.kind == TOKEN_STRING ||
            lx->ahead.kind == TOKEN_NUMBER || str_is(lx->ahead.text, "-"));
}

static struct str
parse_value(struct parser *ps, struct lexer *lx)
{
    struct expr expr = parse_expr(ps, lx);
    return tmplc_print(ps->tc, "html_value(%.*s)", STR_ARG(expr.c));
}

/* formatted = ( "date" | "datetime" | "number" | "distance" | "instant" ) expr | expr
 * The C is a struct html_value. */
static struct str
parse_formatted(struct parser *ps, struct lexer *lx)
{
    static const struct {
        const char *word, *kind;
    } kinds[] = {
        {"date", "HTML_DATE"},         {"datetime", "HTML_DATETIME"}, {"number", "HTML_NUMBER"},
        {"distance", "HTML_DISTANCE"}, {"instant", "HTML_INSTANT"},
    };
    for (size_t i = 0; i < RG_COUNT(kinds); i++) {
        if (!at_keyword(lx, kinds[i].word))
            continue;
        lexer_advance(lx);
        struct str c = parse_expr(ps, lx).c;
        bool metres = i == 3;
        return tmplc_print(ps->tc, "html_value_kind(%s, %s%.*s%s)", kinds[i].kind,
                           metres ? "html_metres(" : "", STR_ARG(c), metres ? ")" : "");
    }
    return parse_value(ps, lx);
}

/* args = ( ident "=" formatted )*      count also chooses the plural */
static void
parse_args(struct parser *ps, struct lexer *lx, struct hole *hole)
{
    while (lx->token.kind == TOKEN_IDENT && str_is(lx->ahead.text, "=")) {
        const char *at = lx->token.at;
        struct str name = lx->token.text;
        if (hole->n_args == TMPLC_ARGS_MAX)
            tmplc_fail(ps->tc, at, "at most %d arguments", TMPLC_ARGS_MAX);
        for (size_t i = 0; i < hole->n_args; i++)
            if (str_eq(hole->args[i].name, name))
                tmplc_fail(ps->tc, at, "argument \"%.*s\" is given twice", STR_ARG(name));
        lexer_advance(lx);
        lexer_advance(lx);
        struct str value;
        if (str_is(name, "count")) {
            hole->count = parse_expr(ps, lx).c;
            value = tmplc_print(ps->tc, "html_value_kind(HTML_NUMBER, (int64_t)(%.*s))",
                                STR_ARG(hole->count));
        } else {
            value = parse_formatted(ps, lx);
        }
        hole->args[hole->n_args].name = name;
        hole->args[hole->n_args++].value = value;
    }
}

static bool
args_have(const struct hole *hole, struct str name)
{
    for (size_t i = 0; i < hole->n_args; i++)
        if (str_eq(hole->args[i].name, name))
            return true;
    return false;
}

/* The message must exist, and the arguments be its placeholders: the wording files and the
 * pages cannot drift apart. */
static void
check_message(struct parser *ps, const char *at, struct str key, struct hole *hole)
{
    const struct po_entry *e = po_book_find(ps->tc->book, RG_IT, key);
    if (!e)
        tmplc_fail(ps->tc, at, "no message \"%.*s\" in the wording files (po/it.po)",
                   STR_ARG(key));
    struct str names[PO_PLACEHOLDERS_MAX];
    size_t n = po_placeholders(e, names);
    for (size_t i = 0; i < n; i++)
        if (!args_have(hole, names[i]))
            tmplc_fail(ps->tc, at, "message \"%.*s\" needs %.*s=…", STR_ARG(key),
                       STR_ARG(names[i]));
    if (e->plural && !hole->count.p)
        tmplc_fail(ps->tc, at, "message \"%.*s\" has a plural and needs count=…", STR_ARG(key));
    for (size_t i = 0; i < hole->n_args; i++) {
        bool known = e->plural && str_is(hole->args[i].name, "count");
        for (size_t j = 0; j < n; j++)
            known = known || str_eq(names[j], hole->args[i].name);
        if (!known)
            tmplc_fail(ps->tc, at, "message \"%.*s\" has no placeholder {%.*s}", STR_ARG(key),
                       STR_ARG(hole->args[i].name));
    }
    if (!e->plural)
        hole->count = STR_NONE;
}

/* url = "url" string expr* | "url" expr        one expr for each {} of the string */
static void
parse_url(struct parser *ps, struct lexer *lx, struct hole *hole)
{
    if (lx->token.kind != TOKEN_STRING) {
        hole->kind = HOLE_URL_VALUE;
        hole->value = parse_value(ps, lx);
        return;
    }
    const char *at = lx->token.at;
    hole->kind = HOLE_URL_PATH;
    hole->literal = lx->token.text;
    size_t n = 0;
    for (size_t i = 0; i < hole->literal.n; i++) {
        n += hole->literal.p[i] == '{';
        if ((hole->literal.p[i] == '{') !=
            (i + 1 < hole->literal.n && hole->literal.p[i + 1] == '}'))
            tmplc_fail(ps->tc, at, "the pieces of a path are marked {}");
    }
    if (!html_url_ok(hole->literal))
        tmplc_fail(ps->tc, at,
                   "an address begins with /, #, ?, https:, http:, mailto: or tel:");
    lexer_advance(lx);
    while (lx->token.kind != TOKEN_END) {
        if (hole->n_args == TMPLC_ARGS_MAX)
            tmplc_fail(ps->tc, at, "at most %d pieces", TMPLC_ARGS_MAX);
        hole->args[hole->n_args++].value = parse_value(ps, lx);
    }
    if (n != hole->n_args)
        tmplc_fail(ps->tc, at, "the path has %zu places {} and %zu values", n, hole->n_args);
}

static struct str
want_string(struct parser *ps, struct lexer *lx, const char *what)
{
    struct token token = lx->token;
    if (token.kind != TOKEN_STRING)
        tmplc_fail(ps->tc, token.at, "expected %s in double quotes", what);
    lexer_advance(lx);
    return token.text;
}

/* hole = "t" string args | "tk" expr args | "raw" expr | url | "asset" string | formatted */
static void
parse_hole(struct parser *ps, struct str text, struct hole *hole)
{
    struct lexer lx;
    lexer_init(&lx, ps->tc, text);
    const char *at = lx.token.at;
    if (at_keyword(&lx, "t")) {
        lexer_advance(&lx);
        struct str key = want_string(ps, &lx, "a message key");
        hole->kind = HOLE_T;
        hole->value = tmplc_print(ps->tc, "\"%.*s\"", STR_ARG(key));
        parse_args(ps, &lx, hole);
        check_message(ps, at, key, hole);
    } else if (at_keyword(&lx, "tk")) {
        lexer_advance(&lx);
        hole->kind = HOLE_TK;
        hole->value = parse_expr(ps, &lx).c;
        parse_args(ps, &lx, hole);
    } else if (at_keyword(&lx, "raw")) {
        lexer_advance(&lx);
        hole->kind = HOLE_RAW;
        hole->value = parse_expr(ps, &lx).c;
    } else if (at_keyword(&lx, "url")) {
        lexer_advance(&lx);
        parse_url(ps, &lx, hole);
    } else if (at_keyword(&lx, "asset")) {
        lexer_advance(&lx);
        hole->kind = HOLE_ASSET;
        struct str name = want_string(ps, &lx, "the name of an asset");
        hole->value = tmplc_print(ps->tc, "\"%.*s\"", STR_ARG(name));
    } else {
        hole->value = parse_formatted(ps, &lx);
        hole->kind = str_starts(hole->value, STR("html_value_kind")) ? HOLE_KIND : HOLE_VALUE;
    }
    lexer_finish(&lx);
}

static struct node *
node_new(struct parser *ps, enum node_kind kind, const char *at)
{
    struct node *node = tmplc_new(ps->tc, sizeof(*node));
    node->kind = kind;
    node->at = at;
    return node;
}

static void
enter(struct parser *ps, const char *at)
{
    if (++ps->depth > TMPLC_DEPTH_MAX)
        tmplc_fail(ps->tc, at, "statements are nested more than %d deep", TMPLC_DEPTH_MAX);
}

static void
want_stop(struct parser *ps, const struct stop *stop, const char *opened)
{
    if (!stop->word.p)
        tmplc_fail(ps->tc, opened, "this statement has no {%% end %%}");
    if (!str_is(stop->word, "end"))
        tmplc_fail(ps->tc, stop->at, "{%% %.*s %%} without its if", STR_ARG(stop->word));
    if (str_trim(stop->rest).n > 0)
        tmplc_fail(ps->tc, stop->at, "nothing may follow \"end\"");
}

/* if = "if" cond nodes ( "elif" cond nodes )* [ "else" nodes ] "end" */
static struct node *
parse_if(struct parser *ps, const char *at, struct str rest)
{
    struct node *node = node_new(ps, NODE_IF, at);
    struct branch **tail = &node->branches;
    struct stop stop = {at, STR("if"), rest};
    enter(ps, at);
    for (bool last = false; !last;) {
        struct branch *branch = tmplc_new(ps->tc, sizeof(*branch));
        last = str_is(stop.word, "else");
        struct lexer lx;
        lexer_init(&lx, ps->tc, stop.rest);
        if (!last)
            branch->cond = parse_cond(ps, &lx);
        lexer_finish(&lx);
        branch->body = parse_nodes(ps, &stop);
        *tail = branch;
        tail = &branch->next;
        if (!str_is(stop.word, "elif") && !str_is(stop.word, "else"))
            break;
    }
    want_stop(ps, &stop, at);
    ps->depth--;
    return node;
}

/* True if the parameters, the last word of each, or an open loop give this name. */
static bool
name_taken(struct parser *ps, struct str name)
{
    for (unsigned i = 0; i < ps->n_loops; i++)
        if (str_eq(ps->loops[i].item, name))
            return true;
    struct str rest = ps->block->params, one;
    while (str_cut(&rest, ',', &one)) {
        one = str_trim(one);
        if (str_ends(one, name) && one.n > name.n &&
            (one.p[one.n - name.n - 1] == ' ' || one.p[one.n - name.n - 1] == '*'))
            return true;
    }
    return false;
}

/* each = "each" ident "in" expr "," expr nodes "end" */
static struct node *
parse_each(struct parser *ps, const char *at, struct str rest)
{
    struct node *node = node_new(ps, NODE_EACH, at);
    struct lexer lx;
    lexer_init(&lx, ps->tc, rest);
    node->item = lexer_ident(&lx, "a name for the element");
    if (is_reserved(node->item) || str_is(node->item, "loop") || name_taken(ps, node->item))
        tmplc_fail(ps->tc, at, "the name \"%.*s\" is taken: choose another",
                   STR_ARG(node->item));
    lexer_want(&lx, "in");
    node->items = parse_expr(ps, &lx).c;
    lexer_want(&lx, ",");
    node->count = parse_expr(ps, &lx).c;
    lexer_finish(&lx);
    enter(ps, at);
    node->depth = ++ps->next_loop_id;
    ps->loops[ps->n_loops].item = node->item;
    ps->loops[ps->n_loops++].id = node->depth;
    struct stop stop;
    node->body = parse_nodes(ps, &stop);
    want_stop(ps, &stop, at);
    ps->n_loops--;
    ps->depth--;
    return node;
}

/* render = "render" [ ident "." ] ident "(" [ expr ( "," expr )* ] ")" */
static struct node *
parse_render(struct parser *ps, const char *at, struct str rest)
{
    struct node *node = node_new(ps, NODE_RENDER, at);
    struct lexer lx;
    lexer_init(&lx, ps->tc, rest);
    struct str room = str_of(ps->tc->room), name = lexer_ident(&lx, "the name of a block");
    if (lexer_take(&lx, ".")) {
        room = name;
        name = lexer_ident(&lx, "the name of a block");
        if (!str_eq(room, str_of(ps->tc->room)))
            tmplc_list_add(ps->tc, &ps->tc->rooms, room);
    }
    node->is_icon = str_starts(name, STR("icon"));
    struct str c = tmplc_print(ps->tc, "tmpl_%.*s_%.*s(h", STR_ARG(room), STR_ARG(name));
    lexer_want(&lx, "(");
    while (!lexer_is(&lx, ")")) {
        struct expr arg = parse_expr(ps, &lx);
        c = tmplc_print(ps->tc, "%.*s, %.*s", STR_ARG(c), STR_ARG(arg.c));
        if (!lexer_is(&lx, ")"))
            lexer_want(&lx, ",");
    }
    lexer_want(&lx, ")");
    lexer_finish(&lx);
    node->text = tmplc_print(ps->tc, "%.*s)", STR_ARG(c));
    return node;
}

static struct node *
parse_statement(struct parser *ps, const char *at, struct str word, struct str rest)
{
    if (str_is(word, "if"))
        return parse_if(ps, at, rest);
    if (str_is(word, "each"))
        return parse_each(ps, at, rest);
    if (str_is(word, "render"))
        return parse_render(ps, at, rest);
    bool content = str_is(word, "content");
    if (!content && !str_is(word, "csrf"))
        tmplc_fail(ps->tc, at, "unknown statement \"%.*s\"", STR_ARG(word));
    if (content && (!ps->block->is_layout || ps->depth > 0))
        tmplc_fail(ps->tc, at, "{%% content %%} stands in a layout, outside if and each");
    if (str_trim(rest).n > 0)
        tmplc_fail(ps->tc, at, "nothing may follow \"%.*s\"", STR_ARG(word));
    return node_new(ps, content ? NODE_CONTENT : NODE_CSRF, at);
}

/* The first word of a statement off its text. */
static struct str
cut_word(struct str *text)
{
    *text = str_trim(*text);
    size_t n = 0;
    while (n < text->n && text->p[n] >= 'a' && text->p[n] <= 'z')
        n++;
    struct str word = str_n(text->p, n);
    *text = str_n(text->p + n, text->n - n);
    return word;
}

/* nodes = ( text | hole | statement )* */
static struct node *
parse_nodes(struct parser *ps, struct stop *ret_stop)
{
    struct node *first = NULL, **tail = &first;
    for (;;) {
        struct item item = tmplc_item(ps->tc, &ps->pos);
        struct node *node;
        if (item.kind == ITEM_END) {
            *ret_stop = (struct stop){item.at, STR_NONE, STR_NONE};
            return first;
        }
        if (item.kind == ITEM_TEXT) {
            node = node_new(ps, NODE_TEXT, item.at);
            node->text = item.text;
        } else if (item.kind == ITEM_HOLE) {
            node = node_new(ps, NODE_HOLE, item.at);
            parse_hole(ps, item.text, &node->hole);
        } else {
            struct str rest = item.text, word = cut_word(&rest);
            if (str_is(word, "end") || str_is(word, "else") || str_is(word, "elif")) {
                *ret_stop = (struct stop){item.at, word, rest};
                return first;
            }
            node = parse_statement(ps, item.at, word, rest);
        }
        *tail = node;
        tail = &node->next;
    }
}

/* block = ( "page" | "layout" ) ident "(" parameters ")" nodes "end"
 * The parameters are C and go to the compiler as they are. */
static void
parse_block(struct parser *ps, const char *at, bool is_layout, struct str rest)
{
    struct block *block = tmplc_new(ps->tc, sizeof(*block));
    *block = (struct block){.at = at, .is_layout = is_layout};
    rest = str_trim(rest);
    size_t n = 0;
    while (n < rest.n && ((rest.p[n] >= 'a' && rest.p[n] <= 'z') || rest.p[n] == '_' ||
                          (rest.p[n] >= '0' && rest.p[n] <= '9')))
        n++;
    block->name = str_n(rest.p, n);
    rest = str_trim(str_n(rest.p + n, rest.n - n));
    if (n == 0 || rest.n < 2 || rest.p[0] != '(' || rest.p[rest.n - 1] != ')')
        tmplc_fail(ps->tc, at,
                   "a block is written name(parameters), the name in a-z, 0-9 and _");
    block->params = str_trim(str_n(rest.p + 1, rest.n - 2));
    for (const struct block *b = ps->tc->blocks; b; b = b->next)
        if (str_eq(b->name, block->name))
            tmplc_fail(ps->tc, at, "there is a block \"%.*s\" already", STR_ARG(block->name));
    ps->block = block;
    struct stop stop;
    block->nodes = parse_nodes(ps, &stop);
    want_stop(ps, &stop, at);
    unsigned n_content = 0;
    for (const struct node *node = block->nodes; node; node = node->next)
        n_content += node->kind == NODE_CONTENT;
    if (is_layout && n_content != 1)
        tmplc_fail(ps->tc, at, "a layout has {%% content %%} once");
    *ps->tc->next_block = block;
    ps->tc->next_block = &block->next;
}

/* file = ( "use" string )* block* */
void
tmplc_parse(struct tmplc *tc)
{
    struct parser ps = {.tc = tc, .pos = tc->source.p};
    bool any_block = false;
    for (;;) {
        struct item item = tmplc_item(tc, &ps.pos);
        if (item.kind == ITEM_END)
            return;
        if (item.kind == ITEM_TEXT && str_trim(item.text).n == 0)
            continue;
        struct str rest = item.text, word = item.kind == ITEM_STMT ? cut_word(&rest) : STR_NONE;
        if (str_is(word, "use") && !any_block) {
            struct lexer lx;
            lexer_init(&lx, tc, rest);
            tmplc_list_add(tc, &tc->uses, want_string(&ps, &lx, "a header"));
            lexer_finish(&lx);
        } else if (str_is(word, "page") || str_is(word, "layout")) {
            any_block = true;
            parse_block(&ps, item.at, str_is(word, "layout"), rest);
        } else {
            const char *at = item.kind == ITEM_TEXT ? str_trim(item.text).p : item.at;
            tmplc_fail(tc, at,
                       "outside a block stand only comments, use (first), page and "
                       "layout");
        }
    }
}
