/* Small numbers hidden so that no subtraction gives them back.
 *
 * One total, several groups, k of them small (1 to 4) with sum s. Hiding the small ones is
 * enough when they are at least two and k < s < 4k: one unit can move from one to another, or
 * two that differ can change places, and the picture stays. Otherwise (one alone, all 1, all 4)
 * s tells them, and the smallest of the others is hidden too, with all that are equal to it:
 * then a small one and such a one can change places in the same picture. Without a group of 5
 * or more nothing is divided. kernel_test.c tries this against a reader who knows the rule. */
#include "listening/kernel.h"

static bool
small(int64_t n)
{
    return n > 0 && n < SPREAD_SMALL;
}

bool
spread_hide(const int64_t *counts, size_t n, bool *ret_hidden)
{
    int64_t total = 0, sum = 0, k = 0, least = 0;
    RG_ASSERT(n <= SPREAD_MAX);
    for (size_t i = 0; i < n; i++) {
        ret_hidden[i] = small(counts[i]);
        total += counts[i];
        if (ret_hidden[i]) {
            sum += counts[i];
            k++;
        } else if (counts[i] > 0 && (least == 0 || counts[i] < least)) {
            least = counts[i];
        }
    }
    if (total == 0)
        return true;
    if (least == 0)
        return false;
    bool told = k == 1 || sum == k || sum == k * (SPREAD_SMALL - 1);
    for (size_t i = 0; i < n && k > 0 && told; i++)
        ret_hidden[i] = ret_hidden[i] || counts[i] == least;
    return true;
}
