/* How plain an Italian text is (Lucisano and Piemontese, Scuola e Città 3/1988).
 *
 *   "Il piano nasce dall'ascolto."  5 words (dall', ascolto apart), 23 letters, 1 sentence:
 *   89 + (300 - 230) / 5 = 103, cut to 100. */
#include "gulpease.h"

static bool
is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c >= 0xC0 && c != 0xD7 && c != 0xF7 && c < 0x2000);
}

/* A point inside a number (2.3.5) or after a lone letter (A.S.L.) ends no sentence. */
static bool
ends_sentence(int c, int before, size_t n_in_word, struct str rest)
{
    if (c == '!' || c == '?' || c == 0x2026)
        return true;
    if (c != '.' ||
        (before >= '0' && before <= '9' && rest.n && rest.p[0] != ' ' && rest.p[0] != '\n'))
        return false;
    return n_in_word != 1 || (before >= '0' && before <= '9');
}

bool
rg_gulpease(struct str text, struct rg_gulpease *ret)
{
    struct rg_gulpease sum = {0};
    size_t n_in_word = 0;
    bool open = false; /* words since the last end of a sentence */
    int before = 0;
    while (text.n) {
        int c = str_utf8_next(&text);
        if (is_letter(c)) {
            sum.n_letters++;
            sum.n_words += n_in_word == 0;
            n_in_word++;
            open = true;
        } else {
            if (open && ends_sentence(c, before, n_in_word, text)) {
                sum.n_sentences++;
                open = false;
            }
            n_in_word = 0;
        }
        before = c;
    }
    sum.n_sentences += open;
    if (sum.n_words == 0)
        return false;
    int64_t tenths = 890 + (3000 * sum.n_sentences - 100 * sum.n_letters) / sum.n_words;
    sum.index = tenths <= 0 ? 0 : tenths >= 1000 ? 100 : (tenths + 5) / 10;
    *ret = sum;
    return true;
}
