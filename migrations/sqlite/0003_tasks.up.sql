-- Boards, their columns, and the tasks on them.
-- Times are microseconds since 1970, UTC.

CREATE TABLE boards (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (name <> ''),
    version INTEGER NOT NULL DEFAULT 1,
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT boards_name_key UNIQUE (name)
);

-- A column keeps its key when it is renamed: the key is the status of the tasks in it.
CREATE TABLE board_columns (
    board_id INTEGER NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    key TEXT NOT NULL CHECK (key <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    position INTEGER NOT NULL,
    PRIMARY KEY (board_id, key)
);

-- due_order is due_at with "no date" behind all dates, so that one index serves order and range.
-- A deleted task stays, marked, so that deleting can be undone.
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    board_id INTEGER NOT NULL REFERENCES boards (id),
    title TEXT NOT NULL CHECK (title <> ''),
    description TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL,
    priority INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 4),
    assignee_id INTEGER REFERENCES users (id),
    due_at INTEGER,
    due_order INTEGER NOT NULL GENERATED ALWAYS AS (COALESCE(due_at, 9223372036854775807)) STORED,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    CONSTRAINT tasks_column_fkey FOREIGN KEY (board_id, status) REFERENCES board_columns (board_id, key)
);
-- One for each order a list is read in.
CREATE INDEX tasks_by_due ON tasks (due_order, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_priority ON tasks (priority, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_update ON tasks (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_position ON tasks (position, id) WHERE deleted_at IS NULL;
-- One for each thing a list is narrowed by, in the order most lists are read in.
CREATE INDEX tasks_of_assignee ON tasks (assignee_id, due_order, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_maker ON tasks (created_by, due_order, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_status ON tasks (status, due_order, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_priority ON tasks (priority, due_order, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_board ON tasks (board_id, due_order, id) WHERE deleted_at IS NULL;
-- A board's columns, card by card. Deleted ones count where a column is to be removed.
CREATE INDEX tasks_in_column ON tasks (board_id, status, position, id);

CREATE TABLE task_labels (
    task_id INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    label TEXT NOT NULL CHECK (label <> ''),
    PRIMARY KEY (task_id, label)
) WITHOUT ROWID;
CREATE INDEX task_labels_with_label ON task_labels (label, task_id);

-- The words of titles and descriptions, by the task's id. Only the index: the text is in tasks.
CREATE VIRTUAL TABLE task_words USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
);
