/* Inside the network: an import at work.
 *
 * The intake gives the same events (records and problems) in the same order each time it reads a
 * file; that is what an import rests on. It reads at most three times:
 *
 *   write   events go into the store in batches; a change set holds the records, what was found
 *           wrong, and the number of the next event, so that a stop goes on where it was
 *   scan    only after a restart, and only when a link pass follows: what it must know anew
 *   link    only when some records wait: they name one that came after them, or were summaries
 *           inside another of a record that is here already
 *
 * Memory is the batch, and a few bytes for each record that waits.                           */
#ifndef NETWORK_IMPORT_H
#define NETWORK_IMPORT_H

#include "network/network_priv.h"

enum import_limits {
    IMPORT_BATCH = 1000,                 /* records and problems of a change set: about 80 ms  */
    IMPORT_BATCH_BYTES = 8 << 20,        /* of documents: then the batch is closed early       */
    IMPORT_BATCH_MEMORY = 128 << 20,     /* a batch and one document at its ceiling            */
    IMPORT_KEEP_MEMORY = 512 << 20,      /* open links and records given twice: some millions  */
};

typedef enum rg_err import_read(struct rg_ctx *ctx, const struct network_import *what,
                                const struct intake_sink *sink,
                                struct intake_progress *progress,
                                struct intake_counts *ret_counts);
/* Read the input of an import through a sink: the same events each time. */

import_read import_read_hsds, import_read_csv;

RG_MUST_CHECK enum rg_err import_work(struct rg_ctx *ctx, struct jobs_run *run,
                                      const struct territory_model *territory,
                                      const struct network_import *what, import_read *read);
/* The whole of a job, from run->position on. territory may be NULL. */

extern void (*import_after_batch)(uint64_t n_batches);
/* Tests: called when a batch is safe on disk. */

/* ---- args of a job (import.c) ---- */

struct str import_args_write(struct rg_ctx *ctx, const struct network_import *what,
                             bool remove_file);
/* JSON in the arena; none without memory. */
RG_MUST_CHECK enum rg_err import_args_read(struct rg_ctx *ctx, struct str args,
                                           struct network_import *ret, bool *ret_remove_file);

struct jobs_problem import_problem(const struct intake_problem *p);
/* As findings want it; borrowed strings. */

extern const enum hsds_type import_types[NETWORK_KIND__MAX];
enum network_kind import_kind_of(enum hsds_type type); /* NETWORK_KIND__MAX: none */

enum network_kind import_kind_of_name(const char *name); /* "service" */

#endif
