/* What the rows of a pack say together: codes twice, codes nobody knows, hours that overlap,
 * tables and themes that lead in a circle, totals that do not add up. */
#include "listening/pack.h"
#include "listening/kernel.h"
#include "listening_sql.h"

/* ---- codes ---- */

struct str
pack_code(struct rg_ctx *ctx, const char *kind, struct str code, struct str second)
{
    const char *key =
        rg_arena_printf(ctx->arena, "%s\x1f%.*s\x1f%.*s", kind, STR_ARG(code), STR_ARG(second));
    return str_of(key);
}

static size_t
slot_of(const struct pack *pack, struct str code)
{
    size_t at = (size_t)str_hash(code) & (pack->n_slots - 1);
    while (pack->slots[at] && !str_eq(pack->codes[pack->slots[at] - 1], code))
        at = (at + 1) & (pack->n_slots - 1);
    return at;
}

bool
pack_code_in(const struct pack *pack, struct str code)
{
    return pack->n_slots && code.p && pack->slots[slot_of(pack, code)] != 0;
}

/* The key of a row as text; files without a name of their own use the file's. */
static struct str
row_key(struct pack *pack, const struct pack_table *table, const struct pack_row *row)
{
    const struct pack_file *f = table->file;
    struct str second = f->n_key > 1 ? row->cells[1] : STR("");
    if (f->n_key > 2) {
        const char *both = rg_arena_printf(pack->ctx->arena, "%.*s\x1f%.*s",
                                           STR_ARG(row->cells[1]), STR_ARG(row->cells[2]));
        second = str_of(both);
    }
    return pack_code(pack->ctx, f->defines ? f->defines : f->name, row->cells[0], second);
}

static enum rg_err
codes_gather(struct pack *pack)
{
    size_t n = 0;
    for (size_t f = 0; f < PACK_FILE__MAX; f++)
        n += pack->tables[f].n;
    for (pack->n_slots = 16; pack->n_slots < n * 2; pack->n_slots *= 2)
        continue;
    pack->slots = RG_ARRAY(pack->ctx->arena, uint32_t, pack->n_slots);
    pack->codes = RG_ARRAY(pack->ctx->arena, struct str, n);
    if (!pack->slots || !pack->codes)
        return RG_NO_MEMORY(pack->ctx);
    for (size_t f = 0; f < PACK_FILE__MAX; f++)
        for (size_t r = 0; r < pack->tables[f].n; r++) {
            const struct pack_table *table = &pack->tables[f];
            struct str key = row_key(pack, table, &table->rows[r]);
            if (!key.p)
                return RG_NO_MEMORY(pack->ctx);
            size_t at = slot_of(pack, key);
            if (pack->slots[at]) {
                size_t column = table->file->n_key - 1;
                pack_problem(pack, table, &table->rows[r], column, "listening.pack.twice",
                             table->rows[r].cells[column]);
                continue;
            }
            pack->codes[pack->n_codes++] = key;
            pack->slots[at] = (uint32_t)pack->n_codes;
        }
    return RG_OK;
}

enum rg_err
pack_known(struct pack *pack, const char *kind, struct str code, struct str second,
           bool *ret_known)
{
    struct listening_sql_code_known_row row;
    struct str key = pack_code(pack->ctx, kind, code, second);
    if (!key.p)
        return RG_NO_MEMORY(pack->ctx);
    *ret_known = pack_code_in(pack, key);
    if (*ret_known || !pack->records)
        return RG_OK;
    return listening_sql_code_known(pack->ctx, str_of(kind), code, second, ret_known, &row);
}

static enum rg_err
must_know(struct pack *pack, const struct pack_table *table, const struct pack_row *row,
          size_t column, const char *kind, struct str code, struct str second)
{
    bool known;
    enum rg_err err = pack_known(pack, kind, code, second, &known);
    if (err == RG_OK && !known)
        pack_problem(pack, table, row, column, "listening.pack.unknown",
                     second.n ? second : code);
    return err;
}

static enum rg_err
source_known(struct pack *pack, const struct pack_table *table, const struct pack_row *row,
             size_t column)
{
    struct str rest = row->cells[column], piece;
    enum rg_err err = RG_OK;
    while (err == RG_OK && str_cut(&rest, ' ', &piece)) {
        while (piece.n && piece.p[piece.n - 1] != ':')
            piece.n--;
        if (piece.n > 1)
            err = must_know(pack, table, row, column, "document", str_n(piece.p, piece.n - 1),
                            STR(""));
    }
    return err;
}

static enum rg_err
themes_known(struct pack *pack, const struct pack_table *table, const struct pack_row *row,
             size_t column)
{
    struct str rest = row->cells[column], piece, theme;
    enum rg_err err = RG_OK;
    while (err == RG_OK && rest.n && str_cut(&rest, '|', &piece)) {
        struct str position = str_trim(piece);
        bool cut = str_cut(&position, '/', &theme);
        err = must_know(pack, table, row, column, "theme", cut ? theme : STR(""), STR(""));
        if (err == RG_OK && position.n)
            err = must_know(pack, table, row, column, "position", theme, position);
        if (!rest.p)
            break;
    }
    return err;
}

/* The event of a row stands in its column of that name. */
static struct str
event_of(const struct pack_table *table, const struct pack_row *row)
{
    for (size_t c = 0; table->file->columns[c].name; c++)
        if (strcmp(table->file->columns[c].name, "event") == 0)
            return row->cells[c];
    return STR("");
}

static enum rg_err
row_refs(struct pack *pack, const struct pack_table *table, const struct pack_row *row)
{
    enum rg_err err = RG_OK;
    for (size_t c = 0; err == RG_OK && table->file->columns[c].name; c++) {
        const struct pack_column *column = &table->file->columns[c];
        struct str cell = row->cells[c];
        if (cell.n == 0 || !str_utf8_ok(cell))
            continue;
        if (column->kind == PACK_SOURCE)
            err = source_known(pack, table, row, c);
        else if (column->kind == PACK_REF)
            err =
                must_know(pack, table, row, c,
                          table->file == &pack_files[PACK_THEMES_FILE] ? "theme" : column->ref,
                          cell, STR(""));
        else if (column->kind == PACK_SIBLING)
            err = must_know(pack, table, row, c, column->ref, event_of(table, row), cell);
        else if (column->kind == PACK_THEMES)
            err = themes_known(pack, table, row, c);
    }
    return err;
}

/* ---- programmes ---- */

enum { SLOTS_MAX = 200 };

static struct str
number(struct pack *pack, int64_t n)
{
    const char *text = rg_arena_printf(pack->ctx->arena, "%lld", (long long)n);
    return str_of(text ? text : "");
}

static void
check_programme(struct pack *pack, struct str event)
{
    const struct pack_table *table = &pack->tables[PACK_AGENDA];
    struct agenda_slot slots[SLOTS_MAX];
    size_t rows[SLOTS_MAX], n = 0;
    for (size_t r = 0; r < table->n && n < SLOTS_MAX; r++) {
        const struct pack_row *row = &table->rows[r];
        if (!str_eq(row->cells[AGE_EVENT], event) || row->ints[AGE_STARTS] < 0 ||
            row->ints[AGE_ENDS] < 0)
            continue;
        slots[n] = (struct agenda_slot){row->ints[AGE_STARTS], row->ints[AGE_ENDS]};
        rows[n++] = r;
    }
    struct agenda_finding findings[SLOTS_MAX];
    struct agenda_sum sum;
    agenda_check(slots, n, findings, SLOTS_MAX, &sum);
    for (size_t i = 0; i < sum.n_findings && i < SLOTS_MAX; i++) {
        const struct pack_row *row = &table->rows[rows[findings[i].slot]];
        const struct pack_row *other = &table->rows[rows[findings[i].other]];
        if (findings[i].fault == AGENDA_GAP)
            pack_note(pack, table, row, AGE_STARTS, "listening.pack.gap",
                      number(pack, findings[i].minutes), other->cells[AGE_TITLE]);
        else
            pack_problem(pack, table, row,
                         findings[i].fault == AGENDA_EMPTY ? AGE_ENDS : AGE_STARTS,
                         findings[i].fault == AGENDA_EMPTY ? "listening.pack.slot_empty"
                                                           : "listening.pack.slot_overlap",
                         findings[i].fault == AGENDA_EMPTY ? row->cells[AGE_ENDS]
                                                           : other->cells[AGE_TITLE]);
    }
}

/* ---- totals ---- */

static void
check_totals(struct pack *pack, const struct pack_row *event)
{
    const struct pack_table *tables = &pack->tables[PACK_TABLES];
    const struct pack_table *counts = &pack->tables[PACK_COUNTS];
    const struct pack_table *events = &pack->tables[PACK_EVENTS];
    int64_t at_tables = 0, by_axis = 0;
    bool any_table = false, any_axis = false;
    for (size_t r = 0; r < tables->n; r++)
        if (str_eq(tables->rows[r].cells[TAB_EVENT], event->cells[EVE_CODE]) &&
            tables->rows[r].ints[TAB_PRESENT] >= 0) {
            at_tables += tables->rows[r].ints[TAB_PRESENT];
            any_table = true;
        }
    for (size_t r = 0; r < counts->n; r++)
        if (str_eq(counts->rows[r].cells[COU_EVENT], event->cells[EVE_CODE]) &&
            str_is(counts->rows[r].cells[COU_WHAT], "axis") &&
            counts->rows[r].ints[COU_N] >= 0) {
            by_axis += counts->rows[r].ints[COU_N];
            any_axis = true;
        }
    int64_t seated = any_axis ? by_axis : at_tables, present = event->ints[EVE_PRESENT];
    if ((any_axis || any_table) && present >= 0 && seated != present)
        pack_note(pack, events, event, EVE_PRESENT, "listening.pack.not_seated",
                  number(pack, present), number(pack, seated));
    if (any_axis && any_table && at_tables > by_axis)
        pack_note(pack, events, event, EVE_PRESENT, "listening.pack.tables_axes",
                  number(pack, at_tables), number(pack, by_axis));
}

/* ---- circles ---- */

/* Rows whose column names another row of the same file (by its code and, for tables, its
 * event). */
static enum rg_err
check_circles(struct pack *pack, enum pack_file_ix ix, size_t code, size_t into_column)
{
    const struct pack_table *table = &pack->tables[ix];
    size_t n = table->n;
    uint32_t *into = RG_ARRAY(pack->ctx->arena, uint32_t, n), end;
    if (!into)
        return RG_NO_MEMORY(pack->ctx);
    for (size_t r = 0; r < n; r++) {
        struct str wanted = table->rows[r].cells[into_column];
        into[r] = (uint32_t)r;
        for (size_t o = 0; o < n && wanted.n; o++)
            if (str_eq(table->rows[o].cells[code], wanted) &&
                (code == 0 || str_eq(table->rows[o].cells[0], table->rows[r].cells[0])))
                into[r] = (uint32_t)o;
        if (wanted.n && str_eq(wanted, table->rows[r].cells[code]))
            pack_problem(pack, table, &table->rows[r], into_column,
                         "listening.pack.into_itself", wanted);
    }
    for (size_t r = 0; r < n; r++)
        if (!merge_end(into, n, (uint32_t)r, &end))
            pack_problem(pack, table, &table->rows[r], into_column, "listening.pack.circle",
                         table->rows[r].cells[into_column]);
    return RG_OK;
}

/* ---- voices ---- */

static enum rg_err
check_voice(struct pack *pack, const struct pack_table *table, const struct pack_row *row)
{
    int64_t from = row->ints[CON_LINE_FROM], to = row->ints[CON_LINE_TO];
    struct str document = row->cells[CON_DOCUMENT];
    struct listening_sql_document_lines_known_row lines;
    bool found = false;
    if ((from >= 0 || to >= 0) && document.n == 0)
        pack_problem(pack, table, row, CON_DOCUMENT, "listening.pack.lines_of_none", STR(""));
    if ((from >= 0) != (to >= 0) || from > to || from == 0)
        pack_problem(pack, table, row, CON_LINE_TO, "listening.pack.lines",
                     row->cells[CON_LINE_TO]);
    if (row->cells[CON_TABLE].n && row->cells[CON_EVENT].n == 0)
        pack_problem(pack, table, row, CON_EVENT, "listening.pack.table_of_none",
                     row->cells[CON_TABLE]);
    if (row->ints[CON_SESSION] >= 0 && row->cells[CON_EVENT].n && !pack->records) {
        enum rg_err err = must_know(pack, table, row, CON_SESSION, "session",
                                    row->cells[CON_EVENT], row->cells[CON_SESSION]);
        if (err != RG_OK)
            return err;
    }
    if (to <= 0 || document.n == 0 || !pack->records)
        return RG_OK;
    enum rg_err err = listening_sql_document_lines_known(pack->ctx, document, &found, &lines);
    if (err == RG_OK && found && lines.n_lines > 0 && to > lines.n_lines)
        pack_problem(pack, table, row, CON_LINE_TO, "listening.pack.lines_past",
                     number(pack, lines.n_lines));
    return err;
}

enum rg_err
pack_check(struct pack *pack)
{
    enum rg_err err = codes_gather(pack);
    for (size_t f = 0; f < PACK_FILE__MAX; f++)
        for (size_t r = 0; err == RG_OK && r < pack->tables[f].n; r++) {
            struct rg_mark mark = rg_arena_mark(pack->ctx->arena);
            size_t before = pack->report->n_problems;
            err = row_refs(pack, &pack->tables[f], &pack->tables[f].rows[r]);
            if (err == RG_OK && f == PACK_CONTRIBUTIONS)
                err = check_voice(pack, &pack->tables[f], &pack->tables[f].rows[r]);
            if (pack->report->n_problems == before)
                rg_arena_release(pack->ctx->arena, mark);
        }
    const struct pack_table *events = &pack->tables[PACK_EVENTS];
    for (size_t r = 0; err == RG_OK && r < events->n; r++) {
        check_programme(pack, events->rows[r].cells[EVE_CODE]);
        check_totals(pack, &events->rows[r]);
    }
    if (err == RG_OK && pack->tables[PACK_TABLES].n)
        err = check_circles(pack, PACK_TABLES, TAB_CODE, TAB_MERGED);
    if (err == RG_OK && pack->tables[PACK_THEMES_FILE].n)
        err = check_circles(pack, PACK_THEMES_FILE, THE_CODE, THE_MERGED);
    return err;
}
