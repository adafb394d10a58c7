-- Feeds, publishers and entries: what is watched, and how it does.

-- name: feed
url, title, sections, etag, last_modified, own_title, next_poll_at, last_polled_at, last_ok_at, failures,
failing_since, error, status, gone, entries, ttl_s, parts, moved_to, moved_since, whole_at, last_new_at,
identity_rules, waiting, intake_left,
(SELECT json_group_array(d.domain ORDER BY d.domain) FROM feed_domains d WHERE d.feed_url = feeds.url)

-- name: feeds
SELECT @feed@ FROM feeds ORDER BY url;

-- name: known_feeds
SELECT url FROM feeds WHERE url IN (SELECT value FROM json_each(?));

-- name: put_feed
-- Adding a feed that is known changes its title and sections only, and those not to nothing; one that its site said is
-- gone is asked again, from now on.
INSERT INTO feeds (url, title, sections) VALUES (?, ?, ?)
ON CONFLICT (url) DO UPDATE SET
    title = iif(excluded.title = '', title, excluded.title),
    sections = iif(excluded.sections = '[]', sections, excluded.sections),
    next_poll_at = iif(gone, NULL, next_poll_at), gone = 0;

-- name: drop_feed_domains
DELETE FROM feed_domains WHERE feed_url = ?;

-- name: remove_feed
DELETE FROM feeds WHERE url = ? RETURNING url;

-- name: publishers
SELECT domain, name, owner, country, language, kind FROM publishers ORDER BY domain;

-- name: put_publisher
INSERT INTO publishers (domain, name, owner, country, language, kind) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (domain) DO UPDATE SET name = excluded.name, owner = excluded.owner, country = excluded.country,
    language = excluded.language, kind = excluded.kind;

-- name: known
-- The second id stands where the alias stands in `known_by_alias`, so that one loop reads both.
SELECT e.id, e.id, e.digest, e.state, e.feed_url, e.is_foreign, p.read_at, coalesce(a.removed, ''), e.name FROM entries e
    LEFT JOIN articles a ON a.id = e.id LEFT JOIN page_states p ON p.n = a.n
WHERE e.id IN (SELECT value FROM json_each(?));

-- name: known_by_alias
-- Newest first: of two articles with one address the older is read last, and what is read last counts.
SELECT x.url_id, e.id, e.digest, e.state, e.feed_url, e.is_foreign, p.read_at, coalesce(a.removed, ''), e.name
FROM url_aliases x JOIN entries e ON e.id = x.article_id
    LEFT JOIN articles a ON a.id = e.id LEFT JOIN page_states p ON p.n = a.n
WHERE x.url_id IN (SELECT value FROM json_each(?)) ORDER BY x.rowid DESC;

-- name: known_by_name
-- Newest first, as above: where earlier rules made many articles of one entry, its first goes on.
SELECT e.name, e.id, e.digest, e.state, e.feed_url, e.is_foreign, p.read_at, coalesce(a.removed, ''), e.name
FROM entries e INDEXED BY entries_name LEFT JOIN articles a ON a.id = e.id LEFT JOIN page_states p ON p.n = a.n
WHERE e.name IN (SELECT value FROM json_each(?)) AND e.name IS NOT NULL ORDER BY e.rowid DESC;

-- name: known_by_second_name
SELECT e.second_name, e.id, e.digest, e.state, e.feed_url, e.is_foreign, p.read_at, coalesce(a.removed, ''), e.name
FROM entries e INDEXED BY entries_second_name LEFT JOIN articles a ON a.id = e.id LEFT JOIN page_states p ON p.n = a.n
WHERE e.second_name IN (SELECT value FROM json_each(?)) AND e.second_name IS NOT NULL ORDER BY e.rowid DESC;

-- name: wanted
-- Newest first: after a pause readers get today's news before what was missed. The index holds these rows alone.
SELECT id, feed_url, digest, reason, tries, next_try_at, seen_at, backfill, is_foreign, entry
FROM entries INDEXED BY entries_wanted WHERE state = 0 ORDER BY seen_at DESC, feed_url DESC, rowid DESC LIMIT ?;

-- name: wanted_entry
SELECT id, feed_url, digest, reason, tries, next_try_at, seen_at, backfill, is_foreign, entry
FROM entries WHERE id = ? AND state = 0;

-- name: host_record
SELECT record FROM hosts WHERE host = ?;

-- name: health
SELECT @feed@, publisher_name FROM feeds ORDER BY failures > 0 OR gone DESC, url;

-- name: articles_from
-- Oldest first, by an index that holds the feed's address.
SELECT id FROM articles INDEXED BY articles_seen
WHERE seen_at > :after AND feed_url = :url AND removed = '' ORDER BY seen_at;

-- name: same_elsewhere
-- What other feeds brought under another address, and what that was known to be.
SELECT reason FROM entries INDEXED BY entries_refused WHERE state = 2 AND seen_at > :after AND feed_url <> :url;

-- name: articles_since
SELECT feed_url, count(*) FROM articles INDEXED BY articles_seen WHERE seen_at > ? GROUP BY feed_url;

-- name: wanted_by_feed
SELECT feed_url, count(*) FROM entries INDEXED BY entries_wanted WHERE state = 0 GROUP BY feed_url;

-- name: refused_since
-- In the order in which they were refused: the last reason of each feed is shown.
SELECT feed_url, reason FROM entries INDEXED BY entries_refused WHERE state = 2 AND seen_at > ? ORDER BY seen_at, rowid;
