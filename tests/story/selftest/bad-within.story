# fails: does not contain
serve
GET /
    within 0.3
    body contains "mai"
