-- Plans and their elements: what is meant to be done, by whom, and where it came from.

-- @feed
CREATE TABLE plan_plan (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,      -- psm-2024-26
    title TEXT NOT NULL,
    from_year INTEGER NOT NULL,
    to_year INTEGER NOT NULL,
    state TEXT NOT NULL,            -- draft, in_force, closed
    note TEXT NOT NULL,             -- what is not known of it
    source TEXT NOT NULL
);
