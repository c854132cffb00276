#include "base/base.h"
#include "base/test.h"
#include <stdio.h>

static void
text_is_escaped_and_folded_without_cutting_a_character(void **state)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 64 * 1024);
    rg_ics_put(&out, "SUMMARY", STR("a,b;c\\d\r\ne"));
    assert_true(str_is(rg_buf_view(&out), "SUMMARY:a\\,b\\;c\\\\d\\ne\r\n"));
    for (size_t lead = 0; lead < 90; lead++) { /* wherever the fold falls */
        char text[400];
        size_t n = 0;
        for (size_t i = 0; i < lead; i++)
            text[n++] = 'x';
        for (size_t i = 0; i < 40; i++)
            n += (size_t)snprintf(text + n, sizeof(text) - n, "%s",
                                  i % 3 == 0 ? "è" : i % 3 == 1 ? "," : "𝄞");
        rg_buf_reset(&out);
        rg_ics_put(&out, "DESCRIPTION", str_n(text, n));
        struct str rest = rg_buf_view(&out), line;
        char unfolded[800];
        size_t m = 0;
        while (str_cut(&rest, '\n', &line)) {
            assert_true(line.n <= 76 && (line.n == 0 || line.p[line.n - 1] == '\r'));
            if (line.n == 0)
                continue;
            struct str part = str_n(line.p, line.n - 1);
            assert_true(str_utf8_ok(part));
            if (m > 0) {
                assert_true(part.p[0] == ' ');
                part = str_n(part.p + 1, part.n - 1);
            }
            for (size_t i = 0; i < part.n; i++)
                if (part.p[i] != '\\')
                    unfolded[m++] = part.p[i];
        }
        assert_true(m == n + strlen("DESCRIPTION:"));
        assert_memory_equal(unfolded + strlen("DESCRIPTION:"), text, n);
    }
}

static void
times_are_written_in_their_three_forms(void **state)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 4096);
    rg_ics_stamp(&out, "DTSTAMP", 0);
    rg_ics_day(&out, "DTSTART", rg_days_of(2026, 2, 28) + 1);
    rg_ics_local(&out, "DTEND", rg_days_of(2026, 12, 31), 24 * 60);
    rg_ics_raw(&out, "URL", STR("https://a.example/x,y\n?b;c"));
    assert_true(str_is(rg_buf_view(&out), "DTSTAMP:19700101T000000Z\r\n"
                                          "DTSTART;VALUE=DATE:20260301\r\n"
                                          "DTEND;TZID=Europe/Rome:20270101T000000\r\n"
                                          "URL:https://a.example/x,y?b;c\r\n"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped_and_folded_without_cutting_a_character),
        cmocka_unit_test(times_are_written_in_their_three_forms),
    };
    return cmocka_run_group_tests_name("calendars", tests, NULL, NULL);
}
