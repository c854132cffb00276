/* Measures draws, one line each: seconds of processor, the smallest chance reached and what is
 * proved. People answer as they do, unlike the city whose shares the quotas are.
 *
 *   listening_sortition_bench
 */
#include "listening/sortition.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PEOPLE = 20000, CATEGORIES = 12, VALUES = 4, LIMIT_S = 5 };

struct want {
    const char *what;
    size_t people, categories;
    uint32_t size, slack;  /* quotas: a quarter of the seats, give or take        */
    bool alike;            /* those who answer are as the city                    */
    int limit_s;           /* 0: none promised                                    */
};

static double
cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Of those who answered a value is 4, 3, 2 or 1 in ten, when they are not as the city. */
static bool
measure(struct rg_arena *arena, const struct want *want)
{
    static uint16_t traits[PEOPLE * CATEGORIES], category[CATEGORIES * VALUES];
    uint32_t min[CATEGORIES * VALUES], max[CATEGORIES * VALUES];
    struct sortition_world w = {.n_people = want->people, .n_categories = want->categories,
                                .n_values = want->categories * VALUES, .traits = traits,
                                .category = category, .min = min, .max = max, .size = want->size};
    uint64_t chance = 0xB16;
    for (size_t v = 0; v < w.n_values; v++) {
        category[v] = (uint16_t)(v / VALUES);
        min[v] = want->size / VALUES - want->slack;
        max[v] = want->size / VALUES + want->slack;
    }
    for (size_t i = 0; i < w.n_people * w.n_categories; i++) {
        uint64_t value = want->alike ? sortition_below(&chance, VALUES)
                                     : 0x3222111000 >> 4 * sortition_below(&chance, 10) & 15;
        traits[i] = (uint16_t)(i % w.n_categories * VALUES + value);
    }
    struct sortition_draw d;
    enum sortition_result result;
    double begin = cpu_s();
    rg_arena_reset(arena);
    if (!sortition_draw(arena, &w, STR("neve"), NULL, &result, &d))
        exit(1);
    double took = cpu_s() - begin;
    bool kept = result == SORTITION_DRAWN && (want->limit_s == 0 || took <= want->limit_s);
    printf("draw %-44s %6.2f s  ", want->what, took);
    if (result == SORTITION_DRAWN)
        printf("%u to %u in 1000, proved %.2f, %zu MB", d.least, d.most,
               1000.0 * (double)d.proof.num / (double)d.proof.den, rg_arena_used(arena) >> 20);
    else
        printf("no panel found");
    if (want->limit_s > 0)
        printf("  limit %d s  %s", want->limit_s, kept ? "kept" : "MISSED");
    printf("\n");
    return kept;
}

int
main(void)
{
    static const struct want wants[] = {
        {"300 people, 5 categories, 40 seats, exact", 300, 5, 40, 0, false, LIMIT_S},
        {"2,000 people, 6 categories, 100 seats, +-2", 2000, 6, 100, 2, false, LIMIT_S},
        {"2,000 people, 6 categories, 100 seats, exact", 2000, 6, 100, 0, false, LIMIT_S},
        {"2,000 people like the city, 100 seats, exact", 2000, 6, 100, 0, true, LIMIT_S},
        {"20,000 people, 12 categories, 200 seats, +-3", 20000, 12, 200, 3, true, 0},
    };
    struct rg_arena *arena = rg_arena_new((size_t)256 << 20);
    bool kept = arena != NULL;
    for (size_t i = 0; arena && i < RG_COUNT(wants); i++)
        kept &= measure(arena, &wants[i]);
    rg_arena_free(arena);
    return kept ? 0 : 1;
}
