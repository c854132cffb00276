# The map is drawn around the seats until boundaries are loaded; a running server then draws the
# real ones, and its pages point to the new drawing.
needs shared
serve
GET /mappa/comuni.svg
    header Content-Type ~ image/svg+xml
    save drawing from body (<path id="c001125"[^>]*>)
GET /territorio
    save version from body /mappa/comuni\.svg\?v=(\w+)
run regia import areas {shared}/data/torino/boundaries.geojson
    stdout contains "312"
GET /mappa/comuni.svg
    within 20
    body contains "id="c001125""
    body lacks "{drawing}"
GET /territorio
    within 20
    body lacks "?v={version}"
    body matches "/mappa/comuni\.svg\?v=\w+"
# The same file again is the same map.
run regia import areas {shared}/data/torino/boundaries.geojson
    stdout contains "312"
run regia import areas {shared}/data/torino/comuni.csv
    exit 1
    stderr contains "comuni.csv"
