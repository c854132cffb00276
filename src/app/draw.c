/* regia draw: an assembly drawn by lot from a file, so that anybody can draw it again. */
#include "app/app.h"
#include "listening/listening.h"
#include <stdio.h>

int
app_draw(struct app *app)
{
    int64_t size = 0;
    bool good = false;
    if (!app->args.check && (!app->args.seed || !app->args.size ||
                             !rg_parse_i64(str_of(app->args.size), 1, 20000, &size)))
        return app_misuse(app, "app.usage", "draw PEOPLE.csv --seed TEXT --size N "
                                            "[--quotas QUOTAS.csv] [--json] | draw PEOPLE.csv "
                                            "--check DRAW.json [--quotas QUOTAS.csv] [--json]");
    const struct listening_draw want = {.people = app->args.words[0], .quotas = app->args.quotas,
                                        .seed = app->args.seed, .check = app->args.check,
                                        .size = size, .json = app->args.json,
                                        .progress = app_progress, .progress_arg = app};
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 32 * 1024 * 1024);
    enum rg_err err = listening_draw(&app->ctx, &want, &out, &good);
    app_progress_end();
    if (err == RG_OK && out.failed)
        err = RG_FAIL(&app->ctx, RG_LIMIT, "base.too_much");
    if (err != RG_OK)
        return app_tell(app, err);
    fwrite(out.p, 1, out.n, stdout);
    return good ? APP_DONE : APP_NO;
}
