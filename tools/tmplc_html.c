#include "tmplc_html.h"

/* The text node being read, and what of it is written. White space only ever shrinks, so the
 * output has room in a block of the input's size. */
struct reader {
    struct walk *wk;
    const struct node *node;
    const char *p, *end;
    char *out;
    size_t n;
};

static void
put(struct reader *rd, const char *from, const char *to)
{
    memcpy(rd->out + rd->n, from, (size_t)(to - from));
    rd->n += (size_t)(to - from);
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == ':' || c == '_' || c == '.';
}

static bool
keeps_blanks(const struct state *st)
{
    return walk_inside(st, "pre") || walk_inside(st, "textarea");
}

static void
read_blanks(struct reader *rd, struct state *st)
{
    const char *from = rd->p;
    bool newline = false;
    for (; rd->p < rd->end && is_blank(*rd->p); rd->p++)
        newline = newline || *rd->p == '\n';
    if (keeps_blanks(st) || !newline) {
        put(rd, from, rd->p);
        if (keeps_blanks(st) || rd->p > from)
            st->after_newline = false;
        return;
    }
    if (!st->after_newline)
        rd->out[rd->n++] = '\n';
    st->after_newline = true;
}

static void
read_characters(struct reader *rd, struct state *st)
{
    const char *from = rd->p, *at;
    while (rd->p < rd->end && *rd->p != '<' && !is_blank(*rd->p))
        rd->p++;
    struct str word = str_n(from, (size_t)(rd->p - from));
    if (st->top && str_is(st->top->name, "script"))
        tmplc_fail(rd->wk->tc, from,
                   "<script> holds nothing: behaviour belongs to script files");
    if (html_bad_ampersand(word, &at))
        tmplc_fail(rd->wk->tc, at, "write &amp; for an ampersand");
    bool says = html_has_letters(word, &at);
    for (size_t i = 0; i < word.n; i++)
        says = says || (word.p[i] >= '0' && word.p[i] <= '9');
    if (says)
        walk_mark_text(st);
    walk_letters_check(rd->wk, st, word);
    put(rd, from, rd->p);
    st->after_newline = false;
}

static struct str
read_name(struct reader *rd)
{
    const char *from = rd->p;
    while (rd->p < rd->end && is_name(*rd->p))
        rd->p++;
    return str_n(from, (size_t)(rd->p - from));
}

/* A name that ends where a hole begins would go on into it. */
static void
refuse_hole_after(struct reader *rd, const char *where)
{
    if (rd->p == rd->end && rd->node->next && rd->node->next->kind == NODE_HOLE)
        tmplc_fail(rd->wk->tc, rd->node->next->at, "a hole cannot stand in %s", where);
}

/* "<!doctype html>" passes, "<!-- … -->" is left out. */
static void
read_declaration(struct reader *rd, struct state *st)
{
    struct str rest = str_n(rd->p, (size_t)(rd->end - rd->p));
    if (str_starts(rest, STR("<!--"))) {
        ptrdiff_t n = str_find(rest, STR("-->"));
        if (n < 0)
            tmplc_fail(rd->wk->tc, rd->p, "a comment is not closed, or a hole stands in it");
        rd->p += n + 3;
        return;
    }
    const char *from = rd->p;
    if (rest.n < 15 || !str_eq_nocase(str_n(rest.p, 15), STR("<!doctype html>")))
        tmplc_fail(rd->wk->tc, rd->p, "only <!doctype html> begins with <!");
    rd->p += 15;
    put(rd, from, rd->p);
    st->after_newline = false;
}

static void
read_end_tag(struct reader *rd, struct state *st)
{
    const char *from = rd->p;
    rd->p += 2;
    struct str name = read_name(rd);
    refuse_hole_after(rd, "a tag name");
    while (rd->p < rd->end && is_blank(*rd->p))
        rd->p++;
    if (name.n == 0 || rd->p == rd->end || *rd->p != '>')
        tmplc_fail(rd->wk->tc, from, "an end tag is written </name>");
    rd->p++;
    walk_tag_close(rd->wk, st, name, from);
    put(rd, from, rd->p);
}

static void
read_start_tag(struct reader *rd, struct state *st)
{
    const char *from = rd->p++;
    struct str name = read_name(rd);
    refuse_hole_after(rd, "a tag name");
    if (name.n == 0)
        tmplc_fail(rd->wk->tc, from,
                   "write &lt; for a sign less-than; a hole cannot be a tag name");
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] >= 'A' && name.p[i] <= 'Z' && !walk_inside(st, "svg"))
            tmplc_fail(rd->wk->tc, from, "tag names are written small: <%.*s", STR_ARG(name));
    put(rd, from, rd->p);
    st->mode = MODE_TAG;
    st->tag = name;
    st->tag_at = from;
    st->attrs = NULL;
    st->spaced = false;
    st->after_newline = false;
}

static void
read_text(struct reader *rd, struct state *st)
{
    if (is_blank(*rd->p))
        read_blanks(rd, st);
    else if (*rd->p != '<')
        read_characters(rd, st);
    else if (rd->p + 1 < rd->end && rd->p[1] == '!')
        read_declaration(rd, st);
    else if (rd->p + 1 < rd->end && rd->p[1] == '/')
        read_end_tag(rd, st);
    else
        read_start_tag(rd, st);
}

static void
begin_value(struct reader *rd, struct state *st, struct attr *attr)
{
    const char *from = rd->p++;
    if (rd->p == rd->end || (*rd->p != '"' && *rd->p != '\''))
        tmplc_fail(rd->wk->tc, from, "the value of %.*s must stand in quotes",
                   STR_ARG(attr->name));
    st->quote = *rd->p++;
    put(rd, from, rd->p);
    st->mode = MODE_VALUE;
    st->attr = attr;
    st->value_at = rd->p;
    st->url_settled = false;
    st->url_query = false;
}

static void
read_attr(struct reader *rd, struct state *st)
{
    const char *from = rd->p;
    struct attr *attr = tmplc_new(rd->wk->tc, sizeof(*attr));
    attr->at = from;
    attr->name = read_name(rd);
    refuse_hole_after(rd, "the name of an attribute");
    if (attr->name.n == 0)
        tmplc_fail(rd->wk->tc, from, "\"%c\" cannot stand in a tag", *from);
    if (!st->spaced)
        tmplc_fail(rd->wk->tc, from, "a blank must stand before attribute %.*s",
                   STR_ARG(attr->name));
    walk_attr_check(rd->wk, st, attr);
    put(rd, from, rd->p);
    attr->next = st->attrs;
    st->attrs = attr;
    st->spaced = false;
    if (rd->p < rd->end && *rd->p == '=')
        begin_value(rd, st, attr);
}

/* Between attributes. */
static void
read_tag(struct reader *rd, struct state *st)
{
    const char *from = rd->p;
    if (is_blank(*rd->p)) {
        while (rd->p < rd->end && is_blank(*rd->p))
            rd->p++;
        if (!st->spaced)
            rd->out[rd->n++] = ' ';
        st->spaced = true;
    } else if (*rd->p == '>' || (*rd->p == '/' && rd->p + 1 < rd->end && rd->p[1] == '>')) {
        bool self_closing = *rd->p == '/';
        rd->p += self_closing ? 2 : 1;
        put(rd, from, rd->p);
        walk_tag_open(rd->wk, st, self_closing);
    } else {
        read_attr(rd, st);
    }
}

/* Follow an address as it is written: a literal may settle its scheme. */
static void
read_url_piece(struct reader *rd, struct state *st, struct str piece)
{
    bool first = piece.p == st->value_at;
    for (size_t i = 0; i < piece.n; i++) {
        char c = piece.p[i];
        if (c == ':' && !st->url_settled && !(first && html_url_ok(str_n(piece.p, i + 1))))
            tmplc_fail(rd->wk->tc, piece.p,
                       "an address begins with /, #, ?, https:, http:, "
                       "mailto: or tel:");
        st->url_settled = st->url_settled || c == '/' || c == '?' || c == '#' || c == ':';
        st->url_query = st->url_query || c == '?';
    }
}

static void
read_value(struct reader *rd, struct state *st)
{
    const char *from = rd->p, *at;
    while (rd->p < rd->end && *rd->p != st->quote)
        rd->p++;
    struct str piece = str_n(from, (size_t)(rd->p - from));
    if (html_bad_ampersand(piece, &at))
        tmplc_fail(rd->wk->tc, at, "write &amp; for an ampersand");
    if (html_is_url_attr(st->attr->name))
        read_url_piece(rd, st, piece);
    if (!st->attr->letters_at && html_has_letters(piece, &at))
        st->attr->letters_at = at;
    put(rd, from, rd->p);
    if (rd->p == rd->end)
        return;
    put(rd, rd->p, rd->p + 1);
    st->attr->value = str_n(st->value_at, (size_t)(rd->p - st->value_at));
    rd->p++;
    st->mode = MODE_TAG;
    st->spaced = false;
}

static void
read_json(struct reader *rd, struct state *st)
{
    const char *from = rd->p;
    while (rd->p < rd->end) {
        if (*rd->p == '<' && !st->json_string)
            break;
        if (*rd->p == '<')
            tmplc_fail(rd->wk->tc, rd->p, "write \\u003c for < in JSON");
        if (*rd->p == '\\' && st->json_string && rd->p + 1 < rd->end)
            rd->p++;
        else if (*rd->p == '"')
            st->json_string = !st->json_string;
        rd->p++;
    }
    put(rd, from, rd->p);
    if (rd->p < rd->end) {
        read_end_tag(rd, st);
        st->mode = MODE_TEXT;
    }
}

static void
walk_text(struct walk *wk, struct state *st, struct node *node)
{
    struct reader rd = {.wk = wk,
                        .node = node,
                        .p = node->text.p,
                        .end = node->text.p + node->text.n,
                        .out = tmplc_new(wk->tc, node->text.n)};
    while (rd.p < rd.end) {
        switch (st->mode) {
        case MODE_TEXT:
            read_text(&rd, st);
            break;
        case MODE_TAG:
            read_tag(&rd, st);
            break;
        case MODE_VALUE:
            read_value(&rd, st);
            break;
        case MODE_JSON:
            read_json(&rd, st);
            break;
        }
    }
    node->out = str_n(rd.out, rd.n);
}

/* The place of a hole in an address, and what the hole tells about the rest of it. */
static void
walk_url_hole(struct walk *wk, struct state *st, struct node *node)
{
    enum hole_kind kind = node->hole.kind;
    bool is_address = kind == HOLE_URL_PATH || kind == HOLE_URL_VALUE || kind == HOLE_ASSET;
    node->place = st->url_query ? HTML_QUERY : st->url_settled ? HTML_ATTR : HTML_URL;
    if (is_address && (st->url_query || st->url_settled))
        tmplc_fail(wk->tc, node->at, "an address cannot go on inside another one");
    if ((kind == HOLE_T || kind == HOLE_TK) && node->place == HTML_URL)
        tmplc_fail(wk->tc, node->at, "an address cannot begin with wording");
    if (kind == HOLE_URL_PATH || kind == HOLE_ASSET)
        st->url_settled = true;
    if (kind == HOLE_URL_PATH && str_find(node->hole.literal, STR("?")) >= 0)
        st->url_query = true;
}

static void
walk_hole(struct walk *wk, struct state *st, struct node *node)
{
    struct tmplc *tc = wk->tc;
    if (st->mode == MODE_TAG)
        tmplc_fail(tc, node->at,
                   "a hole can stand in text and in quoted values, not among "
                   "attributes");
    if (node->hole.kind == HOLE_RAW && st->mode != MODE_TEXT)
        tmplc_fail(tc, node->at, "raw can stand in text only");
    if (st->mode == MODE_VALUE) {
        st->attr->dynamic = true;
        node->place = HTML_ATTR;
        if (html_is_url_attr(st->attr->name))
            walk_url_hole(wk, st, node);
        return;
    }
    if (st->mode == MODE_JSON && !st->json_string)
        tmplc_fail(tc, node->at, "a hole in JSON must stand between quotes");
    if (st->mode == MODE_TEXT && st->top && str_is(st->top->name, "script"))
        tmplc_fail(tc, node->at, "a hole cannot stand in a script");
    node->place = st->mode == MODE_JSON ? HTML_JSON : HTML_TEXT;
    if (st->mode == MODE_TEXT)
        walk_mark_text(st);
    st->after_newline = false;
}

static void walk_nodes(struct walk *wk, struct state *st, struct node *nodes);

static void
check_returned(struct walk *wk, const struct node *node, const struct state *from,
               const struct state *to)
{
    if (from->mode == to->mode && from->top == to->top &&
        from->json_string == to->json_string &&
        (from->mode == MODE_TEXT || from->mode == MODE_JSON || from->tag_at == to->tag_at) &&
        (from->mode != MODE_VALUE || from->value_at == to->value_at))
        return;
    if (to->top && from->mode == to->mode && from->top != to->top)
        tmplc_fail(wk->tc, node->at,
                   "every branch must close what it opens and nothing else: "
                   "here it ends inside <%.*s> of line %d",
                   STR_ARG(to->top->name), tmplc_line(wk->tc, to->top->at));
    tmplc_fail(wk->tc, node->at,
               "every branch must end in the same tag, value or text where it "
               "began");
}

/* What the branch added to the tag, put on top of what the others added. */
static void
merge_attrs(struct walk *wk, struct state *into, const struct state *start,
            const struct state *branch)
{
    for (const struct attr *a = branch->attrs; a != start->attrs; a = a->next) {
        struct attr *copy = tmplc_new(wk->tc, sizeof(*copy));
        *copy = *a;
        copy->dynamic = true; /* it may be there or not */
        copy->next = into->attrs;
        into->attrs = copy;
    }
}

static int
merge_heading(int a, int b)
{
    return a == 0 ? b : b == 0 || a < b ? a : b;
}

static void
merge(struct walk *wk, struct state *into, const struct state *start,
      const struct state *branch)
{
    if (start->mode == MODE_TAG)
        merge_attrs(wk, into, start, branch);
    into->spaced = into->spaced && branch->spaced;
    into->after_newline = into->after_newline && branch->after_newline;
    into->url_settled = into->url_settled && branch->url_settled;
    into->url_query = into->url_query || branch->url_query;
    into->heading = merge_heading(into->heading, branch->heading);
}

static void
walk_if(struct walk *wk, struct state *st, struct node *node)
{
    struct state start = *st;
    bool any = false, has_else = false;
    if (st->mode == MODE_VALUE)
        st->attr->dynamic = true;
    for (struct branch *b = node->branches; b; b = b->next) {
        struct state branch = start;
        walk_nodes(wk, &branch, b->body);
        check_returned(wk, node, &start, &branch);
        has_else = has_else || !b->cond.p;
        if (!any) {
            struct attr *attrs = branch.attrs;
            *st = branch;
            st->attrs = start.attrs;
            branch.attrs = attrs;
        }
        merge(wk, st, &start, &branch);
        any = true;
    }
    if (!has_else)
        merge(wk, st, &start, &start);
}

/* True if the body ends with white space that holds a line end: then every round but the first
 * begins after one. */
static bool
ends_with_newline(const struct node *nodes)
{
    while (nodes && nodes->next)
        nodes = nodes->next;
    if (!nodes || nodes->kind != NODE_TEXT)
        return false;
    for (size_t i = nodes->text.n; i > 0 && is_blank(nodes->text.p[i - 1]); i--)
        if (nodes->text.p[i - 1] == '\n')
            return true;
    return false;
}

static void
walk_each(struct walk *wk, struct state *st, struct node *node)
{
    struct state start = *st, body = *st;
    if (st->mode == MODE_VALUE)
        st->attr->dynamic = true;
    body.after_newline = start.after_newline && ends_with_newline(node->body);
    if (st->mode == MODE_VALUE) /* the second round begins after the first */
        body.url_query = start.url_query || html_is_url_attr(st->attr->name);
    walk_nodes(wk, &body, node->body);
    check_returned(wk, node, &start, &body);
    if (st->mode == MODE_TAG && body.attrs != start.attrs)
        tmplc_fail(wk->tc, node->at, "an attribute inside each would be repeated");
    merge(wk, st, &start, &body);
}

static void
walk_csrf(struct walk *wk, struct state *st, const struct node *node)
{
    for (struct frame *f = st->top; f; f = f->up)
        if (str_is(f->name, "form")) {
            f->has_csrf = true;
            return;
        }
    tmplc_fail(wk->tc, node->at, "{%% csrf %%} stands inside a form");
}

/* render, content and csrf write whole elements. */
static void
walk_inserted(struct walk *wk, struct state *st, const struct node *node)
{
    if (st->mode != MODE_TEXT || walk_inside(st, "script") || walk_inside(st, "textarea") ||
        walk_inside(st, "title"))
        tmplc_fail(wk->tc, node->at,
                   "this statement writes elements: it can stand in text only");
    if (node->kind == NODE_CSRF)
        walk_csrf(wk, st, node);
    if (node->kind != NODE_CSRF && !node->is_icon) {
        walk_mark_text(st);
        st->heading = 0;
    }
    st->after_newline = false;
}

static void
walk_nodes(struct walk *wk, struct state *st, struct node *nodes)
{
    for (struct node *node = nodes; node; node = node->next) {
        switch (node->kind) {
        case NODE_TEXT:
            walk_text(wk, st, node);
            break;
        case NODE_HOLE:
            walk_hole(wk, st, node);
            break;
        case NODE_IF:
            walk_if(wk, st, node);
            break;
        case NODE_EACH:
            walk_each(wk, st, node);
            break;
        case NODE_RENDER:
        case NODE_CONTENT:
        case NODE_CSRF:
            walk_inserted(wk, st, node);
            break;
        }
    }
}

/* A block begins and ends without a line end of its own, so that it can stand within a line. */
static void
trim_end(struct node *nodes)
{
    while (nodes && nodes->next)
        nodes = nodes->next;
    if (nodes && nodes->kind == NODE_TEXT && nodes->out.n > 0 &&
        nodes->out.p[nodes->out.n - 1] == '\n')
        nodes->out.n--;
}

void
tmplc_html(struct tmplc *tc, struct block *block)
{
    struct walk wk = {.tc = tc};
    struct state st = {.mode = MODE_TEXT, .after_newline = true};
    walk_nodes(&wk, &st, block->nodes);
    walk_block_end(&wk, &st, block);
    trim_end(block->nodes);
}
