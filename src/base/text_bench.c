/* Reading CSV and JSON of our own making: nanoseconds a byte, the best of several rounds. */
#include "base/base.h"
#include <stdio.h>
#include <time.h>

enum { ROUNDS = 9, N_RECORDS = 20000 };

static double
now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void
make(struct rg_buf *csv, struct rg_buf *json)
{
    struct rg_jw jw;
    rg_jw_init(&jw, json);
    rg_jw_array(&jw);
    for (int i = 0; i < N_RECORDS; i++) {
        struct str name = STR("Sportello sociale di Città, \"Porta Palazzo\"");
        struct str text =
            STR("Ascolto, orientamento e aiuto per la casa e il lavoro; su appuntamento.");
        rg_jw_object(&jw);
        rg_jw_key(&jw, "id");
        rg_jw_i64(&jw, i);
        rg_jw_key(&jw, "name");
        rg_jw_str(&jw, name);
        rg_jw_key(&jw, "description");
        rg_jw_str(&jw, text);
        rg_jw_key(&jw, "lat");
        rg_jw_e7(&jw, 450000000 + i);
        rg_jw_end_object(&jw);
        rg_buf_i64(csv, i);
        rg_csv_put(csv, name, ',', false);
        rg_csv_put(csv, text, ',', false);
        rg_csv_put(csv, STR("45.0703393"), ',', false);
        rg_buf_c(csv, '\n');
    }
    rg_jw_end_array(&jw);
}

int
main(void)
{
    struct rg_buf csv_text, json_text;
    rg_buf_init(&csv_text, 64 << 20);
    rg_buf_init(&json_text, 64 << 20);
    make(&csv_text, &json_text);
    double best_csv = 1e18, best_json = 1e18;
    struct rg_arena *arena = rg_arena_new(256 << 20);
    for (int round = 0; arena && round < ROUNDS; round++) {
        double start = now_ns();
        struct rg_csv csv;
        size_t n_rows = 0;
        for (rg_csv_init(&csv, rg_buf_view(&csv_text)); rg_csv_next(&csv);)
            n_rows += csv.n_fields == 4;
        rg_csv_done(&csv);
        double middle = now_ns();
        const struct rg_jv *root;
        rg_arena_reset(arena);
        RG_ASSERT(rg_jv_parse(arena, rg_buf_view(&json_text), &root) && root->n == N_RECORDS);
        double end = now_ns();
        RG_ASSERT(n_rows == N_RECORDS);
        best_csv = middle - start < best_csv ? middle - start : best_csv;
        best_json = end - middle < best_json ? end - middle : best_json;
    }
    printf("csv_read %.2f ns/byte over %zu bytes\n", best_csv / (double)csv_text.n, csv_text.n);
    printf("json_parse %.2f ns/byte over %zu bytes\n", best_json / (double)json_text.n,
           json_text.n);
    rg_arena_free(arena);
    rg_buf_done(&csv_text);
    rg_buf_done(&json_text);
    return 0;
}
