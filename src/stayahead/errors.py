"""One tree of errors. Every leaf says what happened, to which url or file, and what to do.

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
├── UnknownStory             a story id that was never given
├── RulingError              a ruling that names no such story or article
├── SnapshotFormat           a snapshot that this version cannot read
├── Outdated                 a delivery that decides about what has changed since its producer looked
├── DeskStopped              nothing more is committed; the message says why
└── StoreError               the database
    ├── StoreLocked              another process writes
    ├── StoreFull                the disk is full
    ├── StoreDamaged             the file is no database or fails its integrity check
    └── StoreTooNew              written by a newer version
"""

from __future__ import annotations

_TOLD_CHARS = 500


class StayAheadError(Exception):
    """Root of all errors that we raise on purpose."""


class SettingsError(StayAheadError):
    """An option has a value that it cannot have."""


class SourceError(StayAheadError):
    """Something about one url went wrong: what, where, and what to do about it.

    Args:
        url: whose fault it is; always part of the message.
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
        """What happened and what to do, short, without the url: for where it stands beside it."""
        text = self.what + (f"; {self.remedy}" if self.remedy else "")
        return text if len(text) <= _TOLD_CHARS else text[: _TOLD_CHARS - 1] + "…"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.__dict__.copy()))


def _rebuild(kind: type[SourceError], fields: dict[str, object]) -> SourceError:
    """Unpickle an error of any signature, as worker processes send them."""
    error = kind.__new__(kind)
    error.__dict__.update(fields)
    return error


class FetchError(SourceError):
    """The wire did not give what we asked for."""


class AddressRefused(FetchError):
    """The guard refused the address (private, loopback, link-local, a forbidden port …)."""


class ConnectFailed(FetchError):
    """No connection: name not found, refused, reset, TLS."""


class FetchTimeout(FetchError):
    """A time limit passed."""


class TooLarge(FetchError):
    """More bytes, or a higher compression ratio, than the caps allow."""


class BadAnswer(FetchError):
    """Broken HTTP or compression, or redirects without end."""


class HttpStatus(FetchError):
    """An error status, with the seconds that Retry-After asks for (0: none)."""

    def __init__(self, url: str, what: str, *, status: int, retry_after_s: float = 0.0, remedy: str = "") -> None:
        super().__init__(url, what, remedy=remedy)
        self.status = status
        self.retry_after_s = retry_after_s


class RobotsRefused(FetchError):
    """robots.txt of the site does not allow us this url."""


class ParseError(SourceError):
    """The bytes hold nothing of the kind that was asked for."""


class ExtractError(SourceError):
    """The page holds nothing to read."""


class PrepareError(SourceError):
    """The worker that read it did not survive."""


class DeadlinePassed(PrepareError):
    """Reading it took more CPU or wall time than an input may have."""


class MemoryExceeded(PrepareError):
    """Reading it took more memory than an input may have."""


class WorkerDied(PrepareError):
    """The worker was killed or crashed while reading it."""


class ArchiveError(StayAheadError):
    """An archive file cannot be read; the message names file, line and remedy."""


class ModelError(StayAheadError):
    """A model that makes vectors is missing, damaged or cannot be made; the message names file and remedy."""


class UnknownStory(StayAheadError):
    """A story id that was never given."""


class RulingError(StayAheadError):
    """A ruling names a story or an article that is not there, or asks what cannot be done."""


class SnapshotFormat(StayAheadError):
    """A snapshot's format is unknown: rebuild from updates and signals."""


class Outdated(StayAheadError):
    """What a delivery decides about has changed since its producer looked: it reads anew and composes again."""


class DeskStopped(StayAheadError):
    """Nothing more is decided or committed: a commit failed, or the engine has a bug. A start recovers."""


class StoreError(StayAheadError):
    """The database could not do what was asked."""


class StoreLocked(StoreError):
    """Another process writes to the database."""


class StoreFull(StoreError):
    """The disk, or the space allowed, is full."""


class StoreDamaged(StoreError):
    """The file is no database, or fails its integrity check."""


class StoreTooNew(StoreError):
    """A newer version of StayAhead wrote this file."""
