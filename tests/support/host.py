"""What only a process of a host's own pid namespace can know, and one in a container can not."""

from __future__ import annotations

from pathlib import Path

import pytest

from trunkline.state import locks


def _contained() -> bool:
    try:
        return Path("/proc/self/ns/pid").readlink().name != f"pid:[{locks.INITIAL}]"
    except OSError:
        return False


needs_the_host = pytest.mark.skipif(
    _contained(), reason="in a container nobody can say whether another process of this host's name has ended"
)
