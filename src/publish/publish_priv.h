/* Inside publish: what the templates are given, and the handlers of the route table. */
#ifndef PUBLISH_PRIV_H
#define PUBLISH_PRIV_H

#include "publish/publish.h"

struct publish_door {
    const char *icon, *title_key, *text_key;
    const char *path;      /* of its page; NULL while none is built       */
    const char *beside;    /* a page that helps meanwhile; NULL: none     */
    const char *beside_key;
    bool open;
};

struct publish_figure {
    struct str value, label;
    const char *source; /* path of where it comes from */
};

struct publish_example {
    struct str text;
};

struct publish_home {
    struct str lead;
    struct web_search search;
    const struct web_search *search_ref;
    const struct publish_example *examples;
    size_t n_examples;
    const struct web_helpline *lines;
    size_t n_lines;
    const struct publish_need *needs;
    size_t n_needs;
    const struct publish_door *doors;
    size_t n_doors;
    const struct publish_figure *figures;
    size_t n_figures;
};

struct publish_legal {
    const char *owner, *code_url, *accessibility_url, *feedback_email, *privacy_email;
    struct str feedback_mailto, privacy_mailto;
};

struct publish_link {
    struct str path, label;
};

struct publish_form { /* a list and the machine forms it has */
    struct str label, path;
    const struct publish_link *forms;
    size_t n_forms;
};

struct publish_links {
    const struct publish_link *links;
    size_t n_links;
};

struct publish_api {
    struct str base;
    bool has_services, has_comuni; /* for the examples: only what is there */
    const struct publish_form *lists;
    size_t n_lists;
    const struct publish_link *endpoints;
    size_t n_endpoints;
};

struct publish_demo {
    bool any, counted, may_remove;
    int64_t n;
    struct str error;
};

struct publish_status {
    const struct publish_link *facts; /* path: the value */
    size_t n_facts;
    const struct web_table *sources; /* or NULL */
};

typedef enum rg_err publish_handler(struct rg_ctx *ctx, struct web_request *req,
                                    struct web_answer *ans);
publish_handler publish_home_page, publish_accessibility, publish_privacy, publish_notes,
    publish_sitemap, publish_api_page, publish_status_page,
    publish_demo_page, publish_demo_remove;

bool publish_has_page(const struct web_request *req, const char *path);
/* Whether a public page has this path in the route tables of the running server. */


struct html *publish_open(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
                          struct web_frame *frame);
/* An ordinary page of this room: its route's title, a trail of itself, the small search box. */

#endif
