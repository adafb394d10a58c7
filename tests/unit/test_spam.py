"""The judge: what is spam by each of its marks, and what only looks like it."""

import pytest

from stayahead.spam import JUDGED_WORDS, is_promotional, is_repetitive, judge

SLOGAN = (
    "In a fast-paced world it is more important than ever to know first. We cover a wide range of topics, "
    "so you never miss a beat."
)
REPORT = (
    "The council of Port Ellery will put its long delayed ferry line to a public vote in June, its mayor said on "
    "Tuesday, after two years of quarrels over who should pay for it."
)


def test_a_report_is_not_spam() -> None:
    judged = judge(REPORT)
    assert not judged.is_spam
    assert judged.reasons == ()


@pytest.mark.parametrize("text", ["lucky reels " * 20, "cheap pills online cheap pills now " * 8, "买 药 " * 20])
def test_the_same_words_again_and_again(text: str) -> None:
    assert is_repetitive(text)
    assert judge(text).reasons == ("repeats the same words",)


def test_a_short_chant_is_no_spam() -> None:
    assert not is_repetitive("Four more years! Four more years! Four more years!")


def test_few_words_in_ever_new_order_are_no_spam() -> None:
    words = ["one", "two", "three", "four", "five", "six"]
    mixed = [a for i in range(6) for j in range(6) for a in (words[i], words[j])]
    assert len(set(mixed)) < 0.35 * len(mixed)
    assert not is_repetitive(" ".join(mixed[:36]))


def test_a_long_text_is_judged_by_its_beginning() -> None:
    words = " ".join(f"word{i}" for i in range(JUDGED_WORDS))
    assert not is_repetitive(words + " spam spam" * 1000)


def test_three_promotional_phrases_are_needed() -> None:
    assert is_promotional(SLOGAN)
    assert judge(SLOGAN).reasons == ("is made of promotional phrases",)
    assert not is_promotional(
        "In a fast-paced world it is more important than ever to read the minutes of the council."
    )


def test_one_phrase_three_times_is_one() -> None:
    assert not is_promotional("Follow us on the square, follow us on the bridge, follow us on the quay, they sang.")


def test_links_without_text() -> None:
    assert judge("lucky reels and other games to play at home", link_chars=43).reasons == ("consists of links",)
    assert not judge("Our report of Monday", link_chars=20).is_spam
    assert not judge(REPORT, link_chars=40).is_spam
