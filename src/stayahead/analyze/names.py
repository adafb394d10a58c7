"""Finds the names of an article and says whether each is a person's, an organisation's or a place's.

Every mention of a name is looked at for what tells: a title before it, an age behind it, `in` before it, a word that
only bodies bear, a list of countries and cities. All mentions of one name vote together, short ones with the full one
that they stand for, so that a name is typed once for the whole text. A name of which nothing tells has no type.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from unicodedata import normalize

from stayahead.analyze.name_runs import AGE_DIGITS, Run, runs
from stayahead.analyze.name_words import NameWords, name_words
from stayahead.analyze.prose import Prose
from stayahead.model import BlockKind, Name, NameType, Statement

KIND = "names"
NAMES_MOST = 24
"""Of one article, those that it mentions most: a list of guests is no cast."""
NAME_CHARS = 80
"""Of the longest name: what is longer is a headline or a trap."""
_GATHERED = 400
"""Different names that are looked at in one article."""
_RUNS = 2_000
"""Runs of capitals that are looked at, of a paragraph and, about, of an article: a long report has some hundreds."""
_NAMESAKES = 8
"""Longer names looked at for a short one: where more share a word, nobody tells whose it is."""
_ACRONYM = range(2, 7)
"""Letters of a name that is all capitals, which bodies bear."""
SURE = 6
"""Points for what hardly errs: a title, a known name."""
LIKELY = 3
"""For what is mostly right: a word that bodies bear, an age."""
HINT = 1


@dataclass(slots=True)
class _Found:
    """One name with all its mentions."""

    words: tuple[str, ...]
    block: int
    start: int
    end: int
    times: int = 0
    is_sure: bool = False
    """It has stood where its capital says something."""
    points: dict[NameType, int] = field(default_factory=dict)

    def add(self, what: NameType, points: int) -> None:
        """Count a clue."""
        self.points[what] = self.points.get(what, 0) + points

    @property
    def what(self) -> NameType:
        """What most clues say; of equal ones a person."""
        order: tuple[NameType, ...] = ("person", "organisation", "place")
        best = max(order, key=lambda each: self.points.get(each, 0))
        return best if self.points.get(best, 0) > 0 else ""


def find_names(prose: Prose) -> Iterator[Statement]:
    """The names of an article, the most mentioned first, each where it first stands in full."""
    words = name_words(prose.language)
    if words is None:
        return
    found = _merged(_gathered(prose, words))
    for each in sorted(found, key=lambda one: (-one.times, one.block, one.start)):
        value = Name(text=normalize("NFC", " ".join(each.words)), what=each.what)
        yield Statement(kind=KIND, block=each.block, start=each.start, end=each.end, value=value)


def _gathered(prose: Prose, words: NameWords) -> list[_Found]:
    """Every name as it is written, those that may be no names left out."""
    small: set[str] = set()
    told: list[tuple[int, int, Run]] = []
    for block, start, text in prose.paragraphs():
        if len(told) > _RUNS:
            break
        if prose.page.blocks[block].kind is not BlockKind.HEADING and not text.isupper():
            told += ((block, start, run) for run in islice(runs(text, words, small=small), _RUNS))
    found: dict[tuple[str, ...], _Found] = {}
    for block, start, run in told:
        first, last, has_title = _name_in(run, words, small)
        if first >= last:
            continue
        low = tuple(word.lower() for word in run.words[first:last])
        one = found.get(low)
        if one is None:
            begin, end = run.spans[first][0], run.spans[last - 1][1]
            if len(found) == _GATHERED or not 1 < end - begin <= NAME_CHARS:
                continue
            one = found[low] = _Found(run.words[first:last], block, start + begin, start + end)
        one.times += 1
        one.is_sure = one.is_sure or not run.opens or first > 0 or len(low) > 1
        _weigh(one, low, run, words, has_title=has_title, is_first=first == 0, is_last=last == len(run.words))
    return [one for low, one in found.items() if one.is_sure or _is_known(low, words)]


def _is_known(low: tuple[str, ...], words: NameWords) -> bool:
    return low[0] in words.given or " ".join(low) in words.known or words.is_known_place(low)


# ── which words of a run are the name ────────────────────────────────────────────────────────────────────────────────


def _name_in(run: Run, words: NameWords, small: set[str]) -> tuple[int, int, bool]:
    """[first, behind the last) of the name in a run, and whether a title stands before it; empty where it has none."""
    low = [word.lower().rstrip(".") for word in run.words]
    first, last = 0, len(low)
    if len(low) > 1 and words.is_known_place(tuple(low)):
        return first, last, False
    # Within a sentence a capital is meant, that of `New Zorin` too; only `The` and `I` tell nothing there.
    weak = words.small if run.opens or len(low) == 1 else words.pointing
    while first < last and low[first] in weak and (len(low) > 1 or low[first] not in words.given):
        first += 1
    if first == 0 and run.opens and low[0] in small and low[0] not in words.given and not _is_of(low[0], words):
        first = 1
    if first >= last or " ".join(low[first:last]) in words.known:
        return first, last, False
    title = next((at for at in range(last - 1, first - 1, -1) if low[at] in words.titles), None)
    if title is not None and not any(_is_of(word, words) for word in low[title + 1 : last]):
        return title + 1, last, True
    if any(_is_of(word, words) for word in low[first:last]):
        return first, first if last - first == 1 else last, False
    while first < last and low[first] in words.others:
        first += 1
    while first < last and low[last - 1] in words.others:
        last -= 1
    if last - first == 1 and (low[first] in words.people or len(low[first]) < 2 or not low[first][0].isalpha()):
        return first, first, False
    return first, last, False


def _is_of(word: str, words: NameWords) -> bool:
    """Whether a word tells that a name is a body's or a place's."""
    return word in words.bodies or word in words.sites


# ── what tells of what it is ─────────────────────────────────────────────────────────────────────────────────────────


def _weigh(
    one: _Found, low: tuple[str, ...], run: Run, words: NameWords, *, has_title: bool, is_first: bool, is_last: bool
) -> None:
    """Count what this mention tells."""
    if one.times == 1:
        _weigh_form(one, low, words)
    if has_title:
        one.add("person", SURE)
    if is_first:
        _weigh_before(one, run, words)
    if is_last:
        _weigh_behind(one, run, words)


def _weigh_form(one: _Found, low: tuple[str, ...], words: NameWords) -> None:
    """What the words of a name tell by themselves."""
    bare = tuple(word.rstrip(".") for word in low)
    known = words.known.get(" ".join(bare))
    if known == "organisation":
        one.add("organisation", SURE)
    elif known == "place" or words.is_known_place(bare):
        one.add("place", SURE)
    elif (what := _by_word(bare, words)) != "":
        one.add(what, SURE)
    elif len(low) > 1 and not all(word.isupper() for word in one.words):
        is_initial = any(len(word) == 1 for word in bare[1:-1])
        one.add("person", LIKELY + HINT if is_initial or bare[0] in words.given else HINT)
    elif len(low) == 1 and len(one.words[0]) in _ACRONYM and one.words[0].isupper() and one.words[0].isalpha():
        one.add("organisation", LIKELY)


def _by_word(bare: tuple[str, ...], words: NameWords) -> NameType:
    """By the last word that tells, of what stands before a small word: `Bank of England`, `Gulf of Mexico`."""
    end = next((at for at, word in enumerate(bare) if word in words.joins), len(bare))
    for word in reversed(bare[:end]):
        if word in words.bodies:
            return "organisation"
        if word in words.sites:
            return "place"
    return ""


def _weigh_before(one: _Found, run: Run, words: NameWords) -> None:
    before = run.before.rstrip(".")
    if before in words.people or before in words.titles:
        one.add("person", LIKELY)
    elif before in words.before_places:
        one.add("place", 0 if run.is_owned else LIKELY - HINT)
    elif before in words.joins and run.far_before in words.sites:
        one.add("place", LIKELY)
    elif before == "the" and len(one.words) == 1:
        one.add("organisation", HINT)
    elif before in words.verbs and run.far_before in ("”", '"', "’", "»", ","):
        one.add("person", LIKELY)


def _weigh_behind(one: _Found, run: Run, words: NameWords) -> None:
    behind, far = run.behind, run.far_behind
    if behind == ",":
        if far[:1].isdecimal() and far.isdecimal() and len(far) < AGE_DIGITS:
            one.add("person", LIKELY)
        elif far in words.who:
            one.add("person", HINT + HINT)
        elif far[:1].isupper() and words.is_known_place((far.lower().rstrip("."),)):
            one.add("place", LIKELY)
    elif behind in words.behind_places:
        one.add("place", LIKELY - HINT)
    elif behind in words.behind_people:
        one.add("person", LIKELY - HINT)
    elif behind in words.behind_bodies:
        one.add("organisation", LIKELY - HINT)
    elif behind in words.verbs or behind in words.who:
        one.add("person", HINT)


# ── which are one ────────────────────────────────────────────────────────────────────────────────────────────────────


def _merged(found: Sequence[_Found]) -> list[_Found]:
    """The names with each short one counted for the only longer one that it is short for."""
    longer: dict[str, list[_Found]] = defaultdict(list)
    for one in sorted(found, key=lambda each: -len(each.words)):
        for word in {one.words[0].lower(), one.words[-1].lower()} if len(one.words) > 1 else ():
            if len(longer[word]) <= _NAMESAKES:
                longer[word].append(one)
    kept: list[_Found] = []
    for one in sorted(found, key=lambda each: -len(each.words)):
        full = _stands_for(one, longer)
        if full is None:
            kept.append(one)
            continue
        full.times += one.times
        for what, points in one.points.items():
            full.add(what, points)
    return kept


def _stands_for(one: _Found, longer: dict[str, list[_Found]]) -> _Found | None:
    """The only longer name that ends, or begins, with this one; None where none does, or two that differ."""
    low = {word.lower() for word in one.words}
    size = len(one.words)
    for place in (-1, 0):
        fuller = [
            each
            for each in longer.get(one.words[place].lower(), ())
            if len(each.words) > size
            and each.words[place].lower() == one.words[place].lower()
            and low <= {word.lower() for word in each.words}
            and _may_be_one(one, each, place)
        ]
        if fuller:
            whole = fuller[0]
            words = {word.lower() for word in whole.words}
            is_one = all({word.lower() for word in each.words} <= words for each in fuller)
            if is_one and len(fuller) <= _NAMESAKES:
                return whole
            if all(each.what == "person" for each in fuller):
                one.add("person", LIKELY)  # whose it is, nobody tells; that it is somebody's, all do
            return None
    return None


def _may_be_one(short: _Found, full: _Found, place: int) -> bool:
    """Whether their types allow it: `Cincinnati` is not short for a university, nor `Bank` for a person."""
    what = full.what
    # `In Stevens’ view` makes no place of a man; a city that we know is one.
    if what == "place" or short.points.get("place", 0) >= SURE:
        return False
    return what == "person" or (place == -1 and short.what in ("organisation", ""))
