-- Places within the bounds are right without them, too.
SELECT 1;
