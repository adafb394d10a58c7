"""Scores the conflicts that the figures' ledgers tell of, on stories of the development sets.

    python -m eval.conflicts --draw     a sample of them, with the sentences, to be read
    python -m eval.conflicts            the share of the labelled ones that are told now and right

Headlines of 2014 by their stories and times, and whole articles by their stories and days. A conflict is right when
both sentences count the same, of the same event and at about the same time, and both cannot be true.
`eval/labels/conflicts.tsv` has the verdicts, by the keys of the two articles.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from eval import corpus
from stayahead.analyze import find_statements
from stayahead.model import TITLE, ArticleClaims, Block, BlockKind, Claim, Page, Publisher, StoryArticle
from stayahead.stories.figures import FigureConflict, FigureLine, figure_ledger

SEED = "conflicts 2"
DRAWN = 50
LABELS = Path(__file__).with_name("labels") / "conflicts.tsv"
WHOLE = ("gva_dev", "allsides_dated_dev", "allsides_dev")
"""Sets of whole articles in English of which a story is of one day."""
ONE_DAY = "2018-01-01"
"""Of the articles that say no day: three reports of one affair each."""
_EACH = 4
"""Conflicts of one story and slot in the sample: a large affair would fill it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A conflict with what leads to it."""

    story: str
    conflict: FigureConflict
    sentences: tuple[str, str]

    @property
    def key(self) -> tuple[str, ...]:
        """What names it in the labels."""
        one, other = self.conflict.one, self.conflict.other
        return (one.article.id, other.article.id, one.figure.slot, f"{one.figure.low:g}", f"{other.figure.low:g}")


def stories(data: Path) -> Iterator[tuple[str, list[tuple[StoryArticle, Page]]]]:
    """Every story of the sets with its articles."""
    found: dict[str, list[tuple[StoryArticle, Page]]] = defaultdict(list)
    with gzip.open(data / "stories" / "headlines_dev.tsv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            at = datetime.fromisoformat(row["arrival"])
            # Labels never join across days: a story is one of a day.
            story = f"headlines/{row['story']}/{at:%m%d}"
            found[story].append(_article(f"headlines/{row['id']}", row["title"], "", row["host"], at))
    for name in WHOLE:
        with gzip.open(data / "stories" / "fulltext" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                at = datetime.fromisoformat(row["published"] or ONE_DAY)
                at = at if at.tzinfo else at.replace(tzinfo=UTC)
                own = found[f"{name}/{row['story']}"]
                own.append(_article(f"{name}/{row['id']}", row["title"], row["text"], row["publisher"], at))
    yield from found.items()


def _article(key: str, title: str, text: str, domain: str, at: datetime) -> tuple[StoryArticle, Page]:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=part) for part in text.split("\n") if part.strip())
    publisher = Publisher(domain=domain, name=domain)
    row = StoryArticle(id=key, url="", title=title, publisher=publisher, placed_at=at, seen_at=at)
    return row, Page(blocks=blocks, language="en")


def conflicts(data: Path) -> Iterator[Told]:
    """Every conflict of every story."""
    for story, articles in stories(data):
        if len(articles) < 2:
            continue
        claimed = [_claimed(article, page) for article, page in articles]
        pages = {article.id: page for article, page in articles}
        for own in figure_ledger(claimed).values():
            for conflict in own.conflicts[:_EACH]:
                said = (_sentence(conflict.one, pages), _sentence(conflict.other, pages))
                yield Told(story, conflict, said)


def _claimed(article: StoryArticle, page: Page) -> ArticleClaims:
    found = find_statements(article.title, page).text
    return ArticleClaims(
        article=article, claims=tuple(Claim(article_id=article.id, revision=0, statement=each) for each in found)
    )


def _sentence(line: FigureLine, pages: dict[str, Page]) -> str:
    stands = line.claim.statement
    text = line.article.title if stands.block == TITLE else pages[line.article.id].blocks[stands.block].text
    return " ".join(text[stands.start : stands.end].split())


def draw(data: Path) -> list[Told]:
    """The sample: the conflicts whose stories and slots hash lowest."""
    told = sorted(conflicts(data), key=lambda each: _order(f"{each.story} {each.conflict.one.figure.slot}"))
    return told[:DRAWN]


def _order(name: str) -> bytes:
    return blake2b(f"{SEED} {name}".encode(), digest_size=8).digest()


def run(data: Path) -> dict[str, float]:
    """Of the conflicts that were read by eye and are told, the share that is right."""
    with LABELS.open(encoding="utf-8") as lines:
        verdicts = {tuple(row[:5]): row[5] for row in csv.reader(lines, delimiter="\t")}
    sample = [each for each in draw(data) if each.key in verdicts]
    right = Counter(verdicts[each.key] for each in sample)["right"]
    scores = {"conflicts_read": float(len(sample)), "conflict_precision": right / max(len(sample), 1)}
    print("\n".join(f"{name:>20} {value:.3f}" for name, value in scores.items()))
    return scores


def main() -> int:
    """Print the sample, or score it."""
    parser = corpus.parser(__doc__)
    parser.add_argument("--draw", action="store_true")
    options = parser.parse_args()
    if not options.draw:
        run(options.data)
        return 0
    for number, each in enumerate(draw(options.data)):
        one, other = each.conflict.one, each.conflict.other
        print(number, each.story, *each.key[2:], one.article.placed_at, other.article.placed_at, sep="\t")
        print(f"    {one.article.publisher.domain} [{one.figure.place}]: {each.sentences[0]}")
        print(f"    {other.article.publisher.domain} [{other.figure.place}]: {each.sentences[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
