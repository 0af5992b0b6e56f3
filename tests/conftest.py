"""What every test run has: its order, its limits, and at its end the figures of the fault campaigns."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.proofs import MARK, is_proof, without_proof

FIGURES = "figures"
ROOT = Path(__file__).parent
# The folders whose files take minutes, and before them the files that take longest: quick ones behind keep every core
# busy to the end. A file is one worker's, and one that begins last would let the others wait.
LONGEST = ("plan", "verbs_away", "verbs_part", "approved", "verbs_anew", "verbs_mixed", "stack_rename", "porting")
LONG = (
    *("faults", *(f"engine/test_engine_{subject}.py" for subject in LONGEST), "docs/test_real_output.py"),
    *("engine", "toolchain", "docs", "demo", "toy"),
)
ENGINE_LIMIT = 3600  # seconds, for a test with its fixtures: the limit of each command is what ends one that hangs

# The same examples in every run, and no time limit for one: other work shares the machines that run this.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist, for `--numprocesses auto`
def pytest_xdist_auto_num_workers() -> int:
    """One more than the cores: tests of processes, sockets and backends wait, and another one can work meanwhile."""
    return (os.cpu_count() or 1) + 1


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where proofs alone are asked for, read no file without one: each worker would import four hundred in vain."""
    if config.option.markexpr == MARK and without_proof(collection_path.relative_to(ROOT.parent).as_posix()):
        return True
    return None


@pytest.hookimpl(tryfirst=True)  # before pytest looks at the marks that were asked for
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes long first, and let no test of the real engine end by a limit before its commands do by theirs."""
    items.sort(key=_place)
    for item in items:
        if is_proof(item.nodeid):
            item.add_marker(MARK)
        if item.get_closest_marker("engine"):
            item.add_marker(pytest.mark.timeout(ENGINE_LIMIT), append=False)


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, and no more among what was imported and collected, which stays."""
    gc.collect()
    gc.freeze()


def _place(item: pytest.Item) -> int:
    """Where the file or the folder of a test stands in the order; tests of one place stay as they were collected."""
    path = item.path.relative_to(ROOT)
    return next((place for place, name in enumerate(LONG) if name in (path.as_posix(), path.parts[0])), len(LONG))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests recorded with `record_property("figures", text)`."""
    texts = [
        str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in getattr(report, "user_properties", ())
        if name == FIGURES
    ]
    for text in texts:
        terminalreporter.section("figures")
        terminalreporter.write_line(text)
