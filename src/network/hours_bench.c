/* Nanoseconds per question: from the rules and from the 48 bytes of the index. */
#include "hours.h"
#include <stdio.h>
#include <time.h>

static double
now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int
main(void)
{
    struct hours_rule rules[2];
    if (!hours_parse_text(STR("Monday-Friday"), STR("9"), STR("12:30"), &rules[0]) ||
        !hours_parse_text(STR("Tuesday, Thursday"), STR("14"), STR("16"), &rules[1]))
        return 1;
    struct hours_code code;
    hours_encode_week(rules, 2, 20416, &code);
    enum { N = 200000 };
    unsigned open = 0;
    double t0 = now_ns();
    for (int i = 0; i < N; i++)
        open += hours_open_at(rules, 2, 1764000000 + i * 7, NULL) == HOURS_OPEN;
    double t1 = now_ns();
    for (int i = 0; i < N; i++)
        open += hours_code_open_at(&code, 1764000000 + i * 7, NULL) == HOURS_OPEN;
    double t2 = now_ns();
    int64_t when = 0;
    for (int i = 0; i < N / 10; i++)
        open += hours_next_opening(rules, 2, 1764000000 + i * 70, &when);
    double t3 = now_ns();
    printf("open_at %.0f ns, code_open_at %.0f ns, next_opening %.0f ns (%u)\n",
           (t1 - t0) / N, (t2 - t1) / N, (t3 - t2) / (N / 10), open);
    return 0;
}
