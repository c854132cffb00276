/* JSON out, and JSON of our own read back.
 *
 * struct rg_jw writes: it streams into a buffer, knows where commas belong, and asserts that
 * each thing is closed by its own end and that keys stand in objects, nowhere else. struct
 * rg_jv reads documents into a flat array of nodes in an arena, strings left in place: for
 * the records that we wrote ourselves and read on every page. Strangers' JSON goes through
 * jansson first (docs/decisions/0003-json.md has the figures). */
#ifndef RG_JSON_H
#define RG_JSON_H

#include "arena.h"
#include "buf.h"

struct rg_jw {
    struct rg_buf *out;
    unsigned depth;
    uint64_t has_items; /* bit per depth: a comma is due   */
    uint64_t is_object; /* bit per depth: members have keys */
    bool after_key;
};

void rg_jw_init(struct rg_jw *jw, struct rg_buf *out);
void rg_jw_object(struct rg_jw *jw);
void rg_jw_array(struct rg_jw *jw);
void rg_jw_end_object(struct rg_jw *jw);
void rg_jw_end_array(struct rg_jw *jw);
void rg_jw_key(struct rg_jw *jw, const char *key);
void rg_jw_key_str(struct rg_jw *jw, struct str key);
void rg_jw_str(struct rg_jw *jw, struct str value); /* none → null */
void rg_jw_i64(struct rg_jw *jw, int64_t value);
void rg_jw_e7(struct rg_jw *jw, int32_t e7);
void rg_jw_fixed(struct rg_jw *jw, double value, int decimals); /* finite; rounded */
void rg_jw_bool(struct rg_jw *jw, bool value);
void rg_jw_null(struct rg_jw *jw);
void rg_jw_raw(struct rg_jw *jw, struct str json); /* a whole value already in JSON */

void rg_json_escape(struct rg_buf *buf, struct str s);
/* The inside of a JSON string; also escapes '<', '>' and '&' so that it may stand in HTML. */

enum rg_jv_kind { RG_JV_NULL, RG_JV_FALSE, RG_JV_TRUE, RG_JV_NUMBER, RG_JV_STRING, RG_JV_ARRAY,
                  RG_JV_OBJECT };

struct rg_jv {
    uint8_t kind;
    bool escaped;      /* a string with backslashes: rg_jv_str decodes it into the arena  */
    uint32_t span;     /* nodes of this value, itself included                            */
    uint32_t n;        /* members of an object (key and value nodes alternate) or array   */
    struct str text;   /* the source text of the value; a string's without the quotes     */
};

bool rg_jv_parse(struct rg_arena *arena, struct str json, const struct rg_jv **ret_root);
/* False on malformed text, more than RG_JSON_DEPTH_MAX deep or RG_JSON_NODES_MAX nodes, or no
 * memory. Nodes live in the arena, strings in json. Linear, about 3 ns a byte.               */

const struct rg_jv *rg_jv_get(const struct rg_jv *object, const char *key);
/* The first member of that name, or NULL (also when object is NULL or no object). Keys are compared
 * as decoded. Linear in members.                                                             */
const struct rg_jv *rg_jv_first(const struct rg_jv *container);
const struct rg_jv *rg_jv_next(const struct rg_jv *node);
/* Walk: for (i = 0, v = rg_jv_first(a); i < a->n; i++, v = rg_jv_next(v)). In an object the
 * walk meets key, value, key, value: 2*n nodes.                                              */
struct str rg_jv_str(struct rg_arena *arena, const struct rg_jv *node);
/* A string decoded, a number's text; none for NULL, null and everything else. U+0000 and half a
 * surrogate pair, which no text may hold, come out as U+FFFD.                                */
struct str rg_jv_get_str(struct rg_arena *arena, const struct rg_jv *object, const char *key);
int64_t rg_jv_i64(const struct rg_jv *node, int64_t otherwise);
/* A whole number written without point or exponent, bare or as a string; otherwise the other. */

#endif
