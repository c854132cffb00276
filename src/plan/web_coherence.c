/* Coherence: how the plan stands to the goals of other instruments, as a matrix and as a list. */
#include "plan/surface.h"
#include <stdlib.h>

enum { ELEMENTS_MAX = 24, GOALS_MAX = 200 }; /* of a matrix one can still read */

struct matrix {
    struct str goals[GOALS_MAX], elements[ELEMENTS_MAX];
    size_t n_goals, n_elements;
};

/* Where it stands, added when it is new and there is room; max otherwise. */
static size_t
place_of(struct str *list, size_t *n, size_t max, struct str value)
{
    size_t i = 0;
    while (i < *n && !str_eq(list[i], value))
        i++;
    if (i == *n && *n < max)
        list[(*n)++] = value;
    return i < *n ? i : max;
}

/* "asse 3": short, since it stands over a column. */
static struct str
column_label(struct surface *s, struct str ref)
{
    const struct plan_row *e = plan_world_element(&s->world, ref);
    return e ? PRINT(s->ctx, "%.*s %.*s", STR_ARG(plan_word(s->ctx, e->v[EL_LEVEL])),
                     STR_ARG(e->v[EL_CODE]))
             : ref;
}

static int
ref_order(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Goals down in the order in which they are told, elements across in that of their codes. */
static const struct web_table *
matrix_table(struct surface *s, struct matrix *m, const struct plan_row *instrument)
{
    const struct plan_rows *all = &s->world.t[PLAN_COHERENCE];
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->p[i].v[CO_INSTRUMENT], instrument->v[IN_CODE]) &&
            all->p[i].v[CO_GOAL].n) {
            place_of(m->goals, &m->n_goals, GOALS_MAX, all->p[i].v[CO_GOAL]);
            place_of(m->elements, &m->n_elements, ELEMENTS_MAX, all->p[i].v[CO_ELEMENT]);
        }
    qsort(m->elements, m->n_elements, sizeof(m->elements[0]), ref_order);
    size_t n_columns = m->n_elements + 1;
    if (m->n_goals < 2 || m->n_elements < 2)
        return NULL; /* the list says it better */
    struct rg_arena *arena = s->ctx->arena;
    struct web_table *table = RG_NEW(arena, struct web_table);
    struct web_column *columns = RG_ARRAY(arena, struct web_column, n_columns);
    struct web_row *rows = RG_ARRAY(arena, struct web_row, m->n_goals);
    struct web_cell *cells = RG_ARRAY(arena, struct web_cell, m->n_goals * n_columns);
    if (!table || !columns || !rows || !cells)
        return NULL;
    columns[0].label = SAY(s, "col.goal");
    for (size_t e = 0; e < m->n_elements; e++)
        columns[e + 1].label = column_label(s, m->elements[e]);
    for (size_t g = 0; g < m->n_goals; g++) {
        rows[g].cells = &cells[g * n_columns];
        cells[g * n_columns].text = m->goals[g];
        for (size_t e = 0; e < m->n_elements; e++)
            cells[g * n_columns + e + 1].text = STR("·");
    }
    for (size_t i = 0; i < all->n; i++) {
        const struct plan_row *c = &all->p[i];
        if (!str_eq(c->v[CO_INSTRUMENT], instrument->v[IN_CODE]) || !c->v[CO_GOAL].n)
            continue;
        size_t g = place_of(m->goals, &m->n_goals, m->n_goals, c->v[CO_GOAL]);
        size_t e = place_of(m->elements, &m->n_elements, m->n_elements, c->v[CO_ELEMENT]);
        if (g < m->n_goals && e < m->n_elements)
            cells[g * n_columns + e + 1] = (struct web_cell){
                .text = plan_word(s->ctx, c->v[CO_RELATION]),
                .badge = plan_state_badge(c->v[CO_RELATION])};
    }
    *table = (struct web_table){
        .id = plan_print(s->ctx, "matrice-%.*s", STR_ARG(instrument->v[IN_CODE])),
        .caption = web_words(s->ctx, "plan.coherence.matrix", "instrument",
                             &instrument->v[IN_TITLE], NULL),
        .columns = columns, .n_columns = n_columns, .rows = rows, .n_rows = m->n_goals};
    return table;
}

static void
matrix_add(struct surface *s, const struct plan_row *instrument)
{
    struct matrix m = {0};
    const struct web_table *table = matrix_table(s, &m, instrument);
    if (!table)
        return;
    struct surface_section *section =
        surface_section(s, plan_print(s->ctx, "strumento-%.*s", STR_ARG(instrument->v[IN_CODE])),
                        instrument->v[IN_TITLE]);
    section->text = instrument->v[IN_NOTE];
    section->table = table;
}

HANDLER(page_coherence)
{
    static const struct grid_column columns[] = {{"element", "plan.col.element", false},
                                                 {"instrument", "plan.col.instrument", false},
                                                 {"goal", "plan.col.goal", false},
                                                 {"relation", "plan.col.relation", false},
                                                 {"note", "plan.page.note", false}};
    static const struct grid_column instrument_columns[] = {
        {"title", "plan.col.title", false},
        {"kind", "plan.col.kind", false},
        {"state", "plan.col.state", false},
        {"body", "plan.col.body", false},
        {"cited", "plan.coherence.n", true}};
    struct surface *s;
    struct grid grid, instruments;
    enum rg_err err = surface_begin(ctx, req, ans, &s);
    if (err != RG_OK)
        return err;
    s->page.title = SAY(s, "coherence.title");
    grid_init(ctx, &grid, "coherence", columns, RG_COUNT(columns));
    grid_init(ctx, &instruments, "instruments", instrument_columns,
              RG_COUNT(instrument_columns));
    for (size_t i = 0; i < s->world.t[PLAN_COHERENCE].n; i++) {
        const struct plan_row *c = &s->world.t[PLAN_COHERENCE].p[i];
        uint32_t ix = plan_world_find(&s->world, PLAN_INSTRUMENTS, c->v[CO_INSTRUMENT]);
        grid_row(&grid);
        grid_link(&grid, 0, surface_element_name(s, c->v[CO_ELEMENT]),
                  plan_path(ctx, c->v[CO_ELEMENT]));
        grid_value(&grid, 0, c->v[CO_ELEMENT]);
        grid_text(&grid, 1,
                  ix == PLAN_NONE ? c->v[CO_INSTRUMENT]
                                  : s->world.t[PLAN_INSTRUMENTS].p[ix].v[IN_TITLE]);
        grid_value(&grid, 1, c->v[CO_INSTRUMENT]);
        grid_text(&grid, 2, c->v[CO_GOAL]);
        grid_word(&grid, 3, c->v[CO_RELATION], plan_state_badge(c->v[CO_RELATION]));
        grid_text(&grid, 4, c->v[CO_NOTE]);
    }
    if (req->form != WEB_HTML)
        return grid_answer(&grid, req, ans, s->page.title, 0, 2, -1, "/piano/");
    for (size_t i = 0; i < s->world.t[PLAN_INSTRUMENTS].n; i++) {
        const struct plan_row *t = &s->world.t[PLAN_INSTRUMENTS].p[i];
        int64_t n = 0;
        for (size_t k = 0; k < s->world.t[PLAN_COHERENCE].n; k++)
            n += str_eq(s->world.t[PLAN_COHERENCE].p[k].v[CO_INSTRUMENT], t->v[IN_CODE]);
        grid_row(&instruments);
        grid_link(&instruments, 0, t->v[IN_TITLE], t->v[IN_URL]);
        grid_word(&instruments, 1, t->v[IN_KIND], NULL);
        grid_word(&instruments, 2, t->v[IN_STATE], plan_state_badge(t->v[IN_STATE]));
        grid_text(&instruments, 3, t->v[IN_BODY]);
        grid_text(&instruments, 4, web_number(ctx, n));
    }
    const struct web_table *table =
        grid_table(&instruments, "strumenti", SAY(s, "coherence.cited"));
    for (size_t i = 0;
         i < s->world.t[PLAN_INSTRUMENTS].n && s->page.n_sections < SURFACE_MAX - 2; i++)
        matrix_add(s, &s->world.t[PLAN_INSTRUMENTS].p[i]);
    if (table)
        surface_section(s, "altri", SAY(s, "coherence.instruments"))->table = table;
    surface_add_action(s, PLAN_COHERENCE);
    surface_add_action(s, PLAN_INSTRUMENTS);
    return surface_list_end(s, &grid, "plan.coherence.lead", "coerenza", WEB_TABLE_FORMS);
}
