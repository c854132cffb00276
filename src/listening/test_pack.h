/* A small pack for the tests of this room: an event with seven tables as at the Forum, themes with
 * positions, a document of some lines. Files are written into a folder of its own.             */
#ifndef LISTENING_TEST_PACK_H
#define LISTENING_TEST_PACK_H

#include "listening/listening.h"
#include "territory/territory.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct test_file {
    const char *name, *text;
};

static const struct test_file test_files[] = {
    {"documents", "code,title,author,day,url\n"
                  "rapporto,Rapporto del Forum,Ufficio di piano,2023-12,\n"},
    {"processes", "code,title,aim,source\n"
                  "psm,Verso il nuovo piano,Ascoltare prima di scrivere.,rapporto:1-3\n"},
    {"phases",
     "process,ord,code,title,from_day,to_day,state,inputs,outputs,next_steps,source\n"
     "psm,1,ascolto,Ascolto,2023-05,2023-11-10,done,33 interviste,Temi emersi,,rapporto:1-3\n"
     "psm,2,scrittura,Scrittura,2023-11,,running,,Position paper,Il testo torna ai tavoli.,\n"},
    {"events",
     "code,process,phase,kind,series,title,aim,place,area_code,day,starts,ends,n_present,"
     "n_remote,stream_url,recording_url,materials,minutes,state,source\n"
     "forum,psm,ascolto,forum,,Forum Metropolitano,Condividere le esigenze.,Torino,001272,"
     "2023-11-10,9:30,13:00,125,68,,https://example.org/video,Regole di ingaggio,,closed,"
     "rapporto:2-4\n"},
    {"agenda", "event,ord,starts,ends,kind,title,session\n"
               "forum,1,9:30,9:45,welcome,Accesso,\n"
               "forum,2,9:45,10:20,plenary,Introduzione,\n"
               "forum,3,10:20,11:20,session,Sessione 1,1\n"
               "forum,4,11:20,11:30,break,Pausa,\n"
               "forum,5,11:30,13:00,session,Sessione 2,2\n"},
    {"acts", "code,title,body,day,summary,event,source\n"
             "linee,Linee di indirizzo,Consiglio metropolitano,2023-05,Confermano gli assi.,"
             "forum,\n"},
    {"tables", "event,code,axis,title,room,capacity,n_present,merged_with,report,source\n"
               "forum,1,1,Digitale,,,21,,,\nforum,2,2,Ambiente,,,22,,,\n"
               "forum,3,3,Mobilità,,,20,,\"Detto in plenaria: \"\"più treni\"\".\",\n"
               "forum,4,4,Scuola,,,17,,,\nforum,5a,5,Inclusione A,,,,5b,,\n"
               "forum,5b,5,Inclusione B,,,,,,\nforum,6,6,Salute,,,13,,,\n"},
    {"counts", "event,what,code,n,rank,source\n"
               "forum,axis,1,21,,\nforum,axis,2,22,,\nforum,axis,3,20,,\nforum,axis,4,17,,\n"
               "forum,axis,5,26,,\nforum,axis,6,13,,\nforum,zone,1,,1,\nforum,zone,9,,3,\n"},
    {"sessions", "event,ord,title,question,source\n"
                 "forum,1,Lezioni,Quali lezioni?,\nforum,2,Esigenze,Quali esigenze?,\n"},
    {"speeches", "event,ord,speaker,aliases,role,body,summary,url,source\n"
                 "forum,1,Alessandro Dianin,Alessandro Danin,Ricercatore,IRES Piemonte,"
                 "Il contesto in cifre.,,rapporto:2\n"},
    {"interviews", "code,event,category,role,body,zone,day,guide,consent,source\n"
                   "I-01,,comune,Sindaco di un comune montano,Comune di Nascosto,9,2023-06,"
                   "Che cosa manca?,coded,\n"
                   "I-02,,impresa,Imprenditrice,,2,2023-06,,pseudonym,\n"},
    {"themes", "code,axis,title,summary,parked,source\n"
               "t-regia,,Una regia per i comuni,Molti chiedono una regia comune.,0,rapporto:5\n"
               "3-auto,3,Auto elettrica,Sull'auto elettrica ci sono due posizioni.,0,\n"
               "3-treni,3,Treni,Più treni la sera.,0,\n"
               "6-vecchio,6,Case della salute,,1,\n"},
    {"positions", "theme,code,title,text,source\n"
                  "3-auto,a,Subito,Va spinta subito.,rapporto:7\n"
                  "3-auto,b,Con prudenza,Costa ancora troppo.,rapporto:8\n"},
    {"contributions",
     "code,event,table,session,interview,document,line_from,line_to,kind,text,quote,category,"
     "zone,area_code,territory,contests,parked,local_case,themes,tags\n"
     "forum/3/2/001,forum,3,2,,rapporto,7,7,position,Le auto elettriche vanno aiutate subito.,,"
     "impresa,1,,plain,,0,0,3-auto/a,place:torino|body:5t\n"
     "forum/3/2/002,forum,3,2,,rapporto,8,9,position,\"Costano troppo, dice qualcuno.\",,comune,"
     "9,,,,0,0,3-auto/b|t-regia,\n"
     "forum/3/2/003,forum,3,2,,rapporto,9,10,need,Servono più treni la sera.,,cittadini,9,,,,0,"
     "0,3-treni,\n"
     "forum/6/1/001,forum,6,1,,rapporto,11,11,dissent,Non ci sono prove di nuove malattie.,,"
     "sanita,,,,psm-2021-23/6.2,0,0,,plan:psm-2021-23/6.2\n"
     "forum/1/1/001,forum,1,1,,rapporto,5,6,need,Le risorse venganomappate e distribuite.,,"
     "comune,2,,,,0,1,t-regia,need:mappa\n"
     "forum/6/2/001,forum,6,2,,,,,need,Solo sfiorato: le farmacie.,,,,,,,1,0,,\n"
     "I-01/001,,,,I-01,,,,need,Parole riservate del sindaco.,,comune,9,,mountain,,0,0,t-regia,\n"
     "I-02/001,,,,I-02,,,,need,L'impresa chiede <treni> & strade.,,impresa,2,,,,0,0,"
     "3-treni|t-regia,\n"},
};

static const char test_report[] =
    "\xC3\x88 iniziato l'ascolto del territorio con 33 interviste.\n"
    "Il Forum del 10 novembre 2023 ha chiuso la fase.\n"
    "Il risultato entra in un position paper.\n"
    "ASSE 3\n"
    "Serve una regia comune: che le risorse disponibili\n"
    "venganomappate e distribuite in modo pi\xC3\xB9 efficiente.\n"
    "C'\xC3\xA8 chi vuole l'auto elettrica subito.\n"
    "C'\xC3\xA8 chi la trova troppo cara.\n"
    "Servono treni\n"
    "anche la sera.\n"
    "Sulle malattie non ci sono prove.\n"
    "12\n";

static void
test_file_put(const char *folder, const char *name, const char *ending, struct str text)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s%s", folder, name, ending);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    fclose(f);
}

static inline void
test_pack_put(const char *folder)
{
    for (size_t i = 0; i < RG_COUNT(test_files); i++)
        test_file_put(folder, test_files[i].name, ".csv", str_of(test_files[i].text));
    test_file_put(folder, "rapporto", ".txt", str_of(test_report));
}

static inline void
test_folder_clear(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
        char path[512];
        snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
        if (e->d_name[0] != '.')
            unlink(path);
    }
    if (dir)
        closedir(dir);
    rmdir(folder);
}

/* ---- the records ---- */

struct test_world {
    struct rg_ctx ctx;
    struct store *store;
    char folder[64], database[80];
};

static const char *test_pgsql; /* the server to use; NULL: SQLite */

static inline void
test_world_open(struct test_world *w)
{
    static const struct store_room *const rooms[] = {&territory_store, &listening_store};
    snprintf(w->folder, sizeof(w->folder), "/tmp/regia-listening-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->database, sizeof(w->database), "%s/l.db", w->folder);
    const char *where = w->database;
    if (test_pgsql) {
        char command[512];
        snprintf(command, sizeof(command),
                 "psql -q '%s' -c 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' >/dev/null "
                 "2>&1",
                 test_pgsql);
        assert_int_equal(system(command), 0);
        where = test_pgsql;
    }
    assert_int_equal(rg_ctx_init(&w->ctx, 256 << 20), RG_OK);
    w->ctx.actor = (struct rg_actor){
        .account_id = 1, .roles = RG_ROLE_PUBLIC | RG_ROLE_ADMIN, .name = STR("prova")};
    enum rg_err err = store_open(&w->ctx, where, rooms, 2, &w->store);
    if (err != RG_OK)
        print_error("%s: %s\n", w->ctx.story.key, w->ctx.story.detail);
    assert_int_equal(err, RG_OK);
    assert_int_equal(store_session_begin(&w->ctx, w->store), RG_OK);
    test_pack_put(w->folder);
}

static inline void
test_world_close(struct test_world *w)
{
    store_session_end(&w->ctx);
    store_close(w->store);
    rg_ctx_done(&w->ctx);
    test_folder_clear(w->folder);
}

static inline void
test_pack_load(struct test_world *w, struct listening_load_report *report)
{
    enum rg_err err = listening_load(&w->ctx, w->folder, report);
    for (size_t i = 0; i < report->n_problems; i++)
        print_error("%.*s:%d %s %.*s\n", STR_ARG(report->problems[i].file),
                    (int)report->problems[i].line, report->problems[i].field,
                    STR_ARG(report->problems[i].text));
    if (err != RG_OK)
        print_error("%s: %s\n", w->ctx.story.key, w->ctx.story.detail);
    assert_int_equal(err, RG_OK);
}

/* Run the group on SQLite, and on PostgreSQL where REGIA_TEST_PG names a server. */
#define test_run(tests)                                                                        \
    ({                                                                                         \
        int failed_ = cmocka_run_group_tests(tests, NULL, NULL);                               \
        test_pgsql = getenv("REGIA_TEST_PG");                                                  \
        test_pgsql ? failed_ + cmocka_run_group_tests(tests, NULL, NULL) : failed_;            \
    })

#endif
