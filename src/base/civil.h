/* Civil time, without the system's time zone data: UTC, ISO 8601, and Europe/Rome by the rule
 * in force since 1996 (Directive 2000/84/EC: summer time from 01:00 UTC of the last Sunday of
 * March to 01:00 UTC of the last Sunday of October). Days count from 1970-01-01.             */
#ifndef RG_CIVIL_H
#define RG_CIVIL_H

#include "buf.h"

struct rg_civil {
    int year, month, day;        /* month 1-12, day 1-31 */
    int hour, minute, second;    /* 0-23, 0-59, 0-59     */
    int weekday;                 /* 0 Monday … 6 Sunday  */
};

int64_t rg_days_of(int year, int month, int day);
/* Days since 1970-01-01 in the proleptic Gregorian calendar (after Hinnant 2013, "chrono-
 * Compatible Low-Level Date Algorithms"). Any year from -9999 to 9999.                       */
struct rg_civil rg_civil_of_days(int64_t days);
int rg_weekday_of(int64_t days); /* 0 Monday … 6 Sunday */
bool rg_date_ok(int year, int month, int day);

struct rg_civil rg_civil_utc(int64_t unix_s);
int rg_rome_offset_s(int64_t unix_s); /* 3600 or 7200 */
struct rg_civil rg_civil_rome(int64_t unix_s);
int64_t rg_unix_of_rome(int64_t days, int second_of_day);
/* The instant of a wall-clock moment in Rome; in the hour that does not exist (spring) the
 * later reading, in the hour that exists twice (autumn) the first.                           */

bool rg_parse_date(struct str s, int64_t *ret_days);    /* "2026-11-24", nothing else      */
bool rg_parse_clock(struct str s, int *ret_second);     /* 8:30, 08:30, 08:30:15, 24:00 */
bool rg_parse_instant(struct str s, int64_t *ret_unix); /* RFC 3339, see below */
/* An instant may stand without a zone, and is then UTC (many real feeds leave it out); a bare date
 * is its midnight UTC. Fractions of a second are dropped; a leap second (:60) is refused.    */
void rg_put_date(struct rg_buf *buf, int64_t days);     /* 2026-11-24                      */
void rg_put_instant(struct rg_buf *buf, int64_t unix_s);/* 2026-11-24T22:01:45Z            */

int64_t rg_easter_days(int year);
/* Easter Sunday (anonymous Gregorian computus, Meeus 1991, ch. 8); years from 1583. */
bool rg_italian_holiday(int64_t days);
/* National public holidays (law 260/1949 and later): fixed dates, Easter, Easter Monday.
 * 4 October counts from 2026 (law 151/2025). Patron days differ per town and are not here.   */

#endif
