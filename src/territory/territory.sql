-- @name partition_set :exec write
-- @param code text, name_it text, name_en text, name_fr text, description_it text, complete int, source text
-- Touches the row only when something differs, so that loading again leaves no trace.
INSERT INTO territory_partition (code, name_it, name_en, name_fr, description_it, complete, source)
VALUES (:code, :name_it, :name_en, :name_fr, :description_it, :complete, :source)
ON CONFLICT (code) DO UPDATE SET name_it = excluded.name_it, name_en = excluded.name_en,
  name_fr = excluded.name_fr, description_it = excluded.description_it,
  complete = excluded.complete, source = excluded.source
WHERE territory_partition.name_it <> excluded.name_it OR territory_partition.name_en <> excluded.name_en
   OR territory_partition.name_fr <> excluded.name_fr
   OR territory_partition.description_it <> excluded.description_it
   OR territory_partition.complete <> excluded.complete OR territory_partition.source <> excluded.source;

-- @name partition_list :many read
-- @col id int, code text, name_it text, name_en text, name_fr text, description_it text, complete int, source text
SELECT id, code, name_it, name_en, name_fr, description_it, complete, source
FROM territory_partition ORDER BY id;

-- @name area_set :exec write
-- @param kind text, code text, name text, official_name text, seat_lat_e7 int?, seat_lon_e7 int?, altitude_m int?, altitude_class text?, area_m2 int?, population int?
INSERT INTO territory_area (kind, code, name, official_name, seat_lat_e7, seat_lon_e7, altitude_m,
                            altitude_class, area_m2, population)
VALUES (:kind, :code, :name, :official_name, :seat_lat_e7, :seat_lon_e7, :altitude_m,
        :altitude_class, :area_m2, :population)
ON CONFLICT (kind, code) DO UPDATE SET name = excluded.name, official_name = excluded.official_name,
  seat_lat_e7 = excluded.seat_lat_e7, seat_lon_e7 = excluded.seat_lon_e7,
  altitude_m = excluded.altitude_m, altitude_class = excluded.altitude_class,
  area_m2 = excluded.area_m2, population = excluded.population
WHERE territory_area.name <> excluded.name OR territory_area.official_name <> excluded.official_name
   OR territory_area.seat_lat_e7 IS DISTINCT FROM excluded.seat_lat_e7
   OR territory_area.seat_lon_e7 IS DISTINCT FROM excluded.seat_lon_e7
   OR territory_area.altitude_m IS DISTINCT FROM excluded.altitude_m
   OR territory_area.altitude_class IS DISTINCT FROM excluded.altitude_class
   OR territory_area.area_m2 IS DISTINCT FROM excluded.area_m2
   OR territory_area.population IS DISTINCT FROM excluded.population;

-- @name area_find :opt read
-- @param kind text, code text
-- @col id int
SELECT id FROM territory_area WHERE kind = :kind AND code = :code;

-- @name area_all :many read
-- @col id int, kind text, code text, name text, official_name text, seat_lat_e7 int?, seat_lon_e7 int?, altitude_m int?, altitude_class text?, area_m2 int?, population int?
-- By kind and code, so that a read model finds them by halves.
SELECT id, kind, code, name, official_name, seat_lat_e7, seat_lon_e7, altitude_m, altitude_class,
       area_m2, population
FROM territory_area ORDER BY kind, code;

-- @name membership_set :exec write
-- @param area_id int, parent_id int, partition_code text, valid_from text, basis text
INSERT INTO territory_membership (area_id, parent_id, partition_code, valid_from, valid_to, basis)
VALUES (:area_id, :parent_id, :partition_code, :valid_from, '', :basis)
ON CONFLICT (area_id, partition_code, valid_from) DO UPDATE SET parent_id = excluded.parent_id,
  basis = excluded.basis
WHERE territory_membership.parent_id <> excluded.parent_id
   OR territory_membership.basis <> excluded.basis;

-- @name membership_end :exec write
-- @param area_id int, partition_code text, day text
-- What held until a new membership begins.
UPDATE territory_membership SET valid_to = :day
WHERE area_id = :area_id AND partition_code = :partition_code AND valid_to = '' AND valid_from < :day;

-- @name membership_all :many read
-- @param day text
-- @col area_id int, parent_id int, partition_code text, valid_from text, basis text
-- What holds on a day.
SELECT area_id, parent_id, partition_code, valid_from, basis FROM territory_membership
WHERE valid_from <= :day AND (valid_to = '' OR valid_to > :day)
ORDER BY partition_code, area_id, valid_from;

-- @name membership_history :many read
-- @param area_id int
-- @col parent_id int, partition_code text, valid_from text, valid_to text, basis text
SELECT parent_id, partition_code, valid_from, valid_to, basis FROM territory_membership
WHERE area_id = :area_id ORDER BY partition_code, valid_from;

-- @name name_set :exec write
-- @param area_id int, name text, kind text, is_word int, note text
INSERT INTO territory_area_name (area_id, name, kind, is_word, note)
VALUES (:area_id, :name, :kind, :is_word, :note)
ON CONFLICT (area_id, name) DO UPDATE SET kind = excluded.kind, is_word = excluded.is_word,
  note = excluded.note
WHERE territory_area_name.kind <> excluded.kind OR territory_area_name.is_word <> excluded.is_word
   OR territory_area_name.note <> excluded.note;

-- @name name_all :many read
-- @col area_id int, name text, kind text, is_word int
SELECT area_id, name, kind, is_word FROM territory_area_name ORDER BY id;

-- @name name_list :many read
-- @param area_id int
-- @col name text, kind text, note text
SELECT name, kind, note FROM territory_area_name WHERE area_id = :area_id ORDER BY kind, name;

-- @name word_add :exec write
-- @param word text
INSERT INTO territory_word (word) VALUES (:word) ON CONFLICT (word) DO NOTHING;

-- @name word_all :many read
-- @col word text
SELECT word FROM territory_word ORDER BY word;

-- @name boundary_set :exec write
-- @param area_id int, line text, source text, imported_s int
INSERT INTO territory_boundary (area_id, line, source, imported_s)
VALUES (:area_id, :line, :source, :imported_s)
ON CONFLICT (area_id) DO UPDATE SET line = excluded.line, source = excluded.source,
  imported_s = excluded.imported_s;

-- @name boundary_all :many read
-- @col area_id int, line text
SELECT area_id, line FROM territory_boundary ORDER BY area_id;

-- @name version_get :one read
-- @col n int
SELECT n FROM territory_version WHERE id = 1;

-- @name version_bump :exec write
UPDATE territory_version SET n = n + 1 WHERE id = 1;

-- @name area_name :one read
-- @param id int
-- @col name text
SELECT name FROM territory_area WHERE id = :id;
