-- The words are gone with their tables: what the program of before writes from now on is found again.
DROP TABLE transfer_words;
CREATE VIRTUAL TABLE transfer_words USING fts5 (
    words, content = '', tokenize = 'unicode61 remove_diacritics 0'
);
DROP TABLE task_words;
CREATE VIRTUAL TABLE task_words USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
);
DROP TABLE product_search;
CREATE VIRTUAL TABLE product_search USING fts5(
    name, description,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2'
);
CREATE INDEX task_labels_with_label ON task_labels (label, task_id);
DROP INDEX task_labels_with_key;
ALTER TABLE task_labels DROP COLUMN key;
ALTER TABLE ledger_accounts DROP COLUMN search_key;
ALTER TABLE users DROP COLUMN search_key;
DROP TABLE text_form;
