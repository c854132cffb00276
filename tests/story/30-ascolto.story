# What was said: a pack is loaded, its themes lead to voices and voices to lines of the report; a
# facilitator merges two themes and undoes it; two people on one card lose nothing.
file documents.csv
    code,title,author,day,url
    rapporto,Rapporto del Forum,Ufficio di piano,2023-12,
file events.csv
    code,process,phase,kind,series,title,aim,place,area_code,day,starts,ends,n_present,n_remote,stream_url,recording_url,materials,minutes,state,source
    prova-forum,,,forum,,Forum di prova,Ascoltare.,Torino,,2023-11-10,9:30,11:00,12,3,,,,,closed,rapporto:1-2
file agenda.csv
    event,ord,starts,ends,kind,title,session
    prova-forum,1,9:30,10:00,plenary,Apertura,
    prova-forum,2,10:00,11:00,session,Sessione,1
file tables.csv
    event,code,axis,title,room,capacity,n_present,merged_with,report,source
    prova-forum,3,3,Mobilità,,,9,,,
file sessions.csv
    event,ord,title,question,source
    prova-forum,1,Esigenze,Che cosa manca?,
file themes.csv
    code,axis,title,summary,parked,source
    prova-treni,3,Treni della sera,Più treni la sera.,0,rapporto:2-2
    prova-corse,3,Corse notturne,Corse anche di notte.,0,
file positions.csv
    theme,code,title,text,source
    prova-treni,a,Subito,Da subito.,
file contributions.csv
    code,event,table,session,interview,document,line_from,line_to,kind,text,quote,category,zone,area_code,territory,contests,parked,local_case,themes,tags
    prova-forum/3/1/001,prova-forum,3,1,,rapporto,2,2,need,Servono più zampillotreni la sera.,,cittadini,9,,,,0,0,prova-treni/a,
    prova-forum/3/1/002,prova-forum,3,1,,rapporto,3,3,need,Anche di notte.,,comune,9,,,,0,0,prova-corse,
file rapporto.txt
    Si è aperto il forum di prova.
    Qualcuno chiede piùtreni la sera.
    Altri anche di notte.
run regia load .
    stdout contains "2 contributi dell'ascolto"
    stdout contains "i presenti sono 12, ai tavoli se ne contano 9"
run regia import report rapporto.txt --name rapporto
    stdout contains "3 righe importate"
run regia export listening fuori
    stdout contains "dati esportati"
file nul.txt
    %%%%&&&&////====^^^^
run regia import report nul.txt --name nul
    exit 1
    stderr contains "non sembra un testo"
run regia account add anna --roles facilitator
    save word from stdout (\S{10,})\s*$
serve
GET /ascolto?q=zampillotreni
    body contains "/ascolto/contributi/prova-forum_3_1_001"
GET /ascolto/eventi/prova-forum
    body contains "in tutto 90 minuti"
GET /ascolto/eventi/prova-forum/programma.ics
    header Content-Type ~ text/calendar
    body contains "UID:prova-forum-2@regia.ascolto"
GET /ascolto/contributi/prova-forum_3_1_001
    body contains "/ascolto/documenti/rapporto?riga=2#L2"
    body contains "/ascolto/temi/prova-treni#posizione-a"
GET /ascolto/documenti/rapporto
    body contains "/ascolto/contributi/prova-forum_3_1_001"
GET /ascolto/contributi.json?tema=prova-treni
    json $.total = 1
    json $.contributi[0].code = "prova-forum/3/1/001"
GET /ascolto/temi/prova-treni/modifica
    status 303
as anna
GET /accedi
POST /accedi login=anna password="{word}"
    status 303
GET /ascolto/temi/prova-corse/modifica
POST /ascolto/temi/prova-corse/unisci verso=prova-treni motivo="Stessa richiesta"
    status 303
    follow
    body contains "prova-forum_3_1_002"
    body contains "Corse notturne"
as chiunque
GET /ascolto/temi/prova-corse
    status 301
as anna
GET /ascolto/temi/prova-treni/storia
    body contains "Stessa richiesta"
    save undo from body href="(/ascolto/temi/prova-treni/annulla\?seq=\d+)
GET {undo}
POST /ascolto/temi/prova-treni/annulla
    status 303
GET /ascolto/temi/prova-corse
    status 200
    body contains "prova-forum_3_1_002"
# Two people on one card.
GET /ascolto/contributi/prova-forum_3_1_002/modifica
as luca
GET /accedi
POST /accedi login=anna password="{word}"
    status 303
GET /ascolto/contributi/prova-forum_3_1_002/modifica
POST /ascolto/contributi/prova-forum_3_1_002/modifica testo="Scritto per primo"
    status 303
as anna
POST /ascolto/contributi/prova-forum_3_1_002/modifica testo="Scritto per secondo"
    status 409
    body contains "Scritto per primo"
    body contains "Scritto per secondo"
GET /ascolto/contributi/prova-forum_3_1_002
    body contains "Scritto per primo"
