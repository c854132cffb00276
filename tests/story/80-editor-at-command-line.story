# An editor or a delegate could not be added at the command line, which asked for a number that no
# option could give.
run regia account add elena --roles editor
    exit 1
    stderr contains "ente"
run regia account add elena --roles editor --org 1
    stdout matches "\S{10,}\s*$"
run regia account add dario --roles delegate --area 1
    stdout matches "\S{10,}\s*$"
run regia account list
    stdout contains "elena"
    stdout contains "dario"
