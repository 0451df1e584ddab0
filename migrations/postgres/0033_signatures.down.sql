DROP TABLE visit_signatures;
DROP FUNCTION refuse_change_of_signatures;
