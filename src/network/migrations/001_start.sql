-- The network: who offers what, where. One row is one aggregate of HSDS 3.1: the columns are what
-- we look records up by, doc is the whole object as canonical JSON, children and unknown
-- properties included, so that nothing is lost and a change is seen whole.

-- @feed
CREATE TABLE network_source (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,       -- stable, part of derived ids: "dc-orservices"
    title TEXT NOT NULL,             -- for people
    licence TEXT NOT NULL,           -- "" when not stated
    url TEXT NOT NULL,
    synthetic INTEGER NOT NULL,      -- 1: demonstration data, marked wherever they appear
    imported_s INTEGER               -- last import, Unix seconds
);

-- @feed
CREATE TABLE network_organization (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,        -- HSDS id, a UUID
    source_id INTEGER NOT NULL,
    source_key TEXT,                 -- the id its source gave
    name TEXT NOT NULL,
    doc TEXT NOT NULL,
    updated_s INTEGER NOT NULL,      -- last change of the doc here
    verified_s INTEGER,              -- last time a person said it is right
    verified_by TEXT
);
CREATE INDEX network_organization_source ON network_organization (source_id, id);

-- @feed owner=network_organization:organization_id
CREATE TABLE network_program (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    source_id INTEGER NOT NULL,
    source_key TEXT,
    organization_id INTEGER,
    name TEXT NOT NULL,
    doc TEXT NOT NULL,
    updated_s INTEGER NOT NULL
);
CREATE INDEX network_program_organization ON network_program (organization_id);
CREATE INDEX network_program_source ON network_program (source_id, id);

-- @feed owner=network_organization:organization_id
CREATE TABLE network_service (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    source_id INTEGER NOT NULL,
    source_key TEXT,
    organization_id INTEGER,         -- NULL: its source names none that exists
    program_id INTEGER,
    name TEXT NOT NULL,
    status TEXT NOT NULL,            -- active, inactive, defunct, temporarily closed
    doc TEXT NOT NULL,
    updated_s INTEGER NOT NULL,
    verified_s INTEGER,
    verified_by TEXT
);
CREATE INDEX network_service_organization ON network_service (organization_id, id);
CREATE INDEX network_service_source ON network_service (source_id, id);
CREATE INDEX network_service_updated ON network_service (updated_s, id);

-- @feed
CREATE TABLE network_location (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    source_id INTEGER NOT NULL,
    source_key TEXT,
    name TEXT,
    lat_e7 INTEGER,                  -- for finding; the exact digits stand in doc
    lon_e7 INTEGER,
    area_code TEXT,                  -- municipality: by point, else by the address's town
    confidential INTEGER NOT NULL,   -- 1: never shown, exported, mapped or measured from
    doc TEXT NOT NULL,
    updated_s INTEGER NOT NULL
);
CREATE INDEX network_location_source ON network_location (source_id, id);
CREATE INDEX network_location_area ON network_location (area_code, id);

-- @feed owner=network_service:service_id
CREATE TABLE network_service_at_location (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    source_id INTEGER NOT NULL,
    source_key TEXT,
    service_id INTEGER NOT NULL,
    location_id INTEGER NOT NULL,
    doc TEXT NOT NULL,
    updated_s INTEGER NOT NULL
);
CREATE INDEX network_service_at_location_service ON network_service_at_location (service_id);
CREATE INDEX network_service_at_location_location ON network_service_at_location (location_id);
CREATE INDEX network_service_at_location_source ON network_service_at_location (source_id, id);

-- @feed
CREATE TABLE network_taxonomy (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    source_id INTEGER NOT NULL,
    source_key TEXT,
    name TEXT NOT NULL,
    doc TEXT NOT NULL,
    updated_s INTEGER NOT NULL
);
CREATE INDEX network_taxonomy_source ON network_taxonomy (source_id, id);

-- @feed
CREATE TABLE network_taxonomy_term (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    source_id INTEGER NOT NULL,
    source_key TEXT,
    taxonomy_id INTEGER,
    code TEXT,                       -- of the taxonomy: "casa.affitto"
    name TEXT NOT NULL,
    doc TEXT NOT NULL,
    updated_s INTEGER NOT NULL
);
CREATE INDEX network_taxonomy_term_code ON network_taxonomy_term (code);
CREATE INDEX network_taxonomy_term_source ON network_taxonomy_term (source_id, id);

-- @feed owner=network_service:service_id
CREATE TABLE network_service_term (
    id INTEGER PRIMARY KEY,
    service_id INTEGER NOT NULL,
    term_uid TEXT NOT NULL,          -- taxonomy term that an attribute of the service names
    UNIQUE (service_id, term_uid)
);
CREATE INDEX network_service_term_term ON network_service_term (term_uid, service_id);
