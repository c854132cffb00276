-- What the pages and the API of the network ask, beyond the records themselves.

-- @name service_terms :many read
-- @param service_id int
-- @col uid text, code text?, name text
-- The terms of a service that are here, in the order they were given.
SELECT x.uid, x.code, x.name
FROM network_service_term t JOIN network_taxonomy_term x ON x.uid = t.term_uid
WHERE t.service_id = :service_id ORDER BY t.id;

-- @name organization_places :many read
-- @param organization_id int
-- @col id int, name text?, area_code text?
-- Places of an organization's services that may be shown.
SELECT DISTINCT l.id, l.name, l.area_code
FROM network_service s
JOIN network_service_at_location a ON a.service_id = s.id
JOIN network_location l ON l.id = a.location_id
WHERE s.organization_id = :organization_id AND l.confidential = 0 ORDER BY l.id;

-- @name organization_rows :many read
-- @param search text, skip int, n_max int
-- @col id int, uid text, name text, n_services int, updated_s int, verified_s int?, source text, synthetic int
-- A page of the organizations by name. search is folded to lower case by the caller; '' for all.
SELECT p.id, p.uid, p.name,
       (SELECT COUNT(*) FROM network_service s WHERE s.organization_id = p.id),
       p.updated_s, p.verified_s, n.title, n.synthetic
FROM (SELECT id, uid, name, updated_s, verified_s, source_id FROM network_organization
      WHERE :search = '' OR LOWER(name) LIKE '%' || :search || '%'
      ORDER BY name COLLATE "C", id LIMIT :n_max OFFSET :skip) p
JOIN network_source n ON n.id = p.source_id
ORDER BY p.name COLLATE "C", p.id;

-- @name organization_rows_count :one read
-- @param search text
-- @col n int
SELECT COUNT(*) FROM network_organization
WHERE :search = '' OR LOWER(name) LIKE '%' || :search || '%';

-- @name organization_synthetic_any :opt read
-- @col id int
SELECT o.id FROM network_source n JOIN network_organization o ON o.source_id = n.id
WHERE n.synthetic = 1 LIMIT 1;

-- The API of HSDS. Empty texts and 0 leave a filter out; search is folded by the caller.

-- @name api_service_rows :many read
-- @param organization_uid text, term_uid text, taxonomy_uid text, modified_s int, search text, skip int, n_max int
-- @col id int, uid text, updated_s int
SELECT s.id, s.uid, s.updated_s
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
  AND (:search = '' OR LOWER(s.doc) LIKE '%' || :search || '%')
ORDER BY s.id LIMIT :n_max OFFSET :skip;

-- @name api_organization_rows :many read
-- @param term_uid text, taxonomy_uid text, search text, skip int, n_max int
-- @col id int, uid text, doc text, updated_s int, synthetic int
SELECT o.id, o.uid, o.doc, o.updated_s, n.synthetic
FROM network_organization o JOIN network_source n ON n.id = o.source_id
WHERE (:term_uid = '' OR EXISTS (SELECT 1 FROM network_service s
           JOIN network_service_term t ON t.service_id = s.id
           WHERE s.organization_id = o.id AND t.term_uid = :term_uid))
  AND (:taxonomy_uid = '' OR EXISTS (SELECT 1 FROM network_service s
           JOIN network_service_term t ON t.service_id = s.id
           JOIN network_taxonomy_term x ON x.uid = t.term_uid
           JOIN network_taxonomy y ON y.id = x.taxonomy_id
           WHERE s.organization_id = o.id AND y.uid = :taxonomy_uid))
  AND (:search = '' OR LOWER(o.doc) LIKE '%' || :search || '%')
ORDER BY o.id LIMIT :n_max OFFSET :skip;

-- @name api_organization_count :one read
-- @param term_uid text, taxonomy_uid text, search text
-- @col n int
SELECT COUNT(*)
FROM network_organization o
WHERE (:term_uid = '' OR EXISTS (SELECT 1 FROM network_service s
           JOIN network_service_term t ON t.service_id = s.id
           WHERE s.organization_id = o.id AND t.term_uid = :term_uid))
  AND (:taxonomy_uid = '' OR EXISTS (SELECT 1 FROM network_service s
           JOIN network_service_term t ON t.service_id = s.id
           JOIN network_taxonomy_term x ON x.uid = t.term_uid
           JOIN network_taxonomy y ON y.id = x.taxonomy_id
           WHERE s.organization_id = o.id AND y.uid = :taxonomy_uid))
  AND (:search = '' OR LOWER(o.doc) LIKE '%' || :search || '%');

-- @name api_place_rows :many read
-- @param organization_uid text, term_uid text, taxonomy_uid text, modified_s int, search text, skip int, n_max int
-- @col id int, uid text, doc text, updated_s int, service_id int, location_doc text, confidential int, synthetic int
-- Words are looked for in the service alone: a search must not find what a confidential place says.
SELECT a.id, a.uid, a.doc, a.updated_s, a.service_id, l.doc, l.confidential, n.synthetic
FROM network_service_at_location a
JOIN network_service s ON s.id = a.service_id
JOIN network_location l ON l.id = a.location_id
JOIN network_source n ON n.id = a.source_id
WHERE (:organization_uid = '' OR s.organization_id =
           (SELECT o.id FROM network_organization o WHERE o.uid = :organization_uid))
  AND (:term_uid = '' OR EXISTS (SELECT 1 FROM network_service_term t
           WHERE t.service_id = s.id AND t.term_uid = :term_uid))
  AND (:taxonomy_uid = '' OR EXISTS (SELECT 1 FROM network_service_term t
           JOIN network_taxonomy_term x ON x.uid = t.term_uid
           JOIN network_taxonomy y ON y.id = x.taxonomy_id
           WHERE t.service_id = s.id AND y.uid = :taxonomy_uid))
  AND a.updated_s >= :modified_s
  AND (:search = '' OR LOWER(s.doc) LIKE '%' || :search || '%')
ORDER BY a.id LIMIT :n_max OFFSET :skip;

-- @name api_place_count :one read
-- @param organization_uid text, term_uid text, taxonomy_uid text, modified_s int, search text
-- @col n int
SELECT COUNT(*)
FROM network_service_at_location a
JOIN network_service s ON s.id = a.service_id
WHERE (:organization_uid = '' OR s.organization_id =
           (SELECT o.id FROM network_organization o WHERE o.uid = :organization_uid))
  AND (:term_uid = '' OR EXISTS (SELECT 1 FROM network_service_term t
           WHERE t.service_id = s.id AND t.term_uid = :term_uid))
  AND (:taxonomy_uid = '' OR EXISTS (SELECT 1 FROM network_service_term t
           JOIN network_taxonomy_term x ON x.uid = t.term_uid
           JOIN network_taxonomy y ON y.id = x.taxonomy_id
           WHERE t.service_id = s.id AND y.uid = :taxonomy_uid))
  AND a.updated_s >= :modified_s
  AND (:search = '' OR LOWER(s.doc) LIKE '%' || :search || '%');

-- @name api_place :opt read
-- @param uid text
-- @col id int, uid text, doc text, service_id int, location_doc text, confidential int, synthetic int
SELECT a.id, a.uid, a.doc, a.service_id, l.doc, l.confidential, n.synthetic
FROM network_service_at_location a
JOIN network_location l ON l.id = a.location_id
JOIN network_source n ON n.id = a.source_id
WHERE a.uid = :uid;

-- @name api_taxonomy_rows :many read
-- @param search text, skip int, n_max int
-- @col uid text, doc text, synthetic int
SELECT y.uid, y.doc, n.synthetic
FROM network_taxonomy y JOIN network_source n ON n.id = y.source_id
WHERE :search = '' OR LOWER(y.doc) LIKE '%' || :search || '%'
ORDER BY y.id LIMIT :n_max OFFSET :skip;

-- @name api_taxonomy_count :one read
-- @param search text
-- @col n int
SELECT COUNT(*) FROM network_taxonomy y
WHERE :search = '' OR LOWER(y.doc) LIKE '%' || :search || '%';

-- @name api_term_rows :many read
-- @param taxonomy_uid text, parent_uid text, top_only int, search text, skip int, n_max int
-- @col uid text, doc text, synthetic int
-- A term is at the top when its document names no parent.
SELECT x.uid, x.doc, n.synthetic
FROM network_taxonomy_term x JOIN network_source n ON n.id = x.source_id
WHERE (:taxonomy_uid = '' OR x.taxonomy_id =
           (SELECT y.id FROM network_taxonomy y WHERE y.uid = :taxonomy_uid))
  AND (:parent_uid = '' OR x.doc LIKE '%"parent_id":"' || :parent_uid || '"%')
  AND (:top_only = 0 OR x.doc NOT LIKE '%"parent_id":"%')
  AND (:search = '' OR LOWER(x.doc) LIKE '%' || :search || '%')
ORDER BY x.id LIMIT :n_max OFFSET :skip;

-- @name api_term_count :one read
-- @param taxonomy_uid text, parent_uid text, top_only int, search text
-- @col n int
SELECT COUNT(*) FROM network_taxonomy_term x
WHERE (:taxonomy_uid = '' OR x.taxonomy_id =
           (SELECT y.id FROM network_taxonomy y WHERE y.uid = :taxonomy_uid))
  AND (:parent_uid = '' OR x.doc LIKE '%"parent_id":"' || :parent_uid || '"%')
  AND (:top_only = 0 OR x.doc NOT LIKE '%"parent_id":"%')
  AND (:search = '' OR LOWER(x.doc) LIKE '%' || :search || '%');

-- @name api_record_synthetic :opt read
-- @param source_id int
-- @col synthetic int
SELECT synthetic FROM network_source WHERE id = :source_id;
