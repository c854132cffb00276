/* What the unit tests of this room share: cmocka with its prerequisites, and a seeded generator, so
 * that a failure today is the same failure tomorrow.                                         */
#ifndef RG_BASE_TEST_H
#define RG_BASE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static uint64_t test_state = 0x5EED;

static inline uint64_t
test_chance(uint64_t below)
{
    uint64_t z = test_state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (z ^ z >> 31) % below;
}

#endif
