/* The two checks of a plan, as findings for people: what is broken, why, what to do. */
#include "plan/plan_priv.h"
#include "plan_sql.h"
#include <stdlib.h>

struct report {
    struct rg_ctx *ctx;
    struct plan_finding *p;
    size_t n, cap;
    enum rg_err err;
};

static void
finding_add(struct report *r, const char *check, const char *what, struct str code,
            struct str value, struct str path)
{
    if (r->err != RG_OK)
        return;
    if (r->n == r->cap) {
        size_t cap = r->cap ? 2 * r->cap : 64;
        struct plan_finding *more = RG_ARRAY(r->ctx->arena, struct plan_finding, cap);
        if (!more) {
            r->err = RG_NO_MEMORY(r->ctx);
            return;
        }
        if (r->n)
            memcpy(more, r->p, r->n * sizeof(*more));
        r->p = more;
        r->cap = cap;
    }
    char key[80];
    struct rg_buf name;
    rg_buf_init(&name, sizeof(key));
    rg_buf_printf(&name, "plan.check.%s", check);
    const char *why = rg_arena_cstr(r->ctx->arena, rg_buf_view(&name));
    rg_buf_printf(&name, ".remedy");
    const char *remedy = rg_arena_cstr(r->ctx->arena, rg_buf_view(&name));
    rg_buf_done(&name);
    if (!why || !remedy) {
        r->err = RG_NO_MEMORY(r->ctx);
        return;
    }
    r->p[r->n++] = (struct plan_finding){check,
                                         str_of(what),
                                         code,
                                         web_words(r->ctx, why, "value", &value, NULL),
                                         wording_text(r->ctx->lang, remedy),
                                         path};
}

static struct str
element_path(struct rg_ctx *ctx, struct str ref)
{
    const char *path = rg_arena_printf(ctx->arena, "/piano/%.*s", STR_ARG(ref));
    return path ? str_of(path) : STR_NONE;
}

static void
element_finding(struct report *r, const char *check, const struct plan_row *element,
                struct str value)
{
    struct str ref = plan_element_ref(r->ctx, element);
    finding_add(r, check, "element", ref, value, element_path(r->ctx, ref));
}

/* ---- duties of the levels ---- */

/* Marks elements and all above them. */
struct marks {
    const struct plan_world *world;
    uint32_t *parents;
    uint8_t *bits;
};
enum { HAS_KPI = 1, HAS_ADOPTION = 2, HAS_REQUEST = 4 };

static bool
parents_make(struct rg_ctx *ctx, const struct plan_world *world, uint32_t **ret)
{
    const struct plan_rows *elements = &world->t[PLAN_ELEMENTS];
    uint32_t *parents = RG_ARRAY(ctx->arena, uint32_t, elements->n);
    for (uint32_t i = 0; parents && i < elements->n; i++) {
        const struct plan_row *row = &elements->p[i];
        parents[i] = PLAN_NONE;
        if (!row->v[EL_PARENT].n)
            continue;
        const char *ref = rg_arena_printf(ctx->arena, "%.*s/%.*s", STR_ARG(row->v[EL_PLAN]),
                                          STR_ARG(row->v[EL_PARENT]));
        if (!ref)
            return false;
        parents[i] = plan_world_element_ix(world, str_of(ref));
    }
    *ret = parents;
    return parents != NULL;
}

static void
mark(struct marks *m, struct str element, uint8_t bit)
{
    uint32_t e = plan_world_element_ix(m->world, element);
    for (; e != PLAN_NONE && !(m->bits[e] & bit); e = m->parents[e])
        m->bits[e] |= bit;
}

static bool
marks_make(struct rg_ctx *ctx, const struct plan_world *world, struct marks *m)
{
    m->world = world;
    m->bits = RG_ARRAY(ctx->arena, uint8_t, world->t[PLAN_ELEMENTS].n);
    if (!m->bits || !parents_make(ctx, world, &m->parents))
        return false;
    for (size_t i = 0; i < world->t[PLAN_OBJECTIVES].n; i++) {
        const struct plan_row *row = &world->t[PLAN_OBJECTIVES].p[i];
        if (row->v[OB_MEASURE].n && row->v[OB_UNIT].n && row->v[OB_TARGET].n)
            mark(m, row->v[OB_ELEMENT], HAS_KPI);
    }
    for (size_t i = 0; i < world->t[PLAN_ADOPTIONS].n; i++)
        mark(m, world->t[PLAN_ADOPTIONS].p[i].v[AD_ELEMENT], HAS_ADOPTION);
    for (size_t i = 0; i < world->t[PLAN_REQUESTS].n; i++)
        mark(m, world->t[PLAN_REQUESTS].p[i].v[RQ_ELEMENT], HAS_REQUEST);
    return true;
}

static void
duties_check(struct report *r, const struct plan_world *world)
{
    struct marks m;
    if (!marks_make(r->ctx, world, &m)) {
        r->err = RG_NO_MEMORY(r->ctx);
        return;
    }
    for (uint32_t e = 0; e < world->t[PLAN_ELEMENTS].n; e++) {
        const struct plan_row *row = &world->t[PLAN_ELEMENTS].p[e];
        int64_t level = 0;
        if (!plan_int(row, EL_COMPETENCE, &level))
            continue;
        if (level == 1 && !(m.bits[e] & HAS_KPI))
            element_finding(r, "level_1_no_kpi", row, row->v[EL_TITLE]);
        if (level == 2 && !(m.bits[e] & HAS_ADOPTION))
            element_finding(r, "level_2_no_adoption", row, row->v[EL_TITLE]);
        if (level == 3 && !row->v[EL_ADDRESSEE].n)
            element_finding(r, "level_3_no_addressee", row, row->v[EL_TITLE]);
        if (level == 3 && !(m.bits[e] & HAS_REQUEST))
            element_finding(r, "level_3_no_request", row, row->v[EL_TITLE]);
    }
}

enum rg_err
plan_duties(struct rg_ctx *ctx, const struct plan_world *world, uint8_t **ret_broken)
{
    struct marks m;
    if (!marks_make(ctx, world, &m))
        return RG_NO_MEMORY(ctx);
    for (uint32_t e = 0; e < world->t[PLAN_ELEMENTS].n; e++) {
        const struct plan_row *row = &world->t[PLAN_ELEMENTS].p[e];
        uint8_t has = m.bits[e];
        int64_t level = 0;
        bool said = plan_int(row, EL_COMPETENCE, &level);
        bool kept = (level == 1 && has & HAS_KPI) || (level == 2 && has & HAS_ADOPTION) ||
                    (level == 3 && has & HAS_REQUEST && row->v[EL_ADDRESSEE].n);
        m.bits[e] = !said ? PLAN_DUTY_UNSAID : kept ? PLAN_DUTY_KEPT : PLAN_DUTY_OPEN;
    }
    *ret_broken = m.bits;
    return RG_OK;
}

/* ---- the thread ---- */

struct thread_read {
    struct plan_sql_theme_list_row *themes;
    struct plan_sql_voice_list_row *voices;
    size_t n_themes, n_voices;
    struct plan_map theme_by_code, voice_by_code;
    struct plan_thread thread;
    uint8_t *voice_flags, *theme_flags, *element_flags;
};

static uint32_t
theme_ix(const struct thread_read *t, int64_t id)
{
    size_t lo = 0, hi = t->n_themes;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (t->themes[mid].id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < t->n_themes && t->themes[lo].id == id ? (uint32_t)lo : PLAN_NONE;
}

static uint32_t
voice_ix(const struct thread_read *t, int64_t id)
{
    /* Ids are nearly without gaps: begin where it would be if they were. */
    size_t lo = 0, hi = t->n_voices;
    size_t guess = id - t->voices[0].id < 0 ? 0 : (size_t)(id - t->voices[0].id);
    if (guess < t->n_voices && t->voices[guess].id == id)
        return (uint32_t)guess;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (t->voices[mid].id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < t->n_voices && t->voices[lo].id == id ? (uint32_t)lo : PLAN_NONE;
}

static enum rg_err
voices_read(struct rg_ctx *ctx, struct thread_read *t)
{
    enum rg_err err = plan_sql_theme_list(ctx, &t->themes, &t->n_themes);
    if (err == RG_OK)
        err = plan_sql_voice_list(ctx, &t->voices, &t->n_voices);
    if (err != RG_OK)
        return err;
    uint32_t *merged = RG_ARRAY(ctx->arena, uint32_t, t->n_themes);
    t->theme_flags = RG_ARRAY(ctx->arena, uint8_t, t->n_themes);
    t->voice_flags = RG_ARRAY(ctx->arena, uint8_t, t->n_voices);
    if (!merged || !t->theme_flags || !t->voice_flags ||
        !plan_map_new(ctx->arena, t->n_themes, &t->theme_by_code) ||
        !plan_map_new(ctx->arena, t->n_voices, &t->voice_by_code))
        return RG_NO_MEMORY(ctx);
    for (uint32_t i = 0; i < t->n_themes; i++) {
        merged[i] =
            t->themes[i].merged_into.has ? theme_ix(t, t->themes[i].merged_into.v) : PLAN_NONE;
        t->theme_flags[i] = t->themes[i].parked ? PLAN_TOLD : 0;
        plan_map_put(&t->theme_by_code, t->themes[i].code, i);
    }
    for (uint32_t i = 0; i < t->n_voices; i++) {
        t->voice_flags[i] = (uint8_t)((str_is(t->voices[i].state, "said") ? 0 : PLAN_EXEMPT) |
                                      (t->voices[i].parked ? PLAN_TOLD : 0));
        plan_map_put(&t->voice_by_code, t->voices[i].code, i);
    }
    t->thread.merged_into = merged;
    return RG_OK;
}

static enum rg_err
codings_read(struct rg_ctx *ctx, struct thread_read *t)
{
    struct plan_sql_coding_list_row *rows;
    size_t n, n_kept = 0;
    enum rg_err err = plan_sql_coding_list(ctx, &rows, &n);
    struct plan_pair *pairs = err == RG_OK ? RG_ARRAY(ctx->arena, struct plan_pair, n) : NULL;
    if (err == RG_OK && !pairs)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n && t->n_voices > 0; i++) {
        struct plan_pair pair = {voice_ix(t, rows[i].voice_id), theme_ix(t, rows[i].theme_id)};
        if (pair.a != PLAN_NONE && pair.b != PLAN_NONE)
            pairs[n_kept++] = pair;
    }
    t->thread.codings = pairs;
    t->thread.n_codings = n_kept;
    return err;
}

/* Elements: those of a closed plan are not asked; one that carries an older one on comes from
 * it. */
static enum rg_err
elements_read(struct rg_ctx *ctx, const struct plan_world *world, struct thread_read *t)
{
    const struct plan_rows *elements = &world->t[PLAN_ELEMENTS];
    uint32_t *parents;
    t->element_flags = RG_ARRAY(ctx->arena, uint8_t, elements->n);
    if (!t->element_flags || !parents_make(ctx, world, &parents))
        return RG_NO_MEMORY(ctx);
    t->thread.parents = parents;
    for (uint32_t e = 0; e < elements->n; e++) {
        uint32_t plan = plan_world_find(world, PLAN_PLANS, elements->p[e].v[EL_PLAN]);
        if (plan != PLAN_NONE && str_is(world->t[PLAN_PLANS].p[plan].v[PL_STATE], "closed"))
            t->element_flags[e] |= PLAN_EXEMPT;
    }
    for (size_t i = 0; i < world->t[PLAN_LINKS].n; i++) {
        const struct plan_row *link = &world->t[PLAN_LINKS].p[i];
        uint32_t from = plan_world_element_ix(world, link->v[LI_FROM]);
        struct str kind = link->v[LI_KIND];
        if (from != PLAN_NONE &&
            (str_is(kind, "continues") || str_is(kind, "replaces") || str_is(kind, "splits")))
            t->element_flags[from] |= PLAN_TOLD;
    }
    return RG_OK;
}

static enum rg_err
origins_read(struct rg_ctx *ctx, const struct plan_world *world, struct thread_read *t)
{
    const struct plan_rows *origins = &world->t[PLAN_ORIGINS], *fates = &world->t[PLAN_FATES];
    const struct plan_rows *amendments = &world->t[PLAN_AMENDMENTS];
    struct plan_pair *by_theme = RG_ARRAY(ctx->arena, struct plan_pair, origins->n);
    struct plan_pair *by_voice =
        RG_ARRAY(ctx->arena, struct plan_pair, origins->n + amendments->n);
    if (!by_theme || !by_voice)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < origins->n; i++) {
        const struct plan_row *row = &origins->p[i];
        uint32_t element = plan_world_element_ix(world, row->v[OR_ELEMENT]);
        uint32_t theme = plan_map_get(&t->theme_by_code, row->v[OR_THEME]);
        uint32_t voice = plan_map_get(&t->voice_by_code, row->v[OR_CONTRIBUTION]);
        if (element != PLAN_NONE && row->v[OR_CONTRIBUTION].n && voice != PLAN_NONE)
            by_voice[t->thread.n_voice_origins++] = (struct plan_pair){element, voice};
        else if (element != PLAN_NONE && theme != PLAN_NONE)
            by_theme[t->thread.n_theme_origins++] = (struct plan_pair){element, theme};
    }
    for (size_t i = 0; i < amendments->n; i++) {
        uint32_t element = plan_world_element_ix(world, amendments->p[i].v[AM_ELEMENT]);
        uint32_t voice = plan_map_get(&t->voice_by_code, amendments->p[i].v[AM_CONTRIBUTION]);
        if (element != PLAN_NONE && voice != PLAN_NONE)
            by_voice[t->thread.n_voice_origins++] = (struct plan_pair){element, voice};
    }
    for (size_t i = 0; i < fates->n; i++) {
        uint32_t theme = plan_map_get(&t->theme_by_code, fates->p[i].v[FA_THEME]);
        uint32_t voice = plan_map_get(&t->voice_by_code, fates->p[i].v[FA_CONTRIBUTION]);
        if (fates->p[i].v[FA_THEME].n && theme != PLAN_NONE)
            t->theme_flags[theme] |= PLAN_TOLD;
        if (fates->p[i].v[FA_CONTRIBUTION].n && voice != PLAN_NONE)
            t->voice_flags[voice] |= PLAN_TOLD;
    }
    t->thread.theme_origins = by_theme;
    t->thread.voice_origins = by_voice;
    return RG_OK;
}

static void
thread_findings(struct report *r, const struct plan_world *world, struct thread_read *t)
{
    struct rg_arena *arena = r->ctx->arena;
    const struct plan_rows *elements = &world->t[PLAN_ELEMENTS];
    uint8_t *voices = RG_ARRAY(arena, uint8_t, t->n_voices);
    uint8_t *themes = RG_ARRAY(arena, uint8_t, t->n_themes);
    uint8_t *broken = RG_ARRAY(arena, uint8_t, elements->n);
    if (!voices || !themes || !broken) {
        r->err = RG_NO_MEMORY(r->ctx);
        return;
    }
    t->thread.n_voices = (uint32_t)t->n_voices;
    t->thread.n_themes = (uint32_t)t->n_themes;
    t->thread.n_elements = (uint32_t)elements->n;
    t->thread.voices = t->voice_flags;
    t->thread.themes = t->theme_flags;
    t->thread.elements = t->element_flags;
    plan_thread_check(&t->thread, voices, themes, broken);
    for (uint32_t e = 0; e < elements->n; e++)
        if (broken[e])
            element_finding(r, "element_no_origin", &elements->p[e],
                            elements->p[e].v[EL_TITLE]);
    for (uint32_t i = 0; i < t->n_themes; i++)
        if (themes[i])
            finding_add(r, "theme_no_voice", "theme", t->themes[i].code, t->themes[i].title,
                        str_of(rg_arena_printf(arena, "/ascolto/temi/%.*s",
                                               STR_ARG(t->themes[i].code))));
    for (uint32_t i = 0; i < t->n_voices; i++)
        if (voices[i])
            finding_add(r, "voice_no_fate", "contribution", t->voices[i].code,
                        t->voices[i].code,
                        str_of(rg_arena_printf(arena, "/ascolto/contributi/%lld",
                                               (long long)t->voices[i].id)));
}

enum rg_err
plan_check_thread(struct rg_ctx *ctx, struct plan_finding **ret, size_t *ret_n)
{
    struct plan_world world;
    struct thread_read t = {0};
    struct report r = {.ctx = ctx};
    enum rg_err err = plan_world_read(ctx, &world);
    if (err == RG_OK)
        err = voices_read(ctx, &t);
    if (err == RG_OK)
        err = codings_read(ctx, &t);
    if (err == RG_OK)
        err = elements_read(ctx, &world, &t);
    if (err == RG_OK)
        err = origins_read(ctx, &world, &t);
    if (err != RG_OK)
        return err;
    thread_findings(&r, &world, &t);
    duties_check(&r, &world);
    *ret = r.p;
    *ret_n = r.n;
    return r.err;
}

/* ---- the plan ---- */

static void
faults_findings(struct report *r, const struct plan_world *world)
{
    struct plan_faults faults;
    r->err = plan_validate(r->ctx, world, &faults);
    for (size_t i = 0; r->err == RG_OK && i < faults.n; i++) {
        const struct plan_fault *f = &faults.p[i];
        const struct plan_table_def *def = &plan_tables[f->table];
        const struct plan_row *row = &world->t[f->table].p[f->row];
        struct str words = plan_fault_words(r->ctx, f);
        const char *why = rg_arena_printf(r->ctx->arena, "%s: %.*s",
                                          def->columns[f->column].name, STR_ARG(words));
        const char *code = rg_arena_printf(r->ctx->arena, "%.*s", STR_ARG(row->v[def->key[0]]));
        if (f->table == PLAN_ELEMENTS)
            element_finding(r, "row", row, str_of(why ? why : ""));
        else
            finding_add(r, "row", def->name, str_of(code ? code : ""), str_of(why ? why : ""),
                        STR_NONE);
    }
}

void
plan_smart_of(const struct plan_world *world, const struct plan_row *objective,
              struct plan_smart *ret)
{
    *ret = (struct plan_smart){objective->v[OB_MEASURE],
                               objective->v[OB_UNIT],
                               objective->v[OB_BASELINE],
                               objective->v[OB_TARGET],
                               objective->v[OB_TARGET_DAY],
                               objective->v[OB_RELEVANCE],
                               .has_owner = objective->v[OB_OWNER].n > 0};
    struct str element = objective->v[OB_ELEMENT];
    for (size_t i = 0; i < world->t[PLAN_ORIGINS].n; i++)
        ret->has_origin |= str_eq(world->t[PLAN_ORIGINS].p[i].v[OR_ELEMENT], element);
    for (size_t i = 0; i < world->t[PLAN_STEPS].n; i++) {
        const struct plan_row *step = &world->t[PLAN_STEPS].p[i];
        if (!str_eq(step->v[ST_ELEMENT], element))
            continue;
        ret->has_owner |= step->v[ST_OWNER].n > 0;
        ret->has_money |= step->v[ST_MONEY_CENTS].n > 0;
    }
}

struct str
plan_smart_words(struct rg_ctx *ctx, unsigned missing)
{
    static const char *const keys[] = {"plan.smart.measure",  "plan.smart.unit",
                                       "plan.smart.baseline", "plan.smart.target",
                                       "plan.smart.means",    "plan.smart.relevance",
                                       "plan.smart.day",      "plan.smart.move"};
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 4096);
    for (size_t i = 0; i < RG_COUNT(keys); i++)
        if (missing & 1u << i) {
            if (out.n)
                rg_buf_lit(&out, "; ");
            rg_buf_str(&out, wording_text(ctx->lang, keys[i]));
        }
    struct str words = rg_arena_str(ctx->arena, rg_buf_view(&out));
    return words.p ? words : STR("");
}

static void
objectives_check(struct report *r, const struct plan_world *world)
{
    for (size_t i = 0; i < world->t[PLAN_OBJECTIVES].n; i++) {
        const struct plan_row *row = &world->t[PLAN_OBJECTIVES].p[i];
        struct plan_smart smart;
        plan_smart_of(world, row, &smart);
        unsigned missing = plan_smart_check(&smart);
        if (!missing)
            continue;
        const char *code = rg_arena_printf(
            r->ctx->arena, "%.*s#%.*s", STR_ARG(row->v[OB_ELEMENT]), STR_ARG(row->v[OB_CODE]));
        finding_add(r, "objective_not_smart", "objective", str_of(code ? code : ""),
                    plan_smart_words(r->ctx, missing),
                    element_path(r->ctx, row->v[OB_ELEMENT]));
    }
}

bool
plan_step_done(const struct plan_row *step)
{
    return str_is(step->v[ST_STATE], "done");
}

static void
steps_check(struct report *r, const struct plan_world *world)
{
    int64_t today = plan_today(r->ctx);
    for (size_t i = 0; i < world->t[PLAN_STEPS].n; i++) {
        const struct plan_row *row = &world->t[PLAN_STEPS].p[i];
        int64_t first, last, from, unused;
        const char *code = rg_arena_printf(
            r->ctx->arena, "%.*s#%.*s", STR_ARG(row->v[ST_ELEMENT]), STR_ARG(row->v[ST_CODE]));
        struct str path = element_path(r->ctx, row->v[ST_ELEMENT]);
        if (!plan_step_done(row) && plan_day_parse(row->v[ST_TO_DAY], &first, &last) &&
            last < today)
            finding_add(r, "step_late", "step", str_of(code ? code : ""), row->v[ST_TO_DAY],
                        path);
        struct str rest = row->v[ST_NEEDS], item;
        while (plan_item_next(&rest, &item)) {
            uint32_t before = plan_step_of(world, r->ctx, row, item);
            if (before != PLAN_NONE && plan_day_parse(row->v[ST_FROM_DAY], &from, &unused) &&
                plan_day_parse(world->t[PLAN_STEPS].p[before].v[ST_TO_DAY], &first, &last) &&
                from < first)
                finding_add(r, "step_before_need", "step", str_of(code ? code : ""), item,
                            path);
        }
    }
}

static void
deadlines_check(struct report *r, const struct plan_world *world)
{
    int64_t today = plan_today(r->ctx);
    for (size_t i = 0; i < world->t[PLAN_DEADLINES].n; i++) {
        const struct plan_row *row = &world->t[PLAN_DEADLINES].p[i];
        int64_t first, last, lead = 0, left;
        const struct plan_row *element = plan_world_element(world, row->v[DE_ELEMENT]);
        if (!plan_day_parse(row->v[DE_DAY], &first, &last))
            continue;
        plan_int(row, DE_LEAD_DAYS, &lead);
        bool done = element && str_is(element->v[EL_STATE], "done");
        enum plan_risk risk = plan_deadline_risk(today, last, lead, done, &left);
        if (risk == PLAN_RISK_PAST || risk == PLAN_RISK_LATE)
            finding_add(r, risk == PLAN_RISK_PAST ? "deadline_past" : "deadline_late",
                        "deadline", row->v[DE_CODE], row->v[DE_DAY], STR("/piano/scadenze"));
    }
    for (size_t i = 0; i < world->t[PLAN_REQUESTS].n; i++) {
        const struct plan_row *row = &world->t[PLAN_REQUESTS].p[i];
        int64_t first, last;
        if (!row->v[RQ_ADDRESSEE].n)
            finding_add(r, "request_no_addressee", "request", row->v[RQ_CODE], row->v[RQ_TITLE],
                        STR("/piano/richieste"));
        if (!row->v[RQ_ANSWER].n && plan_day_parse(row->v[RQ_DUE_DAY], &first, &last) &&
            last < today)
            finding_add(r, "request_unanswered", "request", row->v[RQ_CODE], row->v[RQ_DUE_DAY],
                        STR("/piano/richieste"));
    }
    for (size_t i = 0; i < world->t[PLAN_ACTS].n; i++) {
        const struct plan_row *row = &world->t[PLAN_ACTS].p[i];
        int64_t quorum, present;
        if (plan_int(row, AC_QUORUM, &quorum) && plan_int(row, AC_N_PRESENT, &present) &&
            present < quorum)
            finding_add(r, "act_no_quorum", "act", row->v[AC_CODE], row->v[AC_QUORUM],
                        STR("/piano/atti"));
    }
}

enum rg_err
plan_check_plan(struct rg_ctx *ctx, struct plan_finding **ret, size_t *ret_n)
{
    struct plan_world world;
    struct report r = {.ctx = ctx};
    enum rg_err err = plan_world_read(ctx, &world);
    if (err != RG_OK)
        return err;
    faults_findings(&r, &world);
    if (r.err == RG_OK)
        objectives_check(&r, &world);
    if (r.err == RG_OK)
        duties_check(&r, &world);
    if (r.err == RG_OK)
        steps_check(&r, &world);
    if (r.err == RG_OK)
        deadlines_check(&r, &world);
    *ret = r.p;
    *ret_n = r.n;
    return r.err;
}

void
plan_findings_json(struct rg_buf *out, const struct plan_finding *findings, size_t n)
{
    struct rg_jw jw;
    rg_jw_init(&jw, out);
    rg_jw_object(&jw);
    rg_jw_key(&jw, "findings");
    rg_jw_array(&jw);
    for (size_t i = 0; i < n; i++) {
        const struct plan_finding *f = &findings[i];
        const struct {
            const char *key;
            struct str value;
        } members[] = {{"check", str_of(f->check)}, {"what", f->what},
                       {"code", f->code},           {"why", f->why},
                       {"remedy", f->remedy},       {"path", f->path}};
        rg_jw_object(&jw);
        for (size_t m = 0; m < RG_COUNT(members); m++) {
            rg_jw_key(&jw, members[m].key);
            rg_jw_str(&jw, members[m].value);
        }
        rg_jw_end_object(&jw);
    }
    rg_jw_end_array(&jw);
    rg_jw_key(&jw, "n");
    rg_jw_i64(&jw, (int64_t)n);
    rg_jw_end_object(&jw);
}
