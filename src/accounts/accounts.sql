-- @name account_add :one write
-- @param login text, name text, roles int, org_id int, area_id int, lang text, now_s int
-- @col id int
INSERT INTO accounts_account (login, name, roles, org_id, area_id, lang, active, created_s)
VALUES (:login, :name, :roles, :org_id, :area_id, :lang, 1, :now_s) RETURNING id;

-- @name account_set :exec write
-- @param id int, name text, roles int, org_id int, area_id int, lang text, active int
UPDATE accounts_account SET name = :name, roles = :roles, org_id = :org_id, area_id = :area_id,
       lang = :lang, active = :active
WHERE id = :id;

-- @name account_get :one read
-- @param id int
-- @col id int, login text, name text, roles int, org_id int, area_id int, lang text, active int, created_s int, must_change int?, seen_s int?
SELECT a.id, a.login, a.name, a.roles, a.org_id, a.area_id, a.lang, a.active, a.created_s,
       k.must_change, (SELECT MAX(s.seen_s) FROM accounts_session s WHERE s.account_id = a.id)
FROM accounts_account a LEFT JOIN accounts_secret k ON k.account_id = a.id WHERE a.id = :id;

-- @name account_find :opt read
-- @param login text
-- @col id int
SELECT id FROM accounts_account WHERE login = :login;

-- @name account_list :many read
-- @param skip int, n_max int
-- @col id int, login text, name text, roles int, org_id int, area_id int, lang text, active int, created_s int, must_change int?, seen_s int?
SELECT a.id, a.login, a.name, a.roles, a.org_id, a.area_id, a.lang, a.active, a.created_s,
       k.must_change, (SELECT MAX(s.seen_s) FROM accounts_session s WHERE s.account_id = a.id)
FROM accounts_account a LEFT JOIN accounts_secret k ON k.account_id = a.id
ORDER BY a.login LIMIT :n_max OFFSET :skip;

-- @name account_count :one read
-- @col n int
SELECT COUNT(*) FROM accounts_account;

-- @name other_admins :one read
-- @param id int, admin_bit int
-- @col n int
-- Active administrators besides this account.
SELECT COUNT(*) FROM accounts_account
WHERE id <> :id AND active = 1 AND (roles & :admin_bit) <> 0;

-- @name secret_set :exec write
-- @param account_id int, hash text, must_change int
INSERT INTO accounts_secret (account_id, hash, must_change)
VALUES (:account_id, :hash, :must_change)
ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash, must_change = excluded.must_change;

-- @name door :opt read
-- @param login text
-- @col id int, lang text, active int, hash text, must_change int
-- What a sign-in needs to know.
SELECT a.id, a.lang, a.active, k.hash, k.must_change
FROM accounts_account a JOIN accounts_secret k ON k.account_id = a.id WHERE a.login = :login;

-- @name session_add :exec write
-- @param token_hash text, account_id int, secret text, now_s int, expires_s int
INSERT INTO accounts_session (token_hash, account_id, secret, created_s, seen_s, expires_s)
VALUES (:token_hash, :account_id, :secret, :now_s, :now_s, :expires_s);

-- @name session_who :opt read
-- @param token_hash text
-- @col account_id int, login text, roles int, org_id int, area_id int, active int, must_change int, secret text, created_s int, seen_s int, expires_s int
SELECT a.id, a.login, a.roles, a.org_id, a.area_id, a.active, k.must_change, s.secret,
       s.created_s, s.seen_s, s.expires_s
FROM accounts_session s JOIN accounts_account a ON a.id = s.account_id
     JOIN accounts_secret k ON k.account_id = a.id
WHERE s.token_hash = :token_hash;

-- @name session_seen :exec write
-- @param token_hash text, now_s int
UPDATE accounts_session SET seen_s = :now_s WHERE token_hash = :token_hash;

-- @name session_remove :exec write
-- @param token_hash text
DELETE FROM accounts_session WHERE token_hash = :token_hash;

-- @name session_remove_all :exec write
-- @param account_id int
DELETE FROM accounts_session WHERE account_id = :account_id;

-- @name session_count_old :one read
-- @param now_s int, idle_before_s int
-- @col n int
SELECT COUNT(*) FROM accounts_session WHERE expires_s <= :now_s OR seen_s <= :idle_before_s;

-- @name session_remove_old :exec write
-- @param now_s int, idle_before_s int
DELETE FROM accounts_session WHERE expires_s <= :now_s OR seen_s <= :idle_before_s;

-- @name event_add :exec write
-- @param seq int, now_s int, kind text, account_id int, login text, network text
INSERT INTO accounts_event (seq, at_s, kind, account_id, login, network)
VALUES (:seq, :now_s, :kind, :account_id, :login, :network);

-- @name event_of_set :many read
-- @param seq int
-- @col at_s int, kind text, account_id int, login text, network text
SELECT at_s, kind, account_id, login, network FROM accounts_event WHERE seq = :seq ORDER BY id;

-- @name event_count_old :one read
-- @param before_s int
-- @col n int
SELECT COUNT(*) FROM accounts_event WHERE at_s < :before_s;

-- @name event_remove_old :exec write
-- @param before_s int
DELETE FROM accounts_event WHERE at_s < :before_s;
