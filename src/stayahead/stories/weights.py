"""Weights hold every number that tunes the engine, each with its unit, its origin and the measurement that chose it.

Measured side by side by eval/tune_stories.py on stories/headlines_dev (slices of it, and all of March and April 2014)
and on stories/fulltext_dev; tables in docs/decisions/0033, 0034 and 0100 to 0103. Numbers without a measurement say how
they were chosen.
"""

from __future__ import annotations

from datetime import timedelta

# --- Vectors -------------------------------------------------------------------------------------------------------
# What an article's words weigh against those of others. Rarity is counted for each language while the engine runs: no
# table of frequencies is shipped (docs/decisions/0100).
UNIT = 4096
"""Length of every vector: weights are whole numbers, so that sums are exact in any order."""
VECTOR_TERMS = 42
"""Top terms of an article, by weight and rarity, that take part in matching."""
PRIOR_ARTICLES = 1000
"""Articles that a language counts as seen before its first, which damps rarity while the tables are cold. 2,500 is 1.0
better on the first 1,500 headlines of a cold engine and 1.4 worse on a warm one."""
FORGET_ARTICLES = 200_000
"""Articles of a language after which all its counts are halved, so that rarity follows the news."""

# --- Candidates ----------------------------------------------------------------------------------------------------
# How much of the index a query reads. These bound the cost of an article: it does not grow with what is live.
POSTINGS_READ = 80
"""Postings of one term that a query reads, the newest; 400 score no better."""
POSTINGS_BUDGET = 300
"""Postings that a query reads over all its terms, heaviest first; 600 score no better (docs/decisions/0034)."""
INDEXED_PER_STORY = 60
"""Articles of one story in the index, the newest, so that a large story does not hide the small ones."""
NEIGHBOURS = 16
"""Nearest articles whose stories are compared; 24 score no better (docs/decisions/0100)."""

# --- Match (method S; chosen on stories/headlines_dev and fulltext_dev by eval/stories.py --dev) -------------------
# score = cosine to the centroid + VOTE_WEIGHT * share of the vote + LARGE_WEIGHT - SILENCE_WEIGHT * silence, and an
# article joins from JOIN. MERGE and RESCUE mend later what the first articles of an event could not show: two stories
# that turn out one, a small one that was of a larger one all along.
VOTERS = 12
"""Nearest articles that vote."""
VOTE_WEIGHT = 0.5
"""Score that a story gains when all votes are its own, less what `VOTE_PRIOR` takes."""
VOTE_PRIOR = 0.1
"""Squared similarity that counts for no story, so that a few weak neighbours do not make a full vote."""
VOTE_HALVED = timedelta(hours=8)
"""Age at which a neighbour's similarity counts half in the vote; at twice that age it counts a third
(docs/decisions/0034)."""
JOIN = 0.42
"""Score from which an article joins."""
LARGE_FROM = 12
"""Articles from which a story counts as large: its centroid says surely what it is about."""
LARGE_WEIGHT = 0.08
"""Score that a large story gains."""
SILENCE_UNIT = timedelta(hours=24)
"""Silence that costs a story `SILENCE_WEIGHT`; less costs it in proportion."""
SILENCE_WEIGHT = 0.3
"""Score that a story loses for each `SILENCE_UNIT` without news."""
MERGE = 0.30
"""Cosine of their centroids from which two stories that claim the same article are merged."""
MERGE_EVERY = 64
"""Articles of the smaller story from which two are compared only at every second article that both claim, from twice as
many at every third: products of large centroids are dear (docs/decisions/0103)."""
RESCUE = 0.30
"""Score from which a larger story takes in a small one that nothing joined (docs/decisions/0102)."""
RESCUE_SMALL = 6
"""Most articles of a story that is offered to larger ones."""
RESCUE_LARGE = 5
"""Least articles of a story that a small one is offered to."""
RESCUE_AFTER = (timedelta(minutes=90), timedelta(hours=4), timedelta(hours=12))
"""Silences after which a small story is offered."""
RESCUE_COUNTS = (2000,)
"""Further arrivals after which a small story is offered, however little time they took; 700 is .5 worse."""
TICK = timedelta(seconds=60)
"""Time from one tick to the next: each looks at the silences that were reached since the one before."""
MAX_GAP = timedelta(days=3)
"""Time from a story's first or latest article beyond which an article does not belong to it, whatever its words."""

# --- Match of texts (chosen on the sets of stories/fulltext together by eval/whole.py; docs/decisions/0155) -----------
# score = mean of the cosines to the centroid and to the nearest article + TEXT_HELD * share of the nearest articles +
# TEXT_KEYS * likeness of shared keys - BACKGROUND_WEIGHT * background - TEXT_SIZE * ln(articles) - TEXT_SILENCE *
# silence, and a text joins from TEXT_JOIN.
TEXT_FROM = 12
"""Terms up to which an article is judged as a headline is."""
TEXT_FULL = 22
"""Terms from which it is judged by its background alone; between the two, by both."""
TEXT_JOIN = 0.17
"""Score from which a text joins."""
TEXT_NEAREST = 0.4
"""Share of the nearest article in a story's similarity; the centroid has the rest."""
TEXT_HELD = 0.075
"""Score that a story gains when all the nearest articles are its own."""
TEXT_KEYS = 0.15
"""Score that a story gains when the places, numbers and names of its nearest articles are the text's, the one that
weighs most left out: what a large event's fragments have in common when their words differ."""
TEXT_SIZE = 0.01
"""Score that a story loses for each time that its articles are e-fold: the larger, the nearer is it to everything."""
TEXT_SILENCE = 0.04
"""Score that a story loses for each `SILENCE_UNIT` without news."""
TEXT_MERGE = 0.55
"""Cosine of their centroids from which two stories that claim the same text are merged."""
TEXT_RESCUE = 0.38
"""Score from which a story takes in a small one of texts that nothing joined."""
TEXT_COMPARED = 6
"""Stories of the nearest articles whose centroids a text is compared with: the others' are background."""
TEXT_TWINS = 0.045
"""Score that two texts may lack, each alone and the nearest of the other, to become one story after a silence
(docs/decisions/0156)."""
BACKGROUND_STORIES = 4
"""Stories beside the one in question whose mean nearness is the background."""
BACKGROUND_PASSED = 1
"""Nearest of them that are passed over: they may be fragments of the same event."""
BACKGROUND_LEAST = 0.07
"""Nearness that stands for each story that is missing, while there are few."""
BACKGROUND_WEIGHT = 1.3
"""How many times the background counts against a story: where a subject is dense, its nearness varies more."""

# --- Split (chosen on stories/headlines_dev; tables in docs/decisions/0110) -----------------------------------------
SPLIT_FROM = 8
"""Articles at which a story is first looked at, whether it has become two."""
SPLIT_GROWTH = 1.3
"""Growth from one such look to the next: a story of ten thousand articles is looked at 28 times."""
SPLIT_RESIDUAL = 0.06
"""Cosine of the centroids of two sides, without the one term that they share most, below which they are two stories."""
SPLIT_WHOLE = 0.10
"""Cosine with all terms below which they are two stories as well. It lies far below `MERGE`, so that what was split is
not merged at once."""
SPLIT_LEAST = 3
"""Least articles of either side, copies not counted."""
SPLIT_SHARE = 0.1
"""Least share of the articles that either side must have: a few strays are no story."""
SPLIT_SAMPLE = 96
"""Most articles that a look compares, spread evenly over the story."""
SPLIT_ROUNDS = 3
"""Rounds of k-means, in which most looks settle; five split no better."""

# --- Across languages (chosen on stories/fulltext_dev; docs/decisions/0112) -------------------------------------------
CROSSLINGUAL = 0.12
"""Cosine of the shared keys of two texts in different languages, the key that weighs most left out, from which they
tell of one event."""
CROSSLINGUAL_MIXED = 0.20
"""The same cosine for a story that already has articles in the article's language (docs/decisions/0113)."""
CROSSLINGUAL_KEYS = 3
"""Least keys that the two must have in common, one of them no place."""
CROSSLINGUAL_ARTICLES = 24
"""Newest articles of a story whose shared keys stand for it."""

# --- Dense vectors (measured on headlines_dev; docs/decisions/0101) -------------------------
DENSE_WEIGHT = 0.5
"""Share of the dense similarity in every similarity, where both sides have a vector of one model."""
DENSE_WEIGHT_STATIC = 0.3
"""Their share with static vectors, which know words but no sentences."""
STATIC_DIMENSIONS = 256
"""Dimensions by which a static vector is told from that of a transformer."""
DENSE_OFFSET = 0.3
"""Dense cosine of articles that have nothing to do with each other, which therefore counts as 0; .2 joins too much, .35
splits full texts."""
DENSE_OFFSET_STATIC = 0.25
"""The same offset for static vectors."""
DENSE_OFFSET_TEXT = 0.4
"""The same offset for whole articles, whose vectors lie nearer to each other (docs/decisions/0156)."""
DENSE_OFFSET_STATIC_TEXT = 0.4
"""And for those of static vectors."""

# --- Life ----------------------------------------------------------------------------------------------------------
# What is kept in memory, and for how long. A sleeper has no neighbours to vote for it, and is compared with everything
# that nothing live claims: hence WAKE asks for more by cosine alone than JOIN does with votes.
EXPIRE_AFTER = timedelta(hours=48)
"""Silence after which a story falls asleep and its articles leave memory."""
EXPIRED_PER_TICK = 500
"""Most stories that one tick lets sleep, which bounds its pause; the next tick goes on."""
CROWDED_PER_TICK = 5_000
"""Most stories that one tick lets sleep early, because too much is live: more than a minute of any flood brings."""
SLEEP_FROM = 2
"""Least articles of a story that can be woken or followed; one of a single article is forgotten."""
SLEEP_FOR = timedelta(days=14)
"""How long a story asleep may be woken or followed."""
SLEEP_TERMS = 24
"""Top terms that are kept of a sleeping story's centroid."""
SLEEP_INDEXED = 6
"""Top terms under which a sleeping story is indexed; a query uses as many."""
SLEEP_POSTINGS = 200
"""Sleeping stories under one term beyond which a query passes over it: it says nothing."""
WAKE = 0.55
"""Cosine from which an article that no live story claims wakes a sleeping one; `WAKE_RESIDUAL` must be met too."""
WAKE_RESIDUAL = 0.30
"""What must be left of it without the one term that they share most; chosen by reading, docs/decisions/0111."""
FOLLOWS = 0.22
"""The same residual from which a new story follows a sleeping one: the same affair, another event."""
RELATED = 0.08
"""The same residual from which two live stories are related."""
RELATED_ALONE = 0.15
"""The same residual for a story of one article, whose few words weigh more each."""
RELATED_MOST = 4
"""Most related stories that a story is linked to."""
COPY_WINDOW = timedelta(hours=48)
"""Age up to which an article is taken for the original of a later one."""
COPY_POSTINGS = 50
"""Articles beyond which a shingle that they all hold is boilerplate, and no evidence of copying."""
RECOUNTED_MOST = 1_000
"""Articles of a story up to which it is counted anew when another publisher speaks in one: some 5 ms of the desk."""
HEADLINE_CHARS = 500
"""Characters of a title that are shown: some titles are whole texts by mistake."""

# --- Headline (judgement: chosen by reading the front pages of the press and of 7 May 2014; docs/decisions/0036) ----
LEAD_FROM = 2
"""Independent publishers from which a story's headline may change; one without words gives way at once."""
LEAD_CANDIDATES = 12
"""Newest articles of independent publishers whose headlines are weighed, and which say what the story is about now."""
LEAD_LOOKED_AT = 400
"""Newest articles among which those publishers are looked for: a story may have ten thousand of one."""
LEAD_EVERY = 4
"""Up to twice so many articles the headline is chosen anew at each; later at every so many, and at each agency's."""
LEAD_WORDS = 7
"""Words below which a headline is not worth more for being short; stop words do not count."""
LEAD_SHORT = 4
"""Words below which a headline names a subject, not an event."""
LEAD_FORM = 0.7
"""What is left of a headline's worth for each fault of form: short, cut off, all capitals, a question or teaser."""
LEAD_NEWER = 0.25
"""How much more the newest headline is worth than one that is `LEAD_AGE` older."""
LEAD_AGE = timedelta(hours=2)
"""Age from which a headline gains nothing for being new; below, in proportion."""
LEAD_AGENCY = 2.0
"""How many times as much the headline of an agency's own article is worth."""
LEAD_SUPERSEDED = 0.6
"""What is left of the worth of the present headline when its publisher has a newer article in the story."""
LEAD_GAIN = 1.4
"""How many times the worth of the present headline a new one must have to take its place."""

# --- Rank (see rank.py for the formula) ------------------------------------------------------------------------------
# All weights are per doubling: the tenth origin says less than the second.
PACE_HALF_LIFE_S = 3 * 3600.0
"""Seconds in which an arrival's share of the pace halves."""
RECENCY_HALF_LIFE_S = 8 * 3600.0
"""Seconds in which a story without news loses half its score: an affair of 15 origins stands level with a fresh report
of one after about 20 hours. Chosen by reading replayed front pages; issue of ranking is to measure it."""
ORIGIN_WEIGHT = 1.0
"""Per doubling of independent origins. It outweighs the others so that origins decide."""
COUNTRY_WEIGHT = 0.4
"""Per doubling of the countries that report it."""
PACE_WEIGHT = 0.4
"""Per doubling of the origins that came lately."""
