"""Which article's headline a story bears."""

from __future__ import annotations

from stayahead.model import PublisherKind
from stayahead.stories import StoryEngine
from stayahead.stories.headline import choose, headline_terms, worth_of_form
from stayahead.stories.members import Member
from stayahead.stories.vectors import Rarity, norm2
from tests.story_inputs import START, arrival, article, at, revision

TITLES = (
    "Storm Ida floods harbour of Velm",
    "Storm Ida floods Velm harbour, thousands flee",
    "Velm harbour flooded as storm Ida hits Ardania coast",
    "Storm Ida: Ardania coast flooded, Velm harbour shut",
)


def _members(*titles: str, kind: PublisherKind = PublisherKind.UNKNOWN) -> list[Member]:
    """Articles of publishers of their own, in order of arrival, ten minutes apart."""
    made = []
    for place, title in enumerate(titles):
        one, signals = article(f"m{place}", title, minutes=10 * place, kind=kind)
        member = Member(one, signals, Rarity().vector(signals), {})
        member.seq = place + 1
        made.append(member)
    return made


def _sum(members: list[Member]) -> dict[str, int]:
    total: dict[str, int] = {}
    for member in members:
        for term, weight in member.vector.items():
            total[term] = total.get(term, 0) + weight
    return total


def _chosen(members: list[Member], lead: Member | None = None) -> str:
    best = choose(reversed(members), (_sum(members), norm2(_sum(members))), lead)
    return best.title if best else ""


def test_form_of_a_headline() -> None:
    good = "Storm Ida floods harbour of Velm"
    assert worth_of_form(good, "en") == 1.0
    for bad in (
        "Storm Ida",
        good.upper(),
        f"{good} as thousands  ...",
        f"{good}…",
        f"{good}?",
        f"WATCH: {good}",
        f"[Video]: {good}",
    ):
        assert 0 < worth_of_form(bad, "en") < 1, bad
    assert worth_of_form("", "en") == worth_of_form("?!", "en") == worth_of_form("What is that", "en") == 0.0
    assert headline_terms("The Storms of Velm", "en") == ("storm", "velm")


def test_what_the_others_say_too_leads() -> None:
    members = _members(*TITLES, "Minister cancels holiday over storm")
    assert "Ida" in _chosen(members)
    assert _chosen(members, members[-1]) == _chosen(members)


def test_a_general_headline_gives_way() -> None:
    members = _members("Storm", *TITLES)
    assert _chosen(members, members[0]) in TITLES


def test_headline_does_not_change_hands_for_a_little() -> None:
    members = _members(*TITLES)
    for member in members[1:]:
        assert _chosen(members, member) == ""


def test_agency_leads_and_its_newer_article_follows_it() -> None:
    members = _members(*TITLES)
    (first,) = _members("Storm Ida floods Velm and kills 12", kind=PublisherKind.AGENCY)
    first.seq = 5
    assert _chosen([*members, first], members[1]) == first.title
    (second,) = _members("Storm Ida floods kill 31 in Velm", kind=PublisherKind.AGENCY)
    second.id, second.seq = "m9", 6
    assert _chosen([*members, first, second], first) == second.title


def test_copies_and_second_articles_of_a_publisher_are_not_asked() -> None:
    members = _members(*TITLES)
    for member in members[1:]:
        member.copy_of = "m0"
    assert _chosen(members) == TITLES[0]
    members = _members(*TITLES)
    for member in members:
        member.origin_keys = ("d:one.example",)
    assert _chosen(members, members[0]) == ""


def test_story_without_a_headline_takes_the_first_that_comes() -> None:
    engine = StoryEngine()
    text = "Storm Ida flooded the harbour of Velm in Ardania on Sunday and thousands of people fled."
    engine.add(arrival("s0", "", text), START)
    (update, *_) = engine.add(arrival("s1", TITLES[0], text[10:], minutes=1), at(1))
    assert (update.story.id, update.story.headline, update.story.lead_id) == ("s0", TITLES[0], "s1")


def test_a_corrected_older_report_does_not_pass_for_the_latest() -> None:
    engine = StoryEngine()
    wire, kind = "wire.example", PublisherKind.AGENCY
    engine.add(arrival("w0", "Velm earthquake kills 17, hospital and school fall", domain=wire, kind=kind), at(0))
    for place in range(3):
        title = f"Earthquake in Velm: hospital and school fall, {place + 15} dead"
        engine.add(arrival(f"p{place}", title, minutes=5), at(5))
    engine.add(
        arrival("w1", "Velm earthquake kills 41, hospital and school fall", minutes=20, domain=wire, kind=kind), at(20)
    )

    def headline() -> str:
        (story,) = {engine.story_of(each) for each in ("w0", "p0", "p1", "p2", "w1")}
        head = engine.head(story or "")
        assert head is not None
        return head.headline

    assert headline() == "Velm earthquake kills 41, hospital and school fall"
    engine.add(revision("w0", "Velm earthquake kills 19, hospital and school fall", domain=wire, kind=kind), at(25))
    assert headline() == "Velm earthquake kills 41, hospital and school fall"
    engine.add(
        revision("w1", "Velm earthquake kills 44, hospital and school fall", minutes=20, domain=wire, kind=kind), at(30)
    )
    assert headline() == "Velm earthquake kills 44, hospital and school fall"
