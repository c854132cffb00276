# "--place" without its place took the next option for one, and searched around "--json".
run regia ask affitto --place --json
    exit 2
    stderr contains "--place"
