/* What a template may say: keys that exist, placeholders that match, names that are declared. */
#include "tmplc_html.h"

static const struct attr *
attr_find(const struct attr *attrs, const char *name)
{
    for (; attrs; attrs = attrs->next)
        if (str_eq(attrs->name, str_of(name)))
            return attrs;
    return NULL;
}

/* The value written out, or none if it is missing or depends on data. */
static struct str
attr_static(const struct attr *attrs, const char *name)
{
    const struct attr *attr = attr_find(attrs, name);
    return attr && !attr->dynamic ? attr->value : STR_NONE;
}

static bool
attr_says(const struct attr *attrs, const char *name)
{
    const struct attr *attr = attr_find(attrs, name);
    return attr && (attr->dynamic || attr->value.n > 0);
}

static bool
is_labelled(const struct attr *attrs)
{
    return attr_says(attrs, "aria-label") || attr_says(attrs, "aria-labelledby");
}

bool
walk_inside(const struct state *st, const char *name)
{
    for (const struct frame *f = st->top; f; f = f->up)
        if (str_eq(f->name, str_of(name)))
            return true;
    return false;
}

void
walk_mark_text(struct state *st)
{
    for (struct frame *f = st->top; f && !f->hidden; f = f->up)
        f->has_text = true;
}

bool
walk_is_excused(const struct tmplc *tc, const char *at)
{
    if (!tc->literal_lines)
        return false;
    int line = tmplc_line(tc, at);
    for (const struct line_list *l = tc->literal_lines; l; l = l->next)
        if (l->line == line)
            return true;
    return false;
}

void
walk_letters_check(struct walk *wk, const struct state *st, struct str text)
{
    if (walk_inside(st, "code") || walk_inside(st, "kbd") || walk_inside(st, "samp"))
        return;
    const char *at;
    while (html_has_letters(text, &at)) {
        if (!walk_is_excused(wk->tc, at)) {
            struct str rest = str_n(at, (size_t)(text.p + text.n - at));
            struct str shown = str_n(at, str_utf8_prefix(rest, 24));
            tmplc_fail(wk->tc, at, "text \"%.*s\" must come from the wording files: {{ t \"…\" }}",
                       STR_ARG(shown));
        }
        const char *end = text.p + text.n;
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        text = newline ? str_n(newline, (size_t)(end - newline)) : STR_NONE;
    }
}

void
walk_attr_check(struct walk *wk, const struct state *st, const struct attr *attr)
{
    struct tmplc *tc = wk->tc;
    if (str_starts(attr->name, STR("on")))
        tmplc_fail(tc, attr->at, "attribute %.*s: behaviour belongs to the script files",
                   STR_ARG(attr->name));
    if (str_is(attr->name, "style") || str_is(attr->name, "srcdoc"))
        tmplc_fail(tc, attr->at, "attribute %.*s is refused: looks belong to the style sheet",
                   STR_ARG(attr->name));
    for (const struct attr *a = st->attrs; a; a = a->next)
        if (str_eq(a->name, attr->name))
            tmplc_fail(tc, attr->at, "attribute %.*s stands twice in this tag",
                       STR_ARG(attr->name));
}

static void
check_words(struct walk *wk, const struct state *st)
{
    struct str type = attr_static(st->attrs, "type");
    bool is_button = str_is(st->tag, "input") &&
                     (str_is(type, "submit") || str_is(type, "button") || str_is(type, "reset"));
    for (const struct attr *a = st->attrs; a; a = a->next) {
        bool worded = html_is_worded_attr(a->name) || (is_button && str_is(a->name, "value"));
        if (worded && a->letters_at && !walk_is_excused(wk->tc, a->letters_at))
            tmplc_fail(wk->tc, a->letters_at,
                       "the words of %.*s must come from the wording files: {{ t \"…\" }}",
                       STR_ARG(a->name));
    }
}

static void
check_control(struct walk *wk, const struct state *st)
{
    struct str type = attr_static(st->attrs, "type");
    bool is_input = str_is(st->tag, "input");
    if (!is_input && !str_is(st->tag, "select") && !str_is(st->tag, "textarea"))
        return;
    if (is_input && (str_is(type, "hidden") || str_is(type, "submit") ||
                     str_is(type, "button") || str_is(type, "reset")))
        return;
    if (is_input && str_is(type, "image") && !attr_says(st->attrs, "alt"))
        tmplc_fail(wk->tc, st->tag_at, "an image button needs alt");
    if (is_labelled(st->attrs) || walk_inside(st, "label"))
        return;
    const struct attr *id = attr_find(st->attrs, "id");
    struct control *control = tmplc_new(wk->tc, sizeof(*control));
    *control = (struct control){id ? id->value : STR_NONE, st->tag_at, st->tag, wk->controls};
    wk->controls = control;
}

static void
check_link(struct walk *wk, const struct state *st)
{
    const struct attr *target = attr_find(st->attrs, "target");
    const struct attr *rel = attr_find(st->attrs, "rel");
    if (target && (target->dynamic || str_eq_nocase(target->value, STR("_blank"))) &&
        (!rel || str_find(rel->value, STR("noopener")) < 0))
        tmplc_fail(wk->tc, st->tag_at, "target=\"_blank\" needs rel=\"noopener\"");
}

static void
check_heading(struct walk *wk, struct state *st)
{
    if (!html_is_heading(st->tag))
        return;
    int level = st->tag.p[1] - '0';
    if (st->heading > 0 && level > st->heading + 1)
        tmplc_fail(wk->tc, st->tag_at, "heading h%d follows h%d: a level is skipped", level,
                   st->heading);
    st->heading = level;
}

static void
check_nesting(struct walk *wk, const struct state *st)
{
    static const char *const not_within[][2] = {
        {"a", "a"}, {"a", "button"}, {"button", "a"}, {"button", "button"}, {"form", "form"},
        {"label", "label"}, {"select", "a"}, {"input", "button"}, {"select", "button"}};
    for (size_t i = 0; i < RG_COUNT(not_within); i++)
        if (str_eq(st->tag, str_of(not_within[i][0])) && walk_inside(st, not_within[i][1]))
            tmplc_fail(wk->tc, st->tag_at, "<%s> cannot stand inside <%s>", not_within[i][0],
                       not_within[i][1]);
    if (html_ends_paragraph(st->tag) && walk_inside(st, "p"))
        tmplc_fail(wk->tc, st->tag_at, "<%.*s> cannot stand inside <p>: a browser would close it",
                   STR_ARG(st->tag));
    if (walk_inside(st, "textarea") || walk_inside(st, "title") || walk_inside(st, "script"))
        tmplc_fail(wk->tc, st->tag_at, "<%.*s> holds text only, no <%.*s>",
                   STR_ARG(st->top->name), STR_ARG(st->tag));
}

static void
check_element(struct walk *wk, struct state *st)
{
    struct tmplc *tc = wk->tc;
    const struct attr *attrs = st->attrs;
    if (str_is(st->tag, "style"))
        tmplc_fail(tc, st->tag_at, "<style> is refused: looks belong to the style sheet");
    if (str_is(st->tag, "img") && !attr_find(attrs, "alt"))
        tmplc_fail(tc, st->tag_at, "<img> without alt: say what it shows, or alt=\"\" if nothing");
    if (str_is(st->tag, "iframe") && !attr_says(attrs, "title"))
        tmplc_fail(tc, st->tag_at, "<iframe> without title");
    if (str_is(st->tag, "html") && !attr_says(attrs, "lang"))
        tmplc_fail(tc, st->tag_at, "<html> without lang");
    if (str_is(st->tag, "img") && attr_says(attrs, "alt"))
        walk_mark_text(st);
    if (str_is(st->tag, "label") && attr_says(attrs, "for"))
        tmplc_list_add(tc, &wk->label_fors, attr_find(attrs, "for")->value);
    if (str_is(st->tag, "th"))
        for (struct frame *f = st->top; f; f = f->up)
            if (str_is(f->name, "table")) {
                f->has_th = true;
                break;
            }
    check_words(wk, st);
    check_nesting(wk, st);
    check_control(wk, st);
    check_link(wk, st);
    check_heading(wk, st);
}

void
walk_tag_open(struct walk *wk, struct state *st, bool self_closing)
{
    check_element(wk, st);
    st->mode = MODE_TEXT;
    st->after_newline = false;
    bool foreign = str_is(st->tag, "svg") || walk_inside(st, "svg");
    if (self_closing && !foreign && !html_is_void(st->tag))
        tmplc_fail(wk->tc, st->tag_at, "<%.*s/> does not close itself in HTML: write </%.*s>",
                   STR_ARG(st->tag), STR_ARG(st->tag));
    if (html_is_void(st->tag) || self_closing)
        return;
    struct frame *frame = tmplc_new(wk->tc, sizeof(*frame));
    struct str method = attr_static(st->attrs, "method");
    const struct attr *any_method = attr_find(st->attrs, "method");
    *frame = (struct frame){
        .name = st->tag,
        .at = st->tag_at,
        .up = st->top,
        .labelled = is_labelled(st->attrs),
        .hidden = str_is(attr_static(st->attrs, "aria-hidden"), "true"),
        .needs_csrf = str_is(st->tag, "form") && any_method &&
                      (any_method->dynamic || str_eq_nocase(method, STR("post"))),
        .is_json = str_is(st->tag, "script") &&
                   str_is(attr_static(st->attrs, "type"), "application/ld+json"),
    };
    st->top = frame;
    if (frame->is_json) {
        st->mode = MODE_JSON;
        st->json_string = false;
    }
}

void
walk_tag_close(struct walk *wk, struct state *st, struct str name, const char *at)
{
    struct frame *f = st->top;
    if (html_is_void(name))
        tmplc_fail(wk->tc, at, "<%.*s> has no end tag", STR_ARG(name));
    if (!f)
        tmplc_fail(wk->tc, at, "</%.*s> closes nothing in this block", STR_ARG(name));
    if (!str_eq(f->name, name))
        tmplc_fail(wk->tc, at, "</%.*s> found where <%.*s> of line %d is open", STR_ARG(name),
                   STR_ARG(f->name), tmplc_line(wk->tc, f->at));
    bool needs_name = str_is(name, "a") || str_is(name, "button") || str_is(name, "label") ||
                      html_is_heading(name);
    if (needs_name && !f->has_text && !f->labelled)
        tmplc_fail(wk->tc, f->at, "<%.*s> without text: a screen reader has nothing to say",
                   STR_ARG(name));
    if (str_is(name, "table") && !f->has_th)
        tmplc_fail(wk->tc, f->at, "<table> without <th>: nobody can tell what its columns are");
    if (f->needs_csrf && !f->has_csrf)
        tmplc_fail(wk->tc, f->at, "<form method=\"post\"> without {%% csrf %%}");
    st->top = f->up;
    st->after_newline = false;
}

void
walk_block_end(struct walk *wk, const struct state *st, const struct block *block)
{
    if (st->mode == MODE_TAG || st->mode == MODE_VALUE)
        tmplc_fail(wk->tc, st->tag_at, "the tag <%.*s is not finished", STR_ARG(st->tag));
    if (st->top)
        tmplc_fail(wk->tc, st->top->at, "<%.*s> is not closed in block %.*s",
                   STR_ARG(st->top->name), STR_ARG(block->name));
    const struct control *first = NULL; /* complain of the first in the file */
    for (const struct control *c = wk->controls; c; c = c->next)
        if (!c->id.p || !tmplc_list_has(wk->label_fors, c->id))
            first = c;
    if (first)
        tmplc_fail(wk->tc, first->at,
                   "<%.*s> without label: wrap it in <label>, or give a <label for> the same id, "
                   "or aria-label", STR_ARG(first->name));
}
