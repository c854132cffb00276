-- Plans and their elements: what is meant to be done, by whom, and where it came from. A row is a
-- row of the pack (README.md): codes join the tables, so that a pack, an address and a record say
-- the same. "" is "not said"; a number that nobody said is NULL.

-- @feed
CREATE TABLE plan_plan (
    id INTEGER PRIMARY KEY,         -- a plan of some years
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    code TEXT NOT NULL,             -- psm-2024-26
    title TEXT NOT NULL,            -- of the whole plan
    from_year INTEGER NOT NULL,     -- first year
    to_year INTEGER NOT NULL,       -- last year
    state TEXT NOT NULL,            -- draft, in_force, closed
    note TEXT NOT NULL,             -- what is not known of it
    source TEXT NOT NULL,           -- where it was read
    UNIQUE (code)
);

-- @feed
CREATE TABLE plan_element (
    id INTEGER PRIMARY KEY,         -- an axis, a strategy or an action, at any depth
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    plan TEXT NOT NULL,             -- code of the plan
    code TEXT NOT NULL,             -- 6.1.2; unique in its plan only
    parent TEXT NOT NULL,           -- code of the element above, in the same plan; ""
    level TEXT NOT NULL,            -- axis, strategy, action
    title TEXT NOT NULL,            -- name in the programme; "" only where complete is no
    alt_title TEXT NOT NULL,        -- name in the plan, where it has two
    text TEXT NOT NULL,             -- what it says, as far as it is known
    complete TEXT NOT NULL,         -- yes, partial, no: how much is known here
    competence INTEGER,             -- 1 direct, 2 local bodies adopt it, 3 political action
    addressee TEXT NOT NULL,        -- to whom level 3 speaks
    state TEXT NOT NULL,            -- not_started, running, done, late, stopped, not_known; ""
    state_reason TEXT NOT NULL,     -- why it stands so
    departments TEXT NOT NULL,      -- offices in charge, separated by |
    partners TEXT NOT NULL,         -- bodies of the network, uid or name, separated by |
    territory TEXT NOT NULL,        -- plain, hill, foothill, mountain, zones
    paradigms TEXT NOT NULL,        -- digital, innovation, circular, …
    pnrr_measure TEXT NOT NULL,     -- M6C1
    deadline TEXT NOT NULL,         -- 2026-03-31 or 2026-03
    note TEXT NOT NULL,             -- what is not known of it
    source TEXT NOT NULL,           -- where it was read
    UNIQUE (plan, code)
);

-- @feed
CREATE TABLE plan_link (
    id INTEGER PRIMARY KEY,         -- one element bears on another, in a plan or between plans
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    from_element TEXT NOT NULL,     -- psm-2021-23/3
    to_element TEXT NOT NULL,       -- psm-2021-23/6
    kind TEXT NOT NULL,             -- continues, replaces, splits, affects, needs, …
    reason TEXT NOT NULL,           -- why
    source TEXT NOT NULL,           -- where it was read
    UNIQUE (from_element, to_element, kind)
);

-- @feed
CREATE TABLE plan_origin (
    id INTEGER PRIMARY KEY,         -- the theme or contribution an element comes from
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    element TEXT NOT NULL,          -- psm-2024-26/6.1
    theme TEXT NOT NULL,            -- code of the theme; ""
    contribution TEXT NOT NULL,     -- code of the contribution; ""
    how TEXT NOT NULL,              -- answers, amends, takes_up, measures
    note TEXT NOT NULL,             -- in what way
    UNIQUE (element, theme, contribution, how)
);
CREATE INDEX plan_origin_theme ON plan_origin (theme);
CREATE INDEX plan_origin_voice ON plan_origin (contribution);

-- @feed
CREATE TABLE plan_fate (
    id INTEGER PRIMARY KEY,         -- what became of a theme or contribution
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    theme TEXT NOT NULL,            -- code of the theme; ""
    contribution TEXT NOT NULL,     -- code of the contribution; ""
    fate TEXT NOT NULL,             -- taken_up, parked, other_body, already_done, not_taken_up
    reason TEXT NOT NULL,           -- why, for who said it
    source TEXT NOT NULL,           -- who decided so
    UNIQUE (theme, contribution)
);
CREATE INDEX plan_fate_theme ON plan_fate (theme);
CREATE INDEX plan_fate_voice ON plan_fate (contribution);

-- @feed
CREATE TABLE plan_objective (
    id INTEGER PRIMARY KEY,         -- what is to be reached, measurable
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    element TEXT NOT NULL,          -- psm-2024-26/6.1
    code TEXT NOT NULL,             -- unique in its element
    title TEXT NOT NULL,            -- in words
    measure TEXT NOT NULL,          -- what is counted
    unit TEXT NOT NULL,             -- in what
    baseline TEXT NOT NULL,         -- where we start, exact decimal
    baseline_year INTEGER,          -- of the baseline
    target TEXT NOT NULL,           -- where we want to be, exact decimal
    target_day TEXT NOT NULL,       -- by when
    owner TEXT NOT NULL,            -- who answers for it
    relevance TEXT NOT NULL,        -- why it matters
    source TEXT NOT NULL,           -- where it was read
    UNIQUE (element, code)
);

-- @feed
CREATE TABLE plan_amendment (
    id INTEGER PRIMARY KEY,         -- exact words proposed for exact words
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    element TEXT NOT NULL,          -- psm-2021-23/6.2
    code TEXT NOT NULL,             -- unique in its element
    field TEXT NOT NULL,            -- title, alt_title, text
    old_words TEXT NOT NULL,        -- the words as they stand
    proposed_words TEXT NOT NULL,   -- the words instead
    reason TEXT NOT NULL,           -- why
    contribution TEXT NOT NULL,     -- who asked for it
    state TEXT NOT NULL,            -- proposed, accepted, refused, applied
    decision TEXT NOT NULL,         -- in words
    decided_day TEXT NOT NULL,      -- when
    source TEXT NOT NULL,           -- where it was read
    UNIQUE (element, code)
);
CREATE INDEX plan_amendment_voice ON plan_amendment (contribution);

-- @feed
CREATE TABLE plan_rename (
    id INTEGER PRIMARY KEY,         -- a name given up for another; the old one is still found
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    element TEXT NOT NULL,          -- psm-2021-23/6.1.2
    old_name TEXT NOT NULL,         -- Case della Salute
    new_name TEXT NOT NULL,         -- Case della Comunità
    synonyms TEXT NOT NULL,         -- other names people use, separated by |
    reason TEXT NOT NULL,           -- why
    source TEXT NOT NULL,           -- where it was read
    UNIQUE (element, old_name, new_name)
);

-- @feed
CREATE TABLE plan_instrument (
    id INTEGER PRIMARY KEY,         -- another plan or agenda this one must agree with
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    code TEXT NOT NULL,             -- amsvs
    title TEXT NOT NULL,            -- its name
    kind TEXT NOT NULL,             -- plan, agenda, fund …
    state TEXT NOT NULL,            -- in force, in preparation …
    body TEXT NOT NULL,             -- whose it is
    url TEXT NOT NULL,              -- its page
    note TEXT NOT NULL,             -- what is not known
    source TEXT NOT NULL,           -- where it was read
    UNIQUE (code)
);

-- @feed
CREATE TABLE plan_coherence (
    id INTEGER PRIMARY KEY,         -- an element against a goal of an instrument
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    element TEXT NOT NULL,          -- psm-2024-26/2
    instrument TEXT NOT NULL,       -- code of it
    goal TEXT NOT NULL,             -- its goal, "" the whole
    relation TEXT NOT NULL,         -- serves, needs, conflicts, neutral
    note TEXT NOT NULL,             -- why
    source TEXT NOT NULL,           -- where it was read
    UNIQUE (element, instrument, goal)
);

-- @feed
CREATE TABLE plan_step (
    id INTEGER PRIMARY KEY,         -- how an element is carried out
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    element TEXT NOT NULL,          -- psm-2024-26/6.1
    ord INTEGER,                    -- order in the element
    code TEXT NOT NULL,             -- unique in its element
    title TEXT NOT NULL,            -- in words
    owner TEXT NOT NULL,            -- who does it
    from_day TEXT NOT NULL,         -- first day
    to_day TEXT NOT NULL,           -- last day
    money_cents INTEGER,            -- what it costs, euro cents
    fund TEXT NOT NULL,             -- who pays
    state TEXT NOT NULL,            -- not_started, running, done, late, stopped, not_known; ""
    state_reason TEXT NOT NULL,     -- why
    needs TEXT NOT NULL,            -- steps before it: "code" or "plan/code#step", separated by |
    source TEXT NOT NULL,           -- where it was read
    UNIQUE (element, code)
);

-- @feed
CREATE TABLE plan_deadline (
    id INTEGER PRIMARY KEY,         -- a day that must not be missed
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    code TEXT NOT NULL,             -- its own
    element TEXT NOT NULL,          -- psm-2021-23/6.1.2; "" the whole plan
    day TEXT NOT NULL,              -- 2026-03-31 or 2026-03
    lead_days INTEGER,              -- days needed before it
    title TEXT NOT NULL,            -- in words
    kind TEXT NOT NULL,             -- pnrr, law, promise …
    reason TEXT NOT NULL,           -- what it depends on
    source TEXT NOT NULL,           -- where it was read
    UNIQUE (code)
);

-- @feed
CREATE TABLE plan_request (
    id INTEGER PRIMARY KEY,         -- what is asked of another body
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    code TEXT NOT NULL,             -- its own
    element TEXT NOT NULL,          -- of the plan; ""
    level TEXT NOT NULL,            -- zone, region, state, europe …
    addressee TEXT NOT NULL,        -- to whom
    title TEXT NOT NULL,            -- what is asked
    kind TEXT NOT NULL,             -- request, advocacy, question …
    legal_gap TEXT NOT NULL,        -- what the law lacks
    state TEXT NOT NULL,            -- to_send, sent, answered, accepted, refused, dropped
    raised_by TEXT NOT NULL,        -- who asked first, in general words
    day TEXT NOT NULL,              -- sent on
    due_day TEXT NOT NULL,          -- answer expected by
    answer TEXT NOT NULL,           -- what was answered
    answer_day TEXT NOT NULL,       -- when
    source TEXT NOT NULL,           -- where it was read
    UNIQUE (code)
);

-- @feed
CREATE TABLE plan_act (
    id INTEGER PRIMARY KEY,         -- a resolution of the Mayors or of a council
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    code TEXT NOT NULL,             -- its own
    body TEXT NOT NULL,             -- who resolved
    title TEXT NOT NULL,            -- its title
    kind TEXT NOT NULL,             -- resolution, opinion …
    day TEXT NOT NULL,              -- when
    quorum INTEGER,                 -- how many must be present
    n_present INTEGER,              -- were present
    n_for INTEGER,                  -- voted for
    n_against INTEGER,              -- against
    n_abstained INTEGER,            -- abstained
    commitments TEXT NOT NULL,      -- what was promised, separated by |
    elements TEXT NOT NULL,         -- elements it is about, separated by |
    source TEXT NOT NULL,           -- where it was read
    UNIQUE (code)
);

-- @feed
CREATE TABLE plan_adoption (
    id INTEGER PRIMARY KEY,         -- a municipality takes an element as its own
    place INTEGER NOT NULL,         -- its place among the rows of the pack
    pack_hash INTEGER NOT NULL,     -- of the row as the pack last had it; 0: added by hand
    element TEXT NOT NULL,          -- psm-2024-26/6.1
    area_code TEXT NOT NULL,        -- ISTAT code of the municipality
    state TEXT NOT NULL,            -- to_adopt, under_way, adopted, refused
    act TEXT NOT NULL,              -- its act
    day TEXT NOT NULL,              -- when
    source TEXT NOT NULL,           -- where it was read
    UNIQUE (element, area_code)
);
