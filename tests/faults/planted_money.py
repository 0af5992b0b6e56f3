"""Planted bugs that would cost money or a number."""

from __future__ import annotations

from tests.faults.mutant import Mutant

NUMBER = "providers/dynamic/number.py"
RELEASE = "providers/dynamic/release.py"
DECLARED = "providers/dynamic/declared.py"
PURCHASE = "providers/dynamic/purchase.py"
CLAIMS = "providers/dynamic/claims.py"

MONEY: tuple[Mutant, ...] = (
    Mutant(
        "buy by area code",
        "§1.1 a purchase names its number",
        "providers/twilio/convert.py",
        'words = {"phone_number": number,',
        'words = {"area_code": str(number)[2:5],',
        "contract",
    ),
    Mutant(
        "drop the tag of a purchase",
        "§1.5 every object carries a tag",
        "providers/twilio/convert.py",
        'words = {"phone_number": number, **routing(desired), **papers}',
        'words = {"phone_number": number, **routing(desired), **papers, "friendly_name": ""}',
        "contract",
    ),
    Mutant(
        "retry a POST after a 5xx",
        "§1.1 a write is sent once",
        "providers/calls.py",
        "return self._repeat(send, (Throttled, ConnectionNotMade), shorten=False)",
        "return self._repeat(send, (Throttled, Exception), shorten=False)",
        "contract",
    ),
    Mutant(
        "trust that an unanswered purchase failed",
        "§4 unknown outcome: look again",
        PURCHASE,
        "        owned = _look_again(run, carrier, number)\n        if owned is None:\n            _tell",
        "        raise\n        if owned is None:\n            _tell",
    ),
    Mutant(
        "repeat an unanswered purchase",
        "§1.1 never buy twice",
        PURCHASE,
        "        owned = _look_again(run, carrier, number)\n        if owned is None:\n            _tell",
        "        owned = carrier.buy(number, desired)\n        if owned is None:\n            _tell",
    ),
    Mutant(
        "skip the look-up after 21422",
        "§4 not available is no proof",
        PURCHASE,
        "        owned = _look_again(run, carrier, number)\n        if owned is not None:",
        "        owned = None\n        if owned is not None:",
        "scenes",
    ),
    Mutant(
        "buy without looking first",
        "§4 create is adopt-or-create",
        NUMBER,
        "        owned = carrier.find(number)\n        if owned is not None:\n            purchase.refuse_foreign",
        "        owned = None\n        if owned is not None:\n            purchase.refuse_foreign",
    ),
    Mutant(
        "buy what a line would adopt",
        "§4 adopt never buys",
        NUMBER,
        'elif desired["adopt"]:',
        'elif desired["adopt"] is None:',
        "scenes",
    ),
    Mutant(
        "release a protected number",
        "§1.2 releasing is deliberate",
        NUMBER,
        'if removal == "protect":',
        'if removal == "never":',
        "scenes",
    ),
    Mutant(
        "release on replace",
        "§1.2 a number is never replaced",
        DECLARED,
        'wanted = (NUMBER, "", number) in run.declared or number in (run.wanted or {}).values()',
        "wanted = False",
        "scenes",
    ),
    Mutant(
        "release what was to be kept",
        "§1.2 keep stays owned",
        RELEASE,
        'elif recorded["removal"] == "keep":',
        'elif recorded["removal"] == "kept":',
    ),
    Mutant(
        "release a number that somebody else has tagged since",
        "§4 every delete reads first",
        RELEASE,
        "if not _is_ours(carrier, owned, recorded):",
        "if False:",
        "contract",
    ),
    Mutant(
        "read gone for a number",
        "§4 read never says gone",
        NUMBER,
        "        # A number that is not there is never said to be gone",
        '        if owned is None:\n            return ReadResult("", {})\n'
        "        # A number that is not there is never said to be gone",
    ),
    Mutant(
        "buy a vanished number again without being asked",
        "§4 only repurchase buys again",
        NUMBER,
        'buys = owned is None and desired["status"] in (PURCHASE, REPURCHASE)',
        "buys = owned is None",
    ),
    Mutant(
        "take a foreign number",
        "§1.4 foreign objects are never touched",
        PURCHASE,
        'if desired["adopt"] or owned.tag in tags_of(desired) or is_back:',
        "if True:",
        "scenes",
    ),
    Mutant(
        "no claim re-read before a purchase",
        "§4 buy only the number of the sole claim",
        CLAIMS,
        "    claim = runtime.adapter(kind.name).get(claim_id)\n    if claim is None or not has_number",
        "    return\n    claim = runtime.adapter(kind.name).get(claim_id)\n    if claim is None or not has_number",
        "scenes",
    ),
    Mutant(
        "keep both of two claims",
        "§4 withdraw ours and fail",
        CLAIMS,
        "    if others:\n        runtime.adapter",
        "    if False:\n        runtime.adapter",
        "scenes",
    ),
)
