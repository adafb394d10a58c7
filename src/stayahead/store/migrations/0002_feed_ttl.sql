-- A 304 has no body to say the ttl again, so it is kept.

ALTER TABLE feeds ADD COLUMN ttl_s REAL NOT NULL DEFAULT 0;
