-- Everything that `commit` writes.

-- name: meta
SELECT key, value FROM meta;

-- name: put_meta
INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: put_state
UPDATE feeds SET etag = ?, last_modified = ?, own_title = ?, next_poll_at = ?, last_polled_at = ?, last_ok_at = ?,
    failures = ?, failing_since = ?, error = ?, status = ?, gone = ?, entries = ?, ttl_s = ?,
    parts = ?, moved_to = ?, moved_since = ?, whole_at = ?, last_new_at = ?, identity_rules = ?,
    waiting = ?, intake_left = ?
WHERE url = ?;

-- name: name_feed
UPDATE feeds SET publisher_name = ? WHERE url = ? AND publisher_name <> ?;

-- name: put_entry
-- An entry whose article was removed is left as it is: what its feed says of it now is not to be kept.
INSERT INTO entries (id, feed_url, digest, state, reason, tries, next_try_at, seen_at, backfill, is_foreign, entry,
    name, second_name)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET feed_url = excluded.feed_url, digest = excluded.digest, state = excluded.state,
    reason = excluded.reason, tries = excluded.tries, next_try_at = excluded.next_try_at,
    seen_at = excluded.seen_at, backfill = excluded.backfill, is_foreign = excluded.is_foreign,
    entry = excluded.entry, name = coalesce(excluded.name, name),
    second_name = coalesce(excluded.second_name, second_name)
WHERE NOT EXISTS (SELECT 1 FROM articles a INDEXED BY articles_removed WHERE a.id = excluded.id AND a.removed <> '');

-- name: put_feed_domain
-- A page may name a feed that was removed meanwhile.
INSERT INTO feed_domains (feed_url, domain) SELECT url, ?2 FROM feeds WHERE url = ?1 ON CONFLICT DO NOTHING;

-- name: put_host
INSERT INTO hosts (host, number, at, record) VALUES (?, ?, ?, ?)
ON CONFLICT (host) DO UPDATE SET number = excluded.number, at = excluded.at, record = excluded.record;

-- name: voice
SELECT n FROM voices WHERE publisher = ?;

-- name: put_voice
INSERT INTO voices (publisher) VALUES (?) RETURNING n;

-- name: stored
SELECT id, n, revision FROM articles WHERE id IN (SELECT value FROM json_each(?));

-- name: last_in_range
-- An article's number begins with its millisecond; the next one is free in that range (`rows.first_number`).
SELECT max(n) FROM articles WHERE n BETWEEN ? AND ?;

-- name: put_article
INSERT INTO articles (n, id, revision, voice, placed_at, seen_at, backfill, feed_url, url, title, language, author,
    image, lede, about, claims)
VALUES (:n, :id, :revision, :voice, :placed_at, :seen_at, :backfill, :feed_url, :url, :title, :language, :author,
    :image, :lede, :about, :claims);

-- name: put_revision
-- Never back: an older revision that comes late is kept in `bodies` and shown nowhere else.
UPDATE articles SET revision = :revision, voice = :voice, feed_url = :feed_url, url = :url, title = :title, language = :language,
    author = :author, image = :image, lede = :lede, about = :about, claims = :claims
WHERE n = :n AND revision <= :revision;

-- name: put_body
INSERT INTO bodies (n, revision, seen_at, size, body, read_at)
VALUES (
    :n, :revision,
    max((SELECT seen_at FROM articles WHERE n = :n), (SELECT value FROM meta WHERE key = 'kept_at')),
    :size, :body, :read_at
)
ON CONFLICT (n, revision) DO UPDATE SET size = excluded.size, body = excluded.body, read_at = excluded.read_at;

-- name: put_signals
INSERT INTO signals (n, revision, signals, voice) VALUES (?, ?, ?, ?)
ON CONFLICT (n, revision) DO UPDATE SET signals = excluded.signals, voice = excluded.voice;

-- name: put_alias
-- Whoever had the address first keeps it.
INSERT INTO url_aliases (url, url_id, article_id) VALUES (?, ?, ?) ON CONFLICT (url) DO NOTHING;

-- name: put_input
INSERT INTO inputs (number, at, kind, article_id, revision, payload) VALUES (?, ?, ?, ?, ?, ?);

-- name: put_update
INSERT INTO updates (number, at, kind, story_id, article_id, revision, payload) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: put_story
INSERT INTO stories (id, headline, language, state, pinned, hidden, importance_key, latest_at, articles, origins, head,
    number, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET headline = excluded.headline, language = excluded.language, state = excluded.state,
    pinned = excluded.pinned, hidden = excluded.hidden, importance_key = excluded.importance_key,
    latest_at = excluded.latest_at, articles = excluded.articles, origins = excluded.origins, head = excluded.head,
    number = excluded.number, updated_at = excluded.updated_at, has_signals = 1;

-- name: state_of
SELECT state FROM stories WHERE id = ?;

-- name: drop_signals_of
DELETE FROM signals WHERE n IN (SELECT n FROM articles WHERE story_id = ?);

-- name: merge_story
-- Without a new head: what the story showed last is kept, and the column says its state.
UPDATE stories SET state = 'merged', articles = 0, number = ?, updated_at = ? WHERE id = ?;

-- name: place
UPDATE articles SET story_id = ?, copy_of = ?, is_origin = ?, removed = ? WHERE id = ?;

-- name: move_all
UPDATE articles SET story_id = ? WHERE story_id = ?;

-- name: move
UPDATE articles SET story_id = ? WHERE id = ?;

-- name: move_aliases
UPDATE story_aliases SET story_id = ? WHERE story_id = ?;

-- name: put_story_alias
INSERT INTO story_aliases (alias, story_id) VALUES (?, ?) ON CONFLICT (alias) DO UPDATE SET story_id = excluded.story_id;

-- name: set_apart
INSERT INTO stories_apart (story_id, other_id) VALUES (?, ?) ON CONFLICT DO NOTHING;

-- name: inherit_apart
-- What was split from a story that is taken in stays apart from the one that takes it in, both ways round.
INSERT INTO stories_apart (story_id, other_id)
SELECT :story_id, other_id FROM stories_apart WHERE story_id = :alias AND other_id <> :story_id
UNION
SELECT story_id, :story_id FROM stories_apart WHERE other_id = :alias AND story_id <> :story_id
ON CONFLICT DO NOTHING;

-- name: drop_apart
DELETE FROM stories_apart WHERE story_id = :alias OR other_id = :alias;

-- name: drop_links
DELETE FROM story_links WHERE story_id = ?;

-- name: put_link
INSERT INTO story_links (story_id, place, kind, other_id) VALUES (?, ?, ?, ?);

-- name: drop_rows
DELETE FROM snapshot_rows;

-- name: put_row
INSERT INTO snapshot_rows (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: drop_row
DELETE FROM snapshot_rows WHERE key = ?;
