# What is not there says so in the reader's language, kindly, and echoes nothing it was given.
serve
GET /pagina-che-non-c-e
    status 404
    body contains "<h1>Questa pagina non esiste"
    body contains "href="/cerca""
GET /en/pagina-che-non-c-e
    status 404
    body contains "<html lang="en""
GET /fr/pagina-che-non-c-e
    status 404
    body contains "<html lang="fr""
GET /servizi/999999999
    status 404
GET /servizi/<script>alert(1)</script>
    status 404
    body lacks "<script>alert"
GET /territorio/comuni/999999-nessuno
    status 404
GET /bisogni/nessuno
    status 404
POST! /accedi
    status 403
DELETE /
    status 405
