/* Everything of one element: where it comes from, what it must do, how it goes. */
#include "plan/surface.h"
#include "plan_sql.h"

struct page { /* of one element */
    struct surface *s;
    struct rg_ctx *ctx;
    const struct plan_row *e;
    struct str ref;
    uint8_t duty;
};

static struct str
label_of(struct page *p, struct str ref)
{
    const struct plan_row *e = plan_world_element(&p->s->world, ref);
    return e ? plan_element_label(p->ctx, e) : ref;
}

static void
section_table(struct page *p, const char *id, const char *heading_key, struct grid *grid)
{
    struct str heading = wording_text(p->ctx->lang, heading_key), code = p->e->v[EL_CODE];
    struct str caption =
        web_words(p->ctx, "plan.page.of", "what", &heading, "code", &code, NULL);
    const struct web_table *table = grid_table(grid, plan_print(p->ctx, "t-%s", id), caption);
    if (table)
        surface_section(p->s, id, heading)->table = table;
}

static bool
mine(const struct page *p, enum plan_table table, const struct plan_row *row)
{
    return str_eq(row->v[plan_tables[table].element], p->ref);
}

#define EACH(p, table, row)                                                                    \
    for (const struct plan_row *row = (p)->s->world.t[table].p,                                \
                               *end_ = row + (p)->s->world.t[table].n;                         \
         row < end_; row++)

/* ---- what it is ---- */

static struct str
change_path(struct page *p, enum plan_table table, const struct plan_row *row)
{
    bool may = plan_row_may(p->ctx, table, row) == RG_OK;
    rg_story_clear(p->ctx);
    return may ? PRINT(p->ctx, "/piano/modifica/%s/%lld", plan_tables[table].name,
                       (long long)row->id)
               : STR("");
}

static void
facts_section(struct page *p)
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
    fact_add(&f, "plan.col.source", v[EL_SOURCE]);
    struct surface_section *section = surface_section(p->s, "scheda", SAY(p->s, "page.card"));
    section->facts = f.p;
    section->n_facts = f.n;
    if (v[EL_TEXT].n)
        surface_section(p->s, "testo", SAY(p->s, "col.text"))->text = v[EL_TEXT];
    else
        surface_section(p->s, "testo", SAY(p->s, "col.text"))->text = SAY(p->s, "page.no_text");
}

static void
under_section(struct page *p)
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
    section_table(p, "sotto", "plan.page.under", &grid);
}

/* ---- where it comes from ---- */

static enum rg_err
voice_row(struct page *p, struct grid *grid, struct str code, struct str how, struct str note)
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
theme_row(struct page *p, struct grid *grid, struct str code, struct str how, struct str note)
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
origins_section(struct page *p)
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
        if (!mine(p, PLAN_ORIGINS, o) || err != RG_OK)
            continue;
        if (o->v[OR_CONTRIBUTION].n)
            err = voice_row(p, &grid, o->v[OR_CONTRIBUTION], o->v[OR_HOW], o->v[OR_NOTE]);
        else
            err = theme_row(p, &grid, o->v[OR_THEME], o->v[OR_HOW], o->v[OR_NOTE]);
    }
    EACH(p, PLAN_AMENDMENTS, a)
    if (err == RG_OK && mine(p, PLAN_AMENDMENTS, a) && a->v[AM_CONTRIBUTION].n)
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

/* ---- what it must reach, and how ---- */

static void
objectives_section(struct page *p)
{
    static const struct grid_column columns[] = {
        {"title", "plan.page.objective", false},      {"measure", "plan.col.measure", false},
        {"baseline", "plan.col.baseline", true},      {"target", "plan.col.target", true},
        {"target_day", "plan.col.target_day", false}, {"owner", "plan.col.owner", false},
        {"smart", "plan.page.smart", false},          {"missing", "plan.page.missing", false}};
    struct grid grid;
    grid_init(p->ctx, &grid, "objectives", columns, RG_COUNT(columns));
    EACH(p, PLAN_OBJECTIVES, o)
    {
        struct plan_smart smart;
        if (!mine(p, PLAN_OBJECTIVES, o))
            continue;
        plan_smart_of(&p->s->world, o, &smart);
        unsigned missing = plan_smart_check(&smart);
        struct str year = o->v[OB_BASELINE_YEAR], unit = o->v[OB_UNIT];
        grid_row(&grid);
        grid_link(&grid, 0, o->v[OB_TITLE], change_path(p, PLAN_OBJECTIVES, o));
        grid_text(&grid, 1,
                  PRINT(p->ctx, "%.*s%s%.*s%s", STR_ARG(o->v[OB_MEASURE]), unit.n ? " (" : "",
                        STR_ARG(unit), unit.n ? ")" : ""));
        grid_text(&grid, 2,
                  PRINT(p->ctx, "%.*s%s%.*s%s", STR_ARG(o->v[OB_BASELINE]), year.n ? " (" : "",
                        STR_ARG(year), year.n ? ")" : ""));
        grid_text(&grid, 3, o->v[OB_TARGET]);
        grid_text(&grid, 4, plan_day(p->ctx, o->v[OB_TARGET_DAY]));
        grid_text(&grid, 5, o->v[OB_OWNER]);
        grid_word(&grid, 6, missing ? STR("smart_no") : STR("smart_yes"),
                  missing ? "warn" : "ok");
        grid_text(&grid, 7, plan_smart_words(p->ctx, missing));
    }
    section_table(p, "obiettivi", "plan.page.objectives", &grid);
}

static void
steps_section(struct page *p)
{
    static const struct grid_column columns[] = {
        {"title", "plan.page.step", false},       {"owner", "plan.col.owner", false},
        {"from_day", "plan.col.from_day", false}, {"to_day", "plan.col.to_day", false},
        {"money", "plan.page.money", true},       {"fund", "plan.col.fund", false},
        {"needs", "plan.page.after", false},      {"state", "plan.col.state", false}};
    struct grid grid;
    int64_t total = 0, cents;
    grid_init(p->ctx, &grid, "steps", columns, RG_COUNT(columns));
    EACH(p, PLAN_STEPS, s)
    {
        if (!mine(p, PLAN_STEPS, s))
            continue;
        total += plan_int(s, ST_MONEY_CENTS, &cents) ? cents : 0;
        grid_row(&grid);
        grid_link(&grid, 0, s->v[ST_TITLE], change_path(p, PLAN_STEPS, s));
        grid_text(&grid, 1, s->v[ST_OWNER]);
        grid_text(&grid, 2, plan_day(p->ctx, s->v[ST_FROM_DAY]));
        grid_text(&grid, 3, plan_day(p->ctx, s->v[ST_TO_DAY]));
        grid_text(&grid, 4, plan_euro(p->ctx, s->v[ST_MONEY_CENTS]));
        grid_text(&grid, 5, s->v[ST_FUND]);
        grid_text(&grid, 6, plan_words_list(p->ctx, s->v[ST_NEEDS]));
        grid_word(&grid, 7, s->v[ST_STATE], plan_state_badge(s->v[ST_STATE]));
    }
    section_table(p, "passi", "plan.page.steps", &grid);
    if (total > 0) {
        struct str sum = plan_euro(p->ctx, PRINT(p->ctx, "%lld", (long long)total));
        p->s->sections[p->s->page.n_sections - 1].text =
            web_words(p->ctx, "plan.page.sum", "sum", &sum, NULL);
    }
}

static void
deadlines_section(struct page *p)
{
    static const struct grid_column columns[] = {{"title", "plan.page.deadline", false},
                                                 {"day", "plan.col.day", false},
                                                 {"left", "plan.page.days_left", true},
                                                 {"lead", "plan.col.lead_days", true},
                                                 {"risk", "plan.page.risk", false}};
    struct grid grid;
    grid_init(p->ctx, &grid, "deadlines", columns, RG_COUNT(columns));
    EACH(p, PLAN_DEADLINES, d)
    {
        int64_t left = 0;
        if (!mine(p, PLAN_DEADLINES, d))
            continue;
        enum plan_risk risk = plan_deadline_of(p->ctx, &p->s->world, d, &left);
        grid_row(&grid);
        grid_link(&grid, 0, d->v[DE_TITLE], change_path(p, PLAN_DEADLINES, d));
        grid_text(&grid, 1, plan_day(p->ctx, d->v[DE_DAY]));
        grid_text(&grid, 2, PRINT(p->ctx, "%lld", (long long)left));
        grid_text(&grid, 3, d->v[DE_LEAD_DAYS]);
        grid_word(&grid, 4, str_of(plan_risk_words[risk]), plan_risk_badges[risk]);
    }
    section_table(p, "scadenze", "plan.deadlines.title", &grid);
}

/* ---- whom it touches ---- */

static void
links_section(struct page *p)
{
    static const struct grid_column columns[] = {{"way", "plan.page.way", false},
                                                 {"kind", "plan.links.kind", false},
                                                 {"other", "plan.col.element", false},
                                                 {"reason", "plan.col.reason", false}};
    struct grid grid;
    grid_init(p->ctx, &grid, "links", columns, RG_COUNT(columns));
    EACH(p, PLAN_LINKS, l)
    {
        bool out = str_eq(l->v[LI_FROM], p->ref), in = str_eq(l->v[LI_TO], p->ref);
        struct str other = out ? l->v[LI_TO] : l->v[LI_FROM];
        if (!out && !in)
            continue;
        grid_row(&grid);
        grid_word(&grid, 0, out ? STR("way_out") : STR("way_in"), NULL);
        grid_word(&grid, 1, l->v[LI_KIND], "info");
        grid_link(&grid, 2, label_of(p, other), plan_path(p->ctx, other));
        struct str edit = change_path(p, PLAN_LINKS, l);
        grid_link(&grid, 3,
                  l->v[LI_REASON].n ? l->v[LI_REASON]
                  : edit.n          ? STR("–")
                                    : STR(""),
                  edit);
    }
    section_table(p, "legami", "plan.page.links", &grid);
}

static void
requests_section(struct page *p)
{
    static const struct grid_column columns[] = {
        {"title", "plan.requests.what", false},    {"addressee", "plan.col.addressee", false},
        {"state", "plan.col.state", false},        {"day", "plan.requests.sent", false},
        {"due_day", "plan.col.due_day", false},    {"answer", "plan.col.answer", false},
        {"legal_gap", "plan.col.legal_gap", false}};
    struct grid grid;
    grid_init(p->ctx, &grid, "requests", columns, RG_COUNT(columns));
    EACH(p, PLAN_REQUESTS, r)
    {
        if (!mine(p, PLAN_REQUESTS, r))
            continue;
        grid_row(&grid);
        grid_link(&grid, 0, r->v[RQ_TITLE], change_path(p, PLAN_REQUESTS, r));
        grid_text(&grid, 1, r->v[RQ_ADDRESSEE]);
        grid_word(&grid, 2, r->v[RQ_STATE], plan_state_badge(r->v[RQ_STATE]));
        grid_text(&grid, 3, plan_day(p->ctx, r->v[RQ_DAY]));
        grid_text(&grid, 4, plan_day(p->ctx, r->v[RQ_DUE_DAY]));
        grid_text(&grid, 5, r->v[RQ_ANSWER]);
        grid_text(&grid, 6, plan_word(p->ctx, r->v[RQ_LEGAL_GAP]));
    }
    section_table(p, "richieste", "plan.requests.title", &grid);
}

static enum rg_err
adoptions_section(struct page *p)
{
    static const struct grid_column columns[] = {{"area", "plan.adoptions.area", false},
                                                 {"state", "plan.col.state", false},
                                                 {"act", "plan.col.act", false},
                                                 {"day", "plan.col.day", false}};
    struct grid grid;
    enum rg_err err = RG_OK;
    grid_init(p->ctx, &grid, "adoptions", columns, RG_COUNT(columns));
    EACH(p, PLAN_ADOPTIONS, a)
    {
        struct plan_sql_comune_find_row comune;
        bool found = false;
        if (!mine(p, PLAN_ADOPTIONS, a) || err != RG_OK)
            continue;
        err = plan_sql_comune_find(p->ctx, a->v[AD_AREA_CODE], &found, &comune);
        grid_row(&grid);
        grid_link(&grid, 0, found ? comune.name : a->v[AD_AREA_CODE],
                  PRINT(p->ctx, "/territorio/comuni/%.*s", STR_ARG(a->v[AD_AREA_CODE])));
        grid_word(&grid, 1, a->v[AD_STATE], plan_state_badge(a->v[AD_STATE]));
        grid_link(&grid, 2, a->v[AD_ACT].n ? a->v[AD_ACT] : STR("–"),
                  change_path(p, PLAN_ADOPTIONS, a));
        grid_text(&grid, 3, plan_day(p->ctx, a->v[AD_DAY]));
    }
    section_table(p, "adozioni", "plan.adoptions.title", &grid);
    return err;
}

static void
acts_section(struct page *p)
{
    static const struct grid_column columns[] = {
        {"title", "plan.col.title", false},
        {"body", "plan.col.body", false},
        {"day", "plan.col.day", false},
        {"commitments", "plan.col.commitments", false}};
    struct grid grid;
    grid_init(p->ctx, &grid, "acts", columns, RG_COUNT(columns));
    EACH(p, PLAN_ACTS, a)
    {
        struct str rest = a->v[AC_ELEMENTS], item;
        bool about = false;
        while (plan_item_next(&rest, &item))
            about |= str_eq(item, p->ref);
        if (!about)
            continue;
        grid_row(&grid);
        grid_link(&grid, 0, a->v[AC_TITLE], STR("/piano/atti"));
        grid_text(&grid, 1, a->v[AC_BODY]);
        grid_text(&grid, 2, plan_day(p->ctx, a->v[AC_DAY]));
        grid_text(&grid, 3, plan_words_list(p->ctx, a->v[AC_COMMITMENTS]));
    }
    section_table(p, "atti", "plan.acts.title", &grid);
}

/* ---- words and their changes ---- */

static void
renames_section(struct page *p)
{
    static const struct grid_column columns[] = {{"old", "plan.col.old_name", false},
                                                 {"new", "plan.col.new_name", false},
                                                 {"synonyms", "plan.col.synonyms", false},
                                                 {"reason", "plan.col.reason", false}};
    struct grid grid;
    grid_init(p->ctx, &grid, "renames", columns, RG_COUNT(columns));
    EACH(p, PLAN_RENAMES, r)
    {
        if (!mine(p, PLAN_RENAMES, r))
            continue;
        grid_row(&grid);
        grid_link(&grid, 0, r->v[RE_OLD], change_path(p, PLAN_RENAMES, r));
        grid_text(&grid, 1, r->v[RE_NEW]);
        grid_text(&grid, 2, plan_words_list(p->ctx, r->v[RE_SYNONYMS]));
        grid_text(&grid, 3, r->v[RE_REASON]);
    }
    section_table(p, "nomi", "plan.page.renames", &grid);
}

static void
amendments_section(struct page *p)
{
    size_t n = 0;
    struct surface_version *versions =
        RG_ARRAY(p->ctx->arena, struct surface_version, p->s->world.t[PLAN_AMENDMENTS].n);
    if (!versions)
        return;
    EACH(p, PLAN_AMENDMENTS, a)
    {
        struct surface_version *v = &versions[n];
        if (!mine(p, PLAN_AMENDMENTS, a))
            continue;
        struct str state = plan_word(p->ctx, a->v[AM_STATE]),
                   day = plan_day(p->ctx, a->v[AM_DECIDED_DAY]);
        v->heading = web_words(p->ctx, "plan.page.amendment", "code", &a->v[AM_CODE], "state",
                               &state, NULL);
        v->meta = PRINT(p->ctx, "%.*s%s%.*s", STR_ARG(day), day.n ? ": " : "",
                        STR_ARG(a->v[AM_DECISION]));
        v->text = a->v[AM_REASON];
        v->pieces = surface_diff(p->ctx, a->v[AM_OLD], a->v[AM_PROPOSED], &v->n_pieces);
        if (plan_may_edit(p->ctx) && !str_is(a->v[AM_STATE], "applied") &&
            !str_is(a->v[AM_STATE], "refused")) {
            v->action = PRINT(p->ctx, "/piano/emendamenti/%lld/applica", (long long)a->id);
            v->action_label = SAY(p->s, "edit.apply");
        }
        n++;
    }
    if (n == 0)
        return;
    struct surface_section *section =
        surface_section(p->s, "emendamenti", SAY(p->s, "page.amendments"));
    section->versions = versions;
    section->n_versions = n;
}

/* The changes of the element's own words, newest first, out of the feed. */
static enum rg_err
versions_section(struct page *p)
{
    static const char *const members[] = {"title", "alt_title", "text"};
    struct store_change *changes;
    size_t n_changes, n = 0;
    enum rg_err err =
        store_history(p->ctx, STR("plan_element"), p->e->id, 0, 40, &changes, &n_changes);
    struct surface_version *versions =
        err == RG_OK ? RG_ARRAY(p->ctx->arena, struct surface_version, n_changes * 3) : NULL;
    if (err != RG_OK || !versions)
        return err;
    for (size_t i = 0; i < n_changes; i++) {
        const struct rg_jv *before, *after;
        if (!changes[i].before.n || !changes[i].after.n ||
            !rg_jv_parse(p->ctx->arena, changes[i].before, &before) ||
            !rg_jv_parse(p->ctx->arena, changes[i].after, &after))
            continue;
        for (size_t m = 0; m < RG_COUNT(members); m++) {
            struct str was = rg_jv_get_str(p->ctx->arena, before, members[m]);
            struct str is = rg_jv_get_str(p->ctx->arena, after, members[m]);
            if (str_eq(was, is))
                continue;
            RG_CLEANUP(rg_buf_done) struct rg_buf when;
            rg_buf_init(&when, 128);
            wording_datetime(&when, p->ctx->lang, changes[i].at_s);
            versions[n].heading =
                wording_text(p->ctx->lang, plan_print(p->ctx, "plan.col.%s", members[m]));
            versions[n].meta =
                PRINT(p->ctx, "%.*s, %.*s: %.*s", (int)when.n, when.p ? when.p : "",
                      STR_ARG(changes[i].actor), STR_ARG(changes[i].reason));
            versions[n].pieces = surface_diff(p->ctx, was, is, &versions[n].n_pieces);
            n++;
        }
    }
    if (n > 0) {
        struct surface_section *section =
            surface_section(p->s, "versioni", SAY(p->s, "page.versions"));
        section->versions = versions;
        section->n_versions = n;
    }
    return RG_OK;
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
element_json(struct page *p, struct web_answer *ans)
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
                             : mine(p, (enum plan_table)t, row);
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
element_feed(struct page *p, struct web_request *req, struct web_answer *ans)
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
element_actions(struct page *p)
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
element_crumbs(struct page *p)
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
    struct page p = {.ctx = ctx};
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
    objectives_section(&p);
    links_section(&p);
    steps_section(&p);
    deadlines_section(&p);
    requests_section(&p);
    if (err == RG_OK)
        err = adoptions_section(&p);
    acts_section(&p);
    renames_section(&p);
    amendments_section(&p);
    if (err == RG_OK)
        err = versions_section(&p);
    if (err != RG_OK)
        return err;
    surface_files(p.s, WEB_BIT(WEB_JSON) | WEB_BIT(WEB_ATOM));
    return surface_end(p.s);
}
