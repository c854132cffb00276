-- What the finder's model is made of: the pack's tables of needs, help lines, examples and danger,
-- kept as they are, so that a server needs its database and nothing else.

CREATE TABLE finder_text (
    name TEXT PRIMARY KEY,       -- needs, emergencies, examples, danger
    body TEXT NOT NULL,          -- the CSV
    loaded_s INTEGER NOT NULL
);
