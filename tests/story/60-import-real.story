# Two directories of real services of another country, as they are: a table package with faults and
# lines of JSON. The report says what was mended and refused; the same again changes nothing.
needs shared
with empty
run regia import hsds {shared}/data/hsds-real/dc-orservices --source dc --title "DC"
    stdout matches "\d+ +\S+"
    stdout contains "/lavori/1"
run regia import hsds {shared}/data/hsds-real/haarrrvest/results.ndjson --source food
    stdout contains "/lavori/2"
serve
GET /services?per_page=1
    json $.total_items >= 1000
    save total from json $.total_items
GET /organizations?per_page=1
    save orgs from json $.total_items
GET /cerca.json?q=food
    json $.services[0].id exists
GET /cerca?q=food
    body contains "food"
stop server
run regia import hsds {shared}/data/hsds-real/dc-orservices --source dc --title "DC"
run regia import hsds {shared}/data/hsds-real/haarrrvest/results.ndjson --source food
serve
GET /services?per_page=1
    json $.total_items = {total}
GET /organizations?per_page=1
    json $.total_items = {orgs}
