/* Passwords: Argon2id through libsodium, two computations at a time. */
#include "accounts/accounts_priv.h"
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <time.h>

_Static_assert(HASH_SIZE == crypto_pwhash_STRBYTES, "room for libsodium's string form");

/* Each computation takes 64 MiB, so the process as a whole, not a server, has two places. A few may
 * wait a little; more would hold up the threads that answer everybody else.                   */
enum { PLACES = 2, WAITERS_MAX = 4, WAIT_MAX_S = 2 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    unsigned n_taken, n_waiting;
    uint64_t n_computed;
} gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .freed = PTHREAD_COND_INITIALIZER};

enum rg_err
accounts_hash_place_take(struct rg_ctx *ctx)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_MAX_S;
    pthread_mutex_lock(&gate.lock);
    bool patient = gate.n_waiting < WAITERS_MAX;
    gate.n_waiting += patient;
    while (patient && gate.n_taken == PLACES)
        if (pthread_cond_timedwait(&gate.freed, &gate.lock, &until) != 0)
            break;
    gate.n_waiting -= patient;
    bool mine = gate.n_taken < PLACES;
    gate.n_taken += mine;
    gate.n_computed += mine;
    pthread_mutex_unlock(&gate.lock);
    return mine ? RG_OK : RG_FAIL(ctx, RG_BUSY, "accounts.busy");
}

void
accounts_hash_place_give(void)
{
    pthread_mutex_lock(&gate.lock);
    RG_ASSERT(gate.n_taken > 0);
    gate.n_taken--;
    pthread_cond_signal(&gate.freed);
    pthread_mutex_unlock(&gate.lock);
}

uint64_t
accounts_hash_count(void)
{
    pthread_mutex_lock(&gate.lock);
    uint64_t n = gate.n_computed;
    pthread_mutex_unlock(&gate.lock);
    return n;
}

enum rg_err
accounts_hash_make(struct rg_ctx *ctx, struct str password, char ret_hash[HASH_SIZE])
{
    RG_ASSERT(!store_writing(ctx));
    if (sodium_init() < 0)
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    enum rg_err err = accounts_hash_place_take(ctx);
    if (err != RG_OK)
        return err;
    char hash[HASH_SIZE] = "";
    bool made = crypto_pwhash_str(hash, password.p, password.n,
                                  crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                  crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
    accounts_hash_place_give();
    if (!made)
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    memcpy(ret_hash, hash, sizeof(hash));
    return RG_OK;
}

/* A hash of nothing anybody knows, with today's cost, written as libsodium writes it: salt and
 * result are 16 and 32 bytes in base64, here all zero.                                       */
static void
put_dummy(char hash[HASH_SIZE])
{
    snprintf(hash, HASH_SIZE, "$argon2id$v=19$m=%u,t=%u,p=1$%s$%s",
             (unsigned)(crypto_pwhash_MEMLIMIT_INTERACTIVE / 1024),
             (unsigned)crypto_pwhash_OPSLIMIT_INTERACTIVE, "AAAAAAAAAAAAAAAAAAAAAA",
             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

enum rg_err
accounts_hash_check(struct rg_ctx *ctx, struct str hash, struct str password, bool *ret_right)
{
    RG_ASSERT(!store_writing(ctx));
    char text[HASH_SIZE] = "";
    bool known = hash.n > 0 && hash.n < sizeof(text);
    if (sodium_init() < 0)
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    if (known)
        memcpy(text, hash.p, hash.n);
    else
        put_dummy(text);
    enum rg_err err = accounts_hash_place_take(ctx);
    if (err != RG_OK)
        return err;
    bool fits = crypto_pwhash_str_verify(text, password.n ? password.p : "", password.n) == 0;
    accounts_hash_place_give();
    *ret_right = fits && known;
    return RG_OK;
}

struct str
accounts_password_make(struct rg_ctx *ctx)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* no i l o 0 1 */
    char made[4 * 5];
    size_t n = 0;
    for (size_t i = 0; i < 16; i++) {
        if (i > 0 && i % 4 == 0)
            made[n++] = '-';
        made[n++] = letters[randombytes_uniform((uint32_t)sizeof(letters) - 1)];
    }
    struct str password = rg_arena_str(ctx->arena, str_n(made, n));
    sodium_memzero(made, sizeof(made));
    return password;
}
