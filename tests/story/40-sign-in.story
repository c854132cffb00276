# An administrator is made at the command line, which says the first password once; signs in with
# it, and signs out. A wrong word is refused without saying which half was wrong, a form without its
# token before it is read, and after a few guesses one must wait, even with the right word.
run regia account add anna --roles admin --name "Anna"
    save word from stdout (\S{10,})\s*$
run regia account add berto --roles reader
    save other from stdout (\S{10,})\s*$
run regia account list
    stdout contains "anna"
    stdout lacks "{word}"
serve
as anna
GET /gestione
    status 303
    header Location ~ /accedi
GET /accedi
    body contains "type="password""
POST! /accedi login=anna password="{word}"
    status 403
GET /accedi
POST /accedi login=anna password=sbagliata
    status 403
    no header Location
    no header Set-Cookie
GET /accedi
POST /accedi login=anna password="{word}"
    status 303
    header Set-Cookie ~ HttpOnly
    header Set-Cookie ~ SameSite
    follow
    body contains "</svg> anna</a>"
GET /gestione/persone
    header Cache-Control ~ no-store
    body contains "berto"
as bruno
GET /
    body lacks "</svg> anna</a>"
as anna
POST /esci
    status 303
GET /
    body lacks "</svg> anna</a>"
GET /gestione
    status 303
    header Location ~ /accedi
as ladro
GET /accedi
POST /accedi login=berto password=uno
    status 403
GET /accedi
POST /accedi login=berto password=due
    status 403
GET /accedi
POST /accedi login=berto password=tre
    status 403
GET /accedi
POST /accedi login=berto password=quattro
    status 403
GET /accedi
POST /accedi login=berto password="{other}"
    status 429
    header Retry-After ~ ""
    no header Set-Cookie
run regia account off berto
run regia account list
    stdout matches "^berto\t.*\t-$"
