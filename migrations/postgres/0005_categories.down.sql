DROP INDEX products_of_category;
DROP INDEX categories_by_position;
ALTER TABLE categories DROP COLUMN version;
