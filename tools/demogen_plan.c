/* The planning half of demogen: the pack's facts read, the seed's dice, and what service stands
 * where and whose it is. Writing is demogen.c.                                                  */
#include "demogen.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

uint64_t
mix(uint64_t a, uint64_t b)
{
    uint64_t z = a * 0x9E3779B97F4A7C15u + b + 0x632BE59BD9B4E019u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

uint64_t
dice(const struct world *w, const char *what, uint64_t a, uint64_t b)
{
    return mix(mix(mix(w->seed, str_hash(str_of(what))), a), b);
}

uint64_t
square_root(uint64_t n)
{
    uint64_t low = 0, high = 1u << 31;
    while (high - low > 1) {
        uint64_t mid = low + (high - low) / 2;
        if (mid * mid <= n)
            low = mid;
        else
            high = mid;
    }
    return low;
}

_Noreturn void
stop(int status, const char *path, const char *what)
{
    fprintf(stderr, "demogen: %s: %s\n", path, what);
    exit(status);
}

static struct str
slurp(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        stop(3, path, "cannot be opened; give the CSV files of packs/torino");
    struct rg_buf buf;
    rg_buf_init(&buf, FILE_MAX);
    for (;;) {
        char *room = rg_buf_room(&buf, 1 << 16);
        if (!room)
            stop(3, path, "larger than 64 MB");
        size_t n = fread(room, 1, 1 << 16, f);
        if (n == 0)
            break;
        buf.n += n;
    }
    fclose(f);
    size_t n;
    char *p = rg_buf_take(&buf, &n);
    if (!p)
        stop(1, path, "is empty");
    return str_n(p, n);
}

static struct str
keep(struct str s)
{
    char *p = malloc(s.n + 1);
    if (!p)
        stop(3, "memory", "there is none left");
    memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return str_n(p, s.n);
}

static size_t
column(const struct rg_csv *csv, const char *path, const char *name)
{
    ptrdiff_t at = rg_csv_column(csv, str_of(name));
    if (at < 0) {
        fprintf(stderr, "demogen: %s: line 1: the column \"%s\" is missing\n", path, name);
        exit(1);
    }
    return (size_t)at;
}

static struct str
field(const struct rg_csv *csv, size_t at)
{
    return at < csv->n_fields ? str_trim(csv->fields[at]) : STR("");
}

struct zone *
zone_of(struct world *w, int64_t number)
{
    for (size_t i = 0; i < w->n_zones; i++)
        if (w->zones[i].number == number)
            return &w->zones[i];
    return NULL;
}

void
read_zones(struct world *w, const char *path)
{
    struct rg_csv csv;
    struct str text = slurp(path);
    rg_csv_init(&csv, text);
    if (!rg_csv_next(&csv))
        stop(1, path, "is empty");
    const char *key = rg_csv_column(&csv, STR("code")) >= 0 ? "code" : "zone";
    size_t number = column(&csv, path, key), name = column(&csv, path, "name");
    while (rg_csv_next(&csv) && w->n_zones < ZONES_MAX) {
        struct zone *z = &w->zones[w->n_zones];
        if (!rg_parse_i64(field(&csv, number), 1, 9999, &z->number))
            stop(1, path, "a zone number is not a number");
        z->name = keep(field(&csv, name));
        z->hub = SIZE_MAX;
        w->n_zones++;
    }
    rg_csv_done(&csv);
    free((void *)text.p);
}

static int
by_population(const void *a, const void *b, void *arg)
{
    const struct comune *comuni = arg;
    const struct comune *x = &comuni[*(const size_t *)a], *y = &comuni[*(const size_t *)b];
    return x->population != y->population ? (x->population < y->population ? 1 : -1)
                                          : str_cmp(x->istat, y->istat);
}

void
read_comuni(struct world *w, const char *path)
{
    struct rg_csv csv;
    struct str text = slurp(path);
    rg_csv_init(&csv, text);
    if (!rg_csv_next(&csv))
        stop(1, path, "is empty");
    size_t istat = column(&csv, path, "istat_code"), name = column(&csv, path, "name"),
           zone = column(&csv, path, "zone"), lat = column(&csv, path, "seat_lat"),
           lon = column(&csv, path, "seat_lon"), class = column(&csv, path, "altitude_class"),
           population = column(&csv, path, "population");
    w->comuni = calloc(COMUNI_MAX, sizeof(*w->comuni));
    if (!w->comuni)
        stop(3, "memory", "there is none left");
    uint64_t weight = 0;
    while (rg_csv_next(&csv) && w->n_comuni < COMUNI_MAX) {
        struct comune *c = &w->comuni[w->n_comuni];
        if (!rg_parse_i64(field(&csv, zone), 1, 9999, &c->zone) || !zone_of(w, c->zone) ||
            !rg_parse_i64(field(&csv, population), 0, 100000000, &c->population) ||
            !rg_parse_e7(field(&csv, lat), &c->lat_e7) ||
            !rg_parse_e7(field(&csv, lon), &c->lon_e7)) {
            fprintf(stderr, "demogen: %s: line %llu: zone, population or seat coordinates are "
                    "not numbers\n", path, (unsigned long long)csv.line);
            exit(1);
        }
        c->istat = keep(field(&csv, istat));
        c->name = keep(field(&csv, name));
        weight += (uint64_t)c->population / 4 + 20 * square_root((uint64_t)c->population) + 1;
        c->weight_end = weight;
        struct zone *z = zone_of(w, c->zone);
        z->n_comuni++;
        z->n_mountain += str_is(field(&csv, class), "montagna");
        if (z->hub == SIZE_MAX || w->comuni[z->hub].population < c->population)
            z->hub = w->n_comuni;
        w->n_comuni++;
    }
    rg_csv_done(&csv);
    free((void *)text.p);
    if (w->n_comuni == 0)
        stop(1, path, "has no rows");
    static size_t order[COMUNI_MAX];
    for (size_t i = 0; i < w->n_comuni; i++)
        order[i] = i;
    qsort_r(order, w->n_comuni, sizeof(*order), by_population, w->comuni);
    for (size_t i = 0; i < w->n_comuni; i++)
        w->comuni[order[i]].rank = i;
}

static enum kind
kind_of(struct str provider)
{
    for (size_t i = 0; i < RG_COUNT(provider_kinds); i++)
        if (str_starts(provider, str_of(provider_kinds[i].begins)))
            return provider_kinds[i].kind;
    return K_METRO;
}

void
read_needs(struct world *w, const char *path)
{
    struct rg_csv csv;
    struct str text = slurp(path);
    rg_csv_init(&csv, text);
    if (!rg_csv_next(&csv))
        stop(1, path, "is empty");
    size_t code = column(&csv, path, "code"), level = column(&csv, path, "level"),
           parent = column(&csv, path, "parent"), label = column(&csv, path, "label_it"),
           description = column(&csv, path, "description_it"),
           targets = column(&csv, path, "targets"), providers = column(&csv, path, "providers");
    w->needs = calloc(NEEDS_MAX, sizeof(*w->needs));
    if (!w->needs)
        stop(3, "memory", "there is none left");
    uint64_t weight = 0;
    while (rg_csv_next(&csv) && w->n_needs < NEEDS_MAX) {
        if (!str_is(field(&csv, level), "2"))
            continue;
        struct need *n = &w->needs[w->n_needs++];
        *n = (struct need){.code = keep(field(&csv, code)), .area = keep(field(&csv, parent)),
            .label = keep(field(&csv, label)), .targets = keep(field(&csv, targets)),
            .description = keep(field(&csv, description))};
        struct str rest = field(&csv, providers), one;
        while (n->n_kinds < KINDS_EACH_MAX && str_cut(&rest, '|', &one))
            n->kinds[n->n_kinds++] = kind_of(one);
        unsigned area_weight = 4;
        for (size_t i = 0; i < RG_COUNT(area_weights); i++)
            if (str_eq(n->area, str_of(area_weights[i].area)))
                area_weight = area_weights[i].weight;
        weight += area_weight;
        n->weight_end = weight;
    }
    rg_csv_done(&csv);
    free((void *)text.p);
    if (w->n_needs == 0)
        stop(1, path, "has no rows of level 2");
}

/* What the social services of every Zone offer, however small it is. */
static bool
basic(struct str code)
{
    static const char *const codes[] = {"casa.affitto", "casa.sfratto", "aiuti.alimenti",
                                        "aiuti.bollette", "famiglia.sostegno"};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (str_eq(code, str_of(codes[i])))
            return true;
    return false;
}

/* The holes: a need that nobody meets in a Zone. None in the first Zone, at the first door or
 * among the basic ones.                                                                      */
static bool
absent(const struct world *w, size_t need, size_t comune)
{
    if (basic(w->needs[need].code))
        return false;
    const struct zone *z = zone_of((struct world *)w, w->comuni[comune].zone);
    if (z->number == 1 || str_is(w->needs[need].area, "accesso"))
        return false;
    return dice(w, "absent", need, (uint64_t)z->number) % 100 <
           4 + 40 * z->n_mountain / z->n_comuni;
}

static void
plan_add(struct world *w, size_t need, size_t comune, uint64_t chance)
{
    const struct need *n = &w->needs[need];
    enum kind kind = n->n_kinds ? n->kinds[chance % n->n_kinds] : K_METRO;
    const struct kind_words *words = &kind_words[kind];
    const struct zone *z = zone_of(w, w->comuni[comune].zone);
    size_t torino = 0;
    while (w->comuni[torino].rank != 0)
        torino++;
    size_t seat = words->seat == SEAT_COMUNE ? comune
                : words->seat == SEAT_ZONE   ? z->hub : torino;
    /* A town has more bodies of one kind the larger it is; a big demand (-n) adds numbered ones. */
    uint64_t bodies = (uint64_t)words->variants *
                      (1 + w->n_plan / 20000) * (uint64_t)(w->comuni[seat].population / 4000 + 1);
    uint64_t most = kind == K_COMUNE ? 1 : (uint64_t)words->variants * (1 + w->n_plan / 20000);
    if (bodies > most)
        bodies = most;
    if (bodies > 255)
        bodies = 255;
    struct planned *p = &w->plan[w->n_plan];
    *p = (struct planned){.need = (uint32_t)need, .comune = (uint32_t)comune,
        .seat = (uint32_t)seat, .kind = (uint8_t)kind,
        .variant = (uint8_t)(chance / 64 % bodies), .serial = (uint32_t)w->n_plan};
    w->n_plan++;
}

static size_t
pick_comune(const struct world *w, uint64_t chance)
{
    uint64_t at = chance % w->comuni[w->n_comuni - 1].weight_end;
    size_t i = 0;
    while (w->comuni[i].weight_end <= at)
        i++;
    return i;
}

static size_t
pick_need(const struct world *w, uint64_t chance)
{
    uint64_t at = chance % w->needs[w->n_needs - 1].weight_end;
    size_t i = 0;
    while (w->needs[i].weight_end <= at)
        i++;
    return i;
}

static int
by_body(const void *a, const void *b)
{
    const struct planned *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->seat != y->seat)
        return x->seat < y->seat ? -1 : 1;
    if (x->variant != y->variant)
        return x->variant < y->variant ? -1 : 1;
    if (x->comune != y->comune)
        return x->comune < y->comune ? -1 : 1;
    return x->serial < y->serial ? -1 : x->serial > y->serial;
}

/* First the registry office of each comune (as far as n goes), then every need in three places,
 * then by weight.                                                                             */
void
make_plan(struct world *w, size_t n)
{
    w->plan = calloc(n ? n : 1, sizeof(*w->plan));
    if (!w->plan)
        stop(3, "memory", "there is none left for so many services");
    size_t registry = 0;
    for (size_t i = 0; i < w->n_needs; i++)
        if (str_is(w->needs[i].code, "accesso.anagrafe"))
            registry = i;
    for (size_t i = 0; i < w->n_comuni && w->n_plan < n; i++)
        if (w->comuni[i].rank < n / 6)
            plan_add(w, registry, i, 0);
    for (size_t i = 0; i < w->n_needs && n >= w->n_needs * 4; i++)
        for (size_t z = 0; z < w->n_zones && basic(w->needs[i].code) && w->n_plan < n; z++)
            if (w->zones[z].hub != SIZE_MAX)
                plan_add(w, i, w->zones[z].hub, dice(w, "basic", i, z));
    for (size_t i = 0; i < w->n_needs * 3 && w->n_plan < n && n >= w->n_needs * 4; i++) {
        size_t zone = dice(w, "everywhere", i, 1) % w->n_zones;
        size_t hub = w->zones[i % 3 == 0 ? 0 : zone].hub;
        if (hub != SIZE_MAX && !absent(w, i / 3, hub))
            plan_add(w, i / 3, hub, dice(w, "everywhere", i, 2));
    }
    for (uint64_t i = 0; w->n_plan < n; i++) {
        size_t comune = pick_comune(w, dice(w, "comune", i, 0));
        size_t need = pick_need(w, dice(w, "need", i, 0));
        if (!absent(w, need, comune))
            plan_add(w, need, comune, dice(w, "body", i, 0));
    }
    qsort(w->plan, w->n_plan, sizeof(*w->plan), by_body);
}
