-- Stories, updates and totals as they are read.

-- name: head
s.id, s.headline, s.state, s.number, s.head

-- name: count_fresh
SELECT count(*) FROM (
    SELECT 1 FROM stories INDEXED BY stories_fresh
    WHERE hidden = 0 AND state IN ('live', 'asleep') AND latest_at >= ? LIMIT ?
);

-- name: front_few
SELECT @head@ FROM stories s INDEXED BY stories_fresh
WHERE s.hidden = 0 AND s.state IN ('live', 'asleep') AND s.latest_at >= ?
ORDER BY s.pinned DESC, s.importance_key DESC, s.id LIMIT ? OFFSET ?;

-- name: front_many
SELECT @head@ FROM stories s INDEXED BY stories_front
WHERE s.hidden = 0 AND s.state IN ('live', 'asleep') AND s.latest_at >= ?
ORDER BY s.pinned DESC, s.importance_key DESC, s.id LIMIT ? OFFSET ?;

-- name: latest
SELECT @head@ FROM stories s INDEXED BY stories_number
WHERE s.number < ? AND s.hidden = 0 AND s.state = 'live' ORDER BY s.number DESC, s.id DESC LIMIT ?;

-- name: exported
SELECT @head@ FROM stories s WHERE s.number > ? OR (s.number = ? AND s.id > ?) ORDER BY s.number, s.id LIMIT ?;

-- name: story
SELECT @head@ FROM stories s WHERE s.id = ?;

-- name: alias
SELECT story_id FROM story_aliases WHERE alias = ?;

-- name: aliases
SELECT alias FROM story_aliases WHERE story_id = ? ORDER BY alias;

-- name: links
SELECT l.kind, s.id, s.headline, s.language, s.latest_at
FROM story_links l LEFT JOIN story_aliases x ON x.alias = l.other_id
    JOIN stories s ON s.id = coalesce(x.story_id, l.other_id)
WHERE l.story_id = :id AND s.hidden = 0 AND s.state IN ('live', 'asleep')
UNION ALL
SELECT iif(l.kind = 'follows', 'followed_by', l.kind), s.id, s.headline, s.language, s.latest_at
FROM (SELECT :id AS id UNION ALL SELECT alias FROM story_aliases WHERE story_id = :id) own
    CROSS JOIN story_links l ON l.other_id = own.id
    LEFT JOIN story_aliases x ON x.alias = l.story_id
    JOIN stories s ON s.id = coalesce(x.story_id, l.story_id)
WHERE s.hidden = 0 AND s.state IN ('live', 'asleep')
LIMIT 1000;

-- name: first_update
SELECT min(number) FROM updates;

-- name: updates
SELECT number, at, kind, payload FROM updates WHERE number > ? ORDER BY number LIMIT ?;

-- name: rulings
SELECT number, at, kind, payload FROM updates INDEXED BY updates_ruled
WHERE kind = 'ruled' AND story_id IN (SELECT :id UNION ALL SELECT alias FROM story_aliases WHERE story_id = :id)
ORDER BY number DESC LIMIT :limit;

-- name: visibility
SELECT pinned, hidden FROM stories WHERE id = ?;

-- name: tail
SELECT number, at, kind, payload, article_id, revision FROM updates WHERE number > ? ORDER BY number LIMIT ?;

-- name: inputs
SELECT number, at, kind, article_id, revision, payload FROM inputs WHERE number > ? ORDER BY number LIMIT ?;

-- name: snapshot
SELECT key, value FROM snapshot_rows ORDER BY key;

-- name: last_update_at
SELECT coalesce((SELECT at FROM updates ORDER BY number DESC LIMIT 1), (SELECT max(updated_at) FROM stories), 0);

-- name: live_stories
SELECT @head@, s.updated_at FROM stories s INDEXED BY stories_live WHERE s.state = 'live';

-- name: live_aliases
SELECT x.story_id, x.alias FROM stories s INDEXED BY stories_live JOIN story_aliases x ON x.story_id = s.id
WHERE s.state = 'live' ORDER BY x.story_id, x.alias;

-- name: live_apart
SELECT x.story_id, x.other_id FROM stories s INDEXED BY stories_live JOIN stories_apart x ON x.story_id = s.id
WHERE s.state = 'live' ORDER BY x.story_id, x.other_id;

-- name: live_links
SELECT l.story_id, l.kind, l.other_id FROM stories s INDEXED BY stories_live JOIN story_links l ON l.story_id = s.id
WHERE s.state = 'live' ORDER BY l.story_id, l.place;

-- name: live_articles
SELECT a.id, a.url, v.publisher, a.feed_url, a.revision, a.seen_at, a.placed_at, a.backfill, a.about, NULL,
    a.story_id, a.copy_of, g.signals,
    (SELECT count(*) FROM stories n WHERE n.id = a.id OR (n.id > a.id || '-' AND n.id < a.id || '.'))
FROM stories s INDEXED BY stories_live CROSS JOIN articles a ON a.story_id = s.id
    JOIN voices v ON v.n = a.voice LEFT JOIN signals g ON g.n = a.n AND g.revision = a.revision
WHERE s.state = 'live' ORDER BY a.seen_at, a.n;

-- name: removed_names
SELECT a.id, (SELECT count(*) FROM stories n WHERE n.id = a.id OR (n.id > a.id || '-' AND n.id < a.id || '.'))
FROM articles a INDEXED BY articles_removed WHERE a.removed <> '';

-- name: counts
SELECT
    (SELECT count(*) FROM feeds),
    (SELECT count(*) FROM feeds WHERE failures > 0 OR gone),
    (SELECT count(*) FROM stories INDEXED BY stories_live WHERE state = 'live'),
    (SELECT min(number) FROM updates),
    (SELECT count(*) FROM entries INDEXED BY entries_wanted WHERE state = 0);
