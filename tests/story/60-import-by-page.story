# The plan office hands in a directory on a page, watches the work without script, reads the report
# line by line, also as a table, and finds the services; the same file again changes nothing,
# and neither does all of it as a ZIP of tables, as another office would hand it in.
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
run regia export hsds tutto.zip
    stdout matches "\d+"
GET /gestione/importa
    body contains ".zip"
POST /gestione/importa tipo=hsds titolo="Prova" fonte=prova file=@tutto.zip
    status 303
    save packed from header Location
GET {packed}.json
    within 20
    json $.finished = true
    json $.state = "done"
GET {packed}
    body contains "invariati"
    body lacks "aggiunti"
GET /services?per_page=1
    json $.total_items = {total}
run regia export hsds tutto/
run regia export hsds tutto/
    exit 1
    stderr contains "cartella vuota"
run regia check hsds tutto.zip
    exit 0
