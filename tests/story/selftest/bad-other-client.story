# fails: does not contain “Anna”
serve
GET /accedi
POST /accedi user=anna
    status 303
as bruno
GET /
    body contains "Anna"
