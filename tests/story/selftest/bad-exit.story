# fails: exit 2, not 0
run regia nonsense
