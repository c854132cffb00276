#include "po.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Where a parse stands. */
struct po_reader {
    struct po_book *book;
    enum rg_lang lang;
    const char *file;
    struct str rest;
    int line;
    struct po_entry entry; /* being read                                     */
    bool open;             /* entry has begun                                */
    struct rg_buf text;    /* of the field being read                        */
    struct str *field;     /* where that text goes                           */
};

void
po_book_init(struct po_book *book, struct rg_arena *arena)
{
    *book = (struct po_book){.arena = arena};
    rg_buf_init(&book->complaints, 1024 * 1024);
}

void
po_book_done(struct po_book *book)
{
    rg_buf_done(&book->complaints);
}

static void __attribute__((format(printf, 4, 5)))
complain(struct po_book *book, const char *file, int line, const char *format, ...)
{
    char sentence[512];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof(sentence), format, args);
    va_end(args);
    rg_buf_printf(&book->complaints, "%s:%d: %s\n", file, line, sentence);
    book->n_complaints++;
}

bool
tool_read_file(struct rg_arena *arena, const char *path, struct str *ret_text)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    char *text = rg_arena_alloc(arena, PO_FILE_MAX / 64);
    size_t cap = text ? PO_FILE_MAX / 64 : 0, n = 0;
    for (;;) {
        n += text ? fread(text + n, 1, cap - n - 1, file) : 0;
        if (!text || n < cap - 1)
            break;
        char *larger = cap < PO_FILE_MAX ? rg_arena_alloc(arena, cap * 2) : NULL;
        if (larger)
            memcpy(larger, text, n);
        text = larger;
        cap *= 2;
    }
    bool ok = text && !ferror(file);
    fclose(file);
    if (!ok) {
        errno = text ? EIO : EFBIG;
        return false;
    }
    text[n] = '\0';
    *ret_text = str_n(text, n);
    return true;
}

static void
entry_add(struct po_book *book, enum rg_lang lang, const struct po_entry *entry)
{
    if (book->lang[lang].n == book->lang[lang].cap) {
        size_t cap = book->lang[lang].cap ? book->lang[lang].cap * 2 : 256;
        struct po_entry *entries = RG_ARRAY(book->arena, struct po_entry, cap);
        RG_ASSERT(entries);
        if (book->lang[lang].n > 0)
            memcpy(entries, book->lang[lang].entries, book->lang[lang].n * sizeof(*entries));
        book->lang[lang].entries = entries;
        book->lang[lang].cap = cap;
    }
    book->lang[lang].entries[book->lang[lang].n++] = *entry;
}

/* Is the blank at i one that French writes inside its punctuation: « x », x : y? */
static bool
binds_in_french(struct str text, size_t i)
{
    struct str before = str_n(text.p, i), after = str_n(text.p + i + 1, text.n - i - 1);
    if (str_ends(before, STR("«")) || str_starts(after, STR("»")))
        return true;
    bool mark = after.n && memchr(":;!?", after.p[0], 4);
    return mark && (after.n == 1 || memchr(" \n<)", after.p[1], 4));
}

/* Those blanks must not break a line. Translators write plain ones, which they can see. */
static struct str
french_bound(struct rg_arena *arena, struct str text)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, PO_FILE_MAX);
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == ' ' && binds_in_french(text, i))
            rg_buf_str(&out, STR("\u00a0"));
        else
            rg_buf_c(&out, text.p[i]);
    return rg_arena_str(arena, rg_buf_view(&out));
}

static void
field_end(struct po_reader *r)
{
    if (!r->field)
        return;
    bool french = r->lang == RG_FR && r->field != &r->entry.key;
    struct str text = rg_buf_view(&r->text);
    *r->field = french ? french_bound(r->book->arena, text)
                       : rg_arena_str(r->book->arena, text);
    rg_buf_reset(&r->text);
    r->field = NULL;
}

static void
entry_end(struct po_reader *r)
{
    field_end(r);
    if (!r->open)
        return;
    r->open = false;
    const struct po_entry *e = &r->entry;
    if (e->key.n == 0) /* the header of the file, for translators' tools */
        return;
    if (e->text[0].n == 0 || (e->plural && e->text[1].n == 0))
        complain(r->book, e->file, e->line, "the text of \"%.*s\" is empty: write it%s",
                 STR_ARG(e->key), e->plural ? " in both forms" : "");
    else if (!e->plural && e->text[1].p)
        complain(r->book, e->file, e->line, "\"%.*s\" has msgstr[1] but no msgid_plural",
                 STR_ARG(e->key));
    else
        entry_add(r->book, r->lang, e);
}

/* string = '"' ( character | '\' ( n | t | '"' | '\' ) )* '"' */
static void
read_string(struct po_reader *r, struct str s)
{
    if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"') {
        complain(r->book, r->file, r->line, "a text must stand between double quotes");
        return;
    }
    for (size_t i = 1; i + 1 < s.n; i++) {
        char c = s.p[i];
        if (c == '"') {
            complain(r->book, r->file, r->line, "a quote inside a text is written \\\"");
            return;
        }
        if (c == '\\') {
            const char *known = "n\nt\t\"\"\\\\";
            char next = i + 2 < s.n ? s.p[++i] : '\0';
            for (; *known && *known != next; known += 2)
                ;
            if (!*known || next == '\0') {
                complain(r->book, r->file, r->line,
                         "only \\n \\t \\\" \\\\ may follow a backslash");
                return;
            }
            c = known[1];
        }
        rg_buf_c(&r->text, c);
    }
}

static struct str *
begin_entry(struct po_reader *r)
{
    entry_end(r);
    r->entry = (struct po_entry){.file = r->file, .line = r->line};
    r->open = true;
    return &r->entry.key;
}

static void
read_line(struct po_reader *r, struct str line)
{
    static const char *const words[] = {"msgid_plural", "msgid", "msgstr[0]", "msgstr[1]",
                                        "msgstr"};
    if (line.n == 0 || line.p[0] == '#')
        return;
    if (line.p[0] == '"') {
        if (r->field)
            read_string(r, line);
        else
            complain(r->book, r->file, r->line, "a text that belongs to nothing");
        return;
    }
    size_t w = 0;
    while (w < RG_COUNT(words) && !str_starts(line, str_of(words[w])))
        w++;
    if (w == RG_COUNT(words) || (w != 1 && !r->open)) {
        complain(r->book, r->file, r->line,
                 "expected msgid, msgid_plural or msgstr, found: %.*s", STR_ARG(line));
        return;
    }
    field_end(r);
    static struct str ignored; /* msgid_plural repeats the key */
    struct str *fields[] = {&ignored, NULL, &r->entry.text[0], &r->entry.text[1],
                            &r->entry.text[0]};
    if (w == 0)
        r->entry.plural = true;
    r->field = w == 1 ? begin_entry(r) : fields[w];
    size_t used = strlen(words[w]);
    read_string(r, str_trim(str_n(line.p + used, line.n - used)));
}

void
po_book_parse(struct po_book *book, enum rg_lang lang, const char *path, struct str text)
{
    struct po_reader r = {.book = book, .lang = lang, .file = path};
    rg_buf_init(&r.text, PO_FILE_MAX);
    if (!str_utf8_ok(text))
        complain(book, path, 1, "the file is not UTF-8: save it as UTF-8");
    for (struct str line; str_cut(&text, '\n', &line);) {
        r.line++;
        read_line(&r, str_trim(line));
    }
    entry_end(&r);
    rg_buf_done(&r.text);
}

void
po_book_read(struct po_book *book, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct str name = str_of(slash ? slash + 1 : path);
    enum rg_lang lang;
    struct str text;
    if (name.n != 5 || !str_ends(name, STR(".po")) || !rg_lang_of(str_n(name.p, 2), &lang))
        complain(book, path, 0, "the file must be called it.po, fr.po or en.po");
    else if (!tool_read_file(book->arena, path, &text))
        complain(book, path, 0, "cannot be read: %s", strerror(errno));
    else
        po_book_parse(book, lang, path, text);
}

static bool
is_placeholder_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || c == '_' || (i > 0 && c >= '0' && c <= '9')))
            return false;
    }
    return name.n > 0;
}

static bool
names_have(const struct str *names, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(names[i], name))
            return true;
    return false;
}

/* The placeholders of one text added to names; false if a brace is out of place. */
static bool
collect(struct str text, struct str names[PO_PLACEHOLDERS_MAX], size_t *n)
{
    while (text.n > 0) {
        const char *open = memchr(text.p, '{', text.n);
        size_t literal = open ? (size_t)(open - text.p) : text.n;
        if (memchr(text.p, '}', literal))
            return false;
        if (!open)
            return true;
        const char *close = memchr(open, '}', text.n - literal);
        struct str name = close ? str_n(open + 1, (size_t)(close - open - 1)) : STR_NONE;
        if (!is_placeholder_name(name))
            return false;
        if (!names_have(names, *n, name)) {
            if (*n == PO_PLACEHOLDERS_MAX)
                return false;
            names[(*n)++] = name;
        }
        text = str_n(close + 1, text.n - literal - name.n - 2);
    }
    return true;
}

size_t
po_placeholders(const struct po_entry *entry, struct str ret_names[PO_PLACEHOLDERS_MAX])
{
    size_t n = 0;
    if (collect(entry->text[0], ret_names, &n) && entry->plural)
        collect(entry->text[1], ret_names, &n);
    return n;
}

static int
entry_order(const void *a, const void *b)
{
    return str_cmp(((const struct po_entry *)a)->key, ((const struct po_entry *)b)->key);
}

const struct po_entry *
po_book_find(const struct po_book *book, enum rg_lang lang, struct str key)
{
    struct po_entry wanted = {.key = key};
    if (book->lang[lang].n == 0)
        return NULL;
    return bsearch(&wanted, book->lang[lang].entries, book->lang[lang].n, sizeof(wanted),
                   entry_order);
}

static void
check_braces(struct po_book *book, const struct po_entry *e)
{
    struct str names[PO_PLACEHOLDERS_MAX];
    size_t n = 0;
    for (int form = 0; form <= e->plural; form++)
        if (!collect(e->text[form], names, &n)) {
            complain(book, e->file, e->line,
                     "\"%.*s\": braces hold a name of a-z, 0-9 and _, as in {name}; at most %d",
                     STR_ARG(e->key), PO_PLACEHOLDERS_MAX);
            return;
        }
}

/* The count of a plural may be left unsaid ("one service"). */
static void
check_against(struct po_book *book, const struct po_entry *e, const struct po_entry *italian)
{
    struct str ours[PO_PLACEHOLDERS_MAX], theirs[PO_PLACEHOLDERS_MAX];
    size_t n_ours = po_placeholders(e, ours), n_theirs = po_placeholders(italian, theirs);
    if (e->plural != italian->plural)
        complain(book, e->file, e->line, "\"%.*s\" %s a plural here but %s in %s:%d",
                 STR_ARG(e->key), e->plural ? "has" : "lacks", e->plural ? "not" : "one stands",
                 italian->file, italian->line);
    for (size_t i = 0; i < n_ours; i++)
        if (!names_have(theirs, n_theirs, ours[i]) && !(e->plural && str_is(ours[i], "count")))
            complain(book, e->file, e->line, "\"%.*s\" has {%.*s}, which %s:%d has not",
                     STR_ARG(e->key), STR_ARG(ours[i]), italian->file, italian->line);
    for (size_t i = 0; i < n_theirs; i++)
        if (!names_have(ours, n_ours, theirs[i]) && !(e->plural && str_is(theirs[i], "count")))
            complain(book, e->file, e->line, "\"%.*s\" lacks {%.*s}, which %s:%d has",
                     STR_ARG(e->key), STR_ARG(theirs[i]), italian->file, italian->line);
}

static void
check_language(struct po_book *book, enum rg_lang lang)
{
    for (size_t i = 0; i < book->lang[lang].n; i++) {
        const struct po_entry *e = &book->lang[lang].entries[i];
        if (i > 0 && str_eq(e[-1].key, e->key))
            complain(book, e->file, e->line, "\"%.*s\" stands in %s:%d too: keep one",
                     STR_ARG(e->key), e[-1].file, e[-1].line);
        check_braces(book, e);
        for (unsigned other = 0; other < RG_LANG__MAX; other++) {
            const struct po_entry *twin = po_book_find(book, (enum rg_lang)other, e->key);
            if (!twin)
                complain(book, e->file, e->line, "\"%.*s\" is missing in %s.po",
                         STR_ARG(e->key), rg_lang_tag((enum rg_lang)other));
            else if (other == RG_IT && lang != RG_IT)
                check_against(book, e, twin);
        }
    }
}

void
po_book_sort(struct po_book *book)
{
    for (unsigned lang = 0; lang < RG_LANG__MAX; lang++)
        if (book->lang[lang].n > 0)
            qsort(book->lang[lang].entries, book->lang[lang].n, sizeof(struct po_entry),
                  entry_order);
}

void
po_book_check(struct po_book *book)
{
    po_book_sort(book);
    for (unsigned lang = 0; lang < RG_LANG__MAX; lang++)
        check_language(book, (enum rg_lang)lang);
}
