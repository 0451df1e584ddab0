-- The audit trail keeps that there were readings that are struck out: there is no room for them here.
CREATE TABLE vital_signs_recorded (
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
    CONSTRAINT vital_signs_time_key UNIQUE (subject_id, recorded_at)
);
INSERT INTO vital_signs_recorded (id, study_id, subject_id, recorded_at, heart_rate, systolic, diastolic, temperature,
        oxygen_saturation, respiratory_rate, created_by, created_at, import_id, import_row)
    SELECT id, study_id, subject_id, recorded_at, heart_rate, systolic, diastolic, temperature, oxygen_saturation,
        respiratory_rate, created_by, created_at, import_id, import_row
    FROM vital_signs WHERE struck_out_at IS NULL ORDER BY id;
DELETE FROM sqlite_sequence WHERE name = 'vital_signs_recorded';
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'vital_signs_recorded', seq FROM sqlite_sequence WHERE name = 'vital_signs';
DROP TABLE vital_signs;
ALTER TABLE vital_signs_recorded RENAME TO vital_signs;
CREATE INDEX vital_signs_of_study ON vital_signs (study_id, id);
CREATE INDEX vital_signs_of_import ON vital_signs (import_id, import_row) WHERE import_id IS NOT NULL;
