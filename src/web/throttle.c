#include "web/throttle.h"
#include <arpa/inet.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum kind { KIND_LOGIN, KIND_NETWORK, KIND__MAX };

static const int64_t wait_max_s[] = {THROTTLE_LOGIN_WAIT_MAX_S, THROTTLE_NETWORK_WAIT_MAX_S};
_Static_assert(RG_COUNT(wait_max_s) == KIND__MAX, "a longest wait per kind");

struct slot {
    uint64_t key; /* hash of the name; n == 0: the slot is free */
    int64_t last_s, until_s;
    int64_t n;
};

struct web_throttle {
    pthread_mutex_t lock;
    unsigned char hash_key[crypto_shorthash_KEYBYTES];
    struct slot slots[KIND__MAX][THROTTLE_BUCKETS][THROTTLE_WAYS];
};

struct web_throttle *
web_throttle_new(void)
{
    struct web_throttle *throttle = sodium_init() < 0 ? NULL : calloc(1, sizeof(*throttle));
    if (!throttle)
        return NULL;
    pthread_mutex_init(&throttle->lock, NULL);
    randombytes_buf(throttle->hash_key, sizeof(throttle->hash_key));
    return throttle;
}

struct web_throttle *
web_throttle_free(struct web_throttle *throttle)
{
    if (!throttle)
        return NULL;
    pthread_mutex_destroy(&throttle->lock);
    free(throttle);
    return NULL;
}

static int64_t
wait_after_s(int64_t n, int64_t max_s)
{
    if (n < THROTTLE_FREE)
        return 0;
    if (n - THROTTLE_FREE > 16)
        return max_s;
    int64_t wait_s = (int64_t)THROTTLE_FIRST_WAIT_S << (n - THROTTLE_FREE);
    return wait_s < max_s ? wait_s : max_s;
}

/* The slot of a name: its own, or one that may be taken over. */
static struct slot *
slot_of(struct web_throttle *throttle, enum kind kind, struct str name, int64_t now_s)
{
    unsigned char hash[crypto_shorthash_BYTES];
    uint64_t key;
    _Static_assert(sizeof(hash) == sizeof(key), "SipHash-2-4 gives 64 bits");
    crypto_shorthash(hash, (const unsigned char *)(name.n ? name.p : ""), name.n,
                     throttle->hash_key);
    memcpy(&key, hash, sizeof(key));
    struct slot *bucket = throttle->slots[kind][key % THROTTLE_BUCKETS], *victim = bucket;
    for (size_t i = 0; i < THROTTLE_WAYS; i++) {
        struct slot *s = &bucket[i];
        if (s->n > 0 && (now_s - s->last_s >= THROTTLE_FORGET_S || now_s < s->last_s - 60))
            *s = (struct slot){0}; /* long ago; or the clock was set back */
        if (s->n > 0 && s->key == key)
            return s;
        if (victim->n > 0 && (s->n == 0 || s->until_s < victim->until_s))
            victim = s;
    }
    *victim = (struct slot){.key = key};
    return victim;
}

static void
charge(struct slot *s, enum kind kind, int64_t now_s)
{
    s->n++;
    s->last_s = now_s;
    s->until_s = now_s + wait_after_s(s->n, wait_max_s[kind]);
}

static int64_t
knock(struct web_throttle *throttle, struct str login, struct str network, int64_t now_s,
      bool charged)
{
    pthread_mutex_lock(&throttle->lock);
    struct slot *w = slot_of(throttle, KIND_NETWORK, network, now_s), *l = NULL;
    int64_t wait_s = w->until_s - now_s;
    if (wait_s <= 0) { /* who is blocked may not even push other logins out of the table */
        l = slot_of(throttle, KIND_LOGIN, login, now_s);
        wait_s = l->until_s > now_s ? l->until_s - now_s : 0;
    }
    if (charged && wait_s == 0) {
        charge(l, KIND_LOGIN, now_s);
        charge(w, KIND_NETWORK, now_s);
    }
    pthread_mutex_unlock(&throttle->lock);
    return wait_s;
}

int64_t
web_throttle_take(struct web_throttle *throttle, struct str login, struct str network,
                  int64_t now_s)
{
    return knock(throttle, login, network, now_s, true);
}

int64_t
web_throttle_wait(struct web_throttle *throttle, struct str login, struct str network,
                  int64_t now_s)
{
    return knock(throttle, login, network, now_s, false);
}

static void
give_back(struct slot *s, bool all)
{
    s->n = all || s->n == 0 ? 0 : s->n - 1;
    s->until_s = 0;
}

void
web_throttle_forgive(struct web_throttle *throttle, struct str login, struct str network,
                     int64_t now_s, bool right)
{
    pthread_mutex_lock(&throttle->lock);
    give_back(slot_of(throttle, KIND_LOGIN, login, now_s), right);
    give_back(slot_of(throttle, KIND_NETWORK, network, now_s), false);
    pthread_mutex_unlock(&throttle->lock);
}

void
web_network_of(struct str peer, char ret_network[WEB_NETWORK_MAX])
{
    static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    char text[INET6_ADDRSTRLEN] = "";
    unsigned char v4[4], v6[16];
    if (peer.n > 0 && peer.n < sizeof(text))
        memcpy(text, peer.p, peer.n);
    bool is_v4 = inet_pton(AF_INET, text, v4) == 1;
    bool is_v6 = !is_v4 && inet_pton(AF_INET6, text, v6) == 1;
    if (is_v6 && memcmp(v6, mapped, sizeof(mapped)) == 0) {
        memcpy(v4, v6 + 12, sizeof(v4));
        is_v4 = true;
    }
    if (is_v4) {
        snprintf(ret_network, WEB_NETWORK_MAX, "%u.%u.%u.0/24", v4[0], v4[1], v4[2]);
    } else if (is_v6) {
        memset(v6 + 8, 0, 8);
        inet_ntop(AF_INET6, v6, text, sizeof(text));
        snprintf(ret_network, WEB_NETWORK_MAX, "%s/64", text);
    } else {
        snprintf(ret_network, WEB_NETWORK_MAX, "?");
    }
}
