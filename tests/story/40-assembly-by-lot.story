# An assembly is drawn from a list; everybody's smallest chance is as large as the quotas allow, and
# the sentence says what proves it. Of six people over 65 at most one sits: 1 / 6, that is 166.
file persone.csv
    id,eta
    a,65+
    b,65+
    c,65+
    d,65+
    e,65+
    f,65+
    g,16-64
    h,16-64
    i,16-64
    l,16-64
file quote.csv
    category,value,min,max
    eta,65+,0,1
run regia draw persone.csv --seed "5 dicembre" --size 3 --quotas quote.csv
    exit 0
    stdout contains "da 166 a 500 probabilità su 1000"
    stdout contains "lo provano i punti (1/6)"
run regia draw persone.csv --seed "5 dicembre" --size 3 --quotas quote.csv --json
    exit 0
    json $.method = "regia-sortition-2"
    json $.bound.num = 1
    json $.bound.den = 6
    json $.lottery count 1000
    json $.lottery[0] count 3

# A file that is no draw is told so; a check needs no seed.
run regia draw persone.csv --check quote.csv
    exit 1
    stderr contains "quote.csv"

# Quotas that nobody can meet are told with what would help.
file strette.csv
    category,value,min,max
    eta,65+,3,3
    eta,16-64,1,1
run regia draw persone.csv --seed x --size 3 --quotas strette.csv
    exit 1
    stdout contains "abbassa il minimo da 3 a 2"

run regia draw persone.csv
    exit 2
    stderr contains "--check"
