-- The event while it happens: who comes, who sits where, what the tables write down, assemblies.
-- A person's name and contact stand here only enciphered, each under a key of their own that is
-- kept outside the change feed: erasing the key makes every copy in the feed unreadable.

-- @feed
CREATE TABLE listening_live_notice (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,    -- BLAKE2b of the text: a changed word is another version
    lang TEXT NOT NULL,
    text TEXT NOT NULL,             -- the privacy notice exactly as it was shown
    since_s INTEGER NOT NULL
);

-- @feed owner=listening_event:event_id
CREATE TABLE listening_live_registration (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    table_id INTEGER REFERENCES listening_table (id), -- the table chosen; NULL none
    state TEXT NOT NULL,            -- confirmed, waiting, withdrawn, erased
    ord INTEGER NOT NULL,           -- order of arrival: the waiting list moves up by it
    walk_in INTEGER NOT NULL,       -- 1: came without registering
    category TEXT NOT NULL,         -- of actor; ""
    zone TEXT NOT NULL,             -- 1 to 11; ""
    notice_id INTEGER REFERENCES listening_live_notice (id), -- the version consented to
    consent_s INTEGER NOT NULL,
    token_hash TEXT NOT NULL,       -- BLAKE2b of the secret link's token; "" when erased
    name_box TEXT NOT NULL,         -- nonce and ciphertext, hexadecimal; "" when erased
    contact_box TEXT NOT NULL,
    here_s INTEGER,                 -- checked in at; NULL not here
    here_table_id INTEGER REFERENCES listening_table (id) -- sits at; NULL at no table
);
CREATE INDEX listening_live_registration_event ON listening_live_registration (event_id, ord);
CREATE INDEX listening_live_registration_token ON listening_live_registration (token_hash);

-- Not in the feed and not in backups, on purpose: what is removed here must be gone.
-- @secret owner=listening_live_registration:registration_id
CREATE TABLE listening_live_key (
    id INTEGER PRIMARY KEY,
    registration_id INTEGER NOT NULL UNIQUE REFERENCES listening_live_registration (id),
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    secret TEXT NOT NULL,           -- key of secretbox, hexadecimal
    contact_hash TEXT NOT NULL      -- keyed BLAKE2b of the contact, to tell duplicates
);
CREATE INDEX listening_live_key_contact ON listening_live_key (event_id, contact_hash);

-- Neither is the key of the contact hashes of an event.
-- @secret owner=listening_event:event_id
CREATE TABLE listening_live_pepper (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL UNIQUE REFERENCES listening_event (id),
    secret TEXT NOT NULL
);

-- @feed owner=listening_event:event_id
CREATE TABLE listening_live_facilitator (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    table_id INTEGER REFERENCES listening_table (id), -- NULL: of the whole event
    account_id INTEGER NOT NULL,    -- of accounts
    login TEXT NOT NULL             -- shown in the list
);
CREATE INDEX listening_live_facilitator_who ON listening_live_facilitator (account_id, event_id);

-- @feed owner=listening_event:event_id
CREATE TABLE listening_live_table (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    table_id INTEGER NOT NULL UNIQUE REFERENCES listening_table (id),
    closed_s INTEGER NOT NULL,      -- the cards became what was said
    closed_by INTEGER NOT NULL      -- account
);

-- @feed owner=listening_event:event_id
CREATE TABLE listening_live_group (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    table_id INTEGER NOT NULL REFERENCES listening_table (id),
    ord INTEGER NOT NULL,
    title TEXT NOT NULL             -- a draft of a theme, in the table's words
);
CREATE INDEX listening_live_group_table ON listening_live_group (table_id, ord);

-- @feed owner=listening_live_group:group_id
CREATE TABLE listening_live_grouped (
    id INTEGER PRIMARY KEY,
    group_id INTEGER NOT NULL REFERENCES listening_live_group (id),
    contribution_id INTEGER NOT NULL UNIQUE REFERENCES listening_contribution (id)
);
CREATE INDEX listening_live_grouped_group ON listening_live_grouped (group_id);

-- @feed owner=listening_event:event_id
CREATE TABLE listening_live_followup (
    id INTEGER PRIMARY KEY,         -- what a meeting decided, and who follows it up
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    text TEXT NOT NULL,
    owner TEXT NOT NULL,            -- an office or a body, in words
    due_day TEXT NOT NULL,          -- ""
    state TEXT NOT NULL,            -- open, done, carried
    from_id INTEGER                 -- the one of the meeting before that it continues
);
CREATE INDEX listening_live_followup_event ON listening_live_followup (event_id);

-- @feed owner=listening_event:event_id
CREATE TABLE listening_live_draw (
    id INTEGER PRIMARY KEY,         -- of an assembly; all that a stranger needs to draw again
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    method TEXT NOT NULL,           -- name and version of the rule
    seed TEXT NOT NULL,
    size INTEGER NOT NULL,
    n_pool INTEGER NOT NULL,
    pool_digest TEXT NOT NULL,      -- BLAKE2b of the file of pseudonyms that was drawn from
    quotas TEXT NOT NULL,           -- category,value,min,max, one a line
    drawn_s INTEGER NOT NULL
);
CREATE INDEX listening_live_draw_event ON listening_live_draw (event_id);

-- @feed owner=listening_event:event_id
CREATE TABLE listening_live_seat (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    draw_id INTEGER NOT NULL REFERENCES listening_live_draw (id),
    ord INTEGER NOT NULL,
    pseudonym TEXT NOT NULL,        -- the id in the file; the key to names is kept elsewhere
    traits TEXT NOT NULL,           -- "genere: F; età: 30-44"
    state TEXT NOT NULL             -- drawn, accepted, refused
);
CREATE INDEX listening_live_seat_event ON listening_live_seat (event_id, ord);

-- @feed owner=listening_event:event_id
CREATE TABLE listening_live_recommendation (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    ord INTEGER NOT NULL,
    text TEXT NOT NULL,
    n_for INTEGER,                  -- votes; NULL not counted
    n_against INTEGER,
    answer TEXT NOT NULL,           -- waiting, accepted, partly, refused
    answer_text TEXT NOT NULL,      -- the institution's reasons
    answer_body TEXT NOT NULL,      -- who answered
    answer_day TEXT NOT NULL
);
CREATE INDEX listening_live_recommendation_event ON listening_live_recommendation (event_id, ord);
