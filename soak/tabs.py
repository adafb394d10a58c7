"""Opens eight tabs of one browser at once, by a plain name over http: all load, all hear what happens.

A browser opens six connections to one host. A tab that kept one of its own for the live stream would, from the seventh
on, wait for ever; here all tabs share one, and where the browser has no shared workers, a tab lets go of its own while
nobody looks at it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from soak.screenshots import ARGUMENTS
from stayahead.config import Settings
from stayahead.serve.replay import REPLAY_MOST
from tests.serve_requests import Running, served
from tests.serve_stories import NOW, world

NAME = "news.example"
"""Not a name of this machine: to the browser an origin over plain http is not secure, unless it is localhost."""
TABS = 8
CHROMIUM = "/usr/bin/chromium"
WAIT_S = 20.0
HIDING = """(() => {
  let hidden = false
  Object.defineProperty(Document.prototype, 'hidden', { get: () => hidden })
  window.hide = (value) => { hidden = value; document.dispatchEvent(new Event('visibilitychange')) }
})()"""
"""Headless tabs are all visible; so the page is told otherwise."""


def run() -> list[str]:
    """Play it with shared workers and without; what went wrong."""
    if not Path(CHROMIUM).exists():
        return [f"there is no {CHROMIUM}; on Debian: apt-get install chromium"]
    settings = Settings(public_url=f"http://{NAME}")
    with sync_playwright() as playwright, world() as pages, served(pages, settings=settings) as running:
        port = running.url.rpartition(":")[2]
        rules = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, rules])
        url = f"http://{NAME}:{port}/"
        wrong = [*_shared(browser, running, url), *_alone(browser, running, url), *_away(browser, running, url)]
        browser.close()
    return wrong


def _shared(browser: Browser, running: Running, url: str) -> list[str]:
    """All eight are looked at, in eight windows say, and share one connection."""
    context = browser.new_context()
    tabs, wrong = _opened(context, running, url, TABS)
    if tabs[0].evaluate("window.isSecureContext"):
        wrong.append("the origin is a secure context, so this shows nothing")
    if running.hub.readers != 1:
        wrong.append(f"{TABS} tabs keep {running.hub.readers} connections, not one")
    running.join(_story(running))
    wrong += [f"tab {n} of {TABS} heard nothing" for n, tab in enumerate(tabs, 1) if not _hears(tab)]
    return _closed(context, running, wrong)


def _alone(browser: Browser, running: Running, url: str) -> list[str]:
    """Without shared workers: one is looked at, seven lie behind it, and one of those is shown again."""
    context = browser.new_context()
    context.add_init_script("delete window.SharedWorker")
    context.add_init_script(HIDING)
    tabs, wrong = _opened(context, running, url, TABS, hide=True)
    running.join(_story(running))
    if not _hears(tabs[-1]):
        wrong.append("the tab that is looked at heard nothing")
    tabs[-1].evaluate("hide(true)")
    tabs[0].evaluate("hide(false)")
    if not _hears(tabs[0]):
        wrong.append("a tab that was shown again was not told what it missed")
    return _closed(context, running, wrong)


def _away(browser: Browser, running: Running, url: str) -> list[str]:
    """A tab that was away for more than is replayed reads its page again, by itself."""
    context = browser.new_context()
    context.add_init_script(HIDING)
    [tab], wrong = _opened(context, running, url, 1)
    story_id, before = _story(running), tab.get_attribute("body", "data-cursor")
    tab.evaluate("hide(true)")
    for _ in range(REPLAY_MOST + 1):
        running.join(story_id)
    tab.evaluate("hide(false)")
    if not _until(lambda: tab.get_attribute("body", "data-cursor") != before and not _bar_is_shown(tab)):
        wrong.append("a page that was reset did not read itself again")
    return _closed(context, running, wrong)


def _opened(
    context: BrowserContext, running: Running, url: str, count: int, *, hide: bool = False
) -> tuple[list[Page], list[str]]:
    tabs: list[Page] = []
    problems: list[str] = []
    for number in range(1, count + 1):
        if hide and tabs:
            tabs[-1].evaluate("hide(true)")
        tab = context.new_page()
        tab.on("pageerror", lambda error: problems.append(str(error)))
        tab.on("console", partial(_complain, problems))
        tabs.append(tab)
        tab.goto(url if number % 2 else f"{url}story/{_story(running)}", timeout=WAIT_S * 1000)
        if not _until(partial(_is_live, tab)):
            problems.append(f"tab {number} of {count} is not live")
    return tabs, problems


def _complain(problems: list[str], message: ConsoleMessage) -> None:
    # Every browser says of a header that is for secure origins that it does nothing here.
    if message.type == "error" and "Opener-Policy" not in message.text:
        problems.append(message.text)


def _story(running: Running) -> str:
    return running.pages.front(NOW, limit=1)[0].head.id


def _hears(tab: Page) -> bool:
    return _until(lambda: _bar_is_shown(tab))


def _is_live(tab: Page) -> bool:
    return bool(tab.inner_text("[data-live-state]") == "Live")


def _bar_is_shown(tab: Page) -> bool:
    return bool(tab.locator(".bar button:not([hidden])").count() == 1)


def _closed(context: BrowserContext, running: Running, wrong: list[str]) -> list[str]:
    context.close()
    if not _until(lambda: running.hub.readers == 0):
        wrong.append(f"{running.hub.readers} connections are left when all tabs are closed")
    return wrong


def _until(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + WAIT_S
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True
