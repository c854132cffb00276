# The search in another site, and services on paper.
with demo
serve
GET /box?comune=001125
    header Content-Security-Policy ~ frame-ancestors *
    header Content-Security-Policy lacks script-src
    no header X-Frame-Options
    no header Set-Cookie
    body contains "Chi mi aiuta a Ivrea?"
    body lacks "<script"
GET /box?comune=999999
    status 404
    header Content-Security-Policy ~ frame-ancestors 'none'
    header X-Frame-Options = DENY
GET /box/istruzioni?comune=001125
    header X-Frame-Options = DENY
    body contains "&lt;iframe src="
GET /cerca/suggerimenti.json?q=affit
    json $.suggestions[0].need = "casa.affitto"
GET /cerca/suggerimenti?q=ivr
    body contains "data-value="Ivrea""
GET /cerca?q=affitto&luogo=Ivrea
    body contains "form="cartella""
    save sheet from body href="(/cerca/foglio[^"]+)"
GET /cartella?s=1&s=2
    body contains "rg-qr"
    body contains "href="/servizi/2""
