"""One run of a stack in the simulation's world, with what goes wrong in it and around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.faults.bystanders import Bystanders
from tests.faults.disturbance import Strike, Wire
from tests.faults.oracle import Oracle
from tests.faults.watch import Watch
from tests.faults.weather import Weather
from tests.support.model_engine import Engine, Failed, Killed
from tests.support.world import World
from trunkline.plan import Plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: "ok", "failed", "killed"; its error; what it wrote; what struck it; the notices that it told."""

    end: str
    words: str = ""
    writes: tuple[str, ...] = ()
    hit: tuple[str, ...] = ()
    told: str = ""
    beside: frozenset[str] = frozenset()
    """The foreign objects that stood beside the file's lines when it began."""

    @property
    def wrote(self) -> bool:
        return bool(self.writes)


@dataclass
class Stage:
    """What all stacks of a walk share. `late`: what killed runs had sent, still under way."""

    world: World
    watch: Watch
    weather: Weather
    bystanders: Bystanders
    figures: Counter[str] = field(default_factory=Counter)
    met: Counter[tuple[str, str]] = field(default_factory=Counter)
    trace: list[str] = field(default_factory=list)
    late: list[Callable[[], None]] = field(default_factory=list)
    others: set[int] = field(default_factory=set)
    """Requests in the journal that are not of the run under way: those of killed ones, and of runs in between."""

    def say(self, text: str) -> None:
        self.trace.append(text)

    def land(self) -> None:
        """Serve what killed runs had sent."""
        mark = self.world.sandbox.journal.mark()
        while self.late:
            self.late.pop(0)()
        self.others.update(range(mark, self.world.sandbox.journal.mark()))

    def up(
        self,
        engine: Engine,
        plan: Plan,
        oracle: Oracle,
        *,
        strikes: tuple[Strike, ...] = (),
        runs: Mapping[str, Callable[[], None]] | None = None,
        met: Callable[[str], None] = lambda kind: None,
        deliver_at: int = -1,
    ) -> Outcome:
        """Run `pulumi up`; never raises for what the run says. Raises Violation."""
        sandbox = self.world.sandbox
        mark, spoken = sandbox.journal.mark(), len(self.world.notices)
        wire = Wire(
            strikes,
            lambda: self.watch.after_request(oracle),
            runs or {},
            self.late,
            met,
            deliver_at,
            self.land,
            oracle.note_order,
        )
        self.world.clock.now += self.weather.pause
        with self.weather.over(sandbox, met) as blown:
            try:
                engine.up(plan, self.world.process(handle=wire))
                end, words = "ok", ""
            except Killed:
                end, words = "killed", ""
            except Failed as failure:
                end, words = "failed", str(failure)
        self.figures["runs"] += 1
        if deliver_at >= 0 and self.late and end != "killed":
            self.land()
        hit = (*wire.hit, *blown)
        writes = [each for each in sandbox.journal.writes(mark) if each.committed and each.index not in self.others]
        wrote = tuple(f"{each.method} {each.path}" for each in writes)
        self.others.update(range(mark, sandbox.journal.mark()))
        self.say(f"   {end}{': ' + words[:300] if words else ''} ({'; '.join(hit)})")
        return Outcome(end, words, wrote, hit, "\n".join(self.world.notices[spoken:]))
