"""Says by what each entry of a feed is known again: rules 2 of identity (docs/decisions/0133), pure and without memory.

An entry's address is its identity by rules 1 (`urls.article_id`), but where a feed shows that it is not enough:

1. Entries that share an address are told apart by its fragment, where they have several and say different things.
2. Three entries or more that share the whole of it are told apart by their ids, else titles, else all they say. Who
   comes beside an entry may so change what it is called: all that it may have been called before is said, too.
3. An address may change from poll to poll (a token, a session, a new headline in it). So each entry also has a name in
   its feed, made of its id and of one thing more that must agree, its time or its title: feeds number their entries
   from 1 anew, call all of them alike, or use a title for an id, and two articles must never become one. A name that
   two entries of one answer bear names neither. Where its id has so many digits of its own that it can be no count,
   it has a second name, of id and title: its time may change then, too (docs/decisions/0148).

Nothing here depends on the order of the entries. What an article is called that is known already, the newsroom knows.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from stayahead.model import Entry, Identity
from stayahead.text import fold
from stayahead.urls import hashed, normalise, registrable, with_fragment

DIGITS_MIN = 5
"""An id with so many digits of its own is no count from 1; feeds list 1,000 entries, rarely more."""

_SIGNS = re.compile(r"[^0-9A-Za-z]")

APART_FROM = 3
"""So many entries must share an address before it is no article's: two may be versions of one article."""


def identify(entries: Sequence[Entry], *, feed_url: str) -> tuple[Identity, ...]:
    """The identity of each entry, in their order.

    Args:
        entries: all that one answer of the feed holds.
        feed_url: the address under which the feed is watched.
    """
    feed = normalise(feed_url) or feed_url
    forms = [normalise(entry.url) for entry in entries]
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for place, form in enumerate(forms):
        groups[form].append(place)
    told: dict[int, str] = {}
    for form, places in groups.items():
        if form and len(places) > 1:
            told |= _told_apart({place: entries[place] for place in places}, feed)
    answer = _Answer.of(entries)
    permalinks = [_permalink(entry, form) for entry, form in zip(entries, forms, strict=True)]
    own = [told.get(place) or form or _in_feed(entries[place], feed) for place, form in enumerate(forms)]
    links_borne = _borne([*permalinks, *forms], [*own, *forms])
    names = _names_in(feed, [_name(entry, answer) for entry in entries], own)
    second_names = _names_in(feed, [_second_name(entry, answer) for entry in entries], own)
    return tuple(
        _identity(
            entry,
            own=own[place],
            form=forms[place],
            former=_former(entry, forms[place], feed) if place in told else (),
            permalink=permalinks[place] if links_borne[permalinks[place]] == 1 else "",
            names=(names[place], second_names[place]),
        )
        for place, entry in enumerate(entries)
    )


def _identity(
    entry: Entry, *, own: str, form: str, former: Sequence[str], permalink: str, names: tuple[str, str]
) -> Identity:
    """Args: `former`: all that may have told an entry from others that share its address; empty: none does."""
    id_ = hashed(own)
    name, second_name = (hashed(each) if each else "" for each in names)
    addresses = {id_: None}
    # Alone a fragment says nothing yet; but once others come to the page, it is known under its own.
    whole = with_fragment(entry.url) if form and "#" in entry.url else form
    otherwise = ""
    if whole != form:
        otherwise = hashed(whole)
        name, second_name = f"#{otherwise}", ""  # the surest name there is
        addresses = {otherwise: None, **addresses}
    shared = ""
    if form and former:
        shared = hashed(form) if own != form else ""
        if not (shared or otherwise):  # without a fragment, beside others that have one
            otherwise = hashed(f"{form}#")
            addresses = {otherwise: None, **addresses}
    elif form:
        addresses[hashed(form)] = None
    if permalink:
        addresses[hashed(permalink)] = None
    formerly = dict.fromkeys(hashed(each) for each in former)
    return Identity(
        id=id_,
        addresses=tuple(addresses),
        otherwise=otherwise,
        shared=shared,
        formerly=tuple(each for each in formerly if each not in addresses),
        name=name,
        second_name=second_name if second_name != name else "",
    )


def _borne(names: Sequence[str], own: Sequence[str]) -> Mapping[str, int]:
    """How many different entries bear each name; one that a feed lists twice is one."""
    return Counter(name for name, _ in {pair for pair in zip(names, own, strict=True) if pair[0]})


def _names_in(feed: str, names: Sequence[str], own: Sequence[str]) -> list[str]:
    """The names that one entry alone bears, each in its feed; empty in place of the others."""
    borne = _borne(names, own)
    return [f"{feed}\n{name}" if borne[name] == 1 else "" for name in names]


def _in_feed(entry: Entry, feed: str) -> str:
    """The identity of an entry without an address, as rules 1 have it."""
    return f"{feed}\n{entry.id or entry.title}"


# ── entries that share an address ────────────────────────────────────────────────────────────────────────────────────


def _told_apart(entries: Mapping[int, Entry], feed: str) -> dict[int, str]:
    """What tells entries apart that share an address without its fragment; none of those that nothing tells apart."""
    by_form: defaultdict[str, list[int]] = defaultdict(list)
    for place, entry in entries.items():
        by_form[with_fragment(entry.url)].append(place)
    told: dict[int, str] = {}
    if len(by_form) > 1 and len({_saying(entry) for entry in entries.values()}) > 1:
        told |= {place: form for form, places in by_form.items() for place in places}
    for form, places in by_form.items():
        told |= _told_by_words({place: entries[place] for place in places}, form, feed)
    return told


def _told_by_words(entries: Mapping[int, Entry], form: str, feed: str) -> dict[int, str]:
    """What tells entries apart that share the whole of an address."""
    if len({_saying(entry) for entry in entries.values()}) < APART_FROM:
        return {}
    ids = _sayings_by(entries.values(), "id")
    titles = _sayings_by(entries.values(), "title")
    telling: dict[int, str] = {}
    for place, entry in entries.items():
        if entry.id and len(ids[entry.id]) == 1 and not _is_link(entry, entry.id):
            telling[place] = entry.id
        elif entry.title and len(titles[entry.title]) == 1:
            telling[place] = _titled(entry)
        elif entry.id and not _is_link(entry, entry.id):
            telling[place] = _all_it_says(entry)
        else:
            telling[place] = _words(entry)
    return {place: f"{feed}\n{form}\n{words}" for place, words in telling.items()}


def _titled(entry: Entry) -> str:
    return f"title:{entry.title}"  # some feeds number entries by their ids, and others by their titles


def _words(entry: Entry) -> str:
    return f"{entry.title}\n{_digest(entry.html)}" if entry.title else f"text:{_digest(entry.html)}"


def _all_it_says(entry: Entry) -> str:
    return "\n".join(_saying(entry)[::-1])


def _former(entry: Entry, form: str, feed: str) -> tuple[str, ...]:
    """What an entry may have been called while other entries shared its address with it: all that could tell it."""
    whole = with_fragment(entry.url)
    telling = (entry.id, _titled(entry), _words(entry), _all_it_says(entry))
    return (form, whole, *(f"{feed}\n{whole}\n{words}" for words in telling if words))


def _sayings_by(entries: Iterable[Entry], field: str) -> Mapping[str, set[tuple[str, str, str]]]:
    sayings: defaultdict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for entry in entries:
        sayings[getattr(entry, field)].add(_saying(entry))
    return sayings


def _saying(entry: Entry) -> tuple[str, str, str]:
    """What an entry says: of two that say the same one is a repetition."""
    return entry.title, _digest(entry.html), "" if _is_link(entry, entry.id) else entry.id


def _digest(html: str) -> str:
    return hashlib.blake2b(html.encode("utf-8", "replace"), digest_size=10).hexdigest()


def _is_link(entry: Entry, entry_id: str) -> bool:
    """Whether the id is the address once more, which changes when that does."""
    return entry_id == entry.url or (
        "://" in entry_id and bool(entry.url) and normalise(entry_id) == normalise(entry.url)
    )


# ── names in a feed ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Answer:
    """What must be known of the other entries before one is named."""

    ids: Mapping[str, int]
    times: Mapping[datetime | None, int]
    constants: frozenset[str]
    """Parts of queries that all its addresses have."""
    id_constants: frozenset[tuple[int, str]]
    """Parts that all its ids have at one place: the feed's number, today's date."""

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> _Answer:
        queries = [set(_query(entry.url)) for entry in entries if entry.url]
        constants: set[str] = set.intersection(*queries) if len(queries) >= APART_FROM else set()
        return cls(
            Counter(entry.id for entry in entries),
            Counter(entry.published for entry in entries),
            frozenset(constants),
            _id_constants(entries),
        )

    def time(self, entry: Entry) -> str:
        """When it was published; empty where all entries say the same, for that is when the feed was made."""
        if entry.published is None or (len(self.ids) > 1 and len(self.times) == 1):
            return ""
        return entry.published.astimezone(UTC).isoformat(timespec="seconds")

    def tells(self, entry: Entry) -> bool:
        """Whether its time is its own: no day without an hour, and no other entry's."""
        at = entry.published
        return at is not None and (at.hour or at.minute or at.second) != 0 and self.times[at] == 1


def _name(entry: Entry, answer: _Answer) -> str:
    """What tells an entry in its feed, whatever its address; empty: nothing does."""
    at = answer.time(entry)
    if not entry.id or _is_link(entry, entry.id) or answer.ids[entry.id] > 1:
        if at and entry.title:
            return f"titled\n{entry.title}\n{at}"
        steady = _without(entry.url, answer.constants) if entry.title and answer.constants else ""
        return f"titled\n{entry.title}\n{steady}" if steady else ""
    if at and answer.tells(entry):
        return f"id\n{entry.id}\n{at}"
    if entry.title and _letters(entry.title) not in _letters(entry.id):
        return f"id\n{entry.id}\n{entry.title}\n{at}"
    return ""


def _second_name(entry: Entry, answer: _Answer) -> str:
    """What tells an entry of whom not even the time stays, where its id cannot be a count; empty: nothing does."""
    if not entry.id or not entry.title or _is_link(entry, entry.id) or answer.ids[entry.id] > 1:
        return ""
    parts = [part for place, part in enumerate(_id_parts(entry)) if (place, part) not in answer.id_constants]
    rest = _letters("".join(parts)).replace(_letters(entry.title), "")
    is_unique = sum(map(str.isdigit, rest)) >= DIGITS_MIN
    return f"id\n{entry.id}\n{entry.title}\n" if is_unique else ""


def _id_parts(entry: Entry) -> list[str]:
    return _SIGNS.split(entry.id)


def _id_constants(entries: Sequence[Entry]) -> frozenset[tuple[int, str]]:
    parts = {entry.id: frozenset(enumerate(_id_parts(entry))) for entry in entries if entry.id}
    # Of one alone nobody knows what in its id is its own.
    return frozenset.intersection(*parts.values()) if parts else frozenset()


def _letters(words: str) -> str:
    """A title as it is written in addresses and ids, or so that it can be found in one."""
    return "".join(character for character in fold(words) if character.isalnum())


def _query(url: str) -> list[str]:
    return url.partition("#")[0].partition("?")[2].split("&") if "?" in url else []


def _without(url: str, constants: frozenset[str]) -> str:
    """The address without the parts of its query that all addresses of its feed have now: a session's, a feed's."""
    place, _, _ = url.partition("#")[0].partition("?")
    return f"{place}?{'&'.join(part for part in _query(url) if part not in constants)}"


def _permalink(entry: Entry, form: str) -> str:
    """The address that its id is, where that is another one of the same site."""
    if not entry.id.startswith(("http://", "https://")) or "#" in entry.id or not form:
        return ""
    link = normalise(entry.id)
    return link if link and link != form and registrable(link) == registrable(form) else ""
