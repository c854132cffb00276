-- The pack in and out. Each file has a statement that sets one row (parameters in the order of the
-- columns; a row is touched only when something differs, so that loading again leaves no trace) and
-- one that gives all rows back in the order they came.

-- @name pack_documents_set :exec write
-- @param code text, title text, author text, day text, url text
INSERT INTO listening_document (code, title, author, day, url, digest, n_lines)
VALUES (:code, :title, :author, :day, :url, '',0)
ON CONFLICT (code) DO UPDATE SET title = excluded.title, author = excluded.author,
        day = excluded.day, url = excluded.url
WHERE (listening_document.title, listening_document.author, listening_document.day,
        listening_document.url)
  IS DISTINCT FROM (excluded.title, excluded.author, excluded.day, excluded.url);

-- @name pack_documents_get :many read
-- @col code text, title text, author text, day text, url text
SELECT x.code, x.title, x.author, x.day, x.url
FROM listening_document x
ORDER BY x.id;

-- @name pack_processes_set :exec write
-- @param code text, title text, aim text, source text
INSERT INTO listening_process (code, title, aim, source)
VALUES (:code, :title, :aim, :source)
ON CONFLICT (code) DO UPDATE SET title = excluded.title, aim = excluded.aim,
        source = excluded.source
WHERE (listening_process.title, listening_process.aim, listening_process.source)
  IS DISTINCT FROM (excluded.title, excluded.aim, excluded.source);

-- @name pack_processes_get :many read
-- @col code text, title text, aim text, source text
SELECT x.code, x.title, x.aim, x.source
FROM listening_process x
ORDER BY x.id;

-- @name pack_phases_set :exec write
-- @param process text, ord int, code text, title text, from_day text, to_day text, state text, inputs text, outputs text, next_steps text, source text
INSERT INTO listening_phase (process_id, ord, code, title, from_day, to_day, state, inputs,
        outputs, next_steps, source)
VALUES ((SELECT id FROM listening_process WHERE code = :process), :ord, :code, :title,
        :from_day, :to_day, :state, :inputs, :outputs, :next_steps, :source)
ON CONFLICT (process_id, code) DO UPDATE SET ord = excluded.ord, title = excluded.title,
        from_day = excluded.from_day, to_day = excluded.to_day, state = excluded.state,
        inputs = excluded.inputs, outputs = excluded.outputs,
        next_steps = excluded.next_steps, source = excluded.source
WHERE (listening_phase.ord, listening_phase.title, listening_phase.from_day,
        listening_phase.to_day, listening_phase.state, listening_phase.inputs,
        listening_phase.outputs, listening_phase.next_steps, listening_phase.source)
  IS DISTINCT FROM (excluded.ord, excluded.title, excluded.from_day, excluded.to_day,
        excluded.state, excluded.inputs, excluded.outputs, excluded.next_steps,
        excluded.source);

-- @name pack_phases_get :many read
-- @col process text, ord int, code text, title text, from_day text, to_day text, state text, inputs text, outputs text, next_steps text, source text
SELECT p.code, x.ord, x.code, x.title, x.from_day, x.to_day, x.state, x.inputs, x.outputs,
        x.next_steps, x.source
FROM listening_phase x
JOIN listening_process p ON p.id = x.process_id
ORDER BY x.id;

-- @name pack_events_set :exec write
-- @param code text, process text, phase text, kind text, series text, title text, aim text, place text, area_code text, day text, starts int?, ends int?, n_present int?, n_remote int?, stream_url text, recording_url text, materials text, minutes text, state text, source text
INSERT INTO listening_event (code, process_id, phase_code, kind, series, title, aim, place,
        area_code, day, starts_min, ends_min, n_present, n_remote, stream_url,
        recording_url, materials, minutes, state, source, rev)
VALUES (:code, (SELECT id FROM listening_process WHERE code = :process), :phase, :kind,
        :series, :title, :aim, :place, :area_code, :day, :starts, :ends, :n_present,
        :n_remote, :stream_url, :recording_url, :materials, :minutes, :state, :source, 1)
ON CONFLICT (code) DO UPDATE SET process_id = excluded.process_id,
        phase_code = excluded.phase_code, kind = excluded.kind, series = excluded.series,
        title = excluded.title, aim = excluded.aim, place = excluded.place,
        area_code = excluded.area_code, day = excluded.day,
        starts_min = excluded.starts_min, ends_min = excluded.ends_min,
        n_present = excluded.n_present, n_remote = excluded.n_remote,
        stream_url = excluded.stream_url, recording_url = excluded.recording_url,
        materials = excluded.materials, minutes = excluded.minutes, state = excluded.state,
        source = excluded.source
WHERE (listening_event.process_id, listening_event.phase_code, listening_event.kind,
        listening_event.series, listening_event.title, listening_event.aim,
        listening_event.place, listening_event.area_code, listening_event.day,
        listening_event.starts_min, listening_event.ends_min, listening_event.n_present,
        listening_event.n_remote, listening_event.stream_url,
        listening_event.recording_url, listening_event.materials, listening_event.minutes,
        listening_event.state, listening_event.source)
  IS DISTINCT FROM (excluded.process_id, excluded.phase_code, excluded.kind,
        excluded.series, excluded.title, excluded.aim, excluded.place, excluded.area_code,
        excluded.day, excluded.starts_min, excluded.ends_min, excluded.n_present,
        excluded.n_remote, excluded.stream_url, excluded.recording_url, excluded.materials,
        excluded.minutes, excluded.state, excluded.source);

-- @name pack_events_get :many read
-- @col code text, process text, phase text, kind text, series text, title text, aim text, place text, area_code text, day text, starts int?, ends int?, n_present int?, n_remote int?, stream_url text, recording_url text, materials text, minutes text, state text, source text
SELECT x.code, COALESCE(p.code, ''), x.phase_code, x.kind, x.series, x.title, x.aim,
        x.place, x.area_code, x.day, x.starts_min, x.ends_min, x.n_present, x.n_remote,
        x.stream_url, x.recording_url, x.materials, x.minutes, x.state, x.source
FROM listening_event x
LEFT JOIN listening_process p ON p.id = x.process_id
ORDER BY x.id;

-- @name pack_agenda_set :exec write
-- @param event text, ord int, starts int, ends int, kind text, title text, session int?
INSERT INTO listening_slot (event_id, ord, starts_min, ends_min, kind, title, session_ord)
VALUES ((SELECT id FROM listening_event WHERE code = :event), :ord, :starts, :ends, :kind,
        :title, :session)
ON CONFLICT (event_id, ord) DO UPDATE SET starts_min = excluded.starts_min,
        ends_min = excluded.ends_min, kind = excluded.kind, title = excluded.title,
        session_ord = excluded.session_ord
WHERE (listening_slot.starts_min, listening_slot.ends_min, listening_slot.kind,
        listening_slot.title, listening_slot.session_ord)
  IS DISTINCT FROM (excluded.starts_min, excluded.ends_min, excluded.kind, excluded.title,
        excluded.session_ord);

-- @name pack_agenda_get :many read
-- @col event text, ord int, starts int, ends int, kind text, title text, session int?
SELECT e.code, x.ord, x.starts_min, x.ends_min, x.kind, x.title, x.session_ord
FROM listening_slot x
JOIN listening_event e ON e.id = x.event_id
ORDER BY x.id;

-- @name pack_acts_set :exec write
-- @param code text, title text, body text, day text, summary text, event text, source text
INSERT INTO listening_act (code, title, body, day, summary, event_id, source)
VALUES (:code, :title, :body, :day, :summary,
        (SELECT id FROM listening_event WHERE code = :event), :source)
ON CONFLICT (code) DO UPDATE SET title = excluded.title, body = excluded.body,
        day = excluded.day, summary = excluded.summary, event_id = excluded.event_id,
        source = excluded.source
WHERE (listening_act.title, listening_act.body, listening_act.day, listening_act.summary,
        listening_act.event_id, listening_act.source)
  IS DISTINCT FROM (excluded.title, excluded.body, excluded.day, excluded.summary,
        excluded.event_id, excluded.source);

-- @name pack_acts_get :many read
-- @col code text, title text, body text, day text, summary text, event text, source text
SELECT x.code, x.title, x.body, x.day, x.summary, COALESCE(e.code, ''), x.source
FROM listening_act x
LEFT JOIN listening_event e ON e.id = x.event_id
ORDER BY x.id;

-- @name pack_tables_set :exec write
-- @param event text, code text, axis text, title text, room text, capacity int?, n_present int?, merged_with text, report text, source text
INSERT INTO listening_table (event_id, code, axis, title, room, capacity, n_present,
        merged_with, report, source)
VALUES ((SELECT id FROM listening_event WHERE code = :event), :code, :axis, :title, :room,
        :capacity, :n_present, :merged_with, :report, :source)
ON CONFLICT (event_id, code) DO UPDATE SET axis = excluded.axis, title = excluded.title,
        room = excluded.room, capacity = excluded.capacity, n_present = excluded.n_present,
        merged_with = excluded.merged_with, report = excluded.report,
        source = excluded.source
WHERE (listening_table.axis, listening_table.title, listening_table.room,
        listening_table.capacity, listening_table.n_present, listening_table.merged_with,
        listening_table.report, listening_table.source)
  IS DISTINCT FROM (excluded.axis, excluded.title, excluded.room, excluded.capacity,
        excluded.n_present, excluded.merged_with, excluded.report, excluded.source);

-- @name pack_tables_get :many read
-- @col event text, code text, axis text, title text, room text, capacity int?, n_present int?, merged_with text, report text, source text
SELECT e.code, x.code, x.axis, x.title, x.room, x.capacity, x.n_present, x.merged_with,
        x.report, x.source
FROM listening_table x
JOIN listening_event e ON e.id = x.event_id
ORDER BY x.id;

-- @name pack_counts_set :exec write
-- @param event text, what text, code text, n int?, rank int?, source text
INSERT INTO listening_count (event_id, what, code, n, rank, source)
VALUES ((SELECT id FROM listening_event WHERE code = :event), :what, :code, :n, :rank,
        :source)
ON CONFLICT (event_id, what, code) DO UPDATE SET n = excluded.n, rank = excluded.rank,
        source = excluded.source
WHERE (listening_count.n, listening_count.rank, listening_count.source)
  IS DISTINCT FROM (excluded.n, excluded.rank, excluded.source);

-- @name pack_counts_get :many read
-- @col event text, what text, code text, n int?, rank int?, source text
SELECT e.code, x.what, x.code, x.n, x.rank, x.source
FROM listening_count x
JOIN listening_event e ON e.id = x.event_id
ORDER BY x.id;

-- @name pack_sessions_set :exec write
-- @param event text, ord int, title text, question text, source text
INSERT INTO listening_session (event_id, ord, title, question, source)
VALUES ((SELECT id FROM listening_event WHERE code = :event), :ord, :title, :question,
        :source)
ON CONFLICT (event_id, ord) DO UPDATE SET title = excluded.title,
        question = excluded.question, source = excluded.source
WHERE (listening_session.title, listening_session.question, listening_session.source)
  IS DISTINCT FROM (excluded.title, excluded.question, excluded.source);

-- @name pack_sessions_get :many read
-- @col event text, ord int, title text, question text, source text
SELECT e.code, x.ord, x.title, x.question, x.source
FROM listening_session x
JOIN listening_event e ON e.id = x.event_id
ORDER BY x.id;

-- @name pack_speeches_set :exec write
-- @param event text, ord int, speaker text, aliases text, role text, body text, summary text, url text, source text
INSERT INTO listening_speech (event_id, ord, speaker, aliases, role, body, summary, url,
        source)
VALUES ((SELECT id FROM listening_event WHERE code = :event), :ord, :speaker, :aliases,
        :role, :body, :summary, :url, :source)
ON CONFLICT (event_id, ord) DO UPDATE SET speaker = excluded.speaker,
        aliases = excluded.aliases, role = excluded.role, body = excluded.body,
        summary = excluded.summary, url = excluded.url, source = excluded.source
WHERE (listening_speech.speaker, listening_speech.aliases, listening_speech.role,
        listening_speech.body, listening_speech.summary, listening_speech.url,
        listening_speech.source)
  IS DISTINCT FROM (excluded.speaker, excluded.aliases, excluded.role, excluded.body,
        excluded.summary, excluded.url, excluded.source);

-- @name pack_speeches_get :many read
-- @col event text, ord int, speaker text, aliases text, role text, body text, summary text, url text, source text
SELECT e.code, x.ord, x.speaker, x.aliases, x.role, x.body, x.summary, x.url, x.source
FROM listening_speech x
JOIN listening_event e ON e.id = x.event_id
ORDER BY x.id;

-- @name pack_interviews_set :exec write
-- @param code text, event text, category text, role text, body text, zone text, day text, guide text, consent text, source text
INSERT INTO listening_interview (code, event_id, category, role, body, zone, day, guide,
        consent, source)
VALUES (:code, (SELECT id FROM listening_event WHERE code = :event), :category, :role,
        :body, :zone, :day, :guide, :consent, :source)
ON CONFLICT (code) DO UPDATE SET event_id = excluded.event_id,
        category = excluded.category, role = excluded.role, body = excluded.body,
        zone = excluded.zone, day = excluded.day, guide = excluded.guide,
        consent = excluded.consent, source = excluded.source
WHERE (listening_interview.event_id, listening_interview.category,
        listening_interview.role, listening_interview.body, listening_interview.zone,
        listening_interview.day, listening_interview.guide, listening_interview.consent,
        listening_interview.source)
  IS DISTINCT FROM (excluded.event_id, excluded.category, excluded.role, excluded.body,
        excluded.zone, excluded.day, excluded.guide, excluded.consent, excluded.source);

-- @name pack_interviews_get :many read
-- @col code text, event text, category text, role text, body text, zone text, day text, guide text, consent text, source text
SELECT x.code, COALESCE(e.code, ''), x.category, x.role, x.body, x.zone, x.day, x.guide,
        x.consent, x.source
FROM listening_interview x
LEFT JOIN listening_event e ON e.id = x.event_id
ORDER BY x.id;

-- @name pack_themes_set :exec write
-- @param code text, axis text, title text, summary text, parked int, source text
INSERT INTO listening_theme (code, axis, title, summary, parked, source, ord, rev)
VALUES (:code, :axis, :title, :summary, :parked, :source,
        (SELECT COALESCE(MAX(t.ord), 0) + 1 FROM listening_theme t), 1)
ON CONFLICT (code) DO UPDATE SET axis = excluded.axis, title = excluded.title,
        summary = excluded.summary, parked = excluded.parked, source = excluded.source
WHERE listening_theme.rev = 1 AND (listening_theme.axis, listening_theme.title,
        listening_theme.summary, listening_theme.parked, listening_theme.source)
  IS DISTINCT FROM (excluded.axis, excluded.title, excluded.summary, excluded.parked,
        excluded.source);

-- @name pack_themes_get :many read
-- @col code text, axis text, title text, summary text, parked int, source text
SELECT x.code, x.axis, x.title, x.summary, x.parked, x.source
FROM listening_theme x
ORDER BY x.id;

-- @name pack_positions_set :exec write
-- @param theme text, code text, title text, text text, source text
INSERT INTO listening_position (theme_id, code, title, text, source)
VALUES ((SELECT id FROM listening_theme WHERE code = :theme), :code, :title, :text, :source)
ON CONFLICT (theme_id, code) DO UPDATE SET title = excluded.title, text = excluded.text,
        source = excluded.source
WHERE (SELECT h.rev FROM listening_theme h WHERE h.id = listening_position.theme_id) = 1 AND (
        listening_position.title, listening_position.text, listening_position.source)
  IS DISTINCT FROM (excluded.title, excluded.text, excluded.source);

-- @name pack_positions_get :many read
-- @col theme text, code text, title text, text text, source text
SELECT h.code, x.code, x.title, x.text, x.source
FROM listening_position x
JOIN listening_theme h ON h.id = x.theme_id
ORDER BY x.id;
-- @name pack_contributions_set :exec write
-- @param code text, event text, table text, session int?, interview text, document text, line_from int?, line_to int?, kind text, text text, quote text, category text, zone text, area_code text, territory text, contests text, parked int, local_case int, state text
-- A voice that a person edited here (rev above 1) keeps what the person wrote.
INSERT INTO listening_contribution (code, uid, event_id, table_id, session_ord, interview_id,
        document_id, line_from, line_to, kind, text, quote, category, zone, area_code, territory,
        contests, parked, local_case, state, rev)
VALUES (:code, :code, (SELECT id FROM listening_event WHERE code = :event),
        (SELECT t.id FROM listening_table t JOIN listening_event e ON e.id = t.event_id
         WHERE e.code = :event AND t.code = :table), :session,
        (SELECT id FROM listening_interview WHERE code = :interview),
        (SELECT id FROM listening_document WHERE code = :document), :line_from, :line_to, :kind,
        :text, :quote, :category, :zone, :area_code, :territory, :contests, :parked, :local_case,
        :state, 1)
ON CONFLICT (code) DO UPDATE SET event_id = excluded.event_id, table_id = excluded.table_id,
        session_ord = excluded.session_ord, interview_id = excluded.interview_id,
        document_id = excluded.document_id, line_from = excluded.line_from,
        line_to = excluded.line_to, kind = excluded.kind, text = excluded.text,
        quote = excluded.quote, category = excluded.category, zone = excluded.zone,
        area_code = excluded.area_code, territory = excluded.territory,
        contests = excluded.contests, parked = excluded.parked,
        local_case = excluded.local_case, state = excluded.state
WHERE listening_contribution.rev = 1 AND (listening_contribution.event_id,
        listening_contribution.table_id, listening_contribution.session_ord,
        listening_contribution.interview_id, listening_contribution.document_id,
        listening_contribution.line_from, listening_contribution.line_to,
        listening_contribution.kind, listening_contribution.text, listening_contribution.quote,
        listening_contribution.category, listening_contribution.zone,
        listening_contribution.area_code, listening_contribution.territory,
        listening_contribution.contests, listening_contribution.parked,
        listening_contribution.local_case, listening_contribution.state)
  IS DISTINCT FROM (excluded.event_id, excluded.table_id, excluded.session_ord,
        excluded.interview_id, excluded.document_id, excluded.line_from, excluded.line_to,
        excluded.kind, excluded.text, excluded.quote, excluded.category, excluded.zone,
        excluded.area_code, excluded.territory, excluded.contests, excluded.parked,
        excluded.local_case, excluded.state);

-- @name pack_contributions_get :many read
-- @param after int, n_max int
-- @col id int, code text, event text, table text, session int?, interview text, document text, line_from int?, line_to int?, kind text, text text, quote text, category text, zone text, area_code text, territory text, contests text, parked int, local_case int, state text
-- Voices in the order they came, after one of them.
SELECT c.id, c.code, COALESCE(e.code, ''), COALESCE(t.code, ''), c.session_ord,
       COALESCE(i.code, ''), COALESCE(d.code, ''), c.line_from, c.line_to, c.kind, c.text, c.quote,
       c.category, c.zone, c.area_code, c.territory, c.contests, c.parked, c.local_case, c.state
FROM listening_contribution c
LEFT JOIN listening_event e ON e.id = c.event_id
LEFT JOIN listening_table t ON t.id = c.table_id
LEFT JOIN listening_interview i ON i.id = c.interview_id
LEFT JOIN listening_document d ON d.id = c.document_id
WHERE c.id > :after AND c.state <> 'draft'
ORDER BY c.id LIMIT :n_max;

-- @name pack_states_other :one read
-- @col n int
-- How many voices are in another state than said: only then the file has a column for it.
SELECT COUNT(*) FROM listening_contribution WHERE state = 'withdrawn';

-- @name pack_coding_get :many read
-- @param contribution_id int
-- @col theme text, position text
SELECT h.code, COALESCE(p.code, '')
FROM listening_coding k
JOIN listening_theme h ON h.id = k.theme_id
LEFT JOIN listening_position p ON p.id = k.position_id
WHERE k.contribution_id = :contribution_id ORDER BY k.id;

-- @name pack_tags_get :many read
-- @param contribution_id int
-- @col kind text, code text
SELECT kind, code FROM listening_tag WHERE contribution_id = :contribution_id ORDER BY id;

-- @name pack_merged_get :many read
-- @col code text, merged_into text
-- Themes whose address leads to another.
SELECT x.code, h.code FROM listening_theme x JOIN listening_theme h ON h.id = x.merged_into
ORDER BY x.id;

-- @name pack_merged_set :exec write
-- @param code text, merged_into text
UPDATE listening_theme SET merged_into = (SELECT h.id FROM listening_theme h WHERE h.code = :merged_into)
WHERE code = :code AND rev = 1
  AND merged_into IS DISTINCT FROM (SELECT h.id FROM listening_theme h WHERE h.code = :merged_into);

-- @name pack_contribution_now :opt read
-- @param code text
-- @col id int, rev int
SELECT id, rev FROM listening_contribution WHERE code = :code;

-- @name pack_theme_end :opt read
-- @param code text
-- @col id int, code text
-- Where a theme's address leads after at most three merges.
SELECT COALESCE(c.id, b.id, a.id), COALESCE(c.code, b.code, a.code)
FROM listening_theme a
LEFT JOIN listening_theme b ON b.id = a.merged_into
LEFT JOIN listening_theme c ON c.id = b.merged_into
WHERE a.code = :code;

-- @name pack_slots_count :one read
-- @param event text
-- @col n int
SELECT COUNT(*) FROM listening_slot s JOIN listening_event e ON e.id = s.event_id
WHERE e.code = :event;

-- @name pack_slots_trim :exec write
-- @param event text, n_max int
-- The programme ends where the file ends.
DELETE FROM listening_slot
WHERE ord > :n_max AND event_id = (SELECT id FROM listening_event WHERE code = :event);

-- @name pack_event_bump :exec write
-- @param event text
-- The programme is another: calendars that hold the old one are told by its number.
UPDATE listening_event SET rev = rev + 1 WHERE code = :event;

-- @name code_known :opt read
-- @param kind text, code text, second text
-- @col id int
-- Whether a code stands in the records: of a process, event, table of an event, and so on.
SELECT id FROM listening_document WHERE :kind = 'document' AND code = :code
UNION ALL SELECT id FROM listening_process WHERE :kind = 'process' AND code = :code
UNION ALL SELECT id FROM listening_event WHERE :kind = 'event' AND code = :code
UNION ALL SELECT id FROM listening_interview WHERE :kind = 'interview' AND code = :code
UNION ALL SELECT id FROM listening_theme WHERE :kind = 'theme' AND code = :code
UNION ALL SELECT p.id FROM listening_position p JOIN listening_theme h ON h.id = p.theme_id
  WHERE :kind = 'position' AND h.code = :code AND p.code = :second
UNION ALL SELECT t.id FROM listening_table t JOIN listening_event e ON e.id = t.event_id
  WHERE :kind = 'table' AND e.code = :code AND t.code = :second;

-- @name document_lines_known :opt read
-- @param code text
-- @col n_lines int
SELECT n_lines FROM listening_document WHERE code = :code;

-- @name document_find :opt read
-- @param code text
-- @col id int, title text, author text, day text, url text, digest text, n_lines int
SELECT id, title, author, day, url, digest, n_lines FROM listening_document WHERE code = :code;

-- @name document_put :exec write
-- @param code text, title text, digest text, n_lines int
-- The lines have come: a title told before stays unless another is given.
INSERT INTO listening_document (code, title, author, day, digest, n_lines, url)
VALUES (:code, CASE WHEN :title = '' THEN :code ELSE :title END, '', '', :digest, :n_lines, '')
ON CONFLICT (code) DO UPDATE SET digest = excluded.digest, n_lines = excluded.n_lines,
  title = CASE WHEN :title = '' THEN listening_document.title ELSE excluded.title END;

-- @name lines_clear :exec write
-- @param document_id int
DELETE FROM listening_line WHERE document_id = :document_id;

-- @name line_add :exec write
-- @param document_id int, n int, text text, furniture int
INSERT INTO listening_line (document_id, n, text, furniture)
VALUES (:document_id, :n, :text, :furniture);

-- @name lines_of :many read
-- @param document_id int, n_from int, n_to int
-- @col n int, text text, furniture int
SELECT n, text, furniture FROM listening_line
WHERE document_id = :document_id AND n BETWEEN :n_from AND :n_to ORDER BY n;
