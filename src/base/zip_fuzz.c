/* Hostile archives: each entry is taken out, a little of it. */
#include "base.h"
#include <fcntl.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rg_zip_in *in;
    if (rg_zip_open(str_n((const char *)data, size), &in) != RG_ZIP_OK)
        return 0;
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    RG_ASSERT(fd >= 0);
    for (size_t i = 0; i < rg_zip_count(in) && i < 20; i++) {
        struct str name;
        uint64_t n;
        bool named = rg_zip_name(in, i, &name);
        RG_ASSERT(!named || (name.n > 0 && str_utf8_ok(name)));
        enum rg_zip err = rg_zip_extract(in, i, fd, 1 << 16, &n);
        RG_ASSERT(n <= 1 << 16 && err != RG_ZIP_DISK);
    }
    close(fd);
    rg_zip_close(in);
    return 0;
}
