/* The routes of the plan: what comes in, who may, which handler. */
#include "plan/surface.h"

#define INPUTS(array) .inputs = array, .n_inputs = RG_COUNT(array)
#define PAGE .roles = RG_ROLE_PUBLIC, .cache = WEB_PUBLIC
#define TEXT(field, bytes)                                                                     \
    {                                                                                          \
        .name = field, .kind = WEB_IN_TEXT, .max = bytes                                       \
    }

static const struct web_input plan_inputs[] = {
    {.name = "piano", .kind = WEB_IN_TEXT, .max = 100, .required = true}};
static const struct web_input element_inputs[] = {
    {.name = "piano", .kind = WEB_IN_TEXT, .max = 100, .required = true},
    {.name = "codice", .kind = WEB_IN_TEXT, .max = 100, .required = true}};
static const struct web_input elements_inputs[] = {
    [IN_Q] = {.name = "q", .kind = WEB_IN_TEXT, .max = 120, .label_key = "plan.page.words"},
    [IN_F_PLAN] = TEXT("piano", 100),
    [IN_F_LEVEL] = TEXT("livello", 40),
    [IN_F_COMPETENCE] = TEXT("competenza", 2),
    [IN_F_STATE] = TEXT("stato", 40)};
static const struct web_input compare_inputs[] = {
    [IN_A] = TEXT("a", 100), [IN_B] = TEXT("b", 100)};
static const struct web_input thread_inputs[] = {[IN_T_ELEMENT] = TEXT("elemento", 210),
                                                 [IN_T_THEME] = TEXT("tema", 110),
                                                 [IN_T_VOICE] = TEXT("contributo", 110)};
static const struct web_input row_inputs[] = {
    [IN_ROW_TABLE] = {.name = "tabella", .kind = WEB_IN_TEXT, .max = 40, .required = true},
    [IN_ROW_ID] =
        {.name = "id", .kind = WEB_IN_INT, .min = 1, .max = INT64_MAX - 1, .required = true},
    [IN_ROW_SEQ] = {.name = "seq", .kind = WEB_IN_INT, .min = 1, .max = INT64_MAX - 1}};
static const struct web_input id_inputs[] = {
    {.name = "id", .kind = WEB_IN_INT, .min = 1, .max = INT64_MAX - 1, .required = true}};

/* ---- forms: one set of inputs a table, out of its columns ---- */

#define CELL(id, field, kind_, arg, required_)                                                 \
    [IN_ED_FIRST + id] = {.name = field, .kind = WEB_IN_TEXT, .max = 10000},
#define FORM(table, all)                                                                       \
    static const struct web_input table##_inputs[] = {                                         \
        [IN_ED_ID] = {.name = "id", .kind = WEB_IN_TEXT, .max = 20, .required = true},         \
        [IN_ED_VERSION] = TEXT("versione", 32),                                                \
        [IN_ED_WHY] = TEXT("motivo", 200),                                                     \
        [IN_ED_ELEMENT] = TEXT("elemento", 210),                                               \
        all(CELL)}
FORM(form_plans, PLAN_PLANS_COLUMNS);
FORM(form_elements, PLAN_ELEMENTS_COLUMNS);
FORM(form_links, PLAN_LINKS_COLUMNS);
FORM(form_origins, PLAN_ORIGINS_COLUMNS);
FORM(form_fates, PLAN_FATES_COLUMNS);
FORM(form_objectives, PLAN_OBJECTIVES_COLUMNS);
FORM(form_amendments, PLAN_AMENDMENTS_COLUMNS);
FORM(form_renames, PLAN_RENAMES_COLUMNS);
FORM(form_instruments, PLAN_INSTRUMENTS_COLUMNS);
FORM(form_coherence, PLAN_COHERENCE_COLUMNS);
FORM(form_steps, PLAN_STEPS_COLUMNS);
FORM(form_deadlines, PLAN_DEADLINES_COLUMNS);
FORM(form_requests, PLAN_REQUESTS_COLUMNS);
FORM(form_acts, PLAN_ACTS_COLUMNS);
FORM(form_adoptions, PLAN_ADOPTIONS_COLUMNS);

const struct web_input *const plan_edit_inputs[PLAN_TABLE__MAX] = {
    [PLAN_PLANS] = form_plans_inputs,
    [PLAN_ELEMENTS] = form_elements_inputs,
    [PLAN_LINKS] = form_links_inputs,
    [PLAN_ORIGINS] = form_origins_inputs,
    [PLAN_FATES] = form_fates_inputs,
    [PLAN_OBJECTIVES] = form_objectives_inputs,
    [PLAN_AMENDMENTS] = form_amendments_inputs,
    [PLAN_RENAMES] = form_renames_inputs,
    [PLAN_INSTRUMENTS] = form_instruments_inputs,
    [PLAN_COHERENCE] = form_coherence_inputs,
    [PLAN_STEPS] = form_steps_inputs,
    [PLAN_DEADLINES] = form_deadlines_inputs,
    [PLAN_REQUESTS] = form_requests_inputs,
    [PLAN_ACTS] = form_acts_inputs,
    [PLAN_ADOPTIONS] = form_adoptions_inputs};

#define KEEPERS .roles = RG_ROLE_ADMIN | RG_ROLE_PLANNER, .cache = WEB_PRIVATE
#define KEEPERS_AND_DELEGATES                                                                  \
    .roles = RG_ROLE_ADMIN | RG_ROLE_PLANNER | RG_ROLE_DELEGATE, .cache = WEB_PRIVATE
/* The forms are one template: the tests of every page look at those that are SHOWN. */
#define SHOWN(name) "/piano/modifica/" #name "/nuovo"
#define EDIT(name, who, shown)                                                                 \
    {.method = "GET",                                                                          \
     .path = "/piano/modifica/" #name "/{id}",                                                 \
     INPUTS(form_##name##_inputs),                                                             \
     who,                                                                                      \
     .handle = edit_form,                                                                      \
     .title_key = "plan.edit.add." #name,                                                      \
     .example = shown,                                                                         \
     .flags = WEB_NO_SITEMAP},                                                                 \
        {.method = "POST",                                                                     \
         .path = "/piano/modifica/" #name "/{id}",                                             \
         INPUTS(form_##name##_inputs),                                                         \
         who,                                                                                  \
         .handle = edit_save,                                                                  \
         .flags = WEB_SHOWS_PROBLEMS},                                                         \
    {                                                                                          \
        .method = "POST", .path = "/piano/togli/" #name "/{id}", INPUTS(form_##name##_inputs), \
        KEEPERS, .handle = edit_remove                                                         \
    }

#define LIST(where, handler, key, more)                                                        \
    {                                                                                          \
        .method = "GET", .path = where, PAGE, .handle = handler, .title_key = key,             \
        .forms = WEB_TABLE_FORMS | (more)                                                      \
    }

const struct web_route plan_routes[] = {
    LIST("/piano", page_home, "plan.title", WEB_BIT(WEB_PDF)),
    {.method = "GET",
     .path = "/piano/elementi",
     INPUTS(elements_inputs),
     PAGE,
     .handle = page_elements,
     .title_key = "plan.page.elements",
     .forms = WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM)},
    {.method = "GET",
     .path = "/piano/confronto",
     INPUTS(compare_inputs),
     PAGE,
     .handle = page_compare,
     .title_key = "plan.compare.title",
     .forms = WEB_TABLE_FORMS | WEB_BIT(WEB_PDF)},
    {.method = "GET",
     .path = "/piano/filo",
     INPUTS(thread_inputs),
     PAGE,
     .handle = page_thread,
     .title_key = "plan.thread.title",
     .forms = WEB_TABLE_FORMS | WEB_BIT(WEB_PDF)},
    LIST("/piano/collegamenti", page_links, "plan.links.title", WEB_BIT(WEB_ATOM)),
    LIST("/piano/coerenza", page_coherence, "plan.coherence.title", 0),
    LIST("/piano/scadenze", page_deadlines, "plan.deadlines.title",
         WEB_BIT(WEB_ATOM) | WEB_BIT(WEB_PDF)),
    {.method = "GET",
     .path = "/piano/scadenze.ics",
     PAGE,
     .handle = page_calendar,
     .flags = WEB_NO_SITEMAP},
    LIST("/piano/richieste", page_requests, "plan.requests.title",
         WEB_BIT(WEB_ATOM) | WEB_BIT(WEB_PDF)),
    LIST("/piano/atti", page_acts, "plan.acts.title", WEB_BIT(WEB_ATOM)),
    LIST("/piano/adozioni", page_adoptions, "plan.adoptions.title", WEB_BIT(WEB_ATOM)),
    LIST("/piano/controllo", page_check, "plan.check.title", 0),
    {.method = "GET",
     .path = "/piano/sintesi",
     PAGE,
     .handle = page_summary,
     .title_key = "plan.summary.title",
     .forms = WEB_BIT(WEB_JSON) | WEB_BIT(WEB_PDF)},
    {.method = "GET",
     .path = "/piano/{piano}",
     INPUTS(plan_inputs),
     PAGE,
     .handle = page_plan,
     .title_key = "plan.page.plan",
     .forms = WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM) | WEB_BIT(WEB_PDF),
     .example = "/piano/psm-2024-26"},
    {.method = "GET",
     .path = "/piano/{piano}/{codice}",
     INPUTS(element_inputs),
     PAGE,
     .handle = page_element,
     .title_key = "plan.page.element",
     .forms = WEB_BIT(WEB_JSON) | WEB_BIT(WEB_ATOM) | WEB_BIT(WEB_PDF),
     .example = "/piano/psm-2024-26/6"},

    EDIT(plans, KEEPERS, NULL),
    EDIT(elements, KEEPERS, SHOWN(elements)),
    EDIT(links, KEEPERS, NULL),
    EDIT(origins, KEEPERS, NULL),
    EDIT(fates, KEEPERS, NULL),
    EDIT(objectives, KEEPERS, NULL),
    EDIT(amendments, KEEPERS, NULL),
    EDIT(renames, KEEPERS, NULL),
    EDIT(instruments, KEEPERS, NULL),
    EDIT(coherence, KEEPERS, NULL),
    EDIT(steps, KEEPERS, SHOWN(steps)),
    EDIT(deadlines, KEEPERS, NULL),
    EDIT(requests, KEEPERS, NULL),
    EDIT(acts, KEEPERS, NULL),
    EDIT(adoptions, KEEPERS_AND_DELEGATES, SHOWN(adoptions)),
    {.method = "POST",
     .path = "/piano/emendamenti/{id}/applica",
     INPUTS(id_inputs),
     KEEPERS,
     .handle = amend_apply},
    {.method = "GET",
     .path = "/piano/storia/{tabella}/{id}",
     INPUTS(row_inputs),
     KEEPERS_AND_DELEGATES,
     .handle = history_page,
     .title_key = "plan.edit.history",
     .example = "/piano/storia/elements/1",
     .flags = WEB_NO_SITEMAP},
    {.method = "GET",
     .path = "/piano/annulla/{tabella}/{id}",
     INPUTS(row_inputs),
     KEEPERS_AND_DELEGATES,
     .handle = undo_ask,
     .flags = WEB_NO_SITEMAP},
    {.method = "POST",
     .path = "/piano/annulla/{tabella}/{id}",
     INPUTS(row_inputs),
     KEEPERS_AND_DELEGATES,
     .handle = undo_do},
};
const size_t plan_n_routes = RG_COUNT(plan_routes);
