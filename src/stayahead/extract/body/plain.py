"""Reads a page that came without markup.

The shape is that of a scraped page: the first line is the title, paragraphs follow, then perhaps comments and spam.
"""

from __future__ import annotations

import re

from stayahead.extract.body.article import Reading
from stayahead.extract.body.boilerplate import is_comment_heading
from stayahead.extract.body.comments import trailing_comments
from stayahead.extract.body.outline import Run
from stayahead.model import Block, BlockKind
from stayahead.spam import judge
from stayahead.text import collapse

MAX_TITLE_CHARS = 250
MAX_PARAGRAPHS = 10_000
MIN_SPAM_CHARS = 24
"""Shortest text that is judged: shorter ones have neither twelve words nor three phrases."""
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def read_plain(text: str) -> Reading:
    """Read a plain text: title, article, comments and spam."""
    paragraphs = _paragraphs(text)
    title = ""
    if paragraphs and len(paragraphs[0]) <= MAX_TITLE_CHARS and (len(paragraphs) > 1 or len(paragraphs[0]) < 120):
        title = paragraphs.pop(0)
    # Not at the first paragraph: then there would be no article.
    cut = next((i for i, p in enumerate(paragraphs) if i and is_comment_heading(p)), len(paragraphs))
    runs = [Run(0, BlockKind.PARAGRAPH, p) for p in paragraphs[:cut]]
    article, comments = trailing_comments(runs, has_comments=False, has_heading=cut < len(paragraphs))
    is_spam = [len(run.text) >= MIN_SPAM_CHARS and judge(run.text).is_spam for run in article]
    texts = [run.text for run, is_out in zip(article, is_spam, strict=True) if not is_out]
    spam = [run.text for run, is_out in zip(article, is_spam, strict=True) if is_out]
    comment_texts = [run.text for run in comments] + [p for p in paragraphs[cut:] if not is_comment_heading(p)]
    return Reading(
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=p) for p in texts),
        comments=(*comment_texts, *spam),
        title=title,
        confidence=min(1.0, 0.5 + sum(map(len, texts)) / 4000) if texts else 0.0,
    )


def _paragraphs(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    first, _, rest = text.partition("\n")
    parts = _BLANK_LINE.split(rest)
    if len(parts) == 1:
        parts = rest.split("\n")  # one paragraph a line
    collapsed = (collapse(p) for p in [first, *parts][:MAX_PARAGRAPHS])
    return [p for p in collapsed if p]
