/* Putting an image on disk so that a name always means a whole file: write beside, sync, rename,
 * sync the folder.                                                                           */
#include "search/build_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum rg_err
disk_failed(struct rg_ctx *ctx, const char *path)
{
    return RG_FAIL(ctx, RG_BROKEN, "search.disk", "path", path, "reason", strerror(errno));
}

/* The folder of a path, in the arena; NULL when it is full. */
static const char *
folder_of(struct rg_ctx *ctx, const char *path)
{
    const char *slash = strrchr(path, '/');

    return !slash ? "." : slash == path ? "/"
           : rg_arena_cstr(ctx->arena, str_n(path, (size_t)(slash - path)));
}

/* Make the new name itself durable: the folder must reach the disk too. */
static bool
folder_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

enum rg_err
search_builder_write(struct rg_ctx *ctx, struct search_builder *b, uint64_t seq,
                     const char *path)
{
    char *image;
    size_t n;
    enum rg_err err;
    const char *beside = rg_arena_printf(ctx->arena, "%s.new", path);
    const char *folder = folder_of(ctx, path);
    int fd;
    bool ok;

    if (!beside || !folder)
        return RG_NO_MEMORY(ctx);
    err = search_builder_image(ctx, b, &(struct search_image_wish){.seq = seq}, &image, &n);
    if (err)
        return err;
    fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    ok = fd >= 0 && rg_file_put(fd, image, n) && fsync(fd) == 0;
    free(image);
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    if (!ok || rename(beside, path) != 0) {
        err = disk_failed(ctx, beside);
        unlink(beside);
        return err;
    }
    return folder_sync(folder) ? RG_OK : disk_failed(ctx, path);
}
