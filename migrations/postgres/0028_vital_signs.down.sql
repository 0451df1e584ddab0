DROP TABLE study_ranges;
DROP TABLE vital_signs;
