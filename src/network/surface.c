/* What the pages of the network share: addresses, rights, texts of documents, hours in words. */
#include "network/surface.h"

/* ---- addresses and rights ---- */

int64_t
surface_record_id(struct str piece)
{
    size_t n = 0;
    int64_t id;
    while (n < piece.n && piece.p[n] >= '0' && piece.p[n] <= '9')
        n++;
    if (n == 0 || (n < piece.n && piece.p[n] != '-') ||
        !rg_parse_i64(str_n(piece.p, n), 1, INT64_MAX, &id))
        return 0;
    return id;
}

/* The letter an accented Latin letter is written with in addresses; 0 for what is no letter. */
static char
plain_letter(int c)
{
    static const char latin1[] = "aaaaaaaceeeeiiiidnooooo-ouuuuypsaaaaaaaceeeeiiiidnooooo-ouuuuypy";
    if (c >= 'A' && c <= 'Z')
        return (char)(c | 0x20);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        return (char)c;
    if (c >= 0xC0 && c <= 0xFF && latin1[c - 0xC0] != '-')
        return latin1[c - 0xC0];
    return 0;
}

static void
put_slug(struct rg_buf *out, struct str name)
{
    char slug[SURFACE_SLUG_MAX + 1]; /* a hyphen and a letter may come at once */
    size_t n = 0;
    bool gap = false;
    while (name.n > 0 && n < SURFACE_SLUG_MAX) {
        bool ascii = (signed char)name.p[0] >= 0;
        char c = plain_letter(ascii ? name.p[0] : str_utf8_next(&name));
        if (ascii)
            name = str_n(name.p + 1, name.n - 1);
        if (!c) {
            gap = n > 0;
            continue;
        }
        if (gap)
            slug[n++] = '-';
        gap = false;
        slug[n++] = c;
    }
    rg_buf_add(out, slug, n);
}

struct str
surface_path(struct rg_ctx *ctx, const char *folder, int64_t id, struct str name)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 256);
    rg_buf_c(&out, '/');
    rg_buf_str(&out, str_of(folder));
    rg_buf_c(&out, '/');
    rg_buf_i64(&out, id);
    size_t plain = out.n;
    rg_buf_c(&out, '-');
    put_slug(&out, name);
    if (out.n == plain + 1)
        out.n = plain; /* a name without a letter we can write: the number alone */
    struct str path = out.failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(&out));
    return path.p ? path : STR("/");
}

bool
network_may_edit(const struct rg_actor *actor, int64_t organization_id)
{
    if (actor->roles & (RG_ROLE_ADMIN | RG_ROLE_PLANNER))
        return true;
    return actor->roles & RG_ROLE_EDITOR && actor->org_id > 0 &&
           actor->org_id == organization_id;
}

/* ---- texts ---- */

struct surface_texts
surface_paragraphs(struct rg_ctx *ctx, struct str text)
{
    struct str rest = text, line;
    size_t n = 0;
    if (text.n == 0)
        return (struct surface_texts){0};
    while (str_cut(&rest, '\n', &line))
        n += str_trim(line).n > 0;
    struct str *lines = RG_ARRAY(ctx->arena, struct str, n);
    if (!lines)
        return (struct surface_texts){0};
    n = 0;
    for (rest = text; str_cut(&rest, '\n', &line);) {
        line = str_trim(line);
        if (line.n)
            lines[n++] = line;
    }
    return (struct surface_texts){lines, n};
}

struct str
surface_get(struct rg_ctx *ctx, const struct rg_jv *object, const char *key)
{
    struct str text = rg_jv_get_str(ctx->arena, object, key);
    return text.n ? str_trim(text) : STR("");
}

static struct str
kept(struct rg_ctx *ctx, struct rg_buf *out)
{
    struct str text = out->failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(out));
    return text.p ? text : STR("");
}

static void
put_clock(struct rg_buf *out, enum rg_lang lang, int minute)
{
    int m = minute > 1440 ? minute - 1440 : minute;
    rg_buf_i64(out, m / 60);
    rg_buf_c(out, lang == RG_FR ? 'h' : ':');
    rg_buf_digits(out, (uint64_t)(m % 60), 2);
}

struct str
surface_clock(struct rg_ctx *ctx, int minute_of_day)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 32);
    put_clock(&out, ctx->lang, minute_of_day);
    return kept(ctx, &out);
}

struct str
surface_raw(const struct rg_jv *node)
{
    return node->kind == RG_JV_STRING ? str_n(node->text.p - 1, node->text.n + 2) : node->text;
}

/* The array of that name and its first element; NULL when there is none or it is empty. */
static const struct rg_jv *
array_of(const struct rg_jv *owner, const char *key, const struct rg_jv **ret_first)
{
    const struct rg_jv *array = rg_jv_get(owner, key);
    if (!array || array->kind != RG_JV_ARRAY || array->n == 0)
        return NULL;
    *ret_first = rg_jv_first(array);
    return array;
}

/* ---- phones and people ---- */

/* What a telephone dials: digits and a leading plus; letters end it ("ext. 4") or, when they are
 * part of the number itself, leave nothing that would surely be right.                        */
static struct str
dial_of(struct rg_ctx *ctx, struct str number)
{
    char *out = rg_arena_alloc(ctx->arena, number.n + 1);
    size_t n = 0;
    for (size_t i = 0; out && i < number.n; i++) {
        char c = number.p[i], lower = (char)(c | 0x20);
        if ((c >= '0' && c <= '9') || (c == '+' && n == 0))
            out[n++] = c;
        else if (lower >= 'a' && lower <= 'z') {
            struct str tail = str_n(number.p + i, number.n - i);
            bool extension = tail.n >= 3 && (str_eq_nocase(str_n(tail.p, 3), STR("ext")) ||
                                             str_eq_nocase(str_n(tail.p, 3), STR("int")));
            if (!extension)
                return STR_NONE;
            break;
        } else if (c == '/' || c == ',' || c == ';') {
            if (n >= 6)
                break; /* a second number follows */
        }
    }
    return out && n >= 2 ? str_n(out, n) : STR_NONE;
}

static struct surface_phone
phone_of(struct rg_ctx *ctx, const struct rg_jv *phone)
{
    struct surface_phone made = {.number = surface_get(ctx, phone, "number"),
                                 .note = surface_get(ctx, phone, "description")};
    struct str extension = surface_get(ctx, phone, "extension");
    made.dial = dial_of(ctx, made.number);
    if (extension.n) {
        struct str words =
            web_words(ctx, "network.card.extension", "number", &extension, NULL);
        const char *both = rg_arena_printf(ctx->arena, "%.*s%s%.*s", STR_ARG(words),
                                           made.note.n ? ", " : "", STR_ARG(made.note));
        made.note = both ? str_of(both) : words;
    }
    return made;
}

struct surface_phones
surface_phones_of(struct rg_ctx *ctx, const struct rg_jv *owner)
{
    const struct rg_jv *phone, *phones = array_of(owner, "phones", &phone);
    struct surface_phone *made = phones ? RG_ARRAY(ctx->arena, struct surface_phone, phones->n)
                                        : NULL;
    size_t n = 0;
    for (uint32_t i = 0; made && i < phones->n; i++, phone = rg_jv_next(phone)) {
        made[n] = phone_of(ctx, phone);
        n += made[n].number.n > 0;
    }
    return (struct surface_phones){made, n};
}

struct surface_people
surface_people_of(struct rg_ctx *ctx, const struct rg_jv *owner)
{
    const struct rg_jv *contact, *contacts = array_of(owner, "contacts", &contact);
    struct surface_person *made =
        contacts ? RG_ARRAY(ctx->arena, struct surface_person, contacts->n) : NULL;
    size_t n = 0;
    for (uint32_t i = 0; made && i < contacts->n; i++, contact = rg_jv_next(contact)) {
        struct surface_person p = {.name = surface_get(ctx, contact, "name"),
                                   .role = surface_get(ctx, contact, "title"),
                                   .email = surface_get(ctx, contact, "email"),
                                   .phones = surface_phones_of(ctx, contact)};
        if (!p.role.n)
            p.role = surface_get(ctx, contact, "department");
        if (p.name.n || p.role.n || p.email.n || p.phones.n)
            made[n++] = p;
    }
    return (struct surface_people){made, n};
}

/* ---- places ---- */

struct surface_address
surface_address_of(struct rg_ctx *ctx, const struct rg_jv *location)
{
    const struct rg_jv *address, *addresses = array_of(location, "addresses", &address);
    const struct rg_jv *best = addresses ? address : NULL;
    for (uint32_t i = 0; addresses && i < addresses->n; i++, address = rg_jv_next(address))
        if (str_is(surface_get(ctx, address, "address_type"), "physical")) {
            best = address;
            break;
        }
    if (!best)
        return (struct surface_address){0};
    static const char *const parts[] = {"attention", "address_1", "address_2"};
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 4096);
    for (size_t i = 0; i < RG_COUNT(parts); i++) {
        struct str part = surface_get(ctx, best, parts[i]);
        if (part.n && out.n)
            rg_buf_lit(&out, ", ");
        rg_buf_str(&out, part);
    }
    struct str code = surface_get(ctx, best, "postal_code"), city = surface_get(ctx, best, "city");
    struct str province = surface_get(ctx, best, "state_province");
    if (out.n && (code.n || city.n))
        rg_buf_lit(&out, ", ");
    rg_buf_str(&out, code);
    if (code.n && city.n)
        rg_buf_c(&out, ' ');
    rg_buf_str(&out, city);
    if (province.n && city.n && province.n <= 3)
        rg_buf_printf(&out, " (%.*s)", STR_ARG(province));
    return (struct surface_address){kept(ctx, &out), city};
}

struct surface_texts
surface_access_of(struct rg_ctx *ctx, const struct rg_jv *location)
{
    const struct rg_jv *item, *items = array_of(location, "accessibility", &item);
    struct str *made = items ? RG_ARRAY(ctx->arena, struct str, 2 * (size_t)items->n) : NULL;
    size_t n = 0;
    for (uint32_t i = 0; made && i < items->n; i++, item = rg_jv_next(item)) {
        made[n] = surface_get(ctx, item, "description");
        n += made[n].n > 0;
        made[n] = surface_get(ctx, item, "details");
        n += made[n].n > 0;
    }
    return (struct surface_texts){made, n};
}

struct surface_links
surface_languages_of(struct rg_ctx *ctx, const struct rg_jv *owner)
{
    const struct rg_jv *item, *items = array_of(owner, "languages", &item);
    struct surface_link *made = items ? RG_ARRAY(ctx->arena, struct surface_link, items->n) : NULL;
    size_t n = 0;
    for (uint32_t i = 0; made && i < items->n; i++, item = rg_jv_next(item)) {
        struct surface_link link = {.label = surface_get(ctx, item, "name"),
                                    .note = surface_get(ctx, item, "note")};
        struct str code = surface_get(ctx, item, "code");
        const char *key = rg_arena_printf(ctx->arena, "network.card.lang.%.*s", STR_ARG(code));
        struct str named = code.n == 2 && key ? wording_text(ctx->lang, key) : STR_NONE;
        if (named.n && !str_starts(named, STR("network.")))
            link.label = named; /* in the reader's own language */
        if (!link.label.n)
            link.label = code;
        if (link.label.n)
            made[n++] = link;
    }
    return (struct surface_links){made, n};
}

void
surface_area(struct rg_ctx *ctx, const struct network_web *web, struct str code,
             struct str *ret_name, struct str *ret_path)
{
    const struct territory_model *model =
        web->territory ? territory_live_get(web->territory) : NULL;
    if (!model || !code.n)
        return;
    uint32_t at = territory_model_by_code(model, STR("comune"), code);
    if (at == TERRITORY_NOWHERE)
        return;
    const char *path = rg_arena_printf(ctx->arena, SURFACE_AREA_PATH "%.*s", STR_ARG(code));
    *ret_name = model->areas[at].name;
    *ret_path = str_of(path);
}

const struct web_download *
surface_downloads(struct rg_ctx *ctx, struct str path, struct str query, unsigned forms,
                  size_t *ret_n)
{
    static const struct {
        enum web_form form;
        const char *name, *ending;
    } all[] = {{WEB_CSV, "CSV", "csv"},
               {WEB_JSON, "JSON", "json"},
               {WEB_GEOJSON, "GeoJSON", "geojson"},
               {WEB_ATOM, "Atom", "atom"}};
    struct web_download *made = RG_ARRAY(ctx->arena, struct web_download, RG_COUNT(all));
    *ret_n = 0;
    for (size_t i = 0; made && i < RG_COUNT(all); i++) {
        if (!(forms & WEB_BIT(all[i].form)))
            continue;
        const char *to = rg_arena_printf(ctx->arena, "%.*s.%s%s%.*s", STR_ARG(path),
                                         all[i].ending, query.n ? "?" : "", STR_ARG(query));
        made[(*ret_n)++] = (struct web_download){all[i].name, str_of(to ? to : "/")};
    }
    return made;
}

/* ---- hours ---- */

static const char *const day_keys[7] = {"network.card.day.0", "network.card.day.1",
                                        "network.card.day.2", "network.card.day.3",
                                        "network.card.day.4", "network.card.day.5",
                                        "network.card.day.6"};

static void
words_open(struct rg_ctx *ctx, int64_t closes_s, struct surface_hours *h)
{
    h->badge = "ok";
    if (closes_s == HOURS_FOREVER) {
        h->words = wording_text(ctx->lang, "network.card.open_always");
        return;
    }
    struct rg_civil wall = rg_civil_rome(closes_s);
    struct str time = surface_clock(ctx, wall.hour * 60 + wall.minute);
    h->words = web_words(ctx, "network.card.open_until", "time", &time, NULL);
}

static void
words_closed(struct rg_ctx *ctx, const struct hours_rule *rules, size_t n,
             struct surface_hours *h)
{
    int64_t opens_s;
    h->badge = "warn";
    if (!hours_next_opening(rules, n, ctx->now_s, &opens_s)) {
        h->words = wording_text(ctx->lang, "network.card.closed");
        return;
    }
    struct rg_civil then = rg_civil_rome(opens_s), now = rg_civil_rome(ctx->now_s);
    int64_t day = rg_days_of(then.year, then.month, then.day);
    int64_t ahead = day - rg_days_of(now.year, now.month, now.day);
    struct str time = surface_clock(ctx, then.hour * 60 + then.minute);
    if (ahead <= 1) {
        h->words = web_words(ctx, ahead == 0 ? "network.card.opens_today"
                                             : "network.card.opens_tomorrow",
                             "time", &time, NULL);
        return;
    }
    struct str when = ahead < 7 ? wording_text(ctx->lang, day_keys[then.weekday])
                                : web_date(ctx, day);
    h->words = web_words(ctx, ahead < 7 ? "network.card.opens_day" : "network.card.opens_date",
                         "day", &when, "time", &time, NULL);
}

static void
fill_week(struct rg_ctx *ctx, const struct hours_rule *rules, size_t n, struct surface_hours *h)
{
    struct hours_interval week[HOURS_INTERVALS_MAX];
    struct rg_civil now = rg_civil_rome(ctx->now_s);
    int64_t monday = rg_days_of(now.year, now.month, now.day) - now.weekday;
    size_t n_week = hours_week(rules, n, monday, week, RG_COUNT(week));
    if (n_week > RG_COUNT(week))
        n_week = RG_COUNT(week);
    size_t at = 0;
    for (int d = 0; d < 7; d++) {
        RG_CLEANUP(rg_buf_done) struct rg_buf out;
        rg_buf_init(&out, 1024);
        h->days[d].day_key = day_keys[d];
        for (; at < n_week && week[at].weekday == d; at++) {
            if (out.n)
                rg_buf_lit(&out, ", ");
            if (week[at].closes_min - week[at].opens_min >= 1440) {
                rg_buf_str(&out, wording_text(ctx->lang, "network.card.all_day"));
                continue;
            }
            put_clock(&out, ctx->lang, week[at].opens_min);
            rg_buf_lit(&out, "–");
            put_clock(&out, ctx->lang, week[at].closes_min);
        }
        if (out.n)
            h->days[d].hours = kept(ctx, &out);
    }
    h->has_week = n_week > 0;
}

void
surface_hours_fill(struct rg_ctx *ctx, const struct hours_rule *rules, size_t n, const char *id,
                   struct surface_hours *ret_hours)
{
    struct surface_hours h = {.id = id, .symbol = "it-clock"};
    int64_t closes_s = 0;
    enum hours_state state = hours_open_at(rules, n, ctx->now_s, &closes_s);
    h.known = state != HOURS_UNKNOWN;
    if (state == HOURS_OPEN) {
        words_open(ctx, closes_s, &h);
    } else if (state == HOURS_CLOSED) {
        words_closed(ctx, rules, n, &h);
    } else {
        h.badge = "plain";
        h.words = wording_text(ctx->lang, "network.card.hours_unknown");
    }
    if (h.known)
        fill_week(ctx, rules, n, &h);
    *ret_hours = h;
}

struct surface_texts
surface_hours_notes(struct rg_ctx *ctx, const struct rg_jv *owner)
{
    const struct rg_jv *item, *items = array_of(owner, "schedules", &item);
    struct str *made = items ? RG_ARRAY(ctx->arena, struct str, 2 * (size_t)items->n) : NULL;
    size_t n = 0;
    for (uint32_t i = 0; made && i < items->n; i++, item = rg_jv_next(item)) {
        const struct str texts[] = {surface_get(ctx, item, "description"),
                                    surface_get(ctx, item, "notes")};
        for (size_t t = 0; t < RG_COUNT(texts); t++) {
            bool again = texts[t].n == 0;
            for (size_t k = 0; k < n && !again; k++)
                again = str_eq(made[k], texts[t]);
            if (!again)
                made[n++] = texts[t];
        }
    }
    return (struct surface_texts){made, n};
}
