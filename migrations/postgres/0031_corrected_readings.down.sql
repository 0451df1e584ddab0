-- The audit trail keeps that there were readings that are struck out: there is no room for them here.
DELETE FROM vital_signs WHERE struck_out_at IS NOT NULL;
DROP INDEX vital_signs_touched;
DROP INDEX vital_signs_of_study;
CREATE INDEX vital_signs_of_study ON vital_signs (study_id, id);
DROP INDEX vital_signs_struck_out;
DROP INDEX vital_signs_time_key;
ALTER TABLE vital_signs ADD CONSTRAINT vital_signs_time_key UNIQUE (subject_id, recorded_at);
ALTER TABLE vital_signs DROP COLUMN struck_out_by;
ALTER TABLE vital_signs DROP COLUMN struck_out_at;
ALTER TABLE vital_signs DROP COLUMN updated_at;
ALTER TABLE vital_signs DROP COLUMN version;
