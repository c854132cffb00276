# The demonstration services go with one command, and the notice with them.
with demo
run regia status --json
    json $ exists
serve
GET /
    body contains "Dato dimostrativo"
run regia remove demo
GET /
    within 10
    body lacks "Dato dimostrativo"
GET /services?per_page=1
    json $.total_items = 0
GET /cerca.json?q=affitto&luogo=Ivrea
    within 10
    json $.services count 0
    json $.understood.needs[0].code = "casa.affitto"
GET /enti.json
    json $.organizations[*].synthetic holds false
    body lacks ""synthetic":true"
