/* The life of a server: where it listens, the threads of the library, the end; and one without a
 * wire, for tests.                                                                           */
#include "web_priv.h"
#include "web/pdf.h"
#include <errno.h>
#include <netdb.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* "127.0.0.1:8420" or "[::1]:8420" into an address. */
static bool
address_parse(const char *listen, struct sockaddr_storage *ret, bool *ret_v6)
{
    char host[128], port[8];
    const char *colon = strrchr(listen, ':');
    size_t n = colon ? (size_t)(colon - listen) : 0;
    if (n == 0 || n >= sizeof(host) || strlen(colon + 1) >= sizeof(port))
        return false;
    memcpy(host, listen, n);
    host[n] = '\0';
    if (host[0] == '[' && host[n - 1] == ']') {
        memmove(host, host + 1, n - 2);
        host[n - 2] = '\0';
    }
    snprintf(port, sizeof(port), "%s", colon + 1);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV},
                    *found = NULL;
    if (getaddrinfo(strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, port, &hints, &found) != 0)
        return false;
    memcpy(ret, found->ai_addr, found->ai_addrlen);
    *ret_v6 = found->ai_family == AF_INET6;
    freeaddrinfo(found);
    return true;
}

static struct web_server *
server_new(const struct web_config *config)
{
    struct web_server *server = calloc(1, sizeof(*server));
    if (!server)
        return NULL;
    server->config = *config;
    server->own = (struct web_room){"web", web_own_routes, web_n_own_routes, server};
    randombytes_buf(server->secret, sizeof(server->secret));
    pthread_mutex_init(&server->links_lock, NULL);
    if (config->pdf_command && !(server->pdf = web_pdf_new(&server->config)))
        return web_stop(server);
    return server;
}

enum rg_err
web_start_offline(struct rg_ctx *ctx, const struct web_config *config,
                  struct web_server **ret_server)
{
    struct web_server *server = sodium_init() >= 0 ? server_new(config) : NULL;
    if (!server)
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    *ret_server = server;
    return RG_OK;
}

enum rg_err
web_start(struct rg_ctx *ctx, const struct web_config *config, struct web_server **ret_server)
{
    struct sockaddr_storage address;
    bool v6;
    if (!address_parse(config->listen, &address, &v6))
        return RG_FAIL(ctx, RG_INVALID, "web.bad_listen", "address", config->listen);
    struct web_server *server;
    enum rg_err err = web_start_offline(ctx, config, &server);
    if (err != RG_OK)
        return err;
    if (server->pdf && !web_pdf_start(server->pdf)) {
        web_stop(server);
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    }
    unsigned per_address =
        config->per_address_max ? config->per_address_max : (unsigned)WEB_PER_ADDRESS_MAX;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (v6 ? MHD_USE_IPv6 : 0u), 0,
        NULL, NULL, web_on_request, server, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)WEB_THREADS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)WEB_CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)WEB_CONNECTIONS_MAX,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)WEB_IDLE_S, MHD_OPTION_URI_LOG_CALLBACK, web_on_address, server,
        MHD_OPTION_NOTIFY_COMPLETED, web_on_completed, server, MHD_OPTION_NOTIFY_CONNECTION,
        web_link_notice, server, MHD_OPTION_END);
    if (!server->daemon) {
        rg_detail(ctx, "listen: %s", strerror(errno));
        web_stop(server);
        return RG_FAIL(ctx, RG_BROKEN, "web.cannot_listen", "address", config->listen);
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info ? info->port : 0;
    server->reaping = pthread_create(&server->reaper, NULL, web_reap, server) == 0;
    *ret_server = server;
    return RG_OK;
}

/* A connection that waits for a PDF cannot be closed: it is told first that none comes. */
static void
papers_end(struct web_server *server)
{
    enum { TURNS = 100, TURN_MS = 10 };
    web_pdf_stop(server->pdf);
    for (int i = 0; i < TURNS && server->n_papers > 0; i++) {
        struct timespec pause = {.tv_nsec = TURN_MS * 1000000};
        nanosleep(&pause, NULL);
    }
}

struct web_server *
web_stop(struct web_server *server)
{
    if (!server)
        return NULL;
    papers_end(server);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    server->stop = true;
    if (server->reaping)
        pthread_join(server->reaper, NULL);
    web_pdf_free(server->pdf);
    pthread_mutex_destroy(&server->links_lock);
    free(server);
    return NULL;
}

unsigned
web_port(const struct web_server *server)
{
    return server->port;
}

enum rg_err
web_simulate(struct web_server *server, struct rg_ctx *ctx, const char *method, const char *target,
             struct web_answer *ret_answer)
{
    struct web_wire wire = {.method = method, .peer = STR("127.0.0.1"), .host = STR("localhost")};
    const char *question = strchr(target, '?');
    struct str path = str_n(target, question ? (size_t)(question - target) : strlen(target));
    web_answer_init(ret_answer);
    wire.raw_query = question ? str_of(question + 1) : STR("");
    wire.target_path = web_percent_decode(ctx->arena, path, false);
    if (!wire.target_path.p || !web_query_parse(ctx, &wire, wire.raw_query))
        return RG_FAIL(ctx, RG_INVALID, "web.not_found");
    web_dispatch(server, ctx, &wire, ret_answer);
    if (ret_answer->paper) {
        web_pdf_make(server->pdf, &ret_answer->paper->job);
        web_paper_end(ctx, ret_answer);
    }
    return RG_OK;
}
