"""Settings from the environment and the stack's configuration; the environment wins.

Each setting has one name in both: `TWILIO_ACCOUNT_SID` in the environment is `trunkline:twilioAccountSid` in the stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from trunkline.errors import Problem, SettingsError
from trunkline.secret import Secret

Lookup = Callable[[str], str | None]

# Environment name -> name in the stack's configuration (namespace `trunkline`).
NAMES: Mapping[str, str] = {
    "TWILIO_ACCOUNT_SID": "twilioAccountSid",
    "TWILIO_AUTH_TOKEN": "twilioAuthToken",
    "TWILIO_API_KEY": "twilioApiKey",
    "TWILIO_API_SECRET": "twilioApiSecret",
    "TWILIO_BASE_URL": "twilioBaseUrl",
    "VONAGE_API_KEY": "vonageApiKey",
    "VONAGE_API_SECRET": "vonageApiSecret",
    "VONAGE_BASE_URL": "vonageBaseUrl",
    "LIVEKIT_URL": "livekitUrl",
    "LIVEKIT_API_KEY": "livekitApiKey",
    "LIVEKIT_API_SECRET": "livekitApiSecret",
    "LIVEKIT_SIP_URI": "livekitSipUri",
}
_SECRET = frozenset({"TWILIO_AUTH_TOKEN", "TWILIO_API_SECRET", "VONAGE_API_SECRET", "LIVEKIT_API_SECRET"})
# Of the stack's configuration, beside `NAMES`: what is no secret, even where an operator set it as one.
PLAIN = frozenset({"inventory", "fleet", "allowAccountChange", "retag", "twilioSipUsername"})


def secret_values(environ: Mapping[str, str], config: Mapping[str, object]) -> frozenset[str]:
    """Give every value that must be shown nowhere: the credentials, and what the file refers to by name.

    `config` is the whole configuration of the stack, by full name (`trunkline:ukOfficePassword`). What is not known to
    be plain counts as secret, since the names are the operator's.
    """
    plain = PLAIN | {name for environment, name in NAMES.items() if environment not in _SECRET}
    named = ((name.partition(":"), value) for name, value in config.items())
    configured = {str(value) for (space, _, name), value in named if space == "trunkline" and name not in plain}
    return frozenset(configured | {environ.get(name, "") for name in _SECRET}) - {"", "true", "false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioSettings:
    """`user` is the account SID or an API key's SID. `base_url` replaces all of Twilio's hosts, "" means theirs."""

    account_sid: str
    user: str
    password: Secret
    base_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VonageSettings:
    """`base_url` replaces all of Vonage's hosts, "" means theirs."""

    api_key: str
    api_secret: Secret
    base_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveKitSettings:
    """`url` of the API (http, https, ws or wss); `sip_host` is host[:port] where calls are sent to."""

    url: str
    api_key: str
    api_secret: Secret
    sip_host: str

    @property
    def host(self) -> str:
        """Whom we talk to, host[:port]: what a LiveKit project is told apart by."""
        return urlsplit(self.url).netloc.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is configured; a vendor that is not is None."""

    twilio: TwilioSettings | None
    vonage: VonageSettings | None
    livekit: LiveKitSettings | None
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    """vendor -> the names that are not set, of each vendor that is not configured."""

    @classmethod
    def load(cls, environ: Mapping[str, str], config: Lookup, needs: Collection[str] = ()) -> Settings:
        """Read the settings. `config` answers a camelCase name in the stack's configuration or None.

        `needs` names the vendors that must be there ("twilio", "vonage", "livekit"). Raises SettingsError with every
        problem at once.
        """
        reader = _Reader(environ, config)
        settings = cls(twilio=_twilio(reader), vonage=_vonage(reader), livekit=_livekit(reader))
        for vendor in sorted(needs):
            if getattr(settings, vendor) is None:
                reader.missing(vendor)
        if reader.problems:
            raise SettingsError(reader.problems)
        absent = {vendor: reader.absent(vendor) for vendor in _REQUIRED if getattr(settings, vendor) is None}
        return replace(settings, missing=absent)


class _Reader:
    """Reads names, notes what is missing or malformed."""

    def __init__(self, environ: Mapping[str, str], config: Lookup) -> None:
        self._environ, self._config = environ, config
        self.problems: list[Problem] = []

    def get(self, name: str) -> str:
        # An empty variable counts as set: it is how a shell switches a stack's value off.
        value = self._environ[name] if name in self._environ else self._config(NAMES[name])
        return (value or "").strip()

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        value = self.get(name).rstrip("/")
        if value and (urlsplit(value).scheme not in schemes or not urlsplit(value).hostname):
            self.refuse(
                f"{name} is no URL with {' or '.join(schemes)}", f"set it to something like {schemes[0]}://host"
            )
        return value

    def refuse(self, message: str, fix: str) -> None:
        self.problems.append(Problem(rule="malformed-setting", message=message, fix=fix))

    def absent(self, vendor: str) -> tuple[str, ...]:
        return tuple(name for name in _REQUIRED[vendor] if not self.get(name))

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


_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "twilio": ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
    "vonage": ("VONAGE_API_KEY", "VONAGE_API_SECRET"),
    "livekit": ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "LIVEKIT_SIP_URI"),
}


def _twilio(reader: _Reader) -> TwilioSettings | None:
    account = reader.get("TWILIO_ACCOUNT_SID")
    key, secret = reader.get("TWILIO_API_KEY"), reader.get("TWILIO_API_SECRET")
    user, password = (key, secret) if key and secret else (account, reader.get("TWILIO_AUTH_TOKEN"))
    base = reader.url("TWILIO_BASE_URL", ("https", "http"))
    if not (account and password):
        return None
    return TwilioSettings(account_sid=account, user=user, password=Secret(password), base_url=base)


def _vonage(reader: _Reader) -> VonageSettings | None:
    key, secret = reader.get("VONAGE_API_KEY"), reader.get("VONAGE_API_SECRET")
    base = reader.url("VONAGE_BASE_URL", ("https", "http"))
    return VonageSettings(api_key=key, api_secret=Secret(secret), base_url=base) if key and secret else None


def _livekit(reader: _Reader) -> LiveKitSettings | None:
    url = reader.url("LIVEKIT_URL", ("wss", "https", "ws", "http"))
    if _host_of(url).endswith(_CLOUD_SIP):
        reader.refuse(
            f"LIVEKIT_URL names {_host_of(url)}, which is LiveKit's SIP service and not its API",
            "set it to the project's URL, wss://<project>.livekit.cloud",
        )
    sip_host = _sip_host(reader)
    key, secret = reader.get("LIVEKIT_API_KEY"), reader.get("LIVEKIT_API_SECRET")
    if not (url and key and secret and sip_host):
        return None
    return LiveKitSettings(url=url, api_key=key, api_secret=Secret(secret), sip_host=sip_host)


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
            f"set it to sip:{rest or '<host>'}, and write `transport: tls` on the trunks in numbers.yaml",
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
