"""An account for which `trunkline init` makes a repository, and a terminal whose answers are known."""

from __future__ import annotations

from pathlib import Path

from providers.registry import Vendors
from sandbox.environment import environment
from tests.support.world import World
from trunkline.cli.init import main
from trunkline.cli.questions import Terminal
from trunkline.inventory import load
from trunkline.settings import Settings

PASSWORD = "canary-init-1"
KNOWN = environment("http://sandbox")


class Answers:
    """A terminal whose answers are known; `asked` are its questions."""

    def __init__(self, *answers: str) -> None:
        self.asked: list[str] = []
        self._answers = iter(answers)

    def terminal(self) -> Terminal:
        return Terminal(self._ask, lambda question: self._ask(f"(hidden) {question}"))

    def _ask(self, question: str) -> str:
        self.asked.append(question)
        try:
            return next(self._answers)
        except StopIteration:
            raise EOFError from None


class Account:
    """A world with two numbers that are answered, one of Twilio's and one of nobody's, and the files of a run."""

    def __init__(self, folder: Path) -> None:
        self.world, self.folder = World(), folder
        livekit, twilio = self.world.sandbox.livekit, self.world.sandbox.twilio
        twilio.add_number("+16505551001")
        for number in ("+16505551001", "+33199001234"):
            trunk = livekit.add_inbound_trunk(name="desk", numbers=[number])["sip_trunk_id"]
            livekit.add_dispatch_rule(
                name="desk",
                trunk_ids=[trunk],
                rule={"dispatch_rule_individual": {"room_prefix": "call-"}},
                room_config={"agents": [{"agent_name": "desk-agent"}]},
            )
        livekit.add_outbound_trunk(
            name="out",
            numbers=["+33199001234"],
            address="sip.example.com",
            auth_username="pbx",
            auth_password=PASSWORD,
        )

    def init(self, *arguments: str, answers: Answers | None = None, **variables: str) -> int:
        environ = {**KNOWN, **variables} if answers is None else variables
        terminal = answers.terminal() if answers else None
        return main([str(self.folder), *arguments], environ, terminal, self._connect)

    def _connect(self, settings: Settings) -> Vendors:
        return self.world.process().vendors

    def written(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())

    def numbers(self) -> list[str]:
        lines = load(self.folder / "numbers.yaml").lines.values()
        return sorted(str(line.phone_number) for line in lines)
