"""What `bench.shares` calls engine, language host, program, provider and command is that process."""

from __future__ import annotations

import pytest

from bench import shares


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("pulumi preview --non-interactive", "engine"),
        ("python -u /here/toolchain/engine/language_host.py 127.0.0.1:1", "language host"),
        ("/bin/pulumi-language-python 127.0.0.1:1", "language host"),
        ("python -u /here/toolchain/engine/program.py --stack=test -- stacks", "program"),
        ("python -u /bin/pulumi-language-python-exec --stack test stacks", "program"),
        ("python -u /here/toolchain/engine/dynamic_provider.py 127.0.0.1:1", "provider"),
        ("python -u -m pulumi.dynamic 127.0.0.1:1", "provider"),
        ("/here/.venv/bin/python /here/.venv/bin/trunkline plan --stack test", "trunkline"),
    ],
)
def test_each_process_of_a_run_is_counted_as_what_it_is(command: str, part: str) -> None:
    assert shares.part(command.split()) == part


def test_the_table_has_the_medians_of_each_command_and_what_all_parts_compute() -> None:
    rounds = [{"engine": 1.0, "program": 2.0, "wall": 4.0}, {"engine": 3.0, "program": 4.0, "wall": 8.0}]
    assert shares.table({"preview, ours": rounds}) == (
        "| seconds | engine | language host | program | provider | vendors | computed | wall |\n"
        "|---|---|---|---|---|---|---|---|\n"
        "| preview, ours | 2.0 | 0.0 | 3.0 | 0.0 | 0.0 | 5.0 | 6.0 |"
    )
