"""Examples are programs: they run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FEED = """<rss version="2.0"><channel><title>{name}</title>
<item><title>{title}</title><link>https://{domain}/1</link><description>{text}</description></item></channel></rss>"""
TEXT = "The harbour bridge of Harrowgate was closed on Monday for repairs that will last until the autumn."


def test_stories_from_a_feed(tmp_path: Path) -> None:
    told: tuple[tuple[str, str, str, str], ...] = (
        ("The Paper", "Harbour bridge closed for repairs until autumn", "paper.example", TEXT),
    )
    told += (
        ("The Post", "Repairs: harbour bridge closed until autumn", "post.example", TEXT.replace("closed", "shut")),
    )
    told += (("The Star", "Orchard growers count losses after late frost", "star.example", "Frost fell on Sunday."),)
    paths = []
    for name, title, domain, text in told:
        paths.append(tmp_path / f"{domain}.xml")
        paths[-1].write_text(FEED.format(name=name, title=title, domain=domain, text=text))
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "stories_from_a_feed.py"), *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
    )
    stories = done.stdout.count("origins")
    assert stories == 2
    assert "(The Paper)" in done.stdout
    assert "Orchard growers count losses after late frost: 1 origins" in done.stdout
