/* The running intake: problems told or counted, ids, records seen, references checked. */
#include "hsds_priv.h"
#include <sodium.h>

static const struct {
    enum intake_severity severity;
    bool counted; /* told once per file, kind and field, with a count */
    const char *key, *remedy_key;
} issues[INTAKE_ISSUE__MAX] = {
#define ISSUE(severity, counted, name)                                                        \
    {INTAKE_##severity, counted, "network.intake_" name, "network.intake_" name "_remedy"}
    [INTAKE_NOT_JSON] = ISSUE(REJECTED, false, "not_json"),
    [INTAKE_NOT_OBJECT] = ISSUE(REJECTED, false, "not_object"),
    [INTAKE_UNKNOWN_KIND] = ISSUE(REJECTED, false, "unknown_kind"),
    [INTAKE_NO_NAME] = ISSUE(REJECTED, false, "no_name"),
    [INTAKE_DUPLICATE_SAME] = ISSUE(REPAIRED, false, "duplicate_same"),
    [INTAKE_DUPLICATE] = ISSUE(REJECTED, false, "duplicate"),
    [INTAKE_STATUS_MISSING] = ISSUE(REPAIRED, false, "status_missing"),
    [INTAKE_VALUE] = ISSUE(REPAIRED, false, "value"),
    [INTAKE_URL_SCHEME] = ISSUE(REPAIRED, false, "url"),
    [INTAKE_OTHER_TYPE] = ISSUE(REPAIRED, true, "other_type"),
    [INTAKE_REQUIRED_EMPTY] = ISSUE(REPAIRED, true, "required_empty"),
    [INTAKE_DEFAULTED] = ISSUE(REPAIRED, true, "defaulted"),
    [INTAKE_IDS_DERIVED] = ISSUE(REPAIRED, true, "ids_derived"),
    [INTAKE_UTF8] = ISSUE(REPAIRED, false, "utf8"),
    [INTAKE_COORDINATES] = ISSUE(NOTED, false, "coordinates"),
    [INTAKE_DANGLING] = ISSUE(NOTED, false, "dangling"),
    [INTAKE_ORPHAN] = ISSUE(REJECTED, false, "orphan"),
    [INTAKE_LIST_IDS] = ISSUE(REPAIRED, false, "list_ids"),
    [INTAKE_SCHEDULE_TEXT] = ISSUE(REPAIRED, true, "schedule_text"),
    [INTAKE_CSV_QUOTE] = ISSUE(REPAIRED, false, "csv_quote"),
    [INTAKE_CSV_WIDTH] = ISSUE(REPAIRED, false, "csv_width"),
    [INTAKE_UNKNOWN_FILE] = ISSUE(NOTED, false, "unknown_file"),
    [INTAKE_SET_ASIDE] = ISSUE(REPAIRED, true, "set_aside"),
    [INTAKE_TOO_LARGE] = ISSUE(REJECTED, false, "too_large"),
    [INTAKE_EMPTY_ROW] = ISSUE(REJECTED, true, "empty_row"),
    [INTAKE_NOT_TEXT] = ISSUE(REJECTED, false, "not_text"),
    [INTAKE_NO_ORGANIZATION] = ISSUE(NOTED, false, "no_organization"),
    [INTAKE_IGNORED] = ISSUE(NOTED, true, "ignored"),
#undef ISSUE
};

struct summary {
    struct summary *next;
    enum intake_issue issue;
    enum hsds_type type;
    const char *file;
    struct str field, value;
    uint64_t line, count;
};

struct seen {
    unsigned char id[16];
    uint64_t content;
    uint32_t size;
    uint16_t type_1; /* type + 1; 0: a free place */
    bool embedded;
};

struct reference {
    struct reference *next;
    unsigned char id[16];
    uint8_t from, to;
    const char *field;
    struct str given;
    const char *file;
    uint64_t line;
};

/* ---- problems ---- */

static void
tell_now(struct intake *in, const struct summary *s)
{
    struct intake_problem p = {
        .severity = issues[s->issue].severity, .key = issues[s->issue].key,
        .remedy_key = issues[s->issue].remedy_key, .file = s->file, .line = s->line,
        .kind = hsds_type_name(s->type), .field = s->field, .value = s->value,
        .count = s->count};
    p.value.n = p.value.p ? str_utf8_prefix(p.value, 120) : 0;
    in->counts.problems[p.severity] += s->count;
    if (in->stopped == RG_OK && in->sink->problem)
        in->stopped = in->sink->problem(in->sink->user, in->ctx, &p);
}

void
intake_tell(struct intake *in, enum intake_issue issue, enum hsds_type type, struct str field,
            struct str value)
{
    struct summary one = {.issue = issue, .type = type, .file = in->file, .field = field,
                          .value = value, .line = in->line, .count = 1};
    if (!issues[issue].counted &&
        !(issue == INTAKE_DANGLING && type >= HSDS_AGGREGATE__MAX)) {
        tell_now(in, &one);
        return;
    }
    for (struct summary *s = in->summaries; s; s = s->next)
        if (s->issue == issue && s->type == type && s->file == in->file &&
            str_eq(s->field, field)) {
            s->count++;
            return;
        }
    struct summary *s = RG_NEW(in->keep, struct summary);
    if (!s) {
        in->stopped = RG_LIMIT;
        return;
    }
    *s = one;
    s->field = rg_arena_str(in->keep, field);
    value.n = value.p ? str_utf8_prefix(value, 120) : 0;
    s->value = rg_arena_str(in->keep, value);
    s->next = in->summaries;
    in->summaries = s;
}

void
intake_summaries_flush(struct intake *in)
{
    struct summary *in_order = NULL;
    while (in->summaries) {
        struct summary *s = in->summaries;
        in->summaries = s->next;
        s->next = in_order;
        in_order = s;
    }
    for (; in_order; in_order = in_order->next)
        tell_now(in, in_order);
}

struct str
intake_mended(struct intake *in, struct str s, enum hsds_type type, struct str field)
{
    if (str_utf8_ok(s))
        return s;
    intake_tell(in, INTAKE_UTF8, type, field, STR(""));
    char *out = rg_arena_alloc(in->work, s.n * 3 + 1);
    if (!out)
        return STR_NONE;
    size_t n = 0;
    while (s.n > 0) {
        size_t len = 0;
        for (size_t k = 1; k <= 4 && k <= s.n && len == 0; k++)
            if (str_utf8_ok(str_n(s.p, k)))
                len = k;
        memcpy(out + n, len ? s.p : "\xEF\xBF\xBD", len ? len : 3);
        n += len ? len : 3;
        s = str_n(s.p + (len ? len : 1), s.n - (len ? len : 1));
    }
    return str_n(out, n);
}

/* ---- ids ---- */

bool
intake_is_uuid(struct str s)
{
    unsigned char ignored[16];
    return rg_uuid_parse(s, ignored);
}

struct str
intake_id_derived(struct intake *in, enum hsds_type type, struct str scope, struct str content)
{
    const struct str end = STR("\0"), parts[] = {
        in->options->source, end, scope, end, str_of(hsds_type_name(type)), end, content, end};
    return rg_uuid_of(in->work, parts, RG_COUNT(parts));
}

struct str
intake_id(struct intake *in, enum hsds_type type, struct str given)
{
    unsigned char id[16];
    given = str_trim(given);
    if (rg_uuid_parse(given, id))
        return rg_uuid_text(in->work, id);
    return intake_id_derived(in, type, in->scope, given);
}

/* ---- records seen ---- */

static struct seen *
seen_place(struct seen *table, size_t cap, const unsigned char *key, enum hsds_type type,
           const unsigned char id[16])
{
    uint64_t h; /* keyed: a stranger chooses the ids */
    crypto_shorthash((unsigned char *)&h, id, 16, key);
    h += type;
    for (size_t i = (size_t)h & (cap - 1);; i = (i + 1) & (cap - 1))
        if (!table[i].type_1 ||
            (table[i].type_1 == type + 1 && memcmp(table[i].id, id, 16) == 0))
            return &table[i];
}

static struct seen *
seen_get(struct intake *in, enum hsds_type type, const unsigned char id[16])
{
    if ((in->n_seen + 1) * 4 > in->seen_cap * 3) {
        size_t cap = in->seen_cap ? in->seen_cap * 2 : 1024;
        struct rg_arena *memory = rg_arena_new(INTAKE_KEEP_MAX);
        struct seen *table = memory ? RG_ARRAY(memory, struct seen, cap) : NULL;
        if (!table) {
            rg_arena_free(memory);
            in->stopped = RG_NO_MEMORY(in->ctx);
            return NULL;
        }
        for (size_t i = 0; i < in->seen_cap; i++)
            if (in->seen[i].type_1)
                *seen_place(table, cap, in->key, (enum hsds_type)(in->seen[i].type_1 - 1),
                            in->seen[i].id) = in->seen[i];
        rg_arena_free(in->seen_memory);
        in->seen_memory = memory;
        in->seen = table;
        in->seen_cap = cap;
    }
    return seen_place(in->seen, in->seen_cap, in->key, type, id);
}

void
intake_refer(struct intake *in, enum hsds_type from, const char *field, int to, struct str id,
             struct str given)
{
    unsigned char bytes[16];
    if (to < 0 || to >= HSDS_AGGREGATE__MAX || !rg_uuid_parse(id, bytes))
        return;
    for (const struct intake_open *open = in->open; open; open = open->outer)
        if (open->type == (enum hsds_type)to && str_eq(open->id, id))
            return;
    struct seen *seen = seen_get(in, (enum hsds_type)to, bytes);
    if (!seen || seen->type_1)
        return;
    struct reference *r = RG_NEW(in->keep, struct reference);
    if (!r) {
        in->stopped = RG_NO_MEMORY(in->ctx);
        return;
    }
    *r = (struct reference){.next = in->references, .from = (uint8_t)from, .to = (uint8_t)to,
                            .field = field, .given = rg_arena_str(in->keep, given),
                            .file = in->file, .line = in->line};
    memcpy(r->id, bytes, sizeof(r->id));
    in->references = r;
}

static void
references_check(struct intake *in)
{
    struct reference *in_order = NULL;
    while (in->references) {
        struct reference *r = in->references;
        in->references = r->next;
        r->next = in_order;
        in_order = r;
    }
    for (struct reference *r = in_order; r && in->stopped == RG_OK; r = r->next) {
        struct seen *seen = seen_get(in, (enum hsds_type)r->to, r->id);
        if (!seen || seen->type_1)
            continue;
        if (in->sink->known && in->sink->known(in->sink->user, (enum hsds_type)r->to,
                                               rg_uuid_text(in->work, r->id)))
            continue;
        in->file = r->file;
        in->line = r->line;
        intake_tell(in, INTAKE_DANGLING, (enum hsds_type)r->from, str_of(r->field), r->given);
    }
}

static bool
emit_wanted(struct intake *in, enum hsds_type type, const unsigned char id[16],
            struct str source_id, bool embedded, bool *ret_again)
{
    struct str doc = rg_buf_view(&in->doc);
    struct seen *seen = seen_get(in, type, id);
    if (!seen)
        return false;
    uint64_t content = str_hash(doc);
    *ret_again = seen->type_1 != 0;
    if (seen->type_1 && !seen->embedded && !embedded) {
        intake_tell(in, seen->content == content ? INTAKE_DUPLICATE_SAME : INTAKE_DUPLICATE,
                    type, STR("id"), source_id);
        return false;
    }
    if (seen->type_1 && embedded && (!seen->embedded || seen->size >= doc.n))
        return false; /* a summary of what is known already */
    in->n_seen += seen->type_1 == 0;
    *seen = (struct seen){.content = content, .size = (uint32_t)doc.n,
                          .type_1 = (uint16_t)(type + 1), .embedded = embedded};
    memcpy(seen->id, id, sizeof(seen->id));
    return true;
}

void
intake_emit(struct intake *in, enum hsds_type type, struct hsds_node *doc, struct str source_id,
            bool embedded)
{
    unsigned char id[16];
    bool again;
    rg_buf_reset(&in->doc);
    hsds_write(&in->doc, doc);
    if (in->stopped != RG_OK)
        return;
    if (in->doc.failed || rg_arena_overflowed(in->work) ||
        !rg_uuid_parse(hsds_get_text(doc, "id"), id)) {
        intake_tell(in, INTAKE_TOO_LARGE, type, STR("id"), source_id);
        return;
    }
    if (!emit_wanted(in, type, id, source_id, embedded, &again))
        return;
    struct intake_record record = {
        .type = type, .id = hsds_get_text(doc, "id"), .source_id = source_id,
        .doc = rg_buf_view(&in->doc), .name = hsds_get_text(doc, "name"),
        .organization_id = hsds_get_text(doc, "organization_id"),
        .service_id = hsds_get_text(doc, "service_id"),
        .location_id = hsds_get_text(doc, "location_id"),
        .program_id = hsds_get_text(doc, "program_id"),
        .taxonomy_id = hsds_get_text(doc, "taxonomy_id"), .file = in->file, .line = in->line,
        .again = again, .embedded = embedded};
    in->counts.records[type] += !again;
    in->stopped = in->sink->record(in->sink->user, in->ctx, &record);
}

/* ---- begin and end ---- */

enum rg_err
intake_begin(struct intake *in, struct rg_ctx *ctx, const struct intake_options *options,
             const struct intake_sink *sink)
{
    *in = (struct intake){.ctx = ctx, .options = options, .sink = sink};
    rg_buf_init(&in->doc, (size_t)INTAKE_ELEMENT_MAX * 4);
    in->work = rg_arena_new(INTAKE_WORK_MAX);
    in->keep = rg_arena_new(INTAKE_KEEP_MAX);
    if (!in->work || !in->keep || sodium_init() < 0) {
        rg_arena_free(in->work);
        rg_arena_free(in->keep);
        return RG_NO_MEMORY(ctx);
    }
    for (size_t i = 0; i < sizeof(in->key); i += sizeof(uint64_t)) {
        uint64_t chance = rg_chance(ctx);
        memcpy(in->key + i, &chance, sizeof(chance));
    }
    return RG_OK;
}

enum rg_err
intake_end(struct intake *in, struct intake_counts *ret_counts)
{
    if (in->stopped == RG_OK)
        references_check(in);
    if (in->stopped == RG_OK)
        intake_summaries_flush(in);
    if (in->stopped == RG_OK)
        *ret_counts = in->counts;
    rg_buf_done(&in->doc);
    in->work = rg_arena_free(in->work);
    in->keep = rg_arena_free(in->keep);
    in->seen_memory = rg_arena_free(in->seen_memory);
    return in->stopped;
}
