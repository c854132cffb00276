/* The CSV texts of a finder pack, read into plain arrays. */
#include "finder/kernel.h"
#include "finder/finder_priv.h"
#include <stdio.h>

enum { COLUMNS_MAX = 9 };

struct table {
    struct rg_ctx *ctx;
    struct finder_file file;
    struct rg_csv csv;
    size_t at[COLUMNS_MAX];
};

static enum rg_err
refuse(struct table *t, enum rg_err code, const char *key, const char *what)
{
    char line[24];
    snprintf(line, sizeof(line), "%llu", (unsigned long long)t->csv.line);
    return RG_FAIL(t->ctx, code, key, "file", t->file.name, "line", line, "what", what);
}

/* Open a text and find its columns by name, in the order given. */
static enum rg_err
table_open(struct table *t, struct rg_ctx *ctx, struct finder_file file,
           const char *const *names, size_t n_names)
{
    RG_ASSERT(n_names <= COLUMNS_MAX);
    *t = (struct table){.ctx = ctx, .file = file};
    if (!str_utf8_ok(file.bytes))
        return refuse(t, RG_INVALID, "finder.error.utf8", "UTF-8");
    rg_csv_init(&t->csv, file.bytes);
    if (!rg_csv_next(&t->csv))
        return refuse(t, RG_INVALID, "finder.error.empty", "");
    for (size_t i = 0; i < n_names; i++) {
        ptrdiff_t at = rg_csv_column(&t->csv, str_of(names[i]));
        if (at < 0)
            return refuse(t, RG_INVALID, "finder.error.column", names[i]);
        t->at[i] = (size_t)at;
    }
    return RG_OK;
}

/* A field of the current row, copied; rows shorter than the header give "". */
static struct str
table_text(struct table *t, size_t column)
{
    size_t at = t->at[column];
    struct str s = at < t->csv.n_fields ? str_trim(t->csv.fields[at]) : STR("");
    return rg_arena_str(t->ctx->arena, s);
}

/* A column that a pack may lack: "" then. */
static struct str
table_more(struct table *t, ptrdiff_t at)
{
    struct str s = at >= 0 && (size_t)at < t->csv.n_fields ? str_trim(t->csv.fields[at]) : STR("");
    return rg_arena_str(t->ctx->arena, s);
}

static bool
code_known(const struct finder_need *needs, size_t n, struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(needs[i].code, code))
            return true;
    return false;
}

static bool
area_known(const struct finder_area *areas, size_t n, struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(areas[i].code, code))
            return true;
    return false;
}

/* A row of level 1: an area of need. Its needs may come before or after it. */
static enum rg_err
read_area(struct table *t, struct finder_area *areas, size_t *n)
{
    struct finder_area area = {
        .code = table_text(t, 0),
        .label = {[RG_IT] = table_text(t, 3), [RG_FR] = table_text(t, 4),
                  [RG_EN] = table_text(t, 5)},
        .description = table_text(t, 6)};
    if (*n == FINDER_AREAS_MAX)
        return refuse(t, RG_LIMIT, "finder.error.many", "64");
    if (area.code.n == 0 || area.label[RG_IT].n == 0)
        return refuse(t, RG_INVALID, "finder.error.blank", "code, label_it");
    if (area_known(areas, *n, area.code))
        return refuse(t, RG_INVALID, "finder.error.doubled", area.code.p);
    areas[(*n)++] = area;
    return RG_OK;
}

static enum rg_err
read_needs(struct rg_ctx *ctx, struct finder_file file, struct finder_corpus *corpus)
{
    static const char *const names[] = {"code", "level", "parent", "label_it", "label_fr",
        "label_en", "description_it", "synonyms_it"};
    struct table t;
    enum rg_err err = table_open(&t, ctx, file, names, RG_COUNT(names));
    ptrdiff_t targets = err ? -1 : rg_csv_column(&t.csv, STR("targets"));
    ptrdiff_t in_fr = err ? -1 : rg_csv_column(&t.csv, STR("synonyms_fr"));
    ptrdiff_t in_en = err ? -1 : rg_csv_column(&t.csv, STR("synonyms_en"));
    struct finder_need *needs = RG_ARRAY(ctx->arena, struct finder_need, FINDER_NEEDS_MAX);
    struct finder_area *areas = RG_ARRAY(ctx->arena, struct finder_area, FINDER_AREAS_MAX);
    if (!err && (!needs || !areas))
        err = RG_NO_MEMORY(ctx);
    while (!err && rg_csv_next(&t.csv)) {
        struct str level = table_text(&t, 1);
        if (str_is(level, "1"))
            err = read_area(&t, areas, &corpus->n_areas);
        if (!str_is(level, "2"))
            continue;
        if (corpus->n_needs == FINDER_NEEDS_MAX) {
            err = refuse(&t, RG_LIMIT, "finder.error.many", "255");
            break;
        }
        struct finder_need *n = &needs[corpus->n_needs];
        *n = (struct finder_need){.code = table_text(&t, 0), .parent = table_text(&t, 2),
            .label = {[RG_IT] = table_text(&t, 3), [RG_FR] = table_text(&t, 4),
                      [RG_EN] = table_text(&t, 5)},
            .description = table_text(&t, 6),
            .synonyms = {[RG_IT] = table_text(&t, 7), [RG_FR] = table_more(&t, in_fr),
                         [RG_EN] = table_more(&t, in_en)},
            .targets = table_more(&t, targets)};
        if (n->code.n == 0 || n->label[RG_IT].n == 0)
            err = refuse(&t, RG_INVALID, "finder.error.blank", "code, label_it");
        else if (code_known(needs, corpus->n_needs, n->code))
            err = refuse(&t, RG_INVALID, "finder.error.doubled", n->code.p);
        corpus->n_needs++;
    }
    if (!err && corpus->n_needs == 0)
        err = refuse(&t, RG_INVALID, "finder.error.empty", "");
    corpus->needs = needs;
    corpus->areas = areas;
    rg_csv_done(&t.csv);
    return err;
}

static bool
situation_known(const struct finder_corpus *corpus, struct str situation)
{
    for (size_t i = 0; i < corpus->n_patterns; i++)
        if (corpus->patterns[i].code.n && str_eq(corpus->patterns[i].situation, situation))
            return true;
    return false;
}

static enum rg_err
read_lines(struct rg_ctx *ctx, struct finder_file file, struct finder_corpus *corpus)
{
    static const char *const names[] = {"number", "name_it", "name_fr", "name_en", "for_whom_it",
        "hours_it", "priority", "trigger_codes"};
    struct table t;
    enum rg_err err = table_open(&t, ctx, file, names, RG_COUNT(names));
    ptrdiff_t check = err ? -1 : rg_csv_column(&t.csv, STR("check"));
    ptrdiff_t situations = err ? -1 : rg_csv_column(&t.csv, STR("trigger_situations"));
    struct finder_line *lines = RG_ARRAY(ctx->arena, struct finder_line, FINDER_LINES_MAX);
    if (!err && !lines)
        err = RG_NO_MEMORY(ctx);
    while (!err && rg_csv_next(&t.csv)) {
        if (corpus->n_lines == FINDER_LINES_MAX) {
            err = refuse(&t, RG_LIMIT, "finder.error.many", "64");
            break;
        }
        struct finder_line *l = &lines[corpus->n_lines++];
        *l = (struct finder_line){.number = table_text(&t, 0),
            .name = {[RG_IT] = table_text(&t, 1), [RG_FR] = table_text(&t, 2),
                     [RG_EN] = table_text(&t, 3)},
            .for_whom = table_text(&t, 4), .hours = table_text(&t, 5),
            .codes = table_text(&t, 7)};
        l->check = table_more(&t, check);
        l->situations = table_more(&t, situations);
        if (!rg_parse_i64(table_text(&t, 6), 1, 9, &l->priority))
            err = refuse(&t, RG_INVALID, "finder.error.number", "priority");
        struct str rest = l->codes, code;
        while (!err && rest.n && str_cut(&rest, '|', &code))
            if (!code_known(corpus->needs, corpus->n_needs, code))
                err = refuse(&t, RG_INVALID, "finder.error.code", rg_arena_cstr(ctx->arena, code));
        rest = l->situations;
        while (!err && rest.n && str_cut(&rest, '|', &code))
            if (!situation_known(corpus, code))
                err = refuse(&t, RG_INVALID, "finder.error.situation",
                             rg_arena_cstr(ctx->arena, code));
    }
    corpus->lines = lines;
    rg_csv_done(&t.csv);
    return err;
}

static size_t
count_rows(struct str bytes)
{
    size_t n = 1;
    for (size_t i = 0; i < bytes.n; i++)
        n += bytes.p[i] == '\n';
    return n;
}

static enum rg_err
read_examples(struct rg_ctx *ctx, struct finder_file file, struct finder_corpus *corpus)
{
    static const char *const names[] = {"code", "lang", "text"};
    struct table t;
    enum rg_err err = table_open(&t, ctx, file, names, RG_COUNT(names));
    ptrdiff_t danger = err ? -1 : rg_csv_column(&t.csv, STR("danger"));
    size_t room = count_rows(file.bytes);
    if (!err && room > FINDER_EXAMPLES_MAX)
        err = refuse(&t, RG_LIMIT, "finder.error.many", "100000");
    struct finder_example *all =
        err ? NULL : RG_ARRAY(ctx->arena, struct finder_example, room);
    if (!err && !all)
        err = RG_NO_MEMORY(ctx);
    while (!err && corpus->n_examples < room && rg_csv_next(&t.csv)) {
        struct finder_example *e = &all[corpus->n_examples++];
        *e = (struct finder_example){table_text(&t, 0), table_text(&t, 1), table_text(&t, 2),
                                     table_more(&t, danger)};
        if (e->code.n && !code_known(corpus->needs, corpus->n_needs, e->code))
            err = refuse(&t, RG_INVALID, "finder.error.code", e->code.p);
        else if (e->text.n == 0 || e->lang.n == 0)
            err = refuse(&t, RG_INVALID, "finder.error.blank", "lang, text");
        else if (e->danger.n && !str_is(e->danger, "0") && !str_is(e->danger, "1"))
            err = refuse(&t, RG_INVALID, "finder.error.danger", e->danger.p);
    }
    corpus->examples = all;
    rg_csv_done(&t.csv);
    return err;
}

/* Is the situation of the last pattern, with its code, one that did not stand above? Rows of one
 * kind mostly stand together.                                                                */
static bool
is_new_kind(const struct finder_corpus *corpus)
{
    const struct finder_pattern *last = &corpus->patterns[corpus->n_patterns - 1];
    for (const struct finder_pattern *p = last; p-- > corpus->patterns;)
        if (str_eq(p->situation, last->situation) && str_eq(p->code, last->code))
            return false;
    return true;
}

static enum rg_err
read_patterns(struct rg_ctx *ctx, struct finder_file file, struct finder_corpus *corpus)
{
    static const char *const names[] = {"situation", "code", "lang", "words"};
    struct table t;
    enum rg_err err = table_open(&t, ctx, file, names, RG_COUNT(names));
    struct finder_pattern *all =
        RG_ARRAY(ctx->arena, struct finder_pattern, FINDER_PATTERNS_MAX);
    size_t n_kinds = 0;
    corpus->patterns = all;
    if (!err && !all)
        err = RG_NO_MEMORY(ctx);
    while (!err && rg_csv_next(&t.csv)) {
        if (corpus->n_patterns == FINDER_PATTERNS_MAX) {
            err = refuse(&t, RG_LIMIT, "finder.error.many", "8192");
            break;
        }
        struct finder_pattern *p = &all[corpus->n_patterns++];
        *p = (struct finder_pattern){table_text(&t, 0), table_text(&t, 1), table_text(&t, 2),
                                     table_text(&t, 3)};
        if (p->code.n && !code_known(corpus->needs, corpus->n_needs, p->code))
            err = refuse(&t, RG_INVALID, "finder.error.code", p->code.p);
        else if (p->words.n == 0)
            err = refuse(&t, RG_INVALID, "finder.error.blank", "words");
        else if (p->code.n && (n_kinds += is_new_kind(corpus)) > FINDER_KINDS_MAX)
            err = refuse(&t, RG_LIMIT, "finder.error.many", "256");
    }
    rg_csv_done(&t.csv);
    return err;
}

enum rg_err
finder_corpus_read(struct rg_ctx *ctx, struct finder_file needs, struct finder_file lines,
                   struct finder_file examples, struct finder_file danger,
                   struct finder_corpus *ret_corpus)
{
    struct finder_corpus corpus = {0};
    enum rg_err err = read_needs(ctx, needs, &corpus);
    if (!err)
        err = read_patterns(ctx, danger, &corpus);
    if (!err)
        err = read_lines(ctx, lines, &corpus);
    if (!err)
        err = read_examples(ctx, examples, &corpus);
    if (!err && rg_arena_overflowed(ctx->arena))
        err = RG_NO_MEMORY(ctx);
    if (!err)
        *ret_corpus = corpus;
    return err;
}

enum rg_err
finder_lexicon_read(struct rg_ctx *ctx, struct finder_file lexicon, struct finder_corpus *corpus)
{
    const char *names[1 + FINDER_LANG__MAX] = {"concept"};
    struct table t;
    for (int l = 0; l < FINDER_LANG__MAX; l++)
        names[1 + l] = finder_lang_tag((enum finder_lang)l);
    enum rg_err err = table_open(&t, ctx, lexicon, names, RG_COUNT(names));
    struct finder_concept *all =
        err ? NULL : RG_ARRAY(ctx->arena, struct finder_concept, FINDER_CONCEPTS_MAX);
    size_t n = 0;
    if (!err && !all)
        err = RG_NO_MEMORY(ctx);
    while (!err && rg_csv_next(&t.csv)) {
        if (n == FINDER_CONCEPTS_MAX) {
            err = refuse(&t, RG_LIMIT, "finder.error.many", "1024");
            break;
        }
        struct finder_concept *c = &all[n++];
        c->code = table_text(&t, 0);
        for (size_t l = 0; l < FINDER_LANG__MAX; l++)
            c->words[l] = table_text(&t, 1 + l);
        if (c->code.n == 0)
            err = refuse(&t, RG_INVALID, "finder.error.blank", "concept");
        for (size_t i = 0; !err && i + 1 < n; i++)
            if (str_eq(all[i].code, c->code))
                err = refuse(&t, RG_INVALID, "finder.error.doubled", c->code.p);
    }
    rg_csv_done(&t.csv);
    if (!err && rg_arena_overflowed(ctx->arena))
        err = RG_NO_MEMORY(ctx);
    if (!err) {
        corpus->concepts = all;
        corpus->n_concepts = n;
    }
    return err;
}

static bool
name_known(const struct finder_corpus *corpus, struct str code)
{
    for (size_t i = 0; i < corpus->n_lines; i++)
        if (str_eq(corpus->lines[i].number, code))
            return true;
    return code_known(corpus->needs, corpus->n_needs, code);
}

enum rg_err
finder_names_read(struct rg_ctx *ctx, struct finder_file file, struct finder_corpus *corpus)
{
    static const char *const columns[] = {"code"};
    struct table t;
    ptrdiff_t at[FINDER_LANG__MAX];
    enum rg_err err = table_open(&t, ctx, file, columns, RG_COUNT(columns));
    for (int l = 0; !err && l < FINDER_LANG__MAX; l++)
        at[l] = rg_csv_column(&t.csv, str_of(finder_lang_tag((enum finder_lang)l)));
    struct finder_name *all = err ? NULL : RG_ARRAY(ctx->arena, struct finder_name,
                                                    FINDER_NAMES_MAX);
    size_t n = 0;
    if (!err && !all)
        err = RG_NO_MEMORY(ctx);
    while (!err && rg_csv_next(&t.csv)) {
        if (n == FINDER_NAMES_MAX) {
            err = refuse(&t, RG_LIMIT, "finder.error.many", "512");
            break;
        }
        struct finder_name *name = &all[n];
        name->code = table_text(&t, 0);
        for (int l = 0; l < FINDER_LANG__MAX; l++)
            name->in[l] = table_more(&t, at[l]);
        if (!name_known(corpus, name->code))
            err = refuse(&t, RG_INVALID, "finder.error.code",
                         rg_arena_cstr(ctx->arena, name->code));
        for (size_t i = 0; !err && i < n; i++)
            if (str_eq(all[i].code, name->code))
                err = refuse(&t, RG_INVALID, "finder.error.doubled",
                             rg_arena_cstr(ctx->arena, name->code));
        n++;
    }
    rg_csv_done(&t.csv);
    if (!err && rg_arena_overflowed(ctx->arena))
        err = RG_NO_MEMORY(ctx);
    if (!err) {
        corpus->names = all;
        corpus->n_names = n;
    }
    return err;
}
