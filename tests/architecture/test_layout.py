"""The shape of the code base: what imports what, how long files are, what modules may be called."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import grimp

from sandbox.registry import CARRIERS as EMULATORS
from tests.contract.cases import CASES
from trunkline.carriers import CARRIERS

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("trunkline", "providers", "stacks", "sandbox", "toolchain", "demo")
CORE = ("trunkline", "providers", "stacks", "sandbox")
LONGEST_FILE = 300


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def test_imports_go_one_way() -> None:
    """The contracts stand in pyproject.toml; each names the rule of docs/architecture.md that it holds."""
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_the_provider_process_loads_no_inventory() -> None:
    """The program reads the file; loading its models would cost every command of Pulumi a tenth of a second more."""
    program = (
        "import sys, providers.dynamic.resources; print([one for one in sys.modules if 'trunkline.inventory' in one])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["[]"]


def test_neither_the_program_nor_the_provider_process_loads_what_compares_a_saved_plan() -> None:
    """Only an update that `TRUNKLINE_APPROVED` binds has one; it loads with the first such."""
    program = (
        "import sys, stacks.program, providers.dynamic.resources;"
        "print([one for one in sys.modules if one.startswith(('trunkline.approval', 'trunkline.review'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["[]"]


def test_no_import_comes_back_to_where_it_began() -> None:
    """Late imports count: they hide a circle and do not open it. One for its types alone is none."""
    graph = grimp.build_graph(*CORE, cache_dir=None, exclude_type_checking_imports=True)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    # Whoever imports nothing, or only such as import nothing, is in no circle.
    while free := {module for module, others in imports.items() if not others}:
        imports = {module: others - free for module, others in imports.items() if module not in free}

    assert sorted(imports) == []


def test_no_file_is_longer_than_a_reader_bears() -> None:
    beside = [path for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (*modules(), *beside)
    }

    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_module_is_named_like_one_of_the_standard_library() -> None:
    """Pulumi puts the program's folder first on sys.path; a `numbers.py` there breaks `fractions`."""
    names = {path.stem if path.stem != "__init__" else path.parent.name for path in modules()}

    assert names & (sys.stdlib_module_names - {"__main__"}) - {"__main__"} == set()


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "core"}

    assert {path.stem for path in modules()} & drawers == set()


def test_a_phone_number_is_made_by_parse_or_shaped_alone() -> None:
    """Else a text that is none would pass for one: the class itself looks at nothing."""
    made = {
        str(path.relative_to(ROOT)) for path in modules() if re.search(r"\bE164\(", path.read_text(encoding="utf-8"))
    }

    assert made == {"trunkline/e164.py"}  # its own definition


# Where a carrier may be named: its own files, and the registries.
SOURCES = {".py", ".js", ".html", ".css"}
NAMING = ("trunkline/carriers/__init__.py", "sandbox/registry.py", "sandbox/accounts.py", "sandbox/credentials.py")
OWN = ("trunkline/carriers/{0}.py", "providers/{0}/", "sandbox/{0}/")


def test_a_carrier_is_named_in_its_own_files_and_the_registries_alone() -> None:
    """`custom` is no carrier but the way without one, and LiveKit, which sells numbers too, is what all calls go to."""
    for carrier in sorted(name for name, one in CARRIERS.items() if one.access):
        own = (*NAMING, *(place.format(carrier) for place in OWN))
        paths = [path for package in CORE for path in (ROOT / package).rglob("*") if path.suffix in SOURCES]
        naming = {str(path.relative_to(ROOT)) for path in paths if carrier in path.read_text("utf-8").lower()}

        assert sorted(name for name in naming if not name.startswith(own)) == [], carrier


def test_every_carrier_that_sells_has_a_folder_an_emulator_and_a_case() -> None:
    selling = {name for name, carrier in CARRIERS.items() if carrier.access}

    assert {*EMULATORS} == {*CASES} == selling
    assert [name for name in sorted(selling) if not (ROOT / "providers" / name).is_dir()] == []


def test_an_output_is_made_of_its_parts_in_one_place() -> None:
    """There, no part begins before it is awaited: one that is left over prints a warning below an error."""
    makes = re.compile(r"(?<!\w)Output\(")
    assert [str(path.relative_to(ROOT)) for path in modules() if makes.search(path.read_text(encoding="utf-8"))] == [
        "stacks/deferred.py"
    ]
