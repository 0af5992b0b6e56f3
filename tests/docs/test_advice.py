"""What messages tell people to run, to write or to read is there: a command, a target, a key, a setting, a page."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from tests.docs import advice
from tests.docs.pages import ROOT
from tests.docs.test_names import TARGETS
from trunkline.cli import keys
from trunkline.cli.main import COMMANDS
from trunkline.inventory import by_stack
from trunkline.inventory.shapes import schema
from trunkline.settings import IMPLICIT_LOGINS, NAMES

TEXTS = advice.texts()
QUOTED = advice.quoted(TEXTS)
# `pulumi --help` and the reference of the command, 3.259 (2026-11).
PULUMI = frozenset(
    {
        *("cancel", "config --show-secrets", "config rm", "config set", "destroy", "import", "login", "plugin install"),
        *("preview", "refresh"),
        *("stack export", "stack init", "stack ls", "stack select", "state delete", "up"),
    }
)
# What is quoted and is neither a command nor a key: keys of the API's answers, the component's input, programs,
# options, placeholders.
OTHER = frozenset(
    {
        *("before", "errors", "next", "inventory", "command", "go", "redis-server", "pulumi"),
        *("--target", "--refresh=false", "key: value"),
    }
)


def keys_of(outer: Any) -> set[str]:
    """Give every key that the shape of numbers.yaml has, at any depth, and every value that it lists."""
    if isinstance(outer, type) and issubclass(outer, BaseModel):
        inner = {key for field in outer.model_fields.values() for key in keys_of(field.annotation)}
        return set(outer.model_fields) | inner
    found: set[str] = {outer} if isinstance(outer, str) else set()
    return found.union(*map(keys_of, get_args(outer)))


def commands(program: str) -> set[str]:
    return {found.removeprefix(program).strip() for found in QUOTED if re.match(rf"{program}( |$)", found)} - {""}


def settings_read() -> set[str]:
    """Give the names that the code reads from the stack's configuration, beside those of credentials."""
    folders = (ROOT / "stacks", ROOT / "providers" / "dynamic")
    files = [path for folder in folders for path in folder.glob("*.py")] + [ROOT / "trunkline" / "settings.py"]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return set(re.findall(r'(?:config|lookup)\("(\w+)"\)', source)) | {
        name for login in IMPLICIT_LOGINS for name in (login.user, login.password)
    }


@pytest.mark.parametrize("said", sorted(commands("trunkline") - {"--help", "<command> --help"}))
def test_a_command_of_ours_that_a_message_names_exists(said: str) -> None:
    name, *rest = said.split()
    assert name in COMMANDS
    if name == "keys":
        assert rest[0] in keys.command.commands


def test_no_message_names_a_command_of_ours_without_quotes_that_does_not_exist() -> None:
    prose = {"for", "is", "reads", "and"}
    said = {name for text in TEXTS for name in re.findall(r"[`\n] *trunkline ([a-z]+)", text)}
    assert said - prose <= set(COMMANDS)


@pytest.mark.parametrize("said", sorted(commands("make")))
def test_a_target_that_a_message_names_exists(said: str) -> None:
    assert said.split(maxsplit=1)[0] in TARGETS


@pytest.mark.parametrize("said", sorted(command for command in commands("pulumi") if advice.HOLE not in command[:3]))
def test_a_command_of_pulumi_s_that_a_message_names_exists(said: str) -> None:
    assert any(said == known or said.startswith(f"{known} ") for known in PULUMI)


@pytest.mark.parametrize(
    "said", sorted({name for said in QUOTED for name in re.findall(r"trunkline:([a-z]\w+)", said)})
)
def test_a_setting_that_a_message_names_is_read(said: str) -> None:
    # A config secret has the name that the file gives it.
    assert said in {*NAMES.values(), *settings_read(), "someName"}


def test_keys_and_values_that_messages_name_are_those_of_the_file() -> None:
    known = keys_of(schema.InventoryShape) | OTHER | {by_stack.KEY}
    words = {said.partition(":")[0] for said in QUOTED - OTHER if re.match(r"[a-z_]+(:|$)", said)}
    assert words - known - {"trunkline"} == set()


@pytest.mark.parametrize("path", sorted({path for text in TEXTS for path in re.findall(r"\bdocs/[\w/-]+\.\w+", text)}))
def test_a_page_that_a_message_names_exists(path: str) -> None:
    assert (ROOT / path).is_file()


@pytest.mark.parametrize(
    ("page", "section"),
    sorted({found for text in TEXTS for found in re.findall(r"\((README|docs/[\w/-]+\.md), ([A-Z][\w ,]+)\)", text)}),
)
def test_a_section_that_a_message_names_exists(page: str, section: str) -> None:
    path = ROOT / ("README.md" if page == "README" else page)
    assert re.search(rf"^#+ {re.escape(section)}$", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_variables_of_vendors_that_messages_name_are_read() -> None:
    said = {name for text in TEXTS for name in re.findall(r"\b(?:TWILIO|VONAGE|LIVEKIT)_[A-Z_]+\b", text)}
    # Twilio's SDK would read two more, which are overridden.
    assert said <= {*NAMES, "TWILIO_EDGE", "TWILIO_REGION"}
