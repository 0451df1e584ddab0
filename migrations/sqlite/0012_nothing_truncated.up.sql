-- SQLite has no TRUNCATE. What comes nearest, REPLACE, meets the triggers that there are, because every
-- connection of ours sets recursive_triggers.
SELECT 1;
