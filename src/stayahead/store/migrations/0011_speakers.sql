-- Who speaks: entries of a site that its feed cannot speak for, feeds that a site named as its own, and the voice of
-- each revision that decides, for another one may speak in the next.

ALTER TABLE entries ADD COLUMN is_foreign INTEGER NOT NULL DEFAULT 0;
ALTER TABLE signals ADD COLUMN voice INTEGER;
CREATE TABLE feed_domains (
    feed_url TEXT NOT NULL,
    domain TEXT NOT NULL,
    PRIMARY KEY (feed_url, domain)
) STRICT, WITHOUT ROWID;
