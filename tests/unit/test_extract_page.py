"""Whole pages: kinds, links, containers, bytes, and markup that means harm."""

from dataclasses import replace

import pytest
from lxml import etree

from stayahead.errors import ExtractError
from stayahead.extract import markup, read_page, second_opinion
from stayahead.extract.body.article import Reading
from stayahead.extract.body.outline import MAX_ELEMENTS, outline
from stayahead.model import Block, BlockKind, PageKind

SENTENCE = (
    "The council of Port Ellery will put its long delayed ferry line to a public vote, its mayor said on Tuesday. "
)
OTHER = "Fishermen blocked the harbour for a day in March because the northern pier would stand where their boats lie. "
BODY = f"<p>{SENTENCE * 2}</p><p>{OTHER * 2}</p><p>{SENTENCE}{OTHER}</p>"
URL = "https://courier.example/city/ferry"


def page_of(body: str, head: str = "<title>Ferry line</title>") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def test_links_are_spans_of_data_with_absolute_addresses() -> None:
    page = read_page(
        page_of(f'<article><p>See  <a href="/plan"> the <b>plan</b> </a>of June. {SENTENCE}</p>{BODY}</article>'),
        url=URL,
    )
    first = page.blocks[0]
    assert [(first.text[s.start : s.end], s.url) for s in first.links] == [("the plan", "https://courier.example/plan")]
    assert first.text.startswith("See the plan of June. The council")


def test_only_http_links_and_images_survive() -> None:
    page = read_page(
        page_of(f'<article><p><a href="javascript:alert(1)">click</a> {SENTENCE}</p><img src="data:image/png;base64,x">'
                f'<img src="/pier.jpg" alt="The pier" data-x="1">{BODY}</article>'), url=URL)  # fmt: skip
    assert page.blocks[0].links == ()
    assert [(b.url, b.text) for b in page.blocks if b.kind is BlockKind.IMAGE] == [
        ("https://courier.example/pier.jpg", "The pier")
    ]
    assert page.image == "https://courier.example/pier.jpg"
    assert "The pier" not in page.text


def test_kinds_of_blocks() -> None:
    page = read_page(
        page_of(
            f"<article><p>{SENTENCE * 2}</p><h2>The price of it</h2><p>{OTHER * 2}</p>"
            f"<blockquote><p>{SENTENCE}</p></blockquote><ul><li>A third from the region</li></ul>"
            f"<table><tr><td>Ferry</td><td>19 min</td></tr></table><p>{OTHER}</p></article>"
        )
    )
    kinds = "paragraph heading paragraph quotation list_item paragraph paragraph"
    assert " ".join(b.kind.value for b in page.blocks) == kinds
    assert page.blocks[5].text == "Ferry | 19 min"


def test_furniture_around_the_article_goes() -> None:
    page = read_page(
        page_of(
            f'<nav><p>{SENTENCE}</p></nav><div class="sidebar"><p>{OTHER}</p></div>'
            f'<main><article><div class="entry-content">{BODY}<div class="related-posts"><p>{OTHER}</p></div></div>'
            f"</article></main><footer><p>{OTHER}</p></footer>"
        )
    )
    assert len(page.blocks) == 3
    assert page.confidence > 0.3


def test_a_name_prunes_nothing_that_holds_the_article() -> None:
    assert len(read_page(page_of(f'<div class="sidebar">{BODY}</div>')).blocks) == 3


def test_the_first_of_several_articles_is_the_pages() -> None:
    other = f'<article><h1>Other</h1><div class="entry-content"><p>{OTHER * 4}</p></div></article>'
    page = read_page(
        page_of(f'<article><h1>Ferry line</h1><div class="entry-content">{BODY}</div></article>{other * 3}')
    )
    assert page.blocks[0].text == (SENTENCE * 2).strip()
    assert len(page.blocks) == 3


def test_a_body_in_two_parts_is_one() -> None:
    part = '<div class="article-body"><div>{}</div></div><div class="ad">Buy</div>'
    second = part.format(f"<p>{OTHER}{SENTENCE}</p>")
    page = read_page(page_of(f"<article><h1>Ferry</h1><section>{part.format(BODY)}</section>{second}</article>"))
    assert len(page.blocks) == 4


def test_text_that_a_script_would_show_is_read_when_there_is_no_other() -> None:
    assert len(read_page(page_of(f'<div hidden id="S:0"><article>{BODY}</article></div>')).blocks) == 3
    assert len(read_page(page_of(f"<noscript><div>{BODY}</div></noscript>")).blocks) == 3
    shown = read_page(page_of(f'<article>{BODY}<p style="display: none">{OTHER}</p></article>'))
    assert len(shown.blocks) == 3


@pytest.mark.parametrize(
    ("head", "body", "kind"),
    [
        ('<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"x"}</script>', BODY, PageKind.LIVE),
        ('<script type="application/ld+json">{"@type":"Article","headline":"x","isAccessibleForFree":false}</script>',
         f"<p>{SENTENCE}</p>", PageKind.PAYWALL),
        ('<meta property="og:type" content="video.other">', f"<p>{SENTENCE}</p>", PageKind.VIDEO),
        ("", "<div id=root></div>", PageKind.SHELL),
        ('<meta property="og:type" content="website">', f"<p>{SENTENCE}</p>", PageKind.LIST),
        ("", BODY, PageKind.ARTICLE),
    ],
)  # fmt: skip
def test_kinds_of_pages(head: str, body: str, kind: PageKind) -> None:
    assert read_page(page_of(body, f"<title>Ferry line</title>{head}"), url=URL).kind is kind


def test_bytes_are_decoded_by_their_declaration() -> None:
    body = page_of(f"<p>Café. {SENTENCE * 3}</p>", '<meta charset="iso-8859-1"><title>Fähre</title>').encode("latin-1")
    page = read_page(body)
    assert page.title == "Fähre"
    assert page.text.startswith("Café.")


@pytest.mark.parametrize(
    "body", [b"", "", "   \n ", "<html></html>", b"%PDF-1.7\x00\x01\x02\x03\x04\x05", b"\x89PNG\r\n\x1a\n" + bytes(64)]
)
def test_nothing_to_read_is_an_error_that_names_the_url(body: str | bytes) -> None:
    with pytest.raises(ExtractError) as caught:
        read_page(body, url=URL)
    assert caught.value.url == URL


def test_a_page_of_nothing_but_spam_has_no_blocks() -> None:
    page = read_page("<p>" + "lucky reels " * 40)
    assert page.blocks == ()
    assert page.kind is PageKind.SHELL
    assert len(page.comments) == 1


def test_plain_text_with_one_paragraph_a_line() -> None:
    page = read_page(f"Ferry line\n{SENTENCE}\n{OTHER}\nComments (2)\nGood riddance.")
    assert page.title == "Ferry line"
    assert len(page.blocks) == 2
    assert page.comments == ("Good riddance.",)


def test_a_tag_keeps_a_bounded_number_of_attributes() -> None:
    root = markup.parse("<div " + " ".join(f"a{n}=1" for n in range(50_000)) + f"><p>{SENTENCE}</p></div>")
    assert root is not None
    assert max(len(element.attrib) for element in root.iter()) <= 2 * markup.MAX_ATTRIBUTES
    assert root.find(".//p") is not None


def test_an_ordinary_tag_keeps_its_attributes() -> None:
    root = markup.parse(f'<div class="a > b" data-x=\'"\' id=q>{SENTENCE}</div>')
    assert root is not None
    assert dict(root.find(".//div").attrib) == {"class": "a > b", "data-x": '"', "id": "q"}  # type: ignore[union-attr]


def test_the_outline_of_an_endless_page_is_bounded() -> None:
    source = "<p>x" * 30_000
    root = markup.parse(source)
    assert root is not None
    found = outline(root)
    assert 1_000 < len(found.nodes) <= markup.max_elements(source) < 4_000
    assert len(found.runs) <= len(found.nodes)


@pytest.mark.parametrize("piece", ["<div>", "<p>x</p>", "<a", '<a b="<" ', "<table><tr><td>x", "<b><i></b></i>"])
def test_what_is_read_grows_with_the_source_not_with_its_tags(piece: str) -> None:
    source = piece * (100_000 // len(piece))
    root = markup.parse(source)
    assert root is not None
    assert sum(1 for _ in root.iter()) <= markup.max_elements(source)


def test_what_stands_before_the_load_is_kept() -> None:
    root = markup.parse(f"<div><p>{SENTENCE}</p></div>" + "<i>x</i>" * 50_000)
    assert root is not None
    assert root.findtext(".//p") == SENTENCE


HOSTILE = {
    "nested": "<div>" * 100_000,
    "nested inline": "<b>" * 100_000 + SENTENCE,
    "an attribute of megabytes": '<div class="' + "a " * 2_000_000 + '">',
    "tables in tables": "<table><tr><td>" * 30_000,
    "unclosed links": "<a href=x>x" * 30_000,
    "open tags": "<" * 500_000,
    "entities": "&amp" * 300_000,
    "quotes": "<p title='" * 50_000,
    "comments": "<!--" * 100_000,
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_markup_gives_a_page_or_an_error(hostile: str) -> None:
    page = read_page(page_of(hostile))
    assert page.title in {"Ferry line", ""}
    assert len(page.blocks) <= MAX_ELEMENTS


def reading(chars: int, confidence: float) -> Reading:
    return Reading(
        blocks=(Block(kind=BlockKind.PARAGRAPH, text="x" * chars),),
        comments=("c",),
        confidence=confidence,
        visible=9_000,
    )


def test_the_second_opinion_is_asked_only_for_short_unsure_small_pages() -> None:
    assert second_opinion.is_wanted(reading(300, 0.2), "<p>")
    assert not second_opinion.is_wanted(reading(300, 0.9), "<p>")
    assert not second_opinion.is_wanted(reading(3_000, 0.2), "<p>")
    assert not second_opinion.is_wanted(reading(300, 0.2), "<p>" * (second_opinion.MAX_TAGS + 1))
    dense, light = "<p>" * 2_000, "<p>" * 500 + "x" * 10_000
    assert not second_opinion.is_wanted(reading(300, 0.2), dense)
    assert second_opinion.is_wanted(reading(300, 0.2), light)


def test_the_second_opinion_is_not_asked_where_the_page_shows_no_more() -> None:
    shown = replace(reading(300, 0.2), visible=500)
    assert not second_opinion.is_wanted(shown, "<p>")
    assert second_opinion.is_wanted(shown, '<script>{"articleBody": "…"}</script>')


def test_the_second_opinion_wins_only_when_ours_missed_the_article() -> None:
    ours = reading(300, 0.2)
    assert second_opinion.choose(ours, reading(400, 0.5)) is ours
    assert second_opinion.choose(ours, Reading()) is ours
    taken = second_opinion.choose(ours, reading(900, 0.5))
    assert taken.chars == 900
    assert taken.comments == ("c",)


def test_the_second_opinion_comes_as_blocks_with_links() -> None:
    told = f'<h2>The price</h2><p>See <a href="/plan">the plan</a> of June. {SENTENCE * 2}</p>'
    said = second_opinion.ask(page_of(f"<article>{told}{BODY}</article>"), base=URL)
    assert BlockKind.PARAGRAPH in {b.kind for b in said.blocks}
    assert any(s.url == "https://courier.example/plan" for b in said.blocks for s in b.links)


def test_names_that_only_a_recovering_parser_lets_in_do_no_harm() -> None:
    parser = etree.HTMLParser(recover=True)
    root = etree.fromstring("<div><foot<a href=x>some text</foot<a><head2>more</head2></div>", parser)
    assert any("<" in str(element.tag) for element in root.iter())
    assert second_opinion._as_html(root) is root
