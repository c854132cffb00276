/* Inside jobs: what its pages are given. */
#ifndef JOBS_PRIV_H
#define JOBS_PRIV_H

#include "jobs/jobs.h"

struct jobs_list_page {
    struct web_table table;
    const struct web_table *table_ref;
};

struct jobs_job_page {
    struct str title, kind, actor, failure, failed_title;
    int64_t created_s;
    const char *state_key;
    bool finished;
    const struct web_progress *progress; /* while it works */
    struct web_table outcome, kinds, findings;
    const struct web_table *outcome_ref, *kinds_ref, *findings_ref;
    const struct web_paging *paging;
    const struct web_download *downloads;
    size_t n_downloads;
};

#endif
