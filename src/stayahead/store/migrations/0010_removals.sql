-- The owner's word. A removed article's row is kept for ever, without its words: so it is known, and does not come back.

DROP INDEX articles_loose;
CREATE INDEX articles_removed ON articles (id) WHERE removed <> '';
CREATE INDEX updates_ruled ON updates (story_id, number) WHERE kind = 'ruled';
CREATE INDEX inputs_owners ON inputs (number) WHERE kind IN ('ruling', 'removal');

DELETE FROM bodies WHERE n IN (SELECT n FROM articles WHERE removed <> '');
DELETE FROM signals WHERE n IN (SELECT n FROM articles WHERE removed <> '');
DELETE FROM page_states WHERE n IN (SELECT n FROM articles WHERE removed <> '');
UPDATE entries SET entry = NULL, state = 1, reason = '', next_try_at = NULL
WHERE id IN (SELECT id FROM articles WHERE removed <> '');
UPDATE stories SET headline = '' WHERE state = 'empty';
-- The last: nothing said by an entry, nothing by a page, as msgpack.
UPDATE articles SET url = '', title = '', language = '', author = '', image = '', lede = '', reread_at = NULL,
    about = X'928080'
WHERE removed <> '';
