"""Runs the service under `MemoryMax=1G`, as the guide's own unit does, where this machine can limit memory.

By `systemd-run` where a systemd answers, or in a control group (of either version) that the owner made and named: a
check that writes into control groups uninvited could take the machine's other services with it.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

LIMIT = 1 << 30
_LIMITS = ("memory.max", "memory.limit_in_bytes")
"""The file that holds the limit: version 2, version 1."""


def prefix(group: Path | None) -> tuple[str, ...]:
    """What to put before a command so that it may use 1 GB with all its children; empty where nothing can limit it.

    Raises:
        OSError: the group named is none, or is not ours to write.
    """
    if group is not None:
        limit = next((group / name for name in _LIMITS if (group / name).exists()), group / _LIMITS[0])
        limit.write_text(str(LIMIT), "ascii")
        return ("sh", "-c", f'echo $$ > "{group}/cgroup.procs" && exec "$0" "$@"')
    scope = ("systemd-run", "--quiet", "--scope", "-p", "MemoryMax=1G", "-p", "MemorySwapMax=0")
    if shutil.which(scope[0]) and subprocess.run((*scope, "true"), capture_output=True, check=False).returncode == 0:
        return scope
    return ()
