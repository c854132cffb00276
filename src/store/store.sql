-- @name head :one read
-- @col seq int
-- The number of the newest change set.
SELECT seq FROM store_head WHERE id = 1;

-- @name head_bump :one write
-- @col seq int
-- Take the next number. On PostgreSQL the row stays locked until commit: numbers follow commits.
UPDATE store_head SET seq = seq + 1 WHERE id = 1 RETURNING seq;

-- @name set_add :exec write
-- @param seq int, at_s int, actor_id int, actor text, reason text
INSERT INTO store_set (seq, at_s, actor_id, actor, reason)
VALUES (:seq, :at_s, :actor_id, :actor, :reason);

-- @name sets_before :many read
-- @param before_seq int, n_max int
-- @col seq int, at_s int, actor_id int, actor text, reason text, n_changes int
-- Newest first.
SELECT s.seq, s.at_s, s.actor_id, s.actor, s.reason,
       (SELECT COUNT(*) FROM store_change c WHERE c.seq = s.seq)
FROM store_set s WHERE s.seq < :before_seq ORDER BY s.seq DESC LIMIT :n_max;

-- @name set_count :one read
-- @col n int, highest int
-- For verify: numbers without gaps.
SELECT COUNT(*), COALESCE(MAX(seq), 0) FROM store_set;

-- @name changes_since :many read
-- @param seq int, id int, n_max int
-- @col id int, seq int, at_s int, actor_id int, actor text, reason text, entity text, entity_id int, owner text?, owner_id int?, op text, before text?, after text?
SELECT c.id, c.seq, s.at_s, s.actor_id, s.actor, s.reason, c.entity, c.entity_id, c.owner,
       c.owner_id, c.op, c.before, c.after
FROM store_change c JOIN store_set s ON s.seq = c.seq
WHERE (c.seq > :seq OR (c.seq = :seq AND c.id > :id)) AND c.seq >= :seq
ORDER BY c.seq, c.id LIMIT :n_max;

-- @name history :many read
-- @param entity text, entity_id int, before_seq int, n_max int
-- @col id int, seq int, at_s int, actor_id int, actor text, reason text, entity text, entity_id int, owner text?, owner_id int?, op text, before text?, after text?
-- Two indexed halves, so that neither engine walks the whole feed.
SELECT c.id, c.seq, s.at_s, s.actor_id, s.actor, s.reason, c.entity, c.entity_id, c.owner,
       c.owner_id, c.op, c.before, c.after
FROM (SELECT * FROM store_change
       WHERE entity = :entity AND entity_id = :entity_id AND seq < :before_seq
      UNION
      SELECT * FROM store_change
       WHERE owner = :entity AND owner_id = :entity_id AND seq < :before_seq) c
JOIN store_set s ON s.seq = c.seq
ORDER BY c.seq DESC, c.id DESC LIMIT :n_max;

-- @name changes_of_set :many read
-- @param seq int
-- @col id int, entity text, entity_id int, op text, before text?, after text?
-- In the order of undoing.
SELECT id, entity, entity_id, op, before, after FROM store_change WHERE seq = :seq
ORDER BY id DESC;

-- @name step_find :opt read
-- @param room text, name text
-- @col at_s int
SELECT at_s FROM store_step WHERE room = :room AND name = :name;

-- @name step_add :exec write
-- @param room text, name text, at_s int
INSERT INTO store_step (room, name, at_s) VALUES (:room, :name, :at_s);

-- @name step_count :one read
-- @param room text
-- @col n int
SELECT COUNT(*) FROM store_step WHERE room = :room;

-- @name meta_find :opt read
-- @param name text
-- @col value text
SELECT value FROM store_meta WHERE name = :name;

-- @name meta_set :exec write
-- @param name text, value text
INSERT INTO store_meta (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
