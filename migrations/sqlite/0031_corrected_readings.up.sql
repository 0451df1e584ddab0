-- Readings that are corrected or struck out.

-- version counts the changes from 1, which a reading has that nobody touched since it was recorded. One that is struck
-- out is kept, and makes room for another at its time. SQLite drops no constraint of a table, so this is a new one.
CREATE TABLE vital_signs_corrected (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    study_id INTEGER NOT NULL REFERENCES studies (id),
    subject_id INTEGER NOT NULL REFERENCES subjects (id),
    recorded_at INTEGER NOT NULL,
    heart_rate INTEGER NOT NULL,
    systolic INTEGER NOT NULL,
    diastolic INTEGER NOT NULL CHECK (diastolic < systolic),
    temperature INTEGER,
    oxygen_saturation INTEGER,
    respiratory_rate INTEGER,
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    import_id INTEGER REFERENCES imports (id),
    import_row INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    updated_at INTEGER,
    struck_out_at INTEGER,
    struck_out_by INTEGER REFERENCES users (id)
);
INSERT INTO vital_signs_corrected (id, study_id, subject_id, recorded_at, heart_rate, systolic, diastolic, temperature,
        oxygen_saturation, respiratory_rate, created_by, created_at, import_id, import_row)
    SELECT id, study_id, subject_id, recorded_at, heart_rate, systolic, diastolic, temperature, oxygen_saturation,
        respiratory_rate, created_by, created_at, import_id, import_row FROM vital_signs ORDER BY id;
-- An id is given once, even if the reading that had the last one is gone.
DELETE FROM sqlite_sequence WHERE name = 'vital_signs_corrected';
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'vital_signs_corrected', seq FROM sqlite_sequence WHERE name = 'vital_signs';
DROP TABLE vital_signs;
ALTER TABLE vital_signs_corrected RENAME TO vital_signs;

CREATE UNIQUE INDEX vital_signs_time_key ON vital_signs (subject_id, recorded_at) WHERE struck_out_at IS NULL;
CREATE INDEX vital_signs_struck_out ON vital_signs (subject_id, recorded_at) WHERE struck_out_at IS NOT NULL;
CREATE INDEX vital_signs_of_import ON vital_signs (import_id, import_row) WHERE import_id IS NOT NULL;

-- The list of a study's readings, the latest first. It has the values, so that those outside the expected ranges are
-- found and counted in the index alone: the ranges may change at any time, and so nothing is stored of them.
CREATE INDEX vital_signs_of_study ON vital_signs (study_id, recorded_at, id, subject_id, heart_rate, systolic, diastolic,
    temperature, oxygen_saturation, respiratory_rate, struck_out_at) WHERE struck_out_at IS NULL;

-- The readings of an import that stay where they are if it is taken back.
CREATE INDEX vital_signs_touched ON vital_signs (import_id, id) WHERE version > 1;
