"""Scores who is said to say what, on the articles in which PolNeAR's annotators marked it.

    python -m eval.quotes [--errors] [--closed]

A gold quote (`eval.quote_gold`) is covered where a quote that we found lies in it for the most part and mentions
somebody; it is right when the mention shares a name word with the annotated source, or is that pronoun. Half of the
files, by a published hash, made the rules; `--closed` opens the other half. Whom a pronoun stands for is scored
apart, on quotes labelled by hand.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

from eval import corpus
from eval.quote_gold import PART, PRONOUNS, GoldQuote, GoldText, drawn, gold_texts, labels, words_of
from stayahead.analyze import find_statements, packed
from stayahead.analyze.prose import Prose
from stayahead.analyze.quotes import find_quotes
from stayahead.analyze.statements import STATEMENTS_MOST
from stayahead.model import Block, BlockKind, Page, Quote

_SMALL = frozenset(["a", "an", "the", "of", "for", "in", "at", "and", "to", "mr", "mrs", "ms", "s", "who", "on", "by"])
RUNS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A quote that we found, [start, end) of the file's text."""

    start: int
    end: int
    quote: Quote


def page_of(text: str) -> tuple[Page, list[int]]:
    """A text as a page, one block a line, and where each block begins in the text."""
    starts = [0, *(at + 1 for at, sign in enumerate(text) if sign == "\n"), len(text) + 1]
    lines = [(start, text[start : end - 1]) for start, end in pairwise(starts)]
    kept = [(start, line) for start, line in lines if line.strip()]
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for _, line in kept)
    return Page(language="en", blocks=blocks), [start for start, _ in kept]


def found_in(text: str) -> list[Placed]:
    """Our quotes of a text."""
    page, starts = page_of(text)
    return [
        Placed(start=starts[each.block] + each.start, end=starts[each.block] + each.end, quote=each.value)
        for each in find_quotes(Prose("", page))
        if isinstance(each.value, Quote)
    ]


def matched(gold: GoldQuote, found: Iterable[Placed]) -> Placed | None:
    """The quote of ours that shares most of the gold one's characters, if it is half of them."""
    best = max(found, key=lambda each: _common(gold, each), default=None)
    return best if best is not None and 2 * _common(gold, best) >= gold.end - gold.start else None


def _common(gold: GoldQuote, placed: Placed) -> int:
    return min(gold.end, placed.end) - max(gold.start, placed.start)


def is_right(gold: GoldQuote, quote: Quote) -> bool:
    """Whether the mention is the annotated source's."""
    source = words_of(gold.source)
    ours = words_of(quote.mention)
    if gold.source.lower() in PRONOUNS or quote.mention.lower() in PRONOUNS:
        return quote.mention.lower() == gold.source.lower()
    return bool((set(source) & set(ours)) - _SMALL)


@dataclass(slots=True)
class Score:
    """What became of the gold quotes of some texts."""

    gold: int = 0
    covered: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """The share of those covered that are right."""
        return self.right / self.covered if self.covered else 0.0

    @property
    def coverage(self) -> float:
        """The share of gold quotes of which we say who speaks."""
        return self.covered / self.gold if self.gold else 0.0


@dataclass(slots=True)
class Result:
    """The scores of some texts: all, by rule, and of quotes that are whole contents."""

    total: Score
    whole: Score
    by_rule: dict[str, Score]
    invented: int
    """Quotes of as many words that we say somebody said, where no annotator marked any."""
    errors: list[str]


def score(texts: Iterable[GoldText]) -> Result:
    """Compare ours with the gold quotes."""
    result = Result(Score(), Score(), {}, 0, [])
    for text in texts:
        found = found_in(text.text)
        matches = [(gold, matched(gold, found)) for gold in text.quotes]
        for gold, ours in matches:
            _count(result, gold, ours, text)
        known = {each.start for _, each in matches if each is not None}
        free = [each for each in found if each.quote.mention and len(each.quote.words.split()) >= 4]
        result.invented += sum(each.start not in known for each in free)
    return result


def _count(result: Result, gold: GoldQuote, ours: Placed | None, text: GoldText) -> None:
    rule = ours.quote.rule if ours is not None and ours.quote.mention else "none"
    right = ours is not None and rule != "none" and is_right(gold, ours.quote)
    scores = [result.total, result.by_rule.setdefault(rule, Score())] + [result.whole] * gold.opens
    for each in scores:
        each.gold += 1
        each.covered += rule != "none"
        each.right += right
    if not right:
        mention = ours.quote.mention if ours is not None else None
        around = text.text[max(0, gold.start - 120) : gold.start] + "⟦" + text.text[gold.start : gold.end]
        after = text.text[gold.end : gold.end + 90]
        result.errors.append(f"{rule}: {mention!r} for {gold.source!r} {gold.file} {gold.start}\n   {around}⟧{after}")


def resolution(texts: Iterable[GoldText]) -> tuple[Score, list[str]]:
    """How often a labelled pronoun leads to the right name, among texts given."""
    by_file = {text.file: text for text in texts}
    names = {(each.file, each.start): each.speaker for each in labels()}
    total, errors = Score(), []
    for gold in drawn(by_file.values()):
        speaker = names.get((gold.file, gold.start))
        if speaker is None:
            continue
        ours = matched(gold, found_in(by_file[gold.file].text))
        told = ours.quote.speaker if ours is not None else ""
        right = _same(told, speaker)
        total.gold += 1
        total.covered += bool(told)
        total.right += right
        if not right:
            errors.append(f"{told!r} for {speaker!r} ({gold.source}) {gold.file} {gold.start}")
    return total, errors


def _same(told: str, speaker: str) -> bool:
    """Whether two names are one person's: each word of one stands in the other, the last word in both."""
    ours, theirs = words_of(told), words_of(speaker)
    return bool(ours) and ours[-1] == theirs[-1] and (set(ours) <= set(theirs) or set(theirs) <= set(ours))


def cost_ms(texts: list[GoldText]) -> float:
    """CPU milliseconds that the quotes of an article take, the median of several runs over all of them."""
    pages = [page_of(text.text)[0] for text in texts]
    runs = []
    for _ in range(RUNS):
        started = time.process_time()
        for page in pages:
            list(find_quotes(Prose("", page)))
        runs.append(1000 * (time.process_time() - started) / len(pages))
    return median(runs)


def run(data: Path, *, halves: tuple[bool, ...] = (True, False), errors: bool = False) -> dict[str, float]:
    """Print what was found, and give the scores that have floors."""
    texts = list(gold_texts(data))
    scores: dict[str, float] = {}
    for is_tuning in halves:
        half = [text for text in texts if text.is_tuning == is_tuning]
        name = "tuning" if is_tuning else "closed"
        result = score(half)
        pronouns, wrong = resolution_of(texts, half)
        print(f"{name} half: {len(half)} articles")
        for label, one in [("all", result.total), ("whole contents", result.whole), *sorted(result.by_rule.items())]:
            print(f"  {label:15} {one.gold:4} gold, coverage {one.coverage:.3f}, precision {one.precision:.3f}")
        print(f"  beside them we say of {result.invented} who says them")
        print(f"  pronouns: {pronouns.gold}, resolved {pronouns.coverage:.3f}, of these right {pronouns.precision:.3f}")
        if errors:
            print(*result.errors, *wrong, sep="\n")
        scores |= {
            f"{name}_precision": result.total.precision,
            f"{name}_coverage": result.total.coverage,
            f"{name}_pronoun_precision": pronouns.precision,
            f"{name}_pronoun_coverage": pronouns.coverage,
        }
    sizes = [len(packed(find_statements("", page_of(text.text)[0]).text)) for text in texts]
    counts = [len(found_in(text.text)) for text in texts]
    print(f"{cost_ms(texts):.2f} ms of CPU an article, {mean(sizes):.0f} bytes, {mean(counts):.1f} quotes")
    over = sum(count > STATEMENTS_MOST for count in counts)
    print(f"at most {max(counts)} of an article; {over} articles have more than the {STATEMENTS_MOST} of other kinds")
    return scores | seed(data)


SEED = {"Dmitry Peskov": 5, "Trump": 4, "Volodymyr Zelensky": 2}
"""How many quotes of three or more words the seed page has, by speaker; its comment and spam have none."""


def seed(data: Path) -> dict[str, float]:
    """How many quotes of the seed page are told with their speaker, and how many wrongly; nothing where it is not."""
    path = data.parent / "seed" / "page.txt"
    if not path.exists():
        return {}
    found = [each for each in found_in(path.read_text("utf-8").partition("\n")[2]) if len(each.quote.words.split()) > 2]
    told = Counter(each.quote.speaker for each in found)
    right = sum((told & Counter(SEED)).values())
    print(f"seed page: {right} of {sum(SEED.values())} quotes right, {len(found) - right} wrong")
    return {"seed_right": right, "seed_wrong": len(found) - right}


def resolution_of(texts: list[GoldText], half: list[GoldText]) -> tuple[Score, list[str]]:
    """The resolution on those drawn of all texts that are in one half."""
    files = {text.file for text in half}
    kept = {(each.file, each.start) for each in drawn(texts) if each.file in files}
    return resolution(
        GoldText(
            file=text.file,
            text=text.text,
            quotes=tuple(each for each in text.quotes if (each.file, each.start) in kept),
            is_tuning=text.is_tuning,
        )
        for text in half
    )


def main() -> None:
    """Run it, by default on the half that rules are made by."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--errors", action="store_true", help="print what is wrong or missing")
    parser.add_argument("--closed", action="store_true", help="open the other half, too")
    options = parser.parse_args()
    corpus.require(options.data, PART)
    run(options.data, halves=(True, False) if options.closed else (True,), errors=options.errors)


if __name__ == "__main__":
    main()
