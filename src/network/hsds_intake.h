/* Intake of HSDS from strangers: a kernel.
 *
 * Whatever comes (JSON of one object, an array, the Page envelope, bundles, ndjson, tabular
 * packages; HSDS 1.1, 2.x, 3.0, 3.1 and the shapes real exporters make of them) leaves as
 * canonical HSDS 3.1 aggregates through a sink, one after another.
 *
 * An aggregate is one organization, service, location, service_at_location, program, taxonomy,
 * taxonomy_term or meta_table_description as JSON text: keys in the order of the schema, then
 * what was kept aside, then those the schema does not know; children (phones, schedules,
 * addresses, …) inside their owner; other aggregates by their id only (a nested organization is
 * taken out and given on its own).
 * Every document satisfies the 3.1 schema.
 *
 * Nothing is lost silently. What cannot stand in its field is moved to "FIELD_as_received" in
 * the same object. Each change is told to the sink as a problem with file, line, field, value
 * and remedy; frequent harmless ones are told once per file and field with a count.
 *
 * Ids: a UUID is kept (in lower case); any other id becomes a version 8 UUID, BLAKE2b of source
 * name, scope, kind and id, so the same source gives the same ids next time. A record without
 * an id gets one from its content.
 *
 * Memory: bytes are borrowed (map the file); JSON is taken element by element, ndjson line by
 * line; of tables only the places of child rows are kept (24 bytes each), and of each record 40
 * bytes to know it again. Ceilings are in enum intake_limits. Uses base/, jansson (as the gate
 * for strangers' JSON) and libsodium (BLAKE2b).                                              */
#ifndef NETWORK_HSDS_INTAKE_H
#define NETWORK_HSDS_INTAKE_H

#include "base/base.h"

enum intake_limits {
    INTAKE_ELEMENT_MAX = 16 << 20,  /* one JSON element: a full organization is under 1 MiB  */
    INTAKE_WORK_MAX = 512 << 20,    /* arena for one element and its children                */
    INTAKE_KEEP_MAX = 1 << 30,      /* arena for what is remembered: about 4 million records */
    INTAKE_CHILDREN_MAX = 5000,     /* rows of one child table under one owner               */
    INTAKE_LIST_IDS_MAX = 2000,     /* ids in one cell                                       */
    INTAKE_TABLES_MAX = 64,         /* files of a package                                    */
    INTAKE_ZIP_MAX = 1 << 30,       /* bytes that may come out of an archive                 */
    INTAKE_SPLIT_MAX = 400,         /* schedules made out of one that lists many dates       */
};

/* The first eight are aggregates and appear in records; the rest live inside them. */
enum hsds_type {
    HSDS_ORGANIZATION, HSDS_SERVICE, HSDS_LOCATION, HSDS_SERVICE_AT_LOCATION, HSDS_PROGRAM,
    HSDS_TAXONOMY, HSDS_TAXONOMY_TERM, HSDS_META_TABLE_DESCRIPTION,
    HSDS_AGGREGATE__MAX,
    HSDS_ADDRESS = HSDS_AGGREGATE__MAX, HSDS_PHONE, HSDS_CONTACT, HSDS_SCHEDULE,
    HSDS_SERVICE_AREA, HSDS_LANGUAGE, HSDS_ACCESSIBILITY, HSDS_FUNDING, HSDS_COST_OPTION,
    HSDS_REQUIRED_DOCUMENT, HSDS_ORGANIZATION_IDENTIFIER, HSDS_ATTRIBUTE, HSDS_UNIT,
    HSDS_SERVICE_CAPACITY, HSDS_URL, HSDS_METADATA,
    HSDS_TYPE__MAX
};

const char *hsds_type_name(enum hsds_type type); /* "organization", as in the schema files */

struct intake_record {
    enum hsds_type type;
    struct str id;              /* UUID, 36 characters                                       */
    struct str source_id;       /* as given; none when it was derived from content           */
    struct str doc;             /* canonical JSON                                            */
    struct str name;            /* none for those without                                    */
    struct str organization_id, service_id, location_id, program_id, taxonomy_id; /* or none */
    const char *file;
    uint64_t line;
    bool again;                 /* the same id was given before with less in it: replace it  */
    bool embedded;              /* found inside another: a fuller form of it may follow      */
};

enum intake_severity {
    INTAKE_NOTED,    /* taken as it is; somebody should look          */
    INTAKE_REPAIRED, /* taken with a change                           */
    INTAKE_REJECTED, /* not taken                                     */
    INTAKE_SEVERITY__MAX
};

struct intake_problem {
    enum intake_severity severity;
    const char *key;        /* message with {kind} {field} {value} {count}                  */
    const char *remedy_key; /* what to do about it, the same placeholders                   */
    const char *file;
    uint64_t line;          /* of the first case, when count > 1                            */
    const char *kind;       /* "service"                                                    */
    struct str field;
    struct str value;       /* an example, cut to 120 bytes                                 */
    uint64_t count;
};

struct intake_sink {
    void *user;
    enum rg_err (*record)(void *user, struct rg_ctx *ctx, const struct intake_record *record);
    enum rg_err (*problem)(void *user, struct rg_ctx *ctx, const struct intake_problem *problem);
    /* Borrowed for the call. An error stops the intake and is handed on. */
    bool (*known)(void *user, enum hsds_type type, struct str id);
    /* True if the store already has the record: then a reference to it does not dangle. NULL:
     * only what came in this intake counts.                                                  */
};

struct intake_progress { /* bytes of the input, those of child tables left out */
    uint64_t done, total;
};

struct intake_options {
    struct str source;          /* name of the source, part of derived ids: "dc-orservices"  */
    struct str default_country; /* for addresses without one; none = left empty              */
    struct intake_progress *progress; /* kept up to date while reading; or NULL              */
    bool mapped;                /* the bytes are a read-only mapping of a file (intake_path sets
                                   this): what was read is given back to the system           */
};

struct intake_counts {
    uint64_t records[HSDS_AGGREGATE__MAX]; /* given to the sink, each id once               */
    uint64_t problems[INTAKE_SEVERITY__MAX];
    uint64_t elements;                     /* JSON elements or table rows read               */
};

struct intake_table {
    const char *name;  /* file name: "services.csv"; a folder before it is ignored */
    struct str bytes;
};

enum rg_err intake_json(struct rg_ctx *ctx, const struct intake_options *options,
                        const char *file, struct str bytes, const struct intake_sink *sink,
                        struct intake_counts *ret_counts) RG_MUST_CHECK;
/* One JSON or ndjson file. Content never makes it fail; RG_LIMIT past the ceilings, or what the
 * sink returned.                                                                             */

enum rg_err intake_tables(struct rg_ctx *ctx, const struct intake_options *options,
                          const struct intake_table *tables, size_t n_tables,
                          const struct intake_sink *sink,
                          struct intake_counts *ret_counts) RG_MUST_CHECK;
/* One tabular package. RG_INVALID if no file has a name we know. */

enum rg_err intake_zip(struct rg_ctx *ctx, const struct intake_options *options, const char *file,
                       struct str bytes, const struct intake_sink *sink,
                       struct intake_counts *ret_counts) RG_MUST_CHECK;
/* One ZIP: the CSV files in it are a package; without any, its one JSON or ndjson file. RG_INVALID
 * for a damaged one or one of neither kind, RG_LIMIT past INTAKE_ZIP_MAX or INTAKE_TABLES_MAX,
 * RG_BROKEN when the disk has no room for what comes out.                                     */

enum rg_err intake_path(struct rg_ctx *ctx, const struct intake_options *options,
                        const char *path, const struct intake_sink *sink,
                        struct intake_counts *ret_counts) RG_MUST_CHECK;
/* A folder of CSV files, one CSV file, a ZIP, a JSON or ndjson file: maps it and calls the above.
 * RG_ABSENT if there is nothing at path.                                                     */

#endif
