#include "asset.h"

const struct web_asset *
web_asset_find(struct str hash_name)
{
    for (size_t i = 0; i < web_n_assets; i++) {
        if (str_eq(str_of(web_assets[i].hash_name), hash_name)) {
            return &web_assets[i];
        }
    }
    return NULL;
}

struct str
web_asset_url(const char *name)
{
    for (size_t i = 0; i < web_n_assets; i++) {
        if (strcmp(web_assets[i].name, name) == 0) {
            return str_of(web_assets[i].url);
        }
    }
    return STR_NONE;
}
