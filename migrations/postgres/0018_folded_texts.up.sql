-- What rows are found by is folded: without case, width and accents. The program makes it
-- (server::reindex), because no engine can; until then what was there is found as before.
CREATE TABLE text_form (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    form BIGINT NOT NULL
);

-- The texts of a row, folded, a line each.
ALTER TABLE users ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
ALTER TABLE ledger_accounts ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
ALTER TABLE task_labels ADD COLUMN key TEXT NOT NULL DEFAULT '';
CREATE INDEX task_labels_with_key ON task_labels (key, task_id);
DROP INDEX task_labels_with_label;
