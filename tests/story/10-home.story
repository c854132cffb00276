# The home page: a question first, then the six doors, in three languages, and nobody else's server.
serve
GET /
    status 200
    header Content-Type = text/html; charset=utf-8
    header Content-Security-Policy ~ default-src
    no header Set-Cookie
    body contains "<html lang="it""
    body contains "Di cosa hai bisogno?"
    body contains "Chi mi aiuta?"
    body contains "Chi fa cosa?"
    body contains "Dove manca?"
    body contains "Cosa è stato detto?"
    body contains "Cosa viene prima?"
    body contains "Sta funzionando?"
    body lacks "<script>"
    body lacks "src="http"
HEAD /
    status 200
    body empty
GET /en/
    status 200
    body contains "<html lang="en""
    body lacks "Di cosa hai bisogno?"
GET /fr/
    status 200
    body contains "<html lang="fr""
    body lacks "Di cosa hai bisogno?"
