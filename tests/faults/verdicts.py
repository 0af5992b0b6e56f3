"""What a run of the simulation may not have done, by how it ended."""

from __future__ import annotations

from collections.abc import Sequence

from tests.faults.draft import Draft
from tests.faults.oracle import Violation
from tests.faults.stage import Outcome


def failure(outcome: Outcome, clean: bool) -> None:
    """A run failed without a fault: its edit must not have been a good one, and nothing was written before."""
    if clean:
        raise Violation(f"a good edit was refused: {outcome.words}")
    if outcome.wrote:
        raise Violation(f"a run without a fault failed after it wrote: {outcome.words}")


def refusal(outcome: Outcome, names: str) -> None:
    """The gate had to refuse the edit, before any write, and say these words."""
    if outcome.end != "failed":
        raise Violation("the gate let through what it must refuse")
    if outcome.wrote:
        raise Violation(f"refused after a write: {outcome.words}")
    if names not in outcome.words:
        raise Violation(f"a refusal does not say {names}: {outcome.words}")


def taken_back(outcome: Outcome, draft: Draft, kinds: Sequence[str]) -> None:
    """The state was lost: the next run takes back what is there and writes nothing, but paths with these ends."""
    only_known = all(each.endswith(tuple(kinds)) for each in outcome.writes)
    if outcome.wrote and not only_known and not _is_unwitnessed(outcome, draft):
        raise Violation(f"the state was lost and the next run wrote: {', '.join(outcome.writes)}")


def _is_unwitnessed(outcome: Outcome, draft: Draft) -> bool:
    """A trunk without a line that calls out has nowhere a password that could be compared: it is written again."""
    lines = [line for line in draft.lines.values() if line["provider"] == "twilio"]
    calling = {line.get("trunk") for line in lines if line.get("outbound", True)}
    trunks: set[str | None] = {*draft.trunks} or {None}
    return bool(trunks - calling) and all("/Credentials/CR" in each for each in outcome.writes)
