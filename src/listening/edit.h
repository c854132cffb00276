/* The forms of those who code: voices, themes, and the history of both. */
#ifndef LISTENING_EDIT_H
#define LISTENING_EDIT_H

#include "listening/surface.h"

struct edit_voice {
    struct said_voice now, yours; /* as it stands; as it was sent */
    bool conflict, bad;
    const char *text_error;
    struct str reason;
    const struct web_option *kinds, *categories, *territories, *states;
    size_t n_kinds, n_categories, n_territories, n_states;
    const struct web_field *text, *quote, *zone, *contests, *why;
};

struct edit_theme {
    bool is_new, conflict;
    struct str code, name; /* of the theme as it stands */
    int64_t id, rev;
    const struct web_field *code_field, *title, *axis, *summary, *why;
    bool parked;
    struct str now_title, now_summary, yours_title, yours_summary; /* of a conflict */
    const struct web_field_error *errors;
    size_t n_errors;
    const struct web_option *others; /* themes it may be merged into */
    size_t n_others;
    const struct web_option *voices; /* to be taken along when it is split */
    size_t n_voices;
    const struct web_option *positions;
    size_t n_positions;
};

struct edit_diff {
    struct str field, before, after;
};

struct edit_set {
    int64_t seq, at_s;
    struct str who, why;
    bool born;
    const struct edit_diff *rows;
    size_t n_rows;
    int64_t n_changes;
};

struct edit_history {
    struct str name, back, path; /* path: of the thing, before "/storia" */
    const struct edit_set *sets;
    size_t n_sets;
    bool theme;
    struct str code;
};

const char *said_edit_reason(struct rg_ctx *ctx, struct str why, const char *otherwise);
/* The person's own words, or the code of the change. */
struct web_option *said_edit_options(struct rg_ctx *ctx, const char *prefix,
                                     const char *const *codes, struct str chosen, bool none,
                                     size_t *ret_n);
struct web_field *said_edit_field(struct rg_ctx *ctx, const char *name, const char *label_key,
                                  struct str value, const char *error_key);

#endif
