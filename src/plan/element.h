/* The page of one element: what its parts share. */
#ifndef PLAN_ELEMENT_H
#define PLAN_ELEMENT_H

#include "plan/surface.h"

struct element_page {
    struct surface *s;
    struct rg_ctx *ctx;
    const struct plan_row *e;
    struct str ref; /* "plan/code" */
    uint8_t duty;   /* enum plan_duty */
};

/* Walk the rows of a table. */
#define EACH(p, table, row)                                                                    \
    for (const struct plan_row *row = (p)->s->world.t[table].p,                                \
                               *end_ = row + (p)->s->world.t[table].n;                         \
         row < end_; row++)

bool element_owns(const struct element_page *p, enum plan_table table,
                  const struct plan_row *row);
struct str element_change_path(struct element_page *p, enum plan_table table,
                               const struct plan_row *row); /* "" for who may not */
void element_table(struct element_page *p, const char *id, const char *heading_key,
                   struct grid *grid);
/* A section with the table; nothing where it has no rows. */

void element_objectives(struct element_page *p);
void element_steps(struct element_page *p);
void element_deadlines(struct element_page *p);
void element_links(struct element_page *p);
void element_requests(struct element_page *p);
RG_MUST_CHECK enum rg_err element_adoptions(struct element_page *p);
void element_acts(struct element_page *p);
void element_renames(struct element_page *p);
void element_amendments(struct element_page *p);
RG_MUST_CHECK enum rg_err element_versions(struct element_page *p);
/* Sections of the page, each left out where there is nothing to say. */

#endif
