-- The language that somebody chose for good, where they did.
ALTER TABLE users ADD COLUMN language TEXT CHECK (language IN ('en', 'zh-CN'));
