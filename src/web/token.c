/* Forgery tokens: a form brings back what only a page of the same session can have said.
 *
 * The hour and a MAC of it under the session's secret. Good for 12 hours, so a form left open over
 * lunch still works; bound to the session, so another's token is refused. The MAC is hidden under
 * a pad that is new in each page of somebody signed in: pages are compressed and repeat words from
 * their address, and the length of the same token beside guesses of it would betray it letter by
 * letter (BREACH, Gluck, Harris and Prado 2013).                                              */
#include "web_priv.h"
#include <sodium.h>
#include <stdio.h>

enum {
    CSRF_HOURS = 12,
    MAC_BYTES = 16,
    HOUR_CHARS = 8,
    MAC_CHARS = 2 * MAC_BYTES,
    TOKEN_CHARS = HOUR_CHARS + 2 * MAC_CHARS, /* hour, pad, MAC under the pad: in hexadecimal */
};

static void
csrf_mac(const struct web_server *server, struct str secret, uint32_t hour,
         unsigned char out[MAC_BYTES])
{
    unsigned char key[32], text[4];
    crypto_generichash(key, sizeof(key), (const unsigned char *)(secret.n ? secret.p : ""),
                       secret.n, server->secret, sizeof(server->secret));
    for (int i = 0; i < 4; i++)
        text[i] = (unsigned char)(hour >> (8 * i));
    crypto_generichash(out, MAC_BYTES, text, sizeof(text), key, sizeof(key));
}

static void
token_write(const struct web_server *server, struct str secret, uint32_t hour,
            char out[TOKEN_CHARS + 1])
{
    unsigned char pad[MAC_BYTES], mac[MAC_BYTES];
    csrf_mac(server, secret, hour, mac);
    randombytes_buf(pad, sizeof(pad));
    for (int i = 0; i < MAC_BYTES; i++)
        mac[i] ^= pad[i];
    snprintf(out, HOUR_CHARS + 1, "%08x", hour);
    sodium_bin2hex(out + HOUR_CHARS, MAC_CHARS + 1, pad, sizeof(pad));
    sodium_bin2hex(out + HOUR_CHARS + MAC_CHARS, MAC_CHARS + 1, mac, sizeof(mac));
}

/* Strangers of the same hour have the same token, no secret: each thread writes it once. */
const char *
web_csrf_make(struct rg_ctx *ctx, const struct web_server *server, struct str secret)
{
    static _Thread_local struct {
        char token[TOKEN_CHARS + 1];
        unsigned char secret[sizeof(server->secret)];
        uint32_t hour;
    } last;
    uint32_t hour = (uint32_t)(ctx->now_s / 3600);
    if (secret.n > 0) {
        char *token = rg_arena_alloc(ctx->arena, TOKEN_CHARS + 1);
        if (token)
            token_write(server, secret, hour, token);
        return token ? token : "";
    }
    if (last.hour != hour || memcmp(last.secret, server->secret, sizeof(last.secret)) != 0) {
        token_write(server, secret, hour, last.token);
        memcpy(last.secret, server->secret, sizeof(last.secret));
        last.hour = hour;
    }
    return last.token;
}

static bool
hex_read(struct str digits, unsigned char *out, size_t n)
{
    size_t n_read;
    return sodium_hex2bin(out, n, digits.p, digits.n, NULL, &n_read, NULL) == 0 && n_read == n;
}

bool
web_csrf_ok(const struct web_server *server, int64_t now_s, struct str secret, struct str token)
{
    unsigned char hour_read[HOUR_CHARS / 2], pad[MAC_BYTES], hidden[MAC_BYTES], mac[MAC_BYTES];
    uint32_t hour = 0, now = (uint32_t)(now_s / 3600);
    if (token.n != TOKEN_CHARS ||
        !hex_read(str_n(token.p, HOUR_CHARS), hour_read, sizeof(hour_read)) ||
        !hex_read(str_n(token.p + HOUR_CHARS, MAC_CHARS), pad, sizeof(pad)) ||
        !hex_read(str_n(token.p + HOUR_CHARS + MAC_CHARS, MAC_CHARS), hidden, sizeof(hidden)))
        return false;
    for (size_t i = 0; i < sizeof(hour_read); i++)
        hour = hour << 8 | hour_read[i];
    for (int i = 0; i < MAC_BYTES; i++)
        hidden[i] ^= pad[i];
    csrf_mac(server, secret, hour, mac);
    return hour <= now && now - hour <= CSRF_HOURS &&
           sodium_memcmp(mac, hidden, sizeof(mac)) == 0;
}
