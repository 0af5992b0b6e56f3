"""One seed: a file of one stack or two, a walk of edits, and all that can go wrong; one thread, virtual time."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from sandbox.twilio.settings import TwilioSettings
from sandbox.world import Sandbox
from tests.faults import disturbance, draft, edits, hands, market, moves, settings, shared_name
from tests.faults.bystanders import Bystanders
from tests.faults.draft import Draft
from tests.faults.healing import heal
from tests.faults.heirlooms import SHAPES, Heirloom, bequeath
from tests.faults.oracle import Oracle, Violation
from tests.faults.proposal import Proposal
from tests.faults.stage import Stage
from tests.faults.surroundings import ADOPTABLE, sell_to_strangers, strangers
from tests.faults.tenant import Tenant
from tests.faults.watch import Watch
from tests.faults.weather import Weather
from tests.support.world import Stack, World

STEPS = 9
"""Steps of a walk in which lines move; one with two stacks takes the first seven, one stack alone the first five."""
OWN_OF = 10
"""In one of so many seeds of each kind LiveKit sells numbers too."""
SMS = "https://example.com/sms"


# What a walk has beside the everyday, by the remainder of its seed.
KINDS: tuple[frozenset[str], ...] = (
    frozenset({"live", "settings"}),
    frozenset({"moves", "settings"}),
    frozenset({"moves", "common"}),
    frozenset({"common", "settings"}),
)


@dataclass
class Simulation:
    """`skip`: steps of the walk to leave out; `calm`: steps in which nothing goes wrong. Both shrink a failure."""

    seed: int
    skip: frozenset[int] = frozenset()
    calm: frozenset[int] = frozenset()
    trace: list[str] = field(default_factory=list)

    def run(self) -> Simulation:
        """Walk, heal, judge. Raises Violation."""
        self._set_up()
        steps = STEPS if "moves" in self.kind else STEPS - 2 if len(self.tenants) > 1 else STEPS - 4
        for step in range(steps):
            if step not in self.skip:
                self._step(step, Random(f"{self.seed}/{step}"))
        heal(self.stage, self.tenants)
        self._judge_adopted()
        return self

    @property
    def figures(self) -> Counter[str]:
        """What happened, by name."""
        oracles = [tenant.oracle for tenant in self.tenants]
        return self.stage.figures + Counter(
            purchases=sum(each.purchases for each in oracles),
            releases=sum(each.releases for each in oracles),
            requests=self.world.sandbox.journal.mark(),
        )

    @property
    def met(self) -> Counter[tuple[str, str]]:
        """How often each disturbance was met, by what was in play."""
        return self.stage.met

    def journal(self) -> bytes:
        """Everything that was sent and what came of it, for comparing two runs of one seed."""
        sandbox = self.world.sandbox
        entries = [entry.as_json() for entry in sandbox.journal]
        return json.dumps([self.trace, entries, sandbox.ledger.as_json()], sort_keys=True, default=str).encode()

    @property
    def kind(self) -> frozenset[str]:
        return KINDS[self.seed % len(KINDS)]

    @property
    def has_own(self) -> bool:
        """Whether lines may have numbers of LiveKit's: an earlier version, which tagged otherwise, knew none."""
        return self.seed // len(KINDS) % OWN_OF == 1 and not self.shares_name

    @property
    def is_calling(self) -> bool:
        """Whether others may answer some callers of lines, of which an earlier version knew nothing either."""
        return self.seed // len(KINDS) % OWN_OF == 2 and not self.shares_name

    @property
    def shares_name(self) -> bool:
        """Whether both stacks have their fleet's name from an earlier version, which tagged for that alone."""
        return self.kind == {"moves", "settings"} and self.seed // len(KINDS) % 3 == 0

    def _set_up(self) -> None:
        rng = Random(f"{self.seed}/start")
        self.world = World(self.seed)
        sandbox = self.world.sandbox
        sandbox.restore(strangers())
        sandbox.ids.seed = self.seed
        if rng.random() < 0.5:
            sandbox.twilio.desk.settings = TwilioSettings(pending_seconds=rng.choice((30.0, 200.0)))
        if self.has_own:
            sell_to_strangers(sandbox)
        self.watch = Watch(sandbox)
        self.watch.begin()
        for number in ADOPTABLE:
            sandbox.twilio.add_number(number, friendly_name="Old desk", sms_url=SMS)
        if "live" in self.kind:
            self.watch.heirlooms += _bequeathed(sandbox, Random(f"{self.seed}/live"))
        weather = Weather(market.CARRIERS) if self.has_own else Weather()
        self.stage = Stage(self.world, self.watch, weather, Bystanders(self.watch), trace=self.trace)
        is_pair = rng.random() < 0.5 or bool({"moves", "common"} & self.kind)
        self.tenants = (
            self._pair(rng)
            if is_pair
            else [self._tenant(rng, "test", draft.draw(rng, own=self.has_own, calling=self.is_calling), ADOPTABLE)]
        )
        self.watch.settle()
        if self.shares_name:
            self._begin_earlier()

    def _alone(self, rng: Random) -> Tenant:
        return self._tenant(rng, "test", draft.draw(rng, own=self.has_own, calling=self.is_calling), ADOPTABLE)

    def _begin_earlier(self) -> None:
        """Let both stacks be made by a version that tagged for the fleet's name alone."""
        for tenant in self.tenants:
            tenant.earlier = True
            tenant.attempt(Proposal(name="made by an earlier version", draft=tenant.draft))
            tenant.earlier = False

    def _pair(self, rng: Random) -> list[Tenant]:
        """Two stacks of one file, of which the second may borrow the trunk of the first."""
        first = draft.draw(rng, "-a", own=self.has_own, calling=self.is_calling)
        borrowed = first.trunk if rng.random() < 0.4 else ""
        second = draft.draw(rng, "-b", 250, borrowed, area_code="415", own=self.has_own, calling=self.is_calling)
        if "common" in self.kind:
            line = draft.common_line(Random(f"{self.seed}/common"), first)
            first, second = first.having("common", line), second.having("common", line)
        pair = [
            self._tenant(rng, "a", first, ADOPTABLE[:2]),
            self._tenant(rng, "b", second, ADOPTABLE[2:]),
        ]
        pair[0].others, pair[1].others = (pair[1],), (pair[0],)
        return pair

    def _tenant(self, rng: Random, name: str, wanted: Draft, adoptable: tuple[str, ...]) -> Tenant:
        if rng.random() < 0.4:
            wanted = draft.adopt_line(wanted, adoptable[0])
        fleet = shared_name.FLEET if self.shares_name else f"acme/{name}"
        stack = Stack(self.world, name=name, fleet=fleet, checkpoints=rng.random() < 0.5)
        scope = f"{fleet}/{name}" if self.shares_name else fleet
        oracle = Oracle(self.world.sandbox, f"trunkline:{scope}/")
        oracle.declare(wanted, {})
        self.watch.oracles.append(oracle)
        self.stage.say(f"seed {self.seed}, {name}, checkpoints {'on' if stack.engine.checkpoints else 'off'}")
        self.stage.say(f"start: {wanted.text()}")
        return Tenant(self.stage, stack, oracle, wanted, adoptable)

    def _step(self, step: int, rng: Random) -> None:
        if "moves" in self.kind:
            apart = Random(f"{self.seed}/{step}/moves")
            if moves.step(apart, (self.tenants[0], self.tenants[1]), is_calm=step in self.calm):
                return
        tenant = rng.choice(self.tenants)
        tenant.look_around(rng)
        for words in (self.stage.weather.change(rng), self.stage.bystanders.change(rng)):
            if words:
                self.stage.say(words)
        starting = tenant.before is None and not tenant.history
        proposal = Proposal(name="start", draft=tenant.draft) if starting else edits.propose(rng, tenant.scene())
        if "settings" in self.kind and not starting:
            proposal = settings.propose(Random(f"{self.seed}/{step}/settings"), tenant) or proposal
        quiet = proposal.refused or step in self.calm
        strikes = () if quiet else disturbance.draw(rng, has_sibling=len(self.tenants) > 1)
        hit = f" [{'; '.join(map(str, strikes))}]" if strikes else ""
        self.stage.say(f"{step}: {tenant.name}: {proposal.name}{hit}")
        hands.act(tenant, proposal.hand, rng)
        tenant.attempt(proposal, strikes, rng.choice((-1, 0, 5, 12)))

    def _judge_adopted(self) -> None:
        for number in ADOPTABLE:
            record = self.world.sandbox.twilio.number(number)
            if record is None and not any(_let_go(tenant, number) for tenant in self.tenants):
                raise Violation(f"the adopted number {number} was lost")
            bought = bool(self.world.sandbox.ledger.purchases(number))
            if record is not None and record["sms_url"] != SMS and not bought:
                raise Violation(f"the SMS settings of {number} were changed")


def _bequeathed(sandbox: Sandbox, rng: Random) -> list[Heirloom]:
    """Put something at LiveKit for each adoptable number: for the first of each stack what its line can take."""
    takeable = [shape for shape in SHAPES if not shape.is_refused]
    firsts = (ADOPTABLE[0], ADOPTABLE[2])
    return [bequeath(sandbox, rng, each, rng.choice(takeable if each in firsts else SHAPES)) for each in ADOPTABLE]


def _let_go(tenant: Tenant, number: str) -> bool:
    """Whether the stack was told to release an adopted number, or somebody released it by hand."""
    named = [name for name, line in tenant.oracle.lines.items() if line.get("phone_number") == number]
    return bool(tenant.vanished & set(named)) or any(tenant.oracle.root(name) in tenant.oracle.marked for name in named)
