"""What the language host makes of the engine's requests. With the real engine: test_engine.py."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import language_pb2

from tests.support.waiting import SOON
from toolchain.engine.dynamic_provider import sdk_servicer
from toolchain.engine.language_host import command, ending, environment, interpreter
from toolchain.engine.program import parse


def _request(*, entry: str = ".", options: dict[str, str] | None = None, **fields: Any) -> Any:
    info = language_pb2.ProgramInfo(
        root_directory="/project",
        program_directory="/project/stacks",
        entry_point=entry,
        options=ParseDict(options or {}, Struct()),
    )
    return language_pb2.RunRequest(info=info, monitor_address="127.0.0.1:1", stack="dev", **fields)


@pytest.mark.parametrize(
    ("options", "variables", "python"),
    [
        ({"virtualenv": "env"}, {"PULUMI_PYTHON_CMD": "/other/python"}, "/project/env/bin/python"),
        ({"virtualenv": "/venvs/x"}, {}, "/venvs/x/bin/python"),
        ({}, {"PULUMI_PYTHON_CMD": "/other/python"}, "/other/python"),
        ({}, {"PULUMI_PYTHON_CMD": ""}, sys.executable),
    ],
)
def test_the_program_runs_in_the_interpreter_that_was_asked_for(
    options: dict[str, str], variables: dict[str, str], python: str
) -> None:
    assert interpreter(_request(options=options).info, variables) == Path(python)


@pytest.mark.parametrize(("entry", "path"), [(".", "/project/stacks"), ("other.py", "/project/stacks/other.py")])
def test_the_runner_reads_back_what_the_host_passes(entry: str, path: str) -> None:
    request = _request(entry=entry, project="phones", parallel=8, dryRun=True, organization="acme", args=["-v", "x"])
    line = command(request, "127.0.0.1:2", {"PULUMI_PYTHON_CMD": "/a/python"})
    assert vars(parse(line[3:])) == {
        "monitor": "127.0.0.1:1",
        "engine": "127.0.0.1:2",
        "project": "phones",
        "stack": "dev",
        "organization": "acme",
        "root_directory": "/project",
        "parallel": 8,
        "dry_run": "true",
        "entry": Path(path),
        "arguments": ["-v", "x"],
    }


def test_configuration_goes_by_the_environment_and_never_by_the_command_line() -> None:
    request = _request(config={"p:token": "swordfish"}, configSecretKeys=["p:token"])
    made = environment(request, {"PULUMI_PYTHON_CMD": "/usr/bin/env", "PATH": "/bin"})
    assert made == {
        "PULUMI_PYTHON_CMD": "/usr/bin/env",
        "PATH": "/bin",
        "PULUMI_CONFIG": '{"p:token": "swordfish"}',
        "PULUMI_CONFIG_SECRET_KEYS": '["p:token"]',
    }
    assert "swordfish" not in " ".join(command(request, "127.0.0.1:2", {}))


def test_a_virtual_environment_is_activated_for_the_program(tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").touch()
    made = environment(_request(), {"PULUMI_PYTHON_CMD": f"{tmp_path}/bin/python", "PATH": "/bin"})
    assert (made["VIRTUAL_ENV"], made["PATH"]) == (str(tmp_path), f"{tmp_path}/bin:/bin")


@pytest.mark.parametrize(
    ("code", "response"),
    [
        (0, language_pb2.RunResponse()),
        (32, language_pb2.RunResponse(bail=True)),
        (1, language_pb2.RunResponse(error="program exited with non-zero exit code: 1")),
        (-9, language_pb2.RunResponse(error="program exited with non-zero exit code: -9")),
    ],
)
def test_an_exit_code_becomes_the_ending_that_the_engine_expects(code: int, response: Any) -> None:
    assert ending(code) == response


def test_the_sdks_servicer_loads_without_serving() -> None:
    assert type(sdk_servicer()).__name__ == "DynamicResourceProviderServicer"


def test_the_host_starts_with_the_sdks_messages_and_without_the_sdk() -> None:
    """The engine starts it twice for each command."""
    started = (
        "import runpy, sys\n"
        "try: runpy.run_path('toolchain/engine/language_host.py', run_name='__main__')\n"
        "except IndexError: pass  # no address of an engine\n"
        "print([f'pulumi.{each}' in sys.modules for each in ('runtime.proto.plugin_pb2', 'resource', 'runtime.mocks')])"
    )
    ended = subprocess.run((sys.executable, "-c", started), capture_output=True, text=True, check=True)
    assert ended.stdout == "[True, False, False]\n"


def test_the_runner_of_programs_looks_for_no_garbage_when_it_ends() -> None:
    """Each command of the engine waits for it, and what is looked through goes with the process."""
    begun_and_ended = (
        "import atexit, gc, runpy, sys\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 10_000))\n"  # the first one is called last
        "sys.argv = ['program']\n"
        "try: runpy.run_path('toolchain/engine/program.py', run_name='__main__')\n"
        "except SystemExit: pass  # no word of an engine\n"
    )
    ended = subprocess.run((sys.executable, "-c", begun_and_ended), capture_output=True, text=True, check=True)
    assert ended.stdout == "True\n", ended.stderr


@pytest.mark.parametrize("launcher", ["language_host", "dynamic_provider"])
def test_a_launcher_ends_at_the_engine_s_word_also_in_a_shell_s_background_job(launcher: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as engine:
        address = f"127.0.0.1:{engine.getsockname()[1]}"
        process = subprocess.Popen(
            # What a shell does for `command &` where it has no job control.
            ("sh", "-c", 'trap "" INT; exec "$@"', "sh", sys.executable, f"toolchain/engine/{launcher}.py", address),
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
            stdout=subprocess.PIPE,
        )
        with process:
            assert process.stdout is not None
            assert process.stdout.readline().strip().isdigit()
            process.send_signal(signal.SIGINT)
            try:
                assert process.wait(timeout=SOON) == 0
            finally:
                process.kill()
