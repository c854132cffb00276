#include "csv_map.h"
#include "hours.h"
#include "hsds_priv.h"

static const char *const field_names[CSV_MAP_FIELD__MAX] = {
    "keep",    "id",      "name",     "organization", "description", "category",    "location",
    "address", "comune",  "province", "postal_code",  "latitude",    "longitude",   "phone",
    "email",   "website", "hours",    "fees",         "eligibility", "application", "area"};

const char *
csv_map_field_name(enum csv_map_field field)
{
    return field_names[field];
}

bool
csv_map_field_of(struct str name, enum csv_map_field *ret_field)
{
    for (int i = 0; i < CSV_MAP_FIELD__MAX; i++)
        if (str_eq(name, str_of(field_names[i]))) {
            *ret_field = (enum csv_map_field)i;
            return true;
        }
    return false;
}

/* ---- guessing ---- */

/* Header words; "=" in front: only when it is the whole header, for words too common inside
 * others. Earlier entries win among equals.                                                  */
static const struct {
    enum csv_map_field field;
    const char *words;
} vocabulary[] = {
    {CSV_MAP_NAME,
     "nome servizio|denominazione servizio|titolo servizio|service name|=servizio|"
     "=service|=nome|=name|=denominazione|=titolo|=title|nome del servizio|"
     "=prestazione|nom du service|=sportello|=nom"},
    {CSV_MAP_ORGANIZATION,
     "ente|organizzazione|organization|organisation|gestore|titolare|"
     "associazione|soggetto|erogatore|fornitore|ragione sociale|provider"},
    {CSV_MAP_DESCRIPTION, "descrizione|description|descr|=note|cosa offre|contenuto|attivita"},
    {CSV_MAP_CATEGORY,
     "categoria|category|categorie|tipologia|=tipo|ambito|settore|=area tematica|"
     "tema|type|bisogno"},
    {CSV_MAP_LOCATION, "=sede|nome sede|luogo|location name|=struttura|=punto|venue"},
    {CSV_MAP_ADDRESS, "indirizzo|address|=via|adresse|ubicazione|=street"},
    {CSV_MAP_COMUNE, "comune|citta|city|municipality|localita|town|commune|ville"},
    {CSV_MAP_PROVINCE, "provincia|=prov|province|=pr|sigla"},
    {CSV_MAP_POSTAL_CODE, "=cap|codice postale|postal code|postcode|zip|code postal"},
    {CSV_MAP_LATITUDE, "latitudine|latitude|=lat|coord y|=y"},
    {CSV_MAP_LONGITUDE, "longitudine|longitude|=lon|=lng|=long|coord x|=x"},
    {CSV_MAP_PHONE, "telefono|phone|=tel|recapito|cellulare|numero verde|telephone|=cell"},
    {CSV_MAP_EMAIL, "email|e mail|posta elettronica|=mail|=pec|courriel"},
    {CSV_MAP_WEBSITE, "sito|website|=url|=web|=link|pagina web|homepage|site"},
    {CSV_MAP_HOURS, "orari|orario|hours|apertura|opening|horaires|giorni e ore"},
    {CSV_MAP_FEES, "costo|costi|tariffa|tariffe|fee|fees|cost|prezzo|gratuito|tarif"},
    {CSV_MAP_ELIGIBILITY, "destinatari|utenza|beneficiari|requisiti|eligibility|target|a chi|"
                          "rivolto|public vise"},
    {CSV_MAP_APPLICATION, "accesso|come accedere|modalita di accesso|iscrizione|application|"
                          "prenotazione|how to apply|come fare"},
    {CSV_MAP_AREA,
     "zona|area geografica|territorio|bacino|service area|copertura|ambito territoriale"},
    {CSV_MAP_ID, "=id|codice|=code|identificativo|=cod|=n|=numero|=uuid"},
};

enum { HEADER_MAX = 80 };

/* Lower case, accents off, everything else a single blank. */
static size_t
plain(struct str s, char out[HEADER_MAX])
{
    size_t n = 0;
    bool gap = false;
    s = str_utf8_ok(s) ? s : STR("");
    for (int c; n + 2 < HEADER_MAX && (c = str_utf8_next(&s)) >= 0;) {
        static const struct {
            const char *from;
            char to;
        } accents[] = {{"\xC3\xA0\xC3\xA1\xC3\xA2\xC3\x80", 'a'},
                       {"\xC3\xA8\xC3\xA9\xC3\xAA", 'e'},
                       {"\xC3\xAC\xC3\xAE", 'i'},
                       {"\xC3\xB2\xC3\xB4", 'o'},
                       {"\xC3\xB9\xC3\xBB", 'u'}};
        for (size_t i = 0; c >= 0x80 && i < RG_COUNT(accents); i++) {
            struct str from = str_of(accents[i].from);
            for (int a; (a = str_utf8_next(&from)) >= 0;)
                if (a == c) {
                    c = accents[i].to;
                    break;
                }
        }
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (word && gap && n > 0)
            out[n++] = ' ';
        gap = !word;
        if (word)
            out[n++] = (char)c;
    }
    return n;
}

/* 100 the whole header, 75 words at its start, 65 whole words inside it; 0 not. */
static unsigned
score_word(struct str header, struct str word)
{
    bool whole = word.n > 0 && word.p[0] == '=';
    if (whole)
        word = str_n(word.p + 1, word.n - 1);
    if (str_eq(header, word))
        return 100;
    if (whole || header.n < word.n)
        return 0;
    for (size_t i = 0; i + word.n <= header.n; i++) {
        bool starts = i == 0 || header.p[i - 1] == ' ';
        bool ends = i + word.n == header.n || header.p[i + word.n] == ' ';
        if (starts && ends && str_eq(str_n(header.p + i, word.n), word))
            return i == 0 ? 75 : 65;
    }
    return 0;
}

static unsigned
score_value(enum csv_map_field field, struct str v)
{
    double number;
    if (v.n == 0)
        return 0;
    switch (field) {
    case CSV_MAP_EMAIL:
        return str_find(v, STR("@")) > 0 && str_find(v, STR(" ")) < 0 ? 55 : 0;
    case CSV_MAP_WEBSITE:
        return str_starts(v, STR("http")) || str_starts(v, STR("www.")) ? 55 : 0;
    case CSV_MAP_LATITUDE:
        return v.n > 5 && rg_parse_decimal(v, &number) && number > 35 && number < 48 ? 40 : 0;
    case CSV_MAP_LONGITUDE:
        return v.n > 4 && rg_parse_decimal(v, &number) && number > 6 && number < 19 ? 40 : 0;
    case CSV_MAP_ADDRESS: {
        static const char *const starts[] = {"via ",    "Via ",    "VIA ",
                                             "corso ",  "Corso ",  "piazza ",
                                             "Piazza ", "Strada ", "Viale "};
        for (size_t i = 0; i < RG_COUNT(starts); i++)
            if (str_starts(v, str_of(starts[i])))
                return 50;
        return 0;
    }
    case CSV_MAP_HOURS: {
        struct hours_rule rules[16];
        return hours_parse_lines(v, rules, 16) > 0 ? 50 : 0;
    }
    default:
        return 0;
    }
}

static unsigned
score(struct str header, struct str value, size_t entry)
{
    struct str words = str_of(vocabulary[entry].words), word;
    unsigned best = score_value(vocabulary[entry].field, str_trim(value));
    while (str_cut(&words, '|', &word)) {
        unsigned s = score_word(header, word);
        best = s > best ? s : best;
    }
    return best;
}

void
csv_map_guess(const struct str *headers, size_t n, const struct str *sample,
              struct csv_map_column *ret_columns)
{
    bool taken[CSV_MAP_FIELD__MAX] = {false};
    for (size_t i = 0; i < n; i++)
        ret_columns[i] = (struct csv_map_column){CSV_MAP_KEEP, 0};
    for (;;) { /* the surest pair of column and field first, until none is left */
        size_t best_column = 0, best_entry = 0;
        unsigned best = 0;
        for (size_t i = 0; i < n; i++) {
            char text[HEADER_MAX];
            if (ret_columns[i].field != CSV_MAP_KEEP)
                continue;
            struct str header = str_n(text, plain(headers[i], text));
            for (size_t e = 0; e < RG_COUNT(vocabulary); e++) {
                if (taken[vocabulary[e].field])
                    continue;
                unsigned s = score(header, sample ? sample[i] : STR_NONE, e);
                if (s > best) {
                    best = s;
                    best_column = i;
                    best_entry = e;
                }
            }
        }
        if (best == 0)
            return;
        enum csv_map_field field = vocabulary[best_entry].field;
        ret_columns[best_column] = (struct csv_map_column){field, (uint8_t)best};
        taken[field] = field != CSV_MAP_PHONE;
    }
}

/* ---- applying ---- */

struct row {
    struct intake *in;
    const struct rg_csv *csv;
    const struct csv_map_column *columns;
    size_t n_columns;
};

static struct str
cell(const struct row *row, enum csv_map_field field)
{
    for (size_t i = 0; i < row->n_columns && i < row->csv->n_fields; i++)
        if (row->columns[i].field == field && str_trim(row->csv->fields[i]).n > 0)
            return rg_arena_str(row->in->work, str_trim(row->csv->fields[i]));
    return STR_NONE;
}

static struct hsds_node *
child(struct intake *in, struct hsds_node *owner, const char *list)
{
    struct hsds_node *array = hsds_get(owner, list);
    if (!array) {
        array = hsds_node_new(in->work, RG_JV_ARRAY);
        hsds_put(owner, str_of(list), array);
    }
    struct hsds_node *object = hsds_node_new(in->work, RG_JV_OBJECT);
    hsds_put(array, STR_NONE, object);
    return object;
}

static void
put(struct row *row, struct hsds_node *object, const char *name, enum csv_map_field field)
{
    hsds_put_text(row->in->work, object, name, cell(row, field));
}

static void
put_location(struct row *row, struct hsds_node *service)
{
    struct str address = cell(row, CSV_MAP_ADDRESS), comune = cell(row, CSV_MAP_COMUNE);
    struct str lat = cell(row, CSV_MAP_LATITUDE);
    if (!address.p && !comune.p && !lat.p)
        return;
    struct rg_arena *work = row->in->work;
    struct hsds_node *location = child(row->in, service, "locations");
    struct str place = cell(row, CSV_MAP_LOCATION);
    const char *id = rg_arena_printf(work, "%.*s|%.*s|%.*s", STR_ARG(place), STR_ARG(address),
                                     STR_ARG(comune));
    if (address.p || place.p)
        hsds_put_text(work, location, "id", str_of(id));
    hsds_put_text(work, location, "location_type", STR("physical"));
    hsds_put_text(work, location, "name", place.p ? place : address);
    put(row, location, "latitude", CSV_MAP_LATITUDE);
    put(row, location, "longitude", CSV_MAP_LONGITUDE);
    for (struct hsds_node *v = location ? location->first : NULL; v; v = v->next)
        if (str_is(v->key, "latitude") || str_is(v->key, "longitude"))
            v->kind = RG_JV_NUMBER; /* read again, or set aside, by the cleaning */
    struct hsds_node *a = child(row->in, location, "addresses");
    hsds_put_text(work, a, "address_1", address);
    hsds_put_text(work, a, "city", comune);
    put(row, a, "state_province", CSV_MAP_PROVINCE);
    put(row, a, "postal_code", CSV_MAP_POSTAL_CODE);
    hsds_put_text(work, a, "address_type", STR("physical"));
}

static void
put_hours(struct row *row, struct hsds_node *service)
{
    struct str text = cell(row, CSV_MAP_HOURS);
    struct hours_rule rules[32];
    if (!text.p)
        return;
    size_t n = hours_parse_lines(text, rules, RG_COUNT(rules));
    if (n == 0) { /* not understood: shown as it is, and no open or closed is claimed */
        hsds_put_text(row->in->work, child(row->in, service, "schedules"), "description", text);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct rg_arena *work = row->in->work;
        struct rg_buf days RG_CLEANUP(rg_buf_done) = {0};
        rg_buf_init(&days, 1024);
        hours_put_byday(&days, &rules[i]);
        struct hsds_node *s = child(row->in, service, "schedules");
        int closes =
            rules[i].closes_min > 1440 ? rules[i].closes_min - 1440 : rules[i].closes_min;
        hsds_put_text(work, s, "freq",
                      rules[i].freq == HOURS_MONTHLY ? STR("MONTHLY") : STR("WEEKLY"));
        hsds_put_text(work, s, "byday", rg_arena_str(work, rg_buf_view(&days)));
        hsds_put_text(work, s, "description", text);
        hsds_put_text(work, s, "opens_at",
                      str_of(rg_arena_printf(work, "%02d:%02d", rules[i].opens_min / 60,
                                             rules[i].opens_min % 60)));
        hsds_put_text(work, s, "closes_at",
                      str_of(rg_arena_printf(work, "%02d:%02d", closes / 60, closes % 60)));
    }
}

static void
put_children(struct row *row, struct hsds_node *service)
{
    struct rg_arena *work = row->in->work;
    for (size_t i = 0; i < row->n_columns && i < row->csv->n_fields; i++)
        if (row->columns[i].field == CSV_MAP_PHONE && str_trim(row->csv->fields[i]).n > 0)
            hsds_put_text(work, child(row->in, service, "phones"), "number",
                          rg_arena_str(work, str_trim(row->csv->fields[i])));
    struct str category = cell(row, CSV_MAP_CATEGORY), area = cell(row, CSV_MAP_AREA);
    if (category.p) {
        struct hsds_node *attribute = child(row->in, service, "attributes");
        hsds_put_text(work, attribute, "value", category);
        hsds_put_text(work, attribute, "label", category);
    }
    if (area.p)
        hsds_put_text(work, child(row->in, service, "service_areas"), "name", area);
    put_location(row, service);
    put_hours(row, service);
}

/* One body, however its name was typed: capitals and runs of blanks do not make another. */
static struct str
same_body(struct rg_arena *work, struct str name)
{
    char *out = rg_arena_alloc(work, name.n + 1);
    size_t n = 0;
    for (size_t i = 0; out && i < name.n; i++) {
        char c = name.p[i];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            if (n > 0 && out[n - 1] != ' ')
                out[n++] = ' ';
        } else {
            out[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        }
    }
    return out ? str_trim(str_n(out, n)) : name;
}

static struct hsds_node *
row_service(struct row *row, const struct str *headers)
{
    struct rg_arena *work = row->in->work;
    struct hsds_node *service = hsds_node_new(work, RG_JV_OBJECT);
    struct str organization = cell(row, CSV_MAP_ORGANIZATION), id = cell(row, CSV_MAP_ID);
    struct str name = cell(row, CSV_MAP_NAME);
    if (!id.p) {
        struct str address = cell(row, CSV_MAP_ADDRESS), comune = cell(row, CSV_MAP_COMUNE);
        id = str_of(rg_arena_printf(work, "%.*s|%.*s|%.*s|%.*s", STR_ARG(name),
                                    STR_ARG(organization), STR_ARG(address), STR_ARG(comune)));
    }
    hsds_put_text(work, service, "id", id);
    hsds_put_text(work, service, "name", name);
    hsds_put_text(work, service, "status", STR("active"));
    if (organization.p) {
        struct hsds_node *o = hsds_node_new(work, RG_JV_OBJECT);
        hsds_put_text(work, o, "id", same_body(work, organization));
        hsds_put_text(work, o, "name", organization);
        hsds_put_text(work, o, "description", STR(""));
        hsds_put(service, STR("organization"), o);
    }
    put(row, service, "description", CSV_MAP_DESCRIPTION);
    put(row, service, "url", CSV_MAP_WEBSITE);
    put(row, service, "email", CSV_MAP_EMAIL);
    put(row, service, "fees_description", CSV_MAP_FEES);
    put(row, service, "eligibility_description", CSV_MAP_ELIGIBILITY);
    put(row, service, "application_process", CSV_MAP_APPLICATION);
    put_children(row, service);
    for (size_t i = 0; i < row->n_columns && i < row->csv->n_fields; i++)
        if (row->columns[i].field == CSV_MAP_KEEP && headers[i].n > 0 &&
            str_trim(row->csv->fields[i]).n > 0 &&
            !hsds_get(service, rg_arena_cstr(work, headers[i])))
            hsds_put(service, headers[i],
                     hsds_string(work, rg_arena_str(work, row->csv->fields[i])));
    return service;
}

static bool
row_is_text(const struct rg_csv *csv)
{
    for (size_t i = 0; i < csv->n_fields; i++)
        if (!str_utf8_ok(csv->fields[i]))
            return false;
    return true;
}

static void
take_rows(struct intake *in, struct rg_csv *csv, const struct csv_map_column *columns,
          size_t n_columns, const struct str *headers)
{
    while (in->stopped == RG_OK && rg_csv_next(csv)) {
        struct row row = {in, csv, columns, n_columns};
        intake_reached(in, csv->rest.p);
        in->line = csv->line;
        in->counts.elements++;
        if (csv->bad_quote)
            intake_tell(in, INTAKE_CSV_QUOTE, HSDS_SERVICE, STR(""), STR(""));
        if (csv->too_wide || csv->n_fields > n_columns)
            intake_tell(in, INTAKE_CSV_WIDTH, HSDS_SERVICE, STR(""), STR(""));
        if (!row_is_text(csv))
            intake_tell(in, INTAKE_NOT_TEXT, HSDS_SERVICE, STR(""), STR(""));
        else
            hsds_clean(in, HSDS_SERVICE, row_service(&row, headers), STR_NONE, false);
        rg_arena_reset(in->work);
    }
    if (csv->no_memory)
        in->stopped = RG_NO_MEMORY(in->ctx);
}

enum rg_err
csv_map_apply(struct rg_ctx *ctx, const struct intake_options *options, const char *file,
              struct str bytes, const struct csv_map_column *columns, size_t n_columns,
              const struct intake_sink *sink, struct intake_counts *ret_counts)
{
    bool named = false;
    for (size_t i = 0; i < n_columns; i++)
        named |= columns[i].field == CSV_MAP_NAME;
    if (!named)
        return RG_FAIL(ctx, RG_INVALID, "network.csv_map_no_name", "file", file);
    struct intake in;
    enum rg_err err = intake_begin(&in, ctx, options, sink);
    if (err != RG_OK)
        return err;
    struct rg_csv csv RG_CLEANUP(rg_csv_done);
    rg_csv_init(&csv, bytes);
    in.file = file;
    in.base = in.behind = bytes.p;
    if (options->progress)
        options->progress->total = bytes.n;
    struct str *headers = RG_ARRAY(in.keep, struct str, n_columns + 1);
    if (rg_csv_next(&csv) && headers) {
        for (size_t i = 0; i < n_columns && i < csv.n_fields; i++)
            if (str_utf8_ok(csv.fields[i]))
                headers[i] = rg_arena_str(in.keep, str_trim(csv.fields[i]));
        take_rows(&in, &csv, columns, n_columns, headers);
    } else if (!headers || csv.no_memory) {
        in.stopped = RG_NO_MEMORY(ctx);
    }
    return intake_end(&in, ret_counts);
}
