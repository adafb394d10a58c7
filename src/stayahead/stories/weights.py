"""Weights: every number that tunes the engine, with its unit, its origin and the measurement that chose it.

Measured side by side by eval/tune_stories.py on stories/headlines_dev (slices of it, and all of March and April 2014)
and on stories/fulltext_dev; tables in docs/decisions/0033, 0034 and 0100 to 0103. Numbers without a measurement say how
they were chosen.
"""

from __future__ import annotations

from datetime import timedelta

# --- Vectors -------------------------------------------------------------------------------------------------------
UNIT = 4096
"""Length of a vector in whole numbers: weights are integers, so sums are exact in any order."""
VECTOR_TERMS = 42
"""Terms of one article that take part in matching; its rarest and heaviest."""
PRIOR_ARTICLES = 1000
"""Articles that a language is taken to have seen before its first: damps rarity while the tables are cold. 2,500 is 1.0
better on the first 1,500 headlines of a cold engine and 1.4 worse on a warm one."""
FORGET_ARTICLES = 200_000
"""When a language has counted so many articles, all its counts are halved: rarity follows the news."""

# --- Candidates ----------------------------------------------------------------------------------------------------
POSTINGS_READ = 80
"""Newest articles read for one term; 400 score no better."""
POSTINGS_BUDGET = 300
"""Articles read for one query over all its terms, rarest first; 600 score no better (0034)."""
INDEXED_PER_STORY = 60
"""Newest articles of one story in the index, so that a large story does not hide the small ones."""
NEIGHBOURS = 16
"""Nearest articles whose stories are compared; 24 score no better (docs/decisions/0100)."""

# --- Match (method S; chosen on stories/headlines_dev and fulltext_dev by eval/stories.py --dev) -------------------
VOTERS = 12
"""Nearest articles that vote."""
VOTE_WEIGHT = 0.5
VOTE_PRIOR = 0.1
"""Squared similarity that belongs to no story: a few weak neighbours cannot make a full vote."""
VOTE_HALVED = timedelta(hours=8)
"""Age at which a neighbour's similarity counts half in the vote, at twice that age a third (docs/decisions/0034)."""
JOIN = 0.42
"""Score from which an article joins."""
LARGE_FROM = 12
"""Articles from which a story is sure enough of its words …"""
LARGE_WEIGHT = 0.08
"""… to gain that much of the score."""
SILENCE_UNIT = timedelta(hours=24)
SILENCE_WEIGHT = 0.3
"""Score that a story loses for each such time of silence."""
MERGE = 0.30
"""Cosine of two centroids from which two stories that claim the same article are one."""
MERGE_EVERY = 64
"""Articles from which two stories are compared with every second article that both claim, from twice as many with
every third: the products of large centroids are dear (docs/decisions/0103)."""
RESCUE = 0.30
"""Score from which a small story is taken in by a larger one (docs/decisions/0102)."""
RESCUE_SMALL = 6
"""Most articles of a story that is offered …"""
RESCUE_LARGE = 5
"""… and least of one that it is offered to."""
RESCUE_AFTER = (timedelta(minutes=90), timedelta(hours=4), timedelta(hours=12))
"""Silences after which a small story is offered."""
RESCUE_COUNTS = (2000,)
"""Arrivals after which a small story is offered, however little time they took; 700 is .5 worse."""
TICK = timedelta(seconds=60)
"""How often the engine is told that time passed: a tick sees the silences reached in that long before it."""
MAX_GAP = timedelta(days=3)
"""An article placed further from a story's first and latest does not belong to it, whatever its words."""

# --- Split (chosen on stories/headlines_dev; tables in docs/decisions/0110) -----------------------------------------
SPLIT_FROM = 8
"""Articles from which a story is looked at …"""
SPLIT_GROWTH = 1.3
"""… and how many times as many it has at each later look."""
SPLIT_RESIDUAL = 0.06
"""Two parts are two stories when the cosine of their centroids, without the one term that they share most, is less …"""
SPLIT_WHOLE = 0.10
"""… or with all terms less than this: far below `MERGE`, so that what was parted is not joined at once."""
SPLIT_LEAST = 3
"""Articles, copies not counted, that each part must have …"""
SPLIT_SHARE = 0.1
"""… and which share of all: a few strays are no story."""
SPLIT_SAMPLE = 96
"""Most articles of a story that are compared, evenly over its time."""
SPLIT_ROUNDS = 3
"""Rounds of k-means, in which most settle; five part no better."""

# --- Across languages (chosen on stories/fulltext_dev; docs/decisions/0112) -------------------------------------------
CROSSLINGUAL = 0.12
"""Cosine of what two texts of different languages share in places, numbers and names, the one shared most left out."""
CROSSLINGUAL_MIXED = 0.20
"""The same where the story already holds articles of the article's language (docs/decisions/0113)."""
CROSSLINGUAL_KEYS = 3
"""Least keys that they share, of which one is no place."""
CROSSLINGUAL_ARTICLES = 24
"""Newest articles of a story that speak for it."""

# --- Dense vectors (measured on headlines_dev; docs/decisions/0101) -------------------------
DENSE_WEIGHT = 0.5
"""Share of the dense similarity in every similarity, where both sides have a vector of one model."""
DENSE_WEIGHT_STATIC = 0.3
"""The same for static vectors, which know words but no sentences."""
STATIC_DIMENSIONS = 256
"""Vectors of so many dimensions are static ones."""
DENSE_OFFSET = 0.3
"""Dense cosine of articles that have nothing to do with each other; .2 joins too much, .35 splits full texts."""
DENSE_OFFSET_STATIC = 0.25
"""The same for static vectors."""

# --- Life ----------------------------------------------------------------------------------------------------------
EXPIRE_AFTER = timedelta(hours=48)
"""Silence after which a story sleeps and is forgotten from memory."""
EXPIRED_PER_TICK = 500
"""Bounds the pause that one tick makes; the next goes on."""
SLEEP_FROM = 2
"""Articles from which a story asleep is remembered."""
SLEEP_FOR = timedelta(days=14)
"""How long a story asleep may be woken or followed."""
SLEEP_TERMS = 24
"""Terms that are kept of it, its heaviest."""
SLEEP_INDEXED = 6
"""Of these the ones that it is found by, and as many of an article are asked for."""
SLEEP_ASKED = 200
"""A term under which more stories sleep says nothing."""
WAKE = 0.55
"""Cosine from which an article that no live story claims wakes a story asleep …"""
WAKE_RESIDUAL = 0.30
"""… if so much is left of it without the one term that they share most; chosen by reading, docs/decisions/0111."""
FOLLOWS = 0.22
"""What has to be left for a new story to follow one asleep: the same affair, another event …"""
RELATED = 0.08
"""… and for two live stories to be related."""
RELATED_ALONE = 0.15
"""The same for a story of one article, whose few words weigh more each."""
RELATED_MOST = 4
"""Related stories that are linked."""
COPY_WINDOW = timedelta(hours=48)
"""How long an article is compared with later ones for copies of it."""
COPY_POSTINGS = 50
"""A shingle that stands in more articles than that is boilerplate, and no evidence."""
HEADLINE_CHARS = 500
"""Of a title that is a whole text by mistake, this much is shown."""

# --- Headline (judgement: chosen by reading the front pages of the press and of 7 May 2014; docs/decisions/0036) ----
LEAD_FROM = 2
"""Independent publishers from which a story's headline may change hands; one that has no words gives way at once."""
LEAD_ASKED = 12
"""Newest articles of independent publishers that say what the story is about now."""
LEAD_LOOKED_AT = 400
"""Newest articles among which those publishers are looked for: a story may have ten thousand of one."""
LEAD_EVERY = 4
"""From twice so many articles on, the headline is looked at anew only when so many more have come, or an agency's."""
LEAD_WORDS = 7
"""Headlines with fewer words that say something are not worth more for being short."""
LEAD_SHORT = 4
"""With fewer, a headline names a subject, not an event."""
LEAD_FORM = 0.7
"""What is left of a headline's worth for each fault of form: short, cut off, all capitals, a question or teaser."""
LEAD_NEWER = 0.25
"""How much more the newest headline is worth than one of …"""
LEAD_AGE = timedelta(hours=2)
"""… that age or older."""
LEAD_AGENCY = 2.0
"""How many times as much the headline of an agency's own article is worth."""
LEAD_SUPERSEDED = 0.6
"""What is left of the worth of the present headline when its publisher has a newer article in the story."""
LEAD_GAIN = 1.4
"""How many times the worth of the present headline a new one must have to take its place."""

# --- Rank (see rank.py for the formula) ------------------------------------------------------------------------------
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
