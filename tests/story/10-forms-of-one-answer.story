# One list, many forms: the same rows at the same address with another ending.
with demo
serve
GET /servizi?q=affitto
    status 200
    header Content-Type ~ text/html
GET /servizi.json?q=affitto
    header Content-Type ~ application/json
GET /servizi.csv?q=affitto
    header Content-Type ~ text/csv
GET /servizi.geojson?q=affitto
    header Content-Type ~ json
    json $.type = "FeatureCollection"
