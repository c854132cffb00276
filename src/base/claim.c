#include "claim.h"
#include <stdio.h>
#include <stdlib.h>

_Noreturn void
rg_assert_failed(const char *claim, const char *file, int line)
{
    fprintf(stderr, "regia: assertion failed at %s:%d: %s\n", file, line, claim);
    abort();
}
