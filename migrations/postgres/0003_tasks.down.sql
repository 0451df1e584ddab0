DROP TABLE task_labels;
DROP TABLE tasks;
DROP TABLE board_columns;
DROP TABLE boards;
