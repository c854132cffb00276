/* The JSON entrance: a file is cut into elements without building it whole. */
#include "hsds_priv.h"
#include <jansson.h>
#include <stdlib.h>

/* ---- cutting: where does the value at this place end? ---- */

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t
skip_space(struct str s, size_t at)
{
    while (at < s.n && is_space(s.p[at]))
        at++;
    return at;
}

static size_t
string_end(struct str s, size_t at)
{
    for (at++; at < s.n && s.p[at] != '"'; at++)
        if (s.p[at] == '\\')
            at++;
    return at < s.n ? at + 1 : s.n;
}

/* One past the value at s.p[at]; s.n when it does not end. Brackets are counted, not matched:
 * the element is parsed in earnest afterwards.                                               */
static size_t
value_end(struct str s, size_t at)
{
    size_t depth = 0;
    if (at < s.n && s.p[at] == '"')
        return string_end(s, at);
    while (at < s.n) {
        char c = s.p[at];
        if (c == '"') {
            at = string_end(s, at);
            continue;
        }
        if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']') {
            if (depth == 0)
                return at;
            if (--depth == 0)
                return at + 1;
        } else if (depth == 0 && (c == ',' || is_space(c) || c == ':')) {
            return at;
        }
        at++;
    }
    return s.n;
}

static void
count_lines(struct intake *in, struct str s, size_t from, size_t to)
{
    for (const char *p = s.p + from, *end = s.p + to;
         p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        in->line++;
}

/* ---- parsing one element ---- */

/* Our reader refuses what jansson refuses (base/json_test.c holds one against the other) at a
 * quarter of the time, but does not say why: jansson does. What jansson takes is too deep or has
 * too many parts for us.                                                                      */
static void
tell_why(struct intake *in, struct str s)
{
    json_error_t error;
    json_t *tree = json_loadb(s.p, s.n, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL |
                                            JSON_ALLOW_NUL, &error);
    if (tree)
        intake_tell(in, INTAKE_TOO_LARGE, HSDS_SERVICE, STR(""), STR(""));
    else
        intake_tell(in, INTAKE_NOT_JSON, HSDS_SERVICE, STR(""),
                    rg_arena_str(in->work, str_of(error.text)));
    json_decref(tree);
}

static struct hsds_node *
parse(struct intake *in, struct str s)
{
    if (s.n > INTAKE_ELEMENT_MAX) {
        intake_tell(in, INTAKE_TOO_LARGE, HSDS_SERVICE, STR(""), STR(""));
        return NULL;
    }
    s = intake_mended(in, s, HSDS_SERVICE, STR(""));
    const struct rg_jv *root;
    if (!rg_jv_parse(in->work, s, &root)) {
        tell_why(in, s);
        return NULL;
    }
    return hsds_of_jv(in->work, root);
}

/* ---- what is it? ---- */

static bool
has(const struct hsds_node *object, const char *name)
{
    return hsds_get(object, name) != NULL;
}

static int
sniff(const struct hsds_node *o)
{
    if (has(o, "service_id") && has(o, "location_id"))
        return HSDS_SERVICE_AT_LOCATION;
    if (has(o, "location") && !has(o, "name"))
        return HSDS_SERVICE_AT_LOCATION;
    if (has(o, "location_type") || has(o, "latitude") || has(o, "transportation"))
        return HSDS_LOCATION;
    if (has(o, "taxonomy_detail") || has(o, "term_uri") || has(o, "taxonomy_recordid") ||
        (has(o, "name") && (has(o, "taxonomy") || has(o, "parent_id") || has(o, "taxonomy_id"))))
        return HSDS_TAXONOMY_TERM;
    if (has(o, "version") && has(o, "name") && !has(o, "phones"))
        return HSDS_TAXONOMY;
    if (has(o, "status") || has(o, "organization") || has(o, "service_at_locations") ||
        has(o, "fees_description") || has(o, "application_process") || has(o, "schedules") ||
        has(o, "eligibility_description") || has(o, "cost_options") || has(o, "service_areas") ||
        (has(o, "organization_id") && has(o, "name") && !has(o, "addresses")))
        return HSDS_SERVICE;
    if (has(o, "addresses") && !has(o, "website") && !has(o, "url") && !has(o, "services"))
        return HSDS_LOCATION;
    return has(o, "name") ? HSDS_ORGANIZATION : -1;
}

/* The arrays and objects of a bundle: {"organization": {…}, "services": […], …}. */
static int
bundle_type(struct str key)
{
    static const char *const names[] = {"organization", "organizations", "service", "services",
                                        "location", "locations", "service_at_location",
                                        "service_at_locations", "program", "programs",
                                        "taxonomy", "taxonomies", "taxonomy_term",
                                        "taxonomy_terms", "meta_table_description",
                                        "meta_table_descriptions"};
    for (size_t i = 0; i < RG_COUNT(names); i++)
        if (str_eq(key, str_of(names[i])))
            return str_is(key, "taxonomy") ? HSDS_TAXONOMY : hsds_type_of_name(key);
    return -1;
}

static bool
is_bundle(const struct hsds_node *o)
{
    bool parts = false;
    for (const struct hsds_node *v = o->first; v; v = v->next)
        parts |= bundle_type(v->key) >= 0 &&
                 (v->kind == RG_JV_ARRAY || v->kind == RG_JV_OBJECT);
    return parts && !has(o, "id") && !has(o, "name") && !has(o, "status");
}

static struct str
bundle_part(struct intake *in, struct hsds_node *part, enum hsds_type type)
{
    struct str id = STR_NONE;
    struct hsds_node *next, *v = part->kind == RG_JV_ARRAY ? part->first : part;
    size_t n = 0;
    for (; v; v = next, n++) {
        next = part->kind == RG_JV_ARRAY ? v->next : NULL;
        if (v->kind != RG_JV_OBJECT) {
            intake_tell(in, INTAKE_NOT_OBJECT, type, STR(""), hsds_text(v));
            continue;
        }
        id = hsds_get_text(hsds_clean(in, type, v, STR_NONE, false), "id");
    }
    return n == 1 ? id : STR_NONE;
}

/* Organizations first: services and places of a bundle with a single one belong to it. */
static void
bundle(struct intake *in, struct hsds_node *o)
{
    for (int pass = 0; pass < 2; pass++)
        for (struct hsds_node *v = o->first; v; v = v->next) {
            int type = bundle_type(v->key);
            bool part = type >= 0 && (v->kind == RG_JV_ARRAY || v->kind == RG_JV_OBJECT);
            if (pass == 0 && part && type == HSDS_ORGANIZATION) {
                struct str id = bundle_part(in, v, HSDS_ORGANIZATION);
                if (id.p)
                    in->organization_id = id;
            } else if (pass == 1 && part && type != HSDS_ORGANIZATION) {
                bundle_part(in, v, (enum hsds_type)type);
            } else if (pass == 1 && !part && !hsds_is_empty(v)) {
                intake_tell(in, INTAKE_IGNORED, HSDS_ORGANIZATION, v->key, hsds_text(v));
            }
        }
    in->organization_id = STR_NONE;
}

void
intake_element(struct intake *in, struct hsds_node *element, int type_hint)
{
    in->counts.elements++;
    in->scope = STR_NONE;
    if (!element)
        return;
    struct hsds_node *inner = element->kind == RG_JV_OBJECT ? hsds_get(element, "hsds") : NULL;
    if (inner) { /* a harvest line: ids are only unique within the page it came from */
        in->scope = hsds_get_text(element, "sha256");
        element = inner;
    }
    if (element->kind != RG_JV_OBJECT || !element->first) {
        intake_tell(in, INTAKE_NOT_OBJECT, HSDS_SERVICE, inner ? STR("hsds") : STR(""),
                    hsds_text(element));
        return;
    }
    int type = type_hint >= 0 ? type_hint : sniff(element);
    if (type_hint < 0 && is_bundle(element))
        bundle(in, element);
    else if (type < 0)
        intake_tell(in, INTAKE_UNKNOWN_KIND, HSDS_SERVICE, element->first->key, STR(""));
    else
        hsds_clean(in, (enum hsds_type)type, element, STR_NONE, false);
    in->scope = STR_NONE;
}

/* ---- the file ---- */

static void
take_slice(struct intake *in, struct str slice, int type_hint)
{
    intake_reached(in, slice.p);
    intake_element(in, parse(in, slice), type_hint);
    in->scope = in->organization_id = STR_NONE;
    rg_arena_reset(in->work);
}

/* The members of an array from its '[' on. Returns one past its end. */
static size_t
take_array(struct intake *in, struct str s, size_t at, int type_hint)
{
    size_t counted = at++;
    for (;;) {
        at = skip_space(s, at);
        if (at >= s.n || s.p[at] == ']')
            break;
        if (s.p[at] == ',') {
            at++;
            continue;
        }
        count_lines(in, s, counted, at);
        counted = at;
        size_t end = value_end(s, at);
        if (end == at) /* a stray bracket or colon: not an array we can go on in */
            end = s.n;
        take_slice(in, str_n(s.p + at, end - at), type_hint);
        if (in->stopped != RG_OK)
            return s.n;
        at = end;
    }
    count_lines(in, s, counted, at < s.n ? at : s.n);
    return at < s.n ? at + 1 : s.n;
}

/* An envelope: {"contents": […]} or arrays by their plural name, one at least, and no object of
 * its own. Its arrays are taken member by member, whatever their size.                       */
static bool
is_envelope(struct str s, size_t at)
{
    bool arrays = false;
    for (at = skip_space(s, at + 1); at < s.n && s.p[at] == '"';) {
        size_t end = string_end(s, at);
        struct str key = end - at >= 2 ? str_n(s.p + at + 1, end - at - 2) : STR("");
        size_t value = skip_space(s, end);
        value = skip_space(s, value < s.n ? value + 1 : s.n);
        bool array = value < s.n && s.p[value] == '[';
        if (str_is(key, "organization") || str_is(key, "name") || str_is(key, "hsds"))
            return false;
        arrays |= array && (str_is(key, "contents") || bundle_type(key) >= 0);
        at = skip_space(s, value_end(s, value));
        if (at < s.n && s.p[at] == ',')
            at = skip_space(s, at + 1);
    }
    return arrays;
}

static void
take_envelope(struct intake *in, struct str s, size_t at)
{
    size_t counted = at;
    for (at = skip_space(s, at + 1); at < s.n && s.p[at] == '"' && in->stopped == RG_OK;) {
        size_t end = string_end(s, at);
        struct str key = end - at >= 2 ? str_n(s.p + at + 1, end - at - 2) : STR("");
        size_t value = skip_space(s, end);
        value = skip_space(s, value < s.n ? value + 1 : s.n);
        bool ours = str_is(key, "contents") || bundle_type(key) >= 0;
        if (ours && value < s.n && s.p[value] == '[') {
            count_lines(in, s, counted, value);
            counted = value = take_array(in, s, value, bundle_type(key));
        } else {
            value = value_end(s, value);
        }
        at = skip_space(s, value);
        if (at < s.n && s.p[at] == ',')
            at = skip_space(s, at + 1);
    }
}

static void
take_lines(struct intake *in, struct str s)
{
    struct str line;
    for (in->line = 1; in->stopped == RG_OK && str_cut(&s, '\n', &line); in->line++)
        if (str_trim(line).n > 0)
            take_slice(in, str_trim(line), -1);
}

/* More than one value, the first of them alone on its line. A line that ends as no value does, or
 * that the next one takes up, belongs to one value on many lines; a torn line does neither.   */
static bool
is_lines(struct str s, size_t start)
{
    const char *newline = memchr(s.p + start, '\n', s.n - start);
    if (!newline)
        return false;
    size_t first = (size_t)(newline - s.p), last = first, next = skip_space(s, first);
    while (last > start && is_space(s.p[last - 1]))
        last--;
    if (last == start || memchr("{[,:", s.p[last - 1], 4) ||
        (next < s.n && memchr(",:]}", s.p[next], 4)))
        return false;
    size_t end = value_end(str_n(s.p, first), start);
    return skip_space(str_n(s.p, first), end) == first && skip_space(s, first) < s.n &&
           s.p[start] != '[' && first - start > 2;
}

enum rg_err
intake_json(struct rg_ctx *ctx, const struct intake_options *options, const char *file,
            struct str bytes, const struct intake_sink *sink, struct intake_counts *ret_counts)
{
    struct intake in;
    enum rg_err err = intake_begin(&in, ctx, options, sink);
    if (err != RG_OK)
        return err;
    in.file = file;
    in.line = 1;
    in.base = in.behind = bytes.p;
    if (options->progress)
        options->progress->total = bytes.n;
    if (str_starts(bytes, STR("\xEF\xBB\xBF")))
        bytes = str_n(bytes.p + 3, bytes.n - 3);
    size_t at = skip_space(bytes, 0);
    if (at < bytes.n && is_lines(bytes, at)) {
        take_lines(&in, bytes);
    } else {
        count_lines(&in, bytes, 0, at);
        if (at < bytes.n && bytes.p[at] == '[')
            take_array(&in, bytes, at, -1);
        else if (at < bytes.n && bytes.p[at] == '{' && is_envelope(bytes, at))
            take_envelope(&in, bytes, at);
        else
            take_slice(&in, str_n(bytes.p + at, bytes.n - at), -1);
    }
    return intake_end(&in, ret_counts);
}
