"""The application as it is configured: what `trunkline serve` and `trunkline.api:app` run."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from trunkline.api import plugs
from trunkline.api.app import create_app
from trunkline.api.auth import Auth
from trunkline.api.fetching import fetch_from
from trunkline.api.jwks import KeySet
from trunkline.api.keys import KeyStore
from trunkline.api.page.assets import Page
from trunkline.api.service import Explain, Search
from trunkline.api.settings import ApiSettings, JwtSettings
from trunkline.api.source.process import ReaderProcess
from trunkline.api.tokens import Expected, TokenVerifier

_FILE_TTL = 1.0  # seconds; a file is cheap to read again


def from_environment(environ: Mapping[str, str] = os.environ) -> ASGIApp:
    """Build the application from the environment and the folder that it runs in. Raises SettingsError."""
    log_to_stderr()
    settings = ApiSettings.load(environ, folder=Path.cwd())
    return build(settings, plugs.load(plugs.SEARCH, environ), plugs.load(plugs.EXPLAIN, environ))


def build(settings: ApiSettings, search: Search | None, explain: Explain | None) -> ASGIApp:
    """Build the application from its settings."""
    app = create_app(ReaderProcess(settings.address), auth(settings), search, explain, routes=[Page.load()])
    if not settings.origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=settings.origins,
        allow_methods=("GET", "HEAD", "OPTIONS"),
        allow_headers=("X-API-Key", "Authorization", "If-None-Match"),
        expose_headers=("ETag", "Link", "X-Request-ID", "Trunkline-Version", "Trunkline-Age", "Trunkline-Update"),
    )


def auth(settings: ApiSettings) -> Auth:
    """Give the ways in that are configured."""
    keys = KeyStore(settings.keys_file, time.monotonic) if settings.keys_file is not None else None
    key_set = _key_set(settings.jwt.jwks) if settings.jwt is not None and settings.jwt.jwks else None
    tokens = _verifier(settings.jwt, key_set) if settings.jwt is not None else None
    return Auth(keys=keys, tokens=tokens, key_set=key_set)


def log_to_stderr() -> None:
    """Send the logs of the API to standard error, unless whoever runs it has arranged something else."""
    logger = logging.getLogger("trunkline")
    if not logger.handlers and not logging.getLogger().handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)


def _verifier(settings: JwtSettings, key_set: KeySet | None) -> TokenVerifier:
    expected = Expected(issuer=settings.issuer, audience=settings.audience)
    return TokenVerifier(expected, secret=settings.secret, find_key=None if key_set is None else key_set.find)


def _key_set(place: str) -> KeySet:
    key_set = KeySet(fetch_from(place), time.monotonic)
    if "://" not in place:
        key_set.ttl = key_set.pause = _FILE_TTL
    return key_set
