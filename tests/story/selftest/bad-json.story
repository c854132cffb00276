# fails: $.n is 2, not 3
serve
GET /cerca.json
    json $.n = 3
