# fails: selftest/bad-line.story:5: the page
serve
GET /
    status 200
    body contains "x"
