/* How easy an Italian text is to read: the Gulpease index. */
#include "plan/kernel.h"

static bool
is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7);
}

struct plan_gulpease
plan_gulpease_of(struct str text)
{
    struct plan_gulpease g = {0};
    bool in_word = false, said = false; /* said: a word stands in the sentence that is open */
    for (int c, last = ' '; (c = str_utf8_next(&text)) >= 0; last = c) {
        bool blank = c == ' ' || c == '\n' || c == '\t' || c == 0xA0;
        bool ended = last == '.' || last == '!' || last == '?' || last == 0x2026;
        if (blank && ended && said) {
            g.n_sentences++;
            said = false;
        }
        if (is_letter(c)) {
            g.n_letters++;
            g.n_words += !in_word;
            said = true;
        }
        in_word = is_letter(c);
    }
    g.n_sentences += said;
    if (g.n_words == 0)
        return g;
    int64_t index = 89 + (300 * g.n_sentences - 10 * g.n_letters) / g.n_words;
    g.index = (int)(index < 0 ? 0 : index > 100 ? 100 : index);
    return g;
}
