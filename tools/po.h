/* Message files (gettext PO) for the tools of the build: read, compared across languages, asked.
 *
 * Of the format we take what we write: comments, msgid, msgid_plural, msgstr, msgstr[0] and
 * msgstr[1], strings over several lines, the escapes \n \t \" \\. Everything wrong is collected,
 * with file and line, so that a translator sees all of it at once.                           */
#ifndef RG_TOOLS_PO_H
#define RG_TOOLS_PO_H

#include "base/base.h"

enum po_limits {
    PO_FILE_MAX = 4 * 1024 * 1024, /* all of our wording in one language is under 1 MiB */
    PO_PLACEHOLDERS_MAX = 16,      /* of one message                                    */
};

struct po_entry {
    struct str key;
    struct str text[2]; /* one, other; without plural only the first */
    bool plural;
    const char *file;
    int line;
};

struct po_book {
    struct rg_arena *arena;
    struct {
        struct po_entry *entries;
        size_t n, cap;
    } lang[RG_LANG__MAX];
    struct rg_buf complaints; /* one line each: "file:line: sentence" */
    size_t n_complaints;
};

void po_book_init(struct po_book *book, struct rg_arena *arena);
void po_book_done(struct po_book *book);

void po_book_read(struct po_book *book, const char *path);
/* Add a file; its name (it.po, fr.po, en.po) says the language. */

void po_book_parse(struct po_book *book, enum rg_lang lang, const char *path, struct str text);
/* The same from memory; text must live as long as the book. */

void po_book_sort(struct po_book *book);
/* By key, so that po_book_find works. */

void po_book_check(struct po_book *book);
/* Sort by key, then complain of duplicates, of a key that a language lacks, of empty texts, of
 * placeholders or plurals that differ from the Italian ones.                                 */

const struct po_entry *po_book_find(const struct po_book *book, enum rg_lang lang, struct str key);
/* After po_book_sort. NULL if there is none. */

size_t po_placeholders(const struct po_entry *entry, struct str ret_names[PO_PLACEHOLDERS_MAX]);
/* The distinct names between braces, of both forms. */

bool tool_read_file(struct rg_arena *arena, const char *path, struct str *ret_text);
/* The whole file, in the arena and terminated; false (errno set) if it cannot be read or is
 * longer than PO_FILE_MAX.                                                                   */

#endif
