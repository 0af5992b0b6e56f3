"""The application as it is configured: what `trunkline serve` and `trunkline.api:app` run."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import time
from collections.abc import Mapping
from importlib import import_module, util
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from trunkline.api.app import create_app, create_several
from trunkline.api.auth import jwks
from trunkline.api.auth.auth import Auth
from trunkline.api.auth.jwks import KeySet, KeySetInvalid, fetch_from
from trunkline.api.auth.keys import KeyStore
from trunkline.api.auth.tokens import Expected, TokenVerifier
from trunkline.api.log import Outlet
from trunkline.api.metrics import Metrics
from trunkline.api.page.assets import Page
from trunkline.api.service import Explain
from trunkline.api.settings import ApiSettings, JwtSettings
from trunkline.errors import Problem, SettingsError
from trunkline.offers import Search
from trunkline.state.opening import require_stacks
from trunkline.state.process import ReaderProcess

# What the API is handed and does not know: found by name when a server starts, so that it depends on neither. Each name
# is of a function that takes the environment and gives the thing, or None where it is not configured.
SEARCH = "providers.offers:search"
EXPLAIN = "trunkline.calls.explain:for_api"
_FILE_TTL = 1.0  # seconds; a file is cheap to read again


def from_environment(environ: Mapping[str, str] = os.environ) -> ASGIApp:
    """Build the application from the environment and the folder that it runs in. Raises SettingsError."""
    log_to_stderr()
    settings = ApiSettings.load(environ, folder=Path.cwd())
    require_stacks(settings.addresses)
    return build(settings, plugged(SEARCH, environ), plugged(EXPLAIN, environ))


def build(
    settings: ApiSettings, search: Search | None, explain: Explain | None, metrics: Metrics | None = None
) -> ASGIApp:
    """Build the application from its settings."""
    sources = {address.stack: ReaderProcess(address) for address in settings.addresses}
    names = {address.stack: address.name for address in settings.addresses}
    doors, page = auth(settings), [Page.load()]
    if len(sources) == 1:
        (stack, source), *_ = sources.items()
        app = create_app(source, doors, search, explain, stack=names[stack], routes=page, metrics=metrics)
    else:
        app = create_several(sources, doors, search, explain, names=names, routes=page, metrics=metrics)
    if not settings.origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=settings.origins,
        allow_methods=("GET", "HEAD", "OPTIONS"),
        allow_headers=("X-API-Key", "Authorization", "If-None-Match"),
        expose_headers=(
            *("ETag", "Link", "X-Request-ID", "Trunkline-Version", "Trunkline-Age", "Trunkline-Update"),
            *("Trunkline-Shown-Update", "Trunkline-Shown-Commit", "Trunkline-Missing-Stacks"),
        ),
    )


def auth(settings: ApiSettings) -> Auth:
    """Give the ways in that are configured."""
    keys = KeyStore(settings.keys_file, time.monotonic, expected=settings.keys_expected)
    key_set = _key_set(settings.jwt.jwks) if settings.jwt is not None and settings.jwt.jwks else None
    tokens = _verifier(settings.jwt, key_set) if settings.jwt is not None else None
    return Auth(keys=keys, tokens=tokens, key_set=key_set)


def plugged(entry: str, environ: Mapping[str, str]) -> Any:
    """Give what the function `module:name` gives; None where this installation has no such module."""
    module, _, name = entry.partition(":")
    return getattr(import_module(module), name)(environ) if _exists(module) else None


def log_to_stderr() -> None:
    """Send the logs of the API to standard error, unless whoever runs it has arranged something else."""
    logger = logging.getLogger("trunkline")
    if not logger.handlers and not logging.getLogger().handlers:
        handler = _outlet()
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)


def _outlet() -> logging.Handler:
    try:
        return Outlet(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):  # no file, as where a test looks at it
        return logging.StreamHandler(sys.stderr)


def _verifier(settings: JwtSettings, key_set: KeySet | None) -> TokenVerifier:
    expected = Expected(issuer=settings.issuer, audience=settings.audience)
    return TokenVerifier(expected, secret=settings.secret, find_key=None if key_set is None else key_set.find)


def _key_set(place: str) -> KeySet:
    key_set = KeySet(fetch_from(place), time.monotonic, _shown(place))
    if "://" not in place:
        key_set.ttl = key_set.pause = _FILE_TTL
        key_set.grace = 0.0  # who takes a file away means it; an issuer that does not answer means nothing by it
    return key_set


def _shown(place: str) -> str:
    """Give the place without what may open a door: a password, or a query."""
    parts = urlsplit(place)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else place


def check_key_set(settings: ApiSettings) -> None:
    """Ask once for the key set at a URL. Raises SettingsError where what is there is none.

    One that does not answer now is no error of the settings: it is asked again, and told, while the server runs.
    """
    place = settings.jwt.jwks if settings.jwt is not None else ""
    if "://" not in place:
        return
    with contextlib.suppress(OSError):
        try:
            jwks.parse_usable(asyncio.run(fetch_from(place)()))
        except KeySetInvalid as error:
            message = f"TRUNKLINE_JWKS: {_shown(place)}: {error}"
            fix = "give the issuer's jwks_uri, which its /.well-known/openid-configuration names"
            raise SettingsError([Problem(rule="jwks-invalid", message=message, fix=fix)]) from None


def _exists(module: str) -> bool:
    try:
        return util.find_spec(module) is not None
    except ModuleNotFoundError:  # its package is missing already
        return False
