-- Needs that found nothing near: how many a day, per municipality and need. No words, no time of
-- day, no person: outside the feed, so that no history tells more than the numbers do.

CREATE TABLE finder_unmet (
    day INTEGER NOT NULL,        -- since 1970
    comune INTEGER NOT NULL,     -- ISTAT code as a number
    need TEXT NOT NULL,          -- code of needs.csv
    n INTEGER NOT NULL,
    PRIMARY KEY (day, comune, need)
);
