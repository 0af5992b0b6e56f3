"""What Twilio demands of the SIP user and password of a credential.

Source: Twilio, SIP Credential resource (read 2026-11-26): a user of at most 32 characters; a password of at least 12,
with a digit and letters in both cases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from trunkline.secret import Secret

LONGEST_USER, SHORTEST_PASSWORD = 32, 12
PASSWORD_RULE = f"at least {SHORTEST_PASSWORD} characters, with a digit, a small and a capital letter"
USER_RULE = f"1 to {LONGEST_USER} printable ASCII characters without spaces and colons"

_USER = re.compile(rf"[!-9;-~]{{1,{LONGEST_USER}}}")
_NEEDED: Mapping[str, str] = {"[0-9]": "digit", "[a-z]": "small letter", "[A-Z]": "capital letter"}


def user_fault(user: str) -> str:
    """Say what Twilio has against a user, or ""; the text never holds the user."""
    if len(user) > LONGEST_USER:
        return f"has {len(user)} characters"
    return "" if _USER.fullmatch(user) else "is empty, or has a space, a colon or a character beyond ASCII"


def password_fault(password: Secret) -> str:
    """Say what Twilio has against a password, or ""; the text never holds any of it."""
    text = password.reveal()
    faults = [f"fewer than {SHORTEST_PASSWORD} characters"] if len(text) < SHORTEST_PASSWORD else []
    faults += [f"no {name}" for pattern, name in _NEEDED.items() if not re.search(pattern, text)]
    return f"has {' and '.join(faults)}" if faults else ""
