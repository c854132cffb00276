-- @name counts :one read
-- @col n int
-- How many plans there are.
SELECT COUNT(*) FROM plan_plan;
