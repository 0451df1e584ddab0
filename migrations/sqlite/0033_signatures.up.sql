-- The signatures of subjects' visits. A visit is known by its name, as it was: one that is taken out of the plan keeps its
-- signatures, and one that is planned again under its name has them back. content_hash is of what was signed.

CREATE TABLE visit_signatures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    study_id INTEGER NOT NULL REFERENCES studies (id),
    subject_id INTEGER NOT NULL REFERENCES subjects (id),
    visit TEXT NOT NULL CHECK (visit <> ''),
    user_id INTEGER NOT NULL REFERENCES users (id),
    signer TEXT NOT NULL CHECK (signer <> ''),
    meaning TEXT NOT NULL CHECK (meaning IN ('review', 'responsibility', 'approval')),
    signed_at INTEGER NOT NULL,
    content_hash TEXT NOT NULL CHECK (LENGTH(content_hash) = 64)
);
CREATE INDEX visit_signatures_of_subject ON visit_signatures (subject_id, id);
CREATE INDEX visit_signatures_of_visit ON visit_signatures (subject_id, visit, id);

CREATE TRIGGER visit_signatures_stay BEFORE UPDATE ON visit_signatures
BEGIN SELECT RAISE(ABORT, 'a signature stays as it is'); END;
CREATE TRIGGER visit_signatures_are_kept BEFORE DELETE ON visit_signatures
BEGIN SELECT RAISE(ABORT, 'a signature is kept'); END;
