ALTER TABLE refresh_tokens DROP COLUMN repeated;
ALTER TABLE users DROP COLUMN password_version;
