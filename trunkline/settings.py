"""Settings from the environment and the stack's configuration; the environment wins.

Each setting has one name in both: `LIVEKIT_API_KEY` in the environment is `trunkline:livekitApiKey` in the stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from trunkline.carriers import CARRIERS
from trunkline.carriers.declaration import Access, configured
from trunkline.errors import Problem, SettingsError
from trunkline.secret import Secret

Lookup = Callable[[str], str | None]

_LIVEKIT = ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "LIVEKIT_SIP_URI")
_LIVEKIT_AT_ONCE = "LIVEKIT_REQUESTS_AT_ONCE"
AT_ONCE = 64  # requests that a process may have under way at one vendor, where no setting says less
# carrier -> how its account is reached.
ACCESS: Mapping[str, Access] = {name: one.access for name, one in CARRIERS.items() if one.access}
# Environment name -> name in the stack's configuration (namespace `trunkline`).
NAMES: Mapping[str, str] = {
    name: configured(name)
    for name in (*(name for access in ACCESS.values() for name in access.variables), *_LIVEKIT, _LIVEKIT_AT_ONCE)
}
SECRETS = frozenset({"LIVEKIT_API_SECRET"}).union(*(access.secrets for access in ACCESS.values()))
# The config secrets that log in to the carriers' trunks which no file writes.
IMPLICIT_LOGINS = tuple(one.implicit_login for one in CARRIERS.values() if one.implicit_login)
# Of the stack's configuration, beside `NAMES`: what is no secret, even where an operator set it as one.
PLAIN = frozenset({"inventory", "fleet", "allowAccountChange", "retag", *(login.user for login in IMPLICIT_LOGINS)})


INVENTORY = "numbers.yaml"
APPROVED = "TRUNKLINE_APPROVED"
"""The environment's name for the saved plan that an update is bound to."""


def approved_plan(environ: Mapping[str, str]) -> str | None:
    """Give the path of the saved plan that an update is bound to, None where it is bound to none.

    Raises SettingsError for an empty value: a variable that did not expand is no leave to run unbound.
    """
    path = environ.get(APPROVED)
    if path is not None and not path.strip():
        raise SettingsError(
            [
                Problem(
                    rule="malformed-setting",
                    message=f"{APPROVED} is set and empty, as by a variable that did not expand; nothing was changed",
                    fix="name the file that `trunkline plan --save` wrote, or unset it to run without an approval",
                )
            ]
        )
    return path


def inventory_file(environ: Mapping[str, str], config: Lookup) -> str:
    """Give the path of the stack's inventory, as the environment or the stack's configuration names it."""
    return environ.get("TRUNKLINE_INVENTORY") or config("inventory") or INVENTORY


_BOUNDS = frozenset(map(str, range(1, AT_ONCE + 1)))
_SAID = re.compile(rf"(?<![\w./-]){re.escape(INVENTORY)}")


def in_file(text: str, file: str) -> str:
    """Give a text, which says numbers.yaml wherever it is made, with the file that it is about; places stay."""
    return _SAID.sub(lambda _: file, text)


def secret_values(environ: Mapping[str, str], config: Mapping[str, object]) -> frozenset[str]:
    """Give every value that must be shown nowhere: the credentials, and what the file refers to by name.

    `config` is the whole configuration of the stack, by full name (`trunkline:ukOfficePassword`). What is not known to
    be plain counts as secret, since the names are the operator's.
    """
    plain = PLAIN | {name for environment, name in NAMES.items() if environment not in SECRETS}
    named = ((name.partition(":"), value) for name, value in config.items())
    configured = {str(value) for (space, _, name), value in named if space == "trunkline" and name not in plain}
    return frozenset(configured | {environ.get(name, "") for name in SECRETS}) - {"", "true", "false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings:
    """A carrier's account, and who asks there. `base_url` replaces all of the vendor's hosts, "" means theirs.

    `secret` is the name in the stack's configuration of the setting that the password is.
    `at_once`: how many requests may be under way there, None where nothing says.
    """

    account: str
    user: str
    password: Secret
    base_url: str = ""
    secret: str = ""
    at_once: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveKitSettings:
    """`url` of the API (http, https, ws or wss); `sip_host` is host[:port] for calls; `at_once` as of a carrier."""

    url: str
    api_key: str
    api_secret: Secret
    sip_host: str
    at_once: int | None = None

    @property
    def host(self) -> str:
        """Whom we talk to, host[:port]: what a LiveKit project is told apart by."""
        return urlsplit(self.url).netloc.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is configured. `carriers`: those of them alone; `livekit` is None where it is not."""

    carriers: Mapping[str, AccountSettings]
    livekit: LiveKitSettings | None
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    """vendor -> the names that are not set, of each vendor that is not configured."""

    @classmethod
    def load(cls, environ: Mapping[str, str], config: Lookup, needs: Collection[str] = ()) -> Settings:
        """Read the settings. `config` answers a camelCase name in the stack's configuration or None.

        `needs` names the vendors that must be there: carriers, "livekit". Raises SettingsError with every
        problem at once.
        """
        reader = _Reader(environ, config)
        accounts = {name: _account(reader, access) for name, access in ACCESS.items()}
        carriers = {name: account for name, account in accounts.items() if account is not None}
        settings = cls(carriers=carriers, livekit=_livekit(reader))
        for vendor in sorted(set(needs) - settings.configured):
            reader.missing(vendor)
        if reader.problems:
            raise SettingsError(reader.problems)
        absent = {vendor: reader.absent(vendor) for vendor in (*ACCESS, "livekit") if vendor not in settings.configured}
        return replace(settings, missing=absent)

    @property
    def configured(self) -> frozenset[str]:
        """The vendors that are configured."""
        return frozenset(self.carriers) | ({"livekit"} if self.livekit else set())


def _is_url(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 (one that is none raises)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname)


class _Reader:
    """Reads names, notes what is missing or malformed."""

    def __init__(self, environ: Mapping[str, str], config: Lookup) -> None:
        self._environ, self._config = environ, config
        self.inventory = inventory_file(environ, config)
        self.problems: list[Problem] = []

    def get(self, name: str) -> str:
        # An empty variable counts as set: it is how a shell switches a stack's value off.
        value = self._environ[name] if name in self._environ else self._config(NAMES[name])
        return (value or "").strip()

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        value = self.get(name).rstrip("/")
        if value and not _is_url(value, schemes):
            self.refuse(
                f"{name} is no URL with {' or '.join(schemes)}", f"set it to something like {schemes[0]}://host"
            )
        elif urlsplit(value).username is not None:
            self.refuse(
                f"{name} names a user, and perhaps a password", "set it to the URL alone, without what ends in @"
            )
        return value

    def at_once(self, name: str) -> int | None:
        value = self.get(name) if name else ""
        if not value:
            return None
        if value in _BOUNDS:
            return int(value)
        place = name if name in self._environ else f"trunkline:{NAMES[name]} in the stack's configuration"
        fix = f"set it to how many requests may be under way there at a time, or unset it for {AT_ONCE}"
        self.refuse(f"{place} is no whole number from 1 to {AT_ONCE}", fix)
        return None

    def only_at_home(self, name: str, home: str) -> None:
        """Refuse a variable that names another region: an account has other objects and logins in each of them."""
        value = self._environ.get(name, "").strip()
        if value and value != home:
            self.refuse(
                f"{name} is {value}, and lines are kept in the account's home region, {home}, alone",
                f"unset {name} for this command, with a login of {home}; a line of another region is a custom one,"
                " whose trunk names that region's domain as its sip_address",
            )

    def refuse(self, message: str, fix: str) -> None:
        self.problems.append(Problem(rule="malformed-setting", message=message, fix=fix))

    def absent(self, vendor: str) -> tuple[str, ...]:
        if vendor in ACCESS:
            return ACCESS[vendor].lacking(lambda name: bool(self.get(name)))
        return tuple(name for name in _LIVEKIT if not self.get(name))

    def missing(self, vendor: str) -> None:
        absent = self.absent(vendor)
        wanted = ", ".join(absent)
        config = " ".join(NAMES[name] for name in absent)
        self.problems.append(
            Problem(
                rule="missing-setting",
                message=f"the inventory needs {vendor}, but {wanted} {'is' if len(absent) == 1 else 'are'} not set",
                fix=f"export {wanted}, or set in the stack's configuration (`pulumi config set [--secret]"
                f" trunkline:<name>`): {config}",
            )
        )


def _account(reader: _Reader, access: Access) -> AccountSettings | None:
    account, most = reader.get(access.account), reader.at_once(access.at_once)
    logins = ((reader.get(login.user), reader.get(login.password), login.password) for login in access.logins)
    user, password, name = next((login for login in logins if all(login)), ("", "", ""))
    base_url = reader.url(access.base_url, ("https", "http"))
    if not (account and password):
        return None
    for region in access.regions:
        reader.only_at_home(region, access.home_region)
    login = AccountSettings(account=account, user=user, password=Secret(password), secret=configured(name))
    return replace(login, base_url=base_url, at_once=most)


def _livekit(reader: _Reader) -> LiveKitSettings | None:
    url = reader.url("LIVEKIT_URL", ("wss", "https", "ws", "http"))
    if _host_of(url).endswith(_CLOUD_SIP):
        reader.refuse(
            f"LIVEKIT_URL names {_host_of(url)}, which is LiveKit's SIP service and not its API",
            "set it to the project's URL, wss://<project>.livekit.cloud",
        )
    sip_host = _sip_host(reader)
    key, secret = reader.get("LIVEKIT_API_KEY"), reader.get("LIVEKIT_API_SECRET")
    most = reader.at_once(_LIVEKIT_AT_ONCE)
    if not (url and key and secret and sip_host):
        return None
    return LiveKitSettings(url=url, api_key=key, api_secret=Secret(secret), sip_host=sip_host, at_once=most)


# LiveKit, "SIP trunk setup" (read 2026-11-26): the SIP host is made of the project's id, not of its URL's subdomain.
_CLOUD, _CLOUD_SIP = ".livekit.cloud", ".sip.livekit.cloud"
_SIP_FIX = (
    "set it to the SIP URI on the project's settings page, sip:<project id without p_>.sip.livekit.cloud"
    " (`lk project list --json` shows the id), or to your own SIP service's host and port"
)
_PLAIN_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:@;/?\s]+)(?::(?P<port>[0-9]{1,5}))?")


def _sip_host(reader: _Reader) -> str:
    """Give host[:port] of LIVEKIT_SIP_URI, "" where it is not set; what is wrong with it is noted."""
    value = reader.get("LIVEKIT_SIP_URI")
    scheme, colon, rest = value.partition(":")
    if scheme.lower() == "sips":
        reader.refuse(
            "LIVEKIT_SIP_URI begins with sips:, which says nothing here: each trunk has its own transport",
            f"set it to sip:{rest or '<host>'}, and write `transport: tls` on the trunks in {reader.inventory}",
        )
        return value
    if scheme.lower() in ("ws", "wss", "http", "https") and rest.startswith("//"):
        reader.refuse("LIVEKIT_SIP_URI is the URL of LiveKit's API, not its SIP service's address", _SIP_FIX)
        return value
    host = rest if scheme.lower() == "sip" and colon else value
    match = _PLAIN_HOST.fullmatch(host)
    if value and (match is None or int(match["port"] or 1) not in range(1, 65536)):
        more = " (a transport is written on the trunk)" if ";" in host else ""
        reader.refuse(f"LIVEKIT_SIP_URI is not sip:host or sip:host:port{more}", _SIP_FIX)
    elif match is not None and _is_websocket_host(match["host"].lower()):
        reader.refuse(
            f"LIVEKIT_SIP_URI names {match['host']}, the host of the project's API: no call reaches it", _SIP_FIX
        )
    return host


def _is_websocket_host(host: str) -> bool:
    return host.endswith(_CLOUD) and not host.endswith(_CLOUD_SIP)


def _host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").lower() if url else ""
