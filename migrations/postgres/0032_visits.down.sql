DROP TABLE study_visits;
