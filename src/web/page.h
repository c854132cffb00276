/* What the page frame (pages/frame.tmpl) and the common blocks (pages/parts.tmpl) are given.
 *
 * A handler fills plain structs; the templates write them. Texts here are ready for the reader:
 * already in the reader's language, never markup, escaped by the template. Paths are those of
 * the route tables, without the language prefix, which the template adds; where a field says
 * "whole", the address is written as it stands. Strings and arrays are borrowed for the length
 * of the rendering. An empty text (n == 0) means "leave that piece out", unless said otherwise.
 */
#ifndef RG_WEB_PAGE_H
#define RG_WEB_PAGE_H

#include "base/base.h"

/* ---- the frame ------------------------------------------------------------------------- */

struct web_page_link {
    struct str path;
    struct str label;
    bool current; /* this page, or the part of the site it belongs to */
};

struct web_crumb {
    struct str path; /* none for the page itself, which closes the trail */
    struct str label;
};

struct web_lang_link {
    const char *code;  /* "it": also the lang of the link's text           */
    const char *label; /* "IT"                                             */
    const char *name;  /* "Italiano", in its own language                  */
    struct str path;   /* whole: this same page and state in that language */
    bool current;
};

enum web_flash_kind { WEB_FLASH_OK, WEB_FLASH_WARN, WEB_FLASH_BAD };

struct web_frame {
    const char *lang; /* of the page, BCP 47                    */
    const char *dir;  /* "ltr" or "rtl"                         */
    struct str title; /* unique among pages; the frame adds the name of the site */
    struct str description;
    struct str canonical; /* whole address of the page's own form */
    struct str feed;      /* path of the Atom feed of this list   */
    bool no_index;        /* not for search engines               */

    struct str territory; /* "Città metropolitana di Torino" */
    struct str owner_url; /* whole; site of the body that publishes */

    const struct web_page_link *nav;
    size_t n_nav;
    const struct web_lang_link *langs;
    size_t n_langs;
    const struct web_crumb *crumbs; /* without the home page, which the frame adds */
    size_t n_crumbs;

    bool search;           /* small search box in the header: off where the page has its own */
    struct str person;     /* name of who is signed in; empty for a stranger */
    struct str login_path; /* with the way back, "/accesso?poi=%2Fservizi" */

    bool synthetic;   /* the page shows demonstration data */
    struct str flash; /* outcome of what the reader just did */
    enum web_flash_kind flash_kind;
    const char
        *quick_exit; /* whole; a harmless site to leave to at once; NULL: no such button */

    struct str pdf;     /* path of the same page as PDF, with its query; empty: not offered */
    struct str site;    /* whole, of a printed page: what its links begin with              */
    struct str address; /* whole, of a printed page: where the page itself stands           */
    int64_t today;      /* of a printed page: days since 1970                               */
    int64_t today_s;    /* the same day's first second                                      */

    struct str attribution;             /* sources of the page's data, in words */
    const struct web_page_link *footer; /* of the pack: contacts and the like */
    size_t n_footer;
};

/* ---- search and lists ------------------------------------------------------------------ */

struct web_param {
    struct str name;
    struct str value;
};

struct web_place {
    struct str name;
};

struct web_search {
    const char *path; /* where the form goes */
    struct str query;
    struct str place;
    const struct web_place *places; /* suggestions for the place, without script */
    size_t n_places;
    const struct web_param *kept; /* choices that stay while the words change */
    size_t n_kept;
    bool flat; /* inside a page, instead of on the home page's banner */
};

struct web_page_ref {
    int64_t number; /* 0: a gap, written as an ellipsis */
    struct str path;
    bool current;
};

enum {
    WEB_PAGE_REFS_MAX = 9
}; /* 1 … 4 5 6 … 99 with room to spare: more does not help anyone */

struct web_paging {
    int64_t first; /* 1-based number of the first row shown; 0 when there is none */
    int64_t last;
    int64_t total;
    struct web_page_ref refs[WEB_PAGE_REFS_MAX];
    size_t n_refs;
    struct str previous; /* none on the first page */
    struct str next;     /* none on the last       */
};

RG_MUST_CHECK enum rg_err web_paging_fill(struct rg_ctx *ctx, struct str path, struct str query,
                                          int64_t page, int64_t page_size, int64_t total,
                                          struct web_paging *ret_paging);
/* The page links of a list: the first, the last, the current page and its neighbours, with a
 * gap where numbers are skipped. path is percent-encoded already; query is the rest of the
 * state, encoded, without "pagina" (may be empty); addresses are made in the request's arena as
 * "path?query&pagina=N", and without "pagina" for page 1, so that each page has one address. A
 * page past the end is shown as the last. RG_INVALID when page or page_size is below 1, or
 * total below 0; otherwise only what the arena says. */

struct web_chip {
    struct str label;
    struct str remove_path; /* same state without this choice; none: a chip that stays */
};

struct web_facet_option {
    struct str value;
    struct str label;
    int64_t n;
    bool on;
};

struct web_facet {
    const char *name; /* of the query parameter; also the beginning of the ids */
    struct str label;
    const struct web_facet_option *options;
    size_t n_options;
};

struct web_download {
    const char *format; /* "CSV", "JSON", "GeoJSON", "Atom" */
    struct str path;
};

enum web_sort { WEB_SORT_NONE, WEB_SORT_UP, WEB_SORT_DOWN };

struct web_column {
    struct str label;
    struct str sort_path; /* none: not to be sorted */
    enum web_sort sort;
    bool numeric;
};

struct web_cell {
    struct str text;
    struct str path;   /* none: plain text */
    const char *badge; /* "ok", "warn", "bad", "info"; NULL: no badge */
    bool numeric;
};

struct web_row {
    const struct web_cell
        *cells; /* as many as the table has columns; the first is the row's head */
};

struct web_table {
    const char *id; /* unique in the page */
    struct str caption;
    const struct web_column *columns;
    size_t n_columns;
    const struct web_row *rows;
    size_t n_rows;
};

struct web_kpi {
    struct str value;
    struct str label;
};

struct web_helpline {
    struct str number; /* as dialled: copied from a record, never composed */
    struct str label;
};

/* ---- forms ----------------------------------------------------------------------------- */

struct web_field_error {
    const char *field; /* name of the field, which is also its id */
    struct str text;   /* what is wrong and what to do             */
};

struct web_field {
    const char *name; /* also the id */
    struct str label;
    struct str hint;
    struct str error;
    struct str value;
    const char *type;         /* of <input>; NULL: "text" */
    const char *autocomplete; /* NULL: left to the browser */
    int64_t n_max;            /* characters; 0: unlimited here, the server has its own bound */
    int64_t rows;             /* of a <textarea>; 0: 5 */
    bool required;
    bool optional; /* says so beside the label */
    bool narrow;
};

struct web_option {
    struct str value;
    struct str label;
    bool on;
};

/* ---- signs and states ------------------------------------------------------------------ */

enum web_fresh { WEB_FRESH_NEVER, WEB_FRESH_NEW, WEB_FRESH_AGING, WEB_FRESH_OLD };

struct web_freshness {
    enum web_fresh level;
    int64_t day;   /* since 1970; of the last check by a person */
    struct str by; /* who checked */
};

enum web_fresh web_fresh_level(int64_t day, int64_t today);
/* New up to 183 days, aging up to 365, old after that; never when day is not a day (< 0). A
 * check dated in the future counts as new: clocks differ, and the date is shown beside it. */

struct web_progress {
    struct str json_path; /* whole; the job's state for the script */
    struct str title;
    struct str step;      /* "Passo 3 di 4: …" */
    struct str done_text; /* "6.200 righe su 10.000" */
    int64_t done;
    int64_t total; /* 0: not known yet */
    struct str cancel_path;
    struct str reload_path;
};

struct web_error_page {
    int status; /* 404 */
    struct str title;
    struct str text;       /* what happened, what to do */
    struct str request_id; /* to quote when asking for help */
};

#endif
