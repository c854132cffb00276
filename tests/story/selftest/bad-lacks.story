# fails: holds “Benvenuta”
serve
GET /
    body lacks "Benvenuta"
