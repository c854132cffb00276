# fails: status 404
serve
GET /altrove
    body contains "Non"
