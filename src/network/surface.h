/* Inside the network: what its pages are given, and what their handlers share.
 *
 * A handler reads a record, fills one plain struct with texts ready for the reader, and a template
 * writes it. Texts and arrays live in the request's arena; a text with n == 0 leaves its piece of
 * the page out. Everything here shows public forms only: what a confidential location says has
 * been taken away below (network_service_get, network_location_get) and is not asked for again. */
#ifndef NETWORK_SURFACE_H
#define NETWORK_SURFACE_H

#include "network/network_priv.h"

enum surface_limits {
    SURFACE_SLUG_MAX = 60,      /* characters of a name in an address                       */
    SURFACE_LEAD_MAX = 320,     /* a description up to here needs no section of its own     */
    SURFACE_HISTORY_MAX = 100,  /* changes on one page of history                           */
    SURFACE_LIST_SIZE = 50,     /* rows on a page of a list                                 */
};

/* Pages of other rooms that ours lead to. */
#define SURFACE_AREA_PATH "/territorio/comuni/" /* + ISTAT code       */
#define SURFACE_NEED_PATH "/cerca?bisogno=" /* + code of the need */

/* ---- addresses ---- */

int64_t surface_record_id(struct str piece);
/* "123" or "123-any-words" → 123; 0 for anything else. */

struct str surface_path(struct rg_ctx *ctx, const char *folder, int64_t id, struct str name);
/* "/servizi/123-sportello-casa", without language prefix. */


/* ---- texts ---- */

struct surface_texts {
    const struct str *p;
    size_t n;
};

struct surface_texts surface_paragraphs(struct rg_ctx *ctx, struct str text);
/* The lines of a text that are not blank. */

struct str surface_get(struct rg_ctx *ctx, const struct rg_jv *object, const char *key);
/* A member as trimmed text; a number's digits; empty when absent. */

struct str surface_clock(struct rg_ctx *ctx, int minute_of_day);
/* "9:00", in French "9h00"; minutes past midnight of the next day are that day's. */


/* ---- what records hold, ready for a page ---- */

struct surface_phone {
    struct str number; /* as recorded                                                    */
    struct str dial;   /* its digits, for a tel: link; none when letters make it unsure   */
    struct str note;
};

struct surface_phones {
    const struct surface_phone *p;
    size_t n;
};

struct surface_phones surface_phones_of(struct rg_ctx *ctx, const struct rg_jv *owner);

struct surface_day {
    const char *day_key;
    struct str hours; /* "9:00–12:30, 14:00–17:00"; empty: closed */
};

struct surface_hours {
    bool known;
    const char *badge, *symbol;
    struct str words;         /* "Aperto ora, fino alle 12:30" */
    struct surface_day days[7];
    bool has_week;            /* at least one opening this week */
    struct surface_texts notes;
    const char *id;           /* of the table in its page */
};

void surface_hours_fill(struct rg_ctx *ctx, const struct hours_rule *rules, size_t n,
                        const char *id, struct surface_hours *ret_hours);
/* The state at the clock of ctx and the week it falls in, Monday first. */

struct surface_texts surface_hours_notes(struct rg_ctx *ctx, const struct rg_jv *owner);
/* What the schedules say in words. */

struct surface_address {
    struct str line;  /* "Via Roma 1, 10015 Ivrea (TO)" */
    struct str city;
};

struct surface_address surface_address_of(struct rg_ctx *ctx, const struct rg_jv *location);

struct surface_link {
    struct str label, path, note;
};

struct surface_links {
    const struct surface_link *p;
    size_t n;
};

struct surface_person { /* a contact */
    struct str name, role, email;
    struct surface_phones phones;
};

struct surface_place {
    struct str name, path, address, description, transportation;
    struct str area, area_path;
    struct surface_texts access;   /* accessibility */
    struct surface_phones phones;
    const struct surface_hours *hours; /* NULL: says nothing of its own */
    bool confidential;
};

/* ---- pages ---- */

struct surface_card {
    int64_t id, updated_days;
    struct str name, alternate_name, path, whole, lead, summary;
    const char *status_key, *status_badge, *status_symbol;
    struct str reason; /* why it is not active, or a notice */
    bool active, synthetic, may_edit, has_contacts;
    const struct surface_hours *hours;     /* of the whole service, for the badge */
    const struct surface_hours *own_hours; /* its own timetable; NULL: places have theirs */
    struct surface_texts who, description, how, wait, fees, conditions;
    struct str age;
    struct surface_texts areas;      /* where the people it serves live */
    struct surface_links documents, costs, languages, sites;
    const struct surface_place *places;
    size_t n_places;
    struct str url, email;
    struct surface_phones phones, organization_phones;
    const struct surface_person *people;
    size_t n_people;
    struct str organization, organization_path, organization_email, organization_url;
    struct surface_links needs;
    struct str interpretation, source;
    struct web_freshness fresh;
    const struct web_freshness *fresh_ref;
    const struct web_download *downloads;
    size_t n_downloads;
    struct str edit_path, history_path, verify_path;
};

struct surface_organization {
    int64_t id, updated_days;
    struct str name, alternate_name, path, summary, whole;
    struct surface_texts description;
    struct str url, email, legal_status, source;
    struct surface_links identifiers;
    struct surface_phones phones;
    const struct surface_person *people;
    size_t n_people;
    struct surface_links services, places;
    bool synthetic, may_edit, has_contacts;
    struct web_freshness fresh;
    const struct web_freshness *fresh_ref;
    const struct web_download *downloads;
    size_t n_downloads;
    struct str edit_path, history_path, verify_path;
};

struct surface_location {
    int64_t updated_days;
    struct str name, address, area, area_path, transportation, url, source;
    struct surface_texts description, access;
    struct surface_phones phones;
    const struct surface_hours *hours;
    struct surface_links services, languages;
    bool synthetic, has_point;
    struct str lat, lon;
    const struct web_download *downloads;
    size_t n_downloads;
};

struct surface_list {
    struct str query;
    struct web_table table;
    const struct web_table *table_ref;
    struct web_paging paging;
    const struct web_paging *paging_ref;
    const struct web_download *downloads;
    size_t n_downloads;
};

struct surface_people {
    const struct surface_person *p;
    size_t n;
};
struct surface_people surface_people_of(struct rg_ctx *ctx, const struct rg_jv *owner);

struct surface_texts surface_access_of(struct rg_ctx *ctx, const struct rg_jv *location);
struct surface_links surface_languages_of(struct rg_ctx *ctx, const struct rg_jv *owner);
void surface_area(struct rg_ctx *ctx, const struct network_web *web, struct str code,
                  struct str *ret_name, struct str *ret_path);
/* Name and page of a municipality; both empty when it is not one of ours. */
const struct web_download *surface_downloads(struct rg_ctx *ctx, struct str path,
                                             struct str query, unsigned forms, size_t *ret_n);

/* ---- documents ---- */

struct str surface_raw(const struct rg_jv *node); /* the JSON text, quotes of a string included */

enum surface_detail {
    SURFACE_SCALARS = 1,   /* only members that are no arrays or objects: an item of a list   */
    SURFACE_NESTED = 2,    /* organization, program, places and terms inside                  */
};

RG_MUST_CHECK enum rg_err surface_put_service(struct rg_ctx *ctx, struct rg_jw *jw,
                                              const struct network_service *service,
                                              unsigned detail);
/* One service as HSDS 3.1 has it in answers. last_modified is when it last changed here (that is
 * what modified_after asks for), assured_date the day somebody last verified it here.        */

RG_MUST_CHECK enum rg_err surface_put_doc(struct rg_ctx *ctx, struct rg_jw *jw, struct str doc,
                                          unsigned detail, bool synthetic);
/* A stored document as it is, marked when it is demonstration data. */
RG_MUST_CHECK enum rg_err surface_put_place(struct rg_ctx *ctx, struct rg_jw *jw, struct str uid,
                                            struct str doc, struct str location_doc,
                                            bool confidential);
/* The members of a service at location, in an object that the caller opens and closes. Of a
 * confidential place only its id and the public stand-in of the location.                    */
void surface_put_minimal(struct rg_jw *jw, struct str uid, int64_t updated_s);
void surface_put_synthetic(struct rg_jw *jw, bool synthetic);

/* ---- handlers ---- */

typedef enum rg_err surface_handler(struct rg_ctx *ctx, struct web_request *req,
                                    struct web_answer *ans);

surface_handler card_page, organization_list_page, organization_page, location_page, source_page;
surface_handler edit_service_form, edit_service_save, edit_service_verify, history_service_page,
    undo_service_ask, undo_service_do;
surface_handler edit_organization_form, edit_organization_save, edit_organization_verify,
    history_organization_page, undo_organization_ask, undo_organization_do;
surface_handler api_services, api_service, api_organizations, api_organization,
    api_places, api_place, api_taxonomies, api_taxonomy, api_terms, api_term;

/* Inputs by position, for the route tables in web_routes.c. */
enum { IN_ID, IN_DONE };                          /* pages of a record          */
enum { IN_LIST_QUERY, IN_LIST_PAGE };             /* lists                      */
enum { IN_UNDO_ID, IN_UNDO_SEQ };
enum {
    IN_API_SEARCH, IN_API_PAGE, IN_API_PER_PAGE, IN_API_FORMAT, IN_API_TAXONOMY, IN_API_TERM,
    IN_API_ORGANIZATION, IN_API_MODIFIED, IN_API_MINIMAL, IN_API_FULL, IN_API__MAX,
    IN_API_FULL_SERVICE = IN_API_ORGANIZATION, /* of organizations  */
    IN_API_ORGANIZATION_FULL = IN_API_MODIFIED,
    IN_API_TOP_ONLY = IN_API_TERM,             /* of taxonomy terms */
    IN_API_PARENT = IN_API_ORGANIZATION,
};

#endif
