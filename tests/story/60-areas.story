# The map is drawn around the seats until boundaries are loaded; then it is another map.
needs shared
run regia import areas {shared}/data/torino/boundaries.geojson
    stdout contains "312"
