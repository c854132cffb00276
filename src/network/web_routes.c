/* The routes of the network: what comes in, who may, which handler. */
#include "network/edit.h"

static const char *const done_words[] = {"salvato", "verificato", "annullato", NULL};

#define INPUT_ID                                                                               \
    {                                                                                          \
        .name = "id", .kind = WEB_IN_TEXT, .max = 300, .required = true                        \
    }
#define INPUTS(array) .inputs = array, .n_inputs = RG_COUNT(array)

static const struct web_input record_inputs[] = {
    [IN_ID] = INPUT_ID,
    [IN_DONE] = {.name = "fatto", .kind = WEB_IN_CHOICE, .choices = done_words},
};

static const struct web_input list_inputs[] = {
    [IN_LIST_QUERY] = {.name = "q",
                       .kind = WEB_IN_TEXT,
                       .max = 120,
                       .label_key = "network.card.orgs_name"},
    [IN_LIST_PAGE] = {.name = "pagina", .kind = WEB_IN_INT, .min = 1, .max = 1000000},
};

static const struct web_input undo_inputs[] = {
    [IN_UNDO_ID] = INPUT_ID,
    [IN_UNDO_SEQ] = {.name = "seq", .kind = WEB_IN_INT, .min = 1, .max = INT64_MAX - 1},
};

/* ---- the API ---- */

static const char *const formats[] = {"json", "ndjson", NULL};

#define API_COMMON                                                                             \
    [IN_API_SEARCH] = {.name = "search", .kind = WEB_IN_TEXT, .max = 200},                     \
    [IN_API_PAGE] = {.name = "page", .kind = WEB_IN_INT, .min = 1, .max = 10000000},           \
    [IN_API_PER_PAGE] = {.name = "per_page",                                                   \
                         .kind = WEB_IN_INT,                                                   \
                         .min = 1,                                                             \
                         .max = WEB_PAGE_SIZE_MAX},                                            \
    [IN_API_FORMAT] = {.name = "format", .kind = WEB_IN_CHOICE, .choices = formats}
#define UUID(input)                                                                            \
    {                                                                                          \
        .name = input, .kind = WEB_IN_UUID                                                     \
    }
#define FLAG(input)                                                                            \
    {                                                                                          \
        .name = input, .kind = WEB_IN_FLAG                                                     \
    }

static const struct web_input services_inputs[] = {
    API_COMMON,
    [IN_API_TAXONOMY] = UUID("taxonomy_id"),
    [IN_API_TERM] = UUID("taxonomy_term_id"),
    [IN_API_ORGANIZATION] = UUID("organization_id"),
    [IN_API_MODIFIED] = {.name = "modified_after", .kind = WEB_IN_INSTANT},
    [IN_API_MINIMAL] = FLAG("minimal"),
    [IN_API_FULL] = FLAG("full"),
};
static const struct web_input organizations_inputs[] = {
    API_COMMON,
    [IN_API_TAXONOMY] = UUID("taxonomy_id"),
    [IN_API_TERM] = UUID("taxonomy_term_id"),
    [IN_API_FULL_SERVICE] = FLAG("full_service"),
    [IN_API_ORGANIZATION_FULL] = FLAG("full"),
};
static const struct web_input taxonomies_inputs[] = {API_COMMON};
static const struct web_input terms_inputs[] = {
    API_COMMON,
    [IN_API_TAXONOMY] = UUID("taxonomy_id"),
    [IN_API_TOP_ONLY] = FLAG("top_only"),
    [IN_API_PARENT] = UUID("parent_id"),
};
static const struct web_input uuid_inputs[] = {
    [IN_ID] = {.name = "id", .kind = WEB_IN_UUID, .required = true},
};
static const struct web_input organization_inputs[] = {
    [IN_ID] = {.name = "id", .kind = WEB_IN_UUID, .required = true},
    [IN_DONE] = FLAG("full_service"),
};

#define API .roles = RG_ROLE_PUBLIC, .cache = WEB_PUBLIC
#define API_LIST(where, array, handler)                                                        \
    {.method = "GET", .path = where, INPUTS(array), API, .handle = handler, .flags = WEB_API}, \
    {                                                                                          \
        .method = "POST", .path = where, INPUTS(array), API, .handle = handler,                \
        .flags = WEB_API | WEB_READS                                                           \
    }
#define API_ONE(where, array, handler)                                                         \
    {                                                                                          \
        .method = "GET", .path = where, INPUTS(array), API, .handle = handler,                 \
        .flags = WEB_API                                                                       \
    }

#define PAGE .roles = RG_ROLE_PUBLIC, .cache = WEB_PUBLIC

/* Which records an editor may change is decided by network_may_edit. */
#define KEEPERS .roles = RG_ROLE_ADMIN | RG_ROLE_PLANNER | RG_ROLE_EDITOR, .cache = WEB_PRIVATE
#define RECORD_ROUTES(folder, kind, max)                                                       \
    {.method = "GET",                                                                          \
     .path = folder "{id}/modifica",                                                           \
     INPUTS(record_inputs),                                                                    \
     KEEPERS,                                                                                  \
     .handle = edit_##kind##_form,                                                             \
     .title_key = "network.edit.correct",                                                      \
     .example = folder "1/modifica"},                                                          \
        {.method = "POST",                                                                     \
         .path = folder "{id}/modifica",                                                       \
         .inputs = edit_inputs,                                                                \
         .n_inputs = max,                                                                      \
         KEEPERS,                                                                              \
         .handle = edit_##kind##_save,                                                         \
         .flags = WEB_SHOWS_PROBLEMS},                                                         \
        {.method = "GET",                                                                      \
         .path = folder "{id}/storia",                                                         \
         INPUTS(undo_inputs),                                                                  \
         KEEPERS,                                                                              \
         .handle = history_##kind##_page,                                                      \
         .title_key = "network.edit.history",                                                  \
         .example = folder "1/storia"},                                                        \
        {.method = "GET",                                                                      \
         .path = folder "{id}/annulla",                                                        \
         INPUTS(undo_inputs),                                                                  \
         KEEPERS,                                                                              \
         .handle = undo_##kind##_ask},                                                         \
        {.method = "POST",                                                                     \
         .path = folder "{id}/annulla",                                                        \
         INPUTS(undo_inputs),                                                                  \
         KEEPERS,                                                                              \
         .handle = undo_##kind##_do},                                                          \
    {                                                                                          \
        .method = "POST", .path = folder "{id}/verifica", INPUTS(record_inputs), KEEPERS,      \
        .handle = edit_##kind##_verify                                                         \
    }

const struct web_route network_routes[] = {
    {.method = "GET",
     .path = "/servizi/{id}",
     INPUTS(record_inputs),
     PAGE,
     .handle = card_page,
     .title_key = "network.card.services",
     .forms = WEB_BIT(WEB_JSON),
     .example = "/servizi/1"},
    {.method = "GET",
     .path = "/enti",
     INPUTS(list_inputs),
     PAGE,
     .handle = organization_list_page,
     .title_key = "network.card.orgs",
     .forms = WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM)},
    {.method = "GET",
     .path = "/enti/{id}",
     INPUTS(record_inputs),
     PAGE,
     .handle = organization_page,
     .title_key = "network.card.orgs",
     .forms = WEB_BIT(WEB_JSON),
     .example = "/enti/1"},
    {.method = "GET",
     .path = "/luoghi/{id}",
     INPUTS(record_inputs),
     PAGE,
     .handle = location_page,
     .title_key = "network.card.place",
     .forms = WEB_BIT(WEB_JSON) | WEB_BIT(WEB_GEOJSON),
     .example = "/luoghi/1"},
    {.method = "GET",
     .path = "/fonti",
     PAGE,
     .handle = source_page,
     .title_key = "network.card.src.page",
     .forms = WEB_TABLE_FORMS},

    RECORD_ROUTES("/servizi/", service, EDIT_SERVICE__MAX),
    RECORD_ROUTES("/enti/", organization, EDIT_ORGANIZATION__MAX),

    API_LIST("/services", services_inputs, api_services),
    API_ONE("/services/{id}", uuid_inputs, api_service),
    API_LIST("/organizations", organizations_inputs, api_organizations),
    API_ONE("/organizations/{id}", organization_inputs, api_organization),
    API_LIST("/service_at_locations", services_inputs, api_places),
    API_ONE("/service_at_locations/{id}", uuid_inputs, api_place),
    API_LIST("/taxonomies", taxonomies_inputs, api_taxonomies),
    API_ONE("/taxonomies/{id}", uuid_inputs, api_taxonomy),
    API_LIST("/taxonomy_terms", terms_inputs, api_terms),
    API_ONE("/taxonomy_terms/{id}", uuid_inputs, api_term),
};
const size_t network_n_routes = RG_COUNT(network_routes);
