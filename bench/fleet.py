"""The fleets that are measured, as text of numbers.yaml."""

from __future__ import annotations

AGENTS = 10
NUMBERED, SEARCHED, ADOPTED = 'phone_number: "{}"', "search: {{country: {}}}", 'phone_number: "{}", adopt: true'
"""How a line comes to its number: one that is to be bought, or is searched for, or is there."""
_COUNTRIES = {"twilio": "US", "vonage": "GB, type: mobile"}
_HEAD = """\
version: 1
guard: {max_purchases: 1000000, max_releases: 1}
trunks:
  us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {secret: twilioTermination}
"""


def of(lines: int, *, moved: bool = False, by: str = NUMBERED, provider: str = "twilio") -> str:
    """Give a fleet of lines on one trunk, each with a number, an outbound trunk, an inbound trunk and a rule.

    Vonage's have no trunk of their carrier. `moved`: the line in the middle has another agent, as after one edit.
    """
    agents = "".join(f"  agent-{agent}: {{agent_name: agent-{agent}}}\n" for agent in range(AGENTS))
    trunk = "trunk: us, " if provider == "twilio" else ""
    entries = "".join(
        f"  {name(line)}: {{provider: {provider}, {trunk}"
        f"{by.format(_COUNTRIES[provider] if by == SEARCHED else number(line, provider))},"
        f" agent: {_agent(line + (moved and line == lines // 2))}, label: {_label(line)},"
        f" tags: {{team: t{line % 7}}}}}\n"
        for line in range(lines)
    )
    return f"{_HEAD}agents:\n{agents}numbers:\n{entries}"


def number(line: int, provider: str = "twilio") -> str:
    """Give a line's number, where it is not searched."""
    return f"+1650{2_000_000 + line}" if provider == "twilio" else f"+44207{1_000_000 + line}"


def name(line: int) -> str:
    return f"line-{line:05}"


def words(line: int) -> tuple[str, ...]:
    """Give what tells a numbered line at Twilio from its neighbours, in a state and at the vendors."""
    return name(line), number(line), _label(line), _agent(line)


def _label(line: int) -> str:
    return f"Line {line}"


def _agent(line: int) -> str:
    return f"agent-{line % AGENTS}"
