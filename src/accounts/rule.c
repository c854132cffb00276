#include "accounts/rule.h"
#include <arpa/inet.h>
#include <stdio.h>

/* ---- roles ---- */

static const struct {
    unsigned bit;
    const char *name, *key;
} roles_known[] = {
    {RG_ROLE_ADMIN, "admin", "accounts.role.admin"},
    {RG_ROLE_PLANNER, "planner", "accounts.role.planner"},
    {RG_ROLE_FACILITATOR, "facilitator", "accounts.role.facilitator"},
    {RG_ROLE_DELEGATE, "delegate", "accounts.role.delegate"},
    {RG_ROLE_EDITOR, "editor", "accounts.role.editor"},
    {RG_ROLE_READER, "reader", "accounts.role.reader"},
};

unsigned
accounts_role_at(size_t i)
{
    return i < RG_COUNT(roles_known) ? roles_known[i].bit : 0;
}

const char *
accounts_role_name(unsigned bit)
{
    for (size_t i = 0; i < RG_COUNT(roles_known); i++)
        if (roles_known[i].bit == bit)
            return roles_known[i].name;
    return NULL;
}

const char *
accounts_role_key(unsigned bit)
{
    for (size_t i = 0; i < RG_COUNT(roles_known); i++)
        if (roles_known[i].bit == bit)
            return roles_known[i].key;
    return NULL;
}

bool
accounts_roles_parse(struct str text, unsigned *ret_roles)
{
    unsigned roles = 0;
    struct str piece;
    while (str_cut(&text, ',', &piece)) {
        size_t i = 0;
        piece = str_trim(piece);
        while (i < RG_COUNT(roles_known) && !str_eq(piece, str_of(roles_known[i].name)))
            i++;
        if (i == RG_COUNT(roles_known))
            return false;
        roles |= roles_known[i].bit;
    }
    if (!roles)
        return false;
    *ret_roles = roles | RG_ROLE_READER;
    return true;
}

void
accounts_roles_put(struct rg_buf *out, unsigned roles)
{
    bool any = false;
    for (size_t i = 0; i < RG_COUNT(roles_known); i++) {
        bool plain_reader = roles_known[i].bit == RG_ROLE_READER;
        if (plain_reader ? any : !(roles & roles_known[i].bit))
            continue;
        if (any)
            rg_buf_c(out, ',');
        rg_buf_str(out, str_of(roles_known[i].name));
        any = true;
    }
}

/* ---- logins ---- */

static char
small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool
letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool
accounts_login_form(struct str typed, char ret_login[ACCOUNTS_LOGIN_MAX + 1])
{
    char form[ACCOUNTS_LOGIN_MAX + 1];
    typed = str_trim(typed);
    if (typed.n < 2 || typed.n > ACCOUNTS_LOGIN_MAX)
        return false;
    for (size_t i = 0; i < typed.n; i++) {
        char c = form[i] = small(typed.p[i]);
        if (!letter_or_digit(c) && (i == 0 || c == '\0' || !strchr("._-+@", c)))
            return false;
    }
    form[typed.n] = '\0';
    memcpy(ret_login, form, typed.n + 1);
    return true;
}

/* ---- passwords ---- */

/* What people choose first (the published lists of leaks agree on most), and what anybody would
 * try on this site. Compared after taking off digits and signs at both ends.                  */
static const char *const commonest[] = {
    "",           "password",   "passw",        "passwordpassword", "qwerty",     "qwertyuiop",
    "asdfghjkl",  "letmein",    "welcome",      "administrator",    "admin",      "adminadmin",
    "superman",   "iloveyou",   "football",     "monkey",           "dragon",     "sunshine",
    "princess",   "master",     "changeme",     "benvenuto",        "buongiorno", "amministratore",
    "amministrazione",          "juventus",     "juventusfc",       "forzajuve",  "torino",
    "forzatoro",  "piemonte",   "italia",       "forzaitalia",      "tiamo",      "amoremio",
    "ciaociao",   "ciao",       "francesco",    "francesca",        "alessandro", "alessandra",
    "giuseppe",   "valentina",  "andrea",       "regia",            "cabinadiregia",
    "cittametropolitana",       "comune",       "comuneditorino",   "segreteria", "motdepasse",
    "bonjour",    "azertyuiop", "bienvenue",    "zxcvbnm",          "secret",     "computer",
    "internet",   "segreto",    "provaprova",   "prova",            "testtest",   "test",
    "demo",       "demodemo",
};

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool
is_commonest(struct str password)
{
    while (password.n && !is_letter(password.p[0]))
        password = str_n(password.p + 1, password.n - 1);
    while (password.n && !is_letter(password.p[password.n - 1]))
        password.n--;
    for (size_t i = 0; i < RG_COUNT(commonest); i++)
        if (str_eq_nocase(password, str_of(commonest[i])))
            return true;
    return false;
}

/* A piece of at most four bytes over and over. */
static bool
repeats(struct str s)
{
    for (size_t period = 1; period <= 4 && period < s.n; period++) {
        size_t i = period;
        while (i < s.n && s.p[i] == s.p[i - period])
            i++;
        if (i == s.n)
            return true;
    }
    return false;
}

/* Each byte one more, or one less, than the one before ("9" goes on with "0"). */
static bool
runs(struct str s)
{
    for (int step = -1; step <= 1; step += 2) {
        size_t i = 1;
        for (; i < s.n; i++) {
            int was = (unsigned char)s.p[i - 1], is = (unsigned char)s.p[i];
            bool wraps = (step > 0 && was == '9' && is == '0') ||
                         (step < 0 && was == '0' && is == '9');
            if (is - was != step && !wraps)
                break;
        }
        if (i >= s.n)
            return true;
    }
    return false;
}

/* The login is in it and little else. */
static bool
made_of_login(struct str password, struct str login)
{
    for (size_t i = 0; login.n && i + login.n <= password.n; i++)
        if (str_eq_nocase(str_n(password.p + i, login.n), login))
            return password.n - login.n < ACCOUNTS_PASSWORD_MIN / 2;
    return false;
}

const char *
accounts_password_problem(struct str password, struct str login)
{
    if (password.n > ACCOUNTS_PASSWORD_MAX || !str_utf8_ok(password))
        return "accounts.problem.password_long";
    size_t n = 0;
    for (struct str rest = password; rest.n > 0; n++)
        (void)str_utf8_next(&rest);
    if (n < ACCOUNTS_PASSWORD_MIN)
        return "accounts.problem.password_short";
    if (is_commonest(password) || repeats(password) || runs(password))
        return "accounts.problem.password_common";
    if (made_of_login(password, login))
        return "accounts.problem.password_login";
    return NULL;
}

/* ---- where to ---- */

static bool
leads_to(struct str path, struct str door)
{
    return str_starts(path, door) &&
           (path.n == door.n || path.p[door.n] == '?' || path.p[door.n] == '/');
}

bool
accounts_way_back(struct str wanted, struct rg_buf *out)
{
    enum rg_lang lang;
    if (wanted.n > ACCOUNTS_WAY_BACK_MAX || !str_utf8_ok(wanted))
        return false;
    if (wanted.n >= 4 && wanted.p[0] == '/' && wanted.p[3] == '/' &&
        rg_lang_of(str_n(wanted.p + 1, 2), &lang))
        wanted = str_n(wanted.p + 3, wanted.n - 3);
    if (wanted.n == 0 || wanted.p[0] != '/' || str_starts(wanted, STR("//")))
        return false;
    if (leads_to(wanted, STR("/accedi")) || leads_to(wanted, STR("/esci")))
        return false;
    for (size_t i = 0; i < wanted.n; i++) {
        unsigned char c = (unsigned char)wanted.p[i];
        if (c < 0x20 || c == 0x7F || c == '\\' || c == '#') /* browsers read '\' as '/' */
            return false;
        if (c > 0x20 && c < 0x7F && !strchr("\"<>^`{|}", c))
            rg_buf_c(out, (char)c);
        else
            rg_buf_printf(out, "%%%02X", c);
    }
    return !out->failed;
}
