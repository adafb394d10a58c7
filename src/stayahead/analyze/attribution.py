"""Finds who is said to say what stands in quotation marks, by the clause that says so.

The rules, the surest first. `behind`: a clause right behind the quotation, `“…,” said Ann Lee`. `before`: a clause that
the quotation follows at once, `Lee said: “…”`. `inside`: the last clause of saying before it in its sentence, `Lee said
that it was “…”`. `split`: a sentence of quotations alone goes on with the sentence before. Across paragraphs:
`announced`, behind a paragraph that ends in a colon; `open`, a quotation that goes on with one left open.
"""

from __future__ import annotations

from typing import NamedTuple

from stayahead.analyze import mentions
from stayahead.analyze.mentions import Mention
from stayahead.analyze.passages import CLAUSE_WORDS, QUOTED, Passage, clause_start
from stayahead.analyze.speech_words import SpeechWords
from stayahead.analyze.unsaid import is_doubted, is_supposed, is_taken_back, quoted_one
from stayahead.model import QuoteRule

SIGNATURE_WORDS = 5
ROLE_BETWEEN = 5
BARE_WORDS = 9
"""The same without an insertion."""
_DASHES = frozenset(["—", "–", "―", "-"])
_PAUSES = _DASHES | {","}


class Attribution(NamedTuple):
    """Who says a quotation, where that is said, and by which rule it is believed."""

    passage: Passage
    mention: Mention
    cue: int
    """The word of the passage that says that somebody speaks."""
    rule: QuoteRule


def attribute(passage: Passage, words: SpeechWords) -> list[Attribution | None]:
    """For each quotation of a passage what its own paragraph says."""
    found: list[Attribution | None] = [None] * len(passage.quotations)
    previous: Attribution | None = None
    for first, last in passage.sentences:
        places = [at for at in range(first, last) if passage.words[at] == QUOTED]
        for at in places:
            number = passage.quoted_at[at]
            found[number] = (
                _behind(passage, at, last, words)
                or _earlier(passage, at, first, words)
                or _later(passage, at, last, words)
            )
        _spread(passage, places, found)
        if places and previous is not None and previous.rule and _is_bare(passage, first, last):
            for at in places:
                number = passage.quoted_at[at]
                found[number] = found[number] or previous._replace(rule="split")
        previous = found[passage.quoted_at[places[-1]]] if places else _earlier(passage, last, first, words)
    return [one if one is not None and one.rule else None for one in found]


def _spread(passage: Passage, places: list[int], found: list[Attribution | None]) -> None:
    """A clause behind the last quotation of a sentence speaks of those before it, too."""
    later: Attribution | None = None
    for at in reversed(places):
        number = passage.quoted_at[at]
        own = found[number]
        if own is None and later is not None and later.rule == "behind":
            found[number] = later._replace(rule="inside")
        later = found[number]


def _is_bare(passage: Passage, first: int, last: int) -> bool:
    """Whether a sentence holds nothing but quotations."""
    return all(word == QUOTED or not word[0].isalnum() for word in passage.words[first:last])


def announces(passage: Passage, words: SpeechWords) -> Attribution | None:
    """Whose words the next paragraph holds where this one ends in a colon behind a verb of saying."""
    return _announced(passage, *passage.sentences[-1], words) if passage.sentences else None


def _announced(passage: Passage, first: int, last: int, words: SpeechWords) -> Attribution | None:
    if passage.words[last - 1] != ":":
        return None
    found = _earlier(passage, last - 1, first, words)
    if found is not None:
        return found._replace(rule="announced") if found.rule else None
    # `Lee made this statement:` has no verb of saying, and nobody else to speak.
    subject = opening_subject(passage, first, last - 1, words)
    return _by(passage, last - 1, subject, "announced") if subject is not None and subject.kind == "name" else None


# ── behind ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _behind(passage: Passage, quoted: int, end: int, words: SpeechWords) -> Attribution | None:
    at = quoted + 1
    while at < end and passage.words[at] in _PAUSES:
        at += 1
    if at >= end or passage.words[at] == QUOTED:
        return None
    if passage.words[at - 1] in _DASHES and (signed := _signature(passage, at, end, words)) is not None:
        return Attribution(passage, signed, at - 1, "behind")
    if passage.low[at] in words.according:
        return _by(passage, at, _after_according(passage, at, end, words), "behind")
    return _clause_behind(passage, at, end, words) or _object_behind(passage, at, end, words)


def _clause_behind(passage: Passage, at: int, end: int, words: SpeechWords) -> Attribution | None:
    first = _verb_first(passage, at, end, words)
    verb = _verb_behind(passage, at, end, words) if first is None else first
    if verb is None:
        return None
    if is_taken_back(passage, verb, at, words):
        return _nobody(passage, verb)
    if first is not None:
        mention = _joined(passage, at, words) or mentions.after(passage, verb + 1, end, words)
    else:
        mention = mentions.before(passage, verb, at, words)
        if mention is not None and is_supposed(passage, verb, at, mention, words):
            return _nobody(passage, verb)
    return _by(passage, verb, mention, "behind")


def _object_behind(passage: Passage, at: int, end: int, words: SpeechWords) -> Attribution | None:
    """`“…,” Reuters quoted Lee as saying.`"""
    for verb in range(at + 2, min(end, at + CLAUSE_WORDS)):
        if passage.words[verb] == QUOTED:
            return None
        if passage.low[verb] in words.participles:
            return _by(passage, verb, quoted_one(passage, verb, at, words), "behind")
    return None


def _signature(passage: Passage, at: int, end: int, words: SpeechWords) -> Mention | None:
    """A name alone behind a dash: `“…” ― Ann Lee`."""
    last = end - 1 if passage.words[end - 1] != "." else end - 2
    if not 0 < last - at < SIGNATURE_WORDS or not all(passage.is_name(place) for place in range(at, last + 1)):
        return None
    return mentions.named(passage, at, last, at, words)


def _by(passage: Passage, cue: int, mention: Mention | None, rule: QuoteRule) -> Attribution | None:
    return Attribution(passage, mention, cue, rule) if mention is not None else None


def _joined(passage: Passage, at: int, words: SpeechWords) -> Mention | None:
    """The pronoun that sticks to a verb: `dit-il`, `a-t-elle déclaré`."""
    tail = passage.low[at].rpartition("-")[2]
    kind = words.pronouns.get(tail) if "-" in passage.low[at] else None
    return Mention(at, at, kind) if kind is not None else None


def _verb_first(passage: Passage, at: int, end: int, words: SpeechWords) -> int | None:
    """Where the verb is that opens the clause, behind its auxiliaries."""
    joined = _joined(passage, at, words)
    if joined is not None and passage.low[at].partition("-")[0] in words.verbs:
        return at
    place = at + 1 if joined is not None else at
    while place < end and words.is_between(passage.low[place]) and place - at < 4:
        place += 1
    if place < end and passage.low[place] in words.verbs:
        return place
    return None


def _verb_behind(passage: Passage, at: int, end: int, words: SpeechWords) -> int | None:
    """The verb of a clause that begins with its subject at `at`; what stands between is the subject alone."""
    low = passage.low
    if low[at] in words.prepositions or (
        low[at] in words.stop and low[at] not in words.pronouns and low[at] not in words.determiners
    ):
        return None
    commas = 0
    for place in range(at + 1, min(end, at + CLAUSE_WORDS)):
        word = low[place]
        if word in (QUOTED, ";", ":"):
            return None
        commas += word == ","
        if word in words.verbs and (commas > 0 or place - at <= BARE_WORDS):
            # Insertions are closed: a comma stands before the verb, or there is none at all.
            return place if commas == 0 or _is_closed(passage, place, words) else None
    return None


def _is_closed(passage: Passage, verb: int, words: SpeechWords) -> bool:
    place = verb - 1
    while words.is_between(passage.low[place]):
        place -= 1
    return passage.low[place] == ","


def _after_according(passage: Passage, at: int, end: int, words: SpeechWords) -> Mention | None:
    place = at + 1
    if place < end and passage.low[place] in words.prepositions:
        place += 1
    return mentions.after(passage, place, end, words)


def _later(passage: Passage, quoted: int, end: int, words: SpeechWords) -> Attribution | None:
    """A clause of saying that a comma sets apart, further behind in the sentence: `“…” for years, Lee said.`"""
    for at in range(quoted + 2, min(end, quoted + CLAUSE_WORDS)):
        if passage.words[at] == QUOTED:
            return None
        if passage.low[at] in words.verbs and (at + 1 == end or not passage.is_name(at + 1)):
            mention = mentions.before(passage, at, quoted + 1, words)
            if mention is None:
                continue
            begins = mention.first if mention.role is None else min(mention.first, mention.role[0])
            if begins > quoted + 1 and passage.words[begins - 1] == ",":
                return Attribution(passage, mention, at, "inside")
    return None


# ── before, inside ───────────────────────────────────────────────────────────────────────────────────────────────────


def _earlier(passage: Passage, quoted: int, first: int, words: SpeechWords) -> Attribution | None:
    """The last clause of saying before a quotation in its sentence; a weak one only where there is no other."""
    weak: Attribution | None = None
    for at in range(quoted - 1, max(first, quoted - CLAUSE_WORDS) - 1, -1):
        if _is_cue(passage.low[at], words) and is_taken_back(passage, at, first, words):
            return _nobody(passage, at)
        mention = _speaker_at(passage, at, first, quoted, words)
        if mention is None:
            continue
        if is_doubted(passage, mention, first, words) or is_supposed(passage, at, first, mention, words):
            return _nobody(passage, at)
        is_at = _is_at(passage, at, quoted)
        found = Attribution(passage, mention, at, "before" if is_at else "inside")
        is_weak = passage.low[at] in words.near_verbs
        if is_weak and is_at and mention.kind in ("name", "description"):
            return found
        if not is_weak and (is_at or not _is_relative(passage, at, words)):
            return found
        weak = weak or found
    return weak


def _nobody(passage: Passage, at: int) -> Attribution:
    """That a clause takes back what it says, so that nobody said it, and no other clause is asked."""
    return Attribution(passage, Mention(at, at, "description"), at, "")


def _is_cue(word: str, words: SpeechWords) -> bool:
    return word in words.verbs or word in words.near_verbs or word in words.participles


def _speaker_at(passage: Passage, at: int, first: int, quoted: int, words: SpeechWords) -> Mention | None:
    """Who speaks by the word at `at`, if it says that somebody does."""
    word = passage.low[at]
    if word in words.verbs or word in words.near_verbs:
        return _subject(passage, at, first, quoted, words)
    if word in words.participles:
        return _subject_of_sentence(passage, at, first, words)
    if word in words.according:
        return _after_according(passage, at, quoted, words)
    return None


def _is_relative(passage: Passage, verb: int, words: SpeechWords) -> bool:
    """Whether the verb's subject is `who`: its clause only says more of a name."""
    place = verb - 1
    while place > 0 and words.is_between(passage.low[place]):
        place -= 1
    return words.pronouns.get(passage.low[place]) == "who"


def _is_at(passage: Passage, cue: int, quoted: int) -> bool:
    """Whether a quotation follows its verb at once, behind a comma or colon."""
    return quoted - cue <= 1 or passage.words[quoted - 1] in (",", ":")


def _subject(passage: Passage, verb: int, first: int, quoted: int, words: SpeechWords) -> Mention | None:
    begin = clause_start(passage, verb, first)
    place = verb - 1
    while place >= begin and words.is_between(passage.low[place]):
        place -= 1
    if place >= begin and passage.low[place] in words.conjunctions:
        # `Lee outlined a plan and vowed “…”`: both verbs have the subject of the sentence.
        return opening_subject(passage, first, place, words)
    mention = mentions.before(passage, verb, begin, words) or _joined(passage, verb, words)
    if mention is not None:
        return mention
    behind = mentions.after(passage, verb + 1, quoted, words)
    if behind is not None and (behind.last + 1 == quoted or passage.low[behind.last + 1] in (",", ":")):
        return behind
    return None


def _subject_of_sentence(passage: Passage, at: int, first: int, words: SpeechWords) -> Mention | None:
    """Whose verb a participle goes with: who stands right before it, the last verb of saying, else the sentence's."""
    quoted = quoted_one(passage, at, first, words)
    if quoted is not None:
        return quoted
    near = at - 1
    while near > first and words.is_between(passage.low[near]):
        near -= 1
    if near >= first and (passage.is_name(near) or words.is_pronoun(passage.low[near])):
        return mentions.ending(passage, near, first, words)
    for place in range(at - 1, max(first, at - CLAUSE_WORDS) - 1, -1):
        if passage.low[place] in words.verbs or passage.low[place] in words.near_verbs:
            found = None if _is_relative(passage, place, words) else _subject(passage, place, first, at, words)
            if found is not None:
                return found
    return opening_subject(passage, first, at, words)


def saying_subject(passage: Passage, first: int, last: int, words: SpeechWords) -> Mention | None:
    """Who is said to say something in a sentence, whether or not in quotation marks."""
    for at in range(first, min(last, first + 2 * CLAUSE_WORDS)):
        if passage.low[at] in words.verbs and not _is_relative(passage, at, words):
            found = mentions.before(passage, at, clause_start(passage, at, first), words)
            found = found or mentions.after(passage, at + 1, last, words)
            if found is not None:
                return found
    return None


def opening_subject(passage: Passage, first: int, last: int, words: SpeechWords) -> Mention | None:
    """The noun phrase with which a sentence begins, behind `On Monday,` and the like."""
    low = passage.low
    begin = first
    last = min(last, first + CLAUSE_WORDS)
    while begin < last and (low[begin] == QUOTED or not low[begin][0].isalnum()):
        begin += 1
    if begin + 1 < last and low[begin + 1] == "," and words.is_between(low[begin]):
        begin += 2
    if begin < last and low[begin] in words.openings:
        comma = next((at for at in range(begin, last) if low[at] == ","), None)
        begin = comma + 1 if comma is not None else begin + 1
    while begin < last and low[begin] in words.stop and low[begin] not in words.pronouns:
        begin += 1
    if begin >= last:
        return None
    kind = words.pronouns.get(low[begin])
    if kind is not None:
        return Mention(begin, begin, kind)
    return _opening_name(passage, begin, last, words) or _opening_description(passage, begin, last, words)


def _opening_description(passage: Passage, begin: int, last: int, words: SpeechWords) -> Mention | None:
    """`The Republican nominee` at the beginning of a sentence: up to a word for somebody."""
    if passage.low[begin] not in words.determiners:
        return None
    for at in range(begin + 1, min(last, begin + 6)):
        word = passage.low[at]
        if word in words.people or word in words.titles:
            return Mention(begin, at, "description")
        if not word[0].isalpha() or word in words.prepositions:
            return None
    return None


def _opening_name(passage: Passage, begin: int, last: int, words: SpeechWords) -> Mention | None:
    """The first name of a sentence before any comma, if it is no one's possession."""
    for at in range(begin, min(last, begin + mentions.PHRASE_WORDS)):
        if passage.low[at][0].isalnum() and not passage.is_name(at):
            continue
        if not passage.is_name(at):
            return None
        end = at
        while end + 1 < last and (passage.is_name(end + 1) or (passage.low[end + 1] in words.particles)):
            end += 1
        while end > at and not passage.is_name(end):
            end -= 1
        end = _headed(passage, end, last, words)
        found = mentions.ending(passage, end, begin, words)
        if found is not None and found.kind == "name":
            return found
    return None


def _headed(passage: Passage, end: int, last: int, words: SpeechWords) -> int:
    """Where a phrase ends that a name only begins: `Trump campaign spokesman Ann Lee`; else where it stands."""
    at = end + 1
    while at < min(last, end + ROLE_BETWEEN) and passage.low[at][0].isalpha() and not passage.is_name(at):
        if passage.low[at] in words.people and at + 1 < last and passage.is_name(at + 1):
            at += 1
            while at + 1 < last and passage.is_name(at + 1):
                at += 1
            return at
        at += 1
    return end
