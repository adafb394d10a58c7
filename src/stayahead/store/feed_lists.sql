-- What feeds list: one blob each, written when something new is listed.

-- name: list
SELECT keys FROM feed_lists WHERE feed_url = ?;

-- name: put_list
INSERT INTO feed_lists (keys, feed_url) SELECT ?, url FROM feeds WHERE url = ?
ON CONFLICT (feed_url) DO UPDATE SET keys = excluded.keys;
