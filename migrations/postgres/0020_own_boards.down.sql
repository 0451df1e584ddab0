-- Every board is everybody's again. Nothing says any more which board a task came from, so customers'
-- boards stay, under names of their own.
UPDATE boards SET name = 'Tasks of ' || users.name || ' (' || boards.id || ')'
FROM users WHERE users.id = boards.owner_id;
DROP INDEX boards_name_key;
ALTER TABLE boards DROP COLUMN owner_id;
ALTER TABLE boards ADD CONSTRAINT boards_name_key UNIQUE (name);
