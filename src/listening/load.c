/* A pack's folder into the records and out again, and documents into lines. */
#include "listening/pack.h"
#include "listening/kernel.h"
#include "listening_sql.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The whole of a file in the heap; none when it is not there and need not be. */
static enum rg_err
file_read(struct rg_ctx *ctx, const char *path, size_t n_max, bool must_exist,
          struct rg_buf *ret)
{
    const char *why;
    switch (rg_file_read(path, n_max, ret, &why)) {
    case RG_FILE_READ: return RG_OK;
    case RG_FILE_ABSENT:
        if (!must_exist)
            return RG_ABSENT;
        return RG_FAIL(ctx, RG_ABSENT, "listening.no_file", "file", path, "why", why);
    case RG_FILE_UNREADABLE:
        return RG_FAIL(ctx, RG_BROKEN, "listening.no_file", "file", path, "why", why);
    case RG_FILE_TOO_LARGE: return RG_FAIL(ctx, RG_LIMIT, "listening.file_large", "file", path);
    case RG_FILE_NO_MEMORY: break;
    }
    return RG_NO_MEMORY(ctx);
}

/* ---- in ---- */

static enum rg_err
files_read(struct pack *pack, const char *folder, size_t *ret_n)
{
    struct rg_ctx *ctx = pack->ctx;
    *ret_n = 0;
    for (size_t f = 0; f < PACK_FILE__MAX; f++) {
        RG_CLEANUP(rg_buf_done) struct rg_buf bytes = {0};
        const char *path = rg_arena_printf(ctx->arena, "%s/%s.csv", folder, pack_files[f].name);
        if (!path)
            return RG_NO_MEMORY(ctx);
        enum rg_err err = file_read(ctx, path, PACK_FILE_BYTES_MAX, false, &bytes);
        if (err == RG_ABSENT && !ctx->story.key)
            continue;
        if (err == RG_OK)
            err =
                pack_table_read(pack, (enum pack_file_ix)f, str_of(path), rg_buf_view(&bytes));
        if (err != RG_OK)
            return err;
        ++*ret_n;
        pack->report->n_rows += (int64_t)pack->tables[f].n;
    }
    return *ret_n ? RG_OK : RG_FAIL(ctx, RG_ABSENT, "listening.pack_empty", "folder", folder);
}

static enum rg_err
write_checked(struct pack *pack)
{
    struct rg_ctx *ctx = pack->ctx;
    enum rg_err err = store_write_begin(ctx, "pack: listening");
    if (err == RG_OK)
        err = pack_check(pack);
    if (err == RG_OK && pack->report->n_problems_all > 0)
        err = RG_FAIL(ctx, RG_INVALID, "listening.pack_bad", "n",
                      rg_arena_printf(ctx->arena, "%zu", pack->report->n_problems_all));
    if (err == RG_OK)
        err = pack_write(pack, &pack->report->n_written);
    if (err == RG_OK && pack->report->n_written > 0)
        err = store_write_commit(ctx);
    store_write_rollback(ctx); /* also when nothing differed: no change set without a change */
    if (err != RG_OK)
        pack->report->n_written = 0;
    return err;
}

enum rg_err
listening_load(struct rg_ctx *ctx, const char *folder, struct listening_load_report *ret)
{
    struct pack pack = {.ctx = ctx, .report = ret, .records = true};
    size_t n_files;
    *ret = (struct listening_load_report){0};
    for (size_t f = 0; f < PACK_FILE__MAX; f++)
        pack.tables[f].file = &pack_files[f];
    enum rg_err err = files_read(&pack, folder, &n_files);
    ret->n_themes = (int64_t)pack.tables[PACK_THEMES_FILE].n;
    ret->n_contributions = (int64_t)pack.tables[PACK_CONTRIBUTIONS].n;
    return err == RG_OK ? write_checked(&pack) : err;
}

/* ---- documents ---- */

static const char *const fault_keys[] = {
    [REPORT_NO_TEXT] = "listening.report.no_text",
    [REPORT_NUL] = "listening.report.nul",
    [REPORT_NOT_UTF8] = "listening.report.not_utf8",
    [REPORT_LINE_LONG] = "listening.report.line_long",
    [REPORT_TOO_LARGE] = "listening.report.too_large",
    [REPORT_GARBAGE] = "listening.report.garbage",
};

static const char *
digest_of(struct rg_ctx *ctx, struct str bytes)
{
    unsigned char hash[32];
    char *hex = rg_arena_alloc(ctx->arena, 65);
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)bytes.p, bytes.n, NULL, 0);
    return hex ? sodium_bin2hex(hex, 65, hash, sizeof(hash)) : NULL;
}

static enum rg_err
lines_write(struct rg_ctx *ctx, struct str code, const struct report *report)
{
    struct listening_sql_document_find_row document;
    bool found;
    enum rg_err err = listening_sql_document_find(ctx, code, &found, &document);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_BROKEN, "listening.no_document");
    if (err == RG_OK)
        err = listening_sql_lines_clear(ctx, document.id, NULL);
    for (size_t i = 0; err == RG_OK && i < report->n; i++)
        err = listening_sql_line_add(ctx, document.id, (int64_t)i + 1, report->lines[i].text,
                                     report->lines[i].furniture, NULL);
    return err;
}

static enum rg_err
document_write(struct rg_ctx *ctx, struct str code, struct str title, const char *digest,
               const struct report *report, struct listening_import *ret)
{
    struct listening_sql_document_find_row was;
    bool found;
    enum rg_err err = listening_sql_document_find(ctx, code, &found, &was);
    if (err != RG_OK)
        return err;
    ret->again = found && str_eq(was.digest, str_of(digest)) &&
                 was.n_lines == (int64_t)report->n &&
                 (title.n == 0 || str_eq(title, was.title));
    if (ret->again)
        return RG_OK;
    err = store_write_begin(ctx, "import report");
    if (err == RG_OK)
        err = listening_sql_document_put(ctx, code, title, str_of(digest), (int64_t)report->n,
                                         NULL);
    if (err == RG_OK)
        err = lines_write(ctx, code, report);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

enum rg_err
listening_import_report(struct rg_ctx *ctx, const char *path, struct str code, struct str title,
                        struct listening_import *ret)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf bytes = {0};
    struct report report;
    *ret = (struct listening_import){0};
    for (size_t i = 0; i < code.n; i++)
        if ((unsigned char)code.p[i] <= ' ' || code.p[i] == ':' || code.p[i] == '/')
            code.n = 0;
    if (code.n == 0 || code.n > 60)
        return RG_FAIL(ctx, RG_INVALID, "listening.report.code");
    enum rg_err err = file_read(ctx, path, REPORT_BYTES_MAX, true, &bytes);
    if (err != RG_OK)
        return err;
    enum report_fault fault = report_read(ctx->arena, rg_buf_view(&bytes), &report);
    if (fault != REPORT_FINE)
        return RG_FAIL(ctx, fault == REPORT_TOO_LARGE ? RG_LIMIT : RG_INVALID,
                       fault_keys[fault], "file", path, "line",
                       rg_arena_printf(ctx->arena, "%zu", report.fault_line));
    const char *digest = digest_of(ctx, rg_buf_view(&bytes));
    if (!digest)
        return RG_NO_MEMORY(ctx);
    err = document_write(ctx, code, title, digest, &report, ret);
    ret->n_lines = (int64_t)report.n;
    ret->n_furniture = (int64_t)report.n_furniture;
    return err;
}
