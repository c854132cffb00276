# fails: expects nothing
# no step at all
