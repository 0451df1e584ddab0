-- The network of 48 bits around an IPv6 address, which a provider gives to one customer; empty for IPv4.
-- The address itself is written as its network of 64 bits, since its holder has all of them.
ALTER TABLE sign_in_attempts ADD COLUMN wide TEXT NOT NULL DEFAULT '';
CREATE INDEX sign_in_attempts_of_wide ON sign_in_attempts (wide, at) WHERE wide <> '';
ALTER TABLE registrations ADD COLUMN wide TEXT NOT NULL DEFAULT '';
CREATE INDEX registrations_of_wide ON registrations (wide, at) WHERE wide <> '';
