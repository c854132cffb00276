-- People who sign in, what they may do, and the traces that security asks for.

-- @feed
CREATE TABLE accounts_account (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,    -- lower case, as typed at the door and shown in histories
    name TEXT NOT NULL,            -- of the person, for the list of people
    roles INTEGER NOT NULL,        -- bits of enum rg_role, without PUBLIC
    org_id INTEGER NOT NULL,       -- the organization an editor edits; 0: none
    area_id INTEGER NOT NULL,      -- the Zone or municipality a delegate speaks for; 0: none
    lang TEXT NOT NULL,            -- it fr en
    active INTEGER NOT NULL,       -- 0: may not sign in; kept, because histories name it
    created_s INTEGER NOT NULL
);

-- Outside the feed: a history must not hold secrets.
CREATE TABLE accounts_secret (
    account_id INTEGER NOT NULL UNIQUE REFERENCES accounts_account (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,            -- Argon2id in the string form of libsodium, salt included
    must_change INTEGER NOT NULL   -- 1: somebody else knows it, good for changing it only
);

CREATE TABLE accounts_session (
    token_hash TEXT PRIMARY KEY,   -- BLAKE2b-256 of the cookie in hex: the table opens no door
    account_id INTEGER NOT NULL REFERENCES accounts_account (id) ON DELETE CASCADE,
    secret TEXT NOT NULL,          -- forgery tokens derive from it
    created_s INTEGER NOT NULL,
    seen_s INTEGER NOT NULL,       -- last use, to within five minutes
    expires_s INTEGER NOT NULL     -- the end, however busy
);
CREATE INDEX accounts_session_account ON accounts_session (account_id);
CREATE INDEX accounts_session_expires ON accounts_session (expires_s);

-- Outside the feed, so that old traces can be forgotten.
CREATE TABLE accounts_event (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,          -- the change set it belongs to
    at_s INTEGER NOT NULL,
    kind TEXT NOT NULL,            -- sign_in failed sign_out password reset
    account_id INTEGER NOT NULL,   -- 0: no such account
    login TEXT NOT NULL,           -- as tried, cut to 64 bytes
    network TEXT NOT NULL          -- 192.0.2.0/24: where from, no nearer
);
CREATE INDEX accounts_event_seq ON accounts_event (seq);
CREATE INDEX accounts_event_at ON accounts_event (at_s);
