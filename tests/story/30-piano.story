# A small plan comes in with a fault, is mended, is read by everybody in every form, is changed by a
# planner with history and undo, and goes out as it came in.
with empty
run regia export plan plan
    stdout contains "0 "
file plan/plans.csv
    code,title,from_year,to_year,state,note,source
    prova-2024-26,Piano di prova,2024,2026,in_force,È una prova: il testo vero non è qui.,
file plan/elements.csv
    plan,code,parent,level,title,alt_title,text,complete,competence,addressee,state,state_reason,departments,partners,territory,paradigms,pnrr_measure,deadline,note,source
    prova-2024-26,6,,axis,Salute,più sana,,yes,,,running,,,,,,,,,
    prova-2024-26,6.1,6,strategy,Case della Comunità,,"Aprire le case, ogni giorno.",partial,1,,running,,Sanità,,,,M6C1,2026-03,,
    prova-2024-26,6.1,9,strategy,Due volte,,,yes,4,,,,,,,,,2026-02-30,,
file plan/renames.csv
    element,old,new,synonyms,reason,source
    prova-2024-26/6.1,Case della Salute,Case della Comunità,Poliambulatori,,
file plan/amendments.csv
    element,code,field,old,proposed,reason,contribution,state,decision,decided_day,source
    prova-2024-26/6.1,1,text,ogni giorno,anche la sera,lo chiede chi lavora,,proposed,,,
file plan/steps.csv
    element,ord,code,title,owner,from_day,to_day,money_cents,fund,state,state_reason,needs,source
    prova-2024-26/6.1,1,a,Progetto,ASL,2024-01,2024-06,15000000,PNRR,done,,,
    prova-2024-26/6.1,2,b,Lavori,ASL,2024-07,2025-12,300000000,PNRR,running,,a,
file plan/deadlines.csv
    code,element,day,lead_days,title,kind,reason,source
    prova-pnrr,prova-2024-26/6.1,2026-03,180,Strutture finite,pnrr,,
# Every fault at once, with file, line, field and remedy; nothing is loaded.
run regia load .
    exit 1
    stderr contains "elements.csv:4: code: 6.1 c'è già (riga 3"
    stderr contains "elements.csv:4: parent: sopra non c'è 9 nel piano prova-2024-26"
    stderr contains "elements.csv:4: competence: 4 non è un numero fra quelli ammessi (1–3)"
    stderr contains "elements.csv:4: deadline: 2026-02-30 non è una data"
    stderr contains "non è stato caricato niente"
file plan/elements.csv
    plan,code,parent,level,title,alt_title,text,complete,competence,addressee,state,state_reason,departments,partners,territory,paradigms,pnrr_measure,deadline,note,source
    prova-2024-26,6,,axis,Salute,più sana,,yes,,,running,,,,,,,,,
    prova-2024-26,6.1,6,strategy,Case della Comunità,,"Aprire le case, ogni giorno.",partial,1,,running,,Sanità,,,,M6C1,2026-03,,
run regia load .
    stdout contains "8 righe del piano"
# A level without its duty, an element without origin: each a line, and the status says so.
run regia check thread
    exit 1
    stdout contains "element prova-2024-26/6.1: «Case della Comunità» è di competenza diretta (livello 1) ma non ha un indicatore."
    stdout contains "non dice da quale voce o tema viene"
run regia check plan --json
    exit 1
    json $.findings[0].check exists
run regia account add anna --roles planner
    save word from stdout (\S{10,})\s*$
serve
GET /piano
    body contains "Piano di prova"
    body contains "È una prova: il testo vero non è qui."
GET /piano/prova-2024-26/6.1
    body contains "Aprire le case, ogni giorno."
    body contains "marzo 2026"
    body contains "3.150.000 €"
    body contains "<del>"
    body lacks "/piano/modifica/"
GET /en/piano/prova-2024-26/6.1
    body contains "Where it comes from"
GET /piano/prova-2024-26/6.1.json
    json $.element.competence = 1
    json $.steps count 2
# The name it had is still found.
GET /piano/elementi.json?q=poliambulatori
    json $.elements count 1
    json $.elements[0].ref = "prova-2024-26/6.1"
GET /piano/scadenze.ics
    header Content-Type ~ text/calendar
    body contains "UID:scadenza-prova-pnrr@regia"
GET /piano/scadenze.atom
    body contains "Strutture finite"
GET /piano/sintesi.json
    json $.gulpease >= 60
GET /piano/modifica/elements/2
    status 303
# Who plans applies the amendment: exact words for exact words.
as anna
GET /accedi
POST /accedi login=anna password="{word}"
    status 303
GET /piano/prova-2024-26/6.1
    body contains "/piano/emendamenti/1/applica"
POST /piano/emendamenti/1/applica
    status 303
    follow
    body contains "Aprire le case, anche la sera."
GET /piano/storia/elements/2
    body contains "emendamento applicato"
    body contains "<ins>"
    save undo from body href="(/piano/annulla/elements/2\?seq=\d+)
# A cycle of dependencies is refused where it is made.
GET /piano/modifica/steps/1
POST /piano/modifica/steps/1 needs=b
    status 400
    body contains "girano in tondo"
GET /piano/modifica/steps/1
POST /piano/modifica/steps/1 title="Progetto esecutivo" motivo="nome giusto"
    status 303
    follow
    body contains "Progetto esecutivo"
# Undone exactly; the export is what came in but for the name that stays.
GET {undo}
POST /piano/annulla/elements/2
    status 303
    follow
    body contains "Aprire le case, ogni giorno."
    body lacks "anche la sera.</p>"
kill -9
restart server
GET /piano/prova-2024-26/6.1
    body contains "Progetto esecutivo"
    body contains "Aprire le case, ogni giorno."
stop server
# What people changed stays when the same pack is loaded again.
run regia load .
    stdout contains "1 riga cambiata qui resta com'è"
run regia export plan fuori
    stdout contains "8 dati esportati"
