/* The service card, in the order Italian public sites give it: for whom, what, how, what is needed,
 * when, what it costs, where, conditions, contacts.                                           */
#include "network/surface.h"
#include "network_sql.h"
#include "network_tmpl.h"
#include "web_tmpl.h"

/* A site nobody need explain having open. */
static const char quick_exit[] = "https://it.wikipedia.org/";

/* Where somebody may be watched while reading. */
static const char *const guarded_codes[] = {"tutela.violenza", "famiglia.tutela", "tutela.tratta"};

static bool
code_is_guarded(struct str code)
{
    for (size_t i = 0; i < RG_COUNT(guarded_codes); i++) {
        struct str guarded = str_of(guarded_codes[i]);
        if (str_starts(code, guarded) && (code.n == guarded.n || code.p[guarded.n] == '.'))
            return true;
    }
    return false;
}

static enum rg_err
fill_needs(struct rg_ctx *ctx, const struct network_web *web, int64_t id,
           struct surface_card *card, bool *ret_guarded)
{
    struct network_sql_service_terms_row *terms;
    size_t n;
    enum rg_err err = network_sql_service_terms(ctx, id, &terms, &n);
    if (err != RG_OK)
        return err;
    struct surface_link *needs = RG_ARRAY(ctx->arena, struct surface_link, n);
    if (!needs)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        needs[i].label = terms[i].name;
        *ret_guarded |= code_is_guarded(terms[i].code);
        if (!terms[i].code.n || !web->needs)
            continue;
        struct str label = STR_NONE;
        err = web->needs(web->needs_arg, ctx, terms[i].code, &label);
        if (err != RG_OK)
            return err;
        if (label.n) {
            const char *path = rg_arena_printf(ctx->arena, SURFACE_NEED_PATH "%.*s",
                                               STR_ARG(terms[i].code));
            needs[i].label = label;
            needs[i].path = str_of(path ? path : "/");
        }
    }
    card->needs = (struct surface_links){needs, n};
    return RG_OK;
}

/* ---- sections ---- */

static void
fill_status(struct rg_ctx *ctx, const struct network_service *service, const struct rg_jv *doc,
            struct surface_card *card)
{
    static const struct {
        const char *status, *key, *badge, *symbol;
    } all[] = {
        {"active", "network.card.status.active", "ok", "it-check-circle"},
        {"inactive", "network.card.status.inactive", "bad", "it-ban"},
        {"defunct", "network.card.status.defunct", "bad", "it-ban"},
        {"temporarily closed", "network.card.status.closed", "warn", "it-warning-circle"},
    };
    size_t at = 1; /* a status we do not know is not promised to be active */
    for (size_t i = 0; i < RG_COUNT(all); i++)
        if (str_eq(service->status, str_of(all[i].status)))
            at = i;
    card->active = at == 0;
    card->status_key = all[at].key;
    card->status_badge = all[at].badge;
    card->status_symbol = all[at].symbol;
    card->reason = surface_get(ctx, doc, "alert");
}

/* The first sentence of a long text, for the lead under the title. */
static struct str
first_sentence(struct str text)
{
    for (size_t i = 0; i + 1 < text.n && i < SURFACE_LEAD_MAX; i++)
        if ((text.p[i] == '.' || text.p[i] == '!' || text.p[i] == '?') && text.p[i + 1] == ' ' &&
            i > 40)
            return str_n(text.p, i + 1);
    return str_n(text.p, str_utf8_prefix(text, SURFACE_LEAD_MAX));
}

static void
fill_description(struct rg_ctx *ctx, const struct rg_jv *doc, struct surface_card *card)
{
    struct surface_texts lines =
        surface_paragraphs(ctx, surface_get(ctx, doc, "description"));
    if (lines.n == 0)
        return;
    if (lines.n == 1 && lines.p[0].n <= SURFACE_LEAD_MAX) {
        card->lead = lines.p[0];
    } else {
        card->lead = first_sentence(lines.p[0]);
        card->description = lines;
    }
    card->summary = first_sentence(lines.p[0]);
}

static void
fill_age(struct rg_ctx *ctx, const struct rg_jv *doc, struct surface_card *card)
{
    struct str from = surface_get(ctx, doc, "minimum_age");
    struct str to = surface_get(ctx, doc, "maximum_age");
    if (from.n && to.n)
        card->age = web_words(ctx, "network.card.age_between", "from", &from, "to", &to, NULL);
    else if (from.n)
        card->age = web_words(ctx, "network.card.age_from", "from", &from, NULL);
    else if (to.n)
        card->age = web_words(ctx, "network.card.age_to", "to", &to, NULL);
}

static const struct rg_jv *
list_of(const struct rg_jv *doc, const char *key, const struct rg_jv **ret_first, uint32_t *ret_n)
{
    const struct rg_jv *list = rg_jv_get(doc, key);
    bool some = list && list->kind == RG_JV_ARRAY && list->n > 0;
    *ret_n = some ? list->n : 0;
    *ret_first = some ? rg_jv_first(list) : NULL;
    return some ? list : NULL;
}

static void
fill_documents(struct rg_ctx *ctx, const struct rg_jv *doc, struct surface_card *card)
{
    const struct rg_jv *item;
    uint32_t n;
    if (!list_of(doc, "required_documents", &item, &n))
        return;
    struct surface_link *links = RG_ARRAY(ctx->arena, struct surface_link, n);
    size_t made = 0;
    for (uint32_t i = 0; links && i < n; i++, item = rg_jv_next(item)) {
        links[made].label = surface_get(ctx, item, "document");
        links[made].path = surface_get(ctx, item, "uri");
        if (!links[made].label.n)
            links[made].label = links[made].path;
        made += links[made].label.n > 0;
    }
    card->documents = (struct surface_links){links, made};
}

static struct surface_link
cost_of(struct rg_ctx *ctx, const struct rg_jv *item)
{
    struct surface_link link = {.label = surface_get(ctx, item, "option"),
                                .note = surface_get(ctx, item, "amount_description")};
    struct str amount = surface_get(ctx, item, "amount");
    struct str currency = surface_get(ctx, item, "currency");
    if (amount.n) {
        bool euro = !currency.n || str_eq_nocase(currency, STR("EUR"));
        const char *price = rg_arena_printf(ctx->arena, "%.*s%s%.*s %.*s", STR_ARG(link.label),
                                            link.label.n ? ": " : "", STR_ARG(amount),
                                            STR_ARG(euro ? STR("€") : currency));
        link.label = str_of(price ? price : "");
    }
    if (!link.label.n) {
        link.label = link.note;
        link.note = STR("");
    }
    return link;
}

static void
fill_costs(struct rg_ctx *ctx, const struct rg_jv *doc, struct surface_card *card)
{
    const struct rg_jv *item;
    uint32_t n;
    struct str fees = surface_get(ctx, doc, "fees_description");
    card->fees = surface_paragraphs(ctx, fees.n ? fees : surface_get(ctx, doc, "fees"));
    if (!list_of(doc, "cost_options", &item, &n))
        return;
    struct surface_link *links = RG_ARRAY(ctx->arena, struct surface_link, n);
    size_t made = 0;
    for (uint32_t i = 0; links && i < n; i++, item = rg_jv_next(item)) {
        links[made] = cost_of(ctx, item);
        made += links[made].label.n > 0;
    }
    card->costs = (struct surface_links){links, made};
}

static void
fill_areas(struct rg_ctx *ctx, const struct rg_jv *doc, struct surface_card *card)
{
    const struct rg_jv *item;
    uint32_t n;
    if (!list_of(doc, "service_areas", &item, &n))
        return;
    struct str *names = RG_ARRAY(ctx->arena, struct str, n);
    size_t made = 0;
    for (uint32_t i = 0; names && i < n; i++, item = rg_jv_next(item)) {
        names[made] = surface_get(ctx, item, "name");
        if (!names[made].n)
            names[made] = surface_get(ctx, item, "description");
        made += names[made].n > 0;
    }
    card->areas = (struct surface_texts){names, made};
}

static void
fill_sites(struct rg_ctx *ctx, const struct rg_jv *doc, struct surface_card *card)
{
    const struct rg_jv *item;
    uint32_t n;
    if (!list_of(doc, "additional_urls", &item, &n))
        return;
    struct surface_link *links = RG_ARRAY(ctx->arena, struct surface_link, n);
    size_t made = 0;
    for (uint32_t i = 0; links && i < n; i++, item = rg_jv_next(item)) {
        links[made].path = surface_get(ctx, item, "url");
        links[made].label = surface_get(ctx, item, "label");
        if (!links[made].label.n)
            links[made].label = links[made].path;
        made += links[made].path.n > 0;
    }
    card->sites = (struct surface_links){links, made};
}

static void
fill_conditions(struct rg_ctx *ctx, const struct rg_jv *doc, struct surface_card *card)
{
    struct str *lines = RG_ARRAY(ctx->arena, struct str, 2);
    size_t n = 0;
    static const char *const keys[] = {"accreditations", "licenses"};
    for (size_t i = 0; lines && i < RG_COUNT(keys); i++) {
        lines[n] = surface_get(ctx, doc, keys[i]);
        n += lines[n].n > 0;
    }
    card->conditions = (struct surface_texts){lines, n};
}

/* ---- places and hours ---- */

struct rules { /* of the whole service, for the badge under the title */
    struct hours_rule p[HOURS_RULES_MAX];
    size_t n;
};

static size_t
rules_add(struct rg_ctx *ctx, struct rules *rules, const struct rg_jv *owner)
{
    size_t n = network_hours_of(ctx, owner, &rules->p[rules->n], HOURS_RULES_MAX - rules->n);
    rules->n += n;
    return n;
}

static void
fill_place(struct rg_ctx *ctx, const struct network_web *web, const struct network_place *place,
           size_t number, struct rules *all, struct surface_place *made)
{
    const struct rg_jv *at, *location;
    made->confidential = place->confidential;
    if (place->confidential || !rg_jv_parse(ctx->arena, place->doc, &at) ||
        !rg_jv_parse(ctx->arena, place->location_doc, &location))
        return;
    struct surface_address address = surface_address_of(ctx, location);
    made->name = place->name;
    made->path = surface_path(ctx, "luoghi", place->location_id, place->name);
    made->address = address.line;
    made->description = surface_get(ctx, at, "description");
    made->transportation = surface_get(ctx, location, "transportation");
    made->access = surface_access_of(ctx, location);
    made->phones = surface_phones_of(ctx, at);
    if (made->phones.n == 0)
        made->phones = surface_phones_of(ctx, location);
    surface_area(ctx, web, place->area_code, &made->area, &made->area_path);
    if (!made->name.n)
        made->name = address.line.n ? address.line : made->area;
    size_t first = all->n;
    const struct rg_jv *from = at;
    if (rules_add(ctx, all, at) == 0) {
        from = location;
        rules_add(ctx, all, location);
    }
    const char *id = rg_arena_printf(ctx->arena, "orario-%zu", number);
    struct surface_hours *hours = RG_NEW(ctx->arena, struct surface_hours);
    if (all->n == first || !hours || !id)
        return;
    surface_hours_fill(ctx, &all->p[first], all->n - first, id, hours);
    hours->notes = surface_hours_notes(ctx, from);
    made->hours = hours;
}

static enum rg_err
fill_places(struct rg_ctx *ctx, const struct network_web *web,
            const struct network_service *service, const struct rg_jv *doc,
            struct surface_card *card)
{
    struct rules rules;
    rules.n = 0;
    struct surface_hours *own = RG_NEW(ctx->arena, struct surface_hours);
    struct surface_place *places = RG_ARRAY(ctx->arena, struct surface_place, service->n_places);
    if (!own || !places)
        return RG_NO_MEMORY(ctx);
    size_t n_own = rules_add(ctx, &rules, doc);
    for (size_t i = 0; i < service->n_places; i++)
        fill_place(ctx, web, &service->places[i], i + 1, &rules, &places[i]);
    /* Where the service states its own hours they decide; else any of its places being open. */
    surface_hours_fill(ctx, rules.p, n_own > 0 ? n_own : rules.n, "orario", own);
    own->notes = surface_hours_notes(ctx, doc);
    card->hours = own;
    if (n_own > 0 || own->notes.n > 0)
        card->own_hours = own;
    card->places = places;
    card->n_places = service->n_places;
    return RG_OK;
}

static void
fill_contacts(struct rg_ctx *ctx, const struct network_service *service, const struct rg_jv *doc,
              struct surface_card *card)
{
    const struct rg_jv *organization;
    struct surface_people people = surface_people_of(ctx, doc);
    card->people = people.p;
    card->n_people = people.n;
    card->phones = surface_phones_of(ctx, doc);
    card->email = surface_get(ctx, doc, "email");
    card->url = surface_get(ctx, doc, "url");
    card->has_contacts = card->phones.n > 0 || card->n_people > 0 || card->email.n > 0 ||
                         service->organization_id != 0;
    if (!service->organization_id ||
        !rg_jv_parse(ctx->arena, service->organization_doc, &organization))
        return;
    card->organization = service->organization;
    card->organization_path =
        surface_path(ctx, "enti", service->organization_id, service->organization);
    card->organization_phones = surface_phones_of(ctx, organization);
    card->organization_email = surface_get(ctx, organization, "email");
    card->organization_url = surface_get(ctx, organization, "website");
}

static struct str
path_below(struct rg_ctx *ctx, int64_t id, const char *what)
{
    const char *path = rg_arena_printf(ctx->arena, "/servizi/%lld/%s", (long long)id, what);
    return str_of(path ? path : "/");
}

static enum rg_err
card_fill(struct rg_ctx *ctx, struct web_request *req, const struct network_service *service,
          struct surface_card *card, bool *ret_guarded)
{
    const struct network_web *web = req->data;
    const struct rg_jv *doc;
    if (!rg_jv_parse(ctx->arena, service->doc, &doc))
        return RG_FAIL(ctx, RG_BROKEN, "network.bad_doc");
    card->id = service->id;
    card->name = service->name;
    card->alternate_name = surface_get(ctx, doc, "alternate_name");
    card->path = surface_path(ctx, "servizi", service->id, service->name);
    card->whole = web_whole(ctx, req, card->path);
    card->synthetic = service->synthetic;
    card->source = service->source;
    card->updated_days = service->updated_s / 86400;
    card->fresh = (struct web_freshness){
        .level = WEB_FRESH_NEVER, .day = service->verified_s / 86400, .by = service->verified_by};
    if (service->verified_s)
        card->fresh.level = web_fresh_level(card->fresh.day, ctx->now_s / 86400);
    card->fresh_ref = &card->fresh;
    fill_status(ctx, service, doc, card);
    fill_description(ctx, doc, card);
    card->who = surface_paragraphs(ctx, surface_get(ctx, doc, "eligibility_description"));
    fill_age(ctx, doc, card);
    fill_areas(ctx, doc, card);
    card->how = surface_paragraphs(ctx, surface_get(ctx, doc, "application_process"));
    fill_documents(ctx, doc, card);
    card->wait = surface_paragraphs(ctx, surface_get(ctx, doc, "wait_time"));
    fill_costs(ctx, doc, card);
    fill_sites(ctx, doc, card);
    fill_conditions(ctx, doc, card);
    card->languages = surface_languages_of(ctx, doc);
    card->interpretation = surface_get(ctx, doc, "interpretation_services");
    fill_contacts(ctx, service, doc, card);
    card->downloads =
        surface_downloads(ctx, card->path, STR(""), WEB_BIT(WEB_JSON), &card->n_downloads);
    card->may_edit = network_may_edit(&ctx->actor, service->organization_id);
    card->edit_path = path_below(ctx, service->id, "modifica");
    card->history_path = path_below(ctx, service->id, "storia");
    card->verify_path = path_below(ctx, service->id, "verifica");
    enum rg_err err = fill_places(ctx, web, service, doc, card);
    return err == RG_OK ? fill_needs(ctx, web, service->id, card, ret_guarded) : err;
}

static enum rg_err
card_json(struct rg_ctx *ctx, struct web_answer *ans, const struct network_service *service)
{
    struct rg_jw jw;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    if (service->synthetic)
        web_header(ans, "X-Regia-Synthetic", "true");
    return surface_put_service(ctx, &jw, service, SURFACE_NESTED);
}

static const char *const done_keys[] = {"network.edit.done.saved", "network.edit.done.verified",
                                        "network.edit.done.undone"};

enum rg_err
card_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    service_id id = {surface_record_id(web_text(req, IN_ID))};
    struct network_service service;
    if (!id.v)
        return RG_FAIL(ctx, RG_ABSENT, "network.card.absent");
    enum rg_err err = network_service_get(ctx, id, &service);
    if (err != RG_OK)
        return err;
    if (req->form == WEB_JSON)
        return card_json(ctx, ans, &service);
    struct surface_card card = {0};
    bool guarded = false;
    err = card_fill(ctx, req, &service, &card, &guarded);
    if (err != RG_OK)
        return err;
    struct web_frame frame = {.title = card.name,
                              .description = card.summary,
                              .canonical = card.whole,
                              .search = true,
                              .synthetic = card.synthetic,
                              .quick_exit = guarded ? quick_exit : NULL};
    if (web_given(req, IN_DONE) && ctx->actor.account_id)
        frame.flash = wording_text(ctx->lang, done_keys[web_int(req, IN_DONE)]);
    const struct web_crumb crumbs[] = {
        {STR("/servizi"), wording_text(ctx->lang, "network.card.services")},
        {STR_NONE, card.name}};
    web_crumbs(ctx, &frame, 2, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_network_card(h, &card);
    return web_page_close(ctx, req, ans);
}
