# fails: does not contain “Anna”
serve
GET /
    body contains "Anna"
