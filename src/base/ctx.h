/* struct rg_ctx: what every call of the program is told about its circumstances.
 *
 * It comes first in every call that can fail: memory, error story, clock, chance, actor,
 * language. Nothing reads the clock or the dice by itself, so tests set each one and no answer
 * depends on the day it is asked. One context serves one request on one thread.              */
#ifndef RG_CTX_H
#define RG_CTX_H

#include "arena.h"
#include "err.h"

enum rg_lang { RG_IT, RG_FR, RG_EN, RG_LANG__MAX };

const char *rg_lang_tag(enum rg_lang lang);
/* "it", "fr", "en". */
bool rg_lang_of(struct str tag, enum rg_lang *ret_lang);
/* From "fr" or "fr-CH"; false if it is none of ours. */

/* Who acts. Roles are bits; what a role may do is said by the route tables. */
enum rg_role {
    RG_ROLE_PUBLIC = 1 << 0,      /* everybody, also without a session            */
    RG_ROLE_READER = 1 << 1,      /* signed in                                    */
    RG_ROLE_EDITOR = 1 << 2,      /* edits the records of one organization        */
    RG_ROLE_FACILITATOR = 1 << 3, /* tables and listening                         */
    RG_ROLE_DELEGATE = 1 << 4,    /* of a Zone or municipality                    */
    RG_ROLE_PLANNER = 1 << 5,     /* the plan office                              */
    RG_ROLE_ADMIN = 1 << 6,
};

struct rg_actor {
    int64_t account_id; /* 0: nobody signed in                                         */
    unsigned roles;     /* always has RG_ROLE_PUBLIC                                   */
    int64_t org_id;     /* the organization an editor edits; 0: none                   */
    int64_t area_id;    /* the area a delegate speaks for; 0: none                     */
    struct str name;    /* shown in histories: "m.rossi", "import", "pack torino"      */
};

struct store_session; /* src/store: the connection this request reads and writes through */

struct rg_ctx {
    struct rg_arena *arena;
    struct rg_story story;
    int64_t now_s;        /* Unix time, seconds, UTC                                       */
    uint64_t chance;      /* state of rg_chance; tests seed it                             */
    struct rg_actor actor;
    enum rg_lang lang;
    struct store_session *db;
};

enum rg_err rg_ctx_init(struct rg_ctx *ctx, size_t arena_ceiling_bytes) RG_MUST_CHECK;
/* A context for a command or a test: own arena, clock of now, chance from the system, actor
 * public, Italian. RG_BROKEN without memory.                                                 */
void rg_ctx_done(struct rg_ctx *ctx);
/* Frees the arena. For RG_CLEANUP too. */

uint64_t rg_chance(struct rg_ctx *ctx);
/* A number from the context's own generator (splitmix64, Steele et al. 2014): for tests and
 * tie-breaking, never for secrets.                                                           */

enum rg_err rg_no_memory_at(const char *file, int line, struct rg_ctx *ctx);
#define RG_NO_MEMORY(ctx) rg_no_memory_at(__FILE__, __LINE__, ctx)
/* The story and class for an allocation that returned NULL: RG_LIMIT. */

#endif
