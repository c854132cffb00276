/* embed OUT.c FILE...: makes the files into C arrays, as they stand and compressed, with a
 * content hash in their name, so that a browser may keep them for ever and a new build is seen
 * at once. In a style sheet, url(NAME) of another embedded file becomes that file's hashed
 * name. The output depends on nothing but the content of the files. The table's contract is
 * src/web/asset.h.    */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libdeflate.h>

enum {
    FILES_MAX = 64, /* a handful of assets; more would be a mistake of the build */
    FILE_BYTES_MAX = 1024 * 1024, /* ten times the largest asset a page may carry */
    NAME_BYTES_MAX = 96,
    LINE_BYTES = 24,
};

struct bytes {
    unsigned char *p;
    size_t n;
};

struct file {
    const char *path;
    const char *name; /* inside path */
    const char *type;
    char hash_name[NAME_BYTES_MAX];
    struct bytes raw;
    struct bytes gz; /* p NULL: compressing gains nothing */
};

static const struct {
    const char *suffix, *type;
} types[] = {
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".woff2", "font/woff2"},
};

static bool
ends_with(const char *s, const char *suffix)
{
    size_t n = strlen(s), n_suffix = strlen(suffix);
    return n >= n_suffix && strcmp(s + n - n_suffix, suffix) == 0;
}

static bool
complain(const char *path, const char *what)
{
    fprintf(stderr, "embed: %s: %s\n", path, what);
    return false;
}

static bool
file_read(struct file *file)
{
    FILE *in = fopen(file->path, "rb");
    if (in == NULL) {
        return complain(file->path, "cannot be opened");
    }
    file->raw.p = malloc(FILE_BYTES_MAX + 1);
    file->raw.n = file->raw.p ? fread(file->raw.p, 1, FILE_BYTES_MAX + 1, in) : 0;
    bool failed = file->raw.p == NULL || ferror(in) != 0;
    fclose(in);
    if (failed) {
        return complain(file->path, "cannot be read");
    }
    if (file->raw.n > FILE_BYTES_MAX) {
        return complain(file->path, "is larger than an asset may be (1 MB)");
    }
    return true;
}

static bool
file_name(struct file *file)
{
    const char *slash = strrchr(file->path, '/');
    file->name = slash ? slash + 1 : file->path;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (ends_with(file->name, types[i].suffix)) {
            file->type = types[i].type;
        }
    }
    if (file->type == NULL) {
        return complain(file->path,
                        "has a suffix whose media type is not known: add it to embed.c");
    }
    return true;
}

/* 64-bit FNV-1a: tells two builds apart; it does not have to withstand anyone. */
static uint64_t
hash_of(struct bytes content)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < content.n; i++) {
        hash = (hash ^ content.p[i]) * 0x100000001b3u;
    }
    return hash;
}

static bool
file_hash(struct file *file)
{
    const char *dot = strrchr(file->name, '.');
    int n = snprintf(file->hash_name, sizeof file->hash_name, "%.*s.%016llx%s",
                     (int)(dot - file->name), file->name,
                     (unsigned long long)hash_of(file->raw), dot);
    return n < (int)sizeof file->hash_name || complain(file->path, "has too long a name");
}

static const struct file *
file_called(const struct file *files, size_t n_files, const unsigned char *name, size_t n_name)
{
    for (size_t i = 0; i < n_files; i++) {
        if (strlen(files[i].name) == n_name && memcmp(files[i].name, name, n_name) == 0) {
            return &files[i];
        }
    }
    return NULL;
}

/* The bytes of a name inside url( ), without quotes; the name begins at *at. */
static size_t
url_length(struct bytes css, size_t *at)
{
    if (*at < css.n && (css.p[*at] == '"' || css.p[*at] == '\'')) {
        ++*at;
    }
    size_t n = 0;
    while (*at + n < css.n && strchr("\"')", css.p[*at + n]) == NULL) {
        n++;
    }
    return n;
}

/* Put hashed names where a style sheet names its fonts. The fonts have their hash already. */
static bool
css_link(struct file *css, const struct file *files, size_t n_files)
{
    size_t room = css->raw.n * 2 + NAME_BYTES_MAX;
    struct bytes out = {malloc(room), 0};
    if (out.p == NULL) {
        return complain(css->path, "no memory");
    }
    bool ok = true;
    for (size_t i = 0; i < css->raw.n && ok;) {
        out.p[out.n++] = css->raw.p[i++];
        if (out.n < 4 || memcmp(out.p + out.n - 4, "url(", 4) != 0) {
            continue;
        }
        size_t n = url_length(css->raw, &i);
        const struct file *target = file_called(files, n_files, css->raw.p + i, n);
        i += n;
        i += i < css->raw.n && css->raw.p[i] != ')'; /* the closing quote */
        if (target == NULL || target->hash_name[0] == '\0') {
            ok = complain(css->path, "a url() names a file that is not embedded");
        } else if (out.n + strlen(target->hash_name) + (css->raw.n - i) > room) {
            ok = complain(css->path, "has more links than text");
        } else {
            memcpy(out.p + out.n, target->hash_name, strlen(target->hash_name));
            out.n += strlen(target->hash_name);
        }
    }
    free(css->raw.p);
    css->raw = out;
    return ok;
}

static bool
file_compress(struct file *file)
{
    enum { SMALLEST = 12 };
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(SMALLEST);
    if (compressor == NULL) {
        return complain(file->path, "there is no memory to compress it");
    }
    size_t room = libdeflate_gzip_compress_bound(compressor, file->raw.n);
    file->gz.p = malloc(room);
    if (file->gz.p != NULL) {
        file->gz.n = libdeflate_gzip_compress(compressor, file->raw.p, file->raw.n, file->gz.p,
                                              room);
    }
    libdeflate_free_compressor(compressor);
    if (file->gz.n == 0) {
        return complain(file->path, "cannot be compressed");
    }
    if (file->gz.n >= file->raw.n) {
        free(file->gz.p);
        file->gz = (struct bytes){NULL, 0};
    }
    return true;
}

static void
array_write(FILE *out, const char *kind, size_t number, struct bytes content)
{
    fprintf(out, "static const unsigned char %s_%zu[%zu] = {", kind, number,
            content.n > 0 ? content.n : 1);
    for (size_t i = 0; i < content.n; i++) {
        fprintf(out, "%s%u,", i % LINE_BYTES == 0 ? "\n" : "", content.p[i]);
    }
    fprintf(out, "%s};\n", content.n > 0 ? "\n" : "0");
}

static bool
table_write(const char *path, const struct file *files, size_t n_files)
{
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        return complain(path, "cannot be written");
    }
    fprintf(out, "/* Made by tools/embed.c from assets/dist. */\n#include \"web/asset.h\"\n\n");
    for (size_t i = 0; i < n_files; i++) {
        array_write(out, "raw", i, files[i].raw);
        if (files[i].gz.p != NULL) {
            array_write(out, "gz", i, files[i].gz);
        }
    }
    fprintf(out, "\nconst struct web_asset web_assets[] = {\n");
    for (size_t i = 0; i < n_files; i++) {
        const struct file *f = &files[i];
        fprintf(out, "    {\"%s\", \"%s\", WEB_ASSET_PREFIX \"%s\", \"%s\", raw_%zu, ", f->name,
                f->hash_name, f->hash_name, f->type, i);
        if (f->gz.p != NULL) {
            fprintf(out, "gz_%zu, %zu, %zu},\n", i, f->raw.n, f->gz.n);
        } else {
            fprintf(out, "0, %zu, 0},\n", f->raw.n);
        }
    }
    fprintf(out, "};\nconst size_t web_n_assets = %zu;\n", n_files);
    bool failed = ferror(out) != 0;
    failed |= fclose(out) != 0;
    return !failed || complain(path, "cannot be written");
}

static bool
embed(const char *out_path, struct file *files, size_t n_files)
{
    for (size_t i = 0; i < n_files; i++) {
        if (!file_read(&files[i]) || !file_name(&files[i])) {
            return false;
        }
        if (!ends_with(files[i].name, ".css") && !file_hash(&files[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < n_files; i++) {
        bool css = ends_with(files[i].name, ".css");
        if (css && (!css_link(&files[i], files, n_files) || !file_hash(&files[i]))) {
            return false;
        }
        if (!file_compress(&files[i])) {
            return false;
        }
    }
    return table_write(out_path, files, n_files);
}

int
main(int argc, char **argv)
{
    static struct file files[FILES_MAX];
    if (argc < 3 || argc - 2 > FILES_MAX) {
        fprintf(stderr, "usage: embed OUT.c FILE... (1 to %d files)\n", FILES_MAX);
        return 2;
    }
    size_t n_files = (size_t)argc - 2;
    for (size_t i = 0; i < n_files; i++) {
        files[i].path = argv[i + 2];
    }
    bool ok = embed(argv[1], files, n_files);
    for (size_t i = 0; i < n_files; i++) {
        free(files[i].raw.p);
        free(files[i].gz.p);
    }
    return ok ? 0 : 1;
}
