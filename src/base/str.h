/* struct str: a view of bytes we read. Not terminated, not owned; p == NULL means "none", which
 * is not the same as empty. Text is checked to be UTF-8 once, at the door.                   */
#ifndef RG_STR_H
#define RG_STR_H

#include "claim.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_NONE ((struct str){NULL, 0})
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : "" /* for "%.*s" */

static inline struct str
str_of(const char *c) /* a terminated string; NULL gives none */
{
    return (struct str){c, c ? strlen(c) : 0};
}

static inline struct str
str_n(const char *p, size_t n)
{
    return (struct str){p, n};
}

static inline bool
str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

#define str_is(s, literal) str_eq((s), STR(literal))

int str_cmp(struct str a, struct str b);
/* Bytes, shorter first among equals: <0, 0, >0. For UTF-8 this is code point order. */

bool str_eq_nocase(struct str a, struct str b);
/* ASCII letters alike in both cases. */

bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

ptrdiff_t str_find(struct str s, struct str needle);
/* First position of needle in s, or -1. */

struct str str_trim(struct str s);
/* Without ASCII white space at both ends. */

bool str_cut(struct str *rest, char separator, struct str *ret_piece);
/* Take the piece before the next separator off the front of rest; false when rest is none.
 * "a,b" gives "a", "b", then false; "" gives "" once.                                       */

bool str_utf8_ok(struct str s);
/* True if s is well-formed UTF-8 (no surrogates, no overlong forms, no NUL). */

size_t str_utf8_prefix(struct str s, size_t n_max);
/* The longest length ≤ n_max that does not cut a character in two. In bytes that are no UTF-8 at
 * the cut there is no character to keep whole, and the length is n_max.                       */

int str_utf8_next(struct str *s);
/* Take one code point off the front; -1 at the end. s must be well-formed. */

size_t str_utf8_put(char out[4], uint32_t code_point);
/* Encode; number of bytes written (1 to 4). Up to 0x10FFFF; a surrogate is the caller's mistake. */

typedef unsigned char str_lanes __attribute__((vector_size(16)));

static inline size_t
str_lanes_first(str_lanes hit) /* which of sixteen bytes is the first that is not 0; 16: none */
{
    uint64_t halves[2];
    memcpy(halves, &hit, sizeof(hit));
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return halves[0]   ? (size_t)__builtin_ctzll(halves[0]) / 8
           : halves[1] ? 8 + (size_t)__builtin_ctzll(halves[1]) / 8
                       : 16;
#else
    return halves[0]   ? (size_t)__builtin_clzll(halves[0]) / 8
           : halves[1] ? 8 + (size_t)__builtin_clzll(halves[1]) / 8
                       : 16;
#endif
}

uint64_t str_hash(struct str s);
/* 64-bit FNV-1a with a final mix: for tables in memory, not against an adversary who may
 * choose keys without bound (all our tables are bounded).                                    */

#endif
