#include "base.h"
#include "test.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/regia-zip-XXXXXX";

static const char *
in_folder(const char *name)
{
    static char paths[4][256];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

static const char *
put(const char *name, struct str text)
{
    const char *path = in_folder(name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    fclose(f);
    return path;
}

static struct rg_buf
bytes_of(const char *path)
{
    struct rg_buf bytes;
    assert_int_equal(rg_file_read(path, 64 << 20, &bytes, NULL), RG_FILE_READ);
    return bytes;
}

/* An archive of two files, one of them four million zeros. */
static struct rg_buf
archive(const char *name)
{
    char *zeros = calloc(1, 4 << 20);
    assert_non_null(zeros);
    struct rg_zip_out *out;
    const char *path = in_folder(name);
    assert_int_equal(rg_zip_new(path, &out), RG_ZIP_OK);
    const char *first = put("a.csv", STR("id,name\n1,Mensa\n"));
    assert_int_equal(rg_zip_add_file(out, "a.csv", first), RG_ZIP_OK);
    const char *second = put("b", str_n(zeros, 4 << 20));
    assert_int_equal(rg_zip_add_file(out, "perché/b.csv", second), RG_ZIP_OK);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(rg_zip_finish(out, NULL), RG_ZIP_OK);
    rg_zip_drop(out);
    free(zeros);
    return bytes_of(path);
}

static enum rg_zip
extract(struct str bytes, size_t i, uint64_t n_max, uint64_t *ret_n)
{
    struct rg_zip_in *in;
    enum rg_zip err = rg_zip_open(bytes, &in);
    int fd = open(in_folder("out"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    if (err == RG_ZIP_OK)
        err = i < rg_zip_count(in) ? rg_zip_extract(in, i, fd, n_max, ret_n) : RG_ZIP_DAMAGED;
    close(fd);
    rg_zip_close(in);
    return err;
}

static void
what_goes_in_comes_out_and_the_archive_is_the_same_bytes_again(void **state)
{
    struct rg_buf one = archive("one.zip"), two = archive("two.zip");
    assert_true(str_eq(rg_buf_view(&one), rg_buf_view(&two)));
    assert_true(one.n < 20000); /* compressed */
    struct rg_zip_in *in;
    struct str name;
    assert_int_equal(rg_zip_open(rg_buf_view(&one), &in), RG_ZIP_OK);
    assert_int_equal(rg_zip_count(in), 2);
    assert_true(rg_zip_name(in, 1, &name) && str_is(name, "perché/b.csv"));
    assert_true(rg_zip_name(in, 0, &name) && str_is(name, "a.csv"));
    rg_zip_close(in);
    uint64_t n;
    assert_int_equal(extract(rg_buf_view(&one), 0, 100, &n), RG_ZIP_OK);
    struct rg_buf text = bytes_of(in_folder("out"));
    assert_true(str_is(rg_buf_view(&text), "id,name\n1,Mensa\n"));
    rg_buf_done(&text);
    rg_buf_done(&one);
    rg_buf_done(&two);
}

/* As OpenDocument asks of its first file (part 3, 3.3): stored, no extra field, at byte 38. */
static void
an_archive_in_memory_can_store_its_files(void **state)
{
    struct rg_zip_out *out;
    struct rg_buf bytes, small;
    rg_buf_init(&bytes, 1 << 20);
    rg_buf_init(&small, 100);
    for (int turn = 0; turn < 2; turn++) {
        assert_int_equal(rg_zip_new(NULL, &out), RG_ZIP_OK);
        assert_int_equal(rg_zip_add(out, "mimetype", STR("text/plain"), true), RG_ZIP_OK);
        assert_int_equal(rg_zip_add(out, "b/c.xml", STR("<a/>"), false), RG_ZIP_OK);
        assert_int_equal(rg_zip_finish(out, turn ? &bytes : &small),
                         turn ? RG_ZIP_OK : RG_ZIP_TOO_LARGE);
        rg_zip_drop(out);
    }
    assert_memory_equal(bytes.p + 30, "mimetypetext/plain", 18);
    uint64_t n;
    assert_int_equal(extract(rg_buf_view(&bytes), 1, 100, &n), RG_ZIP_OK);
    assert_int_equal(n, 4);
    rg_buf_done(&bytes);
    rg_buf_done(&small);
}

static void
an_archive_that_swells_stops_at_the_ceiling(void **state)
{
    struct rg_buf bytes = archive("bomb.zip");
    uint64_t n;
    assert_int_equal(extract(rg_buf_view(&bytes), 1, 1 << 20, &n), RG_ZIP_TOO_LARGE);
    assert_true(n <= 1 << 20);
    assert_int_equal(extract(rg_buf_view(&bytes), 1, 4 << 20, &n), RG_ZIP_OK);
    assert_int_equal(n, 4 << 20);
    rg_buf_done(&bytes);
}

static void
a_damaged_archive_is_told_wherever_the_damage_is(void **state)
{
    struct rg_buf bytes = archive("damaged.zip");
    struct str whole = rg_buf_view(&bytes);
    uint64_t n;
    for (size_t cut = 0; cut < whole.n; cut += 97)
        assert_int_equal(extract(str_n(whole.p, cut), 0, 100, &n), RG_ZIP_DAMAGED);
    bytes.p[42]++; /* within the first file's bytes: its sum is wrong */
    assert_int_equal(extract(whole, 0, 100, &n), RG_ZIP_DAMAGED);
    assert_int_equal(extract(STR("PK\3\4 no archive"), 0, 100, &n), RG_ZIP_DAMAGED);
    rg_buf_done(&bytes);
}

static void
an_archive_that_cannot_be_written_is_not_there(void **state)
{
    struct rg_zip_out *out;
    assert_int_equal(rg_zip_new("/nowhere/at/all.zip", &out), RG_ZIP_OK);
    assert_int_equal(rg_zip_add_file(out, "a", in_folder("a.csv")), RG_ZIP_OK);
    assert_int_equal(rg_zip_finish(out, NULL), RG_ZIP_DISK);
    rg_zip_drop(out);
    assert_int_equal(rg_zip_new(in_folder("half.zip"), &out), RG_ZIP_OK);
    assert_int_equal(rg_zip_add_file(out, "a", in_folder("a.csv")), RG_ZIP_OK);
    unlink(in_folder("a.csv")); /* gone before the end */
    assert_int_equal(rg_zip_finish(out, NULL), RG_ZIP_DISK);
    rg_zip_drop(out);
    assert_int_equal(access(in_folder("half.zip"), F_OK), -1);
}

static int
make_folder(void **state)
{
    return mkdtemp(folder) ? 0 : -1;
}

static int
remove_folder(void **state)
{
    static const char *const names[] = {"a.csv", "b", "out", "one.zip", "two.zip", "bomb.zip",
                                        "damaged.zip"};
    for (size_t i = 0; i < RG_COUNT(names); i++)
        unlink(in_folder(names[i]));
    return rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out_and_the_archive_is_the_same_bytes_again),
        cmocka_unit_test(an_archive_in_memory_can_store_its_files),
        cmocka_unit_test(an_archive_that_swells_stops_at_the_ceiling),
        cmocka_unit_test(a_damaged_archive_is_told_wherever_the_damage_is),
        cmocka_unit_test(an_archive_that_cannot_be_written_is_not_there),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
