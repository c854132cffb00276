/* Assertions: the sentences the program must be able to say of itself at any moment.
 * They stay on in release. They never judge input: input is validated and answered.
 * Three words: RG_ASSERT for what cannot be, RG_DEBUG_ASSERT for what is dear to check,
 * RG_UNHANDLED for what we ought to handle and do not yet (counted by the build).        */
#ifndef RG_CLAIM_H
#define RG_CLAIM_H

_Noreturn void rg_assert_failed(const char *claim, const char *file, int line);
/* Print claim and place to standard error and abort. */

#define RG_ASSERT(claim) ((claim) ? (void)0 : rg_assert_failed(#claim, __FILE__, __LINE__))
#define RG_UNHANDLED(claim)                                                                   \
    ((claim) ? rg_assert_failed("not handled yet: " #claim, __FILE__, __LINE__) : (void)0)
#ifdef RG_DEBUG
#define RG_DEBUG_ASSERT(claim) RG_ASSERT(claim)
#else
#define RG_DEBUG_ASSERT(claim) ((void)0)
#endif

#define RG_MUST_CHECK __attribute__((warn_unused_result))
#define RG_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define RG_CLEANUP(fn) __attribute__((cleanup(fn)))
#define RG_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
