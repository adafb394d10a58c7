"""Gives what the API tells its shape in JSON. Every name here is a promise to programs that we do not know."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from urllib.parse import urlsplit

from stayahead.extract import Piece
from stayahead.model import (
    ArticleClaims,
    Change,
    Claim,
    FeedPartState,
    GoneStory,
    Polled,
    Quote,
    SearchHit,
    SourceHealth,
    Story,
    StoryArticle,
    StoryHead,
    StoryLink,
    StoryRow,
    SummarySentence,
    Update,
)
from stayahead.serve.cursors import Cursor
from stayahead.serve.links import Link
from stayahead.serve.versions import VersionView
from stayahead.stories.ledger import CasualtyLine, casualty_ledger
from stayahead.stories.rank import explain
from stayahead.stories.summary import reports, summarize
from stayahead.urls import without_logins

Json = dict[str, object]


_ADDRESS = re.compile(r"[0-9A-Fa-f:.]{2,}")
_OTHER_WORDS = {"parts", "importance_key"}
"""Fields of a head that are told in other words: the parts one by one, the key as a story's score."""
_PLAIN_FIELDS = tuple(each.name for each in fields(StoryHead) if each.name not in _OTHER_WORDS)
"""Every other field, those of later aspects too: openapi.json promises them, and a test holds the two together."""


def head(value: StoryHead, to: Link) -> Json:
    """A story in a few lines."""
    parts = value.parts
    return {
        **{name: getattr(value, name) for name in _PLAIN_FIELDS},
        "href": to(f"/v1/stories/{value.id}"),
        "first_at": parts.first_at,
        "latest_at": parts.latest_at,
        "articles": parts.articles,
        "origins": parts.origins,
        "publishers": parts.publishers,
        "countries": list(parts.countries),
    }


def article(value: StoryArticle) -> Json:
    """An article of a story: headline, two sentences and the link, never the text."""
    publisher = value.publisher
    return {
        "id": value.id,
        "url": value.url,
        "title": value.title,
        "language": value.language,
        "publisher": {
            "domain": publisher.domain,
            "name": publisher.name,
            "country": publisher.country,
            "kind": publisher.kind.value,
        },
        "via": value.via,
        "author": value.author,
        "lede": value.lede,
        "placed_at": value.placed_at,
        "seen_at": value.seen_at,
        "revision": value.revision,
        "copy_of": value.copy_of,
        "is_origin": value.is_origin,
        "backfill": value.backfill,
    }


def row(value: StoryRow, to: Link) -> Json:
    """A story as a list shows it."""
    return {
        **head(value.head, to),
        "number": value.number,
        "lead": article(value.lead),
        "first": article(value.first),
    }


def story(value: Story, now: datetime, *, to: Link) -> Json:
    """A story with a page of its articles, and what its place on the front page is made of."""
    return {
        **head(value.head, to),
        "score": explain(value.head.parts, now),
        "number": value.number,
        "aliases": list(value.aliases),
        "links": [link(each, to) for each in value.links],
        "summary": [summary_sentence(each) for each in summarize(value.head, reports(value.reports))],
        "article_list": [article(each) for each in value.articles],
    }


def link(value: StoryLink, to: Link) -> Json:
    """A story that another one stands beside."""
    return {
        "kind": value.kind,
        "id": value.id,
        "href": to(f"/v1/stories/{value.id}"),
        "headline": value.headline,
        "latest_at": value.latest_at,
    }


def summary_sentence(value: SummarySentence) -> Json:
    """A sentence of a summary with its source."""
    article = value.article
    return {"text": value.text, "article_id": article.id, "url": article.url, "publisher": article.publisher.name}


def update(value: Update, epoch: str, *, to: Link) -> Json:
    """One update with the cursor that stands behind it."""
    return {
        "number": value.number,
        "cursor": str(Cursor(epoch, value.number)),
        "at": value.at,
        "kind": value.kind,
        "change": dict(_change_fields(value.change)),
        "story": head(value.story, to),
    }


def _change_fields(change: Change) -> Iterator[tuple[str, object]]:
    """The fields of a change; another story that it speaks of is told by its id."""
    for name in (each.name for each in fields(change)):
        value = getattr(change, name)
        if isinstance(value, StoryHead):
            yield f"{name.removesuffix('_head')}_id", value.id
        else:
            yield name, list(value) if isinstance(value, tuple) else value


def revision(value: VersionView) -> Json:
    """A version of an article; its changes are empty for who may not read the text, and for the first one."""
    return {
        "revision": value.revision,
        "read_at": value.read_at,
        "title": value.title,
        "title_changes": [_piece(each) for each in value.title_changes],
        "changes": [_piece(each) for each in value.changes],
        "words_added": value.words_added,
        "words_removed": value.words_removed,
    }


def _piece(value: Piece) -> Json:
    return {"kind": value.kind.value, "text": value.text}


def claims(story_id: str, articles: Sequence[ArticleClaims], shown: Iterable[tuple[Claim, str | None]]) -> Json:
    """What a story's articles claim, each claim with the words of its sentence where they may be told."""
    ledger = casualty_ledger(articles)
    return {
        "id": story_id,
        "claims": [_claim(claim, text) for claim, text in shown],
        "ledgers": {"casualties": {slot: [_line(line) for line in lines] for slot, lines in ledger.items()}},
        "not_analysed": [each.article.id for each in articles if not each.is_analysed],
    }


def _claim(value: Claim, text: str | None) -> Json:
    stands = value.statement
    return {
        "article_id": value.article_id,
        "revision": value.revision,
        "kind": stands.kind,
        "block": stands.block,
        "start": stands.start,
        "end": stands.end,
        "value": quote(stands.value, may_read=text is not None) if isinstance(stands.value, Quote) else stands.value,
        "text": text,
    }


def quote(value: Quote, *, may_read: bool) -> Json:
    """Who says what by an article; its words only for who may read its text."""
    return {
        "words": value.words if may_read else None,
        "mention": value.mention,
        "speaker": value.speaker,
        "role": value.role,
        "cue": value.cue,
        "rule": value.rule,
    }


def _line(value: CasualtyLine) -> Json:
    article, stands = value.article, value.claim.statement
    return {
        "count": value.count,
        "article_id": article.id,
        "publisher": article.publisher.name,
        "placed_at": article.placed_at,
        "block": stands.block,
        "start": stands.start,
        "end": stands.end,
    }


def hit(value: SearchHit, to: Link, *, may_read: bool) -> Json:
    """An article found, with its story, and for who may read its text the sentence that it was found by."""
    return {
        "passage": value.passage if may_read else "",
        "article": article(value.article),
        "story": {
            "id": value.story_id,
            "href": to(f"/v1/stories/{value.story_id}"),
            "headline": value.story_headline,
        },
    }


def polled(value: Polled) -> Json:
    """What came of a source that the owner had asked."""
    state = value.state
    word = "gone" if state.gone else "failing" if state.failures else "ok"
    return {
        "url": without_logins(state.url),
        "state": word if value.is_done else "asked",
        "error": without_logins(state.error),
        "status": state.status,
        "entries": state.entries,
        "next_poll_at": state.next_poll_at,
    }


WAITING = (
    "the source has brought as many new articles as it may for now (options intake_per_hour, intake_exceptions); "
    "what its feed still lists is taken up at later polls, the newest first"
)


def source(value: SourceHealth, *, whole_url: bool) -> Json:
    """A watched feed and how it does; only the owner sees the whole url and what an error says of it."""
    feed, state = value.watched.feed, value.watched.state
    url = without_logins(feed.url) if whole_url else public_form(feed.url)
    return {
        "url": url,
        "title": feed.title or state.title,
        "publisher": value.publisher_name,
        "sections": list(feed.sections),
        "state": source_state(value),
        "failing_since": state.failing_since,
        "failures": state.failures,
        "error": _told(state.error, feed.url, url, is_whole=whole_url),
        "part_errors": [_part_error(part, whole_url=whole_url) for part in state.parts if part.error],
        "moved_to": without_logins(state.moved_to) if whole_url else state.moved_to and public_form(state.moved_to),
        "moved_since": state.moved_since,
        "status": state.status,
        "last_polled_at": state.last_polled_at,
        "last_ok_at": state.last_ok_at,
        "last_new_at": state.last_new_at,
        "next_poll_at": state.next_poll_at,
        "articles_24h": value.articles_24h,
        "waiting": state.waiting,
        "waiting_reason": WAITING if state.waiting else "",
        "pages_wanted": value.pages_wanted,
        "refused_7d": value.refused,
        "elsewhere_7d": value.elsewhere,
        "last_refusal": without_logins(value.last_refusal) if whole_url else "",
    }


def _part_error(part: FeedPartState, *, whole_url: bool) -> str:
    url = without_logins(part.url) if whole_url else public_form(part.url)
    return f"{url}: {_told(part.error, part.url, url, is_whole=whole_url)}"


def source_state(value: SourceHealth) -> str:
    """`gone`, `failing`, `new` (never polled) or `ok`."""
    state = value.watched.state
    if state.gone:
        return "gone"
    if state.error or state.failures:
        return "failing"
    return "ok" if state.last_polled_at else "new"


def public_form(url: str) -> str:
    """A feed's url without what may be somebody's key: no user, no query, no fragment."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


def _told(error: str, url: str, shown_url: str, *, is_whole: bool) -> str:
    """What an error says to this reader; which private addresses there are is the owner's business."""
    told = without_secrets(error, url, shown_url)
    return told if is_whole else _ADDRESS.sub(_public_address, told)


def _public_address(match: re.Match[str]) -> str:
    """An address as a stranger may read it; other words, and the stops behind them, as they are."""
    text = match[0]
    bare = text.rstrip(".:")
    for address in (bare, bare.rpartition(":")[0]):
        try:
            is_public = ipaddress.ip_address(address).is_global
        except ValueError:
            continue
        return text if is_public else f"a private address{text[len(bare) :]}"
    return text


def without_secrets(error: str, url: str, public_url: str) -> str:
    """The error with the url as it may be shown; nothing of it when another form of the url could be inside."""
    error, url = without_logins(error), without_logins(url)
    if url == public_url:
        return error
    text = error.replace(url, public_url)
    secret = urlsplit(url).query
    return text if not secret or secret not in text else "failing; its owner can read why"


def gone(value: GoneStory) -> Json:
    """The error that a gone story answers."""
    return error("gone", "Every article of this story has left.", headline=value.headline, id=value.id)


def error(code: str, message: str, **more: object) -> Json:
    """The one shape of every error: a code for programs, a sentence for people."""
    return {"error": {"code": code, "message": message, **more}}


def instant(text: str) -> datetime | None:
    """The aware time that an ISO 8601 text says; None when it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
