-- Long work: what was asked, how far it is, what it found.

CREATE TABLE jobs_job (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,            -- which work: "import-hsds"
    title TEXT NOT NULL,           -- what a person calls it: the file's name
    args TEXT NOT NULL,            -- JSON, for the kind's own eyes
    state TEXT NOT NULL,           -- queued running here done failed cancelled
    position TEXT,                 -- JSON: where to go on after a restart; written with the records
    done INTEGER NOT NULL,         -- steps done, in the kind's own unit
    total INTEGER NOT NULL,        -- 0 while unknown
    cancel INTEGER NOT NULL,       -- 1: a person asked to stop
    outcome TEXT,                  -- JSON object of counts, by name
    failure TEXT,                  -- the sentence of what went wrong, in the asker's language
    actor_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    lang TEXT NOT NULL,            -- of the asker
    created_s INTEGER NOT NULL,
    started_s INTEGER,
    finished_s INTEGER
);
CREATE INDEX jobs_job_state ON jobs_job (state, id);

CREATE TABLE jobs_finding (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL REFERENCES jobs_job (id),
    severity TEXT NOT NULL,        -- noted repaired rejected
    file TEXT NOT NULL,
    line INTEGER NOT NULL,         -- 0: the file as a whole
    field TEXT NOT NULL,
    message TEXT NOT NULL,         -- key of the wording
    remedy TEXT NOT NULL,          -- key of the wording, "" when the message says it
    detail TEXT NOT NULL,          -- their argument {value}
    about TEXT NOT NULL,           -- key of the wording of {kind}, or ""
    n INTEGER NOT NULL             -- how many cases this line stands for: {count}
);
CREATE INDEX jobs_finding_job ON jobs_finding (job_id, id);
