/* The rules of the door, as pure functions: what a login, a password, a list of roles and a way
 * back may look like, and which network an address belongs to. No memory, no clock, no records. */
#ifndef ACCOUNTS_RULE_H
#define ACCOUNTS_RULE_H

#include "base/base.h"

enum accounts_rule_limits {
    ACCOUNTS_LOGIN_MAX = 64,      /* an e-mail address fits                                   */
    ACCOUNTS_NAME_MAX = 120,
    ACCOUNTS_PASSWORD_MIN = 12,   /* characters; length is what counts (NIST SP 800-63B, 5.1.1) */
    ACCOUNTS_PASSWORD_MAX = 1024, /* bytes; Argon2 takes more, a person does not type more    */
    ACCOUNTS_WAY_BACK_MAX = 300,  /* bytes; three times as many when percent-encoded           */
};

bool accounts_roles_parse(struct str text, unsigned *ret_roles);
/* "planner,editor" to bits of enum rg_role; blanks around names are let through. False for an
 * unknown name or an empty list. READER comes with every list: who is signed in may read.    */
void accounts_roles_put(struct rg_buf *out, unsigned roles);
/* "admin,planner": back again, the widest role first; "reader" when there is no other. */
const char *accounts_role_name(unsigned bit);
const char *accounts_role_key(unsigned bit);
/* Name and wording key of one role; NULL when the bit is none that an account can have. */
unsigned accounts_role_at(size_t i);
/* The roles an account can have, the widest first; 0 at the end. */

bool accounts_login_form(struct str typed, char ret_login[ACCOUNTS_LOGIN_MAX + 1]);
/* The form in which logins are kept: trimmed, ASCII letters small. False when it is none: 2 to 64
 * of a-z 0-9 . _ - + @, beginning with a letter or digit.                                     */

const char *accounts_password_problem(struct str password, struct str login);
/* Wording key of what is wrong with a new password, NULL when it will do. Refuses short ones, the
 * commonest with digits or signs hung on, repetition ("abcabcabcabc"), runs ("123456789012")
 * and those made of the login.                                                               */

bool accounts_way_back(struct str wanted, struct rg_buf *out);
/* Write a path of this site without its language prefix, percent-encoded, ready for a header. False
 * and nothing usable when it could lead anywhere else, back to the door, or is too long.      */

#endif
