# fails: without “json”
serve
GET /
    header Content-Type ~ json
