/* The tabular entrance. Rows of the main files become objects; rows of child files are found
 * through an index of their places, read again, and put into their owners; from there on a
 * tabular record is cleaned like any other.                                                  */
#include "hsds_priv.h"
#include <stdlib.h>

enum { ROLE_OWNED = 100, ROLE_SELF = 101, ANY_TYPE = 99,
       DEPTH_MAX = 6 }; /* contact, phone, language, attribute, metadata */

struct place {
    uint64_t key;    /* of (role, owner type, owner id)                         */
    uint32_t row;    /* number of the row in its table                          */
    uint32_t child;  /* type of the child                                       */
};

struct row_at {
    uint64_t offset;
    uint32_t line;
    uint16_t table;
    bool owned; /* some owner took it */
};

struct table {
    const char *name;
    enum hsds_type type;
    bool postal;
    bool ours; /* has HSDS_MORE */
    struct rg_csv csv;
    struct str bytes;
    size_t n_columns;
    struct str *columns; /* in the keep arena */
};

struct package {
    struct intake *in;
    struct table tables[INTAKE_TABLES_MAX];
    size_t n_tables;
    struct row_at *rows;  /* of all child tables                                */
    size_t n_rows, rows_cap;
    struct place *places; /* sorted by key, then row                            */
    size_t n_places, places_cap;
};

static uint64_t
key_of(int role, int type, struct str id)
{
    uint64_t h = str_hash(id) + (uint64_t)(role * 1000 + type) * 0x9E3779B97F4A7C15u;
    return (h ^ (h >> 31)) * 0x94D049BB133111EBu;
}

/* ---- growing arrays: on the heap, freed with the package ---- */

static bool
grow(struct intake *in, void **array, size_t n, size_t *cap, size_t each)
{
    if (n < *cap)
        return true;
    size_t new_cap = *cap ? *cap * 2 : 4096;
    void *p = new_cap * each > INTAKE_KEEP_MAX || rg_alloc_should_fail()
                  ? NULL : realloc(*array, new_cap * each);
    if (!p) {
        in->stopped = RG_NO_MEMORY(in->ctx);
        return false;
    }
    *array = p;
    *cap = new_cap;
    return true;
}

static void
place_add(struct package *pkg, uint64_t key, size_t row, enum hsds_type child)
{
    if (!grow(pkg->in, (void **)&pkg->places, pkg->n_places, &pkg->places_cap,
              sizeof(*pkg->places)))
        return;
    pkg->places[pkg->n_places++] =
        (struct place){.key = key, .row = (uint32_t)row, .child = (uint32_t)child};
}

/* ---- reading ---- */

static struct str
column_name(struct intake *in, enum hsds_type type, struct str raw)
{
    struct str name = intake_mended(in, str_trim(raw), type, STR(""));
    char *out = rg_arena_alloc(in->keep, name.n + 1);
    for (size_t i = 0; out && i < name.n; i++)
        out[i] = name.p[i] == ' ' ? '_' : name.p[i];
    return str_n(out, out ? name.n : 0);
}

static bool
table_open(struct package *pkg, const struct intake_table *given)
{
    struct intake *in = pkg->in;
    int type = hsds_type_of_file(str_of(given->name));
    in->file = given->name;
    in->line = 1;
    if (type < 0 || pkg->n_tables == INTAKE_TABLES_MAX) {
        intake_tell(in, INTAKE_UNKNOWN_FILE, HSDS_SERVICE, STR(""), str_of(given->name));
        return false;
    }
    struct table *t = &pkg->tables[pkg->n_tables];
    *t = (struct table){.name = given->name, .type = (enum hsds_type)type,
                        .bytes = given->bytes};
    t->postal = str_find(str_of(given->name), STR("postal_addresses")) >= 0;
    rg_csv_init(&t->csv, given->bytes);
    pkg->n_tables++;
    if (!rg_csv_next(&t->csv))
        return !t->csv.no_memory;
    t->n_columns = t->csv.n_fields;
    t->columns = RG_ARRAY(in->keep, struct str, t->n_columns);
    for (size_t i = 0; t->columns && i < t->n_columns; i++)
        t->columns[i] = column_name(in, t->type, t->csv.fields[i]);
    for (size_t i = 0; t->columns && i < t->n_columns; i++)
        t->ours |= str_is(t->columns[i], HSDS_MORE);
    if (!t->columns)
        t->n_columns = 0;
    return true;
}

static struct str
cell(const struct table *t, const char *column)
{
    for (size_t i = 0; i < t->n_columns && i < t->csv.n_fields; i++)
        if (str_eq_nocase(t->columns[i], str_of(column)))
            return str_trim(t->csv.fields[i]);
    return STR_NONE;
}

/* The id of the row, under its 3.1 name or an exporter's. */
static struct str
own_id(const struct table *t)
{
    struct str id = cell(t, "id");
    for (size_t i = 0; id.n == 0 && i < t->n_columns && i < t->csv.n_fields; i++) {
        const char *name = hsds_alias(t->type, t->columns[i]);
        if (name && strcmp(name, "id") == 0)
            id = str_trim(t->csv.fields[i]);
    }
    return id;
}

/* The row under the reader as an object: numbers where the schema wants numbers, so that text in
 * a CSV is not reported as text in JSON would be.                                            */
static struct hsds_node *
row_object(struct intake *in, const struct table *t)
{
    struct hsds_node *object = hsds_node_new(in->work, RG_JV_OBJECT);
    for (size_t i = 0; i < t->n_columns && i < t->csv.n_fields; i++) {
        const struct hsds_property *p = hsds_property_find(t->type, t->columns[i]);
        bool said = t->ours && p && hsds_may_be_empty(p);
        if ((str_trim(t->csv.fields[i]).n == 0 && !said) || t->columns[i].n == 0 ||
            str_is(t->columns[i], HSDS_MORE) ||
            hsds_get(object, rg_arena_cstr(in->work, t->columns[i])))
            continue;
        struct str text = intake_mended(in, t->csv.fields[i], t->type, t->columns[i]);
        struct hsds_node *v = hsds_string(in->work, rg_arena_str(in->work, text));
        if (v && p && p->form == HSDS_NUMBER)
            v->kind = RG_JV_NUMBER; /* clean_value reads it again and keeps what is none */
        hsds_put(object, t->columns[i], v);
    }
    if (t->postal && !hsds_get(object, "address_type"))
        hsds_put_text(in->work, object, "address_type", STR("postal"));
    return object;
}

static void
check_row(struct intake *in, const struct table *t)
{
    if (t->csv.bad_quote)
        intake_tell(in, INTAKE_CSV_QUOTE, t->type, STR(""), STR(""));
    if (t->csv.too_wide || t->csv.too_long || t->csv.n_fields > t->n_columns)
        intake_tell(in, INTAKE_CSV_WIDTH, t->type, STR(""), STR(""));
}

/* The members that the row has no place for. */
static struct hsds_node *
row_more(struct intake *in, const struct table *t)
{
    struct str text = t->ours ? cell(t, HSDS_MORE) : STR_NONE;
    const struct rg_jv *root;
    if (text.n == 0)
        return NULL;
    text = rg_arena_str(in->work, intake_mended(in, text, t->type, STR(HSDS_MORE)));
    if (rg_jv_parse(in->work, text, &root) && root->kind == RG_JV_OBJECT)
        return hsds_of_jv(in->work, root);
    intake_tell(in, INTAKE_VALUE, t->type, STR(HSDS_MORE), text);
    struct hsds_node *kept = hsds_node_new(in->work, RG_JV_OBJECT);
    hsds_put_text(in->work, kept, HSDS_MORE, text);
    return kept;
}

static void
put_more(struct intake *in, struct hsds_node *object, struct hsds_node *more)
{
    for (struct hsds_node *next, *v = more ? more->first : NULL; v; v = next) {
        next = v->next;
        hsds_take(object, rg_arena_cstr(in->work, v->key));
        hsds_put(object, v->key, v);
    }
}

/* ---- the index of children ---- */

/* Each id of a cell: one, or a comma-joined list. */
static size_t
index_ids(struct package *pkg, int role, int owner, struct str ids, size_t row,
          enum hsds_type child)
{
    size_t n = 0;
    struct str id;
    while (ids.n && n < INTAKE_LIST_IDS_MAX && str_cut(&ids, ',', &id)) {
        id = str_trim(id);
        if (id.n == 0 || str_is(id, "0"))
            continue;
        place_add(pkg, key_of(role, owner, id), row, child);
        n++;
    }
    return n;
}

static void
index_row(struct package *pkg, const struct table *t, size_t row)
{
    index_ids(pkg, ROLE_SELF, t->type, own_id(t), row, t->type);
    if (t->type == HSDS_ATTRIBUTE || t->type == HSDS_METADATA) {
        bool attribute = t->type == HSDS_ATTRIBUTE;
        int owner = hsds_type_of_entity(cell(t, attribute ? "link_entity" : "resource_type"));
        index_ids(pkg, ROLE_OWNED, owner < 0 ? ANY_TYPE : owner,
                  cell(t, attribute ? "link_id" : "resource_id"), row, t->type);
        if (attribute)
            index_ids(pkg, ROLE_OWNED, HSDS_SERVICE, cell(t, "service_id"), row, t->type);
        return;
    }
    for (int owner = 0; owner < HSDS_TYPE__MAX; owner++) {
        const char *column = hsds_owner_column((enum hsds_type)owner, t->type);
        if (column)
            index_ids(pkg, ROLE_OWNED, owner, cell(t, column), row, t->type);
    }
}

static void
index_table(struct package *pkg, size_t table_ix)
{
    struct table *t = &pkg->tables[table_ix];
    struct intake *in = pkg->in;
    in->file = t->name;
    while (in->stopped == RG_OK) {
        uint64_t offset = (uint64_t)(t->csv.rest.p - t->bytes.p);
        uint32_t line = (uint32_t)t->csv.next_line;
        if (!rg_csv_next(&t->csv) ||
            !grow(in, (void **)&pkg->rows, pkg->n_rows, &pkg->rows_cap, sizeof(*pkg->rows)))
            return;
        in->line = t->csv.line;
        check_row(in, t);
        pkg->rows[pkg->n_rows] = (struct row_at){offset, line, (uint16_t)table_ix, false};
        index_row(pkg, t, pkg->n_rows++);
        in->counts.elements++;
    }
}

static int
place_cmp(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static struct place *
places_of(struct package *pkg, uint64_t key)
{
    size_t low = 0, high = pkg->n_places;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pkg->places[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return pkg->places + low;
}

/* ---- attaching ---- */

static struct hsds_node *attach_all(struct package *pkg, enum hsds_type type,
                                    struct hsds_node *object, struct str id, int depth);

/* Read a child row again, with its own children, and without the lists of owners it names. */
static struct hsds_node *
child_object(struct package *pkg, uint32_t row, int depth)
{
    struct row_at *at = &pkg->rows[row];
    struct table *t = &pkg->tables[at->table];
    t->csv.rest = str_n(t->bytes.p + at->offset, t->bytes.n - at->offset);
    t->csv.next_line = at->line;
    if (!rg_csv_next(&t->csv))
        return NULL;
    struct hsds_node *object = row_object(pkg->in, t);
    struct hsds_node *more = row_more(pkg->in, t);
    struct str id = rg_arena_str(pkg->in->work, own_id(t));
    if (!object)
        return NULL;
    attach_all(pkg, t->type, object, id, depth + 1);
    for (struct hsds_node *next, *v = object->first; v; v = next) {
        next = v->next;
        const struct hsds_property *p = hsds_property_find(t->type, v->key);
        bool owners = p && (t->ours ? hsds_is_owner_column(t->type, p)
                                    : p->form == HSDS_ID && str_find(v->text, STR(",")) >= 0);
        if (owners)
            hsds_take(object, p->name); /* said by where the child now is */
    }
    if (t->type == HSDS_ATTRIBUTE)
        hsds_take(object, "service_id");
    put_more(pkg->in, object, more);
    return object;
}

static void
attach_places(struct package *pkg, struct hsds_node *list, enum hsds_type child, uint64_t key,
              bool once, int depth)
{
    struct place *end = pkg->places + pkg->n_places;
    size_t n = 0;
    for (struct place *at = places_of(pkg, key); at < end && at->key == key; at++) {
        if (at->child != (uint32_t)child || ++n > INTAKE_CHILDREN_MAX)
            continue;
        struct hsds_node *object = child_object(pkg, at->row, depth);
        pkg->rows[at->row].owned = true;
        struct str id = hsds_get_text(object, "id");
        bool there = false, ours = pkg->tables[pkg->rows[at->row].table].ours;
        for (struct hsds_node *v = list->first; v && id.n && !ours; v = v->next)
            there |= str_eq(hsds_get_text(v, "id"), id); /* repeated for another owner */
        if (object && !there)
            hsds_put(list, STR_NONE, object);
        if (once)
            break;
    }
}

/* service_phones and the like: ids of children in a cell of the owner. */
static const struct {
    const char *column, *property;
    enum hsds_type child;
} owner_lists[] = {
    {"service_phones", "phones", HSDS_PHONE},
    {"service_schedule", "schedules", HSDS_SCHEDULE},
    {"service_contacts", "contacts", HSDS_CONTACT},
};

static void
attach_listed(struct package *pkg, struct hsds_node *object, struct hsds_node *list,
              const char *property, int depth)
{
    for (size_t i = 0; i < RG_COUNT(owner_lists); i++) {
        if (strcmp(owner_lists[i].property, property) != 0)
            continue;
        struct str ids = hsds_get_text(object, owner_lists[i].column), id;
        bool all = ids.n > 0;
        for (size_t n = 0; ids.n && n < INTAKE_LIST_IDS_MAX && str_cut(&ids, ',', &id); n++) {
            uint64_t key = key_of(ROLE_SELF, owner_lists[i].child, str_trim(id));
            struct place *at = places_of(pkg, key);
            all &= at < pkg->places + pkg->n_places && at->key == key;
            attach_places(pkg, list, owner_lists[i].child, key, true, depth);
        }
        if (all)
            hsds_take(object, owner_lists[i].column);
    }
}

static void
attach_terms(struct intake *in, struct hsds_node *object, struct hsds_node *list)
{
    struct str ids = hsds_get_text(object, "service_taxonomy"), id;
    for (size_t n = 0; ids.n && n < INTAKE_LIST_IDS_MAX && str_cut(&ids, ',', &id); n++) {
        struct hsds_node *attribute = hsds_node_new(in->work, RG_JV_OBJECT);
        bool there = str_trim(id).n == 0;
        for (struct hsds_node *v = list->first; v && !there; v = v->next)
            there = str_eq(hsds_get_text(v, "taxonomy_term_id"), str_trim(id));
        hsds_put_text(in->work, attribute, "taxonomy_term_id", str_trim(id));
        if (!there)
            hsds_put(list, STR_NONE, attribute);
    }
    hsds_take(object, "service_taxonomy");
}

static struct hsds_node *
attach_all(struct package *pkg, enum hsds_type type, struct hsds_node *object, struct str id,
           int depth)
{
    struct intake *in = pkg->in;
    for (size_t i = 0; object && depth < DEPTH_MAX && i < hsds_models[type].n; i++) {
        const struct hsds_property *p = &hsds_models[type].properties[i];
        if (p->form == HSDS_ONE && p->type == HSDS_UNIT) {
            struct hsds_node *found = hsds_node_new(in->work, RG_JV_ARRAY);
            attach_places(pkg, found, HSDS_UNIT,
                          key_of(ROLE_SELF, HSDS_UNIT, hsds_get_text(object, "unit_id")), true,
                          depth);
            if (found && found->first)
                hsds_put(object, str_of(p->name), found->first);
        }
        if (p->form != HSDS_MANY || p->type < HSDS_AGGREGATE__MAX)
            continue;
        struct hsds_node *list = hsds_node_new(in->work, RG_JV_ARRAY);
        enum hsds_type child = (enum hsds_type)p->type;
        if (!list)
            return object;
        if (id.n)
            attach_places(pkg, list, child, key_of(ROLE_OWNED, (int)type, id), false, depth);
        if (id.n && (child == HSDS_ATTRIBUTE || child == HSDS_METADATA))
            attach_places(pkg, list, child, key_of(ROLE_OWNED, ANY_TYPE, id), false, depth);
        if (type == HSDS_SERVICE)
            attach_listed(pkg, object, list, p->name, depth);
        if (type == HSDS_SERVICE && child == HSDS_ATTRIBUTE)
            attach_terms(in, object, list);
        if (list->first && !hsds_get(object, p->name))
            hsds_put(object, str_of(p->name), list);
    }
    return object;
}

/* ---- the main tables ---- */

static const char *
pair_key(struct intake *in, struct str service, struct str location)
{
    return rg_arena_printf(in->work, "%.*s %.*s", STR_ARG(service), STR_ARG(location));
}

/* service_locations names places: those without a row in the link table become locations of the
 * service, so that cleaning pairs them up.                                                   */
static void
pair_listed(struct package *pkg, struct hsds_node *object, struct str id)
{
    struct intake *in = pkg->in;
    struct hsds_node *list = hsds_node_new(in->work, RG_JV_ARRAY);
    struct str ids = hsds_get_text(object, "service_locations"), one;
    for (size_t n = 0; list && ids.n && n < INTAKE_LIST_IDS_MAX && str_cut(&ids, ',', &one);
         n++) {
        one = str_trim(one);
        const char *key = pair_key(in, id, one);
        uint64_t wanted = key_of(ROLE_SELF, HSDS_SERVICE_AT_LOCATION, str_of(key));
        struct place *at = places_of(pkg, wanted);
        if (one.n && !(at < pkg->places + pkg->n_places && at->key == wanted))
            hsds_put(list, STR_NONE, hsds_string(in->work, one));
    }
    hsds_take(object, "service_locations");
    if (list && list->first)
        hsds_put(object, STR("locations"), list);
}

static void
index_pairs(struct package *pkg, struct table *t)
{
    struct rg_csv start = t->csv;
    while (pkg->in->stopped == RG_OK && rg_csv_next(&t->csv)) {
        const char *key = pair_key(pkg->in, cell(t, "service_id"), cell(t, "location_id"));
        place_add(pkg, key_of(ROLE_SELF, HSDS_SERVICE_AT_LOCATION, str_of(key)), 0,
                  HSDS_SERVICE_AT_LOCATION);
        rg_arena_reset(pkg->in->work);
    }
    t->csv.rest = start.rest;
    t->csv.next_line = start.next_line;
}

static void
take_table(struct package *pkg, struct table *t)
{
    struct intake *in = pkg->in;
    in->base = t->bytes.p;
    while (in->stopped == RG_OK && rg_csv_next(&t->csv)) {
        intake_reached(in, t->csv.rest.p);
        in->file = t->name;
        in->line = t->csv.line;
        check_row(in, t);
        in->counts.elements++;
        struct str id = rg_arena_str(in->work, own_id(t));
        struct hsds_node *object = row_object(in, t), *more = row_more(in, t);
        if (object && !object->first)
            intake_tell(in, INTAKE_EMPTY_ROW, t->type, STR(""), STR(""));
        if (object && object->first) {
            attach_all(pkg, t->type, object, id, 0);
            if (t->type == HSDS_SERVICE)
                pair_listed(pkg, object, id);
            put_more(in, object, more);
            hsds_clean(in, t->type, object, STR_NONE, false);
        }
        rg_arena_reset(in->work);
    }
    in->before += t->bytes.n;
    if (t->csv.no_memory)
        in->stopped = RG_NO_MEMORY(in->ctx);
}

/* Child rows that no owner took: there is nowhere to put them. */
static void
tell_orphans(struct package *pkg)
{
    struct intake *in = pkg->in;
    for (size_t i = 0; i < pkg->n_rows && in->stopped == RG_OK; i++) {
        struct row_at *at = &pkg->rows[i];
        if (at->owned)
            continue;
        struct table *t = &pkg->tables[at->table];
        if (t->type == HSDS_UNIT)
            continue;
        t->csv.rest = str_n(t->bytes.p + at->offset, t->bytes.n - at->offset);
        t->csv.next_line = at->line;
        if (!rg_csv_next(&t->csv))
            continue;
        in->file = t->name;
        in->line = at->line;
        intake_tell(in, INTAKE_ORPHAN, t->type, STR("id"),
                    intake_mended(in, own_id(t), t->type, STR("id")));
        rg_arena_reset(in->work);
    }
}

static void
take_package(struct package *pkg)
{
    static const enum hsds_type order[] = {HSDS_META_TABLE_DESCRIPTION, HSDS_TAXONOMY,
                                           HSDS_TAXONOMY_TERM, HSDS_ORGANIZATION, HSDS_PROGRAM,
                                           HSDS_LOCATION, HSDS_SERVICE,
                                           HSDS_SERVICE_AT_LOCATION};
    for (size_t i = 0; i < pkg->n_tables; i++) {
        if (pkg->tables[i].type < HSDS_AGGREGATE__MAX && pkg->in->options->progress)
            pkg->in->options->progress->total += pkg->tables[i].bytes.n;
        if (pkg->tables[i].type >= HSDS_AGGREGATE__MAX)
            index_table(pkg, i);
        else if (pkg->tables[i].type == HSDS_SERVICE_AT_LOCATION)
            index_pairs(pkg, &pkg->tables[i]);
    }
    if (pkg->n_places)
        qsort(pkg->places, pkg->n_places, sizeof(*pkg->places), place_cmp);
    for (size_t o = 0; o < RG_COUNT(order); o++)
        for (size_t i = 0; i < pkg->n_tables; i++)
            if (pkg->tables[i].type == order[o])
                take_table(pkg, &pkg->tables[i]);
    tell_orphans(pkg);
}

enum rg_err
intake_tables(struct rg_ctx *ctx, const struct intake_options *options,
              const struct intake_table *tables, size_t n_tables, const struct intake_sink *sink,
              struct intake_counts *ret_counts)
{
    struct intake in;
    enum rg_err err = intake_begin(&in, ctx, options, sink);
    if (err != RG_OK)
        return err;
    struct package *pkg = RG_NEW(in.keep, struct package);
    if (!pkg) {
        in.stopped = RG_NO_MEMORY(ctx);
        return intake_end(&in, ret_counts);
    }
    pkg->in = &in;
    for (size_t i = 0; i < n_tables; i++)
        table_open(pkg, &tables[i]);
    if (pkg->n_tables == 0)
        in.stopped = RG_FAIL(ctx, RG_INVALID, "network.intake_no_tables");
    else
        take_package(pkg);
    for (size_t i = 0; i < pkg->n_tables; i++)
        rg_csv_done(&pkg->tables[i].csv);
    free(pkg->rows);
    free(pkg->places);
    return intake_end(&in, ret_counts);
}
