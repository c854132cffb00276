/* How well the finder orders: one command.
 *
 *     finder_judge_bench [-v] [PACK [SERVICES [FOLDER]]]     packs/torino, 3,000 unless told
 *
 * Makes the demonstration territory, asks each situation of PACK/finder/judgements.csv and grades
 * the first ten results by its rules, which judge what a service is (need, distance, ages,
 * languages, cost, hours) and never where the ranking put it. Prints nDCG@10 (Järvelin and
 * Kekäläinen 2002, gain 2^grade - 1) overall and by kind of situation, the share of situations
 * whose first result is right and open, and the bodies among the first ten. -v prints each
 * situation. Run from the project root.
 *
 * A row: situation,kind,text,place,now,rule,grade; kind to now only on the first of a situation.
 * The grade of a service is that of the first rule it meets, all of whose terms must hold:
 *   need=CODE|CODE   km<N   takes=AGE   speaks=CODE   free   cheap (free, or by the ISEE)
 *   open   open=DAYS[/FROM-TO] (MO, MO-FR, today, tomorrow; hours: open for some of them)
 * A service that does not serve the place, or meets no rule, has grade 0.                     */
#include "finder/finder_world.h"
#include <math.h>

enum { SITUATIONS_MAX = 400, RULES_MAX = 12, KINDS_MAX = 16, FIRST = 10, GRADE_MAX = 3,
       ALL_SERVICES = SEARCH_QUERY_DEPTH_MAX };

struct situation {
    struct str kind, text, place;
    int64_t now_s;
    struct str rules[RULES_MAX];
    int grades[RULES_MAX];
    size_t n_rules;
    uint64_t line;
};

struct tally {
    struct str kind;
    double ndcg;
    size_t n, bodies, shown, first_right, first_can;
};

struct judge {
    struct world *w;
    struct rg_ctx ctx;
    struct finder_entry *services;
    size_t n_services;
    const struct territory_area *place; /* of the situation at hand; NULL anywhere */
    const struct situation *s;
    bool verbose;
};

static _Noreturn void
refuse(uint64_t line, const char *what)
{
    fprintf(stderr, "finder/judgements.csv: line %llu: %s\n", (unsigned long long)line, what);
    exit(1);
}

/* ---- the situations ---- */

static int64_t
local_time(struct str s, uint64_t line)
{
    int64_t day, hour, minute;
    if (s.n != 16 || s.p[10] != 'T' || !rg_parse_date(str_n(s.p, 10), &day) ||
        !rg_parse_i64(str_n(s.p + 11, 2), 0, 23, &hour) ||
        !rg_parse_i64(str_n(s.p + 14, 2), 0, 59, &minute))
        refuse(line, "now is a time in Rome such as 2026-11-25T10:00");
    return rg_unix_of_rome(day, (int)(hour * 3600 + minute * 60));
}

static size_t
read_situations(struct world *w, const char *path, struct situation *all)
{
    static const char *const names[] = {"situation", "kind", "text", "place", "now", "rule",
                                        "grade"};
    struct rg_csv csv;
    ptrdiff_t at[RG_COUNT(names)];
    int64_t number, grade;
    size_t n = 0;
    rg_csv_init(&csv, world_slurp(w, path, true));
    if (!rg_csv_next(&csv))
        refuse(1, "the file is empty");
    for (size_t i = 0; i < RG_COUNT(names); i++)
        if ((at[i] = rg_csv_column(&csv, str_of(names[i]))) < 0)
            refuse(1, "a column is missing: situation,kind,text,place,now,rule,grade");
    while (rg_csv_next(&csv)) {
        struct str f[RG_COUNT(names)];
        for (size_t i = 0; i < RG_COUNT(names); i++)
            f[i] = rg_arena_str(w->ctx.arena, (size_t)at[i] < csv.n_fields
                                                  ? str_trim(csv.fields[at[i]]) : STR(""));
        if (!rg_parse_i64(f[0], 1, SITUATIONS_MAX, &number) ||
            (size_t)number != (f[2].n ? n + 1 : n))
            refuse(csv.line, "situations are numbered from 1; the first row of each has its text");
        if (!rg_parse_i64(f[6], 0, GRADE_MAX, &grade))
            refuse(csv.line, "the grade is a number from 0 to 3");
        if (f[2].n)
            all[n++] = (struct situation){.kind = f[1], .text = f[2], .place = f[3],
                                          .now_s = local_time(f[4], csv.line), .line = csv.line};
        struct situation *s = &all[n - 1];
        if (s->n_rules == RULES_MAX)
            refuse(csv.line, "more than 12 rules for one situation");
        s->rules[s->n_rules] = f[5];
        s->grades[s->n_rules++] = (int)grade;
    }
    rg_csv_done(&csv);
    return n;
}

/* ---- a rule holds of a service ---- */

static bool
listed(struct str list, char separator, struct str wanted)
{
    struct str one;
    while (list.n && str_cut(&list, separator, &one))
        if (str_eq(one, wanted))
            return true;
    return false;
}

static bool
has_need(const struct judge *j, const struct finder_entry *e, struct str codes)
{
    struct str code;
    size_t need_ix;
    while (codes.n && str_cut(&codes, '|', &code)) {
        if (!finder_need_find(j->w->model, code, &need_ix))
            refuse(j->s->line, "a rule names a need that needs.csv does not have");
        for (size_t i = 0; i < RG_COUNT(e->need); i++)
            if (e->need[i] == finder_code_hash(code))
                return true;
    }
    return false;
}

static double
distance(const struct judge *j, const struct finder_entry *e)
{
    double best = 1e12;
    for (size_t i = 0; j->place && j->place->has_seat && i < e->n_spots; i++)
        if (e->spots[i].lat_e7 || e->spots[i].lon_e7)
            best = fmin(best, rg_distance_m(j->place->seat.lat_e7, j->place->seat.lon_e7,
                                            e->spots[i].lat_e7, e->spots[i].lon_e7));
    return best;
}

static unsigned
days_of(const struct judge *j, struct str days)
{
    static const char *const names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    int64_t today = (j->s->now_s + rg_rome_offset_s(j->s->now_s)) / 86400;
    unsigned from = 7, to = 7;
    if (str_is(days, "today"))
        return 1u << rg_weekday_of(today);
    if (str_is(days, "tomorrow"))
        return 1u << rg_weekday_of(today + 1);
    for (unsigned d = 0; d < 7 && days.n >= 2; d++) {
        from = str_eq(str_n(days.p, 2), str_of(names[d])) ? d : from;
        to = str_eq(str_n(days.p + days.n - 2, 2), str_of(names[d])) ? d : to;
    }
    if (from > to || to > 6)
        refuse(j->s->line, "open= wants days such as MO, MO-FR, today, tomorrow");
    return (2u << to) - (1u << from);
}

/* Open on one of the days for some of the hours: the plain week, walked. */
static bool
opens(const struct judge *j, const struct finder_entry *e, struct str when)
{
    struct hours_interval week[HOURS_INTERVALS_MAX];
    struct str days;
    int64_t from = 0, to = 24;
    (void)str_cut(&when, '/', &days);
    const char *dash = when.n ? memchr(when.p, '-', when.n) : NULL;
    if (dash && (!rg_parse_i64(str_n(when.p, (size_t)(dash - when.p)), 0, 24, &from) ||
                 !rg_parse_i64(str_n(dash + 1, when.n - (size_t)(dash + 1 - when.p)), 0, 24, &to)))
        refuse(j->s->line, "open= wants hours such as 8-13");
    unsigned mask = days_of(j, days);
    if (!(e->hours.flags & HOURS_WEEK_TELLS))
        return false;
    size_t n = hours_code_week(&e->hours, week, RG_COUNT(week));
    for (size_t i = 0; i < n; i++)
        if (mask >> week[i].weekday & 1 && week[i].opens_min < to * 60 &&
            week[i].closes_min > from * 60)
            return true;
    return false;
}

static bool
open_now(const struct judge *j, const struct finder_entry *e)
{
    return hours_code_open_at(&e->hours, j->s->now_s, NULL) == HOURS_OPEN;
}

static bool
takes(const struct finder_entry *e, int64_t age)
{
    return age >= e->age_low && (e->age_high == FINDER_AGE_ANY || age <= e->age_high);
}

static bool
term_holds(const struct judge *j, const struct finder_entry *e, struct str term)
{
    int64_t n;
    if (str_starts(term, STR("need=")))
        return has_need(j, e, str_n(term.p + 5, term.n - 5));
    if (str_starts(term, STR("km<")) && rg_parse_i64(str_n(term.p + 3, term.n - 3), 1, 999, &n))
        return distance(j, e) < (double)n * 1000;
    if (str_starts(term, STR("takes=")) &&
        rg_parse_i64(str_n(term.p + 6, term.n - 6), 0, 120, &n))
        return takes(e, n);
    if (str_starts(term, STR("speaks=")))
        return listed(e->languages, ',', str_n(term.p + 7, term.n - 7));
    if (str_starts(term, STR("open=")))
        return opens(j, e, str_n(term.p + 5, term.n - 5));
    if (str_is(term, "open"))
        return open_now(j, e);
    if (str_is(term, "free"))
        return e->free_of_charge && !e->paid;
    if (str_is(term, "cheap"))
        return (e->free_of_charge && !e->paid) || e->by_isee;
    refuse(j->s->line, "a rule has a term that is not known");
}

static bool
serves(const struct judge *j, const struct finder_entry *e)
{
    uint32_t comune = j->place ? finder_comune_number(j->place->code) : 0;
    int64_t zone = 0;
    const struct territory_model *model = territory_live_get(j->w->territory);
    if (!j->place || e->wide || e->n_areas == 0 || e->more_areas)
        return true;
    if (j->place->zone != TERRITORY_NOWHERE)
        (void)rg_parse_i64(model->areas[j->place->zone].code, 1, 999, &zone);
    for (size_t i = 0; i < e->n_areas; i++)
        if (e->areas[i] == comune || (zone && e->areas[i] == FINDER_OF_ZONE + (uint32_t)zone))
            return true;
    return false;
}

static int
grade_of(const struct judge *j, const struct finder_entry *e)
{
    if (!e->active || !serves(j, e))
        return 0;
    for (size_t r = 0; r < j->s->n_rules; r++) {
        struct str rest = j->s->rules[r], term;
        bool holds = true;
        while (holds && rest.n && str_cut(&rest, ' ', &term))
            holds = term_holds(j, e, term);
        if (holds)
            return j->s->grades[r];
    }
    return 0;
}

/* ---- the measure ---- */

static double
gain(int grade, size_t place)
{
    return ((1 << grade) - 1) / log2((double)place + 2);
}

/* The best ten that the whole territory has, and whether one of them that is right is open. */
static double
ideal(const struct judge *j, bool *ret_can)
{
    size_t n[GRADE_MAX + 1] = {0}, place = 0;
    double sum = 0;
    *ret_can = false;
    for (size_t i = 0; i < j->n_services; i++) {
        int grade = grade_of(j, &j->services[i]);
        n[grade]++;
        *ret_can |= grade >= 2 && open_now(j, &j->services[i]);
    }
    for (int grade = GRADE_MAX; grade > 0; grade--)
        for (size_t k = 0; k < n[grade] && place < FIRST; k++)
            sum += gain(grade, place++);
    return sum;
}

static void
add_bodies(const struct finder_answer *a, struct tally *t)
{
    for (size_t i = 0; i < a->n_hits; i++) {
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen |= a->hits[k].entry.org_id == a->hits[i].entry.org_id;
        t->bodies += !seen;
    }
    t->shown += a->n_hits;
}

static void
judge_one(struct judge *j, struct tally *t)
{
    struct finder_answer *a = calloc(1, sizeof(*a));
    const struct finder_question q = {.text = j->s->text, .place = j->s->place, .page = 1,
                                      .size = FIRST};
    double sum = 0, best;
    bool can;
    j->ctx.now_s = j->s->now_s;
    world_must(j->w, finder_ask(&j->ctx, &j->w->finder, &q, a), "ask");
    j->place = finder_place_area(&j->w->finder, a->place);
    if (!j->place)
        refuse(j->s->line, "the place is not one of the territory");
    best = ideal(j, &can);
    if (best <= 0)
        printf("%3llu: nothing in this territory meets a rule: %.*s\n",
               (unsigned long long)j->s->line, STR_ARG(j->s->text));
    if (j->verbose)
        printf("\n");
    for (size_t i = 0; i < a->n_hits; i++) {
        const struct finder_entry *e = &a->hits[i].entry;
        int grade = grade_of(j, e);
        sum += gain(grade, i);
        if (i == 0)
            t->first_right += can && grade >= 2 && open_now(j, e);
        if (j->verbose)
            printf("      %d %.3f %5.1f km %s %s%s %d-%d %.*s %.60s\n", grade, a->hits[i].score,
                   a->hits[i].distance_m / 1000, open_now(j, e) ? "open" : "    ",
                   e->free_of_charge ? "free" : "", e->paid ? "paid" : "", e->age_low,
                   e->age_high, STR_ARG(e->languages), e->name.p);
    }
    if (j->verbose)
        printf("%3llu %.2f %.*s | %.*s\n", (unsigned long long)j->s->line,
               best > 0 ? sum / best : 1, STR_ARG(j->s->text),
               STR_ARG(a->n_needs ? a->needs[0].code : STR("-")));
    t->n++;
    t->ndcg += best > 0 ? sum / best : 1;
    t->first_can += can;
    add_bodies(a, t);
    free(a);
}

static void
list_services(struct judge *j)
{
    struct search_live *live = finder_catalogue_live(j->w->catalogue);
    const struct search_snapshot *snapshot = search_acquire(live);
    const struct search_query query = {.k = ALL_SERVICES};
    struct search_result found;
    world_must(j->w, search_ask(&j->w->ctx, snapshot, &query, &found), "every service");
    j->n_services = found.n_hits;
    j->services = RG_ARRAY(j->w->ctx.arena, struct finder_entry, found.n_hits);
    if (!j->services)
        world_stop(j->w, "memory");
    for (size_t i = 0; i < found.n_hits; i++)
        finder_entry_read(rg_arena_str(j->w->ctx.arena, found.hits[i].payload), &j->services[i]);
    search_release(live, snapshot);
}

static void
print(const struct tally *t)
{
    double n = (double)t->n;
    printf("%-14.*s %4zu   nDCG@10 %.3f   first right and open %2zu of %2zu   "
           "bodies %.1f of %.1f\n",
           STR_ARG(t->kind), t->n, t->ndcg / n, t->first_right, t->first_can,
           (double)t->bodies / n, (double)t->shown / n);
}

static struct tally *
tally_of(struct tally *kinds, size_t *n, struct str kind)
{
    size_t i = 0;
    while (i < *n && !str_eq(kinds[i].kind, kind))
        i++;
    RG_ASSERT(i < KINDS_MAX);
    if (i == *n)
        kinds[(*n)++].kind = kind;
    return &kinds[i];
}

static void
add(struct tally *to, const struct tally *t)
{
    to->n += t->n;
    to->ndcg += t->ndcg;
    to->bodies += t->bodies;
    to->shown += t->shown;
    to->first_right += t->first_right;
    to->first_can += t->first_can;
}

int
main(int argc, char **argv)
{
    static struct situation all[SITUATIONS_MAX];
    struct tally kinds[KINDS_MAX] = {0}, whole = {.kind = STR("all")};
    struct judge j = {.verbose = argc > 1 && strcmp(argv[1], "-v") == 0};
    int64_t n_services = 3000;
    size_t n_kinds = 0;
    argv += j.verbose, argc -= j.verbose;
    if (argc > 2 && !rg_parse_i64(str_of(argv[2]), 10, ALL_SERVICES, &n_services)) {
        fprintf(stderr, "finder_judge_bench [-v] [PACK [SERVICES [FOLDER]]]: services are a number "
                        "from 10 to 10000\n");
        return 2;
    }
    j.w = world_new_in(argc > 3 ? argv[3] : NULL, (unsigned)n_services);
    world_must(j.w, rg_ctx_init(&j.ctx, WORLD_ARENA), "context");
    world_must(j.w, store_session_begin(&j.ctx, j.w->store), "session");
    list_services(&j);
    const char *path = rg_arena_printf(j.w->ctx.arena, "%s/finder/judgements.csv",
                                       argc > 1 ? argv[1] : "packs/torino");
    size_t n = read_situations(j.w, path, all);
    struct rg_mark mark = rg_arena_mark(j.ctx.arena);
    for (size_t i = 0; i < n; i++) {
        struct tally one = {0};
        j.s = &all[i];
        rg_arena_release(j.ctx.arena, mark);
        judge_one(&j, &one);
        add(tally_of(kinds, &n_kinds, j.s->kind), &one);
        add(&whole, &one);
    }
    for (size_t i = 0; i < n_kinds; i++)
        print(&kinds[i]);
    print(&whole);
    store_session_end(&j.ctx);
    rg_ctx_done(&j.ctx);
    world_free(j.w);
    return 0;
}
