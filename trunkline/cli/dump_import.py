"""`trunkline dump --import-file`: a lost or split state as the file from which `pulumi import` writes it anew."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from trunkline.errors import Refusal
from trunkline.state.stack import StackAddress

# Found by name: it knows Pulumi and the vendors.
_IMPORTING = "stacks.importing"
# How Pulumi marks a secret in a state: resource.SigKey and SecretSig, 3.274.1.
_MARK, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
_NAME, _TIMEOUT = "trunkline:sealed", 120.0
_KEY = ("encryptionsalt", "encryptedkey", "secretsprovider")
_WAY_OUT = (
    "Nothing was written. Set PULUMI_CONFIG_PASSPHRASE (or _FILE), or log in to the key's service, so that `pulumi"
    " config --show-secrets` works in this stack, and run it again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An import file: how many resources it has, what is left out and why, and the `commands` that take it."""

    file: Path
    resources: int
    left: Sequence[str]
    commands: Sequence[str]

    @property
    def said(self) -> str:
        """What to do with it, for people."""
        return "\n".join(
            [
                f"{self.resources} resources are in {self.file}.",
                *(f"  left out: {why}" for why in self.left),
                "Write them into the state, which must not have them, and look at the next preview:",
                *(f"  {command}" for command in self.commands),
            ]
        )

    def to_json(self) -> Mapping[str, Any]:
        """The same for programs."""
        return {
            "file": str(self.file),
            "resources": self.resources,
            "leftOut": list(self.left),
            "next": list(self.commands),
        }


def write(file: Path, address: StackAddress, environ: Mapping[str, str]) -> Written:
    """Write the import file, which only its owner may read, and give what to do with it.

    Raises TrunklineError: Refusal where the stack's key is not to be had, or the file is there already.
    """
    if file.exists():
        raise Refusal(f"{file} is there already. Nothing was read or written. Move it, or choose another file.")
    config = _config(address, environ)
    entries, left = import_module(_IMPORTING).of_stack(
        address.project, address.stack, str(Path(address.folder).resolve()), config, _Sealing(address, environ).seal
    )
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        json.dump({"resources": entries}, stream, indent=1)
    taking = f"pulumi import --stack {address.stack} --file {file} --protect=false --generate-code=false --yes"
    return Written(
        file=file,
        resources=len(entries),
        left=tuple(left),
        commands=(taking, f"pulumi preview --stack {address.stack}"),
    )


@dataclass
class _Sealing:
    """Encrypts with the stack's key, by `pulumi config set --secret` in a copy of its configuration."""

    address: StackAddress
    environ: Mapping[str, str]
    known: dict[str, str] = field(default_factory=dict, repr=False)

    def seal(self, value: Any) -> Mapping[str, str]:
        """Give a secret as a state holds it: its JSON text, encrypted."""
        text = json.dumps(value)
        if text not in self.known:
            self.known[text] = self._sealed(text)
        return {_MARK: _SECRET, "ciphertext": self.known[text]}

    def _sealed(self, text: str) -> str:
        before = _configuration(self.address)
        cloud = self.address.backend.startswith("http")
        if not cloud and not any(before.get(name) for name in _KEY):
            raise Refusal(f"stack {self.address.stack} has no key for secrets in its configuration. {_WAY_OUT}.")
        with tempfile.TemporaryDirectory(prefix="trunkline-import-") as private:
            copy = Path(private, "config.yaml")
            copy.write_text(yaml.safe_dump({name: before[name] for name in _KEY if name in before}), encoding="utf-8")
            _pulumi(("config", "set", "--secret", _NAME, "--config-file", str(copy)), self.address, self.environ, text)
            after = yaml.safe_load(copy.read_text(encoding="utf-8"))
        if not cloud and any(after.get(name) != before.get(name) for name in _KEY):
            raise Refusal(f"`pulumi` took another key than that of stack {self.address.stack}. {_WAY_OUT}.")
        return str(after["config"][_NAME]["secure"])


def _configuration(address: StackAddress) -> Mapping[str, Any]:
    """Give the stack's configuration file, {} where it has none."""
    folder = Path(address.folder)
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text(encoding="utf-8"))
    file = folder / str(project.get("stackConfigDir") or "") / f"Pulumi.{address.stack}.yaml"
    return (yaml.safe_load(file.read_text(encoding="utf-8")) or {}) if file.exists() else {}


def _config(address: StackAddress, environ: Mapping[str, str]) -> Mapping[str, str]:
    """Give the stack's configuration, opened."""
    said = json.loads(_pulumi(("config", "--json", "--show-secrets"), address, environ) or "{}")
    return {name: str(one["value"]) for name, one in said.items() if "value" in one}


def _pulumi(
    arguments: Sequence[str], address: StackAddress, environ: Mapping[str, str], given: str | None = None
) -> str:
    what = f"`pulumi {' '.join(arguments[:2])}`"
    try:
        done = subprocess.run(
            ("pulumi", *arguments, "--stack", address.name, "--non-interactive"),
            cwd=address.folder,
            env={**environ, "PULUMI_BACKEND_URL": address.backend, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            input=given or "",
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=True,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refusal(f"{what} cannot be run: {type(error).__name__}. {_WAY_OUT}.") from None
    except subprocess.CalledProcessError as error:
        # Its words can quote a value, so they are not passed on.
        raise Refusal(f"{what} ended with exit code {error.returncode}. {_WAY_OUT}.") from None
    return done.stdout
