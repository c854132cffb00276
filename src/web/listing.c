/* A list in its machine forms: JSON, CSV, GeoJSON, Atom of the same rows. */
#include "web_priv.h"
#include <stdio.h>

static const struct web_datum *
datum_at(const struct web_listing *list, size_t row, int column)
{
    RG_ASSERT(column >= 0 && (size_t)column < list->n_columns);
    return &list->cells[row * list->n_columns + (size_t)column];
}

static void
put_datum_json(struct rg_jw *jw, const struct web_listing_column *column,
               const struct web_datum *datum)
{
    if (!datum->has) {
        rg_jw_null(jw);
        return;
    }
    char text[32];
    struct rg_buf stamp;
    switch (column->kind) {
    case WEB_DATUM_INT: rg_jw_i64(jw, datum->i); return;
    case WEB_DATUM_E7: rg_jw_e7(jw, (int32_t)datum->i); return;
    case WEB_DATUM_FLAG: rg_jw_bool(jw, datum->i != 0); return;
    case WEB_DATUM_TEXT:
    case WEB_DATUM_LINK: rg_jw_str(jw, datum->text); return;
    case WEB_DATUM_DATE:
    case WEB_DATUM_INSTANT: break;
    }
    rg_buf_init(&stamp, sizeof(text));
    (column->kind == WEB_DATUM_DATE ? rg_put_date : rg_put_instant)(&stamp, datum->i);
    rg_jw_str(jw, rg_buf_view(&stamp));
    rg_buf_done(&stamp);
}

static void
put_datum_text(struct rg_buf *out, const struct web_listing_column *column,
               const struct web_datum *datum)
{
    if (!datum->has)
        return;
    switch (column->kind) {
    case WEB_DATUM_INT: rg_buf_i64(out, datum->i); return;
    case WEB_DATUM_E7: rg_put_e7(out, (int32_t)datum->i); return;
    case WEB_DATUM_FLAG: rg_buf_str(out, datum->i ? STR("true") : STR("false")); return;
    case WEB_DATUM_DATE: rg_put_date(out, datum->i); return;
    case WEB_DATUM_INSTANT: rg_put_instant(out, datum->i); return;
    case WEB_DATUM_TEXT:
    case WEB_DATUM_LINK: rg_buf_str(out, datum->text); return;
    }
}

static void
put_properties(struct rg_jw *jw, const struct web_listing *list, size_t row)
{
    rg_jw_object(jw);
    for (size_t c = 0; c < list->n_columns; c++) {
        rg_jw_key(jw, list->columns[c].name);
        put_datum_json(jw, &list->columns[c], datum_at(list, row, (int)c));
    }
    rg_jw_end_object(jw);
}

static void
put_notes(struct rg_ctx *ctx, struct rg_jw *jw, const struct web_listing *list)
{
    if (list->source_key) {
        rg_jw_key(jw, "source");
        rg_jw_str(jw, wording_text(ctx->lang, list->source_key));
    }
    if (list->synthetic) {
        rg_jw_key(jw, "synthetic");
        rg_jw_bool(jw, true);
        rg_jw_key(jw, "notice");
        rg_jw_str(jw, wording_text(ctx->lang, "web.synthetic"));
    }
}

static void
put_json(struct rg_ctx *ctx, struct web_answer *ans, const struct web_listing *list)
{
    struct rg_jw jw;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    rg_jw_object(&jw);
    rg_jw_key(&jw, "total");
    rg_jw_i64(&jw, list->total);
    rg_jw_key(&jw, "page");
    rg_jw_i64(&jw, list->page);
    rg_jw_key(&jw, "size");
    rg_jw_i64(&jw, list->size);
    put_notes(ctx, &jw, list);
    rg_jw_key(&jw, list->name);
    rg_jw_array(&jw);
    for (size_t r = 0; r < list->n_rows; r++)
        put_properties(&jw, list, r);
    rg_jw_end_array(&jw);
    rg_jw_end_object(&jw);
}

/* A table whose rows say it each for itself needs no second column of that name. */
static bool
has_column(const struct web_listing *list, const char *name)
{
    for (size_t c = 0; c < list->n_columns; c++)
        if (strcmp(list->columns[c].name, name) == 0)
            return true;
    return false;
}

static void
put_csv(struct rg_ctx *ctx, struct web_answer *ans, const struct web_listing *list)
{
    bool mark = list->synthetic && !has_column(list, "synthetic");
    ans->type = "text/csv; charset=utf-8";
    const char *as = rg_arena_printf(ctx->arena, "attachment; filename=\"%s.csv\"", list->name);
    if (as)
        web_header(ans, "Content-Disposition", as);
    for (size_t c = 0; c < list->n_columns; c++)
        rg_csv_put(&ans->body, str_of(list->columns[c].name), ',', c == 0);
    if (mark)
        rg_csv_put(&ans->body, STR("synthetic"), ',', false);
    rg_buf_lit(&ans->body, "\r\n");
    RG_CLEANUP(rg_buf_done) struct rg_buf cell;
    rg_buf_init(&cell, RG_CSV_FIELD_MAX);
    for (size_t r = 0; r < list->n_rows; r++) {
        for (size_t c = 0; c < list->n_columns; c++) {
            rg_buf_reset(&cell);
            put_datum_text(&cell, &list->columns[c], datum_at(list, r, (int)c));
            rg_csv_put_safe(&ans->body, rg_buf_view(&cell), ',', c == 0);
        }
        if (mark)
            rg_csv_put(&ans->body, STR("true"), ',', false);
        rg_buf_lit(&ans->body, "\r\n");
    }
}

static void
put_geojson(struct rg_ctx *ctx, struct web_answer *ans, const struct web_listing *list)
{
    struct rg_jw jw;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/geo+json";
    rg_jw_object(&jw);
    rg_jw_key(&jw, "type");
    rg_jw_str(&jw, STR("FeatureCollection"));
    put_notes(ctx, &jw, list);
    rg_jw_key(&jw, "features");
    rg_jw_array(&jw);
    for (size_t r = 0; r < list->n_rows; r++) {
        rg_jw_object(&jw);
        rg_jw_key(&jw, "type");
        rg_jw_str(&jw, STR("Feature"));
        rg_jw_key(&jw, "geometry");
        const struct web_datum *lat = datum_at(list, r, list->lat_column);
        const struct web_datum *lon = datum_at(list, r, list->lon_column);
        if (lat->has && lon->has) {
            rg_jw_object(&jw);
            rg_jw_key(&jw, "type");
            rg_jw_str(&jw, STR("Point"));
            rg_jw_key(&jw, "coordinates");
            rg_jw_array(&jw);
            rg_jw_e7(&jw, (int32_t)lon->i);
            rg_jw_e7(&jw, (int32_t)lat->i);
            rg_jw_end_array(&jw);
            rg_jw_end_object(&jw);
        } else {
            rg_jw_null(&jw);
        }
        rg_jw_key(&jw, "properties");
        put_properties(&jw, list, r);
        rg_jw_end_object(&jw);
    }
    rg_jw_end_array(&jw);
    rg_jw_end_object(&jw);
}

static void
put_atom_text(struct rg_buf *out, const char *tag, struct str text)
{
    rg_buf_printf(out, "<%s>", tag);
    for (size_t i = 0; i < text.n; i++) /* XML 1.0 has no word for control characters */
        if ((unsigned char)text.p[i] >= 0x20 || text.p[i] == '\n' || text.p[i] == '\t')
            html_escape(out, str_n(text.p + i, 1));
    rg_buf_printf(out, "</%s>\n", tag);
}

static void
put_atom_entry(struct rg_ctx *ctx, struct rg_buf *out, const struct web_listing *list, size_t row,
               struct str base)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf text;
    rg_buf_init(&text, RG_CSV_FIELD_MAX);
    rg_buf_lit(out, "<entry>\n");
    put_datum_text(&text, &list->columns[list->title_column],
                   datum_at(list, row, list->title_column));
    put_atom_text(out, "title", rg_buf_view(&text));
    rg_buf_reset(&text);
    put_datum_text(&text, &list->columns[list->id_column], datum_at(list, row, list->id_column));
    struct str id = rg_arena_str(ctx->arena, rg_buf_view(&text));
    rg_buf_reset(&text);
    rg_buf_str(&text, base);
    rg_buf_str(&text, str_of(web_path(ctx, "%s", list->entry_path)));
    html_percent(&text, id);
    put_atom_text(out, "id", rg_buf_view(&text));
    rg_buf_lit(out, "<link href=\"");
    html_escape(out, rg_buf_view(&text));
    rg_buf_lit(out, "\"/>\n");
    rg_buf_reset(&text);
    rg_put_instant(&text, list->updated_column >= 0
                              ? datum_at(list, row, list->updated_column)->i
                              : ctx->now_s);
    put_atom_text(out, "updated", rg_buf_view(&text));
    if (list->text_column >= 0) {
        rg_buf_reset(&text);
        put_datum_text(&text, &list->columns[list->text_column],
                       datum_at(list, row, list->text_column));
        put_atom_text(out, "summary", rg_buf_view(&text));
    }
    rg_buf_lit(out, "</entry>\n");
}

static void
put_atom(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
         const struct web_listing *list)
{
    struct str base = str_of(web_site(ctx, req)); /* a feed gives addresses whole */
    ans->type = "application/atom+xml; charset=utf-8";
    rg_buf_printf(&ans->body,
                  "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                  "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n",
                  rg_lang_tag(ctx->lang));
    put_atom_text(&ans->body, "title", list->title);
    if (list->synthetic)
        put_atom_text(&ans->body, "subtitle", wording_text(ctx->lang, "web.synthetic"));
    RG_CLEANUP(rg_buf_done) struct rg_buf id;
    rg_buf_init(&id, 16 * 1024);
    rg_buf_printf(&id, "%.*s%.*s.atom", STR_ARG(base), STR_ARG(req->path));
    if (req->query.n)
        rg_buf_printf(&id, "?%.*s", STR_ARG(req->query));
    put_atom_text(&ans->body, "id", rg_buf_view(&id));
    int64_t newest = 0;
    for (size_t r = 0; r < list->n_rows && list->updated_column >= 0; r++) {
        int64_t at = datum_at(list, r, list->updated_column)->i;
        newest = at > newest ? at : newest;
    }
    rg_buf_reset(&id);
    rg_put_instant(&id, newest ? newest : ctx->now_s);
    put_atom_text(&ans->body, "updated", rg_buf_view(&id));
    rg_buf_lit(&ans->body, "<author><name>Regia</name></author>\n");
    for (size_t r = 0; r < list->n_rows; r++)
        put_atom_entry(ctx, &ans->body, list, r, base);
    rg_buf_lit(&ans->body, "</feed>\n");
}

enum rg_err
web_listing_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
                   const struct web_listing *list)
{
    switch (req->form) {
    case WEB_JSON: put_json(ctx, ans, list); break;
    case WEB_CSV: put_csv(ctx, ans, list); break;
    case WEB_GEOJSON: put_geojson(ctx, ans, list); break;
    case WEB_ATOM: put_atom(ctx, req, ans, list); break;
    case WEB_HTML:
    case WEB_NDJSON:
    case WEB_PDF:
    case WEB_FORM__MAX: return RG_FAIL(ctx, RG_ABSENT, "web.not_found");
    }
    if (list->synthetic)
        web_header(ans, "X-Regia-Synthetic", "true");
    return ans->body.failed ? RG_FAIL(ctx, RG_LIMIT, "base.too_much") : RG_OK;
}
