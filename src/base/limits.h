/* Every bound that a stranger could press against, each with its reason. */
#ifndef RG_LIMITS_H
#define RG_LIMITS_H

enum rg_limits {
    /* The arena of one request. A results page of 20 services uses under 200 KiB. */
    RG_REQUEST_ARENA_MAX = 8 * 1024 * 1024,
    /* One rendered answer; a CSV of 100k services is streamed in pages below this. */
    RG_ANSWER_MAX = 32 * 1024 * 1024,
    /* Message keys and their arguments in an error story. */
    RG_STORY_ARGS_MAX = 6,
    RG_STORY_STORE_MAX = 1024,
    RG_STORY_DETAIL_MAX = 512,
    /* CSV: real municipal lists hold long descriptions in one field, rarely over 64 KiB. */
    RG_CSV_FIELD_MAX = 256 * 1024,
    RG_CSV_COLUMNS_MAX = 512,
    /* JSON: nesting deeper than any HSDS document (about 8), shallow enough to recurse. */
    RG_JSON_DEPTH_MAX = 64,
    RG_JSON_NODES_MAX = 1 << 20,
};

#endif
