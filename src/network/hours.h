/* Opening hours: a kernel.
 *
 * A schedule of HSDS 3.1 becomes a struct hours_rule; a service has an array of them. The rules
 * say on which days something opens and between which minutes of that day's wall clock. From
 * them: open now and until when, the next opening, the week for the card, and 48 bytes for the
 * search index that answer "open now" without touching the record.
 *
 * What holds:
 * - Wall clock of Europe/Rome, or of a fixed offset when the schedule states one. An opening
 *   lasts from the instant its opening time means to the instant its closing time means; so in
 *   the night the clocks go back a place that closes at 02:30 closes at the first 02:30.
 * - A closing time not after the opening time lies on the next day; equal times are a whole day.
 * - On Italian public holidays a Rome rule does not apply, unless it says so (its words mention
 *   holidays, it names that one date, or it is open day and night all week).
 * - A rule marked closed ("chiuso") takes away the days it matches from all others.
 * - A rule with times but no day, or a day but no times, tells nothing and is never guessed at:
 *   with no telling rule the answer is HOURS_UNKNOWN.
 * Nothing here allocates. Every function is linear in rules and days looked at.              */
#ifndef NETWORK_HOURS_H
#define NETWORK_HOURS_H

#include "base/base.h"

enum hours_limits {
    HOURS_NEXT_DAYS = 60,      /* how far the next opening is looked for                     */
    HOURS_UNTIL_DAYS = 8,      /* open this long without a break: it does not close          */
    HOURS_COUNT_MAX = 1000,    /* RRULE count; more is as good as no count                   */
    HOURS_COUNT_DAYS = 7320,   /* a count is followed for 20 years, then taken as endless    */
    HOURS_RULES_MAX = 256,     /* of one service; a year of single dates fits                */
    HOURS_INTERVALS_MAX = 56,  /* of one week: eight a day                                   */
    HOURS_TEXT_MAX = 200,      /* longer free text is prose, not hours                       */
};

#define HOURS_NO_DAY INT64_MIN   /* "none" for a date                     */
#define HOURS_NO_EDGE INT32_MAX   /* a code whose weeks stay alike            */
#define HOURS_FOREVER INT64_MAX  /* "does not close" for a closing instant */

enum hours_freq { HOURS_WEEKLY, HOURS_MONTHLY };

struct hours_rule {
    int64_t valid_from, valid_to; /* days since 1970 or HOURS_NO_DAY; both ends count        */
    int64_t start, until;         /* dtstart and until of the recurrence, the same           */
    uint16_t interval;            /* every n-th week or month counted from start; 0 = 1      */
    uint8_t freq;                 /* enum hours_freq                                         */
    uint8_t week_starts;          /* 0 Monday … 6 Sunday                                     */
    uint16_t nth[7];              /* per weekday: bit 0 every one; bits 1-5 first to fifth of
                                     the month; bits 6-10 last to fifth-last                 */
    uint32_t month_days;          /* bit d: day d of the month                               */
    uint32_t month_days_back;     /* bit d: d-th last day of the month                       */
    int16_t opens_min, closes_min;/* minutes of the day; closes may reach 2880               */
    int32_t offset_s;             /* of the wall clock from UTC, when fixed_offset           */
    bool fixed_offset;
    bool has_days, has_times;
    bool closed;                  /* takes days away                                         */
    bool holidays;                /* applies on public holidays too                          */
    bool repaired;                /* read with tolerance: the source did not follow HSDS     */
};

/* The members of an HSDS schedule as text; none where absent. */
struct hours_fields {
    struct str valid_from, valid_to, dtstart, until, count, interval, freq, wkst, byday,
        bymonthday, opens_at, closes_at, timezone, description, notes;
};

bool hours_parse_rule(const struct hours_fields *fields, struct hours_rule *ret_rule);
/* Read one schedule. True if the rule tells something (hours_rule_tells). Times also come as
 * "8:30AM", "08:30:00Z", "2025-08-21T09:00:00"; the zone of a time is not applied: feeds append
 * "Z" to wall clock times. A numeric timezone other than Rome's own 1 or 2 makes a fixed offset.*/

size_t hours_rules_of_schedules(struct rg_arena *arena, const struct rg_jv *schedules,
                                struct hours_rule *out, size_t max);
/* The telling rules of a record's "schedules" array (NULL gives none); HOURS_RULES_MAX is a good
 * max. Decoded text goes to the arena.                                                       */

bool hours_parse_text(struct str weekdays, struct str opens, struct str closes,
                      struct hours_rule *ret_rule);
/* The free forms of real lists: ("Monday-Friday", "8:30AM", "5:30PM"), ("Sat & Sun", "24 hours",
 * ""), ("2nd and 4th Saturdays of every month", …), ("lun-ven", "9", "12.30"). The rule is
 * flagged repaired. False, and ret_rule untouched, when a word is not understood.            */

size_t hours_parse_lines(struct str text, struct hours_rule *out, size_t max);
/* A whole cell: "lun-ven 9-12:30 e 14-16; sab 9-12", parts divided by ';', '|' or line ends.
 * Returns how many rules, all flagged repaired; 0 if any part is not understood or there are
 * more than max: hours half understood would send people to a closed door.                   */

bool hours_parse_days(struct str text, struct hours_rule *rule);
/* The days alone, into nth[] and freq of rule: "MO,TU", "1MO,-1FR", "Mon - Wed, Fri", "giovedì",
 * "last Friday of the month", "24/7" (sets times too). False if a word is not understood.    */

bool hours_parse_time(struct str text, int *ret_min);
/* "08:30", "8.30", "8", "8:30 pm", "0830", "09:00:00+01:00", "noon", "24:00": minutes of the
 * day. */

void hours_put_byday(struct rg_buf *buf, const struct hours_rule *rule);
/* The days of the rule as HSDS writes them: "MO,TU", "2SA,4SA". Nothing for no days. */

bool hours_rule_tells(const struct hours_rule *rule);
bool hours_rule_on(const struct hours_rule *rule, int64_t day);
/* True if the recurrence of the rule falls on the day; holidays and closures not considered. */

enum hours_state { HOURS_UNKNOWN, HOURS_CLOSED, HOURS_OPEN };

enum hours_state hours_open_at(const struct hours_rule *rules, size_t n, int64_t unix_s,
                               int64_t *ret_closes_s);
/* The state at an instant. When open, *ret_closes_s is the instant of closing, openings that
 * touch or overlap taken as one; HOURS_FOREVER past HOURS_UNTIL_DAYS. May be NULL.           */

bool hours_next_opening(const struct hours_rule *rules, size_t n, int64_t unix_s,
                        int64_t *ret_opens_s);
/* The next instant after unix_s at which closed becomes open, within HOURS_NEXT_DAYS. */

struct hours_interval {
    uint8_t weekday;               /* 0 Monday: the day it opens  */
    int16_t opens_min, closes_min; /* closes > 1440: after midnight */
};

size_t hours_week(const struct hours_rule *rules, size_t n, int64_t monday_days,
                  struct hours_interval *out, size_t max);
/* The openings of the week that begins on that Monday, wall clock, sorted, overlaps merged (an
 * opening past midnight stays with its day). Returns how many; at most max are written.      */

enum hours_week_flags {
    HOURS_WEEK_TELLS = 1,    /* there is something to say                                     */
    HOURS_WEEK_REGULAR = 2,  /* the weeks after are like this one, up to the edge             */
    HOURS_WEEK_HOLIDAYS = 4, /* regular, and public holidays too                              */
    HOURS_WEEK_FIXED = 8,    /* offset_min holds, not Europe/Rome                             */
};

struct hours_code {          /* 48 bytes, no pointers: may be written to a file as it is      */
    int32_t edge;            /* days since 1970: the Monday of the week encoded; of a regular
                                code the last day that it holds, or HOURS_NO_EDGE */
    int16_t offset_min;
    uint8_t flags;
    uint8_t n_spans;
    uint8_t days[8];         /* bit s: span s opens on Sunday before, Monday … Sunday         */
    struct {
        int16_t opens_min, closes_min;
    } spans[8];
};
_Static_assert(sizeof(struct hours_code) == 48, "the search index stores 48 bytes");

void hours_encode_week(const struct hours_rule *rules, size_t n, int64_t monday_days,
                       struct hours_code *ret_code);
/* A week for the search index, and those that follow it while they are like it: until a rule ends
 * or begins. Without HOURS_WEEK_TELLS when nothing is known, or the week needs more than eight
 * different spans or two clocks.                                                              */

enum hours_state hours_code_open_at(const struct hours_code *code, int64_t unix_s,
                                    int64_t *ret_closes_s);
/* As hours_open_at, from the code, from its Monday on; HOURS_UNKNOWN outside its week, or past its
 * edge when it is regular (which answers for the past as if it had always been so). Closing is
 * followed for one touching span only within three days, then HOURS_FOREVER.                  */

size_t hours_code_week(const struct hours_code *code, struct hours_interval *out, size_t max);
/* The intervals back, as hours_week gave them. */

bool hours_code_tells_week(const struct hours_code *code, int64_t monday_days);
/* False when it should be encoded anew for that week: it is of another one, or ends within it. One
 * that tells nothing needs nothing.                                                           */

bool hours_code_valid(const struct hours_code *code);
/* Bounds of a code that was read from a file. The other functions assert it. */

#endif
