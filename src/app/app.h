/* App: the only room that names every other. Command line, configuration, putting together. */
#ifndef APP_H
#define APP_H

#include "base/base.h"
#include "store/store.h"

enum app_exit { APP_DONE = 0, APP_NO = 1, APP_MISUSE = 2, APP_FAILED = 3 };

struct app_args { /* the words of a command, options taken out */
    const char *words[16];
    size_t n_words;
    const char *db;        /* --db, default "regia.db"        */
    const char *listen;    /* --listen                        */
    const char *place;     /* --place                         */
    const char *source;    /* --source                        */
    const char *title;     /* --title                         */
    const char *licence;   /* --licence                       */
    const char *mapping;   /* --map FILE                      */
    const char *roles;     /* --roles                         */
    const char *name;      /* --name                          */
    const char *kind;      /* --kind                          */
    const char *public_url;/* --public                        */
    const char *seed;      /* --seed                          */
    const char *size;      /* --size                          */
    const char *quotas;    /* --quotas FILE                   */
    const char *check;     /* --check FILE                    */
    const char *org;       /* --org NUMBER                    */
    const char *area;      /* --area NUMBER                   */
    bool json, synthetic, yes;
};

struct app { /* a command at work */
    struct rg_ctx ctx;
    struct store *store;
    struct app_args args;
};

struct app_command {
    const char *name;
    const char *usage;  /* "import KIND PATH [--db …]" */
    size_t n_words_min; /* words after the name        */
    bool needs_store;
    int (*run)(struct app *app); /* exit status */
};

extern const struct store_room *const app_store_rooms[];
extern const size_t app_n_store_rooms;

int app_serve(struct app *app);
int app_load(struct app *app);
int app_import(struct app *app);
int app_export(struct app *app);
int app_ask(struct app *app);
int app_account(struct app *app);
int app_backup(struct app *app);
int app_restore(struct app *app);
int app_verify(struct app *app);
int app_status(struct app *app);
int app_check(struct app *app);
int app_draw(struct app *app);
int app_remove(struct app *app);

#define APP_PDF_WORKER "pdf-worker"
bool app_pdf_program(char *ret_python, size_t n);
/* The Python that WeasyPrint is installed for: the first line of the command weasyprint on PATH
 * names it. ret_python: n bytes, set when true. */
int app_pdf_worker(const char *python);
/* What this program becomes when the server wants a PDF: it gives up the network, the files and
 * the memory it will not need, then is that Python with a short script of ours. Returns only
 * when that cannot be; APP_FAILED. */

int app_tell(struct app *app, enum rg_err err);
/* Print the story of an error as one sentence to standard error; the exit status that fits. */
int app_misuse(struct app *app, const char *key, const char *value);
/* Print a sentence with {value}; APP_MISUSE. */
void app_progress(void *app, int64_t done, int64_t total);
/* A line that rewrites itself on a terminal; nothing elsewhere. */
void app_progress_end(void);

#endif
