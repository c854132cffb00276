-- @name counts :one read
-- @col n int
-- How many contributions there are.
SELECT COUNT(*) FROM listening_contribution WHERE state <> 'draft';
