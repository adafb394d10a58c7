"""Says what kind of change a later version of a report made: a slip of the pen, other words, or another fact.

The two versions are compared word by word (`extract.diff`), without the notes in which a report speaks of itself. Each
passage that was replaced is judged by what stood on either side: another number is another figure, another capitalised
word another name, and whatever changes within quotation marks another quote. Words that came or went are no
correction: reports grow. Where most of a text was replaced nobody can say which fact became which, and nothing is said.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import islice
from typing import Literal, NamedTuple, TypeAlias

from stayahead.analyze.correction_notes import find_notes
from stayahead.analyze.counts import write_counts
from stayahead.analyze.moving_counts import has_grown
from stayahead.analyze.prose import MAX_TITLE_CHARS, SENTENCE_CHARS, Prose
from stayahead.extract import Piece, PieceKind, diff
from stayahead.language.lexicon import marked, tables
from stayahead.model import TITLE, BlockKind, CorrectionKind, CorrectionNote, Page
from stayahead.text import collapse, fold, sentence_spans

CHANGES_MOST = 200
"""Passages of one version that are judged: with more it is another report."""
FACTS_MOST = 12
"""Of one amendment: more are another report."""
PASSAGE_WORDS = 12
"""Words of a replaced passage, either side, up to which what changed in it can be paired."""
GROWN_WORDS = 6
"""So many words that came or went together are a passage; fewer are a turn of phrase."""
KEPT_LEAST = 0.4
"""Share of the earlier words that a version keeps; below it is another report."""
TYPO_LIKENESS = 0.75
SLIP_CHARS = 60
"""Longest passage that may be a slip of the pen."""


class Severity(StrEnum):
    """What a version changed, from nothing to the worst."""

    NONE = "none"
    TYPO = "typo"
    GROWN = "grown"
    """Passages came, and what stood there stands."""
    CUT = "cut"
    """Passages went."""
    WORDING = "wording"
    HEADLINE = "headline"
    REWRITTEN = "rewritten"
    """Most of the text is another: nobody can say which fact became which."""
    UPDATED = "updated"
    """A count of people moved, and the report says that it moves: a toll that rises."""
    FACT = "fact"
    """A figure, a name or the words of a quote."""
    EMPTIED = "emptied"
    """The text is gone without a word; why is not known."""
    WITHDRAWN = "withdrawn"
    """It says of itself that it is taken back."""


FactKind: TypeAlias = Literal["figure", "name", "quote"]


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact that became another, as both versions write it; empty on the side where there was none."""

    what: FactKind
    before: str
    after: str
    stood_in: str
    """The sentence of the earlier version in which it stood."""
    stands_in: str
    """The sentence of the later one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What one version of a report changed in the one before it."""

    severity: Severity
    facts: tuple[FactChange, ...] = ()
    """In the order of the text, the headline's first; of what was only updated, the counts that grew."""
    is_gone: bool = False
    """The later version takes the report back, or has no text."""
    note: CorrectionKind | None = None
    """What the later version says of itself that the earlier one did not."""


class _Change(NamedTuple):
    """A passage that was replaced, and what stood around it."""

    removed: str
    added: str
    left: str
    """What both versions have before it."""
    right: str
    quoted: bool
    stood_in: str
    """The sentence of the earlier version in which it begins."""
    stands_in: str

    def fact(self, what: FactKind, before: str, after: str) -> FactChange:
        """That this passage changed that fact."""
        return FactChange(what, before, after, self.stood_in, self.stands_in)


def amendment(before: Page, after: Page, *, title_before: str, title_after: str) -> Amendment:
    """What a version changed in the one before it; which of the two is right is not asked."""
    language = after.language or before.language
    old_notes, old = _parted(title_before, before)
    new_notes, new = _parted(title_after, after)
    fresh = [note for note in new_notes if note not in old_notes]
    note = next((kind for kind in _GRAVEST_FIRST if any(each.what == kind for each in fresh)), None)
    is_gone = not new or any(each.what == "withdrawn" for each in new_notes)
    if note == "withdrawn":
        return Amendment(severity=Severity.WITHDRAWN, note=note, is_gone=True)
    if old and not new:
        return Amendment(severity=Severity.EMPTIED, note=note, is_gone=True)
    pieces = diff(old, new)
    changes = list(islice(_changes(pieces, old, new), CHANGES_MOST + 1))
    if _kept(pieces, old) < KEPT_LEAST or len(changes) > CHANGES_MOST:
        return Amendment(severity=Severity.REWRITTEN, note=note, is_gone=is_gone)
    titles = diff(title_before[:MAX_TITLE_CHARS], title_after[:MAX_TITLE_CHARS])
    in_text = [_judged(change, language) for change in changes]
    in_title = [_judged(change, language) for change in _changes(titles, title_before, title_after)]
    if note is None:
        grown = _grown([fact for _, own in (*in_title, *in_text) for fact in own], language)
        in_text, in_title = ([_updated(each, grown, language) for each in part] for part in (in_text, in_title))
    severities = [severity for severity, _ in in_text]
    severities += [severity if severity in _ALIKE_IN_TITLES else Severity.HEADLINE for severity, _ in in_title]
    gravest = max(severities, key=_RANK.__getitem__, default=Severity.NONE)
    # Beside a fact that became another, a count that grew is not worth a line.
    facts = [fact for severity, own in (*in_title, *in_text) if severity is gravest for fact in own]
    return Amendment(severity=gravest, facts=tuple(facts[:FACTS_MOST]), note=note, is_gone=is_gone)


_GRAVEST_FIRST: tuple[CorrectionKind, ...] = ("withdrawn", "corrected", "clarified")
_ALIKE_IN_TITLES = (Severity.NONE, Severity.TYPO, Severity.UPDATED, Severity.FACT)
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


class _Note(NamedTuple):
    what: CorrectionKind
    text: str


def _parted(title: str, page: Page) -> tuple[list[_Note], str]:
    """The notes of a version, and its text without them."""
    notes: list[_Note] = []
    own: dict[int, list[tuple[int, int]]] = {}
    for statement in find_notes(Prose(title, page)):
        words = title if statement.block == TITLE else page.blocks[statement.block].text
        if isinstance(statement.value, CorrectionNote):
            notes.append(_Note(statement.value.what, words[statement.start : statement.end]))
        own.setdefault(statement.block, []).append((statement.start, statement.end))
    blocks = [
        # What follows a note in its paragraph explains it.
        block.text[: own[place][0][0]] if place in own else block.text
        for place, block in enumerate(page.blocks)
        if block.kind is not BlockKind.IMAGE
    ]
    return notes, "\n".join(text for text in map(collapse, blocks) if text)


def _kept(pieces: Sequence[Piece], old: str) -> float:
    kept = sum(len(piece.text) for piece in pieces if piece.kind is PieceKind.KEPT)
    return kept / len(old) if old else 1.0


def _changes(pieces: Sequence[Piece], old: str, new: str) -> Iterator[_Change]:
    """The replaced passages in order."""
    quotes = [found.span() for found in _QUOTED.finditer(old)]
    at_old = at_new = 0
    left = ""
    for place, piece in enumerate(pieces):
        if piece.kind is PieceKind.KEPT:
            left = piece.text
            at_old, at_new = at_old + len(left), at_new + len(left)
            continue
        before, behind = pieces[place - 1] if place else None, pieces[place + 1 : place + 3]
        if piece.kind is PieceKind.ADDED and before is not None and before.kind is PieceKind.REMOVED:
            continue  # told with what it replaces
        is_pair = piece.kind is PieceKind.REMOVED and bool(behind) and behind[0].kind is PieceKind.ADDED
        removed = piece.text if piece.kind is PieceKind.REMOVED else ""
        added = behind[0].text if is_pair else "" if removed else piece.text
        following = behind[1:] if is_pair else behind
        yield _Change(
            removed=removed,
            added=added,
            left=left,
            right=following[0].text if following else "",
            quoted=any(
                start <= at_old and at_old + len(removed) <= end - 1 and start < at_old for start, end in quotes
            ),
            stood_in=_sentence_at(old, at_old),
            stands_in=_sentence_at(new, at_new),
        )
        at_old, at_new = at_old + len(removed), at_new + len(added)


def _is_within(start: int, end: int, quotes: Sequence[tuple[int, int]]) -> bool:
    """Whether it stands between the marks of a quote."""
    place = bisect_left(quotes, (start, 0)) - 1
    return place >= 0 and quotes[place][0] < start and end < quotes[place][1]


def _sentence_at(text: str, at: int) -> str:
    """The sentence that stands there."""
    start = max(text.rfind("\n", 0, at) + 1, at - SENTENCE_CHARS)
    end = text.find("\n", at)
    paragraph = text[start : end if 0 <= end < at + SENTENCE_CHARS else at + SENTENCE_CHARS]
    spans = [span for span in sentence_spans(paragraph) if start + span[1] >= at]
    return paragraph[spans[0][0] : spans[0][1]] if spans else ""


# ── one passage ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _judged(change: _Change, language: str) -> tuple[Severity, tuple[FactChange, ...]]:
    removed, added = _words(change.removed), _words(change.added)
    if [fold(word) for word in removed] == [fold(word) for word in added]:
        is_nothing = collapse(change.removed) == collapse(change.added)
        return (Severity.NONE if is_nothing else Severity.TYPO), ()
    if change.quoted:
        return Severity.FACT, (change.fact("quote", _plain(change.removed), _plain(change.added)),)
    if not removed or not added:
        return _one_sided(change, removed or added)
    if max(len(removed), len(added)) > PASSAGE_WORDS:
        return Severity.WORDING, ()
    facts = (*_figures(change, language), *_names(change, language))
    if facts:
        return Severity.FACT, facts
    return (Severity.TYPO if _is_slip(removed, added) else Severity.WORDING), ()


def _one_sided(change: _Change, words: Sequence[str]) -> tuple[Severity, tuple[FactChange, ...]]:
    """Words that only came, or only went."""
    quote = _QUOTED.search(change.removed)
    if quote and not change.added.strip():
        return Severity.FACT, (change.fact("quote", _plain(quote[0]), ""),)
    beside = {fold(word) for word in (*_words(change.left[-_REACH:])[-1:], *_words(change.right[:_REACH])[:1])}
    if len(words) == 1 and fold(words[0]) in beside:
        return Severity.TYPO, ()  # a word twice
    if len(words) < GROWN_WORDS:
        return Severity.WORDING, ()
    return (Severity.GROWN if change.added.strip() else Severity.CUT), ()


_TOKEN = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_QUOTED = re.compile(r"[“„«\"「『][^“”„«»\"「」『』\n]{2,1000}[”“»\"」』]")
"""A direct quote within a paragraph: enough to see that a change stands in one."""
_EDGES = ' \t\n.,;:!?“”„«»"「」『』()–—-'


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _plain(text: str) -> str:
    return collapse(text).strip(_EDGES)


def _is_slip(removed: Sequence[str], added: Sequence[str]) -> bool:
    """Whether the words are those of before but for a letter or two."""
    if len(removed) > 3 or len(added) > 3:
        return False
    before, after = fold(" ".join(removed)), fold(" ".join(added))
    if len(before) <= 3 or len(before) + len(after) > SLIP_CHARS:
        return False
    return SequenceMatcher(None, before, after).ratio() >= TYPO_LIKENESS


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _figures(change: _Change, language: str) -> Iterator[FactChange]:
    """Numbers that became others; none where their number differs, for then nobody knows which became which."""
    before, after = (list(_numbers(text, language)) for text in (change.removed, change.added))
    if not before and not after:
        scales = [word for text in (change.removed, change.added) for word in _words(text) if _is_scale(word, language)]
        number = _words(change.left[-_REACH:])[-1:]
        if len(scales) == 2 and number and number[0][0].isdecimal():
            yield change.fact("figure", f"{number[0]} {scales[0]}", f"{number[0]} {scales[1]}")
        return
    if len(before) != len(after):
        return
    for (old, old_value), (new, new_value) in zip(before, after, strict=True):
        if old_value != new_value:
            yield change.fact("figure", old, new)


def _numbers(text: str, language: str) -> Iterator[tuple[str, str]]:
    """The numbers of a passage as written, each with its value in digits."""
    for word in _words(text):
        digits = re.sub(r"\D", "", word if word[0].isdecimal() else write_counts(fold(word), language or "en"))
        if digits:
            yield word, digits


def _grown(facts: Sequence[FactChange], language: str) -> set[tuple[str, str]]:
    """The counts of which the report says somewhere that they moved: they did wherever it tells them."""
    return {
        values
        for fact in facts[:FACTS_MOST]
        if (values := _values(fact, language)) and has_grown(*values, fact.stands_in, language=language)
    }


def _updated(
    judged: tuple[Severity, tuple[FactChange, ...]], grown: set[tuple[str, str]], language: str
) -> tuple[Severity, tuple[FactChange, ...]]:
    """The same passage, where all that changed in it is a count that grew an update."""
    severity, facts = judged
    left = tuple(fact for fact in facts if _values(fact, language) not in grown)
    if not facts or len(left) == len(facts):
        return judged
    return (severity, left) if left else (Severity.UPDATED, facts)


def _values(fact: FactChange, language: str) -> tuple[str, str] | None:
    """A figure as it was and as it is, in digits; None of what is no plain figure."""
    if fact.what != "figure":
        return None
    before, after = ([value for _, value in _numbers(text, language)] for text in (fact.before, fact.after))
    return (before[0], after[0]) if len(before) == len(after) == 1 else None


def _is_scale(word: str, language: str) -> bool:
    scales = tables("numbers.scales").get(language or "en", {})
    return any(fold(word) == fold(phrase) for phrases in scales.values() for phrase in phrases)


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_NOUNS_ARE_CAPITAL = marked("writing.capital_nouns")
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?:\n“„«\"(])\s*$")


def _names(change: _Change, language: str) -> Iterator[FactChange]:
    """Capitalised words that became others, but at the beginning of a sentence, where any word is."""
    if language in _NOUNS_ARE_CAPITAL and not _is_beside_capital(change):
        return
    if _SENTENCE_BEGINS.search(change.left[-_REACH:]):
        return
    before, after = (" ".join(_capitals(text, language)) for text in (change.removed, change.added))
    if before and after and fold(before) != fold(after):
        yield change.fact("name", before, after)


def _capitals(text: str, language: str) -> Iterator[str]:
    """The capitalised words of a passage; a number in words ("Ninety") is a figure, and no name."""
    numbers = {word for word, _ in _numbers(text, language)}
    return (word for word in _words(text) if word[0].isupper() and word not in numbers)


def _is_beside_capital(change: _Change) -> bool:
    """Whether it touches another capitalised word, as the first name touches the last."""
    before, after = _LAST_WORD.search(change.left[-_REACH:]), _FIRST_WORD.match(change.right)
    return any(found is not None and found[1].isupper() for found in (before, after))


_REACH = 60
_LAST_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_])[^\W\d_]*+\s*$")
_FIRST_WORD = re.compile(r"\s*([^\W\d_])")
