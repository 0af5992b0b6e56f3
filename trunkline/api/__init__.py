"""The read-only HTTP API over a stack's outputs.

`create_app` builds the ASGI application from its parts; `app` is the one that the environment configures, built when it
is first asked for: `uvicorn trunkline.api:app`. Where the environment is wrong, it ends the program that asks, with 1.
"""

from __future__ import annotations

from typing import Any

from trunkline.errors import TrunklineError
from trunkline.extras import needed

__all__ = ["app", "create_app"]


def __getattr__(name: str) -> Any:
    if name == "create_app":
        with needed("api", "the API"):
            from trunkline.api.app import create_app

        return create_app
    if name == "app":
        try:
            with needed("api", "the API"):
                from trunkline.api.serving import from_environment

            globals()["app"] = application = from_environment()
        except TrunklineError as error:
            # A server would print a traceback around it, and its operator needs the one line.
            raise SystemExit(f"trunkline.api:app: {error}") from None
        return application
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
