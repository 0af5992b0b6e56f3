"""One seed: a fleet, a walk of edits, and all that can go wrong on the way, in one thread and in virtual time."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from providers.dynamic import runtime
from tests.faults import disturbance, draft, edits
from tests.faults.disturbance import Strike, Wire
from tests.faults.draft import Draft
from tests.faults.edits import Proposal, Scene
from tests.faults.oracle import Oracle, Violation
from tests.faults.surroundings import ADOPTABLE, FOREIGN, strangers, tamper
from tests.support.model_engine import Engine, Failed, Killed, State
from tests.support.world import SECRETS, Stack, World

FLEET = "acme/test"
PREFIX = f"trunkline:{FLEET}/"
STEPS = 5
# What the gate may answer to a file that a half-done walk has overtaken; going back a step is the way out.
UNDONE = (
    "is not on offer",
    "offers no number",
    "never marked for removal",
    "has ended well yet",
    "is held by line",
    "not in the",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: "ok", "failed", "killed"; what it said; whether it wrote."""

    end: str
    words: str = ""
    writes: tuple[str, ...] = ()
    hit: tuple[str, ...] = ()

    @property
    def wrote(self) -> bool:
        return bool(self.writes)


@dataclass
class Simulation:
    """`skip`: steps of the walk to leave out; `calm`: steps in which nothing goes wrong. Both shrink a failure."""

    seed: int
    skip: frozenset[int] = frozenset()
    calm: frozenset[int] = frozenset()
    trace: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)

    def run(self) -> Simulation:
        """Walk, heal, judge. Raises Violation."""
        self._set_up()
        for step in range(STEPS):
            if step not in self.skip:
                self._step(step, Random(f"{self.seed}/{step}"))
        self._heal()
        self.figures += Counter(
            purchases=self.oracle.purchases, releases=self.oracle.releases, requests=self.world.sandbox.journal.mark()
        )
        return self

    def journal(self) -> bytes:
        """Everything that was sent and what came of it, for comparing two runs of one seed."""
        sandbox = self.world.sandbox
        entries = [entry.as_json() for entry in sandbox.journal]
        return json.dumps([self.trace, entries, sandbox.ledger.as_json()], sort_keys=True, default=str).encode()

    def _set_up(self) -> None:
        rng = Random(f"{self.seed}/start")
        self.world = World(self.seed)
        sandbox = self.world.sandbox
        sandbox.restore(strangers())
        sandbox.ids.seed = self.seed
        self.oracle = Oracle(sandbox, PREFIX)
        self.oracle.protect_present()
        self.oracle.seen = len(sandbox.ledger.entries)
        for number in ADOPTABLE:
            sandbox.twilio.add_number(number, friendly_name="Old desk", sms_url="https://example.com/sms")
        self.stack = Stack(self.world, fleet=FLEET, checkpoints=rng.random() < 0.5)
        self.draft = draft.draw(rng)
        self.before: Draft | None = None
        self.drafts: list[Draft] = []
        self.settled = False
        self.vanished: frozenset[str] = frozenset()
        self.late: list[Any] = []
        self.overtaken: State | None = None
        self._say(f"seed {self.seed}, checkpoints {'on' if self.stack.engine.checkpoints else 'off'}")
        self._say(f"start: {self.draft.text()}")

    def _step(self, step: int, rng: Random) -> None:
        proposal = Proposal(name="start", draft=self.draft) if self.before is None and step == 0 else None
        proposal = proposal or edits.propose(rng, self._scene())
        strikes = () if proposal.refused or step in self.calm else disturbance.draw(rng)
        self._say(f"{step}: {proposal.name}" + (f" [{'; '.join(map(str, strikes))}]" if strikes else ""))
        self._by_hand(proposal, rng)
        self._attempt(proposal, strikes, deliver_at=rng.choice((-1, 0, 5, 12)))

    def _attempt(self, proposal: Proposal, strikes: tuple[Strike, ...], deliver_at: int = -1) -> Outcome:
        """Run the proposal and draw the conclusions. Raises Violation."""
        was, self.draft = self.draft, proposal.draft
        self.drafts.append(was)
        late = bool(self.late)
        self.oracle.declare(self.draft, proposal.renames)
        self.vanished |= {new for new, old in proposal.renames.items() if old in self.vanished}
        ids, clean = self.stack.ids(), self.settled
        if proposal.hand == "lose":
            ids, self.stack.engine.state = self._ids_before_loss, State()
        outcome = self._up(self.draft, strikes, deliver_at)
        self.oracle.judge_foreign()
        disturbed = bool(outcome.hit) or late or bool(self.late)
        if proposal.refused:
            self._judge_refusal(outcome)
            self.draft = was
            self.oracle.declare(was, {})
            return outcome
        if outcome.end == "failed" and not disturbed:
            if clean:
                raise Violation(f"a good edit was refused: {outcome.words}")
            if outcome.wrote:
                raise Violation(f"a run without a fault failed after it wrote: {outcome.words}")
            self._say("   refused, undone")
            self.draft = was
            self.oracle.declare(was, {})
        if proposal.hand == "lose" and not disturbed:
            if outcome.wrote and not self._is_unwitnessed(outcome):
                raise Violation(f"the state was lost and the next run wrote: {', '.join(outcome.writes)}")
            if self.stack.ids() != ids:
                raise Violation(f"other ids after the state was lost: {ids} -> {self.stack.ids()}")
        self.oracle.marked |= {self.oracle.root(name) for name in proposal.draft.marked("release")}
        self._note(outcome)
        return outcome

    def _is_unwitnessed(self, outcome: Outcome) -> bool:
        """A trunk without a line that calls out has nowhere a password that could be compared: it is written again."""
        lines = [line for line in self.draft.lines.values() if line["provider"] == "twilio"]
        calling = {line.get("trunk") for line in lines if line.get("outbound", True)}
        trunks: set[str | None] = {*self.draft.trunks} or {None}
        return bool(trunks - calling) and all("/Credentials/CR" in each for each in outcome.writes)

    def _note(self, outcome: Outcome) -> None:
        self.vanished = frozenset(name for name in self.vanished if self.oracle.number_of(name) is None)
        self.settled = outcome.end == "ok" and not self.late and "other run" not in "".join(outcome.hit)
        if self.settled:
            self.before = self.draft
            self.drafts.clear()
            # A list that showed the past may have hidden what was changed by hand.
            self.oracle.tampered &= "stale" in "".join(outcome.hit)

    def _judge_refusal(self, outcome: Outcome) -> None:
        self.figures["refusals"] += 1
        if outcome.end != "failed":
            raise Violation("the gate let through what it must refuse")
        if outcome.wrote:
            raise Violation(f"refused after a write: {outcome.words}")

    def _up(self, wanted: Draft, strikes: tuple[Strike, ...] = (), deliver_at: int = -1) -> Outcome:
        sandbox, engine = self.world.sandbox, self.stack.engine
        mark = sandbox.journal.mark()
        self._prepare(wanted)
        wire = Wire(strikes, self._observe, lambda: self._other_run(wanted), self.late, deliver_at)
        try:
            engine.up(self.world.plan(wanted.text(), fleet=FLEET), self.world.process(handle=wire))
            end, words = "ok", ""
            self.oracle.note_marks(wanted)
        except Killed:
            end, words = "killed", ""
        except Failed as failure:
            end, words = "failed", str(failure)
        if engine.state is self.overtaken:
            self.oracle.note_marks(wanted)
        self.figures["runs"] += 1
        self.figures.update(each.rpartition(" at ")[0] for each in wire.hit)
        if deliver_at >= 0 and self.late and end != "killed":
            wire.flush(sandbox)
        wrote = tuple(f"{each.method} {each.path}" for each in sandbox.journal.writes(mark) if each.committed)
        self._say(f"   {end}{': ' + words[:300] if words else ''} ({'; '.join(wire.hit)})")
        return Outcome(end, words, wrote, tuple(wire.hit))

    def _prepare(self, wanted: Draft) -> None:
        oracle = self.oracle
        oracle.present = {oracle.root(name) for name in wanted.lines}

    def _observe(self, _request: Any) -> None:
        self.oracle.after_request()

    def _other_run(self, wanted: Draft) -> None:
        """Somebody cancels the run, which lives on, and starts the same one; the last to save wins.

        Its marks count where it was the last: what it had applied is forgotten with its state otherwise.
        """
        mine = runtime.current()
        engine = self.stack.engine
        other = Engine(secrets=SECRETS, checkpoints=engine.checkpoints, state=engine.state)
        wire = Wire((), self._observe, lambda: None, [])
        try:
            other.up(self.world.plan(wanted.text(), fleet=FLEET), self.world.process(handle=wire))
            self.overtaken = other.state
            self._say("   (other run: ok)")
        except Failed as failure:
            self._say(f"   (other run: {str(failure)[:200]})")
        finally:
            runtime.install(mine)
        engine.state = other.state

    def _heal(self) -> None:
        """The faults stop: two runs at most, then one that writes nothing."""
        self._say("heal")
        self._land_late()
        self._first_healing()
        self.world.notices.clear()
        second = self._up(self.draft)
        if second.end != "ok":
            raise Violation(f"not healed after two runs: {second.words}")
        self.oracle.judge_settled(self.draft, self.stack.engine.state, self.world.notices, self._gone())
        third = self._up(self.draft)
        if third.end != "ok" or third.wrote:
            raise Violation(f"the third run wrote or failed: {third.words} {', '.join(third.writes)}")
        self._judge_adopted()

    def _land_late(self) -> None:
        while self.late:
            self.world.sandbox.handle(self.late.pop(0))
            self.oracle.after_request()

    def _first_healing(self) -> None:
        """Run what the file says; where a half-done walk makes that impossible, an operator goes back a step."""
        drafts = list(dict.fromkeys(map(id, [self.draft, *reversed(self.drafts)])))
        by_id = {id(each): each for each in [self.draft, *self.drafts]}
        outcome = Outcome("failed")
        for wanted in (by_id[each] for each in drafts):
            self.draft = wanted
            outcome = self._up(wanted)
            for name in [each for each in wanted.lines if f'"{each}": ' in outcome.words]:
                if "is not on offer" in outcome.words and name not in self.oracle.held:
                    self._say(f"   {name} cannot be had and is taken out")
                    self.draft = self.draft.without(name)
                    outcome = self._up(self.draft)
            if outcome.end == "ok" or outcome.wrote:
                return
            if self.settled or not self._keeps_all(wanted) or not any(each in outcome.words for each in UNDONE):
                break
        raise Violation(f"the healed world refuses without a known way: {outcome.words}")

    def _gone(self) -> frozenset[str]:
        """The lines that may be without their number: somebody released it, and the file does not ask for it again."""
        return frozenset(name for name in self.vanished if "repurchase" not in self.draft.lines.get(name, {}))

    def _judge_adopted(self) -> None:
        for number in ADOPTABLE:
            record = self.world.sandbox.twilio.number(number)
            named = [name for name, line in self.oracle.lines.items() if line.get("phone_number") == number]
            let_go = any(self.oracle.root(name) in self.oracle.marked for name in named)
            if record is None and not let_go and not self.vanished & set(named):
                raise Violation(f"the adopted number {number} was lost")
            if record is not None and record["sms_url"] != "https://example.com/sms":
                raise Violation(f"the SMS settings of {number} were changed")

    def _scene(self) -> Scene:
        numbers = {name: self.oracle.number_of(name) for name in self.draft.lines if name in self.oracle.lines}
        return Scene(
            draft=self.draft,
            before=self.before,
            settled=self.settled,
            reversible=self._keeps_all(self.draft) and not self.vanished,
            numbers={name: number for name, number in numbers.items() if number},
            vanished=self.vanished,
            adoptable=ADOPTABLE,
            foreign=FOREIGN,
        )

    def _keeps_all(self, wanted: Draft) -> bool:
        """Whether no line left the file since it last settled: one that was released or detached does not come back."""
        return self.before is None or set(self.before.lines) <= set(wanted.lines)

    def _by_hand(self, proposal: Proposal, rng: Random) -> None:
        act, _, name = proposal.hand.partition(" ")
        if act == "vanish":
            number = self.oracle.number_of(name)
            assert number
            self._vendor(name).release_by_hand(number)
            self.oracle.by_hand(self.oracle.root(name), number)
            self.vanished |= {name}
        elif act == "unsell":
            line = self.stack.engine.state.resources["PhoneNumber", name]
            self._vendor(name).unsell(line.outputs["phoneNumber"])
        elif act == "lose":
            self._ids_before_loss = self.stack.ids()
        elif act == "drift":
            self.oracle.tampered = True
            tamper(self.world.sandbox, PREFIX, rng)

    def _vendor(self, name: str) -> Any:
        return getattr(self.world.sandbox, self.oracle.lines[name]["provider"])

    def _say(self, text: str) -> None:
        self.trace.append(text)
