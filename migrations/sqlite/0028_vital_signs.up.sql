-- Vital signs of subjects, and the ranges in which a study expects them.

-- Temperatures are in tenths of a degree Celsius, everything else in whole units: see trials/vitals/measure.rs.
CREATE TABLE vital_signs (
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
    CONSTRAINT vital_signs_time_key UNIQUE (subject_id, recorded_at)
);
CREATE INDEX vital_signs_of_study ON vital_signs (study_id, id);

-- The ranges of studies that expect other values than most do.
CREATE TABLE study_ranges (
    study_id INTEGER NOT NULL REFERENCES studies (id),
    measure TEXT NOT NULL,
    low INTEGER NOT NULL,
    high INTEGER NOT NULL CHECK (high > low),
    PRIMARY KEY (study_id, measure)
);
