# The list of organizations says of each row whether it is invented; the table of it named that
# column twice, once of the row and once of the whole.
with demo
serve
GET /enti.csv
    body matches "\A(?![^\r]*synthetic[^\r]*synthetic)[^\r]*,synthetic\r\n"
    body contains ",true"
    body contains ",false"
