-- Addresses that mail goes to, as they stand in users. Until their owner or staff have said that they are
-- right, one mail goes there and no other: the one about the event first_seq, with a link whose token has
-- this hash.
CREATE TABLE mail_addresses (
    address TEXT PRIMARY KEY,
    first_seq INTEGER,
    token_hash TEXT,
    confirmed_at INTEGER,
    created_at INTEGER NOT NULL,
    CONSTRAINT mail_addresses_token_key UNIQUE (token_hash)
);
-- Who has an account already was written to before.
INSERT INTO mail_addresses (address, confirmed_at, created_at)
    SELECT email, created_at, created_at FROM users;

-- What went where of late, so that nobody is flooded.
CREATE TABLE mails_sent (
    address TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (address, seq)
);
CREATE INDEX mails_sent_by_age ON mails_sent (at);
