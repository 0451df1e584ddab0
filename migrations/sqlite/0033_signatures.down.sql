DROP TABLE visit_signatures;
