/* Replay a fuzz target as an ordinary test: every file of the corpus folder named on the command
 * line, then a fixed number of mutations of each from a fixed seed, so that a crash is the same
 * crash tomorrow. With libFuzzer the same target is explored without end (-Dfuzz=true).      */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 1 << 20, MUTATIONS_EACH = 400, MUTATE_MAX = 64 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t state = 0x5EED;
static size_t n_runs;

static uint64_t
chance(void)
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* The target gets a block of exactly its size, so that a read past the end is seen. */
static void
run(const uint8_t *data, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    if (!copy)
        abort();
    memcpy(copy, data, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
    n_runs++;
}

static void
mutate(const uint8_t *data, size_t n)
{
    if (n > MUTATE_MAX)
        n = MUTATE_MAX;
    uint8_t *copy = malloc(n + 64);
    if (!copy)
        abort();
    for (int round = 0; round < MUTATIONS_EACH; round++) {
        memcpy(copy, data, n);
        size_t m = n;
        for (uint64_t i = chance() % 6; i < 6; i++) {
            size_t at = m ? chance() % m : 0;
            switch (chance() % 5) {
            case 0: if (m) copy[at] = (uint8_t)chance(); break;
            case 1: if (m) copy[at] ^= (uint8_t)(1u << chance() % 8); break;
            case 2: m = at; break;
            case 3: if (m) { memmove(copy + at, copy + at + 1, m - at - 1); m--; } break;
            default: if (m && m < n + 32) { memmove(copy + at + 1, copy + at, m - at);
                     copy[at] = "\0\"<&,;{[\\\n%"[chance() % 11]; m++; } break;
            }
        }
        run(copy, m);
    }
    free(copy);
}

int
main(int argc, char **argv)
{
    static uint8_t data[INPUT_MAX];
    run(data, 0);
    mutate((const uint8_t *)"{\"a\":[1,\"b\"]}, x; <y>", 22);
    DIR *dir = argc > 1 ? opendir(argv[1]) : NULL;
    for (struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
        char path[4096];
        if (e->d_name[0] == '.' ||
            snprintf(path, sizeof(path), "%s/%s", argv[1], e->d_name) >= (int)sizeof(path))
            continue;
        FILE *f = fopen(path, "rb");
        if (!f)
            continue;
        size_t n = fread(data, 1, sizeof(data), f);
        fclose(f);
        run(data, n);
        mutate(data, n);
    }
    if (dir)
        closedir(dir);
    printf("%zu inputs replayed\n", n_runs);
    return 0;
}
