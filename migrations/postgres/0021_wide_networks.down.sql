DROP INDEX registrations_of_wide;
ALTER TABLE registrations DROP COLUMN wide;
DROP INDEX sign_in_attempts_of_wide;
ALTER TABLE sign_in_attempts DROP COLUMN wide;
