/* Any bytes as a login, a list of roles, a password, an address and a way back: what is accepted is
 * in its form, and no way back leads off the site or breaks a header.                        */
#include "accounts/rule.h"
#include "web/web.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = str_n((const char *)data, size);
    char login[ACCOUNTS_LOGIN_MAX + 1], again[ACCOUNTS_LOGIN_MAX + 1];
    char network[WEB_NETWORK_MAX];
    struct rg_buf buf;
    unsigned roles, back;
    rg_buf_init(&buf, 4096);
    if (accounts_login_form(s, login)) {
        RG_ASSERT(strlen(login) >= 2 && accounts_login_form(str_of(login), again));
        RG_ASSERT(strcmp(login, again) == 0);
    }
    if (accounts_roles_parse(s, &roles)) {
        accounts_roles_put(&buf, roles);
        RG_ASSERT(accounts_roles_parse(rg_buf_view(&buf), &back) && back == roles);
    }
    rg_buf_reset(&buf);
    if (accounts_way_back(s, &buf)) {
        struct str path = rg_buf_view(&buf);
        RG_ASSERT(path.n > 0 && path.p[0] == '/' && path.n <= 3 * ACCOUNTS_WAY_BACK_MAX);
        RG_ASSERT(path.n == 1 || path.p[1] != '/');
        for (size_t i = 0; i < path.n; i++)
            RG_ASSERT(path.p[i] > 0x20 && path.p[i] < 0x7F && path.p[i] != '\\');
    }
    web_network_of(s, network);
    RG_ASSERT(strlen(network) > 0);
    if (!accounts_password_problem(s, STR("m.rossi")))
        RG_ASSERT(size >= ACCOUNTS_PASSWORD_MIN && size <= ACCOUNTS_PASSWORD_MAX);
    rg_buf_done(&buf);
    return 0;
}
