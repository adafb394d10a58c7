-- Times are whole microseconds since 1970, UTC. Every value here is written in one transaction with the others of its batch.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE publishers (
    domain TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    owner TEXT NOT NULL,
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    kind TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feeds (
    url TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    sections TEXT NOT NULL,
    publisher_name TEXT NOT NULL DEFAULT '',
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    own_title TEXT NOT NULL DEFAULT '',
    next_poll_at INTEGER,
    last_polled_at INTEGER,
    last_ok_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    error TEXT NOT NULL DEFAULT '',
    status INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0,
    entries INTEGER NOT NULL DEFAULT 0
) STRICT;

-- state: 0 page wanted, 1 read, 2 refused. The entry itself is kept only until it was read.
CREATE TABLE entries (
    id TEXT PRIMARY KEY,
    feed_url TEXT NOT NULL,
    digest TEXT NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_try_at INTEGER,
    seen_at INTEGER NOT NULL,
    backfill INTEGER NOT NULL,
    entry BLOB
) STRICT;
CREATE INDEX entries_wanted ON entries (seen_at, feed_url) WHERE state = 0;
CREATE INDEX entries_refused ON entries (seen_at, feed_url) WHERE state = 2;
CREATE INDEX entries_seen ON entries (seen_at);

-- A publisher as an article was stored with: what was decided with must not change when the owner edits the list.
CREATE TABLE voices (
    n INTEGER PRIMARY KEY,
    publisher TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE stories (
    id TEXT PRIMARY KEY,
    headline TEXT NOT NULL,
    lead_id TEXT NOT NULL,
    language TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    pinned INTEGER NOT NULL,
    hidden INTEGER NOT NULL,
    importance_key REAL NOT NULL,
    latest_at INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    parts BLOB,
    number INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    has_signals INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX stories_front ON stories (pinned DESC, importance_key DESC, id)
    WHERE hidden = 0 AND state IN ('live', 'asleep');
CREATE INDEX stories_fresh ON stories (latest_at) WHERE hidden = 0 AND state IN ('live', 'asleep');
CREATE INDEX stories_number ON stories (number, id);
CREATE INDEX stories_live ON stories (state) WHERE state = 'live';
CREATE INDEX stories_signals ON stories (number) WHERE state = 'asleep' AND has_signals = 1;
CREATE INDEX stories_asleep ON stories (updated_at) WHERE state = 'asleep';

CREATE TABLE story_aliases (
    alias TEXT PRIMARY KEY,
    story_id TEXT NOT NULL REFERENCES stories (id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX story_aliases_of ON story_aliases (story_id);

-- n orders by time: milliseconds of placed_at, shifted left by 20 bits, plus a count. The search tables share it, so
-- newest first and a month's range need no further index.
CREATE TABLE articles (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    story_id TEXT REFERENCES stories (id) DEFERRABLE INITIALLY DEFERRED,
    removed TEXT NOT NULL DEFAULT '',
    copy_of TEXT NOT NULL DEFAULT '',
    is_origin INTEGER NOT NULL DEFAULT 1,
    revision INTEGER NOT NULL,
    voice INTEGER NOT NULL REFERENCES voices (n),
    placed_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    backfill INTEGER NOT NULL,
    feed_url TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    author TEXT NOT NULL,
    image TEXT NOT NULL,
    lede TEXT NOT NULL,
    about BLOB NOT NULL
) STRICT;
CREATE INDEX articles_story ON articles (story_id, placed_at, id, is_origin) WHERE story_id IS NOT NULL;
CREATE INDEX articles_loose ON articles (seen_at) WHERE story_id IS NULL;
CREATE INDEX articles_seen ON articles (seen_at, feed_url);

CREATE TABLE bodies (
    n INTEGER NOT NULL REFERENCES articles (n) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (n, revision)
) STRICT;
CREATE INDEX bodies_seen ON bodies (seen_at, size);

CREATE TABLE signals (
    n INTEGER NOT NULL REFERENCES articles (n) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    signals BLOB NOT NULL,
    PRIMARY KEY (n, revision)
) STRICT;

-- url_id is what the url's article would be called: a feed that links it finds the article that has it.
CREATE TABLE url_aliases (
    url TEXT PRIMARY KEY,
    url_id TEXT NOT NULL,
    article_id TEXT NOT NULL
) STRICT;
CREATE INDEX url_aliases_id ON url_aliases (url_id);
CREATE INDEX url_aliases_article ON url_aliases (article_id);

CREATE TABLE inputs (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    article_id TEXT,
    revision INTEGER,
    payload TEXT
) STRICT;

CREATE TABLE updates (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    story_id TEXT NOT NULL,
    article_id TEXT,
    revision INTEGER,
    payload BLOB NOT NULL
) STRICT;

CREATE TABLE snapshot_rows (
    key TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Which monthly search tables there are; month is year * 100 + month.
CREATE TABLE search_months (
    month INTEGER PRIMARY KEY
) STRICT;
