/* Reads a path and prints what came: records and problems a kind, seconds, memory. With a second
 * argument the canonical documents are written there, one a line, for a check by other tools. */
#include "hsds_intake.h"
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

static FILE *out;
static struct {
    const char *key, *kind;
    uint64_t n;
} keys[200];

static enum rg_err
take(void *user, struct rg_ctx *ctx, const struct intake_record *record)
{
    if (out)
        fprintf(out, "{\"type\":\"%s\",\"doc\":%.*s}\n", hsds_type_name(record->type),
                STR_ARG(record->doc));
    return RG_OK;
}

static enum rg_err
hear(void *user, struct rg_ctx *ctx, const struct intake_problem *p)
{
    size_t i = 0;
    while (i + 1 < RG_COUNT(keys) && keys[i].key &&
           (keys[i].key != p->key || keys[i].kind != p->kind))
        i++;
    keys[i].key = p->key;
    keys[i].kind = p->kind;
    keys[i].n += p->count;
    if (user)
        printf("%s:%llu %s %s %.*s '%.*s' x%llu\n", p->file, (unsigned long long)p->line, p->key,
               p->kind, STR_ARG(p->field), STR_ARG(p->value), (unsigned long long)p->count);
    return RG_OK;
}

int
main(int argc, char **argv)
{
    struct rg_ctx ctx;
    struct intake_counts counts;
    if (argc < 2 || rg_ctx_init(&ctx, 1 << 20) != RG_OK)
        return 2;
    if (argc > 2)
        out = fopen(argv[2], "w");
    struct intake_options options = {.source = STR("bench")};
    struct intake_sink sink = {.record = take, .problem = hear, .user = argc > 3 ? argv : NULL};
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    enum rg_err err = intake_path(&ctx, &options, argv[1], &sink, &counts);
    clock_gettime(CLOCK_MONOTONIC, &b);
    if (err != RG_OK) {
        fprintf(stderr, "%s %s\n", rg_err_name(err), ctx.story.key);
        return 1;
    }
    for (int t = 0; t < HSDS_AGGREGATE__MAX; t++)
        printf("%-24s %8llu\n", hsds_type_name((enum hsds_type)t),
               (unsigned long long)counts.records[t]);
    for (size_t i = 0; i < RG_COUNT(keys) && keys[i].key; i++)
        printf("  %-32s %-20s %8llu\n", keys[i].key, keys[i].kind,
               (unsigned long long)keys[i].n);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("noted %llu repaired %llu rejected %llu; %.3f s, %ld MiB\n",
           (unsigned long long)counts.problems[INTAKE_NOTED],
           (unsigned long long)counts.problems[INTAKE_REPAIRED],
           (unsigned long long)counts.problems[INTAKE_REJECTED],
           (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9,
           usage.ru_maxrss / 1024);
    if (out)
        fclose(out);
    rg_ctx_done(&ctx);
    return 0;
}
