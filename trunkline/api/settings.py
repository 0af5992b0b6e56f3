"""The API's settings, from the environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trunkline.api.auth import jwks, keys, small_file
from trunkline.api.auth.jwks import KeySetInvalid
from trunkline.api.auth.keys import KeyFileBroken, KeyFileMissing
from trunkline.api.proxies import VARIABLE, Proxies
from trunkline.errors import Problem, SettingsError
from trunkline.secret import Secret
from trunkline.state.stack import StackAddress

KEYS_FILE = ".trunkline/keys.json"
"""Where API keys are kept unless TRUNKLINE_KEYS_FILE says otherwise, beside Pulumi.yaml."""
_MIN_SECRET = 32  # bytes, RFC 7518, 3.2


@dataclass(frozen=True, slots=True, kw_only=True)
class JwtSettings:
    """`secret` for HS256, `jwks` a path or URL for the other algorithms; "" for issuer or audience pins none."""

    secret: Secret | None
    jwks: str
    issuer: str
    audience: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """`addresses` are those of the stacks that are served together. `jwt` is None where no token is accepted.

    `keys_expected` says that the key file was named or was there.
    """

    addresses: tuple[StackAddress, ...] = field(repr=False)
    keys_file: Path
    keys_expected: bool
    jwt: JwtSettings | None
    origins: tuple[str, ...]
    proxies: Proxies

    @property
    def authenticates(self) -> bool:
        return self.keys_expected or self.jwt is not None

    @classmethod
    def load(cls, environ: Mapping[str, str], *, stacks: Sequence[str] = (), folder: Path) -> ApiSettings:
        """Read the settings; `stacks` go before the environment's. Raises SettingsError with every problem at once."""
        addresses, tokens, proxies, problems = tuple[StackAddress, ...](), None, Proxies(), list[Problem]()
        try:
            addresses = StackAddress.find_all(stacks, folder, environ)
        except SettingsError as error:
            problems += error.problems
        try:
            tokens = _jwt(environ)
        except SettingsError as error:
            problems += error.problems
        try:
            proxies = Proxies.parse(environ.get(VARIABLE, ""))
        except SettingsError as error:
            problems += error.problems
        path = keys_file(environ, folder)
        is_there, broken = _look_at_keys(path)
        problems += broken
        if problems:
            raise SettingsError(problems)
        # A key file that was named may come later; the default one may be not wanted at all.
        expected = bool(environ.get("TRUNKLINE_KEYS_FILE")) or is_there
        origins = tuple(environ.get("TRUNKLINE_CORS_ORIGINS", "").split())
        return cls(
            addresses=addresses, keys_file=path, keys_expected=expected, jwt=tokens, origins=origins, proxies=proxies
        )


def keys_file(environ: Mapping[str, str], folder: Path) -> Path:
    """Give the key file's path."""
    named = environ.get("TRUNKLINE_KEYS_FILE", "")
    return Path(named).expanduser() if named else folder / KEYS_FILE


def _look_at_keys(path: Path) -> tuple[bool, list[Problem]]:
    """Say whether there is a key file, and what is wrong with it."""
    try:
        small_file.soon(lambda: keys.load(path))
    except KeyFileMissing:
        return False, []
    except KeyFileBroken as error:
        return True, [Problem(rule="keys-broken", message=str(error).rstrip("."), fix="then start again")]
    except TimeoutError:
        pass  # a file system that gives no answer now may do so later: the server tells it, and looks again
    return True, []


def _jwt(environ: Mapping[str, str]) -> JwtSettings | None:
    secret, place = environ.get("TRUNKLINE_JWT_SECRET", ""), environ.get("TRUNKLINE_JWKS", "")
    if not secret and not place:
        return None
    problems = [
        *_unpinned(environ, "TRUNKLINE_JWT_ISSUER", "any issuer"),
        *_unpinned(environ, "TRUNKLINE_JWT_AUDIENCE", "tokens without an audience"),
    ]
    if secret and len(secret.encode()) < _MIN_SECRET:
        message = f"TRUNKLINE_JWT_SECRET has {len(secret.encode())} bytes, HS256 needs {_MIN_SECRET}"
        problems.append(Problem(rule="secret-short", message=message, fix="use `openssl rand -base64 48`"))
    if "://" in place and not jwks.allowed(place):
        message = "TRUNKLINE_JWKS is no https URL with a host; over others, whoever is on the way could change keys"
        problems.append(Problem(rule="jwks-insecure", message=message, fix="use https, or a file"))
    elif place and "://" not in place:
        problems += _key_set_file(Path(place))
    if problems:
        raise SettingsError(problems)
    return JwtSettings(
        secret=Secret(secret) if secret else None,
        jwks=place,
        issuer=environ["TRUNKLINE_JWT_ISSUER"],
        audience=environ["TRUNKLINE_JWT_AUDIENCE"],
    )


def _key_set_file(path: Path) -> list[Problem]:
    try:
        jwks.parse_usable(small_file.soon(lambda: small_file.read(path, jwks.MAX_SIZE)))
    except FileNotFoundError:
        message = f"TRUNKLINE_JWKS: {path} is no file"
        return [Problem(rule="jwks-missing", message=message, fix="name a file or an https URL")]
    except TimeoutError:
        return []  # as for the key file
    except (OSError, KeySetInvalid) as error:
        message = f"TRUNKLINE_JWKS: {path}: {error}"
        return [Problem(rule="jwks-invalid", message=message, fix="name a key set with an RSA, P-256 or Ed25519 key")]
    return []


def _unpinned(environ: Mapping[str, str], name: str, empty: str) -> list[Problem]:
    if name in environ:
        return []
    fix = f"set it, or set it to an empty text to accept {empty}"
    return [Problem(rule="jwt-unpinned", message=f"tokens are configured, but {name} is not set", fix=fix)]
