/* A model and who asks it, shared by the tests of understanding: of small worlds of their own
 * (understand_test.c) and of the pack of Torino (pack_test.c).                                */
#ifndef FINDER_UNDERSTOOD_WORLD_H
#define FINDER_UNDERSTOOD_WORLD_H

#include "finder/kernel.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

struct world {
    struct rg_ctx ctx;
    struct finder_corpus corpus;
    struct finder_model *model;
    struct finder_reader *reader;
};

static inline int
teardown(void **state)
{
    struct world *w = *state;
    finder_reader_free(w->reader);
    finder_model_free(w->model);
    rg_ctx_done(&w->ctx);
    free(w);
    return 0;
}

static inline struct finder_understanding
ask(struct world *w, const char *text)
{
    struct finder_understanding u;
    finder_understand(w->reader, str_of(text), &u);
    return u;
}

static inline void
assert_need(struct world *w, const char *text, const char *code)
{
    struct finder_understanding u = ask(w, text);
    if (u.n_needs == 0 || !str_eq(finder_need_code(w->model, u.needs[0].need_ix), str_of(code)))
        fail_msg("\"%s\" is not understood as %s", text, code);
}

#endif
