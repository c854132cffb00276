/* Inside web: the wire (http.c), routing (route.c), answers (answer.c, table.c). */
#ifndef WEB_PRIV_H
#define WEB_PRIV_H

#include "web/web.h"
#include "web/html_priv.h"
#include <microhttpd.h>
#include <pthread.h>

struct web_pair { /* a field of the query or of a form, decoded */
    struct str name, value;
    struct str file_name; /* multipart file: the sender's name; value is the spool path */
};

struct web_wire { /* what the wire knows of a request, before routing */
    const char *method;
    struct str target_path; /* decoded path */
    struct str raw_query;
    struct web_pair *pairs;
    size_t n_pairs, cap_pairs;
    struct str cookie, host, origin, fetch_site, accept, accept_language, accept_encoding,
        if_none_match, forwarded, peer;
    bool over_tls;
};

struct web_match { /* a route with the pieces of its path */
    const struct web_route *route;
    const struct web_room *room;
    struct str pieces[8];
    size_t n_pieces;
};

struct web_server {
    struct web_config config;
    struct MHD_Daemon *daemon;
    unsigned port;
    struct web_room own; /* the routes of this room */
    unsigned char secret[32]; /* of forgery tokens where nobody is signed in; new each start */
    pthread_t reaper;
    bool reaping;
    _Atomic bool stop;
    pthread_mutex_t links_lock;
    struct web_link *links; /* open connections, for the deadline */
    struct web_pdf *pdf; /* NULL: pages are not to be had as PDF */
    _Atomic int n_papers; /* requests laid aside for one and not answered to the end */
};

void web_dispatch(struct web_server *server, struct rg_ctx *ctx, const struct web_wire *wire,
                  struct web_answer *ans);
/* The way of a request after the wire: language, route, who, inputs, rights, handler, error. */

bool web_route_find(const struct web_server *server, struct str method, struct str path,
                    struct web_match *ret_match, bool *ret_other_method);
void web_inputs_read(struct rg_ctx *ctx, struct web_request *req, const struct web_wire *wire,
                     const struct web_match *match);
bool web_pairs_add(struct rg_ctx *ctx, struct web_wire *wire, struct str name, struct str value);
bool web_query_parse(struct rg_ctx *ctx, struct web_wire *wire, struct str query);
/* application/x-www-form-urlencoded into pairs; false when memory or WEB limits are reached. */
struct str web_percent_decode(struct rg_arena *arena, struct str s, bool plus);
/* None when it holds %00, a broken escape or bad UTF-8. */
const char *web_csrf_make(struct rg_ctx *ctx, const struct web_server *server, struct str secret);
/* A token for the forms of a page, of the session with this secret (none: of a stranger). In the
 * arena or the thread's own; "" without memory.                                              */
bool web_csrf_ok(const struct web_server *server, int64_t now_s, struct str secret,
                 struct str token);
struct str web_cookie_get(struct str cookies, struct str name);
void web_answer_init(struct web_answer *ans);

/* What the library calls (http.c), given to it by server.c. */
enum MHD_Result web_on_request(void *arg, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *size, void **state);
void *web_on_address(void *arg, const char *uri, struct MHD_Connection *connection);
void web_on_completed(void *arg, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode code);
void web_link_notice(void *arg, struct MHD_Connection *connection, void **socket_ctx,
                     enum MHD_ConnectionNotificationCode code);
void *web_reap(void *arg); /* the thread that ends connections after their deadline */

bool web_takes_gzip(struct str accept_encoding);
void web_compress(struct web_answer *ans, struct str accept_encoding);
/* The body as gzip, if it is text, not small, and the reader takes it; else as it is. */


#endif
