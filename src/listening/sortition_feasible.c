/* Whether any panel meets the quotas, and what would help when none does. A linear programme says
 * whether seats could be shared in parts: if not, it is proved that there is none. Else some panels
 * are tried by a hasty hand: seats filled one by one, the most wanting value first, anybody who is
 * still available; then by the hand that makes lotteries; last a search looks through the
 * compositions, kind by kind.                                                                */
#include "listening/sortition_priv.h"

struct work {
    const struct sortition_world *w;
    uint64_t chance;
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

/* One of the available people with that value; n_people: nobody. */
static size_t
choose(struct work *k, size_t value)
{
    const struct sortition_world *w = k->w;
    size_t n = 0;
    for (size_t i = 0; i < w->n_people; i++)
        n += k->state[i] == 0 &&
             (value == w->n_values || trait(w, i, w->category[value]) == value);
    if (n == 0)
        return w->n_people;
    size_t nth = (size_t)sortition_below(&k->chance, n);
    for (size_t i = 0;; i++)
        if (k->state[i] == 0 &&
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
    const struct sortition_kinds *kinds;
    uint32_t *count;               /* of each kind */
    uint32_t taken[SORTITION_VALUES_MAX], rest[SORTITION_VALUES_MAX];
    uint32_t seats, rest_all;
    long steps;
    uint32_t *found;               /* compositions, when all are wanted: room × kinds */
    size_t n_found, room;
};

static void
search_make(const struct sortition_kinds *kinds, struct search *s)
{
    const struct sortition_world *w = kinds->world;
    *s = (struct search){.w = w, .kinds = kinds, .seats = w->size,
                         .rest_all = (uint32_t)w->n_people};
    for (size_t i = 0; i < w->n_people * w->n_categories; i++)
        s->rest[w->traits[i]]++;
}

/* Put n of a kind in (or take them back out). */
static void
put(struct search *s, size_t kind, int64_t n)
{
    for (size_t c = 0; c < s->w->n_categories; c++)
        s->taken[trait(s->w, s->kinds->first[kind], c)] += (uint32_t)n;
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

/* Where all are wanted, one more is kept and the search goes on. */
static enum sortition_result
composition_found(struct search *s)
{
    if (!s->found)
        return SORTITION_DRAWN;
    if (s->n_found == s->room)
        return SORTITION_UNKNOWN;
    memcpy(&s->found[s->n_found++ * s->kinds->n], s->count, s->kinds->n * sizeof(*s->count));
    return SORTITION_IMPOSSIBLE;
}

/* Depth is the number of kinds, at most n_people, with a small frame each. */
static enum sortition_result
search_from(struct search *s, size_t kind)
{
    if (++s->steps > SORTITION_SEARCH_MAX)
        return SORTITION_UNKNOWN;
    if (hopeless(s))
        return SORTITION_IMPOSSIBLE;
    if (kind == s->kinds->n)
        return s->seats == 0 ? composition_found(s) : SORTITION_IMPOSSIBLE;
    uint32_t most = s->kinds->people[kind] < s->seats ? s->kinds->people[kind] : s->seats;
    enum sortition_result result = SORTITION_IMPOSSIBLE;
    for (size_t c = 0; c < s->w->n_categories; c++) {
        size_t v = trait(s->w, s->kinds->first[kind], c);
        uint32_t room = s->w->max[v] > s->taken[v] ? s->w->max[v] - s->taken[v] : 0;
        most = most < room ? most : room;
        s->rest[v] -= s->kinds->people[kind];
    }
    s->rest_all -= s->kinds->people[kind];
    for (int64_t n = most; n >= 0 && result == SORTITION_IMPOSSIBLE; n--) {
        put(s, kind, n);
        s->count[kind] = (uint32_t)n;
        result = search_from(s, kind + 1);
        put(s, kind, -n);
    }
    s->rest_all += s->kinds->people[kind];
    for (size_t c = 0; c < s->w->n_categories; c++)
        s->rest[trait(s->w, s->kinds->first[kind], c)] += s->kinds->people[kind];
    return result;
}

enum { KINDS_MAX = 4000 }; /* the search goes as deep as there are kinds */

static enum sortition_result
search(struct search *s)
{
    if (s->kinds->n > KINDS_MAX)
        return SORTITION_UNKNOWN;
    return search_from(s, 0);
}

/* ---- the door ---- */

static bool
work_make(struct rg_arena *arena, const struct sortition_world *world, struct work *k)
{
    RG_ASSERT(world->n_people <= SORTITION_PEOPLE_MAX && world->n_values <= SORTITION_VALUES_MAX &&
              world->n_categories <= SORTITION_CATEGORIES_MAX);
    *k = (struct work){.w = world};
    k->state = RG_ARRAY(arena, uint8_t, world->n_people);
    return k->state;
}

bool
sortition_compose_any(struct rg_arena *arena, const struct sortition_kinds *kinds,
                      enum sortition_result *ret_result, uint32_t *ret_count)
{
    struct work k;
    struct search s;
    bool impossible, found;
    int64_t *goal = RG_ARRAY(arena, int64_t, kinds->n);
    memset(ret_count, 0, kinds->n * sizeof(*ret_count));
    if (!goal || !work_make(arena, kinds->world, &k) ||
        !sortition_parts_share(arena, kinds, goal, &impossible))
        return false;
    *ret_result = SORTITION_IMPOSSIBLE;
    if (impossible)
        return true;
    if (one_panel(&k)) {
        for (size_t i = 0; i < kinds->world->n_people; i++)
            ret_count[kinds->kind_of[i]] += k.state[i] == 2;
        *ret_result = SORTITION_DRAWN;
        return true;
    }
    if (!sortition_compose_near(arena, kinds, goal, ret_count, &found))
        return false;
    *ret_result = SORTITION_DRAWN;
    if (found)
        return true;
    search_make(kinds, &s);
    s.count = ret_count;
    *ret_result = search(&s);
    return true;
}

bool
sortition_compose_all(struct rg_arena *arena, const struct sortition_kinds *kinds, size_t room,
                      uint32_t **ret, size_t *ret_n, bool *ret_all)
{
    struct search s;
    search_make(kinds, &s);
    s.room = room;
    s.count = RG_ARRAY(arena, uint32_t, kinds->n);
    s.found = RG_ARRAY(arena, uint32_t, room * kinds->n);
    if (!s.count || !s.found)
        return false;
    *ret_all = search(&s) == SORTITION_IMPOSSIBLE;
    *ret = s.found;
    *ret_n = s.n_found;
    return true;
}

bool
sortition_feasible(struct rg_arena *arena, const struct sortition_world *world,
                   enum sortition_result *ret_result)
{
    struct rg_mark mark = rg_arena_mark(arena);
    struct sortition_kinds kinds;
    bool ok = sortition_kinds_make(arena, world, &kinds);
    uint32_t *count = ok ? RG_ARRAY(arena, uint32_t, kinds.n) : NULL;
    ok = count && sortition_compose_any(arena, &kinds, ret_result, count);
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
