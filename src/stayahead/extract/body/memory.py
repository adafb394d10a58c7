"""Learns from a host's earlier pages which blocks are its furniture and where its articles stand.

Theory of operation. Each page that is read leaves an `Observation`: hashes of its blocks and of the words that tell
what it is about, and the path of the element that held the article. `fold` keeps those of a host's last `WINDOW`
articles; `memory_of` derives from them the small `HostMemory` that readers of the next pages get. All is a function of
the window, so a redesign is forgotten with it.

The trap: newspapers repeat paragraphs of background word for word while a story runs. A block is furniture only when
all of this holds (docs/decisions/0027):

- it stands in `MIN_ARTICLES` different articles; a text read twice, revised or copied, counts once;
- these are of different stories: few pairs of them share telling words, or many share none with any other;
- it stands at the edge of its pages or apart from their paragraphs, or in `MIN_SHARE` of the articles since it came up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import combinations, takewhile
from struct import pack, unpack
from zlib import crc32

from stayahead.extract.body.outline import Node, Run
from stayahead.model import BlockKind
from stayahead.text import tokens

WINDOW = 40
"""Articles of a host that are remembered: the author of every tenth is met four times."""
MIN_ARTICLES = 4
"""Different articles that a block must stand in: the fifth page of a host is the first that can gain."""
MIN_SHARE = 0.5
"""Of the articles since a block was first met, those that hold it, when it stands between paragraphs like one."""
MIN_FREE = 0.75
"""Of the articles that hold a block, those where it stands at the edge or apart."""
SHARED_WORDS = 4
"""Telling words that two articles of one story share: of 86 such pairs of real articles in three languages all share 5
or more, of 10,500 others 10 % share 4 or more."""
MAX_RELATED = 1 / 3
"""Of the pairs of articles that hold a block, those that share so many words; …"""
MIN_UNRELATED = 6
"""… or so many of them share them with none of the others: on a host that mostly lives on one story."""
MIN_WORDS = 12
"""An article with fewer telling words proves nothing."""
SAME_BLOCKS, SAME_WORDS = 0.5, 0.6
"""Shares of blocks and of telling words that two readings of the same article have in common."""
MIN_BLOCK_CHARS = 25
"""Shorter runs are labels; the gates judge them."""
FIRST_BLOCKS, LAST_BLOCKS = 32, 64
"""Blocks kept of a long page: furniture stands around an article."""
WORDS_CHARS = 2_000
"""Characters of a block whose words are looked at: hostile ones have millions."""
MAX_TELLING = 48
"""Telling words kept of an article."""
MAX_HASHES = 200
"""Repeated blocks, and as many suspect ones, in a `HostMemory`: the most frequent first."""
CONTAINER_WINDOW, MIN_CONTAINER = 12, 4
"""A container is remembered that held so many of the host's last surely read articles."""
PATH_LEVELS = 4
MAX_PATH_CHARS = 240
_LONG_WORD = 5
_LEAVES = frozenset(("p", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "td", "dd", "dt", "pre", "tr"))
_DIGITS = re.compile(r"\d+")
_NAME = re.compile(r"(?<![.!?…:»\"”“] )(?<=[ (])[^\W\d_]\w{2,}")
"""A word of three letters or more that does not begin a sentence; it is a name when it is capitalised."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Of Thai, Lao, Burmese, Japanese, Chinese, Korean: `text.tokens` cuts them into bigrams."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostMemory:
    """What a host's earlier pages teach about its next one."""

    host: str = ""
    number: int = 0
    """How many readings were folded into it."""
    repeated: frozenset[int] = frozenset()
    """Hashes of the blocks that are its furniture."""
    suspect: frozenset[int] = frozenset()
    """Those that stand in two articles or more, furniture or not: no part of what an article alone says."""
    containers: tuple[str, ...] = ()
    """Paths of the elements that held its articles, the most frequent first."""

    def knows(self, text: str) -> bool:
        """The text is furniture of the host."""
        return len(text) >= MIN_BLOCK_CHARS and bool(self.repeated) and block_hash(text) in self.repeated


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one page showed; packed, for many are kept."""

    host: str
    article: int
    """Hash of its url: another reading of the same replaces it."""
    blocks: bytes
    """8 bytes a block in the page's order: 2 x hash (56 bits) + whether it stands apart, little-endian."""
    words: bytes
    """4 bytes a telling word, hashed, ascending."""
    container: str = ""
    """Path of the element that held the article; empty where that was not sure."""
    read_with: int = 0
    """Number of the memory that the page was read with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRecord:
    """The observations of a host's last articles, oldest first."""

    host: str
    number: int = 0
    observations: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A block in one observation."""

    at: int
    """Which observation."""
    is_free: bool
    """It stands apart from the article's paragraphs, or only repeated blocks stand on one side of it."""


# ── a page ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def block_hash(text: str) -> int:
    """56 bits of BLAKE2b."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=7).digest(), "little")


def observe(
    runs: Sequence[Run], nodes: Sequence[Node], *, url: str, title: str, container: str, memory: HostMemory
) -> Observation:
    """What the page shows.

    Args:
        runs: of the page's container before any gate, and its known furniture, in the page's order.
        nodes: of its outline.
        url: names the article.
        title: its names tell most.
        container: path of the element that held it, when that is sure.
        memory: what it was read with.
    """
    runs = [run for run in runs if run.kind is not BlockKind.IMAGE and len(run.text) >= MIN_BLOCK_CHARS]
    if len(runs) > FIRST_BLOCKS + LAST_BLOCKS:
        runs = [*runs[:FIRST_BLOCKS], *runs[-LAST_BLOCKS:]]
    hashes = [block_hash(run.text) for run in runs]
    flow = _flow_of(runs, nodes)
    packed = [2 * found + (_parent_of(run, nodes) != flow) for run, found in zip(runs, hashes, strict=True)]
    own = [
        _words(run.text[:WORDS_CHARS]) for run, found in zip(runs, hashes, strict=True) if found not in memory.suspect
    ]
    return Observation(
        host=memory.host,
        article=block_hash(url),
        blocks=pack(f"<{len(packed)}Q", *packed),
        words=_telling(own, _words(title)),
        container=container,
        read_with=memory.number,
    )


def path_of(nodes: Sequence[Node], index: int) -> str:
    """Tags, classes and ids of an element and of those around it, numbers as `0`; empty when none says anything."""
    parts: list[str] = []
    names = False
    while nodes and len(parts) < PATH_LEVELS:
        node = nodes[index]
        names = names or bool(node.mark) or node.tag in ("article", "main")
        parts.append(node.tag + _DIGITS.sub("0", node.mark).rstrip())
        if index == node.parent:
            break
        index = node.parent
    return ">".join(reversed(parts))[-MAX_PATH_CHARS:] if names else ""


def find_container(nodes: Sequence[Node], memory: HostMemory) -> int | None:
    """The one element at a remembered path; None where there is none, or more than one."""
    if not memory.containers:
        return None
    # Most elements are ruled out by their tag and mark alone.
    ends = {path.rpartition(">")[2] for path in memory.containers}
    found: dict[str, list[int]] = {}
    for index, node in enumerate(nodes):
        if node.tag + _DIGITS.sub("0", node.mark).rstrip() in ends:
            found.setdefault(path_of(nodes, index), []).append(index)
    return next((found[path][0] for path in memory.containers if len(found.get(path, ())) == 1), None)


def _words(text: str) -> set[str]:
    """The longer words of a text, folded, and its names, as written; of scripts without blanks its bigrams."""
    names = {name for name in _NAME.findall(text) if name[0] != name[0].lower()}
    return names | {w for w in tokens(text) if len(w) >= _LONG_WORD or (len(w) > 1 and _UNSPACED.match(w))}


def _telling(blocks: Iterable[set[str]], title: set[str]) -> bytes:
    """The words that most blocks share, the title being two of them, hashed."""
    spread = Counter(word for said in blocks for word in said)
    for word in title:
        spread[word] += 2
    telling = sorted((-count, word) for word, count in spread.items())[:MAX_TELLING]
    hashes = sorted({crc32(word.encode("utf-8", "replace")) for _, word in telling})
    return pack(f"<{len(hashes)}I", *hashes)


def _parent_of(run: Run, nodes: Sequence[Node]) -> int:
    node = nodes[run.node]
    return node.parent if node.tag in _LEAVES else run.node


def _flow_of(runs: Sequence[Run], nodes: Sequence[Node]) -> int:
    """The element whose children hold most of the text."""
    sizes: Counter[int] = Counter()
    for run in runs:
        sizes[_parent_of(run, nodes)] += len(run.text)
    return max(sizes, key=lambda node: (sizes[node], -node), default=-1)


# ── a host ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def fold(record: HostRecord, seen: Observation) -> HostRecord:
    """The record with one more reading: an earlier one of the same article goes, and what is past the window."""
    others = tuple(known for known in record.observations if not _is_same_article(known, seen))
    return replace(record, number=record.number + 1, observations=(*others, seen)[-WINDOW:])


def memory_of(record: HostRecord) -> HostMemory:
    """What the record teaches."""
    counts = Counter(found for seen in record.observations for found in set(_hashes(seen)))
    suspect = sorted((-count, found) for found, count in counts.items() if count > 1)[:MAX_HASHES]
    often = {found for count, found in suspect if -count >= MIN_ARTICLES}
    holders = _holders(record.observations, often)
    relations = _relations(record.observations)
    return HostMemory(
        host=record.host,
        number=record.number,
        repeated=frozenset(found for found, places in holders.items() if _is_furniture(places, relations)),
        suspect=frozenset(found for _, found in suspect),
        containers=_containers(record.observations),
    )


def _is_same_article(known: Observation, seen: Observation) -> bool:
    """Another reading of the url, or of most of the text under another one."""
    if known.article == seen.article:
        return True
    mine, other = set(_hashes(seen)), set(_hashes(known))
    if len(mine & other) < SAME_BLOCKS * max(1, min(len(mine), len(other))):
        return False
    said, told = set(_telling_of(seen)), set(_telling_of(known))
    return len(said & told) >= SAME_WORDS * max(1, min(len(said), len(told)))


def _holders(observations: Sequence[Observation], often: set[int]) -> dict[int, list[_Place]]:
    """The places of these blocks, one an article."""
    holders: dict[int, list[_Place]] = {found: [] for found in sorted(often)}
    for at, seen in enumerate(observations):
        packed = _unpacked(seen)
        is_often = [block // 2 in often for block in packed]
        first = sum(1 for _ in takewhile(bool, is_often))
        last = len(packed) - sum(1 for _ in takewhile(bool, reversed(is_often)))
        met: set[int] = set()
        for index, block in enumerate(packed):
            found = block // 2
            if not is_often[index] or found in met:
                continue
            met.add(found)
            is_free = block % 2 == 1 or index < first or index >= last
            holders[found].append(_Place(at=at, is_free=is_free))
    return holders


def _is_furniture(places: Sequence[_Place], relations: Sequence[int | None]) -> bool:
    free = sum(1 for place in places if place.is_free)
    if free < MIN_FREE * len(places) and len(places) < MIN_SHARE * (len(relations) - places[0].at):
        return False
    return _are_unrelated([place.at for place in places], relations)


def _relations(observations: Sequence[Observation]) -> list[int | None]:
    """For each article the others that share telling words with it, as bits; None for one that tells too little."""
    words = [frozenset(_telling_of(seen)) for seen in observations]
    related: list[int | None] = [0 if len(said) >= MIN_WORDS else None for said in words]
    for (one, said), (other, told) in combinations(enumerate(words), 2):
        if len(said & told) >= SHARED_WORDS:
            for at, near in ((one, other), (other, one)):
                known = related[at]
                related[at] = known if known is None else known | 1 << near
    return related


def _are_unrelated(holding: Iterable[int], relations: Sequence[int | None]) -> bool:
    """Enough of the articles tell something, and few pairs of them tell of the same, or many of nothing in common."""
    told = [(at, near) for at in holding if (near := relations[at]) is not None]
    among = sum(1 << at for at, _ in told)
    related = sum((near & among).bit_count() for _, near in told)
    if len(told) >= MIN_ARTICLES and related <= MAX_RELATED * len(told) * (len(told) - 1):
        return True
    apart = count = 0
    for at, near in told:
        if not near & apart:
            apart |= 1 << at
            count += 1
    return count >= MIN_UNRELATED


def _containers(observations: Sequence[Observation]) -> tuple[str, ...]:
    sure = [seen.container for seen in observations if seen.container][-CONTAINER_WINDOW:]
    counts = Counter(sure)
    return tuple(sorted((path for path in counts if counts[path] >= MIN_CONTAINER), key=lambda p: (-counts[p], p)))


def _unpacked(seen: Observation) -> tuple[int, ...]:
    return unpack(f"<{len(seen.blocks) // 8}Q", seen.blocks)


def _hashes(seen: Observation) -> list[int]:
    return [block // 2 for block in _unpacked(seen)]


def _telling_of(seen: Observation) -> tuple[int, ...]:
    return unpack(f"<{len(seen.words) // 4}I", seen.words)
