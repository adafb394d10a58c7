-- What goes with a removed article: its words, wherever they stand. Its row stays, so that it is known.

-- name: with_words
-- Asked here once more whether it is removed: in one commit it may have been brought back.
SELECT n FROM articles WHERE id = ? AND removed <> '' AND url <> '';

-- name: blank_article
UPDATE articles SET url = '', title = '', language = '', author = '', image = '', lede = '', about = :about,
    claims = NULL, reread_at = NULL
WHERE n = :n;

-- name: merged_naming
-- The rows of stories that were merged away, which keep what they showed last: of those that its story took in, and, as
-- it may have been split off since, of those that a story took in which this one was split from, however often.
WITH RECURSIVE kin (id) AS (
    SELECT :story_id
    UNION SELECT x.story_id FROM kin JOIN story_aliases x ON x.alias = kin.id
    UNION SELECT p.other_id FROM kin JOIN stories_apart p ON p.story_id = kin.id
)
SELECT s.id, s.headline, s.state, s.number, s.head FROM kin JOIN story_aliases x ON x.story_id = kin.id JOIN stories s ON s.id = x.alias
WHERE s.state = 'merged' AND instr(s.head, CAST(:id AS BLOB)) > 0;

-- name: put_headless
UPDATE stories SET headline = '', head = ? WHERE id = ?;

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
