"""What an operator reads when a resource fails: our own words, without the way through the code."""

from __future__ import annotations

import sys
import traceback
from types import ModuleType, SimpleNamespace

from providers.dynamic import reach, runtime
from trunkline.errors import TrunklineError


def speak_plainly(server: ModuleType | None) -> None:
    """Make the SDK's server report a TrunklineError by its message alone. Calling it again changes nothing.

    Takes the module that serves dynamic providers: `pulumi.dynamic.__main__`, under whatever name it runs. It reports
    every exception as `traceback.format_exc()` (SDK 3.272.0); other exceptions, which are defects, keep that. A module
    that is no such server is left as it is.
    """
    if server is not None and hasattr(server, "DynamicResourceProviderServicer"):
        vars(server)["traceback"] = SimpleNamespace(format_exc=told)


# What a dynamic provider is asked for without its own pickle: the engine (3.274.1) imports a resource by its id alone.
_NO_PROVIDER = ("__provider",)
_IMPORT = (
    "A resource of Trunkline is not imported by its id. Nothing was changed. Set `adopt: true` on the line or the"
    " trunk, and run `pulumi up`."
)


def told() -> str:
    """Say what is wrong with the exception that is being handled.

    Our own errors hold no secret; a traceback repeats whatever an exception was made of, so secrets are taken out.
    The log that `TRUNKLINE_DEBUG` asks for gets the traceback of both.
    """
    error = sys.exception()
    runtime.trace(traceback.format_exc())
    if isinstance(error, KeyError) and error.args == _NO_PROVIDER:
        return _IMPORT
    if isinstance(error, TrunklineError):
        return runtime.worded(reach.told(error))
    return runtime.redacted(traceback.format_exc())
