"""Finds the notes in which a report says that it was wrong: corrected, clarified or withdrawn, in many languages.

They are looked for where newsrooms put them, in the headline, at the head and at the foot of the text: in the middle of
it stand reports about other people's corrections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stayahead.analyze.prose import Prose, Sentence
from stayahead.language.lexicon import either
from stayahead.model import CorrectionKind, CorrectionNote, Page, Statement

KIND = "corrections"

_HEAD, _FOOT = 2, 5
"""Passages of the text, from its first and from its last, in which a note may stand."""
NOTE_CHARS = 600
"""Longest text that may be a note and nothing else."""
_NOTES: dict[CorrectionKind, re.Pattern[str]] = {
    "withdrawn": re.compile(either("corrections.withdrawn")),
    "corrected": re.compile(either("corrections.corrected")),
    "clarified": re.compile(either("corrections.clarified")),
}


def find_notes(prose: Prose) -> Iterator[Statement]:
    """Every sentence that says so, with what it says; of one that says two things the graver."""
    for sentence in prose.outer_sentences(head=_HEAD, foot=_FOOT):
        kind = note_kind(sentence)
        if kind is not None:
            yield Statement(
                kind=KIND,
                block=sentence.block,
                start=sentence.start,
                end=sentence.end,
                value=CorrectionNote(what=kind),
            )


def is_withdrawal(page: Page) -> bool:
    """Whether all that a page has to say is that its report was taken back: short as it is, that is its text now.

    >>> from stayahead.model import Block, BlockKind
    >>> is_withdrawal(Page(blocks=(Block(kind=BlockKind.PARAGRAPH, text="This article has been withdrawn."),)))
    True
    """
    if not 0 < len(page.text) <= NOTE_CHARS:
        return False
    return any(note_kind(each) == "withdrawn" for each in Prose("", page).outer_sentences(head=_HEAD, foot=_FOOT))


def note_kind(sentence: Sentence) -> CorrectionKind | None:
    """What a sentence says of the report that it stands in; None: nothing, as nearly all."""
    text = sentence.text.lower()
    return next((kind for kind, pattern in _NOTES.items() if pattern.search(text)), None)
