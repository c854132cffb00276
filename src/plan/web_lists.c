/* The registers: deadlines with their calendar, requests, acts, adoptions, links. */
#include "plan/surface.h"
#include "plan_sql.h"

#define LIST_FORMS (WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM))

static struct str
element_path(struct surface *s, struct str ref)
{
    return ref.n ? plan_path(s->ctx, ref) : STR("");
}

/* The path by which the actor changes a row, or none. */
static struct str
edit_path(struct surface *s, enum plan_table table, const struct plan_row *row)
{
    bool may = plan_row_may(s->ctx, table, row) == RG_OK;
    rg_story_clear(s->ctx);
    return may ? PRINT(s->ctx, "/piano/modifica/%s/%lld", plan_tables[table].name,
                       (long long)row->id)
               : STR("");
}

/* ---- deadlines ---- */

enum { D_CODE, D_TITLE, D_ELEMENT, D_DAY, D_LEFT, D_LEAD, D_RISK, D_KIND, D_REASON };

static void
deadline_row(struct surface *s, struct grid *grid, const struct plan_row *d)
{
    int64_t left = 0;
    enum plan_risk risk = plan_deadline_of(s->ctx, &s->world, d, &left);
    struct str edit = edit_path(s, PLAN_DEADLINES, d);
    grid_row(grid);
    grid_text(grid, D_CODE, d->v[DE_CODE]);
    grid_link(grid, D_TITLE, d->v[DE_TITLE], edit);
    grid_link(grid, D_ELEMENT, surface_element_name(s, d->v[DE_ELEMENT]),
              element_path(s, d->v[DE_ELEMENT]));
    grid_value(grid, D_ELEMENT, d->v[DE_ELEMENT]);
    grid_text(grid, D_DAY, plan_day(s->ctx, d->v[DE_DAY]));
    grid_value(grid, D_DAY, d->v[DE_DAY]);
    grid_text(grid, D_LEFT, PRINT(s->ctx, "%lld", (long long)left));
    grid_text(grid, D_LEAD, d->v[DE_LEAD_DAYS]);
    grid_word(grid, D_RISK, str_of(plan_risk_words[risk]), plan_risk_badges[risk]);
    grid_word(grid, D_KIND, d->v[DE_KIND], NULL);
    grid_text(grid, D_REASON, d->v[DE_REASON]);
}

HANDLER(page_deadlines)
{
    static const struct grid_column columns[] = {
        [D_CODE] = {"code", NULL, false},
        [D_TITLE] = {"title", "plan.page.deadline", false},
        [D_ELEMENT] = {"element", "plan.col.element", false},
        [D_DAY] = {"day", "plan.col.day", false},
        [D_LEFT] = {"days_left", "plan.page.days_left", true},
        [D_LEAD] = {"lead_days", "plan.col.lead_days", true},
        [D_RISK] = {"risk", "plan.page.risk", false},
        [D_KIND] = {"kind", "plan.col.kind", false},
        [D_REASON] = {"reason", "plan.col.reason", false}};
    struct surface *s;
    struct grid grid;
    enum rg_err err = surface_begin(ctx, req, ans, &s);
    if (err != RG_OK)
        return err;
    s->page.title = SAY(s, "deadlines.title");
    grid_init(ctx, &grid, "deadlines", columns, RG_COUNT(columns));
    for (size_t i = 0; i < s->world.t[PLAN_DEADLINES].n; i++)
        deadline_row(s, &grid, &s->world.t[PLAN_DEADLINES].p[i]);
    if (req->form != WEB_HTML)
        return grid_answer(&grid, req, ans, s->page.title, D_CODE, D_TITLE, D_DAY,
                           "/piano/scadenze#");
    surface_file(s, "iCalendar", STR("/piano/scadenze.ics"));
    surface_add_action(s, PLAN_DEADLINES);
    return surface_list_end(s, &grid, "plan.deadlines.lead", "scadenze", LIST_FORMS);
}

static void
calendar_entry(struct surface *s, struct rg_buf *out, const struct plan_row *d, int64_t last)
{
    struct str url = web_whole(s->ctx, s->req,
                               d->v[DE_ELEMENT].n ? plan_path(s->ctx, d->v[DE_ELEMENT])
                                                  : STR("/piano/scadenze"));
    struct str reason = d->v[DE_REASON];
    rg_buf_lit(out, "BEGIN:VEVENT\r\n");
    rg_ics_put(out, "UID", PRINT(s->ctx, "scadenza-%.*s@regia", STR_ARG(d->v[DE_CODE])));
    rg_ics_stamp(out, "DTSTAMP", s->ctx->now_s);
    rg_ics_day(out, "DTSTART", last);
    rg_ics_day(out, "DTEND", last + 1);
    rg_ics_put(out, "SUMMARY", d->v[DE_TITLE]);
    rg_ics_put(out, "DESCRIPTION",
               PRINT(s->ctx, "%.*s%s%.*s", STR_ARG(reason), reason.n ? "\n" : "", STR_ARG(url)));
    rg_ics_raw(out, "URL", url);
    rg_buf_lit(out, "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n");
}

HANDLER(page_calendar)
{
    struct surface *s;
    enum rg_err err = surface_begin(ctx, req, ans, &s);
    if (err != RG_OK)
        return err;
    struct rg_buf *out = &ans->body;
    ans->type = "text/calendar; charset=utf-8";
    rg_ics_open(out, "Piano", SAY(s, "deadlines.title"));
    for (size_t i = 0; i < s->world.t[PLAN_DEADLINES].n; i++) {
        int64_t first, last;
        const struct plan_row *d = &s->world.t[PLAN_DEADLINES].p[i];
        if (plan_day_parse(d->v[DE_DAY], &first, &last))
            calendar_entry(s, out, d, last);
    }
    rg_ics_close(out);
    return RG_OK;
}

/* ---- requests ---- */

enum {
    R_CODE,
    R_TITLE,
    R_ADDRESSEE,
    R_LEVEL,
    R_ELEMENT,
    R_GAP,
    R_STATE,
    R_DAY,
    R_DUE,
    R_ANSWER,
    R_ANSWER_DAY
};

static void
request_row(struct surface *s, struct grid *grid, const struct plan_row *r)
{
    int64_t first, last = INT64_MAX;
    bool waits = !r->v[RQ_ANSWER].n && plan_day_parse(r->v[RQ_DUE_DAY], &first, &last);
    bool late = waits && last < plan_today(s->ctx);
    grid_row(grid);
    grid_text(grid, R_CODE, r->v[RQ_CODE]);
    grid_link(grid, R_TITLE, r->v[RQ_TITLE], edit_path(s, PLAN_REQUESTS, r));
    grid_text(grid, R_ADDRESSEE, r->v[RQ_ADDRESSEE]);
    grid_word(grid, R_LEVEL, r->v[RQ_LEVEL], NULL);
    grid_link(grid, R_ELEMENT, surface_element_name(s, r->v[RQ_ELEMENT]),
              element_path(s, r->v[RQ_ELEMENT]));
    grid_value(grid, R_ELEMENT, r->v[RQ_ELEMENT]);
    grid_text(grid, R_GAP, plan_word(s->ctx, r->v[RQ_LEGAL_GAP]));
    grid_value(grid, R_GAP, r->v[RQ_LEGAL_GAP]);
    grid_word(grid, R_STATE, r->v[RQ_STATE], plan_state_badge(r->v[RQ_STATE]));
    grid_text(grid, R_DAY, plan_day(s->ctx, r->v[RQ_DAY]));
    grid_value(grid, R_DAY, r->v[RQ_DAY]);
    grid_text(grid, R_DUE, plan_day(s->ctx, r->v[RQ_DUE_DAY]));
    grid_value(grid, R_DUE, r->v[RQ_DUE_DAY]);
    grid_text(grid, R_ANSWER, r->v[RQ_ANSWER]);
    if (late && r->v[RQ_STATE].n)
        grid_word(grid, R_ANSWER, STR("no_answer"), "bad");
    grid_value(grid, R_ANSWER, r->v[RQ_ANSWER]);
    grid_text(grid, R_ANSWER_DAY, plan_day(s->ctx, r->v[RQ_ANSWER_DAY]));
}

HANDLER(page_requests)
{
    static const struct grid_column columns[] = {
        [R_CODE] = {"code", NULL, false},
        [R_TITLE] = {"title", "plan.requests.what", false},
        [R_ADDRESSEE] = {"addressee", "plan.col.addressee", false},
        [R_LEVEL] = {"level", "plan.requests.level", false},
        [R_ELEMENT] = {"element", "plan.col.element", false},
        [R_GAP] = {"legal_gap", "plan.col.legal_gap", false},
        [R_STATE] = {"state", "plan.col.state", false},
        [R_DAY] = {"day", "plan.requests.sent", false},
        [R_DUE] = {"due_day", "plan.col.due_day", false},
        [R_ANSWER] = {"answer", "plan.col.answer", false},
        [R_ANSWER_DAY] = {"answer_day", NULL, false}};
    struct surface *s;
    struct grid grid;
    enum rg_err err = surface_begin(ctx, req, ans, &s);
    if (err != RG_OK)
        return err;
    s->page.title = SAY(s, "requests.title");
    grid_init(ctx, &grid, "requests", columns, RG_COUNT(columns));
    for (size_t i = 0; i < s->world.t[PLAN_REQUESTS].n; i++)
        request_row(s, &grid, &s->world.t[PLAN_REQUESTS].p[i]);
    if (req->form != WEB_HTML)
        return grid_answer(&grid, req, ans, s->page.title, R_CODE, R_TITLE, R_ANSWER,
                           "/piano/richieste#");
    surface_add_action(s, PLAN_REQUESTS);
    return surface_list_end(s, &grid, "plan.requests.lead", "richieste", LIST_FORMS);
}

/* ---- acts ---- */

enum { A_CODE, A_TITLE, A_BODY, A_DAY, A_VOTES, A_QUORUM, A_PROMISES, A_ELEMENTS };

static void
act_row(struct surface *s, struct grid *grid, const struct plan_row *a)
{
    int64_t quorum, present;
    bool counted = plan_int(a, AC_QUORUM, &quorum) && plan_int(a, AC_N_PRESENT, &present);
    bool voted = a->v[AC_N_FOR].n || a->v[AC_N_AGAINST].n || a->v[AC_N_ABSTAINED].n;
    grid_row(grid);
    grid_text(grid, A_CODE, a->v[AC_CODE]);
    grid_link(grid, A_TITLE, a->v[AC_TITLE], edit_path(s, PLAN_ACTS, a));
    grid_text(grid, A_BODY, a->v[AC_BODY]);
    grid_text(grid, A_DAY, plan_day(s->ctx, a->v[AC_DAY]));
    grid_value(grid, A_DAY, a->v[AC_DAY]);
    if (voted)
        grid_text(grid, A_VOTES,
                  web_words(s->ctx, "plan.acts.votes_of", "pro", &a->v[AC_N_FOR], "con",
                            &a->v[AC_N_AGAINST], "none", &a->v[AC_N_ABSTAINED], NULL));
    if (counted)
        grid_word(grid, A_QUORUM, present >= quorum ? STR("quorum_yes") : STR("quorum_no"),
                  present >= quorum ? "ok" : "bad");
    grid_value(grid, A_QUORUM, a->v[AC_QUORUM]);
    grid_text(grid, A_PROMISES, plan_words_list(s->ctx, a->v[AC_COMMITMENTS]));
    struct str first = a->v[AC_ELEMENTS], item = STR("");
    bool one = plan_item_next(&first, &item) && !first.n;
    grid_link(grid, A_ELEMENTS,
              one ? surface_element_name(s, item) : plan_words_list(s->ctx, a->v[AC_ELEMENTS]),
              one ? plan_path(s->ctx, item) : STR(""));
    grid_value(grid, A_ELEMENTS, a->v[AC_ELEMENTS]);
}

HANDLER(page_acts)
{
    static const struct grid_column columns[] = {
        [A_CODE] = {"code", NULL, false},
        [A_TITLE] = {"title", "plan.col.title", false},
        [A_BODY] = {"body", "plan.col.body", false},
        [A_DAY] = {"day", "plan.col.day", false},
        [A_VOTES] = {"votes", "plan.acts.votes", false},
        [A_QUORUM] = {"quorum", "plan.col.quorum", false},
        [A_PROMISES] = {"commitments", "plan.col.commitments", false},
        [A_ELEMENTS] = {"elements", "plan.col.elements", false}};
    struct surface *s;
    struct grid grid;
    enum rg_err err = surface_begin(ctx, req, ans, &s);
    if (err != RG_OK)
        return err;
    s->page.title = SAY(s, "acts.title");
    grid_init(ctx, &grid, "acts", columns, RG_COUNT(columns));
    for (size_t i = 0; i < s->world.t[PLAN_ACTS].n; i++)
        act_row(s, &grid, &s->world.t[PLAN_ACTS].p[i]);
    if (req->form != WEB_HTML)
        return grid_answer(&grid, req, ans, s->page.title, A_CODE, A_TITLE, A_PROMISES,
                           "/piano/atti#");
    surface_add_action(s, PLAN_ACTS);
    return surface_list_end(s, &grid, "plan.acts.lead", "atti", LIST_FORMS);
}

/* ---- adoptions ---- */

enum { P_ID, P_AREA_CODE, P_AREA, P_ELEMENT, P_STATE, P_ACT, P_DAY };

static enum rg_err
adoption_row(struct surface *s, struct grid *grid, const struct plan_row *a)
{
    struct plan_sql_comune_find_row comune;
    bool found;
    enum rg_err err = plan_sql_comune_find(s->ctx, a->v[AD_AREA_CODE], &found, &comune);
    if (err != RG_OK)
        return err;
    grid_row(grid);
    grid_text(
        grid, P_ID,
        PRINT(s->ctx, "%.*s@%.*s", STR_ARG(a->v[AD_AREA_CODE]), STR_ARG(a->v[AD_ELEMENT])));
    grid_text(grid, P_AREA_CODE, a->v[AD_AREA_CODE]);
    grid_link(grid, P_AREA, found ? comune.name : a->v[AD_AREA_CODE],
              PRINT(s->ctx, "/territorio/comuni/%.*s", STR_ARG(a->v[AD_AREA_CODE])));
    grid_link(grid, P_ELEMENT, surface_element_name(s, a->v[AD_ELEMENT]),
              plan_path(s->ctx, a->v[AD_ELEMENT]));
    grid_value(grid, P_ELEMENT, a->v[AD_ELEMENT]);
    grid_word(grid, P_STATE, a->v[AD_STATE], plan_state_badge(a->v[AD_STATE]));
    grid_link(grid, P_ACT, a->v[AD_ACT].n ? a->v[AD_ACT] : STR("–"),
              edit_path(s, PLAN_ADOPTIONS, a));
    grid_value(grid, P_ACT, a->v[AD_ACT]);
    grid_text(grid, P_DAY, plan_day(s->ctx, a->v[AD_DAY]));
    grid_value(grid, P_DAY, a->v[AD_DAY]);
    return RG_OK;
}

/* Elements that must be adopted, and by how many they are. */
static const struct web_table *
adoption_counts(struct surface *s)
{
    static const struct grid_column columns[] = {{"element", "plan.col.element", false},
                                                 {"adopted", "plan.adoptions.adopted", true},
                                                 {"listed", "plan.adoptions.listed", true}};
    struct grid grid;
    grid_init(s->ctx, &grid, "adoption", columns, RG_COUNT(columns));
    for (size_t i = 0; i < s->world.t[PLAN_ELEMENTS].n; i++) {
        const struct plan_row *e = &s->world.t[PLAN_ELEMENTS].p[i];
        struct str ref = plan_element_ref(s->ctx, e);
        int64_t n = 0, n_adopted = 0;
        for (size_t k = 0; k < s->world.t[PLAN_ADOPTIONS].n; k++) {
            const struct plan_row *a = &s->world.t[PLAN_ADOPTIONS].p[k];
            if (!str_eq(a->v[AD_ELEMENT], ref))
                continue;
            n++;
            n_adopted += str_is(a->v[AD_STATE], "adopted");
        }
        if (n == 0 && !str_is(e->v[EL_COMPETENCE], "2"))
            continue;
        grid_row(&grid);
        grid_link(&grid, 0, plan_element_label(s->ctx, e), plan_path(s->ctx, ref));
        grid_text(&grid, 1, web_number(s->ctx, n_adopted));
        grid_text(&grid, 2, web_number(s->ctx, n));
    }
    return grid_table(&grid, "conti", SAY(s, "adoptions.counts_caption"));
}

HANDLER(page_adoptions)
{
    static const struct grid_column columns[] = {
        [P_ID] = {"id", NULL, false},
        [P_AREA_CODE] = {"area_code", NULL, false},
        [P_AREA] = {"area", "plan.adoptions.area", false},
        [P_ELEMENT] = {"element", "plan.col.element", false},
        [P_STATE] = {"state", "plan.col.state", false},
        [P_ACT] = {"act", "plan.col.act", false},
        [P_DAY] = {"day", "plan.col.day", false}};
    struct surface *s;
    struct grid grid;
    enum rg_err err = surface_begin(ctx, req, ans, &s);
    if (err != RG_OK)
        return err;
    s->page.title = SAY(s, "adoptions.title");
    grid_init(ctx, &grid, "adoptions", columns, RG_COUNT(columns));
    for (size_t i = 0; err == RG_OK && i < s->world.t[PLAN_ADOPTIONS].n; i++)
        err = adoption_row(s, &grid, &s->world.t[PLAN_ADOPTIONS].p[i]);
    if (err != RG_OK)
        return err;
    if (req->form != WEB_HTML)
        return grid_answer(&grid, req, ans, s->page.title, P_ID, P_AREA, P_STATE,
                           "/piano/adozioni#");
    const struct web_table *counts = adoption_counts(s);
    if (counts)
        surface_section(s, "per-elemento", SAY(s, "adoptions.counts"))->table = counts;
    surface_add_action(s, PLAN_ADOPTIONS);
    return surface_list_end(s, &grid, "plan.adoptions.lead", "adozioni", LIST_FORMS);
}

/* ---- links ---- */

/* The axes of one plan, and how many links go from each to each. */
static const struct web_table *
axes_matrix(struct surface *s, struct str plan, struct str *ret_orphans)
{
    const struct plan_rows *all = &s->world.t[PLAN_ELEMENTS], *links = &s->world.t[PLAN_LINKS];
    struct rg_arena *arena = s->ctx->arena;
    uint32_t *number = RG_ARRAY(arena, uint32_t, all->n), n = 0, axes[32];
    struct plan_pair *pairs = RG_ARRAY(arena, struct plan_pair, links->n);
    if (!number || !pairs)
        return NULL;
    for (uint32_t i = 0; i < all->n; i++) {
        number[i] = PLAN_NONE;
        if (str_eq(all->p[i].v[EL_PLAN], plan) && !all->p[i].v[EL_PARENT].n &&
            n < RG_COUNT(axes)) {
            axes[n] = i;
            number[i] = n++;
        }
    }
    for (size_t i = 0; i < links->n; i++) {
        uint32_t a = plan_world_element_ix(&s->world, links->p[i].v[LI_FROM]);
        uint32_t b = plan_world_element_ix(&s->world, links->p[i].v[LI_TO]);
        pairs[i].a = a == PLAN_NONE ? PLAN_NONE : number[plan_axis_of(&s->world, a)];
        pairs[i].b = b == PLAN_NONE ? PLAN_NONE : number[plan_axis_of(&s->world, b)];
    }
    uint32_t *matrix = RG_ARRAY(arena, uint32_t, (size_t)n * n);
    uint8_t *orphans = RG_ARRAY(arena, uint8_t, n);
    struct web_table *table = RG_NEW(arena, struct web_table);
    struct web_column *columns = RG_ARRAY(arena, struct web_column, n + 1);
    struct web_row *rows = RG_ARRAY(arena, struct web_row, n);
    struct web_cell *cells = RG_ARRAY(arena, struct web_cell, (size_t)n * (n + 1));
    if (!matrix || !orphans || !table || !columns || !rows || !cells || n == 0)
        return NULL;
    plan_cover_count(n, pairs, links->n, matrix, orphans);
    columns[0].label = SAY(s, "links.from_to");
    for (uint32_t a = 0; a < n; a++) {
        const struct plan_row *axis = &all->p[axes[a]];
        columns[a + 1] = (struct web_column){.label = axis->v[EL_CODE], .numeric = true};
        struct web_cell *row = &cells[(size_t)a * (n + 1)];
        row[0] = (struct web_cell){.text = plan_element_label(s->ctx, axis),
                                   .path = plan_path(s->ctx, plan_element_ref(s->ctx, axis))};
        for (uint32_t b = 0; b < n; b++)
            row[b + 1] = (struct web_cell){
                .text = matrix[a * n + b] ? web_number(s->ctx, matrix[a * n + b]) : STR("·"),
                .numeric = true};
        rows[a].cells = row;
        if (orphans[a])
            *ret_orphans = PRINT(s->ctx, "%.*s%s%.*s", STR_ARG(*ret_orphans),
                                 ret_orphans->n ? ", " : "", STR_ARG(axis->v[EL_CODE]));
    }
    *table =
        (struct web_table){plan_print(s->ctx, "matrice-%.*s", STR_ARG(plan)),
                           web_words(s->ctx, "plan.links.matrix_caption", "plan", &plan, NULL),
                           columns,
                           n + 1,
                           rows,
                           n};
    return table;
}

HANDLER(page_links)
{
    static const struct grid_column columns[] = {{"id", NULL, false},
                                                 {"from", "plan.col.from", false},
                                                 {"kind", "plan.links.kind", false},
                                                 {"to", "plan.col.to", false},
                                                 {"reason", "plan.col.reason", false}};
    struct surface *s;
    struct grid grid;
    enum rg_err err = surface_begin(ctx, req, ans, &s);
    if (err != RG_OK)
        return err;
    s->page.title = SAY(s, "links.title");
    grid_init(ctx, &grid, "links", columns, RG_COUNT(columns));
    for (size_t i = 0; i < s->world.t[PLAN_LINKS].n; i++) {
        const struct plan_row *l = &s->world.t[PLAN_LINKS].p[i];
        grid_row(&grid);
        grid_text(&grid, 0, PRINT(ctx, "%lld", (long long)l->id));
        grid_link(&grid, 1, surface_element_name(s, l->v[LI_FROM]), plan_path(ctx, l->v[LI_FROM]));
        grid_value(&grid, 1, l->v[LI_FROM]);
        grid_word(&grid, 2, l->v[LI_KIND], "info");
        grid_link(&grid, 3, surface_element_name(s, l->v[LI_TO]), plan_path(ctx, l->v[LI_TO]));
        grid_value(&grid, 3, l->v[LI_TO]);
        grid_text(&grid, 4, l->v[LI_REASON]);
    }
    if (req->form != WEB_HTML)
        return grid_answer(&grid, req, ans, s->page.title, 0, 1, 4, "/piano/collegamenti#");
    for (size_t i = 0; i < s->world.t[PLAN_PLANS].n && i < 8; i++) {
        const struct plan_row *plan = &s->world.t[PLAN_PLANS].p[i];
        struct str orphans = STR("");
        const struct web_table *table = axes_matrix(s, plan->v[PL_CODE], &orphans);
        if (!table)
            continue;
        struct surface_section *section = surface_section(
            s, plan_print(ctx, "piano-%.*s", STR_ARG(plan->v[PL_CODE])), plan->v[PL_TITLE]);
        section->table = table;
        section->text = orphans.n ? web_words(ctx, "plan.links.orphans", "axes", &orphans, NULL)
                                  : SAY(s, "links.no_orphans");
    }
    surface_add_action(s, PLAN_LINKS);
    return surface_list_end(s, &grid, "plan.links.lead", "legami", LIST_FORMS);
}
