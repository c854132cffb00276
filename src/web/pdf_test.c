/* A page as PDF, with shells in the place of the program that makes one: what is asked of it, what
 * is kept, what is said when it fails, and that nothing of it stays. */
#include "web/pdf.h"
#include "web/web_priv.h"
#include "web_tmpl.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

/* Long enough to be one, with the two marks that are looked for. */
#define A_PDF "printf '%%PDF-1.7 %080d\\n%%%%EOF\\n' 0"
#define READ_ALL "cat >/dev/null; "

static struct world {
    struct rg_ctx ctx;
    struct store *store;
    struct web_server *server;
    struct web_answer answer;
    char folder[64];
    bool answered;
} w;
static const char *command[] = {"/bin/sh", "-c", NULL, NULL};

/* ---- a page ---- */

static enum rg_err
page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct web_frame frame = {.title = STR("L’affitto <b>")};
    struct html *h = web_page_open(ctx, req, ans, &frame);
    const struct web_kpi kpi = {STR("7"), ctx->actor.roles & RG_ROLE_ADMIN ? STR("segreto")
                                                                           : STR("pubblico")};
    tmpl_web_kpis(h, &kpi, 1);
    if (str_find(req->query, STR("riservato")) >= 0) {
        web_header(ans, "Cache-Control", "no-store");
        ans->cache_set = true;
    }
    return web_page_close(ctx, req, ans);
}

static const struct web_route routes[] = {
    {.method = "GET", .path = "/foglio/uno", .roles = RG_ROLE_PUBLIC, .handle = page,
     .forms = WEB_BIT(WEB_PDF), .cache = WEB_PUBLIC},
    {.method = "GET", .path = "/senza", .roles = RG_ROLE_PUBLIC, .handle = page}};
static const struct web_room room = {"prova", routes, RG_COUNT(routes), NULL};

static struct web_config
config_of(const char *script)
{
    command[2] = script;
    return (struct web_config){.store = w.store, .rooms = &room, .n_rooms = 1, .spool = w.folder,
                               .public_url = "https://regia.example/",
                               .pdf_command = script ? command : NULL};
}

static void
serve(const char *script)
{
    const struct web_config config = config_of(script);
    w.server = web_stop(w.server);
    assert_int_equal(web_start_offline(&w.ctx, &config, &w.server), RG_OK);
}

static struct str
ask(const char *target)
{
    if (w.answered)
        web_answer_done(&w.answer);
    w.ctx.lang = RG_IT;
    rg_story_clear(&w.ctx);
    assert_int_equal(web_simulate(w.server, &w.ctx, "GET", target, &w.answer), RG_OK);
    w.answered = true;
    return rg_buf_view(&w.answer.body);
}

static const char *
header(const char *name)
{
    for (size_t i = 0; i < w.answer.n_headers; i++)
        if (strcmp(w.answer.headers[i].name, name) == 0)
            return w.answer.headers[i].value;
    return "";
}

static struct str
file_text(const char *name)
{
    char path[128];
    struct rg_buf text;
    snprintf(path, sizeof(path), "%s/%s", w.folder, name);
    assert_int_equal(rg_file_read(path, 1 << 20, &text, NULL), RG_FILE_READ);
    struct str kept = rg_arena_str(w.ctx.arena, rg_buf_view(&text));
    rg_buf_done(&text);
    return kept;
}

/* A script that may name the folder of the tests as $0's place: %s. */
static const char *
script_of(const char *format)
{
    static char text[512];
    snprintf(text, sizeof(text), "F=%s; %s", w.folder, format);
    return text;
}

static bool
holds(struct str text, const char *part)
{
    return str_find(text, str_of(part)) >= 0;
}

static void
nothing_stays(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    DIR *dir = opendir(w.folder);
    for (struct dirent *e; (e = readdir(dir)) != NULL;)
        assert_int_not_equal(strncmp(e->d_name, "pdf-", 4), 0);
    closedir(dir);
}

static int64_t
now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

/* ---- the form ---- */

static void
a_page_is_given_whole_to_the_program(void **state)
{
    (void)state;
    serve(script_of("cat >$F/fed; env >$F/env; ls /proc/self/fd >$F/fds; " A_PDF));
    struct str pdf = ask("/fr/foglio/uno.pdf?q=a&luogo=Ivrea");
    assert_int_equal(w.answer.status, 200);
    assert_string_equal(w.answer.type, "application/pdf");
    assert_true(str_starts(pdf, STR("%PDF-1.7")));
    assert_string_equal(header("Content-Disposition"), "inline; filename=\"foglio-uno.pdf\"");
    assert_int_equal(strlen(header("ETag")), 66);
    struct str fed = file_text("fed"), html;
    size_t n_sheet = strnlen(fed.p, fed.n);
    assert_true(n_sheet < fed.n);
    html = str_n(fed.p + n_sheet + 1, fed.n - n_sheet - 1);
    assert_true(holds(str_n(fed.p, n_sheet), "url(data:font/woff2;base64,d09GM"));
    assert_false(holds(str_n(fed.p, n_sheet), "url(titillium"));
    assert_true(str_starts(html, STR("<!DOCTYPE html>\n<html lang=\"fr\"")));
    assert_true(holds(html, "<title>L’affitto &lt;b&gt; – Regia</title>"));
    assert_true(holds(html, "<base href=\"https://regia.example/\">"));
    assert_true(
        holds(html, "<a href=\"https://regia.example/fr/foglio/uno?q=a&amp;luogo=Ivrea\">"));
    assert_true(holds(html, "name=\"dcterms.created\" content=\"20"));
    assert_false(holds(html, "<script"));
    assert_false(holds(html, "<link"));
    struct str env = file_text("env");
    assert_true(holds(env, "SOURCE_DATE_EPOCH=0"));
    assert_true(holds(env, "/pdf-"));
    assert_false(holds(env, "PATH=/root"));
    assert_string_equal(file_text("fds").p, "0\n1\n2\n3\n"); /* 3 is the folder that ls reads */
    nothing_stays();
}

static void
the_second_asking_is_answered_from_memory(void **state)
{
    (void)state;
    serve(script_of(READ_ALL "echo again >>$F/runs; " A_PDF));
    ask("/foglio/uno.pdf?volta=uno");
    ask("/foglio/uno.pdf?volta=uno");
    ask("/foglio/uno.pdf?volta=due");
    assert_true(str_is(file_text("runs"), "again\nagain\n"));
    ask("/foglio/uno.pdf?riservato");
    assert_string_equal(header("ETag"), "");
    ask("/foglio/uno.pdf?riservato"); /* what leaves no copy behind is made each time */
    assert_true(str_is(file_text("runs"), "again\nagain\nagain\nagain\n"));
}

static void
who_prints_gets_what_everybody_sees(void **state)
{
    (void)state;
    serve(script_of("cat >$F/fed; " A_PDF));
    w.ctx.actor.roles = RG_ROLE_ADMIN;
    assert_true(holds(ask("/foglio/uno"), "segreto"));
    w.ctx.actor.roles = RG_ROLE_ADMIN;
    ask("/foglio/uno.pdf");
    assert_true(holds(file_text("fed"), "pubblico"));
    assert_false(holds(file_text("fed"), "segreto"));
}

static void
a_page_offers_its_pdf_where_one_can_be_made(void **state)
{
    (void)state;
    serve(A_PDF);
    assert_true(holds(ask("/foglio/uno?q=a%20b"), "href=\"/foglio/uno.pdf?q=a%20b\""));
    assert_false(holds(ask("/senza"), ".pdf"));
    assert_true(holds(ask("/sitemap.json"), "\"forms\":64"));
    assert_true(holds(ask("/openapi.json"), "\"/foglio/uno.pdf\""));
    ask("/senza.pdf");
    assert_int_equal(w.answer.status, 404);
    serve(NULL);
    assert_false(holds(ask("/foglio/uno"), ".pdf"));
    assert_false(holds(ask("/sitemap.json"), "\"forms\":64"));
    assert_false(holds(ask("/openapi.json"), ".pdf"));
    assert_true(holds(ask("/foglio/uno.pdf"), "pacchetto weasyprint"));
    assert_int_equal(w.answer.status, 501);
    assert_string_equal(w.answer.type, "text/html; charset=utf-8");
}

/* ---- refusals ---- */

static void
a_program_that_fails_is_an_error_in_words(void **state)
{
    (void)state;
    static const char *const faults[] = {
        READ_ALL "exit 1", READ_ALL A_PDF "; exit 1", READ_ALL "echo Traceback", "exit 0",
        READ_ALL "printf '%%PDF-1.7 cut %080d' 0", READ_ALL "kill -9 $$", "exec /nowhere"};
    for (size_t i = 0; i < RG_COUNT(faults); i++) {
        serve(faults[i]);
        assert_true(holds(ask("/foglio/uno.pdf"), "Il PDF non è riuscito"));
        assert_int_equal(w.answer.status, 500);
        assert_string_equal(header("Cache-Control"), "no-store");
        assert_string_equal(header("ETag"), "");
        nothing_stays();
    }
}

static void
a_failure_is_not_kept(void **state)
{
    (void)state;
    serve(script_of(READ_ALL "[ -f $F/second ] || { touch $F/second; exit 1; }; " A_PDF));
    ask("/foglio/uno.pdf");
    assert_int_equal(w.answer.status, 500);
    ask("/foglio/uno.pdf");
    assert_int_equal(w.answer.status, 200);
}

static void
a_program_that_hangs_is_ended_with_all_it_started(void **state)
{
    (void)state;
    static const char *const hangs[] = {"sleep 60", READ_ALL "sleep 60 & wait", "exec sleep 60"};
    struct rg_buf out;
    _Atomic bool stop = false;
    int status;
    for (size_t i = 0; i < RG_COUNT(hangs); i++) {
        const struct web_config config = config_of(hangs[i]);
        rg_buf_init(&out, 1 << 20);
        int64_t began = now_ms();
        assert_int_equal(web_pdf_run(&config, STR("a"), STR("b"), 200, &stop, &out, &status),
                         WEB_PDF_LATE);
        assert_true(now_ms() - began < 5000);
        nothing_stays();
    }
    /* A megabyte that nobody reads neither blocks nor kills. */
    const struct web_config config = config_of("sleep 60");
    char *much = calloc(1, 1 << 20);
    rg_buf_init(&out, 1 << 20);
    assert_int_equal(
        web_pdf_run(&config, STR("a"), str_n(much, 1 << 20), 200, &stop, &out, &status),
        WEB_PDF_LATE);
    free(much);
    nothing_stays();
}

static void
a_pdf_without_end_meets_its_limit(void **state)
{
    (void)state;
    const struct web_config config = config_of("yes %PDF-");
    struct rg_buf out;
    _Atomic bool stop = false;
    int status;
    rg_buf_init(&out, 1 << 20);
    assert_int_equal(web_pdf_run(&config, STR("a"), STR("b"), 20000, &stop, &out, &status),
                     WEB_PDF_LATE);
    nothing_stays();
}

/* ---- the queue ---- */

enum { JOBS = WEB_PDF_AT_ONCE + WEB_PDF_WAITING_MAX + 2 };

static struct web_pdf_job jobs[JOBS];
static _Atomic int n_done;

static void
job_done(void *arg)
{
    (void)arg;
    n_done++;
}

static void
jobs_submit(struct web_pdf *pdf, size_t n, bool alike)
{
    static const char words[] = "abcdefghijklmnopqrstuvwxyz";
    n_done = 0;
    for (size_t i = 0; i < n; i++) {
        jobs[i] = (struct web_pdf_job){
            .html = str_n(words + (alike ? 0 : i), 3), .keep = true, .done = job_done};
        rg_buf_init(&jobs[i].out, 1 << 20);
        web_pdf_hash(pdf, &jobs[i]);
        web_pdf_submit(pdf, &jobs[i]);
        struct timespec pause = {.tv_nsec = 20 * 1000000}; /* the threads take what they can */
        nanosleep(&pause, NULL);
    }
}

static void
wait_for(int n)
{
    for (int i = 0; i < 1000 && n_done < n; i++) {
        struct timespec pause = {.tv_nsec = 10 * 1000000};
        nanosleep(&pause, NULL);
    }
    assert_int_equal(n_done, n);
}

static size_t
n_ended(size_t n, enum web_pdf_end end)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        found += jobs[i].end == end;
    return found;
}

static void
jobs_forget(size_t n)
{
    for (size_t i = 0; i < n; i++)
        rg_buf_done(&jobs[i].out);
}

static void
two_at_once_some_wait_and_the_others_are_told(void **state)
{
    (void)state;
    const struct web_config config = config_of(
        script_of(READ_ALL ">$F/run$$; sleep 0.4; ls $F | grep -c run >>$F/most; rm $F/run$$; "
                           A_PDF));
    struct web_pdf *pdf = web_pdf_new(&config);
    assert_non_null(pdf);
    assert_true(web_pdf_start(pdf));
    jobs_submit(pdf, JOBS, false);
    wait_for(JOBS);
    assert_int_equal(n_ended(JOBS, WEB_PDF_BUSY), 2);
    assert_int_equal(n_ended(JOBS, WEB_PDF_MADE), JOBS - 2);
    struct str most = file_text("most"); /* how many ran beside each, with itself */
    assert_true(holds(most, "2\n"));
    for (char c = '3'; c <= '9'; c++)
        assert_null(memchr(most.p, c, most.n));
    jobs_forget(JOBS);
    web_pdf_stop(pdf);
    web_pdf_free(pdf);
    nothing_stays();
}

static void
the_same_page_asked_by_many_is_made_once(void **state)
{
    (void)state;
    const struct web_config config =
        config_of(script_of(READ_ALL "echo x >>$F/now; sleep 0.5; " A_PDF));
    struct web_pdf *pdf = web_pdf_new(&config);
    assert_true(web_pdf_start(pdf));
    jobs_submit(pdf, 5, true);
    wait_for(5);
    assert_int_equal(n_ended(5, WEB_PDF_MADE), 5);
    assert_true(str_is(file_text("now"), "x\n"));
    for (size_t i = 1; i < 5; i++)
        assert_true(str_eq(rg_buf_view(&jobs[i].out), rg_buf_view(&jobs[0].out)));
    jobs_forget(5);
    web_pdf_stop(pdf);
    web_pdf_free(pdf);
}

static void
stopping_ends_what_is_made_and_tells_who_waits(void **state)
{
    (void)state;
    const struct web_config config = config_of("sleep 60");
    struct web_pdf *pdf = web_pdf_new(&config);
    assert_true(web_pdf_start(pdf));
    jobs_submit(pdf, 4, false);
    int64_t began = now_ms();
    web_pdf_stop(pdf);
    assert_true(now_ms() - began < 5000);
    assert_int_equal(n_done, 4);
    assert_int_equal(n_ended(4, WEB_PDF_BUSY), 4);
    jobs_submit(pdf, 1, false); /* and who comes later */
    assert_int_equal(n_done, 1);
    assert_int_equal(jobs[0].end, WEB_PDF_BUSY);
    web_pdf_free(pdf);
    nothing_stays();
}

static void
what_is_kept_stays_within_its_bounds(void **state)
{
    (void)state;
    enum { BIG = 1 << 20 };
    /* 1 MB each, one more than fits; each name is another page. */
    const struct web_config config = config_of(
        script_of(READ_ALL "echo x >>$F/now; printf '%%PDF-'; head -c 1048576 /dev/zero; "
                           "printf '%040d%%%%EOF' 0"));
    struct web_pdf *pdf = web_pdf_new(&config);
    char name[16];
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < WEB_PDF_KEPT_BYTES / BIG + 4; i++) {
            struct web_pdf_job job = {.keep = true};
            snprintf(name, sizeof(name), "%d", round ? 100 : i); /* then the same again */
            job.html = str_of(name);
            rg_buf_init(&job.out, WEB_PDF_BYTES_MAX);
            web_pdf_hash(pdf, &job);
            web_pdf_make(pdf, &job);
            assert_int_equal(job.end, WEB_PDF_MADE);
            rg_buf_done(&job.out);
        }
    assert_int_equal(file_text("now").n, 2 * (WEB_PDF_KEPT_BYTES / BIG + 4 + 1));
    struct web_pdf_job first = {.html = STR("0")};
    rg_buf_init(&first.out, WEB_PDF_BYTES_MAX);
    web_pdf_hash(pdf, &first);
    assert_false(web_pdf_kept(pdf, &first)); /* the oldest made room */
    web_pdf_stop(pdf);
    web_pdf_free(pdf);
}

static void
old_folders_of_a_killed_server_are_taken_away(void **state)
{
    (void)state;
    char path[128], inner[160], young[128];
    snprintf(path, sizeof(path), "%s/pdf-old", w.folder);
    snprintf(inner, sizeof(inner), "%s/link", path);
    snprintf(young, sizeof(young), "%s/pdf-new", w.folder);
    assert_int_equal(mkdir(path, 0700) | mkdir(young, 0700), 0);
    assert_int_equal(symlink("/etc/passwd", inner), 0);
    const struct timespec long_ago[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
    const struct web_config config = config_of(A_PDF);
    web_pdf_free(web_pdf_new(&config));
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(access("/etc/passwd", R_OK), 0);
    assert_int_equal(rmdir(young), 0);
}

/* ---- beginning and end of each ---- */

static int
set_up(void **state)
{
    (void)state;
    char db[128];
    w = (struct world){.folder = "/tmp/regia-pdf-XXXXXX"};
    html_asset_table_set(web_asset_url);
    if (!mkdtemp(w.folder) || rg_ctx_init(&w.ctx, 64 << 20) != RG_OK)
        return -1;
    snprintf(db, sizeof(db), "%s/prova.db", w.folder);
    return store_open(&w.ctx, db, NULL, 0, &w.store) == RG_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    if (w.answered)
        web_answer_done(&w.answer);
    w.server = web_stop(w.server);
    w.store = store_close(w.store);
    web_pdf_folder_remove(w.folder);
    rg_ctx_done(&w.ctx);
    return 0;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_page_is_given_whole_to_the_program),
        CASE(the_second_asking_is_answered_from_memory),
        CASE(who_prints_gets_what_everybody_sees),
        CASE(a_page_offers_its_pdf_where_one_can_be_made),
        CASE(a_program_that_fails_is_an_error_in_words),
        CASE(a_failure_is_not_kept),
        CASE(a_program_that_hangs_is_ended_with_all_it_started),
        CASE(a_pdf_without_end_meets_its_limit),
        CASE(two_at_once_some_wait_and_the_others_are_told),
        CASE(the_same_page_asked_by_many_is_made_once),
        CASE(stopping_ends_what_is_made_and_tells_who_waits),
        CASE(what_is_kept_stays_within_its_bounds),
        CASE(old_folders_of_a_killed_server_are_taken_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
