-- Everything that is stored encoded: each block gives the words that name a row, and what is to be decoded of it.

-- name: head
SELECT 'story ' || id, id, headline, state, number, head FROM stories WHERE head IS NOT NULL;

-- name: update
SELECT 'update ' || number, number, at, kind, payload FROM updates;

-- name: input
SELECT 'input ' || number, kind, payload FROM inputs WHERE payload IS NOT NULL;

-- name: about
SELECT 'article ' || id || ', its card', about FROM articles;

-- name: row_claims
SELECT 'article ' || id || ', the claims of its card', claims FROM articles WHERE claims IS NOT NULL;

-- name: claims
SELECT 'article ' || a.id || ', revision ' || x.revision || ', its analysis', x.claims
FROM analyses x JOIN articles a ON a.n = x.n WHERE x.claims IS NOT NULL;

-- name: withheld
SELECT 'article ' || a.id || ', which is withheld', a.id, v.publisher, a.feed_url, a.revision, a.seen_at, a.placed_at,
    a.backfill, w.until, w.words
FROM withheld w JOIN articles a ON a.n = w.n JOIN voices v ON v.n = a.voice;

-- name: body
SELECT 'article ' || a.id || ', revision ' || b.revision || ', its text', b.body FROM bodies b JOIN articles a ON a.n = b.n;

-- name: signals
SELECT 'article ' || a.id || ', revision ' || s.revision || ', its signals', s.signals
FROM signals s JOIN articles a ON a.n = s.n;

-- name: entry
SELECT 'entry ' || id, entry FROM entries WHERE entry IS NOT NULL;

-- name: publisher
SELECT 'publisher ' || n, publisher FROM voices;

-- name: host
SELECT 'host ' || host || ', what its pages taught', record FROM hosts;

-- name: sections
SELECT 'source ' || url, sections FROM feeds;

-- name: parts
SELECT 'source ' || url || ', its parts', parts FROM feeds;

-- name: snapshot
SELECT 'snapshot row ' || key, key, value FROM snapshot_rows;
