/* Listening: what was said at tables, in interviews, in documents, and what it was gathered into.
 *
 * Read README.md for the nouns and the pack. Rooms above read the views v_listening_theme,
 * v_listening_coding and v_listening_contribution in their SQL; what became of a voice is told by
 * a slot that a higher room fills. Refuses: names of speakers at tables; averaging positions.   */
#ifndef LISTENING_H
#define LISTENING_H

#include "base/base.h"
#include "store/store.h"
#include "web/web.h"

extern const struct store_room listening_store;
extern const struct web_route listening_routes[]; /* data: struct listening_web, or NULL */
extern const size_t listening_n_routes;

/* ---- what became of it: filled by app from the rooms above ---- */

struct listening_fate {
    struct str state; /* a code: "taken", "partly", "refused", "open" …          */
    struct str label; /* the state and why, in the reader's language             */
    struct str path;  /* of the element of the plan: "/piano/psm-2024-26/3.1"    */
    struct str day;   /* "2026-03-31", "2026-03" or none                        */
};

struct listening_web {
    /* What became of one voice, or of one theme: any number, the newest first. Arena. NULL: the
     * plan is not linked, and the page says so.                                               */
    enum rg_err (*fate)(void *arg, struct rg_ctx *ctx, int64_t contribution_id,
                        struct listening_fate **ret, size_t *ret_n);
    enum rg_err (*theme_fates)(void *arg, struct rg_ctx *ctx, int64_t theme_id,
                               struct listening_fate **ret, size_t *ret_n);
    /* What a need or a body is called, and its page; label none: not known, the code is shown. */
    enum rg_err (*tag)(void *arg, struct rg_ctx *ctx, struct str kind, struct str code,
                       struct str *ret_label, struct str *ret_path);
    void *arg;
};

const char *listening_voice_path(struct rg_ctx *ctx, struct str code);
/* "/ascolto/contributi/forum-2023_3_2_014": the address of a voice, without language. Arena. */

/* ---- packs ---- */

enum { LISTENING_PROBLEMS_MAX = 200 };

struct listening_problem {
    struct str file;
    uint64_t line;     /* 1 is the header              */
    const char *field; /* the column; "" the whole row */
    struct str text;   /* what is wrong and what to do */
};

struct listening_load_report {
    struct listening_problem problems[LISTENING_PROBLEMS_MAX];
    size_t n_problems, n_problems_all;
    struct listening_problem notes[LISTENING_PROBLEMS_MAX]; /* told, and nothing was changed */
    size_t n_notes, n_notes_all;
    int64_t n_rows, n_written;
    int64_t n_themes, n_contributions; /* in the files */
};

RG_MUST_CHECK enum rg_err listening_load(struct rg_ctx *ctx, const char *folder,
                                         struct listening_load_report *ret);
/* The CSV files of a folder (README.md) in one change set; a file that is not there is left out. A
 * second time writes nothing. RG_INVALID when there are problems: they are all in ret, up to the
 * bound, and nothing was written. RG_ABSENT when no file is there. What a person edited here
 * since stays as the person left it. Texts in the arena.                                       */

RG_MUST_CHECK enum rg_err listening_export(struct rg_ctx *ctx, const char *folder,
                                           int64_t *ret_n_rows);
/* Write the same files into a folder, made if it is not there. What was exported and loaded again
 * is exported the same, byte for byte. Drafts, which nobody has said yet, stay here.           */

/* ---- documents ---- */

struct listening_import {
    int64_t n_lines, n_furniture;
    bool again; /* the same file was here already: nothing was written */
};

RG_MUST_CHECK enum rg_err listening_import_report(struct rg_ctx *ctx, const char *path,
                                                  struct str code, struct str title,
                                                  struct listening_import *ret);
/* A text file into a document with its lines, numbered as in the file. title "" keeps the one told.
 * RG_INVALID with the story for what is no text (NUL bytes, another encoding, garbage, a huge
 * line), RG_LIMIT when it is too large; nothing is half written.                               */

extern const struct web_route listening_live_routes[]; /* the event while it happens (live.h);
                                                          data: a struct web_throttle */
extern const size_t listening_live_n_routes;

struct listening_draw { /* an assembly by lot from files (sortition.h has the rule) */
    const char *people, *quotas; /* paths of CSV files; quotas NULL: by share        */
    const char *seed;
    const char *check;           /* a published draw to check; then seed and size are its own  */
    int64_t size;
    bool json;
    void (*progress)(void *arg, int64_t done, int64_t total); /* or NULL             */
    void *progress_arg;
};
RG_MUST_CHECK enum rg_err listening_draw(struct rg_ctx *ctx, const struct listening_draw *want,
                                         struct rg_buf *out, bool *ret_good);
/* Draw, or say what stands in the way and what would help; or check. ret_good: drawn, or all
 * that was checked holds. RG_INVALID for files that are none.                                */

#endif
