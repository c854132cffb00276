/* The escapers on any bytes: nothing that could end a text, a value, an address or a JSON
 * string comes through.                                                                      */
#include "html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
claim_free_of(struct str s, const char *bytes)
{
    for (size_t i = 0; i < s.n; i++)
        RG_ASSERT(s.p[i] == '\0' || !strchr(bytes, s.p[i]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const refused[] = {"<>\"'", "<>\"'", "<>\"'", "<>\"'&/?#: ", "<>&\n"};
    struct str s = str_n((const char *)data, size);
    struct rg_buf out;
    rg_buf_init(&out, (size_t)16 << 20);
    struct html h = {.out = &out, .lang = size & 1 ? RG_FR : RG_IT};
    for (enum html_place place = HTML_TEXT; place <= HTML_JSON; place++) {
        rg_buf_reset(&out);
        html_put(&h, place, html_value(s));
        RG_ASSERT(!out.failed);
        claim_free_of(rg_buf_view(&out), refused[place]);
    }
    rg_buf_reset(&out);
    html_url_put(&h, HTML_URL, html_value(s));
    RG_ASSERT(html_url_ok(rg_buf_view(&out)));
    if (size >= sizeof(int64_t)) {
        int64_t i;
        memcpy(&i, data, sizeof(i));
        for (enum html_kind kind = HTML_BOOL; kind <= HTML_INSTANT; kind++)
            if (kind != HTML_INSTANT || (i > -62135596800 && i < 253402300800))
                html_put(&h, HTML_TEXT, html_value_kind(kind, i));
    }
    rg_buf_done(&out);
    return 0;
}
