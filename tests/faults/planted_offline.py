"""Planted bugs in what is refused before anything is sent, and in numbers that no library knows."""

from __future__ import annotations

from tests.faults.mutant import Mutant

OFFLINE: tuple[Mutant, ...] = (
    Mutant(
        "a number of an area that the library does not know is refused",
        "a valid number is never refused because a library does not know it",
        "trunkline/e164.py",
        "if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:",
        "if not phonenumbers.is_valid_number(parsed):",
        "offline",
    ),
    Mutant(
        "an owned number of an unknown area is dropped",
        "a number that the account holds is never dropped silently",
        "providers/twilio/convert.py",
        "        number = E164.shaped(text)",
        "        number = E164.shaped(text) if E164(text).is_known else E164.shaped('')",
    ),
    Mutant(
        "a purchase names the library's country",
        "the carrier's own country counts",
        "providers/vonage/numbering.py",
        'return self._sold_in.get(number) or wanted or next(iter(number.countries), "")',
        "return number.country",
    ),
    Mutant(
        "SRTP without TLS goes through",
        "a configuration with which every call fails is refused offline",
        "trunkline/inventory/encryption.py",
        'trunk.media_encryption == "require" and trunk.transport != "tls":\n        message',
        'trunk.media_encryption == "require" and trunk.transport == "udp":\n        message',
        "offline",
    ),
    Mutant(
        "a line demands what its trunk does not speak",
        "a configuration with which every call fails is refused offline",
        "trunkline/inventory/encryption.py",
        'if line.media_encryption == "require" and not encrypted:',
        "if False:",
        "offline",
    ),
    Mutant(
        "a line refuses what its trunk speaks",
        "a configuration with which every call fails is refused offline",
        "trunkline/inventory/encryption.py",
        'elif line.media_encryption == "disable" and encrypted:',
        "elif False:",
        "offline",
    ),
    Mutant(
        "the websocket host is a SIP host",
        "a configuration with which every call fails is refused offline",
        "trunkline/settings.py",
        "return host.endswith(_CLOUD) and not host.endswith(_CLOUD_SIP)",
        "return False",
        "offline",
    ),
    Mutant(
        "sips is another word for sip",
        "a configuration with which every call fails is refused offline",
        "trunkline/settings.py",
        'if scheme.lower() == "sips":',
        'if scheme.lower() == "sips" and not value.removeprefix("sips:"):',
        "offline",
    ),
    Mutant(
        "a weak SIP password goes to Twilio",
        "known requirements are refused before the first write",
        "trunkline/inventory/credentials.py",
        "if len(text) < SHORTEST_PASSWORD else []",
        "if not text else []",
        "offline",
    ),
    Mutant(
        "a SIP user that is too long goes to Twilio",
        "known requirements are refused before the first write",
        "trunkline/inventory/credentials.py",
        "if len(user) > LONGEST_USER:",
        "if False:",
        "offline",
    ),
)
