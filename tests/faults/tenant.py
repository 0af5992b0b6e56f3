"""One stack of the simulation on its walk: its file, its state, and what follows from how a run ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tests.faults import meanwhile, naming, shared_name, verdicts
from tests.faults.disturbance import Strike
from tests.faults.draft import Draft, shared_file
from tests.faults.happening import meeting
from tests.faults.holdings import has_notes, is_free, is_owned
from tests.faults.oracle import Oracle, Violation
from tests.faults.proposal import Proposal, Scene
from tests.faults.stage import Outcome, Stage
from tests.faults.surroundings import FOREIGN
from tests.support.model_engine import FLEET, Recorded, State
from tests.support.world import Stack


@dataclass
class Tenant:
    """`before`: the draft that last settled. `drafts`: those tried since. `history`: all, from the first on.

    `others`: the stacks of the same file, `views` what the file that this one runs says of them. `coming`: the edit
    that this one applies where it runs in the middle of another's run.
    """

    stage: Stage
    stack: Stack
    oracle: Oracle
    draft: Draft
    adoptable: tuple[str, ...] = ()
    others: tuple[Tenant, ...] = ()
    views: dict[str, Draft] = field(default_factory=dict)
    coming: Proposal | None = None
    before: Draft | None = None
    drafts: list[Draft] = field(default_factory=list)
    history: list[Draft] = field(default_factory=list)
    settled: bool = False
    vanished: frozenset[str] = frozenset()
    overtaken: State | None = None
    playing: Sequence[str] = ()
    """What was in play as the last run began."""
    lent: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The trunks of other stacks that lines of this one use, as the file of the last settled run had them."""
    earlier: bool = False
    """Whether it tags as versions up to 0.1 did, for the fleet's name alone."""
    retags: bool = False
    """Whether it was told to put the stack's name into its tags, since it could not tell its own from the sibling's."""
    noted: bool = False
    """Whether something was noted behind a tag when the state was lost: it is taken off once the number is ours."""

    @property
    def name(self) -> str:
        return self.stack.name

    @property
    def takes_all(self) -> bool:
        """Whether its next run takes what its file names under a shared name, since it has no record to go by."""
        return self.retags and FLEET not in self.stack.engine.state.resources

    def in_play(self) -> list[str]:
        """Say what a disturbance meets now: orders and adoptions that no state records yet, a sibling's lines."""
        recorded = self.stack.engine.state.resources
        tried = [(name, draft.lines[name]) for draft in (self.draft, *self.drafts) for name in draft.carried()]
        waiting = [line for name, line in tried if _is_awaited(recorded.get(("PhoneNumber", name)))]
        adopting = any(line.get("adopt") for line in waiting)
        ordering = any(not line.get("adopt") for line in waiting)
        beside = any(self.stage.watch.estates.get(other.oracle.prefix) for other in self.others)
        there = {"an order": ordering, "an adoption": adopting, "a sibling's line": beside}
        return [name for name, is_there in there.items() if is_there]

    def met(self, kind: str) -> None:
        """Count a disturbance."""
        self.stage.figures[kind] += 1
        for what in self.in_play():
            self.stage.met[kind, what] += 1

    def look_around(self, rng: Random) -> None:
        """Choose what the file of the next run says of the other stacks: often the newest, else what it once said."""
        self.views = {
            other.name: rng.choice(other.history) if other.history and rng.random() < 0.35 else other.draft
            for other in self.others
        }
        if any(self.views[other.name] is not other.draft for other in self.others):
            self.met("older commit of the sibling")

    def attempt(
        self,
        proposal: Proposal,
        strikes: tuple[Strike, ...] = (),
        deliver_at: int = -1,
    ) -> Outcome:
        """Run the proposal and draw the conclusions. Raises Violation."""
        was, clean, late = self.draft, self.settled, bool(self.stage.late)
        ids = self._take_up(proposal)
        if self.stack.fleet == shared_name.FLEET:
            self.met("fleet's name of both stacks")
        outcome = self.up(self.draft, strikes, deliver_at)
        self.stage.watch.judge_foreign()
        disturbed = bool(outcome.hit) or late or bool(self.stage.late)
        if proposal.refused:
            self.stage.figures["refusals"] += 1
            verdicts.refusal(outcome, proposal.names)
        if proposal.refused or (proposal.is_older and outcome.end != "ok" and not outcome.wrote):
            self.stage.say("   not applied, undone")
            self._withdraw(was)
            return outcome
        # A sibling's trunk is there once that one has run, and its line is to be had once that one has let it go; and a
        # password of its trunk is the one with which its own lines call out.
        waits = (
            "is not there yet",
            "its calls would be refused",
            shared_name.OWN,
            *([proposal.waits] if proposal.waits else []),
        )
        in_the_way = self.stage.bystanders.named_in(outcome.words) or any(each in outcome.words for each in waits)
        if outcome.end == "failed" and (in_the_way or not disturbed):
            if not in_the_way:
                verdicts.failure(outcome, clean)
            if not outcome.wrote:
                self.stage.say("   refused, undone")
                self._withdraw(was)
        elif proposal.hand == "lose" and clean and not disturbed:
            self._judge_taken_back(outcome, ids)
        self.oracle.marked |= {self.oracle.root(name) for name in proposal.draft.marked("release")}
        self.note(outcome)
        if self.settled and not disturbed:
            self.judge_named(outcome)
        return outcome

    def judge_named(self, outcome: Outcome) -> None:
        """What stood beside and still does is named by a run that nothing disturbed, unless the file accepts it."""
        there = [id_ for id_ in self.beside() if id_ in outcome.beside]
        naming.judge(outcome.told, there, self.draft.accepted)
        for what in self.playing if there else ():
            self.stage.met["foreign neighbour named", what] += 1

    def beside(self) -> list[str]:
        return naming.beside(self.stage.world.sandbox, self.stage.bystanders, self.oracle.prefix, self.draft.lines)

    def _take_up(self, proposal: Proposal) -> dict[str, str]:
        """Make the proposal the present draft, and count what it meets. Gives the ids of before."""
        self.drafts.append(self.draft)
        self.history.append(self.draft)
        self.draft = proposal.draft
        self.oracle.declare(self.draft, proposal.renames)
        self.vanished |= {new for new, old in proposal.renames.items() if old in self.vanished}
        for kind in meeting(self, proposal):
            self.met(kind)
        self.stage.figures["moves"] += proposal.is_move
        self.stage.figures["rotations"] += proposal.is_rotation
        ids = self.stack.ids()
        if proposal.hand == "lose":
            self.stack.engine.state = State()
            self.noted = has_notes(self.stage.world.sandbox, self.oracle.prefix)
        return ids

    def up(self, wanted: Draft, strikes: tuple[Strike, ...] = (), deliver_at: int = -1) -> Outcome:
        """Run what the file says now, whatever the others' parts of it are."""
        engine, oracle = self.stack.engine, self.oracle
        oracle.begin({oracle.root(name) for name in wanted.lines}, self.stage.watch.unanswered())
        runs = {
            "other run": lambda: meanwhile.same_stack(self, wanted),
            "sibling's run": lambda: meanwhile.sibling(self),
        }
        plan, beside, self.playing = self.plan(wanted), self.beside(), self.in_play()
        outcome = self.stage.up(engine, plan, oracle, strikes=strikes, runs=runs, met=self.met, deliver_at=deliver_at)
        self.retags |= shared_name.OWN in outcome.words and FLEET not in engine.state.resources
        if outcome.end == "ok" or engine.state is self.overtaken:
            oracle.note_marks(wanted)
        if outcome.end == "ok" and oracle.returning:
            oracle.returning.clear()
            self.stage.watch.judge_routes()
        return replace(outcome, beside=frozenset(beside))

    def note(self, outcome: Outcome) -> None:
        """Conclude from how a run ended what is settled."""
        words = "".join(outcome.hit)
        # An account that lags makes an order of what was charged for long ago: nobody answers it without its line.
        self.oracle.belated.update(self.ordered().values())
        released = {name for name in self.draft.carried() if self.oracle.root(name) in self.oracle.released}
        # Another stack had it since, and gave it back: a record that outlived the move has it as vanished.
        released |= {
            name for name in self.draft.carried() if self.draft.lines[name].get("phone_number") in self._lost()
        }
        gone = self.vanished | {name for name in released if ("PhoneNumber", name) in self.stack.engine.state.resources}
        self.vanished = frozenset(name for name in gone if self.oracle.number_of(name) is None)
        undisturbed = not self.stage.late and "other run" not in words and "lag" not in words
        self.settled = outcome.end == "ok" and undisturbed and not self.ordered()
        if outcome.end == "ok":
            self._take_over()
        if self.settled:
            self.before, self.lent = self.draft, self._lent()
            self.drafts.clear()
            # A list that showed the past may have hidden what was changed by hand.
            self.oracle.tampered &= "stale" in words

    def scene(self) -> Scene:
        numbers = {name: self.oracle.number_of(name) for name in self.draft.lines if name in self.oracle.lines}
        return Scene(
            draft=self.draft,
            before=self.before,
            settled=self.settled,
            calm=self.stage.weather.is_calm,
            reversible=self.keeps_all(self.draft) and not self.vanished,
            numbers={name: number for name, number in numbers.items() if number},
            ordered=self.ordered(),
            vanished=self.vanished,
            adoptable=tuple(each for each in self.adoptable if self._is_free(each)),
            barred=frozenset(each.number for each in self.stage.watch.heirlooms if each.shape.is_refused),
            foreign=FOREIGN,
            history=tuple(self.history),
            common=self._common(),
        )

    def _common(self) -> frozenset[str]:
        """Give the lines of the other stacks."""
        return frozenset(name for other in self.others for name in other.draft.lines)

    def ordered(self) -> dict[str, str]:
        """Give line -> number of the lines that wait for theirs, as the state has them."""
        found = {name: self.stack.engine.state.resources.get(("PhoneNumber", name)) for name in self.draft.carried()}
        return {name: each.outputs["phoneNumber"] for name, each in found.items() if each and _is_awaited(each)}

    def _lost(self) -> set[str]:
        """Give the numbers that another stack has taken over and that have left the account."""
        return {number for number in self.oracle.moved if not is_owned(self.stage.world.sandbox, number)}

    def keeps_all(self, wanted: Draft) -> bool:
        """Whether no line left the file since it last settled: one that was released or detached does not come back."""
        return self.before is None or set(self.before.lines) <= set(wanted.lines)

    def gone(self) -> frozenset[str]:
        """The lines that may be without their number: somebody released it, and the file does not ask for it again."""
        return frozenset(name for name in self.vanished if "repurchase" not in self.draft.lines.get(name, {}))

    def _take_over(self) -> None:
        """Answer from now on for the numbers that came from another stack."""
        for name in self.draft.carried():
            number = self.draft.lines[name].get("phone_number")
            for other in self.others if number and self.oracle.number_of(name) else ():
                if number in other.oracle.numbers:
                    other.oracle.hand_over(number)
                    self.oracle.take_over(self.oracle.root(name), number)

    def _is_free(self, number: str) -> bool:
        """Whether the account has a number that is nobody's, and no line of another stack names it or just did."""
        drafts = [draft for other in self.others for draft in (other.draft, *other.drafts)]
        named = any(line.get("phone_number") == number for draft in drafts for line in draft.lines.values())
        return is_free(self.stage.world.sandbox, number) and not named

    def _withdraw(self, was: Draft) -> None:
        self.draft = was
        self.oracle.declare(was, {})

    def _judge_taken_back(self, outcome: Outcome, ids: dict[str, str]) -> None:
        # The file of another commit may say another password of a trunk that is lent.
        kinds = ("boundTrunk",) if self.noted else ("SIPOutboundTrunk",) if self._lent() != self.lent else ()
        verdicts.taken_back(outcome, self.draft, kinds)
        if self.stack.ids() != ids:
            raise Violation(f"other ids after the state was lost: {ids} -> {self.stack.ids()}")

    def _viewed(self) -> dict[str, Draft]:
        return {other.name: self.views.get(other.name, other.draft) for other in self.others}

    def _lent(self) -> dict[str, Mapping[str, Any]]:
        borrowed = {line.get("trunk") for line in self.draft.lines.values()}
        trunks = (each for view in self._viewed().values() for each in view.trunks.items())
        return {name: trunk for name, trunk in trunks if name in borrowed}

    def plan(self, wanted: Draft) -> Any:
        """Give the plan of a draft as this stack's file has it, with what it says of the others."""
        text = shared_file(wanted, self.name, self._viewed()) if self.others else wanted.text()
        if self.earlier:
            return shared_name.earlier_plan(text, self.name, self.stack.fleet)
        return self.stage.world.plan(text, stack=self.name, fleet=self.stack.fleet, retag=self.retags)


def _is_awaited(recorded: Recorded | None) -> bool:
    """Whether a number is in no state yet, or only as ordered."""
    return recorded is None or recorded.outputs.get("status") == "ordered"
