/* Any bytes as text: what is well-formed decodes and encodes to itself, and no cut spoils it. */
#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = str_n((const char *)data, size), rest = s;
    bool ok = str_utf8_ok(s);
    for (size_t at = 0; rest.n > 0;) {
        char out[4];
        int c = str_utf8_next(&rest);
        RG_ASSERT(c >= 0);
        if (!ok)
            continue;
        size_t n = str_utf8_put(out, (uint32_t)c);
        RG_ASSERT(at + n == s.n - rest.n && memcmp(out, s.p + at, n) == 0);
        at += n;
    }
    for (size_t n = 0; n <= size && n < 256; n++) {
        size_t cut = str_utf8_prefix(s, n);
        RG_ASSERT(cut <= n && n - cut < 4);
        RG_ASSERT(!ok || str_utf8_ok(str_n(s.p, cut)));
    }
    return 0;
}
