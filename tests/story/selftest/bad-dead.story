# fails: left at start
serve --dead
