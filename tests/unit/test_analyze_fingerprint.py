"""Fingerprints: what is a near copy of what."""

from __future__ import annotations

import hashlib

import pytest

from stayahead.analyze.fingerprint import LEAST, adds_its_own, fingerprint, level, near_copies, shares
from stayahead.text import tokens
from tests.story_inputs import BUDGET, QUAKE


def _words(n: int, start: int = 0) -> list[str]:
    return [f"w{i * 7919 % 100_003}" for i in range(start, start + n)]


def test_short_text_has_none() -> None:
    assert fingerprint(tokens("Only a few words stand here")) == ((), 0)
    assert fingerprint(["same"] * 100)[0] == ()


def test_hashes_are_positive_ascending_and_stable() -> None:
    hashes, shingles = fingerprint(tokens(QUAKE))
    assert list(hashes) == sorted(set(hashes))
    assert hashes[0] >= 0
    assert hashes[-1] < 1 << 63
    assert shingles == len(tokens(QUAKE)) - 4
    assert (hashes, shingles) == fingerprint(tokens(QUAKE))


def test_the_hashes_of_a_text_are_the_same_in_every_version() -> None:
    """Stored ones are compared with new ones: a change would make every copy of yesterday an original."""
    hashes, _ = fingerprint(tokens(QUAKE))
    assert hashes[:2] == (96_417_249_067_781_445, 119_885_560_653_126_354)
    assert hashlib.sha256(repr(hashes).encode()).hexdigest()[:16] == "83aa50e9e80f1f9f"
    hashes, _ = fingerprint(_words(900))
    assert hashlib.sha256(repr(hashes).encode()).hexdigest()[:16] == "14ae28d48f0bcc13"


@pytest.mark.parametrize(("words", "shingles"), [(19, 0), (20, 16), (21, 17)])
def test_twenty_words_are_enough(words: int, shingles: int) -> None:
    hashes, count = fingerprint(_words(words))
    assert (len(hashes), count) == (shingles, shingles)


@pytest.mark.parametrize(("common", "is_near"), [(9, False), (10, True), (30, True)])
def test_some_words_in_common_are_a_coincidence(common: int, *, is_near: bool) -> None:
    # Nine words in a row are five shingles, ten are six.
    ours, theirs = fingerprint(_words(30)), fingerprint([*_words(common), *_words(20, start=500)])
    assert (shares(*ours, *theirs) != (0.0, 0.0)) is is_near


def test_how_much_is_shared_is_read_from_both_sides() -> None:
    whole, half = fingerprint(_words(44)), fingerprint([*_words(24), *_words(4, start=500)])
    share_of_whole, share_of_half = shares(*whole, *half)
    assert share_of_whole == pytest.approx(20 / 40)
    assert share_of_half == pytest.approx(20 / 24)
    assert near_copies(*whole, *half)
    apart = fingerprint([*_words(22), *_words(20, start=500)])
    assert shares(*whole, *apart) == pytest.approx((18 / 40, 18 / 38))
    assert not near_copies(*whole, *apart)


def test_two_fifths_are_enough_where_they_are_long() -> None:
    whole = fingerprint(_words(84))
    carrier = fingerprint([*_words(35), *_words(49, start=500)])
    assert 0.4 <= max(shares(*whole, *carrier)) < 0.5
    assert not near_copies(*whole, *carrier)  # 31 shingles in common: a message that both quote
    whole = fingerprint(_words(244))
    carrier = fingerprint([*_words(120), *_words(120, start=500)])
    assert 0.4 <= max(shares(*whole, *carrier)) < 0.5
    assert near_copies(*whole, *carrier)
    assert near_copies(*carrier, *whole)


def test_a_text_adds_its_own_when_half_of_it_and_three_sentences_are() -> None:
    wire = fingerprint(_words(60))
    carrier = fingerprint([*_words(60), *_words(80, start=500)])
    assert near_copies(*wire, *carrier)
    assert adds_its_own(*carrier, *wire)
    assert not adds_its_own(*wire, *carrier)
    assert not adds_its_own(*fingerprint([*_words(60), *_words(30, start=500)]), *wire)


def test_long_text_is_sampled_but_keeps_enough() -> None:
    for n in (40, 100, 400, 3000):
        hashes, shingles = fingerprint(_words(n))
        assert len(hashes) >= min(LEAST, shingles)
        assert len(hashes) <= 160
        assert level(shingles) == (0 if n < 84 else level(n - 4))


def test_copy_with_another_ending_is_near() -> None:
    a = fingerprint(tokens(QUAKE))
    b = fingerprint(tokens(QUAKE + " The newspaper's own reporters in Velm saw two collapsed bridges."))
    assert near_copies(*a, *b)
    assert near_copies(*b, *a)


def test_excerpt_of_a_long_text_is_near() -> None:
    whole, part = fingerprint(_words(900)), fingerprint(_words(300))
    assert near_copies(*whole, *part)
    share_of_whole, share_of_part = shares(*whole, *part)
    assert share_of_part > 0.9
    assert share_of_whole < 0.6


def test_round_up_that_holds_a_short_report_is_not_near() -> None:
    assert not near_copies(*fingerprint(_words(2000)), *fingerprint(_words(60)))


def test_other_text_is_not_near() -> None:
    assert not near_copies(*fingerprint(tokens(QUAKE)), *fingerprint(tokens(BUDGET)))
    assert shares(*fingerprint(tokens(QUAKE)), *fingerprint(tokens(BUDGET))) == (0.0, 0.0)
