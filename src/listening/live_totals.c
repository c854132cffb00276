/* Do the numbers of an event agree? What was counted at the door, at tables, on line. */
#include "listening/live.h"

static void
fault(struct rg_ctx *ctx, struct live_totals *t, const char *key, struct str table, int64_t a,
      int64_t b)
{
    struct str first = web_number(ctx, a), second = web_number(ctx, b);
    if (t->n_faults < RG_COUNT(t->faults))
        t->faults[t->n_faults++] = table.p
            ? web_words(ctx, key, "table", &table, "a", &first, "b", &second, NULL)
            : web_words(ctx, key, "a", &first, "b", &second, NULL);
}

void
live_totals_of(struct rg_ctx *ctx, struct store_int n_present, struct store_int n_remote,
               int64_t n_in_nowhere, const struct listening_sql_live_tables_row *tables,
               size_t n_tables, struct live_totals *ret)
{
    struct live_totals *t = ret;
    *t = (struct live_totals){.n_present = n_present, .n_remote = n_remote,
                              .n_in_nowhere = n_in_nowhere, .n_in = n_in_nowhere};
    for (size_t i = 0; i < n_tables; i++) {
        t->n_in += tables[i].n_here;
        if (tables[i].merged_with.n && !tables[i].n_present.has)
            continue;
        t->n_tables++;
        t->n_tables_counted += tables[i].n_present.has;
        t->n_at_tables += tables[i].n_present.has ? tables[i].n_present.v : 0;
    }
    t->n_nowhere = n_present.has ? n_present.v - t->n_at_tables : 0;
    if (n_present.has && t->n_at_tables > n_present.v)
        fault(ctx, t, "listening.live.totals.more_at_tables", STR_NONE, t->n_at_tables,
              n_present.v);
    if (t->n_tables_counted && t->n_tables_counted < t->n_tables)
        fault(ctx, t, "listening.live.totals.uncounted", STR_NONE,
              t->n_tables - t->n_tables_counted, t->n_tables);
    if (n_present.has && t->n_in && t->n_in != n_present.v)
        fault(ctx, t, "listening.live.totals.door", STR_NONE, t->n_in, n_present.v);
    if (n_present.has && t->n_in && t->n_tables_counted == t->n_tables &&
        n_in_nowhere != t->n_nowhere && t->n_nowhere >= 0)
        fault(ctx, t, "listening.live.totals.nowhere", STR_NONE, n_in_nowhere, t->n_nowhere);
    for (size_t i = 0; i < n_tables && t->n_in; i++) {
        /* Split tables that are counted together are compared together. */
        int64_t here = tables[i].n_here;
        if (!tables[i].n_present.has)
            continue;
        for (size_t k = 0; k < n_tables; k++)
            if (k != i && !tables[k].n_present.has && str_eq(tables[k].merged_with, tables[i].code))
                here += tables[k].n_here;
        if (here != tables[i].n_present.v)
            fault(ctx, t, "listening.live.totals.table", tables[i].code, here,
                  tables[i].n_present.v);
    }
}
