DROP TABLE stock_adjustments;
DROP TABLE pictures;
DROP TABLE product_search;
DROP TABLE products;
DROP TABLE categories;
