/* What other rooms and the public ask: the fate of a voice, the plan in plain sentences. */
#include "plan/surface.h"
#include "plan_sql.h"
#include "plan_tmpl.h"

/* ---- fates ---- */

static const char *
fate_state(struct str how)
{
    static const char *const states[] = {"answers",    "amends",       "takes_up",
                                         "measures",   "taken_up",     "parked",
                                         "other_body", "already_done", "not_taken_up"};
    for (size_t i = 0; i < RG_COUNT(states); i++)
        if (str_eq(how, str_of(states[i])))
            return states[i];
    return "taken_up";
}

static enum rg_err
fate_fill(struct rg_ctx *ctx, struct str how, struct str ref, struct str reason,
          struct plan_fate *fate)
{
    struct plan_sql_element_brief_row element;
    ptrdiff_t slash = str_find(ref, STR("/"));
    bool found = false;
    *fate = (struct plan_fate){.state = fate_state(how),
                               .label = plan_word(ctx, how),
                               .title = reason,
                               .path = ref.n ? plan_path(ctx, ref) : STR_NONE};
    if (slash < 0)
        return RG_OK;
    enum rg_err err = plan_sql_element_brief(
        ctx, str_n(ref.p, (size_t)slash), str_n(ref.p + slash + 1, ref.n - (size_t)slash - 1),
        &found, &element);
    if (err == RG_OK && found) {
        fate->title = PRINT(ctx, "%.*s %.*s", (int)(ref.n - (size_t)slash - 1),
                            ref.p + slash + 1, STR_ARG(element.title));
        fate->element_state = plan_word(ctx, element.state);
        fate->day = element.deadline.n ? element.deadline : STR_NONE;
    }
    return err;
}

enum rg_err
plan_fates_of_contribution(struct rg_ctx *ctx, int64_t contribution_id, struct plan_fate **ret,
                           size_t *ret_n)
{
    struct plan_sql_fates_of_voice_row *rows;
    size_t n;
    enum rg_err err = plan_sql_fates_of_voice(ctx, contribution_id, &rows, &n);
    struct plan_fate *fates = err == RG_OK ? RG_ARRAY(ctx->arena, struct plan_fate, n) : NULL;
    if (err == RG_OK && !fates)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        err = fate_fill(ctx, rows[i].how, rows[i].element, rows[i].reason, &fates[i]);
    if (err == RG_OK) {
        *ret = fates;
        *ret_n = n;
    }
    return err;
}

enum rg_err
plan_fates_of_theme(struct rg_ctx *ctx, int64_t theme_id, struct plan_fate **ret, size_t *ret_n)
{
    struct plan_sql_fates_of_theme_row *rows;
    size_t n;
    enum rg_err err = plan_sql_fates_of_theme(ctx, theme_id, &rows, &n);
    struct plan_fate *fates = err == RG_OK ? RG_ARRAY(ctx->arena, struct plan_fate, n) : NULL;
    if (err == RG_OK && !fates)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        err = fate_fill(ctx, rows[i].how, rows[i].element, rows[i].reason, &fates[i]);
    if (err == RG_OK) {
        *ret = fates;
        *ret_n = n;
    }
    return err;
}

/* ---- the summary ---- */

enum { SENTENCES_MAX = 60 };

struct telling {
    struct rg_ctx *ctx;
    struct plan_world world;
    struct plan_sentence *p;
    struct plan_summary summary;
};

static void
tell(struct telling *t, struct str text, struct str path, const char *source_key)
{
    if (t->summary.n_sentences < SENTENCES_MAX && text.n)
        t->p[t->summary.n_sentences++] =
            (struct plan_sentence){text, path, wording_text(t->ctx->lang, source_key)};
}

/* The newest plan that is not closed; else the newest. */
static const struct plan_row *
plan_now(const struct plan_world *world)
{
    const struct plan_row *best = NULL;
    int64_t best_year = 0;
    bool best_open = false;
    for (size_t i = 0; i < world->t[PLAN_PLANS].n; i++) {
        const struct plan_row *p = &world->t[PLAN_PLANS].p[i];
        bool open = !str_is(p->v[PL_STATE], "closed");
        int64_t year = 0;
        plan_int(p, PL_TO_YEAR, &year);
        if (!best || (open && !best_open) || (open == best_open && year > best_year)) {
            best = p;
            best_year = year;
            best_open = open;
        }
    }
    return best;
}

static void
tell_axes(struct telling *t, const struct plan_row *plan)
{
    const struct plan_rows *all = &t->world.t[PLAN_ELEMENTS];
    int64_t n_axes = 0;
    for (size_t i = 0; i < all->n; i++)
        n_axes += str_eq(all->p[i].v[EL_PLAN], plan->v[PL_CODE]) &&
                  str_is(all->p[i].v[EL_LEVEL], "axis");
    tell(t, web_words_n(t->ctx, "plan.say.axes", n_axes), plan_path(t->ctx, plan->v[PL_CODE]),
         "plan.say.from_plan");
    for (uint32_t a = 0; a < all->n; a++) {
        const struct plan_row *axis = &all->p[a];
        int64_t n = 0;
        if (!str_eq(axis->v[EL_PLAN], plan->v[PL_CODE]) || !str_is(axis->v[EL_LEVEL], "axis"))
            continue;
        for (uint32_t i = 0; i < all->n; i++)
            n += i != a && plan_axis_of(&t->world, i) == a;
        struct str name = axis->v[EL_ALT_TITLE].n ? axis->v[EL_ALT_TITLE] : axis->v[EL_TITLE];
        struct str below = n ? web_words_n(t->ctx, "plan.say.below", n) : STR("");
        struct str text = web_words(t->ctx, "plan.say.axis", "code", &axis->v[EL_CODE], "name",
                                    &name, "below", &below, NULL);
        tell(t, str_trim(text), plan_path(t->ctx, plan_element_ref(t->ctx, axis)),
             "plan.say.from_axis");
    }
}

static enum rg_err
tell_voices(struct telling *t)
{
    struct plan_sql_voice_counts_row counts;
    struct plan_finding *findings;
    size_t n;
    int64_t n_lost = 0;
    enum rg_err err = plan_sql_voice_counts(t->ctx, &counts);
    if (err == RG_OK && counts.n > 0)
        err = plan_check_thread(t->ctx, &findings, &n);
    if (err != RG_OK || counts.n == 0)
        return err;
    for (size_t i = 0; i < n; i++)
        n_lost += strcmp(findings[i].check, "voice_no_fate") == 0;
    tell(t, web_words_n(t->ctx, "plan.say.voices", counts.n), STR("/ascolto"),
         "plan.say.from_voices");
    tell(t, web_words_n(t->ctx, "plan.say.fates", counts.n - n_lost), STR("/piano/filo"),
         "plan.say.from_thread");
    if (n_lost)
        tell(t, web_words_n(t->ctx, "plan.say.lost", n_lost), STR("/piano/filo"),
             "plan.say.from_thread");
    return RG_OK;
}

static void
tell_states(struct telling *t, const struct plan_row *plan)
{
    static const struct {
        const char *state, *key;
    } said[] = {
        {"done", "plan.say.done"}, {"running", "plan.say.running"}, {"late", "plan.say.late"}};
    int64_t n_titles = 0;
    for (size_t k = 0; k < RG_COUNT(said); k++) {
        int64_t n = 0;
        for (size_t i = 0; i < t->world.t[PLAN_ELEMENTS].n; i++) {
            const struct plan_row *e = &t->world.t[PLAN_ELEMENTS].p[i];
            n += str_eq(e->v[EL_PLAN], plan->v[PL_CODE]) && !str_is(e->v[EL_LEVEL], "axis") &&
                 str_eq(e->v[EL_STATE], str_of(said[k].state));
        }
        if (n)
            tell(t, web_words_n(t->ctx, said[k].key, n),
                 PRINT(t->ctx, "/piano/elementi?piano=%.*s&stato=%s", STR_ARG(plan->v[PL_CODE]),
                       said[k].state),
                 "plan.say.from_elements");
        t->summary.n_done += k == 0 ? n : 0;
        t->summary.n_late += k == 2 ? n : 0;
    }
    for (size_t i = 0; i < t->world.t[PLAN_ELEMENTS].n; i++) {
        const struct plan_row *e = &t->world.t[PLAN_ELEMENTS].p[i];
        bool here = str_eq(e->v[EL_PLAN], plan->v[PL_CODE]);
        t->summary.n_elements += here;
        n_titles += here && !e->v[EL_TEXT].n && !str_is(e->v[EL_LEVEL], "axis");
    }
    if (n_titles)
        tell(t, web_words_n(t->ctx, "plan.say.titles", n_titles),
             plan_path(t->ctx, plan->v[PL_CODE]), "plan.say.from_plan");
}

static void
tell_deadlines(struct telling *t)
{
    const struct plan_row *next = NULL;
    int64_t next_left = INT64_MAX;
    for (size_t i = 0; i < t->world.t[PLAN_DEADLINES].n; i++) {
        const struct plan_row *d = &t->world.t[PLAN_DEADLINES].p[i];
        int64_t left = 0;
        enum plan_risk risk = plan_deadline_of(t->ctx, &t->world, d, &left);
        t->summary.n_near += risk == PLAN_RISK_NEAR || risk == PLAN_RISK_LATE;
        if (risk != PLAN_RISK_DONE && left >= 0 && left < next_left) {
            next = d;
            next_left = left;
        }
    }
    if (!next)
        return;
    struct str day = plan_day(t->ctx, next->v[DE_DAY]);
    tell(t,
         web_words(t->ctx, "plan.say.deadline", "day", &day, "title", &next->v[DE_TITLE], NULL),
         STR("/piano/scadenze"), "plan.say.from_deadlines");
}

static void
tell_others(struct telling *t)
{
    int64_t n = (int64_t)t->world.t[PLAN_REQUESTS].n, n_answered = 0, n_adopted = 0;
    for (size_t i = 0; i < t->world.t[PLAN_REQUESTS].n; i++)
        n_answered += t->world.t[PLAN_REQUESTS].p[i].v[RQ_ANSWER].n > 0;
    for (size_t i = 0; i < t->world.t[PLAN_ADOPTIONS].n; i++)
        n_adopted += str_is(t->world.t[PLAN_ADOPTIONS].p[i].v[AD_STATE], "adopted");
    if (n) {
        tell(t, web_words_n(t->ctx, "plan.say.requests", n), STR("/piano/richieste"),
             "plan.say.from_requests");
        tell(t,
             n_answered ? web_words_n(t->ctx, "plan.say.answers", n_answered)
                        : wording_text(t->ctx->lang, "plan.say.no_answers"),
             STR("/piano/richieste"), "plan.say.from_requests");
    }
    if (n_adopted)
        tell(t, web_words_n(t->ctx, "plan.say.adopted", n_adopted), STR("/piano/adozioni"),
             "plan.say.from_adoptions");
}

static int
readability(const struct telling *t)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf all;
    rg_buf_init(&all, 1024 * 1024);
    for (size_t i = 0; i < t->summary.n_sentences; i++) {
        rg_buf_str(&all, t->p[i].text);
        rg_buf_c(&all, '\n');
    }
    struct rg_gulpease g = {0};
    return !all.failed && rg_gulpease(rg_buf_view(&all), &g) ? (int)g.index : 0;
}

enum rg_err
plan_summary(struct rg_ctx *ctx, struct plan_summary *ret)
{
    struct telling t = {.ctx = ctx};
    t.p = RG_ARRAY(ctx->arena, struct plan_sentence, SENTENCES_MAX);
    enum rg_err err = t.p ? plan_world_read(ctx, &t.world) : RG_NO_MEMORY(ctx);
    if (err != RG_OK)
        return err;
    const struct plan_row *plan = plan_now(&t.world);
    t.summary.n_plans = (int64_t)t.world.t[PLAN_PLANS].n;
    if (plan) {
        tell(&t,
             web_words(ctx, "plan.say.plan", "title", &plan->v[PL_TITLE], "from",
                       &plan->v[PL_FROM_YEAR], "to", &plan->v[PL_TO_YEAR], NULL),
             plan_path(ctx, plan->v[PL_CODE]), "plan.say.from_plan");
        tell_axes(&t, plan);
    }
    err = tell_voices(&t);
    if (err == RG_OK && plan) {
        tell_states(&t, plan);
        tell_deadlines(&t);
        tell_others(&t);
    }
    t.summary.sentences = t.p;
    t.summary.gulpease = readability(&t);
    if (err == RG_OK)
        *ret = t.summary;
    return err;
}

static enum rg_err
summary_json(struct web_answer *ans, const struct plan_summary *s)
{
    struct rg_jw jw;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    rg_jw_object(&jw);
    rg_jw_key(&jw, "sentences");
    rg_jw_array(&jw);
    for (size_t i = 0; i < s->n_sentences; i++) {
        rg_jw_object(&jw);
        rg_jw_key(&jw, "text");
        rg_jw_str(&jw, s->sentences[i].text);
        rg_jw_key(&jw, "source");
        rg_jw_str(&jw, s->sentences[i].path);
        rg_jw_end_object(&jw);
    }
    rg_jw_end_array(&jw);
    rg_jw_key(&jw, "gulpease");
    rg_jw_i64(&jw, s->gulpease);
    rg_jw_end_object(&jw);
    return RG_OK;
}

HANDLER(page_summary)
{
    struct plan_summary summary;
    enum rg_err err = plan_summary(ctx, &summary);
    if (err != RG_OK)
        return err;
    if (req->form == WEB_JSON)
        return summary_json(ans, &summary);
    struct str index = PRINT(ctx, "%d", summary.gulpease), note = STR("");
    if (ctx->lang == RG_IT && summary.n_sentences)
        note = web_words(ctx, "plan.summary.gulpease", "index", &index, NULL);
    struct web_frame frame = {.title = wording_text(ctx->lang, "plan.summary.title")};
    const struct web_crumb crumbs[] = {{STR("/piano"), wording_text(ctx->lang, "plan.title")},
                                       {STR_NONE, frame.title}};
    web_crumbs(ctx, &frame, 2, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_plan_summary(h, &summary, note);
    return web_page_close(ctx, req, ans);
}
