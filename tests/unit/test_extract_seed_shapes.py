# ruff: noqa: E501 - markup is easier to read unbroken
"""The seed's page in every combination of how the article, the comment and the link spam may be marked up."""

import json
from pathlib import Path

import pytest

from stayahead.extract import read_page
from stayahead.model import BlockKind, PageKind

SAID = json.loads((Path(__file__).parents[1] / "data" / "pages" / "seed.json").read_text("utf-8"))
TITLE: str = SAID["title"]
TEXTS: list[str] = SAID["paragraphs"]
COMMENT: str = SAID["comment"]
SPAM = "lucky reels " * 14 + "lucky spins " * 5 + "cheap reels spins " * 4
URL = "https://courier.example/ferry"


def _each(form: str) -> str:
    return "".join(form.format(text) for text in TEXTS)


ARTICLES = {
    "an article of paragraphs": f"<article><h1>{TITLE}</h1>{_each('<p>{}</p>')}@</article>",
    "paragraphs in a named body": f'<main><h1>{TITLE}</h1><div class="article-body">{_each("<p>{}</p>")}</div>@</main>',
    "spam inside of the body": f'<h1>{TITLE}</h1><div class="entry-content">{_each("<p>{}</p>")}@</div>',
    "divs without classes": f"<div><div><h1>{TITLE}</h1></div><div>{_each('<div>{}</div>')}@</div></div>",
    "text right in divs": f"<div><h2>{TITLE}</h2>{_each('{}<br><br>')}@</div>",
    "one paragraph with breaks": f"<h1>{TITLE}</h1><p>{_each('{}<br/>' + chr(10) + '<br/>')}@</p>",
    "unclosed paragraphs": f"<body><h1>{TITLE}</h1>{_each('<p>{}')}@",
    "a table for layout": (
        f'<table><tr><td width=150><a href="/">Home</a></td><td><h1>{TITLE}</h1>{_each("<p>{}</p>")}@</td></tr></table>'
    ),
    "sections of spans": f"<section><h1>{TITLE}</h1>{_each('<section><span>{}</span></section>')}@</section>",
    "an AMP page": (
        f'<main role="main"><article class="amp-wp-article"><header><h1 class="amp-wp-title">{TITLE}</h1></header>'
        f'<div class="amp-wp-article-content">{_each("<p>{}</p>")}</div>@</article></main>'
    ),
    "fonts and centres": f"<center><font size=5><b>{TITLE}</b></font></center><font>{_each('<p><font>{}</font></p>')}@</font>",
    "a list of paragraphs": f"<div><h1>{TITLE}</h1><ul>{_each('<li><p>{}</p></li>')}</ul>@</div>",
}
"""`@` stands where the comment, its heading and the spam go."""

COMMENTS = {
    "a paragraph": f"<p>{COMMENT}</p><p>Post Comment</p>",
    "divs": f"<div>{COMMENT}</div><div>Post Comment</div>",
    "a list item": f'<ol class="comment-list"><li>{COMMENT}</li></ol><h3>Post Comment</h3>',
    "an article of its own": f'<article class="comment"><p>{COMMENT}</p></article><h3>Post Comment</h3>',
    "below its heading": f"<h3>Comments (1)</h3><div><p>{COMMENT}</p></div>",
    "a German heading": f"<p>{COMMENT}</p><h4>Kommentar schreiben</h4>",
    "a Russian heading": f"<p>{COMMENT}</p><h4>Добавить комментарий</h4>",
    "a Spanish heading": f"<p>{COMMENT}</p><p>Deja un comentario</p>",
    "a Japanese heading": f"<p>{COMMENT}</p><p>コメントを投稿する</p>",
    "no heading": f"<p>{COMMENT}</p>",
    "name and text apart": (
        f'<div class="comment"><b>{COMMENT.split(" : ", maxsplit=1)[0]}</b><p>{COMMENT.split(" : ")[1]}</p></div>'
        "<h3>Leave a Reply</h3>"
    ),
    "a form": f'<p>{COMMENT}</p><form action="/c"><label>Post Comment</label><textarea></textarea></form>',
}

SPAMS = {
    "a paragraph": f"<p>{SPAM}</p>",
    "a div": f"<div>{SPAM}</div>",
    "links": "<p>" + '<a href="https://spin.example/">lucky reels</a> ' * 30 + "</p>",
    "paragraphs of links": '<p><a href="https://spin.example/">lucky reels</a></p>' * 30,
    "short paragraphs": "<p>lucky reels</p>" * 40,
    "a list": "<ul>" + "<li>lucky reels</li><li>lucky spins</li>" * 20 + "</ul>",
    "not displayed": f'<div style="display: none"><p>{SPAM}</p></div>',
    "not visible": f'<div style="visibility:hidden">{SPAM}</div>',
    "too small to see": f'<div style="font-size:0">{SPAM}</div>',
    "off the screen": f'<div style="position:absolute; left:-9999px">{SPAM}</div>',
    "hidden by attribute": f"<div hidden>{SPAM}</div>",
    "hidden from readers": f'<div aria-hidden="true" style="height:0;overflow:hidden">{SPAM}</div>',
    "white on white": f'<font color="#fff"><p>{SPAM}</p></font>',
    "breaks": "<br><br>" + "lucky reels<br>" * 40,
}


def page_of(article: str, rest: str) -> str:
    head = f"<title>{TITLE} | Ellery Courier</title>"
    foot = '<footer><p>© Ellery Courier. All rights reserved.</p><a href="/imprint">Imprint</a></footer>'
    return f"<!doctype html><html lang=en><head>{head}</head><body>{article.replace('@', rest)}{foot}</body></html>"


def is_clean(html: str) -> None:
    page = read_page(html, url=URL)
    texts = [block.text for block in page.blocks if block.kind is not BlockKind.IMAGE]
    assert page.title == TITLE
    assert texts == TEXTS
    assert page.kind is PageKind.ARTICLE


def turned(values: dict[str, str], by: int) -> str:
    """One of the values, another for each number: so that every pair meets without every triple."""
    return list(values.values())[by % len(values)]


@pytest.mark.parametrize("article", ARTICLES)
def test_clean_with_each_form_of_comment(article: str) -> None:
    for number, comment in enumerate(COMMENTS.values()):
        is_clean(page_of(ARTICLES[article], comment + turned(SPAMS, number + len(article))))
        is_clean(page_of(ARTICLES[article], turned(SPAMS, number + len(article)) + comment))


@pytest.mark.parametrize("article", ARTICLES)
def test_clean_with_each_form_of_spam(article: str) -> None:
    for number, spam in enumerate(SPAMS.values()):
        is_clean(page_of(ARTICLES[article], turned(COMMENTS, number + len(article)) + spam))
        is_clean(page_of(ARTICLES[article], spam + turned(COMMENTS, number + len(article))))


def test_the_comment_comes_apart_or_not_at_all() -> None:
    for number, comment in enumerate(COMMENTS.values()):
        page = read_page(page_of(ARTICLES["an article of paragraphs"], comment + turned(SPAMS, number)), url=URL)
        said = "\n".join(page.comments)
        assert COMMENT.split(" : ")[1][:60] in said
        assert not any("lucky" in block.text for block in page.blocks)
