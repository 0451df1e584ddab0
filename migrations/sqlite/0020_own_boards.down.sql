-- Every board is everybody's again. Nothing says any more which board a task came from, so customers'
-- boards stay, under names of their own.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE kept_boards AS
SELECT boards.*, COALESCE('Tasks of ' || users.name || ' (' || boards.id || ')', boards.name) AS own_name
FROM boards LEFT JOIN users ON users.id = boards.owner_id;
CREATE TABLE kept_columns AS SELECT * FROM board_columns;
DROP TABLE boards;
CREATE TABLE boards (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (name <> ''),
    version INTEGER NOT NULL DEFAULT 1,
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT boards_name_key UNIQUE (name)
);
INSERT INTO boards (id, name, version, created_by, created_at, updated_at)
SELECT id, own_name, version, created_by, created_at, updated_at FROM kept_boards;
INSERT INTO board_columns (board_id, key, name, position)
SELECT board_id, key, name, position FROM kept_columns;
DROP TABLE kept_columns;
DROP TABLE kept_boards;
