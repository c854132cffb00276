/* Cycles of dependencies, and how the axes are linked. */
#include "plan/kernel.h"

size_t
plan_cycle_scratch(size_t n_nodes, size_t n_arcs)
{
    return 3 * (n_nodes + 1) + n_arcs;
}

/* Arcs by their beginning: heads[first[v]] … heads[first[v + 1] - 1] are where v leads. */
static void
arcs_sort(size_t n_nodes, const struct plan_pair *arcs, size_t n_arcs, uint32_t *first,
          uint32_t *heads)
{
    memset(first, 0, (n_nodes + 1) * sizeof(*first));
    for (size_t i = 0; i < n_arcs; i++)
        first[arcs[i].a]++;
    uint32_t sum = 0;
    for (size_t v = 0; v <= n_nodes; v++) {
        sum += first[v];
        first[v] = sum; /* one past its last arc: filled from the end */
    }
    for (size_t i = n_arcs; i-- > 0;)
        heads[--first[arcs[i].a]] = arcs[i].b;
}

size_t
plan_cycle_find(size_t n_nodes, const struct plan_pair *arcs, size_t n_arcs, uint32_t *scratch,
                uint32_t *ret_nodes)
{
    uint32_t *first = scratch, *next = first + n_nodes + 1, *on_path = next + n_nodes + 1;
    uint32_t *heads = on_path + n_nodes + 1;
    enum { NEW = 0, OLD = UINT32_MAX }; /* else: place on the path, from 1 */
    arcs_sort(n_nodes, arcs, n_arcs, first, heads);
    memset(on_path, 0, n_nodes * sizeof(*on_path));
    memcpy(next, first, n_nodes * sizeof(*next));
    for (size_t root = 0; root < n_nodes; root++) {
        if (on_path[root] != NEW)
            continue;
        size_t depth = 0;
        ret_nodes[depth++] = (uint32_t)root;
        on_path[root] = (uint32_t)depth;
        while (depth > 0) {
            uint32_t v = ret_nodes[depth - 1];
            if (next[v] == first[v + 1]) {
                on_path[v] = (uint32_t)OLD;
                depth--;
                continue;
            }
            uint32_t w = heads[next[v]++];
            if (on_path[w] == (uint32_t)OLD)
                continue;
            if (on_path[w] != NEW) { /* back onto the path: from w to v and round again */
                size_t n = depth - (on_path[w] - 1);
                memmove(ret_nodes, ret_nodes + on_path[w] - 1, n * sizeof(*ret_nodes));
                return n;
            }
            ret_nodes[depth++] = w;
            on_path[w] = (uint32_t)depth;
        }
    }
    return 0;
}

void
plan_cover_count(size_t n_axes, const struct plan_pair *links, size_t n_links,
                 uint32_t *ret_matrix, uint8_t *ret_orphans)
{
    memset(ret_matrix, 0, n_axes * n_axes * sizeof(*ret_matrix));
    memset(ret_orphans, 1, n_axes);
    for (size_t i = 0; i < n_links; i++) {
        if (links[i].a == PLAN_NONE || links[i].b == PLAN_NONE)
            continue;
        ret_matrix[links[i].a * n_axes + links[i].b]++;
        if (links[i].a != links[i].b)
            ret_orphans[links[i].a] = ret_orphans[links[i].b] = 0;
    }
}
