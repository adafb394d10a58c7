-- Stories, updates and totals as they are read.

-- name: head
s.id, s.headline, s.state, s.number, s.head

-- name: count_fresh
-- Counts no further than the limit: the question is only whether they are few.
SELECT count(*) FROM (
    SELECT 1 FROM stories INDEXED BY stories_fresh
    WHERE hidden = 0 AND state IN ('live', 'asleep') AND latest_at >= ? LIMIT ?
);

-- name: front_few
-- Few are fresh: find them by time and sort them (0042).
SELECT @head@ FROM stories s INDEXED BY stories_fresh
WHERE s.hidden = 0 AND s.state IN ('live', 'asleep') AND s.latest_at >= ?
ORDER BY s.pinned DESC, s.importance_key DESC, s.id LIMIT ? OFFSET ?;

-- name: front_many
-- Many are fresh: walk the index of importance and skip what is old, for sorting them all would cost more (0042).
SELECT @head@ FROM stories s INDEXED BY stories_front
WHERE s.hidden = 0 AND s.state IN ('live', 'asleep') AND s.latest_at >= ?
ORDER BY s.pinned DESC, s.importance_key DESC, s.id LIMIT ? OFFSET ?;

-- name: latest
SELECT @head@ FROM stories s INDEXED BY stories_number
WHERE s.number < ? AND s.hidden = 0 AND s.state = 'live' ORDER BY s.number DESC, s.id DESC LIMIT ?;

-- name: exported
-- By number and id, not by offset: stories change while an export goes on, and none may be passed over.
SELECT @head@ FROM stories s WHERE s.number > ? OR (s.number = ? AND s.id > ?) ORDER BY s.number, s.id LIMIT ?;

-- name: story
SELECT @head@ FROM stories s WHERE s.id = ?;

-- name: alias
SELECT story_id FROM story_aliases WHERE alias = ?;

-- name: aliases
SELECT alias FROM story_aliases WHERE story_id = ? ORDER BY alias;

-- name: links
-- Either end may have been merged since: the alias leads to the story that has it now. A story that others follow is
-- found by all its names. The limit bounds what one story that everything is related to can cost.
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

-- name: updates_of
-- Under all the names that the story had.
SELECT number, at, kind, payload FROM updates INDEXED BY updates_story
WHERE story_id IN (SELECT :id UNION ALL SELECT alias FROM story_aliases WHERE story_id = :id) AND number > :after
ORDER BY number LIMIT :limit;

-- name: update_upto
SELECT number, at, kind, payload FROM updates INDEXED BY updates_story
WHERE story_id = :id AND number <= :upto ORDER BY number DESC LIMIT 1;

-- name: rulings
-- Under all the names that the story had, for what was ruled about a story that it took in still stands.
SELECT number, at, kind, payload FROM updates INDEXED BY updates_ruled
WHERE kind = 'ruled' AND story_id IN (SELECT :id UNION ALL SELECT alias FROM story_aliases WHERE story_id = :id)
ORDER BY number DESC LIMIT :limit;

-- name: rulings_under
-- Under one name, up to a number.
SELECT number, at, kind, payload FROM updates INDEXED BY updates_ruled
WHERE kind = 'ruled' AND story_id = ? AND number < ? ORDER BY number DESC LIMIT ?;

-- name: rulings_naming
-- By bytes, through an index that holds the owner's word alone: a story's maker is told under another story's name.
SELECT number, at, kind, payload FROM updates INDEXED BY updates_ruled
WHERE kind = 'ruled' AND story_id <> :id AND instr(payload, CAST(:id AS BLOB)) > 0;

-- name: update
SELECT number, at, kind, payload FROM updates WHERE number = ?;

-- name: visibility
SELECT pinned, hidden FROM stories WHERE id = ?;

-- name: tail
SELECT number, at, kind, payload, article_id, revision FROM updates WHERE number > ? ORDER BY number LIMIT ?;

-- name: inputs
SELECT number, at, kind, article_id, revision, payload FROM inputs WHERE number > ? ORDER BY number LIMIT ?;

-- name: snapshot
SELECT key, value FROM snapshot_rows ORDER BY key;

-- name: last_update_at
-- All updates may have been forgotten: then the stories say when they last changed.
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
-- The last column counts the stories that were opened by an article: ID, then ID-2 and so on. The range finds them by the
-- primary key ('.' is the character after '-').
SELECT a.id, a.url, v.publisher, a.feed_url, a.revision, a.seen_at, a.placed_at, a.backfill, a.about, NULL,
    a.story_id, a.copy_of, g.signals,
    (SELECT count(*) FROM stories n WHERE n.id = a.id OR (n.id > a.id || '-' AND n.id < a.id || '.'))
FROM stories s INDEXED BY stories_live CROSS JOIN articles a ON a.story_id = s.id
    JOIN voices v ON v.n = a.voice LEFT JOIN signals g ON g.n = a.n AND g.revision = a.revision
WHERE s.state = 'live' ORDER BY a.seen_at, a.n;

-- name: removed_names
-- A removed article's id may have named stories; the count keeps a rebuilt engine from giving a name twice.
SELECT a.id, (SELECT count(*) FROM stories n WHERE n.id = a.id OR (n.id > a.id || '-' AND n.id < a.id || '.'))
FROM articles a INDEXED BY articles_removed WHERE a.removed <> '';

-- name: named_after
SELECT count(*) FROM stories n WHERE n.id = :id OR (n.id > :id || '-' AND n.id < :id || '.');

-- name: counts
-- Each by a partial index that holds only what it counts; articles are counted as they come (`meta`).
SELECT
    (SELECT count(*) FROM feeds),
    (SELECT count(*) FROM feeds WHERE failures > 0 OR gone),
    (SELECT count(*) FROM stories INDEXED BY stories_live WHERE state = 'live'),
    (SELECT min(number) FROM updates),
    (SELECT count(*) FROM entries INDEXED BY entries_wanted WHERE state = 0),
    (SELECT coalesce(sum(waiting), 0) FROM feeds);
