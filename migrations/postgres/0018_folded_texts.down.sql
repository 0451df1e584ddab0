CREATE INDEX task_labels_with_label ON task_labels (label, task_id);
DROP INDEX task_labels_with_key;
ALTER TABLE task_labels DROP COLUMN key;
ALTER TABLE ledger_accounts DROP COLUMN search_key;
ALTER TABLE users DROP COLUMN search_key;
DROP TABLE text_form;
