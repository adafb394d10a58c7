"""Gives every error that we raise on purpose a place in one tree, so that callers catch as much of it as they mean.

Each message says what happened, to which url or file, and what to do.

StayAheadError
├── SettingsError            an option has a value that it cannot have
├── SourceError              about one url; stored on the source's health, never stops the others
│   ├── FetchError           what the wire did
│   │   ├── AddressRefused       the guard: a private or otherwise forbidden address
│   │   ├── ConnectFailed        name not found, refused, TLS, reset
│   │   ├── FetchTimeout         a time limit passed
│   │   ├── TooLarge             past the cap of bytes or of the compression ratio
│   │   ├── BadAnswer            broken HTTP, broken compression, redirect without end
│   │   ├── HttpStatus           an error status (429, 503, 410, 404 …)
│   │   └── RobotsRefused        the site's robots.txt does not allow it
│   ├── ParseError           the bytes hold no feed, sitemap, OPML or archive
│   ├── ExtractError         the page holds nothing to read
│   └── PrepareError         the worker that read it did not survive
│       ├── DeadlinePassed       past its CPU or wall time
│       ├── MemoryExceeded       past its memory
│       └── WorkerDied           it was killed, or crashed
├── ArchiveError             an archive file, with its line
├── ModelError               a model directory: missing, damaged, or it cannot be made
├── LexiconError             a file of a language's words is not in its form
├── UnknownStory             an id that no story ever had
├── UnknownArticle           an article that was never stored, or is no longer
├── UnknownSource            an address that is not watched
├── UnknownSession           a session of the owner that is not there
├── RulingError              a ruling that names no such story or article
├── DoorClosed               the service that runs does not take the owner's word
├── SnapshotFormat           a snapshot that this version cannot read
├── Outdated                 a delivery that decides about what has changed since its producer looked
├── DeskStopped              nothing more is committed; the message says why
└── StoreError               the database
    ├── StoreLocked              another process writes
    ├── StoreFull                the disk is full
    ├── StoreDamaged             the file is no database or fails its integrity check
    ├── StoreFenced              another newsroom has become the owner
    └── StoreTooNew              written by a newer version
"""

from __future__ import annotations

_TOLD_CHARS = 500


class StayAheadError(Exception):
    """Root of all errors that we raise on purpose."""


class SettingsError(StayAheadError):
    """An option has a value that it cannot have.

    Correct the option that the message names; `stayahead options` prints every option with its default.
    """


class SourceError(StayAheadError):
    """Something about one url went wrong: what, where, and what to do about it.

    The source's line on `/sources` says it with its own remedy; the other sources go on.

    Args:
        url: the url that it is about; always part of the message.
        what: what happened, a clause without a full stop.
        remedy: what the owner can do, or empty when waiting is all there is.
    """

    def __init__(self, url: str, what: str, *, remedy: str = "") -> None:
        super().__init__(url, what, remedy)
        self.url = url
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.url}: {self.what}" + (f"; {self.remedy}" if self.remedy else "")

    @property
    def told(self) -> str:
        """What happened and what to do, short and without the url, for places that show the url beside it."""
        text = self.what + (f"; {self.remedy}" if self.remedy else "")
        return text if len(text) <= _TOLD_CHARS else text[: _TOLD_CHARS - 1] + "…"

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions are pickled as class and `args`, which fails for a leaf that takes keywords (`HttpStatus`).
        return (_rebuild, (type(self), self.__dict__.copy()))


def _rebuild(kind: type[SourceError], fields: dict[str, object]) -> SourceError:
    """Unpickle an error of any signature, as worker processes send them."""
    error = kind.__new__(kind)
    error.__dict__.update(fields)
    return error


class FetchError(SourceError):
    """The network did not give us what we asked for.

    Nothing, mostly: the source is asked again later, and less often while it fails.
    """


class AddressRefused(FetchError):
    """The guard refused the address (private, loopback, link-local, a forbidden port …).

    Where the feed stands on your own network, put its exact `host:port` into the option `fetch_exceptions`.
    """


class ConnectFailed(FetchError):
    """No connection: name not found, refused, reset, TLS.

    Check the url; when all sources say so, this machine's network, name server or certificates.
    """


class FetchTimeout(FetchError):
    """A time limit passed.

    Wait for the next poll; a source that is always slow may need a longer `fetch_timeout_s`.
    """


class TooLarge(FetchError):
    """More bytes, or a higher compression ratio, than the caps allow.

    Where the source is right to be so large, raise the option `fetch_max_bytes`.
    """


class BadAnswer(FetchError):
    """Broken HTTP or compression, or redirects without end.

    Open the url in a browser and, where it ends elsewhere, watch that address instead.
    """


class HttpStatus(FetchError):
    """An error status, with the seconds that Retry-After asks for (0: none).

    Wait, where the site asks for it (429, 503); correct the address (401, 403, 404); a feed that is gone (410) is asked
    again once it is added again.
    """

    def __init__(self, url: str, what: str, *, status: int, retry_after_s: float = 0.0, remedy: str = "") -> None:
        super().__init__(url, what, remedy=remedy)
        self.status = status
        self.retry_after_s = retry_after_s


class RobotsRefused(FetchError):
    """The site's robots.txt does not allow us this url.

    The feed's own text is used; add a feed that carries whole articles if the site has one.
    """


class ParseError(SourceError):
    """The bytes hold nothing of the kind that was asked for.

    Wait for the next poll, or correct the address: a web page is no feed; `stayahead sources add` finds its feed.
    """


class ExtractError(SourceError):
    """The page holds nothing to read.

    Nothing: the article keeps the text of its feed. The page may need a browser to show its own.
    """


class PrepareError(SourceError):
    """The worker that read it did not survive.

    Please report it with the feed or page; the input is kept as refused, and everything else goes on.
    """


class DeadlinePassed(PrepareError):
    """Reading it took more CPU or wall time than an input may have.

    Nothing: an input that costs two workers is refused for good. Please report the page or feed.
    """


class MemoryExceeded(PrepareError):
    """Reading it took more memory than an input may have.

    Nothing: an input that costs two workers is refused for good. Please report the page or feed.
    """


class WorkerDied(PrepareError):
    """The worker was killed or crashed while reading it.

    When it is every input, the machine has too little memory for its `workers`; else please report the page or feed.
    """


class ArchiveError(StayAheadError):
    """An archive file cannot be read; the message names file, line and remedy.

    Correct the line, or the file's format: TSV with a header, JSONL, JSON or WARC, `.gz` by name.
    """


class ModelError(StayAheadError):
    """A model that makes vectors is missing, damaged or cannot be made; the message names file and remedy.

    Make the model anew with `stayahead model get`, or clear the option `vectors`.
    """


class LexiconError(StayAheadError):
    """A file of a language's words is not in its form; the message names file, key and remedy.

    Correct the file as `docs/guide/languages.md` has it, or install the version again.
    """


class UnknownStory(StayAheadError):
    """An id that no story ever had.

    Take the id from a story's address; every id that a story ever had answers for ever.
    """


class UnknownArticle(StayAheadError):
    """An article id that was never stored, or whose article is no longer kept.

    Take the id from the article's address, `/article/ID`.
    """


class UnknownSource(StayAheadError):
    """An address that is not among the watched sources.

    Take it from `stayahead sources list`, or watch it: `stayahead sources add URL`.
    """


class UnknownSession(StayAheadError):
    """A session of the owner that is not there, or no longer.

    Take its number from `stayahead owner sessions`.
    """


class RulingError(StayAheadError):
    """A ruling names a story or an article that does not exist, or asks for what cannot be done.

    Look at the story as it stands now, and rule again.
    """


class DoorClosed(StayAheadError):
    """A service runs on the database, and the owner's word does not reach it.

    Run the command as the user who runs the service, on the same machine, with the same `--data`; or stop the service
    first: without one the command does it alone.
    """


class SnapshotFormat(StayAheadError):
    """A snapshot of a format that this version cannot read.

    Nothing: the engine is rebuilt from what is stored, which takes a start a little longer.
    """


class Outdated(StayAheadError):
    """What a delivery decides about has changed since its producer looked; nothing of it was committed.

    Read what is stored now and compose the delivery again, as every producer of the newsroom does.
    """


class DeskStopped(StayAheadError):
    """Nothing more is decided or committed: a commit failed, or the engine has a bug.

    Remove the cause that the message names (a full disk, a damaged file) and start again: nothing acknowledged is lost.
    """


class StoreError(StayAheadError):
    """The database could not do what was asked.

    The message says which; `stayahead check` looks for damage and broken laws.
    """


class StoreLocked(StoreError):
    """Another process writes to the database.

    Stop the other service, or name another folder with `--data`.
    """


class StoreFull(StoreError):
    """The disk, or the space allowed, is full.

    Make room on the disk, or lower `bodies_days`, `bodies_gb` or `updates_days`; then start again.
    """


class StoreDamaged(StoreError):
    """The file is no database, or fails its integrity check.

    Put the last backup back: `stayahead restore FILE --replace`.
    """


class StoreFenced(StoreError):
    """Another newsroom has opened the database since; nothing more is committed by this one.

    Nothing was lost: the other one goes on. If you did not start it, see who else uses the file; a network share whose
    locks do not hold is the usual reason.
    """


class StoreTooNew(StoreError):
    """A newer version of StayAhead wrote this file.

    Start the version that wrote it, or a newer one; an older version never touches the file.
    """
