-- Readings that are corrected or struck out.

-- version counts the changes from 1, which a reading has that nobody touched since it was recorded. One that is struck
-- out is kept, and makes room for another at its time.
ALTER TABLE vital_signs ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE vital_signs ADD COLUMN updated_at BIGINT;
ALTER TABLE vital_signs ADD COLUMN struck_out_at BIGINT;
ALTER TABLE vital_signs ADD COLUMN struck_out_by BIGINT REFERENCES users (id);

ALTER TABLE vital_signs DROP CONSTRAINT vital_signs_time_key;
CREATE UNIQUE INDEX vital_signs_time_key ON vital_signs (subject_id, recorded_at) WHERE struck_out_at IS NULL;
CREATE INDEX vital_signs_struck_out ON vital_signs (subject_id, recorded_at) WHERE struck_out_at IS NOT NULL;

-- The list of a study's readings, the latest first. It has the values, so that those outside the expected ranges are
-- found and counted in the index alone: the ranges may change at any time, and so nothing is stored of them.
DROP INDEX vital_signs_of_study;
CREATE INDEX vital_signs_of_study ON vital_signs (study_id, recorded_at, id, subject_id, heart_rate, systolic, diastolic,
    temperature, oxygen_saturation, respiratory_rate, struck_out_at) WHERE struck_out_at IS NULL;

-- The readings of an import that stay where they are if it is taken back.
CREATE INDEX vital_signs_touched ON vital_signs (import_id, id) WHERE version > 1;
