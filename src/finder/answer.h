/* The answer: a person's words, place and choices in; danger lines, what was understood and
 * ranked services with reasons out. Pages, JSON and the command line all show this one thing.
 * The words are read and forgotten: nothing here writes them anywhere.                       */
#ifndef FINDER_ANSWER_H
#define FINDER_ANSWER_H

#include "finder/catalogue.h"

enum finder_answer_limits {
    FINDER_CHOICES_MAX = 16,     /* values of one filter in an address                       */
    FINDER_BLOCK = 40,           /* services ranked together: two pages of twenty            */
    FINDER_WORDS_BLOCK = 40,     /* of those found by words alone, beside understood needs     */
    FINDER_BEYOND_MAX = 3,       /* services shown that serve only others                     */
    FINDER_WIDEN_UNDER = 20,     /* fewer at the person's place: the area of need is added    */
    FINDER_OTHERS_MAX = 3,       /* guesses offered beside those taken                        */
    FINDER_HITS_MAX = 100,       /* on one page                                              */
    FINDER_PLACE_OPTIONS_MAX = 5,
};

struct finder { /* what the room needs at hand; filled by app, lives as long as the server */
    const struct finder_model *model;
    struct finder_catalogue *catalogue;
    struct territory_live *territory;
    struct store *store;
};

enum finder_sort { FINDER_SORT_BEST, FINDER_SORT_NEAR };

struct finder_question {
    struct str text, place;
    struct str needs[FINDER_CHOICES_MAX];     /* chosen by hand: they replace what was understood */
    size_t n_needs;
    struct str areas[FINDER_CHOICES_MAX];     /* areas of need: "casa"     */
    size_t n_areas;
    uint32_t zones[FINDER_CHOICES_MAX];
    size_t n_zones;
    uint32_t audiences[FINDER_CHOICES_MAX];   /* enum finder_audience      */
    size_t n_audiences;
    struct str languages[FINDER_CHOICES_MAX];
    size_t n_languages;
    bool no_needs;                            /* none of the guesses is right: words alone */
    bool anywhere;                            /* no place, whatever the text says          */
    bool free_only, open_only;
    enum finder_sort sort;
    int64_t page, size;
};

struct finder_hit {
    int64_t service_id;
    double score, distance_m;                 /* distance negative: not known */
    struct finder_entry entry;                /* strings in the arena         */
    enum finder_open open;
    int64_t closes_s;                         /* instant; 0 none, HOURS_FOREVER without closing */
    int64_t opens_s;                          /* closed now: the next opening within a week, or 0 */
    size_t spot_ix;                           /* of entry.spots: the nearest with a point, or
                                                 SIZE_MAX                                    */
    enum finder_reason reasons[FINDER_REASONS_MAX];
    size_t n_reasons;
    size_t need_ix;                           /* SIZE_MAX none */
};

struct finder_need_view {
    size_t need_ix;
    struct str code;
    double score;
    struct str why;                           /* the words that told it, or none */
    bool chosen;                              /* by hand */
};

struct finder_need_count {
    size_t need_ix;
    int64_t n;
};

/* A service for the need, that does not say it serves where the person is. */
struct finder_beyond {
    int64_t service_id;
    struct str name;
    double distance_m;
};

struct finder_answer {
    struct finder_understanding understood;
    struct finder_need_view needs[FINDER_CHOICES_MAX];
    size_t n_needs;
    struct str widened;                       /* few services where the person is: also those of
                                                 the other needs of this area; else none */
    struct finder_beyond beyond[FINDER_BEYOND_MAX]; /* nobody serves the place: the nearest that
                                                 serve others                            */
    size_t n_beyond;
    bool abstained;                           /* words were written and no need understood   */
    struct finder_need_count others[FINDER_OTHERS_MAX]; /* guesses that are not in needs,
                                                 and how many services each would bring  */
    size_t n_others;
    uint32_t place;                           /* area of the model, or TERRITORY_NOWHERE */
    bool place_unknown;                       /* a place was typed and none found        */
    uint32_t place_options[FINDER_PLACE_OPTIONS_MAX]; /* others it may mean              */
    size_t n_place_options;
    struct finder_hit *hits;
    size_t n_hits;
    int64_t total;
    int64_t page, size;
    const struct search_facet *facets;        /* of FINDER_DIM_NEED, …; counts of what the other
                                                 choices leave                           */
    size_t n_facets;
    enum finder_lang language;                /* whose speaking counts: that of the text, or one
                                                 named in it ("parla arabo")                 */
    bool by_words;                            /* no need understood: found by the words alone */
    bool asked;                               /* there was something to answer                */
};

RG_MUST_CHECK enum rg_err finder_ask(struct rg_ctx *ctx, const struct finder *finder,
                                     const struct finder_question *question,
                                     struct finder_answer *ret_answer);
/* Everything in the arena. Asks the database only for the number of the newest change. A page is
 * stable: services are ranked in blocks of the index's order, so that a row stands on one page. */

RG_MUST_CHECK enum rg_err finder_count(struct rg_ctx *ctx, const struct finder *finder,
                                       unsigned dim, const struct search_facet_count **ret_counts,
                                       size_t *ret_n);
/* Active services by value of FINDER_DIM_NEED or FINDER_DIM_AREA, most frequent first. Kept per
 * thread until the catalogue changes; borrowed until the next call.                           */

const struct territory_area *finder_place_area(const struct finder *finder, uint32_t place);

void finder_thread_done(void);
/* Free what this thread kept for understanding and counting. A thread that ends does it by itself;
 * the main thread, or one that changes to another model or catalogue, calls it.             */

#endif
