"""The requests that `trunkline dump` and `trunkline audit --live` cannot do without, and nothing else.

`python -m bench.listings` asks for them, of the vendors that the environment configures.
"""

from __future__ import annotations

import os
import sys

from providers.calls import Policy
from providers.holdings import read
from providers.registry import connect
from trunkline.settings import Settings


def main() -> int:
    """List all, and keep nothing."""
    settings = Settings.load(os.environ, lambda name: None, {"livekit"})
    if settings.livekit is None:
        return 1
    read(connect(settings, Policy()), settings.livekit.sip_host, lambda what: None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
