/* The addresses of the door "Cosa è stato detto?". */
#include "listening/surface.h"

#define INPUTS(list) .inputs = list, .n_inputs = RG_COUNT(list)
#define PIECE(n) {n, WEB_IN_TEXT, 0, 160, true, NULL, NULL}
#define WORDS(n, max) {n, WEB_IN_TEXT, 0, max, false, NULL, NULL}
#define WHY WORDS("motivo", 300)

static const struct web_input home_inputs[] = {WORDS("q", 200)};
static const struct web_input event_inputs[] = {PIECE("evento")};
static const struct web_input series_inputs[] = {PIECE("serie")};
static const struct web_input table_inputs[] = {PIECE("evento"), PIECE("tavolo")};
static const struct web_input theme_edit_inputs[] = {PIECE("codice")};
static const struct web_input id_inputs[] = {PIECE("id")};
static const struct web_input voices_inputs[] = {
    WORDS("evento", 160),    WORDS("tavolo", 60),
    {"sessione", WEB_IN_INT, 1, 1000, false, NULL, NULL},
    WORDS("asse", 60),       WORDS("zona", 20),
    WORDS("categoria", 40),  WORDS("tipo", 40),
    {"sospesi", WEB_IN_FLAG, 0, 0, false, NULL, NULL},
    WORDS("territorio", 40), WORDS("tema", 160),
    WORDS("etichetta", 200), {"pagina", WEB_IN_INT, 1, 1000000, false, NULL, NULL}};
static const struct web_input document_inputs[] = {
    PIECE("codice"),
    {"riga", WEB_IN_INT, 1, 10000000, false, NULL, NULL},
    {"pagina", WEB_IN_INT, 1, 1000000, false, NULL, NULL},
    {"senza", WEB_IN_FLAG, 0, 0, false, NULL, NULL}};

static const struct web_input voice_inputs[] = {
    PIECE("id"),
    {"rev", WEB_IN_INT, 1, INT64_MAX, true, NULL, NULL},
    {"tipo", WEB_IN_CHOICE, 0, 0, true, said_kinds, "listening.col.kind"},
    {"testo", WEB_IN_TEXT, 0, 8000, true, NULL, "listening.col.text"},
    WORDS("citazione", 1000),
    {"categoria", WEB_IN_CHOICE, 0, 0, false, said_categories, "listening.col.category"},
    WORDS("zona", 20),
    {"territorio", WEB_IN_CHOICE, 0, 0, false, said_territories, "listening.col.territory"},
    WORDS("contesta", 200),
    {"sospeso", WEB_IN_FLAG, 0, 0, false, NULL, NULL},
    {"locale", WEB_IN_FLAG, 0, 0, false, NULL, NULL},
    {"stato", WEB_IN_CHOICE, 0, 0, false, said_states, "listening.col.state"},
    WHY};
static const struct web_input code_inputs[] = {
    PIECE("id"), {"tema", WEB_IN_TEXT, 0, 200, true, NULL, "listening.col.theme"}};
static const struct web_input uncode_inputs[] = {
    PIECE("id"), {"tema", WEB_IN_INT, 1, INT64_MAX, true, NULL, NULL}};
static const struct web_input park_inputs[] = {PIECE("id"),
                                               {"sospeso", WEB_IN_FLAG, 0, 0, false, NULL, NULL}};
static const struct web_input seq_inputs[] = {PIECE("id"),
                                              {"seq", WEB_IN_INT, 1, INT64_MAX, true, NULL, NULL}};
static const struct web_input new_inputs[] = {
    {"codice", WEB_IN_TEXT, 0, 60, true, NULL, "listening.col.code"},
    {"rev", WEB_IN_INT, 0, INT64_MAX, false, NULL, NULL},
    {"titolo", WEB_IN_TEXT, 0, 300, true, NULL, "listening.col.title"},
    WORDS("asse", 60),
    WORDS("sintesi", 8000),
    {"sospeso", WEB_IN_FLAG, 0, 0, false, NULL, NULL},
    WHY};
static const struct web_input theme_inputs[] = {
    PIECE("codice"),
    {"rev", WEB_IN_INT, 1, INT64_MAX, true, NULL, NULL},
    {"titolo", WEB_IN_TEXT, 0, 300, true, NULL, "listening.col.title"},
    WORDS("asse", 60),
    WORDS("sintesi", 8000),
    {"sospeso", WEB_IN_FLAG, 0, 0, false, NULL, NULL},
    WHY};
static const struct web_input merge_inputs[] = {
    PIECE("codice"), {"verso", WEB_IN_TEXT, 0, 160, true, NULL, "listening.edit.merge_into"}, WHY};
static const struct web_input split_inputs[] = {
    PIECE("codice"),
    {"nuovo", WEB_IN_TEXT, 0, 60, true, NULL, "listening.edit.split_code"},
    {"titolo", WEB_IN_TEXT, 0, 300, true, NULL, "listening.edit.split_title"},
    WHY,
    WORDS("posizione", 60),
    {"voce", WEB_IN_LIST, 0, 160, false, NULL, NULL}};
static const struct web_input position_inputs[] = {
    PIECE("codice"),
    {"codice_posizione", WEB_IN_TEXT, 0, 60, true, NULL, "listening.col.code"},
    {"titolo", WEB_IN_TEXT, 0, 300, true, NULL, "listening.col.title"},
    WORDS("testo", 8000)};

#define OPEN(p, in, h, key)                                                                    \
    {.method = "GET", .path = p, in, .roles = RG_ROLE_PUBLIC, .handle = said_##h,           \
     .title_key = key, .cache = WEB_PUBLIC}
#define OPEN_AT(p, in, h, key, at)                                                             \
    {.method = "GET", .path = p, in, .roles = RG_ROLE_PUBLIC, .handle = said_##h,              \
     .title_key = key, .cache = WEB_PUBLIC, .example = at}
#define OPEN_FORMS_AT(p, in, h, key, f, at)                                                    \
    {.method = "GET", .path = p, in, .roles = RG_ROLE_PUBLIC, .handle = said_##h,              \
     .title_key = key, .cache = WEB_PUBLIC, .forms = f, .example = at}
#define OPEN_FORMS(p, in, h, key, f)                                                           \
    {.method = "GET", .path = p, in, .roles = RG_ROLE_PUBLIC, .handle = said_##h,           \
     .title_key = key, .cache = WEB_PUBLIC, .forms = f}
#define WORK(m, p, in, h, key, fl)                                                             \
    {.method = m, .path = p, in, .roles = SAID_STAFF, .handle = said_##h,                \
     .title_key = key, .cache = WEB_PRIVATE, .flags = (fl) | WEB_NO_SITEMAP}
#define NONE .inputs = NULL, .n_inputs = 0

const struct web_route listening_routes[] = {
    OPEN("/ascolto", INPUTS(home_inputs), home, "listening.title"),
    OPEN_FORMS("/ascolto/eventi", NONE, events, "listening.events.title", WEB_TABLE_FORMS),
    OPEN_FORMS_AT("/ascolto/eventi/{evento}", INPUTS(event_inputs), event, "listening.event",
                  WEB_BIT(WEB_JSON) | WEB_BIT(WEB_PDF), "/ascolto/eventi/forum-2023"),
    OPEN("/ascolto/eventi/{evento}/programma.ics", INPUTS(event_inputs), event_ics, NULL),
    OPEN_FORMS("/ascolto/incontri", NONE, series_all, "listening.series.title", WEB_TABLE_FORMS),
    OPEN_FORMS("/ascolto/incontri/{serie}", INPUTS(series_inputs), series,
               "listening.series.title", WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM) | WEB_BIT(WEB_PDF)),
    OPEN("/ascolto/incontri/{serie}/calendario.ics", INPUTS(series_inputs), series_ics, NULL),
    OPEN_FORMS_AT("/ascolto/tavoli/{evento}/{tavolo}", INPUTS(table_inputs), table,
                  "listening.event.tables", WEB_BIT(WEB_PDF), "/ascolto/tavoli/forum-2023/3"),
    OPEN_FORMS("/ascolto/temi", NONE, themes, "listening.themes.title", WEB_TABLE_FORMS),
    OPEN_FORMS_AT("/ascolto/temi/{id}", INPUTS(id_inputs), theme, "listening.theme",
                  WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM) | WEB_BIT(WEB_PDF),
                  "/ascolto/temi/3-elettrico"),
    OPEN_FORMS("/ascolto/contributi", INPUTS(voices_inputs), voices, "listening.voices.title",
               WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM)),
    OPEN_FORMS_AT("/ascolto/contributi/{id}", INPUTS(id_inputs), voice, "listening.voice",
                  WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM), "/ascolto/contributi/forum-2023_t_0_001"),
    OPEN("/ascolto/documenti", NONE, documents, "listening.documents.title"),
    OPEN_AT("/ascolto/documenti/{codice}", INPUTS(document_inputs), document, "listening.document",
            "/ascolto/documenti/forum-2023"),
    OPEN_FORMS("/ascolto/rappresentanza", NONE, spread, "listening.spread.title",
               WEB_BIT(WEB_PDF)),
    OPEN_FORMS("/ascolto/position-paper", NONE, paper, "listening.paper.title", WEB_BIT(WEB_PDF)),
    OPEN_FORMS_AT("/ascolto/position-paper/{id}", INPUTS(id_inputs), paper,
                  "listening.paper.title", WEB_BIT(WEB_PDF),
                  "/ascolto/position-paper/trasversali"),
    OPEN("/ascolto/position-paper/{id}/documento.odt", INPUTS(id_inputs), paper_odt, NULL),

    WORK("GET", "/ascolto/contributi/{id}/modifica", INPUTS(id_inputs), voice_edit,
         "listening.voice.edit", 0),
    WORK("POST", "/ascolto/contributi/{id}/modifica", INPUTS(voice_inputs), voice_save,
         "listening.voice.edit", WEB_SHOWS_PROBLEMS),
    WORK("POST", "/ascolto/contributi/{id}/temi", INPUTS(code_inputs), voice_code_under,
         "listening.voice.code", 0),
    WORK("POST", "/ascolto/contributi/{id}/togli", INPUTS(uncode_inputs), voice_uncode,
         "listening.voice.uncode", 0),
    WORK("POST", "/ascolto/contributi/{id}/sospendi", INPUTS(park_inputs), voice_park,
         "listening.voice.park", 0),
    WORK("GET", "/ascolto/contributi/{id}/storia", INPUTS(id_inputs), voice_history,
         "listening.history", 0),
    WORK("GET", "/ascolto/contributi/{id}/annulla", INPUTS(seq_inputs), undo_ask,
         "listening.undo.title", 0),
    WORK("POST", "/ascolto/contributi/{id}/annulla", INPUTS(seq_inputs), undo_do,
         "listening.undo.title", 0),
    WORK("GET", "/ascolto/temi/nuovo", NONE, theme_new, "listening.theme.new", 0),
    WORK("POST", "/ascolto/temi/nuovo", INPUTS(new_inputs), theme_add, "listening.theme.new",
         WEB_SHOWS_PROBLEMS),
    WORK("GET", "/ascolto/temi/{codice}/modifica", INPUTS(theme_edit_inputs), theme_edit,
         "listening.theme.edit", 0),
    WORK("POST", "/ascolto/temi/{codice}/modifica", INPUTS(theme_inputs), theme_save,
         "listening.theme.edit", WEB_SHOWS_PROBLEMS),
    WORK("POST", "/ascolto/temi/{codice}/unisci", INPUTS(merge_inputs), theme_merge,
         "listening.edit.merge", 0),
    WORK("POST", "/ascolto/temi/{codice}/dividi", INPUTS(split_inputs), theme_split,
         "listening.edit.split", 0),
    WORK("POST", "/ascolto/temi/{codice}/posizioni", INPUTS(position_inputs), theme_position,
         "listening.edit.position", 0),
    WORK("GET", "/ascolto/temi/{id}/storia", INPUTS(id_inputs), theme_history,
         "listening.history", 0),
    WORK("GET", "/ascolto/temi/{id}/annulla", INPUTS(seq_inputs), undo_ask,
         "listening.undo.title", 0),
    WORK("POST", "/ascolto/temi/{id}/annulla", INPUTS(seq_inputs), undo_do,
         "listening.undo.title", 0),
};
const size_t listening_n_routes = RG_COUNT(listening_routes);
