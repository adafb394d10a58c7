"""The ports are the narrow protocols between the loop and the world: adapters implement them, `cli` wires them.

Only `Fetcher`, `Clock.sleep`, `Preparer`, `Sink`, `Door` and `Polls` are asynchronous. The store's ports are plain
calls: `Journal` belongs to the engine's thread; `Pages` and `Rulings` may be read from any thread, `Sources` from both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from stayahead.model import (
    Article,
    ArticleClaims,
    ArticlePlace,
    Batch,
    ConsumerPosition,
    Counts,
    EntryRecord,
    Feed,
    Fetched,
    Forgotten,
    GoneArticle,
    KnownEntry,
    LiveMembership,
    LoggedInput,
    LoggedUpdate,
    PageState,
    Polled,
    Position,
    Publisher,
    RemovalReason,
    RereadPolicy,
    Retention,
    Ruling,
    SearchPage,
    Snapshot,
    SourceHealth,
    StoryAnswer,
    StoryArticle,
    StoryRow,
    Update,
    Version,
    Visibility,
    WatchedFeed,
    Withheld,
    Witness,
)


class Clock(Protocol):
    """Where every `now` comes from: wall, replay or demo."""

    def now(self) -> datetime:
        """The time, aware, UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds of this clock's time."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One guarded GET."""

    url: str
    etag: str = ""
    last_modified: str = ""
    accept: str = "*/*"
    obey_robots: bool = False
    """Ask robots.txt of the host first (pages; feeds were named by the owner)."""
    max_bytes: int | None = None
    """Decompressed, within the fetcher's own cap; None: that one."""
    is_cut: bool = False
    """Past the cap it is cut, and no error."""
    on_behalf_of: str = ""
    """Url of the feed that wants it, as it is watched: shares are by source, and private addresses are allowed to the
    source that they were allowed for. Empty: of the very url, which the owner named."""


class Fetcher(Protocol):
    """The one way out for every request."""

    async def fetch(self, request: Request) -> Fetched:
        """Get it, within the caps. Status 200 or 304 only.

        Raises:
            FetchError: a leaf of it for everything else; its url is `request.url`.
        """
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...


class Sink(Protocol):
    """Who wants to know what was committed: the live hub, later alerts."""

    def publish(self, updates: Sequence[Update]) -> None:
        """Called on the event loop after the commit; must not block and must not raise."""
        ...


class Journal(Protocol):
    """What the engine's thread writes, and what it recovers from. One owner."""

    def position(self) -> Position:
        """How far the journal reaches."""
        ...

    def commit(self, batch: Batch) -> int:
        """Write all of it in one durable transaction; the number of the last update, old or new.

        Raises:
            StoreFenced: another owner has opened the journal since; nothing was written, and this one must end.
            StoreError: nothing of the batch was written.
        """
        ...

    def snapshot(self) -> Snapshot | None:
        """All rows of the last snapshot; None before the first."""
        ...

    def tail(self, *, after: int) -> Iterator[LoggedUpdate]:
        """The committed updates after that number, in order, each with its evidence."""
        ...

    def live(self) -> LiveMembership:
        """The live stories and their articles, after the last committed update. For the owner, before it commits."""
        ...

    def inputs(self, *, after: int, limit: int) -> Sequence[LoggedInput]:
        """Lines of the input log."""
        ...

    def forget(self, now: datetime, retention: Retention, *, running_since: datetime | None = None) -> Forgotten:
        """Drop what is past its time, in the stated order; bounded work, call again until zero.

        `running_since`: nothing that was committed through this journal is older, whatever its dates say.
        """
        ...

    def optimize(self) -> None:
        """Checkpoint and small upkeep; called when the loop is quiet."""
        ...

    def close(self) -> None:
        """Close the writer."""
        ...


class Sources(Protocol):
    """Feeds, publishers, entries: what the loop needs to know before it fetches."""

    def feeds(self) -> Sequence[WatchedFeed]:
        """All watched feeds, by url."""
        ...

    def add_feeds(self, feeds: Iterable[Feed], now: datetime) -> int:
        """Watch them; how many were new. If gone it is asked again.

        A known url gets the new title and the new sections; where nothing is said of one, it keeps what it has.
        """
        ...

    def remove_feed(self, url: str) -> bool:
        """Stop watching; True when it was watched. Its articles stay."""
        ...

    def publishers(self) -> Sequence[Publisher]:
        """All known publishers, by domain."""
        ...

    def put_publishers(self, publishers: Iterable[Publisher]) -> None:
        """Insert, or replace by domain."""
        ...

    def known_entries(self, ids: Sequence[str]) -> dict[str, KnownEntry]:
        """Those of the ids that are stored already, aliases followed (key: the id asked for)."""
        ...

    def named_entries(self, feed_url: str, keys: Sequence[str]) -> dict[str, KnownEntry]:
        """Those of the keys that are names of stored entries, the oldest of a name, or that the feed listed last.

        A key (an id or a name) that is only listed is that of an entry whose row was forgotten.
        """
        ...

    def wanted(self, *, limit: int) -> Sequence[EntryRecord]:
        """Entries whose page is still wanted, newest first."""
        ...

    def wanted_entry(self, article_id: str) -> EntryRecord | None:
        """The entry of that article, if its page is still wanted; None when it is not."""
        ...

    def due_pages(self, now: datetime, policy: RereadPolicy, *, limit: int) -> Sequence[PageState]:
        """Pages to be read again, those of the weightiest stories first, few of any one publisher.

        They are those whose time has come and whose story matters (among the first of the front page, of enough
        origins, or pinned), and those that a feed asked for; of hidden stories none.
        """
        ...

    def article(self, article_id: str, *, revision: int | None = None) -> Article | None:
        """An article with its text at that revision (default: its last); None when unknown."""
        ...

    def host_record(self, host: str) -> bytes | None:
        """What was last committed of a host's memory; None when nothing was, or it is forgotten."""
        ...


class Pages(Protocol):
    """What readers read. Safe from any thread; never writes."""

    def position(self) -> Position:
        """How far the journal reaches."""

    def front(self, now: datetime, *, limit: int, offset: int = 0) -> Sequence[StoryRow]:
        """Stories by importance, pinned ones first; hidden ones, and those with nothing of the last 48 h, left out."""

    def latest(self, *, limit: int, before: int | None = None) -> Sequence[StoryRow]:
        """Live stories by their last update, newest first; `before`: an update number to page on from.

        Sleeping ones are left out: that a story fell asleep is no news.
        """

    def story(self, story_id: str, *, limit: int = 200, before: ArticlePlace | None = None) -> StoryAnswer:
        """The story, where it moved, or that it is gone.

        Args:
            story_id: its id, or one that led elsewhere.
            limit: of its articles so many, the newest.
            before: where the page after this one ended; None: from the newest on.

        Raises:
            UnknownStory: the id was never given.
        """

    def reports(self, story_id: str, *, limit: int) -> Sequence[StoryArticle]:
        """The story's newest articles that copy no other of it, newest first; none when the story is not there."""

    def article(self, article_id: str) -> Article | None:
        """An article with its text, as last read; None when unknown."""

    def versions(self, article_id: str, *, limit: int, before: int | None = None) -> Sequence[Version]:
        """The revisions of an article whose text is kept, newest first; `before`: a revision to page on from."""

    def updates(self, *, after: int, limit: int) -> Sequence[Update] | None:
        """Updates after that number; None when some of them are no longer kept."""

    def search(self, query: str, *, limit: int, before: datetime | int | None = None, language: str = "") -> SearchPage:
        """Articles that hold what the query asks for, newest first; only those before that time, or before the place
        that an earlier page's `before` says.
        """

    def health(self, now: datetime) -> Sequence[SourceHealth]:
        """Every watched feed and how it does: failing ones first."""

    def gone_article(self, article_id: str) -> GoneArticle | None:
        """Why an article of that id is not there any more; None when none was removed."""

    def counts(self) -> Counts:
        """Totals for `/metrics` and the health page."""


class Claims(Protocol):
    """What articles state: ledgers are folded from it, and after an upgrade it is found anew. Safe from any thread."""

    def claims(self, story_id: str, *, kind: str | None = None, limit: int) -> Sequence[ArticleClaims]:
        """What the last revisions of the story's articles claim, newest article first; `kind` None: of every kind.

        Articles that claim nothing or were not analysed are among them; of a story that is not there, there are none.
        """

    def witnesses(self, story_id: str, *, limit: int) -> Sequence[Witness]:
        """The story's newest articles as they are asked who says so: with credits, samples, times and documents."""
        ...

    def stale_analyses(self, versions: str, *, limit: int) -> Sequence[str]:
        """Articles of live stories whose last revision other analyzers read, or none, newest first.

        Those whose text is forgotten are left out, and those that these versions could not read.
        """


class StoryLog(Protocol):
    """What became of one story, update by update, as far back as updates are kept. Safe from any thread."""

    def updates_of(self, story_id: str, *, after: int, limit: int) -> Sequence[Update]:
        """The updates of the story, and of stories that it took in, after that number, oldest first."""

    def last_update_of(self, story_id: str, *, upto: int) -> Update | None:
        """The last update told of the story under that very id, at most of that number; None when none is kept."""

    def rulings(self, story_id: str, *, limit: int) -> Sequence[Update]:
        """The last `ruled` updates about the story, and about stories that it took in, newest first.

        With those about what it was before a join that was taken back since, whatever name it bore then.
        """


class Rulings(StoryLog, Protocol):
    """What must be known of stories before the owner's word about them can be decided."""

    def story_of(self, article_id: str) -> str | None:
        """The story that an article is in, live or asleep; None when the article is unknown or was removed."""

    def articles_only_from(self, feed_url: str, *, limit: int) -> Sequence[str]:
        """Articles that this feed brought and, as far as it is known, no other, the oldest first."""

    def named_after(self, article_id: str) -> int:
        """How many stories bear a name made of an article's id."""

    def withheld(self, article_id: str) -> Withheld | None:
        """A removed article as it was; None when it is unknown, not removed, or erased."""

    def visibility_of(self, story_id: str) -> Visibility:
        """How a story was shown when it was last told; also one that was merged into another since."""


class Consumers(Protocol):
    """How far each consumer of updates has come: alerts, webhooks, feeds that others fetch.

    A consumer reads `Pages.updates` after its position, does its work, and only then says how far it has come: after a
    crash it meets the last of them again, so what it does twice must do no harm. Where `updates` gives None, what it
    has not met is no longer kept: it says so to whom it serves, and goes on from `Pages.position`. The live stream is
    no consumer: it is told right after the commit, at most once, and remembers nothing (`Sink`).
    """

    def consumers(self) -> Sequence[ConsumerPosition]:
        """All that ever said how far they had come, by name."""

    def consumed(self, name: str, number: int, at: datetime) -> None:
        """The consumer is done with every update up to this one. A new name begins with its first call.

        Raises:
            StoreError: it would go back, or past the last update.
        """

    def drop_consumer(self, name: str) -> bool:
        """Forget its position; True when there was one."""


class Upkeep(Protocol):
    """What the owner does to the file as a whole, from the command line."""

    def check(self) -> Sequence[str]:
        """Integrity of file, keys and laws; one line for each thing that is wrong, none when all is well."""

    def backup(self, target: Path) -> None:
        """Copy the whole database, while it runs, to a new file."""

    def export(self, *, after: int = 0) -> Iterator[dict[str, object]]:
        """Every story and article as JSON-ready values, oldest update first."""


class Door(Protocol):
    """Where the owner's word enters. What comes of it is committed and told to readers before it is answered.

    Every method answers with the updates that came of it, none when all was so already, and raises `RulingError` when
    it cannot be done, `UnknownStory` or `UnknownArticle` for ids never given, and `DeskStopped` when nothing more is
    committed. What raises has changed nothing.
    """

    async def rule(self, ruling: Ruling) -> Sequence[Update]:
        """Do what the owner says about a story."""

    async def undo(self, story_id: str) -> Sequence[Update]:
        """Take back the last ruling about the story that still stands."""

    async def remove(self, article_id: str, reason: RemovalReason, *, now: bool = False) -> Sequence[Update]:
        """Remove an article; `now`: what it said is erased at once, also where it was removed before."""

    async def remove_source(self, feed_url: str) -> Sequence[Update]:
        """Remove articles that this feed alone brought, some hundreds of them; none left: no updates."""

    async def restore(self, article_id: str) -> Sequence[Update]:
        """Take a removal back: the article arrives once more, as it was."""


class Polls(Protocol):
    """Where the owner has sources asked without waiting for their turn."""

    async def poll_now(self, url: str | None, *, wait_s: float) -> Sequence[Polled]:
        """Ask that source now, or all of them (None), and wait so long at most; what came of each, by url.

        Raises:
            UnknownSource: it is not watched.
            DeskStopped: nothing more is committed.
        """
