-- Pages that are read again, and the revisions that came of it.
-- `weighty` is what the index stories_weighty holds, word for word, or SQLite would not use it. Its 3 is a lower bound,
-- owned by migration 0005; from how many origins on a story matters, the policy says (:origins).

-- name: put_page_state
-- Not of an article that was removed while its page was being read.
INSERT INTO page_states (n, url, etag, last_modified, text_digest, reads, read_at, is_asked, failures, reason)
SELECT n, :url, :etag, :last_modified, :text_digest, :reads, :read_at, :is_asked, :failures, :reason
FROM articles WHERE id = :id AND removed = ''
ON CONFLICT (n) DO UPDATE SET url = excluded.url, etag = excluded.etag, last_modified = excluded.last_modified,
    text_digest = excluded.text_digest, reads = excluded.reads, read_at = excluded.read_at,
    is_asked = excluded.is_asked, failures = excluded.failures, reason = excluded.reason;

-- name: put_next_read
UPDATE articles SET reread_at = :next_at WHERE id = :id;

-- name: ask_page
UPDATE page_states SET is_asked = 1 WHERE n = (SELECT n FROM articles WHERE id = ?);

-- name: ask_article
-- A page without a state is not ours to read again: its article's text is the feed's.
UPDATE articles SET reread_at = ? WHERE id = ? AND EXISTS (SELECT 1 FROM page_states p WHERE p.n = articles.n);

-- name: weighty
s.hidden = 0 AND s.state IN ('live', 'asleep') AND (s.pinned = 1 OR s.origins >= 3)

-- name: due_pages
-- Three ways to be due, each by an index of its own: a story that matters, one on the front page, a feed's wish. CROSS JOIN
-- keeps SQLite from starting at the articles. `turns` lets a publisher have only so many, the weightiest first.
WITH due (n, voice, pinned, weight) AS (
    SELECT a.n, a.voice, s.pinned, s.importance_key
    FROM stories s INDEXED BY stories_weighty
        CROSS JOIN articles a INDEXED BY articles_again ON a.story_id = s.id AND a.reread_at <= :now
    WHERE @weighty@ AND (s.pinned = 1 OR s.origins >= :origins) AND s.latest_at >= :since
    UNION
    SELECT a.n, a.voice, s.pinned, s.importance_key
    FROM json_each(:front) f CROSS JOIN stories s ON s.id = f.value
        CROSS JOIN articles a INDEXED BY articles_again ON a.story_id = s.id AND a.reread_at <= :now
    UNION
    SELECT a.n, a.voice, s.pinned, s.importance_key
    FROM (SELECT n FROM page_states INDEXED BY page_states_asked WHERE is_asked = 1 ORDER BY n DESC LIMIT :asked) wished
        CROSS JOIN articles a ON a.n = wished.n AND a.reread_at <= :now
        CROSS JOIN stories s ON s.id = a.story_id AND s.hidden = 0
),
turns AS (
    SELECT due.n, due.pinned, due.weight, row_number() OVER (
        PARTITION BY due.voice ORDER BY due.pinned DESC, due.weight DESC, a.placed_at DESC, a.id
    ) AS turn
    FROM due CROSS JOIN articles a ON a.n = due.n CROSS JOIN page_states p ON p.n = due.n
)
SELECT a.id, p.url, p.etag, p.last_modified, p.text_digest, p.reads, p.read_at, a.reread_at, p.is_asked, p.failures,
    p.reason
FROM turns CROSS JOIN articles a ON a.n = turns.n CROSS JOIN page_states p ON p.n = turns.n
WHERE turns.turn <= :each ORDER BY turns.pinned DESC, turns.weight DESC, a.placed_at DESC, a.id LIMIT :limit;

-- name: versions
-- A revision without a time of its own was read with its article.
SELECT a.id, a.url, v.publisher, a.feed_url, b.revision, a.seen_at, a.placed_at, a.backfill, a.about, b.body,
    coalesce(b.read_at, a.seen_at)
FROM articles a JOIN voices v ON v.n = a.voice JOIN bodies b ON b.n = a.n
WHERE a.id = ? AND b.revision < ? AND b.revision <= a.revision ORDER BY b.revision DESC LIMIT ?;

-- name: forget_page
DELETE FROM page_states WHERE n = (SELECT n FROM bodies WHERE rowid = ?);
