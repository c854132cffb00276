/* Inside the network: what the pages of importing are given. */
#ifndef NETWORK_IMPORT_PAGES_H
#define NETWORK_IMPORT_PAGES_H

#include "web/web.h"

struct import_form {
    struct web_field_error errors[8];
    size_t n_errors;
    struct web_field kind, file, title, source, licence, url, synthetic;
    const struct web_field *kind_ref, *title_ref, *source_ref, *licence_ref, *url_ref,
        *synthetic_ref, *file_ref;
    struct web_option kinds[2];
    bool synthetic_on;
};

struct import_column { /* one column of a list, and what it may mean */
    struct str header, example;
    const char *sure_key; /* wording: how sure the guess is */
    const char *badge;
    struct web_option *options;
    size_t n_options;
};

struct import_columns_page {
    struct str title, file, problem, problem_title;
    struct str id;
    struct import_column *columns;
    size_t n_columns, n_more; /* n_more: columns past what a form can hold, kept as they are */
    struct web_table sample;
    const struct web_table *sample_ref;
};

#endif
