"""What a host's pages teach: furniture, never a story's background; the container, never against a sure choice."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest

from stayahead.extract import HostMemory, HostRecord, Observation, fold, memory_of, observe_page, read_page
from stayahead.extract.body.memory import (
    FIRST_BLOCKS,
    LAST_BLOCKS,
    MAX_HASHES,
    MIN_ARTICLES,
    WINDOW,
    block_hash,
    path_of,
)
from stayahead.extract.body.outline import Node
from stayahead.model import BlockKind
from tests.host_pages import ABOUT, BACKGROUND, LETTER, SITE, page, paragraphs, story_page


def read_all(pages: Iterable[tuple[str, str]]) -> tuple[list[str], HostRecord]:
    """The texts of pages (address, html), each read with the memory of those before it; and the record then."""
    record = HostRecord(host="paper.example")
    texts = []
    for url, html in pages:
        got, seen = observe_page(html, url=url, memory=memory_of(record))
        assert seen is not None
        record = fold(record, seen)
        texts.append(got.text)
    return texts, record


def numbered(pages: Iterable[str]) -> list[tuple[str, str]]:
    return [(f"{SITE}/{number}", html) for number, html in enumerate(pages)]


def test_the_fifth_page_is_read_without_the_furniture_of_the_first() -> None:
    texts, _ = read_all(numbered(story_page(n, after=[ABOUT, LETTER]) for n in range(6)))
    assert LETTER in texts[0]
    assert ABOUT in texts[MIN_ARTICLES - 1]
    for number in (MIN_ARTICLES, MIN_ARTICLES + 1):
        assert texts[number].split("\n\n") == paragraphs(number)


def test_an_author_of_every_fourth_article_is_learnt() -> None:
    pages = [story_page(n, after=[ABOUT] if n % 4 == 0 else []) for n in range(20)]
    texts, _ = read_all(numbered(pages))
    assert ABOUT in texts[12]
    assert ABOUT not in texts[16]


@pytest.mark.parametrize("place", ["after", "middle"])
def test_the_background_of_a_running_story_stays(place: str) -> None:
    follow_ups = [
        page(
            paragraphs(50, start=n),
            title=f"Pier, day {n}",
            after=[BACKGROUND] if place == "after" else [],
            middle=BACKGROUND if place == "middle" else "",
        )
        for n in range(12)
    ]
    others = [story_page(n, after=[LETTER]) for n in range(12)]
    mixed = [html for pair in zip(follow_ups, others, strict=True) for html in pair]
    texts, record = read_all(numbered(mixed))
    assert all(BACKGROUND in text for text in texts[::2])
    assert LETTER not in texts[-1]
    assert block_hash(BACKGROUND) in memory_of(record).suspect


def test_on_a_host_of_one_story_nothing_is_furniture() -> None:
    pages = [page(paragraphs(50, start=n), title=f"Pier, day {n}", after=[BACKGROUND]) for n in range(20)]
    _, record = read_all(numbered(pages))
    assert memory_of(record).repeated == frozenset()


def test_between_paragraphs_a_block_must_stand_in_half_of_the_articles() -> None:
    sentence = (
        "Heat the oven, line a tray with paper and set it aside, then wash the fruit and pat it dry with a cloth."
    )
    rare = [story_page(n, middle=sentence if n % 3 == 0 else "") for n in range(30)]
    assert not memory_of(read_all(numbered(rare))[1]).repeated
    common = [story_page(n, middle=LETTER if n % 3 else "") for n in range(12)]
    assert memory_of(read_all(numbered(common))[1]).repeated == {block_hash(LETTER)}


def test_a_text_read_again_or_copied_counts_once() -> None:
    again = [(f"{SITE}/1", page([*paragraphs(1), *paragraphs(2)[:n]], title="A")) for n in range(MIN_ARTICLES + 1)]
    copies = [(f"{SITE}/copy/{n}", story_page(1)) for n in range(MIN_ARTICLES + 1)]
    _, record = read_all(again + copies)
    assert len(record.observations) == 1
    assert record.number == 2 * (MIN_ARTICLES + 1)


def test_a_redesign_is_learnt_and_the_old_furniture_forgotten() -> None:
    old = [story_page(n, after=[LETTER]) for n in range(10)]
    new = [story_page(n, after=[ABOUT]).replace("class='q'", "class='r'") for n in range(10, 10 + WINDOW)]
    texts, record = read_all(numbered(old + new))
    assert ABOUT not in texts[16]
    memory = memory_of(record)
    assert memory.repeated == {block_hash(ABOUT)}
    assert [path.rpartition(">")[2] for path in memory.containers] == ["div r"]


NOTICE = "<p>The swimming bath stays shut on Friday, as the heating is being mended.</p>"
COLUMN = "".join(f"<div><p>{text}</p></div>" for text in paragraphs(90))


def with_column(body: str, number: int) -> str:
    return (
        f"<html><head><title>Notice {number}</title></head><body><div class='x'><div class='y'>{body}</div>"
        f"<div class='z'>{COLUMN}</div></div></body></html>"
    )


def test_a_short_notice_is_read_where_the_articles_stood() -> None:
    texts = [[*paragraphs(n), *paragraphs(n + 20), *paragraphs(n + 40)] for n in range(6)]
    long = [with_column("".join(f"<p>{text}</p>" for text in said), n) for n, said in enumerate(texts)]
    _, record = read_all(numbered(long))
    memory = HostMemory(host="paper.example", containers=memory_of(record).containers)
    assert memory.containers
    notice = with_column(NOTICE, 9)
    assert "swimming bath" not in read_page(notice, url=f"{SITE}/9").text
    remembered = read_page(notice, url=f"{SITE}/9", memory=memory)
    assert remembered.text == "The swimming bath stays shut on Friday, as the heating is being mended."
    assert remembered.confidence >= 0.5


def test_a_sure_choice_is_never_overridden() -> None:
    html = story_page(1).replace("<body>", f"<body><aside class='y'><p>{LETTER}</p></aside>")
    wrong = HostMemory(host="paper.example", containers=("html>body>aside y",))
    assert read_page(html, url=SITE, memory=wrong) == read_page(html, url=SITE)


def test_an_empty_memory_changes_nothing() -> None:
    html = story_page(1, after=[LETTER, ABOUT])
    assert read_page(html, url=SITE, memory=HostMemory(host="paper.example")) == read_page(html, url=SITE)


def test_furniture_that_outweighs_the_article_does_not_choose_the_container() -> None:
    box = "".join(f"<p>{LETTER} {LETTER} {n}</p>" for n in range(4))
    html = (
        f"<html><head><title>A</title></head><body><div class='b'>{box}</div>"
        f"<div class='c'><p>{'</p><p>'.join(paragraphs(3)[:2])}</p></div></body></html>"
    )
    known = frozenset(block_hash(f"{LETTER} {LETTER} {n}") for n in range(4))
    assert paragraphs(3)[0] not in read_page(html, url=SITE).text
    memory = HostMemory(host="paper.example", repeated=known)
    assert read_page(html, url=SITE, memory=memory).text.split("\n\n") == paragraphs(3)[:2]


def test_what_is_kept_is_bounded() -> None:
    texts = [f"{text} {n}" for n in range(60) for text in paragraphs(7)]
    _, seen = observe_page(page(texts, title="Long"), url=SITE, memory=HostMemory(host="paper.example"))
    assert seen is not None
    assert len(seen.blocks) == 8 * (FIRST_BLOCKS + LAST_BLOCKS)
    boxes = [f"{LETTER} Number {n} of many such boxes." for n in range(90)]
    _, record = read_all(numbered(story_page(n, after=boxes) for n in range(WINDOW + 5)))
    assert len(record.observations) == WINDOW
    memory = memory_of(record)
    assert 60 <= len(memory.repeated) <= MAX_HASHES
    assert len(msgspec.msgpack.encode(record)) < 45_000


def test_shells_and_plain_texts_teach_nothing() -> None:
    shell = (
        "<html><head><title>All</title></head><body><div class='q'><p>Please turn on scripts.</p></div></body></html>"
    )
    assert observe_page(shell, url=SITE)[1] is None
    assert observe_page("Just a line of text that no markup surrounds at all.", url=SITE)[1] is None


def test_a_path_leaves_numbers_out_and_needs_a_name() -> None:
    nodes = [
        Node(0, "body", "", BlockKind.PARAGRAPH),
        Node(0, "div", " post-1234 wide ", BlockKind.PARAGRAPH),
        Node(1, "div", "", BlockKind.PARAGRAPH),
        Node(0, "div", "", BlockKind.PARAGRAPH),
    ]
    assert path_of(nodes, 2) == "body>div post-0 wide>div"
    assert path_of(nodes, 3) == ""


def test_chinese_text_is_told_apart() -> None:
    def story(n: int) -> str:
        signs = [chr(0x4E00 + 300 * n + k) for k in range(80)]
        rows = ["".join(signs[k : k + 40]) + "。" for k in (0, 10, 20, 30, 40)]
        return page(
            rows,
            title="".join(signs[:8]),
            after=["欢迎订阅我们的早间通讯，每天清晨送到您的邮箱，随时可以取消订阅，完全免费。"],
        )

    texts, _ = read_all(numbered(story(n) for n in range(7)))
    assert "订阅" in texts[0]
    assert "订阅" not in texts[6]


def test_the_observation_says_what_it_was_read_with() -> None:
    seen = observe_page(story_page(1), url=f"{SITE}/1", memory=HostMemory(host="paper.example", number=7))[1]
    assert isinstance(seen, Observation)
    assert (seen.read_with, seen.host) == (7, "paper.example")
