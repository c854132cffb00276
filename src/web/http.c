/* The wire: libmicrohttpd behind our own refusals.
 *
 * The library parses; what it lets through and we do not is refused in the first call of a
 * request: two lengths, a length beside chunks, two hosts. Its time-out counts inactivity, so a
 * client that drips a byte a second would be served for ever: a reaper shuts every connection
 * down whose request has not been answered within a wall-clock deadline.                     */
#include "web_priv.h"
#include "web/pdf.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define POLICY_COMMON                                                                         \
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "                 \
    "form-action 'self'; base-uri 'none'; "
#define SECURITY_POLICY                                                                       \
    POLICY_COMMON "script-src 'self'; connect-src 'self'; frame-ancestors 'none'"
/* A page made to stand in other sites has no script to be misled. */
#define FRAMED_POLICY POLICY_COMMON "frame-ancestors *"

struct web_link { /* an open connection, as the reaper sees it */
    struct web_link *before, *after;
    int fd;
    /* Written by the connection's own thread twice a request, read by the reaper: no lock. */
    _Atomic int64_t since_s;   /* of the request not yet answered, or of the connection */
    _Atomic int64_t allowed_s; /* longer while a large answer is being read             */
};

struct exchange { /* one request on the wire */
    struct rg_ctx ctx;
    struct web_wire wire;
    struct MHD_PostProcessor *post;
    size_t n_body, max_body;
    bool refused, too_large, answered, bad_body;
    struct web_answer ans;
    struct MHD_Connection *suspended; /* while its PDF is made; else NULL */
    bool counted; /* among n_papers */
    /* the part of the body being read */
    struct rg_buf field;
    char field_name[256];
    bool field_open;
    int spool_fd;
    char spool_path[512];
    struct str spool_name;
};

static int64_t
clock_s(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec;
}

/* ---- the deadline ---- */

void
web_link_notice(void *arg, struct MHD_Connection *connection, void **socket_ctx,
            enum MHD_ConnectionNotificationCode code)
{
    struct web_server *server = arg;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        struct web_link *link = calloc(1, sizeof(*link));
        *socket_ctx = link;
        if (!link || !info)
            return;
        link->fd = info->connect_fd;
        link->since_s = clock_s();
        link->allowed_s = WEB_DEADLINE_S;
        pthread_mutex_lock(&server->links_lock);
        link->after = server->links;
        if (link->after)
            link->after->before = link;
        server->links = link;
        pthread_mutex_unlock(&server->links_lock);
        return;
    }
    struct web_link *link = *socket_ctx;
    if (!link)
        return;
    pthread_mutex_lock(&server->links_lock);
    if (link->before)
        link->before->after = link->after;
    else if (server->links == link)
        server->links = link->after;
    if (link->after)
        link->after->before = link->before;
    pthread_mutex_unlock(&server->links_lock);
    free(link);
    *socket_ctx = NULL;
}

static void
link_restart(struct MHD_Connection *connection, int64_t allowed_s)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct web_link *link = info ? info->socket_context : NULL;
    if (!link)
        return;
    link->since_s = clock_s();
    link->allowed_s = allowed_s;
}

void *
web_reap(void *arg)
{
    struct web_server *server = arg;
    while (!server->stop) {
        struct timespec pause = {.tv_nsec = 250 * 1000000};
        nanosleep(&pause, NULL);
        int64_t now = clock_s();
        pthread_mutex_lock(&server->links_lock);
        for (struct web_link *link = server->links; link; link = link->after)
            if (now - link->since_s > link->allowed_s) {
                shutdown(link->fd, SHUT_RDWR); /* the library then closes it in its own thread */
                link->since_s = now;
            }
        pthread_mutex_unlock(&server->links_lock);
    }
    return NULL;
}

/* ---- headers ---- */

struct header_count {
    struct exchange *x;
    unsigned n_length, n_host, n_chunked;
    bool bad;
};

/* A header name is a token (RFC 9110, 5.6.2): a blank before the colon, which proxies read
 * differently, is none. A value holds no control character but the tab.                      */
static bool
header_ok(struct str name, struct str value)
{
    bool ok = name.n > 0;
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        ok = ok && c > 0x20 && c < 0x7F && !strchr("\"(),/:;<=>?@[\\]{}", c);
    }
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        ok = ok && (c >= 0x20 || c == '\t') && c != 0x7F;
    }
    return ok;
}

static enum MHD_Result
header_seen(void *arg, enum MHD_ValueKind kind, const char *key, size_t n_key, const char *value,
            size_t n_value)
{
    (void)kind;
    struct header_count *count = arg;
    struct web_wire *wire = &count->x->wire;
    static const struct {
        const char *name;
        size_t offset;
    } kept[] = {
        {"Cookie", offsetof(struct web_wire, cookie)},
        {"Host", offsetof(struct web_wire, host)},
        {"Origin", offsetof(struct web_wire, origin)},
        {"Sec-Fetch-Site", offsetof(struct web_wire, fetch_site)},
        {"Accept", offsetof(struct web_wire, accept)},
        {"Accept-Language", offsetof(struct web_wire, accept_language)},
        {"X-Forwarded-For", offsetof(struct web_wire, forwarded)},
        {"Accept-Encoding", offsetof(struct web_wire, accept_encoding)},
        {"If-None-Match", offsetof(struct web_wire, if_none_match)},
    };
    struct str name = str_n(key, n_key), text = str_n(value ? value : "", value ? n_value : 0);
    count->bad |= !header_ok(name, text) || (value && strlen(value) != n_value);
    count->n_length += str_eq_nocase(name, STR("Content-Length"));
    count->n_host += str_eq_nocase(name, STR("Host"));
    count->n_chunked += str_eq_nocase(name, STR("Transfer-Encoding"));
    if (str_eq_nocase(name, STR("Content-Length")))
        for (size_t i = 0; i < text.n; i++)
            count->bad |= text.p[i] < '0' || text.p[i] > '9';
    if (str_eq_nocase(name, STR("Transfer-Encoding")))
        count->bad |= !str_eq_nocase(text, STR("chunked"));
    if (str_eq_nocase(name, STR("X-Forwarded-Proto")))
        wire->over_tls = str_is(text, "https");
    for (size_t i = 0; i < RG_COUNT(kept); i++)
        if (str_eq_nocase(name, str_of(kept[i].name)))
            *(struct str *)((char *)wire + kept[i].offset) = text;
    return MHD_YES;
}

/* ---- the body ---- */

static bool
field_flush(struct exchange *x)
{
    if (!x->field_open)
        return true;
    x->field_open = false;
    struct str name = rg_arena_str(x->ctx.arena, str_of(x->field_name)), value;
    if (x->spool_fd >= 0) {
        if (close(x->spool_fd) != 0)
            return false;
        x->spool_fd = -1;
        value = rg_arena_str(x->ctx.arena, str_of(x->spool_path));
    } else {
        if (x->field.failed)
            return false;
        value = rg_arena_str(x->ctx.arena, rg_buf_view(&x->field));
        rg_buf_reset(&x->field);
        if (value.p && !str_utf8_ok(value))
            value = STR("\xEF\xBF\xBD");
    }
    if (!name.p || !value.p || !web_pairs_add(&x->ctx, &x->wire, name, value))
        return false;
    x->wire.pairs[x->wire.n_pairs - 1].file_name = x->spool_name;
    x->spool_name = STR_NONE;
    return true;
}

static bool
spool_open(struct exchange *x, struct web_server *server, const char *file_name)
{
    int n = snprintf(x->spool_path, sizeof(x->spool_path), "%s/upload-XXXXXX",
                     server->config.spool ? server->config.spool : "/tmp");
    if (n < 0 || n >= (int)sizeof(x->spool_path))
        return false;
    x->spool_fd = mkostemp(x->spool_path, O_CLOEXEC);
    struct str name = str_of(file_name);
    const char *slash;
    while (name.n && ((slash = memchr(name.p, '/', name.n)) ||
                      (slash = memchr(name.p, '\\', name.n))))
        name = str_n(slash + 1, name.n - (size_t)(slash + 1 - name.p));
    x->spool_name = rg_arena_str(x->ctx.arena, str_utf8_ok(name) ? name : STR("file"));
    return x->spool_fd >= 0;
}

struct post_arg {
    struct exchange *x;
    struct web_server *server;
};

static enum MHD_Result
post_part(void *arg, enum MHD_ValueKind kind, const char *key, const char *file_name,
          const char *type, const char *encoding, const char *data, uint64_t offset, size_t size)
{
    (void)kind;
    (void)type;
    (void)encoding;
    struct post_arg *post = arg;
    struct exchange *x = post->x;
    if (offset == 0) { /* a new field begins */
        if (!field_flush(x))
            return MHD_NO;
        if (!key || strlen(key) >= sizeof(x->field_name))
            return MHD_NO;
        snprintf(x->field_name, sizeof(x->field_name), "%s", key);
        x->field_open = true;
        if (file_name && file_name[0] && !spool_open(x, post->server, file_name))
            return MHD_NO;
    }
    if (x->spool_fd >= 0) {
        for (size_t at = 0; at < size;) {
            ssize_t n = write(x->spool_fd, data + at, size - at);
            if (n < 0 && errno != EINTR)
                return MHD_NO;
            at += n > 0 ? (size_t)n : 0;
        }
    } else {
        rg_buf_add(&x->field, data, size);
    }
    return MHD_YES;
}

/* ---- sending ---- */

static enum MHD_Result
send_answer(struct web_server *server, struct MHD_Connection *connection, struct exchange *x)
{
    struct web_answer *ans = &x->ans;
    struct MHD_Response *response;
    size_t n;
    web_compress(ans, x->wire.accept_encoding);
    if (ans->fixed.p) {
        n = ans->fixed.n;
        response = MHD_create_response_from_buffer(n, (void *)(uintptr_t)ans->fixed.p,
                                                   MHD_RESPMEM_PERSISTENT);
    } else {
        char *bytes = rg_buf_take(&ans->body, &n);
        response = bytes ? MHD_create_response_from_buffer(n, bytes, MHD_RESPMEM_MUST_FREE) : NULL;
        if (!response)
            free(bytes);
    }
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type",
                            ans->type ? ans->type : "text/plain; charset=utf-8");
    MHD_add_response_header(response, "Content-Security-Policy",
                            ans->framed ? FRAMED_POLICY : SECURITY_POLICY);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Referrer-Policy", "same-origin");
    MHD_add_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
    MHD_add_response_header(response, "Permissions-Policy", "geolocation=(), camera=()");
    if (!ans->framed)
        MHD_add_response_header(response, "X-Frame-Options", "DENY");
    if (ans->fixed_gzip)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    for (size_t i = 0; i < ans->n_headers; i++)
        MHD_add_response_header(response, ans->headers[i].name, ans->headers[i].value);
    if (x->refused)
        MHD_add_response_header(response, "Connection", "close");
    link_restart(connection, n > 1 << 20 ? WEB_DOWNLOAD_DEADLINE_S : WEB_DEADLINE_S);
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)ans->status, response);
    MHD_destroy_response(response);
    x->answered = true;
    return result;
}

static enum MHD_Result
refuse(struct web_server *server, struct MHD_Connection *connection, struct exchange *x,
       int status, const char *words)
{
    x->refused = true;
    x->ans.status = status;
    x->ans.type = "text/plain; charset=utf-8";
    web_header(&x->ans, "Cache-Control", "no-store");
    rg_buf_str(&x->ans.body, str_of(words));
    return send_answer(server, connection, x);
}

static void
peer_of(struct MHD_Connection *connection, struct exchange *x)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "?";
    const struct sockaddr *address = info ? info->client_addr : NULL;
    if (address && address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text, sizeof(text));
    else if (address && address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, text,
                  sizeof(text));
    x->wire.peer = rg_arena_str(x->ctx.arena, str_of(text));
    /* A proxy on this machine says whom it speaks for; the last address is the one it added. From
     * anybody else the header is only words.                                                 */
    struct str rest = x->wire.forwarded, piece, last = STR_NONE;
    bool local = strcmp(text, "127.0.0.1") == 0 || strcmp(text, "::1") == 0;
    while (local && str_cut(&rest, ',', &piece))
        last = str_trim(piece);
    if (last.n > 0 && last.n < INET6_ADDRSTRLEN)
        x->wire.peer = last;
}

/* The first call of a request: its line and headers are known, its body is not. */
static enum MHD_Result
exchange_begin(struct web_server *server, struct MHD_Connection *connection, struct exchange *x,
               const char *line, const char *url, const char *method, const char *version)
{
    struct header_count count = {.x = x};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, header_seen, &count);
    /* The library ends a string at a NUL and reads on: then the version does not follow the
     * address. (Both point into the line as it came; a header's value is cut the same way
     * and only loses what stood behind.) */
    if (version != line + strlen(url) + 1)
        return refuse(server, connection, x, 400, "400 malformed request line\n");
    if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
        return refuse(server, connection, x, 400, "400 malformed request line\n");
    if (count.n_length > 1 || count.n_chunked > 1 || count.n_host > 1 || count.bad ||
        (count.n_length > 0 && count.n_chunked > 0))
        return refuse(server, connection, x, 400, "400 ambiguous request\n");
    bool get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    bool post = strcmp(method, "POST") == 0;
    if (!get && !post)
        return refuse(server, connection, x, 405, "405 method not allowed\n");
    x->wire.method = get ? "GET" : "POST";
    const char *question = strchr(url, '?');
    struct str path = str_n(url, question ? (size_t)(question - url) : strlen(url));
    x->wire.raw_query = question ? str_of(question + 1) : STR("");
    x->wire.target_path = web_percent_decode(x->ctx.arena, path, false);
    if (!x->wire.target_path.p || x->wire.target_path.n == 0 || x->wire.target_path.p[0] != '/')
        return refuse(server, connection, x, 400, "400 malformed address\n");
    if (!web_query_parse(&x->ctx, &x->wire, x->wire.raw_query))
        return refuse(server, connection, x, 413, "413 too many parameters\n");
    peer_of(connection, x);
    if (!post)
        return MHD_YES;
    struct web_match match = {0};
    bool other;
    struct str bare = x->wire.target_path;
    if (bare.n > 3 && bare.p[3] == '/' &&
        (str_starts(bare, STR("/fr")) || str_starts(bare, STR("/en"))))
        bare = str_n(bare.p + 3, bare.n - 3);
    x->max_body = web_route_find(server, STR("POST"), bare, &match, &other) &&
                          match.route->flags & WEB_UPLOADS
                      ? WEB_UPLOAD_MAX
                      : WEB_BODY_MAX;
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    int64_t n;
    if (length && (!rg_parse_i64(str_of(length), 0, INT64_MAX, &n) || (uint64_t)n > x->max_body))
        return refuse(server, connection, x, 413, "413 the body is larger than accepted here\n");
    struct post_arg *arg = RG_NEW(x->ctx.arena, struct post_arg);
    if (!arg)
        return MHD_NO;
    *arg = (struct post_arg){x, server};
    x->post = MHD_create_post_processor(connection, 16 * 1024, post_part, arg);
    return MHD_YES;
}

static enum MHD_Result
exchange_body(struct exchange *x, const char *data, size_t *size)
{
    x->n_body += *size;
    if (x->n_body > x->max_body)
        x->too_large = true;
    else if (x->post && MHD_post_process(x->post, data, *size) != MHD_YES)
        x->bad_body = true;
    *size = 0;
    return MHD_YES;
}

static struct exchange *
exchange_new(void)
{
    struct exchange *x = calloc(1, sizeof(*x));
    if (!x)
        return NULL;
    x->spool_fd = -1;
    rg_buf_init(&x->field, WEB_BODY_MAX);
    web_answer_init(&x->ans);
    if (rg_ctx_init(&x->ctx, RG_REQUEST_ARENA_MAX) != RG_OK) {
        free(x);
        return NULL;
    }
    return x;
}

/* ---- a PDF, which takes longer than a thread may wait ---- */

static void
paper_made(void *arg)
{
    struct exchange *x = arg;
    MHD_resume_connection(x->suspended); /* web_on_request is then called once more */
}

static enum MHD_Result
paper_send(struct web_server *server, struct MHD_Connection *connection, struct exchange *x)
{
    x->suspended = NULL;
    web_paper_end(&x->ctx, &x->ans);
    return send_answer(server, connection, x);
}

/* Each thread of the library serves many connections: this one is laid aside, the others go on. */
static enum MHD_Result
paper_ask(struct web_server *server, struct MHD_Connection *connection, struct exchange *x)
{
    struct web_pdf_job *job = &x->ans.paper->job;
    if (web_pdf_kept(server->pdf, job))
        return paper_send(server, connection, x);
    job->done = paper_made;
    job->arg = x;
    x->suspended = connection;
    x->counted = true;
    server->n_papers++;
    link_restart(connection, WEB_PDF_WAIT_S);
    MHD_suspend_connection(connection); /* before anybody can resume it */
    web_pdf_submit(server->pdf, job);
    return MHD_YES;
}

enum MHD_Result
web_on_request(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
           const char *version, const char *data, size_t *size, void **state)
{
    struct web_server *server = arg;
    struct exchange *x = *state;
    if (!x)
        return MHD_NO;
    if (!x->wire.method && !x->answered) /* the address was kept by web_on_address */
        return exchange_begin(server, connection, x, url, x->ctx.actor.name.p, method,
                              version);
    if (x->answered) {
        *size = 0;
        return MHD_YES;
    }
    if (x->suspended)
        return paper_send(server, connection, x);
    if (*size > 0)
        return exchange_body(x, data, size);
    if (x->post) {
        if (MHD_destroy_post_processor(x->post) != MHD_YES || !field_flush(x))
            x->bad_body = true;
        x->post = NULL;
    }
    if (x->too_large)
        return refuse(server, connection, x, 413, "413 the body is larger than accepted here\n");
    if (x->bad_body)
        return refuse(server, connection, x, 400, "400 malformed form\n");
    web_dispatch(server, &x->ctx, &x->wire, &x->ans);
    if (x->ans.paper)
        return paper_ask(server, connection, x);
    return send_answer(server, connection, x);
}

/* The whole address as it came, before the library cuts it up: we decode it ourselves. */
void *
web_on_address(void *arg, const char *uri, struct MHD_Connection *connection)
{
    (void)arg;
    (void)connection;
    struct exchange *x = exchange_new();
    if (x) {
        x->ctx.actor.name = rg_arena_str(x->ctx.arena, str_of(uri));
        if (!x->ctx.actor.name.p)
            x->ctx.actor.name = STR("/");
    }
    return x;
}

/* There are more threads than cores, as writers wait in them. Where all have work, each would keep
 * the core for some milliseconds and every connection wait for all: on one core the slowest answer
 * of a hundred took 30 ms, so it takes 12. After each single answer it would be 4 % of a page. */
static void
let_others(void)
{
    enum { ANSWERS = 8 };
    static _Thread_local unsigned n;
    if (++n % ANSWERS == 0)
        sched_yield();
}

void
web_on_completed(void *arg, struct MHD_Connection *connection, void **state,
             enum MHD_RequestTerminationCode code)
{
    struct web_server *server = arg;
    (void)code;
    struct exchange *x = *state;
    link_restart(connection, WEB_DEADLINE_S);
    if (!x)
        return;
    if (x->counted)
        server->n_papers--;
    if (x->post)
        MHD_destroy_post_processor(x->post);
    if (x->spool_fd >= 0) {
        close(x->spool_fd);
        unlink(x->spool_path);
    }
    rg_buf_done(&x->field);
    web_answer_done(&x->ans);
    rg_ctx_done(&x->ctx);
    free(x);
    *state = NULL;
    let_others();
}
