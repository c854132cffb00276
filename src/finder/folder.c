/* Services on paper: a folder that a case worker chose, and the sheet of a search. Nothing is
 * stored: the address is the folder, and a QR code carries the address back to a telephone.   */
#include "finder/page.h"
#include "finder/qr.h"
#include "finder_tmpl.h"
#include "web_tmpl.h"

enum { FOLDER_S, PATH_MAX = 16 * 1024, QR_PATH_MAX = 64 * 1024 };

const struct web_input finder_folder_inputs[1] = {
    [FOLDER_S] = {.name = "s", .kind = WEB_IN_LIST, .max = 19,
                  .label_key = "finder.folder.services"}};

/* ---- one service ---- */

static size_t
phones_add(struct rg_ctx *ctx, const struct rg_jv *doc, struct str *out, size_t n)
{
    const struct rg_jv *list = rg_jv_get(doc, "phones");
    if (!list || list->kind != RG_JV_ARRAY)
        return n;
    const struct rg_jv *phone = rg_jv_first(list);
    for (uint32_t i = 0; i < list->n && n < FINDER_FOLDER_PHONES; i++, phone = rg_jv_next(phone)) {
        struct str number = rg_jv_get_str(ctx->arena, phone, "number");
        bool known = number.n == 0;
        for (size_t k = 0; k < n && !known; k++)
            known = str_eq(out[k], number);
        if (!known)
            out[n++] = number;
    }
    return n;
}

static const struct rg_jv *
doc_of(struct rg_ctx *ctx, struct str doc)
{
    const struct rg_jv *root = NULL;
    return doc.n > 0 && rg_jv_parse(ctx->arena, doc, &root) ? root : NULL;
}

/* "Via Roma 1, 10015 Ivrea"; of a confidential place the public form says nothing. */
static struct str
address_of(struct rg_ctx *ctx, const struct rg_jv *location)
{
    const struct rg_jv *list = rg_jv_get(location, "addresses");
    if (!list || list->kind != RG_JV_ARRAY || list->n == 0)
        return STR("");
    const struct rg_jv *a = rg_jv_first(list);
    const struct str parts[] = {rg_jv_get_str(ctx->arena, a, "address_1"),
                                rg_jv_get_str(ctx->arena, a, "postal_code"),
                                rg_jv_get_str(ctx->arena, a, "city")};
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 4096);
    for (size_t i = 0; i < RG_COUNT(parts); i++) {
        if (parts[i].n > 0 && out.n > 0)
            rg_buf_str(&out, i == 2 && parts[1].n > 0 ? STR(" ") : STR(", "));
        rg_buf_str(&out, parts[i]);
    }
    struct str made = out.failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(&out));
    return made.p ? made : STR("");
}

static void
service_fill(struct rg_ctx *ctx, const struct network_service *s, struct finder_folder_line *ret)
{
    const char *path = rg_arena_printf(ctx->arena, "/servizi/%lld", (long long)s->id);
    *ret = (struct finder_folder_line){.path = str_of(path ? path : ""),
                                       .name = s->name,
                                       .organization = s->organization,
                                       .synthetic = s->synthetic,
                                       .verified = s->verified_s > 0,
                                       .verified_day = s->verified_s / 86400};
    const struct rg_jv *doc = doc_of(ctx, s->doc);
    ret->email = rg_jv_get_str(ctx->arena, doc, "email");
    ret->n_phones = phones_add(ctx, doc, ret->phones, ret->n_phones);
    for (size_t i = 0; i < s->n_places; i++) {
        const struct network_place *p = &s->places[i];
        const struct rg_jv *location = doc_of(ctx, p->location_doc);
        ret->n_phones = phones_add(ctx, doc_of(ctx, p->doc), ret->phones, ret->n_phones);
        ret->n_phones = phones_add(ctx, location, ret->phones, ret->n_phones);
        if (ret->n_places < FINDER_FOLDER_PLACES && (p->name.n > 0 || location))
            ret->places[ret->n_places++] =
                (struct finder_folder_place){p->name, address_of(ctx, location)};
    }
}

/* The services there still are, in the order asked for. */
static enum rg_err
lines_fill(struct rg_ctx *ctx, const int64_t *ids, size_t n, struct finder_folder_page *page)
{
    struct finder_folder_line *lines = RG_ARRAY(ctx->arena, struct finder_folder_line, n);
    if (!lines)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        struct network_service service;
        enum rg_err err = network_service_get(ctx, (service_id){ids[i]}, &service);
        if (err == RG_ABSENT) {
            ctx->story = (struct rg_story){0};
            page->n_gone++;
            continue;
        }
        if (err != RG_OK)
            return err;
        service_fill(ctx, &service, &lines[page->n_lines]);
        lines[page->n_lines++].id = ids[i];
        page->synthetic |= service.synthetic;
    }
    page->lines = lines;
    return rg_arena_overflowed(ctx->arena) ? RG_NO_MEMORY(ctx) : RG_OK;
}

/* ---- the code of the address ---- */

/* The whole address of a path of this site; the code when it is not too long for one. */
static void
address_fill(struct rg_ctx *ctx, const struct web_request *req, struct str path,
             struct finder_folder_page *page)
{
    const char *lang =
        ctx->lang == RG_IT ? "" : rg_arena_printf(ctx->arena, "/%s", rg_lang_tag(ctx->lang));
    const char *whole = rg_arena_printf(ctx->arena, "%s%s%.*s", web_site(ctx, req),
                                        lang ? lang : "", STR_ARG(path));
    struct finder_qr *qr = RG_NEW(ctx->arena, struct finder_qr);
    if (!whole || !qr || !finder_qr_make(str_of(whole), qr))
        return;
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, QR_PATH_MAX);
    finder_qr_path(&out, qr);
    page->qr = out.failed ? STR("") : rg_arena_str(ctx->arena, rg_buf_view(&out));
    page->qr_side = qr->side + 2 * FINDER_QR_QUIET;
    page->address = str_of(whole);
}

static enum rg_err
page_write(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
           struct finder_folder_page *page)
{
    struct web_frame frame = {.title = page->title, .no_index = true, .search = true,
                              .synthetic = page->synthetic};
    const struct web_crumb crumb = {STR_NONE, page->title};
    page->today = ctx->now_s / 86400;
    web_crumbs(ctx, &frame, 1, &crumb);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_finder_folder(h, page);
    return web_page_close(ctx, req, ans);
}

/* ---- the pages ---- */

static size_t
ids_read(const struct web_value *value, int64_t ids[FINDER_FOLDER_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < value->n && n < FINDER_FOLDER_MAX; i++) {
        bool known = !rg_parse_i64(value->list[i], 1, INT64_MAX, &ids[n]);
        for (size_t k = 0; k < n && !known; k++)
            known = ids[k] == ids[n];
        n += !known;
    }
    return n;
}

static struct str
folder_path(struct rg_ctx *ctx, const int64_t *ids, size_t n, size_t without)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, PATH_MAX);
    rg_buf_lit(&out, "/cartella");
    char sign = '?';
    for (size_t i = 0; i < n; i++)
        if (i != without) {
            rg_buf_printf(&out, "%cs=%lld", sign, (long long)ids[i]);
            sign = '&';
        }
    struct str made = out.failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(&out));
    return made.p ? made : STR("/cartella");
}

enum rg_err
finder_folder(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    int64_t ids[FINDER_FOLDER_MAX];
    size_t n = ids_read(&req->values[FOLDER_S], ids);
    struct finder_folder_page page = {.title = wording_text(ctx->lang, "finder.folder.title"),
                                      .lead = wording_text(ctx->lang, "finder.folder.lead"),
                                      .notes = true};
    enum rg_err err = lines_fill(ctx, ids, n, &page);
    if (err != RG_OK)
        return err;
    for (size_t i = 0, k = 0; i < n && k < page.n_lines; i++)
        if (page.lines[k].id == ids[i])
            page.lines[k++].remove_path = folder_path(ctx, ids, n, i);
    if (page.n_lines > 0)
        address_fill(ctx, req, folder_path(ctx, ids, n, SIZE_MAX), &page);
    return page_write(ctx, req, ans, &page);
}

enum rg_err
finder_sheet(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct finder_web *room = req->data;
    struct finder_question *q = RG_NEW(ctx->arena, struct finder_question);
    struct finder_answer *a = RG_NEW(ctx->arena, struct finder_answer);
    if (!q || !a)
        return RG_NO_MEMORY(ctx);
    finder_question_read(req, q);
    q->size = FINDER_FOLDER_MAX;
    enum rg_err err = finder_ask(ctx, room->finder, q, a);
    int64_t ids[FINDER_FOLDER_MAX];
    size_t n = 0;
    if (err != RG_OK)
        return err;
    for (; n < a->n_hits && n < FINDER_FOLDER_MAX; n++)
        ids[n] = a->hits[n].service_id;
    struct finder_folder_page page = {.title = wording_text(ctx->lang, "finder.sheet.title"),
                                      .lead = wording_text(ctx->lang, "finder.sheet.lead")};
    RG_CLEANUP(rg_buf_done) struct rg_buf scratch;
    rg_buf_init(&scratch, PATH_MAX);
    err = lines_fill(ctx, ids, n, &page);
    if (err == RG_OK && page.n_lines > 0)
        address_fill(ctx, req, finder_link(ctx, &scratch, q), &page);
    if (err == RG_OK && finder_sensitive(room->finder, a)) { /* leaves no copy behind */
        web_header(ans, "Cache-Control", "no-store");
        ans->cache_set = true;
    }
    return err == RG_OK ? page_write(ctx, req, ans, &page) : err;
}
