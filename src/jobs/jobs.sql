-- @name job_add :one write
-- @param kind text, title text, args text, actor_id int, actor text, lang text, now_s int
-- @col id int
INSERT INTO jobs_job (kind, title, args, state, done, total, cancel, actor_id, actor, lang, created_s)
VALUES (:kind, :title, :args, 'queued', 0, 0, 0, :actor_id, :actor, :lang, :now_s) RETURNING id;

-- @name job_get :one read
-- @param id int
-- @col id int, kind text, title text, args text, state text, position text?, done int, total int, cancel int, outcome text?, failure text?, actor_id int, actor text, lang text, created_s int, started_s int?, finished_s int?, n_findings int
SELECT id, kind, title, args, state, position, done, total, cancel, outcome, failure, actor_id,
       actor, lang, created_s, started_s, finished_s,
       (SELECT COUNT(*) FROM jobs_finding f WHERE f.job_id = jobs_job.id)
FROM jobs_job WHERE id = :id;

-- @name job_list :many read
-- @param before_id int, n_max int
-- @col id int, kind text, title text, state text, done int, total int, actor text, created_s int, finished_s int?
-- Newest first.
SELECT id, kind, title, state, done, total, actor, created_s, finished_s
FROM jobs_job WHERE id < :before_id ORDER BY id DESC LIMIT :n_max;

-- @name job_next :opt read
-- @col id int
-- The work that waits longest; what a stop interrupted comes first, being older.
SELECT id FROM jobs_job WHERE state IN ('queued', 'running') ORDER BY id LIMIT 1;

-- @name job_begin :exec write
-- @param id int, state text, now_s int
-- State: running on the server's worker; here in the process of a command line, which no server
-- may take up again.
UPDATE jobs_job SET state = :state, started_s = COALESCE(started_s, :now_s)
WHERE id = :id AND state IN ('queued', 'running', 'here');

-- @name job_position :exec write
-- @param id int, position text, done int, total int
UPDATE jobs_job SET position = :position, done = :done, total = :total WHERE id = :id;

-- @name job_cancel :exec write
-- @param id int
UPDATE jobs_job SET cancel = 1 WHERE id = :id AND state IN ('queued', 'running', 'here');

-- @name job_cancelled :one read
-- @param id int
-- @col cancel int
SELECT cancel FROM jobs_job WHERE id = :id;

-- @name job_end :exec write
-- @param id int, state text, outcome text, failure text, now_s int
UPDATE jobs_job SET state = :state, outcome = :outcome, failure = :failure, finished_s = :now_s
WHERE id = :id;

-- @name finding_add :exec write
-- @param job_id int, severity text, file text, line int, field text, message text, remedy text, detail text, about text, n int
INSERT INTO jobs_finding (job_id, severity, file, line, field, message, remedy, detail, about, n)
VALUES (:job_id, :severity, :file, :line, :field, :message, :remedy, :detail, :about, :n);

-- @name finding_list :many read
-- @param job_id int, after_id int, skip int, n_max int
-- @col id int, severity text, file text, line int, field text, message text, remedy text, detail text, about text, n int
SELECT id, severity, file, line, field, message, remedy, detail, about, n FROM jobs_finding
WHERE job_id = :job_id AND id > :after_id ORDER BY id LIMIT :n_max OFFSET :skip;

-- @name finding_kinds :many read
-- @param job_id int
-- @col severity text, message text, n int
-- What was found, by kind, the commonest first.
SELECT severity, message, SUM(n) FROM jobs_finding WHERE job_id = :job_id
GROUP BY severity, message ORDER BY SUM(n) DESC, message;
