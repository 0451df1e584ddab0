DROP TABLE product_names;

ALTER TABLE order_items DROP COLUMN name_translations;

ALTER TABLE boards DROP COLUMN name_translations;
ALTER TABLE boards DROP COLUMN language;

ALTER TABLE categories DROP COLUMN name_translations;
ALTER TABLE categories DROP COLUMN language;

ALTER TABLE products DROP COLUMN picture_alt_translations;
ALTER TABLE products DROP COLUMN description_translations;
ALTER TABLE products DROP COLUMN name_translations;
ALTER TABLE products DROP COLUMN language;
