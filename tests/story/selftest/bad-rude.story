# fails: ended with status 3
serve --rude
GET /
    status 200
