-- Sources.

-- @name source_put :one write
-- @param name text, title text, licence text, url text, synthetic int, now_s int
-- @col id int
-- A source by its name, made or brought up to date.
INSERT INTO network_source (name, title, licence, url, synthetic, imported_s)
VALUES (:name, :title, :licence, :url, :synthetic, :now_s)
ON CONFLICT (name) DO UPDATE SET title = excluded.title, licence = excluded.licence,
    url = excluded.url, synthetic = excluded.synthetic, imported_s = excluded.imported_s
RETURNING id;

-- @name source_list :many read
-- @col id int, name text, title text, licence text, url text, synthetic int, imported_s int?, n_services int, n_organizations int
SELECT id, name, title, licence, url, synthetic, imported_s,
       (SELECT COUNT(*) FROM network_service s WHERE s.source_id = network_source.id),
       (SELECT COUNT(*) FROM network_organization o WHERE o.source_id = network_source.id)
FROM network_source ORDER BY title COLLATE "C", id;

-- @name source_find :opt read
-- @param name text
-- @col id int, title text, licence text, url text, synthetic int
SELECT id, title, licence, url, synthetic FROM network_source WHERE name = :name;

-- @name synthetic_names :many read
-- @col name text
SELECT name FROM network_source WHERE synthetic = 1 ORDER BY id;

-- @name synthetic_count :one read
-- @col n int
SELECT COUNT(*) FROM network_service s JOIN network_source n ON n.id = s.source_id
WHERE n.synthetic = 1;

-- @name synthetic_any :opt read
-- @col id int
-- A source of demonstration data that still has records.
SELECT n.id FROM network_source n
WHERE n.synthetic = 1 AND EXISTS (SELECT 1 FROM network_organization o WHERE o.source_id = n.id)
LIMIT 1;

-- Putting records: by uid; an unchanged record is not written.

-- @name organization_find :opt read
-- @param uid text
-- @col id int, source_id int, doc text
SELECT id, source_id, doc FROM network_organization WHERE uid = :uid;

-- @name organization_add :one write
-- @param uid text, source_id int, source_key text?, name text, doc text, now_s int
-- @col id int
INSERT INTO network_organization (uid, source_id, source_key, name, doc, updated_s)
VALUES (:uid, :source_id, :source_key, :name, :doc, :now_s)
RETURNING id;

-- @name organization_set :exec write
-- @param id int, name text, doc text, now_s int
UPDATE network_organization SET name = :name, doc = :doc, updated_s = :now_s
WHERE id = :id;

-- @name organization_get :one read
-- @param id int
-- @col id int, uid text, source_id int, source_key text?, name text, doc text, updated_s int, verified_s int?, verified_by text?, source text, synthetic int
SELECT r.id, r.uid, r.source_id, r.source_key, r.name, r.doc, r.updated_s, r.verified_s, r.verified_by, n.title, n.synthetic
FROM network_organization r JOIN network_source n ON n.id = r.source_id WHERE r.id = :id;

-- @name organization_walk :many read
-- @param after_id int, n_max int
-- @col id int, uid text, source_id int, name text, doc text, updated_s int, synthetic int
-- All records in the order of their ids, from after one.
SELECT r.id, r.uid, r.source_id, r.name, r.doc, r.updated_s, n.synthetic
FROM network_organization r JOIN network_source n ON n.id = r.source_id
WHERE r.id > :after_id ORDER BY r.id LIMIT :n_max;

-- @name organization_count :one read
-- @col n int
SELECT COUNT(*) FROM network_organization;

-- @name organization_drop_source :exec write
-- @param source_id int, n_max int
-- Remove some records of a source; called until none is left.
DELETE FROM network_organization WHERE id IN
    (SELECT id FROM network_organization WHERE source_id = :source_id ORDER BY id LIMIT :n_max);

-- @name program_find :opt read
-- @param uid text
-- @col id int, source_id int, doc text, organization_id int?
SELECT id, source_id, doc, organization_id FROM network_program WHERE uid = :uid;

-- @name program_add :one write
-- @param uid text, source_id int, source_key text?, organization_id int?, name text, doc text, now_s int
-- @col id int
INSERT INTO network_program (uid, source_id, source_key, organization_id, name, doc, updated_s)
VALUES (:uid, :source_id, :source_key, :organization_id, :name, :doc, :now_s)
RETURNING id;

-- @name program_set :exec write
-- @param id int, organization_id int?, name text, doc text, now_s int
UPDATE network_program SET organization_id = :organization_id, name = :name, doc = :doc, updated_s = :now_s
WHERE id = :id;

-- @name program_get :one read
-- @param id int
-- @col id int, uid text, source_id int, source_key text?, organization_id int?, name text, doc text, updated_s int, source text, synthetic int
SELECT r.id, r.uid, r.source_id, r.source_key, r.organization_id, r.name, r.doc, r.updated_s, n.title, n.synthetic
FROM network_program r JOIN network_source n ON n.id = r.source_id WHERE r.id = :id;

-- @name program_walk :many read
-- @param after_id int, n_max int
-- @col id int, uid text, source_id int, organization_id int?, name text, doc text, updated_s int, synthetic int
-- All records in the order of their ids, from after one.
SELECT r.id, r.uid, r.source_id, r.organization_id, r.name, r.doc, r.updated_s, n.synthetic
FROM network_program r JOIN network_source n ON n.id = r.source_id
WHERE r.id > :after_id ORDER BY r.id LIMIT :n_max;

-- @name program_count :one read
-- @col n int
SELECT COUNT(*) FROM network_program;

-- @name program_drop_source :exec write
-- @param source_id int, n_max int
-- Remove some records of a source; called until none is left.
DELETE FROM network_program WHERE id IN
    (SELECT id FROM network_program WHERE source_id = :source_id ORDER BY id LIMIT :n_max);

-- @name service_find :opt read
-- @param uid text
-- @col id int, source_id int, doc text, organization_id int?, program_id int?
SELECT id, source_id, doc, organization_id, program_id FROM network_service WHERE uid = :uid;

-- @name service_add :one write
-- @param uid text, source_id int, source_key text?, organization_id int?, program_id int?, name text, status text, doc text, now_s int
-- @col id int
INSERT INTO network_service (uid, source_id, source_key, organization_id, program_id, name, status, doc, updated_s)
VALUES (:uid, :source_id, :source_key, :organization_id, :program_id, :name, :status, :doc, :now_s)
RETURNING id;

-- @name service_set :exec write
-- @param id int, organization_id int?, program_id int?, name text, status text, doc text, now_s int
UPDATE network_service SET organization_id = :organization_id, program_id = :program_id, name = :name, status = :status, doc = :doc, updated_s = :now_s
WHERE id = :id;

-- @name service_get :one read
-- @param id int
-- @col id int, uid text, source_id int, source_key text?, organization_id int?, program_id int?, name text, status text, doc text, updated_s int, verified_s int?, verified_by text?, source text, synthetic int
SELECT r.id, r.uid, r.source_id, r.source_key, r.organization_id, r.program_id, r.name, r.status, r.doc, r.updated_s, r.verified_s, r.verified_by, n.title, n.synthetic
FROM network_service r JOIN network_source n ON n.id = r.source_id WHERE r.id = :id;

-- @name service_walk :many read
-- @param after_id int, n_max int
-- @col id int, uid text, source_id int, organization_id int?, program_id int?, name text, status text, doc text, updated_s int, synthetic int
-- All records in the order of their ids, from after one.
SELECT r.id, r.uid, r.source_id, r.organization_id, r.program_id, r.name, r.status, r.doc, r.updated_s, n.synthetic
FROM network_service r JOIN network_source n ON n.id = r.source_id
WHERE r.id > :after_id ORDER BY r.id LIMIT :n_max;

-- @name service_count :one read
-- @col n int
SELECT COUNT(*) FROM network_service;

-- @name service_drop_source :exec write
-- @param source_id int, n_max int
-- Remove some records of a source; called until none is left.
DELETE FROM network_service WHERE id IN
    (SELECT id FROM network_service WHERE source_id = :source_id ORDER BY id LIMIT :n_max);

-- @name location_find :opt read
-- @param uid text
-- @col id int, source_id int, doc text
SELECT id, source_id, doc FROM network_location WHERE uid = :uid;

-- @name location_add :one write
-- @param uid text, source_id int, source_key text?, name text?, lat_e7 int?, lon_e7 int?, area_code text?, confidential int, doc text, now_s int
-- @col id int
INSERT INTO network_location (uid, source_id, source_key, name, lat_e7, lon_e7, area_code, confidential, doc, updated_s)
VALUES (:uid, :source_id, :source_key, :name, :lat_e7, :lon_e7, :area_code, :confidential, :doc, :now_s)
RETURNING id;

-- @name location_set :exec write
-- @param id int, name text?, lat_e7 int?, lon_e7 int?, area_code text?, confidential int, doc text, now_s int
UPDATE network_location SET name = :name, lat_e7 = :lat_e7, lon_e7 = :lon_e7, area_code = :area_code, confidential = :confidential, doc = :doc, updated_s = :now_s
WHERE id = :id;

-- @name location_get :one read
-- @param id int
-- @col id int, uid text, source_id int, source_key text?, name text?, lat_e7 int?, lon_e7 int?, area_code text?, confidential int, doc text, updated_s int, source text, synthetic int
SELECT r.id, r.uid, r.source_id, r.source_key, r.name, r.lat_e7, r.lon_e7, r.area_code, r.confidential, r.doc, r.updated_s, n.title, n.synthetic
FROM network_location r JOIN network_source n ON n.id = r.source_id WHERE r.id = :id;

-- @name location_walk :many read
-- @param after_id int, n_max int
-- @col id int, uid text, source_id int, name text?, lat_e7 int?, lon_e7 int?, area_code text?, confidential int, doc text, updated_s int, synthetic int
-- All records in the order of their ids, from after one.
SELECT r.id, r.uid, r.source_id, r.name, r.lat_e7, r.lon_e7, r.area_code, r.confidential, r.doc, r.updated_s, n.synthetic
FROM network_location r JOIN network_source n ON n.id = r.source_id
WHERE r.id > :after_id ORDER BY r.id LIMIT :n_max;

-- @name location_count :one read
-- @col n int
SELECT COUNT(*) FROM network_location;

-- @name location_drop_source :exec write
-- @param source_id int, n_max int
-- Remove some records of a source; called until none is left.
DELETE FROM network_location WHERE id IN
    (SELECT id FROM network_location WHERE source_id = :source_id ORDER BY id LIMIT :n_max);

-- @name service_at_location_find :opt read
-- @param uid text
-- @col id int, source_id int, doc text
SELECT id, source_id, doc FROM network_service_at_location WHERE uid = :uid;

-- @name service_at_location_add :one write
-- @param uid text, source_id int, source_key text?, service_id int, location_id int, doc text, now_s int
-- @col id int
INSERT INTO network_service_at_location (uid, source_id, source_key, service_id, location_id, doc, updated_s)
VALUES (:uid, :source_id, :source_key, :service_id, :location_id, :doc, :now_s)
RETURNING id;

-- @name service_at_location_set :exec write
-- @param id int, service_id int, location_id int, doc text, now_s int
UPDATE network_service_at_location SET service_id = :service_id, location_id = :location_id, doc = :doc, updated_s = :now_s
WHERE id = :id;

-- @name service_at_location_get :one read
-- @param id int
-- @col id int, uid text, source_id int, source_key text?, service_id int, location_id int, doc text, updated_s int, source text, synthetic int
SELECT r.id, r.uid, r.source_id, r.source_key, r.service_id, r.location_id, r.doc, r.updated_s, n.title, n.synthetic
FROM network_service_at_location r JOIN network_source n ON n.id = r.source_id WHERE r.id = :id;

-- @name service_at_location_walk :many read
-- @param after_id int, n_max int
-- @col id int, uid text, source_id int, service_id int, location_id int, doc text, updated_s int, synthetic int
-- All records in the order of their ids, from after one.
SELECT r.id, r.uid, r.source_id, r.service_id, r.location_id, r.doc, r.updated_s, n.synthetic
FROM network_service_at_location r JOIN network_source n ON n.id = r.source_id
WHERE r.id > :after_id ORDER BY r.id LIMIT :n_max;

-- @name service_at_location_count :one read
-- @col n int
SELECT COUNT(*) FROM network_service_at_location;

-- @name service_at_location_drop_source :exec write
-- @param source_id int, n_max int
-- Remove some records of a source; called until none is left.
DELETE FROM network_service_at_location WHERE id IN
    (SELECT id FROM network_service_at_location WHERE source_id = :source_id ORDER BY id LIMIT :n_max);

-- @name taxonomy_find :opt read
-- @param uid text
-- @col id int, source_id int, doc text
SELECT id, source_id, doc FROM network_taxonomy WHERE uid = :uid;

-- @name taxonomy_add :one write
-- @param uid text, source_id int, source_key text?, name text, doc text, now_s int
-- @col id int
INSERT INTO network_taxonomy (uid, source_id, source_key, name, doc, updated_s)
VALUES (:uid, :source_id, :source_key, :name, :doc, :now_s)
RETURNING id;

-- @name taxonomy_set :exec write
-- @param id int, name text, doc text, now_s int
UPDATE network_taxonomy SET name = :name, doc = :doc, updated_s = :now_s
WHERE id = :id;

-- @name taxonomy_get :one read
-- @param id int
-- @col id int, uid text, source_id int, source_key text?, name text, doc text, updated_s int, source text, synthetic int
SELECT r.id, r.uid, r.source_id, r.source_key, r.name, r.doc, r.updated_s, n.title, n.synthetic
FROM network_taxonomy r JOIN network_source n ON n.id = r.source_id WHERE r.id = :id;

-- @name taxonomy_walk :many read
-- @param after_id int, n_max int
-- @col id int, uid text, source_id int, name text, doc text, updated_s int, synthetic int
-- All records in the order of their ids, from after one.
SELECT r.id, r.uid, r.source_id, r.name, r.doc, r.updated_s, n.synthetic
FROM network_taxonomy r JOIN network_source n ON n.id = r.source_id
WHERE r.id > :after_id ORDER BY r.id LIMIT :n_max;

-- @name taxonomy_count :one read
-- @col n int
SELECT COUNT(*) FROM network_taxonomy;

-- @name taxonomy_drop_source :exec write
-- @param source_id int, n_max int
-- Remove some records of a source; called until none is left.
DELETE FROM network_taxonomy WHERE id IN
    (SELECT id FROM network_taxonomy WHERE source_id = :source_id ORDER BY id LIMIT :n_max);

-- @name taxonomy_term_find :opt read
-- @param uid text
-- @col id int, source_id int, doc text, taxonomy_id int?
SELECT id, source_id, doc, taxonomy_id FROM network_taxonomy_term WHERE uid = :uid;

-- @name taxonomy_term_add :one write
-- @param uid text, source_id int, source_key text?, taxonomy_id int?, code text?, name text, doc text, now_s int
-- @col id int
INSERT INTO network_taxonomy_term (uid, source_id, source_key, taxonomy_id, code, name, doc, updated_s)
VALUES (:uid, :source_id, :source_key, :taxonomy_id, :code, :name, :doc, :now_s)
RETURNING id;

-- @name taxonomy_term_set :exec write
-- @param id int, taxonomy_id int?, code text?, name text, doc text, now_s int
UPDATE network_taxonomy_term SET taxonomy_id = :taxonomy_id, code = :code, name = :name, doc = :doc, updated_s = :now_s
WHERE id = :id;

-- @name taxonomy_term_get :one read
-- @param id int
-- @col id int, uid text, source_id int, source_key text?, taxonomy_id int?, code text?, name text, doc text, updated_s int, source text, synthetic int
SELECT r.id, r.uid, r.source_id, r.source_key, r.taxonomy_id, r.code, r.name, r.doc, r.updated_s, n.title, n.synthetic
FROM network_taxonomy_term r JOIN network_source n ON n.id = r.source_id WHERE r.id = :id;

-- @name taxonomy_term_walk :many read
-- @param after_id int, n_max int
-- @col id int, uid text, source_id int, taxonomy_id int?, code text?, name text, doc text, updated_s int, synthetic int
-- All records in the order of their ids, from after one.
SELECT r.id, r.uid, r.source_id, r.taxonomy_id, r.code, r.name, r.doc, r.updated_s, n.synthetic
FROM network_taxonomy_term r JOIN network_source n ON n.id = r.source_id
WHERE r.id > :after_id ORDER BY r.id LIMIT :n_max;

-- @name taxonomy_term_count :one read
-- @col n int
SELECT COUNT(*) FROM network_taxonomy_term;

-- @name taxonomy_term_drop_source :exec write
-- @param source_id int, n_max int
-- Remove some records of a source; called until none is left.
DELETE FROM network_taxonomy_term WHERE id IN
    (SELECT id FROM network_taxonomy_term WHERE source_id = :source_id ORDER BY id LIMIT :n_max);

-- Terms of services.

-- @name service_term_list :many read
-- @param service_id int
-- @col id int, term_uid text
SELECT id, term_uid FROM network_service_term WHERE service_id = :service_id ORDER BY id;

-- @name service_term_add :exec write
-- @param service_id int, term_uid text
INSERT INTO network_service_term (service_id, term_uid) VALUES (:service_id, :term_uid)
ON CONFLICT (service_id, term_uid) DO NOTHING;

-- @name service_term_remove :exec write
-- @param id int
DELETE FROM network_service_term WHERE id = :id;

-- @name service_term_orphans :exec write
-- After a source was dropped.
DELETE FROM network_service_term
WHERE NOT EXISTS (SELECT 1 FROM network_service s WHERE s.id = network_service_term.service_id);

-- Reading.

-- @name service_places :many read
-- @param service_id int
-- @col id int, uid text, doc text, location_id int, location_uid text, location_name text?, lat_e7 int?, lon_e7 int?, area_code text?, confidential int, location_doc text
-- Where a service is offered.
SELECT a.id, a.uid, a.doc, l.id, l.uid, l.name, l.lat_e7, l.lon_e7, l.area_code, l.confidential, l.doc
FROM network_service_at_location a JOIN network_location l ON l.id = a.location_id
WHERE a.service_id = :service_id ORDER BY a.id;

-- @name location_services :many read
-- @param location_id int
-- @col id int, uid text, name text, status text, organization_id int?
SELECT s.id, s.uid, s.name, s.status, s.organization_id
FROM network_service_at_location a JOIN network_service s ON s.id = a.service_id
WHERE a.location_id = :location_id ORDER BY s.name COLLATE "C", s.id;

-- @name organization_services :many read
-- @param organization_id int
-- @col id int, uid text, name text, status text, doc text
SELECT id, uid, name, status, doc FROM network_service
WHERE organization_id = :organization_id ORDER BY name COLLATE "C", id;

-- @name area_services :many read
-- @param area_code text, n_max int
-- @col id int, name text, status text, organization text?, updated_s int, synthetic int
-- Services with a place in a municipality.
SELECT DISTINCT s.id, s.name, s.status, o.name, s.updated_s, n.synthetic
FROM network_location l
JOIN network_service_at_location a ON a.location_id = l.id
JOIN network_service s ON s.id = a.service_id
JOIN network_source n ON n.id = s.source_id
LEFT JOIN network_organization o ON o.id = s.organization_id
WHERE l.area_code = :area_code AND l.confidential = 0
ORDER BY 2, 1 LIMIT :n_max;

-- @name area_service_count :one read
-- @param area_code text
-- @col n int
SELECT COUNT(DISTINCT a.service_id)
FROM network_location l JOIN network_service_at_location a ON a.location_id = l.id
WHERE l.area_code = :area_code AND l.confidential = 0;

-- @name area_counts :many read
-- @col area_code text, n_services int
-- Services by municipality.
SELECT l.area_code, COUNT(DISTINCT a.service_id)
FROM network_location l JOIN network_service_at_location a ON a.location_id = l.id
WHERE l.area_code IS NOT NULL AND l.confidential = 0 GROUP BY l.area_code;

-- @name service_verify :exec write
-- @param id int, now_s int, who text
UPDATE network_service SET verified_s = :now_s, verified_by = :who WHERE id = :id;

-- @name organization_verify :exec write
-- @param id int, now_s int, who text
UPDATE network_organization SET verified_s = :now_s, verified_by = :who WHERE id = :id;

-- @name term_by_code :opt read
-- @param code text
-- @col id int, uid text, name text
SELECT id, uid, name FROM network_taxonomy_term WHERE code = :code ORDER BY id LIMIT 1;

-- The API of HSDS: services filtered and paged.

-- @name service_page_count :one read
-- @param organization_uid text, term_uid text, taxonomy_uid text, modified_s int, search text
-- @col n int
SELECT COUNT(*)
FROM network_service s
WHERE (:organization_uid = '' OR s.organization_id =
           (SELECT o.id FROM network_organization o WHERE o.uid = :organization_uid))
  AND (:term_uid = '' OR EXISTS (SELECT 1 FROM network_service_term t
           WHERE t.service_id = s.id AND t.term_uid = :term_uid))
  AND (:taxonomy_uid = '' OR EXISTS (SELECT 1 FROM network_service_term t
           JOIN network_taxonomy_term x ON x.uid = t.term_uid
           JOIN network_taxonomy y ON y.id = x.taxonomy_id
           WHERE t.service_id = s.id AND y.uid = :taxonomy_uid))
  AND s.updated_s >= :modified_s
  AND (:search = '' OR LOWER(s.doc) LIKE '%' || :search || '%');

-- What the finder's catalogue asks.

-- @name organization_service_ids :many read
-- @param organization_id int
-- @col id int
SELECT id FROM network_service WHERE organization_id = :organization_id ORDER BY id;

-- @name location_service_ids :many read
-- @param location_id int
-- @col id int
SELECT DISTINCT service_id FROM network_service_at_location
WHERE location_id = :location_id ORDER BY service_id;

-- @name terms_with_code :many read
-- @col uid text, code text
SELECT uid, code FROM network_taxonomy_term WHERE code IS NOT NULL ORDER BY id;

-- Ids behind references: the row is not read.

-- @name organization_id :opt read
-- @param uid text
-- @col id int
SELECT id FROM network_organization WHERE uid = :uid;

-- @name program_id :opt read
-- @param uid text
-- @col id int
SELECT id FROM network_program WHERE uid = :uid;

-- @name service_id :opt read
-- @param uid text
-- @col id int
SELECT id FROM network_service WHERE uid = :uid;

-- @name location_id :opt read
-- @param uid text
-- @col id int
SELECT id FROM network_location WHERE uid = :uid;

-- @name taxonomy_id :opt read
-- @param uid text
-- @col id int
SELECT id FROM network_taxonomy WHERE uid = :uid;

-- Export.

-- @name place_walk_open :many read
-- @param after_id int, n_max int
-- @col id int, source_id int, doc text
-- Services at locations that are no secret.
SELECT a.id, a.source_id, a.doc
FROM network_service_at_location a JOIN network_location l ON l.id = a.location_id
WHERE a.id > :after_id AND l.confidential = 0 ORDER BY a.id LIMIT :n_max;

-- @name kept_find :opt read
-- @param kind text, uid text
-- @col id int, digest text
-- Whether a person corrected the record, and what its source said last.
SELECT id, digest FROM network_kept WHERE kind = :kind AND uid = :uid;

-- @name kept_add :exec write
-- @param kind text, uid text, digest text
INSERT INTO network_kept (kind, uid, digest) VALUES (:kind, :uid, :digest);

-- @name kept_set :exec write
-- @param id int, digest text
UPDATE network_kept SET digest = :digest WHERE id = :id;
