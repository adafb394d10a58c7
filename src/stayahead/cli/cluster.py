"""`cluster` shows how our stories would group an archive: one line `id<TAB>story` for each article, and the rate.

Where the archive says in which `cluster` an article belongs, how well the stories fit is told too, by language. The
lines go to standard output, all that is about them to standard error, so that the lines can be piped.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator

from stayahead.cli.archive_file import DatedRow, open_archive
from stayahead.cli.settings import encoder_of, settings_of
from stayahead.cli.terminal import plain, say
from stayahead.stories.cluster import Clusterer, Row
from stayahead.stories.scorer import score


def cluster(arguments: argparse.Namespace) -> int:
    """Group the articles of an archive."""
    encoder = encoder_of(settings_of(arguments))
    clusterer = Clusterer(arguments.when, encoder=encoder)
    labels: dict[str, tuple[str, str]] = {}
    stories: dict[str, str] = {}
    started = time.monotonic()
    count = backwards = 0
    with open_archive(arguments.file) as rows:
        before = None
        for dated in _by_time(rows) if arguments.sort else rows:
            count += 1
            backwards += before is not None and dated.arrival < before
            before = dated.arrival
            if dated.row.label:
                labels.setdefault(dated.row.id, (dated.row.language, dated.row.label))
            _write(clusterer.add(_row(dated)), labels, stories)
    _write(clusterer.finish(), labels, stories)
    seconds = max(time.monotonic() - started, 1e-9)
    say(f"{count} articles in {seconds:.1f} s: {count / seconds:,.0f}/s", to_errors=True)
    if backwards:
        say(f"out of order: {backwards} older than the one before; --sort takes them by time", to_errors=True)
    for line in _score_table(labels, stories):
        say(line, to_errors=True)
    return 0


def _by_time(rows: Iterable[DatedRow]) -> list[DatedRow]:
    return sorted(rows, key=lambda dated: dated.arrival)


def _write(pairs: Iterable[tuple[str, str]], labels: dict[str, tuple[str, str]], stories: dict[str, str]) -> None:
    """Write them, and keep those that can be scored."""
    for article_id, story_id in pairs:
        sys.stdout.write(f"{plain(article_id)}\t{story_id}\n")
        if article_id in labels:
            stories[article_id] = story_id


def _score_table(labels: dict[str, tuple[str, str]], stories: dict[str, str]) -> Iterator[str]:
    """A table of scores: each language by itself, as the benchmarks do, then all in one."""
    items = [(labels[article_id], story) for article_id, story in stories.items()]
    languages = sorted({language for (language, _), _ in items})
    if not items:
        return
    yield "scores          articles  clusters   stories   BCubed P      R     F1    pairs P      R     F1"
    for group in (*languages, "all") if len(languages) > 1 else languages:
        own = [(label, story) for (language, label), story in items if group in {language, "all"}]
        scores = score(("", label, story) for label, story in own)
        sizes = f"{len(own):8}  {len({label for label, _ in own}):8}  {len({story for _, story in own}):8}"
        yield (
            f"{group or 'unknown':14}  {sizes}     {scores.bcubed_precision:6.2f} {scores.bcubed_recall:6.2f} "
            f"{scores.bcubed_f1:6.2f}     {scores.pair_precision:6.2f} {scores.pair_recall:6.2f} {scores.pair_f1:6.2f}"
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
