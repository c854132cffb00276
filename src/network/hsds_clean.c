/* One object of a stranger becomes canonical: names, values, children, required fields. */
#include "hsds_priv.h"
#include "hsds_value.h"

struct making { /* an object being made canonical */
    struct hsds_node *out;    /* its fields, in the order of the schema                     */
    struct hsds_node *aside;  /* what could not stand in its field: behind them in the end,
                                 where it stands too when the document is read again        */
    const struct hsds_node *object; /* what is left of the source                           */
};

static const char *
aside_name(struct intake *in, const char *field)
{
    return rg_arena_printf(in->work, "%s_as_received", field);
}

static void
keep_aside(struct intake *in, struct making *to, const char *field, struct hsds_node *value)
{
    const char *name = aside_name(in, field);
    if (name)
        hsds_put(to->aside, str_of(name), value);
}

static void
rename_aliases(enum hsds_type type, struct hsds_node *object)
{
    for (struct hsds_node *v = object->first; v; v = v->next) {
        if (hsds_property_find(type, v->key))
            continue;
        const char *name = hsds_alias(type, v->key);
        if (!name)
            continue;
        struct hsds_node *there = hsds_get(object, name);
        if (there && !hsds_is_empty(there))
            continue;
        if (there)
            hsds_take(object, name);
        v->key = str_of(name);
    }
}

/* ---- values ---- */

/* Scalars of an array side by side: ["MO","TU"] → "MO,TU". None if there is more to it. */
static struct str
joined(struct intake *in, const struct hsds_node *array, const char *between)
{
    struct rg_buf buf RG_CLEANUP(rg_buf_done) = {0};
    rg_buf_init(&buf, INTAKE_ELEMENT_MAX);
    for (const struct hsds_node *v = array->first; v; v = v->next) {
        if (v->kind == RG_JV_NULL)
            continue;
        if (!hsds_text(v).p)
            return STR_NONE;
        if (buf.n > 0)
            rg_buf_str(&buf, str_of(between));
        rg_buf_str(&buf, v->text);
    }
    return buf.failed ? STR_NONE : rg_arena_str(in->work, rg_buf_view(&buf));
}

static struct str
as_text(struct intake *in, enum hsds_type type, const struct hsds_property *p,
        const struct hsds_node *value)
{
    if (value->kind == RG_JV_STRING)
        return value->text;
    struct str text = STR_NONE;
    if (value->kind == RG_JV_NUMBER)
        text = value->text;
    else if (value->kind == RG_JV_TRUE || value->kind == RG_JV_FALSE)
        text = value->kind == RG_JV_TRUE ? STR("true") : STR("false");
    else if (value->kind == RG_JV_ARRAY)
        text = joined(in, value, strncmp(p->name, "by", 2) == 0 ? "," : ", ");
    if (text.p && p->form != HSDS_NUMBER)
        intake_tell(in, INTAKE_OTHER_TYPE, type, str_of(p->name), text);
    return text;
}

static struct str
choice_of(const char *choices, struct str text)
{
    struct str rest = str_of(choices), one;
    text = str_trim(text);
    while (str_cut(&rest, '|', &one)) {
        bool same = one.n == text.n;
        for (size_t i = 0; same && i < one.n; i++) {
            char c = text.p[i] == '_' || text.p[i] == '-' ? ' ' : text.p[i];
            same = str_eq_nocase(str_n(&c, 1), str_n(one.p + i, 1));
        }
        if (same)
            return one;
    }
    return STR_NONE;
}

/* The value as the form asks; none when it cannot. *ret_changed: worth telling. */
static struct str
formed(struct intake *in, const struct hsds_property *p, struct str text, bool *ret_changed)
{
    *ret_changed = false;
    struct str v = text;
    switch (p->form) {
    case HSDS_URI: return hsds_url_parse(in->work, text, ret_changed);
    case HSDS_EMAIL: return hsds_email_parse(text, ret_changed);
    case HSDS_DATETIME: return hsds_instant_parse(in->work, text, ret_changed);
    case HSDS_NUMBER: return hsds_number_parse(in->work, text, ret_changed);
    case HSDS_CHOICE:
        v = choice_of(p->choices, text);
        *ret_changed = v.p && !str_eq(v, text);
        return v;
    default: return v;
    }
}

static void
put_reference(struct intake *in, enum hsds_type type, struct making *to,
              const struct hsds_property *p, struct str given)
{
    struct str first = str_trim(given), rest = given;
    if (!intake_is_uuid(first) && str_cut(&rest, ',', &first) && rest.p) {
        intake_tell(in, INTAKE_LIST_IDS, type, str_of(p->name), given);
        keep_aside(in, to, p->name, hsds_string(in->work, given));
        first = str_trim(first);
    }
    if (first.n == 0 || str_is(first, "0"))
        return; /* exporters write 0 for none */
    int target = p->type;
    if (target < 0) {
        const char *hint = strcmp(p->name, "link_id") == 0 ? "link_entity" : "resource_type";
        target = hsds_type_of_entity(hsds_get_text(to->object, hint));
    }
    struct str id = intake_id(in, target < 0 ? HSDS_SERVICE : (enum hsds_type)target, first);
    hsds_put_text(in->work, to->out, p->name, id);
    intake_refer(in, type, p->name, target, id, first);
}

static void
clean_value(struct intake *in, enum hsds_type type, struct making *to,
            const struct hsds_property *p, struct hsds_node *value)
{
    struct str text = as_text(in, type, p, value);
    if (p->form == HSDS_NUMBER && value->kind == RG_JV_STRING && text.p)
        intake_tell(in, INTAKE_OTHER_TYPE, type, str_of(p->name), text);
    if (!text.p) {
        intake_tell(in, INTAKE_VALUE, type, str_of(p->name), STR(""));
        keep_aside(in, to, p->name, value);
        return;
    }
    if (p->form == HSDS_ID) {
        put_reference(in, type, to, p, text);
        return;
    }
    bool changed;
    struct str v = formed(in, p, text, &changed);
    if (!v.p || (changed && p->form != HSDS_NUMBER)) {
        bool url = v.p && p->form == HSDS_URI;
        intake_tell(in, url ? INTAKE_URL_SCHEME : INTAKE_VALUE, type, str_of(p->name), text);
        keep_aside(in, to, p->name, hsds_string(in->work, text));
    }
    if (!v.p)
        return;
    struct hsds_node *node = hsds_string(in->work, v);
    if (node && p->form == HSDS_NUMBER)
        node->kind = RG_JV_NUMBER;
    hsds_put(to->out, str_of(p->name), node);
}

/* ---- children ---- */

static struct hsds_node *
object_of(struct intake *in, enum hsds_type type, struct hsds_node *v)
{
    if (v->kind == RG_JV_OBJECT)
        return v;
    const char *scalar = hsds_models[type].scalar;
    if (!hsds_text(v).p || !scalar)
        return NULL;
    struct hsds_node *object = hsds_node_new(in->work, RG_JV_OBJECT);
    hsds_put_text(in->work, object, scalar, v->text);
    return object;
}

/* Two attributes of one term say the same thing: lists and link tables often give both. */
static bool
same_attribute(const struct hsds_node *array, const struct hsds_node *attribute)
{
    struct str term = hsds_get_text(attribute, "taxonomy_term_id");
    struct str value = hsds_get_text(attribute, "value");
    for (const struct hsds_node *v = array->first; v; v = v->next)
        if (term.p && str_eq(hsds_get_text(v, "taxonomy_term_id"), term) &&
            str_eq(hsds_get_text(v, "value"), value))
            return true;
    return false;
}

static void
clean_many(struct intake *in, enum hsds_type type, struct making *to,
           const struct hsds_property *p, struct hsds_node *value, struct str owner_id)
{
    enum hsds_type child_type = (enum hsds_type)p->type;
    struct hsds_node *kept = hsds_node_new(in->work, RG_JV_ARRAY);
    struct hsds_node *aside = hsds_node_new(in->work, RG_JV_ARRAY);
    if (!kept || !aside)
        return;
    struct hsds_node *next, *v = value->kind == RG_JV_ARRAY ? value->first : value;
    for (; v; v = next) {
        next = value->kind == RG_JV_ARRAY ? v->next : NULL;
        if (hsds_is_empty(v))
            continue;
        struct hsds_node *object = object_of(in, child_type, v);
        struct hsds_node *child =
            object ? hsds_clean(in, child_type, object, owner_id, true) : NULL;
        if (!child) {
            intake_tell(in, INTAKE_SET_ASIDE, type, str_of(p->name), hsds_text(v));
            hsds_put(aside, STR_NONE, object ? object : v);
        } else if (child_type != HSDS_ATTRIBUTE || !same_attribute(kept, child)) {
            hsds_put(kept, STR_NONE, child);
        }
    }
    if (kept->first)
        hsds_put(to->out, str_of(p->name), kept);
    if (aside->first)
        keep_aside(in, to, p->name, aside);
}

/* ---- aggregates inside others: given on their own, an id stays behind ---- */

static struct str
part_out(struct intake *in, enum hsds_type type, struct hsds_node *nested, const char *link,
         struct str link_id)
{
    if (!nested || nested->kind != RG_JV_OBJECT)
        return STR_NONE;
    if (link && hsds_is_empty(hsds_get(nested, link))) {
        hsds_take(nested, link);
        hsds_put_text(in->work, nested, link, link_id);
    }
    struct hsds_node *clean = hsds_clean(in, type, nested, STR_NONE, true);
    return hsds_get_text(clean, "id");
}

static void
part_out_one(struct intake *in, struct hsds_node *object, const char *name, const char *id_name,
             enum hsds_type type, const char *link, struct str link_id)
{
    struct hsds_node *nested = hsds_get(object, name);
    if (!nested || nested->kind != RG_JV_OBJECT)
        return;
    struct str id = part_out(in, type, hsds_take(object, name), link, link_id);
    if (id.p && hsds_is_empty(hsds_get(object, id_name))) {
        hsds_take(object, id_name);
        hsds_put_text(in->work, object, id_name, id);
    }
}

static void
part_out_many(struct intake *in, struct hsds_node *object, const char *name,
              enum hsds_type type, const char *link, struct str link_id)
{
    struct hsds_node *array = hsds_get(object, name);
    if (!array || (array->kind != RG_JV_ARRAY && array->kind != RG_JV_OBJECT))
        return;
    array = hsds_take(object, name);
    struct hsds_node *next, *v = array->kind == RG_JV_ARRAY ? array->first : array;
    for (; v; v = next) {
        next = array->kind == RG_JV_ARRAY ? v->next : NULL;
        part_out(in, type, v, link, link_id);
    }
}

/* A service and a place named together, without a service_at_location of their own. */
static void
pair_up(struct intake *in, struct str service_id, struct str location_id)
{
    if (!service_id.p || !location_id.p)
        return;
    const char *both = rg_arena_printf(in->work, "%.*s %.*s", STR_ARG(service_id),
                                       STR_ARG(location_id));
    struct hsds_node *link = hsds_node_new(in->work, RG_JV_OBJECT);
    if (!both || !link)
        return;
    hsds_put_text(in->work, link, "id",
                  intake_id_derived(in, HSDS_SERVICE_AT_LOCATION, STR("pair"), str_of(both)));
    hsds_put_text(in->work, link, "service_id", service_id);
    hsds_put_text(in->work, link, "location_id", location_id);
    hsds_clean(in, HSDS_SERVICE_AT_LOCATION, link, STR_NONE, true);
}

static void
pair_all(struct intake *in, struct hsds_node *object, const char *name, enum hsds_type type,
         struct str own_id)
{
    struct hsds_node *array = hsds_get(object, name);
    if (!array || array->kind != RG_JV_ARRAY)
        return;
    array = hsds_take(object, name);
    for (struct hsds_node *next, *v = array->first; v; v = next) {
        next = v->next;
        struct str id = hsds_text(v).p ? intake_id(in, type, hsds_text(v))
                                       : part_out(in, type, v, NULL, STR_NONE);
        if (type == HSDS_LOCATION)
            pair_up(in, own_id, id);
        else
            pair_up(in, id, own_id);
    }
}

static void
part_out_all(struct intake *in, enum hsds_type type, struct hsds_node *object, struct str id)
{
    switch (type) {
    case HSDS_ORGANIZATION:
        part_out_many(in, object, "locations", HSDS_LOCATION, "organization_id", id);
        part_out_many(in, object, "programs", HSDS_PROGRAM, "organization_id", id);
        part_out_many(in, object, "services", HSDS_SERVICE, "organization_id", id);
        break;
    case HSDS_SERVICE:
        part_out_one(in, object, "organization", "organization_id", HSDS_ORGANIZATION, NULL,
                     STR_NONE);
        part_out_one(in, object, "program", "program_id", HSDS_PROGRAM, "organization_id",
                     hsds_get_text(object, "organization_id"));
        part_out_many(in, object, "service_at_locations", HSDS_SERVICE_AT_LOCATION,
                      "service_id", id);
        part_out_many(in, object, "service_at_location", HSDS_SERVICE_AT_LOCATION,
                      "service_id", id);
        pair_all(in, object, "locations", HSDS_LOCATION, id);
        break;
    case HSDS_LOCATION:
        pair_all(in, object, "services", HSDS_SERVICE, id);
        break;
    case HSDS_SERVICE_AT_LOCATION:
        part_out_one(in, object, "location", "location_id", HSDS_LOCATION, NULL, STR_NONE);
        part_out_one(in, object, "service", "service_id", HSDS_SERVICE, NULL, STR_NONE);
        break;
    case HSDS_ATTRIBUTE:
        part_out_one(in, object, "taxonomy_term", "taxonomy_term_id", HSDS_TAXONOMY_TERM, NULL,
                     STR_NONE);
        break;
    case HSDS_TAXONOMY_TERM:
        part_out_one(in, object, "taxonomy_detail", "taxonomy_id", HSDS_TAXONOMY, NULL,
                     STR_NONE);
        break;
    default: break;
    }
}

/* ---- the object ---- */

/* The id: a UUID given is kept; any other is turned into one; none comes from owner and
 * content, so that the same file gives the same id again.                                    */
static struct str
settle_id(struct intake *in, enum hsds_type type, struct hsds_node *object, struct str owner_id,
          struct str *ret_given)
{
    struct hsds_node *node = hsds_take(object, "id");
    struct str given = str_trim(hsds_text(node));
    *ret_given = STR_NONE;
    if (given.n > 0) {
        *ret_given = given;
        if (!intake_is_uuid(given))
            intake_tell(in, INTAKE_IDS_DERIVED, type, STR("id"), given);
        return intake_id(in, type, given);
    }
    struct rg_buf buf RG_CLEANUP(rg_buf_done) = {0};
    rg_buf_init(&buf, (size_t)INTAKE_ELEMENT_MAX * 4);
    rg_buf_str(&buf, owner_id);
    hsds_write(&buf, object);
    intake_tell(in, INTAKE_IDS_DERIVED, type, STR("id"), STR(""));
    return buf.failed ? STR_NONE
                      : intake_id_derived(in, type, in->scope, rg_buf_view(&buf));
}

static bool
lacks_what_it_is(enum hsds_type type, const struct hsds_node *object)
{
    for (size_t i = 0; i < hsds_models[type].n; i++) {
        const struct hsds_property *p = &hsds_models[type].properties[i];
        if (p->fallback && strcmp(p->fallback, "?") == 0 &&
            hsds_is_empty(hsds_get(object, p->name)) &&
            !(type == HSDS_METADATA && hsds_get_text(object, p->name).p))
            return true;
    }
    return false;
}

static void
fill_required(struct intake *in, enum hsds_type type, struct making *to,
              const struct hsds_property *p)
{
    if (!p->fallback || hsds_get(to->out, p->name))
        return;
    struct str value = str_of(strcmp(p->fallback, "?") == 0 ? "" : p->fallback);
    if (strcmp(p->name, "country") == 0 && in->options->default_country.p)
        value = in->options->default_country;
    hsds_put_text(in->work, to->out, p->name, value);
    const char *aside = aside_name(in, p->name);
    if (hsds_get(to->aside, aside) || hsds_get(to->object, aside))
        return; /* told already: something was given that could not stand */
    intake_tell(in, strcmp(p->name, "status") == 0 ? INTAKE_STATUS_MISSING
                    : value.n                      ? INTAKE_DEFAULTED
                                                   : INTAKE_REQUIRED_EMPTY,
                type, str_of(p->name), value);
}

static void
clean_one(struct intake *in, struct making *to, const struct hsds_property *p,
          struct hsds_node *value)
{
    struct hsds_node *object = object_of(in, (enum hsds_type)p->type, value);
    struct str id = hsds_get_text(to->out, "id");
    struct hsds_node *clean =
        object ? hsds_clean(in, (enum hsds_type)p->type, object, id, true) : NULL;
    if (clean && p->type >= HSDS_AGGREGATE__MAX)
        hsds_put(to->out, str_of(p->name), clean);
    else
        keep_aside(in, to, p->name, value);
}

static void
check_coordinates(struct intake *in, const struct hsds_node *out)
{
    double lat, lon;
    struct str lat_text = hsds_get_text(out, "latitude");
    if (!rg_parse_decimal(lat_text, &lat) ||
        !rg_parse_decimal(hsds_get_text(out, "longitude"), &lon))
        return;
    if (lat < -90 || lat > 90 || lon < -180 || lon > 180 || (lat == 0 && lon == 0))
        intake_tell(in, INTAKE_COORDINATES, HSDS_LOCATION, STR("latitude"), lat_text);
}

static void
inherit_organization(struct intake *in, enum hsds_type type, struct hsds_node *object)
{
    if (!in->organization_id.p ||
        (type != HSDS_SERVICE && type != HSDS_LOCATION && type != HSDS_PROGRAM) ||
        !hsds_is_empty(hsds_get(object, "organization_id")))
        return;
    hsds_take(object, "organization_id");
    hsds_put_text(in->work, object, "organization_id", in->organization_id);
}

/* Move the members of from behind those of to; a name that is there already stays out. */
static void
put_behind(struct intake *in, struct hsds_node *to, const struct hsds_node *from)
{
    for (struct hsds_node *next, *v = from->first; v; v = next) {
        next = v->next;
        if (!hsds_is_empty(v) && !hsds_get(to, rg_arena_cstr(in->work, v->key)))
            hsds_put(to, v->key, v);
    }
}

static struct hsds_node *
build(struct intake *in, enum hsds_type type, struct hsds_node *object, struct str id,
      struct str given)
{
    struct making to = {.out = hsds_node_new(in->work, RG_JV_OBJECT),
                        .aside = hsds_node_new(in->work, RG_JV_OBJECT), .object = object};
    struct hsds_node *out = to.out;
    if (!out || !to.aside)
        return NULL;
    hsds_put_text(in->work, out, "id", id);
    for (size_t i = 0; i < hsds_models[type].n; i++) {
        const struct hsds_property *p = &hsds_models[type].properties[i];
        struct hsds_node *value = strcmp(p->name, "id") == 0 ? NULL : hsds_take(object, p->name);
        if (value && !hsds_is_empty(value) && !hsds_get(out, p->name)) {
            if (p->form == HSDS_MANY)
                clean_many(in, type, &to, p, value, id);
            else if (p->form == HSDS_ONE)
                clean_one(in, &to, p, value);
            else
                clean_value(in, type, &to, p, value);
        } else if (value && p->fallback && hsds_text(value).p && !hsds_get(out, p->name)) {
            if (p->form == HSDS_TEXT) /* given empty: as good as what we would put */
                hsds_put_text(in->work, out, p->name, value->text);
        }
        if (strcmp(p->name, "id") != 0)
            fill_required(in, type, &to, p);
    }
    if (given.p && !intake_is_uuid(given))
        keep_aside(in, &to, "id", hsds_string(in->work, given));
    put_behind(in, out, to.aside);
    put_behind(in, out, object); /* unknown: kept */
    return out;
}

struct hsds_node *
hsds_clean(struct intake *in, enum hsds_type type, struct hsds_node *object, struct str owner_id,
           bool embedded)
{
    struct str given;
    if (in->stopped != RG_OK || rg_arena_overflowed(in->work))
        return NULL;
    hsds_reshape(in, type, object);
    rename_aliases(type, object);
    hsds_reshape_schedules(in, object);
    if (lacks_what_it_is(type, object)) {
        if (type < HSDS_AGGREGATE__MAX)
            intake_tell(in, INTAKE_NO_NAME, type, STR("name"), hsds_get_text(object, "id"));
        return NULL;
    }
    inherit_organization(in, type, object);
    struct str id = settle_id(in, type, object, owner_id, &given);
    const struct intake_open open = {.outer = in->open, .type = type, .id = id};
    in->open = &open;
    part_out_all(in, type, object, id);
    struct hsds_node *out = build(in, type, object, id, given);
    in->open = open.outer;
    if (type == HSDS_LOCATION)
        check_coordinates(in, out);
    if (type == HSDS_SERVICE && !hsds_get(out, "organization_id"))
        intake_tell(in, INTAKE_NO_ORGANIZATION, type, STR("organization_id"), given);
    if (type < HSDS_AGGREGATE__MAX)
        intake_emit(in, type, out, given, embedded);
    return out;
}
