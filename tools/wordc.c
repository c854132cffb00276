/* wordc OUT.c FILE.po…: compile the message files of all rooms into the one wording table.
 * Fails, naming every fault with file and line, when a key is missing in a language, stands
 * twice, or its placeholders differ.                                                         */
#include "po.h"
#include "web/wording.h"
#include <errno.h>
#include <stdio.h>

enum { ARENA_MAX = 256 * 1024 * 1024, SLOTS_MAX = 1 << 16 };

static void
put_c_string(FILE *out, struct str s)
{
    fputc('"', out);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\' || c == '?')
            fprintf(out, "\\%c", c);
        else if (c < 0x20)
            fprintf(out, "\\%03o", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

/* Without a placeholder, and the same when escaped for HTML: it is copied as it stands. */
static bool
is_plain(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (memchr("{}&<>\"'", text.p[i], 7) || text.p[i] == '\0')
            return false;
    return true;
}

static void
put_entry(FILE *out, const struct po_book *book, size_t i)
{
    const struct po_entry *italian = &book->lang[RG_IT].entries[i];
    fputs("    {", out);
    put_c_string(out, italian->key);
    fprintf(out, ", 0x%016llxu, %s, {", (unsigned long long)wording_hash(italian->key),
            italian->plural ? "true" : "false");
    for (unsigned lang = 0; lang < RG_LANG__MAX; lang++) {
        const struct po_entry *e = &book->lang[lang].entries[i];
        fputs("\n        {", out);
        for (int form = 0; form <= e->plural; form++) {
            fputc('{', out);
            put_c_string(out, e->text[form]);
            fprintf(out, ", %zu}, ", e->text[form].n);
        }
        fputs("},", out);
    }
    fputs("}, {", out);
    for (unsigned lang = 0; lang < RG_LANG__MAX; lang++) {
        const struct po_entry *e = &book->lang[lang].entries[i];
        fprintf(out, "{%d, %d}, ", is_plain(e->text[0]), e->plural && is_plain(e->text[1]));
    }
    fputs("}},\n", out);
}

/* The look-up by hash: at least half of the places stay empty, so that a search ends soon. */
static void
put_slots(FILE *out, const struct po_book *book)
{
    size_t n = book->lang[RG_IT].n, n_slots = 16;
    while (n_slots < 2 * n)
        n_slots *= 2;
    RG_ASSERT(n < UINT16_MAX && n_slots <= SLOTS_MAX);
    static uint16_t slots[SLOTS_MAX];
    for (size_t i = 0; i < n; i++) {
        size_t at = wording_hash(book->lang[RG_IT].entries[i].key) & (n_slots - 1);
        for (; slots[at]; at = (at + 1) & (n_slots - 1)) /* a look-up compares hashes alone */
            RG_ASSERT(wording_hash(book->lang[RG_IT].entries[slots[at] - 1].key) !=
                      wording_hash(book->lang[RG_IT].entries[i].key));
        slots[at] = (uint16_t)(i + 1);
    }
    fprintf(out, "\nconst size_t wording_n_slots = %zu;\n", n_slots);
    fprintf(out, "const uint16_t wording_slots[%zu] = {", n_slots);
    for (size_t i = 0; i < n_slots; i++)
        fprintf(out, "%s%u,", i % 16 ? " " : "\n    ", slots[i]);
    fputs("\n};\n", out);
}

static bool
write_table(const char *path, const struct po_book *book)
{
    FILE *out = fopen(path, "w");
    if (!out)
        return false;
    size_t n = book->lang[RG_IT].n;
    fputs("/* Written by tools/wordc from the message files of all rooms; do not edit. */\n"
          "#include \"web/wording.h\"\n\n"
          "const struct wording_entry wording_entries[] = {\n", out);
    for (size_t i = 0; i < n; i++)
        put_entry(out, book, i);
    if (n == 0)
        fputs("    {NULL, 0, false, {{{NULL, 0}, {NULL, 0}}}, {{false}}},\n", out);
    fprintf(out, "};\n\nconst size_t wording_n_entries = %zu;\n", n);
    put_slots(out, book);
    bool ok = !ferror(out);
    return fclose(out) == 0 && ok;
}

int
main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: wordc OUT.c FILE.po…\n", stderr);
        return 2;
    }
    struct rg_arena *arena = rg_arena_new(ARENA_MAX);
    RG_ASSERT(arena);
    struct po_book book;
    po_book_init(&book, arena);
    for (int i = 2; i < argc; i++)
        po_book_read(&book, argv[i]);
    po_book_check(&book);
    int status = 0;
    if (book.n_complaints > 0) {
        struct str all = rg_buf_view(&book.complaints);
        fwrite(all.p, 1, all.n, stderr);
        status = 1;
    } else if (!write_table(argv[1], &book)) {
        fprintf(stderr, "%s: cannot be written: %s\n", argv[1], strerror(errno));
        status = 3;
    }
    po_book_done(&book);
    rg_arena_free(arena);
    return status;
}
