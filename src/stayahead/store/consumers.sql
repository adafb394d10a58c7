-- Positions of consumers.

-- name: position
SELECT number FROM consumers WHERE name = ?;

-- name: positions
SELECT name, number, at FROM consumers ORDER BY name;

-- name: move
INSERT INTO consumers (name, number, at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET number = excluded.number, at = excluded.at;

-- name: drop
DELETE FROM consumers WHERE name = ?;
