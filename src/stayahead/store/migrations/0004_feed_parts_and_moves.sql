-- Parts: the sitemaps that an index names, as JSON, with their validators. Moves: where permanent redirects lead.

ALTER TABLE feeds ADD COLUMN parts TEXT NOT NULL DEFAULT '[]';
ALTER TABLE feeds ADD COLUMN moved_to TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN moved_since INTEGER;
