#include "ctx.h"
#include <stdarg.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>

static const char *const lang_tags[] = {"it", "fr", "en"};
_Static_assert(RG_COUNT(lang_tags) == RG_LANG__MAX, "a tag per language");

const char *
rg_lang_tag(enum rg_lang lang)
{
    RG_ASSERT(lang < RG_LANG__MAX);
    return lang_tags[lang];
}

bool
rg_lang_of(struct str tag, enum rg_lang *ret_lang)
{
    if (tag.n < 2 || (tag.n > 2 && tag.p[2] != '-' && tag.p[2] != '_' && tag.p[2] != '.'))
        return false;
    for (unsigned i = 0; i < RG_LANG__MAX; i++)
        if (str_eq_nocase(str_n(tag.p, 2), str_of(lang_tags[i]))) {
            *ret_lang = (enum rg_lang)i;
            return true;
        }
    return false;
}

/* Where the numbers of a context begin: drawn from the system once in a thread, then counted on.
 * rg_chance mixes, so neighbouring seeds give numbers without likeness.                      */
static uint64_t
chance_seed(int64_t now_s)
{
    static _Thread_local uint64_t seed;
    if (!seed && getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
        seed = (uint64_t)now_s;
    seed += UINT64_C(0xA0761D6478BD642F);
    return seed;
}

enum rg_err
rg_ctx_init(struct rg_ctx *ctx, size_t arena_ceiling_bytes)
{
    *ctx = (struct rg_ctx){.now_s = (int64_t)time(NULL), .lang = RG_IT};
    ctx->actor.roles = RG_ROLE_PUBLIC;
    ctx->chance = chance_seed(ctx->now_s);
    ctx->arena = rg_arena_new(arena_ceiling_bytes);
    return ctx->arena ? RG_OK : RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
}

void
rg_ctx_done(struct rg_ctx *ctx)
{
    ctx->arena = rg_arena_free(ctx->arena);
}

uint64_t
rg_chance(struct rg_ctx *ctx)
{
    uint64_t z = ctx->chance += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

enum rg_err
rg_no_memory_at(const char *file, int line, struct rg_ctx *ctx)
{
    if (rg_memory_was_short())
        return rg_fail_at(file, line, ctx, RG_BROKEN, "base.no_memory", NULL);
    return rg_fail_at(file, line, ctx, RG_LIMIT, "base.too_much", NULL);
}

static const char *const err_names[] = {"ok",       "invalid", "denied", "absent",
                                        "conflict", "limit",   "busy",   "broken"};
_Static_assert(RG_COUNT(err_names) == RG_ERR__MAX, "a name per error class");

const char *
rg_err_name(enum rg_err code)
{
    RG_ASSERT(code < RG_ERR__MAX);
    return err_names[code];
}

/* Copy a value into the story's own store, cut at a character when it does not fit. */
static const char *
story_keep(struct rg_story *story, const char *value)
{
    size_t room = sizeof(story->store) - story->n_store;
    if (room < 2)
        return "…";
    size_t n = str_utf8_prefix(str_of(value), room - 1);
    char *to = story->store + story->n_store;
    memcpy(to, value, n);
    to[n] = '\0';
    story->n_store += n + 1;
    return to;
}

enum rg_err
rg_fail_at(const char *file, int line, struct rg_ctx *ctx, enum rg_err code, const char *key, ...)
{
    RG_ASSERT(code != RG_OK && code < RG_ERR__MAX);
    struct rg_story *story = &ctx->story;
    if (story->code != RG_OK)
        return code;
    story->code = code;
    story->key = key;
    story->file = file;
    story->line = line;
    va_list args;
    va_start(args, key);
    for (const char *name; (name = va_arg(args, const char *)) != NULL;) {
        const char *value = va_arg(args, const char *);
        if (story->n_args < RG_STORY_ARGS_MAX)
            story->args[story->n_args++] =
                (struct rg_arg){name, story_keep(story, value ? value : "")};
    }
    va_end(args);
    return code;
}

void
rg_detail(struct rg_ctx *ctx, const char *format, ...)
{
    char *detail = ctx->story.detail;
    size_t n = strlen(detail), room = sizeof(ctx->story.detail) - 1;
    if (n > 0) {
        if (n + 2 >= room)
            return;
        memcpy(detail + n, "; ", 3);
        n += 2;
    }
    char clause[RG_STORY_DETAIL_MAX + 4]; /* enough to see the whole of a character at the cut */
    va_list args;
    va_start(args, format);
    int written = vsnprintf(clause, sizeof(clause), format, args);
    va_end(args);
    size_t keep = written < 0 ? 0 : str_utf8_prefix(str_of(clause), room - n);
    memcpy(detail + n, clause, keep);
    detail[n + keep] = '\0';
}

void
rg_story_clear(struct rg_ctx *ctx)
{
    ctx->story.code = RG_OK;
    ctx->story.key = NULL;
    ctx->story.n_args = 0;
    ctx->story.n_store = 0;
    ctx->story.file = NULL;
    ctx->story.line = 0;
    ctx->story.detail[0] = '\0';
}
