"""Keeps what readers wrote apart from the article, one text for each comment.

Two jobs: find the comments that stand before their heading (the seed's shape: article, `name : slogan`, "Post
Comment", link spam), and put the paragraphs of one comment together.
"""

from __future__ import annotations

import re

from stayahead.extract.body.boilerplate import is_comment_heading
from stayahead.extract.body.gates import is_furniture, is_spam, shares_words
from stayahead.extract.body.outline import Node, Run
from stayahead.language.lexicon import either
from stayahead.model import BlockKind
from stayahead.text import tokens

MAX_SHARED_WORDS = 0.25
"""A `name : text` at the article's end that shares less of its longer words with the text before it is a comment: an
interview's lines are signed too, and French sets a blank before every colon."""
MAX_TRAILING = 200
"""How many runs are looked at from the end."""
MIN_CHARS = 12
"""Shortest comment: shorter texts are counts, dates and names."""

_FORM = re.compile(
    r"[\s_-](?:respond|comment-?form|comment-reply|comment-notes|akismet|comments-link|comment-count)[\s_-]"
)
_FORM_WORDS = re.compile(either("comments.form"), re.IGNORECASE)
_SIGNED = re.compile(r"(?:[\w.@-]{2,30}(?: [\w.@-]{1,20}){0,2} :|[a-z0-9_.@-]{3,30}:) (?P<said>.+)", re.DOTALL)
"""`Some Name : text`, or `handle: text`; "Note: text" is an editor's."""
_HANDLE = re.compile(r"[a-z0-9_.@-]+ :")
_ONE_WORD = re.compile(r"[\w.@-]{3,30} : (?![\"'“„«‘–—-])")
"""A name of one word that says something without quotation marks: a reader's, right above a comment heading."""
_ITEM = re.compile(r"[\s_-]comment(?:-\d+|-body|-item|_item|-content|__body|-container|-wrapper)?[\s]")


def trailing_comments(runs: list[Run], *, has_comments: bool, has_heading: bool = False) -> tuple[list[Run], list[Run]]:
    """The article's runs without the comments at their end, and these.

    From the end backwards, a run is a comment when it is spam, or signed (`name : text`) and foreign to the text
    before it. Where the page shows no comments, only a handle signs.

    Args:
        runs: the container's runs, down to the comment heading.
        has_comments: whether comments stand elsewhere on the page.
        has_heading: whether a comment heading stands right below; then a name of one word signs, foreign or not.
    """
    end = len(runs)
    while end > max(1, len(runs) - MAX_TRAILING) and (
        _is_comment(runs, end - 1, has_comments=has_comments or has_heading)
        or (has_heading and _ONE_WORD.match(runs[end - 1].text) is not None)
    ):
        end -= 1
    # Images at the end went with the comments on the way back; those right below the article's text are its own.
    while end < len(runs) and runs[end].kind is BlockKind.IMAGE:
        end += 1
    return runs[:end], runs[end:]


def grouped(runs: list[Run], nodes: list[Node]) -> tuple[str, ...]:
    """The comments, one text each: runs inside one element that is named a comment belong together."""
    texts: list[str] = []
    last = -1
    for run in runs:
        if run.kind is BlockKind.IMAGE or _is_around_comments(run, nodes):
            continue
        item = _item_of(run, nodes)
        if item >= 0 and item == last:
            texts[-1] += "\n" + run.text
        else:
            texts.append(run.text)
        last = item
    return tuple(text for text in texts if len(text) >= MIN_CHARS)


def is_signed(text: str) -> bool:
    """Whether a text begins with a name and a colon, as comments do in plain text."""
    return _SIGNED.fullmatch(text) is not None


def is_foreign(text: str, article: str) -> bool:
    """Whether a text shares few of its longer words with the article."""
    return shares_words(text, set(tokens(article))) < MAX_SHARED_WORDS


def _is_comment(runs: list[Run], index: int, *, has_comments: bool) -> bool:
    run = runs[index]
    if run.kind is BlockKind.IMAGE:
        return True
    if is_spam(run):
        return True
    # Without comments elsewhere a full name and a colon is more likely a quoted speaker; a handle never is.
    if not is_signed(run.text) or not (has_comments or _HANDLE.match(run.text)):
        return False
    before = " ".join(r.text for r in runs[max(0, index - 60) : index])
    return is_foreign(run.text, before)


def _is_around_comments(run: Run, nodes: list[Node]) -> bool:
    """Whether a run is the heading of the comments, a button, or part of the form to write one."""
    if not run.text or is_comment_heading(run.text) or is_furniture(run) or _FORM_WORDS.match(run.text):
        return True
    at = run.node
    while at:
        if nodes[at].tag == "form" or (nodes[at].mark and _FORM.search(nodes[at].mark)):
            return True
        at = nodes[at].parent
    return False


def _item_of(run: Run, nodes: list[Node]) -> int:
    at = run.node
    while at:
        if nodes[at].mark and _ITEM.search(nodes[at].mark):
            return at
        at = nodes[at].parent
    return -1
