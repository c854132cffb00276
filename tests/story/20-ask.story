# The main job at the command line: what was understood, who helps, and why.
with demo
run regia ask "non riesco più a pagare l'affitto, abito a Ivrea" --json
    json $.understood.needs[0].code = "casa.affitto"
    json $.understood.needs[0].score >= 0.5
    json $.understood.needs[0].why exists
    json $.understood.place = "Ivrea"
    json $.understood.lang = "it"
    json $.understood.audience exists
    json $.emergency count 0
    json $.abstained = false
    json $.services[0].id exists
    json $.services[0].name ~ "Ivrea"
    json $.services[0].score > 0
    json $.services[0].reasons[0] ~ "affitto"
    json $.services[0].distance_m < 5000
    json $.services[0].open exists
run regia ask "mio marito mi picchia" --json
    json $.emergency[0] = "112"
    json $.emergency[1] = "1522"
    json $.abstained = false
run regia ask "je ne peux plus payer le loyer, j'habite à Ivrea" --json
    json $.understood.needs[0].code = "casa.affitto"
    json $.understood.lang = "fr"
    json $.understood.place = "Ivrea"
run regia ask "pizza" --json
    json $.abstained = true
    json $.understood.needs count 0
    json $.emergency count 0
run regia ask "affitto" --place Pinerolo
    stdout contains "Pinerolo"

# The same on a page: the numbers come before anything else of the page.
serve
GET /cerca?q=mio marito mi picchia
    body matches "rg-emergency.*tel:112.*tel:1522.*<form class="rg-search"
GET /cerca?q=pizza
    body contains "Non abbiamo capito"
GET /cerca?q=non riesco più a pagare l'affitto, abito a Ivrea
    body contains "Aiuto per pagare l&#39;affitto"
    body contains "da Ivrea"
    body contains "Dato dimostrativo"
