/* Inside the network: what each column of a municipal list means, as a person said or guessed. */
#ifndef NETWORK_IMPORT_CSV_H
#define NETWORK_IMPORT_CSV_H

#include "network/csv_map.h"

enum { IMPORT_CSV_SAMPLE = 5 }; /* rows shown beside the mapping: enough to see what is what */

struct import_csv_columns {
    size_t n, n_rows;
    struct str *headers;                    /* n of them, trimmed; "" where they are no text  */
    struct str *rows[IMPORT_CSV_SAMPLE];    /* the first rows, n cells each                   */
    struct csv_map_column *columns;
};

RG_MUST_CHECK enum rg_err import_csv_columns(struct rg_ctx *ctx, const char *file,
                                             struct str bytes, struct str mapping,
                                             struct import_csv_columns *ret);
/* Look at the head of a file: columns guessed from headers and first row, then set as mapping
 * says ("column=field" lines; a column by header or by number from 1). Arena. RG_INVALID when
 * the file has no header row, or mapping names a column or field that is none.               */

#endif
