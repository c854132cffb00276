/* The pages of accounts, asked for without a wire: as a stranger, a reader, the administrator. */
#include "accounts/test_world.h"

struct site {
    struct world w;
    struct web_server *server;
    struct web_room room;
    struct web_config config;
    int64_t admin_id;
};

static enum rg_err
scope_name(struct rg_ctx *ctx, enum accounts_scope scope, int64_t id, struct str *ret_name)
{
    if (id != 7)
        return RG_FAIL(ctx, RG_ABSENT, "store.absent");
    *ret_name = scope == ACCOUNTS_ORG ? STR("Caritas <Ivrea>") : STR("Zona 8");
    return RG_OK;
}

static void
site_open(struct site *s)
{
    world_open(&s->w);
    s->w.accounts->options.scope_name = scope_name;
    s->admin_id = add_account(&s->w, "capo", RG_ROLE_ADMIN);
    store_session_end(&s->w.ctx);
    s->room = (struct web_room){"accounts", accounts_routes, accounts_n_routes, s->w.accounts};
    s->config = (struct web_config){.store = s->w.store, .rooms = &s->room, .n_rooms = 1,
                                    .who = accounts_who,
                                    .public_url = "https://regia.example"};
    assert_int_equal(web_start_offline(&s->w.ctx, &s->config, &s->server), RG_OK);
}

static void
site_close(struct site *s)
{
    s->server = web_stop(s->server);
    world_close(&s->w);
}

enum who { STRANGER, READER, ADMIN };

/* One request; its whole answer stays readable until the next. */
static int
ask(struct site *s, enum who who, const char *method, const char *target,
    struct web_answer *answer)
{
    struct rg_ctx *ctx = &s->w.ctx;
    static const unsigned roles[] = {0, RG_ROLE_READER, RG_ROLE_READER | RG_ROLE_ADMIN};
    ctx->actor = (struct rg_actor){.roles = RG_ROLE_PUBLIC | roles[who]};
    if (who != STRANGER) {
        ctx->actor.account_id = s->admin_id;
        ctx->actor.name = STR("capo");
    }
    rg_story_clear(ctx);
    assert_int_equal(web_simulate(s->server, ctx, method, target, answer), RG_OK);
    return answer->status;
}

static const char *
header(const struct web_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->n_headers; i++)
        if (strcmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    return NULL;
}

static bool
says(const struct web_answer *answer, const char *words)
{
    return str_find(rg_buf_view(&answer->body), str_of(words)) >= 0;
}

/* The forgery token that the forms of a page carry. */
static const char *
token_of(struct site *s, enum who who)
{
    struct web_answer answer;
    assert_int_equal(ask(s, who, "GET", who == STRANGER ? "/accedi" : "/io", &answer), 200);
    struct str body = rg_buf_view(&answer.body);
    struct str mark = STR("name=\"csrf\" value=\""), token_text;
    ptrdiff_t at = str_find(body, mark);
    assert_true(at > 0);
    body = str_n(body.p + at + mark.n, body.n - (size_t)at - mark.n);
    assert_true(str_cut(&body, '"', &token_text));
    const char *token = rg_arena_cstr(s->w.ctx.arena, token_text);
    web_answer_done(&answer);
    return token;
}

static int
post(struct site *s, enum who who, const char *path, const char *fields,
     struct web_answer *answer)
{
    const char *target =
        rg_arena_printf(s->w.ctx.arena, "%s?csrf=%s&%s", path, token_of(s, who), fields);
    return ask(s, who, "POST", target, answer);
}

static void
every_page_opens_for_the_right_people_only(void **state)
{
    static const struct {
        const char *path;
        int stranger, reader, admin;
    } pages[] = {{"/accedi", 200, 200, 200},
                 {"/accedi?verso=/io", 200, 200, 200},
                 {"/io", 303, 200, 200},
                 {"/io?fatto=password", 303, 200, 200},
                 {"/gestione", 303, 403, 200},
                 {"/gestione/persone", 303, 403, 200},
                 {"/gestione/persone?pagina=99", 303, 403, 200},
                 {"/gestione/persone.json", 403, 403, 200},
                 {"/gestione/persone.csv", 403, 403, 200},
                 {"/gestione/persone/nuova", 303, 403, 200},
                 {"/gestione/persone/1", 303, 403, 200},
                 {"/gestione/persone/1?fatto=salvato", 303, 403, 200},
                 {"/gestione/persone/99", 303, 403, 404},
                 {"/gestione/persone/x", 303, 403, 400},
                 {"/gestione/registro", 303, 403, 200},
                 {"/gestione/registro?prima=2", 303, 403, 200},
                 {"/gestione/registro.csv", 403, 403, 200},
                 {"/gestione/registro.json", 403, 403, 200},
                 {"/gestione/registro/1", 303, 403, 200},
                 {"/gestione/registro/1.csv", 403, 403, 200},
                 {"/gestione/registro/1.json", 403, 403, 200},
                 {"/gestione/registro/999", 303, 403, 404}};
    static const char *const prefixes[] = {"", "/fr", "/en"};
    struct site s = {0};
    struct web_answer answer;
    site_open(&s);
    for (size_t p = 0; p < RG_COUNT(prefixes); p++)
        for (size_t i = 0; i < RG_COUNT(pages); i++) {
            const int wanted[] = {pages[i].stranger, pages[i].reader, pages[i].admin};
            const char *target =
                rg_arena_printf(s.w.ctx.arena, "%s%s", prefixes[p], pages[i].path);
            for (int who = STRANGER; who <= ADMIN; who++) {
                int status = ask(&s, (enum who)who, "GET", target, &answer);
                if (status != wanted[who])
                    print_error("%s as %d: %d\n", target, who, status);
                assert_int_equal(status, wanted[who]);
                assert_false(says(&answer, "accounts.")); /* a key that has no words */
                assert_false(says(&answer, "argon2"));
                web_answer_done(&answer);
            }
        }
    site_close(&s);
}

static void
the_door_sets_a_cookie_that_opens(void **state)
{
    struct site s = {0};
    struct web_answer answer;
    struct web_who who;
    site_open(&s);
    assert_int_equal(post(&s, STRANGER, "/accedi",
                          "login=capo&password=sette+pesci+nel+sacco&verso=/fr/gestione?a=%C3%A8",
                          &answer), 303);
    assert_string_equal(header(&answer, "Location"), "/gestione?a=%C3%A8");
    const char *cookie = header(&answer, "Set-Cookie");
    assert_non_null(cookie);
    struct str token = str_n(cookie + strlen("regia="), 64);
    assert_string_equal(token.p + 64, "; Path=/; HttpOnly; SameSite=Lax; Secure");
    assert_int_equal(store_session_begin(&s.w.ctx, s.w.store), RG_OK);
    assert_int_equal(accounts_who(&s.w.ctx, token, &who), RG_OK);
    assert_true(who.found && who.actor.account_id == s.admin_id);
    store_session_end(&s.w.ctx);
    web_answer_done(&answer);
    assert_int_equal(post(&s, ADMIN, "/esci", "", &answer), 303);
    assert_non_null(strstr(header(&answer, "Set-Cookie"), "regia=; "));
    web_answer_done(&answer);
    site_close(&s);
}

static void
a_wrong_password_shows_the_form_again_with_all_but_the_password(void **state)
{
    struct site s = {0};
    struct web_answer answer;
    site_open(&s);
    assert_int_equal(post(&s, STRANGER, "/accedi", "login=ca%22po&password=gXz9secret&verso=/io",
                          &answer), 403);
    assert_true(says(&answer, "Nome utente o password non sono giusti"));
    assert_true(says(&answer, "value=\"ca&quot;po\"") || says(&answer, "value=\"ca&#34;po\""));
    assert_true(says(&answer, "value=\"/io\""));
    assert_false(says(&answer, "gXz9secret"));
    assert_null(header(&answer, "Set-Cookie"));
    web_answer_done(&answer);
    assert_int_equal(post(&s, STRANGER, "/accedi", "login=capo", &answer), 400);
    assert_true(says(&answer, "href=\"#password\""));
    web_answer_done(&answer);
    for (int i = 0; i < THROTTLE_FREE - 1; i++) {
        assert_int_equal(post(&s, STRANGER, "/accedi", "login=x&password=y", &answer), 403);
        web_answer_done(&answer);
    }
    assert_int_equal(post(&s, STRANGER, "/accedi", "login=x&password=y", &answer), 429);
    assert_true(says(&answer, "Aspetta 6 secondi"));
    assert_non_null(header(&answer, "Retry-After"));
    web_answer_done(&answer);
    assert_int_equal(ask(&s, STRANGER, "POST", "/accedi?login=capo&password=y", &answer), 403);
    web_answer_done(&answer); /* without the form's token */
    site_close(&s);
}

static void
a_person_is_added_changed_and_given_a_new_password(void **state)
{
    struct site s = {0};
    struct web_answer answer;
    site_open(&s);
    assert_int_equal(post(&s, ADMIN, "/gestione/persone/nuova",
                          "login=a+b&nome=Anna&ruoli=editor&ente=8&lingua=it&password=corta",
                          &answer), 400);
    static const char *const linked[] = {"href=\"#login\"", "href=\"#ente\"", "href=\"#password\"",
                                         "value=\"Anna\"",  "value=\"8\"",    "value=\"a b\""};
    for (size_t i = 0; i < RG_COUNT(linked); i++)
        assert_true(says(&answer, linked[i]));
    assert_false(says(&answer, "href=\"#nome\"") || says(&answer, "corta\""));
    web_answer_done(&answer);
    assert_int_equal(post(&s, ADMIN, "/gestione/persone/nuova",
                          "login=anna&nome=Anna&ruoli=editor&ruoli=planner&ente=7&lingua=fr",
                          &answer), 200);
    assert_true(says(&answer, "<code>")); /* the password, this once */
    web_answer_done(&answer);
    assert_int_equal(post(&s, ADMIN, "/gestione/persone/nuova",
                          "login=Anna&nome=Altra&ruoli=reader&lingua=it", &answer), 409);
    assert_true(says(&answer, "href=\"#login\""));
    web_answer_done(&answer);
    assert_int_equal(ask(&s, ADMIN, "GET", "/gestione/persone/2", &answer), 200);
    assert_true(says(&answer, "Caritas &lt;Ivrea&gt;"));
    assert_true(says(&answer, "value=\"fr\" selected"));
    web_answer_done(&answer);
    assert_int_equal(post(&s, ADMIN, "/gestione/persone/2",
                          "nome=Anna+Bruni&ruoli=facilitator&ente=7&lingua=fr&attivo=1",
                          &answer), 303);
    assert_string_equal(header(&answer, "Location"), "/gestione/persone/2?fatto=salvato");
    web_answer_done(&answer);
    assert_int_equal(post(&s, ADMIN, "/gestione/persone/2", "nome=&lingua=fr", &answer), 400);
    assert_true(says(&answer, "href=\"#nome\"") && says(&answer, "href=\"#ruoli\""));
    web_answer_done(&answer);
    assert_int_equal(post(&s, ADMIN, "/gestione/persone/2/password", "", &answer), 200);
    assert_true(says(&answer, "<code>"));
    web_answer_done(&answer);
    assert_int_equal(post(&s, ADMIN, "/gestione/persone/1",
                          "nome=Capo&ruoli=reader&lingua=it&attivo=1", &answer), 409);
    assert_true(says(&answer, "ultimo amministratore"));
    web_answer_done(&answer);
    assert_int_equal(post(&s, READER, "/gestione/persone/2", "nome=X&ruoli=admin&lingua=it",
                          &answer), 403);
    web_answer_done(&answer);
    site_close(&s);
}

static void
whoever_gives_up_their_own_role_goes_on_with_a_new_session(void **state)
{
    struct site s = {0};
    struct web_answer answer;
    site_open(&s);
    assert_int_equal(store_session_begin(&s.w.ctx, s.w.store), RG_OK);
    add_account(&s.w, "vice", RG_ROLE_ADMIN);
    store_session_end(&s.w.ctx);
    assert_int_equal(post(&s, ADMIN, "/gestione/persone/1",
                          "nome=Capo&ruoli=planner&lingua=it&attivo=1", &answer), 303);
    assert_string_equal(header(&answer, "Location"), "/io");
    assert_int_equal(strlen(header(&answer, "Set-Cookie")),
                     strlen("regia=; Path=/; HttpOnly; SameSite=Lax; Secure") + 64);
    web_answer_done(&answer);
    site_close(&s);
}

static void
the_own_password_changes_by_form(void **state)
{
    struct site s = {0};
    struct web_answer answer;
    site_open(&s);
    assert_int_equal(post(&s, READER, "/io/password",
                          "attuale=x&nuova=otto+rane+sul+ponte&ripetuta=otto+rane", &answer), 400);
    assert_true(says(&answer, "href=\"#ripetuta\"") && !says(&answer, "otto rane"));
    web_answer_done(&answer);
    assert_int_equal(post(&s, READER, "/io/password",
                          "attuale=x&nuova=otto+rane+sul+ponte&ripetuta=otto+rane+sul+ponte",
                          &answer), 403);
    assert_true(says(&answer, "href=\"#attuale\""));
    web_answer_done(&answer);
    assert_int_equal(post(&s, READER, "/io/password",
                          "attuale=sette+pesci+nel+sacco&nuova=otto+rane+sul+ponte"
                          "&ripetuta=otto+rane+sul+ponte", &answer), 303);
    assert_string_equal(header(&answer, "Location"), "/io?fatto=password");
    assert_non_null(header(&answer, "Set-Cookie"));
    web_answer_done(&answer);
    site_close(&s);
}

static void
the_register_shows_each_row_before_and_after(void **state)
{
    struct site s = {0};
    struct web_answer answer;
    site_open(&s);
    assert_int_equal(post(&s, ADMIN, "/gestione/persone/1",
                          "nome=Nuovo+%3Cnome%3E&ruoli=admin&lingua=it&attivo=1", &answer), 303);
    web_answer_done(&answer);
    assert_int_equal(post(&s, STRANGER, "/accedi", "login=capo&password=no", &answer), 403);
    web_answer_done(&answer);
    assert_int_equal(ask(&s, ADMIN, "GET", "/gestione/registro", &answer), 200);
    assert_true(says(&answer, "persona modificata") && says(&answer, "accesso non riuscito"));
    assert_true(says(&answer, "/gestione/registro/2\""));
    web_answer_done(&answer);
    assert_int_equal(ask(&s, ADMIN, "GET", "/gestione/registro/2", &answer), 200);
    assert_true(says(&answer, "<td>capo</td>") && says(&answer, "<td>Nuovo &lt;nome&gt;</td>"));
    assert_false(says(&answer, "created_s")); /* what did not change is left out */
    web_answer_done(&answer);
    assert_int_equal(ask(&s, ADMIN, "GET", "/gestione/registro/2.csv", &answer), 200);
    assert_true(says(&answer, "accounts_account,1,u,name,capo,Nuovo <nome>"));
    web_answer_done(&answer);
    assert_int_equal(ask(&s, ADMIN, "GET", "/gestione/registro/4", &answer), 200);
    assert_true(says(&answer, "127.0.0.0/24") && says(&answer, "accesso non riuscito"));
    web_answer_done(&answer);
    assert_int_equal(ask(&s, ADMIN, "GET", "/gestione/registro?prima=2", &answer), 200);
    assert_true(says(&answer, "persona aggiunta") && !says(&answer, "persona modificata"));
    web_answer_done(&answer);
    site_close(&s);
}

/* Whatever allocation fails, a page of the administrator is answered and the server stands. */
static void
any_allocation_may_fail_on_a_page(void **state)
{
    static const char *const pages[] = {"/io", "/gestione/persone", "/gestione/persone/1",
                                        "/gestione/registro", "/gestione/registro/1"};
    struct site s = {0};
    site_open(&s);
    for (size_t p = 0; p < RG_COUNT(pages); p++) {
        bool done = false;
        for (long n = 1; n < 2000 && !done; n++) {
            struct rg_ctx ctx;
            struct web_answer answer;
            assert_int_equal(rg_ctx_init(&ctx, 8 << 20), RG_OK);
            ctx.now_s = START;
            ctx.actor = (struct rg_actor){.account_id = s.admin_id, .name = STR("capo"),
                                          .roles = RG_ROLE_READER | RG_ROLE_ADMIN};
            rg_alloc_fail_after(n);
            enum rg_err err = web_simulate(s.server, &ctx, "GET", pages[p], &answer);
            for (long i = 0; i < n && !done; i++)
                done = rg_alloc_should_fail(); /* it was still to come: nothing failed */
            rg_alloc_fail_after(0);
            if (err == RG_OK && done)
                assert_int_equal(answer.status, 200);
            web_answer_done(&answer);
            rg_ctx_done(&ctx);
        }
        assert_true(done);
    }
    site_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_opens_for_the_right_people_only),
        cmocka_unit_test(the_door_sets_a_cookie_that_opens),
        cmocka_unit_test(a_wrong_password_shows_the_form_again_with_all_but_the_password),
        cmocka_unit_test(a_person_is_added_changed_and_given_a_new_password),
        cmocka_unit_test(whoever_gives_up_their_own_role_goes_on_with_a_new_session),
        cmocka_unit_test(the_own_password_changes_by_form),
        cmocka_unit_test(the_register_shows_each_row_before_and_after),
        cmocka_unit_test(any_allocation_may_fail_on_a_page),
    };
    RUN_ON_BOTH("accounts pages", tests);
}
