"""Knows what a clause takes back of a saying, so that nobody is given words that they did not say.

`Lee never said “…”`, `Lee denied saying “…”`, `critics say Lee would say “…”` give the words to nobody: doubt is none.
"""

from __future__ import annotations

from stayahead.analyze import mentions
from stayahead.analyze.mentions import Mention
from stayahead.analyze.passages import CLAUSE_WORDS, Passage, clause_start
from stayahead.analyze.speech_words import SpeechWords


def is_taken_back(passage: Passage, verb: int, first: int, words: SpeechWords) -> bool:
    """Whether a verb of saying says that it was not said, or may be: `never said`, `denied saying`, `accused of …`."""
    low = passage.low
    first = max(first, verb - CLAUSE_WORDS)
    place = verb - 1
    while place >= first:
        if low[place].replace("’", "'") in words.negations:
            return True
        if not words.is_between(low[place]):
            break
        place -= 1
    if place > first and low[verb] in words.participles and low[place] in words.openings:
        # `falsely quoted as saying`
        if low[place - 1] in words.quoting:
            return is_taken_back(passage, place - 1, first, words)
        return low[place - 1] in words.denials
    while place > first and low[place] in words.prepositions:
        place -= 1
    if place < verb - 1 and low[verb] in words.participles:
        # `accused Ann Lee of saying`
        while place > first and passage.is_name(place):
            place -= 1
    return place >= first and low[place] in words.denials


def is_supposed(passage: Passage, verb: int, first: int, mention: Mention, words: SpeechWords) -> bool:
    """Whether somebody whom a clause names only would say so; `a reader would ask` names nobody."""
    first = max(first, verb - CLAUSE_WORDS)
    place = verb - 1
    while place >= first and words.is_between(passage.low[place]):
        if passage.low[place] in words.supposing:
            return mention.kind != "description"
        place -= 1
    return False


def is_doubted(passage: Passage, mention: Mention, first: int, words: SpeechWords) -> bool:
    """Whether a clause stands below a word that takes it back: `denied that Lee said`, `if Lee says`."""
    place = (mention.first if mention.role is None else min(mention.first, mention.role[0])) - 1
    first = max(first, place - CLAUSE_WORDS)
    while place > first and _is_light(passage.low[place], words):
        place -= 1
    return place >= first and passage.low[place] in words.denials


def _is_light(word: str, words: SpeechWords) -> bool:
    """Whether it may stand between a denial and who speaks below it: `that`, `the`."""
    return (word in words.determiners or word in words.stop) and not (
        word in words.denials or word in words.conjunctions or word in words.pronouns
    )


def quoted_one(passage: Passage, participle: int, first: int, words: SpeechWords) -> Mention | None:
    """Who speaks in `Reuters quoted Lee as saying`, `Lee was quoted by Reuters as saying`; None: nobody is quoted."""
    low = passage.low
    end = participle - 1
    if end <= first or low[end] not in words.openings:
        return None
    for verb in range(end - 1, max(first, end - mentions.PHRASE_WORDS) - 1, -1):
        if low[verb] in words.quoting:
            if verb + 1 == end or low[verb + 1] in words.prepositions:
                return mentions.before(passage, verb, clause_start(passage, verb, first), words)
            return mentions.after(passage, verb + 1, end, words) or Mention(verb + 1, end - 1, "description")
    return None
