-- What analyzers found in each revision of an article, packed, and which analyzers they were. It goes with the article.

-- claims is NULL when these analyzers could not read it: it is not tried again before there are others.
CREATE TABLE analyses (
    n INTEGER NOT NULL REFERENCES articles (n) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    versions TEXT NOT NULL,
    claims BLOB,
    PRIMARY KEY (n, revision)
) STRICT, WITHOUT ROWID;

-- Those of title and lede, at their places there: whatever draws a row has them with it. NULL: none, or not analysed.
ALTER TABLE articles ADD COLUMN claims BLOB;
