"""From a seed that fails to the shortest walk that still does."""

from __future__ import annotations

from tests.faults.oracle import Violation
from tests.faults.simulation import STEPS, Simulation


def explain(seed: int) -> str:
    """Give the trace of the shortest walk of this seed that fails, without needless steps and faults; "" if none."""
    skip: frozenset[int] = frozenset()
    calm: frozenset[int] = frozenset()
    if not _fails(seed, skip, calm):
        return ""
    for step in reversed(range(STEPS)):
        if _fails(seed, skip | {step}, calm):
            skip |= {step}
        elif _fails(seed, skip, calm | {step}):
            calm |= {step}
    return _fails(seed, skip, calm)


def _fails(seed: int, skip: frozenset[int], calm: frozenset[int]) -> str:
    simulation = Simulation(seed, skip, calm)
    try:
        simulation.run()
    except (Violation, Exception) as broken:  # a mutant may break anything
        words = str(broken) if isinstance(broken, Violation) else f"{type(broken).__name__}: {broken}"
        return "\n".join([*simulation.trace, f"VIOLATION: {words}", f"(skip {sorted(skip)}, calm {sorted(calm)})"])
    return ""
