"""What a reader would keep of a page, whatever its elements are called, in whichever order and language."""

from __future__ import annotations

from itertools import pairwise

import pytest

from stayahead.extract import read_page
from stayahead.model import BlockKind, Page, PageKind

SENTENCES = [
    "The old harbour bridge reopened to traffic on Tuesday after fourteen months of repairs, the port authority said.",
    "Engineers replaced more than two hundred steel plates, a job that had been put off twice because of storms.",
    "Residents on the northern bank, who had to take a detour of nine kilometres, cheered as the lights turned green.",
    "The mayor thanked the crews and said that tolls would not rise this year, although the council has yet to vote.",
    "A second inspection is planned for the autumn, when divers will examine the pillars below the water line again.",
    "The ferry company said that it would keep its two extra boats until the end of June, as commuters like the quiet.",
    "Shopkeepers in the old town hope that the lorries will bring back the market, which had shrunk to a few stalls.",
    "The port expects the first container ships of the summer in two weeks, and has hired forty people for the quay.",
]
ELSEWHERE = (
    "A long teaser that says what some other story is about, with enough words to look like a paragraph, number {0}."
)
URL = "https://www.example.org/2024/05/14/harbour-bridge"
HEADLINE = "<h1>Harbour bridge reopens after long repairs</h1>"


def paragraphs(*numbers: int, around: str = "<p>{0}</p>") -> str:
    return "".join(around.format(SENTENCES[number]) for number in numbers)


def page(body: str, *, title: str = "Harbour bridge reopens after long repairs", head: str = "") -> Page:
    return read_page(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>", url=URL)


def texts(body: str) -> list[str]:
    return [block.text for block in page(body).blocks if block.kind is not BlockKind.IMAGE]


# ── half an article ──────────────────────────────────────────────────────────────────────────────────────────────────

FIRST_HALF, SECOND_HALF = paragraphs(0, 1, 2, 3, 4), paragraphs(5, 6, 7)
HALVES = [
    "<section>{0}</section><section>{1}</section>",
    "<div>{0}</div><div>{1}</div>",
    "<div>{1}</div><div>{0}</div>",
    '<div class="sc-a1">{0}</div><div class="sc-a1">{1}</div>',
    '<div class="part-one">{0}</div><div class="part-two">{1}</div>',
    '<div class="lead">{1}</div><div class="rest">{0}</div>',
    '<div class="x">{0}</div><div class="gap"></div><div class="y">{1}</div>',
    "<div>{0}</div><figure><img src=/a.jpg></figure><div>{1}</div>",
    "<div>{0}</div><h2>What is next</h2><div>{1}</div>",
    "<div><div>{0}</div></div><div><div>{1}</div></div>",
    "{1}<div>{0}</div>",
    "<div>{0}</div>{1}",
    "<section><h2>One</h2>{0}</section><section><h2>Two</h2>{1}</section>",
    "<ol><li>{0}</li></ol><p>{1}</p>",
    '<div class="article-text">{0}</div><div class="article-content">{1}</div>',
    '<div class="story-body">{0}</div><div class="gap"></div><div class="story-body-rest">{1}</div>',
]


@pytest.mark.parametrize("holder", ["<article>{0}</article>", "<main>{0}</main>", "<main><div>{0}</div></main>"])
@pytest.mark.parametrize("halves", HALVES)
def test_no_part_of_an_article_is_lost(holder: str, halves: str) -> None:
    got = texts(HEADLINE + holder.format(halves.format(FIRST_HALF, SECOND_HALF)))
    assert set(SENTENCES) <= set(got)
    order = [SENTENCES.index(text) for text in got if text in SENTENCES]
    breaks = sum(late < early for early, late in pairwise(order))
    assert len(order) == len(SENTENCES)
    assert breaks <= 1


@pytest.mark.parametrize("tag", ["h2", "h3", "h4", "div", "dd", "section", "center", "li"])
@pytest.mark.parametrize("holder", ["<article>{0}</article>", "<div>{0}</div>", "<main>{0}</main>", "{0}"])
def test_paragraphs_are_text_whatever_their_element(tag: str, holder: str) -> None:
    every = paragraphs(*range(8), around=f"<{tag}>{{0}}</{tag}>")
    some = paragraphs(0, 1, 2) + paragraphs(3, 4, around=f"<{tag}>{{0}}</{tag}>") + paragraphs(5, 6, 7)
    assert texts(HEADLINE + holder.format(every)) == SENTENCES
    assert texts(HEADLINE + holder.format(some)) == SENTENCES


@pytest.mark.parametrize("holder", ["<article>{0}</article>", "<main>{0}</main>", "{0}"])
def test_a_list_inside_its_paragraphs_is_no_article_alone(holder: str) -> None:
    for item in ("<li>{0}</li>", "<li><p>{0}</p></li>"):
        listed = f"{paragraphs(0)}<ol>{paragraphs(1, 2, 3, 4, 5, 6, around=item)}</ol>{paragraphs(7)}"
        assert texts(HEADLINE + holder.format(listed)) == SENTENCES


STANDFIRSTS = [
    '<p class="standfirst">{0}</p>',
    '<p class="chapo">{0}</p>',
    '<div class="intro"><p>{0}</p></div>',
    '<div class="article__lead"><p>{0}</p></div>',
    "<section><p>{0}</p></section>",
    "<h2>{0}</h2>",
    "<p><strong>{0}</strong></p>",
]
BODIES = [
    '<div class="article-body">{0}</div>',
    '<div class="story__content">{0}</div>',
    '<div itemprop="articleBody">{0}</div>',
    '<div class="rest">{0}</div>',
    "<section>{0}</section>",
]


@pytest.mark.parametrize("standfirst", STANDFIRSTS)
@pytest.mark.parametrize("body", BODIES)
def test_a_standfirst_beside_the_body_is_the_articles(standfirst: str, body: str) -> None:
    inside = standfirst.format(SENTENCES[0]) + body.format(paragraphs(*range(1, 8)))
    assert texts(f"<article>{HEADLINE}{inside}</article>") == SENTENCES


@pytest.mark.parametrize(
    "beside",
    [
        '<div class="author-bio"><p>{0}</p></div>',
        '<div class="contributor"><p>{0}</p></div>',
        '<div class="sidebar"><p>{0}</p></div>',
        '<div class="newsletter-box"><p>{0}</p></div>',
        "<aside><p>{0}</p></aside>",
        "<div><h3><a href=/other>Another story</a></h3><p>{0}</p></div>",
        "<article><h2>Another story</h2><p>{0}</p></article>",
        "<footer><p>{0}</p></footer>",
        '<div class="legal"><p>{0}</p></div>',
        '<div><p><a href="/other">{0}</a></p></div>',
    ],
)
def test_what_stands_beside_an_article_and_is_none_of_it_stays_out(beside: str) -> None:
    other = beside.format(ELSEWHERE.format(1))
    for body in ('<div class="article-body">{0}</div>', "<div>{0}</div>", "<section>{0}</section>"):
        article = f"<main>{HEADLINE}{body.format(paragraphs(*range(8)))}{other}</main>"
        assert texts(article) == SENTENCES


# ── other articles ───────────────────────────────────────────────────────────────────────────────────────────────────

CARDS = [
    "<div class=card><h3><a href=/r/{1}>Another story {1}</a></h3><p>{0}</p></div>",
    "<li><h2><a href=https://www.example.org/r/{1}>Another story {1}</a></h2><p>{0}</p></li>",
    "<article><a href=/r/{1}>Another story from the town, number {1}</a><p>{0}</p></article>",
    "<div><a href=/r/{1}><h4>Another story {1}</h4></a><div><p>{0}</p></div></div>",
]
WHOLE = "<p>" + "</p><p>".join(ELSEWHERE.format(n) for n in range(9)) + "</p>"


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("place", ["{0}{1}", "{1}{0}", "<div>{0}{1}</div>"])
def test_teasers_never_become_the_article_however_many(card: str, place: str) -> None:
    cards = "".join(card.format(ELSEWHERE.format(number), number) for number in range(14))
    around = place.format(f'<div class="blk">{paragraphs(*range(5))}</div>', f'<div class="posts">{cards}</div>')
    assert texts(HEADLINE + around) == SENTENCES[:5]


@pytest.mark.parametrize(
    "hidden", ['class="hide"', 'class="card hidden"', 'class="d-none"', 'style="display:none"', "hidden"]
)
@pytest.mark.parametrize("count", [1, 4])
def test_hidden_copies_of_other_articles_never_become_the_article(hidden: str, count: int) -> None:
    copies = f"<div {hidden}><h2><a href=/r/1>Another story</a></h2>{WHOLE}</div>" * count
    for numbers in (range(3), range(8)):
        body = f'{HEADLINE}<div class="blk">{paragraphs(*numbers)}</div><div class="more">{copies}</div>'
        assert texts(body) == SENTENCES[: len(numbers)]


@pytest.mark.parametrize("hidden", ['class="hide"', 'class="full hidden"', 'style="display: none"', "hidden"])
@pytest.mark.parametrize(
    "teaser",
    [
        "<div class=item><h3><a href=/r/{1}>Another story {1}</a></h3><div {0}>{2}</div></div>",
        "<article><h2><a href=/r/{1}>Another story {1}</a></h2><p>A line.</p><div {0}>{2}</div></article>",
        "<div {0}><h2>Another story {1}</h2>{2}</div>",
    ],
)
def test_teasers_with_whole_bodies_never_become_the_article(hidden: str, teaser: str) -> None:
    teasers = "".join(teaser.format(hidden, number, WHOLE) for number in range(3))
    for numbers in (range(2), range(5)):
        shown = f'<div class="blk">{paragraphs(*numbers)}</div>'
        assert texts(f"{HEADLINE}{shown}{teasers}") == SENTENCES[: len(numbers)]


# ── notices ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "phrase",
    [
        "“Just a moment,” the clerk said, and closed the window of the ticket office for the rest of the afternoon.",
        "Reporters found access denied to the northern bank until noon, when the last of the barriers was taken away.",
        "The form asks people to prove that you are human, which is harder than it sounds, its head said.",
        "The bank asked customers to enable JavaScript again after an update had locked many out of their accounts.",
        "Unusual traffic from your network was what the message said that most of the callers had seen that morning.",
        "Callers were told that you have been blocked, and that they should try again on the following working day.",
    ],
)
def test_one_phrase_makes_no_report_a_check(phrase: str) -> None:
    for place in range(4):
        numbers = [f"<p>{sentence}</p>" for sentence in SENTENCES[:3]]
        numbers.insert(place, f"<p>{phrase}</p>")
        read = page(f"{HEADLINE}<article>{''.join(numbers)}</article>")
        assert read.kind is PageKind.ARTICLE
        assert phrase in read.text


@pytest.mark.parametrize(
    "quoted",
    [
        "“We use cookies to measure what people read,” a spokesman said, “and our partners too; accept all or reject.”",
        "«Nous utilisons des cookies avec nos partenaires; vous pouvez tout accepter», a dit un porte-parole.",
        'The notice read: "We use cookies with our partners. Accept all, or manage your preferences", the ruling says.',
        "Most notices say that we use cookies and share data with our partners, and that one may refuse later.",
    ],
)
def test_a_report_on_cookies_is_one(quoted: str) -> None:
    before = (
        "The regulator fined the company because its site stored cookies before visitors had agreed to any of them."
    )
    after = (
        "Privacy groups welcomed the ruling on cookies and said that many sites still hide the button to refuse them."
    )
    assert texts(f"{HEADLINE}<article><p>{before}</p><p>{quoted}</p><p>{after}</p></article>") == [
        before,
        quoted,
        after,
    ]


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["paywall", "gdpr-Paragraph", "sponsor-text", "toc-item", "promo"])
@pytest.mark.parametrize("count", [3, 4, 5])
@pytest.mark.parametrize("tag", ["p", "blockquote"])
def test_paragraphs_that_all_bear_a_name_are_the_text(name: str, count: int, tag: str) -> None:
    named = paragraphs(*range(8 - count, 8), around=f'<{tag} class="{name}">{{0}}</{tag}>')
    assert texts(f"{HEADLINE}<article>{paragraphs(*range(8 - count))}{named}</article>") == SENTENCES


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_what_stands_behind_a_paywall_is_text_and_the_wall_is_not(count: int) -> None:
    behind = f'<div class="paywall">{paragraphs(*range(8 - count, 8))}</div>'
    wall = '<div class="paywall"><p>This article is for subscribers only. Subscribe to continue reading.</p></div>'
    assert texts(f"{HEADLINE}<article>{paragraphs(*range(8 - count))}{behind}{wall}</article>") == SENTENCES


@pytest.mark.parametrize(
    ("slug", "heading"),
    [
        ("search-and-rescue", "Search and rescue"),
        ("cookie-law", "Cookie law"),
        ("poll-shows-a-lead", "Poll shows a lead"),
        ("h-social-media-video", "Social media video"),
        ("related-products-and-services", "Related products and services"),
        ("toc_should-you-donate", "Should you donate"),
        ("menu_innovation", "Menu innovation"),
    ],
)
@pytest.mark.parametrize(
    "part",
    [
        '<h2 id="{0}">{1}</h2>{2}',
        '<section id="{0}"><h2>{1}</h2>{2}</section>',
        '<div id="{0}"><div><h3>{1}</h3></div>{2}</div>',
        '<div class="block {0}"><h2>{1}</h2>{2}</div>',
    ],
)
def test_the_slug_of_a_heading_names_no_furniture(slug: str, heading: str, part: str) -> None:
    body = paragraphs(0, 1, 2, 3, 4, 5) + part.format(slug, heading, paragraphs(6, 7))
    assert texts(f"{HEADLINE}<article>{body}</article>") == [*SENTENCES[:6], heading, *SENTENCES[6:]]


@pytest.mark.parametrize("name", ["code-toolbar", "toolbar", "code-box share", "search-example"])
def test_a_listing_is_text_whatever_holds_it_is_called(name: str) -> None:
    listing = f'<div class="{name}"><pre><code>head -n 3 tide.csv\nwc -l</code></pre></div>'
    body = paragraphs(0, 1, 2) + listing + paragraphs(3, 4)
    assert texts(f"{HEADLINE}<article>{body}</article>") == [
        *SENTENCES[:3],
        "head -n 3 tide.csv\nwc -l",
        *SENTENCES[3:5],
    ]


@pytest.mark.parametrize(
    "furniture",
    [
        '<div class="newsletter"><p>Sign up for our letter, which comes every morning at six.</p></div>',
        '<p class="disclaimer">The views expressed here are those of the writers, not of the paper.</p>',
        '<div class="related"><p>More: the bridge was closed in March after a crack had been found.</p></div>',
    ],
)
def test_furniture_by_name_stays_out(furniture: str) -> None:
    assert texts(f"{HEADLINE}<article>{paragraphs(*range(6))}{furniture}{paragraphs(6, 7)}</article>") == SENTENCES


# ── openings and ends ────────────────────────────────────────────────────────────────────────────────────────────────

OPENINGS = [
    "It was raining.", "Then it rained.", "By noon on Tuesday the queue was gone.", "From the quay, all was quiet.",
    "By Monday it had stopped.", "“Never again,” he said.", "Nobody came.  Nobody called.", "She knew it at once!",
    "Par endroits, la route est coupée.", "Par un matin de mai, il partit.", "Il pleuvait encore.",
    "Por fin llegó el día esperado.", "Por la noche todo cambió.", "Di buon mattino il ponte era aperto.",
    "Da ieri tutto è cambiato.", "Von weitem sah man den Rauch.", "Es regnete seit dem Morgen.",
    "Av en slump hände det.",
    "De manhã chovia muito.", "Van ver zag men rook.", "Od rana padał deszcz.", "От берега шел дым.",
    "天亮了，雨停了。", "雨が降っていた。", "كان المطر يهطل بغزارة.",
]  # fmt: skip
LABELS = [
    "By Ann Lee", "By Ann Lee, Staff Writer", "Von Anna Schmidt", "Par Anne Martin", "Di Mario Rossi", "Por Ana Pérez",
    "From Ann Lee in Paris", "May 14, 2024", "Ann Lee", "5 min read", "LONDON", "Photo: Bo Kim", "News",
]  # fmt: skip


@pytest.mark.parametrize("opening", OPENINGS)
def test_a_short_first_paragraph_is_text(opening: str) -> None:
    said = " ".join(opening.split())
    assert texts(f"{HEADLINE}<article><p>{opening}</p>{paragraphs(*range(5))}</article>") == [said, *SENTENCES[:5]]


@pytest.mark.parametrize("label", LABELS)
def test_a_byline_a_date_and_a_label_are_none(label: str) -> None:
    assert texts(f"{HEADLINE}<article><p>{label}</p>{paragraphs(*range(5))}</article>") == SENTENCES[:5]


@pytest.mark.parametrize("ending", ["It was over.", "„Das war es“, sagte er.", "La route est libre.", "就这样结束了。"])
def test_a_short_last_paragraph_is_text(ending: str) -> None:
    assert texts(f"{HEADLINE}<article>{paragraphs(*range(5))}<p>{ending}</p></article>") == [*SENTENCES[:5], ending]


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "linked",
    [
        "<p><a href=/live/1>{0}</a></p>",
        "<p><a href=/live/1><strong>{0}</strong></a></p>",
        "<p><strong><a href=https://elsewhere.example/>{0}</a></strong></p>",
        "<div class=markup><p><a href=/live/1>{0}</a></p></div>",
        "<blockquote><a href=/live/1>{0}</a></blockquote>",
    ],
)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_paragraph_that_is_one_link_is_text(linked: str, place: int) -> None:
    parts = [f"<p>{sentence}</p>" for sentence in SENTENCES[:5]]
    parts[place] = linked.format(SENTENCES[place])
    assert texts(f"{HEADLINE}<article>{''.join(parts)}</article>") == SENTENCES[:5]


def test_linked_headings_sources_and_lists_with_a_link_stay() -> None:
    sources = "".join(
        f"<li>Lee A. (20{year}). <a href=https://press.example/{year}>A report on bridges and what wears them out,"
        f" volume {year}</a></li>"
        for year in (10, 11, 12)
    )
    body = (
        f"<h2><a href=/topic/bridges>The bridge</a></h2>{paragraphs(0, 1)}<h2>The works</h2><h3>Steel</h3>"
        f"{paragraphs(2, 3)}<ul><li>two boats</li><li><a href=/t>the tide table</a></li><li>one crane</li></ul>"
        f"{paragraphs(4)}<h2>Sources</h2><ol>{sources}</ol>"
    )
    got = texts(f"{HEADLINE}<article>{body}</article>")
    assert [text for text in got if text not in SENTENCES][:6] == [
        "The bridge", "The works", "Steel", "two boats", "the tide table", "one crane",
    ]  # fmt: skip
    assert sum(text.startswith("Lee A.") for text in got) == 3


@pytest.mark.parametrize(
    "menu",
    [
        "<ul><li><a href=/1>Sports</a></li><li><a href=/2>Culture</a></li><li><a href=/3>Weather</a></li></ul>",
        "<p><a href=/1>More about the bridge</a></p>",
        "<h3><a href=/1>Another story</a></h3><h3><a href=/2>A third story</a></h3>",
    ],
)
def test_pointers_that_say_nothing_stay_out(menu: str) -> None:
    for body in (f"{paragraphs(*range(5))}{menu}", f"{paragraphs(0, 1)}{menu}{paragraphs(2, 3, 4)}"):
        if "<h3>" not in menu or body.endswith(menu):
            assert texts(f"{HEADLINE}<article>{body}</article>") == SENTENCES[:5]


# ── short lines in other scripts ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line",
    [
        "<section><span>{0}</span></section><section><br></section>",
        "<div>{0}</div>",
        "<div><div>{0}</div></div>",
        "<p><span>{0}</span></p>",
    ],
)
def test_short_lines_of_an_article_stay_together(line: str) -> None:
    lines = [
        "港口的旧桥在经过十四个月的维修之后，于星期二重新开放，首批卡车在黎明前驶过桥面。",
        "工程师更换了两百多块钢板。",
        "市长感谢施工人员。",
    ]
    assert texts(f"<h1>港口旧桥重新开放</h1><article>{''.join(line.format(each) for each in lines)}</article>") == lines


# ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "canonical",
    [
        "https://www.example.org", "https://www.example.org/", "/", "https://www.example.org/index.html",
        "https://www.example.org/en/",
        "{{ canonical_url }}", "https://www.example.org/{{path}}", "{% url %}", "${url}", "<%= url %>", "[[url]]",
        "%%URL%%",
        "%7B%7Burl%7D%7D", "undefined", "https://www.example.org/undefined", "null", "",
    ],
)  # fmt: skip
def test_an_address_is_never_the_sites_root_nor_a_template(canonical: str) -> None:
    head = f'<link rel="canonical" href="{canonical}">'
    body = f"{HEADLINE}<article>{paragraphs(0, 1)}</article>"
    assert page(body, head=head).url == ""
    assert page(body, head=f'{head}<meta property="og:url" content="{URL}">').url == URL
    assert page(body, head=f'<link rel="canonical" href="{URL}?a[]=1">').url.startswith(URL)


def test_a_front_page_is_its_own_address() -> None:
    source = (
        f'<html><head><link rel="canonical" href="https://www.example.org/"></head><body>{paragraphs(0)}</body></html>'
    )
    assert read_page(source, url="https://www.example.org/en").url == "https://www.example.org/"
