#include "buf.h"
#include "arena.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
rg_buf_init(struct rg_buf *buf, size_t ceiling_bytes)
{
    *buf = (struct rg_buf){.ceiling = ceiling_bytes < PTRDIFF_MAX / 2 ? ceiling_bytes
                                                                      : PTRDIFF_MAX / 2};
}

void
rg_buf_done(struct rg_buf *buf)
{
    free(buf->p);
    *buf = (struct rg_buf){.ceiling = buf->ceiling};
}

void
rg_buf_reset(struct rg_buf *buf)
{
    buf->n = 0;
    buf->failed = false;
}

/* One byte more than cap is kept, so that a printed text may fill the buffer to its ceiling and
 * still have a place for the terminator that vsnprintf insists on.                           */
static bool
grow(struct rg_buf *buf, size_t need)
{
    size_t cap = buf->cap ? buf->cap : 256;
    while (cap < need)
        cap *= 2;
    if (cap > buf->ceiling)
        cap = buf->ceiling;
    bool injected = rg_alloc_should_fail();
    char *p = injected ? NULL : realloc(buf->p, cap + 1);
    if (!p) {
        if (!injected)
            rg_memory_short();
        return false;
    }
    buf->p = p;
    buf->cap = cap;
    return true;
}

char *
rg_buf_room(struct rg_buf *buf, size_t n)
{
    if (buf->failed)
        return NULL;
    if (n > buf->ceiling || buf->n > buf->ceiling - n ||
        (buf->n + n > buf->cap && !grow(buf, buf->n + n))) {
        buf->failed = true;
        return NULL;
    }
    return buf->p + buf->n;
}

void
rg_buf_digits(struct rg_buf *buf, uint64_t v, size_t n_min)
{
    char digits[24];
    char *end = digits + sizeof(digits), *p = end;
    RG_ASSERT(n_min <= 20);
    do {
        *--p = (char)('0' + v % 10);
        v /= 10;
    } while (v || (size_t)(end - p) < n_min);
    rg_buf_add(buf, p, (size_t)(end - p));
}

void
rg_buf_i64(struct rg_buf *buf, int64_t v)
{
    if (v < 0)
        rg_buf_c(buf, '-');
    rg_buf_digits(buf, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, 1);
}

/* Printed at once where there is room for it, which is nearly always. */
void
rg_buf_printf(struct rg_buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    size_t room = buf->failed || !buf->p ? 0 : buf->cap - buf->n + 1;
    int n = vsnprintf(room ? buf->p + buf->n : NULL, room, format, args);
    va_end(args);
    if (n > 0 && (size_t)n < room) {
        buf->n += (size_t)n;
    } else if (n > 0) {
        char *to = rg_buf_room(buf, (size_t)n);
        if (to) {
            vsnprintf(to, (size_t)n + 1, format, again);
            buf->n += (size_t)n;
        }
    }
    buf->failed |= n < 0;
    va_end(again);
}

char *
rg_buf_take(struct rg_buf *buf, size_t *ret_n)
{
    if (buf->failed)
        return NULL;
    if (!buf->p && !grow(buf, 0))
        return NULL;
    char *p = buf->p;
    *ret_n = buf->n;
    *buf = (struct rg_buf){.ceiling = buf->ceiling};
    return p;
}
