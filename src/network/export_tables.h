/* A tabular package of HSDS 3.1 on disk: one CSV a table, and datapackage.json that describes them
 * (Tabular Data Package of Frictionless Data, with the keys between the tables).
 *
 * It is written in a folder beside its place, PATH.partial, and comes to its name whole: as that
 * folder, or as one ZIP. The same records give the same bytes.                               */
#ifndef NETWORK_EXPORT_TABLES_H
#define NETWORK_EXPORT_TABLES_H

#include "network/hsds_rows.h"
#include <stdio.h>

struct export_tables {
    struct rg_ctx *ctx;
    const char *path, *folder; /* its name in the end; where it is written */
    struct hsds_rows rows;
    FILE *files[HSDS_TYPE__MAX]; /* NULL: no row yet */
};

RG_MUST_CHECK enum rg_err export_tables_begin(struct export_tables *t, struct rg_ctx *ctx,
                                              const char *path);
/* What a killed export left of the same name is removed. RG_BROKEN when it cannot be written. In
 * every case call export_tables_end.                                                          */

RG_MUST_CHECK enum rg_err export_tables_put(struct export_tables *t, enum hsds_type type,
                                            struct str doc);

RG_MUST_CHECK enum rg_err export_tables_finish(struct export_tables *t, struct str title);
/* Safe on disk, under its name. RG_CONFLICT when a folder of that name holds something. */

void export_tables_end(struct export_tables *t);
/* Close, and remove what has not come to its name. */

#endif
