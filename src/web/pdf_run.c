/* One process that makes a PDF: what it is given, how long it may take, and that nothing of it
 * stays. Who starts it trusts it with nothing: no descriptor but three, no variable of ours, a
 * folder of its own for temporary files. What it may reach it gives up itself before it reads
 * (app/pdf_worker.c). */
#include "web/pdf.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    LOOK_MS = 100, /* how often stop is looked at */
    LEAVE_MS = 2000, /* from the last byte of the PDF to the end of the process */
    READ_BYTES = 64 * 1024,
    FOLDER_BYTES = 512,
};

struct run {
    pid_t pid;
    int in, out; /* our ends; -1 when closed */
    int64_t end_ms;
    const struct str *parts; /* what is fed, one after the other */
    size_t n_parts, at;      /* at: bytes of the first of them already fed */
    struct rg_buf *pdf;
};

static int64_t
clock_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static void
close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* ---- starting ---- */

/* Its own group, so that what it starts ends with it; signals as a shell would leave them. */
static int
attributes_set(posix_spawnattr_t *attributes)
{
    sigset_t none, plain;
    sigemptyset(&none);
    sigemptyset(&plain);
    sigaddset(&plain, SIGPIPE);
    sigaddset(&plain, SIGINT);
    sigaddset(&plain, SIGTERM);
    int failed = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP |
                                                          POSIX_SPAWN_SETSIGMASK |
                                                          POSIX_SPAWN_SETSIGDEF);
    failed |= posix_spawnattr_setpgroup(attributes, 0);
    failed |= posix_spawnattr_setsigmask(attributes, &none);
    return failed | posix_spawnattr_setsigdefault(attributes, &plain);
}

/* What it says of itself would hold words of the page: it goes nowhere. */
static int
descriptors_set(posix_spawn_file_actions_t *actions, int in, int out)
{
    int failed = posix_spawn_file_actions_adddup2(actions, in, STDIN_FILENO);
    failed |= posix_spawn_file_actions_adddup2(actions, out, STDOUT_FILENO);
    failed |= posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    return failed | posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

static bool
start(struct run *run, const char *const *command, const char *folder, int in, int out)
{
    char home[FOLDER_BYTES + 8], temporary[FOLDER_BYTES + 8], server[32];
    snprintf(server, sizeof(server), "REGIA_SERVER=%d", (int)getpid());
    snprintf(home, sizeof(home), "HOME=%s", folder);
    snprintf(temporary, sizeof(temporary), "TMPDIR=%s", folder);
    /* The same page gives the same bytes: no time of today goes into the fonts. */
    char *const environment[] = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "SOURCE_DATE_EPOCH=0",
                                 home, temporary, server, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return false;
    }
    bool ok = attributes_set(&attributes) == 0 && descriptors_set(&actions, in, out) == 0 &&
              posix_spawn(&run->pid, command[0], &actions, &attributes,
                          (char *const *)(uintptr_t)command, environment) == 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return ok;
}

/* Sockets and not pipes towards it: a write to one that left gives an error and no signal. */
static bool
open_and_start(struct run *run, const char *const *command, const char *folder)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1};
    bool ok = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) == 0 &&
              pipe2(out, O_CLOEXEC) == 0 && fcntl(in[0], F_SETFL, O_NONBLOCK) == 0 &&
              fcntl(out[0], F_SETFL, O_NONBLOCK) == 0 &&
              start(run, command, folder, in[1], out[1]);
    close_end(&in[1]);
    close_end(&out[1]);
    run->in = in[0];
    run->out = out[0];
    return ok;
}

/* ---- talking ---- */

static void
feed(struct run *run)
{
    while (run->n_parts > 0) {
        ssize_t n = send(run->in, run->parts->p + run->at, run->parts->n - run->at, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (n < 0) { /* it left: its status will say so */
            run->n_parts = 0;
            break;
        }
        run->at += (size_t)n;
        if (run->at == run->parts->n) {
            run->parts++;
            run->n_parts--;
            run->at = 0;
        }
    }
    close_end(&run->in);
}

static void
drink(struct run *run)
{
    char *to = rg_buf_room(run->pdf, READ_BYTES);
    ssize_t n = to ? read(run->out, to, READ_BYTES) : 0;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0)
        close_end(&run->out);
    else
        run->pdf->n += (size_t)n;
}

/* Until its output is closed; false when it must be ended. */
static bool
talk(struct run *run, const _Atomic bool *stop)
{
    while (run->out >= 0) {
        int64_t left_ms = run->end_ms - clock_ms();
        if (left_ms <= 0 || *stop)
            return false;
        struct pollfd ends[] = {{.fd = run->out, .events = POLLIN},
                                {.fd = run->in, .events = POLLOUT}};
        if (poll(ends, 2, left_ms < LOOK_MS ? (int)left_ms : LOOK_MS) < 0 && errno != EINTR)
            return false;
        if (ends[1].revents)
            feed(run);
        if (ends[0].revents)
            drink(run);
    }
    return !run->pdf->failed;
}

/* Its status once it has left, or after it was made to. Its group goes with it. */
static int
reap(struct run *run, bool leaving)
{
    int status = -1;
    int64_t end_ms = clock_ms() + (leaving ? LEAVE_MS : 0);
    siginfo_t left = {0};
    while (clock_ms() < end_ms &&
           waitid(P_PID, (id_t)run->pid, &left, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           left.si_pid == 0) {
        struct timespec pause = {.tv_nsec = 2 * 1000000};
        nanosleep(&pause, NULL);
    }
    kill(-run->pid, SIGKILL); /* before its number is free for another */
    while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

static bool
is_pdf(struct str bytes)
{
    enum { TAIL = 32 };
    return bytes.n > 2 * TAIL && str_starts(bytes, STR("%PDF-")) &&
           str_find(str_n(bytes.p + bytes.n - TAIL, TAIL), STR("%%EOF")) >= 0;
}

enum web_pdf_end
web_pdf_run(const struct web_config *config, struct str sheet, struct str html, int limit_ms,
            const _Atomic bool *stop, struct rg_buf *out, int *ret_status)
{
    const struct str parts[] = {sheet, str_n("", 1), html};
    struct run run = {.in = -1, .out = -1, .end_ms = clock_ms() + limit_ms, .parts = parts,
                      .n_parts = RG_COUNT(parts), .pdf = out};
    char folder[FOLDER_BYTES];
    *ret_status = -1;
    int n = snprintf(folder, sizeof(folder), "%s/pdf-XXXXXX",
                     config->spool ? config->spool : "/tmp");
    if (n < 0 || n >= (int)sizeof(folder) || !mkdtemp(folder))
        return WEB_PDF_FAILED;
    bool started = open_and_start(&run, config->pdf_command, folder), told = false;
    int status = -1;
    if (started) {
        told = talk(&run, stop);
        status = reap(&run, told);
    }
    close_end(&run.in);
    close_end(&run.out);
    web_pdf_folder_remove(folder);
    *ret_status = status;
    if (told && WIFEXITED(status) && WEXITSTATUS(status) == 0 && is_pdf(rg_buf_view(out)))
        return WEB_PDF_MADE;
    bool late = started && !told;
    rg_buf_done(out);
    return *stop ? WEB_PDF_BUSY : late ? WEB_PDF_LATE : WEB_PDF_FAILED;
}
