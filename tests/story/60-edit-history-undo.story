# A person signs in and edits a card: the finder finds the new words at once, the history shows
# what changed and who did it, and undoing puts everything back, for the finder too.
with demo
run regia account add anna --roles planner
    save word from stdout (\S{10,})\s*$
serve
GET /cerca.json?q=affitto&luogo=Ivrea
    save card from json $.services[0].url
    save uuid from json $.services[0].id
    save name from json $.services[0].name
GET /cerca?q=zampillocrisopa
    body lacks "href="{card}""
as anna
GET /accedi
POST /accedi login=anna password="{word}"
    status 303
GET {card}/modifica
POST {card}/modifica descrizione="Qui si ripara lo zampillocrisopa di chi abita vicino." motivo="Detto dall'ufficio"
    status 303
    follow
    body contains "zampillocrisopa"
GET {card}
    body contains "zampillocrisopa"
as chiunque
GET /cerca.json?q=zampillocrisopa
    json $.services[0].id = "{uuid}"
GET /services/{uuid}
    json $.description ~ "zampillocrisopa"
as anna
GET {card}/storia
    body contains "anna"
    body contains "zampillocrisopa"
    body contains "Detto dall&#39;ufficio"
    save undo from body href="({card}/annulla\?seq=\d+)
GET {undo}
    body contains "zampillocrisopa"
POST {card}/annulla
    status 303
GET {card}
    body lacks "zampillocrisopa"
GET {card}/storia
    body contains "zampillocrisopa"
as chiunque
GET /cerca.json?q=zampillocrisopa
    json $.services[*].id exists
    body lacks "{uuid}"
# A form from before somebody else's change does not overwrite it.
as anna
GET {card}/modifica
as luisa
GET /accedi
POST /accedi login=anna password="{word}"
    status 303
GET {card}/modifica
POST {card}/modifica avviso="Scritto da Luisa"
    status 303
as anna
POST {card}/modifica avviso="Scritto da Anna"
    status 409
    body contains "Scritto da Luisa"
GET {card}
    body contains "Scritto da Luisa"
    body lacks "Scritto da Anna"
# Who kept a change has it also after a brutal end.
kill -9
restart server
GET {card}
    body contains "Scritto da Luisa"
