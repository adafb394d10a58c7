"""`cluster`: an archive in, one `id<TAB>story` line per article on standard output, the rate on standard error.

Where the archive says in which `cluster` an article belongs, how well the stories fit is told too, by language.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator

from stayahead.cli.opened import DatedRow, archive
from stayahead.cli.place import encoder_of, settings_of
from stayahead.stories.cluster import Clusterer, Row
from stayahead.stories.scorer import score


def cluster(given: argparse.Namespace) -> int:
    """Group the articles of an archive."""
    encoder = encoder_of(settings_of(given))
    clusterer = Clusterer(given.when, encoder=encoder)
    labels: dict[str, tuple[str, str]] = {}
    assigned: dict[str, str] = {}
    started = time.monotonic()
    count = backwards = 0
    with archive(given.file) as rows:
        before = None
        for dated in _by_time(rows) if given.sort else rows:
            count += 1
            backwards += before is not None and dated.arrival < before
            before = dated.arrival
            if dated.row.label:
                labels.setdefault(dated.row.id, (dated.row.language, dated.row.label))
            _tell(clusterer.add(_row(dated)), labels, assigned)
    _tell(clusterer.finish(), labels, assigned)
    seconds = max(time.monotonic() - started, 1e-9)
    print(f"{count} articles in {seconds:.1f} s: {count / seconds:,.0f}/s", file=sys.stderr)
    if backwards:
        print(f"out of order: {backwards} older than the one before; --sort takes them by time", file=sys.stderr)
    for line in _scored(labels, assigned):
        print(line, file=sys.stderr)
    return 0


def _by_time(rows: Iterable[DatedRow]) -> list[DatedRow]:
    return sorted(rows, key=lambda dated: dated.arrival)


def _tell(pairs: Iterable[tuple[str, str]], labels: dict[str, tuple[str, str]], assigned: dict[str, str]) -> None:
    """Write them, and keep those that can be scored."""
    for article_id, story_id in pairs:
        sys.stdout.write(f"{article_id}\t{story_id}\n")
        if article_id in labels:
            assigned[article_id] = story_id


def _scored(labels: dict[str, tuple[str, str]], assigned: dict[str, str]) -> Iterator[str]:
    """A table of scores: each language by itself, as the benchmarks do, then all in one."""
    items = [(labels[article_id], story) for article_id, story in assigned.items()]
    languages = sorted({language for (language, _), _ in items})
    if not items:
        return
    yield "scores          articles  clusters   stories   BCubed P      R     F1    pairs P      R     F1"
    for chosen in (*languages, "all") if len(languages) > 1 else languages:
        own = [(label, story) for (language, label), story in items if chosen in {language, "all"}]
        found = score(("", label, story) for label, story in own)
        sizes = f"{len(own):8}  {len({label for label, _ in own}):8}  {len({story for _, story in own}):8}"
        yield (
            f"{chosen or 'unknown':14}  {sizes}     {found.bcubed_precision:6.2f} {found.bcubed_recall:6.2f} "
            f"{found.bcubed_f1:6.2f}     {found.pair_precision:6.2f} {found.pair_recall:6.2f} {found.pair_f1:6.2f}"
        )


def _row(dated: DatedRow) -> Row:
    row = dated.row
    return Row(
        id=row.id,
        title=row.title,
        arrival=dated.arrival,
        text=row.text,
        url=row.url,
        publisher=row.publisher,
        language=row.language,
    )
