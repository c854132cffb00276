/* The pure part of listening: programmes, counts, small numbers, merges, plain words, documents.
 *
 * Nothing here knows the records. Arrays come in, findings go out; every function is linear but
 * where it says otherwise, and has a slow obvious twin in kernel_test.c.                       */
#ifndef LISTENING_KERNEL_H
#define LISTENING_KERNEL_H

#include "base/base.h"

/* ---- programme ---- */

struct agenda_slot {
    int64_t starts_min, ends_min; /* from midnight */
};

enum agenda_fault { AGENDA_EMPTY, AGENDA_OVERLAP, AGENDA_GAP };

struct agenda_finding {
    enum agenda_fault fault; /* EMPTY: ends before it begins or at once                    */
    size_t slot;             /* of the array as given: the later one for OVERLAP and GAP   */
    size_t other;            /* what it overlaps, or what the gap follows                  */
    int64_t minutes;         /* of the overlap or gap                                      */
};

struct agenda_sum {
    int64_t minutes; /* of all slots, each for itself       */
    int64_t span;    /* from the first start to the last end */
    size_t n_findings;
};

void agenda_check(const struct agenda_slot *slots, size_t n, struct agenda_finding *findings,
                  size_t n_max, struct agenda_sum *ret_sum);
/* Slots in any order; empty ones count for nothing else. An overlap is told once per slot, with
 * the slot before it that ends last. n_findings may exceed n_max: the rest is counted. n * n.    */

/* ---- counts that must agree ---- */

struct reconcile_sum {
    int64_t sum;     /* of the parts that have a number */
    size_t n_without;
    int64_t missing; /* whole - sum; negative: the parts tell more than the whole */
    bool known;      /* the whole and at least one part have a number            */
};

struct reconcile_sum reconcile(const int64_t *parts, const bool *has, size_t n, bool whole_known,
                               int64_t whole);

/* ---- small numbers ---- */

enum { SPREAD_SMALL = 5, SPREAD_MAX = 64 };

bool spread_hide(const int64_t *counts, size_t n, bool *ret_hidden);
/* Which groups of one total must not be shown apart: those of 1 to 4, and as many more as it
 * takes that neither subtraction from the total nor the knowledge of this rule gives any hidden
 * number back (secondary suppression). Nobody (0) is shown: who is missing is the question. False
 * when no group reaches 5: show nothing but that. n is at most SPREAD_MAX. Linear.             */

/* ---- merges ---- */

bool merge_end(const uint32_t *into, size_t n, uint32_t i, uint32_t *ret_end);
/* Follow into[i] (itself: not merged) to the end; false when it leads in a circle. */

/* ---- documents ---- */

enum {
    REPORT_BYTES_MAX = 16 * 1024 * 1024, /* a 1,000-page report has 3 MB of text      */
    REPORT_LINES_MAX = 200000,
    REPORT_LINE_MAX = 8000,              /* bytes: whole paragraphs on one line exist */
};

enum report_fault {
    REPORT_FINE,
    REPORT_NO_TEXT,   /* nothing but blanks                        */
    REPORT_NUL,       /* a byte 0: a PDF or a Word file, no text   */
    REPORT_NOT_UTF8,  /* ISO-8859-1 most likely                    */
    REPORT_LINE_LONG,
    REPORT_TOO_LARGE,
    REPORT_GARBAGE,   /* under half of what is written are letters */
};

struct report_line {
    struct str text; /* without CR and form feed, blanks at the end trimmed; borrowed */
    bool furniture;  /* page number, running title, footnote of a bare address       */
};

struct report {
    struct report_line *lines;
    size_t n;
    size_t n_furniture;
    size_t fault_line; /* 1-based, where there is one */
};

enum report_fault report_read(struct rg_arena *arena, struct str bytes, struct report *ret);
/* Lines as they stand in the file, numbered from 1, and which of them are furniture. The array is
 * the arena's; when the arena is full the fault is REPORT_TOO_LARGE. n log n in lines.        */

bool report_ends_paragraph(struct str line, struct str next);
/* Whether a paragraph ends with this line, when next is the next line that is not blank (none at
 * the end): files made from PDF put a blank line after each, so that blanks say nothing.      */

size_t words_fold(struct str text, char *out);
/* Letters and digits of a text, small and without accents (Latin letters; others as they are),
 * everything else left out: "risorse venganomappate" and "risorsevengano mappate" are alike. out
 * has room for text.n bytes.                                                                  */

#endif
