# The plan office hands in a directory on a page, watches the work without script, reads the report
# line by line, also as a table, and finds the services; the same file again changes nothing.
run regia account add piero --roles planner
    save word from stdout (\S{10,})\s*$
file servizi.json
    {"services": [
     {"id": "11111111-1111-4111-8111-111111111111", "name": "Sportello zampillo", "status": "active",
      "description": "Ripara lo zampillocrisopa.", "url": "example.org",
      "organization": {"id": "22222222-2222-4222-8222-222222222222", "name": "Bottega di prova",
                       "description": "Una bottega."}},
     {"id": "33333333-3333-4333-8333-333333333333", "description": "Senza nome, senza ente."}]}
serve
GET /accedi
POST /accedi login=piero password="{word}"
    status 303
GET /gestione/importa
    body contains "type="file""
POST /gestione/importa tipo=hsds titolo="Prova" fonte=prova file=@servizi.json
    status 303
    save job from header Location
GET {job}.json
    within 20
    json $.finished = true
GET {job}
    body contains "Prova"
GET {job}.csv
    header Content-Type ~ text/csv
    body contains "servizi.json"
GET /cerca.json?q=zampillocrisopa
    within 10
    json $.services[0].id = "11111111-1111-4111-8111-111111111111"
GET /services?per_page=1
    json $.total_items >= 1
    save total from json $.total_items
GET /gestione/importa
POST /gestione/importa tipo=hsds titolo="Prova" fonte=prova file=@servizi.json
    status 303
    save again from header Location
GET {again}.json
    within 20
    json $.finished = true
GET /services?per_page=1
    json $.total_items = {total}
