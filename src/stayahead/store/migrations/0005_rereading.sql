-- Pages are read again: what their reads taught us, when the next one is due, and when each revision was read.

-- Of an article whose text came from its page. It goes with the article's text.
CREATE TABLE page_states (
    n INTEGER PRIMARY KEY REFERENCES articles (n) ON DELETE CASCADE,
    url TEXT NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    text_digest TEXT NOT NULL,
    reads INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    is_asked INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX page_states_asked ON page_states (n) WHERE is_asked = 1;

-- Stands with the article and not with its page state, so that what is due in a story is one step in one index, and
-- moves with the article when stories merge and split.
ALTER TABLE articles ADD COLUMN reread_at INTEGER;
CREATE INDEX articles_again ON articles (story_id, reread_at) WHERE reread_at IS NOT NULL;

-- Until its next update, an older story's count of origins is that of its articles that are no copies.
ALTER TABLE stories ADD COLUMN origins INTEGER NOT NULL DEFAULT 0;
UPDATE stories SET origins = (SELECT count(*) FROM articles a WHERE a.story_id = stories.id AND a.is_origin = 1)
WHERE state IN ('live', 'asleep');
CREATE INDEX stories_weighty ON stories (latest_at)
    WHERE hidden = 0 AND state IN ('live', 'asleep') AND (pinned = 1 OR origins >= 3);

-- NULL: with the article itself.
ALTER TABLE bodies ADD COLUMN read_at INTEGER;
UPDATE bodies SET read_at = i.at
FROM (
    SELECT a.n AS n, inputs.revision AS revision, min(inputs.at) AS at
    FROM inputs JOIN articles a ON a.id = inputs.article_id WHERE inputs.revision > 0 GROUP BY a.n, inputs.revision
) i
WHERE bodies.n = i.n AND bodies.revision = i.revision;
