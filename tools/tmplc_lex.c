/* The words of the template language, inside {{ }} and {% %}. */
#include "tmplc.h"
#include <stdarg.h>
#include <stdio.h>

int
tmplc_line(const struct tmplc *tc, const char *at)
{
    int line = 1;
    for (const char *p = tc->source.p; p < at && p < tc->source.p + tc->source.n; p++)
        line += *p == '\n';
    return line;
}

void
tmplc_fail(struct tmplc *tc, const char *at, const char *format, ...)
{
    char sentence[800];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof(sentence), format, args);
    va_end(args);
    snprintf(tc->error, sizeof(tc->error), "%s:%d: error: %s", tc->path, tmplc_line(tc, at),
             sentence);
    longjmp(*tc->on_error, 1);
}

void *
tmplc_new(struct tmplc *tc, size_t n_bytes)
{
    void *p = rg_arena_alloc(tc->arena, n_bytes);
    if (!p)
        tmplc_fail(tc, tc->source.p, "the file is too large for the template compiler");
    return p;
}

struct str
tmplc_print(struct tmplc *tc, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    RG_ASSERT(n >= 0);
    char *p = tmplc_new(tc, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return str_n(p, (size_t)n);
}

bool
tmplc_list_has(const struct text_list *list, struct str text)
{
    for (; list; list = list->next)
        if (str_eq(list->text, text))
            return true;
    return false;
}

void
tmplc_list_add(struct tmplc *tc, struct text_list **list, struct str text)
{
    if (tmplc_list_has(*list, text))
        return;
    while (*list)
        list = &(*list)->next;
    *list = tmplc_new(tc, sizeof(**list));
    (*list)->text = text;
}

/* The end of a hole or statement: the closing braces outside quotes. */
static const char *
find_close(struct tmplc *tc, const char *at, const char *from, char first, char second)
{
    const char *end = tc->source.p + tc->source.n;
    bool quoted = false;
    for (const char *p = from; p + 1 < end; p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (!quoted && p[0] == first && p[1] == second)
            return p;
        else if (*p == '\n' && quoted)
            break;
    }
    tmplc_fail(tc, at, "\"%.2s\" is not closed by \"%c%c\"", at, first, second);
}

/* {# literal #} alone on its line excuses the letters of the next line. */
static void
note_literal(struct tmplc *tc, const char *at, const char *close)
{
    if (!str_is(str_trim(str_n(at + 2, (size_t)(close - at - 2))), "literal"))
        return;
    const char *before = at, *after = close + 2, *end = tc->source.p + tc->source.n;
    while (before > tc->source.p && (before[-1] == ' ' || before[-1] == '\t'))
        before--;
    while (after < end && (*after == ' ' || *after == '\t'))
        after++;
    if ((before > tc->source.p && before[-1] != '\n') || (after < end && *after != '\n'))
        tmplc_fail(tc, at, "{# literal #} must stand alone on the line before the text");
    struct line_list *node = tmplc_new(tc, sizeof(*node));
    *node = (struct line_list){tmplc_line(tc, close) + 1, tc->literal_lines};
    tc->literal_lines = node;
}

struct item
tmplc_item(struct tmplc *tc, const char **pos)
{
    const char *end = tc->source.p + tc->source.n;
    for (;;) {
        const char *at = *pos;
        if (at == end)
            return (struct item){ITEM_END, at, STR_NONE};
        const char *p = at;
        while (p < end && !(p[0] == '{' && p + 1 < end &&
                            (p[1] == '{' || p[1] == '%' || p[1] == '#')))
            p++;
        if (p > at) {
            *pos = p;
            return (struct item){ITEM_TEXT, at, str_n(at, (size_t)(p - at))};
        }
        char closer = at[1] == '{' ? '}' : at[1];
        if (closer == '#') {
            struct str rest = str_n(at, (size_t)(end - at));
            ptrdiff_t n = str_find(rest, STR("#}"));
            if (n < 2)
                tmplc_fail(tc, at, "a comment \"{#\" is not closed by \"#}\"");
            note_literal(tc, at, at + n);
            *pos = at + n + 2;
            continue;
        }
        const char *close = find_close(tc, at, at + 2, closer, '}');
        *pos = close + 2;
        return (struct item){closer == '%' ? ITEM_STMT : ITEM_HOLE, at,
                             str_n(at + 2, (size_t)(close - at - 2))};
    }
}

static bool
is_ident(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c >= '0' && c <= '9');
}

static struct token
take(struct lexer *lx, enum token_kind kind, size_t n)
{
    struct token token = {kind, lx->p, str_n(lx->p, n)};
    lx->p += n;
    return token;
}

static struct token
take_string(struct lexer *lx)
{
    const char *at = lx->p, *p = at + 1;
    while (p < lx->end && *p != '"' && *p != '\\' && *p != '\n')
        p++;
    if (p == lx->end || *p != '"')
        tmplc_fail(lx->tc, at, "a string ends with a quote on its own line, without backslashes");
    lx->p = p + 1;
    return (struct token){TOKEN_STRING, at, str_n(at + 1, (size_t)(p - at - 1))};
}

static struct token
scan(struct lexer *lx)
{
    static const char *const puncts[] = {"->", "==", "!=", "<=", ">=", "<", ">", "(", ")", ",",
                                         ".",  "[",  "]",  "=",  "-"};
    while (lx->p < lx->end && (*lx->p == ' ' || (*lx->p >= '\t' && *lx->p <= '\r')))
        lx->p++;
    size_t left = (size_t)(lx->end - lx->p), n = 0;
    if (left == 0)
        return (struct token){TOKEN_END, lx->end, STR_NONE};
    if (*lx->p == '"')
        return take_string(lx);
    while (n < left && is_ident(lx->p[n]))
        n++;
    if (n > 0 && *lx->p >= '0' && *lx->p <= '9') {
        for (size_t i = 0; i < n; i++)
            if (lx->p[i] < '0' || lx->p[i] > '9' || n > 18)
                tmplc_fail(lx->tc, lx->p, "a number has at most 18 decimal digits");
        return take(lx, TOKEN_NUMBER, n);
    }
    if (n > 0)
        return take(lx, TOKEN_IDENT, n);
    for (size_t i = 0; i < RG_COUNT(puncts); i++)
        if (str_starts(str_n(lx->p, left), str_of(puncts[i])))
            return take(lx, TOKEN_PUNCT, strlen(puncts[i]));
    tmplc_fail(lx->tc, lx->p, "\"%.*s\" has no meaning in a template: no C in here",
               (int)(left < 8 ? left : 8), lx->p);
}

void
lexer_advance(struct lexer *lx)
{
    lx->token = lx->ahead;
    if (lx->token.kind != TOKEN_END)
        lx->ahead = scan(lx);
}

void
lexer_init(struct lexer *lx, struct tmplc *tc, struct str text)
{
    *lx = (struct lexer){.tc = tc, .p = text.p, .end = text.p + text.n};
    lx->token = scan(lx);
    lx->ahead = lx->token.kind == TOKEN_END ? lx->token : scan(lx);
}

bool
lexer_is(const struct lexer *lx, const char *text)
{
    return (lx->token.kind == TOKEN_IDENT || lx->token.kind == TOKEN_PUNCT) &&
           str_eq(lx->token.text, str_of(text));
}

bool
lexer_take(struct lexer *lx, const char *text)
{
    if (!lexer_is(lx, text))
        return false;
    lexer_advance(lx);
    return true;
}

void
lexer_want(struct lexer *lx, const char *text)
{
    if (!lexer_take(lx, text))
        tmplc_fail(lx->tc, lx->token.at, "expected \"%s\" before \"%.*s\"", text,
                   STR_ARG(lx->token.text));
}

struct str
lexer_ident(struct lexer *lx, const char *what)
{
    struct str name = lx->token.text;
    if (lx->token.kind != TOKEN_IDENT)
        tmplc_fail(lx->tc, lx->token.at, "expected %s before \"%.*s\"", what, STR_ARG(name));
    lexer_advance(lx);
    return name;
}

void
lexer_finish(struct lexer *lx)
{
    if (lx->token.kind != TOKEN_END)
        tmplc_fail(lx->tc, lx->token.at, "nothing may follow here: \"%.*s\"",
                   STR_ARG(lx->token.text));
}
