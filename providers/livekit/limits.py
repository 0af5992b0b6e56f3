"""LiveKit's limits and ours towards it, each with its source and date."""

from typing import Final

PAGE_SIZE: Final = 1000
"""Objects asked for in one page: livekit-server 1.13.5 takes 1000 where nothing is asked (2026-07-28)."""

CONNECT_SHARE: Final = 1 / 3
"""The part of a request's time that connecting may take; past it, nothing was sent and the request may be repeated."""

KEEP_ALIVE: Final = 10.0
"""Seconds that an idle connection is kept: well below what load balancers allow, since a write that meets a
connection just closed has no known outcome."""

DETAIL_LENGTH: Final = 400
"""Characters of a vendor's words that an error repeats; a proxy may answer with a page."""

TEXT_LENGTH: Final = 20_000
"""Characters of an answer that are looked at for secrets; the rest is never shown."""
