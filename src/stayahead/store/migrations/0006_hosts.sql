-- What the pages of a host taught: its last articles' observations, packed by the newsroom. A cache: it may be dropped.

CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    record BLOB NOT NULL
) STRICT;
CREATE INDEX hosts_at ON hosts (at);
