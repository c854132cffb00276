# fails: $.n is 2, not "2"
serve
GET /cerca.json
    json $.n = "2"
