-- A session is its row: no request holds a copy of it that could be written back.
DELETE FROM sessions WHERE user_id IS NULL;
ALTER TABLE sessions DROP COLUMN data;
-- The role that the session was made or last renewed for.
ALTER TABLE sessions ADD COLUMN role TEXT NOT NULL DEFAULT 'customer';
UPDATE sessions SET role = (SELECT role FROM users WHERE users.id = sessions.user_id);
-- The id before the present one, and until when it leads here as well.
ALTER TABLE sessions ADD COLUMN previous_id TEXT;
ALTER TABLE sessions ADD COLUMN previous_until BIGINT;
CREATE INDEX sessions_previous ON sessions (previous_id) WHERE previous_id IS NOT NULL;
