-- What became of one story since a reader last looked, without a walk through what became of all others.

CREATE INDEX updates_story ON updates (story_id, number);
