/* Inside the room: rows of all tables in memory, the faults of rows, and what pages share. */
#ifndef PLAN_PRIV_H
#define PLAN_PRIV_H

#include "plan/columns.h"
#include "plan/kernel.h"
#include "plan/plan.h"

/* ---- tables ---- */

enum plan_table {
    PLAN_PLANS,
    PLAN_ELEMENTS,
    PLAN_LINKS,
    PLAN_ORIGINS,
    PLAN_FATES,
    PLAN_OBJECTIVES,
    PLAN_AMENDMENTS,
    PLAN_RENAMES,
    PLAN_INSTRUMENTS,
    PLAN_COHERENCE,
    PLAN_STEPS,
    PLAN_DEADLINES,
    PLAN_REQUESTS,
    PLAN_ACTS,
    PLAN_ADOPTIONS,
    PLAN_TABLE__MAX
};

enum plan_kind {            /* what a cell holds */
                 PLAN_CODE, /* letters, digits, . - _ / : no blank  */
                 PLAN_TEXT,
                 PLAN_LONG, /* a line, a paragraph         */
                 PLAN_LIST, /* texts separated by |                 */
                 PLAN_URL,
                 PLAN_CHOICE, /* one of choices                       */
                 PLAN_WORD,   /* a code; the usual ones are choices   */
                 PLAN_INT,    /* within bounds                        */
                 PLAN_DECIMAL,
                 PLAN_DAY,
                 PLAN_PLAN,
                 PLAN_ELEMENT,
                 PLAN_ELEMENTS_OF,
                 PLAN_THEME,
                 PLAN_VOICE,
                 PLAN_INSTRUMENT,
                 PLAN_AREA,
                 PLAN_STEPS_OF
};

#define PLAN_ENUM(id, name, kind, arg, required) id,
enum plan_plans_column { PLAN_PLANS_COLUMNS(PLAN_ENUM) PL__MAX };
enum plan_elements_column { PLAN_ELEMENTS_COLUMNS(PLAN_ENUM) EL__MAX };
enum plan_links_column { PLAN_LINKS_COLUMNS(PLAN_ENUM) LI__MAX };
enum plan_origins_column { PLAN_ORIGINS_COLUMNS(PLAN_ENUM) OR__MAX };
enum plan_fates_column { PLAN_FATES_COLUMNS(PLAN_ENUM) FA__MAX };
enum plan_objectives_column { PLAN_OBJECTIVES_COLUMNS(PLAN_ENUM) OB__MAX };
enum plan_amendments_column { PLAN_AMENDMENTS_COLUMNS(PLAN_ENUM) AM__MAX };
enum plan_renames_column { PLAN_RENAMES_COLUMNS(PLAN_ENUM) RE__MAX };
enum plan_instruments_column { PLAN_INSTRUMENTS_COLUMNS(PLAN_ENUM) IN__MAX };
enum plan_coherence_column { PLAN_COHERENCE_COLUMNS(PLAN_ENUM) CO__MAX };
enum plan_steps_column { PLAN_STEPS_COLUMNS(PLAN_ENUM) ST__MAX };
enum plan_deadlines_column { PLAN_DEADLINES_COLUMNS(PLAN_ENUM) DE__MAX };
enum plan_requests_column { PLAN_REQUESTS_COLUMNS(PLAN_ENUM) RQ__MAX };
enum plan_acts_column { PLAN_ACTS_COLUMNS(PLAN_ENUM) AC__MAX };
enum plan_adoptions_column { PLAN_ADOPTIONS_COLUMNS(PLAN_ENUM) AD__MAX };
#undef PLAN_ENUM
enum { PLAN_COLUMNS_MAX = EL__MAX, PLAN_KEY_MAX = 4, PLAN_ROWS_MAX = 200000 };

struct plan_column {
    const char *name; /* in the pack and in forms: "from_year" */
    enum plan_kind kind;
    bool required;
    const char *const *choices; /* ended by NULL; a choice's label is plan.choice.CHOICE */
    int64_t min, max;
};

struct plan_table_def {
    const char *name;   /* "elements": of the file, without ending, and in addresses */
    const char *entity; /* "plan_element": the table, as the feed names it           */
    const struct plan_column *columns;
    size_t n_columns;
    const uint8_t key[PLAN_KEY_MAX]; /* columns that make a row unique */
    size_t n_key;
    ptrdiff_t element; /* the column that names the row's element, or -1 */
};
extern const struct plan_table_def plan_tables[PLAN_TABLE__MAX];

struct plan_row {
    int64_t id;                     /* 0: not in the records yet                             */
    int64_t place;                  /* among the rows of the pack                            */
    int64_t pack_hash;              /* of the row as the pack last had it; 0: added by hand  */
    struct str v[PLAN_COLUMNS_MAX]; /* never none; a number as its digits, "" nobody said it */
    uint32_t line;                  /* of the file being read; 0: from the records           */
};

struct plan_rows {
    struct plan_row *p;
    size_t n, cap;
};

struct plan_map { /* text → number of a row: open addressing */
    struct str *keys;
    uint32_t *rows;
    size_t cap;
};

struct plan_world { /* everything, in the arena of the context it was read with */
    struct plan_rows t[PLAN_TABLE__MAX];
    struct plan_map by_key[PLAN_TABLE__MAX]; /* the key columns, a TAB between them */
    struct plan_map elements;                /* "plan/code"                         */
};

#define PLAN_CELL(row, column) ((row)->v[column])

RG_MUST_CHECK enum rg_err plan_world_read(struct rg_ctx *ctx, struct plan_world *ret);
/* All tables, indexed: one statement each. Arena. */
RG_MUST_CHECK enum rg_err plan_world_index(struct rg_ctx *ctx, struct plan_world *world);
/* Make the maps anew after rows came or changed. The first of two rows of one key is found. */
struct plan_row *plan_world_element(const struct plan_world *world, struct str ref);
/* By "plan/code"; NULL. */
uint32_t plan_world_element_ix(const struct plan_world *world,
                               struct str ref); /* or PLAN_NONE */
uint32_t plan_world_find(const struct plan_world *world, enum plan_table table, struct str key);
struct str plan_row_key(struct rg_ctx *ctx, enum plan_table table, const struct plan_row *row);
struct str plan_element_ref(struct rg_ctx *ctx,
                            const struct plan_row *element); /* "plan/code" */
bool plan_int(const struct plan_row *row, size_t column,
              int64_t *ret); /* false: nobody said it */
RG_MUST_CHECK enum rg_err plan_rows_add(struct rg_ctx *ctx, struct plan_rows *rows,
                                        const struct plan_row *row);
struct plan_row *plan_row_by_id(const struct plan_world *world, enum plan_table table,
                                int64_t id);
uint32_t plan_axis_of(const struct plan_world *world, uint32_t element); /* top of its tree */

bool plan_map_new(struct rg_arena *arena, size_t n_keys, struct plan_map *ret);
void plan_map_put(struct plan_map *map, struct str key, uint32_t row); /* the first stays */
uint32_t plan_map_get(const struct plan_map *map, struct str key);     /* or PLAN_NONE */

/* Inside a write. */
RG_MUST_CHECK enum rg_err plan_row_add(struct rg_ctx *ctx, enum plan_table table,
                                       struct plan_row *row); /* sets its id */
RG_MUST_CHECK enum rg_err plan_row_set(struct rg_ctx *ctx, enum plan_table table,
                                       const struct plan_row *row);
RG_MUST_CHECK enum rg_err plan_row_remove(struct rg_ctx *ctx, enum plan_table table,
                                          int64_t id);

/* ---- faults ---- */

struct plan_fault {
    enum plan_table table;
    uint32_t row;    /* of the world */
    size_t column;   /* what it is about */
    const char *key; /* wording of what is wrong and what to do; takes {value} and {other} */
    struct str value, other;
};

struct plan_faults {
    struct plan_fault *p;
    size_t n, cap;
};

RG_MUST_CHECK enum rg_err plan_validate(struct rg_ctx *ctx, const struct plan_world *world,
                                        struct plan_faults *ret);
/* Every rule of a row and between rows: required cells, kinds, keys used twice, references,
 * cycles of parents and steps. Themes, contributions and areas are looked up for rows that come
 * from a file or a form (line > 0) only. Arena; linear. */
struct str plan_fault_words(struct rg_ctx *ctx, const struct plan_fault *fault);
uint32_t plan_step_of(const struct plan_world *world, struct rg_ctx *ctx,
                      const struct plan_row *step, struct str need);
/* The step that an item of "needs" names, or PLAN_NONE. */

/* ---- judging ---- */

enum plan_duty { PLAN_DUTY_UNSAID, PLAN_DUTY_KEPT, PLAN_DUTY_OPEN };
RG_MUST_CHECK enum rg_err plan_duties(struct rg_ctx *ctx, const struct plan_world *world,
                                      uint8_t **ret_duties);
/* Of each element: whether the duty of its level is kept; what stands under it counts. Arena.
 */
void plan_smart_of(const struct plan_world *world, const struct plan_row *objective,
                   struct plan_smart *ret);
struct str plan_smart_words(struct rg_ctx *ctx, unsigned missing); /* "manca …; manca …" */
bool plan_step_done(const struct plan_row *step);

static inline int64_t
plan_today(const struct rg_ctx *ctx) /* days since 1970, in Rome */
{
    return (ctx->now_s + rg_rome_offset_s(ctx->now_s)) / 86400;
}

static inline bool
plan_item_next(struct str *rest, struct str *ret_item) /* of a list; blank items are skipped */
{
    while (rest->n && str_cut(rest, '|', ret_item)) {
        *ret_item = str_trim(*ret_item);
        if (ret_item->n)
            return true;
    }
    return false;
}

#endif
