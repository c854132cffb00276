/* tmplc ROOM OUT.c OUT.h SOURCE_FOLDER FILE.tmpl…: compile the pages of a room into C.
 *
 * Message keys are checked against the Italian files SOURCE_FOLDER/ROOM/po/it.po of all rooms;
 * tools/wordc holds the other languages to those. tools/TEMPLATES.md describes the language. */
#include "tmplc.h"
#include <errno.h>
#include <glob.h>
#include <stdio.h>

enum { ARENA_MAX = 512 * 1024 * 1024 };

static void
read_messages(struct po_book *book, const char *folder)
{
    glob_t found;
    const char *pattern = rg_arena_printf(book->arena, "%s/*/po/it.po", folder);
    RG_ASSERT(pattern);
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *path = rg_arena_cstr(book->arena, str_of(found.gl_pathv[i]));
        RG_ASSERT(path);
        po_book_read(book, path);
    }
    globfree(&found);
    po_book_sort(book);
}

static bool
write_file(const char *path, const struct rg_buf *text)
{
    FILE *file = text->failed ? NULL : fopen(path, "w");
    if (!file)
        return false;
    bool ok = fwrite(text->p, 1, text->n, file) == text->n;
    return fclose(file) == 0 && ok;
}

/* Wrap what the files gave in includes and a guard. */
static bool
write_outputs(const struct tmplc *tc, const char *c_path, const char *h_path)
{
    struct rg_buf c, h;
    rg_buf_init(&c, SIZE_MAX / 4);
    rg_buf_init(&h, SIZE_MAX / 4);
    rg_buf_printf(&h, "/* Written by tools/tmplc from the templates of %s; do not edit. */\n"
                  "#ifndef RG_%s_TMPL_H\n#define RG_%s_TMPL_H\n\n#include \"web/html.h\"\n",
                  tc->room, tc->room, tc->room);
    for (const struct text_list *use = tc->uses; use; use = use->next)
        rg_buf_printf(&h, "#include \"%.*s\"\n", STR_ARG(use->text));
    rg_buf_c(&h, '\n');
    rg_buf_str(&h, rg_buf_view(&tc->out_h));
    rg_buf_lit(&h, "\n#endif\n");
    rg_buf_printf(&c, "/* Written by tools/tmplc from the templates of %s; do not edit. */\n"
                  "#include \"%s_tmpl.h\"\n", tc->room, tc->room);
    for (const struct text_list *room = tc->rooms; room; room = room->next)
        rg_buf_printf(&c, "#include \"%.*s_tmpl.h\"\n", STR_ARG(room->text));
    rg_buf_str(&c, rg_buf_view(&tc->out_c));
    bool ok = write_file(c_path, &c) && write_file(h_path, &h);
    rg_buf_done(&c);
    rg_buf_done(&h);
    return ok;
}

static int
compile(struct tmplc *tc, char **paths, int n_paths)
{
    int status = 0;
    for (int i = 0; i < n_paths; i++) {
        struct str source;
        if (!tool_read_file(tc->arena, paths[i], &source)) {
            fprintf(stderr, "%s: cannot be read: %s\n", paths[i], strerror(errno));
            return 3;
        }
        if (!tmplc_file(tc, paths[i], source)) {
            fprintf(stderr, "%s\n", tc->error);
            status = 1; /* go on: one mistake a file is better than one in all */
        }
    }
    return status;
}

int
main(int argc, char **argv)
{
    if (argc < 5) {
        fputs("usage: tmplc ROOM OUT.c OUT.h SOURCE_FOLDER FILE.tmpl…\n", stderr);
        return 2;
    }
    struct rg_arena *arena = rg_arena_new(ARENA_MAX);
    RG_ASSERT(arena);
    struct po_book book;
    po_book_init(&book, arena);
    read_messages(&book, argv[4]);
    struct tmplc tc;
    tmplc_init(&tc, arena, &book, argv[1]);
    int status = compile(&tc, argv + 5, argc - 5);
    if (status == 0 && !write_outputs(&tc, argv[2], argv[3])) {
        fprintf(stderr, "%s: cannot be written: %s\n", argv[2], strerror(errno));
        status = 3;
    }
    tmplc_done(&tc);
    po_book_done(&book);
    rg_arena_free(arena);
    return status;
}
