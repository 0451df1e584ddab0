DROP TABLE stock_adjustments;
DROP TABLE pictures;
DROP TABLE products;
DROP TABLE categories;
