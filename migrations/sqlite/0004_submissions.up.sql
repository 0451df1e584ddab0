-- What was made by a request that may come twice: the second time it answers with the first's.
CREATE TABLE submissions (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    result_id INTEGER,
    at INTEGER NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX submissions_by_age ON submissions (at);
