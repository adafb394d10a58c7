"""Reads the direct quotes that PolNeAR's annotators marked, each with the words that they took for its source.

    python -m eval.quote_gold --draw    the pronoun quotes to be labelled, each with what stands before it

A gold quote is a stretch in quotation marks, of at least `WORDS` words, inside a content that has a source; where
contents lie in one another, the smallest decides. `eval/labels/quote_pronouns.tsv` says of `DRAWN` quotes whose source
is a pronoun who that is, found by reading: the fullest name in the article, or `-` where the article names nobody or
leaves it open.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from eval import corpus

PART = "quotes/dev"
WORDS = 4
HALVES = "quote halves 1"
"""The seed by which a file belongs to the half that rules were made by, or to the one that was opened once."""
SEED = "pronoun quotes 1"
DRAWN = 100
LABELS = Path(__file__).with_name("labels") / "quote_pronouns.tsv"
PRONOUNS = frozenset(["he", "she", "they", "it", "who", "him", "her", "them"])
_QUOTED = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|''(?:[^']|'(?!'))*(?:''|$)")
_MARKS = "“", "”", '"', "''"
_WORD = re.compile(r"\w+(?:['’]\w+)*")
READ_CHARS = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuote:
    """What stands in quotation marks, [start, end) of a file's text without the marks, and who is said to say it."""

    file: str
    start: int
    end: int
    source: str
    """As annotated: a name, a description, a pronoun."""
    source_start: int
    opens: bool
    """The whole content is in quotation marks: not a few words of somebody's inside a sentence of the paper's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldText:
    """An article with its gold quotes, in the order of the text."""

    file: str
    text: str
    quotes: tuple[GoldQuote, ...]
    is_tuning: bool


def gold_texts(data: Path) -> Iterator[GoldText]:
    """Every annotated article; where several annotators read one, the first by name counts."""
    for path in sorted((data / PART / "text").glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        annotations = sorted((data / PART / "attributions").glob(f"{path.stem}*.ann"))
        quotes = tuple(_quotes(path.stem, text, annotations[0].read_bytes().decode("utf-8"))) if annotations else ()
        is_tuning = blake2b(f"{HALVES} {path.stem}".encode()).digest()[0] % 2 == 0
        yield GoldText(file=path.stem, text=text, quotes=quotes, is_tuning=is_tuning)


def words_of(text: str) -> list[str]:
    """The words of a source or a name, in small letters."""
    return _WORD.findall(text.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    start: int
    end: int


def _quotes(file: str, text: str, annotations: str) -> Iterator[GoldQuote]:
    spans: dict[str, list[_Span]] = {}
    events: list[dict[str, list[str]]] = []
    for line in annotations.splitlines():
        name, _, rest = line.partition("\t")
        if name.startswith("T"):
            places = rest.partition("\t")[0].partition(" ")[2].split(";")
            spans[name] = [_Span(start=int(a), end=int(b)) for a, b in (place.split(" ") for place in places)]
        elif name.startswith("E"):
            roles: dict[str, list[str]] = {}
            for role in rest.split():
                kind, _, target = role.partition(":")
                roles.setdefault(kind.rstrip("0123456789"), []).append(target)
            events.append(roles)
    found: dict[tuple[int, int], tuple[int, GoldQuote]] = {}
    for event in events:
        sources = [span for name in event.get("Source", ()) for span in spans[name]]
        content = [span for name in event.get("Content", ()) for span in spans[name]]
        size = sum(span.end - span.start for span in content)
        for quote in _stretches(file, text, sources, content):
            place = (quote.start, quote.end)
            if place not in found or size < found[place][0]:
                found[place] = size, quote
    yield from (found[place][1] for place in sorted(found))


def _stretches(file: str, text: str, sources: list[_Span], content: list[_Span]) -> Iterator[GoldQuote]:
    if not sources:
        return
    source = " ".join(text[span.start : span.end] for span in sources)
    for span in content:
        start = span.start - len(_marks_before(text, span.start))
        end = span.end + len(_marks_behind(text, span.end))
        opens = bool(_marks_behind(text, start))
        for line in re.finditer(r"[^\n]+", text[start:end]):
            for match in _QUOTED.finditer(line[0]):
                first = start + line.start() + match.start() + 1
                last = first + len(match[0].strip('“”"'))
                if len(words_of(text[first:last])) >= WORDS:
                    yield GoldQuote(
                        file=file,
                        start=first,
                        end=last,
                        source=source,
                        source_start=sources[0].start,
                        opens=opens,
                    )


def _marks_before(text: str, at: int) -> str:
    return next((mark for mark in _MARKS if text.endswith(mark, max(0, at - len(mark)), at)), "")


def _marks_behind(text: str, at: int) -> str:
    return next((mark for mark in _MARKS if text.startswith(mark, at)), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronoun:
    """Whom a pronoun quote is by, as a reader of the article says."""

    file: str
    start: int
    speaker: str
    """`-`: nobody whom the article names."""


def labels(path: Path = LABELS) -> list[Pronoun]:
    """The quotes that were labelled by hand."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return [Pronoun(file=row["file"], start=int(row["start"]), speaker=row["speaker"]) for row in rows]


def drawn(texts: Iterable[GoldText]) -> list[GoldQuote]:
    """The pronoun quotes that are labelled: the `DRAWN` whose hashes are least, among those in marks of one sign."""
    pronouns = [
        each
        for text in texts
        for each in text.quotes
        if each.source.lower() in PRONOUNS and text.text[each.start - 1] in '“"'
    ]
    return sorted(pronouns, key=_draw)[:DRAWN]


def _draw(quote: GoldQuote) -> bytes:
    return blake2b(f"{SEED} {quote.file} {quote.start}".encode()).digest()


def main() -> None:
    """Print what is to be read."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--draw", action="store_true", help="the quotes to label, with what stands before them")
    options = parser.parse_args()
    corpus.require(options.data, PART)
    texts = {text.file: text for text in gold_texts(options.data)}
    if not options.draw:
        print(f"{len(texts)} texts, {sum(len(each.quotes) for each in texts.values())} quotes")
        return
    for quote in sorted(drawn(texts.values()), key=lambda each: (each.file, each.start)):
        text = texts[quote.file].text
        before = text[max(0, quote.start - READ_CHARS) : quote.start]
        print(f"══ {quote.file} {quote.start} {quote.source!r}\n{before}⟦{text[quote.start : quote.end]}⟧", end="")
        print(text[quote.end : max(quote.end, quote.source_start) + 40])


if __name__ == "__main__":
    main()
