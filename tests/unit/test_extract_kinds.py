# ruff: noqa: E501 - markup is easier to read unbroken
"""Kinds of pages: each in several layouts and languages, and the reports that resemble them."""

import pytest

from stayahead.extract import read_page
from stayahead.extract.body import notices
from stayahead.model import PageKind

TEXT = "The council of Port Ellery will put its long delayed ferry line to a public vote, its mayor said on Tuesday. "
BODY = "".join(f"<p>{TEXT}{number} boats would cross the bay each day, and the last of them at midnight.</p>" for number in range(9))  # fmt: skip
URL = "https://courier.example/city/ferry"


def kind(body: str, *, head: str = "", title: str = "Ferry line", url: str = URL) -> PageKind:
    return read_page(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>", url=url).kind


CONSENT = {
    "en": "<h1>Your privacy</h1><p>We and our 812 partners store and access information on a device, such as cookies.</p>"
    "<p>You can accept all or manage your options at any time. We rely on legitimate interest for personalised ads.</p>",
    "de": "<div>Wir und unsere 120 Partner verwenden Cookies und verarbeiten Daten. Ihre Einwilligung ist freiwillig.</div>"
    "<div>Alle akzeptieren</div><div>Datenschutz-Einstellungen</div>",
    "fr": "<p>Nous et nos 97 partenaires utilisons des cookies pour des contenus personnalisés.</p>"
    "<p>Vous pouvez tout accepter ou paramétrer les cookies. Votre consentement est valable six mois.</p>",
    "es": "<p>Utilizamos cookies propias y de nuestros socios para mostrar publicidad personalizada.</p>"
    "<ul><li>Aceptar y continuar</li><li>Configurar cookies y preferencias</li></ul>",
    "it": "<p>Utilizziamo cookie e dati insieme ai nostri partner. Il consenso è libero.</p><p>Accetta e chiudi</p>",
}


@pytest.mark.parametrize("body", CONSENT.values(), ids=CONSENT.keys())
def test_a_request_for_consent_is_a_shell_without_words(body: str) -> None:
    page = read_page(f"<html><head><title>Before you go on</title></head><body>{body}</body></html>", url=URL)
    assert page.kind is PageKind.SHELL
    assert page.blocks == ()


def test_a_report_about_consent_stays_an_article() -> None:
    report = (
        "<p>The regulator fined two sites because their cookie banners made it hard to reject all trackers.</p>"
        "<p>“People give their consent without reading a word,” said Ann Lee, who counted 812 partners on one page.</p>"
    )
    page = read_page(f"<html><head><title>Banners</title></head><body><article>{report}{BODY}</article></body></html>")
    assert page.kind is PageKind.ARTICLE
    assert page.blocks[0].text.startswith("The regulator")
    assert len(page.blocks) == 11


def test_a_banner_inside_of_the_article_goes() -> None:
    banner = f"<p>{'We use cookies and share data with our partners. Accept all, or manage your preferences.'}</p>"
    page = read_page(f"<html><title>Ferry</title><body><article>{BODY}{banner}{BODY}</article></body></html>")
    assert not any("cookies" in block.text for block in page.blocks)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Just a moment...", "Checking your browser before you can go on."),
        ("courier.example", "Please enable JavaScript and cookies to continue."),
        ("Access to this page has been denied", "You have been blocked."),
        ("Courier", "Bitte aktivieren Sie JavaScript, um diese Seite zu lesen."),
    ],
)
def test_a_check_of_the_browser_is_a_shell(title: str, text: str) -> None:
    assert kind(f"<div><p>{text} {'It takes a few seconds only, please wait here.' * 3}</p></div>", title=title) is PageKind.SHELL  # fmt: skip


PAYWALLS = {
    "en": "<div class=wall><p>Subscribe to continue reading</p><p>Already a subscriber?</p></div>",
    "en, in the article": "<p>This article is only for subscribers of the Courier.</p>",
    "de": "<aside><h3>Dieser Text ist exklusiv für Abonnenten</h3></aside>",
    "fr": "<div>Article réservé aux abonnés. Il vous reste 85 % à lire.</div>",
    "es": "<div>Contenido exclusivo para suscriptores</div>",
    "ja": "<div>この記事は会員限定です。</div>",
    "stated": '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry","isAccessibleForFree":false}</script>',
}


@pytest.mark.parametrize("wall", PAYWALLS.values(), ids=PAYWALLS.keys())
def test_a_teaser_above_a_wall_is_a_paywall(wall: str) -> None:
    assert kind(f"<article><h1>Ferry line</h1><p>{TEXT * 2}</p></article>{wall}") is PageKind.PAYWALL
    assert kind(f"<article><h1>Ferry line</h1>{BODY}</article>{wall}") is PageKind.ARTICLE


ENTRIES = {
    "time elements": "<div><time datetime='2026-03-02T{0}:{1}:00Z'>{0}:{1}</time><p>{2}</p></div>",
    "headings": "<h3>{0}:{1}</h3><p>{2}</p>",
    "German": "<p><b>{0}:{1} Uhr</b></p><p>{2}</p>",
    "French": "<section><span>{0}h{1}</span><div>{2}</div></section>",
    "a list": "<li><span class=stamp>{0}.{1}</span> <p>{2}</p></li>",
}


@pytest.mark.parametrize("form", ENTRIES.values(), ids=ENTRIES.keys())
def test_entries_with_times_on_a_page_that_calls_itself_live(form: str) -> None:
    newest_first = "".join(form.format(hour, "05", TEXT) for hour in range(20, 12, -1))
    assert kind(newest_first, title="Ferry vote – live") is PageKind.LIVE
    assert kind(newest_first, title="Liveticker zur Fähre") is PageKind.LIVE
    assert kind(newest_first, url="https://courier.example/live/ferry") is PageKind.LIVE
    assert kind(newest_first, title="How the day went") is PageKind.ARTICLE
    assert kind(BODY, title="Ferry vote – live") is PageKind.ARTICLE


def test_a_section_front_is_a_list() -> None:
    teasers = "".join(f'<div><h2><a href="/n/{n}">Ferry story number {n} of the week</a></h2><p>{TEXT}</p></div>' for n in range(9))  # fmt: skip
    assert kind(f"<main>{teasers}</main>", url="https://courier.example/city/") is PageKind.LIST
    few = f"<main>{BODY}<h2><a href=/n/1>Ferry story of the week</a></h2><p>{TEXT}</p></main>"
    assert kind(few, url="https://courier.example/") is PageKind.LIST
    assert kind(few) is PageKind.ARTICLE


def test_a_player_with_a_line_of_text_is_a_video() -> None:
    assert kind(f"<h1>Ferry</h1><video src=/a.mp4></video><p>{TEXT * 2}</p>") is PageKind.VIDEO
    assert kind(f'<h1>Ferry</h1><iframe src="https://www.youtube.com/embed/x"></iframe>{BODY}') is PageKind.ARTICLE


def test_one_sentence_about_cookies_is_no_request() -> None:
    assert not notices.consents_in(["The baker said that she had sold 4,000 cookies to her partners in the old town."])
    assert not notices.asks_consent([])
