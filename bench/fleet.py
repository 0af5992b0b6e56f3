"""The fleets that are measured, as text of numbers.yaml."""

from __future__ import annotations

AGENTS = 10
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


def of(lines: int, *, moved: bool = False) -> str:
    """Give a fleet of Twilio lines on one trunk, each with a number, an outbound trunk, an inbound trunk and a rule.

    `moved`: the line in the middle has another agent, as after one edit.
    """
    agents = "".join(f"  agent-{agent}: {{agent_name: agent-{agent}}}\n" for agent in range(AGENTS))
    entries = "".join(_line(number, moved=moved and number == lines // 2) for number in range(lines))
    return f"{_HEAD}agents:\n{agents}numbers:\n{entries}"


def _line(number: int, *, moved: bool) -> str:
    agent = (number + moved) % AGENTS
    return (
        f'  line-{number:05}: {{provider: twilio, trunk: us, phone_number: "+1650{2_000_000 + number}",'
        f" agent: agent-{agent}, label: Line {number}, tags: {{team: t{number % 7}}}}}\n"
    )
