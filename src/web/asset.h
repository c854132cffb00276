/* The files a page needs beside its HTML (style sheet, fonts, icons, script), embedded in the
 * program by tools/embed.c from assets/dist. They are answered from memory at
 * "/s/NAME.HASH.SUFFIX" and may be cached for ever: another content has another address. */
#ifndef RG_WEB_ASSET_H
#define RG_WEB_ASSET_H

#include "base/base.h"

#define WEB_ASSET_PREFIX "/s/"

struct web_asset {
    const char *name;      /* "regia.css"                                            */
    const char *hash_name; /* "regia.0123456789abcdef.css"                           */
    const char *url;       /* WEB_ASSET_PREFIX and hash_name                         */
    const char *type;      /* of the answer: "text/css; charset=utf-8"               */
    const unsigned char *raw;
    const unsigned char *gz; /* the same, gzip; NULL when that would not be smaller  */
    size_t n_raw;
    size_t n_gz;
};

extern const struct web_asset web_assets[];
extern const size_t web_n_assets;

const struct web_asset *web_asset_find(struct str hash_name);
/* By the name in the address, after the prefix. NULL if there is none: also for the plain name
 * and for the hash of another build, whose content we no longer have. */

struct str web_asset_url(const char *name);
/* The address of an asset by its plain name; none for an unknown one. The form that
 * html_asset_table_set takes. */

#endif
