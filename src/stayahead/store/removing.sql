-- What goes with a removed article: its words, wherever they stand. Its row stays, so that it is known.

-- name: blank_article
-- Asked here once more whether it was removed: words that are erased do not come back.
UPDATE articles SET url = '', title = '', language = '', author = '', image = '', lede = '', about = :about,
    claims = NULL, reread_at = NULL
WHERE id = :id AND removed <> '' RETURNING n;

-- name: blank_entry
UPDATE entries SET entry = NULL, state = 1, reason = '', next_try_at = NULL WHERE id = ?;

-- name: inputs_naming
-- By text, through an index that holds the owner's word alone: there are few, and each names its articles in JSON.
SELECT number, payload FROM inputs INDEXED BY inputs_owners
WHERE kind IN ('ruling', 'removal') AND instr(payload, ?) > 0;

-- name: put_input_payload
UPDATE inputs SET payload = ? WHERE number = ?;

-- name: drop_bodies
DELETE FROM bodies WHERE n = ?;

-- name: drop_signals
DELETE FROM signals WHERE n = ?;

-- name: drop_page
DELETE FROM page_states WHERE n = ?;
