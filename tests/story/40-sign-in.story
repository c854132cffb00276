# An administrator is made at the command line, which says the first password once; signs in with
# it, and signs out. A wrong word is refused without saying which half
# was wrong, and a form without its token before it is read.
run regia account add anna --roles admin --name "Anna"
    save word from stdout (\S{10,})\s*$
serve
as anna
GET /accedi
    status 200
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
    body contains "Anna"
as bruno
GET /
    body lacks "Anna"
as anna
POST /esci
    status 303
GET /
    body lacks "Anna"
