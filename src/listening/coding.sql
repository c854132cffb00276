-- Coding: what people change by hand. Each runs inside a change set, which history and undo read.

-- @name coding_clear :exec write
-- @param contribution_id int
DELETE FROM listening_coding WHERE contribution_id = :contribution_id;

-- @name coding_add_by_code :exec write
-- @param contribution_id int, theme text, position text
INSERT INTO listening_coding (contribution_id, theme_id, position_id)
SELECT :contribution_id, h.id, (SELECT p.id FROM listening_position p
                                WHERE p.theme_id = h.id AND p.code = :position)
FROM listening_theme h WHERE h.code = :theme
ON CONFLICT (contribution_id, theme_id) DO UPDATE SET position_id = excluded.position_id
WHERE listening_coding.position_id IS DISTINCT FROM excluded.position_id;

-- @name coding_remove :exec write
-- @param contribution_id int, theme_id int
DELETE FROM listening_coding WHERE contribution_id = :contribution_id AND theme_id = :theme_id;

-- @name tags_clear :exec write
-- @param contribution_id int
DELETE FROM listening_tag WHERE contribution_id = :contribution_id;

-- @name tag_add :exec write
-- @param contribution_id int, kind text, code text
INSERT INTO listening_tag (contribution_id, kind, code) VALUES (:contribution_id, :kind, :code)
ON CONFLICT (contribution_id, kind, code) DO NOTHING;

-- @name voice_touch :exec write
-- @param id int
-- A person changed what the voice is gathered under: a pack leaves it alone from now on.
UPDATE listening_contribution SET rev = rev + 1 WHERE id = :id;

-- @name voices_touch_of_theme :exec write
-- @param theme_id int
UPDATE listening_contribution SET rev = rev + 1
WHERE id IN (SELECT contribution_id FROM listening_coding WHERE theme_id = :theme_id);

-- @name voice_set :exec write
-- @param id int, rev int, kind text, text text, quote text, category text, zone text, territory text, contests text, parked int, local_case int, state text
-- Only the version the person saw: none changed means somebody else was first.
UPDATE listening_contribution SET kind = :kind, text = :text, quote = :quote, category = :category,
       zone = :zone, territory = :territory, contests = :contests, parked = :parked,
       local_case = :local_case, state = :state, rev = rev + 1
WHERE id = :id AND rev = :rev;

-- @name voice_park :exec write
-- @param id int, parked int
UPDATE listening_contribution SET parked = :parked, rev = rev + 1
WHERE id = :id AND parked <> :parked;

-- @name theme_add :exec write
-- @param code text, axis text, title text, summary text
INSERT INTO listening_theme (code, axis, title, summary, parked, ord, rev, source)
VALUES (:code, :axis, :title, :summary, 0,
        (SELECT COALESCE(MAX(t.ord), 0) + 1 FROM listening_theme t), 2, '');

-- @name theme_set :exec write
-- @param id int, rev int, axis text, title text, summary text, parked int
UPDATE listening_theme SET axis = :axis, title = :title, summary = :summary, parked = :parked,
       rev = rev + 1
WHERE id = :id AND rev = :rev;

-- @name theme_touch :exec write
-- @param id int
UPDATE listening_theme SET rev = rev + 1 WHERE id = :id;

-- @name trace_add :exec write
-- @param theme_id int, how text, from_theme_id int?, from_title text, reason text, at_s int
INSERT INTO listening_trace (theme_id, how, from_theme_id, from_title, reason, at_s)
VALUES (:theme_id, :how, :from_theme_id, :from_title, :reason, :at_s);

-- @name merge_coding_drop :exec write
-- @param theme_id int, into_id int
-- Voices of both: the one coding that stays is that of the theme they go to.
DELETE FROM listening_coding WHERE theme_id = :theme_id
  AND contribution_id IN (SELECT contribution_id FROM listening_coding WHERE theme_id = :into_id);

-- @name merge_coding_move :exec write
-- @param theme_id int, into_id int
UPDATE listening_coding SET theme_id = :into_id WHERE theme_id = :theme_id;

-- @name merge_position_move :exec write
-- @param id int, into_id int, code text
UPDATE listening_position SET theme_id = :into_id, code = :code WHERE id = :id;

-- @name merge_set :exec write
-- @param theme_id int, into_id int
UPDATE listening_theme SET merged_into = :into_id, rev = rev + 1 WHERE id = :theme_id;

-- @name merge_follow :exec write
-- @param theme_id int, into_id int
-- What led to the theme that goes now leads to where it goes: one step is always enough.
UPDATE listening_theme SET merged_into = :into_id, rev = rev + 1 WHERE merged_into = :theme_id;

-- @name split_coding_move :exec write
-- @param theme_id int, into_id int, contribution text
UPDATE listening_coding SET theme_id = :into_id, position_id = NULL
WHERE theme_id = :theme_id
  AND contribution_id = (SELECT id FROM listening_contribution WHERE code = :contribution)
  AND NOT EXISTS (SELECT 1 FROM listening_coding o WHERE o.theme_id = :into_id
                  AND o.contribution_id = listening_coding.contribution_id);

-- @name split_position_move :exec write
-- @param position_id int, into_id int
UPDATE listening_position SET theme_id = :into_id WHERE id = :position_id;

-- @name split_position_coding :exec write
-- @param position_id int, into_id int
UPDATE listening_coding SET theme_id = :into_id WHERE position_id = :position_id;

-- @name position_put :exec write
-- @param theme_id int, code text, title text, text text
INSERT INTO listening_position (theme_id, code, title, text, source)
VALUES (:theme_id, :code, :title, :text, '')
ON CONFLICT (theme_id, code) DO UPDATE SET title = excluded.title, text = excluded.text
WHERE (listening_position.title, listening_position.text) IS DISTINCT FROM (excluded.title, excluded.text);
