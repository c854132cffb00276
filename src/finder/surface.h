/* What the finder shows: its pages, an answer as JSON and as lines, the tiles of the home page.
 *
 *   GET, POST /cerca        an answer: HTML, JSON, CSV, GeoJSON, Atom of the same rows. With
 *                           POST the words stay out of the address, and no link carries them.
 *   GET /cerca/suggerimenti needs and comuni from the first letters: a piece of a page, JSON
 *   GET /cerca/foglio       the first services of a search on paper, with a QR code
 *   GET /cartella           services chosen by s=ID: the address is the folder
 *   GET /box                the search for other sites, the one page that may be framed
 *   GET /box/istruzioni     how to put it there
 *   GET /gestione/bisogni-scoperti  needs that found nothing near; JSON, CSV (plan office)
 *   GET /bisogni            areas of need and needs with their numbers of services; JSON, CSV
 *   GET /bisogni/{area}     the needs of one area
 *
 * The whole state of a page is its address: q (words), luogo (place; "ovunque": none, whatever the
 * words say), bisogno (need, repeated; "nessuno": none of the guesses), area, zona, pubblico,
 * lingua (repeated), gratis=1, aperto=1, ordina (migliore, vicino), pagina.                     */
#ifndef FINDER_SURFACE_H
#define FINDER_SURFACE_H

#include "finder/answer.h"
#include "web/web.h"

struct finder_web { /* web_room.data of this room; filled by app */
    const struct finder *finder;
    struct str (*drawing)(void *arg, struct rg_ctx *ctx);
    /* slot: whole address of the drawing of the territory, without '#'; NULL: no map is shown */
    void *drawing_arg;
};

extern const struct web_route finder_routes[];
extern const size_t finder_n_routes;

void finder_answer_json(struct rg_ctx *ctx, const struct finder *finder,
                        const struct finder_question *question,
                        const struct finder_answer *answer, struct rg_jw *jw);
/* One object:
 * {"understood":{"needs":[{"code","score","why"}],"place","audience","lang"},"emergency":["112"],
 *  "abstained":false,"services":[{"id","name","organization","score","reasons":["…"],
 *  "distance_m","open","url"}]}
 * why: the words that told it, or null. place: its name or null. audience: a target of needs.csv
 * or null. id: the HSDS identifier. score: 0 to 1. reasons: sentences in the context's language.
 * distance_m: whole metres or null. open: "open", "closed", or null when not known. Demonstration
 * data also carry "synthetic": true.                                                          */

void finder_answer_text(struct rg_ctx *ctx, const struct finder *finder,
                        const struct finder_question *question,
                        const struct finder_answer *answer, struct rg_buf *out);
/* The same for a terminal: lines of plain text in the context's language. */

RG_MUST_CHECK enum rg_err finder_unmet_flush(struct rg_ctx *ctx, const struct finder *finder);
/* Write the needs without an answer that this process has counted, all of them: before it ends. */

struct finder_tile { /* an area of need */
    struct str code, label;
    const char *icon;  /* "need-casa" */
    struct str path;   /* "/bisogni/casa" */
    int64_t count;     /* services of the territory */
};

RG_MUST_CHECK enum rg_err finder_tiles(struct rg_ctx *ctx, const struct finder *finder,
                                       enum rg_lang lang, struct finder_tile **ret_tiles,
                                       size_t *ret_n);
/* Every area of need in the order of needs.csv. Arena. Counting walks the whole index (about a
 * millisecond at 100,000 services) once after each change, per thread.                        */

RG_MUST_CHECK enum rg_err finder_band(struct rg_ctx *ctx, const struct finder *finder,
                                      enum rg_lang lang, struct web_helpline **ret_lines,
                                      size_t *ret_n);
/* The lines that stand across the home page: 112 and 1522, as the model has them. Arena. */

#endif
