/* The files of a pack's listening folder: what columns they have, how a cell is checked, and the
 * codes that join them. Reading and checking know nothing of the records but one question: is
 * this code there already. pack_write.c puts the rows in, export.c gives them back.            */
#ifndef LISTENING_PACK_H
#define LISTENING_PACK_H

#include "listening/listening.h"

enum pack_kind {
    PACK_CODE,   /* of this row: no blank, no '|'          */
    PACK_TEXT,
    PACK_INT,
    PACK_TIME,   /* 9:30 → minutes                         */
    PACK_WHEN,   /* 2023, 2023-05 or 2023-05-12            */
    PACK_CHOICE,
    PACK_FLAG,   /* 1, or 0 and nothing                    */
    PACK_SOURCE, /* document:from-to, several by a blank   */
    PACK_REF,    /* a code of another file                 */
    PACK_SIBLING,/* a code that goes with this row's event */
    PACK_THEMES, /* theme or theme/position, by '|'        */
    PACK_TAGS,   /* kind:code, by '|'                      */
};

struct pack_column {
    const char *name;
    enum pack_kind kind;
    bool must;
    const char *const *choices; /* CHOICE; TAGS: their kinds */
    const char *ref;            /* REF, SIBLING: "event"     */
};

enum pack_file_ix {
    PACK_DOCUMENTS, PACK_PROCESSES, PACK_PHASES, PACK_EVENTS, PACK_AGENDA, PACK_ACTS,
    PACK_TABLES, PACK_COUNTS, PACK_SESSIONS, PACK_SPEECHES, PACK_INTERVIEWS, PACK_THEMES_FILE,
    PACK_POSITIONS, PACK_CONTRIBUTIONS, PACK_FILE__MAX
};

enum { PACK_COLUMNS_MAX = 24, PACK_FILE_BYTES_MAX = 64 * 1024 * 1024 };

struct pack_file {
    const char *name; /* "events": events.csv, statements pack_events_set and pack_events_get */
    const char *defines; /* "event": what its key is known as to other files, or NULL          */
    size_t n_key;        /* the first columns, by which a row is known                         */
    const struct pack_column *columns; /* ended by a NULL name                                 */
};

extern const struct pack_file pack_files[PACK_FILE__MAX];
size_t pack_n_columns(const struct pack_file *file);

enum { CON_CODE, CON_EVENT, CON_TABLE, CON_SESSION, CON_INTERVIEW, CON_DOCUMENT, CON_LINE_FROM,
       CON_LINE_TO, CON_KIND, CON_TEXT, CON_QUOTE, CON_CATEGORY, CON_ZONE, CON_AREA,
       CON_TERRITORY, CON_CONTESTS, CON_PARKED, CON_LOCAL, CON_THEMES, CON_TAGS, CON_STATE };
enum { EVE_CODE = 0, EVE_STARTS = 10, EVE_ENDS, EVE_PRESENT, EVE_REMOTE };
enum { AGE_EVENT, AGE_ORD, AGE_STARTS, AGE_ENDS, AGE_KIND, AGE_TITLE, AGE_SESSION };
enum { TAB_EVENT, TAB_CODE, TAB_AXIS, TAB_TITLE, TAB_ROOM, TAB_CAPACITY, TAB_PRESENT, TAB_MERGED };
enum { COU_EVENT, COU_WHAT, COU_CODE, COU_N, COU_RANK };
enum { THE_CODE, THE_AXIS, THE_TITLE, THE_SUMMARY, THE_PARKED, THE_SOURCE, THE_MERGED };

struct pack_row {
    uint64_t line;
    struct str *cells; /* as many as the file has columns; an absent column is "" */
    int64_t *ints;     /* INT, TIME, FLAG; INT64_MIN when empty                    */
};

struct pack_table {
    const struct pack_file *file;
    struct str path;
    struct pack_row *rows;
    size_t n, cap;
    bool there;
};

struct pack {
    struct rg_ctx *ctx;
    struct pack_table tables[PACK_FILE__MAX];
    uint32_t *slots; /* codes: index + 1 of code_of, open addressing */
    struct str *codes;
    size_t n_codes, n_slots;
    struct listening_load_report *report;
    bool records; /* ask the records for codes the files do not hold */
};

RG_MUST_CHECK enum rg_err pack_table_read(struct pack *pack, enum pack_file_ix ix, struct str path,
                                          struct str bytes);
/* The rows of one file into the pack, cells checked one by one; problems go to the report. Bytes
 * may go afterwards. Only memory fails.                                                        */
RG_MUST_CHECK enum rg_err pack_check(struct pack *pack);
/* What several rows say together: codes twice, codes nobody knows, programmes, tables, merges. */
RG_MUST_CHECK enum rg_err pack_write(struct pack *pack, int64_t *ret_n_written);
/* Within a write. */

void pack_problem(struct pack *pack, const struct pack_table *table, const struct pack_row *row,
                  size_t column, const char *key, struct str value);
void pack_note(struct pack *pack, const struct pack_table *table, const struct pack_row *row,
               size_t column, const char *key, struct str value, struct str other);
struct str pack_code(struct rg_ctx *ctx, const char *kind, struct str code, struct str second);
bool pack_code_in(const struct pack *pack, struct str code);
RG_MUST_CHECK enum rg_err pack_known(struct pack *pack, const char *kind, struct str code,
                                     struct str second, bool *ret_known);
const struct store_stmt *pack_stmt(struct rg_ctx *ctx, const char *file, const char *what);
/* "listening.pack_FILE_WHAT"; asserts that it is there. */

#endif
