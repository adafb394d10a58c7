-- The owner's links and sessions.

-- name: put_link
INSERT INTO owner_links (digest, until) VALUES (?, ?);

-- name: link
SELECT 1 FROM owner_links WHERE digest = ? AND until > ?;

-- name: use_link
-- It is gone with its first use; who comes a moment later finds none.
DELETE FROM owner_links WHERE digest = ? AND until > ? RETURNING 1;

-- name: drop_old_links
DELETE FROM owner_links WHERE until <= ?;

-- name: drop_old_sessions
DELETE FROM owner_sessions WHERE until <= ?;

-- name: put_session
INSERT INTO owner_sessions (digest, opened_at, until, address, browser) VALUES (?, ?, ?, ?, ?);

-- name: session
SELECT 1 FROM owner_sessions WHERE digest = ? AND until > ?;

-- name: sessions
SELECT id, opened_at, until, address, browser FROM owner_sessions WHERE until > ? ORDER BY id;

-- name: drop_session
DELETE FROM owner_sessions WHERE digest = ?;

-- name: drop_numbered
DELETE FROM owner_sessions WHERE id = ?;

-- name: drop_links
DELETE FROM owner_links;

-- name: drop_sessions
DELETE FROM owner_sessions;
