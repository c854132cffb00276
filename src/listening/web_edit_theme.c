/* Themes made, renamed, parked, merged, split: each with a trace, and no address is lost. */
#include "listening/edit.h"
#include "listening_sql.h"
#include "listening_tmpl.h"

enum { IN_CODE, IN_REV, IN_TITLE, IN_AXIS, IN_SUMMARY, IN_PARKED, IN_WHY };
enum { IN_INTO = 1, IN_MERGE_WHY };
enum { IN_NEW_CODE = 1, IN_NEW_TITLE, IN_SPLIT_WHY, IN_POSITION, IN_VOICES };
enum { IN_POS_CODE = 1, IN_POS_TITLE, IN_POS_TEXT };

static enum rg_err
theme_open(struct rg_ctx *ctx, struct str code, struct listening_sql_theme_get_row *ret)
{
    bool found;
    enum rg_err err = listening_sql_theme_get(ctx, code, &found, ret);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.no_theme");
    if (err == RG_OK && ret->into_code.n)
        err = RG_FAIL(ctx, RG_CONFLICT, "listening.edit.merged_already", "title",
                      rg_arena_cstr(ctx->arena, ret->into_title));
    return err;
}

static enum rg_err
to_theme(struct rg_ctx *ctx, struct web_answer *ans, struct str code)
{
    const char *path = rg_arena_printf(ctx->arena, "/ascolto/temi/%.*s", STR_ARG(code));
    return web_see_other(ctx, ans, path ? path : "/ascolto/temi");
}

/* End a write: all of it, or nothing when something went wrong. */
static enum rg_err
settle(struct rg_ctx *ctx, enum rg_err err)
{
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

static const struct store_int none = {0};

/* ---- the form ---- */

static enum rg_err
choices_fill(struct rg_ctx *ctx, struct edit_theme *form)
{
    struct listening_sql_theme_list_row *themes;
    struct listening_sql_theme_voices_row *voices;
    struct listening_sql_theme_positions_row *positions;
    size_t n_themes, n_voices, n_positions;
    enum rg_err err = listening_sql_theme_list(ctx, &themes, &n_themes);
    if (err == RG_OK)
        err = listening_sql_theme_voices(ctx, form->id, &voices, &n_voices);
    if (err == RG_OK)
        err = listening_sql_theme_positions(ctx, form->id, &positions, &n_positions);
    if (err != RG_OK)
        return err;
    struct web_option *others = RG_ARRAY(ctx->arena, struct web_option, n_themes);
    struct web_option *said = RG_ARRAY(ctx->arena, struct web_option, n_voices);
    struct web_option *sides = RG_ARRAY(ctx->arena, struct web_option, n_positions + 1);
    if (!others || !said || !sides)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n_themes; i++)
        if (themes[i].id != form->id)
            others[form->n_others++] =
                (struct web_option){themes[i].code, themes[i].title, false};
    for (size_t i = 0; i < n_voices; i++)
        said[i] = (struct web_option){voices[i].code, voices[i].text, false};
    sides[0] = (struct web_option){STR(""),
                                   wording_text(ctx->lang, "listening.edit.no_position"), true};
    for (size_t i = 0; i < n_positions; i++)
        sides[i + 1] = (struct web_option){positions[i].code, positions[i].title, false};
    form->others = others;
    form->voices = said;
    form->n_voices = n_voices;
    form->positions = sides;
    form->n_positions = n_positions ? n_positions + 1 : 0;
    return RG_OK;
}

struct sent {
    struct str code, title, axis, summary, why;
    const char *code_error, *title_error;
};

static enum rg_err
form_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
            struct edit_theme *form, const struct sent *sent)
{
    struct web_field_error *errors = RG_ARRAY(ctx->arena, struct web_field_error, 2);
    struct web_field *code =
        said_edit_field(ctx, "codice", "listening.col.code", sent->code, sent->code_error);
    struct web_field *title =
        said_edit_field(ctx, "titolo", "listening.col.title", sent->title, sent->title_error);
    struct web_field *axis =
        said_edit_field(ctx, "asse", "listening.col.axis", sent->axis, NULL);
    struct web_field *summary =
        said_edit_field(ctx, "sintesi", "listening.col.summary", sent->summary, NULL);
    struct web_field *why =
        said_edit_field(ctx, "motivo", "listening.edit.why", sent->why, NULL);
    if (!errors || !code || !title || !axis || !summary || !why)
        return RG_NO_MEMORY(ctx);
    code->hint = wording_text(ctx->lang, "listening.edit.code_hint");
    axis->hint = wording_text(ctx->lang, "listening.edit.axis_hint");
    code->required = title->required = true;
    axis->optional = summary->optional = why->optional = true;
    axis->narrow = true;
    if (sent->code_error)
        errors[form->n_errors++] = (struct web_field_error){"codice", code->error};
    if (sent->title_error)
        errors[form->n_errors++] = (struct web_field_error){"titolo", title->error};
    form->errors = errors;
    form->code_field = code;
    form->title = title;
    form->axis = axis;
    form->summary = summary;
    form->why = why;
    enum rg_err err = form->is_new ? RG_OK : choices_fill(ctx, form);
    if (err != RG_OK)
        return err;
    struct web_frame frame = {
        .title = form->is_new
                     ? wording_text(ctx->lang, "listening.theme.new")
                     : web_words(ctx, "listening.edit.theme", "title", &form->name, NULL),
        .no_index = true};
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_edit_theme(h, form);
    return web_page_close(ctx, req, ans);
}

enum rg_err
said_theme_new(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct edit_theme form = {.is_new = true};
    const struct sent sent = {STR(""), STR(""), STR(""), STR(""), STR(""), NULL, NULL};
    return form_answer(ctx, req, ans, &form, &sent);
}

enum rg_err
said_theme_edit(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_theme_get_row row;
    enum rg_err err = theme_open(ctx, web_text(req, IN_CODE), &row);
    if (err != RG_OK)
        return err;
    struct edit_theme form = {.code = row.code,
                              .name = row.title,
                              .id = row.id,
                              .rev = row.rev,
                              .parked = row.parked};
    const struct sent sent = {row.code, row.title, row.axis, row.summary, STR(""), NULL, NULL};
    return form_answer(ctx, req, ans, &form, &sent);
}

static bool
code_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              s.p[i] == '-'))
            return false;
    return s.n > 0 && s.n <= 60 && !str_is(s, "nuovo");
}

static struct sent
sent_of(const struct web_request *req)
{
    return (struct sent){web_text(req, IN_CODE),
                         web_text(req, IN_TITLE),
                         web_text(req, IN_AXIS),
                         web_text(req, IN_SUMMARY),
                         web_text(req, IN_WHY),
                         req->values[IN_CODE].problem_key,
                         req->values[IN_TITLE].problem_key};
}

enum rg_err
said_theme_add(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct edit_theme form = {.is_new = true};
    struct sent sent = sent_of(req);
    if (!sent.code_error && !code_ok(sent.code))
        sent.code_error = "listening.edit.bad_code";
    struct listening_sql_theme_get_row row;
    bool found = false;
    enum rg_err err = listening_sql_theme_get(ctx, sent.code, &found, &row);
    if (err == RG_OK && found && !sent.code_error)
        sent.code_error = "listening.edit.code_taken";
    if (err == RG_OK && (sent.code_error || sent.title_error)) {
        ans->status = 400;
        return form_answer(ctx, req, ans, &form, &sent);
    }
    if (err == RG_OK)
        err = store_write_begin(ctx, said_edit_reason(ctx, sent.why, "theme-new"));
    if (err == RG_OK)
        err =
            listening_sql_theme_add(ctx, sent.code, sent.axis, sent.title, sent.summary, NULL);
    err = settle(ctx, err);
    return err == RG_OK ? to_theme(ctx, ans, sent.code) : err;
}

enum rg_err
said_theme_save(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_theme_get_row row;
    struct sent sent = sent_of(req);
    int64_t n = 0;
    enum rg_err err = theme_open(ctx, sent.code, &row);
    if (err != RG_OK)
        return err;
    struct edit_theme form = {.code = row.code,
                              .name = row.title,
                              .id = row.id,
                              .rev = row.rev,
                              .parked = web_int(req, IN_PARKED) != 0};
    if (req->n_problems > 0) {
        ans->status = 400;
        return form_answer(ctx, req, ans, &form, &sent);
    }
    err = store_write_begin(ctx, said_edit_reason(ctx, sent.why, "theme-edit"));
    if (err == RG_OK)
        err = listening_sql_theme_set(ctx, row.id, web_int(req, IN_REV), sent.axis, sent.title,
                                      sent.summary, form.parked, &n);
    if (err == RG_OK && n == 1 && !str_eq(sent.title, row.title))
        err = listening_sql_trace_add(ctx, row.id, STR("renamed"), none, row.title, sent.why,
                                      ctx->now_s, NULL);
    if (err == RG_OK && n == 1)
        return (err = settle(ctx, err)) == RG_OK ? to_theme(ctx, ans, row.code) : err;
    store_write_rollback(ctx);
    if (err != RG_OK)
        return err;
    form.conflict = true;
    form.now_title = row.title;
    form.now_summary = row.summary;
    form.yours_title = sent.title;
    form.yours_summary = sent.summary;
    ans->status = 409;
    return form_answer(ctx, req, ans, &form, &sent);
}

/* ---- merging ---- */

/* Positions go over under a code that is free there: "a" may become "a2". */
static enum rg_err
positions_move(struct rg_ctx *ctx, int64_t from_id, int64_t into_id)
{
    struct listening_sql_theme_positions_row *ours, *theirs;
    size_t n_ours, n_theirs;
    enum rg_err err = listening_sql_theme_positions(ctx, from_id, &ours, &n_ours);
    if (err == RG_OK)
        err = listening_sql_theme_positions(ctx, into_id, &theirs, &n_theirs);
    for (size_t i = 0; err == RG_OK && i < n_ours; i++) {
        struct str code = ours[i].code;
        bool taken = true;
        for (int round = 2; taken; round++) {
            taken = false;
            for (size_t k = 0; k < n_theirs; k++)
                taken |= str_eq(theirs[k].code, code);
            for (size_t k = 0; k < n_ours; k++)
                taken |= k != i && str_eq(ours[k].code, code);
            if (taken)
                code =
                    str_of(rg_arena_printf(ctx->arena, "%.*s%d", STR_ARG(ours[i].code), round));
            if (!code.p)
                return RG_NO_MEMORY(ctx);
        }
        ours[i].code = code;
        err = listening_sql_merge_position_move(ctx, ours[i].id, into_id, code, NULL);
    }
    return err;
}

static enum rg_err
merge(struct rg_ctx *ctx, const struct listening_sql_theme_get_row *from,
      const struct listening_sql_theme_get_row *into, struct str why)
{
    enum rg_err err = listening_sql_voices_touch_of_theme(ctx, from->id, NULL);
    if (err == RG_OK)
        err = positions_move(ctx, from->id, into->id);
    if (err == RG_OK)
        err = listening_sql_merge_coding_drop(ctx, from->id, into->id, NULL);
    if (err == RG_OK)
        err = listening_sql_merge_coding_move(ctx, from->id, into->id, NULL);
    if (err == RG_OK)
        err = listening_sql_merge_follow(ctx, from->id, into->id, NULL);
    if (err == RG_OK)
        err = listening_sql_merge_set(ctx, from->id, into->id, NULL);
    if (err == RG_OK)
        err = listening_sql_theme_touch(ctx, into->id, NULL);
    if (err == RG_OK)
        err = listening_sql_trace_add(ctx, into->id, STR("merged"),
                                      (struct store_int){true, from->id}, from->title, why,
                                      ctx->now_s, NULL);
    return err;
}

enum rg_err
said_theme_merge(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_theme_get_row from, into;
    enum rg_err err = theme_open(ctx, web_text(req, IN_CODE), &from);
    if (err == RG_OK && str_eq(web_text(req, IN_INTO), from.code))
        err = RG_FAIL(ctx, RG_INVALID, "listening.edit.into_itself");
    if (err == RG_OK)
        err = theme_open(ctx, web_text(req, IN_INTO), &into);
    if (err == RG_OK)
        err = store_write_begin(
            ctx, said_edit_reason(ctx, web_text(req, IN_MERGE_WHY), "theme-merge"));
    if (err == RG_OK)
        err = merge(ctx, &from, &into, web_text(req, IN_MERGE_WHY));
    err = settle(ctx, err);
    return err == RG_OK ? to_theme(ctx, ans, into.code) : err;
}

/* ---- splitting ---- */

static enum rg_err
split_position(struct rg_ctx *ctx, int64_t from_id, int64_t into_id, struct str code,
               int64_t *n)
{
    struct listening_sql_theme_positions_row *rows;
    size_t n_rows;
    enum rg_err err = listening_sql_theme_positions(ctx, from_id, &rows, &n_rows);
    for (size_t i = 0; err == RG_OK && i < n_rows; i++) {
        if (!str_eq(rows[i].code, code))
            continue;
        err = listening_sql_split_position_coding(ctx, rows[i].id, into_id, n);
        if (err == RG_OK)
            err = listening_sql_split_position_move(ctx, rows[i].id, into_id, NULL);
        ++*n;
    }
    return err;
}

static enum rg_err
split(struct rg_ctx *ctx, const struct web_request *req,
      const struct listening_sql_theme_get_row *from)
{
    struct listening_sql_theme_get_row made;
    const struct web_value *voices = &req->values[IN_VOICES];
    int64_t n_all = 0, n = 0;
    bool found;
    enum rg_err err = listening_sql_theme_add(ctx, web_text(req, IN_NEW_CODE), from->axis,
                                              web_text(req, IN_NEW_TITLE), STR(""), NULL);
    if (err == RG_OK)
        err = listening_sql_theme_get(ctx, web_text(req, IN_NEW_CODE), &found, &made);
    if (err == RG_OK && web_given(req, IN_POSITION))
        err = split_position(ctx, from->id, made.id, web_text(req, IN_POSITION), &n_all);
    for (size_t i = 0; err == RG_OK && i < voices->n; i++) {
        err = listening_sql_split_coding_move(ctx, from->id, made.id, voices->list[i], &n);
        n_all += n;
    }
    if (err == RG_OK && n_all == 0)
        err = RG_FAIL(ctx, RG_INVALID, "listening.edit.split_nothing");
    if (err == RG_OK)
        err = listening_sql_voices_touch_of_theme(ctx, made.id, NULL);
    if (err == RG_OK)
        err = listening_sql_theme_touch(ctx, from->id, NULL);
    if (err == RG_OK)
        err = listening_sql_trace_add(ctx, made.id, STR("split"),
                                      (struct store_int){true, from->id}, from->title,
                                      web_text(req, IN_SPLIT_WHY), ctx->now_s, NULL);
    return err;
}

enum rg_err
said_theme_split(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_theme_get_row from, taken;
    bool found = false;
    struct str code = web_text(req, IN_NEW_CODE);
    enum rg_err err = theme_open(ctx, web_text(req, IN_CODE), &from);
    if (err == RG_OK && !code_ok(code))
        err = RG_FAIL(ctx, RG_INVALID, "listening.edit.bad_code_story");
    if (err == RG_OK)
        err = listening_sql_theme_get(ctx, code, &found, &taken);
    if (err == RG_OK && found)
        err = RG_FAIL(ctx, RG_CONFLICT, "listening.edit.code_taken_story", "code",
                      rg_arena_cstr(ctx->arena, code));
    if (err == RG_OK)
        err = store_write_begin(
            ctx, said_edit_reason(ctx, web_text(req, IN_SPLIT_WHY), "theme-split"));
    if (err == RG_OK)
        err = split(ctx, req, &from);
    err = settle(ctx, err);
    return err == RG_OK ? to_theme(ctx, ans, code) : err;
}

enum rg_err
said_theme_position(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_theme_get_row row;
    int64_t n = 0;
    enum rg_err err = theme_open(ctx, web_text(req, IN_CODE), &row);
    if (err == RG_OK && !code_ok(web_text(req, IN_POS_CODE)))
        err = RG_FAIL(ctx, RG_INVALID, "listening.edit.bad_code_story");
    if (err == RG_OK)
        err = store_write_begin(ctx, "theme-position");
    if (err == RG_OK)
        err = listening_sql_position_put(ctx, row.id, web_text(req, IN_POS_CODE),
                                         web_text(req, IN_POS_TITLE),
                                         web_text(req, IN_POS_TEXT), &n);
    if (err == RG_OK && n > 0)
        err = listening_sql_theme_touch(ctx, row.id, NULL);
    err = settle(ctx, err);
    return err == RG_OK ? to_theme(ctx, ans, row.code) : err;
}
