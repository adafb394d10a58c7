"""Members are what the engine keeps of a live article, and `LiveStory` what it keeps of a live story.

There is one of each for everything that happened in two days, so both are held small: strings that many articles
have in common are one object, vectors and fingerprints are arrays, and a story of one article has neither head nor
aspects of its own.
"""

from __future__ import annotations

from array import array
from datetime import datetime
from sys import intern

from stayahead.model import Article, Signals, StoryHead
from stayahead.stories.aspects import Aspects
from stayahead.stories.aspects.origins import is_own_report, origin_keys
from stayahead.stories.dense import NO_VECTORS, Dense, of_article
from stayahead.stories.rank import importance_key
from stayahead.stories.vectors import Packed, Vector
from stayahead.stories.weights import HEADLINE_CHARS

NO_HASHES = array("q")
"""Of every text that is too short for a fingerprint."""


class Member:
    """What the engine keeps of a live article."""

    __slots__ = (
        "arrived_at",
        "backfill",
        "copy_of",
        "country",
        "dense",
        "domain",
        "fingerprint",
        "founded",
        "id",
        "indexed",
        "is_agency",
        "is_origin",
        "language",
        "origin_keys",
        "placed_at",
        "revision",
        "seq",
        "shared_keys",
        "shingles",
        "story_id",
        "title",
        "vector",
        "vector_model",
    )

    def __init__(self, article: Article, signals: Signals, vector: Vector, shared_keys: Vector) -> None:
        self.id = article.id
        self.seq = 0
        """Its number among all articles that ever arrived, from 1."""
        self.story_id = ""
        self.arrived_at = article.seen_at
        self.placed_at = article.placed_at
        self.backfill = article.backfill
        self.revision = article.revision
        self.title = article.title[:HEADLINE_CHARS]
        self.language = intern(signals.language)
        self.domain = intern(article.publisher.domain)
        self.country = intern(article.publisher.country)
        self.is_agency = is_own_report(article)
        self.origin_keys = interned(origin_keys(article, signals))
        self.fingerprint = array("q", signals.fingerprint) if signals.fingerprint else NO_HASHES
        self.shingles = signals.shingles
        self.vector = Packed(vector)
        self.shared_keys = Packed(shared_keys)
        """What it shares with other languages, weighed."""
        self.dense = signals.vector
        self.vector_model = intern(signals.vector_model)
        self.copy_of = ""
        self.is_origin = True
        self.indexed = False
        """Whether it is in the term index."""
        self.founded = 0
        """How many story names were made of its id."""

    @property
    def dense_sum(self) -> Dense:
        """Its dense vector as a sum of one."""
        return of_article(self.dense, self.vector_model)

    def is_reprint_of(self, own: Member) -> bool:
        """Whether this near copy of an agency's own report, met before it, is the copy (docs/decisions/0037)."""
        credited = {key for key in self.origin_keys if key.startswith("a:")}
        return own.is_agency and not self.is_agency and credited <= set(own.origin_keys)


class LiveStory:
    """What the engine keeps of a live story. With one article, head, aspects and centroid are as a rule that article's
    own (see `State.head`, `State.aspects`, `State.centroid`).
    """

    __slots__ = (
        "alias_ids",
        "apart",
        "aspects",
        "before",
        "centroid",
        "dense",
        "follows",
        "head",
        "id",
        "indexed",
        "members",
        "norm2",
        "opened_number",
        "related",
        "silent_since",
        "trimmed",
        "updated_number",
    )

    def __init__(self, story_id: str, head: StoryHead | None, opened_number: int, *, silent_since: datetime) -> None:
        self.id = story_id
        self.head = head
        """As last told; None: what its one article says of itself."""
        self.aspects: Aspects | None = None
        self.opened_number = opened_number
        self.members: list[str] = []
        """In the order of their arrival."""
        self.centroid: Vector | None = None
        """Sum of the vectors of its articles that copy none; None while it has one article."""
        self.norm2 = 0
        self.dense: Dense = NO_VECTORS
        """Sums of their dense vectors; none while it has one article."""
        self.indexed = 0
        """How many of its articles are in the term index."""
        self.trimmed = 0
        """So many of its first articles are not."""
        self.alias_ids: tuple[str, ...] = ()
        """Every id that leads here."""
        self.apart: tuple[str, ...] = ()
        """Stories that were split from it: never merged with it again but by the owner."""
        self.before: Aspects | None = None
        """What it showed when it last slept."""
        self.follows = ""
        self.related: tuple[str, ...] = ()
        """What it stands beside, as last told (`Linked`)."""
        self.silent_since = silent_since
        self.updated_number = opened_number

    @property
    def pinned(self) -> bool:
        """The owner keeps it at the top."""
        return self.head is not None and self.head.pinned

    @property
    def hidden(self) -> bool:
        """The owner keeps it off the pages."""
        return self.head is not None and self.head.hidden

    def add_vector(self, vector: Vector | Packed, sign: int) -> None:
        """Add a vector to the centroid, or take it away again; a story of one article has none."""
        centroid = self.centroid
        if centroid is None:
            return
        change = 0
        for term, weight in vector.items():
            old = centroid.get(term, 0)
            new = old + sign * weight
            change += new * new - old * old
            if new:
                centroid[term] = new
            else:
                del centroid[term]
        self.norm2 += change


def own_head(story_id: str, member: Member, aspects: Aspects) -> StoryHead:
    """The head of a story of one article, of which nothing was ever said but what the article says of itself."""
    parts = aspects.origins.parts()
    return StoryHead(
        id=story_id,
        headline=member.title,
        lead_id=member.id,
        language=member.language,
        opened_at=member.arrived_at,
        parts=parts,
        importance_key=importance_key(parts),
    )


def is_own_head(head: StoryHead, member: Member) -> bool:
    """Whether `own_head` says the same: then the head need not be kept. Hundreds of thousands of stories are such."""
    own = (member.id, member.title, member.language, member.arrived_at)
    return not (head.pinned or head.hidden) and own == (head.lead_id, head.headline, head.language, head.opened_at)


def interned(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The same keys; those that other articles have too are one object with theirs."""
    return tuple([key if key.startswith("x:") else intern(key) for key in keys])
