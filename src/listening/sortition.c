/* Drawing of panels; the rule stands in the header. */
#include "listening/sortition.h"

uint64_t
sortition_seed(struct str seed)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (size_t i = 0; i < seed.n; i++)
        h = (h ^ (unsigned char)seed.p[i]) * 0x100000001B3u;
    return h;
}

uint64_t
sortition_next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

uint64_t
sortition_below(uint64_t *state, uint64_t n)
{
    uint64_t limit = UINT64_MAX / n * n, r;
    do
        r = sortition_next(state);
    while (r >= limit);
    return r % n;
}

struct work {
    const struct sortition_world *w;
    uint64_t chance;
    uint32_t *times;                 /* how many panels hold each                 */
    uint32_t taken[SORTITION_VALUES_MAX], available[SORTITION_VALUES_MAX];
    uint8_t *state;                  /* of each person: 0 available, 1 out, 2 in  */
};

static uint16_t
trait(const struct sortition_world *w, size_t person, size_t category)
{
    return w->traits[person * w->n_categories + category];
}

static void
take_out(struct work *k, size_t person, uint8_t state)
{
    const struct sortition_world *w = k->w;
    k->state[person] = state;
    for (size_t c = 0; c < w->n_categories; c++)
        k->available[trait(w, person, c)]--;
}

static void
close_value(struct work *k, size_t value)
{
    const struct sortition_world *w = k->w;
    size_t c = w->category[value];
    for (size_t i = 0; i < w->n_people; i++)
        if (k->state[i] == 0 && trait(w, i, c) == value)
            take_out(k, i, 1);
}

static void
begin(struct work *k)
{
    const struct sortition_world *w = k->w;
    memset(k->state, 0, w->n_people);
    memset(k->taken, 0, sizeof(k->taken));
    memset(k->available, 0, sizeof(k->available));
    for (size_t i = 0; i < w->n_people; i++)
        for (size_t c = 0; c < w->n_categories; c++)
            k->available[trait(w, i, c)]++;
    for (size_t v = 0; v < w->n_values; v++)
        if (w->max[v] == 0)
            close_value(k, v);
}

static uint32_t
lacking(const struct work *k, size_t v)
{
    return k->w->min[v] > k->taken[v] ? k->w->min[v] - k->taken[v] : 0;
}

/* The most wanting value; n_values when none lacks anybody; false when it cannot be filled. */
static bool
most_wanting(const struct work *k, uint32_t seats, size_t *ret)
{
    const struct sortition_world *w = k->w;
    uint32_t sum[SORTITION_CATEGORIES_MAX] = {0};
    *ret = w->n_values;
    for (size_t v = 0; v < w->n_values; v++) {
        uint32_t lack = lacking(k, v);
        if (lack > k->available[v])
            return false;
        sum[w->category[v]] += lack;
        if (lack && (*ret == w->n_values || (uint64_t)lack * k->available[*ret] >
                                                (uint64_t)lacking(k, *ret) * k->available[v]))
            *ret = v;
    }
    for (size_t c = 0; c < w->n_categories; c++)
        if (sum[c] > seats)
            return false;
    return true;
}

/* One of the available people with that value whom the fewest panels hold; n_people: nobody. */
static size_t
choose(struct work *k, size_t value)
{
    const struct sortition_world *w = k->w;
    size_t n = 0;
    uint32_t fewest = UINT32_MAX;
    for (size_t i = 0; i < w->n_people; i++)
        if (k->state[i] == 0 &&
            (value == w->n_values || trait(w, i, w->category[value]) == value)) {
            if (k->times[i] < fewest) {
                fewest = k->times[i];
                n = 0;
            }
            n += k->times[i] == fewest;
        }
    if (n == 0)
        return w->n_people;
    size_t nth = (size_t)sortition_below(&k->chance, n);
    for (size_t i = 0;; i++)
        if (k->state[i] == 0 && k->times[i] == fewest &&
            (value == w->n_values || trait(w, i, w->category[value]) == value) && nth-- == 0)
            return i;
}

static bool
attempt(struct work *k)
{
    const struct sortition_world *w = k->w;
    begin(k);
    for (uint32_t seats = w->size; seats > 0; seats--) {
        size_t value;
        if (!most_wanting(k, seats, &value))
            return false;
        size_t person = choose(k, value);
        if (person == w->n_people)
            return false;
        take_out(k, person, 2);
        for (size_t c = 0; c < w->n_categories; c++) {
            size_t v = trait(w, person, c);
            if (++k->taken[v] == w->max[v])
                close_value(k, v);
        }
    }
    for (size_t v = 0; v < w->n_values; v++)
        if (lacking(k, v))
            return false;
    return true;
}

static bool
one_panel(struct work *k)
{
    for (int i = 0; i < SORTITION_ATTEMPTS; i++)
        if (attempt(k))
            return true;
    return false;
}

/* ---- the search over compositions ---- */

struct search {
    const struct sortition_world *w;
    uint32_t *first, *kind_of;     /* first person of each kind; kind of each person */
    uint32_t *cap, *count;         /* of each kind                                    */
    size_t n_kinds;
    uint32_t taken[SORTITION_VALUES_MAX], rest[SORTITION_VALUES_MAX];
    uint32_t seats, rest_all;
    long steps;
};

static bool
kinds_make(struct rg_arena *arena, const struct sortition_world *w, struct search *s)
{
    *s = (struct search){.w = w, .seats = w->size};
    s->first = RG_ARRAY(arena, uint32_t, w->n_people);
    s->kind_of = RG_ARRAY(arena, uint32_t, w->n_people);
    s->cap = RG_ARRAY(arena, uint32_t, w->n_people);
    s->count = RG_ARRAY(arena, uint32_t, w->n_people);
    if (!s->first || !s->kind_of || !s->cap || !s->count)
        return false;
    for (size_t i = 0; i < w->n_people; i++) {
        size_t kind = 0;
        while (kind < s->n_kinds &&
               memcmp(&w->traits[i * w->n_categories],
                      &w->traits[s->first[kind] * w->n_categories],
                      w->n_categories * sizeof(uint16_t)) != 0)
            kind++;
        if (kind == s->n_kinds)
            s->first[s->n_kinds++] = (uint32_t)i;
        s->kind_of[i] = (uint32_t)kind;
        s->cap[kind]++;
        for (size_t c = 0; c < w->n_categories; c++)
            s->rest[trait(w, i, c)]++;
    }
    s->rest_all = (uint32_t)w->n_people;
    return true;
}

/* Put n of a kind in (or take them back out). */
static void
put(struct search *s, size_t kind, int64_t n)
{
    for (size_t c = 0; c < s->w->n_categories; c++)
        s->taken[trait(s->w, s->first[kind], c)] += (uint32_t)n;
    s->seats -= (uint32_t)n;
}

static bool
hopeless(const struct search *s)
{
    uint32_t lack[SORTITION_CATEGORIES_MAX] = {0};
    uint64_t room[SORTITION_CATEGORIES_MAX] = {0};
    if (s->rest_all < s->seats)
        return true;
    for (size_t v = 0; v < s->w->n_values; v++) {
        uint32_t taken = s->taken[v], min = s->w->min[v], max = s->w->max[v];
        if (taken + s->rest[v] < min || taken > max)
            return true;
        lack[s->w->category[v]] += min > taken ? min - taken : 0;
        room[s->w->category[v]] += max - taken < s->rest[v] ? max - taken : s->rest[v];
    }
    for (size_t c = 0; c < s->w->n_categories; c++)
        if (lack[c] > s->seats || room[c] < s->seats)
            return true;
    return false;
}

/* Depth is the number of kinds, at most n_people, with a small frame each. */
static enum sortition_result
search_from(struct search *s, size_t kind)
{
    if (++s->steps > SORTITION_SEARCH_MAX)
        return SORTITION_UNKNOWN;
    if (hopeless(s))
        return SORTITION_IMPOSSIBLE;
    if (kind == s->n_kinds)
        return s->seats == 0 ? SORTITION_DRAWN : SORTITION_IMPOSSIBLE;
    uint32_t most = s->cap[kind] < s->seats ? s->cap[kind] : s->seats;
    enum sortition_result result = SORTITION_IMPOSSIBLE;
    for (size_t c = 0; c < s->w->n_categories; c++) {
        size_t v = trait(s->w, s->first[kind], c);
        uint32_t room = s->w->max[v] > s->taken[v] ? s->w->max[v] - s->taken[v] : 0;
        most = most < room ? most : room;
        s->rest[v] -= s->cap[kind];
    }
    s->rest_all -= s->cap[kind];
    for (int64_t n = most; n >= 0 && result == SORTITION_IMPOSSIBLE; n--) {
        put(s, kind, n);
        s->count[kind] = (uint32_t)n;
        result = search_from(s, kind + 1);
        put(s, kind, -n);
    }
    s->rest_all += s->cap[kind];
    for (size_t c = 0; c < s->w->n_categories; c++)
        s->rest[trait(s->w, s->first[kind], c)] += s->cap[kind];
    return result;
}

enum { KINDS_MAX = 4000 }; /* the search goes as deep as there are kinds */

static enum sortition_result
search(struct search *s)
{
    if (s->n_kinds > KINDS_MAX)
        return SORTITION_UNKNOWN;
    return search_from(s, 0);
}

/* A panel of the found composition: in each kind those whom the fewest panels hold. */
static void
panel_of_kinds(struct work *k, const struct search *s)
{
    const struct sortition_world *w = k->w;
    memset(k->state, 0, w->n_people);
    for (size_t kind = 0; kind < s->n_kinds; kind++)
        for (uint32_t seat = 0; seat < s->count[kind]; seat++) {
            uint32_t fewest = UINT32_MAX;
            size_t n = 0;
            for (size_t i = 0; i < w->n_people; i++)
                if (s->kind_of[i] == kind && k->state[i] == 0 && k->times[i] <= fewest) {
                    n = k->times[i] < fewest ? 1 : n + 1;
                    fewest = k->times[i];
                }
            size_t nth = (size_t)sortition_below(&k->chance, n);
            for (size_t i = 0; i < w->n_people; i++)
                if (s->kind_of[i] == kind && k->state[i] == 0 && k->times[i] == fewest &&
                    nth-- == 0) {
                    k->state[i] = 2;
                    break;
                }
        }
}

/* ---- the door ---- */

static bool
work_make(struct rg_arena *arena, const struct sortition_world *world, struct work *k)
{
    RG_ASSERT(world->n_people <= SORTITION_PEOPLE_MAX && world->n_values <= SORTITION_VALUES_MAX &&
              world->n_categories <= SORTITION_CATEGORIES_MAX);
    *k = (struct work){.w = world};
    k->times = RG_ARRAY(arena, uint32_t, world->n_people);
    k->state = RG_ARRAY(arena, uint8_t, world->n_people);
    return k->times && k->state;
}

static void
count_times(struct work *k, const struct sortition_world *w)
{
    for (size_t i = 0; i < w->n_people; i++)
        k->times[i] += k->state[i] == 2;
}

static void
sum_up(const struct work *k, const struct sortition_world *w, struct sortition_draw *d)
{
    d->times = k->times;
    d->least = UINT32_MAX;
    d->most = 0;
    for (size_t i = 0; i < w->n_people; i++) {
        d->least = k->times[i] < d->least ? k->times[i] : d->least;
        d->most = k->times[i] > d->most ? k->times[i] : d->most;
    }
}

bool
sortition_draw(struct rg_arena *arena, const struct sortition_world *world, struct str seed,
               enum sortition_result *ret_result, struct sortition_draw *ret_draw)
{
    struct work k;
    struct search s = {0};
    struct sortition_draw d = {0};
    uint32_t *panels = RG_ARRAY(arena, uint32_t, (size_t)SORTITION_PANELS * world->size);
    if (!panels || !work_make(arena, world, &k))
        return false;
    k.chance = sortition_seed(seed);
    for (size_t p = 0; p < SORTITION_PANELS; p++) {
        if (!d.by_composition && !one_panel(&k)) {
            if (!kinds_make(arena, world, &s))
                return false;
            *ret_result = search(&s);
            if (*ret_result != SORTITION_DRAWN)
                return true;
            d.by_composition = true;
        }
        if (d.by_composition)
            panel_of_kinds(&k, &s);
        count_times(&k, world);
        size_t n = 0;
        for (size_t i = 0; i < world->n_people; i++)
            if (k.state[i] == 2)
                panels[p * world->size + n++] = (uint32_t)i;
        RG_ASSERT(n == world->size);
    }
    d.number = (uint32_t)sortition_below(&k.chance, SORTITION_PANELS);
    d.panel = panels + (size_t)d.number * world->size;
    sum_up(&k, world, &d);
    *ret_draw = d;
    *ret_result = SORTITION_DRAWN;
    return true;
}

bool
sortition_feasible(struct rg_arena *arena, const struct sortition_world *world,
                   enum sortition_result *ret_result)
{
    struct rg_mark mark = rg_arena_mark(arena);
    struct work k;
    struct search s;
    bool ok = work_make(arena, world, &k);
    *ret_result = SORTITION_DRAWN;
    if (ok && !one_panel(&k)) {
        ok = kinds_make(arena, world, &s);
        if (ok)
            *ret_result = search(&s);
    }
    rg_arena_release(arena, mark);
    return ok;
}

/* ---- what would help ---- */

/* The smallest by in 1..most for which the changed world has a panel; 0 when none has. Widening
 * never makes a possible panel impossible, so halving finds it. */
static bool
smallest(struct rg_arena *arena, struct sortition_world *w, const struct sortition_world *of,
         size_t value, bool raise_max, uint32_t most, uint32_t *ret_by)
{
    uint32_t low = 1, high = most;
    *ret_by = 0;
    while (low <= high) {
        uint32_t by = low + (high - low) / 2;
        enum sortition_result result;
        for (size_t v = 0; v < w->n_values; v++) {
            bool this = value == w->n_values || v == value;
            bool both = value == w->n_values;
            uint32_t min = of->min[v], max = of->max[v];
            w->min[v] = this && (both || !raise_max) ? (min > by ? min - by : 0) : min;
            w->max[v] = this && (both || raise_max) ? max + by : max;
        }
        if (!sortition_feasible(arena, w, &result))
            return false;
        if (result == SORTITION_DRAWN) {
            *ret_by = by;
            high = by - 1;
        } else {
            low = by + 1;
        }
    }
    return true;
}

bool
sortition_relax(struct rg_arena *arena, const struct sortition_world *world,
                struct sortition_relax *ret, size_t n_max, size_t *ret_n)
{
    struct sortition_world w = *world;
    w.min = RG_ARRAY(arena, uint32_t, world->n_values);
    w.max = RG_ARRAY(arena, uint32_t, world->n_values);
    *ret_n = 0;
    if (!w.min || !w.max)
        return false;
    for (size_t v = 0; v < world->n_values && *ret_n < n_max; v++)
        for (int raise = 0; raise < 2 && *ret_n < n_max; raise++) {
            uint32_t by, most = raise ? world->size : world->min[v];
            if (!smallest(arena, &w, world, v, raise, most, &by))
                return false;
            if (by)
                ret[(*ret_n)++] = (struct sortition_relax){v, raise, by};
        }
    if (*ret_n == 0 && n_max > 0) {
        uint32_t by, most = world->size;
        for (size_t v = 0; v < world->n_values; v++)
            most = world->min[v] > most ? world->min[v] : most;
        if (!smallest(arena, &w, world, world->n_values, false, most, &by))
            return false;
        if (by)
            ret[(*ret_n)++] = (struct sortition_relax){world->n_values, false, by};
    }
    return true;
}
