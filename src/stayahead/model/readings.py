"""The shapes in which pages and the API read the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from stayahead.model.claims import Claim
from stayahead.model.reading import Article
from stayahead.model.sources import WatchedFeed
from stayahead.model.stories import Story, StoryArticle, StoryHead


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """A story as a list shows it."""

    head: StoryHead
    number: int
    """Number of the last update that changed it."""
    lead: StoryArticle
    """The article whose headline it bears."""
    first: StoryArticle
    """Who had it first, back-fill included."""
    arrivals: tuple[datetime, ...] = ()
    """`placed_at` of its latest independent articles, at most 200, oldest first: the pace line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySentence:
    """A sentence of a story's summary, with the article that it stands in; of one publisher's story, its first ones."""

    text: str
    article: StoryArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleClaims:
    """What the last revision of a story's article claims."""

    article: StoryArticle
    claims: tuple[Claim, ...] = ()
    """In the order of the text, the headline's first."""
    is_analysed: bool = True
    """False: no analyzer has read it yet, or none could; what it claims is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """An article of a story as it is asked who says so, and who said it first."""

    article: StoryArticle
    stated: tuple[datetime, ...] = ()
    """When it was published: by its feed, then by its page; what neither says is left out."""
    credits: tuple[str, ...] = ()
    """On whose report it rests, as in `Signals`."""
    carried: tuple[str, ...] = ()
    """Of which agencies it holds a part beside its own report."""
    fingerprint: tuple[int, ...] = ()
    shingles: int = 0
    documents: tuple[Claim, ...] = ()
    """The primary documents that it links to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedStory:
    """The id is an alias of another story's."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneStory:
    """Every article of it left or was forgotten. The title of what was forgotten is kept for ever."""

    id: str
    headline: str
    """Empty where its last article was removed: with it went its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneArticle:
    """An article that was removed: nothing of it is told but its id and why."""

    id: str
    reason: str
    """As `REASONS` has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An article as it stood at one revision."""

    article: Article
    read_at: datetime
    """When it was committed, by our clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """An article that matches, with the story it is in."""

    article: StoryArticle
    story_id: str
    story_headline: str
    passage: str = ""
    """A sentence of its text that holds what was looked for, where headline and first sentences do not. Part of the
    text: for those who may read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of search results, newest first."""

    hits: tuple[SearchHit, ...]
    is_last: bool
    """No older match is left."""
    before: int | None = None
    """Where the next page goes on: the place of the last article that was looked at. None on the last page."""
    words: frozenset[str] = frozenset()
    """What was found of the query's words, in all their forms in headlines, first sentences and passages of the hits,
    as `text.tokens` makes them: to be marked."""
    beginnings: tuple[str, ...] = ()
    """Words that begin so were looked for, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One watched feed and how it does."""

    watched: WatchedFeed
    publisher_name: str = ""
    articles_24h: int = 0
    pages_wanted: int = 0
    refused: int = 0
    """Entries of the last 7 days that were refused."""
    last_refusal: str = ""
    elsewhere: int = 0
    """Entries of the last 7 days whose articles another source or address had brought: nothing is wrong with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the store holds, for `/metrics` and the health page."""

    feeds: int = 0
    feeds_failing: int = 0
    articles: int = 0
    stories_live: int = 0
    updates: int = 0
    pages_wanted: int = 0
    entries_waiting: int = 0
    bytes: int = 0
    """Size of the database file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskHealth:
    """How the desk does, for monitors."""

    is_stopped: bool = False
    """Nothing more is decided or committed."""
    waiting: int = 0
    """Deliveries that wait for their commit."""
    commit_age_s: float = 0.0
    """Seconds since the last commit, or since the start."""
    stuck_s: float = 0.0
    """Seconds for which deliveries have been waiting without any commit; 0 when none waits."""


StoryAnswer = Story | MovedStory | GoneStory
"""What a story id answers; an id never given answers with `errors.UnknownStory`."""
