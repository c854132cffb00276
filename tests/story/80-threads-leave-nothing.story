# What each thread of the server keeps for understanding was never given back; the sanitizer says so
# when the server ends.
serve
GET /
GET /cerca?q=affitto
GET /cerca.json?q=loyer
GET /fr
GET /bisogni
stop server
