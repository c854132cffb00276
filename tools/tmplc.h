/* The template compiler, shared by its parts.
 *
 *   tmplc_lex.c    a file into text, holes and statements; a statement into tokens
 *   tmplc_parse.c  those into blocks of nodes; expressions become C on the way
 *   tmplc_html.c   walks the nodes as HTML: where each hole stands, what harms people
 *   tmplc_check.c  judges each tag and element once it is whole
 *   tmplc_rules.c  what these two ask about names and letters
 *   tmplc_emit.c   nodes into C
 *   tmplc_run.c    one file through all of these
 *   tmplc.c        the command
 *
 * One mistake ends the run: tmplc_fail writes the sentence with file and line and jumps back to
 * the caller of tmplc_file. All memory is the arena's.                                       */
#ifndef RG_TOOLS_TMPLC_H
#define RG_TOOLS_TMPLC_H

#include "po.h"
#include "web/html.h"
#include <setjmp.h>

enum tmplc_limits {
    TMPLC_DEPTH_MAX = 32, /* nested statements: recursion must end; real pages reach 6 */
    TMPLC_ARGS_MAX = PO_PLACEHOLDERS_MAX,
};

/* An expression, already C. */
struct expr {
    struct str c;
    bool is_string; /* a literal */
};

enum hole_kind { HOLE_VALUE, HOLE_KIND, HOLE_T, HOLE_TK, HOLE_RAW, HOLE_URL_PATH, HOLE_URL_VALUE,
                 HOLE_ASSET };

struct hole {
    enum hole_kind kind;
    struct str value;  /* C of the value (html_value… applied where the kind wants one) */
    struct str literal;/* the path of HOLE_URL_PATH                                     */
    struct str count;  /* C of the plural's count; none without                         */
    struct {
        struct str name;
        struct str value;
    } args[TMPLC_ARGS_MAX];
    size_t n_args;
};

enum node_kind { NODE_TEXT, NODE_HOLE, NODE_IF, NODE_EACH, NODE_RENDER, NODE_CONTENT, NODE_CSRF };

struct node {
    enum node_kind kind;
    const char *at;          /* in the source                                            */
    struct node *next;
    struct str text;         /* TEXT: source; RENDER: C of the call's name and arguments */
    struct str out;          /* TEXT: what is written, set by the HTML walk              */
    struct hole hole;
    enum html_place place;   /* of a hole, set by the HTML walk                          */
    struct branch *branches; /* IF                                                       */
    struct node *body;       /* EACH                                                     */
    struct str item, items, count;
    unsigned depth;          /* EACH: names the loop counter                             */
    bool is_icon;            /* RENDER of a block whose name begins with "icon"          */
};

struct branch {
    struct str cond; /* none: else */
    struct node *body;
    struct branch *next;
};

struct block {
    const char *at;
    bool is_layout;
    struct str name;
    struct str params; /* as written */
    struct node *nodes;
    struct block *next;
};

struct line_list {
    int line;
    struct line_list *next;
};

struct text_list {
    struct str text;
    struct text_list *next;
};

struct tmplc {
    struct rg_arena *arena;
    const struct po_book *book;
    const char *room;
    jmp_buf *on_error;
    char error[1024];

    const char *path;               /* of the file being compiled                 */
    struct str source;
    struct line_list *literal_lines;/* lines that {# literal #} excuses           */
    struct block *blocks;           /* of all files so far, in order              */
    struct block **next_block;
    struct text_list *uses;         /* headers of all files                       */
    struct text_list *rooms;        /* other rooms whose blocks are rendered      */
    struct rg_buf out_c, out_h;
};

void tmplc_init(struct tmplc *tc, struct rg_arena *arena, const struct po_book *book,
                const char *room);
void tmplc_done(struct tmplc *tc);
bool tmplc_file(struct tmplc *tc, const char *path, struct str source);
/* Compile one file onto out_c and out_h; false with tc->error filled. */

/* tmplc_lex.c */
_Noreturn void tmplc_fail(struct tmplc *tc, const char *at, const char *format, ...)
    RG_PRINTF(3, 4);
int tmplc_line(const struct tmplc *tc, const char *at);
void *tmplc_new(struct tmplc *tc, size_t n_bytes);
struct str tmplc_print(struct tmplc *tc, const char *format, ...) RG_PRINTF(2, 3);
bool tmplc_list_has(const struct text_list *list, struct str text);
void tmplc_list_add(struct tmplc *tc, struct text_list **list, struct str text);

enum item_kind { ITEM_END, ITEM_TEXT, ITEM_HOLE, ITEM_STMT };
struct item {
    enum item_kind kind;
    const char *at;
    struct str text; /* TEXT whole; HOLE and STMT what stands inside the braces */
};
struct item tmplc_item(struct tmplc *tc, const char **pos);
/* Take the next item off the source at *pos; comments are passed over. */

enum token_kind { TOKEN_END, TOKEN_IDENT, TOKEN_NUMBER, TOKEN_STRING, TOKEN_PUNCT };
struct token {
    enum token_kind kind;
    const char *at;
    struct str text; /* of a string: without the quotes */
};
struct lexer {
    struct tmplc *tc;
    const char *p, *end;
    struct token token; /* the one at hand */
    struct token ahead; /* and the one after */
};
void lexer_init(struct lexer *lx, struct tmplc *tc, struct str text);
void lexer_advance(struct lexer *lx);
bool lexer_is(const struct lexer *lx, const char *text); /* an ident or punctuation */
bool lexer_take(struct lexer *lx, const char *text);
void lexer_want(struct lexer *lx, const char *text);
struct str lexer_ident(struct lexer *lx, const char *what);
void lexer_finish(struct lexer *lx);

/* tmplc_parse.c */
void tmplc_parse(struct tmplc *tc);
/* Parse tc->source onto tc->blocks. */

/* tmplc_html.c */
void tmplc_html(struct tmplc *tc, struct block *block);

/* tmplc_rules.c */
bool html_is_void(struct str name);
bool html_is_heading(struct str name);
bool html_ends_paragraph(struct str name);
bool html_is_url_attr(struct str name);
bool html_is_worded_attr(struct str name);
bool html_has_letters(struct str text, const char **ret_at);
/* True if text has a letter outside the character references that are punctuation. */
bool html_bad_ampersand(struct str text, const char **ret_at);

/* tmplc_emit.c */
void tmplc_emit(struct tmplc *tc, const struct block *block);

#endif
