-- The words of removed articles, on their way into `withheld` and back. Every column that a removal blanks stands here.

-- name: article
SELECT url, title, language, author, image, lede, about, claims, reread_at FROM articles WHERE n = ?;

-- name: put_back_article
UPDATE articles SET url = ?, title = ?, language = ?, author = ?, image = ?, lede = ?, about = ?, claims = ?,
    reread_at = ?
WHERE n = ?;

-- name: entry
SELECT state, reason, next_try_at, entry FROM entries WHERE id = (SELECT id FROM articles WHERE n = ?);

-- name: put_back_entry
UPDATE entries SET state = ?, reason = ?, next_try_at = ?, entry = ? WHERE id = (SELECT id FROM articles WHERE n = ?);

-- name: bodies
SELECT revision, seen_at, size, body, read_at FROM bodies WHERE n = ?;

-- name: put_back_bodies
INSERT INTO bodies (revision, seen_at, size, body, read_at, n) VALUES (?, ?, ?, ?, ?, ?);

-- name: signals
SELECT revision, signals, voice FROM signals WHERE n = ?;

-- name: put_back_signals
INSERT INTO signals (revision, signals, voice, n) VALUES (?, ?, ?, ?);

-- name: analyses
SELECT revision, versions, claims FROM analyses WHERE n = ?;

-- name: put_back_analyses
INSERT INTO analyses (revision, versions, claims, n) VALUES (?, ?, ?, ?);

-- name: page_states
SELECT url, etag, last_modified, text_digest, reads, read_at, is_asked, failures, reason FROM page_states WHERE n = ?;

-- name: put_back_page_states
INSERT INTO page_states (url, etag, last_modified, text_digest, reads, read_at, is_asked, failures, reason, n)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: put
-- Should a removal be told twice, there is nothing left to pack: the first time counts.
INSERT INTO withheld (n, until, number, words) VALUES (?, ?, ?, ?) ON CONFLICT (n) DO NOTHING;

-- name: removed
-- Asked here once more whether it is removed: what is there already is not overwritten.
SELECT n, voice FROM articles WHERE id = ? AND removed <> '';

-- name: put_signals
-- Made anew, where its story had slept and they were forgotten.
INSERT INTO signals (n, revision, signals, voice) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- name: drop
DELETE FROM withheld WHERE n = ?;

-- name: drop_of
DELETE FROM withheld WHERE n = (SELECT n FROM articles WHERE id = ?);

-- name: found
SELECT a.id, v.publisher, a.feed_url, a.revision, a.seen_at, a.placed_at, a.backfill, w.until, w.words
FROM articles a JOIN withheld w ON w.n = a.n JOIN voices v ON v.n = a.voice WHERE a.id = ?;

-- name: date_withheld
-- Removed while a clock was behind, by this newsroom: no older than it is.
UPDATE withheld SET until = :until WHERE n IN (
    SELECT n FROM withheld INDEXED BY withheld_until WHERE until <= :now AND number > :opened LIMIT :limit
);

-- name: soonest_ends
-- Removed while a clock was ahead.
UPDATE withheld SET until = :latest WHERE n IN (
    SELECT n FROM withheld INDEXED BY withheld_until WHERE until > :latest LIMIT :limit
);

-- name: drop_old
DELETE FROM withheld WHERE n IN (SELECT n FROM withheld INDEXED BY withheld_until WHERE until <= ? LIMIT ?);
