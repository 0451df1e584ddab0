-- Texts in several languages: as they were first entered, and their translations as a JSON object from
-- language to text. language is the one they were first entered in, where that was noted.

ALTER TABLE products ADD COLUMN language TEXT;
ALTER TABLE products ADD COLUMN name_translations TEXT NOT NULL DEFAULT '{}';
ALTER TABLE products ADD COLUMN description_translations TEXT NOT NULL DEFAULT '{}';
ALTER TABLE products ADD COLUMN picture_alt_translations TEXT NOT NULL DEFAULT '{}';

ALTER TABLE categories ADD COLUMN language TEXT;
ALTER TABLE categories ADD COLUMN name_translations TEXT NOT NULL DEFAULT '{}';

ALTER TABLE boards ADD COLUMN language TEXT;
ALTER TABLE boards ADD COLUMN name_translations TEXT NOT NULL DEFAULT '{}';

-- As they were when it was ordered.
ALTER TABLE order_items ADD COLUMN name_translations TEXT NOT NULL DEFAULT '{}';

-- What the products of a page in each language are sorted by. The rows of a product are written with it, and
-- have its category so that a category's list can walk an index too.
CREATE TABLE product_names (
    product_id BIGINT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    category_id BIGINT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (product_id, language)
);
CREATE INDEX product_names_by_name ON product_names (language, name_key, product_id);
CREATE INDEX product_names_of_category_by_name ON product_names (language, category_id, name_key, product_id);
