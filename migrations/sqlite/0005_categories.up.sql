-- Staff keep the categories. The version counts the changes, so that nobody saves over another's unseen.
ALTER TABLE categories ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE INDEX categories_by_position ON categories (position, id);

-- How many products a category holds, and how many of them are for sale.
CREATE INDEX products_of_category ON products (category_id, active);
