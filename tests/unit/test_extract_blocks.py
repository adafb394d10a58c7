"""What lists, tables and listings of code become: blocks that a reader would expect, nothing lost, nothing glued."""

import pytest

from stayahead.extract import read_page
from stayahead.model import Block, BlockKind

ABOVE = (
    "<p>The council will put its ferry line to a vote in June, the mayor said on Tuesday after a long debate. Two of "
    "the nine members had asked for a study first, which would have cost a year and half of the budget.</p>"
    "<p>Boats have crossed the bay since 1911, when a baker bought the first of them from his brother, and nobody has "
    "counted those who lost a hat on the way.</p>"
)
BELOW = (
    "<p>Whoever wants to speak before the vote finds the list in the town hall, on the second floor, and needs a stamp "
    "from the harbour office that costs as much as a ticket. The doors close at noon.</p>"
)
ITEM, TEXT = BlockKind.LIST_ITEM, BlockKind.PARAGRAPH


def between(html: str) -> list[Block]:
    page = read_page(f"<title>Ferry vote</title><article><h1>Ferry vote</h1>{ABOVE}{html}{BELOW}</article>")
    assert not page.comments
    assert page.blocks[-1].text.startswith("Whoever")
    return list(page.blocks[2:-1])


def said(html: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in between(html)]


def test_terms_and_what_they_mean_keep_their_order() -> None:
    berth = "<div><dt>Berth</dt><dd><p>At day.</p><p>At night.</p></dd></div>"
    assert said(f"<dl><dt>Ferry</dt><dd>A boat that crosses.</dd>{berth}</dl>") == [
        (ITEM, "Ferry"),
        (ITEM, "A boat that crosses."),
        (ITEM, "Berth"),
        (ITEM, "At day."),
        (ITEM, "At night."),
    ]


def test_a_list_in_a_list_splits_the_item_around_it() -> None:
    html = "<ul><li>North shore<ul><li>Pier one</li><li>Pier two</li></ul>and the rest</li><li>South shore</li></ul>"
    assert [text for _, text in said(html)] == ["North shore", "Pier one", "Pier two", "and the rest", "South shore"]
    assert {kind for kind, _ in said(html)} == {ITEM}


@pytest.mark.parametrize("cell", ["{}", "<p>{}</p>", "<div><span>{}</span></div>", "<code>{}</code>"])
def test_a_row_is_one_block_however_its_cells_are_wrapped(cell: str) -> None:
    rows = [["Zone", "Fare"], ["One", "2.50"], ["Two", "4.10"]]
    html = "".join(f"<tr>{''.join(f'<td>{cell.format(c)}</td>' for c in row)}</tr>" for row in rows)
    assert said(f"<table>{html}</table>") == [(TEXT, "Zone | Fare"), (TEXT, "One | 2.50"), (TEXT, "Two | 4.10")]


def test_an_empty_cell_keeps_its_column() -> None:
    assert said("<table><tr><td>One<td><td>2.50<td></tr></table>") == [(TEXT, "One | | 2.50")]


def test_the_links_of_a_row_stand_where_their_text_does() -> None:
    html = (
        "<table><tr><td>Pier<td><p>the</p><p><a href=https://a.example/b>north one</a></p><td>open to noon</tr></table>"
    )
    (row,) = between(html)
    assert row.text == "Pier | the north one | open to noon"
    assert [row.text[link.start : link.end] for link in row.links] == ["north one"]


def test_a_table_of_long_cells_is_layout() -> None:
    long = (
        "A cell that goes on about the harbour, its boats and the people who wait for them in the rain, on Sundays, "
        "until nobody can tell any more which of the four columns it was that the table once had for them."
    )
    assert said(f"<table><tr><td>{long}<td>Short</tr></table>") == [(TEXT, long), (TEXT, "Short")]


def test_a_listing_keeps_its_lines_and_their_indentation() -> None:
    html = "\r\n  for boat in berth:\n    <b>boat</b>.leave()\n\n  <a href=https://a.example/p>print</a>(1)\n"
    (code,) = between(f"<pre><code>{html}</code></pre>")
    assert code.text == "  for boat in berth:\n    boat.leave()\n\n  print(1)"
    assert [code.text[link.start : link.end] for link in code.links] == ["print"]


def test_text_around_a_listing_is_no_part_of_it() -> None:
    assert said("<div>Run <pre>make\nmake install</pre> and wait.</div>") == [
        (TEXT, "Run"),
        (TEXT, "make\nmake install"),
        (TEXT, "and wait."),
    ]


def test_code_may_repeat_itself_prose_may_not() -> None:
    lines = "rsync -t -l -r -c boats/ berth/ --delete-after\n" * 12
    assert said(f"<pre>{lines}</pre>") == [(TEXT, lines.strip())]
    assert said(f"<p><code>{lines}</code></p>") == [(TEXT, " ".join(lines.split()))]
    assert [text for _, text in said("<pre><code>make</code></pre>" * 6)] == ["make"] * 6
    page = read_page(f"<article>{ABOVE}<p>{lines}</p>{BELOW}</article>")
    assert page.comments == (" ".join(lines.split()),)
    assert "rsync" not in page.text


def test_a_short_listing_at_the_end_is_no_label() -> None:
    page = read_page(f"<article>{ABOVE}{BELOW}<pre>make install</pre></article>")
    assert page.blocks[-1].text == "make install"


def test_a_quotation_in_a_sentence_has_its_marks() -> None:
    assert said("<p>She said <q>we <b>go</b></q> and went.</p>") == [(TEXT, "She said “we go” and went.")]


def test_a_page_without_the_tags_of_its_body_is_read() -> None:
    page = read_page(f"<!doctype html><title>Ferry vote</title><main><h1>Ferry vote</h1>{ABOVE}{BELOW}</main>")
    assert page.title == "Ferry vote"
    assert len(page.blocks) == 3


@pytest.mark.parametrize("tag", ["button", "object", "video"])
def test_a_control_without_end_does_not_swallow_the_page(tag: str) -> None:
    text = "The council met on Monday to vote on the new bridge, which has been planned for eleven years. " * 4
    page = read_page(
        f"<html><body><header><{tag} class='menu'>Menu<div>Home</div></header><main><article><h1>Bridge vote</h1>"
        f"<p>{text}</p><p>{text.replace('bridge', 'tunnel')}</p></article></main></body></html>",
        url="https://a.example/b",
    )
    assert "new bridge" in page.text
    assert "new tunnel" in page.text


def test_a_menu_in_a_button_stays_out() -> None:
    text = "The council met on Monday to vote on the new bridge, which has been planned for eleven years. " * 4
    page = read_page(
        f"<main><button><p>Open the menu of this page, which leads you to all the other pages of ours.</p></button>"
        f"<article><p>{text}</p></article></main>",
        url="https://a.example/b",
    )
    assert "Open the menu" not in page.text
