-- @name text_find :opt read
-- @param name text
-- @col body text
SELECT body FROM finder_text WHERE name = :name;

-- @name text_put :exec write
-- @param name text, body text, now_s int
INSERT INTO finder_text (name, body, loaded_s) VALUES (:name, :body, :now_s)
ON CONFLICT (name) DO UPDATE SET body = excluded.body, loaded_s = excluded.loaded_s;

-- @name unmet_add :exec write
-- @param day int, comune int, need text, n int
INSERT INTO finder_unmet (day, comune, need, n) VALUES (:day, :comune, :need, :n)
ON CONFLICT (day, comune, need) DO UPDATE SET n = finder_unmet.n + excluded.n;

-- @name unmet_list :many read
-- @param from_day int, to_day int, n_min int
-- @col comune int, need text, n int
-- Groups of a span of days, none smaller than n_min.
SELECT comune, need, SUM(n) FROM finder_unmet
WHERE day >= :from_day AND day < :to_day
GROUP BY comune, need HAVING SUM(n) >= :n_min
ORDER BY SUM(n) DESC, comune, need;

-- @name unmet_small :one read
-- @param from_day int, to_day int, n_min int
-- @col n int
-- How many groups are left out because they are smaller.
SELECT COUNT(*) FROM (SELECT comune FROM finder_unmet
WHERE day >= :from_day AND day < :to_day
GROUP BY comune, need HAVING SUM(n) < :n_min) AS g;
