/* struct rg_buf: bytes we write. Born with a ceiling, remembers its first failure, so that a
 * hundred appends need one check at the end. Grows by doubling on the heap.                   */
#ifndef RG_BUF_H
#define RG_BUF_H

#include "str.h"

struct rg_buf {
    char *p;
    size_t n;
    size_t cap;
    size_t ceiling;
    bool failed; /* out of room or memory: the content is incomplete, do not use it */
};

void rg_buf_init(struct rg_buf *buf, size_t ceiling_bytes);
void rg_buf_done(struct rg_buf *buf);
/* Free what it holds; the buffer may be used again. For RG_CLEANUP too. */

void rg_buf_reset(struct rg_buf *buf);
/* Empty, keep the memory, forget the failure. */

char *rg_buf_room(struct rg_buf *buf, size_t n);
/* A place for n > 0 more bytes, or NULL; the caller writes and then adds to buf->n. */

static inline void
rg_buf_add(struct rg_buf *buf, const void *p, size_t n) /* in every loop that writes: inlined */
{
    if (n == 0)
        return;
    char *to = !buf->failed && n <= buf->cap - buf->n ? buf->p + buf->n : rg_buf_room(buf, n);
    if (!to)
        return;
    memcpy(to, p, n);
    buf->n += n;
}

static inline void
rg_buf_str(struct rg_buf *buf, struct str s)
{
    rg_buf_add(buf, s.p, s.n);
}

static inline void
rg_buf_c(struct rg_buf *buf, char c)
{
    rg_buf_add(buf, &c, 1);
}

void rg_buf_i64(struct rg_buf *buf, int64_t v);
void rg_buf_digits(struct rg_buf *buf, uint64_t v, size_t n_min);
/* With leading zeros to at least n_min (at most 20) digits: 7, 2 gives "07". */
void rg_buf_printf(struct rg_buf *buf, const char *format, ...) RG_PRINTF(2, 3);
#define rg_buf_lit(buf, literal) rg_buf_add((buf), "" literal, sizeof(literal) - 1)

static inline struct str
rg_buf_view(const struct rg_buf *buf) /* borrowed until the next append */
{
    return (struct str){buf->p ? buf->p : "", buf->n};
}

char *rg_buf_take(struct rg_buf *buf, size_t *ret_n);
/* Hand over the heap block (free with free()); the buffer is empty after. NULL if failed. */

#endif
