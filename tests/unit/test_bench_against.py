"""What the comparison of two checkouts reads from the benchmarks' output."""

from __future__ import annotations

import pytest

from bench.against import figures


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("── pipeline ──\npipeline.pages_per_s: 81.3\n  a table: 5 rows\n", {"pipeline.pages_per_s": 81.3}),
        ("feeds_per_s: 2.171e+02\n", {"feeds_per_s": 217.1}),
        ("500 readers: 42 µs CPU a reader and event, 31.0 kB a reader\n", {"fanout_us": 42.0, "fanout_kb": 31.0}),
        ("nothing\n", {}),
    ],
)
def test_figures_are_read_from_their_lines_and_nothing_else(output: str, expected: dict[str, float]) -> None:
    assert figures(output) == expected
