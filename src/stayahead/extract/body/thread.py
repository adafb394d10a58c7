"""Reads a forum's page, where the posts are the text and not comments below one.

A thread is told from an article with comments by what the page says of itself (its address, its software, schema.org),
never by the shape alone; then every element that is named as a post's text is one, and the rest is furniture:
profiles, counts, signatures, buttons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from stayahead.extract.body.boilerplate import mass_of
from stayahead.extract.body.gates import is_furniture, is_spam
from stayahead.extract.body.outline import Node, Outline, Run
from stayahead.extract.landmarks import Landmarks
from stayahead.extract.markup import MARKS_KEPT
from stayahead.language.lexicon import either
from stayahead.model import BlockKind
from stayahead.text import fold

MIN_POSTS = 2
MIN_SHARE = 0.6
"""Least share of the page's paragraph mass that the posts hold: with less it is an article with comments."""
MIN_REPEATED_CHARS = 60
"""Length from which a text that stands twice is one post shown twice: two people do not write the same."""
PIECE_WORDS = 4
MAX_REPEATED = 0.6
"""A quotation with more than this share of its pieces above it quotes a post of the same page."""
MAX_METAS = 60
MAX_NAME_CHARS = 40
MAX_BYLINE_CHARS = 400
"""Where what stands beside a post is no longer searched for its date."""
MAX_BETWEEN = 40
"""How many runs before a post are searched for its author and date."""

_ADDRESS = re.compile(
    r"showthread|viewtopic|viewthread|forumdisplay|/threads?[/-]|/topics?/\d|[?&/](?:topic|tid|thread)[=,/-]\d"
    r"|/t/[^/?]+/\d|/d/\d+|/discussions?/\d"
    r"|/questions?/\d|/comments/\w+/|/viewpost|/m-p/\d|//(?:[\w-]+\.)*(?:[\w-]*forums?|bbs|boards?|discuss"
    r"|community|answers)\.|/(?:forums?|bbs|boards?)/",
    re.IGNORECASE,
)
_SOFTWARE = re.compile(
    r"phpbb|vbulletin|discourse|xenforo|invision|ips community|mybb|simple machines|flarum|fluxbb|punbb|nodebb"
    r"|vanilla forum|bbpress|khoros|lithium"
    r"|wpforo|woltlab|ubb\.threads|answerhub|question2answer",
    re.IGNORECASE,
)
_SCHEMA = frozenset(("discussionforumposting", "qapage"))
_BODY = re.compile(
    r"""[\s_-](?:bbwrapper|messagetext|message-?_?(?:body|text|content)|post-?_*(?:body|content|message|msg|text
    |prose)(?:[-_]\w+)?
    |postbody|postcontent|postmsg|js-post-body|s-prose|crawler-post|cooked|ipstype_richtext|commentcontent
    |usercontent|usertext-body
    |lia-message-body(?:-content)?|bbp-(?:reply|topic)-content|commtext|comment-?_?(?:body|content|text|copy)
    |ipsentry__post|vbeditorcontent|discussionboard-message
    |(?:reply|answer|question)-?_*(?:body|content|text)|msg_\d+(?=\s)|post\stext)[\s_-]""",
    re.VERBOSE,
)
_LEFT_OUT = re.compile(
    r"[\s_-](?:\w{0,30}signature|sig|lastedit\w*|last-?edited?\w*|edit(?:ed)?by|edit-?note|likes?|reactions?"
    r"|reactionsbar|actions?|buttons?|footer|rating|votes?"
    r"|attachments?|share|userinfo|user-?info|postprofile|author-?pane|profile|post-?menu|toolbar|badges?|ranks?"
    r"|crawler-linkback-list|linkback\w*"
    r"|expandlink|expand|unfurl\w*)[\s_-]"
)
_SIGNATURE = re.compile(r"signature|[\s_-]sig[\s_-]")
_SMALL_PRINT = re.compile(rf"#?\d{{1,5}}|{either('forums.small_print')}", re.IGNORECASE)
_DATE = re.compile(
    rf"(?:(?:{either('dates.months')})[a-z]{{0,12}}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d"
    r"|\d{1,2}(?:st|nd|rd|th|\.)?\s+[^\W\d_]{3,10}\.?,?\s+(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d"
    r"|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d)"
    r"(?:[\s,at|-]{1,5}\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]m)?)?",
    re.IGNORECASE,
)
_NOT_THEN = re.compile(either("forums.since"), re.IGNORECASE)
_MEMBER = re.compile(
    r"/(?:members?|users?|u|profiles?|people|author)[/?.-]|(?:member|memberlist|profile|user)\.php|action=profile"
    r"|[?&](?:user|uid|u)=",
    re.IGNORECASE,
)
_NO_NAME = re.compile(rf"(?:{either('forums.no_names')})\b", re.IGNORECASE)
_NAMED = re.compile(r"[\s_-](?:author|user-?_?name|poster|creator|message-name|nickname)[\s_-]")


def is_thread(landmarks: Landmarks, *, url: str, types: frozenset[str]) -> bool:
    """Whether a page declares itself a forum's: by its address, its software or the schema.org types that it names."""
    if _ADDRESS.search(url[:500]) or types & _SCHEMA:
        return True
    metas = (meta for meta in landmarks.of("meta")[:MAX_METAS] if meta.get("name") == "generator")
    return any(_SOFTWARE.search((meta.get("content") or "")[:200]) for meta in metas)


def posts_of(page: Outline, *, title: str) -> list[Run]:
    """The posts of a thread, in order; empty when the page shows fewer than `MIN_POSTS`, or more of something else."""
    nodes = page.nodes
    post = _posts(nodes)
    is_out = _left_out(nodes, post)
    runs: list[Run] = []
    since: list[Run] = []
    last = -1
    post_mass = page_mass = 0
    is_signature = _below(nodes, _says_signature)
    earlier = _EarlierText()
    for run in page.runs:
        if is_signature[run.node]:
            continue
        mass = mass_of(run)
        page_mass += mass
        body = post[run.node]
        if body < 0:
            since.append(run)
            continue
        post_mass += mass
        if is_out[run.node] or _is_small_print(run, title) or earlier.has(run):
            continue
        if body != last:
            runs += _signature(since, run.node, nodes)
            since, last = [], body
        runs.append(_as_paragraph(run, nodes[body]))
    # Share and count are judged at the end, over all posts: an article whose comments are named as posts fails here.
    is_enough = len({post[run.node] for run in runs}) >= MIN_POSTS and post_mass >= MIN_SHARE * page_mass
    return runs if is_enough else []


def _posts(nodes: list[Node]) -> list[int]:
    """For each element, the number of the post's text (the innermost so named) that it is part of, or -1."""
    is_signature = _below(nodes, _says_signature)
    is_named = [
        bool(n.mark) and not is_off and n.tag not in ("body", "html", "main") and _says_body(n.mark)
        for n, is_off in zip(nodes, is_signature, strict=True)
    ]
    holds_named = [False] * len(nodes)
    for index in range(len(nodes) - 1, 0, -1):
        if is_named[index] or holds_named[index]:
            holds_named[nodes[index].parent] = True
    post = [-1] * len(nodes)
    for index, node in enumerate(nodes):
        if index and post[node.parent] >= 0:
            post[index] = post[node.parent]
        elif is_named[index] and not holds_named[index]:
            post[index] = index
    return post


def _below(nodes: list[Node], says: Callable[[str], bool]) -> list[bool]:
    """For each element, whether `says` holds for its mark or for that of an element around it."""
    is_below = [False] * len(nodes)
    for index, node in enumerate(nodes):
        is_below[index] = (index > 0 and is_below[node.parent]) or (bool(node.mark) and says(node.mark))
    return is_below


def _left_out(nodes: list[Node], post: list[int]) -> list[bool]:
    """For each element, whether it is a signature, a count or a button inside a post."""
    is_out = [False] * len(nodes)
    for index, node in enumerate(nodes):
        if post[index] >= 0:
            is_out[index] = is_out[node.parent] or (bool(node.mark) and _says_left_out(node.mark))
    return is_out


def _as_paragraph(run: Run, body: Node) -> Run:
    """The run as a paragraph where some software sets the whole post as a quotation."""
    if body.tag != "blockquote" or run.kind is not BlockKind.QUOTATION:
        return run
    return replace(run, kind=BlockKind.PARAGRAPH)


def _is_small_print(run: Run, title: str) -> bool:
    if run.kind is BlockKind.IMAGE:
        return False
    text = run.text
    if run.kind is BlockKind.HEADING and title and fold(title) in fold(text):
        return True
    return is_furniture(run) or is_spam(run) or _SMALL_PRINT.fullmatch(text) is not None


def _signature(between: list[Run], node: int, nodes: list[Node]) -> Iterator[Run]:
    """One heading with the post's author and date, as far as the runs right before it show them."""
    near = between[-MAX_BETWEEN:]
    linked = (n for run in reversed(near) if (n := _linked_name(run)))
    name = next(linked, "") or next((n for run in near if (n := _marked_name(run, nodes))), "")
    # A profile shows when its member joined; the post's date has no such label before it and stands last.
    labels = ["", *(run.text for run in near)]
    dates = [
        match
        for label, run in zip(labels, near, strict=False)
        if (match := _DATE.search(run.text, 0, MAX_BYLINE_CHARS))
        and not _NOT_THEN.search(run.text, 0, MAX_BYLINE_CHARS)
        and not _NOT_THEN.match(label)
    ]
    when = dates[-1].group() if dates else ""
    text = ", ".join(part for part in (name, when) if part)
    if text:
        yield Run(node, BlockKind.HEADING, text, tag="h3")


def _linked_name(run: Run) -> str:
    names = (run.text[a.start : a.end] for a in run.anchors if _MEMBER.search(a.href))
    return next(filter(_may_be_name, names), "")


def _marked_name(run: Run, nodes: list[Node]) -> str:
    node = nodes[run.node]
    marks = f"{node.mark} {nodes[node.parent].mark}"
    return run.text if _NAMED.search(marks) and _may_be_name(run.text) else ""


def _may_be_name(text: str) -> bool:
    return 2 <= len(text) <= MAX_NAME_CHARS and not _SMALL_PRINT.fullmatch(text) and not _NO_NAME.match(text)


class _EarlierText:
    """The texts of the posts above: a quotation of them, or the same post once more, adds nothing."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._pieces: set[int] = set()

    def has(self, run: Run) -> bool:
        """Whether the run repeats a text above; one that does not is remembered."""
        if run.kind is BlockKind.IMAGE:
            return False
        words = run.text.split()
        pieces = {hash(" ".join(words[i : i + PIECE_WORDS])) for i in range(max(1, len(words) - PIECE_WORDS + 1))}
        if run.text in self._texts and (run.kind is BlockKind.QUOTATION or len(run.text) >= MIN_REPEATED_CHARS):
            return True
        if run.kind is BlockKind.QUOTATION and len(pieces & self._pieces) > MAX_REPEATED * len(pieces):
            return True
        self._texts.add(run.text)
        self._pieces |= pieces
        return False


@lru_cache(maxsize=MARKS_KEPT)
def _says_signature(mark: str) -> bool:
    return _SIGNATURE.search(mark) is not None


@lru_cache(maxsize=MARKS_KEPT)
def _says_body(mark: str) -> bool:
    return _BODY.search(mark) is not None


@lru_cache(maxsize=MARKS_KEPT)
def _says_left_out(mark: str) -> bool:
    return _LEFT_OUT.search(mark) is not None
