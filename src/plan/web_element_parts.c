/* The sections of an element's page: what it must reach, how it goes, whom it touches, its
 * words. */
#include "plan/element.h"
#include "plan_sql.h"

static struct str
label_of(struct element_page *p, struct str ref)
{
    const struct plan_row *e = plan_world_element(&p->s->world, ref);
    return e ? plan_element_label(p->ctx, e) : ref;
}

/* ---- what it must reach, and how ---- */

void
element_objectives(struct element_page *p)
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
        if (!element_owns(p, PLAN_OBJECTIVES, o))
            continue;
        plan_smart_of(&p->s->world, o, &smart);
        unsigned missing = plan_smart_check(&smart);
        struct str year = o->v[OB_BASELINE_YEAR], unit = o->v[OB_UNIT];
        grid_row(&grid);
        grid_link(&grid, 0, o->v[OB_TITLE], element_change_path(p, PLAN_OBJECTIVES, o));
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
    element_table(p, "obiettivi", "plan.page.objectives", &grid);
}

void
element_steps(struct element_page *p)
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
        if (!element_owns(p, PLAN_STEPS, s))
            continue;
        total += plan_int(s, ST_MONEY_CENTS, &cents) ? cents : 0;
        grid_row(&grid);
        grid_link(&grid, 0, s->v[ST_TITLE], element_change_path(p, PLAN_STEPS, s));
        grid_text(&grid, 1, s->v[ST_OWNER]);
        grid_text(&grid, 2, plan_day(p->ctx, s->v[ST_FROM_DAY]));
        grid_text(&grid, 3, plan_day(p->ctx, s->v[ST_TO_DAY]));
        grid_text(&grid, 4, plan_euro(p->ctx, s->v[ST_MONEY_CENTS]));
        grid_text(&grid, 5, s->v[ST_FUND]);
        grid_text(&grid, 6, plan_words_list(p->ctx, s->v[ST_NEEDS]));
        grid_word(&grid, 7, s->v[ST_STATE], plan_state_badge(s->v[ST_STATE]));
    }
    element_table(p, "passi", "plan.page.steps", &grid);
    if (total > 0) {
        struct str sum = plan_euro(p->ctx, PRINT(p->ctx, "%lld", (long long)total));
        p->s->sections[p->s->page.n_sections - 1].text =
            web_words(p->ctx, "plan.page.sum", "sum", &sum, NULL);
    }
}

void
element_deadlines(struct element_page *p)
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
        if (!element_owns(p, PLAN_DEADLINES, d))
            continue;
        enum plan_risk risk = plan_deadline_of(p->ctx, &p->s->world, d, &left);
        grid_row(&grid);
        grid_link(&grid, 0, d->v[DE_TITLE], element_change_path(p, PLAN_DEADLINES, d));
        grid_text(&grid, 1, plan_day(p->ctx, d->v[DE_DAY]));
        grid_text(&grid, 2, PRINT(p->ctx, "%lld", (long long)left));
        grid_text(&grid, 3, d->v[DE_LEAD_DAYS]);
        grid_word(&grid, 4, str_of(plan_risk_words[risk]), plan_risk_badges[risk]);
    }
    element_table(p, "scadenze", "plan.deadlines.title", &grid);
}

/* ---- whom it touches ---- */

void
element_links(struct element_page *p)
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
        struct str edit = element_change_path(p, PLAN_LINKS, l);
        grid_link(&grid, 3,
                  l->v[LI_REASON].n ? l->v[LI_REASON]
                  : edit.n          ? STR("–")
                                    : STR(""),
                  edit);
    }
    element_table(p, "legami", "plan.page.links", &grid);
}

void
element_requests(struct element_page *p)
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
        if (!element_owns(p, PLAN_REQUESTS, r))
            continue;
        grid_row(&grid);
        grid_link(&grid, 0, r->v[RQ_TITLE], element_change_path(p, PLAN_REQUESTS, r));
        grid_text(&grid, 1, r->v[RQ_ADDRESSEE]);
        grid_word(&grid, 2, r->v[RQ_STATE], plan_state_badge(r->v[RQ_STATE]));
        grid_text(&grid, 3, plan_day(p->ctx, r->v[RQ_DAY]));
        grid_text(&grid, 4, plan_day(p->ctx, r->v[RQ_DUE_DAY]));
        grid_text(&grid, 5, r->v[RQ_ANSWER]);
        grid_text(&grid, 6, plan_word(p->ctx, r->v[RQ_LEGAL_GAP]));
    }
    element_table(p, "richieste", "plan.requests.title", &grid);
}

enum rg_err
element_adoptions(struct element_page *p)
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
        if (!element_owns(p, PLAN_ADOPTIONS, a) || err != RG_OK)
            continue;
        err = plan_sql_comune_find(p->ctx, a->v[AD_AREA_CODE], &found, &comune);
        grid_row(&grid);
        grid_link(&grid, 0, found ? comune.name : a->v[AD_AREA_CODE],
                  PRINT(p->ctx, "/territorio/comuni/%.*s", STR_ARG(a->v[AD_AREA_CODE])));
        grid_word(&grid, 1, a->v[AD_STATE], plan_state_badge(a->v[AD_STATE]));
        grid_link(&grid, 2, a->v[AD_ACT].n ? a->v[AD_ACT] : STR("–"),
                  element_change_path(p, PLAN_ADOPTIONS, a));
        grid_text(&grid, 3, plan_day(p->ctx, a->v[AD_DAY]));
    }
    element_table(p, "adozioni", "plan.adoptions.title", &grid);
    return err;
}

void
element_acts(struct element_page *p)
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
    element_table(p, "atti", "plan.acts.title", &grid);
}

/* ---- words and their changes ---- */

void
element_renames(struct element_page *p)
{
    static const struct grid_column columns[] = {{"old", "plan.col.old_name", false},
                                                 {"new", "plan.col.new_name", false},
                                                 {"synonyms", "plan.col.synonyms", false},
                                                 {"reason", "plan.col.reason", false}};
    struct grid grid;
    grid_init(p->ctx, &grid, "renames", columns, RG_COUNT(columns));
    EACH(p, PLAN_RENAMES, r)
    {
        if (!element_owns(p, PLAN_RENAMES, r))
            continue;
        grid_row(&grid);
        grid_link(&grid, 0, r->v[RE_OLD], element_change_path(p, PLAN_RENAMES, r));
        grid_text(&grid, 1, r->v[RE_NEW]);
        grid_text(&grid, 2, plan_words_list(p->ctx, r->v[RE_SYNONYMS]));
        grid_text(&grid, 3, r->v[RE_REASON]);
    }
    element_table(p, "nomi", "plan.page.renames", &grid);
}

void
element_amendments(struct element_page *p)
{
    size_t n = 0;
    struct surface_version *versions =
        RG_ARRAY(p->ctx->arena, struct surface_version, p->s->world.t[PLAN_AMENDMENTS].n);
    if (!versions)
        return;
    EACH(p, PLAN_AMENDMENTS, a)
    {
        struct surface_version *v = &versions[n];
        if (!element_owns(p, PLAN_AMENDMENTS, a))
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
enum rg_err
element_versions(struct element_page *p)
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
            struct str when = web_moment(p->ctx, changes[i].at_s);
            versions[n].heading =
                wording_text(p->ctx->lang, plan_print(p->ctx, "plan.col.%s", members[m]));
            versions[n].meta =
                PRINT(p->ctx, "%.*s, %.*s: %.*s", STR_ARG(when),
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
