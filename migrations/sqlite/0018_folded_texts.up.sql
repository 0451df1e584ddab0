-- What rows are found by is folded: without case, width and accents. The program makes it
-- (server::reindex), because no engine can; until then nothing of before is found.
CREATE TABLE text_form (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    form INTEGER NOT NULL
);

-- The texts of a row, folded, a line each.
ALTER TABLE users ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
ALTER TABLE ledger_accounts ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
ALTER TABLE task_labels ADD COLUMN key TEXT NOT NULL DEFAULT '';
CREATE INDEX task_labels_with_key ON task_labels (key, task_id);
DROP INDEX task_labels_with_label;

-- Marks are part of words: the vowels of Thai are.
DROP TABLE product_search;
CREATE VIRTUAL TABLE product_search USING fts5(
    name, slug, beside, description,
    content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'", prefix = '1 2'
);
DROP TABLE task_words;
CREATE VIRTUAL TABLE task_words USING fts5(
    words, content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
);
DROP TABLE transfer_words;
CREATE VIRTUAL TABLE transfer_words USING fts5(
    words, content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
);
