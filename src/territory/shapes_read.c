/* Boundary files of strangers: GeoJSON and TopoJSON through jansson, in two passes over the
 * parsed document, one that checks and counts and one that fills arrays of the counted size.  */
#include "territory/territory_priv.h"
#include <jansson.h>
#include <math.h>
#include <stdio.h>

struct reader {
    struct rg_ctx *ctx;
    struct rg_arena *arena;
    const char *file;
    const char *code_property;
    json_t *arcs; /* TopoJSON; NULL: GeoJSON */
    bool quantised;
    double scale[2], shift[2];
    char place[24]; /* "1" for the first feature, for the story */
    struct territory_shapes shapes; /* without arrays while counting */
    struct territory_point first, last; /* of the ring being read */
    uint32_t ring_n;
};

static enum rg_err
refuse(struct reader *reader, const char *key)
{
    return RG_FAIL(reader->ctx, RG_INVALID, key, "file", reader->file, "feature", reader->place);
}

static bool
same(struct territory_point a, struct territory_point b)
{
    return a.lon_e7 == b.lon_e7 && a.lat_e7 == b.lat_e7;
}

static enum rg_err
point_add(struct reader *reader, double lon, double lat)
{
    if (!(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90))
        return refuse(reader, "territory.bad_coordinate");
    struct territory_point p = {(int32_t)lround(lon * 1e7), (int32_t)lround(lat * 1e7)};
    if (reader->ring_n > 0 && same(p, reader->last))
        return RG_OK; /* doubled by rounding: adds nothing */
    if (reader->shapes.n_points == TERRITORY_POINTS_MAX)
        return RG_FAIL(reader->ctx, RG_LIMIT, "territory.too_many_points", "file", reader->file,
                       "max",
                       rg_arena_printf(reader->ctx->arena, "%d", (int)TERRITORY_POINTS_MAX));
    if (reader->ring_n++ == 0)
        reader->first = p;
    reader->last = p;
    if (reader->shapes.points)
        reader->shapes.points[reader->shapes.n_points] = p;
    reader->shapes.n_points++;
    return RG_OK;
}

static enum rg_err
position_add(struct reader *reader, const json_t *position)
{
    const json_t *lon = json_array_get(position, 0), *lat = json_array_get(position, 1);
    if (!json_is_number(lon) || !json_is_number(lat))
        return refuse(reader, "territory.bad_coordinate");
    return point_add(reader, json_number_value(lon), json_number_value(lat));
}

/* One arc of a TopoJSON file, forwards, or backwards for an index written ~i. */
static enum rg_err
arc_add(struct reader *reader, const json_t *index)
{
    json_int_t i = json_integer_value(index);
    bool backwards = i < 0;
    const json_t *arc =
        json_is_integer(index) ? json_array_get(reader->arcs, (size_t)(backwards ? ~i : i)) : NULL;
    size_t n = json_array_size(arc);
    if (n < 2)
        return refuse(reader, "territory.bad_arc");
    struct rg_mark mark = rg_arena_mark(reader->ctx->arena);
    double *places = RG_ARRAY(reader->ctx->arena, double, n * 2);
    if (!places)
        return RG_NO_MEMORY(reader->ctx);
    double sum[2] = {0, 0};
    enum rg_err err = RG_OK;
    for (size_t k = 0; k < n && !err; k++)
        for (size_t axis = 0; axis < 2; axis++) {
            const json_t *number = json_array_get(json_array_get(arc, k), axis);
            if (!json_is_number(number)) {
                err = refuse(reader, "territory.bad_coordinate");
                break;
            }
            double value = json_number_value(number);
            if (reader->quantised) {
                sum[axis] += value;
                value = sum[axis] * reader->scale[axis] + reader->shift[axis];
            }
            places[k * 2 + axis] = value;
        }
    for (size_t k = 0; k < n && !err; k++) {
        const double *p = places + 2 * (backwards ? n - 1 - k : k);
        err = point_add(reader, p[0], p[1]);
    }
    rg_arena_release(reader->ctx->arena, mark);
    return err;
}

static enum rg_err
ring_add(struct reader *reader, const json_t *items, bool hole)
{
    struct territory_shapes *shapes = &reader->shapes;
    uint32_t first = shapes->n_points;
    if (!json_is_array(items))
        return refuse(reader, "territory.bad_ring");
    reader->ring_n = 0;
    enum rg_err err = RG_OK;
    for (size_t i = 0; i < json_array_size(items) && !err; i++)
        err = reader->arcs ? arc_add(reader, json_array_get(items, i))
                           : position_add(reader, json_array_get(items, i));
    if (err)
        return err;
    if (reader->ring_n > 1 && same(reader->first, reader->last)) {
        reader->ring_n--; /* closed by writing the first point again */
        shapes->n_points--;
    }
    if (reader->ring_n < 3)
        return refuse(reader, "territory.bad_ring");
    if (shapes->rings)
        shapes->rings[shapes->n_rings] =
            (struct territory_ring){.first = first, .n = reader->ring_n, .hole = hole};
    shapes->n_rings++;
    return RG_OK;
}

static enum rg_err
polygon_add(struct reader *reader, const json_t *rings)
{
    if (json_array_size(rings) == 0)
        return refuse(reader, "territory.bad_ring");
    enum rg_err err = RG_OK;
    for (size_t i = 0; i < json_array_size(rings) && !err; i++)
        err = ring_add(reader, json_array_get(rings, i), i > 0);
    return err;
}

/* A number or text, without blanks around, as a code that may stand in an address. */
static struct str
code_of(struct reader *reader, const json_t *value)
{
    struct str code = STR_NONE;
    if (json_is_string(value))
        code = str_trim(str_n(json_string_value(value), json_string_length(value)));
    else if (json_is_integer(value))
        code = str_of(rg_arena_printf(reader->ctx->arena, "%06lld",
                                      (long long)json_integer_value(value)));
    if (code.n == 0 || code.n > TERRITORY_CODE_MAX)
        return STR_NONE;
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            c != '-' && c != '_' && c != '.')
            return STR_NONE;
    }
    return code;
}

static struct str
feature_code(struct reader *reader, const json_t *feature)
{
    static const char *const usual[] = {"istat_code", "com_istat_code", "PRO_COM_T",
                                        "codice", "code"};
    const json_t *properties = json_object_get(feature, "properties");
    if (reader->code_property)
        return code_of(reader, json_object_get(properties, reader->code_property));
    for (size_t i = 0; i < RG_COUNT(usual); i++) {
        struct str code = code_of(reader, json_object_get(properties, usual[i]));
        if (code.p)
            return code;
    }
    return code_of(reader, json_object_get(feature, "id"));
}

static struct str
feature_name(const json_t *feature)
{
    static const char *const usual[] = {"name", "nome", "COMUNE", "den"};
    const json_t *properties = json_object_get(feature, "properties");
    for (size_t i = 0; i < RG_COUNT(usual); i++) {
        const json_t *name = json_object_get(properties, usual[i]);
        if (json_is_string(name))
            return str_n(json_string_value(name), json_string_length(name));
    }
    return STR_NONE;
}

static void
box_of(const struct territory_shapes *shapes, uint32_t first_point, struct territory_shape *shape)
{
    shape->low = shape->high = shapes->points[first_point];
    for (uint32_t i = first_point; i < shapes->n_points; i++) {
        struct territory_point p = shapes->points[i];
        shape->low.lon_e7 = p.lon_e7 < shape->low.lon_e7 ? p.lon_e7 : shape->low.lon_e7;
        shape->low.lat_e7 = p.lat_e7 < shape->low.lat_e7 ? p.lat_e7 : shape->low.lat_e7;
        shape->high.lon_e7 = p.lon_e7 > shape->high.lon_e7 ? p.lon_e7 : shape->high.lon_e7;
        shape->high.lat_e7 = p.lat_e7 > shape->high.lat_e7 ? p.lat_e7 : shape->high.lat_e7;
    }
}

static enum rg_err
feature_add(struct reader *reader, const json_t *feature)
{
    struct territory_shapes *shapes = &reader->shapes;
    uint32_t first_ring = shapes->n_rings, first_point = shapes->n_points;
    const json_t *geometry = reader->arcs ? feature : json_object_get(feature, "geometry");
    const json_t *parts = json_object_get(geometry, reader->arcs ? "arcs" : "coordinates");
    const char *type = json_string_value(json_object_get(geometry, "type"));
    enum rg_err err = RG_OK;
    if (type && strcmp(type, "Polygon") == 0) {
        err = polygon_add(reader, parts);
    } else if (type && strcmp(type, "MultiPolygon") == 0 && json_array_size(parts) > 0) {
        for (size_t i = 0; i < json_array_size(parts) && !err; i++)
            err = polygon_add(reader, json_array_get(parts, i));
    } else {
        return refuse(reader, "territory.not_a_polygon");
    }
    if (err)
        return err;
    struct rg_mark mark = rg_arena_mark(reader->ctx->arena);
    struct str code = feature_code(reader, feature);
    if (!code.p)
        return refuse(reader, "territory.no_code");
    if (shapes->shapes) {
        struct territory_shape *shape = &shapes->shapes[shapes->n_shapes];
        struct str name = feature_name(feature);
        shape->code = rg_arena_str(reader->arena, code);
        shape->name = rg_arena_str(reader->arena, name);
        if (!shape->code.p || (name.p && !shape->name.p))
            return RG_NO_MEMORY(reader->ctx);
        shape->first_ring = first_ring;
        shape->n_rings = shapes->n_rings - first_ring;
        box_of(shapes, first_point, shape);
    } else {
        rg_arena_release(reader->ctx->arena, mark);
    }
    shapes->n_shapes++;
    return RG_OK;
}

static enum rg_err
features_add(struct reader *reader, const json_t *features)
{
    enum rg_err err = RG_OK;
    reader->shapes.n_shapes = reader->shapes.n_rings = reader->shapes.n_points = 0;
    for (size_t i = 0; i < json_array_size(features) && !err; i++) {
        snprintf(reader->place, sizeof(reader->place), "%zu", i + 1);
        err = feature_add(reader, json_array_get(features, i));
    }
    return err;
}

/* The list of features of either format; fills what the reader must know of the second. */
static enum rg_err
document_open(struct reader *reader, json_t *root, const json_t **ret_features)
{
    const char *type = json_string_value(json_object_get(root, "type"));
    const json_t *features = NULL;
    if (type && strcmp(type, "FeatureCollection") == 0) {
        features = json_object_get(root, "features");
    } else if (type && strcmp(type, "Topology") == 0) {
        json_t *objects = json_object_get(root, "objects");
        json_t *object = json_object_iter_value(json_object_iter(objects));
        features = json_object_get(object, "geometries");
        reader->arcs = json_object_get(root, "arcs");
        json_t *transform = json_object_get(root, "transform");
        reader->quantised = transform != NULL;
        for (size_t axis = 0; transform && axis < 2; axis++) {
            reader->scale[axis] =
                json_number_value(json_array_get(json_object_get(transform, "scale"), axis));
            reader->shift[axis] =
                json_number_value(json_array_get(json_object_get(transform, "translate"), axis));
        }
        if (!json_is_array(reader->arcs))
            features = NULL;
    }
    if (json_array_size(features) == 0)
        return RG_FAIL(reader->ctx, RG_INVALID, "territory.no_features", "file", reader->file);
    if (json_array_size(features) > TERRITORY_SHAPES_MAX)
        return RG_FAIL(reader->ctx, RG_LIMIT, "territory.too_many_shapes", "max",
                       rg_arena_printf(reader->ctx->arena, "%d", (int)TERRITORY_SHAPES_MAX));
    *ret_features = features;
    return RG_OK;
}

static enum rg_err
document_read(struct reader *reader, json_t *root)
{
    const json_t *features = NULL;
    enum rg_err err = document_open(reader, root, &features);
    if (!err)
        err = features_add(reader, features); /* checks and counts */
    if (err)
        return err;
    struct territory_shapes *shapes = &reader->shapes;
    shapes->shapes = RG_ARRAY(reader->arena, struct territory_shape, shapes->n_shapes);
    shapes->rings = RG_ARRAY(reader->arena, struct territory_ring, shapes->n_rings);
    /* One more: a ring holds its closing point until it is seen to close. */
    shapes->points = RG_ARRAY(reader->arena, struct territory_point, (size_t)shapes->n_points + 1);
    if (!shapes->shapes || !shapes->rings || !shapes->points)
        return RG_NO_MEMORY(reader->ctx);
    return features_add(reader, features);
}

enum rg_err
territory_shapes_read(struct rg_ctx *ctx, struct rg_arena *arena, struct str bytes,
                      const char *file, const char *code_property,
                      struct territory_shapes *ret_shapes)
{
    if (bytes.n > TERRITORY_FILE_MAX)
        return RG_FAIL(ctx, RG_LIMIT, "territory.file_too_large", "file", file, "max_mb",
                       rg_arena_printf(ctx->arena, "%d", TERRITORY_FILE_MAX / (1024 * 1024)));
    json_error_t fault;
    json_t *root = json_loadb(bytes.p ? bytes.p : "", bytes.n, 0, &fault);
    if (!root)
        return RG_FAIL(ctx, RG_INVALID, "territory.not_json", "file", file, "line",
                       rg_arena_printf(ctx->arena, "%d", fault.line), "why", fault.text);
    struct reader reader = {
        .ctx = ctx, .arena = arena, .file = file, .code_property = code_property};
    enum rg_err err = document_read(&reader, root);
    json_decref(root);
    if (!err)
        *ret_shapes = reader.shapes;
    return err;
}
