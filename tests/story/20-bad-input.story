# What makes no sense is refused with a sentence, by pages, by the interface and by commands; the
# server goes on as if nothing had been.
serve
GET /servizi/0
    status 404
GET /servizi/-1
    status 404
GET /servizi/99999999999999999999999
    status 404
GET /enti?pagina=0
    status 400
    body contains "pagina: deve essere un numero"
GET /cerca?pagina=zero
    status 400
GET /cerca?ordina=colore
    status 400
GET /services/not-a-uuid
    status 400
    header Content-Type ~ application/problem+json
    json $.status = 400
    json $.errors[0].field = "id"
GET /services?page=0
    status 400
    json $.errors[0].field = "page"
GET /services?modified_after=yesterday
    status 400
    json $.errors[0].field = "modified_after"
# Bytes that are no text are read as the sign for that; nobody's search ends in an error.
GET /cerca?q=%FF%FE
    body contains "value="�"
GET /cerca?q=%00
    body contains "<h1>"
GET /territorio/zone/12
    status 404
GET /status

run regia ask
    exit 2
    stderr matches "^regia: .*ask"
run regia ask "affitto" --colore rosso
    exit 2
    stderr contains "--colore"
run regia ask "affitto" --place
    exit 2
    stderr contains "--place"
run regia frulla
    exit 2
    stderr contains "frulla"
run regia import hsds /non/esiste.json
    exit 1
    stderr contains "/non/esiste.json"
run regia import quadri packs
    exit 1
run regia load /non/esiste
    exit 2
    stderr contains "/non/esiste"
run regia account add x --roles sovrano
    exit 1
    stderr contains "sovrano"
run regia account add x --roles editor --org dodici
    exit 1
    stderr contains "dodici"
run regia remove non-esiste
    exit 1
    stderr contains "non-esiste"
run regia restore /non/esiste.db --db altra.db
    exit 3
