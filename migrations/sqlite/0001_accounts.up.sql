-- People, how they sign in, and what keeps them signed in.
-- Times are microseconds since 1970, UTC.

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('customer', 'staff', 'admin')),
    active BOOLEAN NOT NULL DEFAULT TRUE,
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT users_email_key UNIQUE (email)
);

-- A browser's session. The id is a hash: who reads this table cannot take a session over.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id INTEGER REFERENCES users (id) ON DELETE CASCADE,
    data TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id, seen_at);
CREATE INDEX sessions_expired ON sessions (expires_at);

-- One sign-in of an API client. Its refresh tokens follow one another; one used twice ends them all.
CREATE TABLE token_families (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
);
CREATE INDEX token_families_of_user ON token_families (user_id);

CREATE TABLE refresh_tokens (
    hash TEXT PRIMARY KEY,
    family_id INTEGER NOT NULL REFERENCES token_families (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
);
CREATE INDEX refresh_tokens_of_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_expired ON refresh_tokens (expires_at);

-- Every try to sign in, for the throttle. Forgotten after ninety days.
CREATE TABLE sign_in_attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    succeeded BOOLEAN NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX sign_in_attempts_of_account ON sign_in_attempts (account, at);
CREATE INDEX sign_in_attempts_of_address ON sign_in_attempts (address, at);
