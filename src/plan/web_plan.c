/* The plans: all of them side by side, one of them, a list of elements, two compared. */
#include "plan/surface.h"

enum {
    C_REF,
    C_CODE,
    C_PLAN,
    C_LEVEL,
    C_TITLE,
    C_ALT,
    C_COMPETENCE,
    C_DUTY,
    C_STATE,
    C_DEADLINE,
    C_ORIGINS,
    C_COMPLETE
};
static const struct grid_column element_columns[] = {
    [C_REF] = {"ref", NULL, false},
    [C_CODE] = {"code", "plan.col.code", false},
    [C_PLAN] = {"plan", NULL, false},
    [C_LEVEL] = {"level", "plan.col.level", false},
    [C_TITLE] = {"title", "plan.col.title", false},
    [C_ALT] = {"alt_title", NULL, false},
    [C_COMPETENCE] = {"competence", "plan.col.competence", false},
    [C_DUTY] = {"duty", "plan.page.duty", false},
    [C_STATE] = {"state", "plan.col.state", false},
    [C_DEADLINE] = {"deadline", "plan.col.deadline", false},
    [C_ORIGINS] = {"n_origins", "plan.page.origins", true},
    [C_COMPLETE] = {"complete", "plan.col.complete", false},
};

/* Of one axis, where the code says the level: fewer columns, for small screens. */
static const struct grid_column axis_columns[] = {
    [C_REF] = {"ref", NULL, false},
    [C_CODE] = {"code", "plan.col.code", false},
    [C_PLAN] = {"plan", NULL, false},
    [C_LEVEL] = {"level", NULL, false},
    [C_TITLE] = {"title", "plan.col.title", false},
    [C_ALT] = {"alt_title", NULL, false},
    [C_COMPETENCE] = {"competence", "plan.col.competence", false},
    [C_DUTY] = {"duty", NULL, false},
    [C_STATE] = {"state", "plan.col.state", false},
    [C_DEADLINE] = {"deadline", "plan.col.deadline", false},
    [C_ORIGINS] = {"n_origins", NULL, true},
    [C_COMPLETE] = {"complete", "plan.col.complete", false},
};
_Static_assert(RG_COUNT(axis_columns) == RG_COUNT(element_columns), "the same cells");

static const char *const duty_words[] = {"", "duty_kept", "duty_open"};
static const char *const duty_badges[] = {NULL, "ok", "bad"};

static int64_t
origins_of(const struct plan_world *world, struct str ref)
{
    int64_t n = 0;
    for (size_t i = 0; i < world->t[PLAN_ORIGINS].n; i++)
        n += str_eq(world->t[PLAN_ORIGINS].p[i].v[OR_ELEMENT], ref);
    return n;
}

static void
element_row(struct surface *s, struct grid *grid, const struct plan_row *e, uint8_t duty)
{
    struct str ref = plan_element_ref(s->ctx, e), path = plan_path(s->ctx, ref);
    struct str level = e->v[EL_COMPETENCE];
    int64_t n = origins_of(&s->world, ref);
    grid_row(grid);
    grid_text(grid, C_REF, ref);
    grid_link(grid, C_CODE, e->v[EL_CODE], path);
    grid_text(grid, C_PLAN, e->v[EL_PLAN]);
    grid_word(grid, C_LEVEL, e->v[EL_LEVEL], NULL);
    grid_link(grid, C_TITLE, plan_title(s->ctx, e), path);
    grid_value(grid, C_TITLE, e->v[EL_TITLE]);
    grid_text(grid, C_ALT, e->v[EL_ALT_TITLE]);
    if (level.n)
        grid_text(grid, C_COMPETENCE,
                  plan_word(s->ctx, PRINT(s->ctx, "level_%.*s", STR_ARG(level))));
    grid_value(grid, C_COMPETENCE, level);
    grid_word(grid, C_DUTY, str_of(duty_words[duty]), duty_badges[duty]);
    grid_word(grid, C_STATE, e->v[EL_STATE], plan_state_badge(e->v[EL_STATE]));
    grid_text(grid, C_DEADLINE, plan_day(s->ctx, e->v[EL_DEADLINE]));
    grid_value(grid, C_DEADLINE, e->v[EL_DEADLINE]);
    grid_text(grid, C_ORIGINS, web_number(s->ctx, n));
    grid_value(grid, C_ORIGINS, PRINT(s->ctx, "%lld", (long long)n));
    grid_word(grid, C_COMPLETE, e->v[EL_COMPLETE], plan_state_badge(e->v[EL_COMPLETE]));
}

/* ---- every plan ---- */

struct counts {
    int64_t n, n_yes, n_partial, n_no, n_done, n_levels;
};

static struct counts
plan_counts(const struct plan_world *world, struct str plan)
{
    struct counts c = {0};
    for (size_t i = 0; i < world->t[PLAN_ELEMENTS].n; i++) {
        const struct plan_row *e = &world->t[PLAN_ELEMENTS].p[i];
        if (!str_eq(e->v[EL_PLAN], plan))
            continue;
        c.n++;
        c.n_yes += str_is(e->v[EL_COMPLETE], "yes");
        c.n_partial += str_is(e->v[EL_COMPLETE], "partial");
        c.n_no += str_is(e->v[EL_COMPLETE], "no");
        c.n_done += str_is(e->v[EL_STATE], "done");
        c.n_levels += e->v[EL_COMPETENCE].n > 0;
    }
    return c;
}

static void
plans_grid(struct surface *s, struct grid *grid)
{
    static const struct grid_column columns[] = {{"code", NULL, false},
                                                 {"title", "plan.col.title", false},
                                                 {"years", "plan.page.years", false},
                                                 {"state", "plan.col.state", false},
                                                 {"n_elements", "plan.page.n_elements", true},
                                                 {"n_complete", "plan.page.n_yes", true},
                                                 {"n_partial", "plan.page.n_partial", true},
                                                 {"n_unknown", "plan.page.n_no", true},
                                                 {"note", "plan.col.note", false}};
    grid_init(s->ctx, grid, "plans", columns, RG_COUNT(columns));
    for (size_t i = 0; i < s->world.t[PLAN_PLANS].n; i++) {
        const struct plan_row *p = &s->world.t[PLAN_PLANS].p[i];
        struct counts c = plan_counts(&s->world, p->v[PL_CODE]);
        const int64_t numbers[] = {c.n, c.n_yes, c.n_partial, c.n_no};
        grid_row(grid);
        grid_text(grid, 0, p->v[PL_CODE]);
        grid_link(grid, 1, p->v[PL_TITLE], plan_path(s->ctx, p->v[PL_CODE]));
        grid_text(
            grid, 2,
            PRINT(s->ctx, "%.*s–%.*s", STR_ARG(p->v[PL_FROM_YEAR]), STR_ARG(p->v[PL_TO_YEAR])));
        grid_word(grid, 3, p->v[PL_STATE], plan_state_badge(p->v[PL_STATE]));
        for (size_t k = 0; k < 4; k++)
            grid_text(grid, 4 + k, PRINT(s->ctx, "%lld", (long long)numbers[k]));
        grid_text(grid, 8, p->v[PL_NOTE]);
    }
}

/* The axes of all plans, one row a code, a column a plan: both titles. */
static const struct web_table *
axes_table(struct surface *s)
{
    const struct plan_rows *plans = &s->world.t[PLAN_PLANS], *all = &s->world.t[PLAN_ELEMENTS];
    size_t n_plans = plans->n < 6 ? plans->n : 6;
    struct web_table *table = RG_NEW(s->ctx->arena, struct web_table);
    struct web_column *columns = RG_ARRAY(s->ctx->arena, struct web_column, n_plans + 1);
    struct web_row *rows = RG_ARRAY(s->ctx->arena, struct web_row, all->n);
    struct plan_map seen;
    if (!table || !columns || !rows || !plan_map_new(s->ctx->arena, all->n, &seen))
        return NULL;
    columns[0].label = SAY(s, "choice.axis");
    for (size_t p = 0; p < n_plans; p++)
        columns[p + 1].label = plans->p[p].v[PL_TITLE];
    *table = (struct web_table){.id = "assi",
                                .caption = SAY(s, "page.axes_caption"),
                                .columns = columns,
                                .n_columns = n_plans + 1,
                                .rows = rows};
    for (size_t i = 0; i < all->n; i++) {
        const struct plan_row *e = &all->p[i];
        if (!str_is(e->v[EL_LEVEL], "axis") || plan_map_get(&seen, e->v[EL_CODE]) != PLAN_NONE)
            continue;
        plan_map_put(&seen, e->v[EL_CODE], 0);
        struct web_cell *cells = RG_ARRAY(s->ctx->arena, struct web_cell, n_plans + 1);
        if (!cells)
            return NULL;
        cells[0].text = e->v[EL_CODE];
        for (size_t p = 0; p < n_plans; p++) {
            struct str ref = PRINT(s->ctx, "%.*s/%.*s", STR_ARG(plans->p[p].v[PL_CODE]),
                                   STR_ARG(e->v[EL_CODE]));
            const struct plan_row *mine = plan_world_element(&s->world, ref);
            if (!mine)
                continue;
            struct str alt = mine->v[EL_ALT_TITLE], title = plan_title(s->ctx, mine);
            cells[p + 1] = (struct web_cell){
                .text =
                    alt.n ? PRINT(s->ctx, "%.*s – %.*s", STR_ARG(title), STR_ARG(alt)) : title,
                .path = plan_path(s->ctx, ref)};
        }
        rows[table->n_rows++].cells = cells;
    }
    return table->n_rows ? table : NULL;
}

static const struct web_table *
near_table(struct surface *s)
{
    static const struct grid_column columns[] = {{"title", "plan.page.deadline", false},
                                                 {"day", "plan.col.day", false},
                                                 {"left", "plan.page.days_left", true},
                                                 {"risk", "plan.page.risk", false}};
    struct grid grid;
    grid_init(s->ctx, &grid, "near", columns, RG_COUNT(columns));
    for (size_t i = 0; i < s->world.t[PLAN_DEADLINES].n; i++) {
        const struct plan_row *d = &s->world.t[PLAN_DEADLINES].p[i];
        int64_t left = 0;
        enum plan_risk risk = plan_deadline_of(s->ctx, &s->world, d, &left);
        if (risk == PLAN_RISK_FAR || risk == PLAN_RISK_DONE)
            continue;
        grid_row(&grid);
        grid_link(&grid, 0, d->v[DE_TITLE],
                  d->v[DE_ELEMENT].n ? plan_path(s->ctx, d->v[DE_ELEMENT])
                                     : STR("/piano/scadenze"));
        grid_text(&grid, 1, plan_day(s->ctx, d->v[DE_DAY]));
        grid_text(&grid, 2, PRINT(s->ctx, "%lld", (long long)left));
        grid_word(&grid, 3, str_of(plan_risk_words[risk]), plan_risk_badges[risk]);
    }
    return grid_table(&grid, "vicine", SAY(s, "page.near_caption"));
}

static void
doors(struct surface *s)
{
    static const char *const all[][2] = {{"/piano/sintesi", "plan.summary.title"},
                                         {"/piano/elementi", "plan.page.elements"},
                                         {"/piano/filo", "plan.thread.title"},
                                         {"/piano/collegamenti", "plan.links.title"},
                                         {"/piano/confronto", "plan.compare.title"},
                                         {"/piano/coerenza", "plan.coherence.title"},
                                         {"/piano/scadenze", "plan.deadlines.title"},
                                         {"/piano/richieste", "plan.requests.title"},
                                         {"/piano/atti", "plan.acts.title"},
                                         {"/piano/adozioni", "plan.adoptions.title"},
                                         {"/piano/controllo", "plan.check.title"}};
    for (size_t i = 0; i < RG_COUNT(all); i++)
        surface_link(s, str_of(all[i][0]), wording_text(s->ctx->lang, all[i][1]));
}

HANDLER(page_home)
{
    struct surface *s;
    struct grid plans;
    enum rg_err err = surface_begin(ctx, req, ans, &s);
    if (err != RG_OK)
        return err;
    plans_grid(s, &plans);
    s->page.title = SAY(s, "title");
    if (req->form != WEB_HTML)
        return grid_answer(&plans, req, ans, s->page.title, 0, 1, -1, "/piano/");
    s->page.lead = SAY(s, "home.lead");
    doors(s);
    surface_section(s, "piani", SAY(s, "page.plans"))->table =
        grid_table(&plans, "elenco", SAY(s, "page.plans_caption"));
    const struct web_table *near = near_table(s), *axes = axes_table(s);
    if (!plans.n_rows)
        surface_section(s, "vuoto", STR(""))->text = SAY(s, "home.empty");
    if (axes)
        surface_section(s, "assi-piani", SAY(s, "page.axes"))->table = axes;
    if (near)
        surface_section(s, "scadenze", SAY(s, "page.near"))->table = near;
    struct surface_section *known = surface_section(s, "sappiamo", SAY(s, "home.known"));
    known->text = SAY(s, "home.known_text");
    surface_files(s, WEB_TABLE_FORMS);
    if (plan_may_edit(ctx)) {
        surface_action(s, STR("/piano/modifica/plans/nuovo"), SAY(s, "edit.add.plans"));
        surface_action(s, STR("/piano/modifica/elements/nuovo"), SAY(s, "edit.add.elements"));
        surface_action(s, STR("/piano/modifica/instruments/nuovo"),
                       SAY(s, "edit.add.instruments"));
        surface_action(s, STR("/piano/modifica/acts/nuovo"), SAY(s, "edit.add.acts"));
        surface_action(s, STR("/piano/modifica/fates/nuovo"), SAY(s, "edit.add.fates"));
    }
    return surface_end(s);
}

/* ---- one plan ---- */

static void
axis_section(struct surface *s, uint32_t axis, struct grid *rows)
{
    const struct plan_row *e = &s->world.t[PLAN_ELEMENTS].p[axis];
    const char *id = plan_print(s->ctx, "asse-%.*s", STR_ARG(e->v[EL_CODE]));
    struct surface_section *section = surface_section(s, id, plan_element_label(s->ctx, e));
    struct str found = web_words_n(s->ctx, "plan.page.found", (int64_t)rows->n_rows);
    section->text = e->v[EL_ALT_TITLE];
    section->table = grid_table(
        rows, plan_print(s->ctx, "t-%.*s", STR_ARG(e->v[EL_CODE])),
        web_words(s->ctx, "plan.page.of", "what", &found, "code", &e->v[EL_CODE], NULL));
    section->more = plan_path(s->ctx, plan_element_ref(s->ctx, e));
    section->more_label = SAY(s, "page.axis_more");
}

static const struct plan_row *
plan_get(struct surface *s, struct str code)
{
    uint32_t ix = plan_world_find(&s->world, PLAN_PLANS, code);
    return ix == PLAN_NONE ? NULL : &s->world.t[PLAN_PLANS].p[ix];
}

HANDLER(page_plan)
{
    struct surface *s;
    struct grid all;
    uint8_t *duties;
    enum rg_err err = surface_begin(ctx, req, ans, &s);
    if (err == RG_OK)
        err = plan_duties(ctx, &s->world, &duties);
    if (err != RG_OK)
        return err;
    const struct plan_row *plan = plan_get(s, web_text(req, IN_ONE_PLAN));
    if (!plan)
        return RG_FAIL(ctx, RG_ABSENT, "plan.absent");
    struct str code = plan->v[PL_CODE];
    const struct plan_rows *elements = &s->world.t[PLAN_ELEMENTS];
    s->page.title = plan->v[PL_TITLE];
    grid_init(ctx, &all, "elements", element_columns, RG_COUNT(element_columns));
    for (uint32_t i = 0; i < elements->n; i++)
        if (str_eq(elements->p[i].v[EL_PLAN], code))
            element_row(s, &all, &elements->p[i], duties[i]);
    if (req->form != WEB_HTML)
        return grid_answer(&all, req, ans, s->page.title, C_CODE, C_TITLE, C_STATE,
                           plan_print(ctx, "/piano/%.*s/", STR_ARG(code)));
    surface_crumb(s, STR("/piano"), SAY(s, "title"));
    s->page.lead = web_words(ctx, "plan.page.plan_lead", "from", &plan->v[PL_FROM_YEAR], "to",
                             &plan->v[PL_TO_YEAR], NULL);
    s->page.meta = plan->v[PL_NOTE];
    struct counts c = plan_counts(&s->world, code);
    surface_kpi(s, c.n, "plan.page.kpi.elements");
    surface_kpi(s, c.n_done, "plan.page.kpi.done");
    surface_kpi(s, c.n_levels, "plan.page.kpi.levels");
    surface_kpi(s, c.n_yes, "plan.page.kpi.yes");
    surface_kpi(s, c.n_partial + c.n_no, "plan.page.kpi.not_whole");
    for (uint32_t a = 0; a < elements->n; a++) {
        if (!str_eq(elements->p[a].v[EL_PLAN], code) || elements->p[a].v[EL_PARENT].n)
            continue;
        struct grid rows;
        grid_init(ctx, &rows, "elements", axis_columns, RG_COUNT(axis_columns));
        for (uint32_t i = 0; i < elements->n; i++)
            if (i != a && str_eq(elements->p[i].v[EL_PLAN], code) &&
                plan_axis_of(&s->world, i) == a)
                element_row(s, &rows, &elements->p[i], duties[i]);
        axis_section(s, a, &rows);
    }
    surface_link(s, PRINT(ctx, "/piano/elementi?piano=%.*s", STR_ARG(code)),
                 SAY(s, "page.elements"));
    surface_link(s, PRINT(ctx, "/piano/confronto?b=%.*s", STR_ARG(code)),
                 SAY(s, "compare.title"));
    surface_files(s, WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM));
    if (plan_may_edit(ctx)) {
        surface_action(s, PRINT(ctx, "/piano/modifica/plans/%lld", (long long)plan->id),
                       SAY(s, "edit.change"));
        surface_action(s, PRINT(ctx, "/piano/storia/plans/%lld", (long long)plan->id),
                       SAY(s, "edit.history"));
        surface_action(
            s, PRINT(ctx, "/piano/modifica/elements/nuovo?elemento=%.*s", STR_ARG(code)),
            SAY(s, "edit.add.elements"));
    }
    return surface_end(s);
}

/* ---- elements found ---- */

static void
options_of(struct surface *s, const char *name, const char *label_key, struct str now,
           const char *const *words, const char *prefix)
{
    size_t n = 0;
    while (words[n])
        n++;
    struct web_option *options = RG_ARRAY(s->ctx->arena, struct web_option, n + 1);
    if (!options)
        return;
    options[0] = (struct web_option){STR(""), SAY(s, "page.all"), now.n == 0};
    for (size_t i = 0; i < n; i++)
        options[i + 1] = (struct web_option){
            str_of(words[i]), plan_word(s->ctx, PRINT(s->ctx, "%s%s", prefix, words[i])),
            str_eq(now, str_of(words[i]))};
    surface_select(s, name, label_key, now, options, n + 1);
}

static void
plan_options(struct surface *s, const char *name, const char *label_key, struct str now,
             bool all)
{
    const struct plan_rows *plans = &s->world.t[PLAN_PLANS];
    struct web_option *options = RG_ARRAY(s->ctx->arena, struct web_option, plans->n + 1);
    size_t n = 0;
    if (!options)
        return;
    if (all)
        options[n++] = (struct web_option){STR(""), SAY(s, "page.all"), now.n == 0};
    for (size_t i = 0; i < plans->n; i++)
        options[n++] = (struct web_option){plans->p[i].v[PL_CODE], plans->p[i].v[PL_TITLE],
                                           str_eq(now, plans->p[i].v[PL_CODE])};
    surface_select(s, name, label_key, now, options, n);
}

static bool
element_wanted(struct surface *s, const struct plan_row *e)
{
    struct str ref = plan_element_ref(s->ctx, e), plan = web_text(s->req, IN_F_PLAN);
    struct str level = web_text(s->req, IN_F_LEVEL), state = web_text(s->req, IN_F_STATE);
    struct str competence = web_text(s->req, IN_F_COMPETENCE);
    return (!plan.n || str_eq(plan, e->v[EL_PLAN])) &&
           (!level.n || str_eq(level, e->v[EL_LEVEL])) &&
           (!state.n || str_eq(state, e->v[EL_STATE])) &&
           (!competence.n || str_eq(competence, e->v[EL_COMPETENCE])) &&
           plan_matches(&s->world, e, ref, web_text(s->req, IN_Q));
}

HANDLER(page_elements)
{
    static const char *const competences[] = {"1", "2", "3", NULL};
    struct surface *s;
    struct grid grid;
    uint8_t *duties;
    enum rg_err err = surface_begin(ctx, req, ans, &s);
    if (err == RG_OK)
        err = plan_duties(ctx, &s->world, &duties);
    if (err != RG_OK)
        return err;
    s->page.title = SAY(s, "page.elements");
    grid_init(ctx, &grid, "elements", element_columns, RG_COUNT(element_columns));
    for (uint32_t i = 0; i < s->world.t[PLAN_ELEMENTS].n; i++)
        if (element_wanted(s, &s->world.t[PLAN_ELEMENTS].p[i]))
            element_row(s, &grid, &s->world.t[PLAN_ELEMENTS].p[i], duties[i]);
    if (req->form != WEB_HTML)
        return grid_answer(&grid, req, ans, s->page.title, C_REF, C_TITLE, C_STATE,
                           "/piano/elementi?q=");
    surface_crumb(s, STR("/piano"), SAY(s, "title"));
    s->page.lead = SAY(s, "page.elements_lead");
    s->page.action = "/piano/elementi";
    surface_text_filter(s, "q", "plan.page.words", web_text(req, IN_Q));
    plan_options(s, "piano", "plan.col.plan", web_text(req, IN_F_PLAN), true);
    options_of(s, "livello", "plan.col.level", web_text(req, IN_F_LEVEL),
               plan_tables[PLAN_ELEMENTS].columns[EL_LEVEL].choices, "");
    options_of(s, "competenza", "plan.col.competence", web_text(req, IN_F_COMPETENCE),
               competences, "level_");
    options_of(s, "stato", "plan.col.state", web_text(req, IN_F_STATE),
               plan_tables[PLAN_ELEMENTS].columns[EL_STATE].choices, "");
    struct surface_section *list = surface_section(s, "elenco", STR(""));
    list->table = grid_table(&grid, "elementi",
                             web_words_n(ctx, "plan.page.found", (int64_t)grid.n_rows));
    if (!list->table)
        list->text = SAY(s, "page.none");
    surface_files(s, WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM));
    return surface_end(s);
}

/* ---- two plans ---- */

/* What became of an element of the older plan in the newer: by typed links, in either
 * direction. */
static const struct plan_row *
successor(struct surface *s, struct str ref, struct str newer, struct str *ret_kind)
{
    for (size_t i = 0; i < s->world.t[PLAN_LINKS].n; i++) {
        const struct plan_row *link = &s->world.t[PLAN_LINKS].p[i];
        const struct plan_row *from = plan_world_element(&s->world, link->v[LI_FROM]);
        if (str_eq(link->v[LI_TO], ref) && from && str_eq(from->v[EL_PLAN], newer) &&
            (str_is(link->v[LI_KIND], "continues") || str_is(link->v[LI_KIND], "replaces") ||
             str_is(link->v[LI_KIND], "splits"))) {
            *ret_kind = link->v[LI_KIND];
            return from;
        }
    }
    return NULL;
}

static void
compare_rows(struct surface *s, struct grid *grid, struct str a, struct str b)
{
    const struct plan_rows *all = &s->world.t[PLAN_ELEMENTS];
    uint8_t *met = RG_ARRAY(s->ctx->arena, uint8_t, all->n);
    for (size_t i = 0; met && i < all->n; i++) {
        const struct plan_row *e = &all->p[i];
        struct str kind = STR("no_link"), ref = plan_element_ref(s->ctx, e);
        if (!str_eq(e->v[EL_PLAN], a))
            continue;
        const struct plan_row *next = successor(s, ref, b, &kind);
        grid_row(grid);
        grid_link(grid, 0, plan_element_label(s->ctx, e), plan_path(s->ctx, ref));
        grid_value(grid, 0, e->v[EL_CODE]);
        grid_word(grid, 1, kind, next ? "ok" : "plain");
        if (next) {
            met[next - all->p] = 1;
            grid_link(grid, 2, plan_element_label(s->ctx, next),
                      plan_path(s->ctx, plan_element_ref(s->ctx, next)));
            grid_value(grid, 2, next->v[EL_CODE]);
        }
    }
    for (size_t i = 0; met && i < all->n; i++) {
        const struct plan_row *e = &all->p[i];
        if (met[i] || !str_eq(e->v[EL_PLAN], b))
            continue;
        grid_row(grid);
        grid_word(grid, 1, STR("is_new"), "info");
        grid_link(grid, 2, plan_element_label(s->ctx, e),
                  plan_path(s->ctx, plan_element_ref(s->ctx, e)));
        grid_value(grid, 2, e->v[EL_CODE]);
    }
}

HANDLER(page_compare)
{
    static const struct grid_column columns[] = {{"a", "plan.compare.before", false},
                                                 {"link", "plan.compare.link", false},
                                                 {"b", "plan.compare.after", false}};
    struct surface *s;
    struct grid grid;
    enum rg_err err = surface_begin(ctx, req, ans, &s);
    if (err != RG_OK)
        return err;
    const struct plan_rows *plans = &s->world.t[PLAN_PLANS];
    struct str a = web_text(req, IN_A), b = web_text(req, IN_B);
    if (!a.n && plans->n)
        a = plans->p[0].v[PL_CODE];
    if (!b.n && plans->n)
        b = plans->p[plans->n - 1].v[PL_CODE];
    if (plans->n && (!plan_get(s, a) || !plan_get(s, b)))
        return RG_FAIL(ctx, RG_ABSENT, "plan.absent");
    grid_init(ctx, &grid, "comparison", columns, RG_COUNT(columns));
    compare_rows(s, &grid, a, b);
    s->page.title = SAY(s, "compare.title");
    if (req->form != WEB_HTML)
        return grid_answer(&grid, req, ans, s->page.title, 0, 2, -1, "/piano/");
    surface_crumb(s, STR("/piano"), SAY(s, "title"));
    s->page.lead = SAY(s, "compare.lead");
    s->page.action = "/piano/confronto";
    plan_options(s, "a", "plan.compare.before", a, false);
    plan_options(s, "b", "plan.compare.after", b, false);
    struct surface_section *list = surface_section(s, "elenco", STR(""));
    list->table = grid_table(&grid, "confronto", SAY(s, "compare.caption"));
    if (!list->table)
        list->text = SAY(s, "page.none");
    surface_files(s, WEB_TABLE_FORMS);
    return surface_end(s);
}
