/* Inside web: a page as PDF. The HTML of an answer goes to a process of its own (web_config's
 * pdf_command) and comes back as PDF; decision 26 says why. Here are the queue before that process,
 * what is kept of it, and the answer's side. Nothing here knows the wire. */
#ifndef WEB_PDF_H
#define WEB_PDF_H

#include "web/web.h"

enum web_pdf_limits {
    WEB_PDF_AT_ONCE = 2,      /* processes; each wants a processor for itself               */
    WEB_PDF_WAITING_MAX = 6,  /* who comes after them is told to come again                 */
    WEB_PDF_S = 45,           /* of one process; the whole position paper takes 4 to 12     */
    WEB_PDF_WAIT_S = WEB_PDF_S * (1 + WEB_PDF_WAITING_MAX / WEB_PDF_AT_ONCE) + 5,
    WEB_PDF_BYTES_MAX = 16 * 1024 * 1024,
    WEB_PDF_KEPT_MAX = 64,
    WEB_PDF_KEPT_BYTES = 32 * 1024 * 1024,
    WEB_PDF_HASH = 32,
};

#define WEB_PDF_RETRY_S "20"

enum web_pdf_end {
    WEB_PDF_MADE,
    WEB_PDF_BUSY,   /* too many wait, or the server is leaving */
    WEB_PDF_LATE,   /* not ready in WEB_PDF_S, or too large    */
    WEB_PDF_FAILED, /* the process failed, or gave no PDF      */
};

struct web_pdf_job {
    struct str html; /* borrowed until done is called                   */
    unsigned char hash[WEB_PDF_HASH]; /* of html and of the style sheet */
    bool keep;       /* others may be given the same bytes              */
    enum web_pdf_end end;
    int status;        /* how the process ended, as waitpid says; -1: it did not begin  */
    struct rg_buf out; /* the PDF when MADE; owned by whoever holds the job */
    void (*done)(void *arg);
    void *arg;
};

struct web_paper { /* an answer that is to become a PDF */
    struct web_request req; /* as it was asked, for the page of an error */
    struct web_pdf_job job;
};

struct web_pdf *web_pdf_new(const struct web_config *config);
/* Owned, web_pdf_free; the config is borrowed for as long. NULL when memory is out. What processes
 * that were killed with an earlier server left in the spool is taken away. */
bool web_pdf_start(struct web_pdf *pdf);
/* The threads that wait for the processes; false when none can be had. */
void web_pdf_stop(struct web_pdf *pdf);
/* End the processes and tell everybody who waits BUSY, now and from now on. Before the connections
 * are closed, because one that waits cannot be. Takes NULL. */
struct web_pdf *web_pdf_free(struct web_pdf *pdf); /* after web_pdf_stop; takes NULL */

void web_pdf_hash(const struct web_pdf *pdf, struct web_pdf_job *job);
bool web_pdf_kept(struct web_pdf *pdf, struct web_pdf_job *job);
/* Whether the PDF of job->hash is kept: then it is copied out and the job is MADE. */
void web_pdf_submit(struct web_pdf *pdf, struct web_pdf_job *job);
/* Have it made by a thread of ours; done is called once, from that thread or from this one. Two
 * jobs of the same hash are not made side by side: the second finds what the first made. */
void web_pdf_make(struct web_pdf *pdf, struct web_pdf_job *job);
/* The same in this thread, without done: for tests and for servers without a wire. */

enum web_pdf_end web_pdf_run(const struct web_config *config, struct str sheet, struct str html,
                             int limit_ms, const _Atomic bool *stop, struct rg_buf *out,
                             int *ret_status);
/* One process: started, fed "sheet NUL html", its PDF appended to out, and gone when this returns,
 * with its folder for temporary files and whatever it started. stop makes it end early. ret_status
 * as in the job. About 0.6 s and 60 MB for a short page, 0.1 s more for each sheet of paper. */

void web_pdf_folder_remove(const char *path);
/* A folder of temporary files with all that is in it; links are removed, not followed. */

void web_paper_begin(struct rg_ctx *ctx, const struct web_request *req, struct web_answer *ans);
/* The answer holds the HTML of a printed page: give it the headers of a PDF and ans->paper, the job
 * that makes it one. With the reader's copy still good (If-None-Match) it is a 304 and no job. */
void web_paper_end(struct rg_ctx *ctx, struct web_answer *ans);
/* The job has ended: its PDF, or the page of what went wrong, becomes the answer. */

#endif
