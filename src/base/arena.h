/* Arena: memory with one lifetime and a ceiling.
 *
 * Allocation moves a pointer; everything goes at once with rg_arena_free, or back to a mark
 * inside a loop. Reaching the ceiling returns NULL and is remembered, so a request that asks
 * too much fails with RG_LIMIT and the server goes on. Memory is zeroed. Under the address
 * sanitizer freed regions are poisoned.                                                      */
#ifndef RG_ARENA_H
#define RG_ARENA_H

#include "str.h"

struct rg_arena;

struct rg_arena *rg_arena_new(size_t ceiling_bytes);
/* Owned: free with rg_arena_free. NULL when the system has no memory. The ceiling counts what is
 * handed out, each piece rounded up to 16 bytes.                                             */

struct rg_arena *rg_arena_free(struct rg_arena *arena);
/* Takes NULL. Returns NULL. */

void rg_arena_reset(struct rg_arena *arena);
/* Forget everything, keep the first chunk and the largest for the next request. */

void *rg_arena_alloc(struct rg_arena *arena, size_t n_bytes);
/* Zeroed, aligned to 16. NULL past the ceiling. n_bytes may be 0 (gives a valid pointer). */

void *rg_arena_array(struct rg_arena *arena, size_t n, size_t size_each);
/* As alloc with an overflow-checked product. */

#define RG_NEW(arena, type) ((type *)rg_arena_alloc((arena), sizeof(type)))
#define RG_ARRAY(arena, type, n) ((type *)rg_arena_array((arena), (n), sizeof(type)))

struct rg_mark {
    void *chunk;
    size_t used;
    size_t total;
};

struct rg_mark rg_arena_mark(const struct rg_arena *arena);
void rg_arena_release(struct rg_arena *arena, struct rg_mark mark);
/* Give back everything allocated since the mark; marks are released in the reverse order of their
 * taking. The first chunk and the largest are kept for the next round, an overflow stays
 * remembered. */

bool rg_arena_overflowed(const struct rg_arena *arena);

void rg_memory_short(void);
/* The system refused memory (arenas and buffers tell so themselves): remembered for this thread. */
bool rg_memory_was_short(void);
/* Whether it did since the last call: then a failure is the machine's, not the input's. */

size_t rg_arena_used(const struct rg_arena *arena);

struct str rg_arena_str(struct rg_arena *arena, struct str s);
/* Copy; terminated too, so p may be handed to a C library. None stays none; on the ceiling
 * the result is none and the overflow is remembered.                                         */

const char *rg_arena_cstr(struct rg_arena *arena, struct str s);
/* Copy as a terminated string; NULL past the ceiling. None gives "". */

const char *rg_arena_printf(struct rg_arena *arena, const char *format, ...) RG_PRINTF(2, 3);
/* Terminated; NULL past the ceiling. */

void rg_alloc_fail_after(long n);
/* Tests: make the n-th allocation from now on (1 = next) fail, in arenas and buffers alike;
 * 0 switches off. Thread-local.                                                              */
bool rg_alloc_should_fail(void);
/* For the allocators of base only. */

#endif
