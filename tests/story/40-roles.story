# An editor keeps the records of one organization and of no other; a reader keeps none.
with demo
serve
GET /services?per_page=1
    save id from json $.contents[0].id
GET /cerca.json?q=affitto&luogo=Ivrea
    save card from json $.services[0].url
    save elsewhere from json $.services[1].url
GET {card}
    save org from body href="/enti/(\d+)
run regia account add elena --roles editor --org {org}
    save word from stdout (\S{10,})\s*$
run regia account add luca --roles reader
    save reader from stdout (\S{10,})\s*$
as elena
GET /accedi
POST /accedi login=elena password="{word}"
    status 303
GET {card}
    body contains "{card}/modifica"
GET {card}/modifica
    body contains "name="descrizione""
POST {card}/modifica avviso="Chiuso il 24 dicembre"
    status 303
    follow
    body contains "Chiuso il 24 dicembre"
GET {elsewhere}/modifica
    status 403
POST {elsewhere}/modifica avviso="Non mio"
    status 403
GET {elsewhere}
    body lacks "Non mio"
    body lacks "{elsewhere}/modifica"
GET /enti/{org}/modifica
    body contains "name="nome""
GET /enti/1/modifica
    status 403
GET /gestione/persone
    status 403
GET /lavori
    status 403
as luca
GET /accedi
POST /accedi login=luca password="{reader}"
    status 303
GET {card}/modifica
    status 403
GET {card}
    body lacks "{card}/modifica"
    body contains "Chiuso il 24 dicembre"
POST {card}/modifica avviso="Nemmeno mio"
    status 403
GET /gestione
    status 403
as nessuno
GET {card}/modifica
    status 303
    header Location ~ /accedi
