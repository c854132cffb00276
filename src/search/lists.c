/* The values that many questions filter by, as lists of the documents that have them: a comune and
 * who serves it, a state and who is in it. mask.c turns them into bits.                          */
#include "search/image_priv.h"

void
search_fill_lists(struct layout *lay)
{
    unsigned n_dims = lay->header.schema.n_dims;
    const uint32_t *rows = layout_column(lay, COL_DOC_ROW);
    const uint32_t *more = layout_column(lay, COL_ROW_MORE);
    uint32_t *at = layout_column(lay, COL_LIST_AT), *list = layout_column(lay, COL_LIST);

    for (uint32_t left = lay->header.schema.listed; left; left &= left - 1) {
        unsigned d = (unsigned)__builtin_ctz(left);
        uint32_t *n = lay->list_n[d];
        for (uint32_t v = 0; v < lay->n_values[d]; v++) {
            at[v + 1] = at[v] + search_list_length(n[v], lay->n_docs);
            n[v] = 0; /* from here on: those written */
        }
        for (uint32_t doc = 0; doc < lay->n_docs; doc++) {
            uint32_t n_here;
            const uint32_t *o = search_ordinals(rows + (size_t)doc * n_dims + d, more, &n_here);
            for (; n_here--; o++) {
                if (at[*o + 1] - at[*o] == search_row_units(lay->n_docs))
                    list[at[*o] + doc / 32] |= 1u << doc % 32;
                else
                    list[at[*o] + n[*o]++] = doc;
            }
        }
        at += lay->n_values[d];
    }
}
