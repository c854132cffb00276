# fails: not understood
serve
GET /
    bodi contains "x"
