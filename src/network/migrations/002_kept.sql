-- What a person corrected stands when its source is imported again.

-- @feed
CREATE TABLE network_kept (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,              -- service, organization …: as the records are called in HSDS
    uid TEXT NOT NULL,               -- of the record that was corrected here
    digest TEXT NOT NULL,            -- BLAKE2b of the doc that its source gave last
    UNIQUE (kind, uid)
);
