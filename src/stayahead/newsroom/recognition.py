"""Finds which stored article each entry of a feed's answer is: by its address, else by its name in the feed.

An address goes first: by it two feeds of a site bring one article. A name (`Identity.name`) finds an entry whose
address changes, in its own feed only, and not an article that another entry of the same answer has by its address. Of
entries that share one address (rules 2, docs/decisions/0133), the article that has it is the one that says what the
article's feed said last. It asks the store, so it runs on a thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stayahead.model import Entry, Identity, KnownEntry, ParsedFeed
from stayahead.newsroom.articles import digest
from stayahead.ports import Sources

RULES = 2
"""Number of the rules by which entries are known again here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """An entry of an answer, and the article that it is."""

    id: str
    """The article's."""
    entry: Entry
    digest: str
    name: str
    second_name: str
    marks: tuple[str, ...]
    """What is noted of it, so that it is no news when its row is forgotten."""
    known: KnownEntry | None
    """What the store has of it; None: it is new."""
    is_at_home: bool
    """It stands under the very id of its article, and not under another address of it."""
    has_page: bool = True
    """False: its address is that of other entries, too."""
    was_taken_for_another: bool = False
    """New by rules 2 alone: by rules 1 it was the article that has its address."""


def recognise(parsed: ParsedFeed, *, feed_url: str, sources: Sources) -> list[Met]:
    """The entries of an answer, the last of the feed first, one for each article.

    Of several that lead to one article that under the article's own address counts, then the feed's first.
    """
    identities = parsed.identities
    known = sources.known_entries(_addresses(identities))
    looks = [
        _Look(entry=entry, identity=identity, digest=digest(entry))
        for entry, identity in zip(parsed.entries, identities, strict=True)
    ]
    for look in looks:
        look.find(known, feed_url)
    lost = [look for look in looks if look.known is None]
    named = sources.named_entries(feed_url, [key for look in lost for key in look.marks()]) if lost else {}
    claimed = {look.known.id for look in looks if look.known is not None}
    for look in lost:
        look.take((named[key] for key in look.marks() if key in named), claimed)
    for look in lost:  # when all have been found that have a name
        look.take(look.former(known, feed_url), claimed)
    by_article: dict[str, Met] = {}
    # From the end: feeds put the newest first, and what happened first is to be decided first.
    for look in reversed(looks):
        met = look.met(known)
        if met.id not in by_article or met.is_at_home >= by_article[met.id].is_at_home:
            by_article[met.id] = met
    return list(by_article.values())


def is_any_known(parsed: ParsedFeed, *, feed_url: str, sources: Sources) -> bool:
    """Whether one of an answer's entries is stored."""
    names = [name for each in parsed.identities for name in (each.name, each.second_name) if name]
    known = sources.known_entries(_addresses(parsed.identities)) or sources.named_entries(feed_url, names)
    return bool(known)


def _addresses(identities: Sequence[Identity]) -> list[str]:
    return list(dict.fromkeys(id_ for each in identities for id_ in (*each.addresses, *each.formerly)))


@dataclass(slots=True, kw_only=True)
class _Look:
    """One entry while its article is looked for."""

    entry: Entry
    identity: Identity
    digest: str
    known: KnownEntry | None = None
    id: str = ""
    """Under which it was found, or is new."""

    def marks(self) -> tuple[str, ...]:
        """By what it is looked for beside its address, the surest first."""
        identity = self.identity
        return tuple(mark for mark in (identity.name, identity.second_name, self.id) if mark)

    def find(self, known: dict[str, KnownEntry], feed_url: str) -> None:
        """By its address."""
        self.id = self.identity.id
        for address in self.identity.addresses:
            found = known.get(address)
            if found is None:
                continue
            if address != self.identity.otherwise and self._is_another(found, feed_url):
                self.id = self.identity.otherwise
                continue
            self.known, self.id = found, address
            return

    def _is_another(self, found: KnownEntry, feed_url: str) -> bool:
        """Whether its feed listed this page before, under another fragment and with other words."""
        if not self.identity.otherwise or found.feed_url != feed_url or found.digest == self.digest:
            return False
        return found.name.startswith("#") and found.name != self.identity.name

    def former(self, known: dict[str, KnownEntry], feed_url: str) -> Iterator[KnownEntry]:
        """What it may have been in other company: an article of its feed that says what it says."""
        holders = (known[key] for key in self.identity.formerly if key in known)
        return (each for each in holders if each.feed_url == feed_url and each.digest == self.digest)

    def take(self, articles: Iterable[KnownEntry], claimed: set[str]) -> None:
        """It is the first of these that no other entry of the answer is; one that has its article keeps it."""
        if self.known is not None:
            return
        self.known = next((each for each in articles if each.id not in claimed), None)
        if self.known is not None:
            claimed.add(self.known.id)
            self.id = self.known.id

    def met(self, known: dict[str, KnownEntry]) -> Met:
        """What was found."""
        identity, found = self.identity, self.known
        article = self.id if found is None else found.id
        return Met(
            id=article,
            entry=self.entry,
            digest=self.digest,
            name=identity.name,
            second_name=identity.second_name,
            marks=self.marks(),
            known=found,
            is_at_home=article == self.id,
            has_page=not identity.shared and (not identity.otherwise or article != identity.otherwise),
            was_taken_for_another=found is None and identity.shared in known,
        )
