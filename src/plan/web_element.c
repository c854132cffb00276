/* Everything of one element: where it comes from, what it must do, how it goes. */
#include "plan/element.h"
#include "plan_sql.h"

void
element_table(struct element_page *p, const char *id, const char *heading_key,
              struct grid *grid)
{
    struct str heading = wording_text(p->ctx->lang, heading_key), code = p->e->v[EL_CODE];
    struct str caption =
        web_words(p->ctx, "plan.page.of", "what", &heading, "code", &code, NULL);
    const struct web_table *table = grid_table(grid, plan_print(p->ctx, "t-%s", id), caption);
    if (table)
        surface_section(p->s, id, heading)->table = table;
}

bool
element_owns(const struct element_page *p, enum plan_table table, const struct plan_row *row)
{
    return str_eq(row->v[plan_tables[table].element], p->ref);
}

struct str
element_change_path(struct element_page *p, enum plan_table table, const struct plan_row *row)
{
    bool may = plan_row_may(p->ctx, table, row) == RG_OK;
    rg_story_clear(p->ctx);
    return may ? PRINT(p->ctx, "/piano/modifica/%s/%lld", plan_tables[table].name,
                       (long long)row->id)
               : STR("");
}

/* ---- what it is ---- */

/* "forum-2023:10-12 forum-2023:40-41": each piece leads to its lines of the document. */
static void
sources_add(struct facts *facts, struct str sources)
{
    struct str piece;
    while (sources.n && str_cut(&sources, ' ', &piece)) {
        ptrdiff_t colon = str_find(piece, STR(":"));
        struct str lines =
            colon < 0 ? STR("") : str_n(piece.p + colon + 1, piece.n - (size_t)colon - 1);
        struct str first = lines;
        int64_t line;
        str_cut(&lines, '-', &first);
        if (colon > 0 && rg_parse_i64(first, 1, 10000000, &line))
            fact_link(facts, "plan.col.source", piece,
                      PRINT(facts->ctx, "/ascolto/documenti/%.*s?riga=%lld", (int)colon,
                            piece.p, (long long)line));
        else
            fact_add(facts, "plan.col.source", piece);
    }
}

static void
facts_section(struct element_page *p)
{
    struct facts f = {.ctx = p->ctx};
    const struct str *v = p->e->v;
    struct str rest = v[EL_PARTNERS], item;
    uint32_t plan = plan_world_find(&p->s->world, PLAN_PLANS, v[EL_PLAN]);
    if (plan != PLAN_NONE)
        fact_link(&f, "plan.col.plan", p->s->world.t[PLAN_PLANS].p[plan].v[PL_TITLE],
                  plan_path(p->ctx, v[EL_PLAN]));
    fact_add(&f, "plan.col.alt_title", v[EL_ALT_TITLE]);
    fact_word(&f, "plan.col.state", v[EL_STATE], plan_state_badge(v[EL_STATE]));
    fact_add(&f, "plan.col.state_reason", v[EL_STATE_REASON]);
    if (v[EL_COMPETENCE].n) {
        fact_add(&f, "plan.col.competence",
                 plan_word(p->ctx, PRINT(p->ctx, "level_%.*s", STR_ARG(v[EL_COMPETENCE]))));
        fact_add(&f, "plan.page.duty_asks",
                 plan_word(p->ctx, PRINT(p->ctx, "duty_of_%.*s", STR_ARG(v[EL_COMPETENCE]))));
        fact_word(&f, "plan.page.duty",
                  p->duty == PLAN_DUTY_KEPT ? STR("duty_kept") : STR("duty_open"),
                  p->duty == PLAN_DUTY_KEPT ? "ok" : "bad");
    }
    fact_add(&f, "plan.col.addressee", v[EL_ADDRESSEE]);
    fact_add(&f, "plan.col.departments", plan_words_list(p->ctx, v[EL_DEPARTMENTS]));
    while (plan_item_next(&rest, &item)) {
        RG_CLEANUP(rg_buf_done) struct rg_buf q;
        rg_buf_init(&q, 4096);
        rg_buf_lit(&q, "/enti?q=");
        html_percent(&q, item);
        fact_link(&f, "plan.col.partners", item, rg_arena_str(p->ctx->arena, rg_buf_view(&q)));
    }
    fact_add(&f, "plan.col.territory", plan_words_list(p->ctx, v[EL_TERRITORY]));
    fact_add(&f, "plan.col.paradigms", plan_words_list(p->ctx, v[EL_PARADIGMS]));
    fact_add(&f, "plan.col.pnrr_measure", v[EL_PNRR_MEASURE]);
    fact_add(&f, "plan.col.deadline", plan_day(p->ctx, v[EL_DEADLINE]));
    fact_word(&f, "plan.col.complete", v[EL_COMPLETE], plan_state_badge(v[EL_COMPLETE]));
    fact_add(&f, "plan.col.note", v[EL_NOTE]);
    sources_add(&f, v[EL_SOURCE]);
    struct surface_section *section = surface_section(p->s, "scheda", SAY(p->s, "page.card"));
    section->facts = f.p;
    section->n_facts = f.n;
    if (v[EL_TEXT].n)
        surface_section(p->s, "testo", SAY(p->s, "col.text"))->text = v[EL_TEXT];
    else
        surface_section(p->s, "testo", SAY(p->s, "col.text"))->text = SAY(p->s, "page.no_text");
}

static void
under_section(struct element_page *p)
{
    static const struct grid_column columns[] = {{"code", "plan.col.code", false},
                                                 {"title", "plan.col.title", false},
                                                 {"state", "plan.col.state", false}};
    struct grid grid;
    grid_init(p->ctx, &grid, "under", columns, RG_COUNT(columns));
    EACH(p, PLAN_ELEMENTS, e)
    {
        if (!str_eq(e->v[EL_PLAN], p->e->v[EL_PLAN]) ||
            !str_eq(e->v[EL_PARENT], p->e->v[EL_CODE]))
            continue;
        grid_row(&grid);
        grid_text(&grid, 0, e->v[EL_CODE]);
        grid_link(&grid, 1, plan_title(p->ctx, e),
                  plan_path(p->ctx, plan_element_ref(p->ctx, e)));
        grid_word(&grid, 2, e->v[EL_STATE], plan_state_badge(e->v[EL_STATE]));
    }
    element_table(p, "sotto", "plan.page.under", &grid);
}

/* ---- where it comes from ---- */

static enum rg_err
voice_row(struct element_page *p, struct grid *grid, struct str code, struct str how,
          struct str note)
{
    struct plan_sql_voice_get_row voice;
    bool found;
    enum rg_err err = plan_sql_voice_get(p->ctx, code, &found, &voice);
    if (err != RG_OK)
        return err;
    grid_row(grid);
    grid_word(grid, 0, how, "info");
    grid_text(grid, 1, SAY(p->s, "page.voice"));
    if (found)
        grid_link(grid, 2, voice.text,
                  PRINT(p->ctx, "/ascolto/contributi/%lld", (long long)voice.id));
    else
        grid_text(grid, 2, code);
    grid_text(grid, 3, note);
    return RG_OK;
}

static enum rg_err
theme_row(struct element_page *p, struct grid *grid, struct str code, struct str how,
          struct str note)
{
    struct plan_sql_theme_get_row theme;
    struct plan_sql_voices_of_theme_count_row voices = {0};
    bool found;
    enum rg_err err = plan_sql_theme_get(p->ctx, code, &found, &theme);
    if (err == RG_OK && found)
        err = plan_sql_voices_of_theme_count(p->ctx, theme.id, &voices);
    if (err != RG_OK)
        return err;
    struct str n = web_words_n(p->ctx, "plan.page.n_voices", voices.n);
    grid_row(grid);
    grid_word(grid, 0, how, "info");
    grid_text(grid, 1,
              PRINT(p->ctx, "%.*s, %.*s", STR_ARG(SAY(p->s, "page.theme")), STR_ARG(n)));
    grid_link(grid, 2, found ? theme.title : code,
              PRINT(p->ctx, "/ascolto/temi/%.*s", STR_ARG(code)));
    grid_text(grid, 3, note);
    return RG_OK;
}

static enum rg_err
origins_section(struct element_page *p)
{
    static const struct grid_column columns[] = {{"how", "plan.col.how", false},
                                                 {"kind", "plan.page.from_what", false},
                                                 {"what", "plan.page.words_said", false},
                                                 {"note", "plan.page.note", false}};
    struct grid grid;
    enum rg_err err = RG_OK;
    grid_init(p->ctx, &grid, "origins", columns, RG_COUNT(columns));
    EACH(p, PLAN_ORIGINS, o)
    {
        if (!element_owns(p, PLAN_ORIGINS, o) || err != RG_OK)
            continue;
        if (o->v[OR_CONTRIBUTION].n)
            err = voice_row(p, &grid, o->v[OR_CONTRIBUTION], o->v[OR_HOW], o->v[OR_NOTE]);
        else
            err = theme_row(p, &grid, o->v[OR_THEME], o->v[OR_HOW], o->v[OR_NOTE]);
    }
    EACH(p, PLAN_AMENDMENTS, a)
    if (err == RG_OK && element_owns(p, PLAN_AMENDMENTS, a) && a->v[AM_CONTRIBUTION].n)
        err = voice_row(p, &grid, a->v[AM_CONTRIBUTION], STR("amends"), a->v[AM_REASON]);
    struct surface_section *section =
        surface_section(p->s, "origini", SAY(p->s, "page.where_from"));
    section->table = grid_table(&grid, "t-origini", SAY(p->s, "page.where_from_caption"));
    if (!section->table) {
        section->text = SAY(p->s, "page.no_origin");
        section->alert = "warn";
    }
    section->more = PRINT(p->ctx, "/piano/filo?elemento=%.*s", STR_ARG(p->ref));
    section->more_label = SAY(p->s, "page.see_thread");
    return err;
}

/* Who does not agree with it: never averaged away. */
static enum rg_err
dissent_section(struct element_page *p)
{
    static const struct grid_column columns[] = {{"voice", "plan.page.words_said", false}};
    struct plan_sql_voices_contesting_row *voices;
    struct grid grid;
    size_t n;
    enum rg_err err = plan_sql_voices_contesting(p->ctx, p->ref, &voices, &n);
    grid_init(p->ctx, &grid, "dissent", columns, RG_COUNT(columns));
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        grid_row(&grid);
        grid_link(&grid, 0, voices[i].text,
                  PRINT(p->ctx, "/ascolto/contributi/%lld", (long long)voices[i].id));
    }
    if (err == RG_OK)
        element_table(p, "dissenso", "plan.page.dissent", &grid);
    return err;
}

/* ---- machines ---- */

static void
row_json(struct rg_jw *jw, enum plan_table table, const struct plan_row *row)
{
    const struct plan_table_def *def = &plan_tables[table];
    rg_jw_object(jw);
    for (size_t c = 0; c < def->n_columns; c++) {
        int64_t n;
        rg_jw_key(jw, def->columns[c].name);
        if (def->columns[c].kind == PLAN_INT && plan_int(row, c, &n))
            rg_jw_i64(jw, n);
        else
            rg_jw_str(jw, row->v[c].n ? row->v[c] : STR_NONE);
    }
    rg_jw_end_object(jw);
}

static enum rg_err
element_json(struct element_page *p, struct web_answer *ans)
{
    struct rg_jw jw;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    rg_jw_object(&jw);
    rg_jw_key(&jw, "element");
    row_json(&jw, PLAN_ELEMENTS, p->e);
    rg_jw_key(&jw, "duty");
    rg_jw_str(&jw, p->duty == PLAN_DUTY_UNSAID ? STR_NONE
                   : p->duty == PLAN_DUTY_KEPT ? STR("kept")
                                               : STR("open"));
    for (size_t t = 0; t < PLAN_TABLE__MAX; t++) {
        if (plan_tables[t].element < 0 && t != PLAN_LINKS)
            continue;
        rg_jw_key(&jw, plan_tables[t].name);
        rg_jw_array(&jw);
        for (size_t i = 0; i < p->s->world.t[t].n; i++) {
            const struct plan_row *row = &p->s->world.t[t].p[i];
            bool of_it = t == PLAN_LINKS
                             ? str_eq(row->v[LI_FROM], p->ref) || str_eq(row->v[LI_TO], p->ref)
                             : element_owns(p, (enum plan_table)t, row);
            if (of_it)
                row_json(&jw, (enum plan_table)t, row);
        }
        rg_jw_end_array(&jw);
    }
    rg_jw_end_object(&jw);
    return RG_OK;
}

/* What happened to it, as a feed: every change of the element with who and why. */
static enum rg_err
element_feed(struct element_page *p, struct web_request *req, struct web_answer *ans)
{
    static const struct web_listing_column columns[] = {{"id", WEB_DATUM_INT, NULL},
                                                        {"title", WEB_DATUM_TEXT, NULL},
                                                        {"text", WEB_DATUM_TEXT, NULL},
                                                        {"updated", WEB_DATUM_INSTANT, NULL}};
    struct store_change *changes;
    size_t n;
    enum rg_err err = store_history(p->ctx, STR("plan_element"), p->e->id, 0, 50, &changes, &n);
    struct web_datum *cells =
        err == RG_OK ? RG_ARRAY(p->ctx->arena, struct web_datum, n * 4) : NULL;
    if (err == RG_OK && !cells)
        err = RG_NO_MEMORY(p->ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        cells[i * 4] = web_datum_int(changes[i].seq);
        cells[i * 4 + 1] = web_datum_text(plan_element_label(p->ctx, p->e));
        cells[i * 4 + 2] = web_datum_text(changes[i].reason);
        cells[i * 4 + 3] = web_datum_int(changes[i].at_s);
    }
    const struct web_listing listing = {
        .name = "changes",
        .title = plan_element_label(p->ctx, p->e),
        .columns = columns,
        .n_columns = 4,
        .cells = cells,
        .n_rows = n,
        .total = (int64_t)n,
        .page = 1,
        .size = (int64_t)n,
        .id_column = 0,
        .title_column = 1,
        .text_column = 2,
        .updated_column = 3,
        .lat_column = -1,
        .lon_column = -1,
        .entry_path = plan_print(p->ctx, "/piano/%.*s#", STR_ARG(p->ref))};
    return err == RG_OK ? web_listing_answer(p->ctx, req, ans, &listing) : err;
}

/* ---- the page ---- */

static void
element_actions(struct element_page *p)
{
    static const enum plan_table below[] = {
        PLAN_ORIGINS,  PLAN_OBJECTIVES, PLAN_LINKS,   PLAN_STEPS,     PLAN_DEADLINES,
        PLAN_REQUESTS, PLAN_AMENDMENTS, PLAN_RENAMES, PLAN_COHERENCE, PLAN_ADOPTIONS};
    bool all = plan_may_edit(p->ctx), one = p->ctx->actor.roles & RG_ROLE_DELEGATE;
    if (all) {
        surface_action(p->s,
                       PRINT(p->ctx, "/piano/modifica/elements/%lld", (long long)p->e->id),
                       SAY(p->s, "edit.change"));
        surface_action(p->s, PRINT(p->ctx, "/piano/storia/elements/%lld", (long long)p->e->id),
                       SAY(p->s, "edit.history"));
    }
    for (size_t i = 0; i < RG_COUNT(below); i++)
        if (all || (one && below[i] == PLAN_ADOPTIONS))
            surface_action(p->s,
                           PRINT(p->ctx, "/piano/modifica/%s/nuovo?elemento=%.*s",
                                 plan_tables[below[i]].name, STR_ARG(p->ref)),
                           wording_text(p->ctx->lang, plan_print(p->ctx, "plan.edit.add.%s",
                                                                 plan_tables[below[i]].name)));
}

static void
element_crumbs(struct element_page *p)
{
    uint32_t plan = plan_world_find(&p->s->world, PLAN_PLANS, p->e->v[EL_PLAN]);
    uint32_t self = plan_world_element_ix(&p->s->world, p->ref);
    uint32_t axis = plan_axis_of(&p->s->world, self);
    const struct plan_row *top = &p->s->world.t[PLAN_ELEMENTS].p[axis];
    surface_crumb(p->s, STR("/piano"), SAY(p->s, "title"));
    if (plan != PLAN_NONE)
        surface_crumb(p->s, plan_path(p->ctx, p->e->v[EL_PLAN]),
                      p->s->world.t[PLAN_PLANS].p[plan].v[PL_TITLE]);
    if (axis != self)
        surface_crumb(p->s, plan_path(p->ctx, plan_element_ref(p->ctx, top)), top->v[EL_CODE]);
}

HANDLER(page_element)
{
    struct element_page p = {.ctx = ctx};
    uint8_t *duties;
    enum rg_err err = surface_begin(ctx, req, ans, &p.s);
    if (err == RG_OK)
        err = plan_duties(ctx, &p.s->world, &duties);
    if (err != RG_OK)
        return err;
    struct str ref = PRINT(ctx, "%.*s/%.*s", STR_ARG(web_text(req, IN_ONE_PLAN)),
                           STR_ARG(web_text(req, IN_ONE_CODE)));
    uint32_t ix = plan_world_element_ix(&p.s->world, ref);
    if (ix == PLAN_NONE)
        return RG_FAIL(ctx, RG_ABSENT, "plan.absent");
    p.e = &p.s->world.t[PLAN_ELEMENTS].p[ix];
    p.ref = ref;
    p.duty = duties[ix];
    if (req->form == WEB_JSON)
        return element_json(&p, ans);
    if (req->form == WEB_ATOM)
        return element_feed(&p, req, ans);
    p.s->page.title = plan_element_label(ctx, p.e);
    p.s->page.lead = plan_word(ctx, p.e->v[EL_LEVEL]);
    element_crumbs(&p);
    element_actions(&p);
    facts_section(&p);
    under_section(&p);
    err = origins_section(&p);
    if (err == RG_OK)
        err = dissent_section(&p);
    element_objectives(&p);
    element_links(&p);
    element_steps(&p);
    element_deadlines(&p);
    element_requests(&p);
    if (err == RG_OK)
        err = element_adoptions(&p);
    element_acts(&p);
    element_renames(&p);
    element_amendments(&p);
    if (err == RG_OK)
        err = element_versions(&p);
    if (err != RG_OK)
        return err;
    surface_files(p.s, WEB_BIT(WEB_JSON) | WEB_BIT(WEB_ATOM));
    return surface_end(p.s);
}
