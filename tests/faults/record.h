/* The log of the power-cut recorder: records of 16 bytes, each followed by its n bytes. */
#ifndef FAULTS_RECORD_H
#define FAULTS_RECORD_H

#include <stdbool.h>
#include <stdint.h>

enum record_op {
    RECORD_NAME = 'N',        /* bytes: the path of this file, before its first record */
    RECORD_WRITE = 'W',       /* bytes at offset at                                    */
    RECORD_TRUNCATE = 'T',    /* the size becomes at                                   */
    RECORD_SYNC = 'S',        /* all of this file before here is safe                  */
    RECORD_SYNC_FAILED = 'F', /* what of this file waited for it may never be safe  */
    RECORD_UNLINK = 'U',
};

struct record {
    char op;
    uint8_t file; /* from 1 */
    uint16_t unused;
    uint32_t n;
    int64_t at;
};

_Static_assert(sizeof(struct record) == 16, "the log is read back by another program");

#endif
