-- A customer's tasks are on a board of their own. A board that nobody owns is the house's, and only among
-- those a name stands for one board.
-- SQLite changes no constraint of a table, so the table is made anew: what refers to it is looked at when
-- the step ends, and the columns, which go with their boards, are kept meanwhile.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE kept_boards AS SELECT * FROM boards;
CREATE TABLE kept_columns AS SELECT * FROM board_columns;
DROP TABLE boards;
CREATE TABLE boards (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (name <> ''),
    owner_id INTEGER REFERENCES users (id),
    version INTEGER NOT NULL DEFAULT 1,
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX boards_name_key ON boards (name) WHERE owner_id IS NULL;
CREATE UNIQUE INDEX boards_owner_id_key ON boards (owner_id);
INSERT INTO boards (id, name, version, created_by, created_at, updated_at)
SELECT id, name, version, created_by, created_at, updated_at FROM kept_boards;
INSERT INTO board_columns (board_id, key, name, position)
SELECT board_id, key, name, position FROM kept_columns;
DROP TABLE kept_columns;
DROP TABLE kept_boards;

-- What customers made so far moves to theirs, deleted tasks too. A column of the house's board that one
-- of their tasks is in comes along.
INSERT INTO boards (name, owner_id, created_by, created_at, updated_at)
SELECT 'My board', users.id, users.id, MIN(tasks.created_at), MIN(tasks.created_at)
FROM users JOIN tasks ON tasks.created_by = users.id
WHERE users.role = 'customer' GROUP BY users.id ORDER BY users.id;
INSERT INTO board_columns (board_id, key, name, position)
SELECT id, 'todo', 'To do', 1 FROM boards WHERE owner_id IS NOT NULL
UNION ALL SELECT id, 'doing', 'Doing', 2 FROM boards WHERE owner_id IS NOT NULL
UNION ALL SELECT id, 'done', 'Done', 4 FROM boards WHERE owner_id IS NOT NULL;
INSERT INTO board_columns (board_id, key, name, position)
SELECT boards.id, tasks.status, MIN(board_columns.name), 3
FROM boards
JOIN tasks ON tasks.created_by = boards.owner_id
JOIN board_columns ON board_columns.board_id = tasks.board_id AND board_columns.key = tasks.status
WHERE tasks.status NOT IN ('todo', 'doing', 'done')
GROUP BY boards.id, tasks.status;
UPDATE tasks SET board_id = boards.id FROM boards WHERE boards.owner_id = tasks.created_by;
