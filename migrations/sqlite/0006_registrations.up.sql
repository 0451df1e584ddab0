-- Every account asked for, for the throttle. Forgotten after ninety days.
CREATE TABLE registrations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX registrations_of_address ON registrations (address, at);
