/* An answer as JSON, as rows for CSV, GeoJSON and Atom, and as lines for a terminal. */
#include "finder/page.h"
#include <math.h>

enum { TEXT_MAX = 64 * 1024 }; /* one sentence with its arguments is far shorter */

static void
put_text(struct rg_jw *jw, const char *key, struct str value)
{
    rg_jw_key(jw, key);
    rg_jw_str(jw, value);
}

static void
put_understood(const struct finder *finder, const struct finder_answer *answer, struct rg_jw *jw)
{
    const struct territory_area *place = finder_place_area(finder, answer->place);
    struct str audience = str_of(finder_audience_code(answer->understood.audience));
    rg_jw_key(jw, "understood");
    rg_jw_object(jw);
    rg_jw_key(jw, "needs");
    rg_jw_array(jw);
    for (size_t i = 0; i < answer->n_needs; i++) {
        const struct finder_need_view *need = &answer->needs[i];
        rg_jw_object(jw);
        put_text(jw, "code", need->code);
        rg_jw_key(jw, "score");
        rg_jw_fixed(jw, need->score, 3);
        put_text(jw, "why", need->why);
        rg_jw_end_object(jw);
    }
    rg_jw_end_array(jw);
    put_text(jw, "place", place ? place->name : STR_NONE);
    put_text(jw, "audience", audience.n ? audience : STR_NONE);
    put_text(jw, "lang", str_of(finder_lang_tag(answer->understood.lang)));
    rg_jw_end_object(jw);
}

static struct str
open_word(enum finder_open open)
{
    return open == FINDER_OPEN_UNKNOWN ? STR_NONE
           : open == FINDER_OPEN_NOW   ? STR("open")
                                       : STR("closed");
}

static void
put_distance(struct rg_jw *jw, double distance_m) /* below 0: not known */
{
    rg_jw_key(jw, "distance_m");
    if (isfinite(distance_m) && distance_m >= 0)
        rg_jw_i64(jw, (int64_t)(distance_m + 0.5));
    else
        rg_jw_null(jw);
}

static void
put_service(struct rg_ctx *ctx, const struct finder *finder, const struct finder_answer *answer,
            const struct finder_hit *hit, struct rg_jw *jw, struct rg_buf *scratch)
{
    const char *path = rg_arena_printf(ctx->arena, "/servizi/%lld", (long long)hit->service_id);
    rg_jw_object(jw);
    put_text(jw, "id", hit->entry.uid);
    put_text(jw, "name", hit->entry.name);
    put_text(jw, "organization", hit->entry.organization.n ? hit->entry.organization : STR_NONE);
    rg_jw_key(jw, "score");
    rg_jw_fixed(jw, hit->score, 3);
    rg_jw_key(jw, "reasons");
    rg_jw_array(jw);
    for (size_t i = 0; i < hit->n_reasons; i++)
        rg_jw_str(jw, finder_reason_text(ctx, finder, answer, hit, hit->reasons[i], scratch));
    rg_jw_end_array(jw);
    put_distance(jw, hit->distance_m);
    put_text(jw, "open", open_word(hit->open));
    put_text(jw, "url", str_of(path ? path : ""));
    if (hit->entry.synthetic) {
        rg_jw_key(jw, "synthetic");
        rg_jw_bool(jw, true);
    }
    rg_jw_end_object(jw);
}

static void
put_beyond(struct rg_ctx *ctx, const struct finder_answer *answer, struct rg_jw *jw)
{
    rg_jw_key(jw, "serving_others");
    rg_jw_array(jw);
    for (size_t i = 0; i < answer->n_beyond; i++) {
        const struct finder_beyond *b = &answer->beyond[i];
        const char *path = rg_arena_printf(ctx->arena, "/servizi/%lld", (long long)b->service_id);
        rg_jw_object(jw);
        put_text(jw, "name", b->name);
        put_distance(jw, b->distance_m);
        put_text(jw, "url", str_of(path ? path : ""));
        rg_jw_end_object(jw);
    }
    rg_jw_end_array(jw);
}

void
finder_answer_members(struct rg_ctx *ctx, const struct finder *finder,
                      const struct finder_question *question, const struct finder_answer *answer,
                      struct rg_jw *jw)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf scratch;
    size_t n_lines;
    const struct finder_line *lines = finder_model_lines(finder->model, &n_lines);
    (void)question;
    rg_buf_init(&scratch, TEXT_MAX);
    put_understood(finder, answer, jw);
    rg_jw_key(jw, "emergency");
    rg_jw_array(jw);
    for (size_t i = 0; answer->understood.danger && i < answer->understood.n_lines; i++)
        rg_jw_str(jw, lines[answer->understood.line_ix[i]].number);
    rg_jw_end_array(jw);
    rg_jw_key(jw, "abstained");
    rg_jw_bool(jw, answer->abstained);
    rg_jw_key(jw, "services");
    rg_jw_array(jw);
    for (size_t i = 0; i < answer->n_hits; i++)
        put_service(ctx, finder, answer, &answer->hits[i], jw, &scratch);
    rg_jw_end_array(jw);
    if (answer->n_beyond)
        put_beyond(ctx, answer, jw);
}

void
finder_answer_json(struct rg_ctx *ctx, const struct finder *finder,
                   const struct finder_question *question, const struct finder_answer *answer,
                   struct rg_jw *jw)
{
    rg_jw_object(jw);
    finder_answer_members(ctx, finder, question, answer, jw);
    rg_jw_end_object(jw);
}

/* ---- rows ---- */

enum { COL_NUMBER, COL_ID, COL_NAME, COL_ORG, COL_PLACE, COL_SUMMARY, COL_WHY, COL_DISTANCE,
       COL_OPEN, COL_LAT, COL_LON, COL_VERIFIED, COL_UPDATED, COL__MAX };

static const struct web_listing_column columns[COL__MAX] = {
    [COL_NUMBER] = {"number", WEB_DATUM_INT, "finder.page.col.number"},
    [COL_ID] = {"id", WEB_DATUM_TEXT, "finder.page.col.id"},
    [COL_NAME] = {"name", WEB_DATUM_TEXT, "finder.page.col.name"},
    [COL_ORG] = {"organization", WEB_DATUM_TEXT, "finder.page.col.organization"},
    [COL_PLACE] = {"place", WEB_DATUM_TEXT, "finder.page.col.place"},
    [COL_SUMMARY] = {"summary", WEB_DATUM_TEXT, "finder.page.col.summary"},
    [COL_WHY] = {"reasons", WEB_DATUM_TEXT, "finder.page.col.why"},
    [COL_DISTANCE] = {"distance_m", WEB_DATUM_INT, "finder.page.col.distance"},
    [COL_OPEN] = {"open", WEB_DATUM_TEXT, "finder.page.col.open"},
    [COL_LAT] = {"latitude", WEB_DATUM_E7, "finder.page.col.lat"},
    [COL_LON] = {"longitude", WEB_DATUM_E7, "finder.page.col.lon"},
    [COL_VERIFIED] = {"verified", WEB_DATUM_DATE, "finder.page.col.verified"},
    [COL_UPDATED] = {"updated", WEB_DATUM_INSTANT, "finder.page.col.updated"},
};

static struct str
reasons_joined(struct rg_ctx *ctx, const struct finder *finder, const struct finder_answer *answer,
               const struct finder_hit *hit, struct rg_buf *scratch)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, TEXT_MAX);
    for (size_t i = 0; i < hit->n_reasons; i++) {
        if (i)
            rg_buf_lit(&out, "; ");
        rg_buf_str(&out, finder_reason_text(ctx, finder, answer, hit, hit->reasons[i], scratch));
    }
    return rg_arena_str(ctx->arena, rg_buf_view(&out));
}

static void
row_fill(struct rg_ctx *ctx, const struct finder *finder, const struct finder_answer *answer,
         const struct finder_hit *hit, struct web_datum *row, struct rg_buf *scratch)
{
    row[COL_NUMBER] = web_datum_int(hit->service_id);
    row[COL_ID] = web_datum_text(hit->entry.uid);
    row[COL_NAME] = web_datum_text(hit->entry.name);
    row[COL_ORG] = web_datum_text(hit->entry.organization);
    row[COL_PLACE] = web_datum_text(hit->entry.place);
    row[COL_SUMMARY] = web_datum_text(hit->entry.summary);
    row[COL_WHY] = web_datum_text(reasons_joined(ctx, finder, answer, hit, scratch));
    if (hit->distance_m >= 0)
        row[COL_DISTANCE] = web_datum_int((int64_t)(hit->distance_m + 0.5));
    row[COL_OPEN] = web_datum_text(open_word(hit->open));
    if (hit->spot_ix != SIZE_MAX) {
        row[COL_LAT] = web_datum_int(hit->entry.spots[hit->spot_ix].lat_e7);
        row[COL_LON] = web_datum_int(hit->entry.spots[hit->spot_ix].lon_e7);
    }
    if (hit->entry.verified_day >= 0)
        row[COL_VERIFIED] = web_datum_int(hit->entry.verified_day);
    row[COL_UPDATED] = web_datum_int(hit->entry.updated_s);
}

enum rg_err
finder_listing(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
               const struct finder *finder, const struct finder_answer *answer)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf scratch;
    struct web_datum *cells = RG_ARRAY(ctx->arena, struct web_datum, answer->n_hits * COL__MAX);
    struct web_listing list = {.name = "servizi",
                               .title = wording_text(ctx->lang, "finder.page.title"),
                               .columns = columns,
                               .n_columns = COL__MAX,
                               .cells = cells,
                               .n_rows = answer->n_hits,
                               .total = answer->total,
                               .page = answer->page,
                               .size = answer->size,
                               .id_column = COL_NUMBER,
                               .title_column = COL_NAME,
                               .text_column = COL_SUMMARY,
                               .updated_column = COL_UPDATED,
                               .lat_column = COL_LAT,
                               .lon_column = COL_LON,
                               .entry_path = "/servizi/"};
    if (!cells)
        return RG_NO_MEMORY(ctx);
    rg_buf_init(&scratch, TEXT_MAX);
    for (size_t i = 0; i < answer->n_hits; i++) {
        row_fill(ctx, finder, answer, &answer->hits[i], &cells[i * COL__MAX], &scratch);
        list.synthetic |= answer->hits[i].entry.synthetic;
    }
    return web_listing_answer(ctx, req, ans, &list);
}

/* ---- lines ---- */

static void
put_line(struct rg_buf *out, const char *before, struct str text)
{
    rg_buf_str(out, str_of(before));
    for (size_t i = 0; i < text.n; i++) { /* a record must not speak to the terminal */
        unsigned char c = (unsigned char)text.p[i];
        rg_buf_c(out, c < 0x20 || c == 0x7f ? ' ' : text.p[i]);
    }
    rg_buf_c(out, '\n');
}

static void
text_understood(struct rg_ctx *ctx, const struct finder *finder,
                const struct finder_answer *answer, struct rg_buf *scratch, struct rg_buf *out)
{
    const struct territory_area *place = finder_place_area(finder, answer->place);
    size_t n_lines;
    const struct finder_line *lines = finder_model_lines(finder->model, &n_lines);
    if (answer->understood.danger && answer->understood.n_lines) {
        put_line(out, "! ", wording_text(ctx->lang, "finder.danger.title"));
        for (size_t i = 0; i < answer->understood.n_lines; i++) {
            const struct finder_line *line = &lines[answer->understood.line_ix[i]];
            put_line(out, "! ", line->number);
            put_line(out, "    ", line->name[ctx->lang]);
        }
    }
    for (size_t i = 0; i < answer->n_needs; i++) {
        struct str label = finder_need_label(finder->model, answer->needs[i].need_ix, ctx->lang);
        put_line(out, "", finder_text(ctx, scratch, "finder.understood", "need", &label, NULL));
        if (answer->needs[i].why.n)
            put_line(out, "    ", finder_text(ctx, scratch, "finder.understood.words", "words",
                                              &answer->needs[i].why, NULL));
    }
    if (answer->abstained)
        put_line(out, "", wording_text(ctx->lang, "finder.abstained"));
    if (place) {
        struct str name = finder_area_text(ctx, place, scratch);
        put_line(out, "",
                 finder_text(ctx, scratch, "finder.page.chip.place", "place", &name, NULL));
        if (answer->n_beyond)
            put_line(out, "",
                     finder_text(ctx, scratch, "finder.page.none_here", "place", &name, NULL));
    }
    for (size_t i = 0; i < answer->n_beyond; i++) {
        const struct finder_beyond *b = &answer->beyond[i];
        put_line(out, "   - ", b->name);
        if (isfinite(b->distance_m) && b->distance_m >= 0) {
            rg_buf_lit(out, "     ");
            wording_distance(out, ctx->lang, (int64_t)(b->distance_m + 0.5));
            rg_buf_c(out, '\n');
        }
    }
}

void
finder_answer_text(struct rg_ctx *ctx, const struct finder *finder,
                   const struct finder_question *question, const struct finder_answer *answer,
                   struct rg_buf *out)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf scratch;
    (void)question;
    rg_buf_init(&scratch, TEXT_MAX);
    text_understood(ctx, finder, answer, &scratch, out);
    put_line(out, "", web_words_n(ctx, "finder.page.count", answer->total));
    for (size_t i = 0; i < answer->n_hits; i++) {
        const struct finder_hit *hit = &answer->hits[i];
        rg_buf_c(out, '\n');
        rg_buf_i64(out, (answer->page - 1) * answer->size + (int64_t)i + 1);
        put_line(out, ". ", hit->entry.name);
        if (hit->entry.synthetic)
            put_line(out, "   ", wording_text(ctx->lang, "web.frame.demo_badge"));
        if (hit->entry.organization.n)
            put_line(out, "   ", hit->entry.organization);
        put_line(out, "   ", finder_open_text(ctx, hit, &scratch));
        for (size_t r = 0; r < hit->n_reasons; r++)
            put_line(out, "   - ",
                     finder_reason_text(ctx, finder, answer, hit, hit->reasons[r], &scratch));
    }
}
