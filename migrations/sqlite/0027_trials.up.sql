-- Clinical studies: who takes part in one as what, its subjects, and the audit trail of it all.
-- Times are microseconds since 1970, UTC.

CREATE TABLE studies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL CHECK (code <> ''),
    title TEXT NOT NULL CHECK (title <> ''),
    status TEXT NOT NULL CHECK (status IN ('planned', 'open', 'closed')),
    planned INTEGER CHECK (planned > 0),
    version INTEGER NOT NULL DEFAULT 1,
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT studies_code_key UNIQUE (code)
);

-- last_ordinal is the last number given to a subject. It is counted up in the transaction that registers the
-- subject, so that no number is left out or given twice.
CREATE TABLE study_sites (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    study_id INTEGER NOT NULL REFERENCES studies (id),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL,
    last_ordinal INTEGER NOT NULL DEFAULT 0 CHECK (last_ordinal >= 0),
    CONSTRAINT study_sites_code_key UNIQUE (study_id, code)
);

CREATE TABLE study_arms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    study_id INTEGER NOT NULL REFERENCES studies (id),
    name TEXT NOT NULL CHECK (name <> ''),
    CONSTRAINT study_arms_name_key UNIQUE (study_id, name)
);

CREATE TABLE study_members (
    study_id INTEGER NOT NULL REFERENCES studies (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('coordinator', 'monitor', 'auditor')),
    since INTEGER NOT NULL,
    PRIMARY KEY (study_id, user_id)
);
CREATE INDEX study_members_of_user ON study_members (user_id, study_id);

-- The name is sealed: the program opens it for those who may know it, and nobody reads it here.
CREATE TABLE subjects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    study_id INTEGER NOT NULL REFERENCES studies (id),
    site_id INTEGER NOT NULL REFERENCES study_sites (id),
    ordinal INTEGER NOT NULL CHECK (ordinal > 0),
    number TEXT NOT NULL CHECK (number <> ''),
    sealed_name TEXT NOT NULL CHECK (sealed_name <> ''),
    age INTEGER NOT NULL CHECK (age BETWEEN 1 AND 120),
    sex TEXT NOT NULL CHECK (sex IN ('female', 'male', 'other', 'unknown')),
    arm_id INTEGER REFERENCES study_arms (id),
    status TEXT NOT NULL CHECK (status IN ('screened', 'enrolled', 'completed', 'withdrawn')),
    enrolled_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT subjects_number_key UNIQUE (number),
    CONSTRAINT subjects_ordinal_key UNIQUE (site_id, ordinal)
);
CREATE INDEX subjects_of_study ON subjects (study_id, id);
CREATE INDEX subjects_of_status ON subjects (study_id, status, id);

-- The length and the last hash of each study's audit trail; chain 0 records which studies there are.
CREATE TABLE audit_chains (
    id INTEGER PRIMARY KEY,
    length INTEGER NOT NULL DEFAULT 0,
    hash TEXT NOT NULL DEFAULT ''
);
INSERT INTO audit_chains (id) VALUES (0);

-- One change of one field. The hash is of the row's values and the hash before it.
CREATE TABLE audit_entries (
    chain_id INTEGER NOT NULL REFERENCES audit_chains (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    at INTEGER NOT NULL,
    user_id INTEGER REFERENCES users (id),
    record TEXT NOT NULL,
    field TEXT NOT NULL,
    old TEXT,
    new TEXT,
    reason TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (chain_id, seq)
) WITHOUT ROWID;
CREATE INDEX audit_entries_of_record ON audit_entries (chain_id, record, seq);

CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'what the audit trail says stays as it is'); END;
CREATE TRIGGER audit_entries_are_kept BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'what the audit trail says is kept'); END;
