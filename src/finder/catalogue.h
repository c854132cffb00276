/* The catalogue: every service of the network as the finder meets it, in an index of words, needs,
 * places and people, ready on disk at start and never older than the last save.
 *
 * It is a read model: built whole from the records into a file, mapped, and kept current by a
 * small delta that follows the change feed. Each hit carries a payload (struct finder_entry):
 * what a line of results shows, so that a page of results asks the database nothing. A
 * confidential location has no point, no municipality and no address in here.                */
#ifndef FINDER_CATALOGUE_H
#define FINDER_CATALOGUE_H

#include "finder/kernel.h"
#include "network/network.h"
#include "search/search.h"

enum finder_dim { /* facet dimensions of the index */
    FINDER_DIM_NEED,      /* hash of the need's code                          */
    FINDER_DIM_AREA,      /* hash of the area of need: "casa"                 */
    FINDER_DIM_COMUNE,    /* ISTAT code as a number                           */
    FINDER_DIM_ZONE,      /* number of the Zona omogenea                      */
    FINDER_DIM_AUDIENCE,  /* enum finder_audience                             */
    FINDER_DIM_LANGUAGE,  /* hash of the language code                        */
    FINDER_DIM_COST,      /* 1 free, 2 paid, 0 not told                       */
    FINDER_DIM_ORG,
    FINDER_DIM_STATUS,    /* 1 active, 2 not                                  */
    FINDER_DIM_REACH,     /* comune codes and FINDER_OF_ZONE + numbers served; FINDER_EVERYWHERE */
    FINDER_DIM__MAX
};

enum {
    FINDER_PLACES_MAX = 8,
    FINDER_LANGS_MAX = 8,
    FINDER_OF_ZONE = 1000000,   /* + number: a zone among comune codes             */
    FINDER_EVERYWHERE = 1,      /* serves the whole territory, or does not say what */
    FINDER_CODE_TERM_MAX = 16,
    FINDER_AGE_ANY = 255,       /* no highest age is told                          */
};

struct finder_spot {
    int32_t lat_e7, lon_e7;
    uint32_t comune;          /* ISTAT code as a number, 0 unknown */
};

struct finder_entry {         /* the payload of one service, strings borrowed from the index */
    int64_t org_id, updated_s;
    int64_t verified_day;     /* -1: never */
    bool synthetic, free_of_charge, paid, active, wide; /* wide: serves the whole territory */
    bool by_isee;             /* what it costs depends on the ISEE */
    enum finder_fit room;     /* free places: some, none, not told */
    bool more_areas;          /* serves more than areas has room for */
    uint8_t age_low, age_high; /* whom it takes, in years; 0 and FINDER_AGE_ANY: not told */
    struct hours_code hours;
    size_t n_spots;
    struct finder_spot spots[FINDER_PLACES_MAX];
    size_t n_areas;
    uint32_t areas[FINDER_PLACES_MAX]; /* it serves: comune codes, FINDER_OF_ZONE + number */
    uint32_t need[4];         /* hashes of its needs, 0 unused */
    uint32_t audience;        /* bit per enum finder_audience  */
    struct str uid, name, organization, summary, place, languages; /* languages: "it,ar" */
};

struct finder_catalogue;

RG_MUST_CHECK enum rg_err finder_catalogue_open(struct rg_ctx *ctx, struct store *store,
                                                const struct finder_model *model,
                                                struct territory_live *territory,
                                                const char *path,
                                                struct finder_catalogue **ret_catalogue);
/* Map the file at path when it is of this database and version, else build it (about 10 s for
 * 100,000 services); then bring it up to the feed. ctx needs a session. Owned.                */
struct finder_catalogue *finder_catalogue_close(struct finder_catalogue *catalogue);

RG_MUST_CHECK enum rg_err finder_catalogue_refresh(struct rg_ctx *ctx,
                                                   struct finder_catalogue *catalogue);
/* Take in what the feed brought since; rebuilds when much did. Cheap when nothing did: one
 * statement, no lock. Many threads may call it: one works, the others wait for it, at most 2 s, and
 * then go on with what there is.                                                              */

RG_MUST_CHECK enum rg_err finder_catalogue_turn(struct rg_ctx *ctx,
                                                struct finder_catalogue *catalogue);
/* Hours are kept as a week that those after it are like, or not: once a week look at all, and build
 * anew when some tell another week. For housekeeping: one comparison on most days, 12 to 16 ms
 * for 100,000 services on Mondays, and what finder_catalogue_open says when it builds.         */

enum { FINDER_TIDY_AFTER = 1000 }; /* services waiting: from here each change costs noticeably */

RG_MUST_CHECK enum rg_err finder_catalogue_tidy(struct rg_ctx *ctx,
                                                struct finder_catalogue *catalogue,
                                                size_t n_after);
/* When more than n_after services wait on top of the catalogue's file, write them into it. For
 * housekeeping, not for requests: 0.3 s for 100,000 services, during which answers go on and a
 * request that follows a change waits. Nothing is done while somebody else takes changes in.  */

struct search_live *finder_catalogue_live(struct finder_catalogue *catalogue);
uint64_t finder_catalogue_name(const struct finder_catalogue *catalogue);
/* Its own among all of this process, also those that were closed: for what is remembered of it. */
void finder_entry_read(struct str payload, struct finder_entry *ret);
/* Everything; texts are borrowed from the payload. Bytes that make no sense give an empty entry. */
void finder_entry_facts(struct str payload, struct finder_entry *ret);
/* All but the texts, which stay none: what a candidate is judged by, in the first bytes. */
uint32_t finder_code_hash(struct str code); /* of a need, an area of need, a language */
struct str finder_code_term(struct str code, char out[FINDER_CODE_TERM_MAX]);
/* The word under which the index files the services of a need or of an area of need. */
uint32_t finder_comune_number(struct str istat_code);

#endif
