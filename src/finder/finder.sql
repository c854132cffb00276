-- @name text_find :opt read
-- @param name text
-- @col body text
SELECT body FROM finder_text WHERE name = :name;

-- @name text_put :exec write
-- @param name text, body text, now_s int
INSERT INTO finder_text (name, body, loaded_s) VALUES (:name, :body, :now_s)
ON CONFLICT (name) DO UPDATE SET body = excluded.body, loaded_s = excluded.loaded_s;
