DROP TABLE sign_in_attempts;
DROP TABLE refresh_tokens;
DROP TABLE token_families;
DROP TABLE sessions;
DROP TABLE users;
