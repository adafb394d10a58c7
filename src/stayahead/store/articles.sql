-- Articles as they are read.

-- name: article
-- Without its body (forgotten) an article has no text, and all the rest.
SELECT a.id, a.url, v.publisher, a.feed_url, a.revision, a.seen_at, a.placed_at, a.backfill, a.about, b.body
FROM articles a JOIN voices v ON v.n = a.voice LEFT JOIN bodies b ON b.n = a.n AND b.revision = a.revision
WHERE a.id = ? AND a.removed = '';

-- name: article_at
-- Who spoke then decided then: in another revision it may be another one.
SELECT a.id, a.url, v.publisher, a.feed_url, :revision, a.seen_at, a.placed_at, a.backfill, a.about, b.body
FROM articles a LEFT JOIN signals s ON s.n = a.n AND s.revision = :revision
    JOIN voices v ON v.n = coalesce(s.voice, a.voice) LEFT JOIN bodies b ON b.n = a.n AND b.revision = :revision
WHERE a.id = :id AND a.revision >= :revision;

-- name: gone
SELECT id, removed FROM articles WHERE id = ? AND removed <> '';

-- name: story_of
SELECT story_id FROM articles WHERE id = ?;

-- name: has_removed
SELECT EXISTS (SELECT 1 FROM articles INDEXED BY articles_removed WHERE removed <> '');

-- name: removed_among
-- The partial index holds the removed articles alone, which are few or none: no page pays for the question.
SELECT id FROM articles INDEXED BY articles_removed WHERE removed <> '' AND id IN (SELECT value FROM json_each(?));

-- name: signals_at
SELECT s.signals FROM articles a JOIN signals s ON s.n = a.n WHERE a.id = ? AND s.revision = ?;

-- name: row_columns
a.id, a.url, a.title, v.publisher, a.placed_at, a.seen_at, a.revision, a.language, a.author, a.image, a.lede,
CASE WHEN a.copy_of <> '' AND EXISTS (
    SELECT 1 FROM articles o WHERE o.id = a.copy_of AND o.story_id = a.story_id
) THEN a.copy_of ELSE '' END,
a.is_origin, a.backfill, a.claims

-- name: row
SELECT @row_columns@ FROM articles a JOIN voices v ON v.n = a.voice WHERE a.id = ? AND a.story_id = ?;

-- name: first_row
SELECT @row_columns@ FROM articles a JOIN voices v ON v.n = a.voice
WHERE a.story_id = ? ORDER BY a.placed_at, a.id LIMIT 1;

-- name: story_rows
SELECT @row_columns@ FROM articles a JOIN voices v ON v.n = a.voice WHERE a.story_id = ? ORDER BY a.placed_at, a.id;

-- name: story_page
SELECT @row_columns@ FROM articles a JOIN voices v ON v.n = a.voice
WHERE a.story_id = :id AND (a.placed_at, a.id) < (:placed_at, :before) ORDER BY a.placed_at DESC, a.id DESC LIMIT :limit;

-- name: copies_nothing
-- Of its own story, that is.
a.copy_of = '' OR NOT EXISTS (SELECT 1 FROM articles o WHERE o.id = a.copy_of AND o.story_id = a.story_id)

-- name: reports
-- Those that copy nothing, among so many of the newest: one of which everything is a copy is not read to its end. The
-- inner query is the outer loop, so its order is that of the answer.
SELECT @row_columns@
FROM (SELECT n FROM articles WHERE story_id = :id ORDER BY placed_at DESC, id DESC LIMIT :read) newest
    CROSS JOIN articles a ON a.n = newest.n JOIN voices v ON v.n = a.voice
WHERE @copies_nothing@ LIMIT :limit;

-- name: origins
-- By the index alone, however many copies stand between them.
SELECT @row_columns@
FROM (
    SELECT n FROM articles WHERE story_id = :id AND is_origin = 1 ORDER BY placed_at DESC, id DESC LIMIT :limit
) newest
    CROSS JOIN articles a ON a.n = newest.n JOIN voices v ON v.n = a.voice
WHERE @copies_nothing@;

-- name: story_claims
SELECT c.claims, @row_columns@
FROM articles a JOIN voices v ON v.n = a.voice LEFT JOIN analyses c ON c.n = a.n AND c.revision = a.revision
WHERE a.story_id = ? ORDER BY a.placed_at DESC, a.id DESC LIMIT ?;

-- name: story_witnesses
-- By what decided: the signals of the revision that the article has.
SELECT c.claims, s.signals, a.about, @row_columns@
FROM articles a JOIN voices v ON v.n = a.voice LEFT JOIN analyses c ON c.n = a.n AND c.revision = a.revision
    LEFT JOIN signals s ON s.n = a.n AND s.revision = a.revision
WHERE a.story_id = ? ORDER BY a.placed_at DESC, a.id DESC LIMIT ?;

-- name: arrivals
SELECT placed_at FROM articles WHERE story_id = ? AND is_origin = 1 ORDER BY placed_at DESC LIMIT ?;

-- name: search
-- From the hits to their rows, in this order: SQLite would otherwise start at the stories and ask the index for each.
SELECT f.rowid, s.id, s.headline, @row_columns@
FROM search_{month} f CROSS JOIN articles a ON a.n = f.rowid
    JOIN voices v ON v.n = a.voice JOIN stories s ON s.id = a.story_id
WHERE f.search_{month} MATCH ? AND f.rowid < ? ORDER BY f.rowid DESC;
