-- The bad rows of imported files, to be mended: the texts that were found, and the import that mended them.

CREATE TABLE import_bad_rows (
    import_id BIGINT NOT NULL REFERENCES imports (id),
    row_no BIGINT NOT NULL,
    cells TEXT NOT NULL,
    raw TEXT NOT NULL,
    mended_by BIGINT REFERENCES imports (id),
    PRIMARY KEY (import_id, row_no)
);
CREATE INDEX import_bad_rows_of_mender ON import_bad_rows (mended_by) WHERE mended_by IS NOT NULL;

-- The minutes that times without an offset were taken to be ahead of UTC.
ALTER TABLE imports ADD COLUMN ahead BIGINT;
