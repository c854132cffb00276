/* Inside the surface of the finder: what its pages are given, and what its files share. Texts are
 * ready for the reader; paths are of this site, without language. An empty text (n == 0) leaves its
 * piece of the page out. Everything lives in the request's arena.                             */
#ifndef FINDER_PAGE_H
#define FINDER_PAGE_H

#include "finder/finder.h"
#include "finder/suggest.h"

enum finder_page_limits {
    FINDER_CHIPS_MAX = 64,      /* every choice that an address can hold             */
    FINDER_FACETS_SHOWN = 6,
    FINDER_DROPS_MAX = 8,       /* ways out of an empty page                          */
    FINDER_EXAMPLES_SHOWN = 4,
    FINDER_DESKS_SHOWN = 3,     /* help desks under an empty page                     */
};

/* ---- sentences (words.c) ---- */

struct str finder_scratch_text(struct rg_ctx *ctx, const struct rg_buf *scratch);
/* What was written into scratch, kept in the arena; "" when there is no room for it.          */
struct str finder_text(struct rg_ctx *ctx, struct rg_buf *scratch, const char *key, ...)
    __attribute__((sentinel));
/* A message in the arena, made in scratch. After key: pairs of const char * name, struct str
 * value by pointer, closed by NULL. "" when memory is out. */

struct str finder_reason_text(struct rg_ctx *ctx, const struct finder *finder,
                              const struct finder_answer *answer, const struct finder_hit *hit,
                              enum finder_reason reason, struct rg_buf *scratch);
struct str finder_open_text(struct rg_ctx *ctx, const struct finder_hit *hit,
                            struct rg_buf *scratch);
/* "Aperto ora, fino alle 12:30", "Chiuso. Apre domani alle 9:00"; that nothing is known, too. */
struct str finder_area_text(struct rg_ctx *ctx, const struct territory_area *area,
                            struct rg_buf *scratch);
/* "Ivrea", "Zona 9 Eporediese" */
struct str finder_audience_text(enum rg_lang lang, enum finder_audience audience);
struct str finder_language_text(enum rg_lang lang, struct str code); /* none: no name for it */
const char *finder_language_code(size_t i); /* of those that have a name; NULL at the end */
bool finder_audience_find(struct str code, enum finder_audience *ret);

/* ---- addresses (state.c) ---- */

void finder_query_put(struct rg_buf *out, const struct finder_question *question);
/* The question as a query without '?' and without "pagina", percent-encoded, in a fixed order. */
struct str finder_link(struct rg_ctx *ctx, struct rg_buf *scratch,
                       const struct finder_question *question);
/* "/cerca?…" in the arena; "/cerca" for an empty question and when memory is out. */

enum { IN_Q, IN_PLACE, IN_NEED, IN_AREA, IN_ZONE, IN_AUDIENCE, IN_LANGUAGE, IN_FREE, IN_OPEN,
       IN_SORT, IN_PAGE, IN__MAX };
extern const struct web_input finder_inputs[IN__MAX];
void finder_question_read(const struct web_request *req, struct finder_question *ret);
/* What the address says; values that mean nothing are passed over. */

/* ---- the page of results (view.c, view_list.c) ---- */

struct finder_go { /* a way to go on */
    struct str path, label;
    int64_t n; /* services there; -1: not said */
};

struct finder_line_view {
    struct str number, label, note;
};

struct finder_said { /* a need, and the words that told it */
    struct str label, words;
};

struct finder_bit { /* of a piece of text */
    struct str text;
    bool mark; /* a word of the question */
};

enum { FINDER_BITS_MAX = 24 };

struct finder_hit_view {
    int64_t id, number;
    struct str path, name, organization, place, summary;
    const char *open_kind;
    struct str open_text;
    bool near;
    double distance_m;
    struct web_freshness fresh;
    bool synthetic;
    struct str reasons[FINDER_REASONS_MAX];
    size_t n_reasons;
    struct finder_bit bits[FINDER_BITS_MAX]; /* instead of the summary: where the words stand */
    size_t n_bits;
};

struct finder_beyond_view { /* a service that serves others, as a line */
    struct str path, name;
    bool near;
    double distance_m;
};

struct finder_map_point {
    int64_t x, y, number;
};

struct finder_map_view {
    struct str drawing; /* none: there is no map to show */
    int64_t left, top, width, height;
    struct str here; /* code of the comune asked about, or none */
    const struct finder_map_point *points;
    size_t n_points;
};

/* In the language somebody wrote in, when it is not the page's; lang NULL: nothing to say. */
struct finder_tongue {
    const char *lang, *dir;
    struct str lead, below, speak, speak_path; /* speak_path none: nobody says so */
    int64_t n_speak;
    struct str needs[FINDER_CHOICES_MAX];
    size_t n_needs;
    struct finder_go pages[RG_LANG__MAX]; /* this page in other languages; whole paths */
    size_t n_pages;
};

struct finder_search_page {
    struct web_search search, *search_ref;
    bool asked, posted, open_only;
    /* danger */
    const char *danger_lang, *danger_dir;
    struct str danger_title;
    bool danger_likely; /* but not plainly told: said more quietly */
    const struct finder_line_view *lines;
    size_t n_lines;
    const struct finder_line_view *ears; /* of the best need: lines to talk to somebody */
    size_t n_ears;
    struct finder_tongue tongue, *tongue_ref; /* tongue_ref NULL: nothing to say */
    /* what was understood */
    bool understood, abstained, by_words;
    const char *why_not_key; /* of what was not understood; NULL: no more to say */
    struct web_chip chips[FINDER_CHIPS_MAX];
    size_t n_chips;
    struct finder_said said[FINDER_CHOICES_MAX];
    size_t n_said;
    struct finder_go others[FINDER_OTHERS_MAX], places[FINDER_PLACE_OPTIONS_MAX];
    size_t n_others, n_places;
    struct str place_unknown, widened, none_here;
    struct finder_beyond_view beyond[FINDER_BEYOND_MAX]; /* below none_here */
    size_t n_beyond;
    /* the list */
    struct web_chip filters[FINDER_CHIPS_MAX];
    size_t n_filters;
    const struct web_param *hidden;
    size_t n_hidden;
    struct web_facet facets[FINDER_FACETS_SHOWN];
    size_t n_facets;
    struct str place_name;
    const struct finder_hit_view *hits;
    size_t n_hits;
    int64_t total;
    struct str best_path, near_path; /* near_path: none without a place */
    bool by_distance;
    struct web_paging paging_kept, *paging;
    struct finder_map_view map, *map_ref;
    struct web_download downloads[4];
    size_t n_downloads;
    struct str sheet_path; /* the list on paper; none after POST without a need */
    /* where nothing was found, or nothing asked */
    struct finder_go drops[FINDER_DROPS_MAX];
    size_t n_drops;
    const struct finder_hit_view *desks;
    size_t n_desks;
    const struct finder_tile *tiles;
    size_t n_tiles;
    struct finder_go examples[FINDER_EXAMPLES_SHOWN];
    size_t n_examples;
};

struct finder_view { /* a page being filled */
    struct rg_ctx *ctx;
    const struct finder_web *room;
    const struct finder *finder;
    const struct finder_question *q; /* as answered                                          */
    struct finder_question base;     /* as the page's links say it: without words after POST */
    const struct finder_answer *a;
    struct finder_search_page *page;
    struct rg_buf scratch;
    struct {
        struct str text; /* none: not said yet */
        size_t need_ix;
    } said[FINDER_WHY__MAX]; /* reasons that depend on the need alone: most are said again */
};

RG_MUST_CHECK enum rg_err finder_view_hits(struct finder_view *v,
                                           const struct finder_answer *answer,
                                           const struct finder_hit_view **ret_hits);
void finder_view_facets(struct finder_view *v);
void finder_view_beyond(struct finder_view *v);
void finder_view_map(struct finder_view *v);
void finder_view_tongue(struct finder_view *v, struct str here);
/* here: this page's path without language; none when it must not be said in an address. */
const char *finder_tongue_dir(enum finder_lang lang);        /* "ltr", "rtl" */
struct str finder_tongue_danger(enum finder_lang lang);      /* "In danger? Call" */
RG_MUST_CHECK enum rg_err finder_view_fill(struct finder_view *v);
/* Everything of the page; those above are its parts. */

bool finder_sensitive(const struct finder *finder, const struct finder_answer *answer);
/* Danger, or needs about violence, protection of minors or trafficking: a page to be left
 * quickly. */

RG_MUST_CHECK enum rg_err finder_listing(struct rg_ctx *ctx, struct web_request *req,
                                         struct web_answer *ans, const struct finder *finder,
                                         const struct finder_answer *answer);
/* The rows of the answer as CSV, GeoJSON or Atom. */

void finder_answer_members(struct rg_ctx *ctx, const struct finder *finder,
                           const struct finder_question *question,
                           const struct finder_answer *answer, struct rg_jw *jw);
/* The members of finder_answer_json's object, inside an object that the caller opened. */

/* ---- areas and needs (needs.c) ---- */

struct finder_need_line {
    struct str path, label, description;
    int64_t n;
};

struct finder_area_view {
    struct str code, label, description, path;
    const char *icon;
    int64_t n;
    const struct finder_need_line *needs;
    size_t n_needs;
};

struct finder_needs_page {
    struct str title, lead;
    const struct finder_area_view *areas;
    size_t n_areas;
    bool one; /* one area: its needs in full */
    struct str back_path;
    struct web_download downloads[2];
};

extern const struct web_input finder_needs_inputs[1];
RG_MUST_CHECK enum rg_err finder_needs_all(struct rg_ctx *ctx, struct web_request *req,
                                           struct web_answer *ans);
RG_MUST_CHECK enum rg_err finder_needs_of_area(struct rg_ctx *ctx, struct web_request *req,
                                               struct web_answer *ans);

/* ---- needs that found nothing near (unmet.c) ---- */

enum { FINDER_UNMET_MIN = 5 }; /* smaller groups are not shown to anybody */

struct finder_unmet_line {
    struct str comune, need;
    int64_t n;
};

struct finder_unmet_page {
    int64_t year;
    const struct finder_unmet_line *lines;
    size_t n_lines;
    int64_t n_small;
    struct web_download downloads[2];
};

bool finder_unmet(const struct finder *finder, const struct finder_question *question,
                  const struct finder_answer *answer, struct str *ret_comune,
                  struct str *ret_need);
/* Whether the question counts: it is about a comune and a need, nothing is within 30 km or the need
 * had to be said by hand, no choice narrowed it, and it is not one of finder_sensitive. */
void finder_unmet_count(struct rg_ctx *ctx, const struct finder *finder,
                        const struct finder_question *question,
                        const struct finder_answer *answer);
/* Count it, in memory; writes what this process counted at most every ten minutes, in one change
 * set of nobody. Never fails: what could not be written waits for the next time.             */

extern const struct web_input finder_unmet_inputs[1];
RG_MUST_CHECK enum rg_err finder_unmet_page(struct rg_ctx *ctx, struct web_request *req,
                                            struct web_answer *ans);

/* ---- the search for other sites (box.c) ---- */

enum { FINDER_BOX_LINKS = 6, FINDER_BOX_HEIGHT = 520 };

struct finder_box_page {
    const char *lang;
    struct str title, comune;
    struct finder_go links[FINDER_BOX_LINKS];
    size_t n_links;
    const struct web_helpline *lines;
    size_t n_lines;
};

struct finder_box_how_page {
    const struct web_field *field;
    const struct web_option *options;
    size_t n_options;
    struct str snippet, box_path;
};

extern const struct web_input finder_box_inputs[1];
RG_MUST_CHECK enum rg_err finder_box(struct rg_ctx *ctx, struct web_request *req,
                                     struct web_answer *ans);
RG_MUST_CHECK enum rg_err finder_box_how(struct rg_ctx *ctx, struct web_request *req,
                                         struct web_answer *ans);

/* ---- suggestions while typing (web_suggest.c) ---- */

extern const struct web_input finder_suggest_inputs[1];
RG_MUST_CHECK enum rg_err finder_suggest_page(struct rg_ctx *ctx, struct web_request *req,
                                              struct web_answer *ans);

/* ---- services on paper (folder.c) ---- */

enum {
    FINDER_FOLDER_MAX = 20, /* services; the code still holds the address */
    FINDER_FOLDER_PHONES = 4,
    FINDER_FOLDER_PLACES = 4,
};

struct finder_folder_place {
    struct str name, address;
};

struct finder_folder_line {
    int64_t id;
    struct str path, name, organization, email, remove_path;
    bool synthetic, verified;
    int64_t verified_day;
    struct str phones[FINDER_FOLDER_PHONES];
    size_t n_phones;
    struct finder_folder_place places[FINDER_FOLDER_PLACES];
    size_t n_places;
};

struct finder_folder_page {
    struct str title, lead;
    bool notes; /* lines left blank for writing by hand */
    bool synthetic;
    int64_t n_gone, today;
    struct finder_folder_line *lines;
    size_t n_lines;
    struct str address, qr; /* qr: path of the drawing; none: the address is too long */
    int64_t qr_side;
};

extern const struct web_input finder_folder_inputs[1];
RG_MUST_CHECK enum rg_err finder_folder(struct rg_ctx *ctx, struct web_request *req,
                                        struct web_answer *ans);
RG_MUST_CHECK enum rg_err finder_sheet(struct rg_ctx *ctx, struct web_request *req,
                                       struct web_answer *ans);
/* The first services of a search, with contacts and the code of its address. */

RG_MUST_CHECK enum rg_err finder_snippets(struct rg_ctx *ctx,
                                          const struct finder_question *question,
                                          const struct finder_answer *answer,
                                          struct finder_hit_view *views);
/* The bits of those hits that were found by their words (snippet.c); views as many as the hits.
 * Three statements by key for each, and nothing for hits found by their need.                 */

#endif
