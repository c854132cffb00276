/* What the tests of this room share: a small plan with voices behind it, in a temporary
 * database, on SQLite and, where REGIA_TEST_PG names a server, on PostgreSQL. */
#ifndef PLAN_TEST_WORLD_H
#define PLAN_TEST_WORLD_H

#include "plan/plan_priv.h"
#include "territory/territory.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

struct world {
    struct rg_ctx ctx;
    struct store *store;
    struct web_server *server;
    struct web_room room;
    struct web_answer answer;
    bool answered;
    char db[64], pack[64], told[16384]; /* told: the faults of the last loading */
};

static const char *world_pgsql; /* the server to use; NULL: SQLite */

#define world_run(tests)                                                                       \
    ({                                                                                         \
        int failed_ = cmocka_run_group_tests(tests, NULL, NULL);                               \
        world_pgsql = getenv("REGIA_TEST_PG");                                                 \
        world_pgsql ? failed_ + cmocka_run_group_tests(tests, NULL, NULL) : failed_;           \
    })

extern const char world_below[];
/* What is below the plan, as SQL: world_test.c. */

static const char *const world_files[][2] = {
    {"plans",
     "code,title,from_year,to_year,state,note,source\n"
     "vecchio,Piano di prima,2021,2023,closed,,\n"
     "nuovo,Piano di adesso,2024,2026,in_force,manca il testo delle azioni,forum:1-2\n"},
    {"elements",
     "plan,code,parent,level,title,alt_title,text,complete,competence,addressee,state,state_"
     "reason,"
     "departments,partners,territory,paradigms,pnrr_measure,deadline,note,source\n"
     "vecchio,6,,axis,Salute,,,yes,,,done,,,,,,,,,\n"
     "vecchio,6.1,6,strategy,Rete delle case,,,yes,,,done,,,,,,,,,\n"
     "nuovo,2,,axis,Ambiente,più verde,,yes,,,running,,,,,,,,,\n"
     "nuovo,6,,axis,Salute,più sana,,yes,,,running,,,,,,,,,\n"
     "nuovo,6.1,6,strategy,Case della Comunità,,\"Aprire le case, ogni giorno. Case "
     "vicine.\",partial"
     ",1,,running,,Sanità,ASL TO4|Comune di Ivrea,hill,digital,M6C1,2026-03,,forum:10-12\n"
     "nuovo,6.2,6,strategy,Aria,,L'ambiente è un fattore che abilita. Segue "
     "altro.,partial,3,Regione,"
     "late,mancano i dati,,,,,,,,\n"
     "nuovo,6.1.1,6.1,action,Aprire ad Ivrea,,,no,2,,not_started,,,,,,,,,\n"},
    {"links",
     "from,to,kind,reason,source\n"
     "nuovo/6.1,vecchio/6.1,continues,,\nnuovo/6,nuovo/2,affects,aria e salute,forum:5\n"},
    {"origins", "element,theme,contribution,how,note\n"
                "nuovo/6.1,t-case,,answers,\nnuovo/6.1.1,,forum/6/1,takes_up,\n"},
    {"fates", "theme,contribution,fate,reason,source\n"
              "t-aria,,parked,se ne riparla nel 2025,\n"},
    {"objectives",
     "element,code,title,measure,unit,baseline,baseline_year,target,target_day,owner,"
     "relevance,source\n"
     "nuovo/6.1,1,Case aperte,case aperte,sedi,0,2023,82,2026-03,ASL,,\n"
     "nuovo/6.2,1,Aria migliore,,,,,,,,,\n"},
    {"amendments",
     "element,code,field,old,proposed,reason,contribution,state,decision,decided_day,"
     "source\n"
     "nuovo/6.2,1,text,L'ambiente è un fattore che abilita.,L'ambiente sano dà salute.,"
     "è più chiara,forum/6/3,proposed,,,forum:20\n"},
    {"renames", "element,old,new,synonyms,reason,source\n"
                "nuovo/6.1,Case della Salute,Case della Comunità,Poliambulatori,la legge,\n"},
    {"instruments", "code,title,kind,state,body,url,note,source\n"
                    "amsvs,Agenda per lo sviluppo sostenibile,agenda,in_force,CMTo,,,\n"},
    {"coherence", "element,instrument,goal,relation,note,source\n"
                  "nuovo/6.1,amsvs,Salute,serves,,\n"},
    {"steps",
     "element,ord,code,title,owner,from_day,to_day,money_cents,fund,state,state_reason,needs,"
     "source\n"
     "nuovo/6.1,1,a,Progetto,ASL,2024-01,2024-06,15000000,PNRR,done,,,\n"
     "nuovo/6.1,2,b,Lavori,ASL,2024-07,2025-12,300000000,PNRR,running,,a,\n"},
    {"deadlines", "code,element,day,lead_days,title,kind,reason,source\n"
                  "pnrr,nuovo/6.1,2026-03,180,Strutture finite,pnrr,,forum:30\n"},
    {"requests",
     "code,element,level,addressee,title,kind,legal_gap,state,raised_by,day,due_day,"
     "answer,answer_day,source\n"
     "r1,nuovo/6.2,region,Regione,Dati dell'aria,request,,sent,,2024-01-10,2024-03-10,,,\n"},
    {"acts",
     "code,body,title,kind,day,quorum,n_present,n_for,n_against,n_abstained,commitments,"
     "elements,source\n"
     "a1,Assemblea dei Sindaci,Adozione,resolution,2024-02-01,100,210,200,4,6,"
     "Aprire entro il 2026|Riferire ogni anno,nuovo/6.1,\n"},
    {"adoptions", "element,area_code,state,act,day,source\n"
                  "nuovo/6.1.1,001125,adopted,DCC 12,2024-05-01,\n"},
};

static inline void
world_write(const struct world *w, const char *file, const char *text)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s.csv", w->pack, file);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    fclose(f);
}

static inline void
world_tell(void *arg, struct str line)
{
    struct world *w = arg;
    size_t n = strlen(w->told);
    snprintf(w->told + n, sizeof(w->told) - n, "%.*s\n", STR_ARG(line));
}

static inline enum rg_err
world_load(struct world *w, struct plan_load_counts *counts)
{
    w->told[0] = '\0';
    rg_story_clear(&w->ctx);
    return plan_load(&w->ctx, w->pack, world_tell, w, counts);
}

static inline void
world_sql(struct world *w, const char *sql)
{
    if (world_pgsql) {
        char path[96], command[512];
        snprintf(path, sizeof(path), "%s/world.sql", w->pack);
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        fputs(sql, f);
        fclose(f);
        snprintf(command, sizeof(command), "psql -q -v ON_ERROR_STOP=1 '%s' -f %s >/dev/null",
                 world_pgsql, path);
        assert_int_equal(system(command), 0);
        return;
    }
    sqlite3 *db;
    char *error = NULL;
    assert_int_equal(sqlite3_open(w->db, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
        fail_msg("%s", error);
    sqlite3_close(db);
}

static inline void
world_store(struct world *w)
{
    static const struct store_room *const rooms[] = {&territory_store, &listening_store,
                                                     &plan_store};
    const char *where = w->db;
    if (world_pgsql) {
        char command[512];
        snprintf(command, sizeof(command),
                 "psql -q '%s' -c 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' "
                 ">/dev/null 2>&1",
                 world_pgsql);
        assert_int_equal(system(command), 0);
        where = world_pgsql;
    }
    enum rg_err err = store_open(&w->ctx, where, rooms, RG_COUNT(rooms), &w->store);
    if (err != RG_OK)
        print_error("%s %s\n", w->ctx.story.key, w->ctx.story.detail);
    assert_int_equal(err, RG_OK);
    world_sql(w, world_below);
    assert_int_equal(store_session_begin(&w->ctx, w->store), RG_OK);
}

static inline void
world_open(struct world *w, bool load)
{
    memset(w, 0, sizeof(*w));
    snprintf(w->db, sizeof(w->db), "/tmp/regia-plan-%d.db", (int)getpid());
    snprintf(w->pack, sizeof(w->pack), "/tmp/regia-plan-%d", (int)getpid());
    unlink(w->db);
    mkdir(w->pack, 0700);
    assert_int_equal(rg_ctx_init(&w->ctx, 256 << 20), RG_OK);
    w->ctx.now_s = 1759312800; /* 2025-10-01, noon in Rome: March 2026 is 181 days away */
    w->ctx.actor = (struct rg_actor){.name = STR("prova"), .roles = RG_ROLE_PUBLIC};
    for (size_t i = 0; i < RG_COUNT(world_files); i++)
        world_write(w, world_files[i][0], world_files[i][1]);
    world_store(w);
    if (load) {
        struct plan_load_counts counts;
        enum rg_err err = world_load(w, &counts);
        if (err != RG_OK)
            print_error("%s\n%s %s\n", w->told, w->ctx.story.key, w->ctx.story.detail);
        assert_int_equal(err, RG_OK);
    }
}

static inline void
world_close(struct world *w)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char path[160];
    if (w->answered)
        web_answer_done(&w->answer);
    w->server = web_stop(w->server);
    store_session_end(&w->ctx);
    w->store = store_close(w->store);
    rg_ctx_done(&w->ctx);
    for (size_t i = 0; i < RG_COUNT(ends); i++) {
        snprintf(path, sizeof(path), "%s%s", w->db, ends[i]);
        unlink(path);
    }
    snprintf(path, sizeof(path), "rm -rf '%s' '%s.out'", w->pack, w->pack);
    assert_int_equal(system(path), 0);
}

static inline bool
has(struct str body, const char *what)
{
    return str_find(body, str_of(what)) >= 0;
}

static inline void
must_have(struct str body, const char *what)
{
    if (!has(body, what))
        print_error("missing: %s\nin: %.*s\n", what, (int)(body.n > 9000 ? 9000 : body.n),
                    body.p);
    assert_true(has(body, what));
}

#endif
