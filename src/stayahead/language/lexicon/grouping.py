"""Makes long lists of alternatives cheap to search for: Python's `re` tries each of them at every place, in order."""

from __future__ import annotations

_OPTIONAL = "?*{+"


def by_letter(alternatives: str) -> str:
    """A pattern that matches the same, its alternatives put together by the letter that they begin with.

    For patterns that tell upper case from lower only. One alternative per letter is tried instead of all, and what they
    find is the same: those that begin with different letters cannot both match, and those of one letter keep their
    order. What begins with no letter stays where it is, and nothing is moved past it.

    >>> by_letter("news|(?:old|new)er|letter|nav|lead")
    'news|(?:old|new)er|l(?:etter|ead)|nav'
    """
    pieces: list[str] = []
    groups: dict[str, list[str]] = {}
    for each in _parted(alternatives):
        if each[:1].isalnum() and not each[1:2].startswith(tuple(_OPTIONAL)):
            groups.setdefault(each[0], []).append(each[1:])
            continue
        pieces += _grouped(groups)
        groups.clear()
        pieces.append(each)
    return "|".join([*pieces, *_grouped(groups)])


def _grouped(groups: dict[str, list[str]]) -> list[str]:
    return [
        f"{letter}{rests[0]}" if len(rests) == 1 else f"{letter}(?:{'|'.join(rests)})"
        for letter, rests in groups.items()
    ]


def _parted(alternatives: str) -> list[str]:
    """The alternatives one by one; a bar inside of a group or a set parts none."""
    parts, depth, is_set, at = [""], 0, False, 0
    while at < len(alternatives):
        sign = alternatives[at : at + 2] if alternatives[at] == "\\" else alternatives[at]
        at += len(sign)
        if sign == "|" and not depth and not is_set:
            parts.append("")
            continue
        is_set = (is_set or sign == "[") and sign != "]"
        depth += 0 if is_set else (sign == "(") - (sign == ")")
        parts[-1] += sign
    return parts
