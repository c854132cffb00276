/* A chapter of the position paper as an OpenDocument text (ODF 1.3): a ZIP of three files, the
 * media type first and stored as it is, as part 3 of the standard asks.                       */
#include "listening/surface.h"

enum { IN_AXIS };
enum { ODT_MAX = 8 * 1024 * 1024 };

/* ---- content ---- */

static void
put_text(struct rg_buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) /* XML 1.0 has no word for control characters */
        if ((unsigned char)text.p[i] >= 0x20)
            html_escape(out, str_n(text.p + i, 1));
        else
            rg_buf_c(out, ' ');
}

static void
put_element(struct rg_buf *out, const char *open, const char *close, struct str text)
{
    rg_buf_str(out, str_of(open));
    put_text(out, text);
    rg_buf_str(out, str_of(close));
}

static void
put_heading(struct rg_buf *out, int level, struct str text)
{
    rg_buf_printf(out, "<text:h text:outline-level=\"%d\">", level);
    put_text(out, text);
    rg_buf_lit(out, "</text:h>");
}

struct place { /* where the site stands, for links back to each voice */
    struct str base;
};

static void
put_voices(struct rg_ctx *ctx, struct rg_buf *out, const struct said_voice *const *voices,
           size_t n, const struct place *site)
{
    if (n == 0)
        return;
    rg_buf_lit(out, "<text:list>");
    for (size_t i = 0; i < n; i++) {
        rg_buf_lit(out, "<text:list-item><text:p>");
        put_text(out, voices[i]->text.n ? voices[i]->text
                                        : wording_text(ctx->lang, "listening.voice.withheld"));
        rg_buf_lit(out, " <text:a xlink:type=\"simple\" xlink:href=\"");
        put_text(out, site->base);
        put_text(out,
                 str_of(web_path(ctx, "/ascolto/contributi/%.*s", STR_ARG(voices[i]->slug))));
        rg_buf_lit(out, "\">");
        put_text(out, voices[i]->code);
        rg_buf_lit(out, "</text:a></text:p></text:list-item>");
    }
    rg_buf_lit(out, "</text:list>");
}

static void
put_theme(struct rg_ctx *ctx, struct rg_buf *out, const struct said_paper_theme *theme,
          const struct place *site)
{
    put_heading(out, 2, theme->theme.title);
    for (size_t i = 0; i < theme->n_sentences; i++)
        put_element(out, "<text:p>", "</text:p>", theme->sentences[i]);
    put_element(out, "<text:p>", "</text:p>",
                web_words_n(ctx, "listening.paper.rests_on", theme->mix.n));
    if (theme->n_positions)
        put_heading(out, 3, wording_text(ctx->lang, "listening.theme.positions"));
    for (size_t i = 0; i < theme->n_positions; i++) {
        put_heading(out, 4, theme->positions[i].title);
        put_element(out, "<text:p>", "</text:p>", theme->positions[i].text);
        put_voices(ctx, out, theme->positions[i].voices, theme->positions[i].n_voices, site);
    }
    if (theme->n_voices)
        put_heading(out, 3, wording_text(ctx->lang, "listening.theme.voices"));
    put_voices(ctx, out, theme->voices, theme->n_voices, site);
}

static const char content_open[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<office:document-content "
    "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
    "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" "
    "xmlns:xlink=\"http://www.w3.org/1999/xlink\" office:version=\"1.3\">"
    "<office:body><office:text>";
static const char content_close[] = "</office:text></office:body></office:document-content>\n";
static const char manifest[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" "
    "manifest:version=\"1.3\"><manifest:file-entry manifest:full-path=\"/\" "
    "manifest:media-type=\"application/vnd.oasis.opendocument.text\"/><manifest:file-entry "
    "manifest:full-path=\"content.xml\" "
    "manifest:media-type=\"text/xml\"/></manifest:manifest>\n";

static enum rg_err
pack(struct rg_ctx *ctx, struct str type, struct str content, struct rg_buf *out)
{
    struct rg_zip_out *zip;
    enum rg_zip err = rg_zip_new(NULL, &zip);
    if (err == RG_ZIP_OK)
        err = rg_zip_add(zip, "mimetype", type, true);
    if (err == RG_ZIP_OK)
        err = rg_zip_add(zip, "content.xml", content, false);
    if (err == RG_ZIP_OK)
        err = rg_zip_add(zip, "META-INF/manifest.xml", str_of(manifest), false);
    if (err == RG_ZIP_OK)
        err = rg_zip_finish(zip, out);
    rg_zip_drop(zip);
    return err == RG_ZIP_OK          ? RG_OK
           : err == RG_ZIP_TOO_LARGE ? RG_FAIL(ctx, RG_LIMIT, "base.too_much")
                                     : RG_NO_MEMORY(ctx);
}

enum rg_err
said_paper_odt(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    static const char type[] = "application/vnd.oasis.opendocument.text";
    struct said_paper page = {0};
    enum rg_err err = said_paper_fill(ctx, web_text(req, IN_AXIS), &page);
    if (err != RG_OK)
        return err;
    const struct place site = {str_of(web_site(ctx, req))};
    RG_CLEANUP(rg_buf_done) struct rg_buf content;
    rg_buf_init(&content, ODT_MAX);
    rg_buf_str(&content, str_of(content_open));
    put_heading(&content, 1, page.axis_title);
    for (size_t i = 0; i < page.n_themes; i++)
        put_theme(ctx, &content, &page.themes[i], &site);
    rg_buf_str(&content, str_of(content_close));
    if (content.failed)
        return RG_FAIL(ctx, RG_LIMIT, "base.too_much");
    err = pack(ctx, str_of(type), rg_buf_view(&content), &ans->body);
    if (err != RG_OK)
        return err;
    ans->type = type;
    const char *as = rg_arena_printf(
        ctx->arena, "attachment; filename=\"position-paper-%.*s.odt\"", STR_ARG(page.axis));
    if (as)
        web_header(ans, "Content-Disposition", as);
    return RG_OK;
}
