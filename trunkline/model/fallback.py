"""A fallback: where a carrier sends a call that LiveKit does not take, and when LiveKit lets go of it.

A carrier asks its next way where it is refused with a status that says so, or hears nothing. LiveKit by itself lets a
call ring on, and answers one that no rule takes with 486, after which no carrier asks another (their declarations say
when one does). So LiveKit is to refuse with 503 what no agent of such a line answered.
"""

from __future__ import annotations

# Seconds for which a call rings where the line does not say, and the status that it is refused with then.
RINGS = 15
STATUS = 503
NONE = "none"
"""What the file writes on a trunk whose calls are not to take the fallback of `defaults`."""


def is_url(fallback: str) -> bool:
    """Whether it is an https URL that gives TwiML, and no SIP URI."""
    return fallback.startswith("https:")


def host_of(fallback: str) -> str:
    """Give the host[:port] of a SIP URI."""
    return fallback.partition(":")[2].partition(";")[0].rpartition("@")[2]


def speaks_tls(fallback: str) -> bool:
    """Whether a SIP URI is reached over TLS."""
    return "transport=tls" in fallback.lower().split(";")[1:]


def said(agents: str, seconds: int, fallback: str) -> str:
    """Say when a call takes it: "if support-agent does not answer within 15 s: sip:desk@pbx.example.com"."""
    return f"if {agents or 'no agent'} {'does not answer' if agents else 'answers'} within {seconds} s: {fallback}"
