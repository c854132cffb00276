# Every figure that the Forum's report gives, as the pack tells it: kept as reported, none corrected.
serve

# The event: who was there, where they sat, the day and its 210 minutes.
GET /ascolto/eventi/forum-2023
    body contains "10 novembre 2023"
    body contains "125 presenti, 119 ai tavoli: 6 persone non sedevano a nessun tavolo."
    body matches "collegati a distanza.{0,60}68|68.{0,60}collegati a distanza"
    body matches "Asse 1.*21.*Asse 2.*22.*Asse 3.*20.*Asse 4.*17.*Asse 5.*26.*Asse 6.*13"
    body contains "Programma, in tutto 210 minuti"
    body matches "9:30 – 9:45.*9:45 – 9:55.*9:55 – 10:10.*10:10 – 10:20.*10:20 – 11:20.*11:20 – 11:30.*11:30 – 12:30.*12:30 – 13:00"
    body matches "Tavolo 1 .*Tavolo 2 .*Tavolo 3 .*Tavolo 4 .*Tavolo 5a .*Tavolo 5b .*Tavolo 6 "
    body matches "Zona 1.*1º posto.*Zona 2.*Zona 9.*Zona 10"
    body contains "Quali lezioni possiamo imparare dal PSM 2021-23?"
    body contains "A quali esigenze dovrebbe rispondere il PSM 2024-26?"
    body matches "Sonia Cambursano.*Alessandro Dianin.*Danin.*Alessandro Sciullo"
    body contains "Linee di indirizzo"
    body contains "2023-05"
GET /ascolto/eventi/forum-2023/programma.ics
    body contains "DTSTART;TZID=Europe/Rome:20231110T093000"
    body contains "DTEND;TZID=Europe/Rome:20231110T130000"

# The process in four phases; 33 interviews.
GET /ascolto
    body matches "Ascolto del territorio.*Approfondimento.*Pianificazione partecipata.*Approvazione"
    body contains "33 interviste"
    body contains "549"

# Voices: at least 250, every one with its lines; the parked ones; the two positions; the dissent.
GET /ascolto/contributi.json
    json $.total = 549
    json $.contributi[0].line_from exists
    json $.contributi[548].line_to exists
GET /ascolto/contributi.json?sospesi=1
    json $.total >= 1
    json $.contributi[*].text exists
GET /ascolto/temi.json
    json $.total = 68
GET /ascolto/temi/3-elettrico
    body matches "Passare all&#39;elettrico il prima possibile.*Attenzione alle difficoltà"
    body contains "2032"
GET /ascolto?q=rifugi
    body contains "223"
    body contains "150"
GET /ascolto?q=marzo 2026
    body contains "/ascolto/contributi/forum-2023_6_0_014"
GET /ascolto/contributi.json?etichetta=plan:psm-2021-23/2.3.5
    json $.total >= 1
GET /ascolto/contributi.json?etichetta=plan:psm-2021-23/6.1.1
    json $.total >= 1
GET /ascolto/contributi.json?etichetta=plan:psm-2021-23/6.1.2
    json $.total >= 1
GET /ascolto/contributi.json?etichetta=plan:psm-2021-23/6.1.3
    json $.total >= 1
GET /ascolto/contributi.json?etichetta=plan:psm-2021-23/6.2.4
    json $.total >= 1
GET /ascolto/contributi.json?etichetta=plan:psm-2021-23/6.2.6
    json $.total >= 1
GET /ascolto/contributi.json?etichetta=paradigm:transfrontaliero
    json $.total >= 1
GET /ascolto/contributi.json?etichetta=paradigm:circolarita
    json $.total >= 1
GET /ascolto/contributi.json?etichetta=body:agrap
    json $.total = 2
GET /ascolto/contributi.json?etichetta=body:dafne
    json $.total = 1
GET /ascolto/contributi.json?etichetta=body:5t
    json $.total = 1
GET /ascolto/contributi.json?etichetta=place:bologna
    json $.total >= 1
GET /ascolto/contributi.json?etichetta=place:torino-lione
    json $.total >= 1
GET /ascolto/contributi.json?etichetta=place:gronda-est
    json $.total >= 1

# The plans: six axes with both titles, what is not known said, the amendment, the rename, links.
GET /piano/elementi.json?piano=psm-2021-23&livello=axis
    json $.total = 6
    json $.elements[5].title = "Salute"
    json $.elements[5].alt_title = "Torino Metropoli più sana"
GET /piano/psm-2021-23/6.2
    body contains "Fare della qualità ambientale"
    body matches "[Ee]mendament"
GET /piano/psm-2021-23/6.1.2
    body contains "Case della Comunità"
GET /piano/collegamenti.json
    json $.total >= 25
GET /piano/scadenze.json
    json $.deadlines[0].day = "2026-03-31"
GET /piano/coerenza.json
    json $.total = 45
GET /piano/coerenza
    body contains "matrice-Agenda2030"
    body contains "11. Città e comunità sostenibili"
    body lacks "14. Vita sott"

# Both ways in two clicks: from an action to the words, from the words to the action.
GET /piano/psm-2024-26/6.1.1
    body contains "/ascolto/contributi/"
    body contains "/ascolto/temi/"
GET /ascolto/contributi/forum-2023_6_0_014
    body contains "/piano/psm-2024-26/6.1.1"
    body contains "/ascolto/documenti/forum-2023"
run regia check thread
    exit 0
