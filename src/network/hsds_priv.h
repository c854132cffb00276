/* What the files of the intake share: the model of HSDS 3.1, the tree, the running intake. */
#ifndef NETWORK_HSDS_PRIV_H
#define NETWORK_HSDS_PRIV_H

#include "hsds_intake.h"

/* ---- the model (hsds_model.c) ---- */

enum hsds_form {
    HSDS_TEXT, HSDS_NUMBER, HSDS_ID, HSDS_URI, HSDS_EMAIL, HSDS_DATETIME, HSDS_CHOICE,
    HSDS_ONE,  /* a nested object  */
    HSDS_MANY, /* a nested array   */
};

struct hsds_property {
    const char *name;
    enum hsds_form form;
    int type;             /* of an id's target or of the nested objects; -1 = any            */
    const char *choices;  /* "a|b|c"                                                         */
    const char *fallback; /* NULL: optional. "": required, left empty when missing. "?":
                             required and nothing may be invented: the object is set aside.
                             Other: required, this value when missing                        */
};

struct hsds_model {
    const char *name;
    const char *file;     /* of a tabular package, without ".csv"                            */
    const char *scalar;   /* where a plain text goes that stands in place of the object      */
    const struct hsds_property *properties;
    size_t n;
};

extern const struct hsds_model hsds_models[HSDS_TYPE__MAX];

const struct hsds_property *hsds_property_find(enum hsds_type type, struct str name);
const char *hsds_alias(enum hsds_type type, struct str name);
/* The 3.1 name of an older or exporter's name, or NULL. */
static inline bool
hsds_is_column(const struct hsds_property *p) /* of its table; else a table of its own */
{
    return p->form != HSDS_ONE && p->form != HSDS_MANY;
}

static inline bool
hsds_may_be_empty(const struct hsds_property *p) /* required, and "" will do */
{
    return p->fallback && p->fallback[0] == '\0';
}

const char *hsds_owner_column(enum hsds_type owner, enum hsds_type child);
/* The column of the child's table that names an owner of that type ("service_id", "link_id"), or
 * NULL where the owner has no such children.                                                  */
bool hsds_is_owner_column(enum hsds_type type, const struct hsds_property *p);
/* One of those columns, and what says of which type the owner is; also unit_id of a capacity. */

int hsds_type_of_name(struct str name);  /* "service", "services", "Service": -1 if none */
int hsds_type_of_entity(struct str name); /* of link_entity: "taxonomy" is one, not a term     */
int hsds_type_of_file(struct str name);  /* "services_at_location.csv": -1 if none       */

/* One more column of our own packages: members of the object that its row has no place for, as a
 * JSON object. In a table that has it, columns of owners only say where a row belongs.        */
#define HSDS_MORE "regia_more"

/* ---- the tree (hsds_tree.c): all functions take NULL nodes, so that an arena at its ceiling
 * needs one look at rg_arena_overflowed at the end ---- */

struct hsds_node {
    uint8_t kind; /* enum rg_jv_kind */
    struct str key;
    struct str text; /* of a string (decoded) or number */
    struct hsds_node *first, *last, *next;
};

struct hsds_node *hsds_node_new(struct rg_arena *arena, enum rg_jv_kind kind);
struct hsds_node *hsds_string(struct rg_arena *arena, struct str text);
struct hsds_node *hsds_of_jv(struct rg_arena *arena, const struct rg_jv *v);
void hsds_put(struct hsds_node *container, struct str key, struct hsds_node *value);
void hsds_put_text(struct rg_arena *arena, struct hsds_node *object, const char *key,
                   struct str text);
/* Adds at the end; none adds nothing. */
struct hsds_node *hsds_get(const struct hsds_node *object, const char *key);
struct hsds_node *hsds_take(struct hsds_node *object, const char *key);
/* Found and unlinked. */
struct str hsds_text(const struct hsds_node *node); /* string or number; else none */
struct str hsds_get_text(const struct hsds_node *object, const char *key);
bool hsds_is_empty(const struct hsds_node *node);
/* Null, blank text, or a container without content. */
void hsds_write(struct rg_buf *buf, const struct hsds_node *node);
struct hsds_node *hsds_copy(struct rg_arena *arena, const struct hsds_node *node);

/* ---- the running intake (hsds_report.c) ---- */

enum intake_issue {
    INTAKE_NOT_JSON, INTAKE_NOT_OBJECT, INTAKE_UNKNOWN_KIND, INTAKE_NO_NAME,
    INTAKE_DUPLICATE_SAME, INTAKE_DUPLICATE, INTAKE_STATUS_MISSING, INTAKE_VALUE,
    INTAKE_URL_SCHEME, INTAKE_OTHER_TYPE, INTAKE_REQUIRED_EMPTY, INTAKE_DEFAULTED,
    INTAKE_IDS_DERIVED, INTAKE_UTF8, INTAKE_COORDINATES, INTAKE_DANGLING, INTAKE_ORPHAN,
    INTAKE_LIST_IDS, INTAKE_SCHEDULE_TEXT, INTAKE_CSV_QUOTE, INTAKE_CSV_WIDTH,
    INTAKE_UNKNOWN_FILE, INTAKE_SET_ASIDE, INTAKE_TOO_LARGE, INTAKE_EMPTY_ROW, INTAKE_IGNORED,
    INTAKE_NO_ORGANIZATION, INTAKE_NOT_TEXT,
    INTAKE_ISSUE__MAX
};

struct intake_open { /* a record being put together, its parts first: on the stack */
    const struct intake_open *outer;
    enum hsds_type type;
    struct str id;
};

struct seen;
struct reference;
struct summary;

struct intake {
    struct rg_ctx *ctx;
    const struct intake_options *options;
    const struct intake_sink *sink;
    struct intake_counts counts;
    struct rg_arena *work;       /* emptied after each element                                */
    struct rg_arena *keep;       /* lives with the intake                                     */
    struct rg_buf doc;           /* the document being written                                */
    enum rg_err stopped;         /* what the sink said, or RG_LIMIT: nothing more is done     */
    const char *file;
    uint64_t line;
    struct str scope;            /* part of derived ids: the page a harvest line came from    */
    const char *base, *behind;   /* where the bytes begin; up to here they were given back    */
    uint64_t before;             /* bytes of the files before this one                        */
    struct str organization_id;  /* of the bundle: for services that name none                */
    struct rg_arena *seen_memory; /* of the table alone: when it grows, the smaller one goes  */
    struct seen *seen;            /* 32 bytes a place, three quarters full at most            */
    size_t n_seen, seen_cap;
    unsigned char key[16];       /* of the table of what was seen */
    const struct intake_open *open; /* innermost; a part that names it needs no looking for it */
    struct reference *references;
    struct summary *summaries;
};

enum rg_err intake_begin(struct intake *in, struct rg_ctx *ctx,
                         const struct intake_options *options, const struct intake_sink *sink);
enum rg_err intake_end(struct intake *in, struct intake_counts *ret_counts);
/* Checks the references, tells the summaries, frees. Call it also after a stop. */

void intake_tell(struct intake *in, enum intake_issue issue, enum hsds_type type,
                 struct str field, struct str value);
void intake_summaries_flush(struct intake *in);
struct str intake_id(struct intake *in, enum hsds_type type, struct str given);
/* The UUID for an id as given, in the work arena. */
struct str intake_id_derived(struct intake *in, enum hsds_type type, struct str scope,
                             struct str content);
struct str intake_mended(struct intake *in, struct str s, enum hsds_type type, struct str field);
/* s itself when it is text; else a copy in the work arena with U+FFFD for each byte that is not,
 * and the problem told.                                                                      */
bool intake_is_uuid(struct str s);
void intake_refer(struct intake *in, enum hsds_type from, const char *field, int to,
                  struct str id, struct str given);
void intake_emit(struct intake *in, enum hsds_type type, struct hsds_node *doc,
                 struct str source_id, bool embedded);

/* ---- cleaning (hsds_clean.c) ---- */

struct hsds_node *hsds_clean(struct intake *in, enum hsds_type type, struct hsds_node *object,
                             struct str owner_id, bool embedded);
/* The canonical form of an object, which is taken apart; nested aggregates are emitted on the
 * way, and the object itself too when it is one. NULL if it was rejected. For a child,
 * owner_id is the UUID of what it belongs to.                                                */

/* ---- repair of shapes (hsds_repair.c, hsds_schedule.c) ---- */

void hsds_reshape(struct intake *in, enum hsds_type type, struct hsds_node *object);
/* Bring the known foreign shapes of one object near to 3.1: before its fields are cleaned. */
void hsds_reshape_schedules(struct intake *in, struct hsds_node *owner);
/* One schedule that lists several times or dates becomes several. */
void hsds_reshape_schedule(struct intake *in, struct hsds_node *schedule);

/* ---- files (hsds_open.c) ---- */

bool intake_file_map(const char *path, struct str *ret_bytes);
/* A file's bytes, read-only; unmap them. False when it is none or cannot be read. */
bool intake_fd_map(int fd, struct str *ret_bytes);
/* The same of one that is open, and may be closed then. */
void intake_file_unmap(struct str bytes);
void intake_reached(struct intake *in, const char *at);
/* Everything before at was read: tell the progress, and do not hold it in memory. */

/* ---- bundles (hsds_json.c) ---- */

void intake_element(struct intake *in, struct hsds_node *element, int type_hint);

#endif
