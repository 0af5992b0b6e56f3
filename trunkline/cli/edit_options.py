"""Options that `trunkline edit` and `trunkline search --pin` share, and what they say as keys of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from trunkline.cli.command import Several
from trunkline.cli.names import names
from trunkline.cli.options import inventory

Given = Mapping[str, Any]
"""The options of a command line, by the names of their parameters; None, () or "" where one is not given."""
Decorator = Callable[[Any], Any]


def line_keys(given: Given) -> dict[str, Any]:
    """Give the keys of the line that the options name, in the order in which people write them."""
    keys = {key: given.get(key) for key in ("provider", "phone_number")}
    keys["search"] = None if given.get("phone_number") else _search(given)
    keys |= {key: given.get(key) for key in ("trunk", "adopt", "agent", "label")}
    keys["tags"] = dict(given.get("tag") or ())
    keys |= {key: given.get(key) for key in ("krisp_enabled", "inbound", "outbound", "address_sid", "bundle_sid")}
    keys |= {"allowed_callers": given.get("allowed_caller"), "allowed_addresses": given.get("allowed_address")}
    keys["stacks"] = given.get("stacks")
    listed = {key: list(value) if isinstance(value, tuple) else value for key, value in keys.items()}
    return {key: value for key, value in listed.items() if value or value is False}


def trunk_keys(given: Given) -> dict[str, Any]:
    """Give the keys of the trunk that is registered."""
    keys = {key: given[key] for key in ("sip_address", "transport", "auth_username")}
    keys["auth_password"] = {"secret": given["secret"]} if given["secret"] else None
    return {key: value for key, value in keys.items() if value}


def options(*each: Decorator) -> Decorator:
    """Give one decorator of several, which adds their options in this order."""

    def add(function: Any) -> Any:
        for one in reversed(each):
            function = one(function)
        return function

    return add


def _tag(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key:
        raise click.BadParameter(f"{text!r} is no tag; write KEY=TEXT")
    return key, value


def _on_or_off(name: str, help: str) -> Decorator:
    return click.option(f"--{name}/--no-{name}", default=None, help=help)


def _listed(name: str, help: str, **more: Any) -> Decorator:
    return click.option(name, multiple=True, help=f"{help}; repeat it", **more)


file = options(inventory, click.option("--dry-run", is_flag=True, help="show the diff and write nothing"))
"""Which file is edited, and whether it is."""

agent_name = click.option(
    "--agent-name", default="", metavar="NAME", help="add the agent, who registers so with LiveKit"
)
"""How an agent that the file does not know is called."""

any_line = options(
    click.option("--agent", metavar="AGENT", shell_complete=names("agents"), help="key under `agents` of who answers"),
    click.option("--label", metavar="TEXT", help="name for people"),
    _listed("--tag", "free text for reports", type=_tag, metavar="KEY=TEXT"),
    _on_or_off("krisp-enabled", "noise cancellation of callers"),
    _on_or_off("inbound", "calls come in"),
    _on_or_off("outbound", "calls go out"),
    _listed("--allowed-caller", "who may call in", metavar="NUMBER"),
    _listed("--allowed-address", "where calls may come from", metavar="NETWORK"),
    click.option("--address-sid", metavar="SID", help="address that the purchase names"),
    click.option("--bundle-sid", metavar="SID", help="regulatory bundle that the purchase names"),
    click.option("--stacks", cls=Several, multiple=True, metavar="STACK ...", help="the stacks that hold the line"),
)
"""What any line can be given."""

registration = options(
    click.option("--phone-number", required=True, metavar="NUMBER", help="the line's number, E.164"),
    click.option("--sip-address", required=True, metavar="HOST", help="where calls out are sent: host or host:port"),
    click.option("--transport", type=click.Choice(["auto", "udp", "tcp", "tls"]), help="SIP transport"),
    click.option("--auth-username", metavar="USER", help="user for calls out"),
    click.option("--secret", metavar="NAME", help="the config secret that holds the password"),
    agent_name,
    any_line,
)
"""What a line on a SIP trunk of its own is given."""

addition = options(
    click.option("--phone-number", metavar="NUMBER", help="the number, E.164, if you know it; else what to look for:"),
    click.option("--country", metavar="CODE", help="two letters: US, GB, DE"),
    click.option("--area-code", metavar="DIGITS", help="area code"),
    click.option("--type", type=click.Choice(["local", "mobile", "toll_free"]), help="kind of number"),
    click.option("--contains", metavar="DIGITS", help="digits that the number has; * stands for any digit"),
    click.option("--provider", metavar="PROVIDER", help="carrier, or custom; default that of `defaults`"),
    click.option("--trunk", metavar="TRUNK", shell_complete=names("trunks"), help="key under `trunks`"),
    click.option("--adopt", is_flag=True, default=None, help="take over a number that the account has; never buys"),
    agent_name,
    any_line,
)
"""What a new line is given."""


def _search(given: Given) -> dict[str, Any] | None:
    area = given.get("area_code") or ""
    # With a leading zero it is no number to YAML.
    code = int(area) if area.isascii() and area.isdigit() and not area.startswith("0") else area
    values = {"country": given.get("country"), "area_code": code, "type": given.get("type")}
    values["contains"] = given.get("contains")
    return {key: value for key, value in values.items() if value} or None
