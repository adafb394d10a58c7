"""Each gate by itself: what it lets through and what it stops."""

from stayahead.extract.body.boilerplate import is_comment_heading, mass_of
from stayahead.extract.body.comments import grouped, is_foreign, is_signed, trailing_comments
from stayahead.extract.body.gates import gate, is_furniture, repeated_texts, with_captions_of_images
from stayahead.extract.body.gathering import Anchor
from stayahead.extract.body.outline import Node, Run
from stayahead.extract.body.sentences import is_pointer
from stayahead.model import BlockKind

REPORT = "The council of Port Ellery will put its ferry line to a public vote in June, its mayor said on Tuesday."
QUOTE = (
    "“We have talked long enough, and the people who would ride it have not been asked once,” the mayor told reporters."
)
SLOGAN = (
    "marlo : In a fast-paced world it is more important than ever to be first. We cover a wide range of topics, "
    "so you never miss a beat."
)


PARAGRAPH = BlockKind.PARAGRAPH


def run(text: str, kind: BlockKind = BlockKind.PARAGRAPH, *, linked: int = 0, tag: str = "p") -> Run:
    anchors = (Anchor(0, linked, "/x"),) if linked else ()
    return Run(0, kind, text, anchors, tag=tag)


def texts(runs: list[Run]) -> list[str]:
    return [r.text for r in runs]


def test_a_run_of_links_points_elsewhere() -> None:
    assert is_pointer(run("Ferry line: what we know so far", linked=31))
    assert not is_pointer(run(REPORT, linked=20))


def test_furniture_is_known_by_its_words() -> None:
    for text in (
        "Advertisement",
        "Share this article",
        "Read more",
        "Follow us on the square",
        "(Image credit: R. Vell)",
    ):
        assert is_furniture(run(text))
    for text in ("Share prices fell for a third day.", REPORT, "Readers wrote in"):
        assert not is_furniture(run(text))


def test_paragraphs_have_mass_menus_do_not() -> None:
    assert mass_of(run(REPORT)) == len(REPORT)
    assert mass_of(run(REPORT, linked=16)) == len(REPORT) - 16
    assert mass_of(run("Home")) == 0
    assert mass_of(run(REPORT, linked=100)) == 0
    assert mass_of(run(REPORT.rstrip("."), BlockKind.HEADING)) == 0
    assert mass_of(run(REPORT, BlockKind.HEADING)) == len(REPORT), "a page whose text is set in headings"
    assert mass_of(run("lucky reels " * 20)) == 0
    assert mass_of(run("市议会将在六月就渡轮航线举行公开投票，市长星期二在市政厅外表示。")) > 0


def test_the_same_text_next_to_itself_is_spam_a_refrain_is_not() -> None:
    spam = [run("cheap spins here") for _ in range(5)]
    assert repeated_texts(spam) == {"cheap spins here"}
    refrain: list[Run] = []
    for number in range(6):
        refrain += [run(f"Verse {number} line {line}") for line in range(12)] + [run("O ferry, my ferry")]
    assert repeated_texts(refrain) == set()
    assert repeated_texts([run("cheap spins here") for _ in range(4)]) == set()


def test_spam_is_set_apart_not_lost() -> None:
    gated = gate([run(REPORT), run("lucky reels " * 20), run(QUOTE)], title="")
    assert texts(gated.article) == [REPORT, QUOTE]
    assert len(gated.spam) == 1


def test_title_byline_and_labels_before_the_first_paragraph_go() -> None:
    title = "Harbour city to vote on ferry line"
    runs = [
        run(title, BlockKind.HEADING, tag="h1"),
        run("By Ann Lee"),
        run("City"),
        run("Two years of quarrels, and no end in sight.", BlockKind.HEADING, tag="h2"),
        run(REPORT),
    ]
    assert texts(gate(runs, title=title).article) == ["Two years of quarrels, and no end in sight.", REPORT]


def test_headings_without_text_below_go() -> None:
    runs = [
        run(REPORT),
        run("What comes next", BlockKind.HEADING),
        run(QUOTE),
        run("More from the city", BlockKind.HEADING),
    ]
    assert texts(gate(runs, title="").article) == [REPORT, "What comes next", QUOTE]


def test_a_list_of_links_goes_a_list_of_facts_stays() -> None:
    links = [run(f"Other story number {n}", BlockKind.LIST_ITEM, linked=11) for n in range(3)]
    facts = [run(f"Fact number {n} of the line", BlockKind.LIST_ITEM) for n in range(3)]
    assert texts(gate([run(REPORT), *links, run(QUOTE)], title="").article) == [REPORT, QUOTE]
    assert len(gate([run(REPORT), *facts, run(QUOTE)], title="").article) == 5


def test_one_caption_an_image() -> None:
    image = Run(0, BlockKind.IMAGE, "", src="/a.jpg")
    caption = run("The old pier on Monday, seen from the northern end of the bay", BlockKind.CAPTION)
    cut = run("The old pier on Monday, seen from the northern …", BlockKind.CAPTION)
    loose = run("The mayor", BlockKind.CAPTION)
    kept = with_captions_of_images([image, caption, run(REPORT), loose, run(QUOTE), image, cut])
    assert texts(kept) == ["", caption.text, REPORT, QUOTE, ""]


def test_comment_headings_in_many_languages() -> None:
    english = ("Post Comment", "Comments (12)", "12 Comments", "Leave a Reply")
    others = (
        "Kommentare",
        "3 Commentaires",
        "评论",
        "Deja un comentario",
        "Комментарии (4)",
        "コメント",
        "Lascia un commento:",
    )
    for text in (*english, *others):
        assert is_comment_heading(text), text
    for text in ("Comments by the mayor angered fishermen", "No comment, said the mayor", REPORT, ""):
        assert not is_comment_heading(text), text


def test_signed_and_foreign_texts_at_the_end_are_comments() -> None:
    own = "Mayor Corvane : The ferry line will be put to a public vote of the council in June."
    assert is_signed(SLOGAN)
    assert is_signed(own)
    assert not is_signed(REPORT)
    assert not is_signed("Note: The council met on Tuesday.")
    assert is_foreign(SLOGAN, REPORT + QUOTE)
    assert not is_foreign(own, REPORT + QUOTE)
    article, comments = trailing_comments([run(REPORT), run(QUOTE), run(own)], has_comments=True)
    assert len(article) == 3
    assert comments == []
    article, comments = trailing_comments([run(REPORT), run(QUOTE), run(SLOGAN)], has_comments=False)
    assert texts(article) == [REPORT, QUOTE]
    assert texts(comments) == [SLOGAN]


def test_a_name_of_one_word_signs_right_above_a_comment_heading_only() -> None:
    said = run("MrsTweddle : The ferry line, of course, put to a public vote in June.")
    quoted = run("Corvane : “The ferry line will be put to a public vote in June.”")
    runs = [run(REPORT), run(QUOTE), said]
    assert trailing_comments(runs, has_comments=True)[1] == []
    assert texts(trailing_comments(runs, has_comments=False, has_heading=True)[1]) == [said.text]
    assert trailing_comments([run(REPORT), quoted], has_comments=False, has_heading=True)[1] == []


def test_a_promotional_paragraph_in_the_middle_ends_no_article() -> None:
    article, comments = trailing_comments([run(REPORT), run(SLOGAN), run(QUOTE)], has_comments=True)
    assert len(article) == 3
    assert comments == []


def test_paragraphs_of_one_comment_are_one_text() -> None:
    plain = BlockKind.PARAGRAPH
    nodes = [
        Node(0, "div", "", plain),
        Node(0, "li", " comment comment-1 ", plain),
        Node(0, "li", " comment comment-2 ", plain),
    ]
    runs = [
        Run(1, plain, "First."),
        Run(1, plain, "And more."),
        Run(2, plain, "Second thoughts."),
        Run(2, plain, "Reply"),
    ]
    assert grouped(runs, nodes) == ("First.\nAnd more.", "Second thoughts.")
