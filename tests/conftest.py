"""What every test run says at its end beside pytest's own words: the figures of the fault campaigns."""

from __future__ import annotations

import pytest
from hypothesis import settings

FIGURES = "figures"
ENGINE_LIMIT = 3600  # seconds, for a test with its fixtures: the limit of each command is what ends one that hangs

# The same examples in every run, and no time limit for one: other work shares the machines that run this.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let no test of the real engine end by a limit for the whole of it before its commands do by theirs."""
    for item in items:
        if item.get_closest_marker("engine"):
            item.add_marker(pytest.mark.timeout(ENGINE_LIMIT), append=False)


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
