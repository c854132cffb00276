/* Phones that write cards to tables at once, against a server that runs already.
 *
 *   listening_live_load_bench PORT EVENT N_PHONES N_ROUNDS PAUSE_MS ACKED < lines "TABLE COOKIE"
 *
 * Each phone is a thread with a connection of its own from an address of its own (127.0.1.x),
 * signed in by the cookie of its table. PAUSE_MS 0: all press "save" in the same instant, round
 * after round; else each waits up to twice the pause by chance. Whatever cuts the connection, a
 * phone sends its card again until it is acknowledged, and then writes its uid to the file ACKED.
 * Prints one line: cards, failed tries, and milliseconds to the acknowledgement.            */
#include "base/base.h"
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PHONES_MAX = 400, ROUNDS_MAX = 400, ANSWER_MAX = 256 * 1024, TRIES_MAX = 500 };

static struct {
    int port, n_phones, n_rounds, pause_ms;
    const char *event;
    FILE *acked;
    char tables[32][2][160];
    size_t n_tables;
    pthread_barrier_t start;
    pthread_mutex_t lock;
    double ms[PHONES_MAX * ROUNDS_MAX];
    size_t n_ms, n_failed, n_lost;
} all = {.lock = PTHREAD_MUTEX_INITIALIZER};

struct phone {
    int number, fd;
    uint64_t chance;
    char token[64];
    const char *table, *cookie;
    char answer[ANSWER_MAX];
};

static double
now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool
dial(struct phone *p)
{
    int on = 1;
    struct sockaddr_in own = {.sin_family = AF_INET}, to = {.sin_family = AF_INET,
                              .sin_port = htons((uint16_t)all.port)};
    own.sin_addr.s_addr = htonl(0x7F000101u + (uint32_t)(p->number % 200));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return p->fd >= 0 && bind(p->fd, (struct sockaddr *)&own, sizeof(own)) == 0 &&
           connect(p->fd, (struct sockaddr *)&to, sizeof(to)) == 0;
}

static void
hang_up(struct phone *p)
{
    if (p->fd >= 0)
        close(p->fd);
    p->fd = -1;
}

/* The status of the answer, its text in p->answer; 0 when the connection was cut. */
static int
ask(struct phone *p, const char *method, const char *body)
{
    char head[1024];
    if (p->fd < 0 && !dial(p)) {
        hang_up(p);
        return 0;
    }
    int n = snprintf(head, sizeof(head),
                     "%s /gestione/eventi/%s/tavoli/%s/carte HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                     "Cookie: %s\r\nAccept: application/json\r\n"
                     "Content-Type: application/x-www-form-urlencoded\r\n"
                     "Content-Length: %zu\r\n\r\n",
                     method, all.event, p->table, all.port, p->cookie, strlen(body));
    size_t got = 0, want = SIZE_MAX;
    bool ok = send(p->fd, head, (size_t)n, MSG_NOSIGNAL | MSG_MORE * (*body != 0)) == n &&
              (!*body || send(p->fd, body, strlen(body), MSG_NOSIGNAL) == (ssize_t)strlen(body));
    while (ok && got < want && got + 1 < ANSWER_MAX) {
        ssize_t k = recv(p->fd, p->answer + got, ANSWER_MAX - 1 - got, 0);
        ok = k > 0;
        got += k > 0 ? (size_t)k : 0;
        p->answer[got] = '\0';
        char *end = want == SIZE_MAX ? strstr(p->answer, "\r\n\r\n") : NULL;
        char *length = end ? strcasestr(p->answer, "content-length:") : NULL;
        if (length)
            want = (size_t)(end + 4 - p->answer) + (size_t)strtoul(length + 15, NULL, 10);
    }
    if (!ok || got < 12) {
        hang_up(p);
        return 0;
    }
    return (int)strtol(p->answer + 9, NULL, 10);
}

static bool
token_fetch(struct phone *p)
{
    const char *at = ask(p, "GET", "") == 200 ? strstr(p->answer, "\"csrf\":\"") : NULL;
    if (at)
        snprintf(p->token, sizeof(p->token), "%.40s", at + 8);
    return at != NULL;
}

static bool
card_send(struct phone *p, int round)
{
    char body[1024], uid[64];
    snprintf(uid, sizeof(uid), "%.30s-%d-%d", all.event, p->number, round);
    snprintf(body, sizeof(body),
             "csrf=%s&carte=%%5B%%7B%%22uid%%22%%3A%%22%s%%22%%2C%%22kind%%22%%3A%%22need%%22%%2C"
             "%%22text%%22%%3A%%22Telefono+%d%%2C+carta+%d%%3A+servono+corse+serali+e+uno+"
             "sportello+vicino%%22%%2C%%22session%%22%%3A1%%2C%%22rev%%22%%3A0%%7D%%5D",
             p->token, uid, p->number, round);
    if (ask(p, "POST", body) != 200)
        return false;
    if (!strstr(p->answer, "\"saved\"") && !strstr(p->answer, "\"same\""))
        return false;
    pthread_mutex_lock(&all.lock);
    fprintf(all.acked, "%s\n", uid);
    pthread_mutex_unlock(&all.lock);
    return true;
}

static void
pause_a_while(struct phone *p)
{
    p->chance = p->chance * 6364136223846793005u + 1442695040888963407u;
    usleep((useconds_t)((p->chance >> 33) % (2000u * (unsigned)all.pause_ms)));
}

static void *
live(void *arg)
{
    struct phone *p = arg;
    for (int i = 0; i < TRIES_MAX && !token_fetch(p); i++)
        usleep(20000);
    for (int round = 0; round < all.n_rounds; round++) {
        if (all.pause_ms == 0)
            pthread_barrier_wait(&all.start);
        else
            pause_a_while(p);
        double began = now_ms();
        int tries = 0;
        while (tries < TRIES_MAX && !card_send(p, round)) {
            tries++;
            usleep(20000);
            (void)token_fetch(p);
        }
        double took = now_ms() - began;
        pthread_mutex_lock(&all.lock);
        all.n_failed += (size_t)tries;
        all.n_lost += tries == TRIES_MAX;
        all.ms[all.n_ms++] = took;
        pthread_mutex_unlock(&all.lock);
    }
    hang_up(p);
    return NULL;
}

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool
tables_read(void)
{
    char line[320];
    while (all.n_tables < RG_COUNT(all.tables) && fgets(line, sizeof(line), stdin)) {
        char *blank = strchr(line, ' ');
        if (!blank)
            continue;
        line[strcspn(line, "\n")] = '\0';
        *blank = '\0';
        snprintf(all.tables[all.n_tables][0], 160, "%.100s", line);
        snprintf(all.tables[all.n_tables++][1], 160, "%.150s", blank + 1);
    }
    return all.n_tables > 0;
}

int
main(int argc, char **argv)
{
    static struct phone phones[PHONES_MAX];
    pthread_t threads[PHONES_MAX];
    if (argc != 7 || !tables_read()) {
        fprintf(stderr, "PORT EVENT N_PHONES N_ROUNDS PAUSE_MS ACKED < lines \"TABLE COOKIE\"\n");
        return 2;
    }
    all.port = (int)strtol(argv[1], NULL, 10);
    all.event = argv[2];
    all.n_phones = (int)strtol(argv[3], NULL, 10);
    all.n_rounds = (int)strtol(argv[4], NULL, 10);
    all.pause_ms = (int)strtol(argv[5], NULL, 10);
    all.acked = fopen(argv[6], "a");
    if (!all.acked || all.n_phones < 1 || all.n_phones > PHONES_MAX || all.n_rounds < 1 ||
        all.n_rounds > ROUNDS_MAX || all.port < 1) {
        fprintf(stderr, "up to %d phones and %d rounds, and a file to write\n", PHONES_MAX,
                ROUNDS_MAX);
        return 2;
    }
    pthread_barrier_init(&all.start, NULL, (unsigned)all.n_phones);
    for (int i = 0; i < all.n_phones; i++) {
        size_t table = (size_t)i % all.n_tables;
        phones[i].number = i;
        phones[i].fd = -1;
        phones[i].chance = (uint64_t)i * 77777 + 1;
        phones[i].table = all.tables[table][0];
        phones[i].cookie = all.tables[table][1];
        if (pthread_create(&threads[i], NULL, live, &phones[i]) != 0)
            return 3;
    }
    for (int i = 0; i < all.n_phones; i++)
        pthread_join(threads[i], NULL);
    fclose(all.acked);
    qsort(all.ms, all.n_ms, sizeof(double), by_size);
    printf("{\"cards\":%zu,\"failed_tries\":%zu,\"lost\":%zu,\"p50_ms\":%.1f,\"p99_ms\":%.1f,"
           "\"worst_ms\":%.1f}\n",
           all.n_ms, all.n_failed, all.n_lost, all.ms[all.n_ms / 2], all.ms[all.n_ms * 99 / 100],
           all.ms[all.n_ms - 1]);
    return all.n_lost ? 1 : 0;
}
