/* What the pages of the plan are made of: a table that is also JSON, CSV and Atom; facts;
 * sections. */
#ifndef PLAN_SURFACE_H
#define PLAN_SURFACE_H

#include "plan/plan_priv.h"

/* ---- a table in every form ---- */

struct grid_column {
    const char *name;      /* for machines: "competence"              */
    const char *label_key; /* heading; NULL: for machines only        */
    bool numeric;
};

struct grid_cell {
    struct web_cell html;
    struct str value; /* for machines: the code, where people read a word */
};

struct grid {
    struct rg_ctx *ctx;
    const char *name;
    const struct grid_column *columns;
    size_t n_columns;
    struct grid_cell *cells;
    size_t n_rows, cap;
    bool failed; /* memory ran out: said once, by the answer */
};

void grid_init(struct rg_ctx *ctx, struct grid *grid, const char *name,
               const struct grid_column *columns, size_t n_columns);
void grid_row(struct grid *grid); /* begin a row; cells stay empty until they are set */
void grid_text(struct grid *grid, size_t column, struct str text);
void grid_link(struct grid *grid, size_t column, struct str text, struct str path);
void grid_word(struct grid *grid, size_t column, struct str word, const char *badge);
/* A code, shown as its word in the reader's language; badge: NULL, "ok", "warn", "bad", "info".
 */
void grid_value(struct grid *grid, size_t column,
                struct str value); /* what machines read instead */
const struct web_table *grid_table(struct grid *grid, const char *id, struct str caption);
/* NULL when it has no rows, or without memory. */
RG_MUST_CHECK enum rg_err grid_answer(struct grid *grid, struct web_request *req,
                                      struct web_answer *ans, struct str title,
                                      size_t id_column, size_t title_column, int text_column,
                                      const char *entry_path);

/* ---- a page ---- */

struct surface_fact { /* a term and what is said of it */
    struct str term, text, path;
    const char *badge;
};

struct surface_piece { /* of a difference */
    int kind;          /* enum plan_diff_kind */
    struct str text;
};

struct surface_version { /* a text as it was changed */
    struct str heading, meta, text;
    const struct surface_piece *pieces;
    size_t n_pieces;
    struct str action, action_label, version; /* a form that applies it; or none */
};

struct surface_section {
    const char *id;
    struct str heading, text;
    const char *alert; /* "ok", "warn", "bad", "info": the text stands in a box */
    const struct surface_fact *facts;
    size_t n_facts;
    const struct web_table *table;
    const struct surface_version *versions;
    size_t n_versions;
    struct str more, more_label; /* a link under it */
};

struct surface_filter {
    const struct web_field *field;
    const struct web_option *options; /* NULL: a text field */
    size_t n_options;
};

struct surface_box { /* of the drawing */
    int64_t x, y, width, height, text_x, text_y;
    const char *fill, *stroke;
    struct str text, second;
};
struct surface_line {
    int64_t x1, y1, x2, y2, mid;
};
struct surface_drawing {
    int64_t width, height;
    struct str title, text;
    const struct surface_box *boxes;
    size_t n_boxes;
    const struct surface_line *lines;
    size_t n_lines;
};

struct surface_page {
    struct str title, lead, meta;
    const struct web_kpi *kpis;
    size_t n_kpis;
    const char *action; /* of the filter form */
    const struct surface_filter *filters;
    size_t n_filters;
    const struct surface_section *sections;
    size_t n_sections;
    const struct surface_drawing *drawing;
    const struct web_download *files;
    size_t n_files;
    const struct web_page_link *links; /* where to go from here */
    size_t n_links;
    const struct web_page_link *actions; /* for those who may change it */
    size_t n_actions;
};

enum { SURFACE_MAX = 24, CHECK_ROWS_MAX = 200 }; /* of findings on a page; the files have all */

struct surface { /* a page being put together */
    struct rg_ctx *ctx;
    struct web_request *req;
    struct web_answer *ans;
    struct plan_world world;
    struct surface_page page;
    struct surface_section sections[SURFACE_MAX];
    struct web_kpi kpis[8];
    struct surface_filter filters[8];
    struct web_download files[6];
    struct web_page_link links[SURFACE_MAX], actions[SURFACE_MAX];
    struct web_crumb crumbs[4];
    size_t n_crumbs;
    struct str feed;
    bool no_index;
};

RG_MUST_CHECK enum rg_err surface_begin(struct rg_ctx *ctx, struct web_request *req,
                                        struct web_answer *ans, struct surface **ret);
/* With the whole plan read. */
RG_MUST_CHECK enum rg_err surface_end(struct surface *s);
struct surface_section *surface_section(struct surface *s, const char *id, struct str heading);
/* The next one, empty; the last again when there is no room. */
void surface_crumb(struct surface *s, struct str path, struct str label);
void surface_link(struct surface *s, struct str path, struct str label);
void surface_action(struct surface *s, struct str path, struct str label);
void surface_kpi(struct surface *s, int64_t n, const char *label_key);
void surface_file(struct surface *s, const char *format, struct str path);
void surface_files(struct surface *s, unsigned forms); /* of this address, with its filters */
void surface_select(struct surface *s, const char *name, const char *label_key, struct str now,
                    const struct web_option *options, size_t n_options);
void surface_text_filter(struct surface *s, const char *name, const char *label_key,
                         struct str now);

struct facts { /* grow in the arena */
    struct rg_ctx *ctx;
    struct surface_fact *p;
    size_t n, cap;
};
void fact_add(struct facts *facts, const char *label_key, struct str text); /* "" is left out */
void fact_link(struct facts *facts, const char *label_key, struct str text, struct str path);
void fact_word(struct facts *facts, const char *label_key, struct str word, const char *badge);

/* ---- words ---- */

#define SAY(s, key) wording_text((s)->ctx->lang, "plan." key)
struct str plan_word(struct rg_ctx *ctx, struct str word);  /* "running" → "in corso" */
struct str plan_day(struct rg_ctx *ctx, struct str day);    /* "2026-03" → "marzo 2026" */
struct str plan_euro(struct rg_ctx *ctx, struct str cents); /* "15000000" → "150.000 €" */
struct str plan_words_list(struct rg_ctx *ctx, struct str list); /* "a|b" → "a, b", in words */
struct str plan_path(struct rg_ctx *ctx, struct str ref);        /* "/piano/nuovo/6.1" */
const char *plan_state_badge(struct str state);
struct str plan_title(struct rg_ctx *ctx, const struct plan_row *element);
struct str plan_element_label(struct rg_ctx *ctx,
                              const struct plan_row *element); /* "6.1 Case …" */
bool plan_may_edit(const struct rg_ctx *ctx);
static inline const char *
plan_or_empty(const char *text)
{
    return text ? text : "";
}
#define plan_print(ctx, ...) plan_or_empty(rg_arena_printf((ctx)->arena, __VA_ARGS__))
/* In the arena; "" when memory is out. */
#define PRINT(ctx, ...) str_of(plan_print(ctx, __VA_ARGS__))

/* ---- what pages share ---- */

enum plan_risk plan_deadline_of(struct rg_ctx *ctx, const struct plan_world *world,
                                const struct plan_row *deadline, int64_t *ret_left);
extern const char *const plan_risk_words[PLAN_RISK__MAX];
extern const char *const plan_risk_badges[PLAN_RISK__MAX];
bool plan_matches(const struct plan_world *world, const struct plan_row *element,
                  struct str ref, struct str query);
/* Do all words of the query stand in what the element says, or in a name it had? Letter case
 * and Italian accents apart. */

/* ---- handlers ---- */

#define HANDLER(name)                                                                          \
    enum rg_err name(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
HANDLER(page_home);
HANDLER(page_plan);
HANDLER(page_elements);
HANDLER(page_element);
HANDLER(page_thread);
HANDLER(page_links);
HANDLER(page_compare);
HANDLER(page_coherence);
HANDLER(page_deadlines);
HANDLER(page_calendar);
HANDLER(page_requests);
HANDLER(page_acts);
HANDLER(page_adoptions);
HANDLER(page_summary);
HANDLER(page_check);
HANDLER(edit_form);
HANDLER(edit_save);
HANDLER(edit_remove);
HANDLER(amend_apply);
HANDLER(history_page);
HANDLER(undo_ask);
HANDLER(undo_do);

/* Inputs, by position. */
enum { IN_ONE_PLAN, IN_ONE_CODE };                                 /* plan, element       */
enum { IN_Q, IN_F_PLAN, IN_F_LEVEL, IN_F_COMPETENCE, IN_F_STATE }; /* list of elements  */
enum { IN_A, IN_B };                                               /* compare             */
enum { IN_T_ELEMENT, IN_T_THEME, IN_T_VOICE };                     /* thread              */
enum { IN_ROW_TABLE, IN_ROW_ID, IN_ROW_SEQ, IN_ROW_DONE };         /* history, undo       */
enum { IN_ED_ID, IN_ED_VERSION, IN_ED_WHY, IN_ED_ELEMENT, IN_ED_FIRST }; /* a form      */

/* ---- forms and history ---- */

struct surface_form {
    struct str title, action, back, version, lead;
    const struct web_field_error *errors;
    size_t n_errors;
    const struct surface_filter *fields;
    size_t n_fields;
    const struct web_field *why;
    bool conflict;
    struct str conflict_who;
    const struct web_table *clashes;
    struct str remove_action;
};

struct surface_change {
    struct str field;
    const struct surface_piece *pieces;
    size_t n_pieces;
};
struct surface_set {
    int64_t seq, at_s, n_changes;
    struct str who, why, undo_path;
    bool born, may_undo;
    const struct surface_change *rows;
    size_t n_rows;
};
struct surface_history {
    struct str name, back, undo_path;
    const struct surface_set *sets;
    size_t n_sets;
};

extern const struct web_input *const plan_edit_inputs[PLAN_TABLE__MAX];
bool plan_table_of(struct str name, enum plan_table *ret);
RG_MUST_CHECK enum rg_err plan_row_may(struct rg_ctx *ctx, enum plan_table table,
                                       const struct plan_row *row);
/* RG_DENIED unless the actor may change this row: planners and administrators all of them, a
 * delegate the adoption of the own municipality. */
struct str plan_row_back(struct rg_ctx *ctx, enum plan_table table, const struct plan_row *row);
struct str plan_row_name(struct rg_ctx *ctx, enum plan_table table, const struct plan_row *row);
/* Pages that are a list. */
struct str surface_element_name(struct surface *s, struct str ref); /* ref itself when unknown */
enum rg_err surface_list_end(struct surface *s, struct grid *grid, const char *lead_key,
                             const char *id, unsigned forms);
/* The end of a list's page: the table, or that there is nothing, and its other forms. */
void surface_add_action(struct surface *s, enum plan_table table);
/* A way to add a row, for who may. */

const struct surface_piece *surface_diff(struct rg_ctx *ctx, struct str before,
                                         struct str after, size_t *ret_n);

#endif
