-- The event while it happens: registrations, check-in, tables, cards, assemblies.

-- @name live_event :opt read
-- @param code text
-- @col id int, code text, title text, kind text, series text, state text, day text, place text, aim text, starts_min int?, ends_min int?, n_present int?, n_remote int?
SELECT id, code, title, kind, series, state, day, place, aim, starts_min, ends_min, n_present, n_remote
FROM listening_event WHERE code = :code;

-- @name live_events_mine :many read
-- @param account_id int, all_of_them int
-- @col code text, title text, day text, state text
-- The events somebody works on, the newest first; all of them for the plan office.
SELECT e.code, e.title, e.day, e.state FROM listening_event e
WHERE :all_of_them = 1 OR e.id IN (SELECT f.event_id FROM listening_live_facilitator f
                                   WHERE f.account_id = :account_id)
ORDER BY e.day DESC, e.code;

-- @name live_event_state_set :exec write
-- @param id int, state text
UPDATE listening_event SET state = :state, rev = rev + 1 WHERE id = :id;

-- @name live_event_counts_set :exec write
-- @param id int, n_present int?, n_remote int?
UPDATE listening_event SET n_present = :n_present, n_remote = :n_remote WHERE id = :id;

-- @name live_may_event :one read
-- @param event_id int, account_id int
-- @col n int
-- Whether an account facilitates anything of an event.
SELECT COUNT(*) FROM listening_live_facilitator
WHERE account_id = :account_id AND event_id = :event_id;

-- @name live_may_table :one read
-- @param event_id int, table_id int, account_id int
-- @col n int
SELECT COUNT(*) FROM listening_live_facilitator
WHERE account_id = :account_id AND event_id = :event_id AND (table_id IS NULL OR table_id = :table_id);

-- @name live_facilitators :many read
-- @param event_id int
-- @col id int, login text, table_code text?
SELECT f.id, f.login, t.code FROM listening_live_facilitator f
LEFT JOIN listening_table t ON t.id = f.table_id
WHERE f.event_id = :event_id ORDER BY t.code, f.login;

-- @name live_facilitator_add :exec write
-- @param event_id int, table_id int?, account_id int, login text
INSERT INTO listening_live_facilitator (event_id, table_id, account_id, login)
SELECT :event_id, CAST(:table_id AS BIGINT), :account_id, :login
WHERE NOT EXISTS (SELECT 1 FROM listening_live_facilitator f
                  WHERE f.account_id = :account_id AND f.event_id = :event_id
                    AND f.table_id IS NOT DISTINCT FROM CAST(:table_id AS BIGINT));

-- @name live_facilitator_remove :exec write
-- @param event_id int, id int
DELETE FROM listening_live_facilitator WHERE id = :id AND event_id = :event_id;

-- @name live_tables :many read
-- @param event_id int
-- @col id int, code text, axis text, title text, room text, capacity int?, n_present int?, merged_with text, report text, closed_s int?, n_confirmed int, n_waiting int, n_here int, n_cards int
-- The tables of an event with what is known of them at this moment.
SELECT t.id, t.code, t.axis, t.title, t.room, t.capacity, t.n_present, t.merged_with, t.report, l.closed_s,
       (SELECT COUNT(*) FROM listening_live_registration r
        WHERE r.event_id = t.event_id AND r.table_id = t.id AND r.state = 'confirmed'),
       (SELECT COUNT(*) FROM listening_live_registration r
        WHERE r.event_id = t.event_id AND r.table_id = t.id AND r.state = 'waiting'),
       (SELECT COUNT(*) FROM listening_live_registration r
        WHERE r.event_id = t.event_id AND r.here_table_id = t.id AND r.here_s IS NOT NULL),
       (SELECT COUNT(*) FROM listening_contribution c
        WHERE c.event_id = t.event_id AND c.table_id = t.id AND c.state <> 'withdrawn')
FROM listening_table t LEFT JOIN listening_live_table l ON l.table_id = t.id
WHERE t.event_id = :event_id ORDER BY t.code;

-- @name live_table_now :opt read
-- @param event_id int, table_id int
-- @col state text, axis text, closed_s int?
-- Whether cards may be written: asked once more inside every write, so it must cost little.
SELECT e.state, t.axis, l.closed_s FROM listening_table t
JOIN listening_event e ON e.id = t.event_id
LEFT JOIN listening_live_table l ON l.table_id = t.id
WHERE t.id = :table_id AND t.event_id = :event_id;

-- @name live_table_at :opt read
-- @param event_code text, table_code text
-- @col event_id int, table_id int, closed_s int?
-- A table by its codes, without the counts of live_tables: what a phone asks at each card.
SELECT e.id, t.id, l.closed_s FROM listening_event e JOIN listening_table t ON t.event_id = e.id
LEFT JOIN listening_live_table l ON l.table_id = t.id
WHERE e.code = :event_code AND t.code = :table_code;

-- @name live_table_counts_set :exec write
-- @param id int, n_present int?
UPDATE listening_table SET n_present = :n_present WHERE id = :id;

-- @name live_table_report_set :exec write
-- @param id int, report text
UPDATE listening_table SET report = :report WHERE id = :id;

-- @name live_table_merge_set :exec write
-- @param id int, merged_with text
UPDATE listening_table SET merged_with = :merged_with WHERE id = :id;

-- @name live_table_close :exec write
-- @param event_id int, table_id int, closed_s int, closed_by int
INSERT INTO listening_live_table (event_id, table_id, closed_s, closed_by)
VALUES (:event_id, :table_id, :closed_s, :closed_by);

-- @name live_table_reopen :exec write
-- @param table_id int
DELETE FROM listening_live_table WHERE table_id = :table_id;

-- @name live_sessions :many read
-- @param event_id int
-- @col ord int, title text, question text
SELECT ord, title, question FROM listening_session WHERE event_id = :event_id ORDER BY ord;

-- Registrations.

-- @name live_notice_find :opt read
-- @param digest text
-- @col id int
SELECT id FROM listening_live_notice WHERE digest = :digest;

-- @name live_notice_add :one write
-- @param digest text, lang text, text text, since_s int
-- @col id int
INSERT INTO listening_live_notice (digest, lang, text, since_s)
VALUES (:digest, :lang, :text, :since_s) RETURNING id;

-- @name live_notice_get :one read
-- @param id int
-- @col lang text, text text, since_s int
SELECT lang, text, since_s FROM listening_live_notice WHERE id = :id;

-- @name live_pepper_find :opt read
-- @param event_id int
-- @col secret text
SELECT secret FROM listening_live_pepper WHERE event_id = :event_id;

-- @name live_pepper_add :exec write
-- @param event_id int, secret text
INSERT INTO listening_live_pepper (event_id, secret) VALUES (:event_id, :secret);

-- @name live_registration_next :one read
-- @param event_id int
-- @col ord int
SELECT COALESCE(MAX(ord), 0) + 1 FROM listening_live_registration WHERE event_id = :event_id;

-- @name live_registration_add :one write
-- @param event_id int, table_id int?, state text, ord int, walk_in int, category text, zone text, notice_id int?, consent_s int, token_hash text
-- @col id int
INSERT INTO listening_live_registration (event_id, table_id, state, ord, walk_in, category, zone, notice_id,
    consent_s, token_hash, name_box, contact_box, here_s, here_table_id)
VALUES (:event_id, :table_id, :state, :ord, :walk_in, :category, :zone, :notice_id, :consent_s,
        :token_hash, '', '', NULL, NULL) RETURNING id;

-- @name live_registration_boxes_set :exec write
-- @param id int, name_box text, contact_box text
UPDATE listening_live_registration SET name_box = :name_box, contact_box = :contact_box WHERE id = :id;

-- @name live_key_add :exec write
-- @param registration_id int, event_id int, secret text, contact_hash text
INSERT INTO listening_live_key (registration_id, event_id, secret, contact_hash)
VALUES (:registration_id, :event_id, :secret, :contact_hash);

-- @name live_key_remove :exec write
-- @param registration_id int
DELETE FROM listening_live_key WHERE registration_id = :registration_id;

-- @name live_contact_known :opt read
-- @param event_id int, contact_hash text
-- @col registration_id int, state text
-- Somebody of this event with the same contact who has not withdrawn.
SELECT k.registration_id, r.state FROM listening_live_key k
JOIN listening_live_registration r ON r.id = k.registration_id
WHERE k.event_id = :event_id AND k.contact_hash = :contact_hash AND r.state <> 'withdrawn'
ORDER BY k.registration_id LIMIT 1;

-- @name live_registration_of_token :opt read
-- @param token_hash text
-- @col id int, event_id int, event_code text, table_id int?, state text, ord int, category text, zone text, notice_id int?, consent_s int, name_box text, contact_box text, secret text?, here_s int?
SELECT r.id, r.event_id, e.code, r.table_id, r.state, r.ord, r.category, r.zone, r.notice_id, r.consent_s, r.name_box,
       r.contact_box, k.secret, r.here_s
FROM listening_live_registration r
JOIN listening_event e ON e.id = r.event_id
LEFT JOIN listening_live_key k ON k.registration_id = r.id
WHERE r.token_hash = :token_hash AND r.token_hash <> '';

-- @name live_registration_get :opt read
-- @param event_id int, id int
-- @col id int, table_id int?, state text, ord int, category text, zone text, name_box text, contact_box text, secret text?, here_s int?, here_table_id int?
SELECT r.id, r.table_id, r.state, r.ord, r.category, r.zone, r.name_box, r.contact_box, k.secret, r.here_s, r.here_table_id
FROM listening_live_registration r LEFT JOIN listening_live_key k ON k.registration_id = r.id
WHERE r.id = :id AND r.event_id = :event_id;

-- @name live_registrations :many read
-- @param event_id int
-- @col id int, table_id int?, table_code text?, state text, ord int, walk_in int, category text, zone text, name_box text, contact_box text, secret text?, here_s int?, here_table_id int?, here_code text?
SELECT r.id, r.table_id, t.code, r.state, r.ord, r.walk_in, r.category, r.zone, r.name_box, r.contact_box, k.secret,
       r.here_s, r.here_table_id, h.code
FROM listening_live_registration r
LEFT JOIN listening_live_key k ON k.registration_id = r.id
LEFT JOIN listening_table t ON t.id = r.table_id
LEFT JOIN listening_table h ON h.id = r.here_table_id
WHERE r.event_id = :event_id ORDER BY r.ord;

-- @name live_waiting_ahead :one read
-- @param event_id int, table_id int?, ord int
-- @col n int
SELECT COUNT(*) FROM listening_live_registration
WHERE event_id = :event_id AND table_id IS NOT DISTINCT FROM CAST(:table_id AS BIGINT)
  AND state = 'waiting' AND ord < :ord;

-- @name live_waiting_first :opt read
-- @param event_id int, table_id int
-- @col id int
SELECT id FROM listening_live_registration
WHERE event_id = :event_id AND table_id = :table_id AND state = 'waiting' ORDER BY ord LIMIT 1;

-- @name live_registration_state_set :exec write
-- @param id int, state text
UPDATE listening_live_registration SET state = :state WHERE id = :id;

-- @name live_registration_move :exec write
-- @param id int, table_id int?, state text, ord int
UPDATE listening_live_registration SET table_id = :table_id, state = :state, ord = :ord WHERE id = :id;

-- @name live_registration_erase :exec write
-- @param id int
-- The person is gone; the place in the order and the attendance stay as bare numbers.
UPDATE listening_live_registration SET state = 'erased', category = '', zone = '', token_hash = '',
       name_box = '', contact_box = '' WHERE id = :id;

-- @name live_registration_here_set :exec write
-- @param id int, here_s int?, here_table_id int?
UPDATE listening_live_registration SET here_s = :here_s, here_table_id = :here_table_id WHERE id = :id;

-- Cards: contributions that are being written down.

-- @name live_card_find :opt read
-- @param uid text
-- @col id int, code text, event_id int?, table_id int?, session_ord int?, kind text, text text, category text, zone text, state text, rev int
SELECT id, code, event_id, table_id, session_ord, kind, text, category, zone, state, rev
FROM listening_contribution WHERE uid = :uid;

-- @name live_card_code_taken :one read
-- @param code text
-- @col n int
SELECT COUNT(*) FROM listening_contribution WHERE code = :code;

-- @name live_card_count :one read
-- @param event_id int, table_id int
-- @col n int
SELECT COUNT(*) FROM listening_contribution WHERE event_id = :event_id AND table_id = :table_id;

-- @name live_card_add :one write
-- @param code text, uid text, event_id int, table_id int?, session_ord int?, interview_id int?, kind text, text text, category text, zone text, state text
-- @col id int
INSERT INTO listening_contribution (code, uid, event_id, table_id, session_ord, interview_id, document_id,
    line_from, line_to, kind, text, quote, category, zone, area_code, territory, contests, parked,
    local_case, state, rev)
VALUES (:code, :uid, :event_id, :table_id, :session_ord, :interview_id, NULL, NULL, NULL, :kind, :text,
        '', :category, :zone, '', '', '', 0, 0, :state, 1) RETURNING id;

-- @name live_card_set :exec write
-- @param id int, rev int, session_ord int?, kind text, text text, category text, zone text, state text
-- Nothing happens when somebody else has written since.
UPDATE listening_contribution SET session_ord = :session_ord, kind = :kind, text = :text,
       category = :category, zone = :zone, state = :state, rev = rev + 1
WHERE id = :id AND rev = :rev;

-- @name live_cards :many read
-- @param event_id int, table_id int
-- @col id int, code text, uid text, session_ord int?, kind text, text text, category text, zone text, state text, rev int, group_id int?
SELECT c.id, c.code, c.uid, c.session_ord, c.kind, c.text, c.category, c.zone, c.state, c.rev, g.group_id
FROM listening_contribution c LEFT JOIN listening_live_grouped g ON g.contribution_id = c.id
WHERE c.event_id = :event_id AND c.table_id = :table_id AND c.state <> 'withdrawn'
ORDER BY c.id;

-- @name live_cards_said :exec write
-- @param event_id int, table_id int
UPDATE listening_contribution SET state = 'said', rev = rev + 1
WHERE event_id = :event_id AND table_id = :table_id AND state = 'draft';

-- @name live_groups :many read
-- @param table_id int
-- @col id int, title text, n_cards int
SELECT g.id, g.title, (SELECT COUNT(*) FROM listening_live_grouped x WHERE x.group_id = g.id)
FROM listening_live_group g WHERE g.table_id = :table_id ORDER BY g.ord, g.id;

-- @name live_group_add :one write
-- @param event_id int, table_id int, title text
-- @col id int
INSERT INTO listening_live_group (event_id, table_id, ord, title)
VALUES (:event_id, :table_id, (SELECT COALESCE(MAX(ord), 0) + 1 FROM listening_live_group
                               WHERE table_id = :table_id), :title) RETURNING id;

-- @name live_group_title_set :exec write
-- @param id int, table_id int, title text
UPDATE listening_live_group SET title = :title WHERE id = :id AND table_id = :table_id;

-- @name live_group_is :one read
-- @param id int, table_id int
-- @col n int
SELECT COUNT(*) FROM listening_live_group WHERE id = :id AND table_id = :table_id;

-- @name live_card_ungroup :exec write
-- @param contribution_id int
DELETE FROM listening_live_grouped WHERE contribution_id = :contribution_id;

-- @name live_card_group :exec write
-- @param group_id int, contribution_id int
INSERT INTO listening_live_grouped (group_id, contribution_id) VALUES (:group_id, :contribution_id);

-- @name live_card_at :opt read
-- @param id int, event_id int, table_id int
-- @col id int
SELECT id FROM listening_contribution WHERE id = :id AND event_id = :event_id AND table_id = :table_id;

-- Interviews.

-- @name live_interviews :many read
-- @col id int, code text, category text, role text, zone text, day text, consent text, n_said int
SELECT i.id, i.code, i.category, i.role, i.zone, i.day, i.consent,
       (SELECT COUNT(*) FROM listening_contribution c WHERE c.event_id = i.event_id AND c.interview_id = i.id)
FROM listening_interview i ORDER BY i.code;

-- @name live_interview_find :opt read
-- @param code text
-- @col id int, event_id int?, code text, category text, role text, zone text, day text, consent text
SELECT id, event_id, code, category, role, zone, day, consent FROM listening_interview WHERE code = :code;

-- @name live_interview_add :one write
-- @param event_id int?, code text, category text, role text, zone text, day text, guide text, consent text
-- @col id int
INSERT INTO listening_interview (event_id, code, category, role, body, zone, day, guide, consent, source)
VALUES (:event_id, :code, :category, :role, '', :zone, :day, :guide, :consent, '') RETURNING id;

-- @name live_interview_said :many read
-- @param event_id int, interview_id int
-- @col code text, kind text, text text
SELECT code, kind, text FROM listening_contribution
WHERE event_id = :event_id AND interview_id = :interview_id AND state <> 'withdrawn' ORDER BY id;

-- Periodic meetings.

-- @name live_followups :many read
-- @param event_id int
-- @col id int, text text, owner text, due_day text, state text, from_id int?
SELECT id, text, owner, due_day, state, from_id FROM listening_live_followup
WHERE event_id = :event_id ORDER BY id;

-- @name live_followup_add :exec write
-- @param event_id int, text text, owner text, due_day text, from_id int?
INSERT INTO listening_live_followup (event_id, text, owner, due_day, state, from_id)
VALUES (:event_id, :text, :owner, :due_day, 'open', :from_id);

-- @name live_followup_set :exec write
-- @param id int, event_id int, state text
UPDATE listening_live_followup SET state = :state WHERE id = :id AND event_id = :event_id;

-- @name live_event_next :one write
-- @param from_id int, code text, series text, day text
-- @col id int
-- The next meeting of a series: the same frame on another day.
INSERT INTO listening_event (process_id, phase_code, code, kind, series, title, aim, place, area_code, day,
    starts_min, ends_min, n_present, n_remote, stream_url, recording_url, materials, minutes, state, rev, source)
SELECT process_id, phase_code, :code, kind, :series, title, aim, place, area_code, :day, starts_min, ends_min,
       NULL, NULL, stream_url, '', materials, '', 'draft', 0, ''
FROM listening_event WHERE id = :from_id RETURNING id;

-- @name live_event_series_set :exec write
-- @param id int, series text
UPDATE listening_event SET series = :series WHERE id = :id;

-- @name live_tables_copy :exec write
-- @param from_id int, to_id int
INSERT INTO listening_table (event_id, code, axis, title, room, capacity, n_present, merged_with, report, source)
SELECT :to_id, code, axis, title, room, capacity, NULL, '', '', '' FROM listening_table WHERE event_id = :from_id;

-- Assemblies.

-- @name live_draw_last :opt read
-- @param event_id int
-- @col id int, method text, seed text, size int, n_pool int, pool_digest text, quotas text, drawn_s int
SELECT id, method, seed, size, n_pool, pool_digest, quotas, drawn_s FROM listening_live_draw
WHERE event_id = :event_id ORDER BY id DESC LIMIT 1;

-- @name live_draw_add :one write
-- @param event_id int, method text, seed text, size int, n_pool int, pool_digest text, quotas text, drawn_s int
-- @col id int
INSERT INTO listening_live_draw (event_id, method, seed, size, n_pool, pool_digest, quotas, drawn_s)
VALUES (:event_id, :method, :seed, :size, :n_pool, :pool_digest, :quotas, :drawn_s) RETURNING id;

-- @name live_proof_add :exec write
-- @param event_id int, draw_id int, n_least int, n_most int, bound_num int, bound_den int, all_num int, all_den int, points text
INSERT INTO listening_live_proof (event_id, draw_id, n_least, n_most, bound_num, bound_den, all_num, all_den, points)
VALUES (:event_id, :draw_id, :n_least, :n_most, :bound_num, :bound_den, :all_num, :all_den, :points);

-- @name live_proof :opt read
-- @param draw_id int, event_id int
-- @col n_least int, n_most int, bound_num int, bound_den int, all_num int, all_den int, points text
SELECT n_least, n_most, bound_num, bound_den, all_num, all_den, points FROM listening_live_proof
WHERE event_id = :event_id AND draw_id = :draw_id;

-- @name live_seat_add :exec write
-- @param event_id int, draw_id int, ord int, pseudonym text, traits text
INSERT INTO listening_live_seat (event_id, draw_id, ord, pseudonym, traits, state)
VALUES (:event_id, :draw_id, :ord, :pseudonym, :traits, 'drawn');

-- @name live_seats :many read
-- @param draw_id int, event_id int
-- @col ord int, pseudonym text, traits text, state text
SELECT ord, pseudonym, traits, state FROM listening_live_seat
WHERE event_id = :event_id AND draw_id = :draw_id ORDER BY ord;

-- @name live_recommendations :many read
-- @param event_id int
-- @col id int, ord int, text text, n_for int?, n_against int?, answer text, answer_text text, answer_body text, answer_day text
SELECT id, ord, text, n_for, n_against, answer, answer_text, answer_body, answer_day
FROM listening_live_recommendation WHERE event_id = :event_id ORDER BY ord;

-- @name live_recommendation_add :exec write
-- @param event_id int, text text, n_for int?, n_against int?
INSERT INTO listening_live_recommendation (event_id, ord, text, n_for, n_against, answer, answer_text,
    answer_body, answer_day)
VALUES (:event_id, (SELECT COALESCE(MAX(ord), 0) + 1 FROM listening_live_recommendation
                    WHERE event_id = :event_id), :text, :n_for, :n_against, 'waiting', '', '', '');

-- @name live_recommendation_answer :exec write
-- @param id int, event_id int, answer text, answer_text text, answer_body text, answer_day text
UPDATE listening_live_recommendation SET answer = :answer, answer_text = :answer_text,
       answer_body = :answer_body, answer_day = :answer_day
WHERE id = :id AND event_id = :event_id;

-- A new event.

-- @name live_event_add :one write
-- @param code text, kind text, title text, aim text, place text, day text, starts_min int?, ends_min int?
-- @col id int
INSERT INTO listening_event (process_id, phase_code, code, kind, series, title, aim, place, area_code, day,
    starts_min, ends_min, n_present, n_remote, stream_url, recording_url, materials, minutes, state, rev, source)
VALUES (NULL, '', :code, :kind, '', :title, :aim, :place, '', :day, :starts_min, :ends_min, NULL, NULL,
        '', '', '', '', 'draft', 0, '') RETURNING id;

-- @name live_table_add :exec write
-- @param event_id int, code text, axis text, title text, capacity int?
INSERT INTO listening_table (event_id, code, axis, title, room, capacity, n_present, merged_with, report, source)
VALUES (:event_id, :code, :axis, :title, '', :capacity, NULL, '', '', '');

-- @name live_session_add :exec write
-- @param event_id int, ord int, title text, question text
INSERT INTO listening_session (event_id, ord, title, question, source)
VALUES (:event_id, :ord, :title, :question, '');
