/* What the HTML walk asks about names and texts. Sources: the HTML living standard (void
 * elements, content models) and WCAG 2.1 (1.1.1, 1.3.1, 2.4.6, 3.3.2, 4.1.2).                */
#include "tmplc.h"

static bool
one_of(struct str name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(name, str_of(names[i])))
            return true;
    return false;
}

bool
html_is_void(struct str name)
{
    static const char *const names[] = {"area", "base", "br",   "col",   "embed",  "hr", "img",
                                        "input", "link", "meta", "source", "track", "wbr"};
    return one_of(name, names, RG_COUNT(names));
}

bool
html_is_heading(struct str name)
{
    return name.n == 2 && name.p[0] == 'h' && name.p[1] >= '1' && name.p[1] <= '6';
}

/* Elements that a browser would close a paragraph for. */
bool
html_ends_paragraph(struct str name)
{
    static const char *const names[] = {
        "address", "article", "aside", "blockquote", "details", "div",  "dl",      "fieldset",
        "figure",  "footer",  "form",  "header",     "hgroup",  "hr",   "main",    "menu",
        "nav",     "ol",      "p",     "pre",        "search",  "section", "table", "ul"};
    return html_is_heading(name) || one_of(name, names, RG_COUNT(names));
}

bool
html_is_url_attr(struct str name)
{
    static const char *const names[] = {"href", "src", "action", "formaction", "poster", "cite",
                                        "data", "xlink:href"};
    return one_of(name, names, RG_COUNT(names));
}

/* Attributes that are read to people. */
bool
html_is_worded_attr(struct str name)
{
    static const char *const names[] = {
        "alt", "title", "placeholder", "label", "aria-label", "aria-description",
        "aria-placeholder", "aria-roledescription", "aria-valuetext"};
    return one_of(name, names, RG_COUNT(names));
}

/* The character reference at the front of text: its length, or 0. */
static size_t
reference_length(struct str text)
{
    size_t i = 1;
    while (i < text.n && i < 12 &&
           ((text.p[i] >= 'a' && text.p[i] <= 'z') || (text.p[i] >= 'A' && text.p[i] <= 'Z') ||
            (text.p[i] >= '0' && text.p[i] <= '9') || (i == 1 && text.p[i] == '#')))
        i++;
    return i > 1 && i < text.n && text.p[i] == ';' ? i + 1 : 0;
}

/* References that stand for punctuation, blanks and signs; any other may be a letter. */
static bool
is_sign_reference(struct str name)
{
    static const char *const names[] = {
        "amp",  "lt",    "gt",    "quot",  "nbsp",  "shy",   "mdash", "ndash", "hellip", "middot",
        "bull", "laquo", "raquo", "larr",  "rarr",  "uarr",  "darr",  "times", "euro",   "copy",
        "deg",  "lsquo", "rsquo", "ldquo", "rdquo", "lsaquo", "rsaquo"};
    return one_of(name, names, RG_COUNT(names));
}

/* Letters by blocks of Unicode: Latin with accents, Greek, Cyrillic, Arabic and on to U+1FFF;
 * then signs and symbols to U+2BFF; then letters of the East; emoji and private signs no.    */
static bool
is_letter(int c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c < 0xC0)
        return c == 0xAA || c == 0xB5 || c == 0xBA;
    if (c < 0x2000)
        return c != 0xD7 && c != 0xF7;
    return c >= 0x2C00 && c < 0x1F000 && !(c >= 0x3000 && c < 0x3040) &&
           !(c >= 0xE000 && c < 0xF900) && !(c >= 0xFE00 && c < 0xFE10);
}

bool
html_has_letters(struct str text, const char **ret_at)
{
    while (text.n > 0) {
        const char *at = text.p;
        size_t n = *at == '&' ? reference_length(text) : 0;
        if (n > 0 && is_sign_reference(str_n(at + 1, n - 2))) {
            text = str_n(at + n, text.n - n);
            continue;
        }
        if (is_letter(str_utf8_next(&text))) {
            *ret_at = at;
            return true;
        }
    }
    return false;
}

bool
html_bad_ampersand(struct str text, const char **ret_at)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '&' && reference_length(str_n(text.p + i, text.n - i)) == 0) {
            *ret_at = text.p + i;
            return true;
        }
    return false;
}
