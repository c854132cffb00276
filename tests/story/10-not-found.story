# What is not there is said kindly as a page, and in the agreed shape as JSON (RFC 9457).
serve
GET /nessuna-pagina
    status 404
    header Content-Type ~ text/html
    header Content-Security-Policy ~ default-src
    body contains "<h1"
    body contains "href="/"
GET /services/00000000-0000-0000-0000-000000000000
    status 404
    header Content-Type ~ application/problem+json
    json $.status = 404
    json $.title exists
GET /servizi/999999999
    status 404
GET /servizi/<script>alert(1)</script>
    status 404
    body lacks "<script>alert"
POST! /accedi
    status 403
