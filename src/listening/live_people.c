/* Registrations: enciphered names, places at tables, the waiting list, erasing, check-in. */
#include "listening/live.h"
#include <ctype.h>
#include <sodium.h>

enum {
    KEY_HEX = 2 * crypto_secretbox_KEYBYTES,
    BOX_EXTRA = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES,
    TEXT_MAX = LIVE_CONTACT_MAX + 64,
};

const char *const live_kinds[LIVE_KINDS + 1] = {"lesson", "need", "proposal", "position",
                                                "practice", "dissent", NULL};
const char *const live_categories[LIVE_CATEGORIES + 1] = {
    "comune", "citta_metropolitana", "zona", "regione", "pa", "scuola", "universita", "impresa",
    "professioni", "sanita", "terzo_settore", "associazione", "giustizia", "cittadini", "ricerca",
    NULL};

bool
live_code_ok(const char *const *codes, struct str code)
{
    for (size_t i = 0; code.n && codes[i]; i++)
        if (str_eq(code, str_of(codes[i])))
            return true;
    return code.n == 0;
}

bool
live_zone_ok(struct str zone)
{
    int64_t n;
    return zone.n == 0 || rg_parse_i64(zone, 1, LIVE_ZONES, &n);
}

/* ---- secrets ---- */

static struct str
random_hex(struct rg_ctx *ctx, size_t n_bytes)
{
    unsigned char bytes[crypto_secretbox_KEYBYTES];
    char hex[KEY_HEX + 1];
    RG_ASSERT(n_bytes <= sizeof(bytes));
    randombytes_buf(bytes, n_bytes);
    sodium_bin2hex(hex, sizeof(hex), bytes, n_bytes);
    sodium_memzero(bytes, sizeof(bytes));
    return rg_arena_str(ctx->arena, str_of(hex));
}

void
live_token_hash(struct str token, char ret_hex[65])
{
    unsigned char hash[32];
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)(token.n ? token.p : ""),
                       token.n, NULL, 0);
    sodium_bin2hex(ret_hex, 65, hash, sizeof(hash));
}

static bool
key_of(struct str secret, unsigned char key[crypto_secretbox_KEYBYTES])
{
    size_t n = 0;
    return secret.n == KEY_HEX &&
           sodium_hex2bin(key, crypto_secretbox_KEYBYTES, secret.p, secret.n, NULL, &n,
                          NULL) == 0 &&
           n == crypto_secretbox_KEYBYTES;
}

/* nonce and ciphertext, hexadecimal; none past the ceiling */
static struct str
seal(struct rg_ctx *ctx, struct str text, struct str secret)
{
    unsigned char key[crypto_secretbox_KEYBYTES], box[TEXT_MAX + BOX_EXTRA];
    char hex[2 * (TEXT_MAX + BOX_EXTRA) + 1];
    RG_ASSERT(text.n <= TEXT_MAX && key_of(secret, key));
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES,
                          (const unsigned char *)(text.n ? text.p : ""), text.n, box, key);
    sodium_bin2hex(hex, sizeof(hex), box, text.n + BOX_EXTRA);
    sodium_memzero(key, sizeof(key));
    return rg_arena_str(ctx->arena, str_of(hex));
}

struct str
live_open(struct rg_ctx *ctx, struct str box, struct str secret)
{
    unsigned char key[crypto_secretbox_KEYBYTES], bytes[TEXT_MAX + BOX_EXTRA], text[TEXT_MAX];
    size_t n = 0;
    if (!key_of(secret, key) ||
        sodium_hex2bin(bytes, sizeof(bytes), box.p, box.n, NULL, &n, NULL) != 0 || n < BOX_EXTRA)
        return STR("");
    bool ok = crypto_secretbox_open_easy(text, bytes + crypto_secretbox_NONCEBYTES,
                                         n - crypto_secretbox_NONCEBYTES, bytes, key) == 0;
    struct str kept = ok ? rg_arena_str(ctx->arena, str_n((char *)text, n - BOX_EXTRA)) : STR("");
    sodium_memzero(key, sizeof(key));
    sodium_memzero(text, sizeof(text));
    return kept.p ? kept : STR("");
}

/* The contact as it is compared: small letters, no blanks; of a telephone the last nine digits. */
static size_t
contact_form(struct str contact, char out[LIVE_CONTACT_MAX])
{
    size_t n = 0, digits = 0;
    for (size_t i = 0; i < contact.n && n < LIVE_CONTACT_MAX; i++) {
        unsigned char c = (unsigned char)contact.p[i];
        if (isspace(c))
            continue;
        digits += isdigit(c) != 0;
        out[n++] = (char)tolower(c);
    }
    if (memchr(out, '@', n) || digits < 6)
        return n;
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (isdigit((unsigned char)out[i]))
            out[m++] = out[i];
    size_t from = m > 9 ? m - 9 : 0;
    memmove(out, out + from, m - from);
    return m - from;
}

static enum rg_err
contact_hash(struct rg_ctx *ctx, int64_t event_id, struct str contact, char hex[65])
{
    struct listening_sql_live_pepper_find_row row;
    bool found;
    enum rg_err err = listening_sql_live_pepper_find(ctx, event_id, &found, &row);
    if (err == RG_OK && !found) {
        row.secret = random_hex(ctx, crypto_secretbox_KEYBYTES);
        err = row.secret.p ? listening_sql_live_pepper_add(ctx, event_id, row.secret, NULL)
                           : RG_NO_MEMORY(ctx);
    }
    if (err != RG_OK)
        return err;
    unsigned char key[crypto_secretbox_KEYBYTES] = {0}, hash[32];
    char form[LIVE_CONTACT_MAX];
    size_t n = contact_form(contact, form);
    RG_ASSERT(key_of(row.secret, key));
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)form, n, key, sizeof(key));
    sodium_bin2hex(hex, 65, hash, sizeof(hash));
    return RG_OK;
}

/* ---- places ---- */

static enum rg_err
table_state(struct rg_ctx *ctx, int64_t event_id, struct store_int table_id, bool *ret_room)
{
    struct listening_sql_live_tables_row *rows;
    size_t n;
    *ret_room = true;
    if (!table_id.has)
        return RG_OK;
    enum rg_err err = listening_sql_live_tables(ctx, event_id, &rows, &n);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        if (rows[i].id == table_id.v) {
            /* Who waits goes before who comes now, even when a place is free for a moment. */
            *ret_room = !rows[i].capacity.has ||
                        (rows[i].n_confirmed < rows[i].capacity.v && rows[i].n_waiting == 0);
            return RG_OK;
        }
    return err != RG_OK ? err : RG_FAIL(ctx, RG_ABSENT, "listening.live.no_table");
}

static enum rg_err
notice_id(struct rg_ctx *ctx, struct str text, struct store_int *ret_id)
{
    char digest[65];
    struct listening_sql_live_notice_find_row known;
    struct listening_sql_live_notice_add_row added = {0};
    bool found;
    *ret_id = (struct store_int){0};
    if (text.n == 0)
        return RG_OK;
    live_token_hash(text, digest);
    enum rg_err err = listening_sql_live_notice_find(ctx, str_of(digest), &found, &known);
    if (err == RG_OK && !found)
        err = listening_sql_live_notice_add(ctx, str_of(digest), str_of(rg_lang_tag(ctx->lang)),
                                            text, ctx->now_s, &added);
    if (err == RG_OK)
        *ret_id = (struct store_int){true, found ? known.id : added.id};
    return err;
}

static enum rg_err
person_put(struct rg_ctx *ctx, int64_t event_id, const struct live_person *person,
           struct str hash, bool room, struct live_registered *ret)
{
    struct listening_sql_live_registration_next_row next;
    struct listening_sql_live_registration_add_row added;
    struct listening_sql_live_waiting_ahead_row ahead = {0};
    struct store_int notice;
    char token_hash[65];
    struct str secret = random_hex(ctx, crypto_secretbox_KEYBYTES);
    ret->token = random_hex(ctx, LIVE_TOKEN_HEX / 2);
    if (!secret.p || !ret->token.p)
        return RG_NO_MEMORY(ctx);
    live_token_hash(ret->token, token_hash);
    struct str name = seal(ctx, person->name, secret);
    struct str contact = seal(ctx, person->contact, secret);
    if (!name.p || !contact.p)
        return RG_NO_MEMORY(ctx);
    enum rg_err err = listening_sql_live_registration_next(ctx, event_id, &next);
    if (err == RG_OK)
        err = notice_id(ctx, person->notice, &notice);
    if (err == RG_OK)
        err = listening_sql_live_registration_add(
            ctx, event_id, person->table_id, room ? STR("confirmed") : STR("waiting"), next.ord,
            person->walk_in, person->category, person->zone, notice, ctx->now_s,
            str_of(token_hash), &added);
    if (err == RG_OK)
        err = listening_sql_live_registration_boxes_set(ctx, added.id, name, contact, NULL);
    if (err == RG_OK)
        err = listening_sql_live_key_add(ctx, added.id, event_id, secret, hash, NULL);
    if (err == RG_OK && !room)
        err = listening_sql_live_waiting_ahead(ctx, event_id, person->table_id, next.ord, &ahead);
    if (err == RG_OK) {
        ret->id = added.id;
        ret->n_ahead = ahead.n;
        ret->outcome = room ? LIVE_CONFIRMED : LIVE_WAITING;
    }
    return err;
}

enum rg_err
live_register(struct rg_ctx *ctx, int64_t event_id, const struct live_person *person,
              struct live_registered *ret)
{
    char hash[65] = "";
    struct listening_sql_live_contact_known_row known;
    bool found = false, room = true;
    *ret = (struct live_registered){0};
    enum rg_err err = store_write_begin(ctx, person->walk_in ? "walk-in" : "registration");
    if (err == RG_OK)
        err = table_state(ctx, event_id, person->table_id, &room);
    if (err == RG_OK && person->contact.n)
        err = contact_hash(ctx, event_id, person->contact, hash);
    if (err == RG_OK && person->contact.n)
        err = listening_sql_live_contact_known(ctx, event_id, str_of(hash), &found, &known);
    if (err == RG_OK && found) {
        ret->outcome = LIVE_KNOWN;
        ret->id = known.registration_id;
        store_write_rollback(ctx);
        return RG_OK;
    }
    if (err == RG_OK)
        err = person_put(ctx, event_id, person, str_of(hash), room || person->walk_in, ret);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

/* ---- leaving and moving: inside a write ---- */

static enum rg_err
promote(struct rg_ctx *ctx, int64_t event_id, struct store_int table_id)
{
    struct listening_sql_live_tables_row *rows;
    size_t n;
    bool found = true;
    if (!table_id.has)
        return RG_OK;
    enum rg_err err = listening_sql_live_tables(ctx, event_id, &rows, &n);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        if (rows[i].id == table_id.v && rows[i].capacity.has &&
            rows[i].n_confirmed >= rows[i].capacity.v)
            return RG_OK;
    struct listening_sql_live_waiting_first_row first;
    if (err == RG_OK)
        err = listening_sql_live_waiting_first(ctx, event_id, table_id.v, &found, &first);
    if (err == RG_OK && found)
        err = listening_sql_live_registration_state_set(ctx, first.id, STR("confirmed"), NULL);
    return err;
}

static enum rg_err
registration_of(struct rg_ctx *ctx, int64_t event_id, int64_t id,
                struct listening_sql_live_registration_get_row *ret)
{
    bool found;
    enum rg_err err = listening_sql_live_registration_get(ctx, event_id, id, &found, ret);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.live.no_person");
    return err;
}

static enum rg_err
leave(struct rg_ctx *ctx, int64_t event_id, int64_t id, bool erase)
{
    struct listening_sql_live_registration_get_row row;
    enum rg_err err =
        store_write_begin(ctx, erase ? "registration erased" : "registration withdrawn");
    if (err == RG_OK)
        err = registration_of(ctx, event_id, id, &row);
    if (err == RG_OK && erase) {
        err = listening_sql_live_registration_erase(ctx, id, NULL);
        if (err == RG_OK)
            err = listening_sql_live_key_remove(ctx, id, NULL);
    } else if (err == RG_OK && !str_is(row.state, "erased")) {
        err = listening_sql_live_registration_state_set(ctx, id, STR("withdrawn"), NULL);
    }
    if (err == RG_OK && str_is(row.state, "confirmed") && !row.here_s.has)
        err = promote(ctx, event_id, row.table_id);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

enum rg_err
live_withdraw(struct rg_ctx *ctx, int64_t event_id, int64_t id)
{
    return leave(ctx, event_id, id, false);
}

enum rg_err
live_erase(struct rg_ctx *ctx, int64_t event_id, int64_t id)
{
    return leave(ctx, event_id, id, true);
}

enum rg_err
live_move(struct rg_ctx *ctx, int64_t event_id, int64_t id, struct store_int table_id,
          bool *ret_waiting)
{
    struct listening_sql_live_registration_get_row row;
    struct listening_sql_live_registration_next_row next;
    bool room = true;
    enum rg_err err = store_write_begin(ctx, "registration changed");
    if (err == RG_OK)
        err = registration_of(ctx, event_id, id, &row);
    if (err == RG_OK && (str_is(row.state, "erased") || str_is(row.state, "withdrawn")))
        err = RG_FAIL(ctx, RG_CONFLICT, "listening.live.gone");
    bool same = err == RG_OK && row.table_id.has == table_id.has && row.table_id.v == table_id.v;
    if (err == RG_OK && !same)
        err = table_state(ctx, event_id, table_id, &room);
    if (err == RG_OK && !same)
        err = listening_sql_live_registration_next(ctx, event_id, &next);
    if (err == RG_OK && !same)
        err = listening_sql_live_registration_move(
            ctx, id, table_id, room ? STR("confirmed") : STR("waiting"), next.ord, NULL);
    if (err == RG_OK && !same && str_is(row.state, "confirmed"))
        err = promote(ctx, event_id, row.table_id);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    if (err == RG_OK)
        *ret_waiting = same ? str_is(row.state, "waiting") : !room;
    return err;
}

enum rg_err
live_check_in(struct rg_ctx *ctx, int64_t event_id, int64_t id, bool here,
              struct store_int table_id)
{
    struct listening_sql_live_registration_get_row row;
    bool room;
    enum rg_err err = store_write_begin(ctx, "check-in");
    if (err == RG_OK)
        err = registration_of(ctx, event_id, id, &row);
    if (err == RG_OK && here)
        err = table_state(ctx, event_id, table_id, &room); /* that it is a table of the event */
    struct store_int at = {here, row.here_s.has ? row.here_s.v : ctx->now_s};
    if (!here)
        table_id = (struct store_int){0};
    if (err == RG_OK)
        err = listening_sql_live_registration_here_set(ctx, id, at, table_id, NULL);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

/* ---- looking for a name ---- */

/* Small letters without the accents of the Latin letters of Italian names; others as they are. */
static size_t
fold(struct str s, char *out, size_t cap)
{
    static const char plain[] = "aaaaaaaceeeeiiiidnooooo*ouuuuyts";
    size_t n = 0;
    while (s.n && n + 4 < cap) {
        int c = str_utf8_next(&s);
        if (c < 0)
            break;
        if (c >= 0xC0 && c <= 0xFF)
            out[n++] = plain[(c - 0xC0) & 31];
        else if (c < 0x80)
            out[n++] = (char)(isalnum(c) ? tolower(c) : ' ');
        else
            n += str_utf8_put(out + n, (uint32_t)c);
    }
    return n;
}

bool
live_name_matches(struct str name, struct str asked)
{
    char a[2 * LIVE_NAME_MAX], b[2 * LIVE_NAME_MAX];
    struct str words = str_n(b, fold(asked, b, sizeof(b))), word;
    struct str whole = str_n(a, fold(name, a, sizeof(a)));
    while (str_cut(&words, ' ', &word)) {
        bool found = word.n == 0;
        for (size_t i = 0; !found && i + word.n <= whole.n; i++)
            found = (i == 0 || whole.p[i - 1] == ' ') && memcmp(whole.p + i, word.p, word.n) == 0;
        if (!found)
            return false;
    }
    return true;
}
