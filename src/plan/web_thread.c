/* The thread drawn: contribution → theme → element → state, with the same as a table. */
#include "plan/surface.h"
#include "plan_sql.h"

enum {
    ROWS_MAX = 120,
    VOICES_MAX = 6,
    COLUMN_W = 230,
    GAP_W = 60,
    BOX_H = 46,
    GAP_H = 14,
    LINE_CHARS = 30
};

struct strand { /* one line of the thread, as a row of the table */
    struct str voice, theme, ref;
    int64_t voice_id;
    struct str voice_text, theme_title, how;
    const struct plan_row *element;
};

struct thread {
    struct surface *s;
    struct rg_ctx *ctx;
    struct strand *p;
    size_t n;
    int64_t n_left;   /* voices that are not drawn                                       */
    bool themes_only; /* the whole thread: a theme says how many voices it holds instead */
};

static void
strand_add(struct thread *t, struct strand strand)
{
    if (t->n < ROWS_MAX)
        t->p[t->n++] = strand;
    else
        t->n_left++;
}

/* The strands of one origin: one for each voice of its theme. */
static enum rg_err
theme_strands(struct thread *t, struct str code, struct str how, struct str ref)
{
    struct plan_sql_theme_get_row theme;
    struct plan_sql_voices_of_theme_row *voices;
    struct plan_sql_voices_of_theme_count_row count;
    size_t n = 0;
    bool found;
    enum rg_err err = plan_sql_theme_get(t->ctx, code, &found, &theme);
    if (err != RG_OK || !found)
        return err;
    err = plan_sql_voices_of_theme(t->ctx, theme.id, VOICES_MAX, &voices, &n);
    if (err == RG_OK)
        err = plan_sql_voices_of_theme_count(t->ctx, theme.id, &count);
    if (err != RG_OK)
        return err;
    struct strand strand = {.theme = code,
                            .theme_title = theme.title,
                            .how = how,
                            .ref = ref,
                            .element = plan_world_element(&t->s->world, ref)};
    if (t->themes_only) {
        struct str told = web_words_n(t->ctx, "plan.page.n_voices", count.n);
        strand.theme_title = PRINT(t->ctx, "%.*s (%.*s)", STR_ARG(theme.title), STR_ARG(told));
        n = 0;
    }
    for (size_t i = 0; i < n; i++) {
        strand.voice = voices[i].code;
        strand.voice_id = voices[i].id;
        strand.voice_text = voices[i].text;
        strand_add(t, strand);
    }
    if (n == 0)
        strand_add(t, strand);
    t->n_left += count.n - (int64_t)n;
    return RG_OK;
}

static enum rg_err
voice_strand(struct thread *t, struct str code, struct str how, struct str ref)
{
    struct plan_sql_voice_get_row voice;
    bool found;
    enum rg_err err = plan_sql_voice_get(t->ctx, code, &found, &voice);
    if (err == RG_OK && found)
        strand_add(t, (struct strand){.voice = code,
                                      .voice_id = voice.id,
                                      .voice_text = voice.text,
                                      .how = how,
                                      .ref = ref,
                                      .element = plan_world_element(&t->s->world, ref)});
    return err;
}

/* Is the element the wanted one or under it? */
static bool
is_under(struct thread *t, struct str ref, struct str wanted)
{
    const struct plan_row *e = plan_world_element(&t->s->world, ref);
    for (size_t i = 0; e && i < 64; i++) {
        if (str_eq(plan_element_ref(t->ctx, e), wanted))
            return true;
        struct str up =
            PRINT(t->ctx, "%.*s/%.*s", STR_ARG(e->v[EL_PLAN]), STR_ARG(e->v[EL_PARENT]));
        e = e->v[EL_PARENT].n ? plan_world_element(&t->s->world, up) : NULL;
    }
    return false;
}

static enum rg_err
strands_find(struct thread *t, struct str element, struct str theme, struct str voice)
{
    enum rg_err err = RG_OK;
    const struct plan_rows *origins = &t->s->world.t[PLAN_ORIGINS];
    const struct plan_rows *fates = &t->s->world.t[PLAN_FATES];
    const struct plan_rows *amendments = &t->s->world.t[PLAN_AMENDMENTS];
    for (size_t i = 0; i < origins->n && err == RG_OK; i++) {
        const struct str *v = origins->p[i].v;
        bool wanted = (!element.n || is_under(t, v[OR_ELEMENT], element)) &&
                      (!theme.n || str_eq(theme, v[OR_THEME])) &&
                      (!voice.n || str_eq(voice, v[OR_CONTRIBUTION]));
        if (wanted)
            err = v[OR_CONTRIBUTION].n
                      ? voice_strand(t, v[OR_CONTRIBUTION], v[OR_HOW], v[OR_ELEMENT])
                      : theme_strands(t, v[OR_THEME], v[OR_HOW], v[OR_ELEMENT]);
    }
    for (size_t i = 0; i < amendments->n && err == RG_OK; i++) {
        const struct str *v = amendments->p[i].v;
        if (v[AM_CONTRIBUTION].n && !theme.n &&
            (!element.n || is_under(t, v[AM_ELEMENT], element)) &&
            (!voice.n || str_eq(voice, v[AM_CONTRIBUTION])))
            err = voice_strand(t, v[AM_CONTRIBUTION], STR("amends"), v[AM_ELEMENT]);
    }
    for (size_t i = 0; i < fates->n && err == RG_OK && !element.n; i++) {
        const struct str *v = fates->p[i].v;
        if ((theme.n && !str_eq(theme, v[FA_THEME])) ||
            (voice.n && !str_eq(voice, v[FA_CONTRIBUTION])))
            continue;
        err = v[FA_THEME].n ? theme_strands(t, v[FA_THEME], v[FA_FATE], STR(""))
                            : voice_strand(t, v[FA_CONTRIBUTION], v[FA_FATE], STR(""));
    }
    return err;
}

/* ---- drawing ---- */

struct column {
    struct str keys[ROWS_MAX];
    size_t boxes[ROWS_MAX], n;
};

struct drawing {
    struct rg_ctx *ctx;
    struct surface_box *boxes;
    struct surface_line *lines;
    size_t n_boxes, n_lines;
    struct column columns[4];
};

/* A text in two lines of the box. */
static void
box_text(struct rg_ctx *ctx, struct surface_box *box, struct str text)
{
    size_t cut = str_utf8_prefix(text, LINE_CHARS);
    if (text.n <= LINE_CHARS) {
        box->text = text;
        return;
    }
    while (cut > LINE_CHARS / 2 && text.p[cut] != ' ')
        cut--;
    cut = str_utf8_prefix(text, cut);
    box->text = str_n(text.p, cut);
    struct str rest = str_trim(str_n(text.p + cut, text.n - cut));
    size_t n = str_utf8_prefix(rest, LINE_CHARS - 1);
    box->second = rest.n <= LINE_CHARS ? rest : PRINT(ctx, "%.*s…", (int)n, rest.p);
}

static size_t
box_of(struct drawing *d, size_t column, struct str key, struct str text, const char *fill)
{
    struct column *c = &d->columns[column];
    for (size_t i = 0; i < c->n; i++)
        if (str_eq(c->keys[i], key))
            return c->boxes[i];
    struct surface_box *box = &d->boxes[d->n_boxes];
    *box = (struct surface_box){.x = (int64_t)column * (COLUMN_W + GAP_W) + 1,
                                .y = (int64_t)c->n * (BOX_H + GAP_H) + 1,
                                .width = COLUMN_W,
                                .height = BOX_H,
                                .fill = fill,
                                .stroke = "#5b6f82"};
    box->text_x = box->x + 10;
    box_text(d->ctx, box, text);
    box->text_y = box->y + (box->second.n ? 19 : 28);
    c->keys[c->n] = key;
    c->boxes[c->n++] = d->n_boxes;
    return d->n_boxes++;
}

static void
line_between(struct drawing *d, size_t a, size_t b)
{
    const struct surface_box *from = &d->boxes[a], *to = &d->boxes[b];
    struct surface_line line = {from->x + from->width, from->y + from->height / 2, to->x,
                                to->y + to->height / 2, 0};
    line.mid = (line.x1 + line.x2) / 2;
    for (size_t i = 0; i < d->n_lines; i++)
        if (memcmp(&d->lines[i], &line, sizeof(line)) == 0)
            return;
    d->lines[d->n_lines++] = line;
}

static void
strand_draw(struct thread *t, struct drawing *d, const struct strand *x)
{
    size_t last = 0;
    bool any = false;
    if (x->voice.n) {
        last = box_of(d, 0, x->voice, x->voice_text, "#eaf2fb");
        any = true;
    }
    if (x->theme.n) {
        size_t box = box_of(d, 1, x->theme, x->theme_title, "#d9f2e6");
        if (any)
            line_between(d, last, box);
        last = box;
        any = true;
    }
    struct str state = x->how;
    if (x->element) {
        size_t box = box_of(d, 2, x->ref, plan_element_label(t->ctx, x->element), "#fff3d6");
        if (any)
            line_between(d, last, box);
        last = box;
        any = true;
        state = x->element->v[EL_STATE].n ? x->element->v[EL_STATE] : STR("not_known");
    }
    size_t box = box_of(d, 3, state, plan_word(t->ctx, state), "#f1f4f7");
    if (any)
        line_between(d, last, box);
}

static const struct surface_drawing *
thread_draw(struct thread *t)
{
    struct drawing *d = RG_NEW(t->ctx->arena, struct drawing);
    struct surface_drawing *made = RG_NEW(t->ctx->arena, struct surface_drawing);
    if (!d || !made || t->n == 0)
        return NULL;
    d->ctx = t->ctx;
    d->boxes = RG_ARRAY(t->ctx->arena, struct surface_box, 4 * t->n);
    d->lines = RG_ARRAY(t->ctx->arena, struct surface_line, 3 * t->n);
    if (!d->boxes || !d->lines)
        return NULL;
    for (size_t i = 0; i < t->n; i++)
        strand_draw(t, d, &t->p[i]);
    size_t rows = 0;
    for (size_t c = 0; c < 4; c++)
        rows = d->columns[c].n > rows ? d->columns[c].n : rows;
    *made = (struct surface_drawing){.width = 4 * COLUMN_W + 3 * GAP_W + 2,
                                     .height = (int64_t)rows * (BOX_H + GAP_H) + 2,
                                     .title = SAY(t->s, "thread.title"),
                                     .text = SAY(t->s, "thread.drawing"),
                                     .boxes = d->boxes,
                                     .n_boxes = d->n_boxes,
                                     .lines = d->lines,
                                     .n_lines = d->n_lines};
    return made;
}

/* ---- the page ---- */

static void
thread_rows(struct thread *t, struct grid *grid)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct strand *x = &t->p[i];
        grid_row(grid);
        if (x->voice.n)
            grid_link(grid, 0, x->voice_text,
                      PRINT(t->ctx, "/ascolto/contributi/%lld", (long long)x->voice_id));
        grid_value(grid, 0, x->voice);
        if (x->theme.n)
            grid_link(grid, 1, x->theme_title,
                      PRINT(t->ctx, "/ascolto/temi/%.*s", STR_ARG(x->theme)));
        grid_value(grid, 1, x->theme);
        grid_word(grid, 2, x->how, "info");
        if (!x->element)
            continue;
        grid_link(grid, 3, plan_element_label(t->ctx, x->element), plan_path(t->ctx, x->ref));
        grid_value(grid, 3, x->ref);
        grid_word(grid, 4, x->element->v[EL_STATE], plan_state_badge(x->element->v[EL_STATE]));
    }
}

/* A choice of axes, so that the thread can be looked at a piece at a time. */
static void
axis_filter(struct surface *s, struct str now)
{
    const struct plan_rows *all = &s->world.t[PLAN_ELEMENTS];
    struct web_option *options = RG_ARRAY(s->ctx->arena, struct web_option, all->n + 2);
    size_t n = 0;
    if (!options)
        return;
    options[n++] = (struct web_option){STR(""), SAY(s, "page.all"), now.n == 0};
    for (size_t i = all->n; i-- > 0;) {
        struct str ref = plan_element_ref(s->ctx, &all->p[i]);
        if (!str_is(all->p[i].v[EL_LEVEL], "axis") && !str_eq(ref, now))
            continue;
        struct str label = plan_element_label(s->ctx, &all->p[i]);
        options[n++] = (struct web_option){
            ref, PRINT(s->ctx, "%.*s: %.*s", STR_ARG(all->p[i].v[EL_PLAN]), STR_ARG(label)),
            str_eq(ref, now)};
    }
    s->page.action = "/piano/filo";
    surface_select(s, "elemento", "plan.col.element", now, options, n);
}

HANDLER(page_thread)
{
    static const struct grid_column columns[] = {{"contribution", "plan.thread.voice", false},
                                                 {"theme", "plan.thread.theme", false},
                                                 {"how", "plan.thread.how", false},
                                                 {"element", "plan.thread.element", false},
                                                 {"state", "plan.col.state", false}};
    struct thread t = {.ctx = ctx};
    struct grid grid;
    enum rg_err err = surface_begin(ctx, req, ans, &t.s);
    if (err != RG_OK)
        return err;
    struct str element = web_text(req, IN_T_ELEMENT);
    t.p = RG_ARRAY(ctx->arena, struct strand, ROWS_MAX);
    if (!t.p)
        return RG_NO_MEMORY(ctx);
    const struct plan_row *one = element.n ? plan_world_element(&t.s->world, element) : NULL;
    if (element.n && !one)
        return RG_FAIL(ctx, RG_ABSENT, "plan.absent");
    t.themes_only = !element.n && !web_text(req, IN_T_THEME).n &&
                    !web_text(req, IN_T_VOICE).n && req->form == WEB_HTML;
    err = strands_find(&t, element, web_text(req, IN_T_THEME), web_text(req, IN_T_VOICE));
    if (err != RG_OK)
        return err;
    t.s->page.title = SAY(t.s, "thread.title");
    grid_init(ctx, &grid, "thread", columns, RG_COUNT(columns));
    thread_rows(&t, &grid);
    if (req->form != WEB_HTML)
        return grid_answer(&grid, req, ans, t.s->page.title, 0, 1, -1,
                           "/piano/filo?contributo=");
    surface_crumb(t.s, STR("/piano"), SAY(t.s, "title"));
    t.s->page.lead = SAY(t.s, "thread.lead");
    axis_filter(t.s, element);
    if (one) {
        struct str label = plan_element_label(ctx, one);
        t.s->page.meta = web_words(ctx, "plan.thread.of", "element", &label, NULL);
        surface_link(t.s, plan_path(ctx, element), label);
        surface_link(t.s, STR("/piano/filo"), SAY(t.s, "thread.whole"));
    }
    t.s->page.drawing = thread_draw(&t);
    struct surface_section *list = surface_section(t.s, "elenco", STR(""));
    list->table = grid_table(&grid, "filo", SAY(t.s, "thread.caption"));
    if (!list->table)
        list->text = SAY(t.s, "thread.none");
    else if (t.n_left > 0)
        list->text = web_words_n(ctx, "plan.thread.left", t.n_left);
    surface_files(t.s, WEB_TABLE_FORMS);
    return surface_end(t.s);
}
