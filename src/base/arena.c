#include "arena.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__has_feature) /* clang says it this way, gcc the other */
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

enum { ARENA_MAGIC = 0x41524e41, CHUNK_FIRST = 32 * 1024, ALIGN = 16 };

struct chunk {
    struct chunk *before; /* the chunk filled before this one */
    size_t size;          /* bytes in data                    */
    size_t used;
    _Alignas(ALIGN) unsigned char data[];
};

struct rg_arena {
    unsigned magic;
    bool overflowed;
    size_t ceiling;
    size_t total; /* bytes handed out, over all chunks */
    struct chunk *top;
    struct chunk *spare; /* the largest chunk given back: a loop at its border takes it again */
};

static _Thread_local long fail_after;

void
rg_alloc_fail_after(long n)
{
    fail_after = n;
}

bool
rg_alloc_should_fail(void)
{
    return fail_after > 0 && --fail_after == 0;
}

static _Thread_local bool memory_short;

void
rg_memory_short(void)
{
    memory_short = true;
}

bool
rg_memory_was_short(void)
{
    bool was = memory_short;
    memory_short = false;
    return was;
}

struct rg_arena *
rg_arena_new(size_t ceiling_bytes)
{
    if (rg_alloc_should_fail())
        return NULL;
    struct rg_arena *arena = calloc(1, sizeof(*arena));
    if (!arena) {
        rg_memory_short();
        return NULL;
    }
    arena->magic = ARENA_MAGIC;
    arena->ceiling = ceiling_bytes < PTRDIFF_MAX / 2 ? ceiling_bytes : PTRDIFF_MAX / 2;
    return arena;
}

static struct chunk *
chunk_drop(struct chunk *chunk)
{
    struct chunk *before = chunk->before;
    UNPOISON(chunk->data, chunk->size);
    free(chunk);
    return before;
}

struct rg_arena *
rg_arena_free(struct rg_arena *arena)
{
    if (!arena)
        return NULL;
    RG_ASSERT(arena->magic == ARENA_MAGIC);
    while (arena->top)
        arena->top = chunk_drop(arena->top);
    if (arena->spare)
        chunk_drop(arena->spare);
    arena->magic = 0;
    free(arena);
    return NULL;
}

void
rg_arena_reset(struct rg_arena *arena)
{
    RG_ASSERT(arena->magic == ARENA_MAGIC);
    rg_arena_release(arena, (struct rg_mark){0});
    arena->overflowed = false;
}

/* A new chunk on top with room for n bytes: twice the last one, so the number of chunks stays
 * logarithmic. */
static bool
chunk_add(struct rg_arena *arena, size_t n)
{
    if (arena->spare && arena->spare->size >= n) {
        arena->spare->before = arena->top;
        arena->top = arena->spare;
        arena->spare = NULL;
        return true;
    }
    size_t size = arena->top ? arena->top->size * 2 : CHUNK_FIRST;
    if (size > arena->ceiling)
        size = arena->ceiling;
    if (size < n)
        size = n;
    struct chunk *chunk = malloc(sizeof(*chunk) + size);
    if (!chunk) {
        rg_memory_short();
        return false;
    }
    chunk->before = arena->top;
    chunk->size = size;
    chunk->used = 0;
    POISON(chunk->data, size);
    arena->top = chunk;
    return true;
}

void *
rg_arena_alloc(struct rg_arena *arena, size_t n_bytes)
{
    RG_ASSERT(arena->magic == ARENA_MAGIC);
    if (n_bytes > arena->ceiling || rg_alloc_should_fail())
        goto no_room;
    size_t n = n_bytes ? (n_bytes + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
    if (arena->total + n > arena->ceiling)
        goto no_room;
    if ((!arena->top || arena->top->size - arena->top->used < n) && !chunk_add(arena, n))
        goto no_room;
    void *p = arena->top->data + arena->top->used;
    arena->top->used += n;
    arena->total += n;
    UNPOISON(p, n_bytes ? n_bytes : 1);
    return memset(p, 0, n_bytes);
no_room:
    arena->overflowed = true;
    return NULL;
}

void *
rg_arena_array(struct rg_arena *arena, size_t n, size_t size_each)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size_each, &bytes)) {
        arena->overflowed = true;
        return NULL;
    }
    return rg_arena_alloc(arena, bytes);
}

struct rg_mark
rg_arena_mark(const struct rg_arena *arena)
{
    return (struct rg_mark){arena->top, arena->top ? arena->top->used : 0, arena->total};
}

/* Take the top chunk off: kept when it is the larger one, else freed. */
static void
chunk_spare(struct rg_arena *arena)
{
    struct chunk *chunk = arena->top;
    arena->top = chunk->before;
    if (arena->spare && arena->spare->size >= chunk->size) {
        chunk_drop(chunk);
        return;
    }
    if (arena->spare)
        chunk_drop(arena->spare);
    POISON(chunk->data, chunk->used);
    chunk->used = 0;
    arena->spare = chunk;
}

void
rg_arena_release(struct rg_arena *arena, struct rg_mark mark)
{
    RG_ASSERT(arena->magic == ARENA_MAGIC);
    while (arena->top && arena->top != mark.chunk && arena->top->before)
        chunk_spare(arena);
    RG_ASSERT(arena->top == mark.chunk || !mark.chunk); /* !chunk: marked while empty */
    if (arena->top) {
        RG_ASSERT(mark.used <= arena->top->used);
        POISON(arena->top->data + mark.used, arena->top->used - mark.used);
        arena->top->used = mark.used;
    }
    arena->total = mark.total;
}

bool
rg_arena_overflowed(const struct rg_arena *arena)
{
    return arena->overflowed;
}

size_t
rg_arena_used(const struct rg_arena *arena)
{
    return arena->total;
}

struct str
rg_arena_str(struct rg_arena *arena, struct str s)
{
    if (!s.p)
        return s;
    char *p = rg_arena_alloc(arena, s.n + 1);
    if (!p)
        return STR_NONE;
    if (s.n)
        memcpy(p, s.p, s.n);
    return str_n(p, s.n);
}

const char *
rg_arena_cstr(struct rg_arena *arena, struct str s)
{
    return s.p ? rg_arena_str(arena, s).p : "";
}

const char *
rg_arena_printf(struct rg_arena *arena, const char *format, ...)
{
    char made[256]; /* most are paths and short sentences: printed once and copied */
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(made, sizeof(made), format, args);
    va_end(args);
    char *p = n < 0 ? NULL : rg_arena_alloc(arena, (size_t)n + 1);
    if (p && (size_t)n < sizeof(made))
        memcpy(p, made, (size_t)n);
    else if (p)
        vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return p;
}
