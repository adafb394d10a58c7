"""The elements of a page that say what it is, found in one walk."""

from __future__ import annotations

from stayahead.extract import markup
from stayahead.extract.landmarks import Landmarks


def test_landmarks_come_in_the_order_of_the_page() -> None:
    root = markup.parse(
        "<html><head><title>A</title><meta name=a><link rel=b></head>"
        "<body><h2>B</h2><p>x <time>C</time></p><h1>D</h1><h2>E</h2><svg><title>F</title></svg></body></html>"
    )
    assert root is not None
    landmarks = Landmarks(root)
    assert [element.text for element in landmarks.of("h1", "h2", "time")] == ["B", "C", "D", "E"]
    assert landmarks.of("h1", "h2") == list(root.iter("h1", "h2"))
    title = landmarks.first("title")
    assert title is not None
    assert title.text == "A"
    assert landmarks.first("base") is None
