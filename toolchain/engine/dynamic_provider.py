"""The launcher of dynamic providers: a stand-in for `pulumi-resource-pulumi-python`.

Like our providers under the official one it works on more than four calls at a time and ends itself when the engine is
gone, and both from its start on, for any provider.
"""

from __future__ import annotations

import ast
import gc
import importlib.util
import signal
import sys
import types
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import SourceFileLoader
from pathlib import Path
from threading import Event

import grpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import ResourceProviderServicer, provider_pb2_grpc

from providers.dynamic.diagnostics import speak_plainly
from providers.dynamic.engine_watch import end_with_engine
from providers.dynamic.workers import WORKERS

SERVER_MODULE = "pulumi.dynamic.__main__"


class _WithoutServing(SourceFileLoader):
    """Loads the SDK's server module, which serves as soon as it is imported (3.272.0), without that last call."""

    def get_code(self, fullname: str) -> types.CodeType:
        path = self.get_filename(fullname)
        tree = ast.parse(self.get_data(path))
        tree.body = [statement for statement in tree.body if not _calls_main(statement)]
        code: types.CodeType = compile(tree, path, "exec")
        return code


def _calls_main(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and ast.unparse(statement.value) == "main()"


def sdk_servicer() -> ResourceProviderServicer:
    """Give the SDK's servicer of dynamic providers. Nothing is served yet."""
    found = importlib.util.find_spec(SERVER_MODULE)
    if found is None or found.origin is None:
        raise RuntimeError(f"this version of Pulumi's SDK has no {SERVER_MODULE}; nothing was changed")
    loader = _WithoutServing("pulumi_dynamic_server", found.origin)
    module = types.ModuleType(loader.name)
    loader.exec_module(module)
    speak_plainly(module)
    servicer: ResourceProviderServicer = module.DynamicResourceProviderServicer()
    return servicer


def main(arguments: list[str]) -> None:
    # A shell's background job ignores SIGINT, and so would we: the engine would wait five seconds for us.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.set_threshold(100_000, 50, 1000)  # garbage is looked for often while Python imports, and all of that stays
    sys.path[0] = str(Path.cwd())  # the program's directory: a provider class may live in a module beside the program
    end_with_engine(arguments[-1])
    server = grpc.server(ThreadPoolExecutor(max_workers=WORKERS), options=_GRPC_CHANNEL_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(sdk_servicer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        print(port, flush=True)
        Event().wait()
    except KeyboardInterrupt:  # how the engine says that it is done
        server.stop(grace=None)


if __name__ == "__main__":
    main(sys.argv[1:])
