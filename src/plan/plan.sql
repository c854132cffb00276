-- What this room reads of the rooms below: of listening only through its views.

-- @name theme_find :opt read
-- @param code text
-- @col id int
SELECT theme_id FROM v_listening_theme WHERE code = :code;

-- @name voice_find :opt read
-- @param code text
-- @col id int
SELECT contribution_id FROM v_listening_contribution WHERE code = :code;

-- @name comune_find :opt read
-- @param code text
-- @col id int, name text
SELECT area_id, name FROM v_territory_area WHERE kind = 'comune' AND code = :code;

-- @name area_code :opt read
-- @param id int
-- @col kind text, code text
-- The area a delegate speaks for.
SELECT kind, code FROM v_territory_area WHERE area_id = :id;

-- @name theme_list :many read
-- @col id int, code text, axis text, title text, parked int, merged_into int?
SELECT theme_id, code, axis, title, parked, merged_into FROM v_listening_theme ORDER BY theme_id;

-- @name voice_list :many read
-- @col id int, code text, parked int, state text
-- Every contribution, for the check of the thread.
SELECT contribution_id, code, parked, state FROM v_listening_contribution
ORDER BY contribution_id;

-- @name coding_list :many read
-- @col voice_id int, theme_id int
SELECT contribution_id, theme_id FROM v_listening_coding;

-- @name voice_get :opt read
-- @param code text
-- @col id int, code text, text text, kind text, parked int, state text
-- @col event_code text?, table_code text?
SELECT contribution_id, code, text, kind, parked, state, event_code, table_code
FROM v_listening_contribution WHERE code = :code;

-- @name voices_of_theme :many read
-- @param theme_id int, n_max int
-- @col id int, code text, text text, state text
SELECT c.contribution_id, c.code, c.text, c.state
FROM v_listening_coding x
JOIN v_listening_contribution c ON c.contribution_id = x.contribution_id
WHERE x.theme_id = :theme_id
ORDER BY c.contribution_id
LIMIT :n_max;

-- @name voices_of_theme_count :one read
-- @param theme_id int
-- @col n int
SELECT COUNT(*) FROM v_listening_coding WHERE theme_id = :theme_id;

-- @name voice_counts :one read
-- @col n int, n_tables int
SELECT COUNT(*), COUNT(DISTINCT table_id) FROM v_listening_contribution WHERE state = 'said';

-- @name fates_of_voice :many read
-- @param voice_id int
-- @col how text, element text, theme text, reason text
-- What elements took the contribution up, by itself or by a theme it counts in, and what else was
-- decided of it.
SELECT o.how, o.element, o.theme, o.note
FROM v_listening_contribution c
JOIN plan_origin o ON o.contribution = c.code
WHERE c.contribution_id = :voice_id
UNION
SELECT o.how, o.element, o.theme, o.note
FROM v_listening_coding x
JOIN v_listening_theme m ON m.theme_id = x.theme_id
JOIN v_listening_theme t ON t.theme_id = COALESCE(m.merged_into, m.theme_id)
JOIN plan_origin o ON o.theme = t.code
WHERE x.contribution_id = :voice_id AND o.contribution = ''
UNION
SELECT 'amends', a.element, '', a.reason
FROM v_listening_contribution c
JOIN plan_amendment a ON a.contribution = c.code
WHERE c.contribution_id = :voice_id
UNION
SELECT f.fate, '', f.theme, f.reason
FROM v_listening_contribution c
JOIN plan_fate f ON f.contribution = c.code
WHERE c.contribution_id = :voice_id
UNION
SELECT f.fate, '', f.theme, f.reason
FROM v_listening_coding x
JOIN v_listening_theme m ON m.theme_id = x.theme_id
JOIN v_listening_theme t ON t.theme_id = COALESCE(m.merged_into, m.theme_id)
JOIN plan_fate f ON f.theme = t.code
WHERE x.contribution_id = :voice_id
ORDER BY 2, 1, 3, 4;

-- @name fates_of_theme :many read
-- @param theme_id int
-- @col how text, element text, reason text
-- Its own, and those of the themes merged into it.
SELECT o.how, o.element, o.note
FROM v_listening_theme t
JOIN plan_origin o ON o.theme = t.code
WHERE (t.theme_id = :theme_id OR t.merged_into = :theme_id) AND o.contribution = ''
UNION
SELECT f.fate, '', f.reason
FROM v_listening_theme t
JOIN plan_fate f ON f.theme = t.code
WHERE t.theme_id = :theme_id OR t.merged_into = :theme_id
ORDER BY 2, 1, 3;

-- @name element_brief :opt read
-- @param plan text, code text
-- @col title text, state text, deadline text
SELECT title, state, deadline FROM plan_element WHERE plan = :plan AND code = :code;

-- @name theme_get :opt read
-- @param code text
-- @col id int, title text, axis text
SELECT theme_id, title, axis FROM v_listening_theme WHERE code = :code;

-- @name voices_contesting :many read
-- @param ref text
-- @col id int, text text
-- Who disputes what an element says.
SELECT contribution_id, text FROM v_listening_contribution
WHERE contests = :ref AND state = 'said'
ORDER BY contribution_id;
