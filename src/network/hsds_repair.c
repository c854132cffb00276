/* Foreign shapes of one object, brought near to 3.1 before its fields are cleaned. Each shape
 * here was met in real data or in an older version of the specification.                     */
#include "hsds_priv.h"

static bool
has_any(const struct hsds_node *object, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!hsds_is_empty(hsds_get(object, names[i])))
            return true;
    return false;
}

static void
move(struct hsds_node *from, const char *name, struct hsds_node *to, const char *new_name)
{
    if (!hsds_is_empty(hsds_get(to, new_name)))
        return;
    struct hsds_node *v = hsds_take(from, name);
    if (!v)
        return;
    hsds_take(to, new_name);
    hsds_put(to, str_of(new_name), v);
}

/* coordinates: {latitude, longitude}, [{…}] or [lat, lon], from holder into location. */
static void
lift_coordinates(struct hsds_node *holder, struct hsds_node *location)
{
    if (!hsds_is_empty(hsds_get(location, "latitude")))
        return;
    if (holder != location) {
        move(holder, "latitude", location, "latitude");
        move(holder, "longitude", location, "longitude");
    }
    struct hsds_node *c = hsds_get(holder, "coordinates");
    if (c && c->kind == RG_JV_ARRAY && c->first && c->first->kind == RG_JV_OBJECT)
        c = c->first;
    if (!c || hsds_is_empty(c))
        return;
    if (c->kind == RG_JV_OBJECT) {
        move(c, "latitude", location, "latitude");
        move(c, "longitude", location, "longitude");
    } else if (c->kind == RG_JV_ARRAY && c->first && c->first->next && !c->first->next->next &&
               c->first->kind == RG_JV_NUMBER && c->last->kind == RG_JV_NUMBER) {
        struct hsds_node *lat = c->first, *lon = c->last;
        c->first = c->last = NULL;
        hsds_put(location, STR("latitude"), lat);
        hsds_put(location, STR("longitude"), lon);
    }
    if (hsds_is_empty(c))
        hsds_take(holder, "coordinates");
}

static const char *const address_names[] = {"address_1", "address_2", "street", "street1",
                                            "street_address", "street_address_1", "city",
                                            "postal_code", "zip", "state_province", "line1",
                                            "state", "country", "region", "address_type"};

static void
reshape_location(struct intake *in, struct hsds_node *location)
{
    static const char *const lists[] = {"addresses", "address", "physical_addresses",
                                        "physical_address"};
    lift_coordinates(location, location);
    for (size_t i = 0; i < RG_COUNT(lists); i++) {
        struct hsds_node *list = hsds_get(location, lists[i]);
        if (!list)
            continue;
        struct hsds_node *one = list->kind == RG_JV_ARRAY ? list->first : list;
        if (one && one->kind == RG_JV_OBJECT)
            lift_coordinates(one, location);
    }
    if (has_any(location, lists, RG_COUNT(lists)) ||
        !has_any(location, address_names, RG_COUNT(address_names)))
        return;
    struct hsds_node *address = hsds_node_new(in->work, RG_JV_OBJECT);
    struct hsds_node *array = hsds_node_new(in->work, RG_JV_ARRAY);
    for (size_t i = 0; i < RG_COUNT(address_names); i++)
        hsds_put(address, str_of(address_names[i]), hsds_take(location, address_names[i]));
    hsds_put(array, STR_NONE, address);
    hsds_take(location, "addresses");
    hsds_put(location, STR("addresses"), array);
}

/* HSDS organizations have no address: one given becomes a location of theirs. */
static void
reshape_organization(struct intake *in, struct hsds_node *organization)
{
    static const char *const lists[] = {"addresses", "address", "physical_addresses",
                                        "postal_addresses"};
    struct hsds_node *locations = hsds_get(organization, "locations");
    for (size_t i = 0; i < RG_COUNT(lists); i++) {
        struct hsds_node *list = hsds_take(organization, lists[i]);
        if (!list || hsds_is_empty(list))
            continue;
        struct hsds_node *next, *v = list->kind == RG_JV_ARRAY ? list->first : list;
        for (; v; v = next) {
            next = list->kind == RG_JV_ARRAY ? v->next : NULL;
            if (v->kind != RG_JV_OBJECT || hsds_is_empty(v)) {
                if (hsds_text(v).n)
                    hsds_put_text(in->work, organization, "address_text", v->text);
                continue;
            }
            struct hsds_node *location = hsds_node_new(in->work, RG_JV_OBJECT);
            if (!locations || locations->kind != RG_JV_ARRAY) {
                hsds_take(organization, "locations");
                locations = hsds_node_new(in->work, RG_JV_ARRAY);
                hsds_put(organization, STR("locations"), locations);
            }
            struct hsds_node *id = hsds_get(v, "id");
            hsds_put(location, STR("id"), hsds_copy(in->work, id));
            move(v, "location_name", location, "name");
            lift_coordinates(v, location);
            hsds_put(location, STR("addresses"), v);
            hsds_put(locations, STR_NONE, location);
        }
    }
}

/* The ORServices exporter: taxonomy holds the id of the taxonomy, taxonomy_id a key of its own. */
static void
reshape_term(struct hsds_node *term)
{
    if (!hsds_get(term, "taxonomy_recordid"))
        return;
    struct hsds_node *key = hsds_take(term, "taxonomy_id");
    move(term, "taxonomy", term, "taxonomy_id");
    if (key && !hsds_is_empty(key))
        hsds_put(term, STR("taxonomy_key"), key);
}

void
hsds_reshape(struct intake *in, enum hsds_type type, struct hsds_node *object)
{
    switch (type) {
    case HSDS_ORGANIZATION: reshape_organization(in, object); break;
    case HSDS_SERVICE: move(object, "fees", object, "fees_description"); break; /* 2.x */
    case HSDS_LOCATION: reshape_location(in, object); break;
    case HSDS_TAXONOMY_TERM: reshape_term(object); break;
    case HSDS_SCHEDULE: hsds_reshape_schedule(in, object); break;
    default: break;
    }
}
