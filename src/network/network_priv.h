/* Inside the network. */
#ifndef NETWORK_PRIV_H
#define NETWORK_PRIV_H

#include "network/network.h"
#include "network/hsds_intake.h"

/* ---- putting many (records.c): ids behind references, remembered ---- */

enum { NETWORK_UIDS_BITS = 16 }; /* 65,536 places of 56 bytes: those an import just met */

struct network_uid {
    char uid[36];
    uint32_t kind;
    int64_t id; /* 0: a free place */
};

struct network_uids {
    struct network_uid places[1 << NETWORK_UIDS_BITS];
};

void network_uids_clear(struct network_uids *uids);
/* When somebody else may have removed a record. */

RG_MUST_CHECK enum rg_err network_put_into(struct rg_ctx *ctx,
                                           const struct territory_model *territory,
                                           struct network_uids *uids, int64_t source_id,
                                           const struct network_record *record, bool hold,
                                           enum network_put *ret_put, int64_t *ret_id,
                                           bool *ret_open);
/* As network_put; uids may be NULL. hold: a record that is here is not changed; NETWORK_WAITING
 * instead. ret_open: the record names one that is not here. */

enum network_kept {
    NETWORK_KEPT_NOT,         /* nobody corrected it here                              */
    NETWORK_KEPT_SAID_BEFORE, /* corrected; the source says what it said               */
    NETWORK_KEPT_SAID_ANEW    /* corrected; the source now says something else besides */
};

RG_MUST_CHECK enum rg_err network_kept_put(struct rg_ctx *ctx, enum network_kind kind,
                                           struct str uid, struct str doc);
/* Inside a write, before a person's correction: doc is what the record's source said last. Of a
 * record corrected before nothing changes.                                                   */
RG_MUST_CHECK enum rg_err network_kept_ask(struct rg_ctx *ctx, enum network_kind kind,
                                           struct str uid, struct str doc,
                                           enum network_kept *ret);
/* Inside a write: whether a correction stands against what the source says now, doc; that is then
 * what it said last. One statement by key.                                                   */

RG_MUST_CHECK enum rg_err network_uid_known(struct rg_ctx *ctx, enum network_kind kind,
                                            struct str uid, bool *ret_known);
/* A record of this uid is here. */

#endif
