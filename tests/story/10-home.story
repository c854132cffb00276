# The first page in three languages: what it asks, what it offers, and where it leads.
with demo
serve
GET /
    header Content-Type ~ text/html
    header Content-Security-Policy ~ default-src 'none'
    no header Set-Cookie
    body contains "<html lang="it""
    body contains "Di cosa hai bisogno?"
    body contains "Dato dimostrativo"
    body matches "<form [^>]*action="/cerca" method="get""
    body lacks "style="
GET /fr
    body contains "<html lang="fr""
    body contains "De quoi avez-vous besoin"
    body contains "action="/fr/cerca""
GET /en
    body contains "<html lang="en""
    body contains "What do you need?"
    body contains "action="/en/cerca""
HEAD /
    header Content-Type ~ text/html
    body empty
