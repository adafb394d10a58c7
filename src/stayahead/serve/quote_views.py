"""Shows who is quoted in a story: the newest speakers, each with the newest words and who carries them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stayahead.model import TITLE
from stayahead.stories.quote_ledger import QuoteLedger, QuoteLine, QuoteTelling

SPEAKERS_MOST = 8
QUOTES_EACH = 2
"""Quotes that are shown of one speaker, the newest, in the order in which they were told."""
CARRIERS_MOST = 3
"""Reports that are named beside one quote."""
WORDS_LEAST = 4
"""Fewer words are a fragment; it is shown only of who said nothing longer."""
CHARS_MOST = 420
ROLE_MOST = 90
_DESCRIBED = 2
"""Words that a description of somebody has at least ("a resident"); a single one is a pronoun or a rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """One quote of a speaker."""

    words: str
    """Empty: this reader may not read them here."""
    language: str
    first: QuoteTelling
    """The report that had it first."""
    others: tuple[QuoteTelling, ...]
    """Other publishers' reports that have it."""
    more: int
    other_words: str
    """The same quote as other reports have it, where their words differ."""
    also_given_to: tuple[str, ...]
    """Others who said it by other reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerView:
    """One speaker of the story."""

    name: str
    role: str
    quotes: tuple[QuoteView, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotesView:
    """The story's newest speakers, and how many more there are."""

    speakers: tuple[SpeakerView, ...] = ()
    quotes: int = 0
    """Quotes of the whole story that have a speaker."""
    more: int = 0
    """Speakers that are not shown."""


def quotes_view(ledger: QuoteLedger, *, may_read: bool) -> QuotesView:
    """The speakers by their newest quote. Words are shown where they stand in a headline, or to who may read texts."""
    by_speaker: dict[str, list[QuoteLine]] = {}
    for line in ledger:
        if name := said_by(line):
            by_speaker.setdefault(name, []).append(line)
    shown = list(by_speaker.items())[:SPEAKERS_MOST]
    return QuotesView(
        speakers=tuple(_speaker(name, lines, may_read=may_read) for name, lines in shown),
        quotes=sum(map(len, by_speaker.values())),
        more=len(by_speaker) - len(shown),
    )


def said_by(line: QuoteLine) -> str:
    """Under whose name a quote is shown: the first of several; a description where there is none; empty: nobody's."""
    if line.speaker or line.speakers:
        return line.speaker or line.speakers[0]
    mentions = (telling.quote.mention for telling in line.tellings)
    return next((each for each in mentions if len(each.split()) >= _DESCRIBED), "")


def _speaker(name: str, lines: Sequence[QuoteLine], *, may_read: bool) -> SpeakerView:
    whole = [line for line in lines if len(line.words.split()) >= WORDS_LEAST] or lines
    shown = whole[:QUOTES_EACH]
    return SpeakerView(
        name=name,
        role=_cut(next((line.role for line in lines if line.role), ""), ROLE_MOST),
        quotes=tuple(_quote(line, name, may_read=may_read) for line in reversed(shown)),
        more=len(lines) - len(shown),
    )


def _quote(line: QuoteLine, name: str, *, may_read: bool) -> QuoteView:
    carriers: dict[str, QuoteTelling] = {}
    for telling in line.tellings:
        carriers.setdefault(telling.article.publisher.domain, telling)
    first, *others = carriers.values()
    is_open = may_read or any(telling.claim.statement.block == TITLE for telling in line.tellings)
    other_words = line.other_words[0] if line.other_words and may_read else ""
    return QuoteView(
        words=_cut(line.words, CHARS_MOST) if is_open else "",
        language=line.language,
        first=first,
        others=tuple(others[:CARRIERS_MOST]),
        more=max(0, len(others) - CARRIERS_MOST),
        other_words=_cut(other_words, CHARS_MOST // 2),
        also_given_to=tuple(each for each in line.speakers if each != name)[:CARRIERS_MOST],
    )


def _cut(text: str, most: int) -> str:
    """Without the comma that led on to who says so."""
    text = text.rstrip(",، ")
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
