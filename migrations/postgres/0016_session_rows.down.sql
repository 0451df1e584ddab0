DROP INDEX sessions_previous;
ALTER TABLE sessions DROP COLUMN previous_until;
ALTER TABLE sessions DROP COLUMN previous_id;
ALTER TABLE sessions ADD COLUMN data TEXT NOT NULL DEFAULT '{}';
UPDATE sessions SET data = json_build_object('user_id', user_id, 'role', role, 'user_agent', user_agent,
    'address', address, 'started', created_at, 'seen', seen_at)::TEXT;
ALTER TABLE sessions DROP COLUMN role;
