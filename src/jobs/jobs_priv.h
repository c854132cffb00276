/* Inside jobs: what its pages are given. */
#ifndef JOBS_PRIV_H
#define JOBS_PRIV_H

#include "jobs/jobs.h"

enum jobs_severity jobs_severity_of(struct str name);

RG_MUST_CHECK enum rg_err jobs_findings_page(struct rg_ctx *ctx, int64_t job_id, int64_t skip,
                                             size_t n_max, struct jobs_finding **ret,
                                             size_t *ret_n);

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
