/* Errors are values: a class that decides what happens, and a story for people.
 *
 * The class (enum rg_err) has one HTTP meaning each and is all that code may branch on. The
 * story lives in the context (ctx.h): a message key of the wording files with named arguments,
 * so that the reader gets the sentence in their own language, and a detail for the log. The
 * first cause is kept; callers may add to the detail.                                        */
#ifndef RG_ERR_H
#define RG_ERR_H

#include "claim.h"
#include "limits.h"
#include "str.h"
#include <stddef.h>

enum rg_err {
    RG_OK = 0,
    RG_INVALID,  /* 400: the input breaks a rule the sender can mend   */
    RG_DENIED,   /* 403: this actor may not                            */
    RG_ABSENT,   /* 404: there is none                                 */
    RG_CONFLICT, /* 409: it has changed since, or exists already       */
    RG_LIMIT,    /* 413: larger than we accept                         */
    RG_BUSY,     /* 503: try again in a moment                         */
    RG_BROKEN,   /* 500: disk, database, network or our own mistake    */
    RG_ERR__MAX
};

struct rg_arg {
    const char *name; /* a placeholder of the message, static */
    const char *value;
};

struct rg_story {
    enum rg_err code;
    const char *key; /* message key in the wording files; static storage */
    struct rg_arg args[RG_STORY_ARGS_MAX];
    unsigned n_args;
    size_t n_store;
    char store[RG_STORY_STORE_MAX];   /* the argument values, copied: survives any arena */
    char detail[RG_STORY_DETAIL_MAX]; /* for the log, English                            */
    const char *file;                 /* where it was first told                         */
    int line;
};

struct rg_ctx;

enum rg_err rg_fail_at(const char *file, int line, struct rg_ctx *ctx, enum rg_err code,
                       const char *key, ...) __attribute__((sentinel));
/* Tell the story unless one is told already, and return code. After key come pairs of
 * const char *: placeholder name, value; closed by NULL. Values are copied and cut to fit.   */

#define RG_FAIL(ctx, code, ...) rg_fail_at(__FILE__, __LINE__, ctx, code, __VA_ARGS__, NULL)

void rg_detail(struct rg_ctx *ctx, const char *format, ...) RG_PRINTF(2, 3);
/* Add a clause to the detail for the log; cut at a character when full. */

void rg_story_clear(struct rg_ctx *ctx);
/* Forget the story: used where a failure was expected and dealt with. */

const char *rg_err_name(enum rg_err code);
/* "invalid", "denied", …: for logs and tests. */

#endif
