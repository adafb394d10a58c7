-- How far each consumer of updates (alerts, webhooks, feeds) has come: what it has done with them survives a restart.

CREATE TABLE consumers (
    name TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
