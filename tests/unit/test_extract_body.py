"""The body of a page: which element holds it, how its text is put together, and what readers wrote below it."""

from __future__ import annotations

import pytest

from stayahead.extract import read_page
from stayahead.extract.body.gathering import Anchor, Gathered
from stayahead.model import BlockKind, Page

ONE = "The council of Port Ellery will put its long delayed ferry line to a public vote, its mayor said on Tuesday."
TWO = "Fishermen blocked the harbour for a day in March because the northern pier would stand where their boats lie."
THREE = "The boats would cost 41 million crowns, a third of which the region has promised to pay within ten years."
BODY = f"<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>"
TEXTS = [ONE, TWO, THREE]
OTHER = (
    "<p>Swimmers of the town club won four medals at the games in Velm, which ended in the rain on Sunday night.</p>"
)
URL = "https://courier.example/city/ferry"


def page(body: str) -> Page:
    return read_page(f"<html><head><title>Ferry line</title></head><body>{body}</body></html>", url=URL)


def texts(body: str) -> list[str]:
    return [block.text for block in page(body).blocks if block.kind is not BlockKind.IMAGE]


@pytest.mark.parametrize(
    "around",
    [
        '<div class="article-body">{0}</div>',
        '<div class="story__content">{0}</div>',
        '<div id="post_content">{0}</div>',
        '<section itemprop="articleBody">{0}</section>',
        "<article>{0}</article>",
        "<main>{0}</main>",
        "<main><div><div>{0}</div></div></main>",
        "<table><tr><td>{0}</td></tr></table>",
        "<div><div>{0}</div></div>",
    ],
)
def test_the_article_is_found_whatever_holds_it(around: str) -> None:
    beside = f'<div class="sidebar">{OTHER}</div>'
    assert texts(f"{beside}{around.format(BODY)}{beside}") == TEXTS


def test_a_name_without_enough_text_is_not_believed() -> None:
    teaser = f'<div class="article-body">{OTHER}</div>'
    assert texts(f"<article>{BODY * 2}</article>{teaser}")[:3] == TEXTS
    assert texts(f"{teaser}<article>{BODY}{BODY.replace('Tuesday', 'Monday')}</article>")[:3] == TEXTS


def test_of_bodies_inside_each_other_the_inner_one_counts() -> None:
    outer = f'<div class="article-content"><div class="entry-content">{BODY}</div><p>Tags: ferry</p></div>'
    assert texts(outer) == TEXTS


def test_a_body_in_parts_is_whole_and_the_next_article_another() -> None:
    part = '<div class="article-body">{0}</div>'
    first, second = part.format(f"<p>{ONE}</p><p>{TWO}</p>"), part.format(f"<p>{THREE}</p>")
    assert texts(f"<section><h1>Ferry</h1>{first}<aside>{OTHER}</aside>{second}</section>") == TEXTS
    two_articles = f"<article><h1>Ferry</h1>{first}</article><article><h1>Swimming</h1>{part.format(OTHER)}</article>"
    assert texts(f"<section>{two_articles}</section>") == [ONE, TWO]


def gathered(*pieces: str | None) -> tuple[str, list[tuple[str, str]]]:
    """The text of pieces, and its links; `>x` opens a link to x, None closes it."""
    run = Gathered()
    for piece in pieces:
        if piece is None:
            run.close_link()
        elif piece.startswith(">"):
            run.open_link(piece[1:])
        else:
            run.add(piece)
    text, anchors = run.taken()
    return text, [(text[a.start : a.end], a.href) for a in anchors]


@pytest.mark.parametrize(
    ("pieces", "text", "links"),
    [
        (["  The \n ", "council", " met."], "The council met.", []),
        (["The", "council"], "Thecouncil", []),
        (["The", " ", "council"], "The council", []),
        (["The", "\n", "", "council "], "The council", []),
        (["fer\u00adry\u200b", "\ufeff line"], "ferry line", []),
        (["See ", ">a", " the plan ", None, "of June"], "See the plan of June", [("the plan", "a")]),
        (["See", ">a", " the plan", None, ", now"], "See the plan, now", [("the plan", "a")]),
        ([">a", "", None, "text"], "text", []),
        ([">a", "one", ">b", "two", None], "onetwo", [("one", "a"), ("two", "b")]),
        ([">a", "open"], "open", [("open", "a")]),
        ([], "", []),
    ],
)
def test_a_run_of_text_keeps_words_apart_and_links_in_their_place(
    pieces: list[str | None], text: str, links: list[tuple[str, str]]
) -> None:
    assert gathered(*pieces) == (text, links)


def test_a_link_that_goes_on_is_in_both_runs() -> None:
    run = Gathered()
    run.open_link("a")
    run.add("one")
    assert run.taken() == ("one", (Anchor(0, 3, "a"),))
    run.add("two")
    run.close_link()
    run.add(" three")
    assert run.taken() == ("two three", (Anchor(0, 3, "a"),))
    assert run.taken() == ("", ())


def test_a_listing_keeps_its_lines_without_the_blank_ones_around_it() -> None:
    run = Gathered()
    run.add_verbatim("\r\n\n  if x:\r\n    ")
    run.open_link("a")
    run.add_verbatim("go()")
    run.close_link()
    run.add_verbatim("\n\n")
    text, anchors = run.taken()
    assert text == "  if x:\n    go()"
    assert [text[a.start : a.end] for a in anchors] == ["go()"]


def comments(below: str) -> tuple[list[str], tuple[str, ...]]:
    read = page(f"<article>{BODY}</article>{below}")
    return [block.text for block in read.blocks], read.comments


ITEM = '<li class="comment"><p>{0}</p></li>'
FORM = (
    '<form class="comment-form"><label>Your e-mail address will not be published</label>'
    "<button>Post Comment</button></form>"
)


@pytest.mark.parametrize(
    "heading", ["<h3>3 Comments</h3>", "<h2>Leserkommentare</h2>", "<div>Comentarios (2)</div>", ""]
)
def test_what_readers_wrote_is_kept_apart(heading: str) -> None:
    listed = ITEM.format("The pool, of course. It is always the pool.") + ITEM.format(
        "Went past on Sunday.</p><p>The edge is worse than in the photo."
    )
    kept, said = comments(f'<section class="comments">{heading}<ol>{listed}</ol>{FORM}</section>')
    assert kept == TEXTS
    assert said == (
        "The pool, of course. It is always the pool.",
        "Went past on Sunday.\nThe edge is worse than in the photo.",
    )


def test_counts_dates_and_the_form_are_no_comments() -> None:
    below = f"<section id=comments><h3>Comments</h3><p>2 likes</p><p>12:30</p><p>No comments yet</p>{FORM}</section>"
    assert comments(below) == (TEXTS, ())


def test_signed_comments_below_the_text_need_a_sign_that_there_are_comments() -> None:
    slogan = "<p>marlo : In a fast-paced world it matters more than ever to be first, so follow our exclusive tips.</p>"
    quoted = "<p>Mayor Corvane : The ferry line is put to a public vote in June, the council said.</p>"
    commented = page(f"<article>{BODY}{slogan}<h3>Post Comment</h3></article>")
    assert [block.text for block in commented.blocks] == TEXTS
    assert [text.partition(" : ")[0] for text in commented.comments] == ["marlo"]
    uncommented = page(f"<article>{BODY}{quoted}</article>")
    assert len(uncommented.blocks) == 4
    assert uncommented.comments == ()
