-- Columns where a card is so near the end of what can be stored that there is no room beside it: their
-- cards are placed anew, in the order they have. No place so far away is taken any more.
UPDATE tasks SET position = ranked.place * 1048576
FROM (
    SELECT id AS ranked_id,
           ROW_NUMBER() OVER (PARTITION BY board_id, status ORDER BY position, id) AS place
    FROM tasks
    WHERE (board_id, status) IN (
        SELECT board_id, status FROM tasks
        WHERE position NOT BETWEEN -9007199254740991 AND 9007199254740991
    )
) AS ranked
WHERE tasks.id = ranked.ranked_id;
