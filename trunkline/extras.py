"""What only some uses of Trunkline need, as extras of the package, and who is told where one is not installed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from trunkline.errors import Refusal

MODULES: Mapping[str, frozenset[str]] = {
    "api": frozenset({"starlette", "uvicorn", "prometheus_client", "cryptography"}),
    "postgres": frozenset({"psycopg"}),
    "s3": frozenset({"boto3", "botocore"}),
    "gs": frozenset({"obstore"}),
    "azblob": frozenset({"obstore"}),
    "verify": frozenset({"pulumi_command"}),
}
"""Extra -> the modules that it brings; pyproject.toml says in which versions."""


def command(extra: str) -> str:
    """Give what installs an extra."""
    return f"pip install 'trunkline[{extra}]'"


@contextmanager
def needed(extra: str, what: str) -> Iterator[None]:
    """Import within it what an extra brings. Raises Refusal, with the command, where that is not installed.

    `what` begins the sentence: "`trunkline serve`", "a backend at s3://".
    """
    try:
        yield
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        if module not in MODULES[extra]:
            raise
        raise Refusal(
            f"{what} needs {module}, which is not installed. Nothing was started. Run `{command(extra)}`."
        ) from None
