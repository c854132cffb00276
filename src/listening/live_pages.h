/* What the templates of a running event are given. Texts are ready for the reader. */
#ifndef LISTENING_LIVE_PAGES_H
#define LISTENING_LIVE_PAGES_H

#include "listening/live.h"

struct live_form { /* a form's fields, in the order of the page */
    const struct web_field *fields[10];
    const struct web_option *options[10];
    size_t n_options[10];
    struct web_field_error errors[10];
    size_t n_errors;
};

const struct web_field *live_field(struct rg_ctx *ctx, struct live_form *form, size_t i,
                                   const struct web_input *input, const struct web_value *value,
                                   const char *hint_key);
/* Field i of a form from an input and what was sent (NULL: nothing yet), its error in the
 * summary. Arena; NULL past its ceiling, which the caller tells.                             */

struct live_register_page {
    struct str code, title, day, place, notice;
    bool open, known, consent_on;
    struct live_form form;
};

struct live_link_page {
    struct str token, title, code, day, place, name, table, notice, ahead;
    const char *state_key;
    bool waiting, active, erased;
    const struct web_field *table_field;
    const struct web_option *tables;
    size_t n_tables;
    int64_t consent_days;
};

struct live_event_line {
    struct str path, title, day, state;
};

struct live_manage_page {
    struct str code, title, day, state;
    bool office;
    const struct listening_sql_live_tables_row *tables;
    size_t n_tables;
    struct live_totals totals;
    const struct live_totals *totals_ref;
    const struct listening_sql_live_facilitators_row *facilitators;
    size_t n_facilitators;
    const struct listening_sql_live_followups_row *followups;
    size_t n_followups;
    const struct web_option *states;
    size_t n_states;
    const struct web_option *table_options;
    size_t n_table_options;
    int64_t n_confirmed, n_waiting, n_here;
};

struct live_door_line {
    int64_t id;
    struct str name, contact, table, here_table, state;
    bool here, waiting;
};

struct live_door_page {
    struct str code, title, q;
    const struct live_door_line *lines;
    size_t n_lines;
    bool searched, office;
    int64_t n_here, n_nowhere, n_registered;
    int64_t n_unreadable; /* registered, and the key of the name is gone */
    const struct web_option *tables;
    size_t n_tables;
    struct str walk_problem;
};

struct live_card_view {
    struct str code, uid, text, kind, category, zone, kind_word, category_word, zone_word;
    int64_t id, rev, session_ord, group_id;
    struct web_option *kinds, *categories, *zones;
    size_t n_kinds, n_categories, n_zones;
};

struct live_group_view {
    struct str title;
    int64_t id, n_cards;
    const struct live_card_view *cards;
    size_t n;
};

struct live_table_page {
    struct str code, table, event_title, name, axis, report, merged_with, closed_word, question;
    struct str url, uid, problem, session_title;
    bool closed, running, office, writable;
    int64_t session, n_cards;
    const struct listening_sql_live_sessions_row *sessions;
    size_t n_sessions;
    struct live_card_view draft;     /* the form for a new card, or one sent back */
    const struct live_card_view *draft_ref;
    const struct live_card_view *cards;
    size_t n_shown;
    const struct live_group_view *groups;
    size_t n_groups;
    const struct web_option *others; /* tables to be merged with */
    size_t n_others;
    struct str theirs;               /* a conflict: the text that stands there */
};

struct live_plenary_table {
    struct str name, report, merged_with;
    int64_t n_cards;
    bool closed;
    const struct live_group_view *groups;
    size_t n_groups;
};

struct live_plenary_page {
    struct str code, title;
    const struct live_plenary_table *tables;
    size_t n_tables;
    int64_t n_cards;
};

struct live_interviews_page {
    const struct listening_sql_live_interviews_row *rows;
    size_t n;
    struct live_form form;
};

struct live_interview_page {
    struct listening_sql_live_interview_find_row row;
    const struct listening_sql_live_interview_find_row *i;
    const struct listening_sql_live_interview_said_row *said;
    size_t n;
    bool may_say;
    struct str uid, consent_word, problem;
    const struct web_option *kinds;
    size_t n_kinds;
};

struct live_assembly_page {
    struct str code, title, quotas, seed, method, digest;
    bool staff, drawn;
    int64_t size, n_pool, drawn_s;
    bool proved;                   /* draws of an older rule told no chances */
    int64_t n_least, n_most;       /* panels of 1000                         */
    struct str bound, points;
    const struct listening_sql_live_seats_row *seats;
    size_t n_seats;
    const struct listening_sql_live_recommendations_row *recommendations;
    size_t n_recommendations;
    const struct web_option *answers;
    size_t n_answers;
    struct str problem, explanation;
};

#endif
