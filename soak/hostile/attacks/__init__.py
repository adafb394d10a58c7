"""Every attack by its name, in the order in which the table has them."""

from __future__ import annotations

from soak.hostile.attacks import identity, readers, texts, wires
from soak.hostile.attacks.attack import Attack

ATTACKS: dict[str, type[Attack]] = {
    attack.name: attack
    for attack in (
        wires.RobotsBlanks,
        wires.RobotsRules,
        readers.Exclamations,
        texts.PageBombs,
        texts.FeedBombs,
        wires.Semicolons,
        wires.Interim,
        wires.Members,
        wires.IndexPages,
        wires.Big,
        texts.Rebased,
        texts.XmlBase,
        texts.Next,
        wires.SlowPages,
        wires.SlowRobots,
        wires.SlowNames,
        texts.Dear,
        texts.Numbers,
        texts.Revised,
        identity.Impersonation,
        readers.Replay,
        readers.Copies,
        readers.Differences,
        readers.SlowReaders,
        readers.HalfSent,
        readers.Descriptors,
    )
}
"""An attack more is a class, and a line here."""

ALONE = frozenset({readers.Descriptors.name})
"""Those that cannot be played beside others."""
