/* Between a form and a document: reading fields out of it, checking them, putting them back. */
#include "network/edit.h"
#include "network_sql.h"

const char *const edit_statuses[] = {"active", "inactive", "defunct", "temporarily closed", NULL};

static const char *const byday[EDIT_DAYS] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

const char *
edit_member(enum network_kind kind, size_t field)
{
    switch (field) {
    case EDIT_NAME: return "name";
    case EDIT_ALTERNATE: return "alternate_name";
    case EDIT_DESCRIPTION: return "description";
    case EDIT_URL: return kind == NETWORK_SERVICE ? "url" : "website";
    case EDIT_EMAIL: return "email";
    case EDIT_STATUS: return "status";
    case EDIT_ALERT: return "alert";
    case EDIT_APPLICATION: return "application_process";
    case EDIT_FEES: return "fees_description";
    case EDIT_ELIGIBILITY: return "eligibility_description";
    case EDIT_MIN_AGE: return "minimum_age";
    case EDIT_MAX_AGE: return "maximum_age";
    default: return NULL;
    }
}

/* ---- document to form ---- */

static const struct rg_jv *
array_in(const struct rg_jv *doc, const char *key)
{
    const struct rg_jv *array = rg_jv_get(doc, key);
    return array && array->kind == RG_JV_ARRAY ? array : NULL;
}

static void
read_phones(struct rg_ctx *ctx, const struct rg_jv *doc, struct edit_values *values)
{
    const struct rg_jv *phones = array_in(doc, "phones"), *phone = rg_jv_first(phones);
    for (uint32_t i = 0; phones && i < phones->n && i < EDIT_PHONES; i++) {
        values->v[EDIT_PHONE + 2 * i] = surface_get(ctx, phone, "number");
        values->v[EDIT_PHONE + 2 * i + 1] = surface_get(ctx, phone, "description");
        phone = rg_jv_next(phone);
    }
}

static struct str
span_text(struct rg_ctx *ctx, int opens, int closes)
{
    int c = closes > 1440 ? closes - 1440 : closes;
    const char *text = rg_arena_printf(ctx->arena, "%02d:%02d-%02d:%02d", opens / 60, opens % 60,
                                       c / 60, c % 60);
    return str_of(text ? text : "");
}

/* Hours that are alike every week, with at most two openings a day; others are "special". */
static void
read_hours(struct rg_ctx *ctx, const struct rg_jv *doc, struct edit_values *values)
{
    struct hours_rule rules[HOURS_RULES_MAX];
    struct hours_interval week[HOURS_INTERVALS_MAX];
    struct hours_code code;
    size_t n = network_hours_of(ctx, rg_jv_get(doc, "schedules"), rules, RG_COUNT(rules));
    size_t of_day[EDIT_DAYS] = {0};
    if (n == 0)
        return;
    struct rg_civil now = rg_civil_rome(ctx->now_s);
    hours_encode_week(rules, n, rg_days_of(now.year, now.month, now.day) - now.weekday, &code);
    values->hours_special = true;
    if (!(code.flags & HOURS_WEEK_TELLS) || !(code.flags & HOURS_WEEK_REGULAR) ||
        code.flags & HOURS_WEEK_FIXED || code.edge != HOURS_NO_EDGE)
        return;
    size_t n_week = hours_code_week(&code, week, RG_COUNT(week));
    for (size_t i = 0; i < n_week && i < RG_COUNT(week); i++)
        if (++of_day[week[i].weekday] > EDIT_SPANS)
            return;
    values->hours_special = false;
    memset(of_day, 0, sizeof(of_day));
    for (size_t i = 0; i < n_week; i++) {
        size_t day = week[i].weekday;
        values->v[EDIT_HOURS + day * EDIT_SPANS + of_day[day]++] =
            span_text(ctx, week[i].opens_min, week[i].closes_min);
    }
}

static enum rg_err
read_needs(struct rg_ctx *ctx, int64_t service, struct edit_values *values)
{
    struct network_sql_service_terms_row *terms;
    size_t n;
    enum rg_err err = network_sql_service_terms(ctx, service, &terms, &n);
    if (err != RG_OK)
        return err;
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, WEB_TEXT_MAX);
    for (size_t i = 0; i < n; i++)
        if (terms[i].code.n)
            rg_buf_printf(&out, "%s%.*s", out.n ? ", " : "", STR_ARG(terms[i].code));
    struct str text = out.failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(&out));
    if (!text.p)
        return RG_NO_MEMORY(ctx);
    values->v[EDIT_NEEDS] = text;
    return RG_OK;
}

enum rg_err
edit_values_of_doc(struct rg_ctx *ctx, const struct edit_record *record, struct edit_values *ret)
{
    const struct rg_jv *doc;
    *ret = (struct edit_values){0};
    if (!rg_jv_parse(ctx->arena, record->doc, &doc) || doc->kind != RG_JV_OBJECT)
        return RG_FAIL(ctx, RG_BROKEN, "network.bad_doc");
    for (size_t f = 0; f < edit_n_fields(record->kind); f++) {
        const char *member = edit_member(record->kind, f);
        ret->v[f] = member ? surface_get(ctx, doc, member) : STR("");
    }
    read_phones(ctx, doc, ret);
    if (record->kind != NETWORK_SERVICE)
        return RG_OK;
    read_hours(ctx, doc, ret);
    return read_needs(ctx, record->id, ret);
}

/* ---- checks ---- */

static bool
url_plausible(struct str s)
{
    ptrdiff_t at = str_find(s, STR("://"));
    if (!(str_starts(s, STR("http://")) || str_starts(s, STR("https://"))) || at < 0)
        return false;
    struct str host = str_n(s.p + at + 3, s.n - (size_t)at - 3);
    if (host.n < 3 || !memchr(host.p, '.', host.n) || host.p[0] == '.' || host.p[0] == '/')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || strchr("<>\"\\^`{|}", s.p[i]))
            return false;
    return true;
}

static bool
email_plausible(struct str s)
{
    const char *at = s.n ? memchr(s.p, '@', s.n) : NULL;
    if (!at || at == s.p)
        return false;
    struct str domain = str_n(at + 1, s.n - (size_t)(at + 1 - s.p));
    if (domain.n < 3 || memchr(domain.p, '@', domain.n) || !memchr(domain.p, '.', domain.n) ||
        domain.p[0] == '.' || domain.p[domain.n - 1] == '.')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || strchr("<>(),;:\\\"[]", s.p[i]))
            return false;
    return true;
}

static bool
phone_plausible(struct str s)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        digits += s.p[i] >= '0' && s.p[i] <= '9';
        if ((unsigned char)s.p[i] < ' ')
            return false;
    }
    return digits >= 3; /* 112, 1522 */
}

/* "9:00-12:30", with a hyphen or a dash. */
static bool
span_parse(struct str text, int *ret_opens, int *ret_closes)
{
    ptrdiff_t at = str_find(text, STR("-"));
    size_t n = 1;
    if (at < 0) {
        at = str_find(text, STR("–"));
        n = sizeof("–") - 1;
    }
    if (at <= 0)
        return false;
    struct str from = str_trim(str_n(text.p, (size_t)at));
    struct str to = str_trim(str_n(text.p + at + n, text.n - (size_t)at - n));
    return hours_parse_time(from, ret_opens) && hours_parse_time(to, ret_closes) &&
           *ret_opens != *ret_closes && *ret_opens < 1440;
}

static void
mark(struct edit_values *values, size_t field, const char *key)
{
    if (values->error_key[field])
        return;
    values->error_key[field] = key;
    values->n_errors++;
}

static bool
same(const struct edit_values *a, const struct edit_values *b, size_t field)
{
    return str_eq(a->v[field], b->v[field]);
}

static enum rg_err
check_needs(struct rg_ctx *ctx, struct edit_values *now)
{
    struct str rest = now->v[EDIT_NEEDS], piece;
    while (rest.n && str_cut(&rest, ',', &piece)) {
        struct network_sql_term_by_code_row term;
        bool found = false;
        piece = str_trim(piece);
        if (!piece.n)
            continue;
        enum rg_err err = network_sql_term_by_code(ctx, piece, &found, &term);
        if (err != RG_OK)
            return err;
        if (!found)
            mark(now, EDIT_NEEDS, "network.edit.bad_need");
    }
    return RG_OK;
}

static void
check_hours(const struct edit_values *before, struct edit_values *now)
{
    for (size_t i = 0; i < EDIT_DAYS * EDIT_SPANS; i++) {
        int opens, closes;
        size_t f = EDIT_HOURS + i;
        if (!same(before, now, f) && now->v[f].n && !span_parse(now->v[f], &opens, &closes))
            mark(now, f, "network.edit.bad_hours");
    }
}

enum rg_err
edit_check(struct rg_ctx *ctx, const struct edit_record *record, const struct edit_values *before,
           struct edit_values *now)
{
    if (!now->v[EDIT_NAME].n)
        mark(now, EDIT_NAME, "network.edit.no_name");
    if (!same(before, now, EDIT_URL) && now->v[EDIT_URL].n && !url_plausible(now->v[EDIT_URL]))
        mark(now, EDIT_URL, "network.edit.bad_url");
    if (!same(before, now, EDIT_EMAIL) && now->v[EDIT_EMAIL].n &&
        !email_plausible(now->v[EDIT_EMAIL]))
        mark(now, EDIT_EMAIL, "network.edit.bad_email");
    for (size_t i = 0; i < EDIT_PHONES; i++) {
        size_t f = EDIT_PHONE + 2 * i;
        if (!same(before, now, f) && now->v[f].n && !phone_plausible(now->v[f]))
            mark(now, f, "network.edit.bad_phone");
        if (!now->v[f].n && now->v[f + 1].n)
            mark(now, f, "network.edit.note_alone");
    }
    if (record->kind != NETWORK_SERVICE)
        return RG_OK;
    int64_t from, to;
    if (rg_parse_i64(now->v[EDIT_MIN_AGE], 0, 150, &from) &&
        rg_parse_i64(now->v[EDIT_MAX_AGE], 0, 150, &to) && from > to)
        mark(now, EDIT_MAX_AGE, "network.edit.bad_ages");
    if (!str_is(now->v[EDIT_STATUS], "active") && !same(before, now, EDIT_STATUS) &&
        !now->v[EDIT_ALERT].n)
        mark(now, EDIT_ALERT, "network.edit.no_reason");
    check_hours(before, now);
    return same(before, now, EDIT_NEEDS) ? RG_OK : check_needs(ctx, now);
}

/* ---- form to document ---- */

struct change { /* what is written in place of a member */
    struct rg_ctx *ctx;
    const struct edit_record *record;
    const struct edit_values *before, *now;
};

static void
put_raw_member(struct rg_ctx *ctx, struct rg_jw *jw, const struct rg_jv *key,
               const struct rg_jv *value)
{
    rg_jw_key_str(jw, rg_jv_str(ctx->arena, key));
    rg_jw_raw(jw, surface_raw(value));
}

static void
put_text(struct rg_jw *jw, const char *key, struct str text)
{
    if (!text.n)
        return;
    rg_jw_key(jw, key);
    rg_jw_str(jw, text);
}

static void
put_phone(const struct change *c, struct rg_jw *jw, const struct rg_jv *phone, size_t i)
{
    rg_jw_object(jw);
    const struct rg_jv *key = phone ? rg_jv_first(phone) : NULL;
    for (uint32_t m = 0; phone && m < phone->n; m++) {
        const struct rg_jv *value = rg_jv_next(key);
        if (!str_is(key->text, "number") && !str_is(key->text, "description"))
            put_raw_member(c->ctx, jw, key, value);
        key = rg_jv_next(value);
    }
    put_text(jw, "number", c->now->v[EDIT_PHONE + 2 * i]);
    put_text(jw, "description", c->now->v[EDIT_PHONE + 2 * i + 1]);
    rg_jw_end_object(jw);
}

static bool
range_changed(const struct change *c, size_t first, size_t n)
{
    for (size_t f = first; f < first + n; f++)
        if (!same(c->before, c->now, f))
            return true;
    return false;
}

static void
put_phones(const struct change *c, struct rg_jw *jw, const struct rg_jv *doc)
{
    const struct rg_jv *phones = array_in(doc, "phones"), *phone = rg_jv_first(phones);
    uint32_t n = phones ? phones->n : 0;
    rg_jw_key(jw, "phones");
    rg_jw_array(jw);
    for (uint32_t i = 0; i < n || i < EDIT_PHONES; i++) {
        const struct rg_jv *old = i < n ? phone : NULL;
        if (i >= EDIT_PHONES || (old && !range_changed(c, EDIT_PHONE + 2 * i, 2)))
            rg_jw_raw(jw, surface_raw(old));
        else if (c->now->v[EDIT_PHONE + 2 * i].n)
            put_phone(c, jw, old && old->kind == RG_JV_OBJECT ? old : NULL, i);
        if (old)
            phone = rg_jv_next(phone);
    }
    rg_jw_end_array(jw);
}

/* One schedule for each pair of times, with all the days that have it. */
static void
put_week(const struct change *c, struct rg_jw *jw)
{
    enum { N = EDIT_DAYS * EDIT_SPANS };
    int opens[N], closes[N];
    bool done[N];
    for (size_t i = 0; i < N; i++)
        done[i] = !span_parse(c->now->v[EDIT_HOURS + i], &opens[i], &closes[i]);
    for (size_t i = 0; i < N; i++) {
        char days[EDIT_DAYS * 3 + 1];
        size_t n = 0;
        if (done[i])
            continue;
        for (size_t k = i; k < N; k++) {
            if (done[k] || opens[k] != opens[i] || closes[k] != closes[i])
                continue;
            done[k] = true;
            if (n)
                days[n++] = ',';
            memcpy(&days[n], byday[k / EDIT_SPANS], 2);
            n += 2;
        }
        rg_jw_object(jw);
        put_text(jw, "freq", STR("WEEKLY"));
        put_text(jw, "byday", str_n(days, n));
        put_text(jw, "opens_at", str_n(span_text(c->ctx, opens[i], 0).p, 5));
        put_text(jw, "closes_at", str_n(span_text(c->ctx, closes[i], 0).p, 5));
        rg_jw_end_object(jw);
    }
}

/* The written hours take the place of all schedules that tell hours; those that only say something
 * in words stay.                                                                             */
static void
put_schedules(const struct change *c, struct rg_jw *jw, const struct rg_jv *doc)
{
    const struct rg_jv *old = array_in(doc, "schedules"), *item = rg_jv_first(old);
    rg_jw_key(jw, "schedules");
    rg_jw_array(jw);
    put_week(c, jw);
    for (uint32_t i = 0; old && i < old->n; i++, item = rg_jv_next(item)) {
        bool times = surface_get(c->ctx, item, "opens_at").n > 0 ||
                     surface_get(c->ctx, item, "byday").n > 0;
        if (!times)
            rg_jw_raw(jw, surface_raw(item));
    }
    rg_jw_end_array(jw);
}

static bool
listed(struct str list, struct str code)
{
    struct str piece;
    while (list.n && str_cut(&list, ',', &piece))
        if (str_eq(str_trim(piece), code))
            return true;
    return false;
}

static struct str
attribute_term(struct rg_ctx *ctx, const struct rg_jv *attribute)
{
    struct str uid = surface_get(ctx, attribute, "taxonomy_term_id");
    return uid.n ? uid : surface_get(ctx, rg_jv_get(attribute, "taxonomy_term"), "id");
}

/* Attributes whose term was taken off the list go, new ones come; terms without code stay. */
static enum rg_err
put_attributes(const struct change *c, struct rg_jw *jw, const struct rg_jv *doc)
{
    const struct rg_jv *old = array_in(doc, "attributes"), *item = rg_jv_first(old);
    struct network_sql_service_terms_row *terms;
    size_t n;
    enum rg_err err = network_sql_service_terms(c->ctx, c->record->id, &terms, &n);
    rg_jw_key(jw, "attributes");
    rg_jw_array(jw);
    for (uint32_t i = 0; err == RG_OK && old && i < old->n; i++, item = rg_jv_next(item)) {
        struct str uid = attribute_term(c->ctx, item);
        bool gone = false;
        for (size_t t = 0; t < n; t++)
            gone |= str_eq(terms[t].uid, uid) && terms[t].code.n &&
                    !listed(c->now->v[EDIT_NEEDS], terms[t].code);
        if (!gone)
            rg_jw_raw(jw, surface_raw(item));
    }
    struct str rest = c->now->v[EDIT_NEEDS], piece;
    while (err == RG_OK && rest.n && str_cut(&rest, ',', &piece)) {
        struct network_sql_term_by_code_row term;
        bool found = false;
        piece = str_trim(piece);
        if (!piece.n || listed(c->before->v[EDIT_NEEDS], piece))
            continue;
        err = network_sql_term_by_code(c->ctx, piece, &found, &term);
        if (err != RG_OK || !found)
            continue;
        rg_jw_object(jw);
        put_text(jw, "taxonomy_term_id", term.uid);
        put_text(jw, "link_entity", STR("service"));
        rg_jw_end_object(jw);
    }
    rg_jw_end_array(jw);
    return err;
}

/* The plain field that a member stands for, if it was changed. */
static bool
changed_field(const struct change *c, struct str member, size_t *ret_field)
{
    for (size_t f = 0; f < edit_n_fields(c->record->kind); f++) {
        const char *name = edit_member(c->record->kind, f);
        if (name && str_eq(member, str_of(name)) && !same(c->before, c->now, f)) {
            *ret_field = f;
            return true;
        }
    }
    return false;
}

static void
put_field(const struct change *c, struct rg_jw *jw, size_t field)
{
    const char *member = edit_member(c->record->kind, field);
    struct str text = c->now->v[field];
    bool number = field == EDIT_MIN_AGE || field == EDIT_MAX_AGE;
    if (!text.n && field != EDIT_DESCRIPTION) /* which organizations must have */
        return;
    rg_jw_key(jw, member);
    if (number)
        rg_jw_raw(jw, text);
    else
        rg_jw_str(jw, text);
}

static enum rg_err
write_doc(const struct change *c, const struct rg_jv *doc, struct rg_buf *out)
{
    bool service = c->record->kind == NETWORK_SERVICE;
    bool phones = range_changed(c, EDIT_PHONE, 2 * EDIT_PHONES);
    bool hours = service && range_changed(c, EDIT_HOURS, EDIT_DAYS * EDIT_SPANS);
    bool needs = service && !same(c->before, c->now, EDIT_NEEDS);
    struct rg_jw jw;
    size_t field;
    rg_jw_init(&jw, out);
    rg_jw_object(&jw); /* an envelope tells the intake what kind of record it is */
    rg_jw_key(&jw, service ? "services" : "organizations");
    rg_jw_array(&jw);
    rg_jw_object(&jw);
    const struct rg_jv *key = rg_jv_first(doc);
    for (uint32_t i = 0; i < doc->n; i++) {
        const struct rg_jv *value = rg_jv_next(key);
        struct str member = rg_jv_str(c->ctx->arena, key);
        bool ours = changed_field(c, member, &field) || (phones && str_is(member, "phones")) ||
                    (hours && str_is(member, "schedules")) ||
                    (needs && str_is(member, "attributes"));
        if (!ours)
            put_raw_member(c->ctx, &jw, key, value);
        key = rg_jv_next(value);
    }
    for (size_t f = 0; f < edit_n_fields(c->record->kind); f++)
        if (edit_member(c->record->kind, f) && !same(c->before, c->now, f))
            put_field(c, &jw, f);
    if (phones)
        put_phones(c, &jw, doc);
    if (hours)
        put_schedules(c, &jw, doc);
    enum rg_err err = needs ? put_attributes(c, &jw, doc) : RG_OK;
    rg_jw_end_object(&jw);
    rg_jw_end_array(&jw);
    rg_jw_end_object(&jw);
    return err == RG_OK && out->failed ? RG_FAIL(c->ctx, RG_LIMIT, "base.too_much") : err;
}

struct canonical { /* what the intake made of the document */
    enum network_kind kind;
    struct network_record record;
    bool found;
};

static enum rg_err
take_record(void *user, struct rg_ctx *ctx, const struct intake_record *r)
{
    struct canonical *made = user;
    enum hsds_type wanted =
        made->kind == NETWORK_SERVICE ? HSDS_SERVICE : HSDS_ORGANIZATION;
    if (r->type != wanted || !str_eq(r->id, made->record.uid))
        return RG_OK;
    made->found = true;
    made->record.kind = made->kind;
    made->record.doc = rg_arena_str(ctx->arena, r->doc);
    made->record.organization_uid = rg_arena_str(ctx->arena, r->organization_id);
    made->record.program_uid = rg_arena_str(ctx->arena, r->program_id);
    return made->record.doc.p ? RG_OK : RG_NO_MEMORY(ctx);
}

static enum rg_err
take_problem(void *user, struct rg_ctx *ctx, const struct intake_problem *problem)
{
    (void)user;
    (void)ctx;
    (void)problem; /* what matters is whether the value came through: see refused_by_standard */
    return RG_OK;
}

static void
refused_by_standard(struct rg_ctx *ctx, const struct change *c, const struct rg_jv *doc,
                    struct edit_values *now)
{
    for (size_t f = 0; f < edit_n_fields(c->record->kind); f++) {
        const char *member = edit_member(c->record->kind, f);
        if (member && !same(c->before, now, f) && !str_eq(surface_get(ctx, doc, member), now->v[f]))
            mark(now, f, "network.edit.bad_value");
    }
}

enum rg_err
edit_apply(struct rg_ctx *ctx, const struct edit_record *record, const struct edit_values *before,
           struct edit_values *now, struct network_record *ret_record)
{
    struct change c = {ctx, record, before, now};
    struct canonical made = {.kind = record->kind, .record.uid = record->uid};
    const struct intake_options options = {.source = STR("modulo")};
    const struct intake_sink sink = {&made, take_record, take_problem, NULL};
    struct intake_counts counts;
    const struct rg_jv *doc;
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, WEB_BODY_MAX);
    if (!rg_jv_parse(ctx->arena, record->doc, &doc) || doc->kind != RG_JV_OBJECT)
        return RG_FAIL(ctx, RG_BROKEN, "network.bad_doc");
    enum rg_err err = write_doc(&c, doc, &out);
    if (err == RG_OK)
        err = intake_json(ctx, &options, "modulo", rg_buf_view(&out), &sink, &counts);
    if (err == RG_OK && !made.found)
        err = RG_FAIL(ctx, RG_INVALID, "network.edit.refused");
    if (err != RG_OK)
        return err;
    if (!rg_jv_parse(ctx->arena, made.record.doc, &doc))
        return RG_FAIL(ctx, RG_BROKEN, "network.bad_doc");
    refused_by_standard(ctx, &c, doc, now);
    if (now->n_errors == 0)
        *ret_record = made.record;
    return RG_OK;
}
