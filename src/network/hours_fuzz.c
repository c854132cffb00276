/* Hostile schedules: three lines of text are days, opening and closing; then all as RRULE. */
#include "hours.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = str_n((const char *)data, size), line[6] = {STR("")};
    for (size_t i = 0; i < RG_COUNT(line) && str_cut(&rest, '\n', &line[i]); i++)
        ;
    struct hours_rule rules[2];
    size_t n = hours_parse_text(line[0], line[1], line[2], &rules[0]);
    struct hours_fields f = {.byday = line[0], .opens_at = line[1], .closes_at = line[2],
                             .dtstart = line[3], .count = line[4], .interval = line[4],
                             .bymonthday = line[5], .freq = line[5], .timezone = line[4],
                             .until = line[5]};
    if (hours_parse_rule(&f, &rules[n]))
        n++;
    for (int64_t t = 1764000000; n > 0 && t < 1764000000 + 86400 * 3; t += 40000) {
        int64_t closes = 0, opens = 0;
        enum hours_state state = hours_open_at(rules, n, t, &closes);
        RG_ASSERT(state != HOURS_UNKNOWN && (state == HOURS_CLOSED || closes > t));
        RG_ASSERT(!hours_next_opening(rules, n, t, &opens) || opens > t);
    }
    struct hours_rule lines[8];
    RG_ASSERT(hours_parse_lines(str_n((const char *)data, size), lines, 8) <= 8);
    struct hours_code code;
    hours_encode_week(rules, n, 20416, &code);
    RG_ASSERT(hours_code_valid(&code));
    return 0;
}
