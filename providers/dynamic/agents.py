"""Whether the agents that lines call are there, as far as LiveKit Cloud tells: said in previews, refused nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic.runtime import Runtime
from trunkline.deployed import NOT_KNOWN, from_text, lacking
from trunkline.errors import VendorError

FACT = "file.agents"


def tell(run: Runtime, facts: Mapping[str, Mapping[str, Any]]) -> None:
    """Warn of each agent or deployment that LiveKit Cloud does not run; elsewhere nothing is asked and nothing said.

    That it does not answer, or does not let the key ask, stops nothing.
    """
    called = from_text(str(facts.get(FACT, {}).get("called", "[]")))
    ask = run.vendors.deployed
    if not called or ask is None:
        return
    try:
        deployed = ask()
    except VendorError as error:
        run.notice(f"Whether the lines' agents are there was not checked: {error}")
        return
    if not deployed:
        run.notice(NOT_KNOWN)
    for one in lacking(called, deployed) if deployed else ():
        run.notice(one.told)
