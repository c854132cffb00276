/* Answers for those who take them compressed: text of this kind to a sixth, 1.4 µs a kilobyte.
 * Decision 0019 says why this library and this level.                                          */
#include "web_priv.h"
#include <libdeflate.h>

enum { FROM = 2 * 1024, LEVEL = 1 }; /* below, the headers and the packet weigh as much */

/* Each thread keeps its tables (they are not small) from answer to answer. */
static pthread_key_t kept;
static pthread_once_t kept_once = PTHREAD_ONCE_INIT;

static void
thread_ended(void *compressor)
{
    libdeflate_free_compressor(compressor);
}

static void
kept_make(void)
{
    RG_ASSERT(pthread_key_create(&kept, thread_ended) == 0);
}

static struct libdeflate_compressor *
compressor_get(void)
{
    pthread_once(&kept_once, kept_make);
    struct libdeflate_compressor *compressor = pthread_getspecific(kept);
    if (compressor)
        return compressor;
    compressor = libdeflate_alloc_compressor(LEVEL);
    if (compressor && pthread_setspecific(kept, compressor) != 0) {
        libdeflate_free_compressor(compressor);
        compressor = NULL;
    }
    return compressor;
}

static bool
is_text(struct str type)
{
    return str_starts(type, STR("text/")) || str_starts(type, STR("image/svg")) ||
           str_starts(type, STR("application/json")) || str_find(type, STR("+json")) > 0 ||
           str_find(type, STR("xml")) > 0 || str_find(type, STR("ndjson")) > 0;
}

/* "q=0", "q=0.0", ... */
static bool
is_nothing(struct str weight)
{
    bool nothing = str_starts(weight, STR("q=0"));
    for (size_t i = 3; nothing && i < weight.n; i++)
        nothing = weight.p[i] == '.' || weight.p[i] == '0';
    return nothing;
}

/* RFC 9110, 12.5.3: "gzip", and not with a weight of nothing. */
bool
web_takes_gzip(struct str accept_encoding)
{
    struct str item;
    while (str_cut(&accept_encoding, ',', &item)) {
        struct str name;
        (void)str_cut(&item, ';', &name);
        struct str weight = str_trim(item);
        if (!str_eq_nocase(str_trim(name), STR("gzip")))
            continue;
        return !is_nothing(weight);
    }
    return false;
}

void
web_compress(struct web_answer *ans, struct str accept_encoding)
{
    struct rg_buf packed;
    if (ans->fixed.p || ans->body.n < FROM || !is_text(str_of(ans->type ? ans->type : "")))
        return;
    web_header(ans, "Vary", "Accept-Encoding");
    if (!web_takes_gzip(accept_encoding))
        return;
    struct libdeflate_compressor *compressor = compressor_get();
    if (!compressor)
        return;
    rg_buf_init(&packed, RG_ANSWER_MAX);
    size_t bound = libdeflate_gzip_compress_bound(compressor, ans->body.n);
    char *room = rg_buf_room(&packed, bound);
    packed.n = room ? libdeflate_gzip_compress(compressor, ans->body.p, ans->body.n, room, bound)
                    : 0;
    if (packed.n == 0) { /* sent as it is */
        rg_buf_done(&packed);
        return;
    }
    rg_buf_done(&ans->body);
    ans->body = packed;
    ans->fixed_gzip = true; /* the header follows */
}
