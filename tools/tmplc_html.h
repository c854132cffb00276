/* The HTML walk, shared by its two halves: tmplc_html.c reads characters and keeps the place,
 * tmplc_check.c judges tags and elements once they are whole.                                */
#ifndef RG_TOOLS_TMPLC_HTML_H
#define RG_TOOLS_TMPLC_HTML_H

#include "tmplc.h"

struct attr {
    struct str name;
    const char *at;
    struct str value;       /* as written in the template, holes included; none without '='  */
    bool dynamic;           /* a hole or a statement stands in the value                     */
    const char *letters_at; /* the first letter written out in the value, or NULL            */
    struct attr *next;      /* the one before it in the tag                                  */
};

/* An open element. Found in some branch is found: these marks only ever rise. */
struct frame {
    struct str name;
    const char *at;
    struct frame *up;
    bool has_text;  /* something a screen reader would say                            */
    bool labelled;  /* aria-label or aria-labelledby                                  */
    bool hidden;    /* aria-hidden: what is inside names nothing outside              */
    bool has_th;
    bool needs_csrf, has_csrf;
    bool is_json;   /* script type="application/ld+json"                              */
};

enum mode { MODE_TEXT, MODE_TAG, MODE_VALUE, MODE_JSON };

/* Where the walk stands. Copied at every branch; lists are only ever prepended to. */
struct state {
    enum mode mode;
    struct frame *top;
    bool after_newline; /* a line end was just written: a second says nothing more */
    int heading;        /* level of the last heading; 0: none yet, or unknown      */

    struct str tag; /* MODE_TAG and MODE_VALUE: the tag being read */
    const char *tag_at;
    struct attr *attrs;
    bool spaced; /* a blank stands before what comes */

    struct attr *attr; /* MODE_VALUE */
    const char *value_at;
    char quote;
    bool url_settled; /* what is written fixes the scheme: no hole can change it */
    bool url_query;   /* past '?' */

    bool json_string; /* MODE_JSON: inside quotes */
};

struct control {
    struct str id; /* none without */
    const char *at;
    struct str name;
    struct control *next;
};

struct walk {
    struct tmplc *tc;
    struct text_list *label_fors;
    struct control *controls; /* that need a label for them */
};

void walk_attr_check(struct walk *wk, const struct state *st, const struct attr *attr);
/* A name just read: allowed, and not there yet. */
void walk_tag_open(struct walk *wk, struct state *st, bool self_closing);
/* A start tag is whole: judge it and push its element. */
void walk_tag_close(struct walk *wk, struct state *st, struct str name, const char *at);
/* An end tag: judge the element and pop it. */
void walk_block_end(struct walk *wk, const struct state *st, const struct block *block);
void walk_mark_text(struct state *st);
void walk_letters_check(struct walk *wk, const struct state *st, struct str text);
bool walk_is_excused(const struct tmplc *tc, const char *at);
bool walk_inside(const struct state *st, const char *name);

#endif
