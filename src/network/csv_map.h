/* Lists of municipalities: which column is what, and rows into HSDS. A kernel.
 *
 * A list of services comes as a CSV with headers of its own. csv_map_guess proposes what each
 * column means, with how sure it is; a person confirms or corrects; csv_map_apply turns every
 * row into an organization, a service, a location and their link, as canonical aggregates
 * through the same sink and with the same problems as hsds_intake. Columns nobody mapped are
 * kept in the service under their own header.                                                */
#ifndef NETWORK_CSV_MAP_H
#define NETWORK_CSV_MAP_H

#include "hsds_intake.h"

enum csv_map_field {
    CSV_MAP_KEEP, /* no meaning known: kept as it is */
    CSV_MAP_ID, CSV_MAP_NAME, CSV_MAP_ORGANIZATION, CSV_MAP_DESCRIPTION, CSV_MAP_CATEGORY,
    CSV_MAP_LOCATION, CSV_MAP_ADDRESS, CSV_MAP_COMUNE, CSV_MAP_PROVINCE, CSV_MAP_POSTAL_CODE,
    CSV_MAP_LATITUDE, CSV_MAP_LONGITUDE, CSV_MAP_PHONE, CSV_MAP_EMAIL, CSV_MAP_WEBSITE,
    CSV_MAP_HOURS, CSV_MAP_FEES, CSV_MAP_ELIGIBILITY, CSV_MAP_APPLICATION, CSV_MAP_AREA,
    CSV_MAP_FIELD__MAX
};

const char *csv_map_field_name(enum csv_map_field field);
/* "name", "organization", …: for forms and message keys ("network.csv_map_" name). */
bool csv_map_field_of(struct str name, enum csv_map_field *ret_field);

struct csv_map_column {
    enum csv_map_field field;
    uint8_t confidence; /* 0-100: 100 the header says so, under 60 only the values suggest it */
};

void csv_map_guess(const struct str *headers, size_t n, const struct str *sample,
                   struct csv_map_column *ret_columns);
/* One proposal a column; no field but CSV_MAP_KEEP and CSV_MAP_PHONE twice. sample: the cells of
 * a row, n of them, or NULL. Case, accents and punctuation of headers do not matter.         */

enum rg_err csv_map_apply(struct rg_ctx *ctx, const struct intake_options *options,
                          const char *file, struct str bytes,
                          const struct csv_map_column *columns, size_t n_columns,
                          const struct intake_sink *sink,
                          struct intake_counts *ret_counts) RG_MUST_CHECK;
/* The first row is the header. RG_INVALID if no column is the name of the service. Ids come from
 * the id column, or from name, organization and address: importing again updates.            */

#endif
