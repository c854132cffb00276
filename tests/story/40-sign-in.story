# An administrator is made at the command line, signs in, and signs out; a wrong word is refused
# without saying which half was wrong, and a form without its token is refused before it is read.
run regia account add anna --role admin --name "Anna" --password-stdin
    stdin una frase lunga e solo mia
serve
as anna
GET /accedi
    status 200
    body contains "type="password""
POST! /accedi login=anna password="una frase lunga e solo mia"
    status 403
GET /accedi
POST /accedi login=anna password=sbagliata
    status 403
    no header Location
    no header Set-Cookie
GET /accedi
POST /accedi login=anna password="una frase lunga e solo mia"
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
