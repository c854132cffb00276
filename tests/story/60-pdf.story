# What is handed out is a PDF with real words: tagged, titled, in its language, with our own
# letters, leading back to the page. Asked again, it is the same file.
needs program weasyprint
needs program pdftotext
with demo
serve --public https://regia.example
GET /piano/sintesi
    body contains "href="/piano/sintesi.pdf""
    body contains "Questa pagina da stampare o consegnare (PDF)"
GET /piano/sintesi.pdf
    header Content-Type = application/pdf
    header Content-Disposition = inline; filename="piano-sintesi.pdf"
    header Cache-Control = no-cache
    header X-Content-Type-Options = nosniff
    no header Content-Encoding
    pdf text contains "Il piano in parole semplici"
    pdf text contains "Città metropolitana di Torino"
    pdf text contains "https://regia.example/piano/sintesi"
    pdf text matches "Preparato il \d+ \w+ 20\d\d con Regia"
    pdf text matches "1 ?/ ?1"
    pdf text contains "Fonti:"
    pdf text lacks "da stampare o consegnare"
    pdf info contains "Title: Il piano in parole semplici – Regia"
    pdf info contains "Author: Città metropolitana di Torino"
    pdf info contains "Tagged: yes"
    pdf info contains "A4"
    pdf info lacks "JavaScript: yes"
    pdf structure matches "H1 \(block\)\s+"Il piano in parole semplici""
    pdf structure contains "Link (inline)"
    pdf links contains "https://regia.example/piano/psm-2024-26/1"
    pdf links lacks "127.0.0.1"
    pdf fonts matches "Titillium\S* CID TrueType Identity-H yes yes yes"
    pdf bytes contains "/Lang (it)"
    pdf bytes contains "/DisplayDocTitle true"
    pdf bytes lacks "pdfuaid:part"
    save first from digest
    save tag from header ETag
GET /piano/sintesi.pdf
    digest = {first}
GET /piano/sintesi.pdf
    with header If-None-Match: {tag}
    status 304
    body empty
HEAD /piano/sintesi.pdf
    header Content-Type = application/pdf
    body empty
# In the reader's language; a server started again makes the same bytes.
GET /fr/piano/sintesi.pdf
    pdf bytes contains "/Lang (fr)"
    pdf text contains "La page à jour est ici :"
    pdf links contains "https://regia.example/fr/piano/psm-2024-26/1"
    save french from digest
restart server
GET /piano/sintesi.pdf
    digest = {first}
GET /fr/piano/sintesi.pdf
    digest = {french}
# The whole position paper: the contents and every chapter, tables with their heads.
GET /ascolto/position-paper.pdf
    pdf text contains "Temi trasversali agli assi"
    pdf text contains "forum-2023/"
    pdf info matches "Pages: [3-6]\d"
GET /ascolto/position-paper/trasversali.pdf
    pdf text contains "Temi trasversali agli assi"
GET /ascolto/eventi/forum-2023.pdf
    pdf text contains "Programma"
    pdf structure matches "Table \(block\).*THead.*TR.*TH"
    pdf bytes contains "/Scope /Column"
    pdf bytes contains "/Contents (https://regia.example/"
GET /piano/confronto.pdf
    pdf text contains "Confronto fra due piani"
GET /piano/filo.pdf?elemento=psm-2024-26%2F6.1
    pdf structure contains "Table (block)"
GET /ascolto/tavoli/forum-2023/3.pdf
    pdf text contains "Tavolo 3"
GET /en/cerca/foglio.pdf?bisogno=casa.affitto&luogo=Ivrea
    header Content-Disposition = inline; filename="cerca-foglio.pdf"
    pdf text contains "https://regia.example/en/cerca"
    pdf bytes contains "/Lang (en)"
GET /cartella.pdf?s=1&s=2
    pdf info contains "Tagged: yes"
# A page that is not there, and a form that a page does not have, are said in words.
GET /ascolto/position-paper/nessuno.pdf
    status 404
    header Content-Type ~ text/html
GET /enti.pdf
    status 404
GET /sitemap.json
    json $[*].forms exists
GET /openapi.json
    json $.paths."/piano/sintesi.pdf".get.responses."200".content."application/pdf" exists
GET /api
    body contains "/piano/sintesi.pdf"
# A question about danger leaves no copy: its sheet is made each time and kept nowhere.
GET /cerca/foglio.pdf?q=mio+marito+mi+picchia&luogo=Torino
    header Cache-Control = no-store
    no header ETag
stop server
serve PATH=/nowhere
GET /piano/sintesi
    body lacks "sintesi.pdf"
GET /piano/sintesi.pdf
    status 501
    body contains "manca il pacchetto weasyprint"
GET /en/piano/sintesi.pdf
    status 501
    body contains "the package weasyprint is missing"
