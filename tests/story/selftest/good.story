# Everything the grammar knows, once.
with demo
file note.csv
    a,b
      indented,kept
serve
GET /
    status 200
    header Content-Type ~ text/html
    header Content-Type lacks json
    no header Set-Cookie
    body contains "Benvenuta"
    body lacks "Anna"
    body matches "^<h1>.*</h1>$"
HEAD /
    body empty
GET /altrove
    status 404
GET /cerca.json?q=città
    json $.q = "città"
    json $.n >= 2
    json $.contents count 2
    json $.contents[-1].name = "Casa"
    json $.contents[*].name holds "Sportello"
    json $.contents[0].name ~ "port"
    json $.missing absent
    json $.n exists
    save word from json $.contents[1].name
GET /cerca.json?q={word}
    json $.q = "Casa"
as anna
GET /accedi
POST! /accedi user=anna
    status 403
GET /accedi
POST /accedi user=anna
    status 303
    header Location = /
    follow
    body contains "Benvenuta, Anna"
POST /upload file=@note.csv
    body contains "  indented,kept"
as bruno
GET /
    body lacks "Anna"
kill -9
restart server
as anna
GET /
    body contains "Anna"
GET /saved
    within 5
    body contains "anna entrò"
restart server
run regia ask "una domanda" --json
    stdin una riga
    exit 0
    json $.understood = "una domanda"
    json $.packs = ["packs/torino", "packs/demo"]
    json $.stdin = "una riga\n"
    stdout contains "packs/demo"
    stderr lacks "misuse"
run regia nonsense
    exit 2
    stderr contains "misuse"
stop server
