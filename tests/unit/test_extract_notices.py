"""Live reporting, walls, requests for consent and checks, in many languages; and the reports that resemble them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from stayahead.extract import read_page
from stayahead.model import PageKind

SENTENCE = "The council of Port Ellery put its long delayed ferry line to a public vote, its mayor said on Tuesday. "
BODY = "".join(
    f"<p>{SENTENCE}{number} boats would cross the bay each day, the last at midnight.</p>" for number in range(9)
)
URL = "https://courier.example/city/ferry"


def kind(body: str, *, title: str = "Ferry line", url: str = URL, head: str = "") -> PageKind:
    return read_page(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>", url=url).kind


def entries(clocks: Iterable[str], *, text: str = SENTENCE, form: str = "<h3>{0}</h3><p>{1}</p>") -> str:
    return "".join(form.format(clock, text) for clock in clocks)


FALLING = ["18:05", "17:40", "16:55", "16:20", "15:10"]


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Ferry vote live: the boats are in", URL),
        ("Live updates: ferry vote", URL),
        ("The ferry vote as it happened", URL),
        ("Élection en direct", URL),
        ("Votación en vivo", URL),
        ("Votação ao vivo", URL),
        ("Голосование: онлайн", URL),
        ("直播:渡轮投票", URL),
        ("Ferry vote", "https://courier.example/live/ferry"),
        ("Ferry vote", "https://courier.example/city/ferry-vote-live-updates"),
        ("Ferry vote", "https://courier.example/liveblog-ferry"),
    ],
)
def test_a_page_that_calls_itself_live_and_has_entries_is_live(title: str, url: str) -> None:
    assert kind(entries(FALLING), title=title, url=url) is PageKind.LIVE
    assert kind(entries(reversed(FALLING)), title=title, url=url) is PageKind.LIVE
    assert kind(BODY, title=title, url=url) is PageKind.ARTICLE


@pytest.mark.parametrize("title", ["Ferry vote", "Olive oil is dear", "People who live by the bay", "Delivery delayed"])
def test_entries_alone_are_a_timeline(title: str) -> None:
    assert kind(entries(FALLING), title=title) is PageKind.ARTICLE


@pytest.mark.parametrize(
    "clocks",
    [
        ["9:05 pm", "8:40 pm", "12:15 pm", "11:20 am"],
        ["18.05 Uhr", "17.40 Uhr", "16.55 Uhr", "16.20 Uhr"],
        ["18h05", "17h40", "16h55", "16h20"],
        ["18時05分", "17時40分", "16時55分", "16時20分"],
        ["Posted at 18:05 GMT", "Posted at 17:40 GMT", "Posted at 16:55 GMT", "Posted at 16:20 GMT"],
    ],
)
def test_times_of_day_are_read_as_places_write_them(clocks: list[str]) -> None:
    assert kind(entries(clocks), title="Ferry vote – live") is PageKind.LIVE


def test_times_on_several_days_go_on_by_their_dates() -> None:
    stamps = [f"2026-03-0{day}T{hour}:00:00Z" for day, hour in ((3, "02"), (2, "23"), (2, "14"), (1, "22"))]
    form = "<article><time datetime='{0}'>3 hours ago</time><p>{1}</p></article>"
    assert kind(entries(stamps, form=form), title="Ferry vote – live") is PageKind.LIVE
    assert kind(entries([stamps[n] for n in (1, 3, 0, 2)], form=form), title="Ferry vote – live") is not PageKind.LIVE


@pytest.mark.parametrize(
    "body",
    [
        entries(FALLING[:3]),  # too few
        entries(["18:05", "12:40", "16:55", "11:20", "15:10", "10:05"]),  # in no order: opening hours, a programme
        entries(["25:05", "24:61", "99:99", "7", "18"]),  # no times
        entries(FALLING, text="Boats."),  # a timetable: nothing below the times
        entries(FALLING, form="<div class='comment'><b>{0}</b><p>{1}</p></div>"),
        entries(FALLING, form="<aside><b>{0}</b><p>{1}</p></aside>"),
    ],
    ids=["few", "unordered", "no times", "no text", "comments", "teasers"],
)
def test_times_that_make_no_report_are_not_live(body: str) -> None:
    assert kind(f"<article>{BODY}</article>{body}", title="Ferry vote – live") is PageKind.ARTICLE


CONSENT = {
    "nl": "Wij gebruiken cookies en gegevens, samen met onze 80 partners. Alles accepteren of instellingen beheren."
    " Uw toestemming geldt een jaar.",
    "pl": "Używamy plików cookie i danych wraz z naszymi partnerami. Akceptuję wszystkie. Ustawienia prywatności."
    " Twoja zgoda jest dobrowolna.",
    "ru": "Мы используем cookie и персональные данные. Принять все. Настройки cookie. Ваше согласие действует год.",
    "pt": "Utilizamos cookies e dados com os nossos parceiros para anúncios personalizados. Aceitar todos."
    " O seu consentimento vale um ano.",
    "sv": "Vi använder cookies och kakor. Acceptera alla eller hantera cookies. Ditt samtycke gäller i ett år.",
}


@pytest.mark.parametrize("language", CONSENT)
def test_a_request_for_consent_says_nothing_of_the_article(language: str) -> None:
    page = read_page(f"<html><title>Courier</title><body><div><p>{CONSENT[language]}</p></div></body></html>")
    assert (page.kind, page.blocks) == (PageKind.SHELL, ())


def test_a_policy_is_an_article_of_its_own_kind() -> None:
    policy = "We use cookies with our partners. You can accept all or manage your preferences. Withdraw your consent."
    page = read_page(f"<html><title>Policy</title><body><article><p>{policy}</p>{BODY * 8}</article></body></html>")
    assert page.kind is PageKind.ARTICLE
    assert len(page.blocks) >= 9


WALLS = {
    "it": "Contenuto riservato agli abbonati",
    "nl": "Dit artikel is alleen voor abonnees",
    "pl": "Tekst dostępny tylko dla subskrybentów",
    "pt": "Conteúdo exclusivo para assinantes",
    "ru": "Материал доступен только для подписчиков",
    "sv": "Den här texten är endast för prenumeranter",
    "ja": "続きを読むには登録が必要です",
    "ko": "구독자 전용 기사입니다",
    "zh": "登录后阅读全文",
}


@pytest.mark.parametrize("language", WALLS)
def test_a_teaser_above_a_wall_is_a_paywall_in_many_languages(language: str) -> None:
    wall = f"<div><p>{WALLS[language]}</p></div>"
    assert kind(f"<article><p>{SENTENCE * 2}</p></article>{wall}") is PageKind.PAYWALL
    assert kind(f"<article>{BODY}</article>{wall}") is PageKind.ARTICLE


@pytest.mark.parametrize(
    "check",
    [
        "Veuillez activer JavaScript pour continuer.",
        "Por favor, habilite JavaScript.",
        "Пожалуйста, включите JavaScript.",
        "请启用 JavaScript 后继续访问。",
        "Verifying you are human. This may take a few seconds.",
        "We noticed unusual traffic from your network.",
        "Access denied. You do not have permission.",
    ],
)
def test_a_check_says_nothing_and_a_report_about_one_all(check: str) -> None:
    assert kind(f"<p>{check}</p><p>{'Reference number 18.2a3f. ' * 8}</p>") is PageKind.SHELL
    report = read_page(
        f"<html><title>Ferry</title><body><article><p>{SENTENCE}“{check}”</p>{BODY}</article></body></html>"
    )
    assert report.kind is PageKind.ARTICLE
    assert check in report.text
