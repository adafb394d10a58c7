"""Takes pictures of the site's pages over the tests' fictional world, or of a running site by --url.

Needs Chromium and the `playwright` package (`pip install 'stayahead[soak]'`); neither is part of `./dev test`.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

import stayahead.serve
from stayahead.store import SqliteStore
from tests.serve_requests import Running, served
from tests.serve_stories import NOW, PUBLISHERS, add_articles, add_revised, story_article, world

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TOP_ROW = """(() => {
  const row = [...document.querySelectorAll('[data-id]')].find((each) => each.getBoundingClientRect().bottom > 48)
  return [row.dataset.id, row.getBoundingClientRect().top]
})()"""
"""The story at the top of the reader's view, and its position."""
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def shoot(browser: Browser, url: str, out: Path, *, whole: bool, more: Mapping[str, str] | None = None) -> list[Path]:
    """Every page at every size, light and dark; an error in the browser's console, or a page too wide, is fatal."""
    made: list[Path] = []
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, timezone_id="Europe/Paris"
            )
            page = context.new_page()
            problems = watched(page)
            for name, path in (paths(page, url) | dict(more or {})).items():
                page.goto(url + path)
                page.wait_for_timeout(300)
                page.evaluate("document.querySelectorAll('.versions details').forEach((each) => { each.open = true })")
                made.append(out / f"{name}-{size}-{scheme}.png")
                page.screenshot(path=made[-1], full_page=whole)
                if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                    problems.append(f"{path} is wider than its window")
            context.close()
            if problems:
                raise SystemExit(f"screenshots: {size} {scheme}: " + "; ".join(problems))
    return made


def _changed(pages: SqliteStore) -> str:
    """The path of an article that was changed twice."""
    rest = "The tide turns at 17:40, and the search will go on under lights, the harbour office said. " * 4
    end = "The captain has served for 23 years.\nCorrection: an earlier version said that nine were missing."
    texts = (
        "A ferry ran aground in fog.",
        f"A ferry ran aground in fog off Castell Point. Nine people are missing.\n{rest}\nThe captain is a man of 54.",
        f"A ferry ran aground in fog off Castell Point. Eight people are missing, the coastguard said.\n{rest}\n{end}",
    )
    titles = ("Ferry aground", "Nine missing after ferry runs aground", "Eight missing")
    return f"/article/{add_revised(pages, *texts, titles=titles)}"


def watched(page: Page) -> list[str]:
    """A list that fills with the page's errors as they happen."""
    problems: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(message.text)

    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(str(error)))
    return problems


def paths(page: Page, url: str) -> dict[str, str]:
    """The addresses to take pictures of; the story is the one that leads the front page."""
    page.goto(url)
    addresses = {"front": "/", "latest": "/latest", "search": "/search?q=castell", "sources": "/sources"}
    story = page.locator(".story h2 a").first
    if page.locator(".story h2 a").count():
        addresses["story"] = story.get_attribute("href") or "/"
    return addresses


def live(browser: Browser, running: Running, out: Path) -> list[Path]:
    """What a reader sees when something changes: the bar, then the page swapped in with what is new marked."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="Europe/Paris")
    page, second = context.new_page(), context.new_page()
    problems, heard = watched(page), watched(second)
    rows = running.pages.front(NOW, limit=3)
    page.goto(running.url)
    second.goto(f"{running.url}/story/{rows[1].head.id}")
    second.wait_for_selector("[data-live-state]:not([hidden])")
    page.wait_for_timeout(500)
    if running.hub.readers != 1:
        problems.append(f"two tabs keep {running.hub.readers} connections, not one")
    page.evaluate("window.scrollTo(0, 700)")
    before = page.evaluate(TOP_ROW)
    for row in rows:
        running.join(row.head.id)
        page.wait_for_timeout(50)
    page.wait_for_selector(".bar button:not([hidden])")
    second.wait_for_selector(".bar button:not([hidden])")
    page.wait_for_timeout(600)
    if page.inner_text(".bar button") != "3 updates" or second.inner_text(".bar button") != "1 update":
        problems.append(f"the bars say {page.inner_text('.bar button')!r}, {second.inner_text('.bar button')!r}")
    made = [out / "live-bar.png", out / "live-after.png", out / "live-since.png"]
    page.screenshot(path=made[0])
    page.click(".bar button")
    page.wait_for_selector(".is-new")
    after = page.evaluate(TOP_ROW)
    if before[0] != after[0] or abs(before[1] - after[1]) > 1:
        problems.append(f"the page moved under the reader: {before} became {after}")
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=made[1])
    if page.locator(".is-new").count() != len(rows):
        problems.append(f"{page.locator('.is-new').count()} stories are marked, not {len(rows)}")
    problems += since(second, running, rows[1].head.id, made[2]) + heard
    context.close()
    if problems:
        raise SystemExit("screenshots: live: " + "; ".join(problems))
    return made


def since(page: Page, running: Running, story_id: str, picture: Path) -> list[str]:
    """Leave a story, come back when an article was added: what is wrong with what the page says of it."""
    page.goto(f"{running.url}/sources")
    at = NOW + timedelta(minutes=1)
    added = story_article("Rent cap: what changes for tenants, and when", PUBLISHERS[1], at)
    add_articles(running.pages, [(story_id, added)])
    page.goto(f"{running.url}/story/{story_id}")
    page.wait_for_selector("[data-since]:not([hidden])")
    page.screenshot(path=picture)
    said = page.inner_text("[data-since]")
    return [] if "1 new article, 1 new origin." in said else [f"since you last looked: {said!r}"]


def scripts_parse() -> str:
    """The complaint of Node, where it is installed, about our scripts; empty when there is none."""
    node = shutil.which("node")
    scripts = sorted((Path(stayahead.serve.__file__).parent / "static").glob("*.js")) if node else []
    for script in scripts:
        told = subprocess.run(
            [str(node), "--check", "--input-type=module"], input=script.read_bytes(), capture_output=True, check=False
        )
        if told.returncode:
            return f"{script.name}: {told.stderr.decode()}"
    return ""


def main() -> None:
    """Take the pictures, and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--url", default="", help="a running site; without it the tests' fictional world is served")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser")
    parser.add_argument("--whole", action="store_true", help="the whole page, not only the first screen")
    options = parser.parse_args()
    if not Path(options.chromium).exists():
        print(f"screenshots: there is no {options.chromium}; on Debian: apt-get install chromium", file=sys.stderr)
        raise SystemExit(3)
    checked = scripts_parse()
    if checked:
        raise SystemExit(f"screenshots: {checked}")
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=ARGUMENTS)
        if options.url:
            made = shoot(browser, options.url.rstrip("/"), options.out, whole=options.whole)
        else:
            with world() as pages, served(pages) as running:
                changed = _changed(pages)
                made = shoot(browser, running.url, options.out, whole=options.whole, more={"article": changed})
                made += live(browser, running, options.out)
        browser.close()
    print(f"{len(made)} pictures in {options.out}")


if __name__ == "__main__":
    main()
