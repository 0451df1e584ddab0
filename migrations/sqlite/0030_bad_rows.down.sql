ALTER TABLE imports DROP COLUMN ahead;
DROP TABLE import_bad_rows;
