-- What goes when, in the stated order. Each statement touches a bounded number of rows and finds them by an index.

-- name: body_bytes
SELECT coalesce(sum(size), 0) FROM bodies INDEXED BY bodies_seen;

-- name: old_bodies
-- A pinned story keeps its texts.
SELECT b.rowid, b.size FROM bodies b INDEXED BY bodies_seen
    JOIN articles a ON a.n = b.n LEFT JOIN stories s ON s.id = a.story_id
WHERE b.seen_at < ? AND coalesce(s.pinned, 0) = 0 ORDER BY b.seen_at LIMIT ?;

-- name: soonest_reads
-- What a clock that was ahead planned so late that no step of the schedule can be meant.
UPDATE articles SET reread_at = :now WHERE n IN (
    SELECT n FROM articles INDEXED BY articles_again WHERE reread_at > :beyond LIMIT :limit
);

-- name: body_marks
SELECT coalesce(max(rowid), 0) FROM bodies;

-- name: date_bodies
-- Taken in while a clock was behind: no older than the newsroom that took them in.
UPDATE bodies SET seen_at = :since WHERE rowid IN (
    SELECT rowid FROM bodies INDEXED BY bodies_seen WHERE seen_at < :cutoff AND rowid > :body LIMIT :limit
);

-- name: drop_body
DELETE FROM bodies WHERE rowid = ?;

-- name: drop_hosts
DELETE FROM hosts WHERE rowid IN (SELECT rowid FROM hosts INDEXED BY hosts_at WHERE at < ? LIMIT ?);

-- name: month_has_body
SELECT EXISTS (
    SELECT 1 FROM bodies b JOIN articles a ON a.n = b.n LEFT JOIN stories s ON s.id = a.story_id
    WHERE b.n >= ? AND b.n < ? AND coalesce(s.pinned, 0) = 0
);

-- name: quiet_stories
SELECT id FROM stories INDEXED BY stories_signals
WHERE state = 'asleep' AND has_signals = 1 AND number <= ? ORDER BY number LIMIT ?;

-- name: drop_signals_of_story
DELETE FROM signals WHERE n IN (SELECT n FROM articles WHERE story_id = ?);

-- name: has_no_signals
UPDATE stories SET has_signals = 0 WHERE id = ?;

-- name: last_old_update
-- The oldest come first, so the limit bounds the work; only what the snapshot holds may go. One that follows on one that
-- is not old is not old either, whatever its clock said.
SELECT coalesce(min(number) FILTER (WHERE at >= :cutoff OR number > :last) - 1, max(number))
FROM (SELECT number, at FROM updates ORDER BY number LIMIT :limit);

-- name: drop_updates
DELETE FROM updates WHERE number <= ?;

-- name: last_old_input
SELECT coalesce(min(number) FILTER (WHERE at >= :cutoff OR number > :last) - 1, max(number))
FROM (SELECT number, at FROM inputs ORDER BY number LIMIT :limit);

-- name: drop_inputs
DELETE FROM inputs WHERE number <= ?;

-- name: old_stories
SELECT id FROM stories INDEXED BY stories_asleep
WHERE state = 'asleep' AND updated_at < ? AND pinned = 0 AND number <= ? ORDER BY updated_at LIMIT ?;

-- name: reduce_story
-- Id, headline and language stay: a link to it is answered for ever.
UPDATE stories SET state = 'forgotten', articles = 0, head = NULL, importance_key = 0 WHERE id = ?;

-- name: drop_links_of
DELETE FROM story_links WHERE story_id = ?;

-- name: drop_apart_of
DELETE FROM stories_apart WHERE story_id = :id OR other_id = :id;

-- name: articles_of
SELECT id FROM articles WHERE story_id = ?;

-- name: drop_article
DELETE FROM articles WHERE id = ?;

-- name: drop_aliases
DELETE FROM url_aliases WHERE article_id = ?;

-- name: drop_entry
DELETE FROM entries WHERE id = ?;

-- name: old_refused
-- One whose article went out without its page goes with the article.
SELECT id FROM entries INDEXED BY entries_refused
WHERE state = 2 AND seen_at < ? AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = entries.id) LIMIT ?;
