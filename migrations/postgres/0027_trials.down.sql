DROP TABLE audit_entries;
DROP TABLE audit_chains;
DROP TABLE subjects;
DROP TABLE study_members;
DROP TABLE study_arms;
DROP TABLE study_sites;
DROP TABLE studies;
DROP FUNCTION refuse_change_of_audit;
