"""Plays the attackers named, on one port under many host names, and their hostile readers.

`python -m soak.hostile.world NAMES` prints its port, begins to read once it is told the service's port on a line of its
input, and prints how often each attack was asked or asked itself when its input closes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sys

from soak.hostile.attacks import ATTACKS
from soak.hostile.wire import Visit, serve

HOST = re.compile(r"(?:[a-z0-9]+\.)*?([a-z-]+)[0-9]*\.test")


async def _main(names: list[str]) -> None:
    attacks = {name: ATTACKS[name]() for name in names}

    async def answer(visit: Visit) -> None:
        match = HOST.fullmatch(visit.host)
        attack = attacks.get(match[1]) if match else None
        if attack is None:
            await visit.not_found()
        else:
            await attack.answer(visit)

    _, port = await serve(answer)
    print(port, flush=True)
    line = await asyncio.to_thread(sys.stdin.readline)
    if line.strip():
        readers = [asyncio.create_task(attack.read(int(line))) for attack in attacks.values()]
        await asyncio.to_thread(sys.stdin.read)
        for task in readers:
            task.cancel()
        for task in readers:
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task
    print(json.dumps({name: attack.asked for name, attack in attacks.items()}), flush=True)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1:]))
