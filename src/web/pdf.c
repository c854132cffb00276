/* PDFs: the queue before the processes that make them, and what is kept of them. */
#include "web/pdf.h"
#include "web/web_priv.h"
#include <dirent.h>
#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

enum { SHEET_MAX = 256 * 1024, LEFT_BEHIND_S = 3600, PATH_BYTES = 512 };

struct kept {
    unsigned char hash[WEB_PDF_HASH];
    char *p; /* owned; NULL: nothing is kept here */
    size_t n;
    uint64_t used; /* the larger, the later */
};

struct making {
    bool busy;
    unsigned char hash[WEB_PDF_HASH];
};

struct web_pdf {
    const struct web_config *config;
    struct rg_buf sheet; /* paper.css with the fonts inside */
    pthread_t threads[WEB_PDF_AT_ONCE];
    size_t n_threads;
    _Atomic bool stop; /* written once, under the lock; read by the loops of pdf_run.c */
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    struct web_pdf_job *waiting[WEB_PDF_WAITING_MAX]; /* first come first */
    size_t n_waiting;
    struct making making[WEB_PDF_AT_ONCE];
    struct kept kept[WEB_PDF_KEPT_MAX];
    size_t n_kept_bytes;
    uint64_t tick;
};

/* ---- the style sheet ---- */

static bool
font_put(struct rg_buf *out, const struct web_asset *font)
{
    size_t n = sodium_base64_encoded_len(font->n_raw, sodium_base64_VARIANT_ORIGINAL);
    rg_buf_printf(out, "data:%s;base64,", font->type);
    char *to = rg_buf_room(out, n);
    if (!to)
        return false;
    sodium_bin2base64(to, n, font->raw, font->n_raw, sodium_base64_VARIANT_ORIGINAL);
    out->n += n - 1; /* without its NUL */
    return true;
}

/* paper.css with each url(…) of an embedded file turned into that file: nothing left to fetch. */
static bool
sheet_make(struct rg_buf *out)
{
    struct str url = web_asset_url("paper.css"), css;
    size_t n_prefix = sizeof(WEB_ASSET_PREFIX) - 1;
    const struct web_asset *sheet =
        url.n > n_prefix ? web_asset_find(str_n(url.p + n_prefix, url.n - n_prefix)) : NULL;
    if (!sheet)
        return false;
    css = str_n((const char *)sheet->raw, sheet->n_raw);
    for (ptrdiff_t at; (at = str_find(css, STR("url("))) >= 0;) {
        rg_buf_add(out, css.p, (size_t)at + 4);
        css = str_n(css.p + at + 4, css.n - (size_t)at - 4);
        ptrdiff_t end = str_find(css, STR(")"));
        const struct web_asset *file =
            end > 0 ? web_asset_find(str_n(css.p, (size_t)end)) : NULL;
        if (!file || !font_put(out, file))
            return false;
        css = str_n(css.p + end, css.n - (size_t)end);
    }
    rg_buf_str(out, css);
    return !out->failed;
}

/* ---- what is kept ---- */

static struct kept *
kept_find(struct web_pdf *pdf, const unsigned char *hash)
{
    for (size_t i = 0; i < WEB_PDF_KEPT_MAX; i++)
        if (pdf->kept[i].p && memcmp(pdf->kept[i].hash, hash, WEB_PDF_HASH) == 0)
            return &pdf->kept[i];
    return NULL;
}

static void
kept_drop(struct web_pdf *pdf, struct kept *kept)
{
    pdf->n_kept_bytes -= kept->n;
    free(kept->p);
    *kept = (struct kept){0};
}

/* A free place, after those used longest ago made room for n bytes. */
static struct kept *
kept_room(struct web_pdf *pdf, size_t n)
{
    for (;;) {
        struct kept *empty = NULL, *oldest = NULL;
        for (size_t i = 0; i < WEB_PDF_KEPT_MAX; i++) {
            struct kept *k = &pdf->kept[i];
            if (!k->p)
                empty = k;
            else if (!oldest || k->used < oldest->used)
                oldest = k;
        }
        if (empty && pdf->n_kept_bytes + n <= WEB_PDF_KEPT_BYTES)
            return empty;
        RG_ASSERT(oldest);
        kept_drop(pdf, oldest);
    }
}

static void
keep(struct web_pdf *pdf, const struct web_pdf_job *job)
{
    enum { SHARE = 4 }; /* one huge PDF does not drive out all others */
    char *copy = job->out.n <= WEB_PDF_KEPT_BYTES / SHARE ? malloc(job->out.n) : NULL;
    if (!copy)
        return;
    memcpy(copy, job->out.p, job->out.n);
    pthread_mutex_lock(&pdf->lock);
    if (kept_find(pdf, job->hash)) {
        free(copy);
    } else {
        struct kept *to = kept_room(pdf, job->out.n);
        *to = (struct kept){.p = copy, .n = job->out.n, .used = ++pdf->tick};
        memcpy(to->hash, job->hash, WEB_PDF_HASH);
        pdf->n_kept_bytes += to->n;
    }
    pthread_mutex_unlock(&pdf->lock);
}

bool
web_pdf_kept(struct web_pdf *pdf, struct web_pdf_job *job)
{
    pthread_mutex_lock(&pdf->lock);
    struct kept *kept = kept_find(pdf, job->hash);
    if (kept) {
        kept->used = ++pdf->tick;
        rg_buf_add(&job->out, kept->p, kept->n);
    }
    pthread_mutex_unlock(&pdf->lock);
    if (kept)
        job->end = job->out.failed ? WEB_PDF_FAILED : WEB_PDF_MADE;
    return kept != NULL;
}

/* ---- the queue ---- */

void
web_pdf_hash(const struct web_pdf *pdf, struct web_pdf_job *job)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, WEB_PDF_HASH);
    crypto_generichash_update(&state, (const unsigned char *)pdf->sheet.p, pdf->sheet.n);
    crypto_generichash_update(&state, (const unsigned char *)job->html.p, job->html.n);
    crypto_generichash_final(&state, job->hash, WEB_PDF_HASH);
}

void
web_pdf_make(struct web_pdf *pdf, struct web_pdf_job *job)
{
    if (web_pdf_kept(pdf, job))
        return;
    job->end = web_pdf_run(pdf->config, rg_buf_view(&pdf->sheet), job->html, WEB_PDF_S * 1000,
                           &pdf->stop, &job->out, &job->status);
    if (job->end == WEB_PDF_MADE && job->keep)
        keep(pdf, job);
}

static bool
is_made_now(const struct web_pdf *pdf, const unsigned char *hash)
{
    for (size_t i = 0; i < WEB_PDF_AT_ONCE; i++)
        if (pdf->making[i].busy && memcmp(pdf->making[i].hash, hash, WEB_PDF_HASH) == 0)
            return true;
    return false;
}

/* The first that waits for nobody else; NULL: none. */
static struct web_pdf_job *
take(struct web_pdf *pdf, struct making *as)
{
    for (size_t i = 0; i < pdf->n_waiting; i++) {
        struct web_pdf_job *job = pdf->waiting[i];
        if (is_made_now(pdf, job->hash))
            continue;
        pdf->n_waiting--;
        memmove(&pdf->waiting[i], &pdf->waiting[i + 1],
                (pdf->n_waiting - i) * sizeof(pdf->waiting[0]));
        as->busy = true;
        memcpy(as->hash, job->hash, WEB_PDF_HASH);
        return job;
    }
    return NULL;
}

static struct making *
making_free(struct web_pdf *pdf)
{
    for (size_t i = 0; i < WEB_PDF_AT_ONCE; i++)
        if (!pdf->making[i].busy)
            return &pdf->making[i];
    return NULL;
}

static void *
work(void *arg)
{
    struct web_pdf *pdf = arg;
    pthread_mutex_lock(&pdf->lock);
    while (!pdf->stop) {
        struct making *as = making_free(pdf); /* there is one for each thread */
        struct web_pdf_job *job = take(pdf, as);
        if (!job) {
            pthread_cond_wait(&pdf->changed, &pdf->lock);
            continue;
        }
        pthread_mutex_unlock(&pdf->lock);
        web_pdf_make(pdf, job);
        job->done(job->arg); /* from here on the job may be gone */
        pthread_mutex_lock(&pdf->lock);
        as->busy = false;
        pthread_cond_broadcast(&pdf->changed);
    }
    pthread_mutex_unlock(&pdf->lock);
    return NULL;
}

void
web_pdf_submit(struct web_pdf *pdf, struct web_pdf_job *job)
{
    pthread_mutex_lock(&pdf->lock);
    bool taken = !pdf->stop && pdf->n_threads > 0 && pdf->n_waiting < WEB_PDF_WAITING_MAX;
    if (taken) {
        pdf->waiting[pdf->n_waiting++] = job;
        pthread_cond_broadcast(&pdf->changed);
    }
    pthread_mutex_unlock(&pdf->lock);
    if (!taken) {
        job->end = WEB_PDF_BUSY;
        job->done(job->arg);
    }
}

/* ---- beginning and end ---- */

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    remove(path); /* what cannot be removed stays, and the rest goes all the same */
    return 0;
}

void
web_pdf_folder_remove(const char *path)
{
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Only old ones: another server of the same database may be at work. */
static void
left_behind_remove(const char *spool)
{
    DIR *dir = spool ? opendir(spool) : NULL;
    for (struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
        char path[PATH_BYTES];
        struct stat st;
        int n = snprintf(path, sizeof(path), "%s/%s", spool, e->d_name);
        if (strncmp(e->d_name, "pdf-", 4) == 0 && n > 0 && n < (int)sizeof(path) &&
            lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
            time(NULL) - st.st_mtime > LEFT_BEHIND_S)
            web_pdf_folder_remove(path);
    }
    if (dir)
        closedir(dir);
}

struct web_pdf *
web_pdf_new(const struct web_config *config)
{
    struct web_pdf *pdf = calloc(1, sizeof(*pdf));
    if (!pdf)
        return NULL;
    pdf->config = config;
    pthread_mutex_init(&pdf->lock, NULL);
    pthread_cond_init(&pdf->changed, NULL);
    rg_buf_init(&pdf->sheet, SHEET_MAX);
    if (!sheet_make(&pdf->sheet))
        return web_pdf_free(pdf);
    left_behind_remove(config->spool);
    return pdf;
}

bool
web_pdf_start(struct web_pdf *pdf)
{
    for (size_t i = 0; i < WEB_PDF_AT_ONCE; i++)
        if (pthread_create(&pdf->threads[pdf->n_threads], NULL, work, pdf) == 0)
            pdf->n_threads++;
    return pdf->n_threads > 0;
}

void
web_pdf_stop(struct web_pdf *pdf)
{
    if (!pdf)
        return;
    pthread_mutex_lock(&pdf->lock);
    pdf->stop = true;
    pthread_cond_broadcast(&pdf->changed);
    pthread_mutex_unlock(&pdf->lock);
    for (size_t i = 0; i < pdf->n_threads; i++)
        pthread_join(pdf->threads[i], NULL);
    for (size_t i = 0; i < pdf->n_waiting; i++) {
        pdf->waiting[i]->end = WEB_PDF_BUSY;
        pdf->waiting[i]->done(pdf->waiting[i]->arg);
    }
    pdf->n_waiting = 0;
}

struct web_pdf *
web_pdf_free(struct web_pdf *pdf)
{
    if (!pdf)
        return NULL;
    for (size_t i = 0; i < WEB_PDF_KEPT_MAX; i++)
        free(pdf->kept[i].p);
    rg_buf_done(&pdf->sheet);
    pthread_cond_destroy(&pdf->changed);
    pthread_mutex_destroy(&pdf->lock);
    free(pdf);
    return NULL;
}
