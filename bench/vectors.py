"""Measures how many vectors a second each model at hand makes of headlines and articles, on one thread.

    stayahead model get minilm; stayahead model get static
    python -m bench vectors --data ../shared/data

The models are those of the default data directory. Texts are all different, so nothing comes from the encoder's memory,
and the models take turns, so that both meet the same machine. `analyze` alone, on the same texts, is what a vector is
an addition to. Rates are by CPU time.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from eval import corpus
from eval.stories import headline_rows
from stayahead.analyze import analyze
from stayahead.cli.settings import models_folder
from stayahead.config import Settings
from stayahead.encoders import load, locate
from stayahead.errors import ModelError
from stayahead.model import Block, BlockKind, Entry, Page

_TEXTS = 600
_TURN = 100
"""How many texts one model encodes before the next has its turn."""

Text = tuple[str, str]


def run(data: Path) -> dict[str, float]:
    """Rates in texts a second, and their ratios."""
    encoders = {name: load(_folder(name)).encode for name in ("static", "minilm")}
    figures: dict[str, float] = {}
    for kind, texts in (("headlines", _headlines(data)), ("articles", _articles(data))):
        rates = _rates({"analyze": _analyzed, **encoders}, texts)
        figures |= {f"{kind}_{name}_per_s": rate for name, rate in rates.items()}
        figures[f"{kind}_static_to_minilm"] = rates["static"] / rates["minilm"]
        figures[f"{kind}_minilm_cost_in_analyze"] = rates["analyze"] / rates["minilm"]
    return figures


def _folder(name: str) -> Path:
    try:
        return locate(name, [models_folder(Settings())])
    except ModelError as error:
        print(error)
        sys.exit(corpus.MISSING)


def _headlines(data: Path) -> list[Text]:
    titles = dict.fromkeys(row.title for row in islice(headline_rows(data / "stories" / "headlines_dev.tsv.gz"), 9_000))
    return [(title, "") for title in titles][:_TEXTS]


def _articles(data: Path) -> list[Text]:
    """Articles in English, far longer than the part of them that a model reads."""
    articles = json.loads((data / "stories" / "fulltext_dev.json").read_text("utf-8"))["articles"]
    texts = [(str(a["title"]), "\n".join(str(s["content"]) for s in a["sentences"])) for a in articles]
    return [(title, text) for title, text in texts if text.isascii() and len(text) > 1_000][:_TEXTS]


def _analyzed(title: str, text: str) -> object:
    block = Block(kind=BlockKind.PARAGRAPH, text=text)
    return analyze(Page(title=title, blocks=(block,), language="en"), Entry(title=title))


def _rates(doers: dict[str, Callable[[str, str], object]], texts: list[Text]) -> dict[str, float]:
    spent = dict.fromkeys(doers, 0.0)
    for start in range(0, len(texts), _TURN):
        for name, do in doers.items():
            began = time.process_time()
            for title, text in texts[start : start + _TURN]:
                do(title, text)
            spent[name] += time.process_time() - began
    return {name: len(texts) / seconds for name, seconds in spent.items()}


if __name__ == "__main__":
    for key, value in run(corpus.parser(__doc__).parse_args().data).items():
        print(f"{key}: {value:.4g}")
