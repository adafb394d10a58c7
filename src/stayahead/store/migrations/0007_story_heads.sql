-- What a story shows is one value: stored whole, beside the few columns that are searched or sorted by.

ALTER TABLE stories ADD COLUMN head BLOB;
UPDATE stories SET head = head_of(id, headline, lead_id, language, opened_at, state, pinned, hidden, importance_key, parts)
WHERE parts IS NOT NULL;
ALTER TABLE stories DROP COLUMN lead_id;
ALTER TABLE stories DROP COLUMN opened_at;
ALTER TABLE stories DROP COLUMN parts;

-- Stories that were split from one another: they are never joined again but by the owner, even by a rebuilt engine.
CREATE TABLE stories_apart (
    story_id TEXT NOT NULL,
    other_id TEXT NOT NULL,
    PRIMARY KEY (story_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stories_apart_of ON stories_apart (other_id);
