-- The one form of each address, by which it is found in whatever spelling it was stored. The program
-- makes it (server::reindex). Not unique: of before there may be several spellings of one.
ALTER TABLE users ADD COLUMN email_key TEXT NOT NULL DEFAULT '';
CREATE INDEX users_by_email_key ON users (email_key);
