/* Citizens' assemblies: the draw, the seats, recommendations and who must answer them. */
#include "listening/live.h"
#include "listening/live_pages.h"
#include "listening/sortition_file.h"
#include "listening_tmpl.h"

const struct web_input live_assembly_inputs[LIVE_ASSEMBLY_N] = {
    {.name = "codice", .max = 60, .required = true},
    {.name = "fatto", .max = 20},
};
enum { DRAW_CODE, DRAW_PEOPLE, DRAW_QUOTAS, DRAW_SEED, DRAW_SIZE };
const struct web_input live_draw_inputs[LIVE_DRAW_N] = {
    [DRAW_CODE] = {.name = "codice", .max = 60, .required = true},
    [DRAW_PEOPLE] = {.name = "persone", .max = 900 * 1024, .required = true,
                     .label_key = "listening.live.draw.people"},
    [DRAW_QUOTAS] = {.name = "quote", .max = 20000, .label_key = "listening.live.draw.quotas"},
    [DRAW_SEED] = {.name = "seme", .max = 200, .required = true,
                   .label_key = "listening.live.draw.seed"},
    [DRAW_SIZE] = {.name = "posti", .kind = WEB_IN_INT, .min = 1, .max = 2000, .required = true,
                   .label_key = "listening.live.draw.size"},
    [LIVE_DRAW_N - 1] = {.name = "fatto", .max = 20},
};
enum { REC_CODE, REC_TEXT, REC_FOR, REC_AGAINST, REC_ID, REC_ANSWER, REC_WHY, REC_BODY, REC_DAY };
static const char *const answers[] = {"waiting", "accepted", "partly", "refused", NULL};
const struct web_input live_recommend_inputs[LIVE_RECOMMEND_N] = {
    [REC_CODE] = {.name = "codice", .max = 60, .required = true},
    [REC_TEXT] = {.name = "testo", .max = 4000, .label_key = "listening.live.recommendation"},
    [REC_FOR] = {.name = "favorevoli", .kind = WEB_IN_INT, .min = 0, .max = 100000,
                 .label_key = "listening.live.votes_for"},
    [REC_AGAINST] = {.name = "contrari", .kind = WEB_IN_INT, .min = 0, .max = 100000,
                     .label_key = "listening.live.votes_against"},
    [REC_ID] = {.name = "id", .kind = WEB_IN_INT, .min = 1, .max = INT64_MAX},
    [REC_ANSWER] = {.name = "risposta", .kind = WEB_IN_CHOICE, .choices = answers,
                    .label_key = "listening.live.answer"},
    [REC_WHY] = {.name = "motivo", .max = 4000, .label_key = "listening.live.answer_text"},
    [REC_BODY] = {.name = "chi", .max = 200, .label_key = "listening.live.answer_body"},
    [REC_DAY] = {.name = "giorno", .kind = WEB_IN_DATE, .label_key = "listening.live.day"},
};

static enum rg_err
assembly_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans, bool staff,
              const struct live_place *place, struct str problem_text, struct str explanation)
{
    struct listening_sql_live_draw_last_row draw;
    struct listening_sql_live_proof_row proof;
    struct listening_sql_live_seats_row *seats;
    struct listening_sql_live_recommendations_row *recommendations;
    struct live_assembly_page page = {.code = place->event.code, .title = place->event.title,
                                      .staff = staff, .problem = problem_text,
                                      .explanation = explanation};
    enum rg_err err = listening_sql_live_draw_last(ctx, place->event.id, &page.drawn, &draw);
    if (err == RG_OK && page.drawn) {
        page.seed = draw.seed;
        page.method = draw.method;
        page.quotas = draw.quotas;
        page.digest = draw.pool_digest;
        page.size = draw.size;
        page.n_pool = draw.n_pool;
        page.drawn_s = draw.drawn_s;
        err = listening_sql_live_seats(ctx, draw.id, place->event.id, &seats, &page.n_seats);
        page.seats = seats;
        if (err == RG_OK)
            err = listening_sql_live_proof(ctx, draw.id, place->event.id, &page.proved, &proof);
    }
    if (err == RG_OK && page.proved) {
        const struct sortition_bounds bounds = {proof.bound_num, proof.bound_den, proof.all_num,
                                                proof.all_den};
        page.n_least = proof.n_least;
        page.n_most = proof.n_most;
        page.bound = sortition_bound_text(ctx, proof.n_least, &bounds);
        page.points = proof.points;
    }
    if (err == RG_OK)
        err = listening_sql_live_recommendations(ctx, place->event.id, &recommendations,
                                                 &page.n_recommendations);
    if (err != RG_OK)
        return err;
    page.recommendations = recommendations;
    page.answers =
        live_options(ctx, "answer_kind", answers, STR("waiting"), false, &page.n_answers);
    struct web_frame frame = {.title = wording_text(ctx->lang, "listening.live.assembly_title")};
    if (staff)
        live_frame(ctx, &frame, place, frame.title);
    else
        web_crumbs(ctx, &frame, 2, (const struct web_crumb[]){
            {STR("/ascolto"), wording_text(ctx->lang, "listening.title")},
            {STR_NONE, frame.title}});
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_live_assembly(h, &page);
    return web_page_close(ctx, req, ans);
}

/* A draft of an event is nobody's business yet. */
enum rg_err
live_assembly_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    enum rg_err err = live_event_open(ctx, web_text(req, 0), &place);
    bool shown = err == RG_OK && !str_is(place.event.state, "draft") &&
                 str_is(place.event.kind, "assembly");
    if (err == RG_OK && !shown)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.live.no_event");
    return err == RG_OK ? assembly_show(ctx, req, ans, false, &place, STR(""), STR("")) : err;
}

enum rg_err
live_assembly_staff_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    enum rg_err err = live_staff_open(ctx, web_text(req, 0), STR(""), &place);
    return err == RG_OK ? assembly_show(ctx, req, ans, true, &place, STR(""), STR("")) : err;
}

static enum rg_err
assembly_back(struct rg_ctx *ctx, struct web_answer *ans, const struct live_place *place)
{
    const char *path = rg_arena_printf(ctx->arena, "/gestione/eventi/%.*s/assemblea",
                                       STR_ARG(place->event.code));
    return path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
}

static enum rg_err
draw_keep(struct rg_ctx *ctx, const struct live_place *place, const struct sortition_pool *pool,
          struct str seed, const struct sortition_draw *d)
{
    struct listening_sql_live_draw_add_row added;
    struct str quotas = sortition_quotas_text(ctx, pool);
    struct str points = sortition_points_text(ctx, pool, &d->proof);
    struct sortition_bounds b = sortition_bounds(d);
    if (!quotas.p || !points.p)
        return RG_NO_MEMORY(ctx);
    enum rg_err err = store_write_begin(ctx, "assembly drawn");
    if (err == RG_OK)
        err = listening_sql_live_draw_add(ctx, place->event.id, STR(SORTITION_METHOD), seed,
                                          pool->world.size, (int64_t)pool->world.n_people,
                                          str_of(pool->digest), quotas, ctx->now_s, &added);
    if (err == RG_OK)
        err = listening_sql_live_proof_add(ctx, place->event.id, added.id, d->least, d->most, b.num,
                                           b.den, b.all_num, b.all_den, points, NULL);
    for (size_t i = 0; err == RG_OK && i < pool->world.size; i++)
        err = listening_sql_live_seat_add(ctx, place->event.id, added.id, (int64_t)i + 1,
                                          pool->ids[d->panel[i]],
                                          sortition_traits(ctx, pool, d->panel[i]), NULL);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

enum rg_err
live_draw_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    struct sortition_pool pool;
    struct sortition_outcome outcome;
    enum rg_err err = live_staff_open(ctx, web_text(req, DRAW_CODE), STR(""), &place);
    struct str quotas = web_given(req, DRAW_QUOTAS) ? web_text(req, DRAW_QUOTAS) : STR_NONE;
    if (err == RG_OK && !str_is(place.event.kind, "assembly"))
        err = RG_FAIL(ctx, RG_CONFLICT, "listening.live.no_assembly");
    if (err == RG_OK)
        err = sortition_pool_read(ctx, "persone", web_text(req, DRAW_PEOPLE), "quote", quotas,
                                  web_int(req, DRAW_SIZE), &pool);
    if (err == RG_OK)
        err = sortition_run(ctx, &pool, web_text(req, DRAW_SEED), NULL, &outcome);
    if (err != RG_OK)
        return err;
    if (outcome.result != SORTITION_DRAWN) {
        RG_CLEANUP(rg_buf_done) struct rg_buf out;
        rg_buf_init(&out, 64 * 1024);
        sortition_sentences(ctx, &out, &pool, &outcome);
        struct str said = rg_arena_str(ctx->arena, rg_buf_view(&out));
        ans->status = 409;
        return assembly_show(ctx, req, ans, true, &place,
                             wording_text(ctx->lang, "listening.live.draw.not_drawn"), said);
    }
    err = draw_keep(ctx, &place, &pool, web_text(req, DRAW_SEED), &outcome.draw);
    return err == RG_OK ? assembly_back(ctx, ans, &place) : err;
}

enum rg_err
live_recommend_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    bool answers_one = web_given(req, REC_ID);
    enum rg_err err = live_staff_open(ctx, web_text(req, REC_CODE), STR(""), &place);
    if (err == RG_OK && !answers_one && !web_given(req, REC_TEXT))
        err = RG_FAIL(ctx, RG_INVALID, "listening.live.recommendation_empty");
    /* An answer without its reasons is none: the assembly is owed them, above all with a no. */
    if (err == RG_OK && answers_one && web_int(req, REC_ANSWER) > 0 &&
        (!web_given(req, REC_WHY) || !web_given(req, REC_BODY)))
        err = RG_FAIL(ctx, RG_INVALID, "listening.live.answer_empty");
    if (err == RG_OK)
        err = store_write_begin(ctx, answers_one ? "recommendation answered" : "recommendation");
    if (err == RG_OK && answers_one)
        err = listening_sql_live_recommendation_answer(
            ctx, web_int(req, REC_ID), place.event.id, str_of(answers[web_int(req, REC_ANSWER)]),
            web_text(req, REC_WHY), web_text(req, REC_BODY), web_text(req, REC_DAY), NULL);
    else if (err == RG_OK)
        err = listening_sql_live_recommendation_add(
            ctx, place.event.id, web_text(req, REC_TEXT),
            (struct store_int){web_given(req, REC_FOR), web_int(req, REC_FOR)},
            (struct store_int){web_given(req, REC_AGAINST), web_int(req, REC_AGAINST)}, NULL);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err == RG_OK ? assembly_back(ctx, ans, &place) : err;
}
