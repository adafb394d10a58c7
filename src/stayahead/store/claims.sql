-- What analyzers found in articles.

-- name: put_analysis
INSERT INTO analyses (n, revision, versions, claims) VALUES (:n, :revision, :versions, :claims)
ON CONFLICT (n, revision) DO UPDATE SET versions = excluded.versions, claims = excluded.claims;

-- name: number_of
-- Only while the revision's text is there: of a text that was forgotten meanwhile nothing is written.
SELECT a.n FROM articles a JOIN bodies b ON b.n = a.n AND b.revision = ? WHERE a.id = ?;

-- name: put_row_claims
UPDATE articles SET claims = :claims WHERE n = :n AND revision = :revision;

-- name: drop_analyses
DELETE FROM analyses WHERE n = ?;

-- name: stale_analyses
SELECT a.id FROM stories s INDEXED BY stories_live
    CROSS JOIN articles a INDEXED BY articles_story ON a.story_id = s.id
    LEFT JOIN analyses c ON c.n = a.n AND c.revision = a.revision
WHERE s.state = 'live' AND c.versions IS NOT ?
    AND EXISTS (SELECT 1 FROM bodies b WHERE b.n = a.n AND b.revision = a.revision)
ORDER BY a.n DESC LIMIT ?;
