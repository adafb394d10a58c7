-- Full text search: one FTS5 table a month of placed_at, tokens only (contentless), the row id is the article's number.

-- name: months
SELECT month FROM search_months ORDER BY month DESC;

-- name: add_month
INSERT INTO search_months (month) VALUES (?);

-- name: drop_month
DELETE FROM search_months WHERE month = ?;

-- name: create
CREATE VIRTUAL TABLE search_{month} USING fts5 (
    tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- name: drop
DROP TABLE search_{month};

-- name: put
INSERT INTO search_{month} (rowid, tokens) VALUES (?, ?);

-- name: take_out
DELETE FROM search_{month} WHERE rowid = ?;

-- name: replace
INSERT OR REPLACE INTO search_{month} (rowid, tokens) VALUES (?, ?);

-- name: words_table
CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_{month} USING fts5vocab (main, search_{month}, row);

-- name: words
SELECT term FROM temp.words_{month} WHERE term >= ? AND term < ? LIMIT ?;
