/* What the pages of listening are given. Texts are the records' own; labels are keys of the wording
 * files, put into words by the templates. Arrays live in the request's arena.                   */
#ifndef LISTENING_SURFACE_H
#define LISTENING_SURFACE_H

#include "listening/listening.h"

enum { SAID_STAFF = RG_ROLE_FACILITATOR | RG_ROLE_PLANNER | RG_ROLE_ADMIN };

/* Lines of a document, for links both ways. */
struct said_source {
    struct str document;
    int64_t from, to;
    bool single; /* one line */
};

struct said_sources {
    const struct said_source *p;
    size_t n;
};

struct said_voice {
    int64_t id, rev;
    struct str code, slug; /* slug: the code with '_' for '/', as its address has it */
    const char *kind_key;
    struct str kind_label, table_label, session_label, lines_word, category_label,
        zone_word; /* in words; empty: none */
    struct str kind, text, quote, category, zone, territory, contests, state;
    const char *category_key, *territory_key; /* NULL: not told, or not to be shown */
    bool parked, local_case, withheld;        /* withheld: the consent keeps the words back */
    int64_t session;                          /* 0: none */
    struct str event, table, interview;
    struct said_source lines; /* document "" when there is none */
    int64_t position_id;
};

struct said_theme {
    int64_t id;
    struct str code, axis, title, summary;
    bool parked;
    int64_t n, n_positions, bar; /* bar: 0 to 200, against the theme with most voices */
};

struct said_axis { /* themes of one axis; axis "" the transversal ones */
    struct str axis, title, axis_path; /* axis_path: "trasversali" for none */
    const struct said_theme *themes;
    size_t n_themes;
};

struct said_phase {
    int64_t ord;
    struct str title, inputs, outputs, next_steps, when;
    const char *state_key, *badge;
    bool running;
    struct said_sources sources;
};

struct said_process {
    struct str title, aim;
    const struct said_phase *phases;
    size_t n_phases;
    struct said_sources sources;
};

struct said_event_line {
    struct str code, title, place, when;
    const char *kind_key;
    bool has_present, has_remote, interviews;
    int64_t n_present, n_remote;
};

struct said_home {
    const struct web_kpi *kpis;
    size_t n_kpis;
    struct str query;
    bool asked, staff;
    const struct said_voice *found;
    size_t n_found;
    const struct said_theme *found_themes;
    size_t n_found_themes;
    const struct said_process *processes;
    size_t n_processes;
    const struct said_event_line *events;
    size_t n_events;
    const struct said_axis *axes;
    size_t n_axes;
};

struct said_slot {
    struct str hours, title;
    const char *kind_key;
    int64_t minutes;
};

struct said_table {
    struct str code, axis, title, room, merged_with, report;
    bool has_present, has_capacity;
    int64_t n_present, capacity, n;
    struct said_sources sources;
};

struct said_session {
    int64_t ord, n;
    struct str title, question;
};

struct said_speech {
    struct str speaker, aliases, role, body, summary, url;
    struct said_sources sources;
};

struct said_act {
    struct str title, body, when, summary;
    struct said_sources sources;
};

struct said_event {
    struct str series; /* "": it stands alone */
    struct str code, title, aim, place, when, hours, process, stream_url, recording_url, materials,
        minutes;
    const char *kind_key, *state_key;
    bool registers, assembly; /* whoever wants may register; drawn by lot */
    const struct web_kpi *kpis;
    size_t n_kpis;
    bool counted; /* the figures below have a sense */
    int64_t n_present, n_tables_sum, n_no_table;
    const struct said_slot *slots;
    size_t n_slots;
    int64_t minutes_total;
    const struct said_table *tables;
    size_t n_tables;
    const struct said_session *sessions;
    size_t n_sessions;
    const struct said_speech *speeches;
    size_t n_speeches;
    const struct said_act *acts;
    size_t n_acts;
    const struct web_table *counts; /* as told, or NULL */
    const struct web_table *zones;
    struct said_sources sources;
};

struct said_meeting {
    struct str code, title, when, place, minutes;
    const char *state_key;
    bool registers, past;
    struct str n_present; /* "" when nobody counted */
    int64_t n_taken, n_done; /* commitments first taken there, and those of them done */
};

struct said_commitment {
    int64_t id;
    struct str text, owner, due, day, event; /* event "": of a meeting still being prepared */
    struct str since;
    int64_t n_carried;
    bool done, late;
};

struct said_series_line {
    struct str code, title, last, next; /* next "": none is fixed */
    int64_t n, n_open;
};

struct said_series_page {
    struct str code, title, aim;
    const struct web_kpi *kpis;
    size_t n_kpis;
    const struct said_meeting *next; /* NULL: none is fixed */
    const struct said_meeting *meetings; /* the latest first */
    size_t n_meetings;
    const struct said_commitment *open, *done;
    size_t n_open, n_done;
    const struct web_download *downloads;
    size_t n_downloads;
};

struct said_table_page {
    struct str event, event_title, title;
    struct said_table table;
    const struct said_session *sessions;
    size_t n_sessions;
    const struct said_voice *voices;
    size_t n_voices;
};

struct said_position {
    int64_t id, n;
    struct str code, title, text;
    const struct said_voice *const *voices;
    size_t n_voices;
    struct said_sources sources;
};

struct said_group { /* who spoke: one Zone or category */
    struct str label, shown; /* shown: the number, or the sign that it is kept back */
    bool nobody;
};

struct said_trace {
    const char *how_key;
    struct str from_code, from_title, reason;
    int64_t at_s;
};

struct said_mix { /* where the voices come from */
    int64_t n_tables, n_interviews, n_documents, n_other, n;
};

struct said_theme_page {
    struct str code, title, summary, axis;
    bool parked, staff;
    int64_t n;
    const struct said_position *positions;
    size_t n_positions;
    const struct said_voice *const *voices; /* under no position */
    size_t n_voices;
    struct said_mix mix;
    const struct said_group *zones, *categories;
    size_t n_zones, n_categories;
    bool divided; /* groups may be shown */
    const struct said_trace *traces;
    size_t n_traces;
    const struct listening_fate *fates;
    size_t n_fates;
    bool linked; /* the plan is */
    struct said_sources sources;
    const struct web_download *downloads;
    size_t n_downloads;
};

struct said_theme_ref {
    struct str code, title, position, position_title;
    int64_t id;
};

struct said_tag {
    struct str label;
    const char *kind_key;
    struct str path;
};

struct said_tag_group { /* what voices speak of: bodies, places, instruments */
    const char *title_key;
    const struct web_page_link *links;
    size_t n_links;
};

struct said_voices_page {
    const struct said_voice *voices;
    size_t n_voices;
    int64_t total;
    const struct web_chip *chips;
    const struct web_option *kinds, *categories, *zones, *axes;
    size_t n_chips, n_kinds, n_categories, n_zones, n_axes;
    const struct web_download *files;
    size_t n_files;
    const struct web_paging *paging;
    const struct said_tag_group *tags;
    size_t n_tags;
};

struct said_voice_page {
    struct said_voice v;
    struct str event_title;
    const struct said_theme_ref *themes;
    size_t n_themes;
    const struct said_tag *tags;
    size_t n_tags;
    const struct listening_fate *fates;
    size_t n_fates;
    bool linked, staff;
    const struct web_option *options; /* themes it may be put under */
    size_t n_options;
};

struct said_line {
    int64_t n;
    struct str text;
    bool furniture;
};

struct said_block { /* a paragraph and what was gathered from it */
    const struct said_line *lines;
    size_t n_lines;
    bool heading;
    const struct said_voice *voices;
    size_t n_voices;
};

struct said_document {
    struct str code, title, author, when, url;
    int64_t n_lines, n_voices;
    bool imported, without;    /* furniture left out */
    const struct said_block *blocks;
    size_t n_blocks;
    const struct web_paging *paging;
};

struct said_paper_theme {
    struct said_theme theme;
    const struct str *sentences;
    size_t n_sentences;
    struct said_mix mix;
    const struct said_position *positions;
    size_t n_positions;
    const struct said_voice *const *voices;
    size_t n_voices;
    struct said_sources sources;
};

struct said_paper {
    struct str axis, axis_title;
    const struct said_axis *axes; /* the contents */
    size_t n_axes;
    const struct said_paper_theme *themes;
    size_t n_themes, n_silent;
    int64_t gulpease, n_voices;
};

struct said_spread_row {
    struct str label, path, share, wanted, shown, told; /* told: attendance, by the source */
    const char *state_key, *badge; /* NULL: not judged */
};

struct said_spread {
    const struct said_spread_row *zones;
    size_t n_zones;
    const struct said_group *categories;
    size_t n_categories;
    bool zones_divided, categories_divided;
    int64_t n_with_zone, n_without_zone;
};

/* ---- helpers (surface.c) ---- */

extern const char *const said_kinds[];      /* codes, ended by NULL */
extern const char *const said_categories[]; /* of speakers          */
extern const char *const said_territories[];
extern const char *const said_states[]; /* of a voice that is no draft */

struct listening_sql_voice_get_row;
void said_voice_of(struct rg_ctx *ctx, const struct listening_sql_voice_get_row *row,
                      struct said_voice *ret);
/* Of a row of the records; what the reader may not see is left out. Rows of the other statements
 * begin with the same columns.                                                                 */
struct said_sources said_sources_of(struct rg_ctx *ctx, struct str source);
struct str said_span(struct rg_ctx *ctx, struct str from, struct str to);
struct str said_clock(struct rg_ctx *ctx, int64_t minutes);
const char *said_key(struct rg_ctx *ctx, const char *prefix, struct str code);
/* "listening.kind." and "need": the key, in the arena, or "" when there is no such message. */
struct str said_label(struct rg_ctx *ctx, const char *prefix, struct str code);
void said_voice_labels(struct rg_ctx *ctx, struct said_voice *v, const struct said_voice *before);
/* The labels of v, taken from the voice before it (or NULL) where they are the same. */
struct str said_slug(struct rg_ctx *ctx, struct str code);
const char *said_kind_key(struct str kind);
struct str said_voice_code(struct rg_ctx *ctx, struct str slug);
struct said_tally { /* voices of one Zone or category */
    struct str code;
    int64_t n;
};

RG_MUST_CHECK enum rg_err said_groups(struct rg_ctx *ctx, bool by_zone,
                                      const struct said_tally *tally, size_t n_tally,
                                      const struct said_group **ret, size_t *ret_n,
                                      bool *ret_divided);
/* Voices by Zone or by category, those that are silent too, small numbers hidden. The same code
 * may come several times in the tally. No group at all when of no voice it is told: then nobody
 * can say who was silent.                                                                     */
RG_MUST_CHECK enum rg_err said_axes(struct rg_ctx *ctx, bool parked_too,
                                       const struct said_axis **ret, size_t *ret_n);
bool said_staff(const struct rg_ctx *ctx);
void said_fates_worded(struct rg_ctx *ctx, struct listening_fate *fates, size_t n);
/* Their days in words. */
struct web_download *said_downloads(struct rg_ctx *ctx, const struct web_request *req,
                                       unsigned forms, size_t *ret_n);
struct str said_axis_title(struct rg_ctx *ctx, struct str axis);
struct str said_axis_named(struct rg_ctx *ctx, struct str axis, struct str title);
/* The same with the title at hand; "" when it is not known. */

RG_MUST_CHECK enum rg_err said_voice_open(struct rg_ctx *ctx, struct str slug,
                                             struct said_voice *ret);
/* By the last piece of its address. RG_ABSENT when there is none. */
RG_MUST_CHECK enum rg_err said_voices_of_theme(struct rg_ctx *ctx, struct web_request *req,
                                                  struct web_answer *ans,
                                               const struct said_voice *voices, size_t n);
/* A theme's voices in the form asked for, which is not HTML. */
RG_MUST_CHECK enum rg_err said_paper_theme_fill(struct rg_ctx *ctx,
                                                   const struct said_theme *theme,
                                                   struct said_paper_theme *ret);
RG_MUST_CHECK enum rg_err said_paper_fill(struct rg_ctx *ctx, struct str asked,
                                             struct said_paper *page);
/* The paper: its contents and, for an axis ("trasversali" for none), that chapter. */

/* ---- handlers, by file ---- */

#define SAID_HANDLER(name)                                                                  \
    enum rg_err said_##name(struct rg_ctx *ctx, struct web_request *req,                    \
                               struct web_answer *ans)
SAID_HANDLER(home);
SAID_HANDLER(voices);
SAID_HANDLER(voice);
SAID_HANDLER(events);
SAID_HANDLER(event);
SAID_HANDLER(event_ics);
SAID_HANDLER(series_all);
SAID_HANDLER(series);
SAID_HANDLER(series_ics);
SAID_HANDLER(table);
SAID_HANDLER(themes);
SAID_HANDLER(theme);
SAID_HANDLER(documents);
SAID_HANDLER(document);
SAID_HANDLER(spread);
SAID_HANDLER(paper);
SAID_HANDLER(paper_odt);
SAID_HANDLER(voice_edit);
SAID_HANDLER(voice_save);
SAID_HANDLER(voice_code_under);
SAID_HANDLER(voice_uncode);
SAID_HANDLER(voice_park);
SAID_HANDLER(voice_history);
SAID_HANDLER(theme_new);
SAID_HANDLER(theme_add);
SAID_HANDLER(theme_edit);
SAID_HANDLER(theme_save);
SAID_HANDLER(theme_merge);
SAID_HANDLER(theme_split);
SAID_HANDLER(theme_position);
SAID_HANDLER(theme_history);
SAID_HANDLER(undo_ask);
SAID_HANDLER(undo_do);

#endif
