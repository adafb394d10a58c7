-- What a story stands beside, as its last `linked` update said; ids may have become aliases since.

CREATE TABLE story_links (
    story_id TEXT NOT NULL,
    place INTEGER NOT NULL,
    kind TEXT NOT NULL,
    other_id TEXT NOT NULL,
    PRIMARY KEY (story_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_links_to ON story_links (other_id);
