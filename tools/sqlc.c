/* sqlc: turns a room's .sql files into typed C.
 *
 *   sqlc ROOM OUT.c OUT.h FILE…
 *
 * A file under a folder "migrations" is schema: CREATE TABLE with one column a line, remarked;
 * it becomes text for both engines and a description of the tables for the change feed. Any
 * other file holds statements:
 *
 *   -- @name org_get :one read
 *   -- @param id int
 *   -- @col id int, name text, closed_on int?
 *   -- One organization, whatever its state.
 *   SELECT id, name, closed_on FROM network_org WHERE id = :id;
 *
 * Cardinality: one (must exist), opt (may be absent), many, exec (no rows). Role: read, write.
 * Types: int, text, real; a '?' after it lets NULL through. The SQL must be what both engines
 * take; where it cannot, the twin for PostgreSQL follows after a line "-- @pgsql".
 *
 * In migrations the words INTEGER PRIMARY KEY, INTEGER, REAL are turned into PostgreSQL's
 * identity, BIGINT, DOUBLE PRECISION. A line "-- @feed" before CREATE TABLE puts the table into
 * the change feed; "-- @feed owner=service:service_id" files its changes under that owner's
 * history too. A feed table needs "id INTEGER PRIMARY KEY" and no REAL. A line
 * "-- @secret owner=registration:registration_id" keeps the table out of backups; the owner is
 * the table whose row each of its rows is about.                                             */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_MAX_BYTES = 64,
    FIELDS_MAX = 48,
    STMTS_MAX = 400,
    TABLES_MAX = 80,
    TEXT_MAX = 32768
};

enum type { T_INT, T_TEXT, T_REAL };

struct field {
    char name[NAME_MAX_BYTES];
    enum type type;
    bool nullable;
};

enum cardinality { C_ONE, C_OPT, C_MANY, C_EXEC };

struct stmt {
    char name[NAME_MAX_BYTES];
    enum cardinality cardinality;
    bool write;
    struct field params[FIELDS_MAX], cols[FIELDS_MAX];
    size_t n_params, n_cols;
    char *remark, *sql, *pgsql;
    const char *file;
    int line;
};

struct table {
    char name[NAME_MAX_BYTES], owner[NAME_MAX_BYTES], owner_col[NAME_MAX_BYTES];
    bool feed, secret;
    struct field cols[FIELDS_MAX];
    size_t n_cols;
};

struct migration {
    char name[NAME_MAX_BYTES];
    char *sqlite, *pgsql;
};

static struct stmt stmts[STMTS_MAX];
static struct table tables[TABLES_MAX];
static struct migration migrations[TABLES_MAX];
static size_t n_stmts, n_tables, n_migrations;
static const char *room, *cur_file;
static int cur_line;

_Noreturn static void
die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: error: ", cur_file, cur_line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

/* ---- growing text ---- */

static void
append(char **text, const char *more, size_t n)
{
    size_t have = *text ? strlen(*text) : 0;
    if (have + n > TEXT_MAX)
        die("a statement is longer than %d bytes", TEXT_MAX);
    char *p = realloc(*text, have + n + 1);
    if (!p)
        die("no memory");
    memcpy(p + have, more, n);
    p[have + n] = '\0';
    *text = p;
}

static void
append_c(char **text, const char *more)
{
    append(text, more, strlen(more));
}

/* ---- reading ---- */

static char *
read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        die("cannot open: %s", strerror(errno));
    char *text = calloc(1, 1 << 20);
    size_t n = text ? fread(text, 1, (1 << 20) - 1, f) : 0;
    fclose(f);
    if (!text || n == (1 << 20) - 1)
        die("larger than 1 MiB");
    return text;
}

/* Take a word (letters, digits, _) off *p into out. */
static bool
take_word(const char **p, char out[NAME_MAX_BYTES])
{
    while (**p == ' ')
        ++*p;
    size_t n = 0;
    while (isalnum((unsigned char)(*p)[n]) || (*p)[n] == '_')
        n++;
    if (n == 0 || n >= NAME_MAX_BYTES)
        return false;
    memcpy(out, *p, n);
    out[n] = '\0';
    *p += n;
    return true;
}

static void
take_type(const char **p, struct field *field)
{
    char word[NAME_MAX_BYTES];
    if (!take_word(p, word))
        die("a type is missing after '%s'", field->name);
    if (strcmp(word, "int") == 0)
        field->type = T_INT;
    else if (strcmp(word, "text") == 0)
        field->type = T_TEXT;
    else if (strcmp(word, "real") == 0)
        field->type = T_REAL;
    else
        die("unknown type '%s' (int, text, real)", word);
    if (**p == '?') {
        field->nullable = true;
        ++*p;
    }
}

/* fields = name type *( ',' name type ) */
static void
take_fields(const char *p, struct field *fields, size_t *n)
{
    for (;;) {
        if (*n == FIELDS_MAX)
            die("more than %d fields", FIELDS_MAX);
        struct field *field = &fields[(*n)++];
        if (!take_word(&p, field->name))
            die("a name is expected here: \"%s\"", p);
        take_type(&p, field);
        while (*p == ' ')
            p++;
        if (*p == '\0')
            return;
        if (*p++ != ',')
            die("',' expected between fields, found \"%s\"", p - 1);
    }
}

static void
begin_stmt(const char *p)
{
    static const char *const names[] = {"one", "opt", "many", "exec"};
    if (n_stmts == STMTS_MAX)
        die("more than %d statements", STMTS_MAX);
    struct stmt *s = &stmts[n_stmts++];
    s->file = cur_file;
    s->line = cur_line;
    char word[NAME_MAX_BYTES];
    if (!take_word(&p, s->name))
        die("@name needs a name");
    for (size_t i = 0; i + 1 < n_stmts; i++)
        if (strcmp(stmts[i].name, s->name) == 0)
            die("statement '%s' exists already", s->name);
    while (*p == ' ')
        p++;
    if (*p++ != ':' || !take_word(&p, word))
        die("@name needs a cardinality (:one :opt :many :exec)");
    size_t c = 0;
    while (c < 4 && strcmp(word, names[c]) != 0)
        c++;
    if (c == 4)
        die("unknown cardinality ':%s'", word);
    s->cardinality = (enum cardinality)c;
    if (!take_word(&p, word) || (strcmp(word, "read") != 0 && strcmp(word, "write") != 0))
        die("@name needs a role (read or write)");
    s->write = word[0] == 'w';
}

static void
end_stmt(struct stmt *s)
{
    if (!s->sql)
        die("statement '%s' has no SQL", s->name);
    if ((s->cardinality == C_EXEC) != (s->n_cols == 0))
        die("statement '%s': exec has no @col, the others need it", s->name);
}

static bool
directive(const char *line, const char *word, const char **ret_rest)
{
    size_t n = strlen(word);
    if (strncmp(line, "-- @", 4) != 0 || strncmp(line + 4, word, n) != 0 ||
        (line[4 + n] != ' ' && line[4 + n] != '\0'))
        return false;
    *ret_rest = line + 4 + n;
    return true;
}

static void
read_statements(char *text)
{
    struct stmt *s = NULL;
    bool twin = false;
    cur_line = 0;
    for (char *line = text, *end; line && *line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        cur_line++;
        const char *rest;
        if (directive(line, "name", &rest)) {
            if (s)
                end_stmt(s);
            begin_stmt(rest);
            s = &stmts[n_stmts - 1];
            twin = false;
        } else if (directive(line, "param", &rest) && s) {
            take_fields(rest, s->params, &s->n_params);
        } else if (directive(line, "col", &rest) && s) {
            take_fields(rest, s->cols, &s->n_cols);
        } else if (directive(line, "pgsql", &rest) && s) {
            twin = true;
        } else if (strncmp(line, "-- @", 4) == 0) {
            die("unknown directive: %s", line);
        } else if (strncmp(line, "--", 2) == 0) {
            if (s && !s->sql) {
                append_c(&s->remark, s->remark ? "\n *" : "");
                append_c(&s->remark, line + 2);
            }
        } else if (line[strspn(line, " \t")]) {
            if (!s)
                die("SQL before the first @name");
            char **to = twin ? &s->pgsql : &s->sql;
            append_c(to, line);
            append_c(to, "\n");
        }
    }
    if (s)
        end_stmt(s);
}

/* ---- schema ---- */

static bool
word_at(const char *p, const char *word)
{
    size_t n = strlen(word);
    return strncmp(p, word, n) == 0 && !isalnum((unsigned char)p[n]) && p[n] != '_';
}

/* The same schema in PostgreSQL's words. Remarks are kept as they are. */
static char *
schema_for_pgsql(const char *text)
{
    static const struct {
        const char *from, *to;
    } words[] = {
        {"INTEGER PRIMARY KEY", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"},
        {"INTEGER", "BIGINT"},
        {"REAL", "DOUBLE PRECISION"},
    };
    char *out = NULL;
    append_c(&out, "");
    for (const char *p = text; *p;) {
        if (p[0] == '-' && p[1] == '-') {
            size_t n = strcspn(p, "\n");
            append(&out, p, n);
            p += n;
            continue;
        }
        size_t w = 0;
        bool fresh = p == text || (!isalnum((unsigned char)p[-1]) && p[-1] != '_');
        while (w < 3 && !(fresh && word_at(p, words[w].from)))
            w++;
        if (w < 3) {
            append_c(&out, words[w].to);
            p += strlen(words[w].from);
        } else {
            append(&out, p++, 1);
        }
    }
    return out;
}

static bool
column_type(const char *p, struct field *field)
{
    while (*p == ' ')
        p++;
    if (word_at(p, "INTEGER"))
        field->type = T_INT;
    else if (word_at(p, "TEXT"))
        field->type = T_TEXT;
    else if (word_at(p, "REAL"))
        field->type = T_REAL;
    else
        return false;
    return true;
}

static struct table *
table_find(const char *name)
{
    for (size_t i = 0; i < n_tables; i++)
        if (strcmp(tables[i].name, name) == 0)
            return &tables[i];
    return NULL;
}

static void
add_column(struct table *t, const char *line)
{
    const char *p = line;
    struct field field = {0};
    if (!take_word(&p, field.name) || !column_type(p, &field))
        return; /* a constraint, a key, a closing bracket */
    if (t->n_cols == FIELDS_MAX)
        die("table %s has more than %d columns", t->name, FIELDS_MAX);
    if (t->feed && field.type == T_REAL)
        die("table %s is in the change feed: REAL would not survive JSON exactly", t->name);
    t->cols[t->n_cols++] = field;
}

static void
check_table(const struct table *t)
{
    size_t n = strlen(room);
    if (strncmp(t->name, room, n) != 0 || t->name[n] != '_')
        die("table '%s' must be named %s_…", t->name, room);
    if (t->secret && (t->feed || !t->owner[0]))
        die("table %s is @secret: it needs an owner and cannot be in the change feed", t->name);
    if (t->feed && (t->n_cols == 0 || strcmp(t->cols[0].name, "id") != 0))
        die("table %s is in the change feed: its first column must be id", t->name);
}

static void
read_schema(char *text)
{
    struct table *t = NULL;
    char owner[NAME_MAX_BYTES] = "", owner_col[NAME_MAX_BYTES] = "";
    bool feed = false, secret = false;
    cur_line = 0;
    for (char *line = text, *end; line && *line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        cur_line++;
        const char *rest, *p = line + strspn(line, " ");
        if (directive(line, "feed", &rest) || directive(line, "secret", &rest)) {
            secret = directive(line, "secret", &rest);
            feed = !secret;
            rest += strspn(rest, " ");
            if (strncmp(rest, "owner=", 6) == 0) {
                rest += 6;
                if (!take_word(&rest, owner) || *rest++ != ':' || !take_word(&rest, owner_col))
                    die("%s owner=NAME:COLUMN", secret ? "@secret" : "@feed");
            }
        } else if (word_at(p, "CREATE TABLE")) {
            p += strlen("CREATE TABLE");
            if (n_tables == TABLES_MAX)
                die("more than %d tables", TABLES_MAX);
            t = &tables[n_tables++];
            if (!take_word(&p, t->name))
                die("CREATE TABLE needs a name");
            t->feed = feed;
            t->secret = secret;
            snprintf(t->owner, sizeof(t->owner), "%s", owner);
            snprintf(t->owner_col, sizeof(t->owner_col), "%s", owner_col);
            feed = secret = false;
            owner[0] = owner_col[0] = '\0';
        } else if (word_at(p, "ALTER TABLE")) {
            char name[NAME_MAX_BYTES];
            p += strlen("ALTER TABLE");
            struct table *altered = take_word(&p, name) ? table_find(name) : NULL;
            p += strspn(p, " ");
            if (altered && word_at(p, "ADD COLUMN"))
                add_column(altered, p + strlen("ADD COLUMN"));
        } else if (t && *p == ')') {
            check_table(t);
            t = NULL;
        } else if (t && *p != '-' && *p != '\0') {
            add_column(t, p);
        }
    }
    if (t)
        die("CREATE TABLE %s is not closed by a line that begins with ')'", t->name);
}

/* ---- writing ---- */

static void
put_c_string(FILE *out, const char *text)
{
    fputs("\n        \"", out);
    for (const char *p = text; *p; p++) {
        if (*p == '\n')
            fputs(p[1] ? "\\n\"\n        \"" : "\\n", out);
        else if (*p == '"' || *p == '\\')
            fprintf(out, "\\%c", *p);
        else
            fputc(*p, out);
    }
    fputc('"', out);
}

static size_t
param_index(const struct stmt *s, const char *name, size_t n)
{
    for (size_t i = 0; i < s->n_params; i++)
        if (strlen(s->params[i].name) == n && strncmp(s->params[i].name, name, n) == 0)
            return i;
    cur_file = s->file;
    cur_line = s->line;
    die("statement '%s' uses :%.*s, which is not declared by @param", s->name, (int)n, name);
}

/* Replace :name by ?N (SQLite) or $N::type (PostgreSQL); strings and remarks are left alone. */
static char *
bind_names(const struct stmt *s, const char *sql, bool pgsql, bool *used)
{
    static const char *const casts[] = {"bigint", "text", "double precision"};
    char *out = NULL;
    append_c(&out, "");
    for (const char *p = sql; *p;) {
        if (*p == '\'') {
            size_t n = 1 + strcspn(p + 1, "'") + 1;
            append(&out, p, n);
            p += n;
        } else if (p[0] == '-' && p[1] == '-') {
            p += strcspn(p, "\n");
        } else if (p[0] == ':' && p[1] == ':') {
            append(&out, p, 2);
            p += 2;
        } else if (*p == ':' && (isalpha((unsigned char)p[1]) || p[1] == '_')) {
            size_t n = 1;
            while (isalnum((unsigned char)p[n]) || p[n] == '_')
                n++;
            size_t i = param_index(s, p + 1, n - 1);
            used[i] = true;
            char slot[64];
            if (pgsql)
                snprintf(slot, sizeof(slot), "$%zu::%s", i + 1, casts[s->params[i].type]);
            else
                snprintf(slot, sizeof(slot), "?%zu", i + 1);
            append_c(&out, slot);
            p += n;
        } else {
            append(&out, p++, 1);
        }
    }
    return out;
}

static const char *
c_type(const struct field *f)
{
    static const char *const plain[] = {"int64_t ", "struct str ", "double "};
    if (f->type == T_INT && f->nullable)
        return "struct store_int ";
    return plain[f->type];
}

static void
put_types(FILE *out, const char *what, const struct stmt *s, const struct field *f, size_t n)
{
    static const char *const names[] = {"STORE_INT", "STORE_TEXT", "STORE_REAL"};
    if (n == 0)
        return;
    fprintf(out, "static const uint8_t %s_%s[] = {", s->name, what);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s%s%s", i ? ", " : "", names[f[i].type],
                f[i].nullable ? " | STORE_NULL" : "");
    fputs("};\n", out);
}

static void
put_params(FILE *out, const struct stmt *s)
{
    for (size_t i = 0; i < s->n_params; i++)
        fprintf(out, ", %s%s", c_type(&s->params[i]), s->params[i].name);
}

static void
put_prototype(FILE *out, const struct stmt *s, bool header)
{
    const char *sep = header ? " " : "\n";
    if (s->cardinality == C_MANY) {
        fprintf(out,
                "%senum rg_err%s%s_sql_%s_open(struct rg_ctx *ctx, struct store_cursor *cursor",
                header ? "RG_MUST_CHECK " : "", sep, room, s->name);
        put_params(out, s);
        fputs(header ? ");\n" : ")\n", out);
        return;
    }
    fprintf(out, "%senum rg_err%s%s_sql_%s(struct rg_ctx *ctx", header ? "RG_MUST_CHECK " : "",
            sep, room, s->name);
    put_params(out, s);
    if (s->cardinality == C_OPT)
        fputs(", bool *ret_found", out);
    if (s->cardinality == C_EXEC)
        fputs(", int64_t *ret_n_changed", out);
    else
        fprintf(out, ", struct %s_sql_%s_row *ret_row", room, s->name);
    fputs(header ? ");\n" : ")\n", out);
}

static void
put_header_stmt(FILE *out, const struct stmt *s)
{
    fprintf(out, "\n/*%s */\n", s->remark ? s->remark : " ");
    if (s->n_cols) {
        fprintf(out, "struct %s_sql_%s_row {\n", room, s->name);
        for (size_t i = 0; i < s->n_cols; i++)
            fprintf(out, "    %s%s;\n", c_type(&s->cols[i]), s->cols[i].name);
        fputs("};\n", out);
    }
    put_prototype(out, s, true);
    if (s->cardinality == C_MANY) {
        fprintf(out,
                "RG_MUST_CHECK enum rg_err %1$s_sql_%2$s_next(struct rg_ctx *ctx, struct "
                "store_cursor *cursor, bool *ret_more, struct %1$s_sql_%2$s_row *ret_row);\n",
                room, s->name);
        fprintf(out, "RG_MUST_CHECK enum rg_err %s_sql_%s(struct rg_ctx *ctx", room, s->name);
        put_params(out, s);
        fprintf(out, ", struct %s_sql_%s_row **ret_rows, size_t *ret_n);\n", room, s->name);
    }
}

static void
put_row_reader(FILE *out, const struct stmt *s)
{
    fprintf(out,
            "static bool\n%s_read(struct rg_ctx *ctx, struct store_cursor *cursor, struct "
            "%s_sql_%s_row *row)\n{\n    (void)ctx;\n    bool ok = true;\n",
            s->name, room, s->name);
    for (size_t i = 0; i < s->n_cols; i++) {
        const struct field *f = &s->cols[i];
        if (f->type == T_INT)
            fprintf(out, "    row->%s = store_cursor_%s(cursor, %zu);\n", f->name,
                    f->nullable ? "int_opt" : "int", i);
        else if (f->type == T_REAL)
            fprintf(out, "    row->%s = store_cursor_real(cursor, %zu);\n", f->name, i);
        else
            fprintf(out, "    ok = store_cursor_keep(ctx, cursor, %zu, &row->%s) && ok;\n", i,
                    f->name);
    }
    fputs("    return ok;\n}\n", out);
}

static void
put_values(FILE *out, const struct stmt *s)
{
    if (s->n_params == 0) {
        fputs("    const struct store_value *values = NULL;\n", out);
        return;
    }
    fputs("    const struct store_value values[] = {", out);
    for (size_t i = 0; i < s->n_params; i++) {
        const struct field *f = &s->params[i];
        const char *maker = f->type == T_INT
                                ? (f->nullable ? "store_value_int_opt" : "store_value_int")
                            : f->type == T_REAL ? "store_value_real"
                                                : "store_value_text";
        fprintf(out, "%s%s(%s)", i ? ", " : "", maker, f->name);
    }
    fputs("};\n", out);
}

static void
put_function(FILE *out, const struct stmt *s)
{
    fputs("\n", out);
    if (s->n_cols)
        put_row_reader(out, s);
    fputs("\n", out);
    put_prototype(out, s, false);
    fputs("{\n", out);
    put_values(out, s);
    switch (s->cardinality) {
    case C_EXEC:
        fprintf(out, "    return store_exec(ctx, &%s_stmt, values, ret_n_changed);\n}\n",
                s->name);
        return;
    case C_ONE:
    case C_OPT:
        fprintf(out,
                "    RG_CLEANUP(store_cursor_close) struct store_cursor cursor = {0};\n"
                "    bool more;\n"
                "    enum rg_err err = store_cursor_open(ctx, &cursor, &%s_stmt, values);\n"
                "    if (err == RG_OK)\n        err = store_cursor_next(ctx, &cursor, &more);\n"
                "    if (err != RG_OK)\n        return err;\n",
                s->name);
        fputs(
            s->cardinality == C_ONE
                ? "    if (!more)\n        return RG_FAIL(ctx, RG_ABSENT, \"store.absent\");\n"
                : "    *ret_found = more;\n    if (!more)\n        return RG_OK;\n",
            out);
        fprintf(out,
                "    return %s_read(ctx, &cursor, ret_row) ? RG_OK : RG_NO_MEMORY(ctx);\n}\n",
                s->name);
        return;
    case C_MANY:
        break;
    }
    fprintf(out, "    return store_cursor_open(ctx, cursor, &%s_stmt, values);\n}\n\n",
            s->name);
    fprintf(
        out,
        "enum rg_err\n%1$s_sql_%2$s_next(struct rg_ctx *ctx, struct store_cursor *cursor, bool "
        "*ret_more, struct %1$s_sql_%2$s_row *ret_row)\n{\n"
        "    enum rg_err err = store_cursor_next(ctx, cursor, ret_more);\n"
        "    if (err != RG_OK || !*ret_more)\n        return err;\n"
        "    return %2$s_read(ctx, cursor, ret_row) ? RG_OK : RG_NO_MEMORY(ctx);\n}\n\n",
        room, s->name);
    fprintf(out, "enum rg_err\n%s_sql_%s(struct rg_ctx *ctx", room, s->name);
    put_params(out, s);
    fprintf(out,
            ", struct %1$s_sql_%2$s_row **ret_rows, size_t *ret_n)\n{\n"
            "    RG_CLEANUP(store_cursor_close) struct store_cursor cursor = {0};\n"
            "    struct store_rows rows = {.size_each = sizeof(struct %1$s_sql_%2$s_row)};\n"
            "    enum rg_err err = %1$s_sql_%2$s_open(ctx, &cursor",
            room, s->name);
    for (size_t i = 0; i < s->n_params; i++)
        fprintf(out, ", %s", s->params[i].name);
    fprintf(out,
            ");\n    for (bool more = true; err == RG_OK;) {\n"
            "        struct %1$s_sql_%2$s_row row;\n"
            "        err = %1$s_sql_%2$s_next(ctx, &cursor, &more, &row);\n"
            "        if (err != RG_OK || !more)\n            break;\n"
            "        err = store_rows_add(ctx, &rows, &row);\n    }\n"
            "    if (err != RG_OK)\n        return err;\n"
            "    *ret_rows = rows.p;\n    *ret_n = rows.n;\n    return RG_OK;\n}\n",
            room, s->name);
}

static void
put_stmt(FILE *out, struct stmt *s)
{
    bool used[FIELDS_MAX] = {false};
    char *lite = bind_names(s, s->sql, false, used);
    for (size_t i = 0; i < s->n_params; i++)
        if (!used[i]) {
            cur_file = s->file;
            cur_line = s->line;
            die("statement '%s' declares '%s' and does not use it", s->name, s->params[i].name);
        }
    char *pg = bind_names(s, s->pgsql ? s->pgsql : s->sql, true, used);
    put_types(out, "params", s, s->params, s->n_params);
    put_types(out, "cols", s, s->cols, s->n_cols);
    fprintf(out,
            "static const struct store_stmt %s_stmt = {\n    .name = \"%s.%s\",\n"
            "    .sqlite =",
            s->name, room, s->name);
    put_c_string(out, lite);
    fputs(",\n    .pgsql =", out);
    put_c_string(out, pg);
    fprintf(out,
            ",\n    .writes = %s, .n_params = %zu, .n_cols = %zu,\n    .params = %s%s, .cols = "
            "%s%s,\n};\n",
            s->write ? "true" : "false", s->n_params, s->n_cols, s->n_params ? s->name : "NULL",
            s->n_params ? "_params" : "", s->n_cols ? s->name : "NULL",
            s->n_cols ? "_cols" : "");
    put_function(out, s);
    free(lite);
    free(pg);
}

static void
put_room(FILE *out)
{
    static const char *const types[] = {"STORE_INT", "STORE_TEXT", "STORE_REAL"};
    for (size_t i = 0; i < n_tables; i++) {
        fprintf(out, "\nstatic const struct store_column %s_columns[] = {\n", tables[i].name);
        for (size_t c = 0; c < tables[i].n_cols; c++)
            fprintf(out, "    {\"%s\", %s},\n", tables[i].cols[c].name,
                    types[tables[i].cols[c].type]);
        fputs("};\n", out);
    }
    fputs("\nstatic const struct store_table tables[] = {\n", out);
    for (size_t i = 0; i < n_tables; i++)
        fprintf(out, "    {\"%s\", %s, %s, \"%s\", \"%s\", %s_columns, %zu},\n", tables[i].name,
                tables[i].feed ? "true" : "false", tables[i].secret ? "true" : "false",
                tables[i].owner, tables[i].owner_col,
                tables[i].name, tables[i].n_cols);
    fputs("    {0},\n};\n\nstatic const struct store_migration migrations[] = {\n", out);
    for (size_t i = 0; i < n_migrations; i++) {
        fprintf(out, "    {\"%s\",", migrations[i].name);
        put_c_string(out, migrations[i].sqlite);
        fputs(",", out);
        put_c_string(out, migrations[i].pgsql);
        fputs("},\n", out);
    }
    fputs("    {0},\n};\n\nstatic const struct store_stmt *const stmts[] = {\n", out);
    for (size_t i = 0; i < n_stmts; i++)
        fprintf(out, "    &%s_stmt,\n", stmts[i].name);
    fprintf(out,
            "    NULL,\n};\n\nconst struct store_room %s_store = {\n    .name = \"%s\",\n"
            "    .migrations = migrations, .n_migrations = %zu,\n"
            "    .tables = tables, .n_tables = %zu,\n    .stmts = stmts, .n_stmts = %zu,\n};\n",
            room, room, n_migrations, n_tables, n_stmts);
}

static void
add_migration(const char *path, const char *text)
{
    if (n_migrations == TABLES_MAX)
        die("more than %d migrations", TABLES_MAX);
    struct migration *m = &migrations[n_migrations++];
    const char *base = strrchr(path, '/');
    size_t n = strcspn(base + 1, ".");
    if (n >= NAME_MAX_BYTES)
        die("the name of the migration is too long");
    memcpy(m->name, base + 1, n);
    append_c(&m->sqlite, text);
    m->pgsql = schema_for_pgsql(text);
}

int
main(int argc, char **argv)
{
    cur_file = "sqlc";
    if (argc < 5)
        die("usage: sqlc ROOM OUT.c OUT.h FILE…");
    room = argv[1];
    for (int i = 4; i < argc; i++) {
        cur_file = argv[i];
        cur_line = 0;
        char *text = read_file(argv[i]);
        if (strstr(argv[i], "/migrations/")) {
            add_migration(argv[i], text);
            read_schema(text);
        } else {
            read_statements(text);
        }
        free(text);
    }
    cur_file = argv[2];
    FILE *c = fopen(argv[2], "w"), *h = fopen(argv[3], "w");
    if (!c || !h)
        die("cannot write: %s", strerror(errno));
    fprintf(h,
            "/* Made by tools/sqlc from the .sql files of src/%s. Do not edit. */\n#ifndef "
            "%s_SQL_H\n"
            "#define %s_SQL_H\n\n#include \"store/store.h\"\n\nextern const struct store_room "
            "%s_store;\n",
            room, room, room, room);
    fprintf(c,
            "/* Made by tools/sqlc from the .sql files of src/%s. Do not edit. */\n#include "
            "\"%s_sql.h\"\n\n",
            room, room);
    for (size_t i = 0; i < n_stmts; i++) {
        put_header_stmt(h, &stmts[i]);
        put_stmt(c, &stmts[i]);
    }
    put_room(c);
    fputs("\n#endif\n", h);
    return fclose(c) == 0 && fclose(h) == 0 ? 0 : 1;
}
