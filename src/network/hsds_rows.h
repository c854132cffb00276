/* A canonical document as rows of tables of HSDS 3.1, the way back from intake_tables. A kernel.
 *
 * Each object becomes a row of its own table, its children rows of theirs that name their owner;
 * ids are unique in each table, as the specification asks. What a row has no place for (members
 * that the schema does not know, what the object itself says of owners, an id that stands twice)
 * goes into the column HSDS_MORE, from where intake_tables puts it back: the package gives the
 * same documents again, byte for byte.                                                        */
#ifndef NETWORK_HSDS_ROWS_H
#define NETWORK_HSDS_ROWS_H

#include "hsds_priv.h"

struct hsds_rows {
    struct rg_ctx *ctx;
    void *user;
    enum rg_err (*row)(void *user, enum hsds_type table, struct str line);
    /* One row with its line end, borrowed for the call; what it returns ends the document. */
    uint64_t *ids; /* of children, hashed: to see one that stands twice */
    size_t n_ids, ids_cap;
    struct rg_buf line, more;
};

void hsds_rows_init(struct hsds_rows *rows, struct rg_ctx *ctx);
void hsds_rows_done(struct hsds_rows *rows);

RG_MUST_CHECK enum rg_err hsds_rows_put(struct hsds_rows *rows, enum hsds_type type,
                                        struct str doc);
/* The rows of one aggregate, its own first. Works in the context's arena, which the caller gives
 * back; keeps 8 to 16 bytes a child. RG_INVALID when doc is no JSON object.                   */

void hsds_rows_header(struct rg_buf *out, enum hsds_type type);
/* The names of a table's columns, with the line end. */

#endif
