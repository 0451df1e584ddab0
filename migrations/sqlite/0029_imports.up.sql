-- Files that were imported into a study: what was found in each, and what it brought.

CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    study_id INTEGER NOT NULL REFERENCES studies (id),
    file_name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    hash TEXT NOT NULL,
    format TEXT NOT NULL,
    columns TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('done', 'stopped', 'reverted')),
    records INTEGER NOT NULL,
    good INTEGER NOT NULL,
    bad INTEGER NOT NULL,
    unusual INTEGER NOT NULL,
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    reverted_at INTEGER,
    CHECK (good + bad = records)
);
CREATE INDEX imports_of_study ON imports (study_id, id);
CREATE INDEX imports_of_file ON imports (study_id, hash);

-- The faults and unusual values of a file, in the order of its rows: the first ones, if there are very many.
CREATE TABLE import_faults (
    import_id INTEGER NOT NULL REFERENCES imports (id),
    seq INTEGER NOT NULL,
    row_no INTEGER NOT NULL,
    line_no INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    place INTEGER NOT NULL,
    code TEXT NOT NULL,
    low TEXT NOT NULL,
    high TEXT NOT NULL,
    found TEXT NOT NULL,
    suggestion TEXT,
    PRIMARY KEY (import_id, seq)
);
CREATE INDEX import_faults_of_code ON import_faults (import_id, code, seq);

-- The import that brought a reading, and the row of the file.
ALTER TABLE vital_signs ADD COLUMN import_id INTEGER REFERENCES imports (id);
ALTER TABLE vital_signs ADD COLUMN import_row INTEGER;
CREATE INDEX vital_signs_of_import ON vital_signs (import_id, import_row) WHERE import_id IS NOT NULL;
