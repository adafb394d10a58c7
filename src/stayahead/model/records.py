"""What the loop asks the store to keep in one transaction, and how far it got."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from stayahead.model.claims import Reanalysis, Statements
from stayahead.model.reading import Article, ArticleCard, Entry, Signals
from stayahead.model.sources import FeedState
from stayahead.model.stories import Input, StoryHead, Update


class EntryState(StrEnum):
    """How far an entry has come."""

    PAGE_WANTED = "page_wanted"
    """Stored; its page has still to be fetched. Its article may already be out with the feed's text."""
    READ = "read"
    """Its article is stored with the best text that we could get."""
    REFUSED = "refused"
    """Not read, or read no further, for the reason given."""


SAME_ARTICLE = "the same article as "
"""How the reason begins for which an entry is read no further whose article another source or address brought: it is
no failure of its source (the health page tells the two apart)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRecord:
    """One entry of one feed and how far it has come; the id is its article's for ever."""

    id: str
    feed_url: str
    digest: str
    """Hash of what the feed said (title, html, updated): a changed one is a revision."""
    state: EntryState
    reason: str = ""
    tries: int = 0
    """How often its page was asked for in vain."""
    next_try_at: datetime | None = None
    seen_at: datetime
    backfill: bool = False
    is_foreign: bool = False
    """It stands on a site for which its feed cannot speak."""
    entry: Entry
    name: str = ""
    """What tells it in its feed whatever its address is (`Identity.name`); empty: as the store has it."""
    second_name: str = ""
    """What else does, whatever its time is (`Identity.second_name`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """What the store already holds of an entry."""

    id: str
    digest: str
    state: EntryState
    feed_url: str = ""
    """The feed that brought it first: only this feed's changes are revisions."""
    is_foreign: bool = False
    """That feed could not speak for the entry's site: the site's own feed takes over."""
    page_read_at: datetime | None = None
    """When its page was last asked for and answered; None when its text is not from its page."""
    is_removed: bool = False
    """Its article was removed: whatever brings it again, it does not come back."""
    is_forgotten: bool = False
    """Its row is gone, for it is old, but its feed has listed it ever since: it is no news."""
    name: str = ""
    """What tells it in its feed (`Identity.name`), as far as it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedList:
    """Ids and names of what a feed listed when it last brought something new; in place of its list before."""

    feed_url: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """What the reads of an article's page taught us, and when it is read again; committed with what it said."""

    article_id: str
    url: str
    """As it is asked for."""
    etag: str = ""
    last_modified: str = ""
    text_digest: str = ""
    """Hash of the text that was last extracted: an equal one is no revision."""
    reads: int = 1
    """Answers so far, 304 included."""
    read_at: datetime
    """When the last of them came."""
    next_at: datetime | None = None
    """When it may be read again, if its story matters then or `is_asked`; None: not by schedule any more."""
    is_asked: bool = False
    """A feed or sitemap said that it changed: read again whatever its story is."""
    failures: int = 0
    """Failed reads in a row."""
    reason: str = ""
    """Why the last read gave nothing; empty when it went well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDomain:
    """That a page of a domain names a feed as its own: the feed speaks for that domain from now on."""

    feed_url: str
    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAgain:
    """A feed or sitemap says that the page of an article has changed."""

    article_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RereadPolicy:
    """Which pages are worth reading again when their time has come, and how many of them at once."""

    front_stories: int
    """The first stories of the front page, whatever their origins."""
    origins: int
    """Origins from which a story matters wherever it stands; 3 at least, for an adapter may index no others."""
    quiet: timedelta
    """Stories with nothing newer are not looked through."""
    asked: int
    """Pages that feeds asked for which one look goes through, newest articles first."""
    each: int
    """Pages of one publisher that one look gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An article with the signals that decided about it, and how lists and the search show it."""

    article: Article
    signals: Signals
    card: ArticleCard = ArticleCard()
    """Empty in what the journal gives back: nobody decides with it, or recovers."""
    statements: Statements | None = None
    """None in what the journal gives back, in the same way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A removed article as it was, for as long as its removal can be taken back."""

    article: Article
    signals: Signals | None
    """None: they were forgotten before, for its story slept."""
    until: datetime
    words: bytes
    """Everything that was stored of it, as the store packed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """The owner takes the removal of an article back: it arrives once more, with all that was stored of it."""

    evidence: Evidence
    words: bytes
    """See `Withheld`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlAlias:
    """Another url of an article: a redirect's end, its canonical, an AMP or tracker form."""

    url: str
    """Normalised (`urls.normalise`)."""
    article_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedInput:
    """One line of the input log, the only order there is."""

    number: int
    at: datetime
    """The `now` that it was decided with."""
    input: Input


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotRow:
    """One piece of the engine's state; `value` None deletes the key."""

    key: str
    value: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRow:
    """What the pages of a host taught, packed by the newsroom; it replaces an earlier one."""

    host: str
    number: int
    """How many readings were folded into it."""
    at: datetime
    record: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The engine's state after update `number`: all of it, or what changed since the last one."""

    format: int
    """Format of the rows; an engine that does not know it is rebuilt from the live stories as they are stored."""
    number: int
    rows: tuple[SnapshotRow, ...]
    is_whole: bool = False
    """These rows are all there are: what was stored before goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What polls and reads of pages found out, which is stored as it stands: the engine has no say in it."""

    feed_states: tuple[FeedState, ...] = ()
    entries: tuple[EntryRecord, ...] = ()
    """Inserted, or replaced by id."""
    aliases: tuple[UrlAlias, ...] = ()
    page_states: tuple[PageState, ...] = ()
    """Inserted, or replaced by article; of an article that is not stored they are dropped."""
    read_again: tuple[ReadAgain, ...] = ()
    """After `page_states`; of an article without page state they are dropped."""
    feed_lists: tuple[FeedList, ...] = ()
    """Of a feed that is watched no more they are dropped."""
    reanalyses: tuple[Reanalysis, ...] = ()
    """In place of what earlier analyzers found; of a revision whose text is not stored they are dropped."""
    feed_domains: tuple[FeedDomain, ...] = ()
    """Of a feed that is not watched they are dropped."""

    @classmethod
    def together(cls, findings: Iterable[Findings]) -> Findings:
        """All of them, in their order."""
        each = list(findings)
        return cls(
            feed_states=tuple(state for one in each for state in one.feed_states),
            entries=tuple(record for one in each for record in one.entries),
            aliases=tuple(alias for one in each for alias in one.aliases),
            page_states=tuple(state for one in each for state in one.page_states),
            read_again=tuple(wish for one in each for wish in one.read_again),
            feed_lists=tuple(listed for one in each for listed in one.feed_lists),
            reanalyses=tuple(found for one in each for found in one.reanalyses),
            feed_domains=tuple(proof for one in each for proof in one.feed_domains),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Everything that one transaction commits."""

    findings: Findings = Findings()
    evidence: tuple[Evidence, ...] = ()
    """New articles and new revisions of known ones; every revision's text is kept."""
    restorations: tuple[Restoration, ...] = ()
    """Removed articles that come back; put back before anything else is written."""
    erased: tuple[str, ...] = ()
    """Removed articles of which nothing is withheld, or no longer."""
    inputs: tuple[LoggedInput, ...] = ()
    updates: tuple[Update, ...] = ()
    snapshot: Snapshot | None = None
    hosts: tuple[HostRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far the journal reaches."""

    epoch: str
    """Drawn anew when a database is made or restored; the first half of every cursor."""
    update: int = 0
    """Number of the last committed update; 0 before the first."""
    input: int = 0
    """Number of the last committed input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerSession:
    """A browser that a link has made the owner's."""

    id: int
    """Counted by the store; 0 before it is there."""
    opened_at: datetime
    until: datetime
    address: str
    """From where it was opened, as far as it is known."""
    browser: str
    """What the browser said of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerPosition:
    """How far a consumer of updates has come."""

    name: str
    number: int
    """Number of the last update that it is done with; 0 before the first."""
    at: datetime
    """When it said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedUpdate:
    """A committed update with the evidence that `apply` needs (opened, joined, revised), if it is kept."""

    update: Update
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStoryRecord:
    """A live story as the store has it."""

    head: StoryHead
    number: int
    """Number of the last update that changed it."""
    updated_at: datetime
    """When that update was decided."""
    alias_ids: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    """Stories that were split from it, or it from them."""
    follows: str = ""
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveArticleRecord:
    """An article of a live story as the store has it."""

    story_id: str
    evidence: Evidence
    has_signals: bool
    """False: it is from before the story slept, and its signals are forgotten."""
    copy_of: str
    founded: int
    """How many stories were named after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMembership:
    """All live stories with their articles: what an engine can be rebuilt from."""

    number: int
    """Number of the last committed update."""
    at: datetime
    """When it was decided."""
    stories: tuple[LiveStoryRecord, ...]
    """In the order in which they were opened."""
    articles: Callable[[], Iterator[LiveArticleRecord]]
    """Reads their articles in the order in which they were first seen; may be called again."""
    names: Mapping[str, int]
    """How many stories were named after articles that were removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long what is kept (see DESIGN: forgetting has an order)."""

    bodies_days: int = 30
    bodies_bytes: int = 20 * 1024**3
    updates_days: int = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What one pass of forgetting dropped."""

    bodies: int = 0
    withheld: int = 0
    search_tables: int = 0
    signals: int = 0
    updates: int = 0
