DROP INDEX vital_signs_of_import;
ALTER TABLE vital_signs DROP COLUMN import_row;
ALTER TABLE vital_signs DROP COLUMN import_id;
DROP TABLE import_faults;
DROP TABLE imports;
