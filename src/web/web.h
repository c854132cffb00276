/* Web: requests in; pages, JSON, CSV, GeoJSON, feeds and PDF out.
 *
 * A room declares a table of routes: method, path, inputs with their validators, who may, which
 * forms, and a handler. From the tables come the router, forgery protection, the OpenAPI
 * document, the site map and the matrix of rights. A handler finds its inputs checked and typed,
 * writes one answer, and never meets the wire: that is http.c, and libmicrohttpd behind it.
 *
 * A list is answered as a listing (struct web_listing), which is then HTML, .json, .csv,
 * .geojson or .atom of the same rows at the same address. A page whose route has WEB_PDF is also
 * .pdf: its handler writes the page as ever, and the frame is a sheet of paper. Errors travel as
 * enum rg_err; the edge turns class and story into a page or problem+json (RFC 9457) in the
 * reader's language. */
#ifndef WEB_H
#define WEB_H

#include "base/base.h"
#include "store/store.h"
#include "web/html.h"
#include "web/wording.h"
#include "web/page.h"
#include "web/asset.h"
#include "web/throttle.h"

enum web_limits {
    WEB_INPUTS_MAX = 40, /* inputs of one route; the longest form has about 30 */
    WEB_LIST_MAX = 32, /* values of one repeated input */
    WEB_TEXT_MAX = 20000, /* a text field whose route says nothing smaller */
    WEB_BODY_MAX = 1024 * 1024, /* an ordinary form */
    WEB_UPLOAD_MAX = 256 * 1024 * 1024, /* a file to import: the largest real directory is 60 MB */
    WEB_CONNECTION_MEMORY = 40 * 1024, /* headers and the line of one connection */
    WEB_CONNECTIONS_MAX = 1500,
    WEB_PER_ADDRESS_MAX = 128, /* behind a proxy the proxy limits; see docs */
    WEB_IDLE_S = 15, /* a connection that says nothing */
    WEB_DEADLINE_S = 30, /* wall clock from the first byte to the last answered */
    WEB_DOWNLOAD_DEADLINE_S = 900, /* the same while a large answer is being read */
    WEB_THREADS = 16, /* a writer waits for the disk in its thread */
    WEB_PAGE_SIZE = 20,
    WEB_PAGE_SIZE_MAX = 1000,
};

/* ---- what comes in ---- */

enum web_form { WEB_HTML, WEB_JSON, WEB_CSV, WEB_GEOJSON, WEB_ATOM, WEB_NDJSON, WEB_PDF,
                WEB_FORM__MAX };
#define WEB_BIT(form) (1u << (form))
#define WEB_TABLE_FORMS (WEB_BIT(WEB_JSON) | WEB_BIT(WEB_CSV))

enum web_input_kind {
    WEB_IN_TEXT,   /* UTF-8, trimmed; max = longest in bytes               */
    WEB_IN_INT,    /* min..max                                             */
    WEB_IN_FLAG,   /* "1", "on", "true", "si" → 1; absent → 0              */
    WEB_IN_CHOICE, /* one of choices                                       */
    WEB_IN_LIST,   /* repeated; each as a text of max bytes                */
    WEB_IN_DATE,   /* YYYY-MM-DD → i = days                                */
    WEB_IN_INSTANT,/* RFC 3339 → i = Unix seconds                          */
    WEB_IN_UUID,   /* 8-4-4-4-12 hexadecimal                               */
    WEB_IN_FILE,   /* multipart file; text = path of the spooled file      */
    WEB_IN_SECRET, /* as text, not trimmed, never shown again or logged    */
};

struct web_input {
    const char *name;        /* of the field, query parameter or {piece} of the path   */
    enum web_input_kind kind;
    int64_t min, max;        /* for numbers the bounds; for text max bytes (0: WEB_TEXT_MAX) */
    bool required;
    const char *const *choices; /* for WEB_IN_CHOICE, ended by NULL                     */
    const char *label_key;   /* wording; NULL uses the name (parameters of an API)      */
};

struct web_value {
    bool given;              /* present and not empty                                  */
    const char *problem_key; /* wording of what is wrong, NULL when fine               */
    struct str text;         /* as sent (empty when absent)                            */
    int64_t i;
    struct str *list;        /* WEB_IN_LIST: the values, n of them (arena)              */
    size_t n;
    struct str file_name;    /* WEB_IN_FILE: the name the sender gave                   */
};

struct web_request;
struct web_answer;

enum web_cache {
    WEB_PRIVATE, /* no-store: anything of a signed-in person                      */
    WEB_PUBLIC,  /* may be kept, checked each time (no-cache)                     */
    WEB_HOUR,    /* the same for an hour for everybody: drawings, open data       */
};

enum web_flags {
    WEB_SHOWS_PROBLEMS = 1, /* the handler itself shows bad inputs (a form again)       */
    WEB_UPLOADS = 2,        /* takes files: body up to WEB_UPLOAD_MAX                   */
    WEB_API = 4,            /* answers JSON whatever the path's ending; errors too      */
    WEB_READS = 8,          /* a POST that only reads: no forgery token asked           */
    WEB_NO_SITEMAP = 16,
    WEB_PIECE = 32,         /* its HTML is a piece that the script puts into a page     */
};

struct web_route {
    const char *method;             /* "GET" (HEAD comes with it), "POST"              */
    const char *path;               /* "/servizi/{id}"; a piece in {} is an input      */
    const struct web_input *inputs;
    size_t n_inputs;
    unsigned roles;                 /* who may: any of these enum rg_role bits          */
    enum rg_err (*handle)(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans);
    const char *title_key;          /* of the page, for the site map                    */
    unsigned forms;                 /* WEB_BIT of forms besides HTML                    */
    enum web_cache cache;
    unsigned flags;
    const char *example;            /* a path the tests may visit when {pieces} need values */
};

struct web_room {
    const char *name;
    const struct web_route *routes;
    size_t n_routes;
    void *data;                     /* the room's state, handed to its handlers         */
};

struct web_server;

struct web_request {
    const struct web_route *route;
    struct web_value values[WEB_INPUTS_MAX]; /* by position in route->inputs            */
    size_t n_problems;                       /* inputs with a problem                   */
    enum web_form form;     /* WEB_PDF never comes here: it is HTML, and printed        */
    bool printed;           /* the page is for paper: whole, and as everybody sees it   */
    struct str path;        /* without language and ending: "/servizi/12"               */
    struct str query;       /* as sent, without '?'; percent-encoded                    */
    struct str host;        /* as sent; "127.0.0.1:8420"                                */
    struct str peer;        /* address of the other side, for throttling                */
    struct str if_none_match;
    struct str session;     /* the session token, or none                               */
    struct store *store;
    struct web_server *server;
    void *data;             /* of the route's room                                      */
    const char *csrf;       /* token for forms of this request                          */
    bool over_tls;          /* the proxy in front says so                               */
};

#define web_text(req, input) ((req)->values[input].text)
#define web_int(req, input) ((req)->values[input].i)
#define web_given(req, input) ((req)->values[input].given)

/* ---- what goes out ---- */

struct web_header {
    const char *name;
    const char *value;
};

struct web_answer {
    int status;              /* 200 unless the handler says otherwise                   */
    const char *type;        /* media type; set by the functions below                  */
    struct rg_buf body;
    struct str fixed;        /* instead of body: bytes that outlive the server's answers */
    bool fixed_gzip;         /* what is sent is gzip                                     */
    struct web_header headers[12];
    size_t n_headers;
    bool cache_set;          /* the handler chose Cache-Control itself                   */
    bool framed;             /* may stand in a page of another site: holds no script and
                                nothing of who is signed in, and changes nothing          */
    struct html html;        /* writes into body                                        */
    struct web_frame *frame; /* of the page being written                               */
    struct web_paper *paper; /* the body is the HTML of a PDF still to be made; or NULL  */
};

void web_header(struct web_answer *ans, const char *name, const char *value);
/* value: arena or static, without CR and LF (asserted). */

struct html *web_page_open(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
                           struct web_frame *frame);
/* Fill in what every page shares (language, path, menu, who is signed in), write the head, and
 * give the writer for the content. The frame needs title, and what else the page has.        */
enum rg_err web_page_close(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans);

void web_crumbs(struct rg_ctx *ctx, struct web_frame *frame, size_t n,
                const struct web_crumb *crumbs);
/* Copy a trail into the frame. */

struct str web_words(struct rg_ctx *ctx, const char *key, ...) __attribute__((sentinel));
/* A message in the context's language, in the arena. After key: pairs of const char * name,
 * struct str * value, closed by NULL.                                                        */
struct str web_words_n(struct rg_ctx *ctx, const char *key, int64_t count);
/* A plural message with {count}. */
struct str web_number(struct rg_ctx *ctx, int64_t n);      /* "12.345" */
struct str web_date(struct rg_ctx *ctx, int64_t days);     /* since 1970-01-01 */
struct str web_moment(struct rg_ctx *ctx, int64_t unix_s); /* day and hour, Europe/Rome */
struct str web_day(struct rg_ctx *ctx, struct str day);
/* As wording_number, wording_date and wording_datetime write them in the context's language, in the
 * arena; "" past its ceiling. web_day: of an ISO date; anything else ("2023", "") as it is.    */

enum rg_err web_see_other(struct rg_ctx *ctx, struct web_answer *ans, const char *path);
/* 303 to a path of this site (language prefix added): after every form that changed something. */

const char *web_path(struct rg_ctx *ctx, const char *format, ...) RG_PRINTF(2, 3);
/* A path in the arena with the prefix of the context's language; "/" when memory is out. */
struct str web_whole(struct rg_ctx *ctx, const struct web_request *req, struct str path);
/* The whole address of a path, with the prefix of the context's language: for feeds, calendars and
 * documents that leave the site; arena.                                                       */

struct str web_query_with(struct rg_ctx *ctx, const struct web_request *req, const char *name,
                          struct str value);
/* The request's query with one parameter set anew (all of its name replaced; none removes) and
 * "pagina" dropped unless it is the one set. For chips, sorting and page links. */
struct str web_query_without(struct rg_ctx *ctx, const struct web_request *req, const char *name,
                             struct str value);
/* The query without that name=value pair: removes one choice of a repeated input. */

/* ---- listings: one answer, many forms ---- */

enum web_datum_kind { WEB_DATUM_TEXT, WEB_DATUM_INT, WEB_DATUM_E7, WEB_DATUM_DATE,
                      WEB_DATUM_INSTANT,
                     WEB_DATUM_FLAG, WEB_DATUM_LINK };

struct web_listing_column {
    const char *name;      /* stable, for machines: "istat_code" */
    enum web_datum_kind kind;
    const char *label_key; /* heading for people                 */
};

struct web_datum {
    bool has;              /* false: null, an empty cell         */
    struct str text;
    int64_t i;
};

static inline struct web_datum
web_datum_text(struct str text)
{
    return (struct web_datum){.has = text.p != NULL, .text = text};
}

static inline struct web_datum
web_datum_int(int64_t i)
{
    return (struct web_datum){.has = true, .i = i};
}

struct web_listing {
    const char *name;             /* file name and JSON key: "comuni"                  */
    struct str title;             /* for the feed                                      */
    const struct web_listing_column *columns;
    size_t n_columns;
    struct web_datum *cells;       /* rows after one another, n_columns each            */
    size_t n_rows;
    int64_t total;                /* rows there are in all                             */
    int64_t page, size;           /* 1-based page, rows a page                         */
    int id_column, title_column, text_column, updated_column; /* for Atom; -1: none     */
    int lat_column, lon_column;   /* for GeoJSON; -1: none                             */
    const char *entry_path;       /* "/servizi/": a row's address, its id cell follows */
    const char *source_key;       /* wording: where the figures come from, licence     */
    bool synthetic;               /* demonstration data: every form says so            */
};

RG_MUST_CHECK enum rg_err web_listing_answer(struct rg_ctx *ctx, struct web_request *req,
                                           struct web_answer *ans,
                                           const struct web_listing *listing);
/* Write the table in req->form (not HTML). */

/* ---- errors ---- */

void web_answer_error(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
                      enum rg_err err);
/* The page or problem+json for ctx's story; also used for bad inputs (all of them listed). */

/* ---- the server ---- */

struct web_who { /* what accounts tells of a session token */
    struct rg_actor actor;
    struct str secret; /* of the session: forgery tokens derive from it */
    bool found;
};

struct web_nav { /* an entry of the menu; shown to these roles */
    const char *path, *label_key;
    unsigned roles;
};

struct web_config {
    const char *listen;                /* "127.0.0.1:8420", "[::1]:8420"                  */
    const char *public_url;            /* "https://regia.example": behind a proxy; or NULL */
    const char *spool;                 /* folder for uploads                              */
    struct store *store;
    const struct web_room *rooms;
    size_t n_rooms;
    enum rg_err (*who)(struct rg_ctx *ctx, struct str token, struct web_who *ret_who);
    const struct web_nav *nav;
    size_t n_nav;
    const char *territory_key;         /* wording: "Città metropolitana di Torino"         */
    const char *attribution_key;       /* wording: sources named under every page          */
    const char *owner_url;
    bool (*synthetic)(void *data);     /* demonstration data are loaded: every page says so */
    void *synthetic_data;
    struct str (*asset_find)(struct str name, bool gzip, const char **ret_type, bool *ret_gzip);
    /* bytes of an asset by its hashed name; gzip: the reader takes it. None: there is none */
    void (*openapi_extra)(struct rg_jw *jw); /* component schemas of the rooms, or NULL     */
    unsigned per_address_max;          /* 0: WEB_PER_ADDRESS_MAX                           */
    const char *const *pdf_command;    /* a program and its words, ended by NULL: reads a style
                                          sheet, a NUL and HTML, writes PDF. NULL: no PDF here */
};

RG_MUST_CHECK enum rg_err web_start(struct rg_ctx *ctx, const struct web_config *config,
                                    struct web_server **ret_server);
/* Listen and answer until web_stop. RG_BROKEN when the address is taken. */
struct web_server *web_stop(struct web_server *server); /* takes NULL; waits for open answers */
unsigned web_port(const struct web_server *server);
const struct web_config *web_config_of(const struct web_request *req);
unsigned web_forms_of(const struct web_server *server, const struct web_route *route);
/* WEB_BIT of the forms of a route that this server can give: PDF only where it can be made. */
const char *web_site(struct rg_ctx *ctx, const struct web_request *req);
/* Where readers find this site, without a slash at the end: public_url, else the host they asked.
 * Arena or static; "" when memory is out. */

/* The routes, walked: for the site map, OpenAPI and tests. */
const struct web_route *web_route_at(const struct web_server *server, size_t i,
                                     const struct web_room **ret_room); /* NULL at the end */

extern const struct web_route web_own_routes[]; /* /sitemap.json /openapi.json /stato … */
extern const size_t web_n_own_routes;

/* ---- for unit tests and benches: a request without a wire ---- */
RG_MUST_CHECK enum rg_err web_simulate(struct web_server *server, struct rg_ctx *ctx,
                                       const char *method, const char *target,
                                       struct web_answer *ret_answer);
/* Route, check and handle "GET /servizi?q=x" in this thread; done with web_answer_done. */
void web_answer_done(struct web_answer *ans);

RG_MUST_CHECK enum rg_err web_start_offline(struct rg_ctx *ctx, const struct web_config *config,
                                            struct web_server **ret_server);
/* As web_start without listening. */

#endif
