"""What is read: what a feed claims, what a page says, and what a machine makes of an article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stayahead.model.sources import Publisher


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditedSource:
    """Whom an entry credits (RSS `<source>`, Atom `source`)."""

    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """An image, sound or film that goes with an entry."""

    url: str
    media_type: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the source claims about one article. Claims, not facts: times may lie."""

    id: str = ""
    """guid / atom:id / JSON Feed id, as given; empty when the feed has none."""
    url: str = ""
    """Absolute http(s) url of the article, or empty."""
    title: str = ""
    wire: str = ""
    """What an agency put before the headline, `UPDATE 2`: where the article stands in a chain of them."""
    published: datetime | None = None
    updated: datetime | None = None
    author: str = ""
    """One display string."""
    html: str = ""
    """The content, else the summary, as the feed's HTML (never served as such)."""
    html_is_content: bool = False
    """`html` came from an element meant for the whole article (content:encoded, atom:content …)."""
    summary: str = ""
    """The summary's HTML when the entry has one beside its content."""
    categories: tuple[str, ...] = ()
    source: CreditedSource | None = None
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPart:
    """An address at which a feed goes on: a sitemap that an index names, a next page."""

    url: str
    changed: datetime | None = None
    """When it last changed, as the feed says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """By what an entry's article is known again, and what it is called if it is new (docs/decisions/0133)."""

    id: str
    """The new article's, for ever."""
    addresses: tuple[str, ...]
    """Ids under which its own address may be known, the surest first."""
    otherwise: str = ""
    """What it is called where its address without its fragment is known as another entry's of its feed."""
    shared: str = ""
    """The id of an address that other entries of its feed have, too."""
    formerly: tuple[str, ...] = ()
    """Ids that it may have had in other company. Its article is one of these only if the two say the same."""
    name: str = ""
    """What tells it in its feed whatever its address is, hashed as an id is; empty: nothing does.
    With `#` before it: its address with the fragment."""
    second_name: str = ""
    """Its id and its title, where the id can be no count: what tells it whatever its address and time are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a feed says of itself, and its entries in document order."""

    title: str = ""
    url: str = ""
    """The site it belongs to."""
    language: str = ""
    self_url: str = ""
    hub_url: str = ""
    more: tuple[FeedPart, ...] = ()
    """Where it goes on, the addresses likeliest to hold today's news first."""
    ttl_s: float = 0.0
    """Seconds that the feed asks us to wait (RSS ttl); 0 when it says nothing."""
    entries: tuple[Entry, ...] = ()
    identities: tuple[Identity, ...] = ()
    """Of each entry, in the same order; empty where nobody asked (`parse.identify`)."""


class BlockKind(StrEnum):
    """What a block of text is on its page."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTATION = "quotation"
    IMAGE = "image"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSpan:
    """A link inside a block's text: characters [start, end)."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One typed piece of plain text; an image's text is its alternative text."""

    kind: BlockKind
    text: str
    links: tuple[LinkSpan, ...] = ()
    url: str = ""
    """Address of an image; empty for other blocks."""


class PageKind(StrEnum):
    """What a page is, as far as it shows."""

    ARTICLE = "article"
    LIVE = "live"
    VIDEO = "video"
    LIST = "list"
    SHELL = "shell"
    PAYWALL = "paywall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says, before we know whose it is."""

    title: str = ""
    wire: str = ""
    """What an agency put before the headline, as in `Entry`."""
    url: str = ""
    """The canonical url that it names, absolute, or empty."""
    blocks: tuple[Block, ...] = ()
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    language: str = ""
    image: str = ""
    kind: PageKind = PageKind.ARTICLE
    comments: tuple[str, ...] = ()
    """Readers' comments and what looks like them, cut from the text."""
    confidence: float = 0.0
    """0 to 1: how sure the extractor is of the blocks."""

    @property
    def text(self) -> str:
        """The blocks' text joined by blank lines, images left out."""
        return "\n\n".join(b.text for b in self.blocks if b.kind is not BlockKind.IMAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What we read: one entry and one page of one publisher, at one revision."""

    id: str
    """16 characters of base32: see `urls.article_id`."""
    url: str
    """Where a reader finds it: the entry's url, or the canonical one on the same registrable domain."""
    publisher: Publisher
    feed_url: str
    entry: Entry
    page: Page
    revision: int = 0
    """0 as first stored; 1, 2 … as its text changed."""
    seen_at: datetime
    """When we first met it, by our clock."""
    placed_at: datetime
    """Its time in the story: `seen_at`, or for back-fill the entry's own plausible time."""
    backfill: bool = False
    """From a feed's first poll or an archive: counts neither for pace nor for breaking."""

    @property
    def title(self) -> str:
        """The entry's headline, else the page's."""
        return self.entry.title or self.page.title

    @property
    def via(self) -> str:
        """The feed whose word it is, where the site on which it stands has not been heard; empty otherwise."""
        return self.publisher.name if self.publisher.passes_on else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCard:
    """What a list shows of an article at one revision, and what the search finds it by (`analyze.card_of`)."""

    lede: str = ""
    """Its first sentences."""
    author: str = ""
    image: str = ""
    language: str = ""
    words: str = ""
    """Each word of title and text once, as `text.tokens` cuts them, divided by blanks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of an article with its weight before document frequencies: damped count x place."""

    text: str
    weight: float


VECTOR_SCALE = 256
"""The number as which a component of 1 is stored. A signed byte then holds components up to .496, and what rounding
loses changes a cosine by less than .001; the dot product of two stored vectors of 384 dimensions fits in 32 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What a machine makes of an article. Recomputable, never the truth."""

    language: str = ""
    terms: tuple[Term, ...] = ()
    """Distinct, heaviest first, ties by text; the title's words weigh more."""
    fingerprint: tuple[int, ...] = ()
    """Sampled hashes (63 bits) of 5-word shingles, ascending; empty for a text too short to compare."""
    shingles: int = 0
    """How many distinct shingles the text has, sampled or not."""
    shared_keys: tuple[Term, ...] = ()
    """What it shares with other languages (places, numbers, names), heaviest first; see `analyze.shared_keys`."""
    credits: tuple[str, ...] = ()
    """Agencies and outlets on whose report the text rests, folded (`reuters`, `ap` …)."""
    vector: bytes = b""
    """A unit vector of its title and first words: one signed byte a dimension, each `VECTOR_SCALE` times the component,
    so that a dot product is a whole number, `VECTOR_SCALE` squared times the cosine. Empty: none was made."""
    vector_model: str = ""
    """Which model made the vector (the short hash of its manifest); vectors of two models are never compared."""
    carried: tuple[str, ...] = ()
    """Agencies that a report of its own credits with a part of it."""
    has_reported: bool = False
    """A person is named as its author, or it says that its own people asked."""
