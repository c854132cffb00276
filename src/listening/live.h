/* The event while it happens: who comes, who sits where, what tables write down. Shared inside
 * the room; other rooms see the records' views only.
 *
 * Names and contacts are enciphered per person (live_people.c) and shown to facilitators of that
 * event, planners and administrators; cards carry a category and a Zone, never a name. A card
 * that the server has acknowledged is on disk. Everything that writes opens its own change set
 * unless it says otherwise.                                                                  */
#ifndef LISTENING_LIVE_H
#define LISTENING_LIVE_H

#include "listening/listening.h"
#include "listening_sql.h"

enum live_limits {
    LIVE_NAME_MAX = 120,
    LIVE_CONTACT_MAX = 160,
    LIVE_CARD_MAX = 4000,       /* bytes: about 600 words, more than anyone says at a table */
    LIVE_BATCH_MAX = 50,        /* cards sent at once */
    LIVE_BATCH_BYTES = 400 * 1024,
    LIVE_UID_MAX = 64,
    LIVE_REPORT_MAX = 20000,
    LIVE_TOKEN_HEX = 64,
    LIVE_ZONES = 11,
    LIVE_CATEGORIES = 15,
    LIVE_KINDS = 6,
};

extern const char *const live_kinds[LIVE_KINDS + 1];          /* of a card; NULL ends them */
extern const char *const live_categories[LIVE_CATEGORIES + 1]; /* of actors; NULL ends them */
const char *live_word_key(struct rg_ctx *ctx, const char *group, struct str code);
/* "listening.live.GROUP.CODE", the key of a code's wording, in the arena; "" past its ceiling. */
bool live_code_ok(const char *const *codes, struct str code);
/* One of codes, or empty. */
bool live_zone_ok(struct str zone);
/* 1 to 11, or empty. */

/* ---- people (live_people.c) ---- */

struct live_person { /* somebody who registers */
    struct str name, contact, category, zone;
    struct store_int table_id;
    bool walk_in;
    struct str notice; /* the text consented to, as shown */
};

enum live_outcome { LIVE_CONFIRMED, LIVE_WAITING, LIVE_KNOWN };

struct live_registered {
    int64_t id;
    enum live_outcome outcome;
    struct str token;     /* of the secret link: arena, kept nowhere; none when LIVE_KNOWN */
    int64_t n_ahead;      /* of the waiting list */
};

RG_MUST_CHECK enum rg_err live_register(struct rg_ctx *ctx, int64_t event_id,
                                        const struct live_person *person,
                                        struct live_registered *ret);
/* Place or waiting list by the table's capacity. LIVE_KNOWN when the contact is registered for
 * this event already: nothing is written and no token given. RG_ABSENT for a table that is not
 * the event's.                                                                               */

RG_MUST_CHECK enum rg_err live_withdraw(struct rg_ctx *ctx, int64_t event_id, int64_t id);
/* The place goes to the first who waits for that table. */
RG_MUST_CHECK enum rg_err live_move(struct rg_ctx *ctx, int64_t event_id, int64_t id,
                                    struct store_int table_id, bool *ret_waiting);
/* To another table: confirmed if it has room, else at the end of its waiting list. */
RG_MUST_CHECK enum rg_err live_erase(struct rg_ctx *ctx, int64_t event_id, int64_t id);
/* Empty what is personal and remove the key, so that copies in the feed cannot be read. Not to be
 * undone. A place that was held goes to the first who waits.                                 */
RG_MUST_CHECK enum rg_err live_check_in(struct rg_ctx *ctx, int64_t event_id, int64_t id,
                                        bool here, struct store_int table_id);

struct str live_open(struct rg_ctx *ctx, struct str box, struct str secret);
/* The text of a box under a person's key, arena; "" when the key is gone. */
void live_token_hash(struct str token, char ret_hex[65]);
bool live_name_matches(struct str name, struct str asked);
/* Every word asked begins a word of the name; capitals and common accents are alike. */

/* ---- the totals (live_totals.c) ---- */

struct live_totals {
    struct store_int n_present, n_remote; /* told: counted at the door and on line */
    int64_t n_at_tables;                  /* told: sum of the tables' head counts  */
    int64_t n_tables_counted, n_tables;
    int64_t n_nowhere;                    /* present − at tables                   */
    int64_t n_in, n_in_nowhere;           /* checked in, and of them at no table   */
    struct str faults[40];                /* sentences, in the reader's language   */
    size_t n_faults;
};

void live_totals_of(struct rg_ctx *ctx, struct store_int n_present, struct store_int n_remote,
                    int64_t n_in_nowhere, const struct listening_sql_live_tables_row *tables,
                    size_t n_tables, struct live_totals *ret);
/* Pure: adds up, and says in words what does not reconcile. A table merged into another counts
 * with it when it has no head count of its own.                                              */

/* ---- cards (live_cards.c) ---- */

struct live_card {
    struct str uid, kind, text, category, zone; /* "" for untold, never none */
    int64_t session_ord;   /* 0: none */
    int64_t rev;           /* the one it was written upon; 0: new */
    bool withdrawn;
};

enum live_card_result { LIVE_CARD_SAVED, LIVE_CARD_SAME, LIVE_CARD_CONFLICT, LIVE_CARD_BAD,
                        LIVE_CARD__MAX };

struct live_card_answer {
    enum live_card_result result;
    struct str code;
    int64_t id, rev;       /* now */
    struct str text, kind; /* LIVE_CARD_CONFLICT: what stands there */
    const char *problem_key;
};

struct live_table {        /* where cards are written */
    int64_t event_id, table_id;
    struct str event_code, table_code, axis, event_state;
    bool closed;
};

RG_MUST_CHECK enum rg_err live_cards_save(struct rg_ctx *ctx, const struct live_table *table,
                                          const struct live_card *cards, size_t n,
                                          struct live_card_answer *answers);
/* One change set for all; answers[i] tells what became of cards[i], a bad one leaves the others
 * be. When it returns RG_OK, what is SAVED or SAME is on disk. Sending a card again is SAME.
 * RG_CONFLICT when the table is closed or the event does not run.                            */

RG_MUST_CHECK enum rg_err live_cards_read(struct rg_ctx *ctx, struct str json,
                                          struct live_card **ret_cards, size_t *ret_n);
/* A batch from a phone: an array of objects {uid, kind, text, category, zone, session, rev}.
 * RG_INVALID when it is not, or holds more than LIVE_BATCH_MAX.                              */

/* ---- the surface ---- */

struct live_place {        /* the event and table a request is about */
    struct listening_sql_live_event_row event;
    struct listening_sql_live_tables_row *tables;
    size_t n_tables;
    struct listening_sql_live_tables_row *table; /* NULL when the path names none */
};

RG_MUST_CHECK enum rg_err live_event_open(struct rg_ctx *ctx, struct str code,
                                          struct live_place *ret);
/* RG_ABSENT when there is no such event. */
RG_MUST_CHECK enum rg_err live_staff_open(struct rg_ctx *ctx, struct str code, struct str table,
                                          struct live_place *ret);
/* The same for who works there: a planner or administrator, or a facilitator of it. With a table,
 * of that table. RG_DENIED, RG_ABSENT.                                                       */
bool live_event_code_ok(struct str code); /* small letters, digits, hyphens not first */
bool live_office(const struct rg_ctx *ctx); /* planner or administrator */

struct web_option *live_options(struct rg_ctx *ctx, const char *group, const char *const *codes,
                                struct str chosen, bool none, size_t *ret_n);
/* Options of a select with their wording; none: an empty one first. NULL past the ceiling. */
struct web_option *live_zone_options(struct rg_ctx *ctx, struct str chosen, size_t *ret_n);
struct web_option *live_table_options(struct rg_ctx *ctx, const struct live_place *place,
                                      struct str chosen, bool none, size_t *ret_n);
struct listening_sql_live_tables_row *live_table_find(const struct live_place *place,
                                                      struct str code);
struct str live_table_name(struct rg_ctx *ctx, const struct listening_sql_live_tables_row *table);
void live_frame(struct rg_ctx *ctx, struct web_frame *frame, const struct live_place *place,
                struct str title);
/* Title and trail of a staff page: events, the event, this page. */

#define LIVE_HANDLER(name)                                                                    \
    enum rg_err name(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
LIVE_HANDLER(live_event_get);
LIVE_HANDLER(live_event_post);
LIVE_HANDLER(live_register_get);
LIVE_HANDLER(live_register_post);
LIVE_HANDLER(live_link_get);
LIVE_HANDLER(live_link_post);
LIVE_HANDLER(live_door_get);
LIVE_HANDLER(live_door_post);
LIVE_HANDLER(live_counts_post);
LIVE_HANDLER(live_table_get);
LIVE_HANDLER(live_cards_get);
LIVE_HANDLER(live_cards_post);
LIVE_HANDLER(live_groups_post);
LIVE_HANDLER(live_report_post);
LIVE_HANDLER(live_plenary_get);
LIVE_HANDLER(live_interviews_get);
LIVE_HANDLER(live_interviews_post);
LIVE_HANDLER(live_interview_get);
LIVE_HANDLER(live_interview_post);
LIVE_HANDLER(live_followups_post);
LIVE_HANDLER(live_next_post);
LIVE_HANDLER(live_assembly_get);
LIVE_HANDLER(live_assembly_staff_get);
LIVE_HANDLER(live_draw_post);
LIVE_HANDLER(live_recommend_post);

/* Inputs of each route by position; the tables stand beside the handlers. */
extern const struct web_input live_event_inputs[], live_register_inputs[], live_link_inputs[],
    live_door_inputs[], live_counts_inputs[], live_table_inputs[], live_cards_inputs[],
    live_groups_inputs[], live_report_inputs[], live_interviews_inputs[], live_followups_inputs[],
    live_next_inputs[], live_assembly_inputs[], live_draw_inputs[], live_recommend_inputs[];
enum { LIVE_EVENT_N = 8, LIVE_REGISTER_N = 7, LIVE_LINK_N = 3, LIVE_DOOR_N = 8, LIVE_COUNTS_N = 5,
       LIVE_TABLE_N = 4, LIVE_CARDS_N = 11, LIVE_GROUPS_N = 6, LIVE_REPORT_N = 5,
       LIVE_INTERVIEWS_N = 10, LIVE_FOLLOWUPS_N = 6, LIVE_NEXT_N = 3, LIVE_ASSEMBLY_N = 2,
       LIVE_DRAW_N = 6, LIVE_RECOMMEND_N = 9 };

#endif
