# The first of the interface of HSDS 3.1: the root, a list in its envelope, one service whole, and
# what goes wrong as problem+json.
with demo
serve
GET /
    with header Accept: application/json
    header Content-Type ~ application/json
    json $.version = "3.1"
    json $.openapi_url ~ "/openapi.json"
    json $.profile ~ "https://"
GET /openapi.json
    json $.openapi ~ "3."
    json $.paths exists
GET /services?per_page=5
    json $.total_items = 3000
    json $.total_pages = 600
    json $.page_number = 1
    json $.size = 5
    json $.first_page = true
    json $.last_page = false
    json $.empty = false
    json $.contents count 5
    save id from json $.contents[4].id
    save name from json $.contents[4].name
GET /services?per_page=5&page=600
    json $.last_page = true
    json $.contents count 5
GET /services?per_page=5&page=601
    json $.empty = true
    json $.contents count 0
GET /services/{id}
    header X-Regia-Synthetic = true
    json $.id = "{id}"
    json $.name = "{name}"
    json $.status = "active"
    json $.organization.name exists
    json $.synthetic = true
GET /services?search=affitto&per_page=3
    json $.contents[0].name ~ "ffitto"
GET /organizations?per_page=2
    json $.contents count 2
    save org from json $.contents[1].id
GET /organizations/{org}
    json $.id = "{org}"
GET /service_at_locations?per_page=1
    json $.contents count 1
GET /taxonomies
    json $.contents exists
GET /services/00000000-0000-4000-8000-000000000000
    status 404
    header Content-Type ~ application/problem+json
    json $.status = 404
    json $.title exists
GET /services?per_page=abc
    status 400
    header Content-Type ~ application/problem+json
