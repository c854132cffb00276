/* Corrections that stand: a record corrected here by a person is not put back by the next import.
 *
 * What its source said last is remembered as a digest when the correction is made. While the source
 * goes on saying that, an import leaves the record alone. When the source says something new, the
 * correction stands too, and the import's report says so once: a person looks at both.       */
#include "network/network_priv.h"
#include "network_sql.h"
#include <sodium.h>

static struct str
digest_of(struct rg_ctx *ctx, struct str doc)
{
    unsigned char hash[16];
    char hex[2 * sizeof(hash) + 1];
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)doc.p, doc.n, NULL, 0);
    sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
    return rg_arena_str(ctx->arena, str_of(hex));
}

static struct str
name_of(enum network_kind kind)
{
    static const char *const names[] = {
        [NETWORK_ORGANIZATION] = "organization", [NETWORK_SERVICE] = "service",
        [NETWORK_LOCATION] = "location", [NETWORK_SERVICE_AT_LOCATION] = "service_at_location",
        [NETWORK_PROGRAM] = "program", [NETWORK_TAXONOMY] = "taxonomy",
        [NETWORK_TAXONOMY_TERM] = "taxonomy_term"};
    _Static_assert(RG_COUNT(names) == NETWORK_KIND__MAX, "a name per kind");
    return str_of(names[kind]);
}

enum rg_err
network_kept_put(struct rg_ctx *ctx, enum network_kind kind, struct str uid, struct str doc)
{
    struct network_sql_kept_find_row row;
    bool found;
    struct str digest = digest_of(ctx, doc);
    if (!digest.p)
        return RG_NO_MEMORY(ctx);
    enum rg_err err = network_sql_kept_find(ctx, name_of(kind), uid, &found, &row);
    return err == RG_OK && !found ? network_sql_kept_add(ctx, name_of(kind), uid, digest, NULL)
                                  : err;
}

enum rg_err
network_kept_ask(struct rg_ctx *ctx, enum network_kind kind, struct str uid, struct str doc,
                 enum network_kept *ret)
{
    struct network_sql_kept_find_row row;
    bool found;
    enum rg_err err = network_sql_kept_find(ctx, name_of(kind), uid, &found, &row);
    if (err != RG_OK)
        return err;
    *ret = NETWORK_KEPT_NOT;
    if (!found)
        return RG_OK;
    struct str digest = digest_of(ctx, doc);
    if (!digest.p)
        return RG_NO_MEMORY(ctx);
    *ret = str_eq(digest, row.digest) ? NETWORK_KEPT_SAID_BEFORE : NETWORK_KEPT_SAID_ANEW;
    return *ret == NETWORK_KEPT_SAID_ANEW ? network_sql_kept_set(ctx, row.id, digest, NULL)
                                          : RG_OK;
}
