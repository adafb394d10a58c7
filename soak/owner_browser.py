"""Opens the owner's link in Chromium, reads as the owner, and closes the session again.

Called by `soak.proxies` in a process of its own, since `playwright` is not there where that is only read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"


def faults(site: str, link: str) -> Iterator[str]:
    """What went wrong in a browser that opens the link to the site; whatever it waits for in vain is an exception.

    The page's policy forbids scripts of strings, so everything is waited for by selectors.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        page = context.new_page()
        said = list[str]()
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{site}owner")
        page.goto(link)  # the page is open already: nothing is loaded anew, and the link works all the same
        page.wait_for_selector("[data-close]")
        if "#" in page.url:
            yield f"the token stays in the address: {page.url}"
        yield from _reading_faults(page, site)
        beside = context.new_page()
        beside.goto(f"{site}latest")
        beside.wait_for_selector("[data-live-state]:text-is('Live')")
        page.goto(f"{site}owner")
        page.click("[data-close]")
        page.wait_for_selector("[data-say]:has-text('closed')")
        if cookies := context.cookies():
            yield f"cookies are left: {cookies}"
        yield from (f"the console says: {line}" for line in said)
        page.goto(link)
        page.wait_for_selector("[data-say]:has-text('was used')")
        browser.close()


def _reading_faults(page: Page, site: str) -> Iterator[str]:
    """From the front page, which is live, to a full text."""
    page.goto(site)
    page.wait_for_selector("[data-live-state]:text-is('Live')")
    page.locator(".story h2 a").first.click()
    page.locator("text=read it here").first.click()
    page.wait_for_selector("text=This is the text as we read it")
    if not page.url.startswith(f"{site}article/"):
        yield f"links led to {page.url}"


if __name__ == "__main__":
    wrong = list(faults(sys.argv[1], sys.argv[2]))
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)
