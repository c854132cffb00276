-- What a draw gives everybody, and the points that prove that no draw gives everybody more.

-- @feed owner=listening_event:event_id
CREATE TABLE listening_live_proof (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    draw_id INTEGER NOT NULL REFERENCES listening_live_draw (id),
    n_least INTEGER NOT NULL,       -- of 1000 panels, those that hold who is in the fewest
    n_most INTEGER NOT NULL,
    bound_num INTEGER NOT NULL,     -- proved: no smallest chance is above bound_num / bound_den
    bound_den INTEGER NOT NULL,
    all_num INTEGER NOT NULL,       -- the same, all compositions having been looked at; 0 / 0: not done
    all_den INTEGER NOT NULL,
    points TEXT NOT NULL            -- category,value,min,max,people,points, one a line; see sortition.h
);
CREATE INDEX listening_live_proof_event ON listening_live_proof (event_id);
