-- The ledger of schema steps, and the change feed.

CREATE TABLE store_step (
    room TEXT NOT NULL,          -- whose migration
    name TEXT NOT NULL,          -- "001_start"
    at_s INTEGER NOT NULL,       -- when it was applied, Unix seconds
    PRIMARY KEY (room, name)
);

CREATE TABLE store_meta (
    name TEXT PRIMARY KEY,       -- "feed": signature of the triggers in place
    value TEXT NOT NULL
);

CREATE TABLE store_head (
    id INTEGER PRIMARY KEY,      -- always 1
    seq INTEGER NOT NULL         -- the newest change set; its row lock orders writers of all nodes
);
INSERT INTO store_head (id, seq) VALUES (1, 0);

CREATE TABLE store_set (
    seq INTEGER PRIMARY KEY,     -- 1, 2, 3 … in commit order, without gaps
    at_s INTEGER NOT NULL,       -- when, Unix seconds
    actor_id INTEGER NOT NULL,   -- account, 0 for nobody signed in
    actor TEXT NOT NULL,         -- the name shown
    reason TEXT NOT NULL         -- why
);

CREATE TABLE store_change (
    id INTEGER PRIMARY KEY,      -- order of writing
    seq INTEGER NOT NULL,        -- the set it belongs to
    entity TEXT NOT NULL,        -- table
    entity_id INTEGER NOT NULL,  -- row
    owner TEXT,                  -- the entity whose history also shows it
    owner_id INTEGER,
    op TEXT NOT NULL,            -- i added, u changed, d removed
    before TEXT,                 -- the row as JSON
    after TEXT
);
CREATE INDEX store_change_seq ON store_change (seq, id);
CREATE INDEX store_change_entity ON store_change (entity, entity_id, seq);
CREATE INDEX store_change_owner ON store_change (owner, owner_id, seq);
