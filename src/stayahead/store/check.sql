-- The laws that a sound store obeys; each block gives one text per breach.

-- name: article_in_no_story
SELECT 'article ' || id || ' is in no story' FROM articles WHERE story_id IS NULL AND removed = '';

-- name: removed_with_words
SELECT 'article ' || id || ' was removed, but some of its words are kept' FROM articles a INDEXED BY articles_removed
WHERE removed <> '' AND (
    title <> '' OR EXISTS (SELECT 1 FROM bodies b WHERE b.n = a.n) OR EXISTS (SELECT 1 FROM signals s WHERE s.n = a.n)
);

-- name: withheld_but_not_removed
SELECT 'article ' || a.id || ' was not removed, but what it said is withheld'
FROM withheld w JOIN articles a ON a.n = w.n WHERE a.removed = '';

-- name: article_in_gone_story
SELECT 'article ' || a.id || ' is in story ' || a.story_id || ', which is ' || s.state
FROM articles a JOIN stories s ON s.id = a.story_id WHERE s.state NOT IN ('live', 'asleep');

-- name: articles_counted
SELECT 'story ' || s.id || ' says it has ' || s.articles || ' articles and has ' || count(a.id)
FROM stories s LEFT JOIN articles a ON a.story_id = s.id
WHERE s.state IN ('live', 'asleep') GROUP BY s.id HAVING s.articles <> count(a.id);

-- name: read_without_article
SELECT 'entry ' || id || ' was read, but its article is not there' FROM entries
WHERE state = 1 AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = entries.id);

-- name: wanted_without_entry
SELECT 'entry ' || id || ' wants its page, but what the feed said is not there' FROM entries
WHERE state = 0 AND entry IS NULL;

-- name: alias_to_nowhere
SELECT 'url ' || url || ' is an alias of article ' || article_id || ', which is not there' FROM url_aliases x
WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = x.article_id)
    AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.id = x.article_id);

-- name: story_alias_unresolved
SELECT 'story ' || x.alias || ' leads to ' || x.story_id || ', which is ' || s.state
FROM story_aliases x JOIN stories s ON s.id = x.story_id WHERE s.state = 'merged';

-- name: merged_without_alias
SELECT 'story ' || id || ' was merged, but leads nowhere' FROM stories
WHERE state = 'merged' AND NOT EXISTS (SELECT 1 FROM story_aliases x WHERE x.alias = stories.id);

-- name: alias_of_a_living
SELECT 'story ' || s.id || ' is ' || s.state || ' and also an alias of ' || x.story_id
FROM story_aliases x JOIN stories s ON s.id = x.alias WHERE s.state IN ('live', 'asleep');

-- name: updates_gapless
SELECT 'updates ' || min(number) || ' to ' || max(number) || ' should be ' || (max(number) - min(number) + 1)
    || ' rows and are ' || count(*)
FROM updates HAVING count(*) > 0 AND count(*) <> max(number) - min(number) + 1;

-- name: updates_reach
SELECT 'the journal reaches update ' || value || ', but the last one kept is ' || (SELECT max(number) FROM updates)
FROM meta WHERE key = 'update' AND value <> (SELECT max(number) FROM updates);

-- name: inputs_reach
SELECT 'the journal reaches input ' || value || ', but the last one kept is ' || (SELECT max(number) FROM inputs)
FROM meta WHERE key = 'input' AND value <> (SELECT max(number) FROM inputs);

-- name: snapshot_reaches
SELECT 'the snapshot reaches update ' || s.value || ', past the last one, ' || u.value
FROM meta s JOIN meta u ON u.key = 'update' WHERE s.key = 'snapshot_number' AND s.value > u.value;

-- name: articles_total
SELECT 'the total says ' || value || ' articles and there are ' || (SELECT count(*) FROM articles)
FROM meta WHERE key = 'articles' AND value <> (SELECT count(*) FROM articles);
