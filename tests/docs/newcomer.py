"""A newcomer's machine: a fresh environment, an index that has our wheel, Pulumi, and an account with numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from sandbox import Sandbox, SandboxServer
from sandbox.environment import environment
from tests.docs.pages import ROOT, Block, Page, command
from tests.dump.account import Account
from tests.support import processes
from toolchain.layout import Layout

PASSWORD = "canary-office-7"
NUMBER, OFFICE = "+16505551234", "+33199001234"
_OURS = ("trunkline", "__editable__", "pip", "setuptools", "_distutils_hack")
_END = "\x1e"
LIMIT = 300  # seconds, for making an environment


@dataclass
class Machine:
    """`home` is the folder in which a shell begins; `variables` are its environment."""

    home: Path
    variables: Mapping[str, str]
    _shell: subprocess.Popen[str] | None = field(default=None, init=False)

    @classmethod
    def create(cls, folder: Path, wheel: Path, server: SandboxServer) -> Machine:
        """Make the environment and `~/account.env`. Nothing of this repository is on it but the engine.

        The packages that the wheel depends on are there already, as in a folder that several share: `pip` finds them
        satisfied, and takes nothing but the wheel, from an index without a network.
        """
        packages, home = folder / "packages", folder / "home"
        packages.mkdir(parents=True)
        home.mkdir()
        for path in Path(sys.prefix).glob("lib/python*/site-packages/*"):
            if not path.name.startswith(_OURS) and path.suffix != ".pth":
                (packages / path.name).symlink_to(path)
        account = {**environment(server.url), "PULUMI_CONFIG_PASSPHRASE": "open"}
        (home / "account.env").write_text("".join(f"export {name}={value}\n" for name, value in account.items()))
        subprocess.run((sys.executable, "-m", "venv", folder / "fresh"), check=True, timeout=LIMIT)
        programs = (str(folder / "fresh/bin"), str(Layout.of(ROOT).bin), "/usr/bin", "/bin")
        variables = {
            "HOME": str(home),
            "PATH": os.pathsep.join(programs),
            "PYTHONPATH": str(packages),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(wheel.parent),
            "PULUMI_HOME": str(folder / "pulumi"),
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_NAME": "A" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "a@example.com" for who in ("AUTHOR", "COMMITTER")},
            **processes.mark(),
        }
        return cls(home, variables)

    def run(self, line: str, typed: str = "") -> tuple[int, str]:
        """Run a command line in the machine's one shell. Gives its code and all that it printed.

        `typed` is what it reads, where it asks.
        """
        if self._shell is None:
            self._shell = subprocess.Popen(
                ("bash", "--noprofile", "--norc"),
                cwd=self.home,
                env=dict(self.variables),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        to, of = _pipes(self._shell)
        (self.home / "typed").write_text(typed)
        to.write(f"{{ {line}\n}} <~/typed 2>&1\nprintf '\\n{_END}%d\\n' $?\n")
        to.flush()
        printed = ""
        for text in of:
            if text.startswith(_END):
                return int(text[1:]), printed.removesuffix("\n")
            printed += text
        raise AssertionError(f"the shell ended in {line!r}:\n{printed}")

    def close(self) -> None:
        """End the shell."""
        if self._shell is not None:
            for pipe in _pipes(self._shell):
                pipe.close()
            self._shell.wait(LIMIT)


def _pipes(shell: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert shell.stdin is not None
    assert shell.stdout is not None
    return shell.stdin, shell.stdout


def command_lines(page: Page) -> list[tuple[str, Block | None]]:
    """Give the command lines of a page in order, each with the block that shows what it prints, if one does."""
    found: list[tuple[str, Block | None]] = []
    for block in page.blocks("sh", "console"):
        if block.language == "console":
            found.append((command(block), block))
        else:
            found += [(line, None) for line in block.text.splitlines()]
    return found


def clicked_together(sandbox: Sandbox) -> None:
    """Fill the account: a number of Twilio's on a trunk, and one of an office's PBX whose trunk has a password."""
    account = Account(7, sandbox)
    sandbox.twilio.add_number(NUMBER, trunk_sid=account.twilio())
    account.inbound([NUMBER], name="desk", rule={"name": "desk", "room_config": _calls("desk-agent")})
    account.inbound([OFFICE], name="office", rule={"name": "office", "room_config": _calls("night-agent")})
    account.outbound([OFFICE], "sip.example.com", name="office", auth_username="office", auth_password=PASSWORD)


def _calls(agent: str) -> dict[str, object]:
    return {"agents": [{"agent_name": agent}]}
