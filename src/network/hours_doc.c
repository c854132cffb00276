/* Rules out of a canonical record: its array of HSDS schedules. */
#include "hours.h"

/* "Every other week" and the like, which the intake could not put in freq: on which days it is
 * open nobody can say. A single date needs no frequency.                                     */
static bool
in_other_weeks(const struct rg_jv *schedule, const struct hours_fields *f)
{
    bool one_date = f->valid_from.n && str_eq(f->valid_from, f->valid_to);
    return !one_date && f->freq.n == 0 && rg_jv_get(schedule, "freq_as_received");
}

size_t
hours_rules_of_schedules(struct rg_arena *arena, const struct rg_jv *schedules,
                         struct hours_rule *out, size_t max)
{
    size_t n = 0;
    if (!schedules || schedules->kind != RG_JV_ARRAY)
        return 0;
    const struct rg_jv *s = rg_jv_first(schedules);
    for (uint32_t i = 0; i < schedules->n && n < max; i++, s = rg_jv_next(s)) {
        struct hours_fields f = {0};
        struct {
            const char *name;
            struct str *to;
        } fields[] = {{"valid_from", &f.valid_from}, {"valid_to", &f.valid_to},
                      {"dtstart", &f.dtstart}, {"until", &f.until}, {"count", &f.count},
                      {"interval", &f.interval}, {"freq", &f.freq}, {"wkst", &f.wkst},
                      {"byday", &f.byday}, {"bymonthday", &f.bymonthday},
                      {"opens_at", &f.opens_at}, {"closes_at", &f.closes_at},
                      {"timezone", &f.timezone}, {"description", &f.description},
                      {"notes", &f.notes}};
        for (size_t k = 0; k < RG_COUNT(fields); k++)
            *fields[k].to = rg_jv_get_str(arena, s, fields[k].name);
        if (!in_other_weeks(s, &f))
            n += hours_parse_rule(&f, &out[n]);
    }
    return n;
}
