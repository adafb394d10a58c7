"""Finds the direct quotes of an article: the exact words, who says them as written, and who that is.

Words in quotation marks that nobody is said to say are a quote only where they are a whole sentence; titles of works
and a word or two held at arm's length are none. Headlines are not read: what they quote, they shorten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stayahead.analyze.antecedents import Antecedents
from stayahead.analyze.attribution import Attribution, announces, attribute
from stayahead.analyze.mentions import Mention
from stayahead.analyze.passages import QUOTED, Passage, cut
from stayahead.analyze.prose import Prose
from stayahead.analyze.quotation_marks import LONGEST, Quotation, find_quotations, has_marks
from stayahead.analyze.speech_words import SpeechWords, speech_words
from stayahead.model import BlockKind, Quote, Statement

KIND = "quotes"
INSIDE_WORDS = 3
"""Fewest words of a quote inside a sentence of the paper's own."""
ALONE_WORDS = 5
"""Fewest words of a quote that nobody is said to say."""


def find_quotes(prose: Prose) -> Iterator[Statement]:
    """The quotes of an article, in the order of its text."""
    words = speech_words(prose.language)
    if words is None:
        return
    parts = [part for part in prose.paragraphs() if part[2]]
    kinds = [prose.page.blocks[block].kind for block, _, _ in parts]
    quoting = _quoting(parts, kinds, prose.language.partition("-")[0] or "en", words)
    antecedents = Antecedents([text for _, _, text in parts], words)
    for place, passage, by in quoting:
        speakers = antecedents.speakers(place, passage, by)
        block, start, _ = parts[place]
        for quotation, one, speaker in zip(passage.quotations, by, speakers, strict=True):
            text = passage.text[quotation.start : quotation.end]
            if len(text) <= LONGEST and _is_speech(text, one, words):
                yield Statement(
                    kind=KIND,
                    block=block,
                    start=start + quotation.start,
                    end=start + quotation.end,
                    value=_quote(text, one, speaker),
                )


def _quote(text: str, by: Attribution | None, speaker: str) -> Quote:
    if by is None:
        return Quote(words=text)
    mention, told = by.mention, by.passage
    return Quote(
        words=text,
        mention=_as_written(told, mention),
        speaker=speaker,
        role="" if mention.role is None else told.part(*mention.role),
        cue=told.words[by.cue],
        rule=by.rule,
    )


def _as_written(told: Passage, mention: Mention) -> str:
    """The words that mention somebody; of `he’s` the pronoun, of `dit-il` its end."""
    text = told.part(mention.first, mention.last)
    if mention.kind in ("name", "description"):
        return text
    return text.partition("’")[0].partition("'")[0].rpartition("-")[2]


def _is_speech(text: str, by: Attribution | None, words: SpeechWords) -> bool:
    """Whether what stands in marks is somebody's words: not a title, nor a word that the paper would not use."""
    parts = text.split()
    if by is not None and by.rule != "inside":
        return True
    if _is_title(parts, words):
        return False
    if by is not None:
        return len(parts) >= INSIDE_WORDS
    return len(parts) >= ALONE_WORDS and text[0].isupper() and text[-1] in ".,!?…"


def _is_title(parts: list[str], words: SpeechWords) -> bool:
    """Whether all words but the small ones have capitals, as in the title of a work."""
    large = [part for part in parts if part.lower() not in words.stop and part[0].isalpha()]
    return len(large) > 1 and all(part[0].isupper() for part in large)


# ── from paragraph to paragraph ──────────────────────────────────────────────────────────────────────────────────────

_Quoting = tuple[int, Passage, list[Attribution | None]]
"""The place of a paragraph with quotations, its words, and by quotation who says it."""


def _quoting(
    parts: Sequence[tuple[int, int, str]], kinds: Sequence[BlockKind], language: str, words: SpeechWords
) -> list[_Quoting]:
    """The paragraphs with quotations, and who says each, by its own paragraph or by the one before."""
    found: list[_Quoting] = []
    announced: Attribution | None = None
    before: _Quoting | None = None
    for place, (block, _, text) in enumerate(parts):
        quotations = _quotations(text, kinds[place], language, announced=announced)
        if not quotations:
            is_colon = text.rstrip()[-1:] == ":"
            announced = announces(cut(block, text, (), words), words) if is_colon else None
            before = None
            continue
        passage = cut(block, text, quotations, words)
        here: _Quoting = (place, passage, attribute(passage, words))
        _carry(here, before, announced)
        if before is not None and not _is_closed(before):
            _carry_back(found, here)
        found.append(here)
        before = here
        announced = announces(passage, words)
    return found


def _quotations(text: str, kind: BlockKind, language: str, *, announced: Attribution | None) -> Sequence[Quotation]:
    if kind is BlockKind.HEADING:
        return ()
    if kind is BlockKind.QUOTATION and announced is not None and not has_marks(text[:1], language):
        return (Quotation(0, len(text), 0, len(text), is_closed=True),)
    return find_quotations(text, language) if has_marks(text, language) else ()


def _carry(here: _Quoting, before: _Quoting | None, announced: Attribution | None) -> None:
    """Give quotations that open a paragraph to whom the paragraph before names."""
    _, passage, by = here
    if by[0] is not None or passage.words[0] != QUOTED:
        return
    carried = _carried(before, announced)
    if carried is not None:
        by[0] = carried
        if _is_bare(passage):
            by[:] = [each or carried for each in by]


def _carried(before: _Quoting | None, announced: Attribution | None) -> Attribution | None:
    last = before[2][-1] if before is not None else None
    if before is not None and last is not None and not _is_closed(before):
        return last._replace(rule="open")
    if announced is not None:
        return announced._replace(rule="announced")
    return None


def _carry_back(found: list[_Quoting], here: _Quoting) -> None:
    """Give the speaker of a quotation to the paragraphs before that were left open for it."""
    by = here[2][0]
    if by is None:
        return
    for _, passage, earlier in reversed(found):
        if earlier[-1] is not None or passage.quotations[-1].is_closed:
            return
        earlier[-1] = by._replace(rule="open")


def _is_closed(quoting: _Quoting) -> bool:
    return quoting[1].quotations[-1].is_closed


def _is_bare(passage: Passage) -> bool:
    """Whether a paragraph holds nothing but quotations."""
    return all(word == QUOTED or not word[0].isalnum() for word in passage.words)
