# ruff: noqa: E501, ISC004 - markup is easier to read unbroken
"""Threads: the forms in which forums mark up their posts, and pages with comments that are no thread."""

import pytest

from stayahead.extract import read_page
from stayahead.model import BlockKind

FIRST = "Has anybody taken the new ferry with a bicycle? I would like to know where one may leave it on board."
SECOND = "Yes, twice. There are hooks on the lower deck, next to the stairs, and the crew helps you with them."
THIRD = "The hooks are gone since March."

FORMS = {
    "rows with message bodies": (
        "https://talk.example/threads/ferry.12/",
        '<article class="message"><div class="message-user"><h4><a href="/members/{0}.1/">{0}</a></h4><dl><dt>Joined</dt>'
        "<dd>Jan 2, 2019</dd></dl></div><div class=message-main><span>{1}</span><div class='message-body'>"
        "<div class=bbWrapper>{2}</div></div><div class='message-signature'><div class=bbWrapper>Ride on, and on, and on, "
        "whatever the weather may be out there</div></div><div class=likes>3 Likes</div></div></article>",
    ),
    "tables with quoted posts": (
        "https://board.example/showthread.php?t=12",
        "<table><tr><td class=postbit><a href='member.php?u=1'>{0}</a> Posts: 12 <div>{1}</div></td>"
        "<td><div id=post_message_12><blockquote class=postcontent>{2}</blockquote></div></td></tr></table>",
    ),
    "post bodies": (
        "https://bbs.example/viewtopic.php?id=12",
        "<div class=post><div class=postbody><h3>Re: Bicycles on the ferry</h3><p class=author>by <a href='/memberlist.php?u=2'>"
        "{0}</a> » {1}</p><div class=content>{2}</div></div><dl class=postprofile><dt>Posts: 4</dt></dl></div>",
    ),
    "stand-ins for scripts": (
        "https://discuss.example/t/ferry/12",
        "<noscript><div class='topic-body crawler-post'><div class='crawler-post-meta'><a href='/u/{0}'>{0}</a> {1}</div>"
        "<div class=post itemprop=text><p>{2}</p></div></div></noscript>",
    ),
}


def thread(form: str, *texts: str) -> str:
    names = zip(("ann", "bo", "cem"), ("Mar 1, 2026", "Mar 2, 2026", "Mar 3, 2026"), texts, strict=False)
    posts = "".join(form.format(*said) for said in names)
    head = "<title>Bicycles on the ferry</title>"
    return f"<html><head>{head}</head><body><h1>Bicycles on the ferry</h1>{posts}</body></html>"


@pytest.mark.parametrize(("url", "form"), FORMS.values(), ids=FORMS.keys())
def test_posts_below_whose_they_are(url: str, form: str) -> None:
    page = read_page(thread(form, FIRST, SECOND, THIRD), url=url)
    said = [block.text for block in page.blocks if block.kind is BlockKind.PARAGRAPH]
    assert [text for text in said if text in (FIRST, SECOND, THIRD)] == [FIRST, SECOND, THIRD]
    assert not any("Ride on" in text or "Posts" in text or "Likes" in text for text in said)
    assert "ann" in page.text
    assert page.comments == ()


def test_the_line_above_a_post_names_its_author_and_day_not_when_he_joined() -> None:
    url, form = FORMS["rows with message bodies"]
    page = read_page(thread(form, FIRST, SECOND), url=url)
    heads = [block.text for block in page.blocks if block.kind is BlockKind.HEADING]
    assert heads == ["ann, Mar 1, 2026", "bo, Mar 2, 2026"]


def test_a_quotation_of_a_post_above_says_nothing_new() -> None:
    url, form = FORMS["rows with message bodies"]
    quoting = f"<blockquote>{FIRST}</blockquote>{SECOND}"
    other = "<blockquote>Bicycles travel free of charge, as the rules of the line say.</blockquote>So they do."
    page = read_page(thread(form, FIRST, quoting, other), url=url)
    assert [b.text for b in page.blocks if b.kind is BlockKind.QUOTATION] == [
        "Bicycles travel free of charge, as the rules of the line say."
    ]


def test_an_article_with_comments_is_no_thread() -> None:
    body = "".join(f"<p>{text} {number}</p>" for number, text in enumerate((FIRST, SECOND, THIRD) * 4))
    comments = f'<div class="comment-body">{FIRST}!</div><div class="comment-body">{SECOND}!</div>'
    html = f"<html><title>Bicycles</title><body><article><h1>Bicycles</h1>{body}</article>{comments}</body></html>"
    for url in ("https://courier.example/city/12", "https://community.courier.example/city/12"):
        page = read_page(html, url=url)
        assert page.blocks[0].text == f"{FIRST} 0"
        assert not any(block.text.endswith("!") for block in page.blocks)
