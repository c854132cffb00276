# The page of a comune carries the whole map: 36 KB, more than a page may weigh on the way.
with demo
serve
GET /territorio/comuni/001125-ivrea
    no header Content-Encoding
    body contains "Ivrea"
GET /territorio/comuni/001125-ivrea
    with header Accept-Encoding: gzip
    header Content-Encoding = gzip
