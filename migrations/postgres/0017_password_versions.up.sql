-- Another number with each new password, so that what the one before was about to open stays closed.
ALTER TABLE users ADD COLUMN password_version BIGINT NOT NULL DEFAULT 1;
-- Whether the answer to the token was given a second time, because the first was lost.
ALTER TABLE refresh_tokens ADD COLUMN repeated BOOLEAN NOT NULL DEFAULT FALSE;
