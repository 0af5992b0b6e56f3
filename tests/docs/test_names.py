"""Every name that operators and developers rely on is explained, and no page names what does not exist."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

import pytest
import yaml

from providers.dynamic.resources import RESOURCES
from providers.port import Adapter, Carrier
from tests.docs.pages import (
    ADDING,
    ARCHITECTURE,
    CHANGELOG,
    CONTRIBUTING,
    DECISIONS,
    DRIFT,
    OPERATIONS,
    PAGES,
    README,
    ROOT,
    Page,
)
from toolchain.environment import defaults
from toolchain.layout import Layout
from trunkline.carriers import CARRIERS
from trunkline.carriers.declaration import Access
from trunkline.cli.main import COMMANDS
from trunkline.settings import NAMES

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
WORKFLOW = ROOT / "docs" / "ci" / "numbers.yml"
ACCESSES = [each.access for each in CARRIERS.values() if each.access is not None]
SELLING = {name for name, each in CARRIERS.items() if each.access or each.within}
EVERYTHING = "\n".join(page.text for page in PAGES)


def words(pattern: str, *texts: str) -> set[str]:
    return {found for text in texts for found in re.findall(pattern, text)}


def members(protocol: type) -> list[str]:
    functions = [name for name in vars(protocol) if not name.startswith("_")]
    return sorted({*functions, *protocol.__annotations__} - {"name", "account", "kind", "scope_field"})


def test_every_command_is_explained() -> None:
    explained = words(r"^\| `trunkline ([\w-]+)`", *OPERATIONS.section("Commands").splitlines())

    assert explained == set(COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_a_page_names_exist(page: Page) -> None:
    assert words(r"(?:^|`|\$ )trunkline ([a-z][\w-]*)", *page.code(), *page.text.splitlines()) <= set(COMMANDS)


@pytest.mark.parametrize("environment", NAMES)
def test_every_credential_is_in_the_readme_by_both_names(environment: str) -> None:
    table = README.section("Credentials")

    assert f"`{environment}`" in table
    assert f"`{NAMES[environment]}`" in table


def credential_rows(access: Access) -> Iterator[list[str]]:
    """The README's rows for a carrier, as its declaration has them: its account where that is no login, each login."""
    shown: tuple[str, ...] = () if [login.user for login in access.logins] == [access.account] else (access.account,)
    if shown:
        yield [*_both_names(shown), access.account_note]
    for login in reversed(access.logins):
        yield [*_both_names(name for name in (login.user, login.password) if name not in shown), login.note]


def _both_names(environment: Iterable[str]) -> list[str]:
    names = [*environment]
    return [", ".join(f"`{name}`" for name in each) for each in (names, [NAMES[name] for name in names])]


def test_the_readmes_credentials_are_those_that_the_carriers_declare() -> None:
    rows = [[*row] for row in README.rows("Credentials")]
    hosts = _both_names(access.base_url for access in ACCESSES)

    bounds = _both_names([*(access.at_once for access in ACCESSES if access.at_once), "LIVEKIT_REQUESTS_AT_ONCE"])
    bound = "requests that a process has under way there at a time, 1 to 64; without it 64, and at Vonage always one"
    of_carriers = {name for access in ACCESSES for name in access.variables}
    assert [row for row in rows if words(r"`([A-Z_]+)`", row[0]) & of_carriers] == [
        *(row for access in ACCESSES for row in credential_rows(access)),
        [*hosts, "in place of all of a vendor's hosts; for the sandbox"],
        [*bounds, bound],
    ]


IMPLICIT = [login for each in CARRIERS.values() if (login := each.implicit_login) is not None]


@pytest.mark.parametrize(
    "name",
    ["inventory", "fleet", "allowAccountChange", *(name for one in IMPLICIT for name in (one.user, one.password))],
)
def test_every_other_setting_of_a_stack_is_explained(name: str) -> None:
    assert f"`trunkline:{name}`" in OPERATIONS.section("Settings")


def test_every_variable_that_the_code_reads_is_explained() -> None:
    sources = [path for package in ("trunkline", "providers", "stacks") for path in (ROOT / package).rglob("*.py")]
    read = words(r"\bTRUNKLINE_[A-Z_]+\b", *(path.read_text(encoding="utf-8") for path in sources))

    # That of security says of some what they keep to themselves, and of none how it is set.
    pages = "\n".join(page.text for page in PAGES if page.name != "SECURITY.md")
    assert sorted(name for name in read if f"`{name}`" not in pages) == []


def test_the_readme_says_on_which_systems_it_runs_and_what_binds_it_to_them() -> None:
    sources = (path for package in ("trunkline", "providers", "stacks") for path in (ROOT / package).rglob("*.py"))
    bound = words(
        r"(?m)^ *import (fcntl|grp|pwd|resource|termios)$", *(path.read_text(encoding="utf-8") for path in sources)
    )
    (systems,) = (line for line in README.section("Limits").splitlines() if line.startswith("- Linux and macOS."))

    assert words(r"`(\w+)`", systems) == bound


def test_what_env_sh_sets_is_explained_with_its_value() -> None:
    explained = {row[0].strip("`"): row[1].strip("`") for row in OPERATIONS.rows("Settings") if len(row) == 3}
    sets = {
        name: value.replace(str(ROOT), "").removeprefix("/").replace("file:///", "file://…/")
        for name, value in defaults(Layout.of(ROOT, {})).items()
    }

    assert {name: value for name, value in explained.items() if name != "variable"} == sets


def test_every_target_is_explained() -> None:
    assert words(r"`make ([a-z-]+)`", CONTRIBUTING.section("Set up")) == set(TARGETS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_targets_that_a_page_names_exist(page: Page) -> None:
    blocks = [line for block in page.blocks("sh") for line in block.text.splitlines()]

    assert words(r"^make ([a-z-]+)", *page.code(), *blocks) <= set(TARGETS)


def test_every_kind_of_resource_is_in_the_architecture() -> None:
    explained = [row[0].strip("`") for row in list(ARCHITECTURE.rows("Resources"))[1:]]

    assert sorted(explained) == sorted(["Fleet", *RESOURCES])


def test_every_import_contract_is_in_the_architecture() -> None:
    explained = words(r"^- (.+)$", *ARCHITECTURE.section("Who may import whom").splitlines())

    assert explained == {contract["name"] for contract in PROJECT["tool"]["importlinter"]["contracts"]}


def test_every_folder_of_tests_is_in_a_ring() -> None:
    folders = {
        f"tests/{path.parent.relative_to(ROOT / 'tests').parts[0]}/" for path in ROOT.glob("tests/*/**/test_*.py")
    }
    named = words(r"`(tests/\w+/)`", CONTRIBUTING.section("The rings of tests"))

    assert folders <= named
    assert [folder for folder in named if not (ROOT / folder).is_dir()] == []


@pytest.mark.parametrize("protocol", [Carrier, Adapter], ids=lambda protocol: str(protocol.__name__))
def test_what_a_carrier_must_offer_is_explained(protocol: type) -> None:
    section = ADDING.section("1. The adapter")

    assert [name for name in members(protocol) if f"`{name}`" not in section] == []


def test_what_carriers_cannot_do_is_told_to_operators_and_nothing_else() -> None:
    cannot: dict[str, set[str]] = {}
    for name in SELLING:
        limits: Any = import_module(f"providers.{CARRIERS[name].folder or name}.limits")
        for said in limits.CANNOT.values():
            cannot.setdefault(said, set()).add(name)
    rows = [row for row in DRIFT.rows("Changes made by hand") if len(row) == 2]
    # An example may stand behind it, in brackets.
    told = {
        re.sub(r" \(.*\)$", "", said): {*names.split(", ")} for names, said in rows if {*names.split(", ")} <= SELLING
    }

    assert told == cannot


def test_the_workflow_uses_what_exists() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    runs = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    lines = [line.strip() for run in runs for line in run.splitlines()]
    ours = {name for name in workflow["env"] if not name.startswith("PULUMI_")}

    assert words(r"^make (\S+)", *lines) <= set(TARGETS)
    assert {"validate", "plan", "apply", "audit"} == words(r"\btrunkline (\S+)", *lines) <= set(COMMANDS)
    assert ours <= set(NAMES)
    assert workflow["concurrency"]["cancel-in-progress"] is False


def test_no_look_is_queued_with_the_updates_of_the_workflow_where_it_could_take_the_place_of_one() -> None:
    group = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["concurrency"]["group"]
    names = re.fullmatch(
        r"\$\{\{ github\.event_name == 'push' && '(.+)' \|\| format\('(.+)\{0\}', github\.ref\) \}\}", group
    )
    assert names is not None
    assert not names[1].startswith(names[2])


def test_updates_at_gitlab_run_one_at_a_time_are_never_cancelled_and_no_look_waits_with_them() -> None:
    jobs = yaml.safe_load((ROOT / "docs/ci/gitlab.yml").read_text(encoding="utf-8"))
    kept = {
        name: (job["resource_group"], job.get("interruptible"))
        for name, job in jobs.items()
        if isinstance(job, dict) and "resource_group" in job
    }

    assert kept == {"update": ("numbers-prod", False)}


def test_the_changelog_s_newest_version_is_the_package_s() -> None:
    versions = re.findall(r"^## \[(.+?)\]", CHANGELOG.text, re.MULTILINE)

    assert versions[:2] == ["Unreleased", PROJECT["project"]["version"]]


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name)
def test_a_decision_gives_context_choice_and_price(page: Page) -> None:
    number = page.path.name[:4]

    assert page.text.startswith(f"# {int(number)}. ")
    assert re.findall(r"^## (.+)$", page.text, re.MULTILINE) == ["Context", "Choice", "Price"]


def test_decisions_have_numbers_of_their_own() -> None:
    numbers = [page.path.name[:4] for page in DECISIONS]

    assert len(set(numbers)) == len(numbers)
