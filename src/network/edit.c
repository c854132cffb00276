/* The pages that change a record: form, saving with conflict check, "still right". */
#include "network/edit.h"
#include "network_sql.h"
#include "network_tmpl.h"

/* ---- the fields, for the route and for the page ---- */

#define PHONE(i)                                                                              \
    [EDIT_PHONE + 2 * (i)] = {.name = "tel_" #i, .kind = WEB_IN_TEXT, .max = 80,              \
                              .label_key = "network.edit.label.phone"},                       \
    [EDIT_PHONE + 2 * (i) + 1] = {.name = "tel_nota_" #i, .kind = WEB_IN_TEXT, .max = 300,    \
                                  .label_key = "network.edit.label.phone_note"}
#define DAY(i, word)                                                                          \
    [EDIT_HOURS + 2 * (i)] = {.name = word "_1", .kind = WEB_IN_TEXT, .max = 40,              \
                              .label_key = "network.card.day." #i},                           \
    [EDIT_HOURS + 2 * (i) + 1] = {.name = word "_2", .kind = WEB_IN_TEXT, .max = 40,          \
                                  .label_key = "network.card.day." #i}
#define TEXT(input, bytes, label)                                                             \
    {.name = input, .kind = WEB_IN_TEXT, .max = bytes, .label_key = "network.edit.label." label}
#define AGE(input, label)                                                                     \
    {.name = input, .kind = WEB_IN_INT, .min = 0, .max = 150,                                 \
     .label_key = "network.edit.label." label}

const struct web_input edit_inputs[EDIT__MAX] = {
    [EDIT_ID] = {.name = "id", .kind = WEB_IN_TEXT, .max = 300, .required = true},
    [EDIT_VERSION] = {.name = "versione", .kind = WEB_IN_TEXT, .max = 32},
    [EDIT_WHY] = TEXT("motivo", 200, "why"),
    [EDIT_NAME] = TEXT("nome", 300, "name"),
    [EDIT_ALTERNATE] = TEXT("altro_nome", 300, "alternate"),
    [EDIT_DESCRIPTION] = TEXT("descrizione", WEB_TEXT_MAX, "description"),
    [EDIT_URL] = TEXT("sito", 1000, "url"),
    [EDIT_EMAIL] = TEXT("email", 254, "email"),
    PHONE(0), PHONE(1), PHONE(2), PHONE(3),
    [EDIT_STATUS] = {.name = "stato", .kind = WEB_IN_CHOICE, .choices = edit_statuses,
                     .label_key = "network.edit.label.status"},
    [EDIT_ALERT] = TEXT("avviso", 2000, "alert"),
    [EDIT_APPLICATION] = TEXT("come_fare", WEB_TEXT_MAX, "application"),
    [EDIT_FEES] = TEXT("costi", 4000, "fees"),
    [EDIT_ELIGIBILITY] = TEXT("a_chi", WEB_TEXT_MAX, "eligibility"),
    [EDIT_MIN_AGE] = AGE("eta_da", "min_age"),
    [EDIT_MAX_AGE] = AGE("eta_a", "max_age"),
    [EDIT_NEEDS] = TEXT("bisogni", 2000, "needs"),
    DAY(0, "lun"), DAY(1, "mar"), DAY(2, "mer"), DAY(3, "gio"), DAY(4, "ven"), DAY(5, "sab"),
    DAY(6, "dom"),
};

static const char *
hint_key(size_t field)
{
    switch (field) {
    case EDIT_WHY: return "network.edit.hint.why";
    case EDIT_NAME: return "network.edit.hint.name";
    case EDIT_URL: return "network.edit.hint.url";
    case EDIT_ALERT: return "network.edit.hint.alert";
    case EDIT_APPLICATION: return "network.edit.hint.application";
    case EDIT_NEEDS: return "network.edit.hint.needs";
    default: return NULL;
    }
}

static const char *
field_type(size_t field)
{
    if (field == EDIT_URL)
        return "url";
    if (field == EDIT_EMAIL)
        return "email";
    bool number = field >= EDIT_PHONE && field < EDIT_PHONE + 2 * EDIT_PHONES &&
                  (field - EDIT_PHONE) % 2 == 0;
    return number ? "tel" : NULL;
}

/* ---- what is edited ---- */

static const char *
folder_of(enum network_kind kind)
{
    return kind == NETWORK_SERVICE ? "servizi" : "enti";
}

static enum rg_err
edit_record_get(struct rg_ctx *ctx, enum network_kind kind, int64_t id,
                struct edit_record *ret_record)
{
    enum rg_err err;
    if (kind == NETWORK_SERVICE) {
        struct network_sql_service_get_row row;
        err = network_sql_service_get(ctx, id, &row);
        if (err == RG_OK)
            *ret_record = (struct edit_record){kind,    row.id,   row.organization_id.v,
                                               row.source_id, row.uid, row.name, row.doc};
    } else {
        struct network_sql_organization_get_row row;
        err = network_sql_organization_get(ctx, id, &row);
        if (err == RG_OK)
            *ret_record = (struct edit_record){kind,    row.id,   row.id, row.source_id,
                                               row.uid, row.name, row.doc};
    }
    return err;
}

enum rg_err
edit_record_open(struct rg_ctx *ctx, const struct web_request *req, enum network_kind kind,
                 struct edit_record *ret_record)
{
    int64_t id = surface_record_id(web_text(req, EDIT_ID));
    if (!id)
        return RG_FAIL(ctx, RG_ABSENT, "network.card.absent");
    enum rg_err err = edit_record_get(ctx, kind, id, ret_record);
    if (err == RG_OK && !network_may_edit(&ctx->actor, ret_record->organization_id))
        err = RG_FAIL(ctx, RG_DENIED, "network.edit.not_yours");
    return err;
}

static const char *
version_of(struct rg_ctx *ctx, struct str doc)
{
    const char *text =
        rg_arena_printf(ctx->arena, "%016llx", (unsigned long long)str_hash(doc));
    return text ? text : "";
}

/* ---- the page ---- */

static const struct web_field *
field_make(struct rg_ctx *ctx, const struct edit_values *values, size_t f)
{
    struct web_field *field = RG_NEW(ctx->arena, struct web_field);
    const char *hint = hint_key(f);
    if (!field)
        return NULL;
    *field = (struct web_field){
        .name = edit_inputs[f].name,
        .label = edit_inputs[f].label_key ? wording_text(ctx->lang, edit_inputs[f].label_key)
                                          : STR(""),
        .hint = hint ? wording_text(ctx->lang, hint) : STR(""),
        .error = values->error_key[f] ? wording_text(ctx->lang, values->error_key[f]) : STR(""),
        .value = values->v[f],
        .type = field_type(f),
        .rows = f == EDIT_ALERT || f == EDIT_FEES ? 3 : 6,
        .required = f == EDIT_NAME,
        .optional = f == EDIT_WHY,
        .narrow = f == EDIT_MIN_AGE || f == EDIT_MAX_AGE ||
                  (f >= EDIT_PHONE && f < EDIT_PHONE + 2 * EDIT_PHONES),
    };
    return field;
}

static bool
form_fields(struct rg_ctx *ctx, const struct edit_values *values, struct surface_form *form)
{
    const struct {
        size_t field;
        const struct web_field **to;
    } all[] = {
        {EDIT_WHY, &form->why},           {EDIT_NAME, &form->record_name},
        {EDIT_ALTERNATE, &form->alternate}, {EDIT_DESCRIPTION, &form->description},
        {EDIT_URL, &form->url},           {EDIT_EMAIL, &form->email},
        {EDIT_ALERT, &form->alert},       {EDIT_APPLICATION, &form->application},
        {EDIT_FEES, &form->fees},         {EDIT_ELIGIBILITY, &form->eligibility},
        {EDIT_MIN_AGE, &form->min_age},   {EDIT_MAX_AGE, &form->max_age},
        {EDIT_NEEDS, &form->needs},
    };
    bool ok = true;
    for (size_t i = 0; i < RG_COUNT(all); i++)
        ok &= (*all[i].to = field_make(ctx, values, all[i].field)) != NULL;
    for (size_t i = 0; i < EDIT_PHONES; i++) {
        form->phones[i].number_ref = field_make(ctx, values, EDIT_PHONE + 2 * i);
        form->phones[i].note_ref = field_make(ctx, values, EDIT_PHONE + 2 * i + 1);
        ok &= form->phones[i].number_ref && form->phones[i].note_ref;
    }
    return ok;
}

static bool
form_days(struct rg_ctx *ctx, const struct edit_values *values, struct surface_form *form)
{
    for (size_t d = 0; d < EDIT_DAYS; d++) {
        size_t f = EDIT_HOURS + d * EDIT_SPANS;
        const char *key =
            values->error_key[f] ? values->error_key[f] : values->error_key[f + 1];
        form->days[d] = (struct surface_day_fields){
            .day_key = edit_inputs[f].label_key,
            .id_first = edit_inputs[f].name,
            .id_second = edit_inputs[f + 1].name,
            .first = values->v[f],
            .second = values->v[f + 1],
            .error = key ? wording_text(ctx->lang, key) : STR("")};
    }
    struct web_option *options = RG_ARRAY(ctx->arena, struct web_option, 4);
    static const char *const labels[] = {
        "network.card.status.active", "network.card.status.inactive",
        "network.card.status.defunct", "network.card.status.closed"};
    for (size_t i = 0; options && i < 4; i++)
        options[i] = (struct web_option){str_of(edit_statuses[i]),
                                         wording_text(ctx->lang, labels[i]),
                                         str_eq(values->v[EDIT_STATUS], str_of(edit_statuses[i]))};
    form->statuses = options;
    form->n_statuses = 4;
    return options != NULL;
}

static bool
form_errors(struct rg_ctx *ctx, const struct edit_values *values, size_t n_fields,
            struct surface_form *form)
{
    struct web_field_error *errors =
        RG_ARRAY(ctx->arena, struct web_field_error, values->n_errors);
    for (size_t f = 0; errors && f < n_fields; f++) {
        if (!values->error_key[f])
            continue;
        struct str label = edit_inputs[f].label_key
                               ? wording_text(ctx->lang, edit_inputs[f].label_key)
                               : STR("");
        struct str text = wording_text(ctx->lang, values->error_key[f]);
        const char *line =
            rg_arena_printf(ctx->arena, "%.*s: %.*s", STR_ARG(label), STR_ARG(text));
        errors[form->n_errors++] =
            (struct web_field_error){edit_inputs[f].name, str_of(line ? line : "")};
    }
    form->errors = errors;
    return errors != NULL;
}

static enum rg_err
form_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
            const struct edit_record *record, const struct edit_values *values,
            struct surface_form *form)
{
    const char *folder = folder_of(record->kind);
    size_t n = edit_n_fields(record->kind);
    form->service = record->kind == NETWORK_SERVICE;
    form->name = record->name;
    form->title = web_words(ctx, "network.edit.title", "name", &record->name, NULL);
    form->action = str_of(
        rg_arena_printf(ctx->arena, "/%s/%lld/modifica", folder, (long long)record->id));
    form->back = surface_path(ctx, folder, record->id, record->name);
    form->version = str_of(version_of(ctx, record->doc));
    form->hours_special = values->hours_special;
    if (!form_fields(ctx, values, form) || !form_days(ctx, values, form) ||
        !form_errors(ctx, values, n, form))
        return RG_NO_MEMORY(ctx);
    struct web_frame frame = {.title = form->title, .no_index = true};
    const struct web_crumb crumbs[] = {{form->back, record->name},
                                       {STR_NONE, wording_text(ctx->lang, "network.edit.correct")}};
    web_crumbs(ctx, &frame, 2, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_network_form(h, form);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
form_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
          enum network_kind kind)
{
    struct edit_record record;
    struct edit_values values;
    struct surface_form form = {0};
    enum rg_err err = edit_record_open(ctx, req, kind, &record);
    if (err == RG_OK)
        err = edit_values_of_doc(ctx, &record, &values);
    return err == RG_OK ? form_answer(ctx, req, ans, &record, &values, &form) : err;
}

/* ---- saving ---- */

/* Browsers send line ends as CR LF. */
static struct str
without_cr(struct rg_ctx *ctx, struct str text)
{
    if (text.n == 0 || !memchr(text.p, '\r', text.n))
        return text;
    char *out = rg_arena_alloc(ctx->arena, text.n);
    size_t n = 0;
    for (size_t i = 0; out && i < text.n; i++)
        if (text.p[i] != '\r')
            out[n++] = text.p[i];
    return out ? str_n(out, n) : text;
}

static void
values_of_request(struct rg_ctx *ctx, const struct web_request *req, enum network_kind kind,
                  const struct edit_values *before, struct edit_values *now)
{
    *now = (struct edit_values){.hours_special = before->hours_special};
    for (size_t f = 0; f < edit_n_fields(kind); f++) {
        now->v[f] = without_cr(ctx, web_text(req, f));
        if (!req->values[f].problem_key)
            continue;
        now->error_key[f] = req->values[f].problem_key;
        now->n_errors++;
    }
    if (kind == NETWORK_SERVICE && !now->v[EDIT_STATUS].n)
        now->v[EDIT_STATUS] = before->v[EDIT_STATUS];
}

/* The fields in which the record of now and the sent form differ. */
static enum rg_err
fill_clashes(struct rg_ctx *ctx, const struct edit_record *record,
             const struct edit_values *theirs, const struct edit_values *yours,
             struct surface_form *form)
{
    size_t n = edit_n_fields(record->kind);
    struct surface_clash *clashes = RG_ARRAY(ctx->arena, struct surface_clash, n);
    struct store_change *last;
    size_t n_last;
    struct str table = record->kind == NETWORK_SERVICE ? STR("network_service")
                                                       : STR("network_organization");
    if (!clashes)
        return RG_NO_MEMORY(ctx);
    for (size_t f = EDIT_NAME; f < n; f++)
        if (!str_eq(theirs->v[f], yours->v[f]))
            clashes[form->n_clashes++] = (struct surface_clash){
                wording_text(ctx->lang, edit_inputs[f].label_key), theirs->v[f], yours->v[f]};
    form->clashes = clashes;
    form->conflict = true;
    enum rg_err err = store_history(ctx, table, record->id, 0, 1, &last, &n_last);
    if (err == RG_OK && n_last > 0) {
        struct str when = web_moment(ctx, last[0].at_s);
        form->conflict_who = web_words(ctx, "network.edit.conflict_who", "name", &last[0].actor,
                                       "when", &when, NULL);
    }
    return err;
}

static enum rg_err
conflict_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
                const struct edit_record *record, const struct edit_values *theirs,
                const struct edit_values *yours)
{
    struct surface_form form = {0};
    enum rg_err err = fill_clashes(ctx, record, theirs, yours, &form);
    if (err != RG_OK)
        return err;
    ans->status = 409;
    return form_answer(ctx, req, ans, record, yours, &form);
}

static enum rg_err
invalid_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
               const struct edit_record *record, const struct edit_values *values)
{
    struct surface_form form = {0};
    ans->status = 400;
    return form_answer(ctx, req, ans, record, values, &form);
}

static enum rg_err
done_answer(struct rg_ctx *ctx, struct web_answer *ans, const struct edit_record *record,
            const char *done)
{
    const char *path =
        rg_arena_printf(ctx->arena, "/%s/%lld?fatto=%s", folder_of(record->kind),
                        (long long)record->id, done);
    return path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
}

enum outcome { OUTCOME_SAVED, OUTCOME_INVALID, OUTCOME_CONFLICT };

/* Inside the write: nobody else changes the record between the look and the save. */
static enum rg_err
save_locked(struct rg_ctx *ctx, const struct web_request *req, struct edit_record *record,
            struct edit_values *before, struct edit_values *now, enum outcome *ret_outcome)
{
    struct network_record changed;
    enum network_put put;
    int64_t id;
    enum rg_err err = edit_record_get(ctx, record->kind, record->id, record);
    if (err == RG_OK)
        err = edit_values_of_doc(ctx, record, before);
    if (err != RG_OK)
        return err;
    if (!str_eq(web_text(req, EDIT_VERSION), str_of(version_of(ctx, record->doc)))) {
        *ret_outcome = OUTCOME_CONFLICT;
        return RG_OK;
    }
    err = edit_apply(ctx, record, before, now, &changed);
    if (err != RG_OK)
        return err;
    *ret_outcome = now->n_errors ? OUTCOME_INVALID : OUTCOME_SAVED;
    return now->n_errors ? RG_OK
                         : network_correct(ctx, record->source_id, &changed, &put, &id);
}

static bool
nothing_changed(enum network_kind kind, const struct edit_values *a, const struct edit_values *b)
{
    for (size_t f = EDIT_NAME; f < edit_n_fields(kind); f++)
        if (!str_eq(a->v[f], b->v[f]))
            return false;
    return true;
}

static enum rg_err
save_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
          enum network_kind kind)
{
    struct edit_record record;
    struct edit_values before, now;
    enum outcome outcome = OUTCOME_SAVED;
    enum rg_err err = edit_record_open(ctx, req, kind, &record);
    if (err == RG_OK)
        err = edit_values_of_doc(ctx, &record, &before);
    if (err != RG_OK)
        return err;
    values_of_request(ctx, req, kind, &before, &now);
    err = edit_check(ctx, &record, &before, &now);
    if (err == RG_OK && now.n_errors)
        return invalid_answer(ctx, req, ans, &record, &now);
    if (err != RG_OK)
        return err;
    if (nothing_changed(kind, &before, &now))
        return done_answer(ctx, ans, &record, "salvato");
    const char *why = rg_arena_cstr(
        ctx->arena, now.v[EDIT_WHY].n ? now.v[EDIT_WHY]
                                      : wording_text(ctx->lang, "network.edit.reason"));
    err = store_write_begin(ctx, why ? why : "");
    if (err != RG_OK)
        return err;
    err = save_locked(ctx, req, &record, &before, &now, &outcome);
    if (err == RG_OK && outcome == OUTCOME_SAVED)
        err = store_write_commit(ctx);
    else
        store_write_rollback(ctx);
    if (err != RG_OK)
        return err;
    if (outcome == OUTCOME_CONFLICT)
        return conflict_answer(ctx, req, ans, &record, &before, &now);
    return outcome == OUTCOME_INVALID ? invalid_answer(ctx, req, ans, &record, &now)
                                      : done_answer(ctx, ans, &record, "salvato");
}

/* ---- still right ---- */

static enum rg_err
verify_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
            enum network_kind kind)
{
    struct edit_record record;
    enum rg_err err = edit_record_open(ctx, req, kind, &record);
    if (err != RG_OK)
        return err;
    const char *why =
        rg_arena_cstr(ctx->arena, wording_text(ctx->lang, "network.edit.still_right"));
    err = store_write_begin(ctx, why ? why : "");
    if (err == RG_OK)
        err = kind == NETWORK_SERVICE
                  ? network_sql_service_verify(ctx, record.id, ctx->now_s, ctx->actor.name, NULL)
                  : network_sql_organization_verify(ctx, record.id, ctx->now_s, ctx->actor.name,
                                                    NULL);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    else
        store_write_rollback(ctx);
    return err == RG_OK ? done_answer(ctx, ans, &record, "verificato") : err;
}

/* ---- handlers ---- */

enum rg_err
edit_service_form(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return form_page(ctx, req, ans, NETWORK_SERVICE);
}

enum rg_err
edit_service_save(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return save_page(ctx, req, ans, NETWORK_SERVICE);
}

enum rg_err
edit_service_verify(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return verify_page(ctx, req, ans, NETWORK_SERVICE);
}

enum rg_err
edit_organization_form(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return form_page(ctx, req, ans, NETWORK_ORGANIZATION);
}

enum rg_err
edit_organization_save(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return save_page(ctx, req, ans, NETWORK_ORGANIZATION);
}

enum rg_err
edit_organization_verify(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return verify_page(ctx, req, ans, NETWORK_ORGANIZATION);
}
