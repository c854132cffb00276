# The same rows at the same address, for people and for programs; and each form says what in it is
# invented for demonstration.
with demo
serve
GET /cerca?q=non riesco a pagare l'affitto&luogo=Ivrea
    body contains "Aiuto per pagare l&#39;affitto a Ivrea"
    save card from body href="/servizi/(\d+)
GET /cerca.json?q=non riesco a pagare l'affitto&luogo=Ivrea
    header Content-Type ~ application/json
    header X-Regia-Synthetic = true
    json $.understood.place = "Ivrea"
    json $.services[0].url = "/servizi/{card}"
    json $.services[0].synthetic = true
    save uuid from json $.services[0].id
GET /cerca.csv?q=non riesco a pagare l'affitto&luogo=Ivrea
    header Content-Type ~ text/csv
    body matches "\Anumber,id,name,[^\r]*\r\n{card},{uuid},"
GET /cerca.geojson?q=non riesco a pagare l'affitto&luogo=Ivrea
    header Content-Type ~ application/geo+json
    json $.type = "FeatureCollection"
    json $.features[0].properties.id = "{uuid}"
    json $.synthetic = true
GET /cerca.atom?q=non riesco a pagare l'affitto&luogo=Ivrea
    header Content-Type ~ application/atom+xml
    body contains "dati dimostrativi"
    body contains "{card}"

GET /enti.json
    header Content-Type ~ application/json
    json $.organizations[*].synthetic holds false
    json $.organizations[*].synthetic holds true
    save org from json $.organizations[0].name
    save n from json $.total
GET /enti
    body contains "{org}"
GET /enti.csv
    body contains "{org}"
    body matches "\A[^\r]*,synthetic\r\n"
GET /enti.atom
    body contains "{org}"

GET /territorio
    body contains "Ivrea"
    body contains "<caption"
GET /territorio.json
    json $.total = 312
    json $.comuni count 312
    json $.comuni[0].istat_code = "001001"
GET /territorio.csv
    body matches "\Aistat_code,name,"
    body contains "001125,Ivrea,9,"
GET /territorio.geojson
    json $.features count 312
    json $.features[0].geometry.type = "Point"
