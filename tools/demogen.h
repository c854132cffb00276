/* What the two halves of demogen share: the facts read (demogen_plan.c) and the services planned
 * from them, which demogen.c writes out.                                                      */
#ifndef DEMOGEN_H
#define DEMOGEN_H

#include "base/base.h"
#include "demogen_words.h"

enum {
    COMUNI_MAX = 8192, ZONES_MAX = 64, NEEDS_MAX = 1024, KINDS_EACH_MAX = 8,
    SERVICES_MAX = 5 * 1000 * 1000,
    FILE_MAX = 64 << 20,   /* the inputs are under 1 MB */
    LINE_MAX_BYTES = 4 << 20,
    FRESH_DAYS = 20758,    /* 2026-11-01: no record claims to be verified after this day  */
};

#define MARK "dato dimostrativo"

struct comune {
    struct str istat, name;
    int64_t zone;
    int32_t lat_e7, lon_e7;
    int64_t population;
    uint64_t weight_end;
    size_t rank; /* 0 is the most populous */
};

struct zone {
    int64_t number;
    struct str name;
    size_t hub;             /* its most populous comune */
    size_t n_comuni, n_mountain;
};

struct need {
    struct str code, area, label, description, targets;
    enum kind kinds[KINDS_EACH_MAX];
    size_t n_kinds;
    uint64_t weight_end;
};

struct planned {
    uint32_t need, comune, seat;
    uint8_t kind, variant;
    uint32_t serial;
};

struct world {
    struct comune *comuni;
    size_t n_comuni;
    struct zone zones[ZONES_MAX];
    size_t n_zones;
    struct need *needs;
    size_t n_needs;
    struct planned *plan;
    size_t n_plan;
    uint64_t seed;
};

uint64_t mix(uint64_t a, uint64_t b);
uint64_t dice(const struct world *w, const char *what, uint64_t a, uint64_t b);
uint64_t square_root(uint64_t n);
_Noreturn void stop(int status, const char *path, const char *what);
struct zone *zone_of(struct world *w, int64_t number);
void read_zones(struct world *w, const char *path);
void read_comuni(struct world *w, const char *path);
void read_needs(struct world *w, const char *path);
void make_plan(struct world *w, size_t n);

#endif
