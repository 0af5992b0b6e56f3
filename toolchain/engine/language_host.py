"""Pulumi's language host for Python: a small stand-in for `pulumi-language-python`.

The engine starts it with its own address as the last argument, reads a port from the first line of its output, and
calls `Run` once per deployment. Only what `preview`, `up`, `refresh` and `destroy` call is here
(`pulumirpc.LanguageRuntime` of the SDK; the calls were logged with Pulumi 3.259.0).
"""

# The methods have the names of the protocol.
# ruff: noqa: N802

from __future__ import annotations

import importlib.util
import json
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict


def _leave_out(package: str) -> None:
    """Let the modules of a package be imported without the package's own file, which imports all of them."""
    spec = importlib.util.find_spec(package)
    if spec is not None:
        sys.modules[package] = importlib.util.module_from_spec(spec)


if __name__ == "__main__":
    # The engine starts two of these for each command, and the whole SDK takes as long as all else that is imported.
    _leave_out("pulumi")
    _leave_out("pulumi.runtime")

from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS  # noqa: E402
from pulumi.runtime.proto import LanguageRuntimeServicer, language_pb2, language_pb2_grpc, plugin_pb2  # noqa: E402

RUNNER = Path(__file__).with_name("program.py")
ALREADY_REPORTED = 32  # the program's exit code after it has shown its error itself
PARENT_POLL = 0.5  # seconds
WORKERS = 8  # Run holds one until the program ends; Cancel and the rest need others


class LanguageHost(LanguageRuntimeServicer):
    """Answers the engine at `engine_address`; `programs` are the children that run now."""

    def __init__(self, engine_address: str) -> None:
        self._engine_address = engine_address
        self._programs: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._engine_address = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=version("pulumi"))

    def About(self, request: Any, context: grpc.ServicerContext) -> Any:
        python = interpreter(request.info, os.environ)
        return language_pb2.AboutResponse(executable=str(python), version=platform.python_version())

    def GetRequiredPackages(self, request: Any, context: grpc.ServicerContext) -> Any:
        # None: a dynamic provider needs no plugin beside the launcher, which the engine looks for itself.
        return language_pb2.GetRequiredPackagesResponse()

    def Run(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Run the program to its end and say how it ended."""
        program = subprocess.Popen(
            command(request, self._engine_address, os.environ),
            cwd=request.pwd,
            env=environment(request, os.environ),
            stdin=subprocess.DEVNULL,  # its standard output is ours: that is how its prints reach the engine
        )
        with self._lock:
            self._programs.add(program)
        context.add_callback(lambda: _interrupt(program))
        try:
            return ending(program.wait())
        finally:
            with self._lock:
                self._programs.discard(program)

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.interrupt()
        return Empty()

    def interrupt(self) -> None:
        """Ask every program that runs to end."""
        with self._lock:
            programs = tuple(self._programs)
        for program in programs:
            _interrupt(program)


def interpreter(info: Any, variables: os._Environ[str] | dict[str, str]) -> Path:
    """The Python that runs the program: Pulumi.yaml's `virtualenv`, else PULUMI_PYTHON_CMD, else this one."""
    virtualenv = MessageToDict(info.options).get("virtualenv")
    if virtualenv:
        return Path(info.root_directory, virtualenv, "bin", "python")
    return Path(variables.get("PULUMI_PYTHON_CMD") or sys.executable)


def command(request: Any, engine_address: str, variables: os._Environ[str] | dict[str, str]) -> list[str]:
    """The command line of program.py for a RunRequest."""
    info = request.info
    options = {
        "monitor": request.monitor_address,
        "engine": engine_address,
        "project": request.project,
        "stack": request.stack,
        "organization": request.organization,
        "root-directory": info.root_directory,
        "parallel": str(request.parallel),
        "dry-run": str(request.dryRun).lower(),
    }
    entry = Path(info.program_directory, info.entry_point)
    return [
        str(interpreter(info, variables)),
        "-u",
        str(RUNNER),
        *(f"--{name}={value}" for name, value in options.items()),
        "--",
        str(entry),
        *request.args,
    ]


def environment(request: Any, variables: os._Environ[str] | dict[str, str]) -> dict[str, str]:
    """The environment of the program: ours, and the stack's configuration in the two variables that the SDK reads."""
    # Secrets are in it, decrypted: that is how Pulumi hands them to a program. It is no argument, since every user
    # of the machine can read those.
    made = {
        **variables,
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }
    python = interpreter(request.info, variables)
    if python.parent.parent.joinpath("pyvenv.cfg").is_file():
        made["VIRTUAL_ENV"] = str(python.parent.parent)
        made["PATH"] = os.pathsep.join((str(python.parent), variables.get("PATH", os.defpath)))
    return made


def ending(code: int) -> Any:
    """The RunResponse for a program's exit code."""
    if code == 0:
        return language_pb2.RunResponse()
    if code == ALREADY_REPORTED:
        return language_pb2.RunResponse(bail=True)
    return language_pb2.RunResponse(error=f"program exited with non-zero exit code: {code}")


def _interrupt(program: subprocess.Popen[bytes]) -> None:
    if program.poll() is None:
        program.send_signal(signal.SIGINT)


def end_with_parent(parent: int, end: Callable[[], None]) -> None:
    """Call `end` once the process `parent` is no longer the one that started this. Blocks until then."""
    # Not PR_SET_PDEATHSIG: it follows the thread that started us, and threads of a Go program come and go.
    while os.getppid() == parent:
        time.sleep(PARENT_POLL)
    end()


def main(arguments: list[str]) -> None:
    # A shell's background job ignores SIGINT, and so would we: the engine would wait five seconds for us.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parent = os.getppid()
    engine_address = [argument for argument in arguments if not argument.startswith("-")][-1]
    host = LanguageHost(engine_address)
    server = grpc.server(ThreadPoolExecutor(max_workers=WORKERS), options=_GRPC_CHANNEL_OPTIONS)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        print(port, flush=True)
        end_with_parent(parent, host.interrupt)
    except KeyboardInterrupt:  # how the engine says that it is done
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        host.interrupt()
    server.stop(grace=None)
    os._exit(0)  # a call that still waits for its program must not keep this process


if __name__ == "__main__":
    main(sys.argv[1:])
