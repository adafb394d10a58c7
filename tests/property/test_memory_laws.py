"""Laws of a host's memory: it is a bounded function of what was folded, and no story's background is furniture."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from stayahead.errors import ExtractError
from stayahead.extract import HostMemory, HostRecord, fold, memory_of, observe_page, read_page
from stayahead.extract.body.gates import MAX_SAME
from stayahead.extract.body.memory import MAX_HASHES, WINDOW, block_hash
from stayahead.model import BlockKind
from tests.examples import examples
from tests.host_pages import ABOUT, BACKGROUND, LETTER, SITE, page, paragraphs

visits = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 4), st.booleans(), st.sampled_from(["", LETTER, ABOUT])), max_size=60
)
"""Story, day of the story, whether it prints its background, and what stands behind it."""


def folded(visited: list[tuple[int, int, bool, str]]) -> HostRecord:
    record = HostRecord(host="paper.example")
    for story, day, has_background, box in visited:
        after = ([f"{BACKGROUND} {story}"] if has_background else []) + ([box] if box else [])
        html = page(paragraphs(story, start=day), title=f"Day {day}", after=after)
        seen = observe_page(html, url=f"{SITE}/{story}/{day}", memory=memory_of(record))[1]
        assert seen is not None
        record = fold(record, seen)
    return record


@examples(25)
@given(visits)
def test_a_record_is_a_bounded_function_of_what_was_folded(visited: list[tuple[int, int, bool, str]]) -> None:
    record = folded(visited)
    assert record == folded(visited)
    assert record.number == len(visited)
    assert len(record.observations) <= min(WINDOW, len(visited))
    memory = memory_of(record)
    assert memory == memory_of(record)
    assert len(memory.repeated) <= MAX_HASHES
    assert memory.repeated <= memory.suspect


@examples(25)
@given(visits)
def test_no_paragraph_of_a_story_is_furniture(visited: list[tuple[int, int, bool, str]]) -> None:
    repeated = memory_of(folded(visited)).repeated
    assert repeated <= {block_hash(LETTER), block_hash(ABOUT)}


TEXTS = [*paragraphs(1), *paragraphs(2), LETTER, ABOUT, "A short line"]
rows = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(["p", "div", "li", "h2", "td"])), max_size=25)


@examples(150)
@given(rows, st.sets(st.sampled_from(TEXTS)))
def test_what_is_known_goes_and_of_the_rest_nothing_is_lost(shown: list[tuple[str, str]], known: set[str]) -> None:
    body = "".join(f"<{tag}>{text}</{tag}>" for text, tag in shown)
    html = f"<html><body><div class='q'>{body}</div></body></html>"
    memory = HostMemory(repeated=frozenset(map(block_hash, known)))
    try:
        bare = read_page(html, url=SITE)
        got = read_page(html, url=SITE, memory=memory)
    except ExtractError:
        return
    said = [block.text for block in got.blocks]
    assert not any(memory.knows(text) for text in said)
    if bare.confidence >= 0.5 <= got.confidence:
        # Without the known ones between them, five of the same stand near enough to each other to be spam.
        times = Counter(text for text, _ in shown)
        real = [b.text for b in bare.blocks if b.kind is BlockKind.PARAGRAPH and len(b.text) >= 60]
        assert all(text in said for text in real if not memory.knows(text) and times[text] < MAX_SAME)
