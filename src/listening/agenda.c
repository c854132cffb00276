/* Programmes and counts: what overlaps, what is left open, what does not add up. */
#include "listening/kernel.h"

static void
tell(struct agenda_finding *findings, size_t n_max, struct agenda_sum *sum,
     struct agenda_finding finding)
{
    if (sum->n_findings < n_max)
        findings[sum->n_findings] = finding;
    sum->n_findings++;
}

static bool
before(const struct agenda_slot *slots, size_t a, size_t b)
{
    return slots[a].starts_min < slots[b].starts_min ||
           (slots[a].starts_min == slots[b].starts_min && a < b);
}

/* Of the slots that begin before this one the last to end; n when it is the first. */
static size_t
last_before(const struct agenda_slot *slots, size_t n, size_t i)
{
    size_t found = n;
    for (size_t j = 0; j < n; j++)
        if (slots[j].ends_min > slots[j].starts_min && before(slots, j, i) &&
            (found == n || slots[j].ends_min > slots[found].ends_min))
            found = j;
    return found;
}

void
agenda_check(const struct agenda_slot *slots, size_t n, struct agenda_finding *findings,
             size_t n_max, struct agenda_sum *ret_sum)
{
    struct agenda_sum sum = {0};
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        int64_t minutes = slots[i].ends_min - slots[i].starts_min;
        if (minutes <= 0) {
            tell(findings, n_max, &sum, (struct agenda_finding){AGENDA_EMPTY, i, i, -minutes});
            continue;
        }
        sum.minutes += minutes;
        first = slots[i].starts_min < first ? slots[i].starts_min : first;
        last = slots[i].ends_min > last ? slots[i].ends_min : last;
        size_t other = last_before(slots, n, i);
        if (other == n)
            continue;
        int64_t apart = slots[i].starts_min - slots[other].ends_min;
        if (apart > 0) {
            tell(findings, n_max, &sum, (struct agenda_finding){AGENDA_GAP, i, other, apart});
        } else if (apart < 0) {
            int64_t shared = -apart < minutes ? -apart : minutes;
            tell(findings, n_max, &sum,
                 (struct agenda_finding){AGENDA_OVERLAP, i, other, shared});
        }
    }
    sum.span = last > first ? last - first : 0;
    *ret_sum = sum;
}

struct reconcile_sum
reconcile(const int64_t *parts, const bool *has, size_t n, bool whole_known, int64_t whole)
{
    struct reconcile_sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        if (has[i])
            sum.sum += parts[i];
        else
            sum.n_without++;
    }
    sum.known = whole_known && sum.n_without < n;
    sum.missing = sum.known ? whole - sum.sum : 0;
    return sum;
}

bool
merge_end(const uint32_t *into, size_t n, uint32_t i, uint32_t *ret_end)
{
    for (size_t steps = 0; steps <= n; steps++) {
        RG_ASSERT(i < n);
        if (into[i] == i) {
            *ret_end = i;
            return true;
        }
        i = into[i];
    }
    return false;
}
