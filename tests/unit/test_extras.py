"""What only some uses need is an extra: all else runs without, and who lacks one is told the command."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from trunkline import extras
from trunkline.errors import Refusal
from trunkline.state.opening import open_backend, require_stack
from trunkline.state.stack import StackAddress

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ALL = sorted(frozenset[str]().union(*extras.MODULES.values()) - {"cryptography"})

# What a CI job runs, and the commands that read a state in a folder.
WITHOUT = """
import sys
for name in {modules}:
    sys.modules[name] = None
import stacks.program, stacks.verification, sandbox.cli
import trunkline.cli.validate, trunkline.cli.keys, trunkline.cli.audit, trunkline.state.reader, trunkline.state.process
import trunkline.cli.edit, trunkline.cli.explain, trunkline.cli.history, trunkline.cli.search
import trunkline.edit.file, trunkline.explain, trunkline.state.line_history, providers.offers, providers.switchboard
from providers import livekit, twilio, vonage
import providers.livekit.client, providers.twilio.client, providers.vonage.client
print("all of it", "vonage" in sys.modules)
"""


def address(backend: str) -> StackAddress:
    return StackAddress(project="fleet", stack="dev", backend=backend, folder="/")


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[>]", text)[0].lower() for text in requirements}


def test_pulumi_up_and_the_commands_but_serve_run_without_any_extra_and_the_umbrella_of_vonage() -> None:
    program = WITHOUT.format(modules=ALL)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)

    assert (done.stdout, done.stderr) == ("all of it False\n", "")


def test_every_extra_brings_its_modules_and_the_core_brings_none_of_them() -> None:
    by_module = metadata.packages_distributions()
    brought = {
        extra: {name.lower().replace("_", "-") for module in modules for name in by_module[module]}
        for extra, modules in extras.MODULES.items()
    }
    declared = {extra: names(texts) for extra, texts in PROJECT["optional-dependencies"].items()}

    assert declared.keys() == brought.keys()
    # PyJWT[crypto] brings cryptography, boto3 botocore.
    assert {extra: sorted(brought[extra] - declared[extra] - {"cryptography", "botocore"}) for extra in brought} == {
        extra: [] for extra in brought
    }
    assert names(PROJECT["dependencies"]) & set[str]().union(*brought.values()) == set()


@pytest.mark.parametrize(
    ("url", "module", "extra"),
    [
        ("s3://states", "boto3", "s3"),
        ("gs://states", "obstore", "gs"),
        ("azblob://states", "obstore", "azblob"),
        ("postgres://host/states", "psycopg", "postgres"),
        ("postgresql://host/states", "psycopg", "postgres"),
    ],
)
def test_a_backend_whose_extra_is_missing_is_told_with_the_command(
    monkeypatch: pytest.MonkeyPatch, url: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "trunkline.state.postgres_store", raising=False)
    told = (
        f"a backend at {extra}:// needs {module}, which is not installed. Nothing was started."
        f" Run `pip install 'trunkline[{extra}]'`."
    )
    for open_or_look in (open_backend, require_stack):
        with pytest.raises(Refusal) as refused:
            open_or_look(address(url))
        assert str(refused.value) == told


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (
            "from trunkline.cli.main import main; sys.exit(main(['serve']))",
            "trunkline serve: `trunkline serve` needs starlette, which is not installed. Nothing was started."
            " Run `pip install 'trunkline[api]'`.\n",
        ),
        (
            "from trunkline.api import app",
            "trunkline.api:app: the API needs starlette, which is not installed. Nothing was started."
            " Run `pip install 'trunkline[api]'`.\n",
        ),
    ],
)
def test_a_server_whose_extra_is_missing_is_told_with_the_command(program: str, said: str) -> None:
    blocked = f"import sys; sys.modules['starlette'] = sys.modules['prometheus_client'] = None; {program}"
    done = subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True, check=False, cwd=ROOT)

    assert (done.returncode, done.stderr.replace("prometheus_client", "starlette")) == (1, said)


def test_what_is_missing_besides_is_no_extras_matter() -> None:
    with pytest.raises(ModuleNotFoundError), extras.needed("s3", "a backend"):
        import no_such_module_of_ours  # type: ignore[import-not-found]  # noqa: F401
