/* Correcting a voice and what it is gathered under. Each save is one change set with its
 * reason; a save from an older version is refused with both texts in view, and nothing is lost.
 */
#include "listening/surface.h"
#include "listening/edit.h"
#include "listening_sql.h"
#include "listening_tmpl.h"

enum {
    IN_ID,
    IN_REV,
    IN_KIND,
    IN_TEXT,
    IN_QUOTE,
    IN_CATEGORY,
    IN_ZONE,
    IN_TERRITORY,
    IN_CONTESTS,
    IN_PARKED,
    IN_LOCAL,
    IN_STATE,
    IN_WHY
};
enum { IN_THEME = 1 };

const char *
said_edit_reason(struct rg_ctx *ctx, struct str why, const char *otherwise)
{
    const char *reason = why.n ? rg_arena_cstr(ctx->arena, why) : NULL;
    return reason ? reason : otherwise;
}

struct web_option *
said_edit_options(struct rg_ctx *ctx, const char *prefix, const char *const *codes,
                  struct str chosen, bool none, size_t *ret_n)
{
    size_t n = 0;
    while (codes[n])
        n++;
    struct web_option *options = RG_ARRAY(ctx->arena, struct web_option, n + 1);
    *ret_n = 0;
    if (options && none)
        options[(*ret_n)++] = (struct web_option){
            STR(""), wording_text(ctx->lang, "listening.edit.untold"), chosen.n == 0};
    for (size_t i = 0; options && i < n; i++)
        options[(*ret_n)++] =
            (struct web_option){str_of(codes[i]), said_label(ctx, prefix, str_of(codes[i])),
                                str_eq(str_of(codes[i]), chosen)};
    return options;
}

struct web_field *
said_edit_field(struct rg_ctx *ctx, const char *name, const char *label_key, struct str value,
                const char *error_key)
{
    struct web_field *field = RG_NEW(ctx->arena, struct web_field);
    if (field)
        *field = (struct web_field){.name = name,
                                    .label = wording_text(ctx->lang, label_key),
                                    .value = value,
                                    .error = error_key ? wording_text(ctx->lang, error_key)
                                                       : STR("")};
    return field;
}

/* ---- the form of a voice ---- */

static enum rg_err
form_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
            struct edit_voice *form)
{
    const struct said_voice *v = &form->yours;
    form->kinds =
        said_edit_options(ctx, "listening.kind.", said_kinds, v->kind, false, &form->n_kinds);
    form->categories = said_edit_options(ctx, "listening.category.", said_categories,
                                         v->category, true, &form->n_categories);
    form->territories = said_edit_options(ctx, "listening.territory.", said_territories,
                                          v->territory, true, &form->n_territories);
    form->states = said_edit_options(ctx, "listening.voicestate.", said_states, v->state, false,
                                     &form->n_states);
    form->text = said_edit_field(ctx, "testo", "listening.col.text", v->text, form->text_error);
    form->quote = said_edit_field(ctx, "citazione", "listening.edit.quote", v->quote, NULL);
    form->zone = said_edit_field(ctx, "zona", "listening.col.zone", v->zone, NULL);
    form->contests =
        said_edit_field(ctx, "contesta", "listening.col.contests", v->contests, NULL);
    form->why = said_edit_field(ctx, "motivo", "listening.edit.why", form->reason, NULL);
    if (!form->kinds || !form->categories || !form->territories || !form->states ||
        !form->text || !form->quote || !form->zone || !form->contests || !form->why)
        return RG_NO_MEMORY(ctx);
    ((struct web_field *)(uintptr_t)form->text)->required = true;
    ((struct web_field *)(uintptr_t)form->why)->optional = true;
    ((struct web_field *)(uintptr_t)form->contests)->optional = true;
    ((struct web_field *)(uintptr_t)form->quote)->optional = true;
    ((struct web_field *)(uintptr_t)form->zone)->optional = true;
    struct web_frame frame = {
        .title = web_words(ctx, "listening.edit.voice", "code", &form->now.code, NULL),
        .no_index = true};
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_edit_voice(h, form);
    return web_page_close(ctx, req, ans);
}

enum rg_err
said_voice_edit(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct edit_voice form = {0};
    enum rg_err err = said_voice_open(ctx, web_text(req, IN_ID), &form.now);
    form.yours = form.now;
    return err == RG_OK ? form_answer(ctx, req, ans, &form) : err;
}

static struct said_voice
voice_sent(const struct web_request *req, const struct said_voice *now)
{
    struct said_voice v = *now;
    v.rev = web_int(req, IN_REV);
    v.kind = web_text(req, IN_KIND);
    v.text = web_text(req, IN_TEXT);
    v.quote = web_text(req, IN_QUOTE);
    v.category = web_text(req, IN_CATEGORY);
    v.zone = web_text(req, IN_ZONE);
    v.territory = web_text(req, IN_TERRITORY);
    v.contests = web_text(req, IN_CONTESTS);
    v.parked = web_int(req, IN_PARKED) != 0;
    v.local_case = web_int(req, IN_LOCAL) != 0;
    v.state = web_given(req, IN_STATE) ? web_text(req, IN_STATE) : STR("said");
    return v;
}

static enum rg_err
voice_write(struct rg_ctx *ctx, const struct said_voice *v, const char *reason, bool *ret_first)
{
    int64_t n = 0;
    enum rg_err err = store_write_begin(ctx, reason);
    if (err == RG_OK)
        err = listening_sql_voice_set(ctx, v->id, v->rev, v->kind, v->text, v->quote,
                                      v->category, v->zone, v->territory, v->contests,
                                      v->parked, v->local_case, v->state, &n);
    *ret_first = n == 1;
    if (err == RG_OK && n == 1)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

enum rg_err
said_voice_save(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct edit_voice form = {.reason = web_text(req, IN_WHY)};
    bool first = false;
    enum rg_err err = said_voice_open(ctx, web_text(req, IN_ID), &form.now);
    if (err != RG_OK)
        return err;
    form.yours = voice_sent(req, &form.now);
    if (req->n_problems > 0) {
        form.text_error = req->values[IN_TEXT].problem_key;
        form.bad = true;
        form.yours.rev = form.now.rev;
        ans->status = 400;
        return form_answer(ctx, req, ans, &form);
    }
    err =
        voice_write(ctx, &form.yours, said_edit_reason(ctx, form.reason, "voice-edit"), &first);
    if (err == RG_OK && first)
        return web_see_other(ctx, ans, listening_voice_path(ctx, form.now.code));
    if (err == RG_OK) {
        /* Somebody was first: both texts are shown, the form keeps what was typed and may now
         * be sent on top of the other.                                                       */
        form.conflict = true;
        err = said_voice_open(ctx, web_text(req, IN_ID), &form.now);
        form.yours.rev = form.now.rev;
        ans->status = 409;
    }
    return err == RG_OK ? form_answer(ctx, req, ans, &form) : err;
}

/* ---- what it is gathered under ---- */

typedef enum rg_err (*change)(struct rg_ctx *ctx, const struct web_request *req,
                              const struct said_voice *v, int64_t *n);

/* Run one change of a voice's coding; without effect nothing is written. */
static enum rg_err
voice_change(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
             const char *reason, bool touch, change run)
{
    struct said_voice v;
    int64_t n = 0;
    enum rg_err err = said_voice_open(ctx, web_text(req, IN_ID), &v);
    if (err == RG_OK)
        err = store_write_begin(ctx, reason);
    if (err == RG_OK)
        err = run(ctx, req, &v, &n);
    if (err == RG_OK && n > 0 && touch)
        err = listening_sql_voice_touch(ctx, v.id, NULL);
    if (err == RG_OK && n > 0)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err == RG_OK ? web_see_other(ctx, ans, listening_voice_path(ctx, v.code)) : err;
}

static enum rg_err
run_code(struct rg_ctx *ctx, const struct web_request *req, const struct said_voice *v,
         int64_t *n)
{
    struct str position = web_text(req, IN_THEME), theme;
    struct listening_sql_pack_theme_end_row end;
    bool found = false;
    if (!str_cut(&position, '/', &theme))
        theme = STR("");
    enum rg_err err = listening_sql_pack_theme_end(ctx, theme, &found, &end);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.no_theme");
    if (err == RG_OK)
        err = listening_sql_coding_add_by_code(ctx, v->id, end.code,
                                               position.p ? position : STR(""), n);
    return err;
}

static enum rg_err
run_uncode(struct rg_ctx *ctx, const struct web_request *req, const struct said_voice *v,
           int64_t *n)
{
    return listening_sql_coding_remove(ctx, v->id, web_int(req, IN_THEME), n);
}

static enum rg_err
run_park(struct rg_ctx *ctx, const struct web_request *req, const struct said_voice *v,
         int64_t *n)
{
    return listening_sql_voice_park(ctx, v->id, web_int(req, IN_THEME) != 0, n);
}

enum rg_err
said_voice_code_under(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return voice_change(ctx, req, ans, "voice-code", true, run_code);
}

enum rg_err
said_voice_uncode(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return voice_change(ctx, req, ans, "voice-uncode", true, run_uncode);
}

enum rg_err
said_voice_park(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    bool park = web_int(req, IN_THEME) != 0;
    return voice_change(ctx, req, ans, park ? "voice-park" : "voice-unpark", false, run_park);
}
