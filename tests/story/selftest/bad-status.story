# fails: status 404, not 200
serve
GET /altrove
    status 200
