"""What a carrier's declaration has: all that the core knows of a carrier, as data and small pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from trunkline.model.entries import Line, Search, Trunk
from trunkline.model.spec import FromSecret, Key, ResourceSpec, Site
from trunkline.secret import Secret

# (key of a line or trunk where a problem stands, rule, message, fix)
Finding = tuple[str, str, str, str]
# How a carrier's trunk is told to use the URL to LiveKit: first of all, and alone.
ROUTE: Mapping[str, Any] = {"weight": 1, "priority": 1, "enabled": True}
# And that to its fallback: after it; after all there are where that to LiveKit keeps a priority that is not ours.
FALLBACK_ROUTE: Mapping[str, Any] = {**ROUTE, "priority": 2}
LAST_ROUTE: Mapping[str, Any] = {**ROUTE, "priority": 65535}
# What sends the calls of all numbers on a carrier's trunk to LiveKit.
ROUTING_KINDS = frozenset({"OriginationUrl"})
# And what stands after that, since without it all calls would go there.
AFTER_ROUTING = frozenset({"FallbackUrl"})


def configured(variable: str) -> str:
    """Give a setting's name in the stack's configuration: `ACME_API_KEY` is `trunkline:acmeApiKey` there."""
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), variable.lower())


@dataclass(frozen=True, slots=True)
class Login:
    """The names of a user's setting and of its password's, which is a secret; `note` says them to operators."""

    user: str
    password: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The settings that reach an account, by their names in the environment.

    `account`: what the account is called by the vendor, with an `account_note` for operators, and the `account_form`, a
    regular expression, "" where it is not known: what has another one may be a secret in the wrong variable. Of
    `logins` the first that is set whole is used; the last one is what an operator is asked for. `base_url` replaces all
    of the hosts. `at_once`: how many requests may be under way there, "" where the vendor leaves operators no choice.
    """

    account: str
    logins: tuple[Login, ...]
    base_url: str
    account_note: str = ""
    account_form: str = ""
    at_once: str = ""

    def lacking(self, is_set: Callable[[str], bool]) -> tuple[str, ...]:
        """Give the settings that are not set of those that reach the account, by the login that is begun.

        With a login other than the last one that is set in half, the half is what lacks: who set a key means the key.
        """
        last = self.logins[-1]
        begun = (each for each in self.logins[:-1] if is_set(each.user) or is_set(each.password))
        login = last if is_set(last.password) else next(begun, last)
        return tuple(name for name in dict.fromkeys((self.account, login.user, login.password)) if not is_set(name))

    @property
    def variables(self) -> tuple[str, ...]:
        """Every setting, secret or not."""
        logins = (name for login in reversed(self.logins) for name in (login.user, login.password))
        return tuple(filter(None, dict.fromkeys((self.account, *logins, self.base_url, self.at_once))))

    # Variables with which the vendor's SDK goes to another region than the account's home.
    regions: tuple[str, ...] = ()
    home_region: str = ""

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset(login.password for login in self.logins)


@dataclass(frozen=True, slots=True)
class Speech:
    """A carrier's own words: why its SRTP takes TLS, and what its calls are with and without it."""

    needs_tls: str
    encrypted: str
    plain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRule:
    """What a carrier takes as a SIP user and as its password: in words, and as what is at fault ("" for nothing).

    No answer holds any part of a secret.
    """

    user: str
    user_fault: Callable[[str], str]
    password: str
    password_fault: Callable[[Secret], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Termination:
    """Where LiveKit sends calls out: host[:port], and the digest user that the host asks for."""

    address: str
    username: str | FromSecret = ""
    password: FromSecret | str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A provider of lines.

    `name` is what files write, `label` what people call it. `access` is None for one that has no account of its own:
    it has no API, and sells nothing, or its numbers live `within` a vendor that is connected anyway.
    `folder` of `providers` speaks for its numbers, "" for one of its own name.

    What it cannot do: `has_trunks`: LiveKit's trunks carry its calls; without any, a number is answered by the rule
    that it is tied to, which is made before it and claims it. `calls_out`: its lines may call out. `tells_prices`: its
    API says what a number costs. `caller_prefix`: what it writes before a caller's digits, None where nobody says.
    `countries`: where it sells, () for no limit.

    Keys: `own_line_keys` and `own_trunk_keys` are those of the file that are for it alone (key -> why not for others),
    `lacking_line_keys` and `lacking_trunk_keys` those that are not for it (key -> why).

    `owns_trunks`: lines that name no trunk, and find none of their carrier, share one that is made for the stack; else
    such a line brings its own.
    `fails_over`: whether it asks the fallback after an answer of this SIP status; None where nothing of ours makes it
    ask one. `fallback_findings`: what it refuses of a trunk's `fallback`.
    `trunk_findings` and `search_findings` say what a carrier refuses or can never find; `rename_findings` what a trunk
    with a former name lacks. `networks`: from where it may send calls, () where it does not say. `sip_hosts`: where it
    takes them, also from what the file calls custom. `speech` is None where lines may encrypt as they like.
    `login_rule` is None where any SIP login is taken; `implicit_login` are the config secrets for the trunk that no
    file writes; `demands_login`: without one it takes no call. `secures_trunks`: its trunk is either secure, and speaks
    SRTP and TLS alone, or plain.

    Wiring, of a line's trunk: `domain` is where its trunk is called, None where its trunks have none that is theirs
    alone; `over` whether a host that calls go out to is that of the trunk with a domain and an id; `trunk_resources`
    what it needs at the carrier; `termination` where LiveKit sends calls out, once `termination_needs` stand; `routing`
    the properties that route a number to LiveKit, once `routing_needs` stand.
    """

    name: str
    label: str
    termination: Callable[[Trunk, Site], Termination]
    access: Access | None = None
    within: str = ""
    folder: str = ""
    has_trunks: bool = True
    calls_out: bool = True
    tells_prices: bool = True
    caller_prefix: str | None = "+"
    countries: tuple[str, ...] = ()
    owns_trunks: bool = True
    own_line_keys: Mapping[str, str] = field(default_factory=dict)
    lacking_search_keys: Mapping[str, str] = field(default_factory=dict)
    own_trunk_keys: Mapping[str, str] = field(default_factory=dict)
    lacking_line_keys: Mapping[str, str] = field(default_factory=dict)
    lacking_trunk_keys: Mapping[str, str] = field(default_factory=dict)
    networks: tuple[str, ...] = ()
    sip_hosts: re.Pattern[str] | None = None
    speech: Speech | None = None
    login_rule: LoginRule | None = None
    implicit_login: Login | None = None
    demands_login: bool = False
    secures_trunks: bool = False
    fails_over: Callable[[int], bool] | None = None
    trunk_findings: Callable[[Trunk], Iterable[Finding]] = lambda trunk: ()
    fallback_findings: Callable[[Trunk], Iterable[Finding]] = lambda trunk: ()
    search_findings: Callable[[Search], Iterable[Finding]] = lambda search: ()
    rename_findings: Callable[[Trunk, Site], Iterable[Finding]] = lambda trunk, site: ()
    domain: Callable[[Trunk, Site], str] | None = None
    over: Callable[[str, str, str], bool] = lambda host, domain, id: False
    trunk_resources: Callable[[Trunk, Site], tuple[ResourceSpec, ...]] = lambda trunk, site: ()
    termination_needs: Callable[[Trunk, Site], tuple[Key, ...]] = lambda trunk, site: ()
    routing: Callable[[Line, Trunk, Site], Mapping[str, Any]] = lambda line, trunk, site: {}
    routing_needs: Callable[[Trunk, Site], tuple[Key, ...]] = lambda trunk, site: ()

    def login(self, trunk: Trunk, site: Site) -> tuple[str | FromSecret, FromSecret | str]:
        """Give the SIP user and password of a trunk: its own, or the stack's for the one that no file writes.

        One that admits addresses has those in their place.
        """
        if trunk.auth_username and trunk.auth_password:
            return trunk.auth_username, FromSecret(trunk.auth_password.name)
        if (implicit := self.implicit(site)) and not trunk.ip_access_control_lists:
            return FromSecret(implicit.user), FromSecret(implicit.password)
        return "", ""

    def implicit(self, site: Site) -> Login | None:
        """Give the config secrets of the implicit login where the stack has both."""
        login = self.implicit_login
        return login if login and {login.user, login.password} <= site.config_secrets else None


def is_borrowed(trunk: Trunk, site: Site) -> bool:
    """Whether another stack makes the trunk."""
    return trunk.owner not in ("", site.stack)


def sip_uri(site: Site, trunk: Trunk, user: str = "") -> str:
    """Give where a carrier sends calls in: `user` is "" or ends with its @."""
    transport = "tcp" if trunk.transport == "auto" else trunk.transport
    return f"sip:{user}{site.sip_host};transport={transport}"
