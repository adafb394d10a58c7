-- Stories, updates and totals as they are read.

-- name: head
s.id, s.headline, s.lead_id, s.language, s.opened_at, s.state, s.pinned, s.hidden, s.importance_key, s.parts, s.number

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

-- name: tail
SELECT number, at, kind, payload, article_id, revision FROM updates WHERE number > ? ORDER BY number LIMIT ?;

-- name: inputs
SELECT number, at, kind, article_id, revision, payload FROM inputs WHERE number > ? ORDER BY number LIMIT ?;

-- name: snapshot
SELECT key, value FROM snapshot_rows ORDER BY key;

-- name: counts
SELECT
    (SELECT count(*) FROM feeds),
    (SELECT count(*) FROM feeds WHERE failures > 0 OR gone),
    (SELECT count(*) FROM stories INDEXED BY stories_live WHERE state = 'live'),
    (SELECT min(number) FROM updates),
    (SELECT count(*) FROM entries INDEXED BY entries_wanted WHERE state = 0);
