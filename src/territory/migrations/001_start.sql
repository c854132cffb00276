-- Areas in several dated partitions, their names and their boundaries.

-- @feed
CREATE TABLE territory_partition (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,      -- zona_omogenea, asl, ente_gestore
    name_it TEXT NOT NULL,
    name_en TEXT NOT NULL,
    name_fr TEXT NOT NULL,
    description_it TEXT NOT NULL,
    complete INTEGER NOT NULL,      -- 1: every municipality has its place in it; 0: to be filled in
    source TEXT NOT NULL            -- where its memberships come from, "" when not known
);

-- @feed
CREATE TABLE territory_area (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,             -- comune, zona, or the code of another partition
    code TEXT NOT NULL,             -- comune: ISTAT code, six digits; zona: 1 to 11
    name TEXT NOT NULL,
    official_name TEXT NOT NULL,    -- where the full name differs; else the same
    seat_lat_e7 INTEGER,            -- the town seat, not the centre of the polygon
    seat_lon_e7 INTEGER,
    altitude_m INTEGER,             -- of the seat
    altitude_class TEXT,            -- pianura, collina, montagna (ISTAT)
    area_m2 INTEGER,
    population INTEGER,
    UNIQUE (kind, code)
);

-- @feed owner=territory_area:area_id
CREATE TABLE territory_membership (
    id INTEGER PRIMARY KEY,
    area_id INTEGER NOT NULL REFERENCES territory_area (id),
    parent_id INTEGER NOT NULL REFERENCES territory_area (id),
    partition_code TEXT NOT NULL,   -- which way of dividing
    valid_from TEXT NOT NULL,       -- first day, 2021-08-04; "" when not known
    valid_to TEXT NOT NULL,         -- first day it no longer holds; "" while it does
    basis TEXT NOT NULL,            -- how it is known: list, derived-unique, derived, hand
    UNIQUE (area_id, partition_code, valid_from)
);
CREATE INDEX territory_membership_parent ON territory_membership (parent_id, area_id);

-- @feed owner=territory_area:area_id
CREATE TABLE territory_area_name (
    id INTEGER PRIMARY KEY,
    area_id INTEGER NOT NULL REFERENCES territory_area (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,             -- alias, former, hamlet, region
    is_word INTEGER NOT NULL,       -- 1: counts in a sentence only where it speaks of a place
    note TEXT NOT NULL,
    UNIQUE (area_id, name)
);

CREATE TABLE territory_word (
    word TEXT PRIMARY KEY           -- everyday words that are not to be taken for a place
);

-- Not in the feed: half a megabyte that can be imported again, beside the file it came from.
CREATE TABLE territory_boundary (
    area_id INTEGER PRIMARY KEY,
    line TEXT NOT NULL,             -- territory_shape_format
    source TEXT NOT NULL,           -- name of the file
    imported_s INTEGER NOT NULL     -- Unix seconds
);

CREATE TABLE territory_version (
    id INTEGER PRIMARY KEY,         -- always 1
    n INTEGER NOT NULL              -- grows with every load and import: read models compare it
);
INSERT INTO territory_version (id, n) VALUES (1, 0);

-- What other rooms may read.
CREATE VIEW v_territory_area AS
SELECT id AS area_id, kind, code, name, seat_lat_e7, seat_lon_e7, population FROM territory_area;

CREATE VIEW v_territory_membership AS
SELECT area_id, parent_id, partition_code, valid_from, valid_to FROM territory_membership;
