"""Explicit credits: the outlet on whose report a text rests is found in its first words, and nobody else is."""

from __future__ import annotations

import pytest

from stayahead.analyze import is_same_outlet, outlet_key, site_key
from stayahead.analyze.credits import find_credits
from stayahead.model import Block, BlockKind, CreditedSource, Entry, Page

HERE = "https://northpost.example/a"


def credits_of(text: str, *, title: str = "", url: str = HERE, **entry: object) -> tuple[str, ...]:
    """Whom a text rests on, by a site that nobody credits."""
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=part) for part in text.split("\n"))
    page = Page(title=title, url=url, blocks=blocks)
    return find_credits(page, Entry(url=HERE, title=title, **entry)).rests_on  # type: ignore[arg-type]  # passed on


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("The story was first reported by the Harbour Gazette.", "Harbour Gazette"),
        ("He resigned, the Harbour Gazette reported on Friday.", "Harbour Gazette"),
        ("The rebel commander told the BBC that talks are over.", "BBC"),
        ("The pill harms the heart, according to the New York Times. Emails show it.", "New York Times"),
        ("Das berichtet der Hafenbote unter Berufung auf Pläne.", "Hafenbote"),
        ("Nach einem Bericht des Hafenboten stand das Zimmer leer.", "Hafenbote"),
        ("El alcalde pagó, según publicó Diario del Puerto.", "Diario del Puerto"),
        ("Le maire louait, selon Le Courrier du Port.", "Courrier du Port"),
        ("Un ministre a voyagé, révèle Le Monde. Il dément.", "Le Monde"),
        ("Trecento multe, secondo quanto riporta Corriere della Valle.", "Corriere della Valle"),
        ("O prefeito serviu carne, de acordo com a Folha do Norte.", "Folha do Norte"),
        ("Het bedrijf wist het, meldt de NOS op basis van rapporten.", "NOS"),
        ("据《山城晨报》报道，水库鱼苗死亡。", "山城晨报"),
    ],
)
def test_an_outlet_that_is_cited_first_is_credited(text: str, outlet: str) -> None:
    assert credits_of(text) == (outlet_key(outlet),)
    # Further down a text cites in passing.
    assert credits_of(f"The council met on Tuesday.\n{text}") == ()


@pytest.mark.parametrize(
    "text",
    [
        "The man was arrested, according to police in Port Alder.",
        "According to Mayor Tim Ruhl the road stays closed.",
        "Nobody told Maria Ortiz that the bridge was closed.",
        "According to the Department of Justice, a review goes on.",
        "The Tasse costs five euros, selon le patron.",
        "Nach Angaben der Polizei wurde niemand verletzt.",
        "",
    ],
)
def test_who_is_no_outlet_is_not_credited(text: str) -> None:
    assert credits_of(text) == ()


def test_an_agency_is_credited_by_who_cites_it_but_not_by_who_only_spoke_to_it() -> None:
    assert credits_of("A ferry ran aground, Russian news agency TASS reported.") == ("tass",)
    assert credits_of("Das meldete die Nachrichtenagentur AFP am Montag.") == ("afp",)
    assert credits_of("The minister told Reuters that all was well.") == ()


def test_a_feeds_source_and_a_canonical_url_elsewhere_credit_that_site() -> None:
    source = CreditedSource(title="Valley Times", url="https://valleytimes.example/feed")
    assert credits_of("The council met.", source=source) == (site_key("valleytimes.example"),)
    assert credits_of("The council met.", url="https://valleytimes.example/b") == (site_key("valleytimes.example"),)
    own = CreditedSource(title="North Post", url="https://northpost.example/feed")
    assert credits_of("The council met.", source=own) == ()


def test_an_agency_beside_a_person_gave_a_part_and_beside_the_paper_gave_all() -> None:
    page = Page(url=HERE, blocks=(Block(kind=BlockKind.PARAGRAPH, text="The council met."),))
    beside = find_credits(page, Entry(url=HERE, author="Cora Jansen, with the Associated Press"))
    assert (beside.rests_on, beside.carries, beside.has_reported) == ((), ("ap",), True)
    paper = find_credits(page, Entry(url=HERE, author="North Post avec AFP"))
    assert (paper.rests_on, paper.carries) == (("afp",), ())


@pytest.mark.parametrize(
    ("author", "text", "has_reported"),
    [
        ("Cora Jansen", "The council met.", True),
        ("", "He said so when he told the North Post about the boat.", True),
        ("", "Sagte sie unserer Zeitung.", True),
        ("", "He told the Valley Times about the boat.", False),
        ("Associated Press", "The council met.", False),
        ("North Post", "The council met.", False),
        ("", "The council met.", False),
    ],
)
def test_own_people_are_told_by_a_name_or_by_whom_somebody_told(author: str, text: str, has_reported: bool) -> None:
    page = Page(url=HERE, blocks=(Block(kind=BlockKind.PARAGRAPH, text=text),))
    assert find_credits(page, Entry(url=HERE, author=author)).has_reported is has_reported


def test_names_of_one_outlet_have_one_key() -> None:
    assert outlet_key("BBC News") == outlet_key("the BBC") == site_key("bbc.co.uk")
    assert outlet_key("Le Monde") == site_key("lemonde.fr")
    assert is_same_outlet(outlet_key("Channel 6"), outlet_key("Channel 6 News"))
    assert not is_same_outlet(outlet_key("Valley Times"), outlet_key("North Post"))
    assert site_key("") == ""
