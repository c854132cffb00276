-- What was said, by whom in kind (never by name), where, and what it was gathered into.
-- Codes are for ever: they stand in packs, in addresses of pages and in the plan's origins.

-- @feed
CREATE TABLE listening_process (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,      -- psm-2024-26
    title TEXT NOT NULL,
    aim TEXT NOT NULL,
    source TEXT NOT NULL            -- document and lines that tell it, "forum-2023:3-36"; "" by hand
);

-- @feed owner=listening_process:process_id
CREATE TABLE listening_phase (
    id INTEGER PRIMARY KEY,
    process_id INTEGER NOT NULL REFERENCES listening_process (id),
    ord INTEGER NOT NULL,           -- 1 is the first
    code TEXT NOT NULL,             -- ascolto
    title TEXT NOT NULL,
    from_day TEXT NOT NULL,         -- 2023-05-01; "" when not known
    to_day TEXT NOT NULL,
    state TEXT NOT NULL,            -- done, running, next
    inputs TEXT NOT NULL,           -- what it starts from, in words
    outputs TEXT NOT NULL,
    next_steps TEXT NOT NULL,       -- "what happens next", for people
    source TEXT NOT NULL,
    UNIQUE (process_id, code)
);

-- @feed
CREATE TABLE listening_event (
    id INTEGER PRIMARY KEY,
    process_id INTEGER REFERENCES listening_process (id),
    phase_code TEXT NOT NULL,       -- of that process; "" none
    code TEXT NOT NULL UNIQUE,      -- forum-2023
    kind TEXT NOT NULL,             -- forum, meeting, assembly, interview_round, survey
    series TEXT NOT NULL,           -- code shared by periodic meetings; "" alone
    title TEXT NOT NULL,
    aim TEXT NOT NULL,
    place TEXT NOT NULL,            -- in words; "" when not known
    area_code TEXT NOT NULL,        -- ISTAT code of the municipality; ""
    day TEXT NOT NULL,              -- 2023-11-10
    starts_min INTEGER,             -- minutes from midnight, Europe/Rome
    ends_min INTEGER,
    n_present INTEGER,              -- counted in person
    n_remote INTEGER,               -- counted on line
    stream_url TEXT NOT NULL,
    recording_url TEXT NOT NULL,
    materials TEXT NOT NULL,        -- rules of engagement and sheets, in words
    minutes TEXT NOT NULL,          -- what was decided and who follows it up; ""
    state TEXT NOT NULL,            -- draft, open (registration), running, closed
    rev INTEGER NOT NULL,           -- grows with the programme: SEQUENCE of its calendar
    source TEXT NOT NULL
);

-- @feed owner=listening_event:event_id
CREATE TABLE listening_slot (
    id INTEGER PRIMARY KEY,         -- the programme
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    ord INTEGER NOT NULL,
    starts_min INTEGER NOT NULL,
    ends_min INTEGER NOT NULL,
    kind TEXT NOT NULL,             -- welcome, plenary, talk, move, session, break
    title TEXT NOT NULL,
    session_ord INTEGER,            -- which session it holds
    UNIQUE (event_id, ord)
);

-- @feed
CREATE TABLE listening_act (
    id INTEGER PRIMARY KEY,         -- an act that frames the listening
    code TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    body TEXT NOT NULL,             -- who adopted it
    day TEXT NOT NULL,              -- 2023-05 or 2023-05-12: as far as it is known
    summary TEXT NOT NULL,
    event_id INTEGER REFERENCES listening_event (id),
    source TEXT NOT NULL
);

-- @feed owner=listening_event:event_id
CREATE TABLE listening_table (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    code TEXT NOT NULL,             -- 5b
    axis TEXT NOT NULL,             -- code of the plan's axis, "5"; several tables may share it
    title TEXT NOT NULL,
    room TEXT NOT NULL,
    capacity INTEGER,
    n_present INTEGER,              -- counted at this table; NULL when counted with its siblings
    merged_with TEXT NOT NULL,      -- code of the table whose report tells for both; ""
    report TEXT NOT NULL,           -- the facilitator's report for the plenary
    source TEXT NOT NULL,
    UNIQUE (event_id, code)
);

-- @feed owner=listening_event:event_id
CREATE TABLE listening_count (
    id INTEGER PRIMARY KEY,         -- attendance as the source tells it, for the totals to reconcile
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    what TEXT NOT NULL,             -- axis, zone, category
    code TEXT NOT NULL,             -- of it
    n INTEGER,                      -- NULL: named as present without a number
    rank INTEGER,                   -- order of size where only that is told; 1 the largest
    source TEXT NOT NULL,
    UNIQUE (event_id, what, code)
);

-- @feed owner=listening_event:event_id
CREATE TABLE listening_session (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    ord INTEGER NOT NULL,
    title TEXT NOT NULL,
    question TEXT NOT NULL,         -- the guiding question
    source TEXT NOT NULL,
    UNIQUE (event_id, ord)
);

-- @feed owner=listening_event:event_id
CREATE TABLE listening_speech (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES listening_event (id),
    ord INTEGER NOT NULL,
    speaker TEXT NOT NULL,          -- who speaks in public by office is named
    aliases TEXT NOT NULL,          -- other spellings of the name, separated by |
    role TEXT NOT NULL,
    body TEXT NOT NULL,
    summary TEXT NOT NULL,
    url TEXT NOT NULL,
    source TEXT NOT NULL,
    UNIQUE (event_id, ord)
);

-- @feed
CREATE TABLE listening_interview (
    id INTEGER PRIMARY KEY,
    event_id INTEGER REFERENCES listening_event (id),
    code TEXT NOT NULL UNIQUE,      -- pseudonym: "I-07"; the key to names is kept elsewhere, by people
    category TEXT NOT NULL,         -- of actor
    role TEXT NOT NULL,             -- in general words
    body TEXT NOT NULL,             -- shown only with consent
    zone TEXT NOT NULL,             -- 1 to 11, or ""
    day TEXT NOT NULL,
    guide TEXT NOT NULL,            -- questions asked
    consent TEXT NOT NULL,          -- none, coded (only its coded themes), pseudonym (text too), public
    source TEXT NOT NULL
);

-- @feed
CREATE TABLE listening_document (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,      -- forum-2023
    title TEXT NOT NULL,
    author TEXT NOT NULL,
    day TEXT NOT NULL,
    digest TEXT NOT NULL,           -- BLAKE2b of the file, hexadecimal; "" while its lines are not here
    n_lines INTEGER NOT NULL,       -- 0: not imported here
    url TEXT NOT NULL
);

-- Not in the feed: the lines can be imported again from the file whose digest the document keeps.
CREATE TABLE listening_line (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES listening_document (id),
    n INTEGER NOT NULL,             -- number in the file as given, from 1
    text TEXT NOT NULL,
    furniture INTEGER NOT NULL,     -- 1: page furniture (running title, page number), dropped on request
    UNIQUE (document_id, n)
);

-- @feed
CREATE TABLE listening_contribution (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,      -- forum-2023/3/2/014 (event/table/session/number); stable
    uid TEXT NOT NULL UNIQUE,       -- given by the device that wrote it: sending twice is once
    event_id INTEGER REFERENCES listening_event (id),
    table_id INTEGER REFERENCES listening_table (id),
    session_ord INTEGER,            -- NULL: both sessions, or not said at a session
    interview_id INTEGER REFERENCES listening_interview (id),
    document_id INTEGER REFERENCES listening_document (id),
    line_from INTEGER,              -- in the document
    line_to INTEGER,
    kind TEXT NOT NULL,             -- lesson, need, proposal, position, practice, dissent, fact
    text TEXT NOT NULL,             -- in the words of who wrote it down
    quote TEXT NOT NULL,            -- words the source itself puts between quotation marks, at most a few; ""
    category TEXT NOT NULL,         -- of the speaker: comune, pa, impresa, terzo_settore, … ; "" not told
    zone TEXT NOT NULL,             -- 1 to 11; "" not told
    area_code TEXT NOT NULL,        -- a municipality it speaks of; ""
    territory TEXT NOT NULL,        -- plain, hill, foothill, mountain; ""
    contests TEXT NOT NULL,         -- plan and code of the sentence it disputes, "psm-2021-23/6.2"; ""
    parked INTEGER NOT NULL,        -- 1: only touched upon, to be opened again
    local_case INTEGER NOT NULL,    -- 1: a local matter that stands for a common need
    state TEXT NOT NULL,            -- draft, said, withdrawn
    rev INTEGER NOT NULL            -- grows with each edit: two facilitators on one card are told
);
CREATE INDEX listening_contribution_event ON listening_contribution (event_id, table_id);
CREATE INDEX listening_contribution_state ON listening_contribution (state, zone, category);
CREATE INDEX listening_contribution_contests ON listening_contribution (contests);
CREATE INDEX listening_contribution_document ON listening_contribution (document_id, line_from);
CREATE INDEX listening_contribution_interview ON listening_contribution (interview_id);

-- @feed owner=listening_contribution:contribution_id
CREATE TABLE listening_tag (
    id INTEGER PRIMARY KEY,
    contribution_id INTEGER NOT NULL REFERENCES listening_contribution (id),
    kind TEXT NOT NULL,             -- need, body, place, instrument, paradigm, plan (a code it cites), axis
    code TEXT NOT NULL,             -- of the taxonomy, of bodies.csv, "psm-2021-23/6.1.2" …
    UNIQUE (contribution_id, kind, code)
);
CREATE INDEX listening_tag_code ON listening_tag (kind, code);

-- @feed
CREATE TABLE listening_theme (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,      -- t-governance, 3-competenze
    axis TEXT NOT NULL,             -- "" transversal
    title TEXT NOT NULL,
    summary TEXT NOT NULL,          -- in our own words, a few sentences
    parked INTEGER NOT NULL,        -- 1: on the parking list
    merged_into INTEGER REFERENCES listening_theme (id), -- its address leads there for ever
    ord INTEGER NOT NULL,
    rev INTEGER NOT NULL,           -- grows with each edit by a person; a pack changes only rev 1
    source TEXT NOT NULL
);

-- @feed owner=listening_theme:theme_id
CREATE TABLE listening_position (
    id INTEGER PRIMARY KEY,         -- one of several opposed positions inside a theme
    theme_id INTEGER NOT NULL REFERENCES listening_theme (id),
    code TEXT NOT NULL,             -- a, b
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    source TEXT NOT NULL,
    UNIQUE (theme_id, code)
);

-- @feed owner=listening_theme:theme_id
CREATE TABLE listening_coding (
    id INTEGER PRIMARY KEY,         -- a contribution counts in a theme; many to many
    contribution_id INTEGER NOT NULL REFERENCES listening_contribution (id),
    theme_id INTEGER NOT NULL REFERENCES listening_theme (id),
    position_id INTEGER REFERENCES listening_position (id),
    UNIQUE (contribution_id, theme_id)
);
CREATE INDEX listening_coding_theme ON listening_coding (theme_id, contribution_id, position_id);

-- @feed owner=listening_theme:theme_id
CREATE TABLE listening_trace (
    id INTEGER PRIMARY KEY,         -- where a theme came from when themes were merged, split, renamed
    theme_id INTEGER NOT NULL REFERENCES listening_theme (id),
    how TEXT NOT NULL,              -- merged, split, renamed
    from_theme_id INTEGER,          -- the other one
    from_title TEXT NOT NULL,
    reason TEXT NOT NULL,
    at_s INTEGER NOT NULL
);
CREATE INDEX listening_trace_theme ON listening_trace (theme_id);

-- What other rooms may read. The words of an interview stay here unless its consent says otherwise.
CREATE VIEW v_listening_theme AS
SELECT id AS theme_id, code, axis, title, parked, merged_into FROM listening_theme;

CREATE VIEW v_listening_coding AS
SELECT contribution_id, theme_id, position_id FROM listening_coding;

CREATE VIEW v_listening_contribution AS
SELECT c.id AS contribution_id, c.code, c.kind,
       CASE WHEN i.consent IN ('none', 'coded') THEN '' ELSE c.text END AS text, c.zone, c.category, c.contests, c.parked, c.state,
       c.event_id, e.code AS event_code, c.table_id, t.code AS table_code, t.axis AS table_axis,
       c.document_id, c.line_from, c.line_to
FROM listening_contribution c
LEFT JOIN listening_event e ON e.id = c.event_id
LEFT JOIN listening_table t ON t.id = c.table_id
LEFT JOIN listening_interview i ON i.id = c.interview_id;
