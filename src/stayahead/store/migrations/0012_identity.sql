-- What tells an entry in its feed whatever its address is; of what was stored before, as far as its article says it.

ALTER TABLE entries ADD COLUMN name TEXT;
UPDATE entries SET name = name_of(feed_url, entry, (SELECT a.about FROM articles a WHERE a.id = entries.id));
-- Without an id and a time: its title and its address, without what all addresses have that came with it.
UPDATE entries SET name = steady_name_of(
    feed_url,
    (SELECT a.about FROM articles a WHERE a.id = entries.id),
    (
        SELECT json_group_array(a.url) FROM entries o INDEXED BY entries_seen JOIN articles a ON a.id = o.id
        WHERE o.seen_at = entries.seen_at AND o.feed_url = entries.feed_url
    )
)
WHERE name IS NULL AND EXISTS (SELECT 1 FROM articles a WHERE a.id = entries.id AND a.url LIKE '%?%');
CREATE INDEX entries_name ON entries (name) WHERE name IS NOT NULL;

ALTER TABLE feeds ADD COLUMN whole_at INTEGER;
ALTER TABLE feeds ADD COLUMN last_new_at INTEGER;
ALTER TABLE feeds ADD COLUMN identity_rules INTEGER NOT NULL DEFAULT 1;

-- What a feed listed when it last brought something new: ids and names, 10 bytes each. So an entry whose row was
-- forgotten while it was listed is no news.
CREATE TABLE feed_lists (
    feed_url TEXT PRIMARY KEY REFERENCES feeds (url) ON DELETE CASCADE,
    keys BLOB NOT NULL
) STRICT, WITHOUT ROWID;
