"""`/sip/search-numbers`: the one endpoint that talks to a vendor."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence

from trunkline.api.endpoint import Call
from trunkline.api.problem import ApiProblem, too_soon
from trunkline.api.query import SearchQuery
from trunkline.api.reply import Reply
from trunkline.errors import TrunklineError
from trunkline.offers import Offer, Search, Wanted

DEADLINE = 8.0  # seconds
TTL = 30.0  # seconds that an answer is given again
_KEPT = 100


class Searching:
    """Answers searches, each distinct one at most once in `TTL` seconds. `clock` is monotonic."""

    def __init__(self, clock: Callable[[], float], deadline: float = DEADLINE) -> None:
        self._clock, self._deadline = clock, deadline
        self._kept: OrderedDict[Wanted, tuple[float, Sequence[Offer]]] = OrderedDict()

    async def __call__(self, call: Call) -> Reply:
        """Search at the carrier. Raises ApiProblem."""
        query: SearchQuery = call.query
        wanted = Wanted(
            provider=query.provider,
            country=query.country_code,
            area_code=query.area_code,
            contains=query.contains,
            type=query.type,
            limit=query.limit,
        )
        search = call.service.search
        if search is None:
            raise ApiProblem("not-configured", "this server knows no carrier; see docs/api.md, Search")
        kept = self._kept.get(wanted)
        if kept is None or self._clock() - kept[0] > TTL:
            kept = (self._clock(), await self._ask(call, search, wanted))
            self._kept[wanted] = kept
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return Reply.json({"provider": wanted.provider, "numbers": [offer.to_json() for offer in kept[1]]})

    async def _ask(self, call: Call, search: Search, wanted: Wanted) -> Sequence[Offer]:
        who, throttle = call.principal.name, call.service.searches
        wait = throttle.wait(who)
        if wait > 0:
            raise too_soon("too-many-requests", "searches are limited for each caller", wait)
        throttle.count(who)
        try:
            async with asyncio.timeout(self._deadline):
                return await asyncio.to_thread(search, wanted)
        except TimeoutError:
            detail = f"{wanted.provider} gave no answer within {self._deadline:.0f} s; nothing was changed"
            raise ApiProblem("carrier-slow", detail) from None
        except LookupError:
            raise ApiProblem("not-configured", f"no carrier {wanted.provider!r} is configured here") from None
        except TrunklineError as error:
            raise ApiProblem("carrier-failed", str(error)) from None
