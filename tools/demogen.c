/* demogen: the demonstration services of packs/demo, from a seed.
 *
 *     demogen [-n SERVICES] [-s SEED] COMUNI.csv ZONES.csv NEEDS.csv > services.ndjson
 *
 * Writes HSDS 3.1 objects, one a line, each wrapped in the name of its kind (packs/demo/README.md
 * has the form). Nothing here is true of a real body: names are generic, streets are
 * "dell'Esempio", there are no telephone numbers and mail goes to example.org. Every record says
 * "dato dimostrativo" in its text and in an attribute. Same seed and inputs, same bytes: only
 * integers are used, no clock and no dice.
 *
 * Uneven on purpose: services follow population and its square root, and each need is absent
 * from some Zones, more of them the more mountain there is, so that maps of coverage have
 * something to show.                                                                          */
#include "demogen.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- writing ------------------------------------------------------------------------------ */

struct out {
    struct rg_buf buf;
    struct rg_jw jw;
};

static void
put_text(struct rg_jw *jw, const char *key, const char *format, ...) RG_PRINTF(3, 4);

static void
put_text(struct rg_jw *jw, const char *key, const char *format, ...)
{
    char text[4096];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (n < 0)
        abort();
    size_t kept = (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1;
    rg_jw_key(jw, key);
    rg_jw_str(jw, str_n(text, str_utf8_prefix(str_n(text, kept), kept)));
}

static void
put_str(struct rg_jw *jw, const char *key, struct str value)
{
    rg_jw_key(jw, key);
    rg_jw_str(jw, value);
}

/* A version 8 UUID (RFC 9562): 122 bits of our own mixing. */
static void
put_uuid(const struct world *w, struct rg_jw *jw, const char *key, const char *what, uint64_t a,
         uint64_t b)
{
    uint64_t high = dice(w, what, a, b), low = mix(high, b ^ a << 1);
    high = (high & ~(uint64_t)0xF000) | 0x8000;
    low = (low & ~((uint64_t)3 << 62)) | (uint64_t)2 << 62;
    put_text(jw, key, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(high >> 32),
             (unsigned)(high >> 16 & 0xFFFF), (unsigned)(high & 0xFFFF),
             (unsigned)(low >> 48), (unsigned long long)(low & 0xFFFFFFFFFFFF));
}

static uint64_t
body_key(const struct planned *p)
{
    return (uint64_t)p->kind << 48 | (uint64_t)p->seat << 16 | p->variant;
}

static void
line_begin(struct out *o, const char *kind)
{
    rg_buf_reset(&o->buf);
    rg_jw_init(&o->jw, &o->buf);
    rg_jw_object(&o->jw);
    rg_jw_key(&o->jw, kind);
    rg_jw_object(&o->jw);
}

static void
line_end(struct out *o)
{
    rg_jw_end_object(&o->jw);
    rg_jw_end_object(&o->jw);
    rg_buf_c(&o->buf, '\n');
    if (o->buf.failed)
        stop(3, "memory", "a line grew too long");
    if (fwrite(o->buf.p, 1, o->buf.n, stdout) != o->buf.n)
        stop(3, "standard output", strerror(errno));
}

static void
put_term(const struct world *w, struct rg_jw *jw, const struct need *n)
{
    rg_jw_key(jw, "taxonomy_term");
    rg_jw_object(jw);
    put_uuid(w, jw, "id", "term", n ? str_hash(n->code) : 0, 0);
    put_str(jw, "code", n ? n->code : STR("dimostrativo"));
    put_str(jw, "name", n ? n->label : STR(MARK));
    put_str(jw, "description",
            n ? n->description : STR("Record inventato per mostrare come funziona il programma."));
    put_text(jw, "taxonomy", "%s", n ? "bisogni" : "marcature");
    put_text(jw, "language", "it");
    rg_jw_end_object(jw);
}

static void
put_attribute(const struct world *w, struct rg_jw *jw, const char *entity, uint64_t a, uint64_t b,
              const struct need *n)
{
    rg_jw_object(jw);
    put_uuid(w, jw, "id", n ? "attribute of need" : "attribute of mark",
             mix(str_hash(str_of(entity)), a), b);
    put_uuid(w, jw, "link_id", entity, a, b);
    put_uuid(w, jw, "taxonomy_term_id", "term", n ? str_hash(n->code) : 0, 0);
    put_text(jw, "link_type", "%s", n ? "need" : "mark");
    put_text(jw, "link_entity", "%s", entity);
    put_str(jw, "value", n ? n->code : STR(MARK));
    put_term(w, jw, n);
    rg_jw_end_object(jw);
}

static void
put_marks(const struct world *w, struct rg_jw *jw, const char *entity, uint64_t a, uint64_t b,
          const struct need *n)
{
    rg_jw_key(jw, "attributes");
    rg_jw_array(jw);
    if (n)
        put_attribute(w, jw, entity, a, b, n);
    put_attribute(w, jw, entity, a, b, NULL);
    rg_jw_end_array(jw);
}

static void
body_name(const struct world *w, const struct planned *p, char *name, size_t n_name)
{
    const struct kind_words *words = &kind_words[p->kind];
    const struct zone *z = zone_of((struct world *)w, w->comuni[p->seat].zone);
    const char *first = words->names[p->variant % 4];
    struct str place = words->seat == SEAT_ZONE ? z->name : w->comuni[p->seat].name;
    int extra = p->variant / 4;
    int n = extra ? snprintf(name, n_name, "%s %.*s n. %d", first, STR_ARG(place), extra + 1)
                  : snprintf(name, n_name, "%s %.*s", first, STR_ARG(place));
    RG_ASSERT(n > 0 && (size_t)n < n_name);
}

static void
put_organization(const struct world *w, struct out *o, const struct planned *p)
{
    char name[256];
    body_name(w, p, name, sizeof(name));
    uint64_t key = body_key(p);
    line_begin(o, "organization");
    put_uuid(w, &o->jw, "id", "organization", key, 0);
    put_text(&o->jw, "name", "%s (" MARK ")", name);
    put_text(&o->jw, "description",
             "Ente inventato, con sede a %.*s. %s Questo è un " MARK ".",
             STR_ARG(w->comuni[p->seat].name), kind_words[p->kind].how);
    put_text(&o->jw, "email", "ente-%llx@example.org", (unsigned long long)key);
    put_marks(w, &o->jw, "organization", key, 0, NULL);
    line_end(o);
}

/* A shelter is never placed on the map, not even an invented one. */
static bool
confidential(const struct need *n)
{
    return str_is(n->code, "tutela.violenza_donne") || str_is(n->code, "tutela.tratta");
}

static uint64_t
place_key(const struct planned *p, bool hidden)
{
    return (uint64_t)p->comune << 1 | hidden;
}

static void
put_address(const struct world *w, struct rg_jw *jw, uint64_t key, uint64_t place,
            const struct comune *c)
{
    uint64_t chance = dice(w, "street", key, place);
    rg_jw_key(jw, "addresses");
    rg_jw_array(jw);
    rg_jw_object(jw);
    put_uuid(w, jw, "id", "address", key, place);
    put_text(jw, "address_1", "%s %u", streets[chance % RG_COUNT(streets)],
             1 + (unsigned)(chance / 64 % 90));
    put_text(jw, "city", "%.*s", STR_ARG(c->name));
    put_text(jw, "region", "Piemonte");
    put_text(jw, "state_province", "TO");
    put_text(jw, "postal_code", "00000");
    put_text(jw, "country", "IT");
    put_text(jw, "address_type", "physical");
    rg_jw_end_object(jw);
    rg_jw_end_array(jw);
}

/* Within about 300 m of the seat in a village and 4 km in Torino; 1 degree is 111 km. */
static void
put_position(const struct world *w, struct rg_jw *jw, uint64_t key, uint64_t place,
             const struct comune *c)
{
    uint64_t spread = 27000 + 390 * square_root((uint64_t)c->population);
    uint64_t a = dice(w, "north", key, place), b = dice(w, "east", key, place);
    rg_jw_key(jw, "latitude");
    rg_jw_e7(jw, c->lat_e7 + (int32_t)(a % (2 * spread)) - (int32_t)spread);
    rg_jw_key(jw, "longitude");
    rg_jw_e7(jw, c->lon_e7 + (int32_t)(b % (2 * spread)) - (int32_t)spread);
}

static void
put_location(const struct world *w, struct out *o, const struct planned *p, bool hidden)
{
    struct rg_jw *jw = &o->jw;
    const struct comune *c = &w->comuni[p->comune];
    uint64_t key = body_key(p), place = place_key(p, hidden);
    char name[256];
    body_name(w, p, name, sizeof(name));
    line_begin(o, "location");
    put_uuid(w, jw, "id", "location", key, place);
    put_uuid(w, jw, "organization_id", "organization", key, 0);
    put_text(jw, "location_type", "%s", hidden ? "virtual" : "physical");
    put_text(jw, "name", "%s: %s %.*s (" MARK ")", name,
             hidden ? "luogo riservato, zona di" : "sede di", STR_ARG(c->name));
    put_text(jw, "description", "%s Luogo inventato: " MARK ".",
             hidden ? "L'indirizzo è riservato per la sicurezza delle persone."
                    : "Ingresso da strada.");
    put_text(jw, "external_identifier", "%.*s", STR_ARG(c->istat));
    put_text(jw, "external_identifier_type", "istat");
    if (!hidden) {
        put_position(w, jw, key, place, c);
        put_address(w, jw, key, place, c);
        if (dice(w, "step-free", key, place) % 10 < 6) {
            rg_jw_key(jw, "accessibility");
            rg_jw_array(jw);
            rg_jw_object(jw);
            put_uuid(w, jw, "id", "accessibility", key, place);
            put_text(jw, "description", "Ingresso senza gradini");
            rg_jw_end_object(jw);
            rg_jw_end_array(jw);
        }
    }
    put_marks(w, jw, "location", key, place, NULL);
    line_end(o);
}

static bool
has_target(const struct need *n, const char *target)
{
    struct str rest = n->targets, one;
    while (str_cut(&rest, '|', &one))
        if (str_eq(one, str_of(target)))
            return true;
    return false;
}

static void
put_ages(struct rg_jw *jw, const struct need *n)
{
    bool wide = has_target(n, "adulti") || has_target(n, "famiglie") ||
                has_target(n, "disabilita") || has_target(n, "operatori");
    if (wide)
        return;
    if (has_target(n, "anziani") && !has_target(n, "giovani") && !has_target(n, "minori")) {
        rg_jw_key(jw, "minimum_age");
        rg_jw_i64(jw, 65);
    } else if (has_target(n, "minori") && !has_target(n, "giovani")) {
        rg_jw_key(jw, "maximum_age");
        rg_jw_i64(jw, 17);
    } else if (has_target(n, "giovani") && !has_target(n, "anziani")) {
        rg_jw_key(jw, "minimum_age");
        rg_jw_i64(jw, has_target(n, "minori") ? 11 : 16);
        rg_jw_key(jw, "maximum_age");
        rg_jw_i64(jw, 35);
    }
}

static void
put_eligibility(struct rg_jw *jw, const struct need *n, const struct comune *c, bool residents)
{
    struct rg_buf words;
    rg_buf_init(&words, 1024);
    struct str rest = n->targets, one;
    while (str_cut(&rest, '|', &one))
        for (size_t i = 0; i < RG_COUNT(target_words); i++)
            if (str_eq(one, str_of(target_words[i].target))) {
                if (words.n)
                    rg_buf_lit(&words, ", ");
                rg_buf_str(&words, str_of(target_words[i].words));
            }
    put_text(jw, "eligibility_description", "Per %.*s.%s%.*s", STR_ARG(rg_buf_view(&words)),
             residents ? " Serve abitare nel comune: " : "", residents ? (int)c->name.n : 0,
             c->name.p);
    rg_buf_done(&words);
}

static void
put_block(const struct world *w, struct rg_jw *jw, uint64_t serial, uint64_t part,
          const char *days, const char *opens, const char *closes)
{
    rg_jw_object(jw);
    put_uuid(w, jw, "id", "schedule", serial, part);
    put_text(jw, "freq", "WEEKLY");
    put_text(jw, "wkst", "MO");
    put_text(jw, "byday", "%s", days);
    put_text(jw, "dtstart", "2026-01-01");
    rg_jw_key(jw, "timezone");
    rg_jw_i64(jw, 1);
    put_text(jw, "opens_at", "%s", opens);
    put_text(jw, "closes_at", "%s", closes);
    rg_jw_end_object(jw);
}

static void
put_schedules(const struct world *w, struct rg_jw *jw, const struct planned *p)
{
    uint64_t chance = dice(w, "week", p->serial, 0);
    rg_jw_key(jw, "schedules");
    rg_jw_array(jw);
    if (str_is(w->needs[p->need].code, "accesso.urgenza")) {
        put_block(w, jw, p->serial, 0, "MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59");
    } else if (chance % 100 >= 7) { /* seven in a hundred do not say when they are open */
        /* A small town keeps short hours: it draws from the thin half of the table. */
        bool small = w->comuni[p->comune].population < 3000;
        static const uint8_t thin[] = {1, 2, 4, 5, 8};
        size_t at = small ? thin[chance / 128 % RG_COUNT(thin)]
                          : (size_t)(chance / 128 % RG_COUNT(weeks));
        const struct week *week = &weeks[at];
        put_block(w, jw, p->serial, 0, week->days, week->opens, week->closes);
        if (week->more_days)
            put_block(w, jw, p->serial, 1, week->more_days, week->more_opens, week->more_closes);
    }
    rg_jw_end_array(jw);
}

static void
put_area(const struct world *w, struct rg_jw *jw, const struct planned *p)
{
    const struct comune *c = &w->comuni[p->comune];
    const struct zone *z = zone_of((struct world *)w, c->zone);
    enum seat reach = kind_words[p->kind].seat;
    if (reach == SEAT_COMUNE && p->kind != K_COMUNE && dice(w, "reach", p->serial, 0) % 5 < 2)
        reach = SEAT_ZONE;
    rg_jw_key(jw, "service_areas");
    rg_jw_array(jw);
    rg_jw_object(jw);
    put_uuid(w, jw, "id", "service_area", p->serial, 0);
    if (reach == SEAT_COMUNE) {
        put_text(jw, "name", "%.*s", STR_ARG(c->name));
        put_text(jw, "extent", "%.*s", STR_ARG(c->istat));
        put_text(jw, "extent_type", "istat");
    } else if (reach == SEAT_ZONE) {
        put_text(jw, "name", "Zona %d %.*s", (int)z->number, STR_ARG(z->name));
        put_text(jw, "extent", "%d", (int)z->number);
        put_text(jw, "extent_type", "zona");
    } else {
        put_text(jw, "name", "Città metropolitana di Torino");
        put_text(jw, "extent", "001");
        put_text(jw, "extent_type", "istat");
    }
    rg_jw_end_object(jw);
    rg_jw_end_array(jw);
}

static void
put_languages(const struct world *w, struct rg_jw *jw, const struct planned *p)
{
    bool foreign = str_is(w->needs[p->need].area, "stranieri");
    rg_jw_key(jw, "languages");
    rg_jw_array(jw);
    rg_jw_object(jw);
    put_uuid(w, jw, "id", "language", p->serial, 0);
    put_text(jw, "name", "italiano");
    put_text(jw, "code", "it");
    rg_jw_end_object(jw);
    for (size_t i = 0; i < RG_COUNT(tongues); i++)
        if (dice(w, "tongue", p->serial, i) % 100 < (foreign ? 55u : 9u)) {
            rg_jw_object(jw);
            put_uuid(w, jw, "id", "language", p->serial, i + 1);
            put_text(jw, "name", "%s", tongues[i].name);
            put_text(jw, "code", "%s", tongues[i].code);
            rg_jw_end_object(jw);
        }
    rg_jw_end_array(jw);
}

static void
put_costs(const struct world *w, struct rg_jw *jw, const struct planned *p)
{
    uint64_t chance = dice(w, "cost", p->serial, 0);
    bool paid = (p->kind == K_COOP || p->kind == K_SCUOLA) ? chance % 2 == 0 : chance % 12 == 0;
    bool means = !paid && chance % 6 == 1;
    int64_t euro = paid ? 5 + (int64_t)(chance / 64 % 12) * 5 : 0;
    put_text(jw, "fees_description", "%s", paid ? "A pagamento; riduzioni secondo l'ISEE."
             : means ? "La quota dipende dall'ISEE." : "Gratuito.");
    if (means)
        return;
    rg_jw_key(jw, "cost_options");
    rg_jw_array(jw);
    rg_jw_object(jw);
    put_uuid(w, jw, "id", "cost_option", p->serial, 0);
    put_text(jw, "option", "%s", paid ? "tariffa" : "gratuito");
    put_text(jw, "currency", "EUR");
    rg_jw_key(jw, "amount");
    rg_jw_i64(jw, euro);
    rg_jw_end_object(jw);
    rg_jw_end_array(jw);
}

static void
put_documents(const struct world *w, struct rg_jw *jw, const struct planned *p)
{
    size_t n = (size_t)(dice(w, "documents", p->serial, 0) % 4);
    if (n == 0)
        return;
    rg_jw_key(jw, "required_documents");
    rg_jw_array(jw);
    for (size_t i = 0; i < n; i++) {
        rg_jw_object(jw);
        put_uuid(w, jw, "id", "required_document", p->serial, i);
        put_text(jw, "document", "%s", documents[i]);
        rg_jw_end_object(jw);
    }
    rg_jw_end_array(jw);
}

static void
put_dates(const struct world *w, struct rg_jw *jw, const struct planned *p)
{
    uint64_t chance = dice(w, "fresh", p->serial, 0);
    int64_t back = (int64_t)(chance % 4 == 0 ? chance / 8 % 700 : chance / 8 % 200);
    struct rg_buf day;
    rg_buf_init(&day, 64);
    rg_put_date(&day, FRESH_DAYS - back);
    put_text(jw, "assured_date", "%.*s", STR_ARG(rg_buf_view(&day)));
    put_text(jw, "assurer_email", "verifica@example.org");
    rg_buf_reset(&day);
    rg_put_instant(&day, (FRESH_DAYS - back) * 86400 + 9 * 3600);
    put_text(jw, "last_modified", "%.*s", STR_ARG(rg_buf_view(&day)));
    rg_buf_done(&day);
}

static void
put_service(const struct world *w, struct out *o, const struct planned *p)
{
    struct rg_jw *jw = &o->jw;
    const struct need *n = &w->needs[p->need];
    const struct comune *c = &w->comuni[p->comune];
    const struct kind_words *words = &kind_words[p->kind];
    uint64_t chance = dice(w, "status", p->serial, 0) % 200;
    line_begin(o, "service");
    put_uuid(w, jw, "id", "service", p->serial, 0);
    put_uuid(w, jw, "organization_id", "organization", body_key(p), 0);
    put_text(jw, "name", "%.*s a %.*s (" MARK ")", STR_ARG(n->label), STR_ARG(c->name));
    put_text(jw, "description", "%.*s %s Servizio inventato: " MARK ".",
             STR_ARG(n->description), words->how);
    put_text(jw, "email", "servizio-%u@example.org", p->serial + 1);
    put_text(jw, "status", "%s", chance == 0 ? "inactive"
             : chance < 4 ? "temporarily closed" : "active");
    put_text(jw, "application_process", "%s", words->apply);
    put_eligibility(jw, n, c, p->kind == K_COMUNE);
    put_ages(jw, n);
    put_dates(w, jw, p);
    put_schedules(w, jw, p);
    put_area(w, jw, p);
    put_languages(w, jw, p);
    put_costs(w, jw, p);
    put_documents(w, jw, p);
    put_marks(w, jw, "service", p->serial, 0, n);
    line_end(o);
    line_begin(o, "service_at_location");
    put_uuid(w, jw, "id", "service_at_location", p->serial, 0);
    put_uuid(w, jw, "service_id", "service", p->serial, 0);
    put_uuid(w, jw, "location_id", "location", body_key(p), place_key(p, confidential(n)));
    put_text(jw, "description", "Collegamento inventato: " MARK ".");
    put_marks(w, jw, "service_at_location", p->serial, 0, NULL);
    line_end(o);
}

static bool
same_place(const struct world *w, const struct planned *a, const struct planned *b, bool hidden)
{
    return body_key(a) == body_key(b) && a->comune == b->comune &&
           confidential(&w->needs[b->need]) == hidden;
}

/* Bodies, their places, then their services: no line points at one that has not come yet. */
static void
write_all(const struct world *w)
{
    struct out o;
    rg_buf_init(&o.buf, LINE_MAX_BYTES);
    for (size_t i = 0, end; i < w->n_plan; i = end) {
        put_organization(w, &o, &w->plan[i]);
        for (end = i; end < w->n_plan && body_key(&w->plan[end]) == body_key(&w->plan[i]); end++) {
            bool hidden = confidential(&w->needs[w->plan[end].need]), told = false;
            for (size_t j = end; j-- > i && w->plan[j].comune == w->plan[end].comune && !told;)
                told = same_place(w, &w->plan[end], &w->plan[j], hidden);
            if (!told)
                put_location(w, &o, &w->plan[end], hidden);
        }
        for (size_t j = i; j < end; j++)
            put_service(w, &o, &w->plan[j]);
    }
    rg_buf_done(&o.buf);
}

int
main(int argc, char **argv)
{
    static struct world w = {.seed = 2026};
    int64_t n = 3000, seed = 2026;
    int option;
    while ((option = getopt(argc, argv, "n:s:")) != -1) {
        bool ok = option == 'n' ? rg_parse_i64(str_of(optarg), 1, SERVICES_MAX, &n)
                : option == 's' ? rg_parse_i64(str_of(optarg), 0, INT64_MAX, &seed) : false;
        if (!ok)
            stop(2, "usage", "demogen [-n SERVICES] [-s SEED] COMUNI.csv ZONES.csv NEEDS.csv");
    }
    if (argc - optind != 3)
        stop(2, "usage", "demogen [-n SERVICES] [-s SEED] COMUNI.csv ZONES.csv NEEDS.csv");
    w.seed = (uint64_t)seed;
    read_zones(&w, argv[optind + 1]);
    read_comuni(&w, argv[optind]);
    read_needs(&w, argv[optind + 2]);
    make_plan(&w, (size_t)n);
    write_all(&w);
    if (fflush(stdout) != 0)
        stop(3, "standard output", strerror(errno));
    return 0;
}
