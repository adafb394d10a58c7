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
"""How many articles of a host are remembered: the note on an author of every tenth is then met four times."""
MIN_ARTICLES = 4
"""Fewest articles that a block of furniture stands in: the fifth page of a host is the first that can gain."""
MIN_SHARE = 0.5
"""A block between paragraphs must stand in this share of the articles since it came up: refrains and charts stay."""
MIN_FREE = 0.75
"""Else it must stand at the edge or apart in this share of the articles that hold it."""
SHARED_WORDS = 4
"""Telling words that two articles of one story share: of 86 such pairs of real articles in three languages all share 5
or more, of 10,500 others 10 % share 4 or more."""
MAX_RELATED = 1 / 3
"""Largest share of related pairs among the articles that hold a block of furniture. This rule protects the background
of a running story: with it 2 of 1,046 such paragraphs were cut, without it 380."""
MIN_UNRELATED = 6
"""So many articles unrelated to each other will do instead: on a host that mostly lives on one story."""
MIN_WORDS = 12
"""Fewest telling words of an article that counts as evidence."""
SAME_BLOCKS, SAME_WORDS = 0.5, 0.6
"""Least shares of blocks and of telling words that two readings of one article have in common."""
MIN_BLOCK_CHARS = 25
"""Shortest block that is remembered: shorter runs are labels, which the gates judge."""
FIRST_BLOCKS, LAST_BLOCKS = 32, 64
"""How many blocks of a long page are kept from its start and end: furniture stands around an article."""
WORDS_CHARS = 2_000
"""How much of a block is searched for words: hostile ones have millions of characters."""
MAX_TELLING = 48
"""How many telling words of an article are kept."""
MAX_HASHES = 200
"""Most repeated blocks, and most suspect ones, in a `HostMemory`: the most frequent first."""
CONTAINER_WINDOW, MIN_CONTAINER = 12, 4
"""A container is remembered that held at least 4 of the host's last 12 surely read articles."""
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
    """What a host's earlier pages teach about its next one, small enough to go to a worker with each page."""

    host: str = ""
    number: int = 0
    """How many readings were folded into it."""
    repeated: frozenset[int] = frozenset()
    """Hashes of the blocks that are its furniture."""
    suspect: frozenset[int] = frozenset()
    """Hashes of the blocks in two articles or more, furniture or not: their words do not tell what an article is
    about."""
    containers: tuple[str, ...] = ()
    """Paths of the elements that held its articles, the most frequent first."""

    def knows(self, text: str) -> bool:
        """Whether a text is furniture of the host."""
        return len(text) >= MIN_BLOCK_CHARS and bool(self.repeated) and block_hash(text) in self.repeated


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The blocks and telling words of one page, packed, for many are kept."""

    host: str
    article: int
    """Hash of its url: another reading of the same article replaces it."""
    blocks: bytes
    """Eight bytes for each block, in the page's order, little-endian: 2 x hash (56 bits) + whether it stands apart."""
    words: bytes
    """Four bytes for each telling word: its hash, ascending."""
    container: str = ""
    """Path of the element that held the article; empty where that was not sure."""
    read_with: int = 0
    """Number of the memory with which the page was read."""


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
    """Index of the observation."""
    is_free: bool
    """Whether it stands apart from the article's paragraphs, or only repeated blocks stand on one side of it."""


# ── a page ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def block_hash(text: str) -> int:
    """The hash under which a block is remembered: 56 bits of BLAKE2b, so that one more bit fits into eight bytes."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=7).digest(), "little")


def observe(
    runs: Sequence[Run], nodes: Sequence[Node], *, url: str, title: str, container: str, memory: HostMemory
) -> Observation:
    """The observation that a page leaves.

    Args:
        runs: those of its container before any gate, and its known furniture, in the page's order.
        nodes: those of its outline.
        url: names the article.
        title: the names in it are the most telling words.
        container: path of the element that held it, when that is sure.
        memory: the memory with which the page was read.
    """
    runs = [run for run in runs if run.kind is not BlockKind.IMAGE and len(run.text) >= MIN_BLOCK_CHARS]
    # The middle of a long page is given up: it is its article.
    if len(runs) > FIRST_BLOCKS + LAST_BLOCKS:
        runs = [*runs[:FIRST_BLOCKS], *runs[-LAST_BLOCKS:]]
    hashes = [block_hash(run.text) for run in runs]
    flow = _flow_of(runs, nodes)
    packed = [2 * digest + (_parent_of(run, nodes) != flow) for run, digest in zip(runs, hashes, strict=True)]
    # Words of repeated blocks are left out: an "about us" box would make all articles of a host look related.
    own = [
        _words(run.text[:WORDS_CHARS]) for run, digest in zip(runs, hashes, strict=True) if digest not in memory.suspect
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
    """Tags, classes and ids of an element and of those around it, numbers as `0`; empty when none has a name."""
    # Ids often hold the article's own number; with digits as zeros the path is the same on the next page.
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
    at_path: dict[str, list[int]] = {}
    for index, node in enumerate(nodes):
        if node.tag + _DIGITS.sub("0", node.mark).rstrip() in ends:
            at_path.setdefault(path_of(nodes, index), []).append(index)
    return next((at_path[path][0] for path in memory.containers if len(at_path.get(path, ())) == 1), None)


def _words(text: str) -> set[str]:
    """The longer words of a text, folded, its names as written, and the bigrams of scripts without blanks."""
    names = {name for name in _NAME.findall(text) if name[0] != name[0].lower()}
    return names | {w for w in tokens(text) if len(w) >= _LONG_WORD or (len(w) > 1 and _UNSPACED.match(w))}


def _telling(blocks: Iterable[set[str]], title: set[str]) -> bytes:
    """The hashed words that most blocks share; the title counts as two blocks."""
    spread = Counter(word for words in blocks for word in words)
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


def fold(record: HostRecord, observation: Observation) -> HostRecord:
    """The record with one more reading; it replaces an earlier one of the same article, and the oldest may leave."""
    others = tuple(earlier for earlier in record.observations if not _is_same_article(earlier, observation))
    return replace(record, number=record.number + 1, observations=(*others, observation)[-WINDOW:])


def memory_of(record: HostRecord) -> HostMemory:
    """The memory that follows from a record: a pure function of its window, so a redesign is forgotten with it."""
    counts = Counter(block for observation in record.observations for block in set(_hashes(observation)))
    suspect = sorted((-count, block) for block, count in counts.items() if count > 1)[:MAX_HASHES]
    often = {block for count, block in suspect if -count >= MIN_ARTICLES}
    holders = _holders(record.observations, often)
    relations = _relations(record.observations)
    return HostMemory(
        host=record.host,
        number=record.number,
        repeated=frozenset(block for block, places in holders.items() if _is_furniture(places, relations)),
        suspect=frozenset(block for _, block in suspect),
        containers=_containers(record.observations),
    )


def _is_same_article(earlier: Observation, observation: Observation) -> bool:
    """Whether two observations are readings of one article: of one url, or of mostly the same text under two."""
    if earlier.article == observation.article:
        return True
    mine, other = set(_hashes(observation)), set(_hashes(earlier))
    if len(mine & other) < SAME_BLOCKS * max(1, min(len(mine), len(other))):
        return False
    own_words, other_words = set(_telling_of(observation)), set(_telling_of(earlier))
    return len(own_words & other_words) >= SAME_WORDS * max(1, min(len(own_words), len(other_words)))


def _holders(observations: Sequence[Observation], often: set[int]) -> dict[int, list[_Place]]:
    """Where each of these blocks stands, at most once in each article."""
    holders: dict[int, list[_Place]] = {digest: [] for digest in sorted(often)}
    for at, observation in enumerate(observations):
        packed = _unpacked(observation)
        is_often = [packed_block // 2 in often for packed_block in packed]
        # A block with only repeated blocks between it and the page's edge stands at the edge itself.
        first = sum(1 for _ in takewhile(bool, is_often))
        last = len(packed) - sum(1 for _ in takewhile(bool, reversed(is_often)))
        counted: set[int] = set()
        for index, packed_block in enumerate(packed):
            digest = packed_block // 2
            if not is_often[index] or digest in counted:
                continue
            counted.add(digest)
            is_free = packed_block % 2 == 1 or index < first or index >= last
            holders[digest].append(_Place(at=at, is_free=is_free))
    return holders


def _is_furniture(places: Sequence[_Place], relations: Sequence[int | None]) -> bool:
    free = sum(1 for place in places if place.is_free)
    if free < MIN_FREE * len(places) and len(places) < MIN_SHARE * (len(relations) - places[0].at):
        return False
    return _are_unrelated([place.at for place in places], relations)


def _relations(observations: Sequence[Observation]) -> list[int | None]:
    """For each article, the others that share telling words with it, as bits; None for one with too few words."""
    words = [frozenset(_telling_of(observation)) for observation in observations]
    related: list[int | None] = [0 if len(one_words) >= MIN_WORDS else None for one_words in words]
    for (one, one_words), (other, other_words) in combinations(enumerate(words), 2):
        if len(one_words & other_words) >= SHARED_WORDS:
            for at, near in ((one, other), (other, one)):
                bits = related[at]
                related[at] = bits if bits is None else bits | 1 << near
    return related


def _are_unrelated(holding: Iterable[int], relations: Sequence[int | None]) -> bool:
    """Whether the articles that hold a block are of different stories: few pairs related, or many related to none."""
    telling = [(at, near) for at in holding if (near := relations[at]) is not None]
    among = sum(1 << at for at, _ in telling)
    related = sum((near & among).bit_count() for _, near in telling)
    if len(telling) >= MIN_ARTICLES and related <= MAX_RELATED * len(telling) * (len(telling) - 1):
        return True
    # Counted greedily, in order; the largest set of unrelated articles would be costly to find and is not needed.
    apart = count = 0
    for at, near in telling:
        if not near & apart:
            apart |= 1 << at
            count += 1
    return count >= MIN_UNRELATED


def _containers(observations: Sequence[Observation]) -> tuple[str, ...]:
    sure = [observation.container for observation in observations if observation.container][-CONTAINER_WINDOW:]
    counts = Counter(sure)
    return tuple(sorted((path for path in counts if counts[path] >= MIN_CONTAINER), key=lambda p: (-counts[p], p)))


def _unpacked(observation: Observation) -> tuple[int, ...]:
    return unpack(f"<{len(observation.blocks) // 8}Q", observation.blocks)


def _hashes(observation: Observation) -> list[int]:
    return [block // 2 for block in _unpacked(observation)]


def _telling_of(observation: Observation) -> tuple[int, ...]:
    return unpack(f"<{len(observation.words) // 4}I", observation.words)
