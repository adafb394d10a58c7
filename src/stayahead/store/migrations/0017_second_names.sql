-- An entry's id and its title, where the id can be no count: what tells it whatever its address and its time are.

ALTER TABLE entries ADD COLUMN second_name TEXT;
UPDATE entries SET second_name = second_name_of(
    feed_url, entry, (SELECT a.about FROM articles a WHERE a.id = entries.id)
);
CREATE INDEX entries_second_name ON entries (second_name) WHERE second_name IS NOT NULL;
