"""Members are what the engine keeps of live articles, and `LiveStory` is what it keeps of a live story.

There is one of each for everything that happened in two days, so both are held small: strings that many articles
have in common are one object, vectors and fingerprints are arrays, and a story of one article has neither head nor
aspects of its own.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from datetime import datetime
from sys import intern

from stayahead.analyze import adds_its_own
from stayahead.model import Article, Signals, StoryHead
from stayahead.stories.aspects import Aspects
from stayahead.stories.aspects.origins import is_own_report, origin_keys, shared_keys
from stayahead.stories.dense import NO_VECTORS, Dense, article_sum
from stayahead.stories.rank import importance_key
from stayahead.stories.vectors import Packed, Vector
from stayahead.stories.weights import HEADLINE_CHARS, RECOUNTED_MOST

NO_HASHES = array("q")
"""Fingerprint of every text that is too short to have one."""


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
        "has_reported",
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
        # By it stories are compared and ranked; by `arrived_at`, our clock, neighbours fade and copies age.
        self.placed_at = article.placed_at
        self.backfill = article.backfill
        self.revision = article.revision
        # Enough of the article to lead its story: the text is the store's.
        self.title = article.title[:HEADLINE_CHARS]
        self.language = intern(signals.language)
        self.domain = intern(article.publisher.domain)
        self.country = intern(article.publisher.country)
        self.is_agency = is_own_report(article)
        self.origin_keys = interned(origin_keys(article, signals))
        # An array: a tuple would hold an object for each number (docs/decisions/0035).
        self.fingerprint = array("q", signals.fingerprint) if signals.fingerprint else NO_HASHES
        # Counted over the whole text; the fingerprint is a sample, and this says how fine a one.
        self.shingles = signals.shingles
        self.vector = Packed(vector)
        self.shared_keys = Packed(shared_keys)
        """Places, numbers and names, which other languages share, weighed by rarity."""
        self.has_reported = signals.has_reported
        """Wanted only while it is decided; no snapshot has it."""
        self.dense = signals.vector
        self.vector_model = intern(signals.vector_model)
        self.copy_of = ""
        self.is_origin = True
        self.indexed = False
        """Whether it is in the term index and that of shared keys."""
        self.founded = 0
        """How many story names were made of its id."""

    @property
    def dense_sum(self) -> Dense:
        """Its dense vector as a sum of one."""
        return article_sum(self.dense, self.vector_model)

    def is_reprint_of(self, report: Member) -> bool:
        """Whether this near copy of an agency's own report, met before it, is the copy (docs/decisions/0037)."""
        # Newspapers reprint agencies and hardly ever the reverse, and many cut the credit: none is asked for. But a
        # text that credits another agency is that agency's.
        credited = {key for key in shared_keys(self.origin_keys) if key.startswith("a:")}
        return report.is_agency and not self.is_agency and credited <= set(report.origin_keys)

    def adds_its_own(self, original: Member) -> bool:
        """Whether this near copy holds so much of its own that it is an origin, and only carries the other's text."""
        # Without a sign that its own people reported, a longer text is taken for a fuller version of the same one.
        return (
            self.has_reported
            and not self.origin_keys[-1].startswith("c:")
            and adds_its_own(self.fingerprint, self.shingles, original.fingerprint, original.shingles)
        )


class LiveStory:
    """What the engine keeps of a live story.

    While it has one article, head, aspects and centroid are as a rule made from that article when they are wanted (see
    `State.head`, `State.aspects`, `State.centroid`): hundreds of thousands of stories never have a second one.
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
        """As the last update had it; None while it says nothing but what its one article says of itself."""
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
        """How many of its first articles have left the index, or never were in it."""
        self.alias_ids: tuple[str, ...] = ()
        """Every id that leads here."""
        self.apart: tuple[str, ...] = ()
        """Stories that were split from it: never merged with it again but by the owner."""
        self.before: Aspects | None = None
        """What it showed when it last slept; None if it never did."""
        self.follows = ""
        self.related: tuple[str, ...] = ()
        """The stories that it stands beside, as the last `Linked` had them."""
        self.silent_since = silent_since
        """When it last had news: not every update is news (`apply`)."""
        self.updated_number = opened_number
        """Number of the last update that changed it."""

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
        # The squared length is kept up with the sum: to count it anew would take a step for each of its terms, of which
        # a large story has thousands.
        change = 0
        for term, weight in vector.items():
            old = centroid.get(term, 0)
            new = old + sign * weight
            change += new * new - old * old
            if new:  # no term of weight 0 stays: a centroid is a function of the articles that are in it
                centroid[term] = new
            else:
                del centroid[term]
        self.norm2 += change

    def is_counted_anew(self, old: Member, new: Member) -> bool:
        """Whether an article's new text is another publisher's: what it counted for before must go."""
        # In a larger story the one who told of it stays counted: one origin too many among thousands of articles.
        return old.origin_keys[0] != new.origin_keys[0] and len(self.members) <= RECOUNTED_MOST

    def set_apart(self, other_id: str) -> None:
        """Never to be merged with that story but by the owner."""
        self.apart = (*[each for each in self.apart if each != other_id], other_id)

    def forget_apart(self, other_id: str) -> None:
        """That story is gone, or has become part of another one."""
        self.apart = tuple([each for each in self.apart if each != other_id])


def own_head(story_id: str, member: Member, aspects: Aspects) -> StoryHead:
    """The head of a story of one article that says nothing but what the article says of itself."""
    # Whatever is added here must be in `is_own_head` too, or a head that says more would not be kept.
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
    """Whether `own_head` says the same, so that the head need not be kept."""
    own = (member.id, member.title, member.language, member.arrived_at)
    return not (head.pinned or head.hidden) and own == (head.lead_id, head.headline, head.language, head.opened_at)


def interned(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The same keys; those that other articles have too are one object with theirs."""
    # `x:` is the key of an article without publisher, which no other has.
    return tuple([key if key.startswith("x:") else intern(key) for key in keys])


def in_counting_order(
    members: Mapping[str, Member], article_ids: Iterable[str], copy_of: Mapping[str, str]
) -> list[str]:
    """Originals before their copies, each in order of arrival: what is counted first is the origin."""
    return sorted(article_ids, key=lambda article_id: (bool(copy_of[article_id]), members[article_id].seq))
