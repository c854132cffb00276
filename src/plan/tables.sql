-- Every table is read whole: a plan has some hundred rows, and its pages need them joined. Each
-- has the same four statements, which tables.c finds by their names.

-- @name plan_list :many read
-- @col id int, place int, pack_hash int, code text, title text, from_year int, to_year int
-- @col state text, note text, source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, code, title, from_year, to_year, state, note, source
FROM plan_plan
ORDER BY place, id;

-- @name plan_add :opt write
-- @param place int, pack_hash int, code text, title text, from_year int, to_year int
-- @param state text, note text, source text
-- @col id int
INSERT INTO plan_plan (place, pack_hash, code, title, from_year, to_year, state, note, source)
VALUES (:place, :pack_hash, :code, :title, :from_year, :to_year, :state, :note, :source)
RETURNING id;

-- @name plan_set :exec write
-- @param id int, place int, pack_hash int, code text, title text, from_year int
-- @param to_year int, state text, note text, source text
UPDATE plan_plan
SET place = :place, pack_hash = :pack_hash, code = :code, title = :title, from_year =
    :from_year, to_year = :to_year, state = :state, note = :note, source = :source
WHERE id = :id;

-- @name plan_remove :exec write
-- @param id int
DELETE FROM plan_plan WHERE id = :id;

-- @name element_list :many read
-- @col id int, place int, pack_hash int, plan text, code text, parent text, level text
-- @col title text, alt_title text, text text, complete text, competence int?
-- @col addressee text, state text, state_reason text, departments text, partners text
-- @col territory text, paradigms text, pnrr_measure text, deadline text, note text
-- @col source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, plan, code, parent, level, title, alt_title, text, complete,
    competence, addressee, state, state_reason, departments, partners, territory, paradigms,
    pnrr_measure, deadline, note, source
FROM plan_element
ORDER BY place, id;

-- @name element_add :opt write
-- @param place int, pack_hash int, plan text, code text, parent text, level text
-- @param title text, alt_title text, text text, complete text, competence int?
-- @param addressee text, state text, state_reason text, departments text, partners text
-- @param territory text, paradigms text, pnrr_measure text, deadline text, note text
-- @param source text
-- @col id int
INSERT INTO plan_element (place, pack_hash, plan, code, parent, level, title, alt_title, text,
    complete, competence, addressee, state, state_reason, departments, partners, territory,
    paradigms, pnrr_measure, deadline, note, source)
VALUES (:place, :pack_hash, :plan, :code, :parent, :level, :title, :alt_title, :text,
    :complete, :competence, :addressee, :state, :state_reason, :departments, :partners,
    :territory, :paradigms, :pnrr_measure, :deadline, :note, :source)
RETURNING id;

-- @name element_set :exec write
-- @param id int, place int, pack_hash int, plan text, code text, parent text, level text
-- @param title text, alt_title text, text text, complete text, competence int?
-- @param addressee text, state text, state_reason text, departments text, partners text
-- @param territory text, paradigms text, pnrr_measure text, deadline text, note text
-- @param source text
UPDATE plan_element
SET place = :place, pack_hash = :pack_hash, plan = :plan, code = :code, parent = :parent,
    level = :level, title = :title, alt_title = :alt_title, text = :text, complete =
    :complete, competence = :competence, addressee = :addressee, state = :state, state_reason
    = :state_reason, departments = :departments, partners = :partners, territory = :territory,
    paradigms = :paradigms, pnrr_measure = :pnrr_measure, deadline = :deadline, note = :note,
    source = :source
WHERE id = :id;

-- @name element_remove :exec write
-- @param id int
DELETE FROM plan_element WHERE id = :id;

-- @name link_list :many read
-- @col id int, place int, pack_hash int, from_element text, to_element text, kind text
-- @col reason text, source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, from_element, to_element, kind, reason, source
FROM plan_link
ORDER BY place, id;

-- @name link_add :opt write
-- @param place int, pack_hash int, from_element text, to_element text, kind text
-- @param reason text, source text
-- @col id int
INSERT INTO plan_link (place, pack_hash, from_element, to_element, kind, reason, source)
VALUES (:place, :pack_hash, :from_element, :to_element, :kind, :reason, :source)
RETURNING id;

-- @name link_set :exec write
-- @param id int, place int, pack_hash int, from_element text, to_element text, kind text
-- @param reason text, source text
UPDATE plan_link
SET place = :place, pack_hash = :pack_hash, from_element = :from_element, to_element =
    :to_element, kind = :kind, reason = :reason, source = :source
WHERE id = :id;

-- @name link_remove :exec write
-- @param id int
DELETE FROM plan_link WHERE id = :id;

-- @name origin_list :many read
-- @col id int, place int, pack_hash int, element text, theme text, contribution text
-- @col how text, note text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, element, theme, contribution, how, note
FROM plan_origin
ORDER BY place, id;

-- @name origin_add :opt write
-- @param place int, pack_hash int, element text, theme text, contribution text, how text
-- @param note text
-- @col id int
INSERT INTO plan_origin (place, pack_hash, element, theme, contribution, how, note)
VALUES (:place, :pack_hash, :element, :theme, :contribution, :how, :note)
RETURNING id;

-- @name origin_set :exec write
-- @param id int, place int, pack_hash int, element text, theme text, contribution text
-- @param how text, note text
UPDATE plan_origin
SET place = :place, pack_hash = :pack_hash, element = :element, theme = :theme, contribution =
    :contribution, how = :how, note = :note
WHERE id = :id;

-- @name origin_remove :exec write
-- @param id int
DELETE FROM plan_origin WHERE id = :id;

-- @name fate_list :many read
-- @col id int, place int, pack_hash int, theme text, contribution text, fate text
-- @col reason text, source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, theme, contribution, fate, reason, source
FROM plan_fate
ORDER BY place, id;

-- @name fate_add :opt write
-- @param place int, pack_hash int, theme text, contribution text, fate text, reason text
-- @param source text
-- @col id int
INSERT INTO plan_fate (place, pack_hash, theme, contribution, fate, reason, source)
VALUES (:place, :pack_hash, :theme, :contribution, :fate, :reason, :source)
RETURNING id;

-- @name fate_set :exec write
-- @param id int, place int, pack_hash int, theme text, contribution text, fate text
-- @param reason text, source text
UPDATE plan_fate
SET place = :place, pack_hash = :pack_hash, theme = :theme, contribution = :contribution, fate
    = :fate, reason = :reason, source = :source
WHERE id = :id;

-- @name fate_remove :exec write
-- @param id int
DELETE FROM plan_fate WHERE id = :id;

-- @name objective_list :many read
-- @col id int, place int, pack_hash int, element text, code text, title text, measure text
-- @col unit text, baseline text, baseline_year int?, target text, target_day text
-- @col owner text, relevance text, source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, element, code, title, measure, unit, baseline, baseline_year,
    target, target_day, owner, relevance, source
FROM plan_objective
ORDER BY place, id;

-- @name objective_add :opt write
-- @param place int, pack_hash int, element text, code text, title text, measure text
-- @param unit text, baseline text, baseline_year int?, target text, target_day text
-- @param owner text, relevance text, source text
-- @col id int
INSERT INTO plan_objective (place, pack_hash, element, code, title, measure, unit, baseline,
    baseline_year, target, target_day, owner, relevance, source)
VALUES (:place, :pack_hash, :element, :code, :title, :measure, :unit, :baseline,
    :baseline_year, :target, :target_day, :owner, :relevance, :source)
RETURNING id;

-- @name objective_set :exec write
-- @param id int, place int, pack_hash int, element text, code text, title text
-- @param measure text, unit text, baseline text, baseline_year int?, target text
-- @param target_day text, owner text, relevance text, source text
UPDATE plan_objective
SET place = :place, pack_hash = :pack_hash, element = :element, code = :code, title = :title,
    measure = :measure, unit = :unit, baseline = :baseline, baseline_year = :baseline_year,
    target = :target, target_day = :target_day, owner = :owner, relevance = :relevance, source
    = :source
WHERE id = :id;

-- @name objective_remove :exec write
-- @param id int
DELETE FROM plan_objective WHERE id = :id;

-- @name amendment_list :many read
-- @col id int, place int, pack_hash int, element text, code text, field text
-- @col old_words text, proposed_words text, reason text, contribution text, state text
-- @col decision text, decided_day text, source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, element, code, field, old_words, proposed_words, reason,
    contribution, state, decision, decided_day, source
FROM plan_amendment
ORDER BY place, id;

-- @name amendment_add :opt write
-- @param place int, pack_hash int, element text, code text, field text, old_words text
-- @param proposed_words text, reason text, contribution text, state text, decision text
-- @param decided_day text, source text
-- @col id int
INSERT INTO plan_amendment (place, pack_hash, element, code, field, old_words, proposed_words,
    reason, contribution, state, decision, decided_day, source)
VALUES (:place, :pack_hash, :element, :code, :field, :old_words, :proposed_words, :reason,
    :contribution, :state, :decision, :decided_day, :source)
RETURNING id;

-- @name amendment_set :exec write
-- @param id int, place int, pack_hash int, element text, code text, field text
-- @param old_words text, proposed_words text, reason text, contribution text, state text
-- @param decision text, decided_day text, source text
UPDATE plan_amendment
SET place = :place, pack_hash = :pack_hash, element = :element, code = :code, field = :field,
    old_words = :old_words, proposed_words = :proposed_words, reason = :reason, contribution =
    :contribution, state = :state, decision = :decision, decided_day = :decided_day, source =
    :source
WHERE id = :id;

-- @name amendment_remove :exec write
-- @param id int
DELETE FROM plan_amendment WHERE id = :id;

-- @name rename_list :many read
-- @col id int, place int, pack_hash int, element text, old_name text, new_name text
-- @col synonyms text, reason text, source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, element, old_name, new_name, synonyms, reason, source
FROM plan_rename
ORDER BY place, id;

-- @name rename_add :opt write
-- @param place int, pack_hash int, element text, old_name text, new_name text
-- @param synonyms text, reason text, source text
-- @col id int
INSERT INTO plan_rename (place, pack_hash, element, old_name, new_name, synonyms, reason,
    source)
VALUES (:place, :pack_hash, :element, :old_name, :new_name, :synonyms, :reason, :source)
RETURNING id;

-- @name rename_set :exec write
-- @param id int, place int, pack_hash int, element text, old_name text, new_name text
-- @param synonyms text, reason text, source text
UPDATE plan_rename
SET place = :place, pack_hash = :pack_hash, element = :element, old_name = :old_name, new_name
    = :new_name, synonyms = :synonyms, reason = :reason, source = :source
WHERE id = :id;

-- @name rename_remove :exec write
-- @param id int
DELETE FROM plan_rename WHERE id = :id;

-- @name instrument_list :many read
-- @col id int, place int, pack_hash int, code text, title text, kind text, state text
-- @col body text, url text, note text, source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, code, title, kind, state, body, url, note, source
FROM plan_instrument
ORDER BY place, id;

-- @name instrument_add :opt write
-- @param place int, pack_hash int, code text, title text, kind text, state text, body text
-- @param url text, note text, source text
-- @col id int
INSERT INTO plan_instrument (place, pack_hash, code, title, kind, state, body, url, note,
    source)
VALUES (:place, :pack_hash, :code, :title, :kind, :state, :body, :url, :note, :source)
RETURNING id;

-- @name instrument_set :exec write
-- @param id int, place int, pack_hash int, code text, title text, kind text, state text
-- @param body text, url text, note text, source text
UPDATE plan_instrument
SET place = :place, pack_hash = :pack_hash, code = :code, title = :title, kind = :kind, state
    = :state, body = :body, url = :url, note = :note, source = :source
WHERE id = :id;

-- @name instrument_remove :exec write
-- @param id int
DELETE FROM plan_instrument WHERE id = :id;

-- @name coherence_list :many read
-- @col id int, place int, pack_hash int, element text, instrument text, goal text
-- @col relation text, note text, source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, element, instrument, goal, relation, note, source
FROM plan_coherence
ORDER BY place, id;

-- @name coherence_add :opt write
-- @param place int, pack_hash int, element text, instrument text, goal text, relation text
-- @param note text, source text
-- @col id int
INSERT INTO plan_coherence (place, pack_hash, element, instrument, goal, relation, note,
    source)
VALUES (:place, :pack_hash, :element, :instrument, :goal, :relation, :note, :source)
RETURNING id;

-- @name coherence_set :exec write
-- @param id int, place int, pack_hash int, element text, instrument text, goal text
-- @param relation text, note text, source text
UPDATE plan_coherence
SET place = :place, pack_hash = :pack_hash, element = :element, instrument = :instrument, goal
    = :goal, relation = :relation, note = :note, source = :source
WHERE id = :id;

-- @name coherence_remove :exec write
-- @param id int
DELETE FROM plan_coherence WHERE id = :id;

-- @name step_list :many read
-- @col id int, place int, pack_hash int, element text, ord int?, code text, title text
-- @col owner text, from_day text, to_day text, money_cents int?, fund text, state text
-- @col state_reason text, needs text, source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, element, ord, code, title, owner, from_day, to_day, money_cents,
    fund, state, state_reason, needs, source
FROM plan_step
ORDER BY place, id;

-- @name step_add :opt write
-- @param place int, pack_hash int, element text, ord int?, code text, title text
-- @param owner text, from_day text, to_day text, money_cents int?, fund text, state text
-- @param state_reason text, needs text, source text
-- @col id int
INSERT INTO plan_step (place, pack_hash, element, ord, code, title, owner, from_day, to_day,
    money_cents, fund, state, state_reason, needs, source)
VALUES (:place, :pack_hash, :element, :ord, :code, :title, :owner, :from_day, :to_day,
    :money_cents, :fund, :state, :state_reason, :needs, :source)
RETURNING id;

-- @name step_set :exec write
-- @param id int, place int, pack_hash int, element text, ord int?, code text, title text
-- @param owner text, from_day text, to_day text, money_cents int?, fund text, state text
-- @param state_reason text, needs text, source text
UPDATE plan_step
SET place = :place, pack_hash = :pack_hash, element = :element, ord = :ord, code = :code,
    title = :title, owner = :owner, from_day = :from_day, to_day = :to_day, money_cents =
    :money_cents, fund = :fund, state = :state, state_reason = :state_reason, needs = :needs,
    source = :source
WHERE id = :id;

-- @name step_remove :exec write
-- @param id int
DELETE FROM plan_step WHERE id = :id;

-- @name deadline_list :many read
-- @col id int, place int, pack_hash int, code text, element text, day text, lead_days int?
-- @col title text, kind text, reason text, source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, code, element, day, lead_days, title, kind, reason, source
FROM plan_deadline
ORDER BY place, id;

-- @name deadline_add :opt write
-- @param place int, pack_hash int, code text, element text, day text, lead_days int?
-- @param title text, kind text, reason text, source text
-- @col id int
INSERT INTO plan_deadline (place, pack_hash, code, element, day, lead_days, title, kind,
    reason, source)
VALUES (:place, :pack_hash, :code, :element, :day, :lead_days, :title, :kind, :reason,
    :source)
RETURNING id;

-- @name deadline_set :exec write
-- @param id int, place int, pack_hash int, code text, element text, day text
-- @param lead_days int?, title text, kind text, reason text, source text
UPDATE plan_deadline
SET place = :place, pack_hash = :pack_hash, code = :code, element = :element, day = :day,
    lead_days = :lead_days, title = :title, kind = :kind, reason = :reason, source = :source
WHERE id = :id;

-- @name deadline_remove :exec write
-- @param id int
DELETE FROM plan_deadline WHERE id = :id;

-- @name request_list :many read
-- @col id int, place int, pack_hash int, code text, element text, level text
-- @col addressee text, title text, kind text, legal_gap text, state text, raised_by text
-- @col day text, due_day text, answer text, answer_day text, source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, code, element, level, addressee, title, kind, legal_gap, state,
    raised_by, day, due_day, answer, answer_day, source
FROM plan_request
ORDER BY place, id;

-- @name request_add :opt write
-- @param place int, pack_hash int, code text, element text, level text, addressee text
-- @param title text, kind text, legal_gap text, state text, raised_by text, day text
-- @param due_day text, answer text, answer_day text, source text
-- @col id int
INSERT INTO plan_request (place, pack_hash, code, element, level, addressee, title, kind,
    legal_gap, state, raised_by, day, due_day, answer, answer_day, source)
VALUES (:place, :pack_hash, :code, :element, :level, :addressee, :title, :kind, :legal_gap,
    :state, :raised_by, :day, :due_day, :answer, :answer_day, :source)
RETURNING id;

-- @name request_set :exec write
-- @param id int, place int, pack_hash int, code text, element text, level text
-- @param addressee text, title text, kind text, legal_gap text, state text, raised_by text
-- @param day text, due_day text, answer text, answer_day text, source text
UPDATE plan_request
SET place = :place, pack_hash = :pack_hash, code = :code, element = :element, level = :level,
    addressee = :addressee, title = :title, kind = :kind, legal_gap = :legal_gap, state =
    :state, raised_by = :raised_by, day = :day, due_day = :due_day, answer = :answer,
    answer_day = :answer_day, source = :source
WHERE id = :id;

-- @name request_remove :exec write
-- @param id int
DELETE FROM plan_request WHERE id = :id;

-- @name act_list :many read
-- @col id int, place int, pack_hash int, code text, body text, title text, kind text
-- @col day text, quorum int?, n_present int?, n_for int?, n_against int?, n_abstained int?
-- @col commitments text, elements text, source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, code, body, title, kind, day, quorum, n_present, n_for,
    n_against, n_abstained, commitments, elements, source
FROM plan_act
ORDER BY place, id;

-- @name act_add :opt write
-- @param place int, pack_hash int, code text, body text, title text, kind text, day text
-- @param quorum int?, n_present int?, n_for int?, n_against int?, n_abstained int?
-- @param commitments text, elements text, source text
-- @col id int
INSERT INTO plan_act (place, pack_hash, code, body, title, kind, day, quorum, n_present,
    n_for, n_against, n_abstained, commitments, elements, source)
VALUES (:place, :pack_hash, :code, :body, :title, :kind, :day, :quorum, :n_present, :n_for,
    :n_against, :n_abstained, :commitments, :elements, :source)
RETURNING id;

-- @name act_set :exec write
-- @param id int, place int, pack_hash int, code text, body text, title text, kind text
-- @param day text, quorum int?, n_present int?, n_for int?, n_against int?
-- @param n_abstained int?, commitments text, elements text, source text
UPDATE plan_act
SET place = :place, pack_hash = :pack_hash, code = :code, body = :body, title = :title, kind =
    :kind, day = :day, quorum = :quorum, n_present = :n_present, n_for = :n_for, n_against =
    :n_against, n_abstained = :n_abstained, commitments = :commitments, elements = :elements,
    source = :source
WHERE id = :id;

-- @name act_remove :exec write
-- @param id int
DELETE FROM plan_act WHERE id = :id;

-- @name adoption_list :many read
-- @col id int, place int, pack_hash int, element text, area_code text, state text, act text
-- @col day text, source text
-- All of them, in the order of the pack.
SELECT id, place, pack_hash, element, area_code, state, act, day, source
FROM plan_adoption
ORDER BY place, id;

-- @name adoption_add :opt write
-- @param place int, pack_hash int, element text, area_code text, state text, act text
-- @param day text, source text
-- @col id int
INSERT INTO plan_adoption (place, pack_hash, element, area_code, state, act, day, source)
VALUES (:place, :pack_hash, :element, :area_code, :state, :act, :day, :source)
RETURNING id;

-- @name adoption_set :exec write
-- @param id int, place int, pack_hash int, element text, area_code text, state text
-- @param act text, day text, source text
UPDATE plan_adoption
SET place = :place, pack_hash = :pack_hash, element = :element, area_code = :area_code, state
    = :state, act = :act, day = :day, source = :source
WHERE id = :id;

-- @name adoption_remove :exec write
-- @param id int
DELETE FROM plan_adoption WHERE id = :id;
