# An administrator removes them with one click, once it is confirmed.
with demo
run regia account add anna --roles admin
    save word from stdout (\S{10,})\s*$
serve
GET /accedi
POST /accedi login=anna password="{word}"
    status 303
GET /dati-dimostrativi
    body contains "action="/dati-dimostrativi/rimuovi""
POST /dati-dimostrativi/rimuovi
    status 400
GET /dati-dimostrativi
POST /dati-dimostrativi/rimuovi conferma=1
    status 303
    follow
GET /services?per_page=1
    json $.total_items = 0
GET /
    within 10
    body lacks "Dato dimostrativo"
