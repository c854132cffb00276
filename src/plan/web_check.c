/* What is broken, for everybody to see: the findings of both checks as a page and as data. */
#include "plan/surface.h"

enum { C_CHECK, C_WHAT, C_CODE, C_WHY, C_REMEDY };
static const struct grid_column columns[] = {
    [C_CHECK] = {"check", NULL, false},
    [C_WHAT] = {"what", NULL, false},
    [C_CODE] = {"code", "plan.check.code", false},
    [C_WHY] = {"why", "plan.check.why", false},
    [C_REMEDY] = {"remedy", "plan.check.what_to_do", false}};

static void
findings_rows(struct grid *grid, const struct plan_finding *findings, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        grid_row(grid);
        grid_text(grid, C_CHECK, str_of(findings[i].check));
        grid_text(grid, C_WHAT, findings[i].what);
        grid_link(grid, C_CODE, findings[i].code,
                  findings[i].path.p ? findings[i].path : STR(""));
        grid_text(grid, C_WHY, findings[i].why);
        grid_text(grid, C_REMEDY, findings[i].remedy);
    }
}

static void
findings_section(struct surface *s, const char *id, const char *heading_key,
                 const struct plan_finding *findings, size_t n)
{
    struct grid grid;
    struct str heading = wording_text(s->ctx->lang, heading_key);
    struct str found = web_words_n(s->ctx, "plan.check.found", (int64_t)n);
    struct surface_section *section = surface_section(s, id, heading);
    grid_init(s->ctx, &grid, "findings", columns, RG_COUNT(columns));
    findings_rows(&grid, findings, n < CHECK_ROWS_MAX ? n : CHECK_ROWS_MAX);
    section->table =
        grid_table(&grid, plan_print(s->ctx, "t-%s", id),
                   web_words(s->ctx, "plan.page.of", "what", &heading, "code", &found, NULL));
    if (!section->table) {
        section->text = SAY(s, "check.whole");
        section->alert = "ok";
    }
}

HANDLER(page_check)
{
    struct plan_finding *thread, *plan;
    struct surface *s;
    struct grid grid;
    size_t n_thread, n_plan;
    enum rg_err err = surface_begin(ctx, req, ans, &s);
    if (err == RG_OK)
        err = plan_check_thread(ctx, &thread, &n_thread);
    if (err == RG_OK)
        err = plan_check_plan(ctx, &plan, &n_plan);
    if (err != RG_OK)
        return err;
    s->page.title = SAY(s, "check.title");
    grid_init(ctx, &grid, "findings", columns, RG_COUNT(columns));
    findings_rows(&grid, thread, n_thread);
    findings_rows(&grid, plan, n_plan);
    if (req->form != WEB_HTML)
        return grid_answer(&grid, req, ans, s->page.title, C_CODE, C_WHY, C_REMEDY, "/piano/");
    surface_crumb(s, STR("/piano"), SAY(s, "title"));
    s->page.lead = SAY(s, "check.lead");
    findings_section(s, "filo", "plan.check.thread", thread, n_thread);
    findings_section(s, "piano", "plan.check.plan", plan, n_plan);
    surface_files(s, WEB_TABLE_FORMS);
    return surface_end(s);
}
