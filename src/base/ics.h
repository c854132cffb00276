/* Calendars: what RFC 5545 asks of their text. */
#ifndef RG_ICS_H
#define RG_ICS_H

#include "buf.h"

void rg_ics_open(struct rg_buf *out, const char *product, struct str name);
/* BEGIN:VCALENDAR and what a calendar must say; product "Piano", name what programs show (none: no
 * name). Times of rg_ics_local are Europe/Rome, whose rules since 1996 come with it.          */
void rg_ics_close(struct rg_buf *out);

void rg_ics_put(struct rg_buf *out, const char *name, struct str text);
/* A property that is text: escaped (section 3.3.11), folded at 75 bytes without cutting a character
 * (section 3.1).                                                                              */
void rg_ics_raw(struct rg_buf *out, const char *name, struct str value);
/* One whose value has its own form, such as a URL: folded only; line ends are left out. */
void rg_ics_stamp(struct rg_buf *out, const char *name, int64_t utc_s);
void rg_ics_day(struct rg_buf *out, const char *name, int64_t days);    /* since 1970 */
void rg_ics_local(struct rg_buf *out, const char *name, int64_t days, int64_t minutes);
/* A wall clock of Europe/Rome: minutes since midnight. */

#endif
