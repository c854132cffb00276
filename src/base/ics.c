#include "ics.h"
#include "civil.h"

enum { FOLD = 75 };

/* Octets one after the other, folded: the column is what makes it a writer. */
struct line {
    struct rg_buf *out;
    size_t column;
};

static void
line_add(struct line *line, const char *p, size_t n)
{
    if (line->column + n > FOLD) {
        rg_buf_lit(line->out, "\r\n ");
        line->column = 1;
    }
    rg_buf_add(line->out, p, n);
    line->column += n;
}

static void
property(struct rg_buf *out, const char *name, struct str value, bool text)
{
    struct line line = {out, strlen(name) + 1};
    rg_buf_printf(out, "%s:", name);
    for (size_t at = 0, n; at < value.n; at += n) {
        const char *p = value.p + at;
        struct str rest = str_n(p, value.n - at);
        (void)str_utf8_next(&rest);
        n = value.n - at - rest.n;
        if (*p == '\r' || (!text && *p == '\n'))
            continue;
        if (text && *p == '\n') {
            line_add(&line, "\\n", 2);
            continue;
        }
        if (text && (*p == ',' || *p == ';' || *p == '\\')) {
            const char escaped[2] = {'\\', *p};
            line_add(&line, escaped, 2);
            continue;
        }
        line_add(&line, p, n);
    }
    rg_buf_lit(out, "\r\n");
}

void
rg_ics_put(struct rg_buf *out, const char *name, struct str text)
{
    property(out, name, text, true);
}

void
rg_ics_raw(struct rg_buf *out, const char *name, struct str value)
{
    property(out, name, value, false);
}

void
rg_ics_open(struct rg_buf *out, const char *product, struct str name)
{
    static const char zone[] =
        "BEGIN:VTIMEZONE\r\nTZID:Europe/Rome\r\n"
        "BEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\n"
        "DTSTART:19960331T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n"
        "BEGIN:STANDARD\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\n"
        "DTSTART:19961027T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\n"
        "END:VTIMEZONE\r\n";
    rg_buf_printf(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Regia//%s//IT\r\n", product);
    rg_buf_lit(out, "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n");
    if (name.n)
        rg_ics_put(out, "X-WR-CALNAME", name);
    rg_buf_str(out, str_of(zone));
}

void
rg_ics_close(struct rg_buf *out)
{
    rg_buf_lit(out, "END:VCALENDAR\r\n");
}

void
rg_ics_stamp(struct rg_buf *out, const char *name, int64_t utc_s)
{
    struct rg_civil t = rg_civil_utc(utc_s);
    rg_buf_printf(out, "%s:%04d%02d%02dT%02d%02d%02dZ\r\n", name, t.year, t.month, t.day, t.hour,
                  t.minute, t.second);
}

void
rg_ics_day(struct rg_buf *out, const char *name, int64_t days)
{
    struct rg_civil d = rg_civil_of_days(days);
    rg_buf_printf(out, "%s;VALUE=DATE:%04d%02d%02d\r\n", name, d.year, d.month, d.day);
}

void
rg_ics_local(struct rg_buf *out, const char *name, int64_t days, int64_t minutes)
{
    struct rg_civil d = rg_civil_of_days(days + minutes / (24 * 60));
    int m = (int)(minutes % (24 * 60));
    rg_buf_printf(out, "%s;TZID=Europe/Rome:%04d%02d%02dT%02d%02d00\r\n", name, d.year, d.month,
                  d.day, m / 60, m % 60);
}
