-- Work that one server does for all: the token of its last holder, which the database checks before it commits
-- anything of that work, and the time before which nobody need do it again.
CREATE TABLE locks (
    name TEXT PRIMARY KEY,
    token BIGINT NOT NULL,
    due_at BIGINT NOT NULL
);
