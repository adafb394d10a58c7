-- What feeds list: one blob each, written when something new is listed.

-- name: list
SELECT keys FROM feed_lists WHERE feed_url = ?;

-- name: lists_of_others
-- By the primary key, before and after it.
SELECT keys FROM feed_lists WHERE feed_url < ?1 UNION ALL SELECT keys FROM feed_lists WHERE feed_url > ?1;

-- name: put_list
INSERT INTO feed_lists (keys, feed_url) SELECT ?, url FROM feeds WHERE url = ?
ON CONFLICT (feed_url) DO UPDATE SET keys = excluded.keys;
