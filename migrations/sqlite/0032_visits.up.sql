-- The visits that a study plans for each of its subjects: on a day after enrolment, which is day 0, or within a window of
-- days around it. Days are those of UTC.

CREATE TABLE study_visits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    study_id INTEGER NOT NULL REFERENCES studies (id),
    name TEXT NOT NULL CHECK (name <> ''),
    day INTEGER NOT NULL CHECK (day >= 0),
    days_before INTEGER NOT NULL CHECK (days_before BETWEEN 0 AND day),
    days_after INTEGER NOT NULL CHECK (days_after >= 0),
    CONSTRAINT study_visits_name_key UNIQUE (study_id, name),
    CONSTRAINT study_visits_day_key UNIQUE (study_id, day)
);
