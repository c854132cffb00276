# fails: selftest/bad-line.story:5: 
serve
GET /
    status 200
    body contains "x"
