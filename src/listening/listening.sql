-- What the pages of listening ask.

-- @name counts :one read
-- @col contributions int, themes int, events int, documents int, interviews int
SELECT (SELECT COUNT(*) FROM listening_contribution WHERE state = 'said'),
       (SELECT COUNT(*) FROM listening_theme WHERE merged_into IS NULL),
       (SELECT COUNT(*) FROM listening_event WHERE state <> 'draft'),
       (SELECT COUNT(*) FROM listening_document),
       (SELECT COUNT(*) FROM listening_interview);

-- @name process_list :many read
-- @col id int, code text, title text, aim text, source text
SELECT id, code, title, aim, source FROM listening_process ORDER BY id;

-- @name phases_of :many read
-- @param process_id int
-- @col ord int, code text, title text, from_day text, to_day text, state text, inputs text, outputs text, next_steps text, source text
SELECT ord, code, title, from_day, to_day, state, inputs, outputs, next_steps, source
FROM listening_phase WHERE process_id = :process_id ORDER BY ord, id;

-- @name event_list :many read
-- @col id int, code text, kind text, series text, title text, place text, day text, n_present int?, n_remote int?, state text
-- The latest first.
SELECT id, code, kind, series, title, place, day, n_present, n_remote, state
FROM listening_event WHERE state <> 'draft' ORDER BY day DESC, id;

-- @name event_get :opt read
-- @param code text
-- @col id int, code text, kind text, series text, title text, aim text, place text, area_code text, day text, starts_min int?, ends_min int?, n_present int?, n_remote int?, stream_url text, recording_url text, materials text, minutes text, state text, rev int, source text, process_title text, phase_code text
SELECT e.id, e.code, e.kind, e.series, e.title, e.aim, e.place, e.area_code, e.day, e.starts_min,
       e.ends_min, e.n_present, e.n_remote, e.stream_url, e.recording_url, e.materials, e.minutes,
       e.state, e.rev, e.source, COALESCE(p.title, ''), e.phase_code
FROM listening_event e LEFT JOIN listening_process p ON p.id = e.process_id
WHERE e.code = :code AND e.state <> 'draft';

-- @name series_list :many read
-- @param today text
-- @col code text, title text, n int, first_day text, last_day text, next_day text?, n_open int
-- Meetings that follow each other; title of the latest.
SELECT e.series,
       (SELECT t.title FROM listening_event t WHERE t.series = e.series AND t.state <> 'draft'
        ORDER BY t.day DESC, t.id DESC LIMIT 1),
       COUNT(*), MIN(e.day), MAX(e.day),
       MIN(CASE WHEN e.day >= :today AND e.state <> 'closed' THEN e.day END),
       (SELECT COUNT(*) FROM listening_live_followup f JOIN listening_event o ON o.id = f.event_id
        WHERE o.series = e.series AND f.state = 'open')
FROM listening_event e WHERE e.series <> '' AND e.state <> 'draft'
GROUP BY e.series ORDER BY MAX(e.day) DESC, e.series;

-- @name series_events :many read
-- @param series text
-- @col id int, code text, title text, aim text, place text, day text, starts_min int?, ends_min int?, n_present int?, minutes text, state text, rev int
SELECT id, code, title, aim, place, day, starts_min, ends_min, n_present, minutes, state, rev
FROM listening_event WHERE series = :series AND series <> '' AND state <> 'draft' ORDER BY day, id;

-- @name series_followups :many read
-- @param series text
-- @col id int, event_id int, text text, owner text, due_day text, state text, from_id int?, code text, day text, shown int
-- Those of a meeting still being prepared too: they were carried there from one that is known.
SELECT f.id, f.event_id, f.text, f.owner, f.due_day, f.state, f.from_id, e.code, e.day,
       CASE WHEN e.state <> 'draft' THEN 1 ELSE 0 END
FROM listening_live_followup f JOIN listening_event e ON e.id = f.event_id
WHERE e.series = :series ORDER BY f.id;

-- @name event_slots :many read
-- @param event_id int
-- @col ord int, starts_min int, ends_min int, kind text, title text, session_ord int?
SELECT ord, starts_min, ends_min, kind, title, session_ord FROM listening_slot
WHERE event_id = :event_id ORDER BY starts_min, ord;

-- @name event_sessions :many read
-- @param event_id int
-- @col ord int, title text, question text, source text, n int
SELECT s.ord, s.title, s.question, s.source,
       (SELECT COUNT(*) FROM listening_contribution c WHERE c.event_id = s.event_id
         AND c.session_ord = s.ord AND c.state = 'said')
FROM listening_session s WHERE s.event_id = :event_id ORDER BY s.ord;

-- @name event_tables :many read
-- @param event_id int
-- @col id int, code text, axis text, title text, room text, capacity int?, n_present int?, merged_with text, report text, source text, n int
SELECT t.id, t.code, t.axis, t.title, t.room, t.capacity, t.n_present, t.merged_with, t.report,
       t.source, (SELECT COUNT(*) FROM listening_contribution c WHERE c.event_id = t.event_id
                   AND c.table_id = t.id AND c.state = 'said')
FROM listening_table t WHERE t.event_id = :event_id ORDER BY t.id;

-- @name event_counts :many read
-- @param event_id int
-- @col what text, code text, n int?, rank int?, source text
SELECT what, code, n, rank, source FROM listening_count WHERE event_id = :event_id ORDER BY id;

-- @name event_speeches :many read
-- @param event_id int
-- @col ord int, speaker text, aliases text, role text, body text, summary text, url text, source text
SELECT ord, speaker, aliases, role, body, summary, url, source
FROM listening_speech WHERE event_id = :event_id ORDER BY ord;

-- @name event_acts :many read
-- @param event_id int
-- @col code text, title text, body text, day text, summary text, source text
-- Acts that frame this event, or the whole process.
SELECT code, title, body, day, summary, source FROM listening_act
WHERE event_id = :event_id OR event_id IS NULL ORDER BY id;

-- @name theme_list :many read
-- @col id int, code text, axis text, title text, summary text, parked int, ord int, source text, n int, n_positions int
-- Themes that stand, with their voices.
SELECT h.id, h.code, h.axis, h.title, h.summary, h.parked, h.ord, h.source,
       (SELECT COUNT(*) FROM listening_coding k JOIN listening_contribution c
          ON c.id = k.contribution_id WHERE k.theme_id = h.id AND c.state = 'said'),
       (SELECT COUNT(*) FROM listening_position p WHERE p.theme_id = h.id)
FROM listening_theme h WHERE h.merged_into IS NULL ORDER BY h.axis, h.ord, h.id;

-- @name theme_get :opt read
-- @param code text
-- @col id int, code text, axis text, title text, summary text, parked int, source text, rev int, into_code text, into_title text, axis_title text
SELECT h.id, h.code, h.axis, h.title, h.summary, h.parked, h.source, h.rev,
       COALESCE(m.code, ''), COALESCE(m.title, ''),
       COALESCE((SELECT t.title FROM listening_table t WHERE t.axis = h.axis
                 ORDER BY LENGTH(t.title), t.id LIMIT 1), '')
FROM listening_theme h LEFT JOIN listening_theme m ON m.id = h.merged_into WHERE h.code = :code;

-- @name theme_positions :many read
-- @param theme_id int
-- @col id int, code text, title text, text text, source text
SELECT id, code, title, text, source FROM listening_position WHERE theme_id = :theme_id ORDER BY id;

-- @name theme_traces :many read
-- @param theme_id int
-- @col how text, from_code text, from_title text, reason text, at_s int
SELECT r.how, COALESCE(f.code, ''), r.from_title, r.reason, r.at_s
FROM listening_trace r LEFT JOIN listening_theme f ON f.id = r.from_theme_id
WHERE r.theme_id = :theme_id ORDER BY r.id;

-- @name theme_voices :many read
-- @param theme_id int
-- @col id int, code text, kind text, text text, quote text, category text, zone text, area_code text, territory text, contests text, parked int, local_case int, state text, rev int, session_ord int?, line_from int?, line_to int?, event_code text, table_code text, document_code text, interview_code text, consent text, position_id int?
SELECT c.id, c.code, c.kind, c.text, c.quote, c.category, c.zone, c.area_code, c.territory,
       c.contests, c.parked, c.local_case, c.state, c.rev, c.session_ord, c.line_from, c.line_to,
       COALESCE(e.code, ''), COALESCE(t.code, ''), COALESCE(d.code, ''), COALESCE(i.code, ''),
       COALESCE(i.consent, ''), k.position_id
FROM listening_coding k
JOIN listening_contribution c ON c.id = k.contribution_id
LEFT JOIN listening_event e ON e.id = c.event_id
LEFT JOIN listening_table t ON t.id = c.table_id
LEFT JOIN listening_document d ON d.id = c.document_id
LEFT JOIN listening_interview i ON i.id = c.interview_id
WHERE k.theme_id = :theme_id AND c.state = 'said' ORDER BY k.theme_id, k.contribution_id;

-- @name theme_voices_short :many read
-- @param theme_id int
-- @col code text, kind text, text text, category text, zone text, contests text, parked int, session_ord int?, table_id int?, document_id int?, interview_id int?, line_from int?, line_to int?, position_id int?
-- The same for the page, which names tables and documents once: most of them are the same few.
SELECT c.code, c.kind, c.text, c.category, c.zone, c.contests, c.parked, c.session_ord, c.table_id,
       c.document_id, c.interview_id, c.line_from, c.line_to, k.position_id
FROM listening_coding k JOIN listening_contribution c ON c.id = k.contribution_id
WHERE k.theme_id = :theme_id AND c.state = 'said' ORDER BY k.theme_id, k.contribution_id;

-- @name codes_first :many read
-- @param n_max int
-- @col what text, id int, code text
-- The newest tables and documents, by which most voices are told: one question instead of many.
SELECT 'table', t.id, t.code FROM (SELECT id, code FROM listening_table ORDER BY id DESC LIMIT :n_max) t
UNION ALL
SELECT 'document', d.id, d.code FROM (SELECT id, code FROM listening_document ORDER BY id DESC LIMIT :n_max) d;

-- @name code_of :opt read
-- @param what text, id int
-- @col code text, consent text
-- What a table, document or interview is called.
SELECT code, '' FROM listening_table WHERE :what = 'table' AND id = :id
UNION ALL SELECT code, '' FROM listening_document WHERE :what = 'document' AND id = :id
UNION ALL SELECT code, consent FROM listening_interview WHERE :what = 'interview' AND id = :id;

-- @name voice_get :opt read
-- @param code text
-- @col id int, code text, kind text, text text, quote text, category text, zone text, area_code text, territory text, contests text, parked int, local_case int, state text, rev int, session_ord int?, line_from int?, line_to int?, event_code text, table_code text, document_code text, interview_code text, consent text
SELECT c.id, c.code, c.kind, c.text, c.quote, c.category, c.zone, c.area_code, c.territory,
       c.contests, c.parked, c.local_case, c.state, c.rev, c.session_ord, c.line_from, c.line_to,
       COALESCE(e.code, ''), COALESCE(t.code, ''), COALESCE(d.code, ''), COALESCE(i.code, ''),
       COALESCE(i.consent, '')
FROM listening_contribution c
LEFT JOIN listening_event e ON e.id = c.event_id
LEFT JOIN listening_table t ON t.id = c.table_id
LEFT JOIN listening_document d ON d.id = c.document_id
LEFT JOIN listening_interview i ON i.id = c.interview_id
WHERE c.code = :code AND c.state <> 'draft';

-- @name voice_code :opt read
-- @param id int
-- @col code text
SELECT code FROM listening_contribution WHERE id = :id AND state <> 'draft';

-- @name voice_themes :many read
-- @param contribution_id int
-- @col theme_id int, code text, title text, axis text, position text, position_title text
SELECT h.id, h.code, h.title, h.axis, COALESCE(p.code, ''), COALESCE(p.title, '')
FROM listening_coding k
JOIN listening_theme h ON h.id = k.theme_id
LEFT JOIN listening_position p ON p.id = k.position_id
WHERE k.contribution_id = :contribution_id ORDER BY k.id;

-- @name voice_tags :many read
-- @param contribution_id int
-- @col kind text, code text
SELECT kind, code FROM listening_tag WHERE contribution_id = :contribution_id ORDER BY id;

-- @name voice_rows :many read
-- @param event text, tavolo text, session int, axis text, zone text, category text, kind text, parked int, territory text, theme text, tag_kind text, tag text, skip int, n_max int
-- @col id int, code text, kind text, text text, quote text, category text, zone text, area_code text, territory text, contests text, parked int, local_case int, state text, rev int, session_ord int?, line_from int?, line_to int?, event_code text, table_code text, document_code text, interview_code text, consent text
-- A page of the voices that fit all that is asked; empty and 0 ask nothing.
SELECT c.id, c.code, c.kind, c.text, c.quote, c.category, c.zone, c.area_code, c.territory,
       c.contests, c.parked, c.local_case, c.state, c.rev, c.session_ord, c.line_from, c.line_to,
       COALESCE(e.code, ''), COALESCE(t.code, ''), COALESCE(d.code, ''), COALESCE(i.code, ''),
       COALESCE(i.consent, '')
FROM listening_contribution c
LEFT JOIN listening_event e ON e.id = c.event_id
LEFT JOIN listening_table t ON t.id = c.table_id
LEFT JOIN listening_document d ON d.id = c.document_id
LEFT JOIN listening_interview i ON i.id = c.interview_id
WHERE c.state = 'said'
  AND (:event = '' OR e.code = :event) AND (:tavolo = '' OR t.code = :tavolo)
  AND (:session = 0 OR c.session_ord = :session) AND (:axis = '' OR t.axis = :axis)
  AND (:zone = '' OR c.zone = :zone) AND (:category = '' OR c.category = :category)
  AND (:kind = '' OR c.kind = :kind) AND (:parked = 0 OR c.parked = 1)
  AND (:territory = '' OR c.territory = :territory)
  AND (:theme = '' OR EXISTS (SELECT 1 FROM listening_coding k JOIN listening_theme h
           ON h.id = k.theme_id WHERE k.contribution_id = c.id AND h.code = :theme))
  AND (:tag = '' OR EXISTS (SELECT 1 FROM listening_tag g WHERE g.contribution_id = c.id
           AND g.kind = :tag_kind AND g.code = :tag))
ORDER BY c.id LIMIT :n_max OFFSET :skip;

-- @name voice_rows_count :one read
-- @param event text, tavolo text, session int, axis text, zone text, category text, kind text, parked int, territory text, theme text, tag_kind text, tag text
-- @col n int
SELECT COUNT(*)
FROM listening_contribution c
LEFT JOIN listening_event e ON e.id = c.event_id
LEFT JOIN listening_table t ON t.id = c.table_id
WHERE c.state = 'said'
  AND (:event = '' OR e.code = :event) AND (:tavolo = '' OR t.code = :tavolo)
  AND (:session = 0 OR c.session_ord = :session) AND (:axis = '' OR t.axis = :axis)
  AND (:zone = '' OR c.zone = :zone) AND (:category = '' OR c.category = :category)
  AND (:kind = '' OR c.kind = :kind) AND (:parked = 0 OR c.parked = 1)
  AND (:territory = '' OR c.territory = :territory)
  AND (:theme = '' OR EXISTS (SELECT 1 FROM listening_coding k JOIN listening_theme h
           ON h.id = k.theme_id WHERE k.contribution_id = c.id AND h.code = :theme))
  AND (:tag = '' OR EXISTS (SELECT 1 FROM listening_tag g WHERE g.contribution_id = c.id
           AND g.kind = :tag_kind AND g.code = :tag));

-- @name voice_words :many read
-- @param after int, n_max int
-- @col id int, code text, text text, quote text
-- The words of all voices, a piece at a time. What an interview did not allow is not among them.
SELECT c.id, c.code, c.text, c.quote FROM listening_contribution c
LEFT JOIN listening_interview i ON i.id = c.interview_id
WHERE c.id > :after AND c.state = 'said' AND COALESCE(i.consent, '') NOT IN ('none', 'coded')
ORDER BY c.id LIMIT :n_max;

-- @name document_list :many read
-- @col id int, code text, title text, author text, day text, n_lines int, url text, n int
SELECT d.id, d.code, d.title, d.author, d.day, d.n_lines, d.url,
       (SELECT COUNT(*) FROM listening_contribution c WHERE c.document_id = d.id AND c.state = 'said')
FROM listening_document d ORDER BY d.id;

-- @name document_voices :many read
-- @param document_id int, n_from int, n_to int
-- @col code text, kind text, text text, line_from int, line_to int
-- Voices whose lines touch these.
SELECT code, kind, text, line_from, line_to FROM listening_contribution
WHERE document_id = :document_id AND line_from <= :n_to AND line_to >= :n_from AND state = 'said'
  AND interview_id IS NULL
ORDER BY line_from, line_to, id;

-- @name spread_by :many read
-- @param what text
-- @col code text, n int
-- How many voices by "zone" or category, all in all.
SELECT CASE WHEN :what = 'zone' THEN zone ELSE category END, COUNT(*)
FROM listening_contribution WHERE state = 'said'
GROUP BY CASE WHEN :what = 'zone' THEN zone ELSE category END
ORDER BY CASE WHEN :what = 'zone' THEN zone ELSE category END;

-- @name zones :many read
-- @col code text, name text, population int?
SELECT code, name, population FROM v_territory_area WHERE kind = 'zona' ORDER BY area_id;

-- @name tags_by_kind :many read
-- @param kind text, n_max int
-- @col code text, n int
-- The bodies, places and so on that most voices speak of.
SELECT g.code, COUNT(*) FROM listening_tag g
JOIN listening_contribution c ON c.id = g.contribution_id
WHERE g.kind = :kind AND c.state = 'said'
GROUP BY g.code ORDER BY COUNT(*) DESC, g.code LIMIT :n_max;

-- @name axes_known :many read
-- @col axis text
SELECT DISTINCT axis FROM listening_table ORDER BY axis;

-- @name axis_title :opt read
-- @param axis text
-- @col title text
-- What an axis was called at a table of its own; a table that shares it may have another title.
SELECT title FROM listening_table WHERE axis = :axis ORDER BY LENGTH(title), id LIMIT 1;

-- @name coding_choices :many read
-- @col code text, title text, position text, position_title text
-- Themes a voice may be put under, then each of their positions.
SELECT h.code, h.title, COALESCE(p.code, ''), COALESCE(p.title, '')
FROM listening_theme h LEFT JOIN listening_position p ON p.theme_id = h.id
WHERE h.merged_into IS NULL ORDER BY h.axis, h.ord, h.id, p.id;

-- @name name_of :opt read
-- @param what text, id int
-- @col name text
-- What a number in the history stands for.
SELECT title FROM listening_theme WHERE :what = 'theme_id' AND id = :id
UNION ALL SELECT title FROM listening_position WHERE :what = 'position_id' AND id = :id
UNION ALL SELECT code FROM listening_contribution WHERE :what = 'contribution_id' AND id = :id;

-- @name zones_told :many read
-- @col code text, rank int?
-- Zones a source names as present at an event, with their place where it is told.
SELECT code, MIN(rank) FROM listening_count WHERE what = 'zone' GROUP BY code ORDER BY code;
