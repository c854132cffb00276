#include "uuid.h"
#include <sodium.h>

static int
hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
rg_uuid_parse(struct str text, unsigned char ret_id[16])
{
    size_t n = 0;
    if (text.n != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text.p[i] != '-')
                return false;
            continue;
        }
        int v = hex_value(text.p[i]);
        if (v < 0)
            return false;
        ret_id[n / 2] = (unsigned char)(n % 2 ? ret_id[n / 2] | v : v << 4);
        n++;
    }
    return true;
}

struct str
rg_uuid_text(struct rg_arena *arena, const unsigned char id[16])
{
    static const char hex[] = "0123456789abcdef";
    char *out = rg_arena_alloc(arena, 37);
    if (!out)
        return STR_NONE;
    size_t n = 0;
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out[n++] = '-';
        out[n++] = hex[id[i] >> 4];
        out[n++] = hex[id[i] & 15];
    }
    out[n] = '\0';
    return str_n(out, n);
}

struct str
rg_uuid_of(struct rg_arena *arena, const struct str parts[], size_t n_parts)
{
    unsigned char id[16];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof(id));
    for (size_t i = 0; i < n_parts; i++)
        crypto_generichash_update(&state, (const unsigned char *)(parts[i].p ? parts[i].p : ""),
                                  parts[i].n);
    crypto_generichash_final(&state, id, sizeof(id));
    id[6] = (unsigned char)((id[6] & 0x0F) | 0x80); /* version 8: of our own making */
    id[8] = (unsigned char)((id[8] & 0x3F) | 0x80);
    return rg_uuid_text(arena, id);
}
