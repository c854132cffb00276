# fails: runtime error: planted
serve --sick
GET /
    status 200
